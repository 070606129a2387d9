package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// list is an overlay of rows, some of which act: help, glossary, an error.
type list struct {
	m     *Model
	title string
	right string
	rows  []listRow
	focus int // index of a row that acts, -1 when none does
	top   int
	h     int
	// passes is whether a key that is not the list's closes it and is the screen's.
	passes bool
}

type listRow struct {
	key, words string
	heading    bool
	prose      bool // wrapped, below the row before
	entry      *entry
}

// newHelp lists what can be done now by group; Enter does it.
func newHelp(m *Model) overlay {
	l := &list{m: m, title: text.HelpTitle, right: text.HelpRuns, focus: -1}
	offered := m.offered()
	for _, area := range []string{text.HereArea, text.LessonArea, text.EngineArea, text.EverywhereArea} {
		begun := false
		for _, e := range offered {
			if e.area != area || e.has("?") {
				continue
			}
			if !begun {
				l.rows = append(l.rows, listRow{heading: true, words: area})
				begun = true
			}
			row := listRow{key: e.name, words: e.does}
			if e.run != nil && !e.has("up") {
				row.entry = &e
			}
			l.rows = append(l.rows, row)
		}
	}
	l.move(1)
	return l
}

// newTrouble tells an error in three sentences.
func newTrouble(m *Model, message text.Message) overlay {
	l := &list{m: m, title: text.TroubleTitle, focus: -1, passes: true}
	for _, part := range [][2]string{{text.WhatHappened, message.What}, {text.WhyItHappened, message.Why}, {text.WhatToTry, text.ByKeys(message.Try)}} {
		if part[1] != "" {
			l.rows = append(l.rows, listRow{heading: true, words: part[0]}, listRow{prose: true, words: part[1]})
		}
	}
	return l
}

// newReport shows a report that was written: where it is, and what it says.
func newReport(m *Model, path, page string) overlay {
	l := &list{m: m, title: text.ReportRead, focus: -1}
	l.rows = append(l.rows, listRow{prose: true, words: text.ReportWritten(path)})
	for _, line := range text.ReportLines(page) {
		l.rows = append(l.rows, listRow{heading: line.Heading, prose: !line.Heading, words: line.Words})
	}
	return l
}

func (l *list) typing() bool { return false }

func (l *list) entries() []entry {
	back := entry{binding: keyEscape, does: text.Back, run: func(string) tea.Cmd { l.m.close(); return nil }}
	if l.focus < 0 {
		back.binding = binding{"esc", []string{"esc", "enter"}}
		return []entry{back, {binding: keyUpDown, does: text.MoveLabel}}
	}
	return []entry{
		{binding: keyEnter, does: text.DoIt, run: func(string) tea.Cmd { return l.act(l.focus) }},
		{binding: keyUpDown, does: text.MoveLabel, run: nil},
		back,
	}
}

func (l *list) act(i int) tea.Cmd {
	if i < 0 || i >= len(l.rows) || l.rows[i].entry == nil {
		return nil
	}
	e := l.rows[i].entry
	l.m.close()
	return e.run(e.keys[0])
}

// scroll moves what is shown, as the wheel does.
func (l *list) scroll(by int) { l.top = max(0, l.top+by) }

func (l *list) move(by int) {
	if at := l.nextRow(by); at >= 0 {
		l.focus = at
		return
	}
	l.top = max(0, l.top+by)
}

func (l *list) nextRow(by int) int {
	for at := l.focus + by; at >= 0 && at < len(l.rows); at += by {
		if l.rows[at].entry != nil {
			return at
		}
	}
	return -1
}

func (l *list) update(msg tea.KeyMsg) tea.Cmd {
	switch name := msg.String(); name {
	case "up", "k":
		l.move(-1)
	case "down", "j":
		l.move(1)
	case "pgdown", " ":
		l.top += max(l.h-2, 1)
	case "pgup":
		l.top = max(0, l.top-max(l.h-2, 1))
	case "?":
		l.m.close()
		if l.passes {
			return l.m.key(msg)
		}
	default:
		if e, found := find(l.entries(), name); found {
			return e.run(name)
		}
		for i, row := range l.rows { // a key of the list acts as it does without it
			if row.entry != nil && row.entry.has(name) {
				return l.act(i)
			}
		}
		if l.passes {
			l.m.close()
			return l.m.key(msg)
		}
	}
	return nil
}

