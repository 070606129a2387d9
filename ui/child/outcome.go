package child

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"

	"autoloaderlab/engine/progress"
)

// Outcome is how a load ended.
type Outcome struct {
	// Finished is the load's own last word, also when it failed or was
	// cancelled; nil when it was killed or died before.
	Finished *progress.Finished
	// Killed: Kill ended it. KilledAt is the seam where it stood then, "" when
	// it was running.
	Killed   bool
	KilledAt progress.Seam
	// Err is what went wrong with the child itself: a *Died, a *BrokenLine, or a
	// failure of the pipe between us. A load that failed and said so has none.
	Err error
}

// Died is a child that ended without a last word. Exit is its code, or -1 when a
// signal ended it. Stderr is the end of what it wrote there. Told is the failure
// that it printed instead of running, for wrong use.
type Died struct {
	Exit   int
	Reason string // as the system names it: "signal: killed"
	Stderr string
	Told   *progress.Failure
}

// Error implements error.
func (d *Died) Error() string {
	if d.Told != nil {
		return fmt.Sprintf("the load did not begin: [%s] %s", d.Told.Class, d.Told.Message)
	}
	text := "the load died: " + d.Reason
	if line, _, _ := strings.Cut(strings.TrimSpace(d.Stderr), "\n"); line != "" {
		text += ": " + line
	}
	return text
}

// BrokenLine is a line of the child's output that is no event. Line is at most
// its first 200 bytes.
type BrokenLine struct {
	Line string
	Err  error
}

// Error implements error.
func (b *BrokenLine) Error() string { return fmt.Sprintf("the load said %q: %v", b.Line, b.Err) }

// Unwrap gives the cause.
func (b *BrokenLine) Unwrap() error { return b.Err }

// stray keeps a line that is no event: the error of a load that would not begin,
// or the first broken one.
func (t *told) stray(line []byte, err error) {
	var refusal struct {
		Error *progress.Failure `json:"error"`
	}
	if json.Unmarshal(line, &refusal) == nil && refusal.Error != nil {
		t.refused = refusal.Error
		return
	}
	if t.broken == nil {
		t.broken = &BrokenLine{string(line[:min(len(line), 200)]), err}
	}
}

// conclude decides how it ended. A load that told its end has ended so, whoever
// tried to kill it meanwhile.
func conclude(t told, killed bool, at progress.Seam, state *os.ProcessState, exit error, stderr string) Outcome {
	switch {
	case t.finished != nil:
		return Outcome{Finished: t.finished, Err: t.broken}
	case killed:
		return Outcome{Killed: true, KilledAt: at}
	case t.broken != nil:
		return Outcome{Err: t.broken}
	}
	died := &Died{Exit: -1, Reason: "no exit status", Stderr: stderr, Told: t.refused}
	if state != nil {
		died.Exit, died.Reason = state.ExitCode(), state.String()
	} else if exit != nil {
		died.Reason = exit.Error()
	}
	return Outcome{Err: died}
}

// tail keeps the last bytes that were written to it.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const tailBytes = 16 << 10

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if extra := len(t.kept) - tailBytes; extra > 0 {
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	return len(p), nil
}

// String is what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}
