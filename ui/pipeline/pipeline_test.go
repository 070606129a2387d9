package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"pgregory.net/rapid"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/child"
	"autoloaderlab/ui/pipeline"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/uitest"
)

// loaded is what the table was before most of the recordings.
var loaded = pipeline.Before{Table: true, Version: 1, Rows: 552}

var befores = map[string]pipeline.Before{
	"first": {}, "noted": {}, "many-batches": {}, "failed": {}, "lost": {Table: true, Version: 2, Rows: 602}, "replayed": {Table: true, Version: 2, Rows: 602},
	"copy-into": {Variant: pipeline.CopyInto}, "without-checkpoint": {Variant: pipeline.NoCheckpoint},
}

func before(name string) pipeline.Before {
	if b, found := befores[name]; found {
		return b
	}
	return loaded
}

// play folds the first n events of a recording, all of them when n is negative.
func play(t *testing.T, name string, n int) pipeline.Model {
	t.Helper()
	m := pipeline.Model{State: pipeline.New(before(name))}
	events := parse(t, played(t, name))
	if n < 0 {
		n = len(events)
	}
	for _, s := range events[:n] {
		m.Apply(s)
	}
	return m
}

// upTo folds a recording up to the count-th event of that name.
func upTo(t *testing.T, recording, event string, count int) pipeline.Model {
	t.Helper()
	for i, s := range parse(t, played(t, recording)) {
		if s.Event.Name() == event {
			if count--; count == 0 {
				return play(t, recording, i+1)
			}
		}
	}
	t.Fatalf("%s has no such %s", recording, event)
	return pipeline.Model{}
}

// phases writes a state's rooms as letters.
func phases(m pipeline.Model) string {
	letters := []string{}
	for r := pipeline.Source; r <= pipeline.Confirm; r++ {
		phase, _ := m.Phase(r)
		letters = append(letters, []string{"·", "›", "✓", "✗", "-"}[phase])
	}
	return strings.Join(letters, "")
}

func TestRoomsFollowTheEvents(t *testing.T) {
	cases := []struct {
		recording, event string
		count            int
		rooms            string
		ending           pipeline.Ending
	}{
		{"first", "listado", 1, "✓›····", pipeline.Going},
		{"first", "descubierto", 1, "✓✓›···", pipeline.Going},
		{"first", "planeado", 1, "✓✓✓›··", pipeline.Going},
		{"first", "escrito", 1, "✓✓✓✓›·", pipeline.Going},
		{"first", "tabla_confirmada", 1, "✓✓✓✓✓›", pipeline.Going},
		{"first", "confirmado", 1, "✓✓✓✓✓✓", pipeline.Going},
		{"first", "fin", 1, "✓✓✓✓✓✓", pipeline.Loaded},
		{"nothing", "fin", 1, "✓-----", pipeline.NothingNew},
		{"noted", "planeado", 1, "✓✓✓›··", pipeline.Going},
		{"noted", "fin", 1, "✓✓✓--✓", pipeline.Loaded},
		{"steps", "pausa", 1, "✓✓····", pipeline.Going},
		{"steps", "pausa", 2, "✓✓✓···", pipeline.Going},
		{"steps", "pausa", 3, "✓✓✓✓··", pipeline.Going},
		{"steps", "pausa", 4, "✓✓✓✓✓·", pipeline.Going},
		{"replayed", "pausa", 3, "✓✓✓✓✓·", pipeline.Going},
		{"many-batches", "descubierto", 3, "✓✓›···", pipeline.Going},
		{"cancelled", "fin", 1, "✓✓✓···", pipeline.CancelledLoad},
		{"failed", "fin", 1, "✗·····", pipeline.FailedLoad},
		{"lost", "fin", 1, "✓✓✓✓✓✓", pipeline.Loaded},
		{"copy-into", "listado", 1, "✓--›·-", pipeline.Going},
		{"copy-into", "pausa", 1, "✓--✓·-", pipeline.Going},
		{"copy-into", "fin", 1, "✓--✓✓-", pipeline.Loaded},
		{"big", "avance", 3, "✓✓✓›··", pipeline.Going},
	}
	for _, c := range cases {
		m := upTo(t, c.recording, c.event, c.count)
		if got := phases(m); got != c.rooms || m.Ending != c.ending {
			t.Errorf("%s after %s %d: got %s, %d; want %s, %d", c.recording, c.event, c.count, got, m.Ending, c.rooms, c.ending)
		}
	}
}

func TestWhatIsOnDiskAtEachSeam(t *testing.T) {
	there, gone, ask := pipeline.Present, pipeline.Missing, pipeline.Unsure
	cases := []struct {
		recording string
		pause     int
		want      []pipeline.Presence
	}{
		{"steps", 1, []pipeline.Presence{there, gone, gone, gone, gone}},
		{"steps", 2, []pipeline.Presence{there, there, gone, gone, gone}},
		{"steps", 3, []pipeline.Presence{there, there, there, gone, gone}},
		{"steps", 4, []pipeline.Presence{there, there, there, there, gone}},
		{"replayed", 1, []pipeline.Presence{there, there, gone, ask, gone}},
		{"replayed", 3, []pipeline.Presence{there, there, gone, there, gone}},
		{"copy-into", 1, []pipeline.Presence{there, gone}},
		{"copy-into", 2, []pipeline.Presence{there, there}},
	}
	for _, c := range cases {
		m := upTo(t, c.recording, "pausa", c.pause)
		var got []pipeline.Presence
		for _, trace := range m.OnDisk() {
			got = append(got, trace.Presence)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s at pause %d: got %v, want %v", c.recording, c.pause, got, c.want)
		}
	}
}

