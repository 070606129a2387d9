package ui

import (
	"strings"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// heading is what the first two rows say.
type heading struct {
	number      string // «Lección 4», «4» where it is narrow
	title       string
	place       string // «consola SQL»
	facts       []fact // at the right, the first go first where it gets narrow
	done, total int
}

// fact is a label and a value at the header's right: «alumno bruno».
type fact struct {
	before, value, after string
	keep                 bool // also where labels go
	accent               bool
}

// header draws rows 0 and 1.
func header(t style.Theme, l layout, h heading) []string {
	narrow := l.shape == tabs
	left := t.Mark(style.Origin, style.SignOrigin) + " " + t.Mark(style.Checkpoint, style.SignCheckpoint) + " " + t.Mark(style.Table, style.SignTable) + "  "
	if h.number != "" {
		number, gap := h.number, "  "
		if narrow {
			number, gap = strings.TrimPrefix(number, text.LessonWord+" "), " "
		}
		left += t.Text(style.Dim, number+gap)
	}
	left += t.Text(style.Strong, h.title)
	if h.place != "" {
		left += t.Text(style.Dim, "  /  "+h.place)
	}
	room := l.w - l.left - l.right
	facts := h.facts
	right := drawFacts(t, facts, narrow)
	for len(facts) > 1 && style.Width(left)+2+style.Width(right) > room {
		facts = facts[1:]
		right = drawFacts(t, facts, narrow)
	}
	row := strings.Repeat(" ", l.left) + t.Row(left, right, room) + strings.Repeat(" ", l.right)
	return []string{row, t.Rule(style.Accent, int64(h.done), int64(h.total), l.w)}
}

func drawFacts(t style.Theme, facts []fact, narrow bool) string {
	var parts []string
	for _, f := range facts {
		var out string
		if f.before != "" && (!narrow || f.keep) {
			out = t.Text(style.Dim, f.before+" ")
		}
		if f.accent {
			out += t.Bold(style.Accent, f.value)
		} else {
			out += t.Text(style.Text, f.value)
		}
		if f.after != "" {
			out += t.Text(style.Dim, " "+f.after)
		}
		parts = append(parts, out)
	}
	return strings.Join(parts, "   ")
}

// zone is a part of a row that can be clicked.
type zone struct {
	from, to int
	entry    entry
}

// footer draws the last row: the entries in their order, as many as fit, and at the
// right the ways to help and out, which never fall out.
func footer(t style.Theme, l layout, entries, always []entry) (string, []zone) {
	narrow := l.shape == tabs
	gap := 3
	if narrow {
		gap = 2
	}
	var zones []zone
	right, rightWidth := "", 0
	for i, e := range always {
		if i > 0 {
			right += strings.Repeat(" ", gap)
			rightWidth += gap
		}
		drawn := t.Key(e.name, e.label(narrow))
		zones = append(zones, zone{rightWidth, rightWidth + style.Width(drawn), e})
		right += drawn
		rightWidth += style.Width(drawn)
	}
	start := l.w - l.right - rightWidth
	for i := range zones {
		zones[i].from += start
		zones[i].to += start
	}
	left, x := "", l.left
	for i, e := range visible(entries) {
		drawn := t.Key(e.name, e.label(narrow))
		if i == 0 {
			drawn = t.MainKey(e.name, e.label(narrow))
		}
		lead := 0
		if i > 0 {
			lead = gap
		}
		if x+lead+style.Width(drawn) > start-gap {
			if i > 0 {
				continue
			}
			drawn = t.Cut(drawn, start-gap-x)
		}
		left += strings.Repeat(" ", lead) + drawn
		zones = append(zones, zone{x + lead, x + lead + style.Width(drawn), e})
		x += lead + style.Width(drawn)
	}
	row := strings.Repeat(" ", l.left) + t.Row(left, right, l.w-l.left-l.right) + strings.Repeat(" ", l.right)
	return row, zones
}

func visible(entries []entry) []entry {
	var out []entry
	for _, e := range entries {
		if !e.hidden {
			out = append(out, e)
		}
	}
	return out
}

// counts draws the three memories on one line, for where there are tabs: with fewer
// words where there is less room.
func counts(t style.Theme, c Counts, w int) string {
	var pieces [3]string
	for brevity := range 3 {
		pieces = countPieces(t, c, brevity)
		if style.Width(pieces[0])+style.Width(pieces[1])+style.Width(pieces[2])+4 <= w {
			break
		}
	}
	free := max(w-style.Width(pieces[0])-style.Width(pieces[1])-style.Width(pieces[2]), 2)
	gap := max(min(free/2, 6), 1)
	return t.Pad(pieces[0]+strings.Repeat(" ", gap)+pieces[1]+strings.Repeat(" ", gap)+pieces[2], w)
}

// countPieces are the three, in full, without the batch, or as numbers alone.
func countPieces(t style.Theme, c Counts, brevity int) [3]string {
	piece := func(role style.Role, sign, name string, there bool, amount int64, unit string) string {
		out := t.Mark(role, sign) + " " + t.Bold(role, name) + " "
		missing := [3]string{text.NotThere, text.NotThere, "–"}[brevity] // yet, or any more
		switch {
		case !there:
			return out + t.Text(style.Dim, missing)
		case brevity == 2:
			return out + t.Text(style.Strong, text.Number(amount))
		}
		return out + t.Text(style.Strong, text.Number(amount)) + t.Text(style.Dim, " "+unit)
	}
	seen := text.SeenUnit(c.SeenFiles)
	if c.Batch >= 0 && brevity == 0 {
		seen += ", " + text.BatchNumber(c.Batch)
	}
	return [3]string{
		piece(style.Origin, hollow(c.SourceFiles > 0, style.SignOrigin, style.NoOrigin), text.SourceWord, true, c.SourceFiles, text.FilesUnit(c.SourceFiles)),
		piece(style.Checkpoint, hollow(c.Checkpoint, style.SignCheckpoint, style.NoCheckpoint), text.CheckpointWord, c.Checkpoint, c.SeenFiles, seen),
		piece(style.Table, hollow(c.Table, style.SignTable, style.NoTable), text.TableWord, c.Table, c.Rows, text.RowsUnit(c.Rows)),
	}
}

func hollow(there bool, full, empty string) string {
	if there {
		return full
	}
	return empty
}

// smallWindow is frame 12.
func smallWindow(t style.Theme, w, h int) string {
	lines := []string{
		"",
		"  " + t.Mark(style.Origin, style.SignOrigin) + " " + t.Mark(style.Checkpoint, style.SignCheckpoint) + " " + t.Mark(style.Table, style.SignTable),
		"",
		"  " + t.Text(style.Strong, text.TooSmall),
		"",
		"  " + t.Text(style.Dim, text.SizeNow) + "   " + t.Text(style.Text, text.Size(w, h)),
		"  " + t.Text(style.Dim, text.SizeNeeded) + "  " + t.Text(style.Strong, text.Size(minWidth, minHeight)),
		"",
		"  " + t.Text(style.Text, text.Enlarge),
		"  " + t.Text(style.Text, text.OrUse+"  ") + t.Bold(style.Accent, "lab --plano"),
		"",
		"  " + t.Key(keyLeave.name, text.LeaveLabel),
	}
	if h < len(lines) { // what has to be known, and the way out
		lines = []string{lines[3], lines[5], lines[6], lines[11]}
	}
	return t.Fit(lines, w, h)
}
