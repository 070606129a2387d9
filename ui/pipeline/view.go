package pipeline

import (
	"fmt"
	"strings"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// View draws the load in exactly w columns and h rows. What does not fit can be
// scrolled to.
func (m *Model) View(w, h int, t style.Theme) string {
	lines, top := m.window(w, h, t)
	if len(lines) <= h || h < 2 {
		return t.Fit(lines, w, h)
	}
	shown := append([]string{}, lines[top:top+h-1]...)
	if below := len(lines) - top - (h - 1); below > 0 {
		shown = append(shown, t.Text(style.Dim, text.MoreBelow(below)))
	}
	return t.Fit(shown, w, h)
}

// window is all lines, and the first of them that is seen.
func (m *Model) window(w, h int, t style.Theme) (lines []string, top int) {
	p := painter{t, w, &m.State}
	lines = stack(p.sections(m.Head), h)
	return lines, max(0, min(m.top, len(lines)-(h-1)))
}

// More tells whether lines are hidden below a view of that size.
func (m *Model) More(w, h int) bool {
	lines, top := m.window(w, h, style.Theme{})
	return len(lines) > h && top < len(lines)-(h-1)
}

// Scroll moves a view of that size by rows.
func (m *Model) Scroll(by, w, h int) {
	if lines, top := m.window(w, h, style.Theme{}); len(lines) > h {
		m.top = max(0, min(top+by, len(lines)-(h-1)))
	}
}

// painter draws one state at one width.
type painter struct {
	style.Theme
	w int
	s *State
}

// section is a group of lines with the blank ones before it. Where height is
// short, gaps shrink first, then the least important sections go.
type section struct {
	lines  []string
	gap    int
	weight int // 0 never goes; the highest goes first
}

// comment is the weight of what says nothing that is not there already.
const comment = 3

func (p painter) sections(head string) []section {
	title := p.title()
	if head != "" {
		title = head
	}
	all := []section{{lines: []string{title}}, {lines: p.rail(), gap: 2}}
	if strings.TrimSpace(title) == "" { // somebody else has said it above
		all = []section{{lines: p.rail()}}
	}
	switch {
	case p.s.Ending != Going:
		return append(all, p.ending(head != "")...)
	case p.s.Paused != "":
		return append(all, p.seam(head != "")...)
	default:
		return append(all, p.running()...)
	}
}

// stack puts sections one under the other in at most h lines, if they fit at
// all. Air is worth more than what only comments, and less than the rest.
func stack(sections []section, h int) []string {
	shrink(sections, 1, h)
	sections = drop(sections, comment, h)
	shrink(sections, 0, h)
	sections = drop(sections, 1, h)
	var lines []string
	for _, s := range sections {
		for range s.gap {
			lines = append(lines, "")
		}
		lines = append(lines, s.lines...)
	}
	return lines
}

// shrink takes blank lines away from below, down to limit between two sections.
func shrink(sections []section, limit, h int) {
	for i := len(sections) - 1; i >= 0 && height(sections) > h; i-- {
		sections[i].gap = min(sections[i].gap, limit)
	}
}

// drop leaves out sections of at least that weight, the heaviest first.
func drop(sections []section, weight, h int) []section {
	for height(sections) > h {
		heaviest := 0
		for i, s := range sections {
			if s.weight >= sections[heaviest].weight {
				heaviest = i
			}
		}
		if sections[heaviest].weight < weight {
			break
		}
		sections = append(sections[:heaviest:heaviest], sections[heaviest+1:]...)
	}
	return sections
}

func height(sections []section) (lines int) {
	for _, s := range sections {
		lines += s.gap + len(s.lines)
	}
	return lines
}

// title is the load's own first line.
func (p painter) title() string {
	s := p.s
	right := ""
	if !s.Began.IsZero() {
		right = p.Text(style.Dim, text.LoadSince(s.Began))
	}
	sign, what, rest := p.Mark(style.Accent, style.Current), text.LoadLoading, ""
	switch {
	case s.Ending != Going:
		return p.endingTitle()
	case s.Paused != "":
		return p.pauseTitle()
	case s.phases[Source] != Done:
		what, rest = text.LoadLooking, text.LoadTheSource
	case s.Batch == nil:
		rest = text.LoadIntoTable
	case s.Replayed:
		what, rest = text.LoadReplaying, text.LoadBatch(*s.Batch)
	default:
		rest = text.LoadBatch(*s.Batch)
	}
	return p.Row(sign+" "+p.Bold(style.Accent, what)+" "+p.Text(style.Strong, rest), right, p.w)
}

// roomSigns are the memory that each room writes.
var roomSigns = [rooms]struct {
	role      style.Role
	full, not string
}{
	{style.Origin, style.SignOrigin, style.NoOrigin},
	{style.Checkpoint, style.SignCheckpoint, style.NoCheckpoint},
	{style.Checkpoint, style.SignCheckpoint, style.NoCheckpoint},
	{style.Table, style.SignTable, style.NoTable},
	{style.Table, style.SignTable, style.NoTable},
	{style.Checkpoint, style.SignCheckpoint, style.NoCheckpoint},
}

// createdEmpty says that a load that read nothing made a table that was not there.
func (s *State) createdEmpty() bool {
	return (s.Ending == NothingNew || s.Noted && s.Ending == Loaded) && !s.Before.Table && s.Finished != nil && s.Finished.TableVersion != nil
}

// narrowest is the width below which the rooms have no names under them.
const narrowest = 56

// rail draws the six rooms: signs and lines, names, states.
func (p painter) rail() []string {
	var signs, names, states strings.Builder
	for r := range Room(rooms) {
		cell := p.cell(r)
		phase := p.s.phases[r]
		if r == Commit && p.s.createdEmpty() { // no rows came, and the table is there
			phase = Done
		}
		name, sign := p.Text(style.Dim, text.LoadRooms[r]), p.Text(style.Dim, roomSigns[r].not)
		switch phase {
		case Done:
			name = p.Text(style.Strong, text.LoadRooms[r])
			sign = p.Mark(roomSigns[r].role, roomSigns[r].full)
		case Running:
			name = p.Bold(style.Accent, text.LoadRooms[r])
			sign = p.Mark(roomSigns[r].role, roomSigns[r].full)
		case Broken:
			name = p.Bold(style.Bad, text.LoadRooms[r])
		}
		if r < rooms-1 {
			sign += " " + p.segment(r, cell-3) + " "
		}
		signs.WriteString(p.Pad(sign, cell))
		gap := min(1, cell)
		if r == rooms-1 {
			gap = 0
		}
		names.WriteString(p.Pad(p.Cut(name, cell-gap), cell))
		states.WriteString(p.Pad(p.Cut(p.roomState(r), cell-gap), cell))
	}
	if p.w < narrowest {
		return []string{signs.String(), p.shortState()}
	}
	return []string{signs.String(), names.String(), states.String()}
}

// cell is a room's width: all alike, but that one has a column more, which its words
// need, and the last what remains.
func (p painter) cell(r Room) int {
	each, wide := max(p.w-11, 0)/(rooms-1), Source
	if each <= style.Width(text.LoadRooms[Discover]) {
		wide = Discover
	}
	switch r {
	case wide:
		return min(each+1, p.w)
	case rooms - 1:
		return max(p.w-each*(rooms-1)-1, 0)
	}
	return each
}

// segment is the line from a room to the next: done, to do, or cut by a seam.
func (p painter) segment(r Room, width int) string {
	at, standing := roomAfter[p.s.Paused], p.s.Paused != ""
	if p.s.Ending == KilledLoad && p.s.KilledAt != "" {
		at, standing = roomAfter[p.s.KilledAt], true
	}
	half := width / 2
	switch {
	case width <= 0:
		return ""
	case standing && r == at:
		sign := p.Mark(style.Accent, style.Seam)
		if p.s.Ending == KilledLoad {
			sign = p.Mark(style.Bad, style.Failed)
		}
		return p.Text(style.Strong, strings.Repeat(style.RuleDone, half)) + sign + p.Mark(style.Line, strings.Repeat(style.RuleToDo, width-half-1))
	case p.s.phases[r] == Done:
		return p.Text(style.Strong, strings.Repeat(style.RuleDone, width))
	default:
		return p.Mark(style.Line, strings.Repeat(style.RuleToDo, width))
	}
}

// roomState is the word under a room's name.
func (p painter) roomState(r Room) string {
	phase, took := p.s.phases[r], p.s.took[r]
	waits := p.Text(style.Dim, style.Waiting+text.Space+text.LoadWaits)
	switch {
	case r == Source && phase == Done && p.s.Ending == NothingNew:
		return p.Text(style.Dim, text.NewOnes(int64(p.s.Files)))
	case r == Source && phase == Done:
		files := text.Files(int64(p.s.Files))
		if style.Width(files) > p.cell(r)-2 {
			files = text.Number(int64(p.s.Files))
		}
		return p.Text(style.Dim, files)
	case r == Commit && p.s.createdEmpty():
		return p.Mark(style.OK, style.Done) + p.Text(style.Dim, text.Space+text.LoadCreated)
	case phase == Unused && p.s.checkpointed():
		return p.Text(style.Dim, style.Same+text.Space+text.LoadNone)
	case phase == Unused:
		return p.Text(style.Dim, style.Waiting+text.Space+text.LoadUnused)
	case phase == Broken:
		return p.Mark(style.Bad, style.Failed) + p.Text(style.Dim, text.Space+text.LoadCut)
	case phase == Waiting:
		return waits
	case phase == Running && r == Write:
		read, total := p.s.Share()
		return p.Mark(style.Accent, style.Current) + p.Text(style.Accent, text.Space+text.Percent(read, total))
	case phase == Running:
		return p.Mark(style.Accent, style.Current)
	case r == Write && len(p.s.Written) == 0 && p.s.Already != nil:
		return p.Text(style.Dim, style.Same+text.Space+text.LoadSpared)
	case p.s.Stepped:
		return p.Mark(style.OK, style.Done) + p.Text(style.Dim, text.Space+text.LoadDone)
	default:
		return p.Mark(style.OK, style.Done) + p.Text(style.Dim, text.Space+text.Duration(took))
	}
}

// shortState names the room where the load is, for narrow windows.
func (p painter) shortState() string {
	for r := range Room(rooms) {
		if phase := p.s.phases[r]; phase == Running || phase == Broken || phase == Waiting {
			return p.Text(style.Strong, text.LoadRooms[r]) + " " + p.roomState(r)
		}
	}
	return p.roomState(Confirm)
}

// running are the sections of a load that runs.
func (p painter) running() []section {
	all := []section{{lines: p.bar(), gap: 2}, {lines: p.numbers(), gap: 2, weight: 1}}
	if files := p.files(); len(files) > 0 {
		all = append(all, section{lines: files, gap: 2, weight: 2})
	}
	if p.s.phases[Write] == Running {
		all = append(all, section{lines: p.prose(style.Dim, text.LoadUnchanged), gap: 2, weight: comment})
	}
	return all
}

func (p painter) prose(r style.Role, s string) []string {
	var lines []string
	for _, line := range style.Paragraphs(s, max(min(p.w, proseWidth), 1)) {
		lines = append(lines, p.Prose(r, line))
	}
	return lines
}

// proseWidth is the longest line of running text.
const proseWidth = 66

func (p painter) bar() []string {
	read, total := p.s.Share()
	done, all, unit := text.LoadAmount(read, total)
	right := p.Text(style.Strong, done) + p.Text(style.Dim, " de ") + p.Text(style.Text, all) + p.Text(style.Dim, " "+unit)
	percent := text.Percent(read, total)
	if total == 0 {
		percent, right = text.Percent(0, 1), ""
	}
	return []string{p.Row(p.Text(style.Strong, percent), right, p.w), p.Bar(style.Accent, read, total, p.w)}
}

// The columns of the numbers and of the files' table.
const (
	numberEnds  = 33
	barColumn   = 44
	percentWide = 7
)

func (p painter) numbers() []string {
	s := p.s
	rows, rate, left := p.unknown(), p.unknown(), p.unknown()
	spark, rateUnit, leftUnit := "", "", ""
	if s.Read.Rows > 0 {
		rows = p.Text(style.Strong, text.Number(s.Read.Rows))
	}
	if perSecond, known := s.Rate(); known {
		rate, rateUnit = p.Text(style.Strong, text.Number(int64(perSecond)/1000*1000)), text.LoadRowsColumn
		if perSecond < 10_000 {
			rate = p.Text(style.Strong, text.Number(int64(perSecond)))
		}
		spark = p.Mark(style.Accent, style.Spark(s.rates, rateSamples))
	}
	if rest, known := s.Left(); known {
		amount, unit := text.LoadSeconds(rest)
		left, leftUnit = p.Text(style.Strong, amount), unit
	}
	amount, unit := text.LoadSeconds(s.Elapsed())
	return []string{
		p.number(text.LoadRowsRead, rows, "", ""),
		p.number(text.LoadPerSecond, rate, rateUnit, spark),
		p.number(text.LoadTime, p.Text(style.Strong, amount), unit, ""),
		p.number(text.LoadLeft, left, leftUnit, ""),
	}
}

func (p painter) unknown() string { return p.Text(style.Dim, "–") }

func (p painter) number(label, value, unit, extra string) string {
	ends := min(numberEnds, p.w-6)
	line := p.Row(p.Text(style.Dim, label), value, max(ends, 1)) + p.Text(style.Dim, " "+unit)
	if extra != "" && p.w >= barColumn+rateSamples {
		line = p.Pad(line, barColumn) + extra
	}
	return line
}

// fileRows is how many files have a row of their own.
const fileRows = 10

// files is the table of the batch's files, those that are being read among them.
func (p painter) files() []string {
	files := p.s.Read.Files
	if len(files) == 0 {
		if p.s.Read.FilesTotal > progress.MaxFilesTold {
			return []string{p.number(text.LoadFileColumn, p.Text(style.Strong, text.LoadFilesRead(p.s.Read.FilesRead, p.s.Read.FilesTotal)), "", "")}
		}
		return nil
	}
	head := p.Row(p.Text(style.Dim, "  "+text.LoadFileColumn), p.Text(style.Dim, text.LoadRowsColumn), min(numberEnds, p.w))
	if p.hasBars() {
		head = p.Pad(head, barColumn) + p.Text(style.Dim, text.LoadReadColumn)
	}
	lines := []string{head}
	first, last := window(files, fileRows)
	if first > 0 {
		lines = append(lines, p.Text(style.Dim, "  "+text.LoadMoreFiles(first)))
	}
	for _, file := range files[first:last] {
		lines = append(lines, p.file(file))
	}
	if last < len(files) {
		lines = append(lines, p.Text(style.Dim, "  "+text.LoadMoreFiles(len(files)-last)))
	}
	return lines
}

func (p painter) hasBars() bool { return p.w >= barColumn+percentWide+8 }

// window is the part of the files around the first that is not read to its end.
func window(files []progress.FileRead, most int) (first, last int) {
	for first < len(files) && files[first].BytesRead >= files[first].BytesTotal {
		first++
	}
	first = max(min(first-most/2, len(files)-most), 0)
	return first, min(first+most, len(files))
}

func (p painter) file(f progress.FileRead) string {
	sign, role := p.Text(style.Dim, style.Waiting), style.Dim
	rows := p.unknown()
	switch {
	case f.BytesRead >= f.BytesTotal:
		sign, role = p.Mark(style.OK, style.Done), style.Text
	case f.BytesRead > 0:
		sign, role = p.Mark(style.Accent, style.Current), style.Text
	}
	if f.Rows > 0 {
		rows = p.Text(style.Text, text.Number(f.Rows))
	}
	name := p.CutLeft(text.Sanitize(f.Name), 16)
	line := p.Row(sign+" "+p.Text(role, name), rows, min(numberEnds, p.w))
	if p.hasBars() {
		share := p.Text(style.Dim, text.Percent(f.BytesRead, f.BytesTotal))
		line = p.Pad(line, barColumn) + p.Rule(style.Origin, f.BytesRead, f.BytesTotal, p.w-barColumn-percentWide) + p.PadLeft(share, percentWide)
	}
	return line
}

func number(n int64) string { return fmt.Sprint(n) }

// versionFile is a version's file in the table's log, its zeros left out.
func versionFile(version int64) string { return fmt.Sprintf("_delta_log/…%02d.json", version) }
