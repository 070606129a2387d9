package style

import "strings"

// The signs, all one column wide.  A hollow one says that the thing is not on disk,
// yet or any more.
const (
	SignOrigin     = "●"
	SignCheckpoint = "◆"
	SignTable      = "■"
	NoOrigin       = "○"
	NoCheckpoint   = "◇"
	NoTable        = "□"
	Focus          = "▸" // exactly one on a screen when Enter acts
	Current        = "›" // current, running
	Done           = "✓"
	Failed         = "✗"
	More           = "+"
	Less           = "−"
	Same           = "="
	Differs        = "≠" // as many, and not the same
	Seam           = "║" // a paused seam
	Waiting        = "·"
	RuleDone       = "━"
	RuleToDo       = "─"
	BarDone        = "█"
	BarToDo        = "░"
	Vertical       = "│"
	Edge           = "▌" // the left edge of the one thing to do
	Sliver         = "▏" // a bar of almost nothing; the cursor in a text field
	Thumb          = "┃" // where one is in a list that scrolls
	Ellipsis       = "…"
)

// nbsp joins a sign to its word and a number to its unit.
const nbsp = "\u00a0"

var memoryOfSign = map[string]Role{
	SignOrigin: Origin, NoOrigin: Origin,
	SignCheckpoint: Checkpoint, NoCheckpoint: Checkpoint,
	SignTable: Table, NoTable: Table,
}

// fallback keeps widths: one column for one column.  (Cuts write «...» themselves.)
var fallback = strings.NewReplacer(
	SignOrigin, "o", SignCheckpoint, "c", SignTable, "t",
	NoOrigin, "-", NoCheckpoint, "-", NoTable, "-",
	Focus, ">", Current, "*", Done, "v", Failed, "x",
	Less, "-", Differs, "!", Seam, "|", Waiting, ".",
	RuleDone, "=", RuleToDo, "-", BarDone, "#", BarToDo, ".",
	Vertical, "|", Edge, "|", Sliver, "|", Thumb, "#", Ellipsis, "~",
	"▁", " ", "▂", " ", "▃", " ", "▄", " ", "▅", " ", "▆", " ", "▇", " ",
	"╭", "+", "╮", "+", "╰", "+", "╯", "+", "├", "+", "└", "+", "┬", "+", "┴", "+", "┼", "+",
	"↑", "^", "↓", "v", "←", "<", "→", ">", "–", "-", "×", "x",
)

// Spark draws values as a row of ▁…█, the last width of them.
func Spark(values []float64, width int) string {
	if len(values) > width {
		values = values[len(values)-max(width, 0):]
	}
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	steps := []rune("▁▂▃▄▅▆▇█")
	var out strings.Builder
	for _, v := range values {
		step := 0
		if top > 0 && v > 0 {
			step = min(int(v/top*float64(len(steps))), len(steps)-1)
		}
		out.WriteRune(steps[step])
	}
	return out.String()
}

// Share is how many of width columns done out of total fills.  Nothing and
// everything are exact: a bar is full only when the work is done.
func Share(done, total int64, width int) int {
	switch {
	case total <= 0 || done <= 0 || width <= 0:
		return 0
	case done >= total:
		return width
	}
	return min(max(int(float64(width)*float64(done)/float64(total)), 0), width-1)
}

// Bar is a bar of blocks, painted in the role.
func (t Theme) Bar(r Role, done, total int64, width int) string {
	full := Share(done, total, width)
	return t.Mark(r, strings.Repeat(BarDone, full)) + t.Mark(Line, strings.Repeat(BarToDo, max(width-full, 0)))
}

// Rule is the thin line of progress, painted in the role.
func (t Theme) Rule(r Role, done, total int64, width int) string {
	full := Share(done, total, width)
	return t.Mark(r, strings.Repeat(RuleDone, full)) + t.Mark(Line, strings.Repeat(RuleToDo, max(width-full, 0)))
}
