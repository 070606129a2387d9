package ui

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/console"
	"autoloaderlab/ui/disk"
	"autoloaderlab/ui/lesson"
	"autoloaderlab/ui/pipeline"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// desk is a lesson's screen, and the free lab's: the notebook and the truth on disk.
type desk struct {
	m      *Model
	d      Desk
	sight  Sight
	book   *lesson.Notebook
	onTab  bool // the disk's side has the keyboard (and, with tabs, the screen)
	why    *field
	run    int
	live   *pipeline.Model // a load while it runs, and its end until it is left
	seams  bool            // the next load stops at its seams
	told   *told
	ops    disk.Operations
	others map[string]disk.Operations // those of the lesson's other pipelines
	busy   bool                       // a glance at the disk is under way
	sql    *console.Model
	asked  string // the step's query that the console began with
	ballot ballot // of a room, in a class
	// peek is the newest plan on disk, explained in the third column; peekAt its path.
	peek   *disk.Explorer
	peekAt string
	flash  flash
	// atStake is what an open question would delete.
	atStake []disk.Memory
}

// gone is what a deed deletes.
var gone = map[Verb][]disk.Memory{Drop: {disk.Table}, Checkpoint: {disk.Checkpoint}}

// memories are those that a deletion takes: its own, and what lies in their folders.
func (w *Warning) memories(gone []disk.Memory) []disk.Memory {
	of := map[style.Role]disk.Memory{style.Origin: disk.Origin, style.Checkpoint: disk.Checkpoint, style.Table: disk.Table}
	for _, lost := range w.Lost {
		if memory, known := of[lost.Role]; known {
			gone = append(slices.Clip(gone), memory)
		}
	}
	return gone
}

// memories is the panel: while a question is open, what would be lost.
func (d *desk) memories() Panel {
	if now, ok := d.sight.Memories.(disk.Memories); ok && d.m.over != nil && len(d.atStake) > 0 {
		return now.Loses(d.atStake...)
	}
	if d.flash.panel != nil {
		return d.flash.panel
	}
	return d.sight.Memories
}

func newDesk(m *Model, d Desk, sight Sight) *desk {
	desk := &desk{m: m, d: d, sight: sight}
	desk.turnBallot()
	desk.book = lesson.NewNotebook(m.theme, desk.shownPage())
	return desk
}

// sighted is a desk as it was looked at after something was done.
type sighted struct {
	sight Sight
	turn  bool   // to another page
	said  string // what came of it
}

type deedDone struct {
	run     int
	sight   Sight
	outcome Outcome
}

type warned struct {
	deed    Deed
	warning *Warning
}

func (d *desk) heading() heading {
	s := d.sight
	h := heading{title: s.Title, done: s.Step, total: s.Steps}
	if s.Number >= 0 {
		h.number = text.LessonWord + " " + strconv.Itoa(s.Number)
	}
	if d.m.professor {
		h.facts = append(h.facts, fact{value: text.ProfessorWord, accent: true, keep: true})
	}
	switch {
	case s.Review > 0:
		h.facts = append(h.facts, fact{before: text.ReviewWord, value: strconv.Itoa(s.Review), after: text.Of(s.Reviews), keep: true})
	case s.Steps > 0:
		h.facts = append(h.facts, fact{before: text.StepWord, value: strconv.Itoa(s.Step), after: text.Of(s.Steps), keep: true})
	}
	h.facts = append(h.facts, fact{before: text.StudentWord, value: s.Student}, fact{before: text.DayWord, value: s.Day})
	return h
}

func (d *desk) counts() *Counts { return &d.sight.Counts }

func (d *desk) typing() bool { return d.why != nil }