func TestRowsAndVersionsAreCountedOn(t *testing.T) {
	m := play(t, "many-batches", -1)
	if rows, known := m.Rows(); rows != 552 || !known || m.Version != 3 || m.Batches != 3 {
		t.Errorf("got %d rows, %t, version %d, %d batches", rows, known, m.Version, m.Batches)
	}
	m = upTo(t, "steps", "pausa", 3)
	if rows, _ := m.Rows(); rows != 552 || m.WrittenRows() != 50 {
		t.Errorf("before the commit: got %d and %d", rows, m.WrittenRows())
	}
}

func TestALoadThatMakesItsTableStandsAtVersionZero(t *testing.T) {
	m := pipeline.Model{State: pipeline.New(pipeline.Before{Version: -1, Rows: -1, Variant: pipeline.CopyInto})}
	for _, event := range []progress.Event{progress.Listed{NewFiles: 1}, progress.Written{Path: "part-00000.parquet", Rows: 2}, progress.Paused{Seam: progress.AfterData}} {
		m.Apply(progress.Stamped{Event: event})
	}
	if traces := m.OnDisk(); m.Version != 0 || !strings.Contains(traces[1].Name, "01.json") {
		t.Errorf("version %d, to be written next: %+v", m.Version, traces)
	}
}

func TestAKeyResumesBeforeTheEngineSpeaks(t *testing.T) {
	m := upTo(t, "steps", "pausa", 2)
	m.Resume()
	if got, want := phases(m), "✓✓✓›··"; got != want || m.Paused != "" {
		t.Errorf("got %s, paused %q; want %s", got, m.Paused, want)
	}
}

// scenes are the states whose views are kept.
func scenes(t *testing.T) map[string]pipeline.Model {
	killed := upTo(t, "killed-at-the-data", "pausa", 1)
	killed.End(child.Outcome{Killed: true, KilledAt: progress.AfterData})
	inside := upTo(t, "big", "avance", 3)
	inside.End(child.Outcome{Killed: true})
	died := upTo(t, "big", "planeado", 1)
	died.End(child.Outcome{Err: &child.Died{Exit: 2, Reason: "exit status 2", Stderr: "panic: runtime error\ngoroutine 1"}})
	unborn := pipeline.Model{State: pipeline.New(loaded)}
	unborn.End(child.Outcome{Err: errors.New("start the load: no such file")})
	inLesson := upTo(t, "steps", "pausa", 3)
	inLesson.Head = "✓ Predice   › Ejecuta     Observa     Explica     Transfiere"
	many := upTo(t, "big", "escrito", strings.Count(string(played(t, "big")), `"escrito"`))
	many.Apply(progress.Stamped{At: many.Last, Event: progress.Paused{Seam: progress.AfterData}})
	return map[string]pipeline.Model{
		"seam-many-files": many, "begin": {State: pipeline.New(loaded)}, "reading": upTo(t, "big", "avance", 3), "read": upTo(t, "big", "escrito", 1),
		"seam-1": upTo(t, "steps", "pausa", 1), "seam-2": upTo(t, "steps", "pausa", 2), "seam-3": upTo(t, "steps", "pausa", 3), "seam-4": upTo(t, "steps", "pausa", 4),
		"seam-in-lesson": inLesson, "seam-replayed": upTo(t, "replayed", "pausa", 1), "seam-already": upTo(t, "replayed", "pausa", 3), "seam-copy-into": upTo(t, "copy-into", "pausa", 1),
		"done": play(t, "first", -1), "nothing": play(t, "nothing", -1), "noted": play(t, "noted", -1), "failed": play(t, "failed", -1), "cancelled": play(t, "cancelled", -1),
		"lost": play(t, "lost", -1), "already": play(t, "replayed", -1), "killed": killed, "killed-inside": inside, "died": died, "unborn": unborn,
	}
}

func TestViews(t *testing.T) {
	for name, m := range scenes(t) {
		for _, size := range [][2]int{{66, 31}, {78, 18}, {114, 31}} {
			got := m.View(size[0], size[1], style.Theme{})
			uitest.Golden(t, fmt.Sprintf("views/%s-%dx%d", name, size[0], size[1]), trimRight(got)+"\n")
		}
	}
	m := upTo(t, "big", "avance", 3)
	uitest.Golden(t, "views/reading-ascii-66x31", trimRight(style.New(style.NoColor, style.TrueColor, true).Finish(m.View(66, 31, style.New(style.NoColor, style.TrueColor, true))))+"\n")
}

