package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/apache/arrow/go/v17/arrow/array"

	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/parquet"
	"autoloaderlab/engine/storage"
)

// reader looks at the table as anybody else would: by its log.
type reader struct {
	source *source
	log    *delta.Log

	mu      sync.Mutex
	content map[string][]int // a data file's path -> numbers of its rows
	version delta.Version
	loaded  int // source files seen whole at version
}

func newReader(table string, s *source) *reader {
	return &reader{source: s, log: delta.NewLog(storage.NewLocal(), table, time.Now), content: map[string][]int{}, version: -1}
}

// files is how many source files the reader saw when it last looked.
func (r *reader) files() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.loaded
}

// look reads the newest version. Versions never go back, what was there stays,
// and a source file is there with each of its rows once or not at all.
func (r *reader) look() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	snapshot, err := r.log.Latest(context.Background())
	if failure.Is(err, failure.TableNotFound) && r.version < 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if snapshot.Version < r.version {
		return fmt.Errorf("version %d after version %d", snapshot.Version, r.version)
	}
	if snapshot.Version == r.version {
		return nil
	}
	loaded, err := r.wholeFiles(snapshot)
	if err != nil {
		return fmt.Errorf("version %d: %w", snapshot.Version, err)
	}
	if loaded < r.loaded {
		return fmt.Errorf("version %d has %d source files, version %d had %d", snapshot.Version, loaded, r.version, r.loaded)
	}
	r.version, r.loaded = snapshot.Version, loaded
	return nil
}

// wholeFiles counts the source files in a snapshot.
func (r *reader) wholeFiles(snapshot *delta.Snapshot) (int, error) {
	times := map[int]int{} // a row's number -> how often it is there
	for _, add := range snapshot.Files() {
		rows, err := r.read(snapshot.AbsPath(add))
		if err != nil {
			return 0, err
		}
		for _, row := range rows {
			if times[row]++; times[row] > 1 {
				return 0, fmt.Errorf("row %d is there twice, the second time in %s", row, add.Path)
			}
		}
	}
	r.source.mu.Lock()
	defer r.source.mu.Unlock()
	there := make([]int, len(r.source.sizes))
	for row := range times {
		there[r.source.fileOf[row]]++
	}
	loaded := 0
	for file, rows := range there {
		switch rows {
		case 0:
		case r.source.sizes[file]:
			loaded++
		default:
			return 0, fmt.Errorf("%d of the %d rows of source file %d", rows, r.source.sizes[file], file)
		}
	}
	return loaded, nil
}

// read gives the numbers of a data file's rows, whose values must all be those
// that landed.
func (r *reader) read(path string) ([]int, error) {
	if rows, known := r.content[path]; known {
		return rows, nil
	}
	records, err := parquet.ReadAll(storage.NewLocal(), path)
	if err != nil {
		return nil, err
	}
	var rows []int
	r.source.mu.Lock()
	defer r.source.mu.Unlock()
	for _, record := range records {
		landed := strings.Count(header, ",") + 1
		values := make([]string, landed)
		for i := range int(record.NumRows()) {
			for c := range landed {
				values[c] = record.Column(c).(*array.String).Value(i)
			}
			row, known := r.source.rows[strings.Join(values, ",")]
			if !known {
				return nil, fmt.Errorf("%s has a row that never landed: %q", path, values)
			}
			rows = append(rows, row)
		}
	}
	r.content[path] = rows
	return rows, nil
}

// complete tells whether everything that landed is there.
func (r *reader) complete() error {
	if err := r.look(); err != nil {
		return err
	}
	if loaded, landed := r.files(), r.source.files(); loaded != landed {
		return fmt.Errorf("%d of %d source files are in the table", loaded, landed)
	}
	return nil
}
