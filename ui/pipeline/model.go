package pipeline

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/child"
	"autoloaderlab/ui/text"
)

// Model is a load that is being followed. Its zero value follows none.
type Model struct {
	State
	// Head is the first line, painted, where a lesson has its cycle; "" is the
	// load's own title, " " leaves it out.
	Head string
	// Frame is the least time between two frames; 0 is a fifteenth of a second.
	Frame time.Duration

	feed *Feed
	step bool // it stops at seams
	top  int  // the first line that is seen, where not all are
}

// Start runs a load and follows it. With step it stops at every seam.
func (m *Model) Start(ctx context.Context, c child.Config, before Before, step bool) tea.Cmd {
	c.Pauses, c.Pass = progress.Seams, !step
	feed := NewFeed()
	run := func() tea.Msg {
		feed.run(ctx, c)
		return nil
	}
	return tea.Batch(run, m.Follow(feed, before, step))
}

// Follow follows a load that somebody else runs. Its child must have all seams
// among its pauses, and pass them unless step.
func (m *Model) Follow(feed *Feed, before Before, step bool) tea.Cmd {
	m.Close()
	m.State, m.feed, m.step, m.top = New(before), feed, step, 0
	return feed.next(m.frame())
}

func (m *Model) frame() time.Duration {
	if m.Frame > 0 {
		return m.Frame
	}
	return time.Second / 15
}

// Close stops following; the load goes on.
func (m *Model) Close() {
	if m.feed != nil {
		m.feed.Abandon()
	}
	m.feed = nil
}

// Running tells whether the load is not over.
func (m *Model) Running() bool { return m.feed != nil && m.Ending == Going }

// Stepping tells whether it stops at seams.
func (m *Model) Stepping() bool { return m.step }

// Update folds in what happened, and heeds the keys of a running load. Messages
// of a load that is no longer followed are ignored.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case fed:
		return m.fold(msg)
	case tea.KeyMsg:
		for _, action := range m.Actions() {
			for _, key := range action.Keys {
				if key == msg.String() {
					return action.Run()
				}
			}
		}
	}
	return nil
}

func (m *Model) fold(msg fed) tea.Cmd {
	if msg.feed != m.feed || m.feed == nil {
		return nil
	}
	stood := m.Paused
	for _, s := range msg.events {
		m.Apply(s)
	}
	if m.Paused != stood {
		m.top = 0
	}
	if msg.closed {
		m.top = 0
		m.End(msg.outcome)
		return nil
	}
	return m.feed.next(m.frame())
}

// Action is something a key can do now. Name is the key as the footer calls it,
// Keys as the terminal sends it. Short is for narrow footers.
type Action struct {
	Name        string
	Keys        []string
	Does, Short string
	Run         func() tea.Cmd
}

// Actions are what the student can do now, the most important first.
func (m *Model) Actions() []Action {
	switch {
	case !m.Running():
		return nil
	case m.Paused != "":
		return []Action{
			{text.LoadSpaceKey, []string{" ", "enter"}, text.LoadGoOn(text.LoadRooms[roomAfter[m.Paused]+1]), text.LoadGoOnShort, m.Continue},
			{"x", []string{"x"}, text.LoadKillHere, text.LoadKillShort, m.Kill},
			{"f", []string{"f"}, text.LoadFinish, text.LoadFinishShort, m.Finish},
			{"esc", []string{"esc"}, text.LoadCancel, text.LoadCancelShort, m.Cancel},
		}
	case m.step:
		return []Action{
			{"esc", []string{"esc"}, text.LoadCancelLong, text.LoadCancelShort, m.Cancel},
			{"f", []string{"f"}, text.LoadFinish, text.LoadFinishShort, m.Finish},
			{"x", []string{"x"}, text.LoadKillNow, text.LoadKillShort, m.Kill},
		}
	default:
		return []Action{
			{"esc", []string{"esc"}, text.LoadCancelLong, text.LoadCancelShort, m.Cancel},
			{"v", []string{"v"}, text.LoadStep, text.LoadStep, m.Step},
			{"x", []string{"x"}, text.LoadKillNow, text.LoadKillShort, m.Kill},
		}
	}
}

// Continue lets a paused load go on to its next seam.
func (m *Model) Continue() tea.Cmd {
	m.Resume()
	return m.steer(func(l *child.Load) { l.Continue() })
}

// Finish lets it go on to its end.
func (m *Model) Finish() tea.Cmd {
	m.Resume()
	m.step = false
	return m.steer(func(l *child.Load) { l.Finish() })
}

// Step makes it stop at seams from now on.
func (m *Model) Step() tea.Cmd {
	m.step = true
	return m.steer(func(l *child.Load) { l.Step() })
}

// Kill kills it with SIGKILL. The screen tells so when it is dead.
func (m *Model) Kill() tea.Cmd {
	return m.steer(func(l *child.Load) { _ = l.Kill() }) // a child that is gone tells its end
}

// Cancel asks it to stop and leave nothing half done. The screen tells so when it has.
func (m *Model) Cancel() tea.Cmd {
	return m.steer(func(l *child.Load) { l.Cancel() })
}

// steer does something with the child, outside Update because it may wait. A key
// that comes before the child has begun does nothing.
func (m *Model) steer(do func(*child.Load)) tea.Cmd {
	if m.feed == nil {
		return nil
	}
	load := m.feed.Load()
	if load == nil {
		return nil
	}
	return func() tea.Msg {
		do(load)
		return nil
	}
}
