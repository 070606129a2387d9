package play

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/query"
	"autoloaderlab/fixtures"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Action is one thing that a student does.
type Action = lessons.Action

// ParseAction reads an action as lessons write it.
func ParseAction(written string) (Action, error) { return lessons.ParseAction(written) }

// Outcome is what came of an action. A load that failed has its Error in Load.
type Outcome struct {
	Action   Action
	Load     *progress.Finished // of a load that told its end
	KilledAt progress.Seam      // of a load that was killed: where; or empty
	Killed   bool
	Paths    []string      // what was deleted, brought back or landed
	Day      string        // of avanzar-dia: the new simulated day
	Rows     *int64        // of contar
	Late     *engine.Late  // of tardia
	Result   *query.Result // of sql
}

// Allowed are the actions that the present step offers now: none while it waits
// for a prediction, nor in steps that are looked back at, and those that change
// nothing once it is as it should be.
func (s *Session) Allowed() []Action {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.locked() || s.index < s.furthest() {
		return nil
	}
	allowed := actions(s.lesson.Steps[s.index].Actions)
	if s.complete() {
		allowed = slices.DeleteFunc(allowed, func(a Action) bool { return !looks(a) })
	}
	return allowed
}

// complete tells whether the present step has a goal and the disk, as it was last
// looked at, is there: what follows tells of that state, so it is not left again.
func (s *Session) complete() bool {
	reached, err := s.reached(s.index)
	return s.lesson.Steps[s.index].Goal != "" && reached && err == nil
}

// Solution are the actions that reach the present step's goal.
func (s *Session) Solution() []Action { return actions(s.Step().Solution) }

// Course is how far what was done in the present step has come along its solution.
type Course struct {
	plan []Action
	did  []Action
	at   int // of plan: what leads on
}

// Course goes through what was done since the step was entered. What was deleted and
// brought back was not done.
func (s *Session) Course() Course {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	step := s.lesson.Steps[s.index]
	c := Course{plan: actions(step.Solution)}
	journal := s.memory.Journal
	for _, done := range journal[min(s.memory.Steps[step.ID].From, len(journal)):] {
		did, err := lessons.ParseAction(done.Action)
		if err != nil {
			continue
		}
		c.did = append(c.did, did)
		switch {
		case c.at < len(c.plan) && done.On == key(targetOf(c.plan[c.at], step.On)) && withoutTarget(c.plan[c.at]).Covers(did):
			c.at++
		case did.Verb == lessons.VerbUndo && c.at > 0 && deletes(c.plan[c.at-1].Verb):
			c.at--
		}
	}
	return c
}

// Times tells how often an action was done, and how often the solution wants it.
func (c Course) Times(a Action) (done, of int) {
	for i, planned := range c.plan {
		if !a.Covers(planned) {
			continue
		}
		if of++; i < c.at {
			done++
		}
	}
	if of > 0 {
		return done, of
	}
	for _, did := range c.did {
		if withoutTarget(a).Covers(did) {
			done++
		}
	}
	return done, 0
}

// LeadsOn tells whether the solution goes on with an action.
func (c Course) LeadsOn(a Action) bool { return c.at < len(c.plan) && a.Covers(c.plan[c.at]) }

func targetOf(a Action, on lessons.Target) lessons.Target {
	if a.On != nil {
		return *a.On
	}
	return on
}

func deletes(v lessons.Verb) bool {
	return v == lessons.VerbDropTable || v == lessons.VerbDeleteCheckpoint
}

func actions(written []string) []Action {
	var list []Action
	for _, one := range written {
		if action, err := lessons.ParseAction(one); err == nil {
			list = append(list, action)
		}
	}
	return list
}

// Do does an action on the lesson's lab, if the present step allows it; looking
// is always allowed. A refusal is a text.Message. on may be nil.
func (s *Session) Do(ctx context.Context, a Action, on func(progress.Stamped)) (Outcome, error) {
	s.acting.Lock()
	defer s.acting.Unlock()
	if err := s.Refusal(a); err != nil {
		return Outcome{Action: a}, err
	}
	outcome, err := s.doHere(ctx, a, on)
	if err != nil {
		return outcome, err
	}
	s.keepOutput(a, outcome)
	if err := s.settle(); err != nil {
		return outcome, err
	}
	return outcome, s.keep()
}

