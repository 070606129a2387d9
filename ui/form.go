package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// form asks for a few lines of text: the widgets, a file's new name, a day.
type form struct {
	m      *Model
	title  string
	about  string
	labels []string
	fields []field
	at     int
	does   string
	submit func(values []string) tea.Cmd
}

// fieldLimit is how long an answer may be: a path.
const fieldLimit = 400

func newForm(m *Model, title, about, does string, labels, values []string, submit func([]string) tea.Cmd) overlay {
	f := &form{m: m, title: title, about: about, does: does, labels: labels, submit: submit}
	for _, value := range values {
		f.fields = append(f.fields, newField(value, fieldLimit))
	}
	return f
}

func (f *form) typing() bool { return true }

func (f *form) entries() []entry {
	out := []entry{{binding: keyEnter, does: f.does, run: func(string) tea.Cmd { return f.send() }}}
	if len(f.fields) > 1 {
		out = append(out, entry{binding: binding{"tab", []string{"tab", "down"}}, does: text.NextField, run: func(string) tea.Cmd { f.move(1); return nil }})
	}
	return append(out, entry{binding: keyEscape, does: text.LeaveWhy, run: func(string) tea.Cmd { f.m.close(); return nil }})
}

func (f *form) send() tea.Cmd {
	values := make([]string, len(f.fields))
	for i := range f.fields {
		values[i] = strings.TrimSpace(f.fields[i].value())
	}
	f.m.close()
	return f.submit(values)
}

func (f *form) move(by int) { f.at = (f.at + by + len(f.fields)) % len(f.fields) }

func (f *form) update(msg tea.KeyMsg) tea.Cmd {
	switch name := msg.String(); name {
	case "up", "shift+tab":
		f.move(-1)
	default:
		if e, found := find(f.entries(), name); found {
			return e.run(name)
		}
		f.fields[f.at].hear(msg)
	}
	return nil
}

func (f *form) click(_, y int) tea.Cmd {
	first := len(f.head(f.m.overlayPlace().w - 2))
	if at := (y - first) / 3; y >= first && at < len(f.fields) {
		f.at = at
	}
	return nil
}

func (f *form) head(w int) []string {
	t := f.m.theme
	rows := []string{t.Bold(style.Accent, f.title), ""}
	for _, line := range style.Paragraphs(f.about, min(w, 66)) {
		rows = append(rows, t.Text(style.Dim, line))
	}
	return append(rows, "")
}

func (f *form) view(w, h int) []string {
	t := f.m.theme
	rows := f.head(w - 2)
	gap := len(rows)+3*len(f.fields) <= h
	for i, label := range f.labels {
		p, slot := t, "  "
		cursor := ""
		if i == f.at {
			p = t.On(style.Selected)
			slot = p.Mark(style.Accent, style.Focus) + p.Fill(1)
			cursor = p.Mark(style.Accent, style.Sliver)
		} else {
			p = t.On(style.Code)
			slot = p.Fill(2)
		}
		shown := t.CutLeft(f.fields[i].value(), w-8)
		rows = append(rows, "  "+t.Text(style.Dim, label), p.Pad(slot+p.Text(style.Text, shown)+cursor, w-2))
		if gap {
			rows = append(rows, "")
		}
	}
	for i := range rows {
		rows[i] = " " + rows[i]
	}
	return rows
}

// choose lists things to do; each runs its own.
func (m *Model) choose(title string, rows []entry) tea.Cmd {
	l := &list{m: m, title: title, focus: -1}
	for _, e := range rows {
		l.rows = append(l.rows, listRow{key: e.name, words: e.does, entry: &e})
	}
	l.move(1)
	return m.open(l)
}
