package ui

import (
	"context"
	"os"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/console"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// home is the first screen: one thing to do, and the lessons.
type home struct {
	m        *Model
	overview Overview
	known    bool
	sql      *console.Model
	focus    int // 0 is «go on»; then the lessons in order, the free lab, the report
}

type overviewRead struct{ Overview }

type deskOpened struct {
	desk  Desk
	sight Sight
	id    string
}

func (h *home) read() tea.Cmd {
	return h.m.workFor(h, func(ctx context.Context) (tea.Msg, error) {
		overview, err := h.m.school.Home(ctx)
		return overviewRead{overview}, err
	})
}

func (h *home) heading() heading {
	o := h.overview
	done := 0
	for _, e := range o.Lessons {
		if e.State == Finished {
			done++
		}
	}
	out := heading{title: text.CourseTitle, done: done, total: len(o.Lessons)}
	if h.known {
		if h.m.professor {
			out.facts = append(out.facts, fact{value: text.ProfessorWord, accent: true, keep: true})
		}
		out.facts = append(out.facts, []fact{
			{before: text.LessonsWord, value: strconv.Itoa(done), after: text.Of(len(o.Lessons)), keep: true},
			{before: text.StudentWord, value: o.Student},
			{before: text.DayWord, value: o.Day},
		}...)
	}
	return out
}

// rows of the list that can have the focus.
func (h *home) places() int { return 1 + len(h.overview.Lessons) + 2 }

func (h *home) selected() (Entry, bool) {
	i := h.focus - 1
	if h.focus == 0 {
		i = h.overview.Current
	}
	if i < 0 || i >= len(h.overview.Lessons) {
		return Entry{}, false
	}
	return h.overview.Lessons[i], true
}

func (h *home) entries() []entry {
	if !h.known {
		return nil
	}
	does := text.Continue
	if e, ok := h.selected(); ok && h.focus > 0 {
		does = map[State]string{Fresh: text.BeginLesson, Begun: text.Continue, Finished: text.Revisit}[e.State]
	} else if ok && e.State == Fresh {
		does = text.BeginLesson
	}
	switch h.focus {
	case h.places() - 2:
		does = text.OpenFreeLab
	case h.places() - 1:
		does = text.MakeReport
	}
	return []entry{
		{binding: keyEnter, does: does, area: text.HereArea, run: func(string) tea.Cmd { return h.act() }},
		{binding: keyUpDown, does: text.ChooseLesson, area: text.HereArea, run: h.move},
		{binding: h.numbers(), does: text.ChooseByNumber, area: text.HereArea, hidden: true, run: h.jump},
		{binding: keyFree, does: text.FreeLabLabel, area: text.HereArea, run: func(string) tea.Cmd { return h.free() }},
		{binding: keyReport, does: text.ReportLabel, area: text.HereArea, run: func(string) tea.Cmd { return h.report() }},
		{binding: keySQL, does: text.SQLLabel, area: text.EverywhereArea, run: func(string) tea.Cmd { return h.console() }},
	}
}

func (h *home) move(key string) tea.Cmd {
	by := 1
	if key == "up" {
		by = -1
	}
	h.focus = (h.focus + by + h.places()) % h.places()
	return nil
}

// numbers are the keys of the lessons, which have them in their rows.
func (h *home) numbers() binding {
	last := min(len(h.overview.Lessons), 10) - 1
	b := binding{name: "0–" + strconv.Itoa(max(last, 0))}
	for i := range last + 1 {
		b.keys = append(b.keys, strconv.Itoa(i))
	}
	return b
}

// jump chooses the lesson of a number.
func (h *home) jump(key string) tea.Cmd {
	for i, e := range h.overview.Lessons {
		if strconv.Itoa(e.Number) == key {
			h.focus = i + 1
		}
	}
	return nil
}

func (h *home) act() tea.Cmd {
	switch h.focus {
	case h.places() - 2:
		return h.free()
	case h.places() - 1:
		return h.report()
	}
	e, ok := h.selected()
	if !ok || !e.Ready {
		return h.m.say(text.LessonNotThere)
	}
	h.m.working = text.OpeningLesson
	return h.m.workFor(h, func(ctx context.Context) (tea.Msg, error) {
		return opened(ctx, e.ID, func() (Desk, error) { return h.m.school.Lesson(ctx, e.ID) })
	})
}

func opened(ctx context.Context, id string, open func() (Desk, error)) (tea.Msg, error) {
	desk, err := open()
	if err != nil {
		return nil, err
	}
	sight, err := desk.Look(ctx)
	return deskOpened{desk, sight, id}, err
}

func (h *home) free() tea.Cmd {
	h.m.working = text.OpeningLab
	return h.m.workFor(h, func(ctx context.Context) (tea.Msg, error) {
		return opened(ctx, "", func() (Desk, error) { return h.m.school.Free(ctx) })
	})
}

type freeOpened struct{ desk Desk }

// console is SQL over the main lab.
func (h *home) console() tea.Cmd {
	return h.m.workFor(h, func(ctx context.Context) (tea.Msg, error) {
		desk, err := h.m.school.Free(ctx)
		return freeOpened{desk}, err
	})
}

type reported struct{ path, page string }

func (h *home) report() tea.Cmd {
	h.m.working = text.WritingReport
	return h.m.workFor(h, func(ctx context.Context) (tea.Msg, error) {
		path, err := h.m.school.Report(ctx)
		if err != nil {
			return nil, err
		}
		page, err := os.ReadFile(path)
		if err != nil { // it is written: where is enough
			return reported{path: path}, nil
		}
		return reported{path, string(page)}, nil
	})
}

func (h *home) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case overviewRead:
		first := !h.known
		h.overview, h.known = msg.Overview, true
		h.m.working = ""
		h.focus = min(h.focus, h.places()-1)
		if first && msg.Told != "" {
			return tea.Batch(h.m.say(msg.Told), h.m.catchUp())
		}
		return h.m.catchUp()
	case deskOpened:
		h.m.working = ""
		d := newDesk(h.m, msg.desk, msg.sight)
		h.m.show(d)
		return tea.Batch(d.explainPlan(), d.recall())
	case freeOpened:
		lab, pipeline := msg.desk.Lab()
		if lab == nil || h.m.screen != screen(h) {
			return nil
		}
		table := pipeline.Table()
		return h.m.openConsole(h, &h.sql, lab, table.Catalog+"."+table.Schema, "SELECT count(*)\nFROM "+table.String()+";")
	case reported:
		h.m.working = ""
		if msg.page == "" || h.m.l.shape == tooSmall {
			return h.m.say(text.ReportWritten(msg.path))
		}
		return h.m.open(newReport(h.m, msg.path, msg.page))
	}
	return nil
}

