package lesson

import (
	"slices"
	"strings"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/style"
)

// saving is what a page leaves out, or folds behind a key, so that there is room for
// what it must show: a question with all its options, or the verdict with its reason
// and its evidence.
type saving struct {
	note   bool // the dim sentence at the end
	air    int  // blank lines: 1 those within a part, 2 all
	code   int  // how many lines of a cell are shown, or whole
	heads  int  // of how many cells the head alone is shown
	text   int  // how many lines of the prose are shown; whole, or 0: its title alone
	why    bool // the field for the reason may be further down
	others bool // the options that were not chosen
	reason bool // the reason from its second paragraph on
	idea   bool // the answer to the student's own idea
}

// whole is all the lines there are.
const whole = -1

// economy is one thing that can be left out; a cheap one goes before anything has to
// be scrolled, a dear one only for what must be shown.
type economy struct {
	cheap bool
	apply func(*saving)
}

// layout works the lines out anew: what is left out is as little as it takes. What was
// opened counts as closed, so that opening one row folds no other and keeps the air.
func (n *Notebook) layout() {
	if n.w <= 0 || n.h <= 0 {
		return
	}
	opened := n.opened
	n.opened = map[Target]bool{}
	n.economize()
	if n.opened = opened; len(opened) > 0 {
		n.settle()
	}
	n.top = max(0, min(n.top, n.last()))
}

// economize leaves out what it takes.
func (n *Notebook) economize() {
	var made []economy
	n.save(made)
	for _, e := range n.economies() {
		if e.cheap && len(n.lines) > n.h || n.lastMust() >= n.window() {
			made = append(made, e)
			n.save(made)
		}
	}
	n.spend(made)
}

// save draws the page with what was left out.
func (n *Notebook) save(made []economy) {
	n.saved = saving{code: whole, text: whole}
	for _, e := range made {
		e.apply(&n.saved)
	}
	n.settle()
}

// spend takes back, the last first, what turned out not to be needed.
func (n *Notebook) spend(made []economy) {
	long, low := max(len(n.lines), n.h), max(n.lastMust(), n.window()-1)
	for i := len(made) - 1; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(made), i, i+1)
		n.save(fewer)
		if len(n.lines) <= long && n.lastMust() <= low {
			made = fewer
		}
	}
	n.save(made)
}

// lastMust is the last line that is to be seen without scrolling.
func (n *Notebook) lastMust() int {
	last := len(n.lines) - 1
	for last >= 0 && !n.lines[last].must {
		last--
	}
	return last
}

// Whole says that nothing is left out.
func (n *Notebook) Whole() bool {
	return n.saved == saving{code: whole, text: whole} && len(n.lines) <= n.h
}

// economies are those of this page, in their order.
func (n *Notebook) economies() []economy {
	p := n.page
	var list []economy
	cheap := func(apply func(*saving)) { list = append(list, economy{true, apply}) }
	dear := func(apply func(*saving)) { list = append(list, economy{false, apply}) }
	code := func(lines int) func(*saving) { return func(s *saving) { s.code = lines } }
	prose := func(from, to int) {
		lines := n.proseLines()
		for kept := min(from, len(lines)-1); kept >= to; kept-- {
			if kept == 0 || lines[kept-1] != "" {
				dear(func(s *saving) { s.text = kept })
			}
		}
	}
	heads := func() {
		for i := range p.Cells {
			dear(func(s *saving) { s.heads = i + 1 })
		}
	}
	for lines := n.longest() - 1; lines >= leastFold; lines-- {
		cheap(code(lines))
	}
	cheap(func(s *saving) { s.note = true })
	switch {
	case p.asks() || p.Brief:
		dear(func(s *saving) { s.air = 1 })
		prose(len(n.proseLines()), 3)
		dear(code(2))
		prose(2, 2)
		heads()
		prose(1, 1)
		dear(func(s *saving) { s.why = true })
		dear(func(s *saving) { s.air = 2 })
		prose(0, 0)
	case p.Verdict != nil:
		cheap(func(s *saving) { s.air = 1 })
		dear(func(s *saving) { s.others = true })
		if p.Phase == lessons.Run || p.Question != "" { // what was to be done is done
			prose(0, 0)
		}
		if p.Phase != lessons.Run && p.Question == "" {
			prose(n.firstParagraph(), n.firstParagraph())
		}
		dear(code(2))
		dear(func(s *saving) { s.idea = true })
		dear(func(s *saving) { s.reason = true }) // what is to be learned goes last
		heads()
		dear(func(s *saving) { s.air = 2 })
	default:
		dear(func(s *saving) { s.others = true })
		dear(code(2))
		dear(func(s *saving) { s.air = 1 })
		heads()
		if p.Question != "" || len(p.Turn) > 0 { // it was read with the question, or can be while one acts
			prose(len(n.proseLines()), 2)
		}
	}
	return list
}

