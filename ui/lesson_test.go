package ui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/disk"
	"autoloaderlab/ui/lesson"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// A student plays whole lessons by the keys that the footer offers, on a real folder
// with real loads.
func TestLessonsArePlayedToTheirEndByTheirKeys(t *testing.T) {
	if testing.Short() {
		t.Skip("plays whole lessons")
	}
	for _, id := range []string{"bienvenida", "extraer", "auto-loader", "carga-incremental", "experimento-1", "experimento-2", "conclusiones"} {
		t.Run(id, func(t *testing.T) {
			clock := time.Date(2025, 3, 7, 12, 3, 7, 0, time.UTC)
			now := func() time.Time { clock = clock.Add(time.Second); return clock }
			m := openOn(t, t.TempDir(), Config{Now: now}, 120, 36)
			settle(t, m, m.home.work(id))
			walk(t, m)
			for _, e := range m.home.overview.Lessons {
				if e.ID == id && e.State != Finished {
					t.Errorf("%s is not finished: step %d of %d", id, e.Step, e.Steps)
				}
			}
		})
	}
}

// work opens a lesson as Enter on its row does.
func (h *home) work(id string) tea.Cmd {
	for i, e := range h.overview.Lessons {
		if e.ID == id {
			h.focus = i + 1
		}
	}
	return h.act()
}

// walk presses what leads on, until the lesson is over.
func walk(t *testing.T, m *Model) {
	t.Helper()
	pressed, solved := []string{}, map[string]int{}
	for range 400 {
		d, playing := m.screen.(*desk)
		if !playing {
			return
		}
		k := next(t, m, d, solved)
		pressed = append(pressed, k)
		_, cmd := m.Update(keyMsg(k))
		settle(t, m, cmd)
		if m.crash != nil {
			t.Fatalf("%v\n%s", m.crash.Reason, m.crash.Stack)
		}
		if l, ok := m.over.(*list); ok {
			t.Fatalf("after %v: %v", pressed, ansi.Strip(strings.Join(l.view(100, 30), "\n")))
		}
	}
	t.Fatalf("the lesson does not end: %v\n%s", pressed[max(0, len(pressed)-20):], ansi.Strip(m.View()))
}

// next is the key that leads on: solved counts what was done of each step's solution.
func next(t *testing.T, m *Model, d *desk, solved map[string]int) string {
	t.Helper()
	switch m.over.(type) {
	case *form:
		return "enter" // what it proposes
	case *confirmation:
		return "s" // yes
	}
	page := d.book.Page()
	switch {
	case d.sight.Next != "":
		return "n"
	case page.Ask:
		return "enter"
	}
	student := d.d.(*studentDesk)
	id := student.s.Step().ID
	if at, solution := solved[id], student.s.Solution(); at < len(solution) {
		solved[id]++
		words := solution[at].String()
		for i, deed := range d.sight.Deeds {
			if deed.Words == words {
				return DeedKey(d.sight.Deeds, i)
			}
		}
		t.Fatalf("«%s» leads on and is not offered: %v\n%s", words, d.sight.Deeds, ansi.Strip(m.View()))
	}
	t.Fatalf("nothing leads on:\n%s", ansi.Strip(m.View()))
	return ""
}

// never is a clock that does not strike.
func never(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil }

