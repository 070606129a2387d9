package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// leaving is how far somebody has come who leaves.
type leaving int

const (
	staying  leaving = iota
	waiting          // for what runs to end
	departed         // the terminal is the shell's again, and has our last words
)

// stopped says that nothing runs any more.
type stopped struct{}

// leave ends the interface; it asks only while something runs.
func (m *Model) leave() tea.Cmd {
	_, asked := m.over.(*confirmation)
	if m.working == "" || asked {
		return m.stop()
	}
	return m.open(newQuestion(m, question{
		title: text.LeaveWhileWorking, body: text.LeaveConsequence, yes: text.YesLeave, run: m.stop,
	}))
}

// stop leaves. What runs is told to end, a load with SIGINT, and waited for; who
// cannot wait says so again.
func (m *Model) stop() tea.Cmd {
	if m.working == "" || m.leaving != staying {
		m.impatient = m.leaving == waiting
		return tea.Quit
	}
	m.leaving = waiting
	m.over, m.said.words = nil, ""
	m.working = text.Stopping
	m.cancel()
	jobs := m.jobs
	return func() tea.Msg {
		jobs.Lock() // when nobody works
		defer jobs.Unlock()
		return stopped{}
	}
}

// Wait is for after the interface has ended, whatever ended it: what it has begun is
// told to end and waited for, unless somebody said twice that they cannot wait.
func (m *Model) Wait() {
	m.cancel()
	if a, ok := m.over.(*answering); ok {
		a.rescue()
	}
	if d, ok := m.screen.(*desk); ok && d.live != nil {
		d.live.Close() // nobody takes its events any more
	}
	if !m.impatient {
		m.jobs.Lock()
		defer m.jobs.Unlock()
	}
}

// left gives the terminal back, with a word on the load that was cut short.
func (m *Model) left() tea.Cmd {
	m.leaving = departed
	if m.lastWords() == "" {
		return tea.Quit
	}
	return tea.Sequence(tea.ExitAltScreen, tea.Quit)
}

// lastWords stay on the terminal. Bubble Tea wipes the last line as it goes.
func (m *Model) lastWords() string {
	if m.runner == nil {
		return ""
	}
	ended := m.runner.ended()
	if ended == nil {
		return ""
	}
	words := text.LeftDead
	if ended.Err == nil {
		words = text.LeftLoad(ended.Finished)
	}
	return strings.Join(style.Paragraphs(words, max(m.l.w, 1)), "\n") + "\n"
}