// entries are what can be done at this step, in this state.
func (d *desk) entries() []entry {
	if d.why != nil {
		return []entry{
			{binding: keyEnter, does: text.SaveWhy},
			{binding: keyEscape, does: text.LeaveWhy},
		}
	}
	if d.live != nil {
		return d.liveEntries()
	}
	s, p := d.sight, d.book.Page()
	out := d.professorEntries()
	if e, ok := d.mainEntry(); ok && !d.voting() {
		out = append(out, e)
	}
	if focus := d.book.Focus(); focus.Kind == lesson.EvidenceTarget && focus.Index < len(s.Proofs) && !d.onTab && !d.book.Hidden() {
		if lab, pipeline := d.d.Lab(); lab != nil {
			does := text.OpenProof
			if s.Proofs[focus.Index] == "" { // no file tells it: the tree does
				does = text.OpenFiles
			}
			out = append(out, entry{binding: keyEnter, does: does, area: text.HereArea, run: func(string) tea.Cmd { return d.explore(lab, pipeline, s.Proofs[focus.Index]) }})
		}
	}
	if focus := d.book.Focus(); taken(out, keyNext) && focus.Opens() {
		out = append(out, entry{binding: keyEnter, does: d.toggleLabel(focus), area: text.HereArea, run: func(string) tea.Cmd { return d.toggle(focus) }})
	}
	if target := d.book.Opens(); target.Kind != lesson.NoTarget && !d.onTab && !d.voting() {
		out = append(out, entry{binding: keyOpen, does: opens(p, target), area: text.LessonArea, run: func(string) tea.Cmd {
			d.book.SetFocus(target)
			d.book.Toggle(target)
			return nil
		}})
	}
	if p.Ask && len(p.Options) > 0 && !d.voting() && !(d.onTab && d.m.l.shape == tabs) { // where they are seen
		out = append(out, entry{binding: digits(len(p.Options)), does: text.Choose, area: text.LessonArea, run: d.choose})
		if !p.NoWhy {
			out = append(out, entry{binding: keyWhy, does: text.WhyLabel, area: text.LessonArea, hidden: true, run: func(string) tea.Cmd { return d.write() }})
		}
	}
	if at := d.toAnswer(); at >= 0 {
		out = append(out, entry{binding: keyAnswer, does: answerLabel(p.Asked[at]), area: text.LessonArea, run: func(string) tea.Cmd { return d.answer(at) }})
	}
	if s.Next != "" && !taken(out, keyNext) {
		out = append(out, entry{binding: keyNext, does: s.Next, area: text.LessonArea, run: func(string) tea.Cmd { return d.step(+1) }})
	}
	out = append(out, d.engineEntries()...)
	if d.canLoad() {
		out = append(out, entry{binding: keyStepwise, does: text.StepwiseLabel(d.seams), area: text.EngineArea, run: func(string) tea.Cmd {
			d.seams = !d.seams
			return d.m.say(text.StepwiseNow(d.seams))
		}})
	}
	if s.Hints {
		out = append(out, entry{binding: keyHint, does: text.HintLabel, area: text.LessonArea, run: func(string) tea.Cmd { return d.hint() }})
	}
	if _, can := d.d.(guide); can && d.m.professor {
		out = append(out, entry{binding: keyGo, does: text.GoToStep, area: text.LessonArea, run: func(string) tea.Cmd { return d.goTo() }})
	}
	tab := text.DiskTab
	if d.onTab {
		tab = text.NotebookTab
	}
	out = append(out, entry{binding: keyTab, does: tab, area: text.HereArea, run: func(string) tea.Cmd { return d.swap() }})
	if lab, _ := d.d.Lab(); lab != nil {
		out = append(out, entry{binding: keySQL, does: text.SQLLabel, area: text.EverywhereArea, hidden: s.Number >= 0, run: func(string) tea.Cmd { return d.openConsole() }})
	}
	if s.Undo && !taken(out, keyUndo) {
		out = append(out, entry{binding: keyUndo, does: text.UndoLabel, area: text.HereArea, run: func(string) tea.Cmd { return d.undo() }})
	}
	back := text.LessonsWord
	if s.Number < 0 {
		back = text.HomeLabel
	}
	out = append(out, entry{binding: keyEscape, does: back, area: text.HereArea, run: func(string) tea.Cmd { return d.leave() }})
	if s.Back {
		out = append(out, entry{binding: keyPrevious, does: text.PreviousStep, area: text.LessonArea, hidden: true, run: func(string) tea.Cmd { return d.step(-1) }})
	}
	if s.Number >= 0 {
		out = append(out, entry{binding: keyRestart, does: text.RestartLabel, area: text.LessonArea, hidden: true, run: func(string) tea.Cmd { return d.restart() }})
	}
	out = append(out,
		entry{binding: keyUpDown, does: text.MoveLabel, area: text.HereArea, hidden: true, run: d.move},
		entry{binding: keyPage, does: text.ScrollLabel, area: text.HereArea, hidden: true, run: d.move},
		entry{binding: keyCopy, does: text.CopyLabel, area: text.HereArea, hidden: true, run: func(string) tea.Cmd { return d.m.copy(d.sight.Copy) }},
	)
	return out
}

