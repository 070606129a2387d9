package delta

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// table is the folder of the tests' table, on every kind of store.
const table = "/lab/t"

// clock starts at a fixed instant and advances a second whenever it is asked.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.at = c.at.Add(time.Second)
	return c.at
}

func ids() Schema { return Schema{[]Field{NewField("id", "string")}} }

// newTable creates a table without rows and returns its log.
func newTable(t testing.TB, store storage.Store, dir string) *Log {
	t.Helper()
	log := NewLog(store, dir, newClock().now)
	mustCommit(t, log, CreateTable(NewMetadata(ids(), time.UnixMilli(1))))
	return log
}

func mustCommit(t testing.TB, log *Log, tx Transaction) Outcome {
	t.Helper()
	outcome, err := log.Commit(context.Background(), tx)
	if err != nil {
		t.Fatal(err)
	}
	if outcome.LogCheckpoint != nil {
		t.Fatal(outcome.LogCheckpoint)
	}
	return outcome
}

func latest(t testing.TB, log *Log) *Snapshot {
	t.Helper()
	s, err := log.Latest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func at(t testing.TB, log *Log, v Version) *Snapshot {
	t.Helper()
	s, err := log.At(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// file is the add of a data file with a number of rows.
func file(name string, rows int64) Add {
	return Add{Path: name, SizeBytes: 100, ModificationTime: 1, DataChange: true, Stats: fmt.Sprintf(`{"numRecords":%d}`, rows)}
}

// batch is a micro-batch of query "q" with one file of ten rows.
func batch(base *Snapshot, epoch int64) Transaction {
	return StreamingUpdate(base, "q", epoch, []Add{file(fmt.Sprintf("part-%d.parquet", epoch), 10)}, time.UnixMilli(7))
}

// load commits batches to the newest state, one after the other.
func load(t testing.TB, log *Log, from, to int64) {
	t.Helper()
	for epoch := from; epoch < to; epoch++ {
		mustCommit(t, log, batch(latest(t, log), epoch))
	}
}

func paths(s *Snapshot) []string {
	names := []string{}
	for _, add := range s.Files() {
		names = append(names, add.Path)
	}
	return names
}

func logFile(name string) string { return filepath.Join(table, LogDir, name) }

func mustPut(t testing.TB, store storage.Store, path, text string) {
	t.Helper()
	if err := store.Put(path, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func mustRead(t testing.TB, store storage.Reader, path string) string {
	t.Helper()
	text, err := store.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func mustDelete(t testing.TB, store storage.Store, path string) {
	t.Helper()
	if err := store.Delete(path); err != nil {
		t.Fatal(err)
	}
}

func wantClass(t testing.TB, err error, class failure.Class) {
	t.Helper()
	if !failure.Is(err, class) {
		t.Errorf("got %v, want class %s", err, class)
	}
}

// failureNames tells whether err lists name.
func failureNames(err error, name string) bool {
	var known *failure.Error
	return errors.As(err, &known) && slices.Contains(known.Names, name)
}

// manyVersions lays out ten thousand versions by hand, and the log checkpoint of
// the last due one.
func manyVersions(t testing.TB, dir string, empty *Snapshot) {
	t.Helper()
	grown := *empty
	for v := 1; v < 10000; v++ {
		add := file(fmt.Sprintf("part-%d.parquet", v), 10)
		text, err := encodeLines([]line{{CommitInfo: []byte("{}")}, {Add: &add}})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, LogDir, commitName(Version(v))), text, 0o644); err != nil {
			t.Fatal(err)
		}
		if v <= 9990 {
			grown.files = append(grown.files, add)
		}
	}
	grown.Version = 9990
	for v := Version(10); v <= 9980; v += 10 {
		if err := os.WriteFile(filepath.Join(dir, LogDir, checkpointName(v)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := NewLog(storage.NewLocal(), dir, time.Now).writeCheckpoint(&grown); err != nil {
		t.Fatal(err)
	}
}
