package plain

import (
	"fmt"
	"io"
	"strings"

	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/text"
)

// lesson is one that is being played.
type lesson struct {
	*mode
	*play.Session
	hints map[string]int // the level shown, by step
}

// open plays a lesson until the student leaves it.
func (m *mode) open(id string) error {
	m.say(text.PlainWait)
	session, err := m.Room.Start(m.ctx, id)
	if err != nil {
		return cannotOpen{err}
	}
	l := &lesson{m, session, map[string]int{}}
	l.gap()
	l.say(text.PlainTitle(session.Lesson().Number, session.Lesson().Title))
	l.say(session.Lesson().Goal)
	l.say(text.PlainLearn)
	for _, line := range session.Lesson().Learn {
		l.line("  - " + line)
	}
	l.say(text.PlainCommands)
	if err := l.reviews(); err != nil {
		return err
	}
	if err := l.show(); err != nil {
		return err
	}
	for {
		line, err := l.read()
		if err != nil {
			return err
		}
		switch word := strings.ToLower(line); {
		case leaves(word):
			return errLeave
		case word == "lecciones" || word == "volver":
			return nil
		default:
			if err := l.obey(line, word); err != nil {
				return err
			}
		}
	}
}

// obey does what one line says. An error ends the program.
func (l *lesson) obey(line, word string) error {
	switch word {
	case "", "siguiente", "n":
		return l.forward()
	case "anterior", "p":
		return l.after(l.Previous(l.ctx), l.show)
	case "repetir":
		return l.show()
	case "ayuda", "?":
		l.help()
		return nil
	case "estado":
		l.memories()
		return nil
	case "pista", "h":
		l.hint()
		return nil
	case "reiniciar":
		return l.restart()
	case "ejecutar":
		return l.execute()
	case "historial":
		return l.history()
	}
	if n, rest, ok := number(line); ok {
		return l.pick(n, rest)
	}
	if rest, ok := strings.CutPrefix(strings.TrimPrefix(text.Gist(word), "ejecutar "), "celda "); ok {
		return l.cell(rest)
	}
	switch verb, rest, _ := strings.Cut(line, " "); strings.ToLower(verb) {
	case "responde":
		return l.own(rest)
	case "respuesta":
		return l.model(rest)
	}
	if action, ok := l.named(line); ok {
		return l.do(action)
	}
	l.say(text.PlainOnce)
	if !l.Locked() {
		l.list()
		l.runnable()
	}
	return nil
}

// named is the action that a line names: as it stands in the list, or as lessons
// write it.
func (l *lesson) named(line string) (play.Action, bool) {
	said := text.Gist(line)
	for i, action := range l.Allowed() {
		if _, label, _ := strings.Cut(listed(i, action), ")"); said == text.Gist(label) {
			return action, true
		}
	}
	if verb, ok := text.VerbNamed(said); ok {
		return play.Action{Verb: lessons.Verb(verb)}, true
	}
	action, err := play.ParseAction(line)
	return action, err == nil
}

// after goes on when there was no error, tells a refusal, and ends with what is
// the student's leaving.
func (l *lesson) after(err error, do func() error) error {
	if l.ctx.Err() != nil {
		return l.ctx.Err()
	}
	if err != nil {
		l.refuse(err)
		return nil
	}
	return do()
}

func (l *lesson) forward() error {
	last := l.Index() == len(l.Lesson().Steps)-1
	return l.after(l.Next(l.ctx), func() error {
		if last && l.Done() {
			l.closing()
			return nil
		}
		return l.show()
	})
}

// reviews asks the questions on earlier lessons, once.
func (l *lesson) reviews() error {
	for i, review := range l.Reviews() {
		if review.Chosen >= 0 {
			continue
		}
		l.gap()
		head := text.PlainReview
		switch {
		case review.Again:
			head = text.PlainAgain
		case review.Ahead:
			head = text.AheadTitle + " " + text.ReviewAhead(review.From)
		}
		if !review.Ahead {
			head += ":"
		}
		l.say(head + " " + review.Text)
		for n, option := range review.Options {
			l.line(text.PlainOption(n+1, "", option))
		}
		l.say(text.PlainPick(len(review.Options)))
		for {
			line, err := l.read()
			if err != nil {
				return err
			}
			if leaves(strings.ToLower(line)) {
				return errLeave
			}
			n, _, ok := number(line)
			if !ok || n < 1 || n > len(review.Options) {
				l.say(text.PlainPick(len(review.Options)))
				continue
			}
			right, why, err := l.AnswerReview(l.ctx, i, n-1)
			if err != nil {
				return err
			}
			l.say(text.PlainJudged(review.Options[n-1], "", "", right, false) + " " + why)
			break
		}
	}
	return nil
}

