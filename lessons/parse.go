package lessons

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed es/*.toml ideas.toml
var files embed.FS

// Library is all lessons in their order, and the misconceptions.
type Library struct {
	Lessons []*Lesson
	Ideas   []Idea

	problems []Problem // found while parsing
}

// Bundled is the library that the program carries, parsed once.
var Bundled = sync.OnceValue(func() *Library { return Load(files) })

// Load reads ideas.toml and es/*.toml. A file that does not parse is left out;
// Lint tells.
func Load(from fs.FS) *Library {
	library := &Library{}
	if text, err := fs.ReadFile(from, "ideas.toml"); err != nil {
		library.problem("ideas.toml", "", err.Error())
	} else if library.Ideas, err = ParseIdeas(text); err != nil {
		library.problem("ideas.toml", "", err.Error())
	}
	names, _ := fs.Glob(from, "es/*.toml") // the pattern is good
	for _, name := range names {
		text, err := fs.ReadFile(from, name)
		if err == nil {
			var lesson *Lesson
			if lesson, err = Parse(text); err == nil {
				lesson.File = path.Base(name)
				library.Lessons = append(library.Lessons, lesson)
			}
		}
		if err != nil {
			library.problem(path.Base(name), "", err.Error())
		}
	}
	slices.SortStableFunc(library.Lessons, func(a, b *Lesson) int { return a.Number - b.Number })
	return library
}

// Lesson finds a lesson by its id, or by its number as text; nil when there is none.
func (l *Library) Lesson(id string) *Lesson {
	for _, lesson := range l.Lessons {
		if lesson.ID == id || fmt.Sprint(lesson.Number) == id {
			return lesson
		}
	}
	return nil
}

// Idea finds a misconception.
func (l *Library) Idea(id string) (Idea, bool) {
	for _, idea := range l.Ideas {
		if idea.ID == id {
			return idea, true
		}
	}
	return Idea{}, false
}

// Parse reads a lesson. A key it does not know is an error: it would be a wish
// that nobody heard.
func Parse(text []byte) (*Lesson, error) {
	lesson := &Lesson{}
	if err := decode(text, lesson); err != nil {
		return nil, err
	}
	on := Target{}
	for i, step := range lesson.Steps {
		if step == nil {
			return nil, fmt.Errorf("paso %d: vacío", i+1)
		}
		if step.Target != (Target{}) {
			on = step.Target.normal()
		}
		step.On = on
		for h := range step.Hints {
			step.Hints[h].Level = max(1, step.Hints[h].Level)
		}
	}
	for i := range lesson.Flows {
		lesson.Flows[i].Target = lesson.Flows[i].Target.normal()
	}
	return lesson, nil
}

// The notebook's own values, which need not be said.
const (
	defaultStudent = "bruno"
	defaultVariant = "cuaderno"
	defaultTable   = "account_premium_features"
)

// normal leaves out what is the lab's own, so that one pipeline has one Target.
func (t Target) normal() Target {
	unless := func(value, otherwise string) string {
		if value == otherwise {
			return ""
		}
		return value
	}
	return Target{unless(t.Student, defaultStudent), unless(t.Variant, defaultVariant), unless(t.Table, defaultTable)}
}

// ParseIdeas reads ideas.toml.
func ParseIdeas(text []byte) ([]Idea, error) {
	var file struct {
		Ideas []Idea `toml:"idea"`
	}
	return file.Ideas, decode(text, &file)
}

func decode(text []byte, into any) (err error) {
	defer func() { // the decoder is a stranger, and a panic of its own would take the course along
		if reason := recover(); reason != nil {
			err = fmt.Errorf("%v", reason)
		}
	}()
	meta, err := toml.NewDecoder(bytes.NewReader(text)).Decode(into)
	if err != nil {
		return err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		names := make([]string, len(unknown))
		for i, key := range unknown {
			names[i] = key.String()
		}
		return fmt.Errorf("claves desconocidas: %s (las de un paso van delante de sus tablas, [[paso.celda]] y las demás)", strings.Join(names, ", "))
	}
	return nil
}
