package engine_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/array"

	"autoloaderlab/engine"
	"autoloaderlab/engine/autoloader"
	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/parquet"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/storage"
	"autoloaderlab/fixtures"
)

// A story is land, load, land, load. Every one of its writes is broken in every
// way; then a healthy process opens the folder and goes on by the ordinary road.
// In the end each source row is in the table exactly once, and whatever a reader
// saw on the way was a whole number of batches.
func TestEveryWriteOfAStoryMayFail(t *testing.T) {
	for _, variant := range []engine.Variant{engine.Notebook, engine.CheckpointInTable, engine.CopyInto} {
		healthy := storage.NewFaulty(storage.NewMemory(nil), fine)
		if err := tell(healthy, t.TempDir(), variant); err != nil {
			t.Fatal(err)
		}
		for n := range healthy.Count() {
			for _, fault := range storage.Faults {
				for _, dead := range []bool{true, false} {
					name := fmt.Sprintf("%s, write %d is %s, killed there %v", variant, n, fault, dead)
					t.Run(name, func(t *testing.T) { breakWrite(t, variant, n, fault, dead) })
				}
			}
		}
	}
}

func fine(int, storage.Write) storage.Fault { return storage.Fine }

func breakWrite(t *testing.T, variant engine.Variant, n int, fault storage.Fault, dead bool) {
	dir, disk := t.TempDir(), storage.NewMemory(nil)
	var broken storage.Write
	faulty := storage.NewFaulty(disk, func(i int, w storage.Write) storage.Fault {
		if i == n {
			broken = w
			return fault
		}
		return storage.Fine
	})
	faulty.Dead = dead
	_ = tell(faulty, dir, variant)
	wholeBatches(t, disk, dir, broken)
	if err := tell(disk, dir, variant); err != nil {
		t.Fatalf("after %v: %v", broken, err)
	}
	got, want := tableKeys(t, disk, dir), sourceKeys(t, disk, dir)
	if !slices.Equal(got, want) {
		t.Errorf("after %v: the table has %d rows, the source %d", broken, len(got), len(want))
	}
	for _, name := range names(t, disk, dir) {
		if storage.IsTemp(filepath.Base(name)) {
			t.Errorf("after %v: %s is left", broken, name)
		}
	}
}

// tell plays the story from wherever the folder stands, and loads twice at the end:
// the last load must have nothing to do.
func tell(store storage.Store, dir string, variant engine.Variant) error {
	ctx := context.Background()
	lab, err := engine.Open(ctx, engine.Config{Dir: dir, Store: store})
	if err != nil {
		return err
	}
	pipeline, err := lab.Pipeline(engine.Widgets{}, variant)
	if err != nil {
		return err
	}
	request := engine.LoadRequest{Options: []autoloader.Pair{{Key: "cloudFiles.maxFilesPerTrigger", Value: "2"}}}
	if _, err := pipeline.Load(ctx, request, progress.Nobody{}); err != nil {
		return err
	}
	if _, err := pipeline.NextDay(ctx); err != nil {
		return err
	}
	if _, err := pipeline.Load(ctx, request, progress.Nobody{}); err != nil {
		return err
	}
	if finished, err := pipeline.Load(ctx, request, progress.Nobody{}); err != nil || finished.RowsWritten != 0 {
		return fmt.Errorf("a load with nothing new wrote %d rows: %w", finished.RowsWritten, err)
	}
	return nil
}

// wholeBatches checks what a reader sees after the fault: no row twice, and of
// each file all rows or none.
func wholeBatches(t *testing.T, store storage.Store, dir string, broken storage.Write) {
	t.Helper()
	seen := map[string]bool{}
	for _, key := range tableKeys(t, store, dir) {
		if seen[key] {
			t.Fatalf("after %v: row %s is there twice", broken, key)
		}
		seen[key] = true
	}
	for _, day := range fixtures.Days() {
		data, _ := fixtures.CSV(day.Date)
		there := 0
		for _, key := range keysOf(data) {
			if seen[key] {
				there++
			}
		}
		if there != 0 && there != day.Rows {
			t.Fatalf("after %v: %d of the %d rows of %s are there", broken, there, day.Rows, day.Date)
		}
	}
}

// tableKeys reads account_feature_id out of the data files that the newest
// version names, in order.
func tableKeys(t *testing.T, store storage.Store, dir string) (keys []string) {
	t.Helper()
	table := filepath.Join(dir, "catalogs", "bronce_dev", "datavision_bruno", fixtures.Table)
	snapshot, err := delta.NewLog(store, table, nil).Latest(context.Background())
	if failure.Is(err, failure.TableNotFound) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, add := range snapshot.Files() {
		records, err := parquet.ReadAll(store, snapshot.AbsPath(add))
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			column := record.Column(0).(*array.String)
			for i := range column.Len() {
				keys = append(keys, strings.Clone(column.Value(i)))
			}
		}
	}
	slices.Sort(keys)
	return keys
}

func sourceKeys(t *testing.T, store storage.Store, dir string) (keys []string) {
	t.Helper()
	for _, name := range names(t, store, filepath.Join(dir, "Volumes", "landing_dev")) {
		if storage.IsTemp(filepath.Base(name)) {
			continue
		}
		data, err := store.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, keysOf(data)...)
	}
	slices.Sort(keys)
	return keys
}

func keysOf(data []byte) (keys []string) {
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		key, _, _ := strings.Cut(line, ",")
		keys = append(keys, key)
	}
	return keys
}

// names lists all files under dir.
func names(t *testing.T, store storage.Store, dir string) (found []string) {
	t.Helper()
	entries, err := store.List(dir)
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name)
		if entry.IsDir {
			found = append(found, names(t, store, path)...)
		} else {
			found = append(found, path)
		}
	}
	return found
}
