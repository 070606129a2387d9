package ui

import (
	"unicode"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// field is a line of text that is being written.
type field struct {
	runes   []rune
	at      int
	limit   int
	given   string // what it began with, which need not be text
	changed bool
}

func newField(value string, limit int) field {
	f := field{runes: []rune(value), limit: limit, given: value}
	f.at = len(f.runes)
	return f
}

func (f *field) value() string {
	if !f.changed {
		return f.given
	}
	return string(f.runes)
}

// draw is the part of the line around the cursor that has room in w columns.
func (f *field) draw(t style.Theme, w int) string {
	before, after := text.Sanitize(string(f.runes[:f.at])), text.Sanitize(string(f.runes[f.at:]))
	if room := max(w-1-min(style.Width(after), w/3), 0); style.Width(before) > room {
		before = t.CutLeft(before, room)
	}
	after = t.Cut(after, max(w-1-style.Width(before), 0))
	return t.Text(style.Text, before) + t.Mark(style.Accent, style.Sliver) + t.Text(style.Text, after)
}

// hear takes a key; false is a key that is none of the field's.
func (f *field) hear(msg tea.KeyMsg) bool {
	before := string(f.runes)
	taken := f.take(msg)
	f.changed = f.changed || string(f.runes) != before
	return taken
}

func (f *field) take(msg tea.KeyMsg) bool {
	switch msg.String() {
	case "left", "ctrl+b":
		f.at = max(f.at-1, 0)
	case "right", "ctrl+f":
		f.at = min(f.at+1, len(f.runes))
	case "home", "ctrl+a":
		f.at = 0
	case "end", "ctrl+e":
		f.at = len(f.runes)
	case "backspace", "ctrl+h":
		if f.at > 0 {
			f.runes = append(f.runes[:f.at-1], f.runes[f.at:]...)
			f.at--
		}
	case "delete", "ctrl+d":
		if f.at < len(f.runes) {
			f.runes = append(f.runes[:f.at], f.runes[f.at+1:]...)
		}
	case "ctrl+u":
		f.runes = append([]rune{}, f.runes[f.at:]...)
		f.at = 0
	case "ctrl+w":
		from := f.at
		for from > 0 && unicode.IsSpace(f.runes[from-1]) {
			from--
		}
		for from > 0 && !unicode.IsSpace(f.runes[from-1]) {
			from--
		}
		f.runes = append(f.runes[:from], f.runes[f.at:]...)
		f.at = from
	default:
		if msg.Type != tea.KeyRunes && msg.Type != tea.KeySpace || msg.Alt {
			return false
		}
		f.insert(msg.Runes)
	}
	return true
}

// insert writes text; what is no character becomes a space.
func (f *field) insert(typed []rune) {
	for _, r := range typed {
		if len(f.runes) >= f.limit {
			return
		}
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			r = ' '
		}
		f.runes = append(f.runes[:f.at], append([]rune{r}, f.runes[f.at:]...)...)
		f.at++
	}
}
