// Package play is a student in a lesson, without a terminal: it prepares the
// lesson's own lab, records predictions before anything runs, does what a step
// allows, looks at the real disk, and explains. The interface, plain mode, the
// solver and the report are all made of it.
//
//	Classroom ── Start ─▶ Session ── Predict ─▶ Do ─▶ Check ─▶ Next
//	   │                     │
//	progreso.json       lecciones/<id>/   a lab as any other, and leccion.json
//
//	play.go      Classroom: the lessons, the progress, starting one
//	runner.go    how loads run: in this process, or elsewhere
//	session.go   where the student is; predictions; moving on and back
//	cell.go      the cells, and what they answered
//	act.go       actions: what is allowed, and doing it
//	facts.go     the disk as expressions see it
//	review.go    questions on earlier lessons; missed ones come back
//	notebook.go  the notebook's questions, in the student's own words
//	closing.go   what a lesson comes to
//	check.go     goals, predictions against results, comparison, evidence, hints
//	memory.go    leccion.json: what the disk was like before
//	solve.go     a lesson played by its own solution
//	report.go    what is handed in, and verifying it
//	transfer.go  progress taken to another folder; two programs on one folder
//	notes.go     what an instructor reads
//
// A Session's methods may be called from several goroutines. Those that take a
// context work on the disk; the others only look at what is known and are quick.
package play

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Classroom is where lessons are played: the main lab's folder, its progress
// file, and how loads run.
type Classroom struct {
	dir     string
	runner  Runner
	now     func() time.Time
	store   storage.Store
	library *lessons.Library
	aside   string

	mu       sync.Mutex // guards progress, and the sessions' fields
	progress *lessons.Progress
	named    string // the name in progreso.json, as it was last read or written
}

const (
	progressFile  = "progreso.json"
	lessonsFolder = "lecciones"
)

// Open reads the progress in a lab's folder, which need not exist: nothing is
// written before a student does something. A progress file that is damaged or of
// a newer program is set aside; Aside tells.
func Open(ctx context.Context, dir string, runner Runner, now func() time.Time) (*Classroom, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, failure.New(failure.WrongUse, "open", dir).Because(err)
	}
	if now == nil {
		now = time.Now
	}
	c := &Classroom{dir: absolute, runner: runner, now: now, store: storage.NewLocal(), library: lessons.Bundled()}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return c, c.load()
}

func (c *Classroom) load() error {
	path := filepath.Join(c.dir, progressFile)
	c.progress = lessons.NewProgress()
	data, err := c.store.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return failure.Disk("read", path, err)
	}
	progress, err := lessons.DecodeProgress(data)
	if err == nil {
		c.progress, c.named = progress, progress.Name
		return nil
	}
	c.aside, err = c.moveAside(path)
	return err
}

// Aside is where Open put a progress file that it could not use, or empty.
func (c *Classroom) Aside() string { return c.aside }

// Dir is the main lab's folder.
func (c *Classroom) Dir() string { return c.dir }

// Library is the lessons and the misconceptions.
func (c *Classroom) Library() *lessons.Library { return c.library }

// Progress is a copy of what the student has done.
func (c *Classroom) Progress() *lessons.Progress {
	c.mu.Lock()
	defer c.mu.Unlock()
	data, err := c.progress.Encode()
	if err != nil { // plain values: it cannot be
		return lessons.NewProgress()
	}
	progress, err := lessons.DecodeProgress(data)
	if err != nil {
		return lessons.NewProgress()
	}
	return progress
}

// longestName is the most characters of a name that are kept.
const longestName = 80

// SetName keeps the student's name for the report: on one line, and without
// characters that are not seen.
func (c *Classroom) SetName(_ context.Context, name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	words := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	seen := []rune(strings.Join(words, " "))
	c.progress.Name = string(seen[:min(len(seen), longestName)])
	return c.save()
}

// save writes progreso.json whole, with what another program on this folder has
// written there since. The caller holds the mutex.
func (c *Classroom) save() error {
	if err := c.adopt(); err != nil {
		return err
	}
	data, err := c.progress.Encode()
	if err != nil {
		return err
	}
	path := filepath.Join(c.dir, progressFile)
	if err := storage.Sweep(c.store, c.dir); err != nil {
		return failure.Disk("sweep", c.dir, err)
	}
	c.named = c.progress.Name
	return failure.Disk("write", path, c.store.Put(path, data))
}

// State is how far a lesson has come.
type State string

// The states.
const (
	New     State = "nueva"
	Ongoing State = "en-curso"
	Done    State = "hecha"
)

// Overview is a lesson on the list.
type Overview struct {
	ID          string
	Number      int
	Title       string
	Goal        string
	Learn       []string
	Minutes     int
	State       State
	Step        int // where the student is, from 0
	Steps       int
	Passed      int // steps whose goal was reached
	Phase       lessons.Phase
	Predictions int
	Right       int // predictions that came true
	Notebook    Notebook
	Spent       time.Duration
	Seen        time.Time // when something was done last
}

// Lessons lists them in their order.
func (c *Classroom) Lessons() []Overview {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []Overview
	for _, lesson := range c.library.Lessons {
		list = append(list, overview(lesson, c.progress.Lessons[lesson.ID]))
	}
	return list
}

func overview(l *lessons.Lesson, r *lessons.Record) Overview {
	o := Overview{
		ID: l.ID, Number: l.Number, Title: l.Title, Goal: l.Goal, Learn: l.Learn, Minutes: l.Minutes,
		State: New, Steps: len(l.Steps), Notebook: questions(l, r),
	}
	if r != nil {
		o.State, o.Step = Ongoing, max(0, l.Step(r.Step))
		if r.Done {
			o.State = Done
		}
		for _, step := range l.Steps {
			if r.HasPassed(step.ID) {
				o.Passed++
			}
			if p, ok := r.Predictions[step.ID]; ok {
				o.Predictions++
				if p.Right {
					o.Right++
				}
			}
		}
		o.Spent, o.Seen = time.Duration(r.Seconds)*time.Second, r.Seen
	}
	if len(l.Steps) > 0 {
		o.Phase = l.Steps[o.Step].Phase
	}
	return o
}

// Start opens a lesson by its id or number: a new one is prepared from a fresh
// lab, one that was begun is where it was left. A lesson whose folder is gone is
// built again up to its step.
func (c *Classroom) Start(ctx context.Context, id string) (*Session, error) {
	lesson := c.library.Lesson(id)
	if lesson == nil || len(lesson.Steps) == 0 {
		return nil, text.UnknownLesson(id)
	}
	s := &Session{room: c, lesson: lesson, dir: filepath.Join(c.dir, lessonsFolder, lesson.ID)}
	s.acting.Lock()
	defer s.acting.Unlock()
	c.mu.Lock()
	s.record = c.progress.Lessons[lesson.ID]
	if s.record == nil {
		s.record = lessons.NewRecord()
		s.record.Step = lesson.Steps[0].ID
		c.progress.Lessons[lesson.ID] = s.record
	}
	s.index = max(0, lesson.Step(s.record.Step))
	s.asks, s.answered = c.reviewsFor(lesson), map[int]bool{}
	c.mu.Unlock()
	if err := s.resume(ctx); err != nil {
		return nil, err
	}
	return s, s.keep()
}
