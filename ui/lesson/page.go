// Package lesson draws the notebook's side of a lesson: prose, cells, the question,
// what the student may do, and after it the comparison, the reason and the evidence.
//
//	page.go      Page: a step as it stands now, every text computed
//	notebook.go  Notebook: the page with a focus and a scroll, brought to a size
//	fold.go      what is left out, or folded behind a key, where there is no room for all
//	draw.go      its parts, in their order
//	code.go      cells: code coloured only where it names a memory
//	output.go    what a cell answered
//	asked.go     the notebook's questions and what was answered
//
// It reads nothing: whoever plays the lesson fills in a Page, and Notebook draws it.
// A row that can be acted on carries a Target, for the keyboard and the mouse alike.
package lesson

import (
	"time"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/style"
)

// Page is one step as it stands now.  What is empty is not drawn.
type Page struct {
	Phase  lessons.Phase
	Passed []lessons.Phase // the phases of this cycle that are done
	Cycle  []lessons.Phase // the phases that this cycle has; empty: all
	Title  string
	Text   string // prose, paragraphs parted by an empty line
	How    string // lessons.Demonstration, HalfDone, Alone
	Cells  []Cell

	Question string
	Options  []Option // in the order of their digits; «no lo sé» is the last
	Chosen   int      // the option that is recorded, -1 while none is
	Why      string   // what the student wrote
	Ask      bool     // an option can be chosen now
	NoWhy    bool     // no reason is asked for
	Sentence bool     // Why is a sentence that is asked for, and compared with the options

	Turn []Turn // what the student may do
	// TurnFirst puts it before the cells: where one comes to act and not to read.
	TurnFirst bool
	Verdict   *Verdict
	Hint      *Hint
	Note      string  // dim, at the end: what opens what is closed
	Asked     []Asked // the notebook's own questions, for the student's words
	Asides    []Aside

	Names Names
	// Brief: all of it is to be seen at once, above something else.
	Brief bool
}

// CellState is what running a cell has come to.
type CellState int

// The states.  A cell is stale when what it made was taken away afterwards, and cut
// when its run did not come to its end.
const (
	NotRun CellState = iota
	Run
	Stale
	Cut
)

// Cell is a cell of the notebook.
type Cell struct {
	Number   int
	Language string // as the lesson has it
	Note     string // «sin cambios»
	Code     string
	State    CellState
	At       time.Time // when it was run; zero: not told
	NoState  bool      // it is shown, not run: an example
	Run      *Turn     // the row that runs it; nil where it cannot be run now
	Output   *Output   // what it answered
}

// Output is what a cell answered.
type Output struct {
	Columns []string
	Numbers []bool // by column: they stand at the right
	Rows    [][]string
	Hidden  int // columns that are not shown
	More    int // rows that are not shown
}

// Option is one answer.  Value is a number ready to show, or empty.
type Option struct {
	Value, Text string
	Right       bool // for an instructor to reveal
}

// Turn is one thing the student may do now.
type Turn struct {
	Key, Does string
	Done      bool
	Times     string // «1 de 2»
	Next      bool   // whether it leads on
	Lacks     string // why it cannot be done now; empty: it can
}

// Verdict is what came of a prediction or an action.
type Verdict struct {
	OK       bool
	Headline string
	Columns  []string // what is compared
	Rows     []Row    // predicted, before, now
	BarRole  style.Role
	Why      string
	Chosen   string // the option's text
	Idea     string // the answer to who chose it
	Own      string // the reason, or the sentence, in the student's words
	Sentence bool   // Own is one
	Evidence []Evidence
	End      string
}

// Row is a line of the comparison; Bar is the first value, drawn in the verdict's
// BarRole, negative when there is none.
type Row struct {
	Name   string
	Values []string
	Bar    int64
	Ghost  bool // predicted, not seen
	Now    bool
}

// Evidence is one fact that proves the reason, before and now.
type Evidence struct {
	Role        style.Role
	Name        string
	Before, Now string
	Sign, Says  string
}

// Hint is help that was asked for.
type Hint struct {
	Level, Levels int
	Text          string
}

// Aside is a row that opens: what it would be in Databricks, more to know.
type Aside struct {
	Title, Text, Code, Language string

	Label string // what its key says it opens
}

// Asked is one of the notebook's questions. Model is the answer with the numbers of the
// student's own disk, and Code what proves it, with its Output.
type Asked struct {
	Question string
	Own      string // in the student's words; empty: not answered
	Draft    string // what was begun and not saved
	Model    string
	Code     string
	Output   *Output
}

// Names are the memories' names in code.
type Names struct{ Source, Checkpoint, Table string }

// Kind is what a target stands for.
type Kind int

// The kinds.
const (
	NoTarget Kind = iota
	OptionTarget
	WhyTarget
	TurnTarget
	EvidenceTarget
	AsideTarget
	CellTarget
	RunTarget     // the row that runs a cell
	TextTarget    // the title, where the prose below it is folded
	OptionsTarget // the question, where the options that were not chosen are folded
	ReasonTarget  // the rest of the reason
	IdeaTarget    // the answer to the student's own idea
	AskedTarget   // a question of the notebook's
)

// Target is a row that can be acted on.
type Target struct {
	Kind  Kind
	Index int
}
