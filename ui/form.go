package ui

import (
	"slices"
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
	// check, if there is one, says what is wrong with an answer, and with which;
	// nothing is done before all are right.
	check func(values []string) (at int, why string)
	wrong string // why the answer that has the cursor was refused
	// choices are what the first answer can be, for ↑ and ↓ to go through; none: anything.
	choices []string
	// propose gives the second answer that goes with the first, where there is one.
	propose func(string) string

	placed []int // the rows of the labels, as they were drawn last
	top    int   // the first row that there was room for
}

// fieldLimit is how long an answer may be: a path.
const fieldLimit = 400

func newForm(m *Model, title, about, does string, labels, values []string, submit func([]string) tea.Cmd) *form {
	f := &form{m: m, title: title, about: about, does: does, labels: labels, submit: submit}
	for _, value := range values {
		f.fields = append(f.fields, newField(value, fieldLimit))
	}
	return f
}

func (f *form) typing() bool { return true }

func (f *form) entries() []entry {
	out := []entry{{binding: keyEnter, does: f.does, run: func(string) tea.Cmd { return f.send() }}}
	if f.choosing() {
		out = append(out, entry{binding: keyUpDown, does: text.OtherFile, run: func(key string) tea.Cmd { f.choose(key); return nil }})
	}
	if len(f.fields) > 1 {
		out = append(out, entry{binding: binding{"tab", []string{"tab", "down"}}, does: text.NextField, run: func(string) tea.Cmd { f.move(1); return nil }})
	}
	return append(out, entry{binding: keyEscape, does: text.LeaveWhy, run: func(string) tea.Cmd { f.m.close(); return nil }})
}

func (f *form) send() tea.Cmd {
	values := make([]string, len(f.fields))
	for i := range f.fields {
		values[i] = f.fields[i].value()
		if !slices.Contains(f.choices, values[i]) { // a file's name may begin with a space
			values[i] = strings.TrimSpace(values[i])
		}
	}
	if f.check != nil {
		if at, why := f.check(values); why != "" {
			f.at, f.wrong = at, why
			return nil
		}
	}
	f.m.close()
	return f.submit(values)
}

func (f *form) move(by int) { f.at, f.wrong = (f.at+by+len(f.fields))%len(f.fields), "" }

// choosing tells whether ↑ and ↓ go through answers.
func (f *form) choosing() bool { return f.at == 0 && len(f.choices) > 1 }

// choose takes the choice before or behind the present one.
func (f *form) choose(key string) {
	by := 1
	if key == "up" {
		by = -1
	}
	at := slices.Index(f.choices, f.fields[0].value())
	if at < 0 && by < 0 {
		at = 0
	}
	was, now := f.fields[0].value(), f.choices[(at+by+len(f.choices))%len(f.choices)]
	f.fields[0] = newField(now, fieldLimit)
	if len(f.fields) > 1 && f.fields[1].value() == f.propose(was) { // nobody wrote another
		f.fields[1] = newField(f.propose(now), fieldLimit)
	}
	f.wrong = ""
}

func (f *form) update(msg tea.KeyMsg) tea.Cmd {
	name := msg.String()
	if e, found := find(f.entries(), name); found {
		return e.run(name)
	}
	switch name {
	case "up", "shift+tab":
		f.move(-1)
	default:
		if f.fields[f.at].hear(msg) {
			f.wrong = ""
		}
	}
	return nil
}

// click puts the cursor into the answer whose label or line was clicked.
func (f *form) click(_, y int) tea.Cmd {
	for i, label := range f.placed {
		if at := label - f.top; (y == at || y == at+1) && i != f.at {
			f.move(i - f.at)
			break
		}
	}
	return nil
}

func (f *form) head(w int) []string {
	t := f.m.theme
	rows := []string{t.Title(f.title), ""}
	for _, line := range style.Paragraphs(f.about, min(w, 66)) {
		rows = append(rows, t.Text(style.Dim, line))
	}
	return append(rows, "")
}

func (f *form) view(w, h int) []string {
	t := f.m.theme
	rows := f.head(w - 2)
	if len(rows)+2*len(f.fields) > h { // the answers are more than what is said of them
		rows = rows[:2]
	}
	gap := len(rows)+3*len(f.fields) <= h
	f.placed = make([]int, len(f.fields))
	end := 0 // of what has to be seen
	for i, label := range f.labels {
		f.placed[i] = len(rows)
		p, slot := t, "  "
		shown := ""
		if i == f.at {
			p = t.On(style.Selected)
			slot = p.Mark(style.Accent, style.Focus) + p.Fill(1)
			shown = f.fields[i].draw(p, w-8)
		} else {
			p = t.On(style.Code)
			if slot = p.Fill(2); !t.Colored() { // no surface tells an answer from its label
				slot = style.Vertical + " "
			}
			shown = p.Text(style.Text, t.CutLeft(text.Sanitize(f.fields[i].value()), w-8))
		}
		rows = append(rows, "  "+t.Text(style.Dim, label), p.Pad(slot+shown, w-2))
		switch why := style.Paragraphs(f.wrong, w-6); {
		case i == f.at && len(why) > 0:
			for j, line := range why {
				sign := "  "
				if j == 0 {
					sign = t.Mark(style.Bad, style.Failed) + " "
				}
				rows = append(rows, "  "+sign+t.Prose(style.Text, line))
			}
		case gap:
			rows = append(rows, "")
		}
		if i == f.at {
			end = len(rows)
		}
	}
	for i := range rows {
		rows[i] = " " + rows[i]
	}
	f.top = max(0, end-h)
	if next := f.at + 1; next < len(f.placed) && len(rows) > h { // a glimpse of what comes
		f.top = max(0, min(f.placed[next]+1-h, f.placed[f.at]))
		f.top = max(f.top, end-h)
	}
	return rows[f.top:]
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
