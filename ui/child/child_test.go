package child_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/child"
)

// The child of these tests is the test's own program, playing a scene.
func TestMain(m *testing.M) {
	if scene, found := scenes[os.Getenv("CHILD_SCENE")]; found {
		os.Exit(scene())
	}
	os.Exit(m.Run())
}

var scenes = map[string]func() int{
	"load": load,
	"refuses": func() int {
		fmt.Println(`{"error":{"clase":"WRONG_USE","mensaje":"No.","que_hacer":"Otra cosa."}}`)
		return 2
	},
	"dies": func() int { tell(progress.Listed{NewFiles: 1}); fmt.Fprintln(os.Stderr, "panic: oh no"); return 7 },
	"babbles": func() int {
		fmt.Println("DEBUG " + strings.Repeat("x", 1000))
		tell(progress.Listed{NewFiles: 1})
		return end(progress.Terminated)
	},
	"cut":       func() int { tell(progress.Listed{}); fmt.Print(`{"evento":"fin","ho`); return 0 },
	"waits":     waits,
	"is silent": func() int { return 0 },
	"fails": func() int {
		f := progress.Finished{State: progress.Failed, Error: &progress.Failure{Class: "DISK_FULL"}}
		tell(f)
		return 1
	},
}

func tell(e progress.Event) {
	line, err := json.Marshal(progress.Stamped{At: time.Now(), Event: e})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}

func end(state string) int { tell(progress.Finished{State: state, RunID: "r"}); return 0 }

// load pauses at the seams it was asked for, like the command.
func load() int {
	tell(progress.Listed{NewFiles: 1})
	asked := ""
	for i, arg := range os.Args {
		if arg == "--pausa-en" {
			asked = os.Args[i+1]
		}
	}
	in := bufio.NewReader(os.Stdin)
	for _, seam := range progress.Seams {
		if strings.Contains(asked, string(seam)) {
			tell(progress.Paused{Seam: seam})
			_, _ = in.ReadString('\n')
		}
	}
	return end(progress.Terminated)
}

// waits for SIGINT, and says that it was cancelled.
func waits() int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	tell(progress.Listed{})
	<-signals
	end(progress.Cancelled)
	return 1
}

