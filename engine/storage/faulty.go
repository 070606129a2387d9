package storage

import (
	"errors"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// ErrFault is what a broken write reports.
var ErrFault = errors.New("injected fault")

// Fault is what becomes of one write.
type Fault int

// The ways a write can end.
const (
	Fine     Fault = iota
	Lost           // reported failed, and nothing is there
	Torn           // reported failed; a half-written temporary file is left, as by a kill
	Kept           // reported failed, though all of it is there
	DiskFull       // reported failed for want of room, and nothing is there
)

// Faults are the ways that a write can fail.
var Faults = []Fault{Lost, Torn, Kept, DiskFull}

// String names a fault in tests.
func (f Fault) String() string {
	return [...]string{"fine", "lost", "torn", "kept though reported lost", "disk full"}[f]
}

// Write is one operation that changes the disk: its verb ("put",
// "put-if-absent", "create", "delete", "delete-tree", "move", "touch") and path.
// A file that comes bit by bit counts once, at its Commit.
type Write struct{ Verb, Path string }

// Faulty is another Store in which decide chooses the end of each write. Once a
// write failed, Dead makes all later ones fail too, as if the process had been
// killed there.
type Faulty struct {
	Store
	Dead   bool
	decide func(n int, w Write) Fault

	mu     sync.Mutex
	count  int
	failed bool
}

// NewFaulty wraps store; decide is asked before write number n, from 0 on.
func NewFaulty(store Store, decide func(n int, w Write) Fault) *Faulty {
	return &Faulty{Store: store, decide: decide}
}

// Count tells how many writes were asked for.
func (f *Faulty) Count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count
}

func (f *Faulty) next(w Write) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failed && f.Dead {
		return Lost
	}
	fault := f.decide(f.count, w)
	f.count++
	f.failed = f.failed || fault != Fine
	return fault
}

// do ends one write as decided; torn leaves what a kill would.
func (f *Faulty) do(w Write, act, torn func() error) error {
	switch f.next(w) {
	case Lost:
		return ErrFault
	case Torn:
		return errors.Join(ErrFault, torn())
	case Kept:
		return errors.Join(ErrFault, act())
	case DiskFull:
		return syscall.ENOSPC
	default:
		return act()
	}
}

func nothing() error { return nil }

func (f *Faulty) half(path string, data []byte) func() error {
	temp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".torn"+TempSuffix)
	return func() error { return f.Store.Put(temp, data[:len(data)/2]) }
}

// Put implements Store.
func (f *Faulty) Put(path string, data []byte) error {
	return f.do(Write{"put", path}, func() error { return f.Store.Put(path, data) }, f.half(path, data))
}

// PutIfAbsent implements Store.
func (f *Faulty) PutIfAbsent(path string, data []byte) error {
	return f.do(Write{"put-if-absent", path}, func() error { return f.Store.PutIfAbsent(path, data) }, f.half(path, data))
}

// Create implements Store.
func (f *Faulty) Create(path string) (Writer, error) {
	w, err := f.Store.Create(path)
	return &faultyWriter{Writer: w, faulty: f, path: path}, err
}

// Replace implements Store.
func (f *Faulty) Replace(path string) (Writer, error) {
	w, err := f.Store.Replace(path)
	return &faultyWriter{Writer: w, faulty: f, path: path}, err
}

type faultyWriter struct {
	Writer
	faulty *Faulty
	path   string
}

func (w *faultyWriter) Write(p []byte) (int, error) { return w.Writer.Write(p) }

func (w *faultyWriter) Commit() error {
	err := w.faulty.do(Write{"create", w.path}, w.Writer.Commit, w.faulty.half(w.path, []byte("half a file")))
	if err != nil {
		_ = w.Abort()
	}
	return err
}

// Delete implements Store.
func (f *Faulty) Delete(path string) error {
	return f.do(Write{"delete", path}, func() error { return f.Store.Delete(path) }, nothing)
}

// DeleteTree implements Store.
func (f *Faulty) DeleteTree(path string) error {
	return f.do(Write{"delete-tree", path}, func() error { return f.Store.DeleteTree(path) }, nothing)
}

// Move implements Store.
func (f *Faulty) Move(from, to string) error {
	return f.do(Write{"move", to}, func() error { return f.Store.Move(from, to) }, nothing)
}

// SetModTime implements Store.
func (f *Faulty) SetModTime(path string, at time.Time) error {
	return f.do(Write{"touch", path}, func() error { return f.Store.SetModTime(path, at) }, nothing)
}
