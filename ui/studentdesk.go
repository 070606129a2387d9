package ui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/disk"
	"autoloaderlab/ui/lesson"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// studentDesk is a lesson being played.
type studentDesk struct {
	s      *play.Session
	now    func() time.Time
	hinted map[string]int // step -> the level shown
	before *engine.Inventory
	step   string // the step that before belongs to
	review *reviewed
}

// reviewed is the feedback on a question of an earlier lesson.
type reviewed struct {
	at    int
	right bool
	why   string
}

// Look implements Desk.
func (d *studentDesk) Look(ctx context.Context) (Sight, error) {
	verdict, err := d.s.Check(ctx)
	if err != nil {
		return Sight{}, err
	}
	l, step, pipeline := d.s.Lesson(), d.s.Step(), d.s.Pipeline()
	now, err := pipeline.Inventory(ctx)
	if err != nil {
		return Sight{}, err
	}
	if d.step != step.ID {
		d.step, d.before = step.ID, d.since(now)
	}
	s := Sight{
		Number: l.Number, Title: l.Title, Step: d.s.Index() + 1, Steps: len(l.Steps),
		Student: now.Status.Widgets.Student, Day: now.Status.Day, Folder: d.s.Dir(),
		Counts: countsOf(now.Status), Inventory: now, Memories: disk.Remember(now, d.before),
		Back: d.s.Index() > 0, Undo: now.TrashedTables+now.TrashedCheckpoints > 0 && d.s.Undoable(),
		Table: pipeline.Widgets().Table,
	}
	if page, asking := d.recall(); asking {
		s.Page = page
		s.Review, s.Reviews = d.reviewAt()
		if d.review != nil {
			s.Next = text.NextStep
		}
		return s, nil
	}
	cells := d.s.Cells()
	s.Deeds = append(lacking(d.deeds(), now), cellDeeds(cells)...)
	s.Hints = !verdict.OK && len(step.Hints) > 0 && d.hinted[step.ID] < hintLevels && !d.s.Locked()
	if verdict.OK && !d.s.Locked() && !d.unanswered(step) {
		s.Next = text.NextStep
		if s.Step == s.Steps {
			s.Next = text.FinishLesson
		}
	}
	s.Page = d.page(step, verdict, s, cells)
	s.Copy = codeOf(s.Page)
	for _, e := range verdict.Evidence {
		s.Proofs = append(s.Proofs, proof(e.Fact, now.Status))
	}
	return s, nil
}

// since is what the disk is compared with: as it was before this cycle, or as it is now
// where that is unknown or long past.
func (d *studentDesk) since(now engine.Inventory) *engine.Inventory {
	stood := d.s.Stood()
	if stood == nil || d.s.Index() < d.s.Furthest() {
		return &now
	}
	return stood
}

// proof is the file in which a fact can be read, or empty.
func proof(fact string, s engine.Status) string {
	batch := func(id *int64, folder string) string {
		if id == nil || !s.Checkpoint.Exists {
			return ""
		}
		return filepath.Join(s.Checkpoint.Path, folder, strconv.FormatInt(*id, 10))
	}
	switch memory, of, _ := strings.Cut(fact, "."); {
	case (fact == "checkpoint.consulta" || fact == "checkpoint.existe") && s.Checkpoint.Exists:
		return filepath.Join(s.Checkpoint.Path, "metadata")
	case of == "vistos": // the list itself
		return batch(number64(s.Checkpoint.PlannedBatch), filepath.Join("sources", "0"))
	case of == "planeado":
		return batch(number64(s.Checkpoint.PlannedBatch), "offsets")
	case of == "confirmado":
		return batch(number64(s.Checkpoint.ConfirmedBatch), "commits")
	case memory == "tabla" && s.Table.Exists:
		return filepath.Join(s.Table.Path, "_delta_log", fmt.Sprintf("%020d.json", version(s)))
	}
	return ""
}