// mainEntry is what Enter does, or n where a step is done and nothing has the focus.
func (d *desk) mainEntry() (entry, bool) {
	enter := func(does string, run func() tea.Cmd) (entry, bool) {
		return entry{binding: keyEnter, does: does, area: text.HereArea, run: func(string) tea.Cmd { return run() }}, true
	}
	if d.onTab {
		lab, pipeline := d.d.Lab()
		if lab == nil {
			return entry{}, false
		}
		return enter(text.OpenFiles, func() tea.Cmd { return d.explore(lab, pipeline, "") })
	}
	if d.book.Hidden() {
		return enter(text.ReadOn, func() tea.Cmd { d.book.Scroll(d.m.l.page.h / 2); return nil })
	}
	p := d.book.Page()
	next := entry{binding: keyNext, does: d.sight.Next, area: text.LessonArea, run: func(string) tea.Cmd { return d.step(+1) }}
	switch focus := d.book.Focus(); focus.Kind {
	case lesson.OptionTarget:
		if p.Phase == lessons.Predict {
			return enter(text.RecordPrediction, d.predict)
		}
		return enter(text.RecordAnswer, d.predict)
	case lesson.WhyTarget:
		return enter(text.WhyLabel, d.write)
	case lesson.TurnTarget:
		if d.sight.Next != "" {
			next.keys = []string{"n", "enter"}
			return next, true
		}
		e, ok := enter(lower(p.Turn[focus.Index].Does), func() tea.Cmd { return d.deed(focus.Index) })
		e.short = d.sight.Deeds[focus.Index].short(text.ShortMainDeed)
		return e, ok
	case lesson.RunTarget:
		i := d.cellDeed(focus.Index)
		e, ok := enter(lower(p.Cells[focus.Index].Run.Does), func() tea.Cmd { return d.deed(i) })
		e.short = text.ShortMainDeed[string(RunCell)]
		return e, ok
	case lesson.EvidenceTarget:
		return next, d.sight.Next != ""
	case lesson.AsideTarget, lesson.CellTarget, lesson.TextTarget, lesson.OptionsTarget, lesson.ReasonTarget, lesson.IdeaTarget, lesson.AskedTarget:
		if d.sight.Next != "" {
			return next, true // Enter opens: the entry after this one
		}
		return enter(d.toggleLabel(focus), func() tea.Cmd { return d.toggle(focus) })
	}
	if d.sight.Next != "" {
		return entry{binding: binding{keyNext.name, []string{"n", "enter"}}, does: d.sight.Next, area: text.LessonArea, run: next.run}, true
	}
	return entry{}, false
}

// cellDeed is the deed that runs the page's cell at i.
func (d *desk) cellDeed(i int) int {
	return slices.IndexFunc(d.sight.Deeds, func(deed Deed) bool { return deed.Cell == i+1 })
}

// opens is what opening a row shows.
func opens(p lesson.Page, target lesson.Target) string {
	switch target.Kind {
	case lesson.AsideTarget:
		return p.Asides[target.Index].Label
	case lesson.TextTarget:
		return text.WholeTextLabel
	case lesson.OptionsTarget:
		return text.AllOptionsLabel
	case lesson.ReasonTarget:
		return text.WholeReasonLabel
	case lesson.IdeaTarget:
		return text.YourIdeaLabel
	}
	return text.WholeCell
}

// toggleLabel is what Enter does to a row that opens.
func (d *desk) toggleLabel(row lesson.Target) string {
	switch {
	case d.book.Opened(row):
		return text.CloseLabel
	case d.unasked(row):
		return text.AnswerShort
	}
	return text.OpenLabel
}

// toggle does it: a question that was not answered opens on the place for an answer.
func (d *desk) toggle(row lesson.Target) tea.Cmd {
	if d.unasked(row) && !d.book.Opened(row) {
		return d.answer(row.Index)
	}
	d.book.Toggle(row)
	return nil
}

// short is a deed's name where there is less room.
func (d Deed) short(known map[string]string) string {
	if d.Short != "" {
		return d.Short
	}
	return known[string(d.Verb)]
}

var verbKeys = map[Verb]binding{Load: keyRun, Count: keyCount, Drop: keyDrop, Checkpoint: keyCheckpoint, NextDay: keyDay, Files: keyFiles, Parameters: keyWidgets, Undo: keyUndo, RunCell: keyRun}

// engineEntries are the engine's actions that this step lets the student do.
func (d *desk) engineEntries() []entry {
	var out []entry
	asks, focus := d.book.Page().Ask, d.book.Focus()
	for i, deed := range d.sight.Deeds {
		if deed.Lacks != "" {
			continue
		}
		b, named := verbKeys[deed.Verb]
		if digit := digitOf(d.sight.Deeds, i); !named || digit != i+1 || taken(out, b) {
			if asks || digit > 9 {
				continue
			}
			b = binding{strconv.Itoa(digit), []string{strconv.Itoa(digit)}}
		}
		row := lesson.Target{Kind: lesson.TurnTarget, Index: i}
		if deed.Cell > 0 {
			row = lesson.Target{Kind: lesson.RunTarget, Index: deed.Cell - 1}
		}
		focused := focus == row && (d.sight.Next == "" || deed.Cell > 0) && !d.onTab && !d.book.Hidden() // then Enter stands for it
		out = append(out, entry{binding: b, does: lower(deed.Does), short: deed.short(text.ShortDeed), area: text.EngineArea, hidden: focused, run: func(string) tea.Cmd { return d.deed(i) }})
	}
	return out
}

// lower begins a button's words as a footer's do.
func lower(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToLower(first)) + words[size:]
}

// canLoad says whether a load is among what can be done.
func (d *desk) canLoad() bool {
	return d.m.runner != nil && slices.ContainsFunc(d.sight.Deeds, func(deed Deed) bool { return deed.Verb == Load })
}

func taken(entries []entry, b binding) bool {
	for _, e := range entries {
		if e.name == b.name {
			return true
		}
	}
	return false
}