func (h *home) resized() {}

func (h *home) counts() *Counts {
	if !h.known {
		return nil
	}
	return &h.overview.Counts
}

func (h *home) wheel(_, _, by int) tea.Cmd {
	if h.known {
		h.focus = max(0, min(h.focus+by/3, h.places()-1))
	}
	return nil
}

// click on a row chooses it; on the chosen one it acts.
func (h *home) click(x, y int) tea.Cmd {
	if !h.known || (h.m.l.shape != tabs && x > firstRule) {
		return nil
	}
	for i := range h.places() {
		if at := h.row(i); y == at || (i == 0 && h.m.l.shape != tabs && y > at-2 && y <= at+3) {
			if h.focus == i || i == 0 {
				h.focus = i
				return h.act()
			}
			h.focus = i
			return nil
		}
	}
	return nil
}

// row is where a place of the list is on the screen, -1 when it is not.
func (h *home) row(place int) int {
	if h.m.l.shape == tabs {
		switch line := h.line(place) - h.top(); {
		case place == 0:
			return 3
		case line < 0 || line >= h.room():
			return -1
		default:
			return 6 + line
		}
	}
	const listTop = 11
	switch n := len(h.overview.Lessons); {
	case place == 0:
		return 4
	case place <= n:
		return listTop - h.top() + place - 1
	default:
		return listTop + min(n, h.room()) + 2 + place - n - 1
	}
}

// line is where a place is in the narrow list: free lab and report come after the
// lessons and an empty line, and scroll with them.
func (h *home) line(place int) int {
	if place > len(h.overview.Lessons) {
		return place
	}
	return place - 1
}

// room is how many lines of the list are seen at a time: where it is wide, only the
// lessons scroll.
func (h *home) room() int {
	if h.m.l.shape == tabs {
		return max(h.m.l.h-6-4, 1)
	}
	return max(h.m.l.h-11-2-4-2, 1)
}

