package disk

import (
	"strconv"
	"strings"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// Explanation is a file explained: what it is, its lines with what they mean, and
// what one would see in Databricks. It is a value, made by Explain.
type Explanation struct {
	Memory Memory
	Gone   bool // it lies in the trash
	Title  string
	About  string // at the right of the title: lines, size
	Lead   string
	Parts  []Part
	// Databricks is the last sentence.
	Databricks string
}

// Part is a piece of the file and its notes.
type Part struct {
	Number int      // of the line; 0 for none
	Atoms  [][]span // the piece itself, breakable between atoms
	Notes  []Note
	Grid   *Grid
	More   string // dim, behind the part: what is not shown
	Tight  bool   // no blank line in front
}

// Note is what one field means.
type Note struct{ Field, Text string }

// Grid is a table of text.
type Grid struct {
	Columns []GridColumn
	Rows    [][]string // "\x00" is NULL
}

// GridColumn is a column of a Grid.
type GridColumn struct {
	Name  string
	Right bool // numbers
}

// null stands for NULL in a Grid: no text that was made safe to print holds it.
const null = "\x00"

const (
	rawIndent   = 4  // columns in front of a piece: its line number
	fieldColumn = 16 // columns for a field's name, at least
	proseWidth  = 66
)

// lines draws the explanation in w columns, without the last sentence.
func (e Explanation) lines(t style.Theme, w int) []string {
	var lines []string
	if e.Lead != "" {
		lines = append(lines, prose(t, style.Text, e.Lead, min(w, proseWidth), "")...)
		lines = append(lines, "")
	}
	column := e.fieldWidth(w)
	for i, part := range e.Parts {
		if i > 0 && !part.Tight && len(lines) > 0 && lines[len(lines)-1] != "" {
			lines = append(lines, "")
		}
		lines = append(lines, part.lines(t, w, column)...)
	}
	return lines
}

func (e Explanation) fieldWidth(w int) int {
	column := fieldColumn
	for _, part := range e.Parts {
		for _, note := range part.Notes {
			column = max(column, min(style.Width(note.Field)+2, w/3))
		}
	}
	return column
}

// databricks is the last sentence, in lines.
func (e Explanation) databricks(t style.Theme, w int) []string {
	if e.Databricks == "" {
		return nil
	}
	return prose(t, style.Dim, e.Databricks, min(w, proseWidth), "")
}

func (p Part) lines(t style.Theme, w, column int) []string {
	var lines []string
	if len(p.Atoms) > 0 {
		lines = append(lines, block(t, p.Number, p.Atoms, w)...)
	}
	for _, note := range p.Notes {
		lines = append(lines, note.lines(t, w, column)...)
	}
	if p.Grid != nil {
		lines = append(lines, p.Grid.lines(t, w)...)
	}
	if p.More != "" {
		lines = append(lines, indent(prose(t, style.Dim, p.More, min(w-rawIndent, proseWidth), ""), rawIndent)...)
	}
	return lines
}

func indent(lines []string, columns int) []string {
	for i, line := range lines {
		lines[i] = strings.Repeat(" ", columns) + line
	}
	return lines
}

// block draws a piece of the file on the surface of code, broken between its atoms.
func block(t style.Theme, number int, atoms [][]span, w int) []string {
	t = t.On(style.Code)
	label := ""
	if number > 0 {
		label = strconv.Itoa(number)
	}
	var lines []string
	room := max(w-rawIndent, 1)
	line, width := "", 0
	flush := func() {
		head := t.Fill(rawIndent)
		if len(lines) == 0 {
			head = t.Text(style.Dim, strings.Repeat(" ", max(2-len(label), 0))+label) + t.Fill(rawIndent-max(len(label), 2))
		}
		lines = append(lines, t.Pad(head+line, w))
		line, width = t.Fill(2), 2
	}
	for _, atom := range atoms {
		size := 0
		for _, s := range atom {
			size += style.Width(s.text)
		}
		if width > 2 && width+size > room {
			flush()
		}
		for _, s := range atom {
			for _, piece := range pieces(s.text, room-width, room-2) {
				if style.Width(piece)+width > room && width > 2 {
					flush()
				}
				line += paint(t, s, piece)
				width += style.Width(piece)
			}
		}
	}
	flush()
	return lines
}

// pieces cuts a text that is too long for a line: the first piece fits first columns,
// the others rest.
func pieces(s string, first, rest int) []string {
	if style.Width(s) <= max(first, rest) {
		return []string{s}
	}
	var out []string
	limit := first
	var piece strings.Builder
	width := 0
	for _, r := range s {
		size := style.Width(string(r))
		if width+size > max(limit, 1) && width > 0 {
			out = append(out, piece.String())
			piece.Reset()
			width, limit = 0, rest
		}
		piece.WriteRune(r)
		width += size
	}
	return append(out, piece.String())
}

func paint(t style.Theme, s span, words string) string {
	if s.bold {
		return t.Text(style.Strong, words)
	}
	return t.Text(s.role, words)
}

func (n Note) lines(t style.Theme, w, column int) []string {
	label := t.Text(style.Dim, t.Cut(n.Field, max(w-rawIndent, 0)))
	from := rawIndent + column
	if room := w - from; room >= 24 {
		lines := prose(t, style.Text, n.Text, min(room, proseWidth), "")
		for i := range lines {
			lines[i] = strings.Repeat(" ", from) + lines[i]
		}
		if len(lines) == 0 {
			lines = []string{""}
		}
		lines[0] = t.Pad(strings.Repeat(" ", rawIndent)+label, from) + strings.TrimPrefix(lines[0], strings.Repeat(" ", from))
		return lines
	}
	const step = rawIndent + 2
	lines := []string{strings.Repeat(" ", rawIndent) + label}
	return append(lines, indent(prose(t, style.Text, n.Text, max(w-step, 1), ""), step)...)
}

// prose wraps and paints running text: a memory's sign and the word joined to it take
// the memory's hue, up to the stop or comma behind it.
func prose(t style.Theme, role style.Role, words string, w int, before string) []string {
	var lines []string
	for _, line := range style.Wrap(words, w) {
		var painted []string
		for _, word := range strings.Split(line, " ") {
			painted = append(painted, proseWord(t, role, word))
		}
		lines = append(lines, before+strings.Join(painted, t.Text(role, " ")))
	}
	return lines
}

func proseWord(t style.Theme, role style.Role, word string) string {
	for _, memory := range memories {
		for _, there := range []bool{true, false} {
			sign := memory.sign(there)
			start := strings.Index(word, sign+text.Space)
			if start < 0 {
				continue
			}
			name := word[start+len(sign)+len(text.Space):]
			end := len(strings.TrimRight(name, ".,;:)?!»"))
			return t.Text(role, word[:start]) + t.Mark(memory.role(), sign) + t.Text(memory.role(), text.Space+name[:end]) + t.Text(role, name[end:])
		}
	}
	return t.Text(role, word)
}

// lines draws a table. Columns that do not fit are counted in the last line.
func (g Grid) lines(t style.Theme, w int) []string {
	widths := make([]int, len(g.Columns))
	for i, column := range g.Columns {
		widths[i] = style.Width(column.Name)
		for _, row := range g.Rows {
			if i < len(row) {
				widths[i] = max(widths[i], style.Width(shown(row[i])))
			}
		}
		widths[i] = min(widths[i], 40, max(w-rawIndent, 1))
	}
	fit, used := 0, rawIndent
	for fit < len(widths) && (fit == 0 || used+widths[fit] <= w) {
		used += widths[fit] + 2
		fit++
	}
	cells := func(t style.Theme, role style.Role, values []string) string {
		line := strings.Repeat(" ", rawIndent)
		for i := range fit {
			value := ""
			if i < len(values) {
				value = values[i]
			}
			of := role
			if value == null {
				of = style.Dim
			}
			pad := t.Pad
			if g.Columns[i].Right {
				pad = t.PadLeft
			}
			line += pad(t.Text(of, t.Cut(shown(value), widths[i])), widths[i])
			if i+1 < fit {
				line += "  "
			}
		}
		return line
	}
	names := make([]string, len(g.Columns))
	for i, column := range g.Columns {
		names[i] = column.Name
	}
	lines := []string{cells(t, style.Dim, names)}
	for _, row := range g.Rows {
		lines = append(lines, cells(t, style.Text, row))
	}
	if fit < len(g.Columns) {
		lines = append(lines, t.Cut(strings.Repeat(" ", rawIndent)+t.Text(style.Dim, text.DiskMoreColumns(int64(len(g.Columns)-fit))), w))
	}
	return lines
}

func shown(value string) string {
	if value == null {
		return "NULL"
	}
	return value
}
