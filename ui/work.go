package ui

import (
	"context"
	"runtime/debug"
	"sync"

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
	ctx, jobs := m.ctx, m.jobs
	return func() (msg tea.Msg) {
		jobs.RLock()
		defer jobs.RUnlock()
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

// addressed is a message for one screen, whichever is open when it comes.
type addressed struct {
	to  screen
	msg tea.Msg
}

// workFor is work whose message goes to a screen.
func (m *Model) workFor(to screen, do func(ctx context.Context) (tea.Msg, error)) tea.Cmd {
	return m.work(func(ctx context.Context) (tea.Msg, error) {
		msg, err := do(ctx)
		return addressed{to, msg}, err
	})
}

// told is what a running load has told and the model has not heard yet.
type told struct {
	mu     sync.Mutex
	events []progress.Stamped
}

// push is called by the goroutine that runs the load.
func (t *told) push(s progress.Stamped) {
	if advances(s) {
		return // counts are the live view's
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = append(t.events, s)
}

func (t *told) take() []progress.Stamped {
	t.mu.Lock()
	defer t.mu.Unlock()
	events := t.events
	t.events = nil
	return events
}

func advances(s progress.Stamped) bool { _, ok := s.Event.(progress.Advanced); return ok }