// top is the first line that is seen.
func (h *home) top() int {
	at := h.focus
	if h.focus == 0 {
		at = h.overview.Current + 1
	}
	lines := len(h.overview.Lessons)
	if h.m.l.shape == tabs {
		lines = h.line(h.places()-1) + 1
	}
	return max(0, min(h.line(at)-h.room()+2, lines-h.room()))
}

func (h *home) view() []string {
	t, l := h.m.theme, h.m.l
	if !h.known {
		return []string{"", strings.Repeat(" ", l.left) + t.Text(style.Dim, text.Reading)}
	}
	if l.shape == tabs {
		return h.narrow(t, l)
	}
	left := strings.Split(t.Fit(h.list(t), notebookWidth, l.body.h-1), "\n")
	right := strings.Split(t.Fit(h.about(t, l.disk.w), l.disk.w, l.body.h-1), "\n")
	return l.columns(t, left, right)
}

// list is the notebook's side: rows from 3 on.
func (h *home) list(t style.Theme) []string {
	o := h.overview
	rows := h.card(t)
	rows = append(rows, "", "", h.columnNames(t, notebookWidth))
	top := h.top()
	for i := top; i < min(top+h.room(), len(o.Lessons)); i++ {
		rows = append(rows, h.lessonRow(t, i, notebookWidth))
	}
	rows = append(rows, "", "")
	rows = append(rows, h.extras(t, notebookWidth)...)
	used := len(rows)
	if room := h.m.l.h - 3 - 2; used+5 <= room {
		rows = append(rows, "", "", "", "", t.Text(style.Dim, text.NothingBreaks))
	}
	return rows
}

// card is the one thing to do.
func (h *home) card(t style.Theme) []string {
	s := t
	if h.focus == 0 { // what has the focus has the surface
		s = t.On(style.Selected)
	}
	edge := s.Mark(h.edge(), style.Edge)
	slot := s.Fill(2)
	title, key := s.Text(style.Text, h.cardTitle()), ""
	if h.focus == 0 {
		key = s.KeyName(keyEnter.name)
		slot = s.Mark(style.Accent, style.Focus) + s.Fill(1)
		title = s.Text(style.Strong, h.cardTitle())
	}
	blank := edge + s.Fill(notebookWidth-1)
	first := edge + s.Fill(1) + s.Row(slot+title, key, notebookWidth-4) + s.Fill(2)
	name, below, left := h.cardBelow()
	middle := edge + s.Fill(3) + s.Pad(s.Text(style.Text, name), notebookWidth-6) + s.Fill(2)
	second := edge + s.Fill(3) + s.Row(s.Text(style.Text, below), s.Text(style.Text, left), notebookWidth-6) + s.Fill(2)
	return []string{blank, first, middle, second, blank}
}

// edge is the card's: lit while Enter is the card's.
func (h *home) edge() style.Role {
	if h.focus == 0 {
		return style.Accent
	}
	return style.Line
}

func (h *home) cardTitle() string {
	e, ok := h.current()
	switch {
	case ok && e.State == Begun:
		return text.ContinueWhere
	case ok && e.Number == 0 || !ok:
		return text.BeginHere
	}
	return text.NextLesson
}

func (h *home) current() (Entry, bool) {
	if c := h.overview.Current; c >= 0 && c < len(h.overview.Lessons) {
		return h.overview.Lessons[c], true
	}
	return Entry{}, false
}

// cardBelow is the lesson's name, where one is in it, and what is left of it.
func (h *home) cardBelow() (name, below, left string) {
	e, ok := h.current()
	if !ok {
		return "", "", ""
	}
	name = text.LessonTitle(e.Number, e.Title)
	if e.State != Begun {
		return name, text.StateFresh(e.Steps), text.MinutesLeft(e.Minutes)
	}
	remaining := e.Minutes
	if e.Steps > 0 {
		remaining = max(e.Minutes*(e.Steps-e.Step+1)/e.Steps, 1)
	}
	return name, text.WhereYouAre(e.Step, e.Steps, string(e.Phase)), text.MinutesRemain(remaining)
}

// The columns of the list: a title begins behind the sign and the number, and a lesson's
// bar is as long as its steps, to scale where there is no room for one cell each.
const (
	beforeTitle = 6
	afterTitle  = 5 // the minutes
	leastSteps  = 4
)

