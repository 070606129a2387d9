package ui

import (
	"context"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/pipeline"
)

// stubborn is a desk whose deed ends some while after it was told to.
type stubborn struct {
	*fake
	begun, release chan struct{}
}

func (s *stubborn) Lesson(context.Context, string) (Desk, error) { return s, nil }
func (s *stubborn) Do(ctx context.Context, d Deed, _ func(progress.Stamped)) (Outcome, error) {
	close(s.begun)
	<-ctx.Done()
	<-s.release
	return Outcome{}, ctx.Err()
}

func TestLeavingEndsWhatRunsAndWaitsForIt(t *testing.T) {
	for _, keys := range [][]string{{"q", "s"}, {"q", "q"}, {"ctrl+c"}, {"?", "ctrl+c"}} {
		t.Run(strings.Join(keys, " "), func(t *testing.T) {
			s := &stubborn{&fake{sight: running()}, make(chan struct{}), make(chan struct{})}
			m := New(context.Background(), Config{School: s, Theme: truecolor})
			m.tick = never
			m.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
			drain(t, m, m.Init())
			press(t, m, "enter")
			_, deed := m.Update(keyMsg("e"))
			ended := make(chan tea.Msg)
			go func() { ended <- deed() }()
			<-s.begun
			var leave tea.Cmd
			for _, k := range keys {
				_, leave = m.Update(keyMsg(k))
			}
			over := make(chan tea.Msg)
			go func() { over <- leave() }()
			select {
			case msg := <-over:
				t.Fatalf("left with %T while a deed was under way", msg)
			default:
			}
			if !strings.Contains(m.View(), "Deteniendo") {
				t.Error("nothing tells that we wait")
			}
			close(s.release)
			m.Update(<-ended)
			if m.over != nil {
				t.Error("what we cut short ourselves is told as an error")
			}
			_, quit := m.Update(<-over)
			if !quits(quit) {
				t.Error("it does not end")
			}
		})
	}
}

func TestWhoCannotWaitLeavesAtOnce(t *testing.T) {
	m := started(t, &fake{sight: running()}, truecolor, 120, 36, "enter")
	m.working = "x"
	m.Update(keyMsg("ctrl+c"))
	if _, cmd := m.Update(keyMsg("ctrl+c")); !quits(cmd) {
		t.Error("the second ctrl+c waits")
	}
}

// A signal, or a terminal that is closed, ends the program without asking the model.
func TestWhoIsEndedFromOutsideWaitsForWhatRuns(t *testing.T) {
	s := &stubborn{&fake{sight: running()}, make(chan struct{}), make(chan struct{})}
	m := started(t, s.fake, truecolor, 120, 36)
	m.school = s
	press(t, m, "enter")
	_, deed := m.Update(keyMsg("e"))
	go deed()
	<-s.begun
	over := make(chan struct{})
	go func() {
		m.Wait()
		close(over)
	}()
	select {
	case <-over:
		t.Fatal("it is over while a deed is under way")
	default:
	}
	close(s.release)
	<-over
}

func TestTheTerminalKeepsAWordOnTheLoadThatWasCutShort(t *testing.T) {
	cases := []struct {
		name  string
		ended *Ended
		want  string
	}{
		{"none ran", nil, ""},
		{"cancelled", &Ended{Finished: progress.Finished{State: progress.Cancelled}}, "se canceló"},
		{"ended meanwhile", &Ended{Finished: progress.Finished{State: progress.Terminated, Batches: 1, RowsWritten: 50}}, "50 filas"},
		{"cut off", &Ended{Err: context.Canceled}, "retoma el lote"},
	}
	for _, c := range cases {
		m := New(context.Background(), Config{School: &fake{}, Runner: &Runner{last: c.ended}})
		m.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
		_, cmd := m.Update(stopped{})
		if got := m.View(); m.lastWords() != "" && got != m.lastWords() || !strings.Contains(m.lastWords(), c.want) || (c.want == "") != quits(cmd) {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
}

func TestHowALoadEndedIsKnownAfterItsFeedIsLookedAfter(t *testing.T) {
	r := &Runner{Program: "/nonexistent"}
	feed := pipeline.NewFeed()
	r.Watch(feed, false)
	_, err := r.Load(context.Background(), t.TempDir(), nil, func(progress.Stamped) {})
	r.Unwatch(err)
	if ended := r.ended(); ended == nil || ended.Err == nil {
		t.Errorf("got %v", ended)
	}
}
