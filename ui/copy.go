package ui

import (
	"context"
	"encoding/base64"
	"io"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/text"
)

// copy puts words on the clipboard of the terminal's user, over ssh too, by OSC 52
// («Manipulate Selection Data» of xterm's control sequences).  It is one write, and
// the system keeps the writes to a terminal apart, so it falls into no frame.
func (m *Model) copy(words string) tea.Cmd {
	if words == "" || m.terminal == nil {
		return m.say(text.NothingToCopy)
	}
	return tea.Batch(m.say(text.Copied(words)), m.work(func(context.Context) (tea.Msg, error) {
		_, err := io.WriteString(m.terminal, "\x1b]52;c;"+base64.StdEncoding.EncodeToString([]byte(words))+"\a")
		return nil, err
	}))
}