func (h *home) columns(w int) (title, bar, most int) {
	for _, e := range h.overview.Lessons {
		title, most = max(title, style.Width(e.Title)), max(most, e.Steps)
	}
	room := w - beforeTitle - afterTitle
	title = min(max(title+1, room-most), room-leastSteps)
	return title, min(most, room-title), most
}

func (h *home) columnNames(t style.Theme, w int) string {
	title, bar, _ := h.columns(w)
	names := t.Pad(strings.Repeat(" ", beforeTitle)+text.LessonColumn, beforeTitle+title) + t.PadLeft(text.MinutesColumn, afterTitle-2)
	if style.Width(text.StepsColumn) <= bar {
		names += "  " + text.StepsColumn
	}
	return t.Text(style.Dim, names)
}

func (h *home) lessonRow(t style.Theme, i, w int) string {
	titleWidth, bar, most := h.columns(w)
	e := h.overview.Lessons[i]
	focused := h.focus == i+1
	if focused {
		t = t.On(style.Selected)
	}
	sign := t.Fill(1)
	switch {
	case focused:
		sign = t.Mark(style.Accent, style.Focus)
	case e.State == Finished:
		sign = t.Mark(style.OK, style.Done)
	case e.State == Begun:
		sign = t.Mark(style.Accent, style.Current)
	}
	title := t.Text(style.Text, e.Title)
	if e.State == Begun || focused {
		title = t.Text(style.Strong, e.Title)
	}
	if !e.Ready && !focused {
		title = t.Text(style.Dim, e.Title)
	}
	role := style.Dim
	if e.State == Begun {
		role = style.Accent
	}
	row := sign + t.PadLeft(t.Text(style.Dim, strconv.Itoa(e.Number)), 3) + t.Fill(2) + t.Pad(title, titleWidth)
	row += t.PadLeft(t.Text(style.Dim, strconv.Itoa(e.Minutes)), 3) + t.Fill(2)
	return t.Pad(row+t.Rule(role, int64(e.Done), int64(e.Steps), max(style.Share(int64(e.Steps), int64(most), bar), 1)), w)
}

// extras are what there is besides lessons: the list's last two places.
func (h *home) extras(t style.Theme, w int) []string {
	n := len(h.overview.Lessons)
	return []string{
		h.extra(t, n+1, keyFree.name, text.FreeLab, text.FreeLabAbout, w), h.extra(t, n+2, keyReport.name, text.ReportTitle, text.ReportAbout, w),
	}
}

func (h *home) extra(t style.Theme, place int, key, title, about string, w int) string {
	focused := h.focus == place
	if focused {
		t = t.On(style.Selected)
	}
	sign := t.Fill(1)
	name := t.Text(style.Text, title)
	if focused {
		sign = t.Mark(style.Accent, style.Focus)
		name = t.Text(style.Strong, title)
	}
	return t.Pad(sign+t.PadLeft(t.KeyName(key), 3)+t.Fill(2)+t.Pad(name, 18)+t.Fill(2)+t.Text(style.Dim, about), w)
}

// about is the right side: the lesson that is chosen, its disk, and how far one is.
func (h *home) about(t style.Theme, w int) []string {
	o := h.overview
	e, ok := h.selected()
	if !ok {
		e, _ = h.current()
	}
	var rows []string
	for _, l := range style.Wrap(e.Title, w) {
		rows = append(rows, t.Heading(l))
	}
	sign := map[State]string{Fresh: t.Text(style.Dim, style.Waiting), Begun: t.Mark(style.Accent, style.Current), Finished: t.Mark(style.OK, style.Done)}[e.State]
	rows = append(rows, sign+" "+t.Text(style.Dim, h.stateOf(e)), "")
	for _, l := range style.Paragraphs(e.Goal, w) {
		rows = append(rows, t.Prose(style.Text, l))
	}
	if len(e.Learn) > 0 {
		rows = append(rows, "", "", t.Heading(text.YouWillKnow))
		for _, item := range e.Learn {
			for i, l := range style.Paragraphs(item, w-2) {
				lead := "  "
				if i == 0 {
					lead = t.Text(style.Dim, style.Waiting) + " "
				}
				rows = append(rows, lead+t.Prose(style.Text, l))
			}
		}
	}
	rows = append(rows, "", "", t.Heading(text.DiskOfTheLab))
	rows = append(rows, bigCounts(t, o.Counts)...)
	rows = append(rows, "", "", t.Heading(text.YourWay),
		number(t, text.LessonsDone, strconv.Itoa(finished(o.Lessons)), text.Of(len(o.Lessons))),
		number(t, text.PredictionsMade, strconv.Itoa(o.Predictions), ""),
		number(t, text.RightOnes, strconv.Itoa(o.Right), ""),
	)
	if o.Asked > 0 {
		rows = append(rows, number(t, text.QuestionsAnswered, strconv.Itoa(o.Answered), text.Of(o.Asked)))
	}
	return append(rows, number(t, text.TimeSpent, strconv.Itoa(int(o.Spent.Minutes())), "min"))
}

