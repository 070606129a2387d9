//go:build unix

package background_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"

	_ "autoloaderlab/ui/background"
)

// TestMain is, when it is asked for, the smallest interface that imports what ours
// does.
func TestMain(m *testing.M) {
	if os.Getenv("BACKGROUND_PROBE") == "" {
		os.Exit(m.Run())
	}
	if _, err := tea.NewProgram(probe{}).Run(); err != nil {
		os.Exit(1)
	}
}

type probe struct{}

func (probe) Init() tea.Cmd                         { return nil }
func (p probe) Update(tea.Msg) (tea.Model, tea.Cmd) { return p, nil }
func (probe) View() string                          { return "primer cuadro" }

// A terminal that answers nothing gets its first frame at once.  Without this
// package it takes bubbletea five seconds.
func TestTheFirstFrameComesOnATerminalThatAnswersNothing(t *testing.T) {
	const soon = 500 * time.Millisecond
	took := firstFrame(t)
	for range 4 { // a machine with other things to do may be late now and then, never always
		if took > soon {
			took = firstFrame(t)
		}
	}
	if took > soon {
		t.Errorf("the first frame took %v, want less than %v", took, soon)
	}
}

// firstFrame is how long a program with this package takes to draw.
func firstFrame(t *testing.T) time.Duration {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "BACKGROUND_PROBE=1")
	began := time.Now()
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Skipf("no terminal to be had: %v", err)
	}
	defer func() { _ = terminal.Close() }()
	seen := ""
	for buffer := make([]byte, 4096); !strings.Contains(seen, "primer cuadro"); {
		n, err := terminal.Read(buffer)
		seen += string(buffer[:n])
		if err != nil {
			t.Fatalf("no frame: %v; got %q", err, seen)
		}
	}
	took := time.Since(began)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if strings.Contains(seen, "\x1b]11;?") {
		t.Errorf("the terminal was asked for its background: %q", seen)
	}
	return took
}