// DeedKey is the name of the key that does the deed at i of deeds.
func DeedKey(deeds []Deed, i int) string {
	if b, named := verbKeys[deeds[i].Verb]; named && digitOf(deeds, i) == i+1 {
		for _, earlier := range deeds[:i] {
			if verbKeys[earlier.Verb].name == b.name {
				return strconv.Itoa(i + 1)
			}
		}
		return b.name
	}
	return strconv.Itoa(digitOf(deeds, i))
}

// digitOf is the digit of the deed at i: a cell keeps its own when those above it have run.
func digitOf(deeds []Deed, i int) int {
	return max(i+1, deeds[i].Cell)
}

// turnOf is the page's row of a deed.
func turnOf(deeds []Deed, i int) lesson.Turn {
	d := deeds[i]
	return lesson.Turn{Key: DeedKey(deeds, i), Does: d.Does, Done: d.Done, Times: d.Times, Next: d.Next, Lacks: d.Lacks}
}

func (d *desk) choose(key string) tea.Cmd {
	d.book.SetFocus(lesson.Target{Kind: lesson.OptionTarget, Index: int(key[0] - '1')})
	return nil
}

func (d *desk) move(key string) tea.Cmd {
	page := max(d.m.l.page.h-2, 1)
	switch key {
	case "up":
		d.book.Move(-1)
	case "down":
		d.book.Move(1)
	case "pgup":
		d.book.Scroll(-page)
	case "pgdown":
		d.book.Scroll(page)
	}
	return nil
}

func (d *desk) swap() tea.Cmd {
	if lab, pipeline := d.d.Lab(); lab != nil && d.m.l.shape != tabs && d.live == nil {
		return d.explore(lab, pipeline, "")
	}
	d.onTab = !d.onTab
	d.book.Activate(!d.onTab)
	return nil
}

// explore opens the disk as a tree, at a file or where it was.
func (d *desk) explore(lab *engine.Lab, pipeline *engine.Pipeline, path string) tea.Cmd {
	f := newFiles(d.m, d, lab, pipeline)
	f.wanted = path
	d.m.show(f)
	return f.load()
}

func (d *desk) openConsole() tea.Cmd {
	lab, pipeline := d.d.Lab()
	if lab == nil {
		return nil
	}
	table := pipeline.Table()
	statement := "SELECT count(*)\nFROM " + table.String() + ";"
	if query := queryOf(d.book.Page()); query != "" {
		if statement = query; statement != d.asked {
			d.asked, d.sql = statement, nil
		}
	}
	return d.m.openConsole(d, &d.sql, lab, table.Catalog+"."+table.Schema, statement)
}

// queryOf is the step's own query, which the console begins with; or empty.
func queryOf(p lesson.Page) string {
	for _, cell := range p.Cells {
		code := strings.TrimSpace(cell.Code)
		if cell.Language == "sql" && (strings.HasPrefix(code, "SELECT") || strings.HasPrefix(code, "DESCRIBE")) {
			return code
		}
	}
	return ""
}

// refresh reads the desk again: something else may have changed the disk.
func (d *desk) refresh() tea.Cmd {
	return d.look(false, func(context.Context) (string, error) { return "", nil })
}

func (d *desk) leave() tea.Cmd {
	if d.onTab {
		return d.swap()
	}
	d.m.show(d.m.home)
	return d.m.home.read()
}

// look is a command that does something and reads the desk again.
func (d *desk) look(turn bool, do func(ctx context.Context) (said string, err error)) tea.Cmd {
	return d.m.workFor(d, func(ctx context.Context) (tea.Msg, error) {
		said, err := do(ctx)
		if err != nil {
			return nil, err
		}
		sight, err := d.d.Look(ctx)
		return sighted{sight, turn, said}, err
	})
}

func (d *desk) predict() tea.Cmd {
	focus, why := d.book.Focus(), d.book.Page().Why
	return d.look(false, func(ctx context.Context) (string, error) { return "", d.d.Predict(ctx, focus.Index, why) })
}

func (d *desk) step(by int) tea.Cmd {
	if by > 0 && d.sight.Next == text.FinishLesson {
		return d.finish()
	}
	return d.look(true, func(ctx context.Context) (string, error) { return "", d.d.Step(ctx, by) })
}

func (d *desk) hint() tea.Cmd {
	return d.look(false, func(ctx context.Context) (string, error) { return "", d.d.Hint(ctx) })
}

func (d *desk) undo() tea.Cmd {
	d.run++
	d.ops.Begin(d.sight.Inventory)
	run := d.run
	return d.m.workFor(d, func(ctx context.Context) (tea.Msg, error) {
		outcome, err := d.d.Undo(ctx)
		if err != nil {
			return nil, err
		}
		sight, err := d.d.Look(ctx)
		return deedDone{run, sight, outcome}, err
	})
}

func (d *desk) restart() tea.Cmd {
	return d.m.open(newQuestion(d.m, question{
		title: text.RestartQuestion, body: text.RestartConsequence, yes: text.YesRestart,
		run: func() tea.Cmd {
			d.m.working = text.OpeningLesson
			d.ops.Clear()
			d.others = nil
			return d.look(true, func(ctx context.Context) (string, error) { return text.Restarted, d.d.Restart(ctx) })
		},
	}))
}

