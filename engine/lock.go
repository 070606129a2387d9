package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"autoloaderlab/engine/failure"
)

// Locks are files in bloqueos/ that the system frees when their process ends,
// however it ends. They stop a second loader of ours; they do not stop a Spark,
// for which the logs themselves are the arbiter.
//
//	lab          shared by whoever works in the lab; exclusive to prepare or reset it
//	a checkpoint exclusive to the load that runs on it, or to its deletion
//	a table      shared by loads into it; exclusive to drop it or bring it back
//	lab.json, a landing folder, the cache, the cursor: exclusive while something is written there
//	postgres     exclusive while its server is started or stopped; postgres/en-uso shared by who uses it
type locks []*flock.Flock

func (l locks) release() {
	for i := len(l) - 1; i >= 0; i-- {
		_ = l[i].Unlock() // closing frees it in any case
	}
}

// want is a lock to be taken at once or not at all.
type want struct {
	path      string
	exclusive bool
}

func shared(path string) want    { return want{path, false} }
func exclusive(path string) want { return want{path, true} }

// lockAll takes the lab's lock, shared, and all the others; failure.Busy names
// the first that somebody holds.
func (l *Lab) lockAll(wants ...want) (locks, error) {
	var held locks
	for _, w := range append([]want{shared(l.dir)}, wants...) {
		lock, err := l.lockFile(w.path)
		if err != nil {
			held.release()
			return nil, err
		}
		ok, err := tryLock(lock, w.exclusive)
		if err != nil || !ok {
			held.release()
			return nil, busy(w.path, err)
		}
		held = append(held, lock)
	}
	return held, nil
}

// ignoreBusy is for work that may as well be left to whoever holds the lock.
func ignoreBusy(err error) error {
	if failure.Is(err, failure.Busy) {
		return nil
	}
	return err
}

func tryLock(lock *flock.Flock, exclusive bool) (bool, error) {
	if exclusive {
		return lock.TryLock()
	}
	return lock.TryRLock()
}

func busy(path string, err error) error {
	if err != nil {
		return failure.Disk("lock", path, err)
	}
	return failure.New(failure.Busy, "lock", path)
}

// lockLabWork waits for the right to change lab.json. Loads may run meanwhile.
func (l *Lab) lockLabWork(ctx context.Context) (locks, error) {
	return l.waitFor(ctx, l.path(stateFile))
}

// lockLab waits for the whole lab, for the short while that others need to
// prepare it.
func (l *Lab) lockLab(ctx context.Context) (locks, error) { return l.waitFor(ctx, l.dir) }

func (l *Lab) waitFor(ctx context.Context, path string) (locks, error) {
	return l.wait(ctx, exclusive(path), 30*time.Second)
}

// lockTable waits for the right to load into a table: another load may be
// looking there, alone and for a moment, for what killed processes left.
func (l *Lab) lockTable(ctx context.Context, dir string) (locks, error) {
	return l.wait(ctx, shared(dir), 3*time.Second)
}

func (l *Lab) wait(ctx context.Context, w want, patience time.Duration) (locks, error) {
	lock, err := l.lockFile(w.path)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	try := lock.TryRLockContext
	if w.exclusive {
		try = lock.TryLockContext
	}
	ok, err := try(ctx, 10*time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil
	}
	if err != nil || !ok {
		return nil, busy(w.path, err)
	}
	return locks{lock}, nil
}

// lockFile names the file for a path. Locks belong to processes and not to the
// table's or checkpoint's content, so they are apart from both, and on the real
// disk whatever the store is.
func (l *Lab) lockFile(path string) (*flock.Flock, error) {
	dir := l.path("bloqueos")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, failure.Disk("lock", dir, err)
	}
	name := "lab"
	if path != l.dir {
		relative, err := filepath.Rel(l.dir, path)
		if err != nil {
			relative = path
		}
		name = fmt.Sprintf("%x", sha256.Sum256([]byte(relative)))[:16]
	}
	return flock.New(filepath.Join(dir, name)), nil
}
