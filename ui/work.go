package ui

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine/progress"
)

// crashed is a panic in a command.
type crashed Crash

// failed is an error of a command that nobody expected.
type failed struct{ err error }

// work makes a command of something that touches the disk.  A panic in it ends the
// interface in order, and an error is told.
func (m *Model) work(do func(ctx context.Context) (tea.Msg, error)) tea.Cmd {
	ctx := m.ctx
	return func() (msg tea.Msg) {
		defer func() {
			if reason := recover(); reason != nil {
				msg = crashed{reason, debug.Stack()}
			}
		}()
		done, err := do(ctx)
		if err != nil {
			return failed{err}
		}
		return done
	}
}

// happened are events of a running load, several at a time.
type happened struct {
	run    int
	events []progress.Stamped
}

// perSecond bounds how often the screen hears of a load.
const perSecond = 15

// feed carries events from the goroutine that runs a load to the model, a batch at a
// time.  The sender never waits for the screen.
type feed struct {
	run    int
	mu     sync.Mutex
	events []progress.Stamped
	ready  chan struct{} // one token: there is something to read
	closed bool
	pace   time.Duration
}

func newFeed(run int, still bool) *feed {
	pace := time.Second / perSecond
	if still {
		pace = time.Second
	}
	return &feed{run: run, ready: make(chan struct{}, 1), pace: pace}
}

func (f *feed) push(s progress.Stamped) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if last := len(f.events) - 1; last >= 0 && advances(s) && advances(f.events[last]) {
		f.events[last] = s // only the newest count is of use
	} else {
		f.events = append(f.events, s)
	}
	f.wake()
}

func advances(s progress.Stamped) bool { _, ok := s.Event.(progress.Advanced); return ok }

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.wake()
}

// over says that nothing more comes.
func (f *feed) over() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed && len(f.events) == 0
}

func (f *feed) wake() {
	select {
	case f.ready <- struct{}{}:
	default:
	}
}

// next is the command that waits for events; nil events end it.
func (f *feed) next() tea.Cmd {
	return func() tea.Msg {
		<-f.ready
		time.Sleep(f.pace)
		f.mu.Lock()
		defer f.mu.Unlock()
		events := f.events
		f.events = nil
		if f.closed {
			f.wake() // whoever asks again gets nothing at once
		}
		return happened{f.run, events}
	}
}
