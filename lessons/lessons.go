// Package lessons is the course as data: what a lesson is, how it is written
// down, and how much of it a student has done. It knows neither the engine nor
// a terminal; ui/play brings lessons to life.
//
//	es/NN-name.toml   one lesson a file, Spanish, embedded
//	ideas.toml        the misconceptions that wrong options are made of
//	lessons.go        the types, as the files have them
//	parse.go          file -> Lesson; what it does not know is an error
//	action.go         «cargar --opcion K=V» -> Action
//	facts.go          the names that expressions may use
//	expression.go     goals, answers and {{…}} in texts, evaluated on facts
//	lint.go           what a lesson must have, and how Spanish is written
//	progress.go       progreso.json: predictions, answers, where the student is
//
// In prose, a blank line ends a paragraph, `…` is a piece of code or a name on
// disk, {{expression}} is computed from the disk when it is shown, and ● ◆ ■
// stand for source, checkpoint and table.
package lessons

import "strings"

// Lesson is one lesson, as its file tells it.
type Lesson struct {
	File string `toml:"-"` // its file's name, for problems

	ID       string   `toml:"id"`          // names its folder below lecciones/
	Number   int      `toml:"numero"`      // its place in the course
	Title    string   `toml:"titulo"`      //
	Minutes  int      `toml:"minutos"`     // what it takes, about
	Goal     string   `toml:"objetivo"`    // one sentence
	Requires []string `toml:"antes"`       // ids of the lessons it builds on
	Learn    []string `toml:"sabras"`      // «Al terminar sabrás…»
	Setup    []string `toml:"preparacion"` // actions from a fresh lab to where it begins
	Notes    string   `toml:"notas"`       // for the instructor
	Flows    []Flow   `toml:"flujo"`
	Review   []Review `toml:"repaso"`
	Steps    []*Step  `toml:"paso"`

	programs cache
}

// Flow names another pipeline of the lesson, so that its facts have a prefix.
type Flow struct {
	Name string `toml:"nombre"`
	Target
}

// Target says on which pipeline actions work. What is empty is the lab's own.
type Target struct {
	Student string `toml:"alumno"`
	Variant string `toml:"variante"`
	Table   string `toml:"tabla"`
}

// Review is a question on an earlier lesson, asked before the first step.
type Review struct {
	From    string         `toml:"de"` // the earlier lesson's id
	Text    string         `toml:"pregunta"`
	Options []ReviewOption `toml:"opciones"`
}

// ReviewOption is an answer to a Review.
type ReviewOption struct {
	Text  string `toml:"texto"`
	Right bool   `toml:"correcta"`
	Idea  string `toml:"idea"`
	Why   string `toml:"porque"`
}

// Phase is a step's part in the cycle of an experiment.
type Phase string

// The phases. Read is outside the cycle.
const (
	Read     Phase = "lee"
	Predict  Phase = "predice"
	Run      Phase = "ejecuta"
	Observe  Phase = "observa"
	Explain  Phase = "explica"
	Transfer Phase = "transfiere"
)

// Cycle is the experiment's, in order.
var Cycle = []Phase{Predict, Run, Observe, Explain, Transfer}

// How much of a step the student does alone.
const (
	Demonstration = "demostracion" // the lab runs it, narrated
	HalfDone      = "a-medias"     // the student completes it
	Alone         = "solo"
)

// Step is one screen of a lesson.
type Step struct {
	ID    string `toml:"id"`
	Phase Phase  `toml:"fase"`
	Title string `toml:"titulo"`
	Text  string `toml:"texto"`
	How   string `toml:"como"`
	Target
	Cells      []Cell             `toml:"celda"`
	Question   *Question          `toml:"pregunta"`
	Actions    []string           `toml:"acciones"` // what the student may do
	Goal       string             `toml:"meta"`     // expression on the disk's state
	Solution   []string           `toml:"solucion"` // actions that reach it
	Hints      []Hint             `toml:"pista"`
	Compare    []string           `toml:"comparar"` // facts: predicted, before, now
	Evidence   []string           `toml:"pruebas"`  // facts: before, now
	Explain    string             `toml:"explica"`
	End        string             `toml:"fin"` // told when the goal is reached
	Databricks *Databricks        `toml:"databricks"`
	More       *More              `toml:"mas"`
	Notebook   []NotebookQuestion `toml:"preguntas_cuaderno"`

	// On is the step's pipeline: its own target, or that of the step before.
	On Target `toml:"-"`
}

