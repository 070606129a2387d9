package lesson

import (
	"slices"
	"strconv"
	"strings"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/editor"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// Rail is the stages of this cycle: what is done, where one is.  A cycle that is not
// told has all five.  gap is how many columns part them.
func Rail(t style.Theme, phase lessons.Phase, passed, cycle []lessons.Phase, gap int) string {
	stages := stagesOf(cycle)
	if phase == lessons.Read {
		stages = append([]lessons.Phase{lessons.Read}, stages...)
		gap = min(gap, 2)
	}
	var parts []string
	for _, stage := range stages {
		name := text.PhaseNames[string(stage)]
		switch {
		case stage == phase:
			parts = append(parts, t.Mark(style.Accent, style.Current)+" "+t.Bold(style.Accent, name))
		case slices.Contains(passed, stage):
			parts = append(parts, t.Mark(style.OK, style.Done)+" "+t.Text(style.Dim, name))
		default:
			parts = append(parts, "  "+t.Text(style.Dim, name))
		}
	}
	return strings.Join(parts, strings.Repeat(" ", gap))
}

func stagesOf(cycle []lessons.Phase) []lessons.Phase {
	if len(cycle) == 0 {
		return lessons.Cycle
	}
	return slices.DeleteFunc(slices.Clone(lessons.Cycle), func(p lessons.Phase) bool { return !slices.Contains(cycle, p) })
}

// draw is the whole page as lines of n.w columns, in the order in which it is read.
func (n *Notebook) draw() []line {
	d := &drawing{n: n, t: n.theme, w: n.w}
	p := n.page
	proves := p.Phase != lessons.Run && slices.ContainsFunc(p.Cells, func(c Cell) bool { return c.Run != nil || c.Output != nil })
	d.title(p)
	d.text(p)
	if proves { // what is then explained
		d.must(func() { d.cells(p.Cells) })
	}
	if p.Verdict != nil && p.Question == "" {
		d.must(func() { d.verdict(p.Verdict) })
	}
	if p.TurnFirst {
		d.must(func() { d.turn(p) })
	}
	if !proves {
		d.cells(p.Cells)
	}
	d.question(p)
	if p.Verdict != nil && p.Question != "" { // the answer comes where the question was
		d.blank(1)
		d.must(func() { d.verdict(p.Verdict) })
	}
	if !p.TurnFirst {
		d.must(func() { d.turn(p) })
	}
	d.hint(p.Hint)
	d.asked(p.Asked)
	d.asides(p.Asides)
	if p.Note != "" && !n.saved.note {
		d.blank(2)
		for _, sentence := range strings.Split(p.Note, "\n") {
			d.prose(style.Dim, sentence)
		}
	}
	for i := range d.lines {
		d.lines[i].must = d.lines[i].must || p.Brief
	}
	return d.trimmed()
}

// drawing collects lines.
type drawing struct {
	n     *Notebook
	t     style.Theme
	w     int
	lines []line
}

func (d *drawing) trimmed() []line {
	for len(d.lines) > 0 && d.lines[len(d.lines)-1].blank {
		d.lines = d.lines[:len(d.lines)-1]
	}
	return d.lines
}

// must draws what is to be seen without scrolling.
func (d *drawing) must(draw func()) {
	from := len(d.lines)
	draw()
	for i := from; i < len(d.lines); i++ {
		d.lines[i].must = true
	}
}

// loose is blank within a part.
func (d *drawing) loose(n int) {
	if d.n.saved.air == 0 {
		d.blank(n)
	}
}

// blank makes sure that n empty lines part what comes from what was.
func (d *drawing) blank(n int) {
	if len(d.lines) == 0 || d.n.saved.air > 1 {
		return
	}
	have := 0
	for i := len(d.lines) - 1; i >= 0 && d.lines[i].blank; i-- {
		have++
	}
	for ; have < n; have++ {
		d.lines = append(d.lines, line{blank: true})
	}
}

func (d *drawing) add(s string) { d.lines = append(d.lines, line{text: s}) }

func (d *drawing) prose(role style.Role, s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	for _, l := range d.n.paragraphs(s, min(d.w, ProseWidth)) {
		d.lines = append(d.lines, line{text: d.t.Prose(role, l), blank: l == ""})
	}
}

// heading is wrapped too: a question may be long.
func (d *drawing) heading(s string) {
	for _, l := range d.n.paragraphs(s, min(d.w, ProseWidth)) {
		d.add(d.t.Heading(strings.ReplaceAll(l, "`", "")))
	}
}

// opens is a heading of something that can be folded: while it is, or once it was
// opened, it is a row that can be acted on.
func (d *drawing) opens(target Target, s string, hidden int, does string) {
	if !d.n.closed(target) && !d.n.opened[target] {
		d.heading(s)
		return
	}
	t, slot := d.focus(target)
	right := ""
	if !d.n.opened[target] {
		right = t.Text(style.Dim, text.HiddenLines(hidden)) + d.opener(t, target, does)
	}
	lines := d.n.paragraphs(s, min(d.w, ProseWidth))
	if last := len(lines) - 1; style.Width(slot+lines[last])+2+style.Width(right) > d.w {
		lines = d.n.paragraphs(s, max(min(d.w, ProseWidth)-style.Width(slot+right)-2, 12))
	}
	for i, l := range lines {
		left, end := t.Heading(strings.ReplaceAll(l, "`", "")), ""
		if i == 0 {
			left = slot + left
		}
		if i == len(lines)-1 {
			end = right
		}
		d.lines = append(d.lines, line{text: t.Row(left, end, d.w), target: target})
	}
}

func (d *drawing) title(p Page) {
	how := map[string]string{lessons.Demonstration: text.LabsTurn, lessons.HalfDone: text.HalfTurn, lessons.Alone: text.AloneTurn}[p.How]
	if p.Title != "" {
		d.opens(Target{Kind: TextTarget}, p.Title, len(d.n.proseLines())-max(d.n.saved.text, 0), text.WholeText)
		if how != "" && (p.Verdict == nil || d.n.saved.text != 0) { // it tells who is to act
			d.add(d.t.Text(style.Dim, how))
		}
	}
}

// text is the page's prose: whole, or its first lines.
func (d *drawing) text(p Page) {
	lines := d.n.proseLines()
	target := Target{}
	switch {
	case d.n.opened[Target{Kind: TextTarget}]:
		target = Target{Kind: TextTarget}
	case d.n.closed(Target{Kind: TextTarget}):
		lines = lines[:d.n.saved.text]
		if last := len(lines) - 1; last >= 0 && last+1 != d.n.firstParagraph() {
			lines = append(lines[:last:last], d.cutShort(lines[last], min(d.w, ProseWidth)))
		}
	}
	if len(lines) > 0 && len(d.lines) > 0 {
		d.loose(1)
	}
	for _, l := range lines {
		d.lines = append(d.lines, line{text: d.t.Prose(style.Text, l), blank: l == "", target: target})
	}
}

// cutShort is a line of prose that the text goes on after.
func (d *drawing) cutShort(l string, w int) string {
	l = d.t.Cut(l+" "+style.Ellipsis, w)
	if strings.Count(l, "`")%2 == 1 { // what it quotes was cut
		l = strings.Replace(l, "`", "", 1)
	}
	return l
}

// focus is the theme that a row is drawn on, and the mark before it where it has the
// focus and Enter is its own.
func (d *drawing) focus(target Target) (t style.Theme, slot string) {
	t = d.t
	if d.n.focus == target {
		t = t.On(style.Selected)
		if d.n.active {
			slot = t.Mark(style.Accent, style.Focus) + t.Fill(1)
		}
	}
	return t, slot
}

// row adds a line that can be acted on.  paint draws it on the theme it is given,
// which knows whether the row has the focus; strong says so too.
func (d *drawing) row(target Target, paint func(t style.Theme, focused bool) (left, right string)) {
	t, slot := d.focus(target)
	if slot == "" {
		slot = t.Fill(2)
	}
	left, right := paint(t, d.n.focus == target)
	d.lines = append(d.lines, line{text: t.Row(slot+left, right, d.w), target: target})
}

// words paints a row's text: strong where the focus is.
func words(t style.Theme, focused bool, s string) string {
	if focused {
		return t.Text(style.Strong, s)
	}
	return t.Text(style.Text, s)
}

func (d *drawing) question(p Page) {
	if p.Question == "" {
		return
	}
	d.blank(1)
	if p.asks() && p.Sentence { // it is written before it is compared
		d.must(func() { d.why(p) })
		d.loose(1)
	}
	others := Target{Kind: OptionsTarget}
	d.opens(others, p.Question, len(p.Options), text.AllOptions)
	d.loose(1)
	field := 0
	for _, o := range p.Options {
		if o.Value != "" {
			field = max(field, 8, style.Width(o.Value)+2)
		}
	}
	options := func() {
		for i, option := range p.Options {
			if !d.n.closed(others) || i == p.Chosen && (p.Verdict == nil || p.Verdict.Chosen == "") {
				d.option(p, i, option, field)
			}
		}
	}
	if !p.asks() {
		options()
		return
	}
	d.must(options)
	if p.NoWhy || p.Sentence {
		return
	}
	d.loose(1)
	if d.n.saved.why {
		d.why(p)
		return
	}
	d.must(func() { d.why(p) })
}

func (d *drawing) option(p Page, i int, o Option, field int) {
	target := Target{OptionTarget, i}
	if !p.Ask {
		target = Target{}
	}
	indent := 2 + 1 + field + 2
	room := max(d.w-indent, 10)
	rows := style.Wrap(o.Text, room) // chosen or not, so that no row jumps
	for at, words := range rows {
		focused := d.n.focus == target && target.Kind != NoTarget
		t := d.t
		if focused {
			t = t.On(style.Selected)
		}
		paint := func(s string) string {
			if focused || (i == p.Chosen && !p.Ask) {
				return t.Text(style.Strong, s)
			}
			return t.Text(style.Text, s)
		}
		left, right := t.Fill(indent), ""
		if at == 0 {
			slot := t.Fill(2)
			switch {
			case focused && d.n.active && !d.n.isTyping:
				slot = t.Mark(style.Accent, style.Focus) + t.Fill(1)
			case i == p.Chosen && !p.Ask, i == d.n.picked && p.Ask && !focused:
				slot = t.Mark(style.Accent, style.Current) + t.Fill(1)
			}
			digit := t.Bold(style.Accent, strconv.Itoa(i+1))
			if !p.Ask {
				digit = t.Text(style.Dim, strconv.Itoa(i+1))
			}
			left = slot + digit + t.Fill(field-style.Width(o.Value)) + paint(o.Value) + t.Fill(2)
		}
		if i == p.Chosen && at == len(rows)-1 && style.Width(words)+2+style.Width(yours(p)) <= room {
			right = t.Text(style.Dim, yours(p))
		}
		d.lines = append(d.lines, line{text: t.Row(left+paint(words), right, d.w), target: target})
	}
}

// yours marks the option that was chosen.
func yours(p Page) string {
	if p.Phase == lessons.Predict {
		return text.YourPrediction
	}
	return text.YourAnswer
}

// why is the text field for the reason, or for the sentence that the step asks for.
func (d *drawing) why(p Page) {
	prompt, invites, own := text.WhyPrompt, text.WriteWhy, p.Why
	if p.Sentence {
		prompt, invites = text.SentencePrompt, text.WriteSentence
	}
	if d.n.isTyping {
		own = d.n.typing
	}
	target := Target{Kind: WhyTarget}
	lead := func(t style.Theme) string {
		gap := t.Fill(2)
		if !t.Colored() {
			gap = " "
		}
		switch {
		case d.n.isTyping:
			return t.Text(style.Dim, prompt+"  ")
		case own != "":
			return t.KeyName("w") + gap + t.Text(style.Dim, prompt+" ")
		}
		return t.KeyName("w") + gap + t.Text(style.Dim, invites)
	}
	indent := style.Width(lead(d.t))
	rows := editor.Lines(own, max(d.w-2-indent-1, 1))
	if d.n.isTyping && strings.HasSuffix(own, " ") { // the cursor stands behind it
		rows[len(rows)-1] += " "
	}
	for i, own := range rows {
		from := len(d.lines)
		d.row(target, func(t style.Theme, focused bool) (string, string) {
			painted := words(t, focused, own)
			if d.n.isTyping && i == len(rows)-1 {
				painted += t.Mark(style.Accent, style.Sliver)
			}
			if i == 0 {
				return lead(t) + painted, ""
			}
			return t.Fill(indent) + painted, ""
		})
		if i > 0 { // it is one row of the page
			d.lines[from].text = strings.Replace(d.lines[from].text, style.Focus, " ", 1)
		}
	}
}

func (d *drawing) turn(p Page) {
	if len(p.Turn) == 0 {
		return
	}
	d.blank(1)
	if p.How == lessons.Demonstration {
		d.heading(text.WatchIt)
	} else {
		d.heading(text.YourTurn)
	}
	d.blank(1)
	for i, turn := range p.Turn {
		if turn.Lacks != "" {
			d.lacking(turn)
			continue
		}
		d.row(Target{TurnTarget, i}, func(t style.Theme, focused bool) (string, string) {
			right := t.Text(style.Dim, turn.Times)
			if turn.Done {
				right = t.Mark(style.OK, style.Done)
			}
			return t.KeyName(turn.Key) + t.Fill(2) + words(t, focused, turn.Does), right
		})
	}
}

// lacking is a row that cannot be acted on now: dim, with the reason.
func (d *drawing) lacking(turn Turn) {
	right := d.t.Text(style.Dim, turn.Lacks)
	if turn.Done {
		right = d.t.Mark(style.OK, style.Done)
	}
	key := strings.Repeat(" ", style.Width(d.t.KeyName(turn.Key))-style.Width(turn.Key)) + turn.Key
	d.add(d.t.Row("  "+d.t.Text(style.Dim, key+"  "+turn.Does), right, d.w))
}

func (d *drawing) hint(h *Hint) {
	if h == nil {
		return
	}
	d.blank(1)
	from := len(d.lines)
	d.add(d.t.Bold(style.Accent, text.HintLevel(h.Level, h.Levels)))
	d.prose(style.Text, h.Text)
	d.mark(hintPart, from)
}

// mark says what the lines from one on are part of.
func (d *drawing) mark(p part, from int) {
	for i := from; i < len(d.lines); i++ {
		d.lines[i].part = p
	}
}

func (d *drawing) asides(asides []Aside) {
	if len(asides) == 0 {
		return
	}
	d.blank(1)
	for i, aside := range asides {
		target := Target{AsideTarget, i}
		open := d.n.opened[target]
		d.row(target, func(t style.Theme, focused bool) (string, string) {
			right := t.Text(style.Dim, text.OpenRow)
			if open {
				right = t.Text(style.Dim, text.CloseRow)
			}
			if !focused {
				right = strings.TrimLeft(d.opener(t, target, text.OpenLabel), " ")
			}
			title := t.Cut(words(t, focused, aside.Title), d.w-2-style.Width(right)-2)
			return title, right
		})
		if open {
			from := len(d.lines)
			if style.Width(aside.Title)+style.Width(text.CloseRow)+4 > d.w {
				d.heading(aside.Title) // whole: the row cuts it
				d.blank(1)
			}
			d.prose(style.Text, aside.Text)
			if aside.Code != "" {
				d.blank(1)
				d.code(aside.Code, aside.Language)
			}
			d.blank(1)
			for i := from; i < len(d.lines); i++ {
				d.lines[i].target = target
			}
		}
	}
}

// verdict is what frame 04 shows: the headline, the comparison, the reason, the
// answer to the student's own idea, the evidence.
func (d *drawing) verdict(v *Verdict) {
	from := len(d.lines)
	defer func() { d.mark(verdictPart, from) }()
	if v.Headline != "" {
		if len(d.lines) > 0 {
			d.blank(1)
		}
		from = len(d.lines)
		sign, role := style.Done, style.OK
		if !v.OK {
			sign, role = style.Failed, style.Bad
		}
		for i, l := range d.n.paragraphs(v.Headline, min(d.w, ProseWidth)-2) {
			mark := "  "
			if i == 0 {
				mark = d.t.Mark(role, sign) + " "
			}
			d.add(mark + d.t.Text(style.Strong, l))
		}
	}
	if v.Own != "" {
		d.prose(style.Dim, text.OwnReason(v.Own, v.Sentence))
	}
	if v.End != "" { // what the run has come to, before why it has
		d.blank(1)
		d.prose(style.Text, v.End)
	}
	d.comparison(v)
	d.reason(v.Why)
	d.idea(v)
	d.evidence(v.Evidence)
}

// reason is why: whole, or its first paragraph and a row that opens the rest.
func (d *drawing) reason(why string) {
	if strings.TrimSpace(why) == "" {
		return
	}
	d.blank(2)
	d.heading(text.WhyHeading)
	first, rest, more := strings.Cut(strings.TrimSpace(why), "\n\n")
	target := Target{Kind: ReasonTarget}
	if opened := d.n.opened[target]; !more || !opened && !d.n.closed(target) {
		d.prose(style.Text, why)
		return
	}
	d.prose(style.Text, first)
	lines := d.n.paragraphs(rest, min(d.w, ProseWidth))
	if !d.n.opened[target] {
		d.row(target, func(t style.Theme, _ bool) (string, string) {
			return t.Text(style.Dim, text.HiddenLines(len(lines))), strings.TrimLeft(d.opener(t, target, text.WholeText), " ")
		})
		return
	}
	d.blank(1)
	for _, l := range lines {
		d.lines = append(d.lines, line{text: d.t.Prose(style.Text, l), blank: l == "", target: target})
	}
}

// idea answers what the student had thought.
func (d *drawing) idea(v *Verdict) {
	if v.Chosen == "" || strings.TrimSpace(v.Idea) == "" {
		return
	}
	d.blank(2)
	target := Target{Kind: IdeaTarget}
	lines := d.n.paragraphs(v.Idea, min(d.w, ProseWidth))
	d.opens(target, text.YourIdea(v.Chosen), len(lines), text.WholeText)
	if d.n.closed(target) {
		return
	}
	if !d.n.opened[target] {
		target = Target{}
	}
	for _, l := range lines {
		d.lines = append(d.lines, line{text: d.t.Prose(style.Text, l), blank: l == "", target: target})
	}
}

// comparison is a table whose first column is drawn as bars too.
func (d *drawing) comparison(v *Verdict) {
	if len(v.Columns) == 0 || len(v.Rows) == 0 {
		return
	}
	label := 0
	widths := make([]int, len(v.Columns))
	top := int64(0)
	for i, name := range v.Columns {
		widths[i] = style.Width(name)
	}
	for _, row := range v.Rows {
		label, top = max(label, style.Width(row.Name)), max(top, row.Bar)
		for i, value := range row.Values {
			widths[min(i, len(widths)-1)] = max(widths[min(i, len(widths)-1)], style.Width(value))
		}
	}
	label++
	d.blank(1)
	room := min(d.w, ProseWidth) - label - 3
	for _, w := range widths {
		room -= w + 3
	}
	if top <= 0 || room < leastBar {
		room = 0
	}
	head := make([]string, len(v.Columns))
	for i, name := range v.Columns {
		head[i] = d.t.PadLeft(d.t.Text(style.Dim, name), widths[i])
	}
	d.add(d.beside(strings.Repeat(" ", label), head, "", room))
	for i, row := range v.Rows {
		if i > 0 {
			d.loose(1)
		}
		name, values := d.comparisonRow(row, label, widths)
		d.add(d.beside(name, values, d.bar(row, v.BarRole, top, room), room))
	}
}

// beside puts a bar of at most room columns right behind the first value, which it
// draws; what else is compared comes after it.
func (d *drawing) beside(name string, values []string, bar string, room int) string {
	out := name
	for i, value := range values {
		out += "   " + value
		if i == 0 && room > 0 {
			out += "   " + d.t.Pad(bar, room)
		}
	}
	return out
}

// leastBar is the room below which bars say nothing.
const leastBar = 4

func (d *drawing) comparisonRow(row Row, label int, widths []int) (name string, values []string) {
	name = d.t.Text(style.Dim, row.Name)
	if row.Now {
		name = d.t.Text(style.Strong, row.Name)
	}
	for i, value := range row.Values {
		painted := d.t.Text(style.Text, value)
		if i == 0 {
			painted = d.t.Text(style.Strong, value)
		}
		if i < len(widths) {
			values = append(values, d.t.PadLeft(painted, widths[i]))
		}
	}
	return d.t.Pad(name, label), values
}

// bar is a row's first value, as long as it is of the largest.
func (d *drawing) bar(row Row, role style.Role, top int64, room int) string {
	if room < leastBar || row.Bar < 0 || top <= 0 {
		return ""
	}
	full := style.Share(row.Bar, top, room)
	switch {
	case full == 0:
		return d.t.Mark(role, style.Sliver)
	case row.Ghost:
		return d.t.Mark(style.Accent, strings.Repeat(style.BarToDo, full))
	}
	return d.t.Mark(role, strings.Repeat(style.BarDone, full))
}

func (d *drawing) evidence(rows []Evidence) {
	if len(rows) == 0 {
		return
	}
	name, before, now := 16, 8, 8
	for _, e := range rows {
		name, before, now = max(name, style.Width(e.Name)), max(before, min(style.Width(e.Before), 12)), max(now, min(style.Width(e.Now), 12))
	}
	name += 2
	d.blank(2)
	d.add(d.t.Pad(d.t.Heading(text.EvidenceTitle), 4+name) + d.t.Text(style.Dim, d.t.Pad(text.BeforeColumn, before+5)) + d.t.Text(style.Dim, text.NowColumn))
	for i, e := range rows {
		d.row(Target{EvidenceTarget, i}, func(t style.Theme, focused bool) (string, string) {
			sign := map[style.Role]string{style.Origin: style.SignOrigin, style.Checkpoint: style.SignCheckpoint, style.Table: style.SignTable}[e.Role]
			if sign == "" {
				sign = style.Waiting
			}
			return t.Mark(e.Role, sign) + t.Fill(1) + t.Pad(words(t, false, e.Name), name) +
				t.Pad(t.Text(style.Text, e.Before), before+5) + t.Pad(t.Text(style.Text, e.Now), now+7) +
				t.Text(style.Dim, strings.TrimSpace(e.Sign+" "+e.Says)), ""
		})
	}
}

// ShortRail is the rail where there is no room for five names: signs, and the name
// of the stage one is at.
func ShortRail(t style.Theme, phase lessons.Phase, passed, cycle []lessons.Phase) string {
	var out string
	for _, stage := range stagesOf(cycle) {
		switch {
		case stage == phase:
			out += t.Mark(style.Accent, style.Current) + " "
		case slices.Contains(passed, stage):
			out += t.Mark(style.OK, style.Done) + " "
		default:
			out += t.Text(style.Dim, style.Waiting) + " "
		}
	}
	return out + t.Bold(style.Accent, text.PhaseNames[string(phase)])
}
