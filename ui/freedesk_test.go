package ui

import (
	"context"
	"strings"
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

func TestACellSaysThatItsRunWasCutShort(t *testing.T) {
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
		{"killed", true, "", Load, lesson.Cut},
		{"cancelled", false, progress.Cancelled, Load, lesson.Cut},
		{"run", false, "", Load, lesson.Run},
		{"its table dropped", false, "", Drop, lesson.Stale},
		{"killed afterwards", true, "", Load, lesson.Cut},
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

func TestWhatHasNothingToActOnIsNotOffered(t *testing.T) {
	now := func() time.Time { return time.Date(2025, 3, 7, 12, 3, 7, 0, time.UTC) }
	m := openOn(t, t.TempDir(), Config{Now: now}, 120, 36)
	press := func(keys ...string) {
		for _, k := range keys {
			_, cmd := m.Update(keyMsg(k))
			settle(t, m, cmd)
		}
	}
	press("l")
	cases := []struct {
		name string
		keys []string
		want string // of c, t and b: those that are offered
	}{
		{"nothing was loaded yet", nil, ""},
		{"after a load", []string{"e"}, "ctb"},
		{"the table is dropped", []string{"t", "s"}, "b"},
		{"the checkpoint too", []string{"b", "s"}, ""},
		{"both are back", []string{"z", "z"}, "ctb"},
	}
	for _, c := range cases {
		press(c.keys...)
		got := ""
		for _, k := range []string{"c", "t", "b"} {
			if e, found := find(m.screen.entries(), k); found && e.run != nil {
				got += k
			}
		}
		if got != c.want {
			t.Errorf("%s: %q are offered, want %q", c.name, got, c.want)
		}
	}
	press("t", "s", "c")
	if m.over != nil || !strings.Contains(m.said.words, "(e)") {
		t.Errorf("c without a table opens %T and says %q", m.over, m.said.words)
	}
}
