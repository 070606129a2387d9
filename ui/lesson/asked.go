package lesson

import (
	"slices"

	"autoloaderlab/ui/editor"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// Waiting is the first question that was not answered, -1 when all were.
func (p Page) Waiting() int {
	return slices.IndexFunc(p.Asked, func(a Asked) bool { return a.Own == "" })
}

// asked draws the notebook's questions: each a row, which opens on the student's words
// and, beside them, the answer with its proof.
func (d *drawing) asked(questions []Asked) {
	if len(questions) == 0 {
		return
	}
	answered := 0
	for _, q := range questions {
		if q.Own != "" {
			answered++
		}
	}
	d.blank(2)
	d.add(d.t.Row(d.t.Heading(text.NotebookAsks), d.t.Text(style.Dim, text.AnsweredOf(answered, len(questions))), d.w))
	d.blank(1)
	for i, q := range questions {
		d.askedRow(i, q)
		if d.n.opened[Target{AskedTarget, i}] {
			d.answer(i, q)
		}
	}
}

// askedRow is a question, whole, and how its answer stands.
func (d *drawing) askedRow(i int, q Asked) {
	target := Target{AskedTarget, i}
	focused := d.n.focus == target
	t := d.t
	if focused {
		t = t.On(style.Selected)
	}
	slot, state := t.Mark(style.Accent, style.Waiting), t.Text(style.Dim, text.Unanswered)
	switch {
	case q.Own != "":
		slot, state = t.Mark(style.OK, style.Done), t.Text(style.Dim, text.AnsweredWord)
	case q.Draft != "":
		slot, state = t.Mark(style.Accent, style.Current), t.Text(style.Dim, text.DraftWord)
	}
	if i == d.n.page.Waiting() {
		state = t.KeyName("w") + t.Fill(1) + t.Text(style.Dim, text.AnswerShort)
	}
	if focused && d.n.active {
		slot = t.Mark(style.Accent, style.Focus)
	}
	rows := style.Wrap(q.Question, max(d.w-2-style.Width(text.Unanswered)-3, 12))
	for at, row := range rows {
		if at > 0 {
			slot, state = t.Fill(1), ""
		}
		d.lines = append(d.lines, line{text: t.Row(slot+t.Fill(1)+words(t, focused, row), state, d.w), target: target})
	}
}

// answer is what a question opens on.
func (d *drawing) answer(i int, q Asked) {
	from := len(d.lines)
	if q.Own != "" {
		d.blank(1)
		d.heading(text.InYourWords)
		for _, row := range editor.Lines(q.Own, min(d.w, ProseWidth)) {
			d.add(d.t.Text(style.Text, row))
		}
	}
	d.blank(1)
	d.heading(text.ByYourDisk)
	d.prose(style.Text, q.Model)
	if q.Code != "" {
		d.blank(1)
		d.code(q.Code, "sql")
	}
	if q.Output != nil {
		d.table(q.Output)
	}
	d.blank(1)
	for at := from; at < len(d.lines); at++ {
		d.lines[at].target = Target{AskedTarget, i}
	}
}
