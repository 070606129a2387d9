package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Shelf is what outlives a console, in the lab's folder:
//
//	consola.json   the statements that were run, oldest first
//	resultados/    the results that were saved as CSV
//
// A history that cannot be read is an empty one, and stays beside the next under
// another name. A result never takes the place of another.
type Shelf struct {
	store storage.Store
	dir   string
}

// NewShelf returns the shelf in a lab's folder, which need not exist.
func NewShelf(store storage.Store, dir string) *Shelf { return &Shelf{store, dir} }

const (
	historyFile    = "consola.json"
	historyVersion = 1
	resultsFolder  = "resultados"

	keptStatements = 200
	keptBytes      = 256 << 10
)

// kept is consola.json.
type kept struct {
	Version    int      `json:"version"`
	Statements []string `json:"sentencias"`
}

// History are the statements that were kept, oldest first.
func (s *Shelf) History() []string {
	statements, _ := s.read()
	return statements
}

// read tells of a history that is there and cannot be used by an error.
func (s *Shelf) read() ([]string, error) {
	path := filepath.Join(s.dir, historyFile)
	info, err := s.store.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.IsFile || info.SizeBytes > 8*keptBytes: // none that was written here is so long
		return nil, failure.New(failure.DamagedFile, "read", path)
	}
	data, err := s.store.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, failure.New(failure.DamagedFile, "read", path).Because(err)
	}
	if k.Version != historyVersion {
		return nil, failure.New(failure.DamagedFile, "read", path).Because(fmt.Errorf("version %d", k.Version))
	}
	return bounded(k.Statements), nil
}

// Keep adds a statement at the history's end, after what another console has put
// there since.
func (s *Shelf) Keep(statement string) error {
	statements, err := s.read()
	path := filepath.Join(s.dir, historyFile)
	if failure.Is(err, failure.DamagedFile) {
		err = s.setAside(path)
	}
	if err != nil {
		return err
	}
	var data bytes.Buffer
	out := json.NewEncoder(&data)
	out.SetEscapeHTML(false) // people read it: < stays <
	out.SetIndent("", "  ")
	if err := out.Encode(kept{historyVersion, bounded(latest(statements, statement))}); err != nil {
		return err
	}
	return failure.Disk("write", path, s.store.Put(path, data.Bytes()))
}

// setAside gives a history that cannot be used a name of its own.
func (s *Shelf) setAside(path string) error {
	_, err := firstFree(func(n int) (string, error) {
		aside := fmt.Sprintf("%s.apartado-%d", path, n)
		return aside, s.store.Move(path, aside)
	})
	return failure.Disk("set aside", path, err)
}

// Save writes a result under a free name and gives its path.
func (s *Shelf) Save(name string, data []byte) (path string, err error) {
	stem, extension := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	path, err = firstFree(func(n int) (string, error) {
		if n > 1 {
			name = fmt.Sprintf("%s-%d%s", stem, n, extension)
		}
		path := filepath.Join(s.dir, resultsFolder, name)
		return path, s.store.PutIfAbsent(path, data)
	})
	return path, failure.Disk("save", path, err)
}

// firstFree tries names until one is not taken.
func firstFree(try func(n int) (string, error)) (path string, err error) {
	for n := 1; ; n++ {
		if path, err = try(n); !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
}

// latest is a history with a statement at its end, and nowhere else.
func latest(history []string, statement string) []string {
	others := slices.DeleteFunc(slices.Clone(history), func(old string) bool { return old == statement })
	return append(others, statement)
}

// bounded leaves out the oldest statements of a history that is too long.
func bounded(history []string) []string {
	first, size := len(history), 0
	for first > 0 && len(history)-first < keptStatements {
		if size += len(history[first-1]); size > keptBytes {
			break
		}
		first--
	}
	return history[first:]
}