func finished(lessons []Entry) int {
	n := 0
	for _, e := range lessons {
		if e.State == Finished {
			n++
		}
	}
	return n
}

// number is a label, a number that ends in column 30, and its unit.
func number(t style.Theme, label, n, unit string) string {
	return t.Pad(t.Text(style.Dim, label), 24) + t.PadLeft(t.Text(style.Strong, n), 6) + " " + t.Text(style.Dim, unit)
}

func bigCounts(t style.Theme, c Counts) []string {
	row := func(role style.Role, sign, name string, there bool, n int64, unit string) string {
		label := t.Pad(t.Mark(role, sign)+" "+t.Bold(role, name), 24)
		if !there {
			return label + "  " + t.Text(style.Dim, text.NotYet)
		}
		return label + t.PadLeft(t.Text(style.Strong, text.Number(n)), 6) + " " + t.Text(style.Dim, unit)
	}
	return []string{
		row(style.Origin, hollow(c.SourceFiles > 0, style.SignOrigin, style.NoOrigin), text.SourceTitle, true, c.SourceFiles, text.FilesUnit(c.SourceFiles)),
		row(style.Checkpoint, hollow(c.Checkpoint, style.SignCheckpoint, style.NoCheckpoint), text.CheckpointTitle, c.Checkpoint, c.SeenFiles, text.SeenUnit(c.SeenFiles)),
		row(style.Table, hollow(c.Table, style.SignTable, style.NoTable), text.TableTitle, c.Table, c.Rows, text.RowsUnit(c.Rows)),
	}
}

func (h *home) stateOf(e Entry) string {
	minutes := text.Minutes(e.Minutes)
	switch {
	case !e.Ready:
		return text.LessonNotThere
	case e.State == Begun:
		return text.StateBegun(e.Step, e.Steps) + ", " + minutes
	case e.State == Finished:
		return text.StateDone + ", " + minutes
	}
	return text.StateFresh(e.Steps) + ", " + minutes
}

// narrow is frame 08b: one column.
func (h *home) narrow(t style.Theme, l layout) []string {
	o := h.overview
	inner := l.w - l.left - l.right
	margin := strings.Repeat(" ", l.left)
	rows := []string{"", margin + h.narrowCard(t, inner), "", margin + h.columnNames(t, inner)}
	var list []string
	for i := range o.Lessons {
		list = append(list, h.lessonRow(t, i, inner))
	}
	list = append(list, "")
	list = append(list, h.extras(t, inner)...)
	for _, row := range list[h.top():min(h.top()+h.room(), len(list))] {
		rows = append(rows, margin+row)
	}
	return rows
}

func (h *home) narrowCard(t style.Theme, w int) string {
	s := t
	if h.focus == 0 {
		s = t.On(style.Selected)
	}
	e, _ := h.current()
	short, _, _ := strings.Cut(e.Title, ":")
	lead, where, left := text.ContinueWord+" ", text.WhereYouAre(e.Step, e.Steps, "")+", "+short, ""
	if e.State != Begun {
		lead, where = text.BeginWord+" ", text.LessonTitle(e.Number, short)
	}
	_, _, left = h.cardBelow()
	slot, key := s.Fill(2), s.Fill(style.Width(s.KeyName(keyEnter.name)))
	if h.focus == 0 {
		slot, key = s.Mark(style.Accent, style.Focus)+s.Fill(1), s.KeyName(keyEnter.name)
	}
	begin := s.Mark(h.edge(), style.Edge) + s.Fill(1) + slot + s.Text(style.Strong, lead) + s.Text(style.Text, where)
	end := s.Text(style.Text, left) + s.Fill(3) + key + s.Fill(1)
	if style.Width(begin)+2+style.Width(end) > w { // which lesson and step is what counts
		end = key + s.Fill(1)
	}
	return s.Row(begin, end, w)
}
