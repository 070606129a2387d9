package storage

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
)

// Local is the operating system's disk. Every write goes the same way: a
// temporary file beside the final place, fsync, one step that makes it visible,
// fsync of the folder.
type Local struct{}

// NewLocal returns the disk.
func NewLocal() Local { return Local{} }

// List implements Reader.
func (Local) List(dir string) ([]Entry, error) {
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, 0, len(found))
	for _, f := range found {
		entries = append(entries, Entry{Name: f.Name(), IsDir: f.IsDir()})
	}
	return entries, nil
}

// scannedAtOnce is how many entries of a folder are held at a time.
const scannedAtOnce = 256

// Scan implements Reader.
func (Local) Scan(dir string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		folder, err := os.Open(dir)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		defer func() { _ = folder.Close() }() // it was only read
		for {
			found, err := folder.ReadDir(scannedAtOnce)
			for _, f := range found {
				if !yield(Entry{Name: f.Name(), IsDir: f.IsDir()}, nil) {
					return
				}
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Entry{}, err)
				return
			}
		}
	}
}

// Stat implements Reader.
func (Local) Stat(path string) (Info, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Info{}, err
	}
	return infoOf(info), nil
}

func infoOf(info fs.FileInfo) Info {
	return Info{SizeBytes: info.Size(), ModTime: info.ModTime(), IsDir: info.IsDir(), IsFile: info.Mode().IsRegular()}
}

// Open implements Reader.
func (Local) Open(path string) (File, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return localFile{file, infoOf(info)}, nil
}

type localFile struct {
	*os.File
	info Info
}

func (f localFile) Info() Info { return f.info }

// ReadFile implements Reader.
func (Local) ReadFile(path string) ([]byte, error) { return os.ReadFile(path) }

// Put implements Store.
func (l Local) Put(path string, data []byte) error { return l.put(path, data, os.Rename) }

// PutIfAbsent implements Store.
func (l Local) PutIfAbsent(path string, data []byte) error { return l.put(path, data, publish) }

func (l Local) put(path string, data []byte, show func(temp, path string) error) error {
	w, err := newLocalWriter(path, show)
	if err != nil {
		return err
	}
	defer func() { _ = w.Abort() }()
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Commit()
}

// Create implements Store.
func (l Local) Create(path string) (Writer, error) { return newLocalWriter(path, publish) }

// Replace implements Store.
func (Local) Replace(path string) (Writer, error) { return newLocalWriter(path, os.Rename) }

// localWriter is a temporary file until show gives it its name.
type localWriter struct {
	file *os.File
	path string
	show func(temp, path string) error
	done bool
}

func newLocalWriter(path string, show func(temp, path string) error) (*localWriter, error) {
	dir := filepath.Dir(path)
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, tempName(path)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	return &localWriter{file: file, path: path, show: show}, nil
}

// tempName keeps clear of the limit on a name's length: the final name may use all of it.
func tempName(path string) string {
	base := filepath.Base(path)
	return "." + base[:min(len(base), 64)] + "." + uuid.NewString() + TempSuffix
}

func (w *localWriter) Write(p []byte) (int, error) { return w.file.Write(p) }

func (w *localWriter) Commit() error {
	if w.done {
		return fs.ErrClosed
	}
	w.done = true
	temp := w.file.Name()
	if err := errors.Join(w.file.Sync(), w.file.Close()); err != nil {
		return errors.Join(err, removeIfThere(temp))
	}
	if err := w.show(temp, w.path); err != nil {
		return errors.Join(err, removeIfThere(temp))
	}
	return syncDir(filepath.Dir(w.path))
}

func (w *localWriter) Abort() error {
	if w.done {
		return nil
	}
	w.done = true
	return errors.Join(w.file.Close(), removeIfThere(w.file.Name()))
}

// publish makes temp visible as path without ever replacing what is there. A
// hard link does that everywhere but on a few file systems that have none.
func publish(temp, path string) error {
	err := os.Link(temp, path)
	switch {
	case err == nil:
		return os.Remove(temp)
	case errors.Is(err, fs.ErrExist):
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	default:
		return renameNoReplace(temp, path, err)
	}
}

// Delete implements Store.
func (Local) Delete(path string) error {
	if err := os.Remove(path); err != nil {
		return ignoreMissing(err)
	}
	return syncDir(filepath.Dir(path))
}

// DeleteTree implements Store.
func (Local) DeleteTree(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return ignoreMissing(syncDir(filepath.Dir(path)))
}

// Move implements Store.
func (Local) Move(from, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return &fs.PathError{Op: "move", Path: to, Err: fs.ErrExist}
	}
	if err := makeDir(filepath.Dir(to)); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return errors.Join(syncDir(filepath.Dir(from)), syncDir(filepath.Dir(to)))
}

// makeDir makes a folder and its parents; each new name is made durable in its parent.
func makeDir(dir string) error {
	info, err := os.Stat(dir)
	if err == nil {
		if !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: dir, Err: errors.New("a file is in its place")}
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		if errors.Is(err, fs.ErrExist) { // another process was quicker
			return nil
		}
		return err
	}
	return syncDir(parent)
}

func removeIfThere(path string) error { return ignoreMissing(os.Remove(path)) }

// SetModTime implements Store.
func (Local) SetModTime(path string, at time.Time) error { return os.Chtimes(path, at, at) }
