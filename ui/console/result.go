package console

import (
	"regexp"
	"strings"
	"time"

	"autoloaderlab/engine/query"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// answer is what a statement came to: a result, or an error.
type answer struct {
	result  *query.Result
	err     error
	took    time.Duration
	version *int64 // the version that was asked, when it is one table's newest
	widths  []int  // of the columns, uncut
	cast    string // a STRING column of decimal numbers, ""
}

// sampled is how many rows are looked at for what is said of a column.
const sampled = 1000

// measure works out what drawing needs. A result may be long, so it is not done
// while drawing.
func (a *answer) measure() {
	if a.result == nil {
		return
	}
	for col, column := range a.result.Columns {
		width := max(style.Width(text.Sanitize(text.ColumnTitle(column.Name))), style.Width(text.Sanitize(column.Type)))
		for row := range a.result.Rows {
			width = max(width, style.Width(a.cell(row, col)))
		}
		a.widths = append(a.widths, width)
		if a.cast == "" && column.Type == "STRING" && a.allDecimals(col) {
			a.cast = column.Name
		}
	}
}

var decimal = regexp.MustCompile(`^[+-]?\d+\.\d+$`)

func (a *answer) allDecimals(col int) bool {
	found := false
	for row := range min(len(a.result.Rows), sampled) {
		switch value, isNull := a.result.Text(row, col); {
		case isNull || value == "":
		case !decimal.MatchString(value):
			return false
		default:
			found = true
		}
	}
	return found
}

// cell is a value as it is shown: NULL, the empty text and the text «NULL» differ.
func (a *answer) cell(row, col int) string {
	value, isNull := a.result.Text(row, col)
	switch {
	case isNull:
		return "NULL"
	case value == "", value == "NULL":
		return "'" + value + "'"
	default:
		return text.Sanitize(value)
	}
}

// faint tells whether a value is no data: NULL and the empty text.
func (a *answer) faint(row, col int) bool {
	value, isNull := a.result.Text(row, col)
	return isNull || value == ""
}

// numeric tells whether a column's values stand at the right.
func numeric(kind string) bool {
	name, _, _ := strings.Cut(kind, "(")
	switch name {
	case "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL":
		return true
	}
	return false
}

// grid is where one is in a result.
type grid struct {
	row, col  int // the cell with the cursor
	top, left int // the first row and column shown
	whole     bool
	scroll    int // of the whole row
	below     int // lines of the whole row that the last frame had no room for
}

func (g *grid) scrollWhole(by int) { g.scroll = max(min(g.scroll+by, g.scroll+g.below), 0) }

// headRows are the lines above the rows: names, types, a rule.
const headRows = 3

// rowIndent is the space before the first column.
const rowIndent = 3

// widestColumn bounds a column, so that a long value does not hide the others;
// enter shows it whole.
const widestColumn = 40

// shownColumns are the columns from left on that fit into w, at least one, and
// the width that each gets.
func (a *answer) shownColumns(left, w int) []int {
	room := w - rowIndent - 2 // and the scroll bar
	gap := 2
	wanted := make([]int, len(a.widths)-left)
	for i := range wanted {
		wanted[i] = min(a.widths[left+i], widestColumn)
	}
	if len(wanted) == 1 { // alone it has all the room
		wanted[0] = a.widths[left]
	}
	if total := sum(wanted) + 3*(len(a.widths)-left-1); total <= room {
		gap = 3
	}
	var widths []int
	for _, width := range wanted {
		if len(widths) > 0 {
			room -= gap
		}
		if width > room {
			if len(widths) == 0 {
				widths = append(widths, max(room, 1))
			}
			break
		}
		widths = append(widths, width)
		room -= width
	}
	for i := range widths {
		if i < len(widths)-1 {
			widths[i] += gap
		}
	}
	return widths
}

func sum(values []int) (total int) {
	for _, v := range values {
		total += v
	}
	return total
}

// follow brings the cursor's row among the shown ones.
func (g *grid) follow(rows, shown int) {
	g.row = max(min(g.row, rows-1), 0)
	g.top = max(min(g.top, g.row), g.row-shown+1, 0)
	g.top = max(min(g.top, rows-shown), 0)
}

// followColumn brings the cursor's column among the ones shown in w columns.
func (g *grid) followColumn(a answer, w int) {
	g.col = max(min(g.col, len(a.widths)-1), 0)
	g.left = min(g.left, g.col)
	for g.left < g.col && g.left+len(a.shownColumns(g.left, w)) <= g.col {
		g.left++
	}
}

// drawGrid draws head and rows in exactly h lines.
func (m *Model) drawGrid(t style.Theme, w, h int) []string {
	a, g := m.answer, m.grid
	widths := a.shownColumns(g.left, w)
	names, kinds := m.drawHead(t, widths)
	lines := []string{names, kinds, t.Mark(style.Line, strings.Repeat(style.RuleToDo, max(w-2, 0)))}
	shown := max(h-len(lines), 0)
	for i := range min(shown, len(a.result.Rows)-g.top) {
		line := m.drawRow(t, g.top+i, widths, max(w-2, 0))
		if bar := scrollBar(t, i, g.top, shown, len(a.result.Rows)); bar != "" {
			line = t.Pad(line, w-1) + bar
		}
		lines = append(lines, line)
	}
	return lines
}

// drawHead draws the columns' names and types; a sign before its name says which
// column has the cursor.
func (m *Model) drawHead(t style.Theme, widths []int) (names, kinds string) {
	a, g := m.answer, m.grid
	names, kinds = strings.Repeat(" ", rowIndent-1), strings.Repeat(" ", rowIndent)
	for i, width := range widths {
		column, last, natural := a.result.Columns[g.left+i], i == len(widths)-1, a.widths[g.left+i]
		name, before := t.Text(style.Strong, text.Sanitize(text.ColumnTitle(column.Name))), " "
		if m.inResult && g.left+i == g.col {
			name, before = t.Bold(style.Accent, text.Sanitize(text.ColumnTitle(column.Name))), t.Mark(style.Accent, style.Current)
			if numeric(column.Type) && style.Width(name) < min(natural, widestColumn) { // at the name, not at the column
				name, before = before+name, " "
			}
		}
		nameWidth := width
		if !last {
			nameWidth-- // the gap's last column is for the next one's sign
		}
		names += before + placer(t, column.Type, nameWidth, !last, natural)(name)
		kinds += placer(t, column.Type, width, !last, natural)(t.Text(style.Dim, text.Sanitize(column.Type)))
	}
	return names, kinds
}

// placer pads a value to its column: numbers to the right, the gap behind.
func placer(t style.Theme, kind string, width int, gapped bool, natural int) func(string) string {
	inner := min(natural, width)
	if gapped {
		inner = min(natural, widestColumn)
	}
	return func(value string) string {
		value = t.Cut(value, inner)
		if numeric(kind) {
			value = t.PadLeft(value, inner)
		}
		if !gapped {
			return value
		}
		return t.Pad(value, width)
	}
}

func (m *Model) drawRow(t style.Theme, row int, widths []int, w int) string {
	a, g := m.answer, m.grid
	role, sign := style.Text, strings.Repeat(" ", rowIndent)
	if m.inResult && row == g.row {
		t = t.On(style.Selected)
		role, sign = style.Strong, t.Mark(style.Accent, style.Focus)+t.Fill(rowIndent-1)
	}
	line := sign
	for i, width := range widths {
		col := g.left + i
		painted := t.Text(role, a.cell(row, col))
		switch {
		case m.inResult && row == g.row && col == g.col:
			painted = t.Bold(style.Accent, a.cell(row, col))
		case a.faint(row, col):
			painted = t.Text(style.Dim, a.cell(row, col))
		}
		line += placer(t, a.result.Columns[col].Type, width, i < len(widths)-1, a.widths[col])(painted)
	}
	if m.inResult && row == g.row {
		return t.Pad(line, w)
	}
	return line
}

// scrollBar is the piece of the bar beside the i-th shown row; "" when all rows
// are shown.
func scrollBar(t style.Theme, i, top, shown, rows int) string {
	if rows <= shown || shown == 0 {
		return ""
	}
	thumb := max(shown*shown/rows, 1)
	at := 0
	if rows > shown {
		at = top * (shown - thumb) / (rows - shown)
	}
	if i >= at && i < at+thumb {
		return t.Mark(style.Accent, style.Thumb)
	}
	return t.Mark(style.Line, style.Vertical)
}

// drawWhole draws one row as a list of its columns, nothing cut.
func (m *Model) drawWhole(t style.Theme, w, h int) []string {
	a := m.answer
	lines := []string{"   " + t.Text(style.Strong, text.ConsoleRow(m.grid.row+1, len(a.result.Rows))), ""}
	for col, column := range a.result.Columns {
		lines = append(lines, "   "+t.Text(style.Strong, text.Sanitize(text.ColumnTitle(column.Name)))+"  "+t.Text(style.Dim, text.Sanitize(column.Type)))
		role := style.Text
		if a.faint(m.grid.row, col) {
			role = style.Dim
		}
		for _, piece := range pieces(a.cell(m.grid.row, col), max(w-6, 1)) {
			lines = append(lines, "     "+t.Text(role, piece))
		}
	}
	most := max(len(lines)-h, 0)
	m.grid.scroll = min(m.grid.scroll, most)
	from := m.grid.scroll
	m.grid.below = most - from
	lines = lines[from:]
	if most > from && h > 0 {
		lines = append(lines[:h-1:h-1], "   "+t.Text(style.Dim, text.MoreBelow(most-from+1)))
	}
	return lines
}

// pieces cuts a long value into lines, wherever that falls: nothing of it is lost.
func pieces(value string, w int) []string {
	var all []string
	var line strings.Builder
	used := 0
	for _, r := range value {
		width := style.Width(string(r))
		if used+width > w && used > 0 {
			all = append(all, line.String())
			line.Reset()
			used = 0
		}
		line.WriteRune(r)
		used += width
	}
	return append(all, line.String())
}

// cutValues counts the shown values that are longer than their column.
func (a *answer) cutValues(g grid, w, shown int) (n int) {
	for i, width := range a.shownColumns(g.left, w) {
		width = min(width, widestColumn) // without the gap
		if a.widths[g.left+i] <= width {
			continue
		}
		for row := g.top; row < min(g.top+shown, len(a.result.Rows)); row++ {
			if style.Width(a.cell(row, g.left+i)) > width {
				n++
			}
		}
	}
	return n
}
