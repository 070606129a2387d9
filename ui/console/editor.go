package console

import (
	"strings"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
)

// editor is a text of several lines and where one writes in it. There is always
// at least one line.
type editor struct {
	lines    [][]rune
	row, col int // the cursor: before the col-th character
}

// limitRunes is the longest statement.
const limitRunes = 100_000

func (e *editor) set(text string) {
	e.lines = nil
	for _, line := range strings.Split(text, "\n") {
		e.lines = append(e.lines, []rune(clean(line)))
	}
	e.row = len(e.lines) - 1
	e.col = len(e.lines[e.row])
}

func (e *editor) text() string {
	lines := make([]string, len(e.lines))
	for i, line := range e.lines {
		lines[i] = string(line)
	}
	return strings.Join(lines, "\n")
}

// clean turns what is no character into a space.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
}

// insert writes text, of one line or more, at the cursor.
func (e *editor) insert(text string) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if len(text) > limitRunes-len(e.text()) {
		return
	}
	rest := append([]rune{}, e.lines[e.row][e.col:]...)
	e.lines[e.row] = e.lines[e.row][:e.col:e.col]
	for i, part := range strings.Split(text, "\n") {
		if i > 0 {
			e.row++
			e.lines = append(e.lines[:e.row:e.row], append([][]rune{nil}, e.lines[e.row:]...)...)
		}
		e.lines[e.row] = append(e.lines[e.row], []rune(clean(part))...)
	}
	e.col = len(e.lines[e.row])
	e.lines[e.row] = append(e.lines[e.row], rest...)
}

// backspace deletes the n characters before the cursor, or joins two lines.
func (e *editor) backspace(n int) {
	if e.col == 0 && e.row > 0 {
		e.col = len(e.lines[e.row-1])
		e.lines[e.row-1] = append(e.lines[e.row-1], e.lines[e.row]...)
		e.lines = append(e.lines[:e.row], e.lines[e.row+1:]...)
		e.row--
		return
	}
	n = min(n, e.col)
	e.lines[e.row] = append(e.lines[e.row][:e.col-n], e.lines[e.row][e.col:]...)
	e.col -= n
}

// hear takes a key; false is one that is none of the editor's, or would move the
// cursor out of the text.
func (e *editor) hear(key tea.KeyMsg) bool {
	line := e.lines[e.row]
	switch key.String() {
	case "left", "ctrl+b":
		e.left()
	case "right", "ctrl+f":
		e.right()
	case "up":
		if e.row == 0 {
			return false
		}
		e.row--
		e.col = min(e.col, len(e.lines[e.row]))
	case "down":
		if e.row == len(e.lines)-1 {
			return false
		}
		e.row++
		e.col = min(e.col, len(e.lines[e.row]))
	case "home", "ctrl+a":
		e.col = 0
	case "end", "ctrl+e":
		e.col = len(line)
	case "ctrl+home":
		e.row, e.col = 0, 0
	case "ctrl+end":
		e.row = len(e.lines) - 1
		e.col = len(e.lines[e.row])
	case "ctrl+left", "alt+b":
		e.col -= wordBefore(line[:e.col])
	case "ctrl+right", "alt+f":
		e.col += wordAfter(line[e.col:])
	case "backspace", "ctrl+h":
		e.backspace(1)
	case "delete", "ctrl+d":
		if at := *e; at.right() {
			*e = at
			e.backspace(1)
		}
	case "ctrl+w", "alt+backspace":
		e.backspace(max(wordBefore(line[:e.col]), 1))
	case "ctrl+u":
		e.backspace(max(e.col, 1))
	case "ctrl+k":
		e.lines[e.row] = line[:e.col]
	case "enter", "ctrl+j":
		e.insert("\n")
	default:
		if key.Type != tea.KeyRunes && key.Type != tea.KeySpace || key.Alt {
			return false
		}
		e.insert(string(key.Runes))
	}
	return true
}

func (e *editor) left() {
	switch {
	case e.col > 0:
		e.col--
	case e.row > 0:
		e.row--
		e.col = len(e.lines[e.row])
	}
}

func (e *editor) right() bool {
	switch {
	case e.col < len(e.lines[e.row]):
		e.col++
	case e.row < len(e.lines)-1:
		e.row, e.col = e.row+1, 0
	default:
		return false
	}
	return true
}

// wordBefore is how many characters go back to the start of a word.
func wordBefore(line []rune) int {
	i := len(line)
	for i > 0 && !isWord(line[i-1]) {
		i--
	}
	for i > 0 && isWord(line[i-1]) {
		i--
	}
	return len(line) - i
}

func wordAfter(line []rune) int {
	i := 0
	for i < len(line) && !isWord(line[i]) {
		i++
	}
	for i < len(line) && isWord(line[i]) {
		i++
	}
	return i
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
