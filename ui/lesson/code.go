package lesson

import (
	"regexp"
	"slices"
	"strings"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// leastFold is how many lines of a long cell are shown where there is no room for more.
const leastFold = 4

// switches finds an option that is turned on or off: what a cell with one is about.
var switches = regexp.MustCompile(`, "(true|false)"\)`)

func (d *drawing) cells(cells []Cell) {
	for i, cell := range cells {
		d.cell(i, cell)
	}
}

func (d *drawing) cell(i int, c Cell) {
	d.blank(1)
	d.source(i, c)
	if c.Run != nil {
		d.row(Target{RunTarget, i}, func(t style.Theme, focused bool) (string, string) {
			return t.KeyName(c.Run.Key) + t.Fill(2) + words(t, focused, c.Run.Does), ""
		})
	}
	d.output(i, c.Output)
}

// source is a cell's head and its code.
func (d *drawing) source(i int, c Cell) {
	left := text.CellTitle(c.Number, c.Language)
	if c.Note != "" {
		left += ", " + c.Note
	}
	right := ""
	switch {
	case c.NoState:
	case c.State == Run:
		right = d.t.Mark(style.OK, style.Done) + " " + d.t.Text(style.Dim, text.CellRun)
		if !c.At.IsZero() {
			right += d.t.Text(style.Dim, " "+text.Clock(c.At))
		}
	case c.State == Stale:
		right = d.t.Text(style.Dim, style.Less+" "+text.CellStale)
	case c.State == Cut:
		right = d.t.Mark(style.Bad, style.Failed) + " " + d.t.Text(style.Dim, text.CellCut)
	default:
		right = d.t.Text(style.Dim, style.Waiting+" "+text.CellNotRun)
	}
	target := Target{CellTarget, i}
	lines := strings.Split(strings.Trim(c.Code, "\n"), "\n")
	if !d.n.opened[target] && !d.n.headOnly(i) && (d.n.saved.code == whole || len(lines) <= d.n.saved.code) {
		d.add(d.t.Row(d.t.Text(style.Dim, left), right, d.w))
		d.code(c.Code, c.Language)
		return
	}
	t, slot := d.focus(target)
	title := slot + t.Text(style.Dim, left) + d.opener(t, target, text.Whole)
	d.lines = append(d.lines, line{text: t.Row(title, right, d.w), target: target})
	switch {
	case d.n.opened[target]:
		d.code(c.Code, c.Language)
		return
	case d.n.headOnly(i):
		return
	}
	d.folded(lines, c.Language)
}

// opener is how a closed row opens: the key of the one that is next, and after which
// the others are.
func (d *drawing) opener(t style.Theme, target Target, does string) string {
	switch {
	case d.n.next == target:
		return t.Fill(2) + t.Key(text.OpenerKey, does)
	case d.n.next.Kind == NoTarget || d.n.opened[target]:
		return ""
	}
	return t.Fill(2) + t.Text(style.Dim, text.OpensLater)
}

// folded draws what is kept of a long cell, with an ellipsis where lines are left out.
func (d *drawing) folded(lines []string, language string) {
	kept := d.kept(lines)
	t := d.t.On(style.Code)
	for j, at := range kept {
		end := len(lines)
		if j+1 < len(kept) {
			end = kept[j+1]
		}
		painted := d.highlight(t, lines[at], language)
		if hidden := end - at - 1; hidden > 0 {
			note := "   " + text.HiddenLines(hidden)
			painted = t.Cut(painted, d.w-3-style.Width(note)) + t.Text(style.Dim, note)
		}
		d.addCode(painted)
	}
}

// kept are the lines of a long cell that there is room for: the first, those that name
// a memory or turn something on or off, and as many of the others.
func (d *drawing) kept(lines []string) []int {
	kept := []int{0}
	for _, naming := range []bool{true, false} {
		if !naming && d.n.saved.code <= leastFold {
			break
		}
		for i := 1; i < len(lines) && len(kept) < d.n.saved.code; i++ {
			comment := strings.HasPrefix(strings.TrimSpace(lines[i]), "#")
			if names := (d.namesMemory(lines[i]) || switches.MatchString(lines[i])) && !comment; names == naming {
				kept = append(kept, i)
			}
		}
	}
	slices.Sort(kept)
	return kept
}

// code draws lines of code on their surface.  A line too long for it is broken.
func (d *drawing) code(code, language string) {
	for _, l := range strings.Split(strings.Trim(code, "\n"), "\n") {
		for i, part := range wrapCode(strings.ReplaceAll(l, "\t", "    "), d.w-3) {
			if i > 0 {
				part = "    " + part
			}
			d.addCode(d.highlight(d.t.On(style.Code), part, language))
		}
	}
}

func (d *drawing) addCode(painted string) {
	t := d.t.On(style.Code)
	d.add(t.Mark(style.Line, style.Vertical) + t.Pad(t.Fill(1)+painted, d.w-1))
}

// wrapCode breaks a line of code at spaces, keeping its indentation.
func wrapCode(l string, w int) []string {
	if style.Width(l) <= w || w < 12 {
		return []string{l}
	}
	body := strings.TrimLeft(l, " ")
	indent := l[:len(l)-len(body)]
	if len(indent) > w/2 {
		indent = ""
	}
	parts := style.Wrap(strings.ReplaceAll(body, "`", "'"), w-len(indent)-4)
	for i := range parts {
		parts[i] = indent + parts[i]
	}
	return parts
}

var (
	sqlWords       = regexp.MustCompile(`\b(SELECT|FROM|WHERE|DROP|TABLE|IF|EXISTS|NOT|ORDER|GROUP|BY|COUNT|DESCRIBE|HISTORY|DETAIL|UNDROP|SHOW|TABLES|VERSION|AS|OF|AND|OR|DATE|COPY|INTO|FILEFORMAT|CREATE|IN|LIMIT|JOIN|ON|CAST|DISTINCT|VACUUM|RESTORE|TIMESTAMP)\b`)
	tableWords     = regexp.MustCompile(`f?"[^"]*\{TABLA\}"|f"\{CATALOGO\}[^"]*"`)
	pathWords      = regexp.MustCompile(`\bcheckpoint_(?:path|base)\b|_checkpoint_[\w{}/]+|\bschema_path\b`)
	sourceWords    = regexp.MustCompile(`f"\{VOLUMEN_LANDING\}[^"]*"|\bVOLUMEN_LANDING\b|\blanding_path\b`)
	pythonComments = regexp.MustCompile(`^\s*(#|--).*$`)
)

type span struct {
	from, to int
	role     style.Role
}

// tints remembers what was found in a page's code: a page is drawn again and again,
// and a key must not wait for expressions to be matched.
type tints struct {
	named []pattern
	found map[string][]span
}

type pattern struct {
	role style.Role
	re   *regexp.Regexp
}

func newTints(names Names) tints {
	named := []pattern{{style.Checkpoint, pathWords}, {style.Origin, sourceWords}, {style.Table, tableWords}}
	for _, p := range []struct {
		role style.Role
		name string
	}{{style.Checkpoint, names.Checkpoint}, {style.Origin, names.Source}, {style.Table, names.Table}} {
		if p.name != "" {
			named = append(named, pattern{p.role, regexp.MustCompile(`\b` + regexp.QuoteMeta(p.name) + `\b`)})
		}
	}
	return tints{named, map[string][]span{}}
}

// spans finds where a line names a memory.  What begins first wins.
func (d *drawing) spans(l string) []span {
	found, known := d.n.tints.found[l]
	if known {
		return found
	}
	for _, p := range d.n.tints.named {
		for _, at := range p.re.FindAllStringIndex(l, -1) {
			found = append(found, span{at[0], at[1], p.role})
		}
	}
	d.n.tints.found[l] = found
	return found
}

func (d *drawing) namesMemory(l string) bool { return len(d.spans(l)) > 0 }

// highlight colours code where it names a memory, makes SQL's words strong and
// comments dim.  Nothing else has a colour.
func (d *drawing) highlight(t style.Theme, l, language string) string {
	if pythonComments.MatchString(l) {
		return t.Text(style.Dim, l)
	}
	roles := make([]style.Role, len(l)) // per byte; Text is zero
	if language == "sql" {
		for _, at := range sqlWords.FindAllStringIndex(l, -1) {
			for i := at[0]; i < at[1]; i++ {
				roles[i] = style.Strong
			}
		}
	}
	spans := d.spans(l)
	for i := len(spans) - 1; i >= 0; i-- {
		for j := spans[i].from; j < spans[i].to; j++ {
			roles[j] = spans[i].role
		}
	}
	var out strings.Builder
	for from := 0; from < len(l); {
		to := from + 1
		for to < len(l) && roles[to] == roles[from] {
			to++
		}
		out.WriteString(t.Text(roles[from], l[from:to]))
		from = to
	}
	return out.String()
}
