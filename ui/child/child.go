// Package child runs a load as a child of the same program, so that a kill is a
// real one, the interface answers while all cores work, and a crash of the
// engine never takes the screen with it.
//
//	            Continue, Finish: a line on its standard input
//	           ┌──────────────────────────────────────────┐
//	interface ─┤                                          ├─▶ lab cargar --json --pausa-en …
//	           │  Cancel: SIGINT   Kill: SIGKILL          │
//	           └◀─ Events: JSON lines on standard output ─┘
//
//	child.go       a load: start, steer, wait
//	outcome.go     how it ended, as values and errors
//	runner.go      a load from beginning to end, for whoever only listens
//	process_*.go   process group and priority, by system
//
// The child has a process group of its own (on Linux a session): ctrl+c on the terminal reaches the
// interface alone, which decides. It runs at a lower priority than the
// interface. If the interface dies, the child's input ends, so it goes on to
// its end without any more pauses.
package child

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"autoloaderlab/engine/progress"
)

// Config says which load to run.
type Config struct {
	// Program is the lab's executable; empty is the running one.
	Program string
	// Env is the child's environment; nil is ours.
	Env []string
	// Dir is the lab's folder.
	Dir string
	// Args are further words of «lab cargar»: widgets, options, the variant.
	Args []string
	// Pauses are the seams at which the load waits for Continue.
	Pauses []progress.Seam
	// Pass: go on at once at each of them, until Step is called.
	Pass bool
}

// graceSeconds is how long a load that was told to stop may go on: the write it
// is in ends first. Then it is killed.
const graceSeconds = 10

// maxLineBytes bounds one event; a warning may name many files.
const maxLineBytes = 16 << 20

// Load is one child. Its Events must be read until they are closed.
type Load struct {
	cmd    *exec.Cmd
	ctx    context.Context
	events chan progress.Stamped
	done   chan struct{} // closed when outcome is set

	mu      sync.Mutex
	stdin   io.WriteCloser // nil when the child is gone
	paused  progress.Seam  // where it stands; "" while it runs
	pass    bool           // at a seam, go on at once
	killed  bool
	outcome Outcome // written before done is closed
}

// Start starts the child. When ctx ends, the load is cancelled, and killed if it
// has not ended some seconds later; its events are then no longer delivered.
func Start(ctx context.Context, c Config) (*Load, error) {
	program := c.Program
	if program == "" {
		var err error
		if program, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("find our own program: %w", err)
		}
	}
	cmd := exec.CommandContext(ctx, program, c.words()...)
	cmd.Env = c.Env
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = graceSeconds * time.Second
	errs := &tail{}
	cmd.Stderr = errs
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the load: %w", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the load: %w", err)
	}
	if err := startBelow(cmd); err != nil {
		return nil, fmt.Errorf("start the load: %w", err)
	}
	l := &Load{cmd: cmd, ctx: ctx, events: make(chan progress.Stamped), done: make(chan struct{}), stdin: stdin, pass: c.Pass}
	go l.follow(stdout, errs)
	return l, nil
}

func (c Config) words() []string {
	words := []string{"cargar", "--json", "--dir", c.Dir}
	if len(c.Pauses) > 0 {
		names := make([]string, len(c.Pauses))
		for i, seam := range c.Pauses {
			names[i] = string(seam)
		}
		words = append(words, "--pausa-en", strings.Join(names, ","))
	}
	return append(words, c.Args...)
}

// Events are what happens, in order; closed when the child is gone and its
// Outcome known. The last one is progress.Finished, unless it died before.
func (l *Load) Events() <-chan progress.Stamped { return l.events }

// Paused is the seam at which the load stands, "" while it runs.
func (l *Load) Paused() progress.Seam {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.paused
}

// Continue lets a paused load go on to its next seam; one that runs just goes
// on. If the child is gone meanwhile, Wait tells why.
func (l *Load) Continue() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paused != "" && l.stdin != nil {
		l.paused = ""
		_, _ = io.WriteString(l.stdin, "\n")
	}
}

// Finish lets the load go on to its end without any more pauses, unless Step
// asks for them again.
func (l *Load) Finish() {
	l.mu.Lock()
	l.pass = true
	l.mu.Unlock()
	l.Continue()
}

// Step makes the load wait at the seams of Config.Pauses from now on.
func (l *Load) Step() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pass = false
}

// Kill ends the child on the spot, with SIGKILL: nothing is tidied up. It does
// not wait.
func (l *Load) Kill() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.cmd.Process.Kill()
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	l.killed = err == nil
	if err != nil {
		return fmt.Errorf("kill the load: %w", err)
	}
	return nil
}

// Cancel asks the load to stop, as ctrl+c does, and waits until it is gone.
// Somebody must be reading the Events.
func (l *Load) Cancel() Outcome {
	l.mu.Lock()
	if err := interrupt(l.cmd.Process); err == nil {
		l.killed = l.killed || interruptKills
	}
	l.mu.Unlock()
	return l.Wait()
}

// Wait waits until the child is gone. Somebody must be reading the Events.
func (l *Load) Wait() Outcome {
	<-l.done
	return l.outcome
}

// follow owns the child: it reads its output to the end, waits for it, and
// closes what others wait for.
func (l *Load) follow(stdout io.Reader, errs *tail) {
	told := l.read(stdout)
	exit := l.cmd.Wait()
	l.mu.Lock()
	l.outcome = conclude(told, l.killed, l.paused, l.cmd.ProcessState, exit, errs.String())
	l.stdin, l.paused = nil, ""
	l.mu.Unlock()
	close(l.done)
	close(l.events)
}

// told is what the child's output came to.
type told struct {
	finished *progress.Finished
	refused  *progress.Failure // it would not even begin
	broken   error             // the first line that is no event
}

// read delivers the events. After a broken line it goes on, so that the child
// is not held up: what it does to the disk matters more than what we see.
func (l *Load) read(stdout io.Reader) (t told) {
	defer func() {
		if reason := recover(); reason != nil {
			t.broken = fmt.Errorf("read the load's events: %v", reason)
			_ = l.cmd.Process.Kill()
		}
	}()
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, maxLineBytes)
	for lines.Scan() {
		s, err := progress.Parse(lines.Bytes())
		if err != nil {
			t.stray(lines.Bytes(), err)
			continue
		}
		switch e := s.Event.(type) {
		case progress.Paused:
			if l.stand(e.Seam) {
				l.Continue()
				continue // it was no pause
			}
		case progress.Finished:
			t.finished = &e
		}
		select {
		case l.events <- s:
		case <-l.ctx.Done():
		}
	}
	if err := lines.Err(); err != nil && t.broken == nil && !errors.Is(err, os.ErrClosed) {
		t.broken = fmt.Errorf("read the load's events: %w", err)
	}
	_, _ = io.Copy(io.Discard, stdout)
	return t
}

// stand notes that the load waits, and tells whether it is to go on at once.
func (l *Load) stand(seam progress.Seam) (pass bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused = seam
	return l.pass
}
