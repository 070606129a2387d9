package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/text"
)

// entry is something that can be done now.  Footer, help, keyboard and mouse all
// read the same list, so that nothing is offered that does nothing.
type entry struct {
	binding
	does   string
	short  string // where there is less room; empty: text.Shorter's
	area   string // the help's group
	hidden bool   // in the help, not in the footer
	run    func(key string) tea.Cmd
}

// brevity is how many words an entry gets.
type brevity int

// bare leaves the way back without words: esc is known for it.
const (
	full brevity = iota
	short
	bare
)

func (e entry) label(words brevity) string {
	switch {
	case words == bare && e.label(short) == text.BackShort:
		return ""
	case words >= short && e.short != "":
		return e.short
	case words >= short:
		return text.Shorter(e.does)
	}
	return e.does
}

// find gives the entry that a key means now.
func find(entries []entry, key string) (entry, bool) {
	for _, e := range entries {
		if e.run != nil && e.has(key) {
			return e, true
		}
	}
	return entry{}, false
}
