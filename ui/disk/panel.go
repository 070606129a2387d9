package disk

import (
	"strings"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// PanelHeight is how many rows the panel needs to show everything.
const PanelHeight = 18

// grid is where the panel's columns are.
type grid struct {
	width     int
	numberEnd int // the column after a count's last digit
	unit      int
	long      bool // there is room for the memories' long names
}

const (
	detailColumn = 12
	fileSlots    = 4
)

// gridFor is the design's grid: 43 columns, or 36 where the window is narrower.
func gridFor(w int) grid {
	if w >= 43 {
		return grid{w, 30, 31, true}
	}
	return grid{w, 23, 24, false}
}

// View draws the panel in exactly w columns and h rows. The memories stay where they
// are whatever is in them; what is missing leaves its rows empty.
func (m Memories) View(t style.Theme, w, h int) string {
	p := panel{t, m, gridFor(w), m.Changed()}
	slots, details, gap := room(h)
	if !gap {
		slots, details = m.share(h)
	}
	lines := []string{t.Row(t.Heading(text.DiskMemoriesTitle), p.legend(), w)}
	for _, memory := range memories {
		if gap {
			lines = append(lines, "")
		}
		lines = append(lines, p.head(memory))
		if memory == Origin {
			lines = append(lines, exactly(p.files(slots), slots)...)
			continue
		}
		most := details
		if memory == Table && details == 3 && h >= PanelHeight {
			most++
		}
		lines = append(lines, exactly(p.rows(memory), most)...)
	}
	return t.Fit(lines, w, h)
}

// room decides what a panel of h rows leaves out: first file slots, then blank lines,
// then details.
func room(h int) (slots, details int, gap bool) {
	const full = PanelHeight - 1 // the last row is for the trash
	switch {
	case h >= full-3:
		return max(min(fileSlots-(full-h), fileSlots), 1), 3, true
	case h >= full-6:
		return 1, 3, false
	case h >= full-10:
		return 1, 1, false
	default:
		return 0, 0, false
	}
}

// share gives the rows of a low panel to the files first, and what they leave to the
// details of the other two; the batch and the data files stay as long as a row does.
func (m Memories) share(h int) (slots, details int) {
	rows := max(h-1-len(memories), 0)
	files := min(len(m.Of[Origin].Files), fileSlots)
	most := max(len(m.Of[Checkpoint].Rows), len(m.Of[Table].Rows))
	details = min(3, most, max(rows-files, 0)/2)
	if details == 0 && rows >= 3 {
		details = 1
	}
	return max(rows-2*details, 0), details
}

// exactly brings lines to n, so that what is below does not move.
func exactly(lines []string, n int) []string {
	if len(lines) > n {
		return lines[:n]
	}
	return append(lines, make([]string, n-len(lines))...)
}

type panel struct {
	t    style.Theme
	m    Memories
	grid grid
	// changed is m.Changed(), asked once: there may be ten thousand files.
	changed bool
}

// cell is a painted text that begins in a column.
type cell struct {
	at   int
	text string
}

// line places cells, which are in order; each is cut where the next begins.
func (p panel) line(cells ...cell) string {
	var out strings.Builder
	at := 0
	for i, c := range cells {
		limit := p.grid.width
		if i+1 < len(cells) {
			limit = cells[i+1].at - 1
		}
		s := p.t.Cut(c.text, limit-c.at)
		out.WriteString(strings.Repeat(" ", max(c.at-at, 0)) + s)
		at = max(at, c.at) + style.Width(s)
	}
	return out.String()
}

// atRight is a cell that ends at the panel's right edge.
func (p panel) atRight(painted string) cell {
	return cell{p.grid.width - style.Width(painted), painted}
}

func (p panel) head(memory Memory) string {
	block := p.m.Of[memory]
	cells := []cell{
		{0, p.t.Mark(memory.role(), memory.sign(block.There))},
		{2, p.t.Bold(memory.role(), p.name(memory))},
	}
	change := p.change(block)
	switch {
	case block.There || memory == Origin:
		number := text.Number(block.Count)
		cells = append(cells, cell{p.grid.numberEnd - style.Width(number), p.t.Bold(style.Strong, number)})
		unit := [3]func(int64) string{text.DiskOriginUnit, text.DiskSeenUnit, text.DiskRowsUnit}[memory](block.Count)
		if p.grid.unit+style.Width(unit)+1+style.Width(change) <= p.grid.width || change == "" {
			cells = append(cells, cell{p.grid.unit, p.t.Text(style.Dim, unit)})
		}
	case block.Change.Sign != "":
		cells = append(cells, cell{p.grid.numberEnd - 1, p.t.Text(style.Dim, "–")})
	}
	if change != "" {
		cells = append(cells, p.atRight(change))
	}
	return p.line(cells...)
}

func (p panel) name(memory Memory) string {
	if p.grid.long {
		return [3]string{text.DiskOriginName, text.DiskCheckpointName, text.DiskTableName}[memory]
	}
	return [3]string{text.DiskOriginShort, text.DiskCheckpointShort, text.DiskTableName}[memory]
}

// change paints what changed; where nothing did at all, the legend says so once.
func (p panel) change(block Block) string {
	c := block.Change
	if c.Sign == "" || !p.m.Losing && !p.changed {
		return ""
	}
	words := c.Sign
	if c.Amount > 0 {
		words += " " + text.Number(c.Amount)
	}
	if block.fresh {
		return p.t.Bold(p.signRole(words), words)
	}
	return p.signed(words)
}

// signed paints a sign and what follows it.
func (p panel) signed(words string) string { return p.t.Text(p.signRole(words), words) }

func (p panel) signRole(words string) style.Role {
	switch {
	case strings.HasPrefix(words, style.More), strings.HasPrefix(words, style.Differs):
		return style.Accent
	case strings.HasPrefix(words, style.Less):
		return style.Bad
	case p.m.Losing && words == style.Same:
		return style.OK
	default:
		return style.Dim
	}
}

// files fills the slots. Where there are more files, the first slot counts the
// others; those that changed are shown before those that did not.
func (p panel) files(slots int) []string {
	all := p.m.Of[Origin].Files
	if len(all) <= slots {
		return p.fileLines(all)
	}
	shown := choose(all, max(slots-1, 0))
	hidden := make([]File, 0, len(all)-len(shown))
	var visible []File
	for i, file := range all {
		if shown[i] {
			visible = append(visible, file)
		} else {
			hidden = append(hidden, file)
		}
	}
	cells := []cell{{2, p.t.Text(style.Dim, text.DiskMoreFiles(int64(len(hidden))))}}
	if words := summary(hidden); words != "" && p.grid.unit+style.Width(words) <= p.grid.width {
		cells = append(cells, cell{p.grid.unit, p.signed(words)})
	}
	return append([]string{p.line(cells...)}, p.fileLines(visible)...)
}

// choose picks n files: the last ones that changed, then the last ones.
func choose(files []File, n int) map[int]bool {
	shown := map[int]bool{}
	for _, changed := range []bool{true, false} {
		for i := len(files) - 1; i >= 0 && len(shown) < n; i-- {
			if files[i].changed == changed {
				shown[i] = true
			}
		}
	}
	return shown
}

// summary says what became of the files that are not shown.
func summary(hidden []File) string {
	news, same := 0, 0
	for _, file := range hidden {
		switch {
		case file.Sign == style.More && file.Word == text.DiskWordNew:
			news++
		case file.Sign == style.Same && !file.changed:
			same++
		}
	}
	switch {
	case news > 0:
		return style.More + " " + text.DiskNewFiles(int64(news))
	case same == len(hidden):
		return style.Same + " " + text.DiskWordAllSeen
	default:
		return ""
	}
}

func (p panel) fileLines(files []File) []string {
	lines := make([]string, 0, len(files))
	for _, file := range files {
		number, role := "", style.Dim
		if file.Rows >= 0 {
			number, role = text.Number(file.Rows), style.Text
		}
		from := p.grid.numberEnd - style.Width(number)
		name := fileName(p.t, file.Name, p.m.Table, from-3)
		lines = append(lines, p.line(
			cell{2, p.t.Text(role, name)}, cell{from, p.t.Text(role, number)},
			cell{p.grid.unit, p.signed(file.Sign + " " + file.Word)},
		))
	}
	return lines
}

func (p panel) rows(memory Memory) []string {
	var lines []string
	for _, row := range p.m.Of[memory].Rows {
		lines = append(lines, p.row(row))
	}
	return lines
}

func (p panel) row(row Row) string {
	if row.Label == "" {
		return p.line(cell{2, p.t.Prose(style.Dim, row.Value)})
	}
	room := p.grid.width - detailColumn
	var right []cell
	if row.Change != "" {
		painted := p.signed(row.Change)
		right = []cell{p.atRight(painted)}
		room -= style.Width(painted) + 1
	}
	value := text.Sanitize(row.Value)
	switch {
	case row.ID:
		value = shortID(value, room)
	case row.Short != "" && (row.Note != "" || style.Width(value) > room):
		value = row.Short
	}
	role := style.Text
	if row.Dim {
		role = style.Dim
	}
	painted := p.t.Text(role, value)
	if row.fresh {
		painted = p.t.Bold(style.Strong, value)
	}
	if row.Note != "" && style.Width(value)+3+style.Width(row.Note) <= room {
		painted += "   " + p.t.Text(style.Dim, row.Note)
	}
	cells := []cell{{2, p.t.Text(style.Dim, row.Label)}, {detailColumn, painted}}
	return p.line(append(cells, right...)...)
}

// shortID is as much of an id as a person compares: three of its groups where there
// is room, else the first.
func shortID(id string, room int) string {
	const groups = len("5c1f7a92-3be0-4d0e-")
	switch {
	case len(id) > groups && room > groups:
		return id[:groups] + style.Ellipsis
	case len(id) > 8 && room < len(id):
		return id[:8] + style.Ellipsis
	default:
		return id
	}
}

// legend says what the signs in the panel mean, in as many words as there is room for.
func (p panel) legend() string {
	room := p.grid.width - style.Width(text.DiskMemoriesTitle) - 1
	for _, entries := range p.legends() {
		painted := make([]string, 0, len(entries))
		for _, entry := range entries {
			sign, word, _ := strings.Cut(entry, " ")
			role := style.Dim
			if p.m.Losing {
				role = p.signRole(sign)
			}
			painted = append(painted, p.t.Text(role, sign)+p.t.Text(style.Dim, " "+word))
		}
		if joined := strings.Join(painted, "  "); style.Width(joined) <= room {
			return joined
		}
	}
	return ""
}

// legends are the ways to say it, the longest first.
func (p panel) legends() [][]string {
	switch {
	case p.m.Losing:
		return [][]string{
			{style.Less + " " + text.DiskLegendLost, style.Same + " " + text.DiskLegendKept},
			{style.Less + " " + text.DiskLegendGoes, style.Same + " " + text.DiskLegendStays},
		}
	case !p.m.Compared:
		return nil
	case !p.changed:
		return [][]string{{style.Same + " " + text.DiskLegendAllSame}}
	}
	words := map[string]string{style.More: text.DiskLegendNew, style.Less: text.DiskLegendLess, style.Same: text.DiskLegendSame, style.Differs: text.DiskWordChanged}
	var all, changes []string
	for _, sign := range []string{style.More, style.Less, style.Differs, style.Same} {
		if p.shows(sign) {
			all = append(all, sign+" "+words[sign])
			if sign != style.Same {
				changes = append(changes, sign+" "+words[sign])
			}
		}
	}
	return [][]string{all, changes}
}

// shows tells whether a sign stands in the panel.
func (p panel) shows(sign string) bool {
	for _, block := range p.m.Of {
		if block.Change.Sign == sign {
			return true
		}
		for _, file := range block.Files {
			if file.Sign == sign {
				return true
			}
		}
		for _, row := range block.Rows {
			if strings.HasPrefix(row.Change, sign) {
				return true
			}
		}
	}
	return false
}

// Line is the memories on one line of w columns, for windows without a panel.
func (m Memories) Line(t style.Theme, w int) string {
	for _, short := range []bool{false, true} {
		parts := m.parts(t, short)
		width := 0
		for _, part := range parts {
			width += style.Width(part)
		}
		if free := w - width; free >= 4 || short {
			left := max(free/2, 1)
			return t.Pad(parts[0]+strings.Repeat(" ", left)+parts[1]+strings.Repeat(" ", max(free-left, 1))+parts[2], w)
		}
	}
	return ""
}

func (m Memories) parts(t style.Theme, short bool) [3]string {
	words := [3]string{
		text.DiskLineOrigin(m.Of[Origin].Count, short),
		text.DiskLineCheckpoint(m.Of[Checkpoint].There, m.Of[Checkpoint].Count, m.Of[Checkpoint].Batch, short),
		text.DiskLineTable(m.Of[Table].There, m.Of[Table].Count, short),
	}
	var parts [3]string
	for _, memory := range memories {
		sign := memory.sign(m.Of[memory].There)
		parts[memory] = t.Mark(memory.role(), sign) + " " + t.Text(style.Text, words[memory])
	}
	return parts
}
