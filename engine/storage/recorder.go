package storage

import (
	"sync"
	"time"
)

// Recorder is another Store whose successful writes are written down in order:
// for tests of the order of writes, and for showing what happened on the disk.
type Recorder struct {
	Store
	mu     sync.Mutex
	writes []Write
}

// NewRecorder wraps store.
func NewRecorder(store Store) *Recorder { return &Recorder{Store: store} }

// Writes returns what was written so far.
func (r *Recorder) Writes() []Write {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Write(nil), r.writes...)
}

func (r *Recorder) note(verb, path string, err error) error {
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.writes = append(r.writes, Write{verb, path})
	}
	return err
}

// Put implements Store.
func (r *Recorder) Put(path string, data []byte) error {
	return r.note("put", path, r.Store.Put(path, data))
}

// PutIfAbsent implements Store.
func (r *Recorder) PutIfAbsent(path string, data []byte) error {
	return r.note("put-if-absent", path, r.Store.PutIfAbsent(path, data))
}

// Create implements Store.
func (r *Recorder) Create(path string) (Writer, error) {
	w, err := r.Store.Create(path)
	return &recordedWriter{w, r, path}, err
}

// Replace implements Store.
func (r *Recorder) Replace(path string) (Writer, error) {
	w, err := r.Store.Replace(path)
	return &recordedWriter{w, r, path}, err
}

type recordedWriter struct {
	Writer
	recorder *Recorder
	path     string
}

func (w *recordedWriter) Commit() error {
	return w.recorder.note("create", w.path, w.Writer.Commit())
}

// Delete implements Store.
func (r *Recorder) Delete(path string) error {
	return r.note("delete", path, r.Store.Delete(path))
}

// DeleteTree implements Store.
func (r *Recorder) DeleteTree(path string) error {
	return r.note("delete-tree", path, r.Store.DeleteTree(path))
}

// Move implements Store.
func (r *Recorder) Move(from, to string) error {
	return r.note("move", to, r.Store.Move(from, to))
}

// SetModTime implements Store.
func (r *Recorder) SetModTime(path string, at time.Time) error {
	return r.note("touch", path, r.Store.SetModTime(path, at))
}