func (l *list) draw(w int) (lines []string, of []int) {
	t := l.m.theme
	add := func(s string, i int) { lines, of = append(lines, s), append(of, i) }
	for i, row := range l.rows {
		switch {
		case row.heading:
			if i > 0 {
				add("", -1)
			}
			add(t.Heading(row.words), -1)
		case row.prose:
			for _, line := range style.Paragraphs(row.words, min(w, 66)) {
				add(t.Prose(style.Text, line), -1)
			}
		default:
			p := t
			slot := t.Fill(2)
			if i == l.focus {
				p = t.On(style.Selected)
				slot = p.Mark(style.Accent, style.Focus) + p.Fill(1)
			}
			role := style.Text
			if row.entry == nil {
				role = style.Dim
			}
			add(p.Pad(slot+p.Pad(p.KeyName(row.key), 10)+p.Text(role, row.words), w), i)
		}
	}
	return lines, of
}

func (l *list) view(w, h int) []string {
	t := l.m.theme
	inner := w - 2
	lines, of := l.draw(inner)
	l.h = h - 2
	for i, row := range of {
		if row == l.focus && l.focus >= 0 {
			l.top = min(max(l.top, i-l.h+2), i)
			if i <= 1 {
				l.top = 0
			}
		}
	}
	l.top = max(0, min(l.top, len(lines)-l.h))
	right := l.right
	if rest := len(lines) - l.top - l.h; rest > 0 {
		right = text.MoreBelow(rest)
	} else if l.top > 0 {
		right = text.MoreAbove(l.top)
	}
	out := []string{" " + t.Row(t.Title(l.title), t.Text(style.Dim, right), inner), ""}
	for _, line := range lines[l.top:min(l.top+l.h, len(lines))] {
		out = append(out, " "+line)
	}
	return out
}

func (l *list) click(_, y int) tea.Cmd {
	place := l.m.overlayPlace()
	_, of := l.draw(place.w - 2)
	at := l.top + y - 2
	if y < 2 || at >= len(of) || of[at] < 0 {
		return nil
	}
	return l.act(of[at])
}

// question is what a confirmation asks.  No is the default.
type question struct {
	title   string
	body    string
	warning *Warning
	yes     string
	run     func() tea.Cmd
}

type confirmation struct {
	m *Model
	question
	agrees bool // which button has the focus
	row    int  // of the buttons
}

func newQuestion(m *Model, q question) overlay { return &confirmation{m: m, question: q} }

func (c *confirmation) typing() bool { return false }

func (c *confirmation) entries() []entry {
	no := func(string) tea.Cmd { c.m.close(); return nil }
	main := entry{binding: keyEnter, does: text.NoGoBackLabel, run: no}
	if c.agrees {
		main.does, main.run = strings.ToLower(c.yes), c.agree
	}
	return []entry{
		main,
		{binding: keyYes, does: strings.ToLower(c.yes), run: c.agree},
		{binding: keySwap, does: text.Swap, run: func(string) tea.Cmd { c.agrees = !c.agrees; return nil }},
		{binding: binding{"esc", []string{"esc", "n"}}, does: text.NoGoBackLabel, hidden: true, run: no},
	}
}

func (c *confirmation) agree(string) tea.Cmd {
	c.m.close()
	return c.run()
}

func (c *confirmation) update(msg tea.KeyMsg) tea.Cmd {
	if e, found := find(c.entries(), msg.String()); found {
		return e.run(msg.String())
	}
	return nil
}

func (c *confirmation) click(x, y int) tea.Cmd {
	if y != c.row {
		return nil
	}
	no := len([]rune("[▸ " + text.NoGoBack + " ]"))
	switch {
	case x >= 4 && x < 4+no:
		c.m.close()
	case x >= 4+no+4 && x < 4+no+4+style.Width("[  "+c.yes+" ]"):
		return c.agree("")
	}
	return nil
}

// view draws frame 05: the only thing with a box.
func (c *confirmation) view(w, h int) []string {
	t := c.m.theme
	inner := w - 8
	loose := h >= 24
	var body []string
	blank := func(n int) {
		if !loose {
			n = 1
		}
		for range n {
			body = append(body, "")
		}
	}
	blank(1)
	for _, line := range style.Paragraphs(c.title, inner) {
		if t.Colored() {
			body = append(body, boldProse(t, line))
		} else {
			body = append(body, t.Heading(line))
		}
	}
	if c.body != "" {
		blank(1)
		for _, line := range style.Paragraphs(c.body, inner) {
			body = append(body, t.Prose(style.Text, line))
		}
	}
	from, to := 0, 0
	if c.warning != nil {
		from, to = c.stakes(&body, blank, inner)
	}
	blank(3)
	buttons := len(body)
	body = append(body, c.buttons(t))
	blank(2)
	body, buttons = tighten(body, buttons, h-2, from, to)
	c.row = buttons + 1
	edge := func(s string) string { return t.Mark(style.Bad, s) }
	out := []string{edge("╭" + strings.Repeat("─", w-2) + "╮")}
	for _, line := range body {
		out = append(out, edge("│")+"   "+t.Pad(line, inner)+"   "+edge("│"))
	}
	return append(out, edge("╰"+strings.Repeat("─", w-2)+"╯"))
}

