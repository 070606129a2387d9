package storage

import (
	"bytes"
	"errors"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory is a Store in a map, for tests of protocols. Folders exist while they
// hold something.
type Memory struct {
	mu    sync.Mutex
	files map[string]memoryData
	now   func() time.Time
}

type memoryData struct {
	data []byte
	at   time.Time
}

// NewMemory returns an empty Store whose files get their times from now; nil means the real time.
func NewMemory(now func() time.Time) *Memory {
	if now == nil {
		now = time.Now
	}
	return &Memory{files: map[string]memoryData{}, now: now}
}

// List implements Reader.
func (m *Memory) List(dir string) ([]Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[string]bool{}
	for path := range m.files {
		if rest, ok := strings.CutPrefix(path, folder(dir)); ok {
			name, _, deeper := strings.Cut(rest, string(filepath.Separator))
			found[name] = found[name] || deeper
		}
	}
	if len(found) == 0 {
		return nil, missing("list", dir)
	}
	entries := make([]Entry, 0, len(found))
	for name, isDir := range found {
		entries = append(entries, Entry{name, isDir})
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return entries, nil
}

// Scan implements Reader.
func (m *Memory) Scan(dir string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		entries, err := m.List(dir)
		for _, entry := range entries {
			if !yield(entry, nil) {
				return
			}
		}
		if err != nil {
			yield(Entry{}, err)
		}
	}
}

// Stat implements Reader.
func (m *Memory) Stat(path string) (Info, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if file, ok := m.files[path]; ok {
		return file.info(), nil
	}
	if m.hasFolder(path) {
		return Info{IsDir: true}, nil
	}
	return Info{}, missing("stat", path)
}

func (d memoryData) info() Info {
	return Info{SizeBytes: int64(len(d.data)), ModTime: d.at, IsFile: true}
}

func (m *Memory) hasFolder(dir string) bool {
	for path := range m.files {
		if strings.HasPrefix(path, folder(dir)) {
			return true
		}
	}
	return false
}

// Open implements Reader.
func (m *Memory) Open(path string) (File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	file, ok := m.files[path]
	if !ok {
		return nil, missing("open", path)
	}
	return memoryFile{bytes.NewReader(file.data), file.info()}, nil
}

type memoryFile struct {
	*bytes.Reader
	info Info
}

func (f memoryFile) Info() Info { return f.info }
func (memoryFile) Close() error { return nil }

// ReadFile implements Reader.
func (m *Memory) ReadFile(path string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	file, ok := m.files[path]
	if !ok {
		return nil, missing("read", path)
	}
	return bytes.Clone(file.data), nil
}

// Put implements Store.
func (m *Memory) Put(path string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files[path] = memoryData{bytes.Clone(data), m.now()}
	return nil
}

// PutIfAbsent implements Store.
func (m *Memory) PutIfAbsent(path string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.files[path]; ok {
		return taken("create", path)
	}
	m.files[path] = memoryData{bytes.Clone(data), m.now()}
	return nil
}

// Create implements Store.
func (m *Memory) Create(path string) (Writer, error) {
	return &bufferedWriter{show: func(data []byte) error { return m.PutIfAbsent(path, data) }}, nil
}

// Replace implements Store.
func (m *Memory) Replace(path string) (Writer, error) {
	return &bufferedWriter{show: func(data []byte) error { return m.Put(path, data) }}, nil
}

// bufferedWriter keeps a file's bytes until Commit hands them over.
type bufferedWriter struct {
	bytes.Buffer
	show func([]byte) error
	done bool
}

func (w *bufferedWriter) Commit() error {
	if w.done {
		return fs.ErrClosed
	}
	w.done = true
	return w.show(w.Bytes())
}

func (w *bufferedWriter) Abort() error { w.done = true; return nil }

// Delete implements Store.
func (m *Memory) Delete(path string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, isFile := m.files[path]; !isFile && m.hasFolder(path) {
		return &fs.PathError{Op: "delete", Path: path, Err: errors.New("directory not empty")}
	}
	delete(m.files, path)
	return nil
}

// DeleteTree implements Store.
func (m *Memory) DeleteTree(path string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name := range m.files {
		if name == path || strings.HasPrefix(name, folder(path)) {
			delete(m.files, name)
		}
	}
	return nil
}

// Move implements Store.
func (m *Memory) Move(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.files[to]; ok || m.hasFolder(to) {
		return taken("move", to)
	}
	moved := false
	for name, file := range m.files {
		if name == from || strings.HasPrefix(name, folder(from)) {
			delete(m.files, name)
			m.files[to+strings.TrimPrefix(name, from)] = file
			moved = true
		}
	}
	if !moved {
		return missing("move", from)
	}
	return nil
}

// SetModTime implements Store.
func (m *Memory) SetModTime(path string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	file, ok := m.files[path]
	if !ok {
		return missing("touch", path)
	}
	file.at = at
	m.files[path] = file
	return nil
}

func folder(dir string) string {
	return strings.TrimSuffix(dir, string(filepath.Separator)) + string(filepath.Separator)
}

func missing(op, path string) error { return &fs.PathError{Op: op, Path: path, Err: fs.ErrNotExist} }
func taken(op, path string) error   { return &fs.PathError{Op: op, Path: path, Err: fs.ErrExist} }