// deed does one of the sight's deeds; one that deletes is asked about first.
func (d *desk) deed(i int) tea.Cmd {
	if i < 0 || i >= len(d.sight.Deeds) || d.m.working != "" {
		return nil
	}
	deed := d.sight.Deeds[i]
	switch {
	case deed.Lacks != "":
		return d.m.say(deed.Opens)
	case deed.Verb == Files:
		return d.fileMenu()
	case deed.Verb == Parameters:
		return d.widgetForm()
	case deed.Ask != "":
		return d.askFirst(deed)
	case deed.Verb != Drop && deed.Verb != Checkpoint:
		return d.do(deed)
	}
	return d.m.workFor(d, func(ctx context.Context) (tea.Msg, error) {
		warning, err := d.d.Warn(ctx, deed)
		return warned{deed, warning}, err
	})
}

func (d *desk) do(deed Deed) tea.Cmd {
	d.run++
	d.m.working = text.Working(deed.Does)
	d.ops.Begin(d.sight.Inventory)
	d.told = &told{}
	run, on := d.run, d.told.push
	cmd := d.m.workFor(d, func(ctx context.Context) (tea.Msg, error) {
		outcome, err := d.d.Do(ctx, deed, on)
		if d.m.runner != nil {
			d.m.runner.Unwatch(err)
		}
		if err != nil {
			return deedFailed{run, err}, nil
		}
		sight, err := d.d.Look(ctx)
		return deedDone{run, sight, outcome}, err
	})
	if deed.Verb != Load || d.m.runner == nil {
		return cmd
	}
	feed := pipeline.NewFeed()
	d.m.runner.Watch(feed, d.seams)
	d.live = &pipeline.Model{}
	if d.m.still {
		d.live.Frame = time.Second
	}
	d.m.working = quietly
	follow := d.live.Follow(feed, d.before(), d.seams)
	return tea.Batch(follow, cmd)
}

// quietly is work that needs no line of its own: its screen tells.
const quietly = " "

// before is what the load's screen says was there.
func (d *desk) before() pipeline.Before {
	table := d.sight.Inventory.Status.Table
	b := pipeline.Before{Table: table.Exists, Version: version(d.sight.Inventory.Status), Rows: -1, Variant: string(d.sight.Inventory.Status.Variant)}
	switch {
	case table.Rows != nil:
		b.Rows = *table.Rows
	case !table.Exists:
		b.Rows = 0
	}
	return b
}

// liveEntries steer the load, or leave what is shown of its end.
func (d *desk) liveEntries() []entry {
	var out []entry
	for _, a := range d.live.Actions() {
		out = append(out, entry{binding: binding{a.Name, a.Keys}, does: a.Does, short: a.Short, area: text.EngineArea, run: func(string) tea.Cmd { return a.Run() }})
	}
	if !d.live.Running() && d.m.working == "" {
		leave := entry{binding: binding{keyEnter.name, []string{"enter", "esc", "n"}}, does: text.GoOn, area: text.HereArea, run: func(string) tea.Cmd {
			d.live = nil
			d.resized()
			return nil
		}}
		if w, h := d.liveSize(); !d.onTab && d.live.More(w, h) {
			out = append(out, entry{binding: keyEnter, does: text.ReadOn, area: text.HereArea, run: func(string) tea.Cmd { return d.scrollLive("pgdown") }})
			leave.binding, leave.does = binding{keyEscape.name, []string{"esc", "n"}}, text.Back
		}
		out = append(out, leave)
	}
	return append(out,
		entry{binding: keyTab, does: text.DiskTab, hidden: d.m.l.shape != tabs, area: text.HereArea, run: func(string) tea.Cmd { return d.swap() }},
		entry{binding: keyUpDown, does: text.ScrollLabel, area: text.HereArea, hidden: true, run: d.scrollLive},
		entry{binding: keyPage, does: text.ScrollLabel, area: text.HereArea, hidden: true, run: d.scrollLive},
	)
}

// scrollLive moves what is shown of a load, where it does not fit.
func (d *desk) scrollLive(key string) tea.Cmd {
	w, h := d.liveSize()
	by := map[string]int{"up": -1, "down": 1, "pgup": 2 - h, "pgdown": h - 2}[key]
	d.live.Scroll(by, w, h)
	return nil
}

// liveSize is the room of a load: its first row stands where the cycle does, but for
// tabs.
func (d *desk) liveSize() (w, h int) {
	if l := d.m.l; l.shape != tabs {
		return l.page.w, l.page.h + 2
	}
	return d.m.l.page.w, d.m.l.page.h
}

// flash is the panel with what has just changed in bold, for a moment.
type flash struct {
	panel Panel // nil while nothing is new
	id    int   // which timer ends it
}

// flashTime is how long a changed number stays bold.
const flashTime = 600 * time.Millisecond

type faded struct{ id int }

