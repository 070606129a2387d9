package style

import (
	"path"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Width is the number of columns s takes, escape sequences apart.
func Width(s string) int { return ansi.StringWidth(s) }

// Cut shortens painted or plain text to w columns, with … where it was cut.
func (t Theme) Cut(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if Width(s) <= w {
		return s
	}
	return ansi.Truncate(s, w, t.dots(w))
}

func (t Theme) dots(w int) string {
	if t.ASCII() && w > 3 {
		return "..."
	}
	return Ellipsis
}

// CutMiddle shortens a name to w columns, keeping its beginning and its extension.
// It takes plain text.
func (t Theme) CutMiddle(name string, w int) string {
	if Width(name) <= w {
		return name
	}
	dots := t.dots(w)
	room := w - Width(dots)
	tail := path.Ext(name)
	if Width(tail) >= room {
		return t.Cut(name, w)
	}
	return ansi.Truncate(name, room-Width(tail), "") + dots + tail
}

// CutLeft shortens a name to its last columns: file names that differ in their date.
func (t Theme) CutLeft(name string, w int) string {
	if Width(name) <= w {
		return name
	}
	dots := t.dots(w)
	if w <= Width(dots) {
		return t.Cut(name, w)
	}
	return dots + ansi.TruncateLeft(name, Width(name)-(w-Width(dots)), "")
}

// Pad brings text to exactly w columns: cut, or filled with the theme's surface.
func (t Theme) Pad(s string, w int) string {
	if have := Width(s); have <= w { // measured once: frames are made of this
		return s + t.Fill(w-have)
	}
	s = t.Cut(s, w)
	return s + t.Fill(w-Width(s))
}

// PadLeft is Pad with the text at the right: counts.
func (t Theme) PadLeft(s string, w int) string {
	s = t.Cut(s, w)
	return t.Fill(w-Width(s)) + s
}

// Row is one line of w columns with left at its left and right at its right.  Where
// both do not fit, left is cut: right is short and says how much.
func (t Theme) Row(left, right string, w int) string {
	if right == "" {
		return t.Pad(left, w)
	}
	right = t.Cut(right, w)
	room := w - Width(right)
	if room < 2 {
		return t.Fill(room) + right
	}
	return t.Pad(t.Cut(left, room-1), room) + right
}

// Fit brings lines to exactly w columns and h rows.  What is too much is cut: a view
// that must show everything scrolls before it fits.
func (t Theme) Fit(lines []string, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	var out strings.Builder
	for row := range h {
		if row > 0 {
			out.WriteByte('\n')
		}
		line := ""
		if row < len(lines) {
			line = lines[row]
		}
		out.WriteString(t.Pad(line, w))
	}
	return out.String()
}

// Beside puts views of the same height side by side.  Each must already fit its
// width (Fit); a missing line is empty.
func Beside(views ...string) string {
	columns := make([][]string, len(views))
	height := 0
	for i, view := range views {
		columns[i] = strings.Split(view, "\n")
		height = max(height, len(columns[i]))
	}
	var out strings.Builder
	for row := range height {
		if row > 0 {
			out.WriteByte('\n')
		}
		for _, column := range columns {
			if row < len(column) {
				out.WriteString(column[row])
			}
		}
	}
	return out.String()
}

// Wrap breaks plain text into lines of at most w columns.  Line breaks in it stay
// («\n\n» is an empty line), a sign stays with its word, `code` stays whole where it
// can, paths break after «/», and a word longer than a line is broken.
func Wrap(text string, w int) []string {
	if w <= 0 {
		return nil
	}
	var lines []string
	for _, paragraph := range strings.Split(joinSigns(strings.TrimRight(text, "\n ")), "\n") {
		lines = append(lines, wrapParagraph(paragraph, w)...)
	}
	return lines
}

// Paragraphs is Wrap for prose as a lesson writes it: a single line break is a space,
// an empty line parts paragraphs.
func Paragraphs(text string, w int) []string {
	var joined []string
	for _, paragraph := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n\n") {
		if fields := strings.FieldsFunc(paragraph, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }); len(fields) > 0 {
			joined = append(joined, strings.Join(fields, " "))
		}
	}
	if len(joined) == 0 {
		return nil
	}
	return Wrap(strings.Join(joined, "\n\n"), w)
}

func joinSigns(text string) string {
	for sign := range memoryOfSign {
		text = strings.ReplaceAll(text, sign+" ", sign+nbsp)
	}
	return text
}

func wrapParagraph(paragraph string, w int) []string {
	lines := []string{}
	line, width := "", 0
	for i, word := range words(paragraph) {
		size := Width(strings.ReplaceAll(word, "`", ""))
		gap := 1
		if i == 0 || line == "" {
			gap = 0
		}
		if width+gap+size > w && line != "" {
			lines = append(lines, line)
			line, width, gap = "", 0, 0
		}
		for size > w {
			head := breakAt(word, w)
			lines = append(lines, head)
			word = word[len(head):]
			size = Width(word)
		}
		line += strings.Repeat(" ", gap) + word
		width += gap + size
	}
	return append(lines, line)
}

// words parts a paragraph at its spaces, but not inside backticks.
func words(paragraph string) []string {
	var out []string
	start, quoted := -1, false
	for i, r := range paragraph {
		if r == '`' {
			quoted = !quoted && strings.Contains(paragraph[i+1:], "`")
		}
		switch {
		case r == ' ' && !quoted && start >= 0:
			out = append(out, paragraph[start:i])
			start = -1
		case r != ' ' && start < 0:
			start = i
		}
	}
	if start >= 0 {
		out = append(out, paragraph[start:])
	}
	return out
}

// breakAt is the longest start of a too long word that fits: to its last «/», «_» or
// «.», or as much as there is room for.
func breakAt(word string, w int) string {
	head := ansi.Truncate(word, w, "")
	for _, mark := range []string{"/", "_", "."} {
		if i := strings.LastIndex(head, mark); i > len(head)/3 {
			return head[:i+1]
		}
	}
	if head == "" { // one character wider than the line
		_, size := utf8.DecodeRuneInString(word)
		return word[:size]
	}
	return head
}
