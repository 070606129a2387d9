// Package editor is a text of several lines that is being written: the statement of the
// console, an answer in the student's own words. It knows keys and no screen; who draws
// it asks for its lines, or for them wrapped to a width.
package editor

import (
	"strings"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
)

// Text is a text of several lines and where one writes in it. Once it is Set there is
// always at least one line.
type Text struct {
	Lines    [][]rune
	Row, Col int // the cursor: before the Col-th character of that line
	Limit    int // the most bytes; 0: LongestText
}

// LongestText is how long a text may be that has no limit of its own.
const LongestText = 100_000

// Set begins with a text, the cursor at its end.
func (e *Text) Set(text string) {
	e.Lines = nil
	for _, line := range strings.Split(text, "\n") {
		e.Lines = append(e.Lines, []rune(clean(line)))
	}
	e.Row = len(e.Lines) - 1
	e.Col = len(e.Lines[e.Row])
}

// String is the text, its lines parted by line breaks.
func (e *Text) String() string {
	lines := make([]string, len(e.Lines))
	for i, line := range e.Lines {
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

// Insert writes text, of one line or more, at the cursor. What is longer than there is
// room for is left out whole.
func (e *Text) Insert(text string) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	limit := e.Limit
	if limit == 0 {
		limit = LongestText
	}
	if len(text) > limit-len(e.String()) {
		return
	}
	rest := append([]rune{}, e.Lines[e.Row][e.Col:]...)
	e.Lines[e.Row] = e.Lines[e.Row][:e.Col:e.Col]
	for i, part := range strings.Split(text, "\n") {
		if i > 0 {
			e.Row++
			e.Lines = append(e.Lines[:e.Row:e.Row], append([][]rune{nil}, e.Lines[e.Row:]...)...)
		}
		e.Lines[e.Row] = append(e.Lines[e.Row], []rune(clean(part))...)
	}
	e.Col = len(e.Lines[e.Row])
	e.Lines[e.Row] = append(e.Lines[e.Row], rest...)
}

// Backspace deletes the n characters before the cursor, or joins two lines.
func (e *Text) Backspace(n int) {
	if e.Col == 0 && e.Row > 0 {
		e.Col = len(e.Lines[e.Row-1])
		e.Lines[e.Row-1] = append(e.Lines[e.Row-1], e.Lines[e.Row]...)
		e.Lines = append(e.Lines[:e.Row], e.Lines[e.Row+1:]...)
		e.Row--
		return
	}
	n = min(n, e.Col)
	e.Lines[e.Row] = append(e.Lines[e.Row][:e.Col-n], e.Lines[e.Row][e.Col:]...)
	e.Col -= n
}

// Hear takes a key; false is one that is none of the editor's, or would move the
// cursor out of the text.
func (e *Text) Hear(key tea.KeyMsg) bool {
	line := e.Lines[e.Row]
	switch key.String() {
	case "left", "ctrl+b":
		e.left()
	case "right", "ctrl+f":
		e.right()
	case "up":
		if e.Row == 0 {
			return false
		}
		e.Row--
		e.Col = min(e.Col, len(e.Lines[e.Row]))
	case "down":
		if e.Row == len(e.Lines)-1 {
			return false
		}
		e.Row++
		e.Col = min(e.Col, len(e.Lines[e.Row]))
	case "home", "ctrl+a":
		e.Col = 0
	case "end", "ctrl+e":
		e.Col = len(line)
	case "ctrl+home":
		e.Row, e.Col = 0, 0
	case "ctrl+end":
		e.Row = len(e.Lines) - 1
		e.Col = len(e.Lines[e.Row])
	case "ctrl+left", "alt+b":
		e.Col -= wordBefore(line[:e.Col])
	case "ctrl+right", "alt+f":
		e.Col += wordAfter(line[e.Col:])
	case "backspace", "ctrl+h":
		e.Backspace(1)
	case "delete", "ctrl+d":
		if at := *e; at.right() {
			*e = at
			e.Backspace(1)
		}
	case "ctrl+w", "alt+backspace":
		e.Backspace(max(wordBefore(line[:e.Col]), 1))
	case "ctrl+u":
		e.Backspace(max(e.Col, 1))
	case "ctrl+k":
		e.Lines[e.Row] = line[:e.Col]
	case "enter", "ctrl+j":
		e.Insert("\n")
	default:
		if key.Type != tea.KeyRunes && key.Type != tea.KeySpace || key.Alt {
			return false
		}
		e.Insert(string(key.Runes))
	}
	return true
}

func (e *Text) left() {
	switch {
	case e.Col > 0:
		e.Col--
	case e.Row > 0:
		e.Row--
		e.Col = len(e.Lines[e.Row])
	}
}

func (e *Text) right() bool {
	switch {
	case e.Col < len(e.Lines[e.Row]):
		e.Col++
	case e.Row < len(e.Lines)-1:
		e.Row, e.Col = e.Row+1, 0
	default:
		return false
	}
	return true
}

// wordBefore is how many characters go back to the start of a word.
func wordBefore(line []rune) int {
	i := len(line)
	for i > 0 && !IsWord(line[i-1]) {
		i--
	}
	for i > 0 && IsWord(line[i-1]) {
		i--
	}
	return len(line) - i
}

func wordAfter(line []rune) int {
	i := 0
	for i < len(line) && !IsWord(line[i]) {
		i++
	}
	for i < len(line) && IsWord(line[i]) {
		i++
	}
	return i
}

// IsWord tells what is part of a word or a name.
func IsWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