// Lab implements Desk.
func (d *studentDesk) Lab() (*engine.Lab, *engine.Pipeline) { return d.s.Lab(), d.s.Pipeline() }

// Glance implements Desk.
func (d *studentDesk) Glance(ctx context.Context) (Sight, error) {
	now, err := d.s.Pipeline().Inventory(ctx)
	return Sight{Counts: countsOf(now.Status), Inventory: now, Memories: disk.Remember(now, d.before)}, err
}

func number64[T ~int64](n *T) *int64 {
	if n == nil {
		return nil
	}
	value := int64(*n)
	return &value
}

// hintLevels is how many there are.
const hintLevels = 3

// reviewAt is which of the questions on earlier lessons is asked, from 1, and how many
// there are.
func (d *studentDesk) reviewAt() (at, of int) {
	reviews := d.s.Reviews()
	for i, r := range reviews {
		if r.Chosen < 0 || d.review != nil && d.review.at == i {
			return i + 1, len(reviews)
		}
	}
	return len(reviews), len(reviews)
}

// recall is the page of a question on an earlier lesson, asked before the first step.
func (d *studentDesk) recall() (lesson.Page, bool) {
	if d.s.Index() > 0 || d.s.Furthest() > 0 {
		return lesson.Page{}, false
	}
	for i, r := range d.s.Reviews() {
		if r.Chosen >= 0 && (d.review == nil || d.review.at != i) {
			continue
		}
		page := lesson.Page{Title: text.ReviewTitle, NoWhy: true, Question: r.Text, Chosen: r.Chosen, Ask: r.Chosen < 0, Text: text.ReviewFrom(r.From)}
		if r.Ahead {
			page.Title, page.Text = text.AheadTitle, text.ReviewAhead(r.From)
		}
		for _, o := range r.Options {
			page.Options = append(page.Options, lesson.Option{Text: o})
		}
		if d.review != nil && d.review.at == i {
			page.Verdict = &lesson.Verdict{OK: d.review.right, Headline: text.ReviewVerdict(d.review.right), End: d.review.why}
		}
		return page, true
	}
	return lesson.Page{}, false
}

// unanswered says that the step asks something that waits for its answer.
func (d *studentDesk) unanswered(step *lessons.Step) bool {
	if step.Question == nil {
		return false
	}
	return !slices.ContainsFunc(d.s.Options(), func(o play.Option) bool { return o.Chosen }) && d.s.Index() >= d.s.Furthest()
}

func (d *studentDesk) deeds() []Deed {
	var out []Deed
	allowed, course := d.s.Allowed(), d.s.Course()
	for _, a := range allowed {
		words := a.String()
		if slices.ContainsFunc(out, func(known Deed) bool { return known.Words == words }) {
			continue
		}
		if a.Verb == lessons.VerbExtract && len(a.Args) == 0 {
			out = append(out, Deed{Words: words, Does: text.ExtractDay, Ask: text.DayLabel, About: text.ExtractAbout, Guess: d.s.Lab().Yesterday()}.along(course, a))
			continue
		}
		if len(a.Args) == 0 && slices.Contains([]lessons.Verb{lessons.VerbSQL, lessons.VerbFile, lessons.VerbBring, lessons.VerbExtract}, a.Verb) {
			continue // stands for all of its kind: the console's, or the files'
		}
		out = append(out, Deed{Verb: verbOf(a), Words: words, Does: text.Deed(string(a.Verb), a.Args, a.Variant, a.Options, a.KillAt), Short: text.ShortOf(string(a.Verb), a.Args, a.Options, a.KillAt)}.along(course, a))
	}
	return out
}

// cellDeeds run the cells that can be run now. They come after the step's own.
func cellDeeds(cells []play.Cell) []Deed {
	var out []Deed
	for i, c := range cells {
		if c.Run != nil {
			out = append(out, Deed{Verb: RunCell, Words: c.Run.String(), Does: text.DoCell(c.Number), Cell: i + 1})
		}
	}
	return out
}

