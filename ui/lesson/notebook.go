package lesson

import (
	"slices"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// ProseWidth is how wide running text gets at most.
const ProseWidth = 66

// Notebook is a page with a focus and a scroll.  Its methods change it; View only
// draws.
type Notebook struct {
	page     Page
	theme    style.Theme
	w, h     int
	tight    bool
	active   bool // whether the notebook has the keyboard
	focus    Target
	picked   int // the option that had the focus last; -1: none was moved to
	top      int
	opened   map[Target]bool
	lines    []line
	typing   string // the text field's content, as drawn
	isTyping bool
	saved    saving // what is left out for want of room
	next     Target // the first row that opens and is closed
	tints    tints  // of the page's code
	wrapped  map[wrapping][]string
}

type line struct {
	text   string
	target Target
	blank  bool
	must   bool // it is to be seen without scrolling
	part   part
}

// part is what of a page may come while it is read, and is then brought into view.
type part int

const (
	noPart part = iota
	verdictPart
	hintPart
	outputPart // of the first cell; those of the others follow it
)

// NewNotebook makes one that shows page.
func NewNotebook(theme style.Theme, page Page) *Notebook {
	n := &Notebook{theme: theme, active: true, opened: map[Target]bool{}}
	n.Turn(page)
	return n
}

// Turn goes to another page: the focus is at its first row and the scroll at its top.
func (n *Notebook) Turn(page Page) {
	n.page, n.top, n.picked, n.opened = page, 0, -1, map[Target]bool{}
	n.tints, n.wrapped = newTints(page.Names), map[wrapping][]string{}
	n.focus = n.start()
	n.layout()
}

// Show draws the same page as it stands now: focus and scroll stay where they can.
// A verdict or a hint that was not there is brought into view.
func (n *Notebook) Show(page Page) {
	had, before := n.focus, n.page
	n.page = page
	if page.Names != before.Names {
		n.tints = newTints(page.Names)
	}
	n.layout()
	if !slices.Contains(n.targets(), had) || had.Kind == NoTarget {
		n.focus = n.start()
		n.layout()
	}
	switch {
	case page.Hint != nil && (before.Hint == nil || *before.Hint != *page.Hint):
		n.bring(hintPart, n.window())
	case page.Verdict != nil && before.Verdict == nil:
		n.bring(verdictPart, n.window()/2) // what it is the verdict on is read with it
	}
	for i, q := range page.Asked {
		if i < len(before.Asked) && q.Own != before.Asked[i].Own && n.focus == (Target{AskedTarget, i}) {
			n.reveal() // what it opens is longer by the answer
		}
	}
	for i, cell := range page.Cells {
		if cell.Output != nil && i < len(before.Cells) && before.Cells[i].Output == nil {
			n.bring(outputPart+part(i), n.window())
		}
	}
}

// bring scrolls as little as shows a part, or its first rows when it has more.
func (n *Notebook) bring(p part, rows int) {
	first := slices.IndexFunc(n.lines, func(l line) bool { return l.part == p })
	if first < 0 {
		return
	}
	end := len(n.lines)
	for end > first && n.lines[end-1].part != p {
		end--
	}
	if n.top = max(n.top, min(end, first+rows)-n.window()); first < n.top {
		n.top = first
	}
	n.top = max(0, min(n.top, n.last()))
}

// Page is what is shown.
func (n *Notebook) Page() Page { return n.page }

// Resize tells the room there is; tight leaves out blank lines.
func (n *Notebook) Resize(w, h int, tight bool) {
	if n.w == w && n.h == h && n.tight == tight {
		return
	}
	n.w, n.h, n.tight = w, h, tight
	n.layout()
}

// Paint changes the theme.
func (n *Notebook) Paint(theme style.Theme) {
	was := n.theme.Look()
	if n.theme = theme; was != theme.Look() {
		n.layout()
	}
}

// Activate says whether the keyboard is here: only then is there a ▸.
func (n *Notebook) Activate(active bool) {
	was := n.active
	if n.active = active; was != active && n.w > 0 {
		n.settle() // no line more or less
	}
}

// Type shows the text field of «why» with what is in it, or closes it: the focus goes
// back to the option that had it.
func (n *Notebook) Type(on bool, field string) {
	n.isTyping, n.typing = on, field
	if n.focus = (Target{Kind: WhyTarget}); !on {
		n.focus = n.start()
	}
	n.settle() // no line more or less
	n.reveal()
}

// Focus is the row that Enter acts on.
func (n *Notebook) Focus() Target { return n.focus }

// SetFocus puts the focus on a target, if it is there.
func (n *Notebook) SetFocus(t Target) {
	if slices.Contains(n.targets(), t) {
		n.focus = t
		n.pick()
		n.settle()
		n.reveal()
	}
}

// pick remembers the option that has the focus, for when the focus comes back.
func (n *Notebook) pick() {
	if n.focus.Kind == OptionTarget {
		n.picked = n.focus.Index
	}
}

// Move takes the focus on by rows, or scrolls where there is no other row.
func (n *Notebook) Move(by int) {
	targets := n.targets()
	at := slices.Index(targets, n.focus)
	switch next := at + by; {
	case len(targets) == 0 || next < 0 || next >= len(targets):
		n.Scroll(by)
	case at < 0:
		n.focus = targets[0]
	default:
		n.focus = targets[next]
	}
	n.pick()
	n.settle()
	if len(targets) > 0 && at+by >= 0 && at+by < len(targets) {
		n.reveal()
	}
}

// Scroll moves the page under the window.
func (n *Notebook) Scroll(by int) { n.top = max(0, min(n.top+by, n.last())) }

// Opens is the first row that opens and is closed; NoTarget when there is none.
func (n *Notebook) Opens() Target { return n.next }

// Opened tells whether a row that opens is open.
func (n *Notebook) Opened(t Target) bool { return n.opened[t] }

// Toggle opens or closes a row that opens.
func (n *Notebook) Toggle(t Target) {
	n.opened[t] = !n.opened[t]
	n.layout()
	n.reveal()
}

// Open opens a row, and brings it into view with what it opens.
func (n *Notebook) Open(t Target) {
	n.opened[t] = true
	n.focus = t
	n.layout()
	n.reveal()
}

// Hidden says whether the focused row, or what a page without one must show, is below
// what is seen, so that Enter must not act on it yet.
func (n *Notebook) Hidden() bool {
	at := n.rowOf(n.focus)
	switch {
	case n.focus.Kind == OptionTarget: // no answer before all of them were seen
		at = max(at, n.lastOption())
	case at < 0:
		if at = n.lastMust(); at < 0 { // it is there to be read
			at = len(n.lines) - 1
		}
	}
	return n.top < n.last() && at >= n.top+n.window()
}

// lastOption is the last row of the options, -1 where they are more than can be seen
// at a time.
func (n *Notebook) lastOption() int {
	first := slices.IndexFunc(n.lines, func(l line) bool { return l.target.Kind == OptionTarget })
	last := len(n.lines) - 1
	for last >= 0 && n.lines[last].target.Kind != OptionTarget {
		last--
	}
	if last-first >= n.window() {
		return -1
	}
	return last
}

// Hit is the target at a row of the view.
func (n *Notebook) Hit(row int) Target {
	at := n.top + row
	if row < 0 || row >= n.window() || at >= len(n.lines) {
		return Target{}
	}
	return n.lines[at].target
}

// start is where the focus is on a page, where no row of it has the focus yet.
func (n *Notebook) start() Target {
	p := n.page
	switch {
	case len(p.Options) > 0 && p.Ask:
		return Target{OptionTarget, max(n.picked, p.Chosen, 0)}
	case len(p.Turn) > 0:
		return p.leadsOn()
	case slices.ContainsFunc(p.Cells, func(c Cell) bool { return c.Run != nil }):
		return Target{RunTarget, slices.IndexFunc(p.Cells, func(c Cell) bool { return c.Run != nil })}
	case p.Verdict != nil && len(p.Verdict.Evidence) > 0:
		return Target{EvidenceTarget, 0}
	}
	return Target{}
}

// leadsOn is what the student does next: what the step goes on with, else the first
// that was not done, else the first that can be done.
func (p Page) leadsOn() Target {
	for _, wanted := range []func(Turn) bool{
		func(t Turn) bool { return t.Next }, func(t Turn) bool { return !t.Done }, func(Turn) bool { return true },
	} {
		for i, turn := range p.Turn {
			if turn.Lacks == "" && wanted(turn) {
				return Target{TurnTarget, i}
			}
		}
	}
	return Target{}
}

// GoOn takes the focus from what has just been done to what is next.
func (n *Notebook) GoOn() {
	if n.focus.Kind == TurnTarget {
		n.SetFocus(n.page.leadsOn())
	}
}

func (n *Notebook) targets() []Target {
	var out []Target
	for _, l := range n.lines {
		if l.target.Kind != NoTarget && (len(out) == 0 || out[len(out)-1] != l.target) {
			out = append(out, l.target)
		}
	}
	return out
}

func (n *Notebook) rowOf(t Target) int {
	if t.Kind == NoTarget {
		return -1
	}
	return slices.IndexFunc(n.lines, func(l line) bool { return l.target == t })
}

// window is how many rows of lines are seen: one is kept for «more below».
func (n *Notebook) window() int {
	if len(n.lines) > n.h {
		return max(n.h-1, 1)
	}
	return n.h
}

func (n *Notebook) last() int { return max(0, len(n.lines)-n.window()) }

// reveal scrolls so that the focused row, with what it opened, is seen.
func (n *Notebook) reveal() {
	first := n.rowOf(n.focus)
	if first < 0 {
		return
	}
	end := first + 1
	for end < len(n.lines) && n.lines[end].target == n.focus {
		end++
	}
	if n.focus.Kind == OptionTarget { // an option is chosen among all of them
		end = max(end, n.lastOption()+1)
	}
	if end-n.top > n.window() {
		n.top = end - n.window()
	}
	if first < n.top {
		n.top = first
	}
	n.top = max(0, min(n.top, n.last()))
}

// settle draws twice where a row is the next to open: it is known once all are drawn.
func (n *Notebook) settle() {
	if n.w <= 0 || n.h <= 0 {
		return
	}
	n.next = Target{}
	n.lines = n.draw()
	if n.next = n.opensNext(); n.next.Kind != NoTarget {
		n.lines = n.draw()
	}
	if n.tight || len(n.lines) > n.h {
		n.lines = squeeze(n.lines)
	}
}

// squeeze leaves one blank line where there were two.
func squeeze(lines []line) []line {
	var out []line
	for i, l := range lines {
		if l.blank && (i == 0 || lines[i-1].blank) {
			continue
		}
		out = append(out, l)
	}
	return out
}

// View is the page at the size that Resize told.
func (n *Notebook) View() string {
	var rows []string
	end := min(n.top+n.window(), len(n.lines))
	for _, l := range n.lines[min(n.top, end):end] {
		rows = append(rows, l.text)
	}
	if len(n.lines) > n.h && n.h > 1 {
		for len(rows) < n.h-1 {
			rows = append(rows, "")
		}
		below, above := "", ""
		if hidden := len(n.lines) - end; hidden > 0 {
			below = text.MoreBelow(hidden) + "  " + text.KeyPages
		}
		if n.top > 0 {
			above = text.MoreAbove(n.top)
		}
		rows = append(rows, n.theme.Row(n.theme.Text(style.Dim, below), n.theme.Text(style.Dim, above), n.w))
	}
	return n.theme.Fit(rows, n.w, n.h)
}