// Refusal is why the present step does not let an action be done, a
// text.Message; nil when it does.
func (s *Session) Refusal(a Action) error {
	if looks(a) {
		return nil
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	allowed := actions(s.lesson.Steps[s.index].Actions)
	switch {
	case s.index < s.furthest():
		return text.LookingBack()
	case s.locked():
		return text.LessonPredictFirst()
	case asVerb(a).Verb == lessons.VerbUndo && s.deleted():
		return nil
	case !slices.ContainsFunc(allowed, func(known Action) bool { return known.Covers(a) || known.Covers(asVerb(a)) }):
		return text.NotInThisStep(phrase(a), phrases(allowed))
	case s.complete():
		return text.StepComplete()
	default:
		return nil
	}
}

func phrases(allowed []Action) []string {
	names := make([]string, len(allowed))
	for i, known := range allowed {
		names[i] = phrase(known)
	}
	return slices.Compact(names)
}

func phrase(a Action) string { return text.ActionPhrase(string(a.Verb), a.Options, a.KillAt) }

// looks tells whether an action changes nothing.
func looks(a Action) bool {
	if a.Verb == lessons.VerbCount {
		return true
	}
	if a.Verb != lessons.VerbSQL || len(a.Args) == 0 {
		return false
	}
	switch firstWord(a.Args[0]) {
	case "select", "with", "from", "describe", "desc", "show", "values", "explain":
		return true
	}
	return false
}

func firstWord(statement string) string {
	words := strings.Fields(statement)
	if len(words) == 0 {
		return ""
	}
	return strings.ToLower(words[0])
}

// asVerb is the action that a statement amounts to.
func asVerb(a Action) Action {
	if a.Verb != lessons.VerbSQL || len(a.Args) == 0 {
		return a
	}
	switch firstWord(a.Args[0]) {
	case "drop":
		return Action{Verb: lessons.VerbDropTable, On: a.On}
	case "undrop":
		return Action{Verb: lessons.VerbUndo, On: a.On}
	}
	return a
}

// do does an action and looks at the disk again.
func (s *Session) do(ctx context.Context, runner Runner, a Action, on lessons.Target, tell func(progress.Stamped)) (Outcome, error) {
	if a.On != nil {
		on = *a.On
	}
	if a.Variant != "" {
		on.Variant = a.Variant
	}
	if tell == nil {
		tell = func(progress.Stamped) {}
	}
	outcome := Outcome{Action: a}
	s.room.mu.Lock()
	before := s.now[on]
	s.room.mu.Unlock()
	err := s.act(ctx, runner, a, on, tell, &outcome)
	if err == nil {
		s.room.mu.Lock()
		if asVerb(a).Verb == lessons.VerbDropTable && before.Table.Exists {
			s.memory.Dropped[key(on)] = dropped{before, len(s.memory.Journal)}
		}
		s.memory.Journal = append(s.memory.Journal, entry{asVerb(withoutTarget(a)).String(), key(on), s.room.now().UTC()})
		s.room.mu.Unlock()
	}
	if looked := s.look(context.WithoutCancel(ctx)); err == nil { // also after a load that was cancelled
		err = looked
	}
	return outcome, err
}

// doHere is do for what the student does: what the disk is like then is known.
func (s *Session) doHere(ctx context.Context, a Action, tell func(progress.Stamped)) (Outcome, error) {
	if err := s.begin(ctx, a); err != nil {
		return Outcome{Action: a}, err
	}
	outcome, err := s.do(ctx, s.room.runner, a, s.Step().On, tell)
	s.room.mu.Lock()
	if !looks(a) {
		s.memory.Known = keyed(s.now)
	}
	s.room.mu.Unlock()
	return outcome, err
}

// begin notes that the disk is about to be changed from here: a program that dies
// meanwhile is nobody's meddling.
func (s *Session) begin(ctx context.Context, a Action) error {
	if looks(a) {
		return nil
	}
	if err := s.look(ctx); err != nil {
		return err
	}
	s.room.mu.Lock()
	s.memory.Strayed = s.strayed()
	s.memory.Known = nil
	s.room.mu.Unlock()
	return s.remember()
}

// strayed tells whether the lesson's disk is other than what was done here left:
// then what the lesson tells of it may be false. The caller holds the mutex.
func (s *Session) strayed() bool {
	return s.memory.Strayed || s.memory.Known != nil && !maps.Equal(s.memory.Known, keyed(s.now))
}

func withoutTarget(a Action) Action {
	a.On = nil
	return a
}

func (s *Session) act(ctx context.Context, runner Runner, a Action, on lessons.Target, tell func(progress.Stamped), out *Outcome) error {
	if a.Verb == lessons.VerbLoad {
		return s.loadOnce(ctx, runner, a, on, tell, out)
	}
	lab := s.Lab()
	pipeline, err := pipelineOf(lab, on)
	if err != nil {
		return err
	}
	var done engine.Action
	switch a.Verb {
	case lessons.VerbNextDay:
		var day engine.NewDay
		day, err = pipeline.NextDay(ctx)
		done, out.Day = day.Action, day.Day
	case lessons.VerbExtract:
		var extracted engine.Extracted
		extracted, err = pipeline.Extract(ctx, one(a.Args))
		if extracted.File != nil {
			done.Paths = []string{*extracted.File}
		}
	case lessons.VerbLate:
		var late engine.Late
		late, err = pipeline.InsertLate(ctx, one(a.Args))
		out.Late = &late
	case lessons.VerbDropTable:
		done, err = pipeline.DropTable(ctx)
	case lessons.VerbDeleteCheckpoint:
		done, err = pipeline.DeleteCheckpoint(ctx)
	case lessons.VerbUndo:
		done, err = lab.Undo(ctx)
	case lessons.VerbCount:
		var count engine.Count
		count, err = pipeline.Count(ctx)
		out.Rows = &count.Rows
	case lessons.VerbSQL:
		out.Result, err = lab.SQL(ctx, one(a.Args))
	case lessons.VerbFile:
		done, err = handle(ctx, pipeline, a.Args)
	case lessons.VerbBring:
		data := fixtures.Edge(one(a.Args))
		if data == nil {
			return text.NoSuchExample(one(a.Args))
		}
		done, err = pipeline.LandFile(ctx, one(a.Args), data)
	default:
		err = fmt.Errorf("no such action: %s", a)
	}
	out.Paths = done.Paths
	return err
}

func one(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// handle is what hands do to files in the landing folder.
func handle(ctx context.Context, p *engine.Pipeline, args []string) (engine.Action, error) {
	if len(args) < 2 {
		return engine.Action{}, text.WhichFile()
	}
	switch args[0] {
	case lessons.FileCopy:
		return p.CopyFile(ctx, args[1], args[2])
	case lessons.FileRename:
		return p.RenameFile(ctx, args[1], args[2])
	case lessons.FileOverwrite:
		return p.EditFile(ctx, args[1], corrected)
	case lessons.FileAppend:
		return p.EditFile(ctx, args[1], oneMore)
	default:
		return p.MoveFileAway(ctx, args[1])
	}
}

// corrected is a file whose every row has another last cell, 0.00: what the
// source sends when it corrects a day.
func corrected(data []byte) []byte {
	lines := bytes.SplitAfter(data, []byte("\n"))
	for i, line := range lines {
		end := bytes.LastIndexByte(line, ',')
		if i == 0 || end < 0 {
			continue
		}
		lines[i] = append(slices.Clone(line[:end]), ",0.00\n"...)
	}
	return bytes.Join(lines, nil)
}

// oneMore is a file with its last row once more, under an id of its own.
func oneMore(data []byte) []byte {
	lines := bytes.Split(bytes.TrimRight(data, "\n"), []byte("\n"))
	_, rest, found := bytes.Cut(lines[len(lines)-1], []byte(","))
	row := []byte("9999")
	if found {
		row = append(row, append([]byte(","), rest...)...)
	}
	grown := append(slices.Clone(bytes.TrimRight(data, "\n")), '\n')
	return append(append(grown, row...), '\n')
}

// loadOnce runs the load, and kills it where the action says.
func (s *Session) loadOnce(ctx context.Context, runner Runner, a Action, on lessons.Target, tell func(progress.Stamped), out *Outcome) error {
	heard := &heard{tell: tell}
	args := words(on, a.Options)
	var finished progress.Finished
	var err error
	if a.KillAt == "" {
		finished, err = runner.Load(ctx, s.dir, args, heard.happened)
	} else if killer, ok := runner.(Killer); ok {
		finished, err = killer.KillAt(ctx, s.dir, args, progress.Seam(a.KillAt), heard.happened)
	} else {
		return text.CannotKill()
	}
	last := lessons.LastFacts{InTable: heard.inTable}
	switch {
	case err != nil && finished.State == "" && ctx.Err() == nil && killedAt(err, a.KillAt) != "":
		out.Killed, out.KilledAt = true, killedAt(err, a.KillAt)
		last.State, last.KilledAt = Killed, string(out.KilledAt)
	case err != nil:
		return err
	default:
		out.Load = &finished
		last.Batches, last.NewFiles, last.Rows, last.State = finished.Batches, finished.NewFiles, int(finished.RowsWritten), finished.State
		if finished.Error != nil {
			last.Class = finished.Error.Class
		}
	}
	s.room.mu.Lock()
	s.memory.Last[key(on)] = last
	s.room.mu.Unlock()
	return nil
}

// Killed is the state of a load that was killed: it told no end of its own.
const Killed = "MATADA"

// killedAt is the seam where a load without an end was killed. A runner that
// kills on the student's word says so with a KilledError; one that was asked to
// kill needs to say nothing.
func killedAt(err error, asked string) progress.Seam {
	var killed interface{ KilledAt() progress.Seam }
	if errors.As(err, &killed) {
		return killed.KilledAt()
	}
	return progress.Seam(asked)
}

// heard passes events on, and keeps what the facts need of them.
type heard struct {
	tell    func(progress.Stamped)
	inTable bool
}

func (h *heard) happened(e progress.Stamped) {
	if _, ok := e.Event.(progress.AlreadyInTable); ok {
		h.inTable = true
	}
	h.tell(e)
}

// Undo takes back the last deletion in the lesson's lab. What an earlier step
// deleted is part of the story, and comes back only where the step says so.
func (s *Session) Undo(ctx context.Context) error {
	_, err := s.Do(ctx, Action{Verb: lessons.VerbUndo}, nil)
	return err
}

// Undoable tells whether Undo is allowed now.
func (s *Session) Undoable() bool { return s.Refusal(Action{Verb: lessons.VerbUndo}) == nil }

// deleted tells whether the present step deleted something that can come back.
func (s *Session) deleted() bool {
	m := s.memory.Steps[s.lesson.Steps[s.index].ID]
	n := 0
	for _, done := range s.memory.Journal[min(m.From, len(s.memory.Journal)):] {
		switch did, _ := lessons.ParseAction(done.Action); did.Verb {
		case lessons.VerbDropTable, lessons.VerbDeleteCheckpoint:
			n++
		case lessons.VerbUndo:
			n--
		}
	}
	return n > 0
}

// CellState says whether a cell's result is still what it shows.
type CellState string

// The states of a cell.
const (
	NotRun CellState = "sin ejecutar"
	HasRun CellState = "ejecutada"
	Stale  CellState = "obsoleta" // what it made was deleted since
	Cut    CellState = "interrumpida"
)

// Cell is a cell of the present step.
type Cell struct {
	lessons.Cell           // with its code filled in
	State        CellState // empty for one that no action runs
	At           time.Time // when it ran last
	Run          *Action   // what running it here is, where no action of the step is that; nil when it cannot be run now
	Output       *Output   // what it answered; nil before it ran
}

// stateOf goes through what was done: a deletion makes loads and counts before
// it stale, a load makes counts stale, and what was undone never ran.
func (s *Session) stateOf(a Action, on lessons.Target) (CellState, time.Time) {
	on = targetOf(a, on)
	state, at := NotRun, time.Time{}
	for _, done := range s.memory.Journal {
		if done.On != key(on) {
			continue
		}
		did, err := lessons.ParseAction(done.Action)
		switch {
		case err != nil:
		case did.Verb == a.Verb && (a.Verb != lessons.VerbSQL || slices.Equal(a.Args, did.Args)) && slices.Equal(a.Options, did.Options):
			state, at = HasRun, done.At
		case state == NotRun:
		case did.Verb == lessons.VerbUndo && deletes(a.Verb):
			state = NotRun
		case deletes(did.Verb) && (a.Verb == lessons.VerbLoad || looks(a)), did.Verb == lessons.VerbLoad && looks(a):
			state = Stale
		}
	}
	if last := s.memory.Last[key(on)].State; a.Verb == lessons.VerbLoad && state == HasRun && last != "" && last != progress.Terminated {
		state = Cut
	}
	return state, at
}