// Cell is a cell of the notebook.
type Cell struct {
	Number   int    `toml:"numero"`
	Language string `toml:"lenguaje"` // sql, pyspark, python, shell
	Code     string `toml:"codigo"`
	Action   string `toml:"accion"` // the action that running it is; empty: none
	// Columns are those of a result that the step shows, «mapa.clave» a map's value;
	// none: all of them.
	Columns []string `toml:"columnas"`
}

// Runs is the action that running the cell is: «sql» alone is its own code. It is
// false for a cell that is only shown.
func (c Cell) Runs() (Action, bool) {
	action, err := ParseAction(c.Action)
	if c.Action == "" || err != nil {
		return Action{}, false
	}
	if action.Verb == VerbSQL && len(action.Args) == 0 {
		action.Args = []string{strings.TrimRight(strings.TrimSpace(c.Code), ";")}
	}
	return action, true
}

// Question is asked before anything runs. Answer is evaluated after the run, and
// the option whose value equals it is right; without Answer the right one is
// marked, and Proof, an expression that must be true, backs it.
type Question struct {
	Text     string   `toml:"texto"`
	Answer   string   `toml:"respuesta"`
	Proof    string   `toml:"prueba"`
	DontKnow string   `toml:"nose"`  // feedback for «no lo sé»
	Sentence bool     `toml:"frase"` // the student writes one, and says which option is most like it
	Options  []Choice `toml:"opcion"`
}

// Choice is one option. A wrong one is a misconception, with its own feedback.
type Choice struct {
	Value string `toml:"valor"` // expression; shown as a number
	Text  string `toml:"texto"`
	Right bool   `toml:"correcta"`
	Idea  string `toml:"idea"` // a misconception's id
	Why   string `toml:"porque"`
}

// Hint is help in a step. Those of level 1 have If, and the first that is true
// of the state is shown.
type Hint struct {
	Level int    `toml:"nivel"` // 1 when left out
	If    string `toml:"si"`
	Text  string `toml:"texto"`
}

// Databricks tells what the step would be there.
type Databricks struct {
	Text string `toml:"texto"`
	Code string `toml:"codigo"`
}

// More is for who wants to know more.
type More struct {
	Title string `toml:"titulo"`
	Text  string `toml:"texto"`
}

// NotebookQuestion is one of the notebook's own, answered with evidence.
type NotebookQuestion struct {
	Question string `toml:"pregunta"`
	Answer   string `toml:"respuesta"`
	Evidence string `toml:"evidencia"` // SQL over the lesson's lab; may be empty
}

// Idea is a misconception.
type Idea struct {
	ID   string `toml:"id"`
	Name string `toml:"nombre"`
	Line string `toml:"descripcion"`
}

// Step finds a step by its id: -1 when there is none.
func (l *Lesson) Step(id string) int {
	for i, step := range l.Steps {
		if step.ID == id {
			return i
		}
	}
	return -1
}

// Opens tells whether step i begins something new, so that «antes» is the state
// then: reading, a prediction, a transfer, or an action that no prediction of
// the same cycle came before.
func (l *Lesson) Opens(i int) bool {
	if i == 0 {
		return true
	}
	switch l.Steps[i].Phase {
	case Read, Predict, Transfer:
		return true
	case Run:
		before := l.Steps[i-1]
		asks := before.Question != nil && len(before.Actions) == 0
		return !asks && before.Phase != Predict && before.Phase != Run
	default:
		return false
	}
}

// Prediction gives the step whose question step i's run answers: itself, or the
// one before it in its cycle; -1 when there is none.
func (l *Lesson) Prediction(i int) int {
	for ; i >= 0; i-- {
		if l.Steps[i].Question != nil {
			return i
		}
		if l.Opens(i) {
			return -1
		}
	}
	return -1
}

// Settles gives the step whose passing decides the question of step i: the last
// that runs something before anything is observed, or i itself.
func (l *Lesson) Settles(i int) int {
	last := i
	for j := i; j < len(l.Steps) && (j == i || l.Steps[j].Phase == Run && l.Steps[j].Question == nil && !l.Opens(j)); j++ {
		if len(l.Steps[j].Actions) > 0 {
			last = j
		}
	}
	return last
}

// Targets lists the lesson's pipelines, the lab's own first.
func (l *Lesson) Targets() []Target {
	targets := []Target{{}}
	add := func(t Target) {
		for _, known := range targets {
			if known == t {
				return
			}
		}
		targets = append(targets, t)
	}
	for _, flow := range l.Flows {
		add(flow.Target)
	}
	for _, step := range l.Steps {
		add(step.On)
	}
	return targets
}