func (d *desk) update(msg tea.Msg) tea.Cmd {
	shown := d.sight.Memories
	cmd := d.heed(msg)
	return tea.Batch(cmd, d.flashSince(shown))
}

// flashSince makes bold what differs from the panel that was shown.
func (d *desk) flashSince(shown Panel) tea.Cmd {
	was, known := shown.(disk.Memories)
	now, still := d.sight.Memories.(disk.Memories)
	if !known || !still || d.m.still {
		return nil
	}
	fresh, any := now.Fresh(was)
	if !any {
		return nil
	}
	d.flash = flash{fresh, d.flash.id + 1}
	id := d.flash.id
	return d.m.tick(flashTime, func(time.Time) tea.Msg { return addressed{d, faded{id}} })
}

// heed does what a message asks for.
func (d *desk) heed(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case faded:
		if msg.id == d.flash.id {
			d.flash.panel = nil
		}
	case sighted:
		d.m.working = ""
		d.show(msg.sight, msg.turn)
		if msg.said != "" {
			return tea.Batch(d.explainPlan(), d.recall(), d.m.say(msg.said))
		}
		return tea.Batch(d.explainPlan(), d.recall())
	case recalled:
		if len(d.ops.All()) == 0 && msg.of == pipelineOf(d.sight) {
			d.ops = msg.ops
		}
	case peeked:
		if msg.path == d.peekAt {
			d.peek = msg.e
		}
	case warned:
		if msg.warning == nil {
			return d.do(msg.deed)
		}
		d.atStake = msg.warning.memories(gone[msg.deed.Verb])
		return d.m.open(newQuestion(d.m, question{
			title: text.DeleteQuestion(msg.warning.Title), warning: msg.warning, yes: text.YesDelete,
			run: func() tea.Cmd { return d.do(msg.deed) },
		}))
	case deedDone:
		if msg.run != d.run {
			return nil
		}
		d.listen()
		d.m.working = ""
		if msg.outcome.Killed {
			d.ops.Killed(d.m.now())
		}
		d.ops.Acted(d.m.now(), msg.outcome.Action, msg.sight.Inventory.Status)
		d.show(msg.sight, false)
		if msg.outcome.Said != "" && d.live == nil {
			return tea.Batch(d.explainPlan(), d.m.say(msg.outcome.Said))
		}
		return d.explainPlan()
	case lessonOver:
		return d.over(msg)
	case deedFailed:
		if msg.run != d.run {
			return nil
		}
		d.listen()
		if d.m.leaving != staying {
			return nil // cut short by us
		}
		d.m.working = ""
		return tea.Batch(d.m.complain(msg.err), d.glance())
	case glanced:
		d.busy = false
		d.sight.Memories, d.sight.Counts, d.sight.Inventory = msg.sight.Memories, msg.sight.Counts, msg.sight.Inventory
	case tea.KeyMsg:
		return d.key(msg)
	default:
		if d.live == nil {
			return nil
		}
		cmd := d.live.Update(msg)
		if d.listen() {
			cmd = tea.Batch(cmd, d.glance())
		}
		return cmd
	}
	return nil
}

type recalled struct {
	ops disk.Operations
	of  string // the pipeline
}

// pipelineOf tells the pipelines of a lesson apart: the folders that they write.
func pipelineOf(s Sight) string {
	return s.Inventory.Status.Table.Path + "\n" + s.Inventory.Status.Checkpoint.Path
}

// recall reads what happened on the disk before this screen looked, where it has seen
// nothing happen itself.
func (d *desk) recall() tea.Cmd {
	_, pipeline := d.d.Lab()
	if pipeline == nil || len(d.ops.All()) > 0 {
		return nil
	}
	of := pipelineOf(d.sight)
	return d.m.workFor(d, func(ctx context.Context) (tea.Msg, error) {
		now, err := pipeline.Disk(ctx)
		if err != nil { // the explorer tells what is wrong with it
			return recalled{}, nil
		}
		return recalled{disk.Recall(now, pipeline.Records(ctx), d.m.now()), of}, nil
	})
}

type deedFailed struct {
	run int
	err error
}

type glanced struct{ sight Sight }

// glance reads the disk while something runs, one look at a time.
func (d *desk) glance() tea.Cmd {
	if d.busy {
		return nil
	}
	d.busy = true
	seen := d.sight
	return d.m.workFor(d, func(ctx context.Context) (tea.Msg, error) {
		sight, err := d.d.Glance(ctx)
		if err != nil { // what a running load has half written is told when it has ended
			return glanced{seen}, nil
		}
		return glanced{sight}, nil
	})
}

// listen takes what a load told into the operations; it says whether the disk is
// another since.
func (d *desk) listen() (changed bool) {
	if d.told == nil {
		return false
	}
	for _, s := range d.told.take() {
		d.ops.Happened(s)
		if _, paused := s.Event.(progress.Paused); paused {
			d.ops.Paused(true)
		}
		if !advances(s) {
			changed = true
		}
	}
	return changed
}