// show tells the present step.
func (l *lesson) show() error {
	step := l.Step()
	l.gap()
	l.say(text.PlainStep(l.Index()+1, len(l.Lesson().Steps), string(step.Phase), step.Title))
	if step.Text != "" {
		l.gap()
		l.say(l.Text(step.Text))
	}
	for _, cell := range l.Cells() {
		l.gap()
		l.say(text.PlainCell(cell.Number, cell.Language, string(cell.State)))
		l.code(cell.Code)
		l.output(cell.Output)
	}
	l.gap()
	if step.Question != nil {
		l.question(step)
	}
	return l.stands(true)
}

// output tells what a cell answered, a row a line.
func (l *lesson) output(o *play.Output) {
	if o == nil {
		return
	}
	for _, row := range o.Rows {
		var cells []string
		for c, value := range row {
			cells = append(cells, o.Columns[c].Name+": "+value)
		}
		l.line("  " + strings.Join(cells, "; "))
	}
	l.say(text.OutputRest(o.More, o.Hidden))
}

func (l *lesson) code(code string) {
	l.blank = false
	for _, line := range strings.Split(strings.Trim(code, "\n"), "\n") {
		fmt.Fprintln(l.Out, "    "+line)
	}
}

func (l *lesson) question(step *lessons.Step) {
	l.say(l.Text(step.Question.Text))
	options := l.Options()
	for _, option := range options {
		l.line(text.PlainOption(option.Number, option.Value, option.Text))
	}
	if l.Locked() {
		l.say(text.PlainPick(len(options)) + " " + text.PlainWhy)
	}
}

// stands tells how the step stands: what it explains, what can be done, or how
// to go on.
func (l *lesson) stands(fresh bool) error {
	if l.Locked() {
		return nil
	}
	verdict, err := l.Check(l.ctx)
	if err != nil {
		return l.after(err, nil)
	}
	step := l.Step()
	if verdict.Strayed != "" {
		l.say(verdict.Strayed)
	}
	if !verdict.OK {
		l.offer(fresh, verdict.Missing)
		l.runnable()
		return nil
	}
	l.say(verdict.End)
	l.judged(step, verdict.Judged)
	l.evidence(verdict)
	if verdict.Explanation != "" {
		l.gap()
		l.say(text.PlainReason + " " + verdict.Explanation)
	}
	l.asides(step)
	l.notebook(verdict.Questions)
	l.gap()
	l.runnable()
	if step.Goal == "" && step.Question == nil {
		l.say(text.PlainRead)
	} else {
		l.say(text.PlainNext)
	}
	return nil
}

// judged puts the prediction beside what happened, where it is explained.
func (l *lesson) judged(step *lessons.Step, j *play.Judged) {
	if j == nil || step.Phase == lessons.Run && step.Question == nil {
		return
	}
	l.gap()
	l.say(text.PlainJudged(j.Predicted, j.Value, j.Result, j.Right, j.DontKnow))
	if step.Phase == lessons.Observe {
		return
	}
	l.say(j.Feedback)
	if j.Idea != nil {
		l.say(text.PlainIdea + " " + j.Idea.Name + ".")
	}
	if j.RightFeedback != "" {
		l.say(text.PlainItWas + " " + j.RightFeedback)
	}
}

func (l *lesson) evidence(v play.Verdict) {
	if c := v.Comparison; c != nil {
		l.gap()
		l.say(text.PlainCompare)
		for i := range c.Facts {
			l.line(text.PlainCompared(c.Labels[i], c.Predicted[i], c.Before[i], c.Now[i]))
		}
	}
	if len(v.Evidence) > 0 {
		l.say(text.PlainProofs)
		for _, e := range v.Evidence {
			l.line(text.PlainEvidence(e.Label, e.Before, e.Now, e.Change == play.Same))
		}
	}
}

