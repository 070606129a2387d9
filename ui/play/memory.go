package play

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/lessons"
)

// memory is leccion.json in the lesson's lab: what the disk was like when the
// lesson and each step began and ended, and what was done. Without it the lesson
// is built again.
type memory struct {
	Version int                          `json:"version"`
	Start   world                        `json:"inicio"`
	Steps   map[string]stepMemory        `json:"pasos"`
	Last    map[string]lessons.LastFacts `json:"ultimo"`
	Journal []entry                      `json:"hecho"`
	Known   world                        `json:"estado,omitempty"`   // after the last thing done here; nil while something is
	Strayed bool                         `json:"desviada,omitempty"` // something was done here on what others had changed
	Dropped map[string]dropped           `json:"borradas,omitempty"` // each pipeline's table, before it was last dropped
}

// dropped is what stood before a table was dropped, and how much had been done then.
type dropped struct {
	Facts lessons.Facts `json:"estado"`
	At    int           `json:"en"`
}

// stepMemory is what a step saw: before it, for those that open something new;
// when it was passed; and where in the journal it began.
type stepMemory struct {
	Before world `json:"antes,omitempty"`
	After  world `json:"despues,omitempty"`
	From   int   `json:"desde,omitempty"` // how much had been done when it was entered

	Stood *engine.Inventory `json:"disco,omitempty"` // before it, in more detail

	Shown map[int]Output `json:"celdas,omitempty"` // what its cells answered
}

// entry is one thing that was done, on one pipeline.
type entry struct {
	Action string    `json:"accion"`
	On     string    `json:"en"`
	At     time.Time `json:"hora"`
}

// world is lessons.World as JSON has it.
type world map[string]lessons.Facts

const (
	memoryFile    = "leccion.json"
	memoryVersion = 1
)

func newMemory() memory {
	return memory{Version: memoryVersion, Steps: map[string]stepMemory{}, Last: map[string]lessons.LastFacts{}, Dropped: map[string]dropped{}}
}

// key is a pipeline's name in files: alumno/variante/tabla.
func key(t lessons.Target) string {
	t = t.Full()
	return strings.Join([]string{t.Student, t.Variant, t.Table}, "/")
}

func (w world) of(l *lessons.Lesson) lessons.World {
	if w == nil {
		return nil
	}
	facts := lessons.World{}
	for _, target := range l.Targets() {
		if known, ok := w[key(target)]; ok {
			facts[target] = known
		}
	}
	return facts
}

func keyed(w lessons.World) world {
	facts := world{}
	for target, known := range w {
		facts[key(target)] = known
	}
	return facts
}

// recall reads leccion.json: false when there is none that can be used.
func (s *Session) recall() bool {
	data, err := s.room.store.ReadFile(filepath.Join(s.dir, memoryFile))
	if err != nil {
		return false
	}
	m := newMemory()
	if json.Unmarshal(data, &m) != nil || m.Version != memoryVersion || m.Start == nil || m.Steps == nil || m.Last == nil {
		return false
	}
	s.memory = m
	return true
}

// remember writes leccion.json. It comes last of all that prepares a lesson: a
// folder without it was not finished.
func (s *Session) remember() error {
	s.room.mu.Lock()
	data, err := json.MarshalIndent(s.memory, "", "  ")
	s.room.mu.Unlock()
	if err != nil {
		return err
	}
	path := filepath.Join(s.dir, memoryFile)
	return failure.Disk("write", path, s.room.store.Put(path, append(data, '\n')))
}