// along is the deed as the step's course has it.
func (d Deed) along(c play.Course, a lessons.Action) Deed {
	done, of := c.Times(a)
	d.Next, d.Done = c.LeadsOn(a), done > 0 && done >= of
	if of > 1 && done > 0 && done < of {
		d.Times = text.TimesOf(done, of)
	}
	return d
}

// lacking tells of each deed what it has nothing to act on for.
func lacking(deeds []Deed, now engine.Inventory) []Deed {
	load := slices.ContainsFunc(deeds, func(d Deed) bool { return d.Verb == Load })
	for i := range deeds {
		d := &deeds[i]
		switch {
		case (d.Verb == Count || d.Verb == Drop) && !now.Status.Table.Exists:
			d.Lacks, d.Opens = text.LacksTable, text.OpensTable(now.TrashedTables > 0, load)
		case d.Verb == Checkpoint && !now.Status.Checkpoint.Exists:
			d.Lacks, d.Opens = text.LacksCheckpoint, text.OpensCheckpoint(now.TrashedCheckpoints > 0, load)
		case d.Verb == Undo && now.TrashedTables+now.TrashedCheckpoints == 0:
			d.Lacks, d.Opens = text.LacksDeletion, text.NothingToUndo
		}
	}
	return deeds
}

func verbOf(a lessons.Action) Verb {
	switch a.Verb {
	case lessons.VerbLoad:
		return Load
	case lessons.VerbCount:
		return Count
	case lessons.VerbDropTable:
		return Drop
	case lessons.VerbDeleteCheckpoint:
		return Checkpoint
	case lessons.VerbNextDay:
		return NextDay
	case lessons.VerbUndo:
		return Undo
	}
	return Other
}

func (d *studentDesk) page(step *lessons.Step, v play.Verdict, s Sight, cells []play.Cell) lesson.Page {
	p := lesson.Page{
		Phase: step.Phase, Passed: d.passed(), Cycle: d.cycle(), Title: d.s.Text(step.Title), Text: d.s.Text(step.Text), How: step.How, Chosen: -1,
		Names: lesson.Names{Table: s.Table},
	}
	for _, c := range cells {
		p.Cells = append(p.Cells, cellOf(c))
	}
	made, predicted := d.s.Prediction()
	if step.Question != nil {
		p.Question, p.Sentence = d.s.Text(step.Question.Text), step.Question.Sentence
		for i, o := range d.s.Options() {
			p.Options = append(p.Options, lesson.Option{Value: o.Value, Text: o.Text, Right: o.Right})
			if o.Chosen {
				p.Chosen = i
			}
		}
		p.Ask = p.Chosen < 0 && d.s.Index() >= d.s.Furthest()
		if predicted {
			p.Why = made.Why
		}
	}
	for i, deed := range s.Deeds {
		if deed.Cell > 0 {
			turn := turnOf(s.Deeds, i)
			p.Cells[deed.Cell-1].Run = &turn
			continue
		}
		if s.Next != "" {
			continue // what was to be done is done: the keys still do it
		}
		p.Turn = append(p.Turn, turnOf(s.Deeds, i))
	}
	if p.Ask && step.Phase == lessons.Predict {
		p.Note = d.opensWhat()
	}
	if v.Strayed != "" {
		p.Text = v.Strayed + "\n\n" + p.Text
	}
	p.Verdict = d.verdict(step, v, p)
	if p.Verdict != nil && step.Phase == lessons.Explain && p.Text != "" && slices.ContainsFunc(p.Cells, func(c lesson.Cell) bool { return c.Run != nil }) {
		p.Verdict = &lesson.Verdict{OK: p.Verdict.OK, Headline: p.Verdict.Headline, Own: p.Verdict.Own, Chosen: p.Verdict.Chosen, Idea: p.Verdict.Idea, End: text.AfterCells} // it asks what the cells answer
	}
	if level := d.hinted[step.ID]; level > 0 && !v.OK {
		if hint := d.s.Hint(level); hint != "" {
			p.Hint = &lesson.Hint{Level: level, Levels: hintLevels, Text: hint}
		}
	}
	p.Asked, p.Asides = notebookAsks(v.Questions), d.asides(step)
	return p
}