// turnOperations shows what happened to the pipeline that is looked at now.
func (d *desk) turnOperations(s Sight) {
	was, now := pipelineOf(d.sight), pipelineOf(s)
	if was == now {
		return
	}
	if d.others == nil {
		d.others = map[string]disk.Operations{}
	}
	d.others[was] = d.ops
	d.ops = d.others[now]
}

func (d *desk) show(s Sight, turn bool) {
	turn = turn || s.Step != d.sight.Step
	why := d.book.Page().Why
	if !turn && s.Page.Why == "" && s.Page.Ask {
		s.Page.Why = why
	}
	answered := d.sight.Page.Ask && !s.Page.Ask
	was := d.sight.Deeds
	d.turnOperations(s)
	d.sight = s
	if turn || answered {
		d.turnBallot()
	}
	if turn {
		d.flash.panel = nil // what changed, changed before
		d.book.Turn(d.shownPage())
	} else {
		d.book.Show(d.shownPage())
		if !reflect.DeepEqual(was, s.Deeds) {
			d.book.GoOn()
		}
	}
	d.resized()
}

// key is for what is no entry: the text field.
func (d *desk) key(msg tea.KeyMsg) tea.Cmd {
	if d.why == nil {
		if keyNext.has(msg.String()) && d.live == nil && d.m.working == "" {
			return d.m.say(text.NotYetNext(d.book.Page().Ask))
		}
		if keyNext.has(msg.String()) && d.live != nil && d.live.Running() {
			return d.m.say(text.NotYetLoaded(d.live.Paused != ""))
		}
		if i := d.lackingDeed(msg.String()); i >= 0 && d.live == nil {
			return d.deed(i)
		}
		return nil
	}
	switch msg.String() {
	case "enter", "tab":
		p := d.book.Page()
		p.Why = strings.TrimSpace(d.why.value())
		d.why = nil
		d.book.Type(false, "")
		d.book.Show(p)
	case "esc":
		d.why = nil
		d.book.Type(false, "")
	default:
		d.why.hear(msg)
		d.book.Type(true, d.why.value())
	}
	return nil
}

// lackingDeed is the deed of a key that it cannot be done with now, -1 when there is none.
func (d *desk) lackingDeed(key string) int {
	if d.book.Page().Ask {
		return -1
	}
	for i, deed := range d.sight.Deeds {
		if deed.Lacks != "" && DeedKey(d.sight.Deeds, i) == key {
			return i
		}
	}
	return -1
}

// whyLimit is how long a reason may be.
const whyLimit = 300

func (d *desk) write() tea.Cmd {
	f := newField(d.book.Page().Why, whyLimit)
	d.why = &f
	d.book.Type(true, f.value())
	return nil
}

func (d *desk) resized() {
	l := d.m.l
	d.book.Paint(d.m.theme)
	if d.m.over == nil {
		d.atStake = nil
	}
	d.book.Activate(!d.onTab && d.m.over == nil)
	d.book.Resize(l.page.w, l.page.h, l.shape == tabs)
}

func (d *desk) click(x, y int) tea.Cmd {
	l := d.m.l
	if l.shape == tabs && y == l.rail.y && x >= l.w-l.right-style.Width(text.NotebookTab+text.DiskTab)-5 {
		return d.swap()
	}
	if l.shape != tabs && l.disk.contains(x, y) && d.live == nil && d.why == nil {
		return d.swap() // the disk's side opens the disk
	}
	if !l.page.contains(x, y) || (l.shape == tabs && d.onTab) || d.live != nil || d.why != nil {
		return nil
	}
	target := d.book.Hit(y - l.page.y)
	if target.Kind == lesson.NoTarget {
		return nil
	}
	if d.onTab {
		_ = d.swap()
	}
	again := d.book.Focus() == target
	d.book.SetFocus(target)
	switch target.Kind {
	case lesson.WhyTarget:
		return d.write()
	case lesson.TurnTarget:
		return d.deed(target.Index)
	case lesson.RunTarget:
		return d.deed(d.cellDeed(target.Index))
	case lesson.AsideTarget, lesson.CellTarget, lesson.TextTarget, lesson.OptionsTarget, lesson.ReasonTarget, lesson.IdeaTarget, lesson.AskedTarget:
		return d.toggle(target)
	case lesson.OptionTarget:
		if again {
			return d.predict()
		}
	}
	return nil
}

func (d *desk) wheel(x, _, by int) tea.Cmd {
	if w, h := d.liveSize(); d.live != nil {
		d.live.Scroll(by, w, h)
		return nil
	}
	if d.m.l.page.contains(x, d.m.l.page.y) && !d.onTab {
		d.book.Scroll(by)
	}
	return nil
}

