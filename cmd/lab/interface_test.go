//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"autoloaderlab/ui/text"
)

// labProgram is testscript's copy of this program.
func labProgram(t *testing.T) string {
	t.Helper()
	lab, err := exec.LookPath("lab")
	if err != nil {
		t.Fatal(err)
	}
	return lab
}

// A terminal that answers nothing gets its first frame all the same: nothing is asked
// before it. (Bubble Tea asks for the background and waits up to five seconds; ui
// imports a package that keeps it from that.)
func TestTheFirstFrameWaitsForNoAnswer(t *testing.T) {
	term := inTerminal(t, labProgram(t), filepath.Join(t.TempDir(), "lab"), 120, 36)
	term.until(text.CourseTitle)
	written := term.written()
	before, _, _ := strings.Cut(written, text.CourseTitle)
	for _, query := range []struct{ name, bytes string }{
		{"the background", "\x1b]11;?"}, {"the foreground", "\x1b]10;?"}, {"the cursor's place", "\x1b[6n"}, {"its attributes", "\x1b[c"}, {"its version", "\x1b[>"},
	} {
		if strings.Contains(before, query.bytes) {
			t.Errorf("it asks for %s before its first frame: %q", query.name, before)
		}
	}
}

// The interface and the load it runs end together, and the next load goes on from
// what is on disk.
func TestWhoIsEndedFromOutsideLeavesNoLoadBehind(t *testing.T) {
	// A signal that somebody before us ignores (nohup) is ignored by our children; one
	// that we listen to is not.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	ends := []struct {
		name string
		end  func(t *terminal)
	}{
		{"its terminal is closed", func(t *terminal) { _ = t.file.Close() }},
		{underNohup, func(t *terminal) { _ = t.file.Close() }},
		{"SIGHUP", func(t *terminal) { _ = t.cmd.Process.Signal(syscall.SIGHUP) }},
		{"SIGTERM", func(t *terminal) { _ = t.cmd.Process.Signal(syscall.SIGTERM) }},
		{"ctrl+c", func(t *terminal) { t.press("\x03") }},
	}
	for _, e := range ends {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			lab, dir := labProgram(t), filepath.Join(t.TempDir(), "lab")
			program, args := lab, []string(nil)
			if e.name == underNohup { // which would take the output away from the terminal
				program, args = "/bin/sh", []string{"-c", `trap '' HUP; exec "$0"`, lab}
			}
			term := inTerminal(t, program, dir, 120, 36, args...)
			term.until(text.FreeLab)
			term.press("l")
			term.until(text.YourTurn)
			term.press("v")
			term.press("e")
			term.until(text.LoadPaused)
			loads := childrenOf(t, term.cmd.Process.Pid)
			if len(loads) != 1 {
				t.Fatalf("%d loads run", len(loads))
			}
			suspend(t, loads[0])
			e.end(term)
			if status := term.ends(); status.Signaled() {
				t.Errorf("it was killed by %v and did not leave by itself", status.Signal())
			}
			if err := syscall.Kill(loads[0], 0); err == nil {
				t.Error("the load outlives the interface")
			}
			out, err := exec.Command(lab, "cargar", "--dir", dir).CombinedOutput()
			if err != nil {
				t.Errorf("the next load: %v\n%s", err, out)
			}
			if out, err := exec.Command(lab, "contar", "--json", "--dir", dir).Output(); err != nil || !strings.Contains(string(out), `"filas":552`) {
				t.Errorf("after the next load: %s, %v", out, err)
			}
		})
	}
}

const underNohup = "its terminal is closed and SIGHUP is ignored"

// What is typed before the first frame is not lost: it waits for the list of lessons.
func TestKeysOfTheFirstInstantAreHeard(t *testing.T) {
	term := inTerminal(t, labProgram(t), filepath.Join(t.TempDir(), "lab"), 120, 36)
	term.press("\x1b[B\x1b[B\r") // the second lesson, before anything can have been read
	term.until(text.LessonWord + " 1")
	term.until(text.StepWord + " 1")
}

// suspend holds a process up for a moment: who does not wait for it is gone before.
func suspend(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(300*time.Millisecond, func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
}

// childrenOf are the processes that a process has begun.
func childrenOf(t *testing.T, pid int) (children []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		t.Skip("this system has no /proc")
	}
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // gone meanwhile
		}
		var child, parent int
		var state string
		if _, err := fmt.Sscan(string(stat), &child); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		if _, err := fmt.Sscan(rest, &state, &parent); err == nil && parent == pid {
			children = append(children, child)
		}
	}
	return children
}