// passed are the phases of this cycle that are behind.
func (d *studentDesk) passed() []lessons.Phase {
	var out []lessons.Phase
	for i := d.s.Index(); i > 0 && !d.s.Lesson().Opens(i); i-- {
		out = append(out, d.s.Lesson().Steps[i-1].Phase)
	}
	return out
}

// steps are those of the present cycle.
func (d *studentDesk) steps() []*lessons.Step {
	l, from := d.s.Lesson(), d.s.Index()
	for from > 0 && !l.Opens(from) {
		from--
	}
	to := d.s.Index() + 1
	for to < len(l.Steps) && !l.Opens(to) {
		to++
	}
	return l.Steps[from:to]
}

// cycle are the phases of the present cycle.
func (d *studentDesk) cycle() []lessons.Phase {
	var out []lessons.Phase
	for _, step := range d.steps() {
		if step.Phase == lessons.Read {
			return nil // what is read is outside the cycle, which is shown whole
		}
		out = append(out, step.Phase)
	}
	return out
}

// opensWhat says what a prediction opens: the load, something else, or nothing.
func (d *studentDesk) opensWhat() string {
	note := text.NoMarks
	for _, step := range d.steps() {
		for _, written := range step.Actions {
			if a, err := play.ParseAction(written); err == nil && a.Verb == lessons.VerbLoad {
				return text.PredictFirst
			}
			note = text.ActAfter
		}
	}
	return note
}

func cellOf(c play.Cell) lesson.Cell {
	state, known := map[play.CellState]lesson.CellState{play.NotRun: lesson.NotRun, play.HasRun: lesson.Run, play.Stale: lesson.Stale, play.Cut: lesson.Cut}[c.State]
	out := lesson.Cell{Number: c.Number, Language: c.Language, Code: c.Code, State: state, NoState: !known, At: c.At}
	if c.Output != nil {
		out.Output = &lesson.Output{Rows: c.Output.Rows, Hidden: c.Output.Hidden, More: c.Output.More}
		for _, column := range c.Output.Columns {
			out.Output.Columns = append(out.Output.Columns, column.Name)
			out.Output.Numbers = append(out.Output.Numbers, column.Numbers)
		}
	}
	return out
}

// verdict is what is told: nothing while the student has nothing to look back on.
func (d *studentDesk) verdict(step *lessons.Step, v play.Verdict, p lesson.Page) *lesson.Verdict {
	out := &lesson.Verdict{OK: true}
	looksBack := step.Phase != lessons.Predict || (step.Question != nil && step.Question.Answer == "" && !p.Ask)
	if v.Judged != nil && looksBack {
		j := v.Judged
		out.OK = j.Right
		out.Headline = text.Verdict(j.Value, j.Result, j.Right, j.DontKnow)
		out.Own, out.Sentence = j.Why, step.Question != nil && step.Question.Sentence
		if !d.explainedLater() {
			out.Chosen, out.Idea = j.Predicted, j.Feedback
		}
	}
	if v.OK && v.End != "" && !p.Ask {
		if out.Headline == "" && len(step.Actions) > 0 {
			out.Headline = text.StepReached
		}
		out.End = v.End
	}
	if v.OK || step.Phase == lessons.Observe || step.Phase == lessons.Explain {
		if !p.Ask {
			out.Why = v.Explanation
		}
		if c := v.Comparison; c != nil {
			out.Columns, out.Rows, out.BarRole = c.Labels, comparisonRows(c), roleOf(c.Facts[0])
		}
		for _, e := range v.Evidence {
			out.Evidence = append(out.Evidence, evidenceOf(e))
		}
	}
	if out.Headline == "" && out.Why == "" && out.End == "" && len(out.Rows) == 0 && len(out.Evidence) == 0 {
		return nil
	}
	return out
}