func start(t *testing.T, ctx context.Context, scene string, pauses ...progress.Seam) *child.Load {
	t.Helper()
	l, err := child.Start(ctx, child.Config{Env: environment(scene), Dir: t.TempDir(), Pauses: pauses})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func environment(scene string) []string {
	return append(os.Environ(), "CHILD_SCENE="+scene, "GORACE=atexit_sleep_ms=0")
}

// drain reads the rest of the events and gives their names.
func drain(l *child.Load) []string {
	names := []string{}
	for s := range l.Events() {
		names = append(names, s.Event.Name())
	}
	return names
}

// until reads events up to one of that name.
func until(t *testing.T, l *child.Load, name string) progress.Event {
	t.Helper()
	for s := range l.Events() {
		if s.Event.Name() == name {
			return s.Event
		}
	}
	t.Fatalf("it ended before %s: %+v", name, l.Wait())
	return nil
}

func TestALoadTellsItsEventsAndItsEnd(t *testing.T) {
	l := start(t, context.Background(), "load")
	if got, want := drain(l), []string{"listado", "fin"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if o := l.Wait(); o.Err != nil || o.Killed || o.Finished == nil || o.Finished.State != progress.Terminated {
		t.Errorf("got %+v", o)
	}
}

func TestStepByStepStopsAtEverySeam(t *testing.T) {
	l := start(t, context.Background(), "load", progress.Seams...)
	for _, seam := range progress.Seams {
		if got := until(t, l, "pausa"); got != (progress.Paused{Seam: seam}) || l.Paused() != seam {
			t.Errorf("got %v, %q, want %q", got, l.Paused(), seam)
		}
		l.Continue()
		l.Continue() // a second key press is not a second line
	}
	drain(l)
	if o := l.Wait(); o.Finished == nil || o.Err != nil {
		t.Errorf("got %+v", o)
	}
}

func TestFinishEndsThePauses(t *testing.T) {
	l := start(t, context.Background(), "load", progress.Seams...)
	until(t, l, "pausa")
	l.Finish()
	drain(l)
	l.Finish()
	l.Continue()
	if o := l.Wait(); o.Finished == nil || o.Err != nil || l.Paused() != "" {
		t.Errorf("got %+v, paused %q", o, l.Paused())
	}
}

func TestASeamIsPassedUntilStep(t *testing.T) {
	l, err := child.Start(context.Background(), child.Config{Env: environment("load"), Dir: t.TempDir(), Pauses: progress.Seams, Pass: true})
	if err != nil {
		t.Fatal(err)
	}
	until(t, l, "listado")
	if got, want := drain(l), []string{"fin"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	l = start(t, context.Background(), "load", progress.Seams...)
	until(t, l, "pausa")
	l.Finish()
	l.Step() // in time, or too late: it ends either way
	for s := range l.Events() {
		if _, paused := s.Event.(progress.Paused); paused {
			l.Finish()
		}
	}
	if o := l.Wait(); o.Finished == nil {
		t.Errorf("got %+v", o)
	}
}

func TestKillTellsTheSeam(t *testing.T) {
	l := start(t, context.Background(), "load", progress.AfterData)
	until(t, l, "pausa")
	if err := l.Kill(); err != nil {
		t.Fatal(err)
	}
	drain(l)
	want := child.Outcome{Killed: true, KilledAt: progress.AfterData}
	if got := l.Wait(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if err := l.Kill(); err != nil {
		t.Errorf("killing the dead: %v", err)
	}
}

func TestCancelWaitsForTheLastWord(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGINT")
	}
	l := start(t, context.Background(), "waits")
	until(t, l, "listado")
	drained := make(chan []string)
	go func() { drained <- drain(l) }()
	if o := l.Cancel(); o.Finished == nil || o.Finished.State != progress.Cancelled || o.Err != nil {
		t.Errorf("got %+v", o)
	}
	<-drained
}

func TestTheContextCancels(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGINT")
	}
	ctx, cancel := context.WithCancel(context.Background())
	l := start(t, ctx, "waits")
	until(t, l, "listado")
	cancel()
	if o := l.Wait(); o.Finished == nil || o.Finished.State != progress.Cancelled { // nobody reads the events any more
		t.Errorf("got %+v", o)
	}
	drain(l)
}

func TestAChildThatGoesWrongIsAnErrorThatSaysWhat(t *testing.T) {
	for scene, want := range map[string]string{
		"refuses":   "the load did not begin: [WRONG_USE] No.",
		"dies":      "the load died: exit status 7: panic: oh no",
		"is silent": "the load died: exit status 0",
		"babbles":   `the load said "DEBUG xxx`,
		"cut":       `the load said "{\"evento\":\"fin\",\"ho": parse event: unexpected end of JSON input`,
	} {
		l := start(t, context.Background(), scene)
		drain(l)
		if o := l.Wait(); o.Err == nil || !strings.HasPrefix(o.Err.Error(), want) {
			t.Errorf("%s: got %v, want %s", scene, o.Err, want)
		}
	}
	var died *child.Died
	l := start(t, context.Background(), "dies")
	drain(l)
	if o := l.Wait(); !errors.As(o.Err, &died) || died.Exit != 7 || died.Stderr != "panic: oh no\n" {
		t.Errorf("got %+v", o.Err)
	}
}

func TestABrokenLineDoesNotHideTheRest(t *testing.T) {
	l := start(t, context.Background(), "babbles")
	if got, want := drain(l), []string{"listado", "fin"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var broken *child.BrokenLine
	if o := l.Wait(); o.Finished == nil || !errors.As(o.Err, &broken) || len(broken.Line) != 200 {
		t.Errorf("got %+v", o)
	}
}

func TestWithoutAProgramThereIsNoLoad(t *testing.T) {
	_, err := child.Start(context.Background(), child.Config{Program: t.TempDir() + "/nothing"})
	if err == nil || !strings.HasPrefix(err.Error(), "start the load: ") {
		t.Errorf("got %v", err)
	}
}

func TestTheRunnerRunsToTheEnd(t *testing.T) {
	var names []string
	on := func(s progress.Stamped) { names = append(names, s.Event.Name()) }
	r := child.Runner{Env: environment("load")}
	f, err := r.Load(context.Background(), t.TempDir(), []string{"--pausa-en", "planeado"}, on)
	if err != nil || f.RunID != "r" || !reflect.DeepEqual(names, []string{"listado", "pausa", "fin"}) {
		t.Errorf("got %+v, %v, %v", f, err, names)
	}
	names = nil
	_, err = r.KillAt(context.Background(), t.TempDir(), nil, progress.AfterTableCommit, on)
	if !errors.Is(err, child.ErrKilled) || !reflect.DeepEqual(names, []string{"listado", "pausa"}) {
		t.Errorf("got %v, %v", err, names)
	}
	f, err = child.Runner{Env: environment("fails")}.Load(context.Background(), t.TempDir(), nil, on)
	if err != nil || f.Error == nil || f.Error.Class != "DISK_FULL" {
		t.Errorf("got %+v, %v", f, err)
	}
	if _, err = (child.Runner{Env: environment("dies")}).Load(context.Background(), t.TempDir(), nil, on); err == nil {
		t.Error("a dead child is an error")
	}
}

func TestTheRunnerLetsOthersSteer(t *testing.T) {
	var load *child.Load
	var stood []progress.Seam
	r := child.Runner{Env: environment("load"), Pauses: progress.Seams, Began: func(l *child.Load) { load = l }}
	_, err := r.Load(context.Background(), t.TempDir(), nil, func(s progress.Stamped) {
		if p, paused := s.Event.(progress.Paused); paused {
			stood = append(stood, p.Seam)
			load.Continue()
		}
	})
	if err != nil || !reflect.DeepEqual(stood, progress.Seams) {
		t.Errorf("got %v, %v", stood, err)
	}
}

// Every goroutine ends with its load.
func TestNothingIsLeftBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 5 {
		for _, scene := range []string{"load", "dies", "babbles", "is silent"} {
			l := start(t, context.Background(), scene)
			drain(l)
			l.Wait()
		}
	}
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		if runtime.NumGoroutine() <= before { // the last ones may be on their way out
			return
		}
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("got %d goroutines, want %d:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}
