package ui

import (
	"context"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/editor"
	"autoloaderlab/ui/lesson"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// answering is the place for an answer to one of the notebook's questions, in the
// student's own words.
type answering struct {
	d    *desk
	at   int // of the page's questions
	text editor.Text

	width int // of the rows, as they were drawn last
	first int // the row at the top
	top   int // where that is drawn
}

// author is a desk that keeps answers; the free lab has no questions.
type author interface {
	Answer(ctx context.Context, question, own string) error
	Draft(ctx context.Context, question, draft string) error
}

// unasked tells whether a row is a question that waits for an answer.
func (d *desk) unasked(row lesson.Target) bool {
	p := d.book.Page()
	return row.Kind == lesson.AskedTarget && row.Index < len(p.Asked) && p.Asked[row.Index].Own == ""
}

// toAnswer is the question that w opens: the one with the focus, unless it is answered
// and another is not; -1 where there is none.
func (d *desk) toAnswer() int {
	p := d.book.Page()
	if _, keeps := d.d.(author); !keeps || len(p.Asked) == 0 || p.Ask || d.onTab || d.voting() {
		return -1
	}
	focus := d.book.Focus()
	switch {
	case d.unasked(focus):
		return focus.Index
	case p.Waiting() >= 0:
		return p.Waiting()
	case focus.Kind == lesson.AskedTarget:
		return focus.Index
	}
	return 0
}

func answerLabel(q lesson.Asked) string {
	if q.Own != "" {
		return text.ChangeAnswer
	}
	return text.AnswerLabel
}

// answer opens the place for the answer to a question.
func (d *desk) answer(at int) tea.Cmd {
	q := d.book.Page().Asked[at]
	a := &answering{d: d, at: at, text: editor.Text{Limit: 4 * play.LongestAnswer}}
	a.text.Set(q.Own)
	if q.Draft != "" {
		a.text.Set(q.Draft)
	}
	return d.m.open(a)
}

func (a *answering) questions() []lesson.Asked { return a.d.book.Page().Asked }

// question is the one that is being answered; none where the page has gone on.
func (a *answering) question() lesson.Asked {
	if q := a.questions(); a.at < len(q) {
		return q[a.at]
	}
	return lesson.Asked{}
}

func (a *answering) typing() bool { return true }

func (a *answering) entries() []entry {
	out := []entry{{binding: fieldSave, does: text.SaveAnswer, run: func(string) tea.Cmd { return a.save() }}}
	if len(a.questions()) > 1 {
		out = append(out, entry{binding: keyTab, does: text.OtherQuestion, run: a.other})
	}
	if a.question().Own == "" {
		out = append(out, entry{binding: fieldOpen, does: text.SeeModel, run: func(string) tea.Cmd {
			return tea.Batch(a.leave(text.DraftSaved), a.reveal())
		}})
	}
	return append(out, entry{binding: keyEscape, does: text.LeaveAnswer, run: func(string) tea.Cmd { return a.leave(text.DraftSaved) }})
}

// save keeps the answer, and opens the question on it.
func (a *answering) save() tea.Cmd {
	d, question, own := a.d, a.question().Question, a.text.String()
	d.m.close()
	return tea.Batch(a.reveal(), d.look(false, func(ctx context.Context) (string, error) {
		said := text.AnswerSaved
		if own == "" {
			said = text.AnswerRemoved
		}
		return said, d.d.(author).Answer(ctx, question, own)
	}))
}

// reveal opens the question's row.
func (a *answering) reveal() tea.Cmd {
	a.d.book.Open(lesson.Target{Kind: lesson.AskedTarget, Index: a.at})
	return nil
}

// changed tells whether something was written that is neither answer nor draft.
func (a *answering) changed() bool {
	q, written := a.question(), a.text.String()
	return written != q.Own && written != q.Draft
}

// leave goes back to the notebook; what was written stays as a draft.
func (a *answering) leave(said string) tea.Cmd {
	a.d.m.close()
	return a.keep(said)
}

// keep writes the draft down, where there is something new.
func (a *answering) keep(said string) tea.Cmd {
	if !a.changed() {
		return nil
	}
	d, question, draft := a.d, a.question().Question, a.text.String()
	return d.look(false, func(ctx context.Context) (string, error) { return said, d.d.(author).Draft(ctx, question, draft) })
}

// other goes to the next question, or the one before.
func (a *answering) other(key string) tea.Cmd {
	by := 1
	if key == "shift+tab" {
		by = -1
	}
	n := len(a.questions())
	return tea.Batch(a.keep(""), a.d.answer((a.at+by+n)%n))
}

// rescue writes the draft down where the interface has ended over it.
func (a *answering) rescue() {
	if a.changed() {
		_ = a.d.d.(author).Draft(context.Background(), a.question().Question, a.text.String()) // there is nobody left to tell
	}
}

func (a *answering) update(msg tea.KeyMsg) tea.Cmd {
	name := msg.String()
	if e, found := find(a.entries(), name); found {
		return e.run(name)
	}
	switch name {
	case "up":
		a.text.MoveRows(-1, a.width)
	case "down":
		a.text.MoveRows(1, a.width)
	default:
		a.text.Hear(msg)
	}
	return nil
}

// click puts the cursor where it points.
func (a *answering) click(x, y int) tea.Cmd {
	rows, _ := a.text.Wrapped(a.width)
	if at := a.first + y - a.top; y >= a.top && at < len(rows) {
		a.text.Place(rows[at], max(x-answerEdge, 0))
	}
	return nil
}

// scroll moves the cursor, which takes what is shown along.
func (a *answering) scroll(by int) { a.text.MoveRows(by, a.width) }

// answerEdge is what stands at the left of the text: the column of the overlay's margin
// and its mark.
const answerEdge = 3

func (a *answering) view(w, h int) []string {
	t, inner := a.d.m.theme, w-2
	var rows []string
	if a.d.m.l.shape == tabs && h >= 14 { // where the rail is the row above
		rows = append(rows, "")
	}
	for _, line := range style.Wrap(a.question().Question, inner) {
		rows = append(rows, " "+t.Bold(style.Accent, line))
	}
	if about := style.Paragraphs(text.AnswerAbout, min(inner, lesson.ProseWidth)); h >= len(rows)+len(about)+10 {
		rows = append(rows, "")
		for _, line := range about {
			rows = append(rows, " "+t.Text(style.Dim, line))
		}
	}
	rows = append(rows, "")
	a.width, a.top = max(inner-2-1, 1), len(rows)
	rows = append(rows, a.field(t.On(style.Code), inner, max(h-len(rows)-2, 1))...)
	left := play.LongestAnswer - utf8.RuneCountInString(a.text.String())
	return append(rows, "", " "+t.Text(style.Dim, text.AnswerPlace(a.at+1, len(a.questions()), left)))
}

// field draws the rows around the cursor.
func (a *answering) field(t style.Theme, w, h int) []string {
	rows, cursor := a.text.Wrapped(a.width)
	a.first = max(0, min(a.first, len(rows)-h))
	a.first = min(max(a.first, cursor-h+1), cursor)
	var out []string
	for i := a.first; i < a.first+h; i++ {
		line := ""
		if i < len(rows) {
			r := rows[i]
			line = t.Text(style.Text, string(a.text.Lines[r.Line][r.From:r.To]))
			if i == cursor {
				line = t.Text(style.Text, string(a.text.Lines[r.Line][r.From:a.text.Col])) + t.Mark(style.Accent, style.Sliver) +
					t.Text(style.Text, string(a.text.Lines[r.Line][a.text.Col:r.To]))
			}
		}
		out = append(out, " "+t.Pad(t.Mark(style.Accent, style.Vertical)+t.Fill(1)+line, w))
	}
	return out
}
