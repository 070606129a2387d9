package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// glossary is a list of terms in which letters look for a word.
type glossary struct {
	*list
	wanted field
}

// wordLimit is how long a word to look for may be.
const wordLimit = 30

func newGlossary(m *Model) overlay {
	g := &glossary{list: &list{m: m, focus: -1}, wanted: newField("", wordLimit)}
	g.fill()
	return g
}

// fill lists the terms that the word to look for is in.
func (g *glossary) fill() {
	g.rows, g.top = nil, 0
	terms := text.Terms(g.wanted.value())
	for _, term := range terms {
		g.rows = append(g.rows, listRow{heading: true, words: term.Name}, listRow{prose: true, words: term.Means})
	}
	if len(terms) == 0 {
		g.rows = []listRow{{prose: true, words: text.NoSuchTerm}}
	}
}

func (g *glossary) typing() bool { return true }

func (g *glossary) entries() []entry {
	back := entry{binding: binding{"esc", []string{"esc", "enter"}}, does: text.Back, run: func(string) tea.Cmd { g.m.close(); return nil }}
	if g.wanted.value() != "" {
		back.does, back.run = text.AllTerms, func(string) tea.Cmd { g.wanted = newField("", wordLimit); g.fill(); return nil }
	}
	return []entry{back, {binding: keyUpDown, does: text.MoveLabel}}
}

func (g *glossary) update(msg tea.KeyMsg) tea.Cmd {
	switch name := msg.String(); {
	case name == "up" || name == "down" || name == "pgup" || name == "pgdown" || name == " " && g.wanted.value() == "":
		return g.list.update(msg)
	default:
		if e, found := find(g.entries(), name); found {
			return e.run(name)
		}
		if before := g.wanted.value(); g.wanted.hear(msg) && g.wanted.value() != before {
			g.fill()
		}
	}
	return nil
}

func (g *glossary) click(_, _ int) tea.Cmd { return nil }

// view has the word to look for beside the title.
func (g *glossary) view(w, h int) []string {
	t := g.m.theme
	out := g.list.view(w, h)
	look := t.Text(style.Dim, text.TypeToFind)
	if word := g.wanted.value(); word != "" {
		look = t.Text(style.Strong, t.CutLeft(strings.TrimLeft(word, " "), w/3)) + t.Mark(style.Accent, style.Sliver)
	}
	right := ""
	if rest := g.below(w - 2); rest > 0 {
		right = text.MoreBelow(rest)
	}
	out[0] = " " + t.Row(t.Title(text.GlossaryTitle)+"  "+look, t.Text(style.Dim, right), w-2)
	return out
}

// below counts the lines that there is no room for.
func (g *glossary) below(w int) int {
	lines, _ := g.draw(w)
	return len(lines) - g.top - g.h
}
