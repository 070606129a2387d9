package ui

import (
	"context"
	"testing"
	"time"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/lesson"
	"autoloaderlab/ui/play"
)

// cutShort is a runner whose loads end as it is told, where it is told anything.
type cutShort struct {
	play.InProcess
	state  string
	killed bool
}

func (c *cutShort) Load(ctx context.Context, dir string, args []string, on func(progress.Stamped)) (progress.Finished, error) {
	switch {
	case c.killed:
		return progress.Finished{}, play.KilledError{At: progress.AfterPlan}
	case c.state != "":
		return progress.Finished{State: c.state}, nil
	}
	return c.InProcess.Load(ctx, dir, args, on)
}

func TestACellThatWasCutShortWasNotRun(t *testing.T) {
	ctx := context.Background()
	now := func() time.Time { return time.Date(2025, 3, 7, 12, 3, 7, 0, time.UTC) }
	runner := &cutShort{InProcess: play.InProcess{Now: now}}
	academy, err := NewAcademy(ctx, t.TempDir(), runner, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := academy.Free(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		killed bool
		state  string
		verb   Verb
		want   lesson.CellState
	}{
		{"killed", true, "", Load, lesson.NotRun},
		{"cancelled", false, progress.Cancelled, Load, lesson.NotRun},
		{"run", false, "", Load, lesson.Run},
		{"its table dropped", false, "", Drop, lesson.Stale},
		{"killed afterwards", true, "", Load, lesson.Stale},
		{"run again", false, "", Load, lesson.Run},
	}
	for _, c := range cases {
		runner.killed, runner.state = c.killed, c.state
		if _, err := desk.Do(ctx, Deed{Verb: c.verb, Words: string(c.verb)}, func(progress.Stamped) {}); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		sight, err := desk.Look(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got := sight.Page.Cells[1].State; got != c.want {
			t.Errorf("%s: the load's cell is %v, want %v", c.name, got, c.want)
		}
	}
}
