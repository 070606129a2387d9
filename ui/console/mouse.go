package console

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// drawn is where the last frame has what, in rows and columns of the console.
type drawn struct {
	width   int      // of the console
	editor  int      // its first row
	pieces  []visual // the editor's rows
	body    int      // the answer's first row
	rows    int      // of the result: how many there is room for
	foot    int      // the last line
	columns int      // columns of the result that are shown
}

// Click does what a click at a place of the last frame means: the cursor goes
// there, a cell is chosen and then opened, an example is taken.
func (m *Model) Click(x, y int) tea.Cmd {
	d := m.drawn
	switch {
	case y >= d.editor && y < d.editor+len(d.pieces):
		m.given = false
		m.place(d.pieces[y-d.editor], x-gutter)
	case y == d.foot:
		m.takeOffer(x)
	case y < d.body || m.cancel != nil:
	case !m.asked:
		m.takeExample(y - d.body)
	case m.hasRows() && !m.grid.whole:
		m.pick(x, y-d.body-headRows)
	}
	return nil
}

// place puts the editor's cursor at a column of one of its rows.
func (m *Model) place(at visual, x int) {
	if at.number == "" && at.to == 0 { // below the statement
		at = visual{lineAt: len(m.editor.Lines) - 1, to: len(m.editor.Lines[len(m.editor.Lines)-1])}
		x = m.drawn.width
	}
	line := m.editor.Lines[at.lineAt]
	col := at.from
	for used := 0; col < at.to; col++ {
		if used += style.Width(string(line[col])); used > x {
			break
		}
	}
	m.toEditor()
	m.offers = nil
	m.editor.Row, m.editor.Col = at.lineAt, col
}

// pick chooses the cell at a column and a row of the result, both counted from
// the first shown; the head is above row 0. A chosen cell is opened.
func (m *Model) pick(x, row int) {
	before := m.grid
	if x >= m.drawn.width-1 && row >= 0 { // the scroll bar
		m.grid.top = row * len(m.answer.result.Rows) / max(m.drawn.rows, 1)
		m.grid.row = m.grid.top
	} else {
		m.grid.col = m.columnAt(x)
		if row >= 0 && m.grid.top+row < len(m.answer.result.Rows) {
			m.grid.row = m.grid.top + row
		}
	}
	m.follow()
	if m.inResult && row >= 0 && m.grid == before {
		m.open()
	}
	m.inResult = true
}

// columnAt is the result's column at a column of the screen, the last for what is
// behind it.
func (m *Model) columnAt(x int) int {
	at := rowIndent
	widths := m.answer.shownColumns(m.grid.left, m.drawn.width)
	for i, width := range widths {
		if at += width; x < at {
			return m.grid.left + i
		}
	}
	return m.grid.left + len(widths) - 1
}

// takeExample writes the example at a line of the welcome.
func (m *Model) takeExample(line int) {
	_, of := m.examples(style.Theme{}, m.drawn.width)
	if line >= 0 && line < len(of) && of[line] != "" {
		m.editor.Set(of[line])
		m.at = len(m.history)
	}
}

// takeOffer writes the offer at a column of the last line.
func (m *Model) takeOffer(x int) {
	if len(m.offers) < 2 {
		return
	}
	at := style.Width(text.ConsoleOffersLead)
	for i, offer := range m.offers {
		if x >= at && x < at+style.Width(offer) {
			m.replace(m.offers[m.offered], offer)
			m.offered = i
			return
		}
		at += style.Width(offer) + style.Width(text.ConsoleOffersGap)
	}
}

// examples are the welcome's lines, and the statement that each is of.
func (m *Model) examples(t style.Theme, w int) (lines, of []string) {
	lines = m.greeting(t, w)
	of = make([]string, len(lines))
	for _, example := range m.exampleStatements() {
		for _, piece := range style.Wrap(example, max(w-2, 1)) {
			lines, of = append(lines, "  "+t.Text(style.Text, piece)), append(of, example)
		}
	}
	return lines, of
}

// exampleStatements are about a table of the console's schema, if there is one.
func (m *Model) exampleStatements() []string {
	tables := m.names.tables
	if len(tables) == 0 {
		return nil
	}
	of := max(0, slices.IndexFunc(tables, func(table string) bool { return strings.HasPrefix(table, m.config.Schema+".") }))
	all := make([]string, len(text.ConsoleExamples))
	for i, example := range text.ConsoleExamples {
		all[i] = strings.ReplaceAll(example, "%s", tables[of])
	}
	return all
}