// The console begins with the query of the step it is opened from.
func TestTheConsoleBeginsWithTheStepsQuery(t *testing.T) {
	ctx := context.Background()
	room, err := play.Open(ctx, t.TempDir(), play.InProcess{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := room.Start(ctx, "experimento-2")
	if err != nil {
		t.Fatal(err)
	}
	for step, want := range map[string]string{"pruebas-del-duplicado": "DESCRIBE HISTORY\n", "predice-reparacion": ""} {
		if err := s.Go(ctx, s.Lesson().Step(step)); err != nil {
			t.Fatal(err)
		}
		sight, err := (&studentDesk{s: s, now: time.Now, hinted: map[string]int{}}).Look(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got := queryOf(sight.Page); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: the console begins with %q", step, got)
		}
	}
}

// In a step that loads twice, what is done next has the focus, and only what was done
// as often as the step wants has a ✓.
func TestTheFocusGoesWhereTheStepGoesOn(t *testing.T) {
	ctx := context.Background()
	now := func() time.Time { return time.Date(2025, 3, 7, 12, 3, 7, 0, time.UTC) }
	m := openOn(t, t.TempDir(), Config{Now: now, Professor: true}, 120, 36)
	settle(t, m, m.home.work("experimento-1"))
	d := m.screen.(*desk)
	student := d.d.(*studentDesk)
	goTo(ctx, t, student, "borra-c")
	predict(ctx, t, student)
	settle(t, m, d.refresh())
	stories := []struct{ keys, focus, done string }{
		{"", "e", ""}, {"e", "t", ""}, {"ts", "e", "t"}, {"z", "t", ""}, {"ts", "e", "t"},
	}
	for _, story := range stories {
		for _, k := range story.keys {
			_, cmd := m.Update(keyMsg(string(k)))
			settle(t, m, cmd)
		}
		focus, done := "", ""
		for i, turn := range d.book.Page().Turn {
			if d.book.Focus() == (lesson.Target{Kind: lesson.TurnTarget, Index: i}) {
				focus = turn.Key
			}
			if turn.Done {
				done += turn.Key
			}
		}
		if focus != story.focus || done != story.done {
			t.Errorf("after %q: the focus is at %q and done are %q, want %q and %q\n%s", story.keys, focus, done, story.focus, story.done, ansi.Strip(m.View()))
		}
	}
}

func goTo(ctx context.Context, t *testing.T, d *studentDesk, step string) {
	t.Helper()
	for i, s := range d.s.Lesson().Steps {
		if s.ID == step {
			if err := d.Go(ctx, i); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("there is no step %s", step)
}

// predict answers «no lo sé» where the step waits for it.
func predict(ctx context.Context, t *testing.T, d *studentDesk) {
	t.Helper()
	if !d.s.Locked() {
		return
	}
	at := d.s.Lesson().Prediction(d.s.Index())
	id := d.s.Step().ID
	if err := d.s.Go(ctx, at); err != nil {
		t.Fatal(err)
	}
	if err := d.s.Predict(ctx, len(d.s.Options())-1, ""); err != nil {
		t.Fatal(err)
	}
	goTo(ctx, t, d, id)
}

// What changed since the cycle began is still told after the program was closed.
func TestWhatChangedIsToldAfterARestart(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	open := func() *studentDesk {
		room, err := play.Open(ctx, dir, play.InProcess{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s, err := room.Start(ctx, "experimento-1")
		if err != nil {
			t.Fatal(err)
		}
		return &studentDesk{s: s, now: time.Now, hinted: map[string]int{}}
	}
	told := func(d *studentDesk) string {
		sight, err := d.Look(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return sight.Memories.View(truecolor, 45, 20)
	}
	d := open()
	goTo(ctx, t, d, "borra-y-carga")
	predict(ctx, t, d)
	before := told(d)
	if _, err := d.s.Do(ctx, lessons.Action{Verb: lessons.VerbDropTable}, nil); err != nil {
		t.Fatal(err)
	}
	changed := told(d)
	if changed == before {
		t.Fatalf("a dropped table changes nothing:\n%s", ansi.Strip(changed))
	}
	if again := told(open()); again != changed {
		t.Errorf("after a restart:\n%s\nwant\n%s", ansi.Strip(again), ansi.Strip(changed))
	}
}

// What the question says is lost, the panel beside it marks as lost.
func TestThePanelLosesTheCheckpointInsideTheTable(t *testing.T) {
	m, student := atTheQuestions(t, t.TempDir(), 120, 36)
	for step, want := range map[string][]disk.Memory{"borra-b": {disk.Table, disk.Checkpoint}, "borra-y-carga": {disk.Table}} {
		goTo(context.Background(), t, student, step)
		predict(context.Background(), t, student)
		settle(t, m, m.screen.(*desk).refresh())
		presses(t, m, keyMsg("t"))
		panel, ok := m.screen.(*desk).memories().(disk.Memories)
		if m.over == nil || !ok || !panel.Losing {
			t.Fatalf("%s: nothing is asked:\n%s", step, ansi.Strip(m.View()))
		}
		for _, memory := range []disk.Memory{disk.Origin, disk.Checkpoint, disk.Table} {
			if lost := panel.Of[memory].Change.Sign == style.Less; lost != slices.Contains(want, memory) {
				t.Errorf("%s: memory %d is lost: %v\n%s", step, memory, lost, ansi.Strip(m.View()))
			}
		}
		presses(t, m, keyMsg("esc"))
	}
}

// A fact that no file tells opens the disk, and Esc comes back to the lesson.
func TestEveryProofOpens(t *testing.T) {
	m, student := atTheQuestions(t, t.TempDir(), 120, 36)
	for _, step := range []string{"que-paso", "tres-memorias"} {
		goTo(context.Background(), t, student, step)
		settle(t, m, m.screen.(*desk).refresh())
		d := m.screen.(*desk)
		if len(d.sight.Proofs) == 0 {
			t.Fatalf("%s has no proofs", step)
		}
		for i := range d.sight.Proofs {
			d.book.SetFocus(lesson.Target{Kind: lesson.EvidenceTarget, Index: i})
			presses(t, m, keyMsg("enter"))
			if _, opened := m.screen.(*files); !opened {
				t.Fatalf("%s: proof %d does not open:\n%s", step, i, ansi.Strip(m.View()))
			}
			presses(t, m, keyMsg("esc"))
			if m.screen != screen(d) {
				presses(t, m, keyMsg("esc")) // out of a file first
			}
			if m.screen != screen(d) {
				t.Fatalf("%s: esc does not come back to the lesson:\n%s", step, ansi.Strip(m.View()))
			}
		}
	}
}

// Undoing is one key, whether the step asks for it or not.
func TestUndoingIsOneKeyEverywhere(t *testing.T) {
	m, student := atTheQuestions(t, t.TempDir(), 120, 36)
	goTo(context.Background(), t, student, "recupera")
	predict(context.Background(), t, student)
	settle(t, m, m.screen.(*desk).refresh())
	frame := strings.ReplaceAll(ansi.Strip(m.View()), text.Space, " ")
	undoes := 0
	for _, e := range m.offered() {
		if strings.Contains(e.does, "deshacer") && e.name != keyEnter.name {
			undoes++
		}
	}
	if !strings.Contains(frame, "z  Deshacer lo último") || undoes != 1 {
		t.Errorf("%d keys undo:\n%s", undoes, frame)
	}
	presses(t, m, keyMsg("z"))
	if d := m.screen.(*desk); !d.sight.Inventory.Status.Table.Exists {
		t.Errorf("z does not undo:\n%s", ansi.Strip(m.View()))
	}
}
