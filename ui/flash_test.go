package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine"
	"autoloaderlab/ui/disk"
	"autoloaderlab/ui/style"
)

// rowsOf is a panel whose table has so many rows, at a version.
func rowsOf(rows, version int64) disk.Memories {
	var now engine.Inventory
	now.Status.Table.Exists, now.Status.Table.Rows, now.Status.Table.Version = true, &rows, &version
	return disk.Remember(now, nil)
}

func TestAChangedNumberIsBoldForAMoment(t *testing.T) {
	cases := []struct {
		name  string
		still bool
		want  bool
	}{{"with motion", false, true}, {"without", true, false}}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			sight := running()
			sight.Memories = rowsOf(552, 1)
			m := New(context.Background(), Config{School: &fake{sight: sight}, Theme: truecolor, Still: c.still})
			var timers []func() tea.Msg
			m.tick = func(d time.Duration, then func(time.Time) tea.Msg) tea.Cmd {
				if d == flashTime {
					timers = append(timers, func() tea.Msg { return then(time.Time{}) })
				}
				return nil
			}
			m.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
			drain(t, m, m.Init())
			press(t, m, "enter")
			bold, plain := truecolor.Bold(style.Strong, "2"), truecolor.Text(style.Text, "2")
			sight.Memories = rowsOf(602, 2)
			m.Update(addressed{m.screen, glanced{sight}})
			if got := strings.Contains(m.View(), bold); got != c.want {
				t.Errorf("the new version is bold: %v, want %v", got, c.want)
			}
			for _, ring := range timers {
				m.Update(ring())
			}
			if frame := m.View(); strings.Contains(frame, bold) || !strings.Contains(frame, plain) {
				t.Error("it stays bold")
			}
			m.Update(addressed{m.screen, glanced{sight}})
			if strings.Contains(m.View(), bold) {
				t.Error("what did not change is bold")
			}
		})
	}
}
