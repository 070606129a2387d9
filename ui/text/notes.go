package text

import "strings"

// Notes is what an instructor reads about a lesson and the step it is at.
type Notes struct {
	Number   int           `json:"numero"`
	Lesson   string        `json:"leccion"`
	Notes    string        `json:"notas"`
	Index    int           `json:"paso"` // from 1
	Steps    int           `json:"pasos"`
	Step     string        `json:"titulo"`
	Question string        `json:"pregunta,omitempty"`
	Options  []NotesOption `json:"opciones"`
	Solution []string      `json:"solucion"`
	Next     string        `json:"despues,omitempty"` // the next step's title
}

// NotesOption is one option, and the misconception it is made of.
type NotesOption struct {
	Text  string `json:"texto"`
	Right bool   `json:"correcta"`
	Idea  string `json:"idea,omitempty"`
	Why   string `json:"porque"`
}

// String is the notes on a terminal.
func (n Notes) String() string {
	var out strings.Builder
	paragraph := func(s string) { out.WriteString(Wrap(Plain(s), notesColumns) + "\n") }
	paragraph(PlainTitle(n.Number, n.Lesson))
	if n.Notes != "" {
		out.WriteByte('\n')
		paragraph(n.Notes)
	}
	out.WriteByte('\n')
	paragraph(PlainStep(n.Index, n.Steps, "", n.Step))
	if n.Question != "" {
		paragraph(n.Question)
		for _, option := range n.Options {
			line := "- " + option.Text
			switch {
			case option.Right:
				line += " (correcta)"
			case option.Idea != "":
				line += " (" + quote(option.Idea) + ")"
			}
			paragraph(line)
			paragraph(option.Why)
		}
	}
	if len(n.Solution) > 0 {
		paragraph("Solución: " + strings.Join(n.Solution, "; ") + ".")
	}
	if n.Next != "" {
		out.WriteByte('\n')
		paragraph("Después: " + n.Next)
	}
	return out.String()
}

const notesColumns = 72

// NoNotes is a classroom in which no lesson was opened.
func NoNotes() Message {
	return inLesson("No hay ninguna lección abierta.",
		"Sin nombrar una, se muestran las notas de la que se está dando.",
		"Nombra una lección, por ejemplo «lab notas 4».")
}