func (l *lesson) asides(step *lessons.Step) {
	if d := step.Databricks; d != nil {
		l.gap()
		l.say(text.PlainThere + " " + l.Text(d.Text))
		if d.Code != "" {
			l.code(l.Text(d.Code))
		}
	}
	if m := step.More; m != nil {
		l.gap()
		l.say(text.PlainMore + " " + m.Title)
		l.say(l.Text(m.Text))
	}
}

// offer tells what can be done now.
func (l *lesson) offer(fresh bool, missing string) {
	if l.Step().How == lessons.Demonstration {
		l.say(text.PlainDemo)
		return
	}
	if !fresh {
		l.say(missing)
	}
	l.list()
}

// list tells what the step lets the student do.
func (l *lesson) list() {
	for i, action := range l.Allowed() {
		if i == 0 {
			l.say(text.PlainActions)
		}
		l.line(listed(i, action))
	}
}

// listed is one action of the list.
func listed(i int, action play.Action) string {
	killAt := action.KillAt
	action.KillAt = ""
	return text.PlainAction(i+1, string(action.Verb), strings.TrimSpace(strings.TrimPrefix(action.String(), string(action.Verb))), killAt)
}

// pick is a number: an option while the question is open, else an action.
func (l *lesson) pick(n int, why string) error {
	if l.Locked() && l.Step().Question != nil {
		options := l.Options()
		return l.after(l.Predict(l.ctx, n-1, why), func() error {
			l.say(text.PlainNoted(options[n-1].Text))
			return l.stands(true)
		})
	}
	allowed := l.Allowed()
	if len(allowed) == 0 {
		l.say(text.PlainNoChoice)
		return nil
	}
	if n < 1 || n > len(allowed) {
		l.refuse(text.NoSuchOption(n, len(allowed)))
		return nil
	}
	return l.do(allowed[n-1])
}

// cell runs a cell of the step by its number.
func (l *lesson) cell(written string) error {
	n, _, _ := number(written)
	for _, cell := range l.Cells() {
		if action, ok := cell.Runs(); ok && cell.Number == n {
			return l.do(action)
		}
	}
	l.say(text.PlainNoCell)
	return nil
}

// runnable tells which cells can be run now.
func (l *lesson) runnable() {
	for _, cell := range l.Cells() {
		if cell.Run != nil {
			l.say(text.PlainRunnable(cell.Number))
		}
	}
}

// execute does what «ejecutar» alone means here: the demonstration, the load, or
// the first cell that waits.
func (l *lesson) execute() error {
	if l.Step().How == lessons.Demonstration && len(l.Allowed()) > 0 {
		return l.demonstrate()
	}
	for _, action := range l.Allowed() {
		if action.Verb == lessons.VerbLoad {
			return l.do(action)
		}
	}
	for _, cell := range l.Cells() {
		if cell.Run != nil {
			return l.do(*cell.Run)
		}
	}
	return l.do(play.Action{Verb: lessons.VerbLoad}) // which says why not
}

// history tells the versions of the step's table, the newest first.
func (l *lesson) history() error {
	entries, err := l.Pipeline().History(l.ctx)
	return l.after(err, func() error {
		for _, e := range entries {
			query, batch, rows := e.Load()
			l.line(text.PlainVersion(int64(e.Version), e.Operation, query, batch, rows))
		}
		return nil
	})
}

// do does an action, asks before it deletes, and tells what came of it.
func (l *lesson) do(a play.Action) error {
	if agreed, err := l.confirmed(a); err != nil || !agreed {
		return err
	}
	outcome, err := l.Do(l.ctx, a, l.narrate)
	return l.after(err, func() error {
		l.tell(outcome)
		if a.Verb == lessons.VerbCount || a.Verb == lessons.VerbSQL {
			return nil
		}
		return l.stands(false)
	})
}

func (l *lesson) narrate(s progress.Stamped) {
	if w, ok := s.Event.(progress.Warned); ok {
		l.say(text.Warning(w))
		return
	}
	l.say(text.Narrate(s))
}

func (l *lesson) tell(o play.Outcome) {
	switch {
	case o.Killed:
		l.say(text.PlainKilled(string(o.KilledAt)))
	case o.Load != nil && o.Load.Error != nil:
		l.say(o.Load.Error.Message + " " + o.Load.Error.ToDo)
	case o.Load != nil:
		l.say(text.PlainLoaded(*o.Load))
	case o.Rows != nil:
		l.say(text.PlainCounted(*o.Rows))
	case o.Result != nil:
		l.result(o)
	case o.Day != "":
		l.say(text.PlainNewDay(o.Day))
	case o.Late != nil:
		l.say(text.LateRow(o.Late.Day, o.Late.Row.ID.String()))
	default:
		l.say(text.PlainPaths(string(o.Action.Verb), len(o.Paths) > 0))
	}
}

