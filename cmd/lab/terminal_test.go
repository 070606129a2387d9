//go:build unix

package main

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// terminal is one that answers nothing, with the program in it.
type terminal struct {
	t      testing.TB
	file   *os.File
	cmd    *exec.Cmd
	exited chan struct{} // closed when the program is gone

	mu     sync.Mutex
	told   sync.Cond // something came, or nothing more will
	output []byte
	from   int       // where what was written since the last mark begins
	last   time.Time // when the newest byte came
	closed bool
}

// patience is how long a test waits for what must come.
const patience = time.Minute

// inTerminal starts the program in a terminal of w×h.
func inTerminal(t testing.TB, program, dir string, w, h uint16, args ...string) *terminal {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "LAB_DIR="+dir, "TERM=xterm-256color", "COLORTERM=truecolor", "GORACE=atexit_sleep_ms=0")
	started, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: h, Cols: w})
	if err != nil {
		t.Fatal(err)
	}
	file := closable(t, started)
	term := &terminal{t: t, file: file, cmd: cmd, exited: make(chan struct{})}
	term.told.L = &term.mu
	go term.read()
	go func() {
		_ = cmd.Wait()
		close(term.exited)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-term.exited
		_ = file.Close()
	})
	return term
}

// closable is the same terminal, but one that can be closed while it is being read.
func closable(t testing.TB, started *os.File) *os.File {
	t.Helper()
	fd, err := syscall.Dup(int(started.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	_ = started.Close()
	if err := syscall.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), "terminal")
}

// read keeps what the program writes.
func (t *terminal) read() {
	chunk := make([]byte, 64<<10)
	for {
		n, err := t.file.Read(chunk)
		t.mu.Lock()
		t.last = time.Now()
		t.output = append(t.output, chunk[:n]...)
		t.closed = err != nil
		t.told.Broadcast()
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// mark is where until begins to look.
func (t *terminal) mark() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.from = len(t.output)
	return t.from
}

// shown says whether words were written after a mark.
func (t *terminal) shown(from int, words string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Contains(ansi.Strip(string(t.output[from:])), words)
}

// written is all that came, as it came.
func (t *terminal) written() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.output)
}

// until waits until words stand in what was written since the last mark, and gives
// the time at which they did.
func (t *terminal) until(words string) time.Time {
	t.t.Helper()
	return t.comes(words, func(since []byte) bool { return strings.Contains(ansi.Strip(string(since)), words) })
}

// comes waits until what was written since the last mark is as wanted.
func (t *terminal) comes(words string, wanted func(since []byte) bool) time.Time {
	t.t.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	late := false
	alarm := time.AfterFunc(patience, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		late = true
		t.told.Broadcast()
	})
	defer alarm.Stop()
	for !wanted(t.output[t.from:]) {
		if t.closed || late {
			t.t.Fatalf("%q never came; seen:\n%s", words, ansi.Strip(string(t.output[t.from:])))
		}
		t.told.Wait()
	}
	return t.last
}

// press sends keys and gives the time at which it did.
func (t *terminal) press(keys string) time.Time {
	t.t.Helper()
	t.mark()
	now := time.Now()
	if _, err := t.file.WriteString(keys); err != nil {
		t.t.Fatal(err)
	}
	return now
}

// ends waits for the program's end.
func (t *terminal) ends() syscall.WaitStatus {
	t.t.Helper()
	select {
	case <-t.exited:
	case <-time.After(patience):
		t.t.Fatal("it never ends")
	}
	return t.cmd.ProcessState.Sys().(syscall.WaitStatus)
}
