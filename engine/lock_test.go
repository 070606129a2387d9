package engine

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Before its first row a load looks alone, for a moment, for what killed
// processes left in the table. Another load waits for that moment; it does not
// say that the table is in use.
func TestALoadWaitsWhileAnotherSweepsItsTable(t *testing.T) {
	ctx := context.Background()
	lab, err := Open(ctx, Config{Dir: filepath.Join(t.TempDir(), "lab"), Store: storage.NewLocal()})
	if err != nil {
		t.Fatal(err)
	}
	table := lab.path("una", "tabla")
	sweeping, err := lab.lockAll(exclusive(table))
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan error)
	go func() {
		loading, err := lab.lockTable(ctx, table)
		loading.release()
		got <- err
	}()
	select {
	case err := <-got:
		t.Fatalf("it did not wait: %v", err)
	default:
	}
	sweeping.release()
	if err := <-got; err != nil {
		t.Fatalf("after the sweep: %v", err)
	}

	if sweeping, err = lab.lockAll(exclusive(table)); err != nil {
		t.Fatal(err)
	}
	defer sweeping.release()
	impatient, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := lab.lockTable(impatient, table); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled while it waited: %v", err)
	}
	if _, err := lab.lockAll(shared(table)); !failure.Is(err, failure.Busy) {
		t.Errorf("without waiting: %v, want %s", err, failure.Busy)
	}
}