// tighten brings a question to h lines: blank ones go first, those at the edges before
// the others and the one above the buttons last; then the lines from spare on, which
// say least.  The buttons, at a line of it, always stay, and what is lost and kept.
func tighten(body []string, buttons, h, from, to int) ([]string, int) {
	drop := func(i int) {
		body = append(body[:i], body[i+1:]...)
		if i < buttons {
			buttons--
		}
		if i < to {
			to--
		}
		if i < from {
			from--
		}
	}
	for len(body) > h {
		i := leastBlank(body, buttons)
		if i < 0 {
			break
		}
		drop(i)
	}
	for len(body) > h && from < to {
		drop(from)
	}
	for len(body) > max(h, 1) && buttons > 0 {
		drop(buttons - 1)
	}
	return body[:min(len(body), max(h, 1))], buttons
}

// leastBlank is the blank line that is missed least, -1 when there is none.
func leastBlank(body []string, buttons int) int {
	if last := len(body) - 1; last > buttons && body[last] == "" {
		return last
	}
	for i, line := range body {
		if line == "" && (i != buttons-1 || slices.Index(body[i+1:], "") < 0) {
			return i
		}
	}
	return -1
}

func boldProse(t style.Theme, line string) string {
	// Memory words keep their hue, the rest is strong.
	return t.Prose(style.Strong, line)
}

// wholeFolder is the room below which of a folder only its end is told.
const wholeFolder = 60

// stakes are what is lost and kept, and where the folder's lines are among them.
func (c *confirmation) stakes(body *[]string, blank func(int), inner int) (from, to int) {
	t, w := c.m.theme, c.warning
	add := func(s string) { *body = append(*body, s) }
	blank(1)
	from = len(*body)
	lines := style.Wrap(w.Folder, inner)
	if inner < wholeFolder {
		lines = []string{t.CutLeft(w.Folder, inner)}
	} else {
		add(t.Row(t.Text(style.Dim, text.ThisFolder), t.Text(style.Dim, w.Count), inner))
	}
	for i, line := range lines {
		role := style.Text
		if i == len(lines)-1 {
			role = w.Memory
		}
		add(t.Text(role, line))
	}
	to = len(*body)
	blank(2)
	c.stake(add, t.Mark(style.Bad, style.Less), text.IsLost, w.Lost, inner)
	blank(1)
	c.stake(add, t.Mark(style.OK, style.Same), text.IsKept, w.Kept, inner)
	blank(2)
	for _, line := range style.Wrap(text.GoesToTrash, inner) {
		before, after, found := strings.Cut(line, " z ")
		if !found {
			add(t.Text(style.Dim, line))
			continue
		}
		add(t.Text(style.Dim, before+" ") + t.KeyName("z") + t.Text(style.Dim, " "+after))
	}
	return from, to
}

func (c *confirmation) stake(add func(string), sign, title string, stakes []Stake, inner int) {
	t := c.m.theme
	const label = 16
	for i, s := range stakes {
		lead := strings.Repeat(" ", label)
		if i == 0 {
			lead = t.Pad(sign+" "+t.Text(style.Strong, title), label)
		}
		mark := ""
		if m := signOf(s.Role); m != "" {
			mark = t.Mark(s.Role, m) + " "
		}
		for j, line := range style.Wrap(s.What, max(inner-label-style.Width(mark)-style.Width(s.Amount)-1, 8)) {
			right := ""
			if j == 0 && s.Amount != "" {
				right = t.Text(style.Dim, s.Amount)
			}
			add(t.Row(lead+mark+t.Text(style.Text, line), right, inner))
			lead, mark = strings.Repeat(" ", label), strings.Repeat(" ", style.Width(mark))
		}
	}
}

func signOf(r style.Role) string {
	switch r {
	case style.Origin:
		return style.SignOrigin
	case style.Checkpoint:
		return style.SignCheckpoint
	case style.Table:
		return style.SignTable
	}
	return ""
}

func (c *confirmation) buttons(t style.Theme) string {
	button := func(words string, focused bool) string {
		if focused {
			return t.On(style.Pressed).Bold(style.Button, "["+style.Focus+" "+words+" ]")
		}
		return t.Text(style.Dim, "[") + "  " + t.Text(style.Text, words) + " " + t.Text(style.Dim, "]")
	}
	return button(text.NoGoBack, !c.agrees) + "    " + button(c.yes, c.agrees)
}
