package ui

import (
	"slices"
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
		facts = withoutOne(facts)
		right = drawFacts(t, facts, narrow)
	}
	row := strings.Repeat(" ", l.left) + t.Row(left, right, room) + strings.Repeat(" ", l.right)
	return []string{row, t.Rule(style.Accent, int64(h.done), int64(h.total), l.w)}
}

// withoutOne leaves out the first fact that need not be kept.
func withoutOne(facts []fact) []fact {
	at := max(slices.IndexFunc(facts, func(f fact) bool { return !f.keep }), 0)
	return slices.Delete(slices.Clone(facts), at, at+1)
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

// footer draws the last row: at the left the entries, with fewer words where they do
// not all fit, the less important ones left out then; at the right the ways to help
// and out, which never fall out.
func footer(t style.Theme, l layout, entries, always []entry) (string, []zone) {
	const near = 2 // columns between two entries where there is less room
	gap := near + 1
	if l.shape == tabs {
		gap = near
	}
	right, zones, width := footerRun(t, always, gap, full, false)
	start := l.w - l.right - width
	for i := range zones {
		zones[i].from += start
		zones[i].to += start
	}
	room := start - gap - l.left
	shown, words := fitting(t, visible(entries), gap, room)
	if words != full && gap > near {
		gap = near
		shown, words = fitting(t, visible(entries), gap, room)
	}
	left, ours, width := footerRun(t, shown, gap, words, true)
	if width > room {
		left = t.Cut(left, room)
		ours[0].to = room
	}
	for _, z := range ours {
		zones = append(zones, zone{z.from + l.left, z.to + l.left, z.entry})
	}
	row := strings.Repeat(" ", l.left) + t.Row(left, right, l.w-l.left-l.right) + strings.Repeat(" ", l.right)
	return row, zones
}

// footerRun draws entries in a row, and says where each is in it.
func footerRun(t style.Theme, entries []entry, gap int, words brevity, main bool) (run string, zones []zone, width int) {
	for i, e := range entries {
		drawn := t.KeyName(e.name)
		label := e.label(words)
		switch {
		case label == "":
		case main && i == 0:
			drawn = t.MainKey(e.name, label)
		default:
			drawn = t.Key(e.name, label)
		}
		if i > 0 {
			run += strings.Repeat(" ", gap)
			width += gap
		}
		from := width
		width += style.Width(drawn)
		run += drawn
		zones = append(zones, zone{from, width, e})
	}
	return run, zones, width
}

// fitting are the entries that have room, in their order, and how many words each
// gets: where not all have, the important ones come first, and short ones fill up.
func fitting(t style.Theme, entries []entry, gap, room int) ([]entry, brevity) {
	for words := full; words <= short; words++ {
		if _, _, width := footerRun(t, entries, gap, words, true); width <= room {
			return entries, words
		}
	}
	byRank := make([]int, len(entries))
	for i := range entries {
		byRank[i] = i
	}
	slices.SortStableFunc(byRank, func(a, b int) int { return rank(entries, a) - rank(entries, b) })
	words := short
	if fill(t, entries, byRank, gap, room, short).vital < fill(t, entries, byRank, gap, room, bare).vital {
		words = bare
	}
	return fill(t, entries, byRank, gap, room, words).shown, words
}

// filled is what a row holds, and how many of the keys nobody should have to look for.
type filled struct {
	shown []entry
	vital int
}

// fill takes entries by their rank as long as there is room for them.
func fill(t style.Theme, entries []entry, byRank []int, gap, room int, words brevity) (f filled) {
	var taken []int
	for _, i := range byRank {
		with := slices.Sorted(slices.Values(append(slices.Clone(taken), i)))
		if _, _, width := footerRun(t, pick(entries, with), gap, words, true); width > room && len(taken) > 0 {
			continue
		}
		taken = with
		if rank(entries, i) < ordinary {
			f.vital++
		}
	}
	f.shown = pick(entries, taken)
	return f
}

func pick(entries []entry, at []int) []entry {
	var out []entry
	for _, i := range at {
		out = append(out, entries[i])
	}
	return out
}

// rank is how soon an entry falls out of a footer: the main one never does.
func rank(entries []entry, i int) int {
	if i == 0 {
		return 0
	}
	if r, known := footerRank[entries[i].name]; known {
		return r
	}
	return ordinary
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
