package console

import (
	"fmt"
	"strings"

	"autoloaderlab/ui/editor"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// View draws the console in exactly w columns and h rows.
func (m *Model) View(w, h int, t style.Theme) string {
	gaps := spacing(h)
	lines := append([]string{m.title(t, w)}, blank(gaps.title)...)
	m.drawn = drawn{width: w, editor: len(lines), foot: h - 1}
	lines = append(lines, m.drawEditor(t, w, editorHeight(h))...)
	lines = append(lines, blank(gaps.editor)...)
	room := max(h-len(lines)-1-gaps.status-gaps.foot-1, 0)
	m.drawn.body = len(lines) + 1 + gaps.status
	m.drawn.rows = max(room-headRows, 0) // for the keys that move by what is seen
	if m.hasRows() {
		m.follow()
	}
	body := m.body(t, w, room)
	lines = append(append(lines, m.status(t, w)), blank(gaps.status)...)
	lines = append(lines, body[:min(len(body), room)]...)
	lines = append(append(lines, blank(h-1-len(lines))...), m.foot(t, w))
	return t.Fit(lines, w, h)
}

// gaps are the blank lines between the console's parts.
type gaps struct{ title, editor, status, foot int }

func spacing(h int) gaps {
	switch {
	case h >= 26:
		return gaps{1, 2, 1, 1}
	case h >= 17:
		return gaps{0, 1, 0, 0}
	default:
		return gaps{}
	}
}

func editorHeight(h int) int { return max(h/8, min(3, h/4), 1) }

func blank(n int) []string { return make([]string, max(n, 0)) }

func (m *Model) title(t style.Theme, w int) string {
	left := t.Text(style.Accent, style.Focus) + " " + t.Title(text.ConsoleTitle)
	if m.inResult {
		left = t.Text(style.Dim, "  "+text.ConsoleTitle)
	}
	return t.Row(left, t.Text(style.Dim, text.Sanitize(m.config.Schema)), w)
}

// gutter is the room for the line's number.
const gutter = 4

// visual is one row of the editor: a line, or a part of one that is too long.
type visual struct {
	number   string
	line     string
	cursor   bool
	lineAt   int // of the statement
	from, to int // the line's characters that it shows
}

// drawEditor draws the rows around the cursor: at least least of them, more when
// the statement has more and the cursor is there.
func (m *Model) drawEditor(t style.Theme, w, least int) []string {
	t = t.On(style.Code)
	rows := m.visuals(t, w)
	at := 0
	for i, row := range rows {
		if row.cursor {
			at = i
		}
	}
	height := max(least, min(len(rows), 2*least))
	first := max(min(at-height/2, len(rows)-height), 0)
	var lines []string
	for i := range height {
		row := visual{}
		if first+i < len(rows) {
			row = rows[first+i]
		}
		number := row.number
		if i == 0 && first > 0 {
			number = "↑"
		}
		if i == height-1 && first+height < len(rows) {
			number = "↓"
		}
		lines = append(lines, t.Pad(t.Text(style.Dim, fmt.Sprintf("%2s  ", number))+row.line, w))
		m.drawn.pieces = append(m.drawn.pieces, row)
	}
	return lines
}

// visuals breaks the statement's lines where they are too long, behind a space where
// there is one: what will run is shown whole, and names stay names.
func (m *Model) visuals(t style.Theme, w int) []visual {
	looks := tint(m.editor.Lines, m.names.lastParts())
	rows, at := m.editor.Wrapped(max(w-gutter-1, 1))
	out := make([]visual, len(rows))
	for i, row := range rows {
		v := visual{lineAt: row.Line, from: row.From, to: row.To, cursor: i == at && !m.inResult}
		if row.From == 0 {
			v.number = fmt.Sprint(row.Line + 1)
		}
		cursor := -1
		if v.cursor {
			cursor = m.editor.Col
		}
		v.line = paintRow(t, m.editor.Lines[row.Line], looks[row.Line], row, cursor)
		out[i] = v
	}
	return out
}

// paintRow paints a row's characters, with the cursor on one of them, at their end, or
// nowhere.
func paintRow(t style.Theme, line []rune, looks []look, row editor.Row, cursor int) string {
	var out strings.Builder
	for from := row.From; from < row.To; {
		to := from + 1
		for to < row.To && to != cursor && from != cursor && looks[to] == looks[from] {
			to++
		}
		out.WriteString(paintRun(t, string(line[from:to]), looks[from], from == cursor))
		from = to
	}
	if cursor == row.To {
		out.WriteString(t.Mark(style.Accent, style.Sliver))
	}
	return out.String()
}

// paintRun paints characters of one look. Without colours the cursor is a sign before
// the character.
func paintRun(t style.Theme, s string, l look, cursor bool) string {
	switch {
	case cursor && t.Colored():
		return t.On(style.Pressed).Text(style.Button, s)
	case cursor:
		return style.Sliver + s
	case l.bold:
		return t.Bold(l.role, s)
	default:
		return t.Text(l.role, s)
	}
}

// status says how the last statement went, and what part of it is shown.
func (m *Model) status(t style.Theme, w int) string {
	a := m.answer
	switch {
	case m.cancel != nil && m.stopping:
		return t.Mark(style.Accent, style.Current) + " " + t.Text(style.Accent, text.ConsoleCancelling)
	case m.cancel != nil:
		return t.Mark(style.Accent, style.Current) + " " + t.Text(style.Accent, text.ConsoleRunning)
	case !m.asked:
		return ""
	case a.err != nil:
		return m.failed(t, w)
	case len(a.result.Columns) == 0:
		return t.Mark(style.OK, style.Done) + " " + t.Text(style.Strong, text.ConsoleChanged) + t.Text(style.Dim, " "+text.ConsoleTook(a.took))
	}
	left := t.Mark(style.OK, style.Done) + " " + t.Text(style.Strong, text.Rows(int64(len(a.result.Rows)))) + t.Text(style.Dim, " "+text.ConsoleTook(a.took))
	if a.version != nil {
		left += t.Text(style.Dim, " · "+text.ConsoleVersion(*a.version))
	}
	g := m.grid
	last := min(g.top+m.drawn.rows, len(a.result.Rows))
	right := text.ConsoleShowing(min(g.top+1, last), last, len(a.result.Rows), g.left+1, g.left+m.drawn.columns, len(a.result.Columns))
	if m.grid.whole {
		right = ""
	}
	if style.Width(left)+2+style.Width(right) > w { // what is shown matters more than how long it took
		left = t.Mark(style.OK, style.Done) + " " + t.Text(style.Strong, text.Rows(int64(len(a.result.Rows))))
	}
	if style.Width(left)+2+style.Width(right) > w {
		left = t.Mark(style.OK, style.Done)
	}
	return t.Row(left, t.Text(style.Dim, right), w)
}

// failed heads an error; the class comes last, to be looked up.
func (m *Model) failed(t style.Theme, w int) string {
	if cancelled(m.answer.err) {
		return t.Mark(style.Bad, style.Failed) + " " + t.Bold(style.Bad, text.ConsoleStopped)
	}
	head, class := t.Mark(style.Bad, style.Failed)+" "+t.Bold(style.Bad, text.ConsoleFailed), string(text.Explain(m.answer.err).Class)
	if style.Width(head)+2+style.Width(class) > w {
		class = ""
	}
	return t.Row(head, t.Text(style.Dim, class), w)
}

// body is the answer.
func (m *Model) body(t style.Theme, w, h int) []string {
	switch {
	case !m.asked && m.cancel == nil:
		return m.welcome(t, w)
	case !m.asked:
		return nil
	case m.answer.err != nil:
		return m.failure(t, w)
	case len(m.answer.result.Columns) == 0:
		return nil
	case m.grid.whole:
		return m.drawWhole(t, w, h)
	}
	m.drawn.columns = len(m.answer.shownColumns(m.grid.left, w))
	lines := m.drawGrid(t, w, h)
	if len(m.answer.result.Rows) == 0 {
		lines = append(lines, t.Text(style.Dim, strings.Repeat(" ", rowIndent)+text.ConsoleNoRows))
	}
	return lines
}

// welcome says what can be written here.
func (m *Model) welcome(t style.Theme, w int) []string {
	lines, _ := m.examples(t, w)
	return lines
}

func (m *Model) greeting(t style.Theme, w int) []string {
	words := text.ConsoleEmpty
	if m.given {
		words = text.ConsoleGiven
	}
	var lines []string
	for _, line := range style.Paragraphs(words, max(min(w, 66), 1)) {
		lines = append(lines, t.Text(style.Dim, line))
	}
	lines = append(lines, "")
	if len(m.names.tables) == 0 {
		return append(lines, t.Text(style.Dim, text.ConsoleNoNames))
	}
	return lines
}

// failure is an error in its three sentences.
func (m *Model) failure(t style.Theme, w int) []string {
	e := text.Explain(m.answer.err)
	room := max(min(w, 80), 1)
	var lines []string
	for _, line := range style.Paragraphs(e.What, room) {
		lines = append(lines, t.Text(style.Strong, line))
	}
	if cancelled(m.answer.err) {
		return lines
	}
	for _, part := range [][2]string{{text.ConsoleWhy, e.Why}, {text.ConsoleTry, text.ByKeysOutside(e.Try)}} {
		lines = append(lines, "")
		for i, line := range style.Paragraphs(part[0]+" "+part[1], room) {
			if rest, found := strings.CutPrefix(line, part[0]); found && i == 0 {
				line = t.Text(style.Strong, part[0]) + t.Prose(style.Text, rest)
			} else {
				line = t.Prose(style.Text, line)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// foot is the last line: what tab would write, what is cut, why numbers are at
// the left, or what happened.
func (m *Model) foot(t style.Theme, w int) string {
	switch {
	case len(m.notice) > 0:
		return t.Text(style.Text, fitting(m.notice, w))
	case len(m.offers) > 1:
		return t.Cut(t.Text(style.Dim, text.ConsoleOffers(m.offers)), w)
	case !m.hasRows() || m.grid.whole:
		return ""
	}
	if cut := m.answer.cutValues(m.grid, w, m.drawn.rows); cut > 0 {
		return t.Text(style.Dim, text.ConsoleCut(cut))
	}
	if m.answer.cast != "" {
		hint := text.ConsoleCastHint(m.answer.cast)
		if style.Width(hint) > w {
			hint = text.ConsoleCastShort(m.answer.cast)
		}
		if style.Width(hint) > w { // half a statement is none
			return ""
		}
		return t.Text(style.Dim, hint)
	}
	return ""
}

// fitting is the first of several wordings that has room.
func fitting(wordings []string, w int) string {
	for _, words := range wordings {
		if style.Width(words) <= w {
			return words
		}
	}
	return wordings[len(wordings)-1]
}