func trimRight(view string) string {
	lines := strings.Split(view, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func TestEveryViewHasItsSize(t *testing.T) {
	all := scenes(t)
	var named []string
	for name := range all {
		named = append(named, name)
	}
	rapid.Check(t, func(r *rapid.T) {
		m := all[rapid.SampledFrom(named).Draw(r, "scene")]
		w, h := rapid.IntRange(1, 220).Draw(r, "w"), rapid.IntRange(1, 70).Draw(r, "h")
		theme := style.New(rapid.SampledFrom([]style.Look{style.Dark, style.NoColor}).Draw(r, "look"), style.TrueColor, rapid.Bool().Draw(r, "ascii"))
		rows := strings.Split(theme.Finish(m.View(w, h, theme)), "\n")
		if len(rows) != h {
			r.Fatalf("got %d rows, want %d", len(rows), h)
		}
		for _, row := range rows {
			if style.Width(row) != w {
				r.Fatalf("%q is %d wide, want %d", row, style.Width(row), w)
			}
		}
	})
}

// Any events in any order are folded and drawn.
func TestNoEventsBreakTheState(t *testing.T) {
	var pool []progress.Stamped
	for _, r := range recordings {
		pool = append(pool, parse(t, played(t, r.name))...)
	}
	rapid.Check(t, func(r *rapid.T) {
		variant := rapid.SampledFrom([]string{"", pipeline.CopyInto, pipeline.NoCheckpoint}).Draw(r, "variant")
		m := pipeline.Model{State: pipeline.New(pipeline.Before{Variant: variant, Rows: -1})}
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(pool)-1), 0, 12).Draw(r, "events") {
			m.Apply(pool[i])
		}
		if rapid.Bool().Draw(r, "resume") {
			m.Resume()
		}
		if rapid.Bool().Draw(r, "killed") {
			m.End(child.Outcome{Killed: true, KilledAt: progress.AfterPlan})
		}
		m.View(66, 20, style.Theme{})
		m.Actions()
	})
}

// run plays a command and what comes of it until the model has no more to do.
func run(t *testing.T, m *pipeline.Model, cmd tea.Cmd) {
	t.Helper()
	for cmd != nil {
		cmd = m.Update(cmd())
	}
}

func TestTheModelFollowsAFeed(t *testing.T) {
	feed := pipeline.NewFeed()
	m := pipeline.Model{Frame: time.Hour}
	cmd := m.Follow(feed, loaded, false)
	go func() {
		for _, s := range parse(t, played(t, "first")) {
			feed.Happened(s)
		}
		feed.Close(nil)
	}()
	run(t, &m, cmd)
	if m.Ending != pipeline.Loaded || m.Running() {
		t.Errorf("got %d, running %t", m.Ending, m.Running())
	}
}

func TestAPauseIsNotHeldBack(t *testing.T) {
	feed := pipeline.NewFeed()
	m := pipeline.Model{Frame: time.Hour}
	cmd := m.Follow(feed, loaded, true)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, s := range parse(t, played(t, "steps")) {
			feed.Happened(s)
		}
	}()
	cmd = m.Update(cmd())
	if m.Paused != progress.AfterDiscovery || cmd == nil {
		t.Errorf("got %q, want the first seam", m.Paused)
	}
	names := ""
	for _, action := range m.Actions() {
		names += action.Name + " "
	}
	if names != "espacio x f esc " {
		t.Errorf("got %s", names)
	}
	m.Close()
	<-done
	if m.Update(cmd()) != nil || m.Paused != progress.AfterDiscovery {
		t.Error("a load that is no longer followed still changes the screen")
	}
}

func TestAChildThatCannotStartIsTold(t *testing.T) {
	m := pipeline.Model{}
	cmd := m.Start(context.Background(), child.Config{Program: t.TempDir() + "/nothing"}, loaded, false)
	batch, ok := cmd().(tea.BatchMsg)
	if !ok {
		t.Fatal("Start runs and follows at once")
	}
	done := make(chan struct{})
	go func() { defer close(done); batch[0]() }()
	run(t, &m, batch[1])
	<-done
	if m.Ending != pipeline.DiedLoad || m.Err == nil {
		t.Errorf("got %d, %v", m.Ending, m.Err)
	}
}

// Where a load's view does not fit, the last word of it can be scrolled to.
func TestWhatDoesNotFitIsScrolledTo(t *testing.T) {
	for name, m := range scenes(t) {
		const w, h = 58, 12
		for range 20 {
			m.Scroll(h-2, w, h)
		}
		if view := m.View(w, h, style.Theme{}); m.Paused != "" && !strings.Contains(view, "La próxima carga") || strings.Contains(view, "↓") {
			t.Errorf("%s does not scroll to its end:\n%s", name, trimRight(view))
		}
		m.Scroll(-100, w, h)
		if view := m.View(w, h, style.Theme{}); strings.TrimSpace(strings.Split(view, "\n")[0]) == "" {
			t.Errorf("%s does not scroll back:\n%s", name, trimRight(view))
		}
	}
}