// result tells what a statement answered: of a cell's, what the step shows of it.
func (l *lesson) result(o play.Outcome) {
	for _, cell := range l.Cells() {
		if action, ok := cell.Runs(); ok && cell.Output != nil && action.String() == o.Action.String() {
			l.output(cell.Output)
			return
		}
	}
	for i := range o.Result.Rows {
		var cells []string
		for c, column := range o.Result.Columns {
			value, null := o.Result.Text(i, c)
			if null {
				value = "NULL"
			}
			cells = append(cells, text.Sanitize(text.ColumnTitle(column.Name)+": "+value))
		}
		l.line("  " + strings.Join(cells, "; "))
	}
	if len(o.Result.Columns) > 0 {
		l.say(text.Shown(int64(len(o.Result.Rows))))
	}
}

// confirmed asks before a deletion that the step allows. No is the default, and
// the end of the input.
func (l *lesson) confirmed(a play.Action) (bool, error) {
	if l.Refusal(a) != nil {
		return true, nil // Do says why
	}
	facts, pipeline := l.Facts(), l.Pipeline()
	var question text.Question
	switch {
	case a.Verb == lessons.VerbDropTable && facts.Table.Exists:
		rows, inside := int64(facts.Table.Rows), l.Step().On.Variant == "checkpoint-en-tabla"
		outside := ""
		if !inside && facts.Checkpoint.Exists {
			outside = pipeline.CheckpointDir()
		}
		question = text.AskDropTable(facts.Table.Name, pipeline.TableDir(), &rows, inside, outside)
	case a.Verb == lessons.VerbDeleteCheckpoint && facts.Checkpoint.Exists:
		seen, table := int64(facts.Checkpoint.Seen), ""
		if facts.Table.Exists {
			table = facts.Table.Name
		}
		question = text.AskDeleteCheckpoint(pipeline.CheckpointDir(), table, &seen)
	default:
		return true, nil
	}
	for line := range strings.Lines(strings.TrimSpace(question.String())) {
		l.line(strings.TrimRight(line, "\n"))
	}
	return l.agreed()
}

func (l *lesson) agreed() (bool, error) {
	answer, err := l.read()
	if err == io.EOF {
		return false, nil
	}
	if err == nil && !text.Yes(answer) {
		l.say(text.PlainKept)
		return false, nil
	}
	return err == nil, err
}

func (l *lesson) demonstrate() error {
	for _, action := range l.Solution() {
		outcome, err := l.Do(l.ctx, action, l.narrate)
		if err != nil {
			return l.after(err, nil)
		}
		l.tell(outcome)
	}
	return l.stands(false)
}

func (l *lesson) restart() error {
	l.say(text.PlainAskAgain)
	if agreed, err := l.agreed(); err != nil || !agreed {
		return err
	}
	return l.after(l.Restart(l.ctx), func() error {
		l.say(text.PlainRestart)
		return l.show()
	})
}

// hint goes up one level every time it is asked for.
func (l *lesson) hint() {
	id := l.Step().ID
	l.hints[id] = min(l.hints[id]+1, 3)
	hint := l.Hint(l.hints[id])
	if hint == "" {
		l.say(text.PlainNoHint)
		return
	}
	l.say(text.PlainYourHint + " " + hint)
	if l.hints[id] < 3 {
		l.say(text.PlainMoreHint)
	}
}

func (l *lesson) memories() {
	f := l.Facts()
	for line := range strings.Lines(text.PlainMemories(
		text.PlainSource(int64(f.Source.Files), int64(f.Source.Rows)),
		text.PlainCheckpoint(f.Checkpoint.Exists, f.Checkpoint.Query, int64(f.Checkpoint.Confirmed), int64(f.Checkpoint.Seen)),
		text.PlainTable(f.Table.Exists, int64(f.Table.Version), int64(f.Table.Rows), int64(f.Table.Files)),
	)) {
		l.line(strings.TrimRight(line, "\n"))
	}
}
