package ui

// live is a load that is drawn while it runs.
type live struct {
	entriesNow func() []entry
	draw       func(w, h int) string
}

func (l *live) entries() []entry     { return l.entriesNow() }
func (l *live) view(w, h int) string { return l.draw(w, h) }