// evidenceOf is a fact as it is shown: what was not there before is new.
func evidenceOf(e play.Evidence) lesson.Evidence {
	row := lesson.Evidence{
		Role: roleOf(e.Fact), Name: e.Label, Before: orDash(e.Before), Now: orDash(e.Now), Sign: string(e.Change), Says: text.ChangeWord(string(e.Change)),
	}
	if e.Before == "" && e.Now != "" {
		row.Sign, row.Says = style.More, text.DiskWordNew
	}
	return row
}

// explainedLater says that a later step of this cycle explains, so that the answer to
// the student's own idea waits for it.
func (d *studentDesk) explainedLater() bool {
	l := d.s.Lesson()
	for i := d.s.Index() + 1; i < len(l.Steps) && !l.Opens(i); i++ {
		if l.Steps[i].Phase == lessons.Explain {
			return true
		}
	}
	return false
}

func comparisonRows(c *play.Comparison) []lesson.Row {
	var rows []lesson.Row
	add := func(name string, values []string, bar float64, ghost, now bool) {
		row := lesson.Row{Name: name, Bar: int64(bar * 1000), Ghost: ghost, Now: now}
		if bar < 0 {
			row.Bar = -1
		}
		for _, value := range values {
			row.Values = append(row.Values, orDash(value))
		}
		rows = append(rows, row)
	}
	if slices.ContainsFunc(c.Predicted, func(s string) bool { return s != "" }) {
		add(text.Predicted, c.Predicted, c.Bars[0], true, false)
	}
	before := text.BeforeColumn
	if c.Dropped { // the panel compares with what stood before the table
		before = text.BeforeDropping
	}
	add(before, c.Before, c.Bars[1], false, false)
	add(text.NowColumn, c.Now, c.Bars[2], false, true)
	return rows
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func roleOf(fact string) style.Role {
	memory, _, _ := strings.Cut(fact, ".")
	switch memory {
	case "origen":
		return style.Origin
	case "checkpoint":
		return style.Checkpoint
	case "tabla":
		return style.Table
	}
	return style.Dim
}

func (d *studentDesk) asides(step *lessons.Step) []lesson.Aside {
	var out []lesson.Aside
	if b := step.Databricks; b != nil {
		out = append(out, lesson.Aside{Title: text.InDatabricks, Label: text.InDatabricksLabel, Text: d.s.Text(b.Text), Code: d.s.Text(b.Code), Language: languageOf(b.Code)})
	}
	if m := step.More; m != nil {
		title := text.ToKnowMore
		if m.Title != "" {
			title += ": " + d.s.Text(m.Title)
		}
		out = append(out, lesson.Aside{Title: title, Label: text.ToKnowMoreLabel, Text: d.s.Text(m.Text)})
	}
	return out
}

// notebookAsks are the notebook's questions of the step, once it has come to where they can be
// answered.
func notebookAsks(answers []lessons.Answer) []lesson.Asked {
	var out []lesson.Asked
	for _, a := range answers {
		q := lesson.Asked{Question: a.Question, Own: a.Own, Draft: a.Draft, Model: a.Answer, Code: a.SQL}
		if proof := text.ProofOf(a.Result); len(proof.Rows) > 0 {
			q.Output = &lesson.Output{Columns: proof.Columns, Numbers: proof.Numbers, Rows: proof.Rows, More: proof.More}
		}
		out = append(out, q)
	}
	return out
}

// Answer keeps the student's words on a question of the step.
func (d *studentDesk) Answer(ctx context.Context, question, own string) error {
	return d.s.Answer(ctx, question, own)
}

// Draft keeps what was begun.
func (d *studentDesk) Draft(ctx context.Context, question, draft string) error {
	return d.s.Draft(ctx, question, draft)
}

func languageOf(code string) string {
	for _, word := range []string{"SELECT", "DROP", "UNDROP", "DESCRIBE", "CREATE", "COPY", "SHOW", "VACUUM"} {
		if strings.HasPrefix(strings.TrimSpace(code), word) {
			return "sql"
		}
	}
	return "pyspark"
}

func codeOf(p lesson.Page) string {
	for _, c := range p.Cells {
		if c.State != lesson.Run && c.Code != "" {
			return strings.TrimSpace(c.Code)
		}
	}
	if len(p.Cells) > 0 {
		return strings.TrimSpace(p.Cells[0].Code)
	}
	return ""
}

// Predict implements Desk.
func (d *studentDesk) Predict(ctx context.Context, option int, why string) error {
	for i, r := range d.s.Reviews() {
		if r.Chosen >= 0 || d.s.Index() > 0 || d.s.Furthest() > 0 {
			continue
		}
		right, feedback, err := d.s.AnswerReview(ctx, i, option)
		d.review = &reviewed{i, right, feedback}
		return err
	}
	return d.s.Predict(ctx, option, why)
}

// Do implements Desk.
func (d *studentDesk) Do(ctx context.Context, deed Deed, on func(progress.Stamped)) (Outcome, error) {
	action, err := play.ParseAction(deed.Words)
	if err != nil {
		return Outcome{}, err
	}
	result, err := d.s.Do(ctx, action, on)
	if err != nil {
		return Outcome{}, err
	}
	return outcomeOf(result, d.s.Pipeline().Table().String())
}

// outcomeOf tells what came of an action.  A load that failed is an error with its
// reasons.
func outcomeOf(r play.Outcome, table string) (Outcome, error) {
	out := Outcome{Action: engine.Action{Action: handName(r.Action), Paths: r.Paths}, Killed: r.Killed}
	switch {
	case r.Killed:
		out.Said = text.KilledAt(string(r.KilledAt))
	case r.Load != nil && r.Load.Error != nil:
		return out, text.FromFailure(*r.Load.Error)
	case r.Load != nil:
		out.Said = oneLine(text.Summary(*r.Load, table, nil))
	case r.Rows != nil:
		out.Said = text.Counted(table, *r.Rows)
	case r.Result != nil:
		out.Said = text.Answered(len(r.Result.Rows))
	case r.Action.Verb == lessons.VerbDropTable:
		out.Said = deleted(r.Paths, text.TableGone, text.NoTable)
	case r.Action.Verb == lessons.VerbDeleteCheckpoint:
		out.Said = deleted(r.Paths, text.CheckpointGone, text.NoCheckpoint)
	case r.Action.Verb == lessons.VerbUndo:
		out.Said = deleted(r.Paths, text.UndoneSaid, text.NothingToUndo)
	case r.Day != "":
		out.Said = text.DayPassed(r.Day, len(r.Paths) > 0)
	case r.Late != nil:
		out.Said = text.LateRow(r.Late.Day, r.Late.Row.ID.String())
	default:
		out.Said = text.DeedDone
	}
	return out, nil
}

// handName is the engine's name of an action: of those on files, by what is done.
func handName(a lessons.Action) string {
	if a.Verb != lessons.VerbFile || len(a.Args) == 0 {
		return string(a.Verb)
	}
	switch a.Args[0] {
	case lessons.FileRename:
		return "archivo renombrar"
	case lessons.FileCopy:
		return "archivo copiar"
	case lessons.FileRemove:
		return "archivo quitar"
	}
	return "archivo cambiar"
}

func deleted(paths []string, gone, nothing string) string {
	if len(paths) == 0 {
		return nothing
	}
	return gone
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Hint implements Desk.
func (d *studentDesk) Hint(context.Context) error {
	id := d.s.Step().ID
	for level := d.hinted[id] + 1; level <= hintLevels; level++ {
		d.hinted[id] = level
		if d.s.Hint(level) != "" {
			return nil
		}
	}
	return nil
}

// Step implements Desk.
func (d *studentDesk) Step(ctx context.Context, by int) error {
	if d.review != nil && by > 0 {
		d.review = nil
		return nil
	}
	d.review = nil
	if by < 0 {
		return d.s.Previous(ctx)
	}
	return d.s.Next(ctx)
}

// Closing is what the lesson has come to.
func (d *studentDesk) Closing() play.Closing { return d.s.Closing() }

// Go puts the lesson's lab at a step, counted from 0.
func (d *studentDesk) Go(ctx context.Context, step int) error {
	d.before, d.step, d.review = nil, "", nil
	return d.s.Go(ctx, step)
}

// Restart implements Desk.
func (d *studentDesk) Restart(ctx context.Context) error {
	d.before, d.step, d.review, d.hinted = nil, "", nil, map[string]int{}
	return d.s.Restart(ctx)
}

// Undo implements Desk.
func (d *studentDesk) Undo(ctx context.Context) (Outcome, error) {
	done, err := d.s.Do(ctx, play.Action{Verb: lessons.VerbUndo}, nil)
	return Outcome{Said: text.UndoneSaid, Action: engine.Action{Action: handName(done.Action), Paths: done.Paths}}, err
}

// Warn implements Desk.
func (d *studentDesk) Warn(ctx context.Context, deed Deed) (*Warning, error) {
	return warning(ctx, d.s.Pipeline(), deed)
}

// warning looks at what a deletion would take.  Nil is nothing to lose.
func warning(ctx context.Context, p *engine.Pipeline, deed Deed) (*Warning, error) {
	now, err := p.Inventory(ctx)
	if err != nil && !errors.Is(err, context.Canceled) {
		now.Status, _ = p.Status(ctx) // what cannot be counted is asked about without its numbers
	}
	status := now.Status
	source := Stake{style.Origin, text.TheSourceFiles, text.Files(int64(status.Source.Files))}
	c := countsOf(status)
	if deed.Verb == Drop {
		if !status.Table.Exists && err == nil {
			return nil, nil
		}
		w := &Warning{Memory: style.Table, Title: text.TheTable, Folder: shortFolder(status.Table.Path), Count: text.Rows(c.Rows)}
		w.Lost = []Stake{{What: text.TheTableWith(c.Rows)}, {What: text.ItsHistory(version(status))}}
		w.Kept = []Stake{source}
		if status.Checkpoint.Exists {
			if strings.HasPrefix(status.Checkpoint.Path, status.Table.Path+string(filepath.Separator)) {
				w.Lost = append(w.Lost, Stake{style.Checkpoint, text.TheCheckpointInside, ""})
			} else {
				w.Kept = append(w.Kept, Stake{style.Checkpoint, text.TheCheckpoint, text.Seen(c.SeenFiles)})
			}
		}
		return w, nil
	}
	if !status.Checkpoint.Exists && err == nil {
		return nil, nil
	}
	w := &Warning{Memory: style.Checkpoint, Title: text.TheCheckpointAsked, Folder: shortFolder(status.Checkpoint.Path), Count: text.Seen(c.SeenFiles)}
	w.Lost = []Stake{{What: text.TheListOf(c.SeenFiles)}}
	if status.Checkpoint.QueryID != nil {
		w.Lost = append(w.Lost, Stake{What: text.TheQuery(text.ShortID(*status.Checkpoint.QueryID), c.Batch)})
	}
	w.Lost = append(w.Lost, Stake{What: text.TheSchema})
	w.Kept = []Stake{source}
	if status.Table.Exists {
		w.Kept = append(w.Kept, Stake{style.Table, text.TheTableAt(version(status)), text.Rows(c.Rows)})
	}
	return w, nil
}

func version(s engine.Status) int64 {
	if s.Table.Version == nil {
		return -1
	}
	return *s.Table.Version
}

// shortFolder is a path from the lab's own folders on: what stands before is the same
// for all.
func shortFolder(path string) string {
	slashed := filepath.ToSlash(path)
	for _, top := range []string{"/Volumes/", "/catalogs/"} {
		if i := strings.Index(slashed, top); i >= 0 {
			return slashed[i:]
		}
	}
	return slashed
}
