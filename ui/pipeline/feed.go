package pipeline

import (
	"context"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/child"
)

// Feed carries one load's events from the goroutine that runs it to the screen.
// Began, Happened and Close belong to that goroutine: a lesson's step runs
// through child.Runner{Began: feed.Began} with feed.Happened as its listener.
type Feed struct {
	events chan progress.Stamped
	over   chan struct{} // closed by Abandon

	mu       sync.Mutex
	load     *child.Load
	err      error
	abandon  sync.Once
	closedAt sync.Once
}

// NewFeed makes one for a single load.
func NewFeed() *Feed {
	return &Feed{events: make(chan progress.Stamped), over: make(chan struct{})}
}

// Began tells which child it is; before that the load cannot be steered.
func (f *Feed) Began(l *child.Load) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.load = l
}

// Happened passes an event on. It waits until the screen takes it.
func (f *Feed) Happened(s progress.Stamped) {
	select {
	case f.events <- s:
	case <-f.over:
	}
}

// Close says that no more events come. err is why the load could not be run,
// for one that never began.
func (f *Feed) Close(err error) {
	f.closedAt.Do(func() {
		f.mu.Lock()
		f.err = err
		f.mu.Unlock()
		close(f.events)
	})
}

// Abandon says that nobody looks any more; the load goes on.
func (f *Feed) Abandon() { f.abandon.Do(func() { close(f.over) }) }

// Load is the child, nil before it began.
func (f *Feed) Load() *child.Load {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.load
}

// run starts a child and feeds its events, to its end.
func (f *Feed) run(ctx context.Context, c child.Config) {
	l, err := child.Start(ctx, c)
	if err == nil {
		f.Began(l)
		for s := range l.Events() {
			f.Happened(s)
		}
	}
	f.Close(err)
}

// fed is a message: what happened since the last one.
type fed struct {
	feed    *Feed
	events  []progress.Stamped
	closed  bool
	outcome child.Outcome
}

// next waits for events and gathers those of one frame. What the student must
// see at once, a pause and the end, is not held back.
func (f *Feed) next(frame time.Duration) tea.Cmd {
	return func() tea.Msg {
		m := fed{feed: f}
		var timer <-chan time.Time
		for {
			select {
			case s, open := <-f.events:
				if !open {
					m.closed, m.outcome = true, f.outcome()
					return m
				}
				m.events = append(m.events, s)
				if _, paused := s.Event.(progress.Paused); paused {
					return m
				}
				if timer == nil {
					timer = time.After(frame)
				}
			case <-timer:
				return m
			case <-f.over:
				return m
			}
		}
	}
}

// outcome is how the load ended. The events are over, so it does not wait long.
func (f *Feed) outcome() child.Outcome {
	f.mu.Lock()
	load, err := f.load, f.err
	f.mu.Unlock()
	if load == nil {
		return child.Outcome{Err: err}
	}
	return load.Wait()
}
