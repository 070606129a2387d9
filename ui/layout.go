package ui

import (
	"strings"

	"autoloaderlab/ui/style"
)

// A screen is a grid of cells.  Where things are follows from its size alone:
//
//	header    row 0        who, where, which day
//	rule      row 1        how far the lesson is
//	body      …            one column, two or three
//	message   h-2
//	footer    h-1          what can be done now
type shape int

const (
	tooSmall shape = iota
	tabs           // one column at a time; the three counts on a line of their own
	two            // notebook and disk
	three          // notebook, memories, operations
)

// The grid's fixed places.
const (
	minWidth, minHeight = 60, 20
	twoWidth, twoHeight = 113, 30
	threeWidth          = 180
	threeHeight         = 36

	notebookWidth = 66
	firstRule     = 72 // the vertical rule right of the notebook
	secondColumn  = 75
	secondRule    = 129
	thirdColumn   = 132
	wideMargin    = 3
	narrowMargin  = 1
)

// rect is where something is drawn: its left upper cell and its size.
type rect struct{ x, y, w, h int }

func (r rect) contains(x, y int) bool { return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h }

// layout is where everything is on a screen of w×h.
type layout struct {
	shape  shape
	w, h   int
	left   int // margins
	right  int
	rail   rect // the cycle, or a title
	page   rect // the notebook
	disk   rect // memories and operations, one above the other
	third  rect // operations, where there are three columns
	counts int  // the row of the three counts where there are tabs, else -1
	body   rect // everything between rule and message
}

// columns draws two columns, or three, with rules between them: notebook, disk, and
// operations. The first has as many lines as the second, or more; a line fills its
// column.
func (l layout) columns(t style.Theme, all ...[]string) []string {
	margin, bar := strings.Repeat(" ", l.left), t.Mark(style.Line, style.Vertical)
	gaps := []int{firstRule - wideMargin - notebookWidth, secondRule - secondColumn - l.disk.w}
	rows := []string{margin + t.Fill(firstRule-l.left) + bar}
	if len(all) > 2 {
		rows[0] += t.Fill(secondRule-firstRule-1) + bar
	}
	for i := range all[1] {
		row := margin + all[0][i]
		for c, column := range all[1:] {
			row += strings.Repeat(" ", gaps[c]) + bar + "  " + column[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func arrange(w, h int) layout {
	l := layout{w: w, h: h, left: wideMargin, right: wideMargin - 1, counts: -1}
	switch {
	case w < minWidth || h < minHeight:
		return l
	case w >= threeWidth && h >= threeHeight:
		l.shape, l.right = three, wideMargin
	case w >= twoWidth && h >= twoHeight:
		l.shape = two
	default:
		l.shape, l.left, l.right = tabs, narrowMargin, narrowMargin
	}
	l.body = rect{0, 2, w, h - 4}
	if l.shape == tabs {
		l.counts = h - 3
		l.rail = rect{l.left, 2, w - l.left - l.right, 1}
		l.page = rect{l.left, 4, w - l.left - l.right, h - 4 - 4}
		l.disk = l.page
		return l
	}
	l.rail = rect{l.left, 3, notebookWidth, 1}
	l.page = rect{l.left, 5, notebookWidth, h - 5 - 2}
	l.disk = rect{secondColumn, 3, w - secondColumn - l.right, h - 3 - 2}
	if l.shape == three {
		l.disk.w = secondRule - wideMargin - secondColumn
		l.third = rect{thirdColumn, 3, w - thirdColumn - l.right, h - 3 - 2}
	}
	return l
}
