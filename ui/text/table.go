package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Column is the head of a table's column. Numbers stand at the right.
type Column struct {
	Title   string
	Kind    string // the type below the title; empty when no column has one
	Numbers bool
}

// Cell is one value. NULL is not the empty text, and the text NULL is neither.
type Cell struct {
	Text string
	Null bool
}

// Table draws rows under their columns with one rule between, as wide as it has
// to be: nothing is cut, and the terminal wraps what does not fit. Values come
// from data and are made safe here.
func Table(columns []Column, rows [][]Cell) string {
	lines := [][]string{titles(columns)}
	if kinds, any := kindsOf(columns); any {
		lines = append(lines, kinds)
	}
	rule := len(lines)
	for _, row := range rows {
		line := make([]string, len(row))
		for i, cell := range row {
			line[i] = cell.shown()
		}
		lines = append(lines, line)
	}
	widths := widest(len(columns), lines)
	var out strings.Builder
	for i, line := range lines {
		if i == rule {
			writeRule(&out, widths)
		}
		writeLine(&out, columns, widths, line)
	}
	if len(rows) == 0 {
		writeRule(&out, widths)
	}
	return out.String()
}

const gap = "  "

func (c Cell) shown() string {
	switch {
	case c.Null:
		return "NULL"
	case c.Text == "", c.Text == "NULL":
		return "'" + c.Text + "'"
	default:
		return Sanitize(c.Text)
	}
}

func titles(columns []Column) []string {
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = Sanitize(c.Title)
	}
	return line
}

func kindsOf(columns []Column) (line []string, any bool) {
	line = make([]string, len(columns))
	for i, c := range columns {
		line[i] = Sanitize(c.Kind)
		any = any || c.Kind != ""
	}
	return line, any
}

func widest(columns int, lines [][]string) []int {
	widths := make([]int, columns)
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], Width(cell))
		}
	}
	return widths
}

func writeRule(out *strings.Builder, widths []int) {
	for i, w := range widths {
		if i > 0 {
			out.WriteString(gap)
		}
		out.WriteString(strings.Repeat("-", w))
	}
	out.WriteByte('\n')
}

func writeLine(out *strings.Builder, columns []Column, widths []int, line []string) {
	var text strings.Builder
	for i, cell := range line {
		if i > 0 {
			text.WriteString(gap)
		}
		padding := strings.Repeat(" ", widths[i]-Width(cell))
		if columns[i].Numbers {
			text.WriteString(padding + cell)
		} else {
			text.WriteString(cell + padding)
		}
	}
	out.WriteString(strings.TrimRight(text.String(), " "))
	out.WriteByte('\n')
}

// Width is how many cells of a terminal s takes: accents put on a letter take
// none, East Asian characters and emoji two.
func Width(s string) int {
	cells := 0
	for _, r := range s {
		cells += runeWidth(r)
	}
	return cells
}

func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
