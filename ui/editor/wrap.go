package editor

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// Row is a part of a line that is as wide as there is room for: its characters from
// From to To.
type Row struct{ Line, From, To int }

// Wrapped is the text in rows of at most w columns, broken behind a space where there is
// one, and the row in which the cursor is. No character is left out, so that every place
// of the text is one of the screen.
func (e *Text) Wrapped(w int) (rows []Row, cursor int) {
	for i, line := range e.Lines {
		from := 0
		for {
			to := breakLine(line, from, max(w, 1))
			if last := to == len(line); e.Row == i && e.Col >= from && (e.Col < to || last) {
				cursor = len(rows)
			}
			rows = append(rows, Row{i, from, to})
			if to == len(line) {
				break
			}
			from = to
		}
	}
	return rows, cursor
}

// breakLine is where the row that begins at from ends.
func breakLine(line []rune, from, w int) int {
	used, space := 0, -1
	for at := from; at < len(line); at++ {
		if used += ansi.StringWidth(string(line[at])); used > w && !unicode.IsSpace(line[at]) {
			switch {
			case space >= 0:
				return space
			case at > from:
				return at
			}
			return from + 1
		}
		if unicode.IsSpace(line[at]) {
			space = at + 1
		}
	}
	return len(line)
}

// MoveRows takes the cursor up or down by rows of w columns. False where there is none.
func (e *Text) MoveRows(by, w int) bool {
	rows, at := e.Wrapped(w)
	to := at + by
	if to < 0 || to >= len(rows) {
		return false
	}
	column := ansi.StringWidth(string(e.Lines[e.Row][rows[at].From:e.Col]))
	e.Place(rows[to], column)
	if end := rows[to].To; e.Col == end && end < len(e.Lines[e.Row]) {
		e.Col-- // behind its last character is the next row
	}
	return true
}

// Place puts the cursor at a column of a row.
func (e *Text) Place(row Row, column int) {
	line, col := e.Lines[row.Line], row.From
	for used := 0; col < row.To; col++ {
		if used += ansi.StringWidth(string(line[col])); used > column {
			break
		}
	}
	e.Row, e.Col = row.Line, col
}

// Lines is a text in rows of at most w columns, as they are seen while it is written.
func Lines(text string, w int) []string {
	e := &Text{}
	e.Set(text)
	rows, _ := e.Wrapped(w)
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = strings.TrimRight(string(e.Lines[row.Line][row.From:row.To]), " \t") // the space at which a row is broken may be beyond w
	}
	return lines
}