// view is the body: rail and notebook, then the disk.
func (d *desk) view() []string {
	t, l := d.m.theme, d.m.l
	if d.voting() {
		return d.room()
	}
	if l.shape == tabs {
		return d.narrow(t, l)
	}
	left := append([]string{t.Pad(d.rail(t, 3), notebookWidth), t.Fill(notebookWidth)}, strings.Split(d.notebook(l.page.w, l.page.h), "\n")...)
	if d.live != nil {
		w, h := d.liveSize()
		left = strings.Split(d.liveView(t, w, h, 3), "\n")
	}
	all := [][]string{left, strings.Split(d.diskView(t, l.disk.w, l.disk.h, l.shape == two), "\n")}
	if l.shape == three {
		all = append(all, d.thirdView(t, l.third.w, l.third.h))
	}
	return l.columns(t, all...)
}

// thirdView is the operations, and below them the newest plan explained.
func (d *desk) thirdView(t style.Theme, w, h int) []string {
	if d.peek == nil {
		return strings.Split(d.ops.View(t, w, h, d.sight.Table), "\n")
	}
	top := min(max(len(d.ops.All()), 1), h/3) + 2
	lines := append(strings.Split(d.ops.View(t, w, top, d.sight.Table), "\n"), "",
		t.Row(t.Heading(text.NewestPlan), t.Text(style.Dim, text.OthersByTab), w), "")
	lines = append(lines, strings.Split(d.peek.FileView(w, h-len(lines), t), "\n")...)
	return strings.Split(t.Fit(lines, w, h), "\n")
}

type peeked struct {
	e    *disk.Explorer
	path string
}

// explainPlan reads what the third column explains, where there is one.
func (d *desk) explainPlan() tea.Cmd {
	lab, pipeline := d.d.Lab()
	plan := proof("checkpoint.planeado", d.sight.Inventory.Status)
	if d.m.l.shape != three || lab == nil || plan == d.peekAt {
		return nil
	}
	d.peekAt = plan
	if plan == "" {
		d.peek = nil
		return nil
	}
	e := disk.New(lab, pipeline)
	return d.m.workFor(d, func(ctx context.Context) (tea.Msg, error) {
		if err := showFile(ctx, e, plan); err != nil {
			return peeked{nil, plan}, nil // the explorer tells what is wrong with it
		}
		return peeked{e, plan}, nil
	})
}

// memoriesHeight is the memories' place in two columns; the operations come below.
const memoriesHeight = 18

func (d *desk) diskView(t style.Theme, w, h int, both bool) string {
	if !both {
		return t.Fit(viewOf(d.memories(), t, w, h), w, h)
	}
	lines := strings.Split(t.Fit(viewOf(d.memories(), t, w, min(memoriesHeight, h)), w, min(memoriesHeight, h)), "\n")
	if rest := h - memoriesHeight - 1; rest > 0 {
		lines = append(lines, "")
		lines = append(lines, strings.Split(d.ops.View(t, w, rest, d.sight.Table), "\n")...)
	}
	return t.Fit(lines, w, h)
}

func viewOf(p Panel, t style.Theme, w, h int) []string {
	if p == nil || w <= 0 || h <= 0 {
		return nil
	}
	return strings.Split(p.View(t, w, h), "\n")
}

func (d *desk) rail(t style.Theme, gap int) string {
	if d.sight.Number < 0 {
		return t.Heading(text.NotebookTitle)
	}
	return lesson.Rail(t, d.sight.Page.Phase, d.sight.Page.Passed, d.sight.Page.Cycle, gap)
}

func (d *desk) notebook(w, h int) string {
	return d.book.View()
}

func (d *desk) liveView(t style.Theme, w, h, gap int) string {
	if d.live.Head = ""; d.sight.Number >= 0 {
		d.live.Head = d.rail(t, gap)
	}
	return d.live.View(w, h, t)
}

// narrow is frame 08a: one side at a time, and the counts below.
func (d *desk) narrow(t style.Theme, l layout) []string {
	margin := strings.Repeat(" ", l.left)
	names := [2]string{text.NotebookTab, text.DiskTab}
	open, closed := 0, 1
	if d.onTab {
		open, closed = 1, 0
	}
	var tab [2]string
	tab[open] = t.Bold(style.Accent, "["+names[open]+"]")
	tab[closed] = t.Text(style.Dim, names[closed])
	tabBar := tab[0] + "  " + tab[1]
	inner := l.rail.w
	rail := d.rail(t, 1)
	if style.Width(rail)+2+style.Width(tabBar) > inner {
		rail = lesson.ShortRail(t, d.sight.Page.Phase, d.sight.Page.Passed, d.sight.Page.Cycle)
		if d.sight.Number < 0 {
			rail = d.rail(t, 1)
		}
	}
	rows := []string{margin + t.Row(rail, tabBar, inner), ""}
	body := ""
	if d.onTab {
		body = d.diskView(t, l.page.w, l.page.h, l.page.h >= memoriesHeight+6)
	} else if d.live != nil {
		d.live.Head = " "
		w, h := d.liveSize()
		body = d.live.View(w, h, t)
	} else {
		body = d.notebook(l.page.w, l.page.h)
	}
	for _, line := range strings.Split(body, "\n") {
		rows = append(rows, margin+line)
	}
	return append(rows, t.Mark(style.Line, strings.Repeat(style.RuleToDo, l.w)))
}
