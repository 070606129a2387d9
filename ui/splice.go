package ui

import (
	"github.com/charmbracelet/x/ansi"

	"autoloaderlab/ui/style"
)

// splice puts piece, w columns wide, into a painted row at column x.
func splice(t style.Theme, row, piece string, x, w int) string {
	total := style.Width(row)
	left := t.Pad(ansi.Truncate(row, x, ""), x)
	right := ansi.TruncateLeft(row, x+w, "")
	if x+w >= total {
		right = ""
	}
	return left + t.Pad(piece, w) + right
}
