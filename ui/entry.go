package ui

import tea "github.com/charmbracelet/bubbletea"

// entry is something that can be done now.  Footer, help, keyboard and mouse all
// read the same list, so that nothing is offered that does nothing.
type entry struct {
	binding
	does   string
	short  string // for narrow footers; empty: does
	area   string // the help's group
	hidden bool   // in the help, not in the footer
	run    func(key string) tea.Cmd
}

func (e entry) label(narrow bool) string {
	if narrow && e.short != "" {
		return e.short
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
