package ui

import (
	"context"
	"slices"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/text"
)

// Academy is the School of a real folder: its lessons are played by ui/play, its
// free lab is the folder itself.
type Academy struct {
	room   *play.Classroom
	runner play.Runner
	now    func() time.Time
	report func(context.Context, *play.Classroom) (string, error)
}

// NewAcademy opens the folder's classroom.  runner runs every load, report
// writes the report and gives its path.
func NewAcademy(ctx context.Context, dir string, runner play.Runner, now func() time.Time, report func(context.Context, *play.Classroom) (string, error)) (*Academy, error) {
	if now == nil {
		now = time.Now
	}
	room, err := play.Open(ctx, dir, runner, now)
	if err != nil {
		return nil, err
	}
	return &Academy{room: room, runner: runner, now: now, report: report}, nil
}

// Dir is the lab's folder, absolute.
func (a *Academy) Dir() string { return a.room.Dir() }

// Home implements School.
func (a *Academy) Home(ctx context.Context) (Overview, error) {
	lab, err := engine.Open(ctx, engine.Config{Dir: a.room.Dir(), Now: a.now})
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Student: a.room.Progress().Name, Day: lab.Day()}
	if o.Student == "" {
		o.Student = lab.Widgets().Student
	}
	pipeline, err := lab.Pipeline(engine.Widgets{}, engine.Notebook)
	if err != nil {
		return Overview{}, err
	}
	if status, err := pipeline.Status(ctx); err == nil { // damage is told where one works with it
		o.Counts = countsOf(status)
	}
	if aside := a.room.Aside(); aside != "" {
		o.Told = text.ProgressAside(aside)
	}
	seen := time.Time{}
	begun := -1
	for i, l := range a.room.Lessons() {
		e := Entry{
			ID: l.ID, Number: l.Number, Title: l.Title, Minutes: l.Minutes, Steps: l.Steps, Done: l.Passed, Step: l.Step + 1,
			Phase: l.Phase, Goal: l.Goal, Learn: l.Learn, Ready: l.Steps > 0,
			State: map[play.State]State{play.New: Fresh, play.Ongoing: Begun, play.Done: Finished}[l.State],
		}
		if e.State == Begun && l.Seen.After(seen) {
			seen, begun = l.Seen, i
		}
		o.Lessons = append(o.Lessons, e)
		o.Answered, o.Asked = o.Answered+l.Notebook.Answered, o.Asked+l.Notebook.Asked
		o.Predictions, o.Right, o.Spent = o.Predictions+l.Predictions, o.Right+l.Right, o.Spent+l.Spent
	}
	o.Current = begun
	if begun < 0 {
		o.Current = max(0, slices.IndexFunc(o.Lessons, func(e Entry) bool { return e.State == Fresh }))
	}
	return o, nil
}

func countsOf(s engine.Status) Counts {
	c := Counts{SourceFiles: int64(s.Source.Files), Checkpoint: s.Checkpoint.Exists, Table: s.Table.Exists, Batch: -1}
	if s.Checkpoint.SeenFiles != nil {
		c.SeenFiles = int64(*s.Checkpoint.SeenFiles)
	}
	if s.Checkpoint.PlannedBatch != nil {
		c.Batch = int64(*s.Checkpoint.PlannedBatch)
	}
	if s.Table.Rows != nil {
		c.Rows = *s.Table.Rows
	}
	return c
}

// Lesson implements School.
func (a *Academy) Lesson(ctx context.Context, id string) (Desk, error) {
	session, err := a.room.Start(ctx, id)
	if err != nil {
		return nil, err
	}
	return &studentDesk{s: session, now: a.now, hinted: map[string]int{}}, nil
}

// Free implements School.
func (a *Academy) Free(ctx context.Context) (Desk, error) {
	lab, err := engine.Open(ctx, engine.Config{Dir: a.room.Dir(), Now: a.now})
	if err != nil {
		return nil, err
	}
	return &freeDesk{lab: lab, runner: a.runner, now: a.now, ran: map[Verb]time.Time{}}, nil
}

// Report implements School.
func (a *Academy) Report(ctx context.Context) (string, error) { return a.report(ctx, a.room) }
