package ui

import (
	"context"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/lesson"
	"autoloaderlab/ui/style"
)

// School is the course and the lab it is in.  Its methods touch the disk, so the
// model calls them from commands only.
type School interface {
	// Home reads what the first screen shows.
	Home(ctx context.Context) (Overview, error)
	// Lesson begins a lesson or takes it up where it was left.
	Lesson(ctx context.Context, id string) (Desk, error)
	// Free is the main lab, with everything allowed.
	Free(ctx context.Context) (Desk, error)
	// Report writes the report and gives its path.
	Report(ctx context.Context) (path string, err error)
}

// Desk is one lab and what is being done in it: a lesson's, or the free one.
type Desk interface {
	// Look reads everything that the screen shows, from the disk as it is now.
	Look(ctx context.Context) (Sight, error)
	// Lab is what the explorer and the console look into; nil: there is none.
	Lab() (*engine.Lab, *engine.Pipeline)
	// Glance reads the disk alone, while a deed is being done.
	Glance(ctx context.Context) (Sight, error)
	// Predict records an option (counted from 0, «no lo sé» the last) and why.
	Predict(ctx context.Context, option int, why string) error
	// Do runs one of the sight's deeds and tells what happens on the way.
	Do(ctx context.Context, deed Deed, on func(progress.Stamped)) (Outcome, error)
	// Hint gives help, each time a level more.
	Hint(ctx context.Context) error
	// Step goes by steps: +1 to the next one, -1 back.
	Step(ctx context.Context, by int) error
	// Restart puts the lesson's lab back and begins again.
	Restart(ctx context.Context) error
	// Undo brings back what was deleted last, and tells what.
	Undo(ctx context.Context) (Outcome, error)
	// Warn says what has to be known before a deed that deletes, nil for the others.
	Warn(ctx context.Context, deed Deed) (*Warning, error)
}

// Verb is what a deed does: one of the engine's actions, by its key.
type Verb string

// The verbs of the footer's engine actions.
const (
	Load       Verb = "cargar"
	Count      Verb = "contar"
	Drop       Verb = "borrar-tabla"
	Checkpoint Verb = "borrar-checkpoint"
	NextDay    Verb = "avanzar-dia"
	Undo       Verb = "deshacer"
	Files      Verb = "archivos" // opens the menu of what hands can do
	Parameters Verb = "widgets"  // opens their form
	RunCell    Verb = "celda"    // runs a cell of the step that only looks
	Other      Verb = ""         // anything else a lesson asks for
)

// Deed is something that can be done in a desk's lab.
type Deed struct {
	Verb  Verb
	Words string   // the action as a lesson writes it
	Args  []string // its words, where one of them may have spaces in it; nil: those of Words
	Does  string   // for a person
	Cell  int      // the step's cell that it runs, from 1; 0: none, and it stands in the list
	Short string   // where there is less room; empty: the verb's
	Done  bool
	Times string // «1 de 2», of what is to be done more than once
	Next  bool   // whether it leads on
	// Lacks is why it cannot be done now, in a word or two, and Opens the sentence
	// that says what opens it; empty: it can.
	Lacks, Opens string
	// Ask is the label of a word that is still missing, About what it is and Guess
	// what it could be; empty: nothing is missing.
	Ask, About, Guess string
}

// Outcome is what came of a deed, in words.
type Outcome struct {
	Said   string
	Action engine.Action // what it did on disk
	Killed bool          // a load that was killed
}

// Warning is what a confirmation shows.
type Warning struct {
	Memory     style.Role // which memory is at stake
	Title      string     // «checkpoint del stream»
	Folder     string
	Count      string // «5 archivos»
	Lost, Kept []Stake
}

// Stake is a line of a confirmation.
type Stake struct {
	Role         style.Role
	What, Amount string
}

// Sight is a desk as it is now.
type Sight struct {
	Number      int // of the lesson; negative in the free lab
	Title       string
	Step, Steps int // counted from 1
	// Review is which question on earlier lessons is asked before the first step, of Reviews; 0: none.
	Review, Reviews int

	Student   string
	Day       string
	Page      lesson.Page
	Deeds     []Deed
	Counts    Counts
	Memories  Panel            // the three memories
	Inventory engine.Inventory // what they were made of
	Table     string           // its name, which source files begin with
	Widgets   engine.Widgets
	Proofs    []string // the files behind the page's evidence, in its order
	Next      string   // what n does now: «siguiente paso», «terminar la lección»; empty: nothing
	Back      bool     // whether there is a step before
	Hints     bool     // whether there is a hint to be had
	Undo      bool     // whether something can be undone
	Copy      string   // what y copies
	Folder    string   // the lab's folder
}

// Panel draws itself in exactly w columns and h rows.
type Panel interface {
	View(t style.Theme, w, h int) string
}

// Counts are the three memories on one line.
type Counts struct {
	SourceFiles int64
	Checkpoint  bool
	SeenFiles   int64
	Batch       int64 // -1 while there is none
	Table       bool
	Rows        int64
}

// Overview is the home screen's content.
type Overview struct {
	Student, Day string
	Lessons      []Entry
	Current      int // index of the lesson to go on with
	Counts       Counts
	Predictions  int
	Right        int
	// Answered are the notebook's questions answered in the student's words, of Asked.
	Answered, Asked int
	Spent           time.Duration
	Told            string // something to be said once: progress that was set aside
}

// Entry is one lesson of the course.
type Entry struct {
	ID          string
	Number      int
	Title       string
	Minutes     int
	Steps, Done int // Done counts the steps that are passed
	Step        int // the step one is at, from 1
	State       State
	Phase       lessons.Phase // of that step
	Goal        string
	Learn       []string
	Ready       bool // whether it can be opened: it is part of this program
}

// State is how far a lesson is.
type State int

// The states.
const (
	Fresh State = iota
	Begun
	Finished
)