// asks says that an option is to be chosen now.
func (p Page) asks() bool { return p.Ask && len(p.Options) > 0 }

func (n *Notebook) proseLines() []string {
	return n.paragraphs(n.page.Text, min(n.w, ProseWidth))
}

// wrapping is a text and a width.
type wrapping struct {
	text string
	w    int
}

// paragraphs is style.Paragraphs, worked out once: a page is drawn many times over
// until what it must show has room. Nobody writes into what it gives.
func (n *Notebook) paragraphs(s string, w int) []string {
	key := wrapping{s, w}
	lines, known := n.wrapped[key]
	if !known {
		lines = slices.Clip(style.Paragraphs(s, w))
		n.wrapped[key] = lines
	}
	return lines
}

// firstParagraph is how many lines it has.
func (n *Notebook) firstParagraph() int {
	lines := n.proseLines()
	if end := slices.Index(lines, ""); end >= 0 {
		return end
	}
	return len(lines)
}

// longest is how many lines the longest closed cell has.
func (n *Notebook) longest() int {
	most := 0
	for i, cell := range n.page.Cells {
		if !n.opened[Target{CellTarget, i}] {
			most = max(most, strings.Count(strings.Trim(cell.Code, "\n"), "\n")+1)
		}
	}
	return most
}

// opensNext is the row that opens with the next key: of an answer its reason comes
// first, else the first that is closed.
func (n *Notebook) opensNext() Target {
	if n.page.Brief { // nobody is at its keys
		return Target{}
	}
	targets := n.targets()
	for _, t := range []Target{{Kind: ReasonTarget}, {Kind: IdeaTarget}} {
		if n.closed(t) && slices.Contains(targets, t) {
			return t
		}
	}
	for _, t := range targets {
		if t.Opens() && t.Kind != AskedTarget && !n.opened[t] { // a question is answered before it is opened
			return t
		}
	}
	return Target{}
}

// headOnly says that of a cell only its head is shown: of those that have run first, and
// of the last before the first.
func (n *Notebook) headOnly(i int) bool {
	if n.opened[Target{CellTarget, i}] {
		return false
	}
	earlier := 0
	for j, cell := range n.page.Cells {
		ran, its := cell.State == Run, n.page.Cells[i].State == Run
		if ran && !its || ran == its && j > i {
			earlier++
		}
	}
	return earlier < n.saved.heads
}

// closed says that a part is folded now; one that was opened stays so.
func (n *Notebook) closed(t Target) bool {
	if n.opened[t] {
		return false
	}
	switch t.Kind {
	case TextTarget:
		return n.saved.text != whole && n.saved.text < len(n.proseLines())
	case OptionsTarget:
		return n.saved.others
	case ReasonTarget:
		return n.saved.reason
	case IdeaTarget:
		return n.saved.idea
	}
	return false
}

// openable are the targets that open and close.
var openable = []Kind{TextTarget, CellTarget, OptionsTarget, ReasonTarget, IdeaTarget, AsideTarget, AskedTarget}

// Opens says that acting on a target opens or closes it.
func (t Target) Opens() bool { return slices.Contains(openable, t.Kind) }
