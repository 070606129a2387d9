package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
)

func openLab(t *testing.T, variant engine.Variant) (*engine.Lab, *engine.Pipeline) {
	t.Helper()
	lab, err := engine.Open(context.Background(), engine.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	pipeline, err := lab.Pipeline(engine.Widgets{}, variant)
	if err != nil {
		t.Fatal(err)
	}
	return lab, pipeline
}

func loadOnce(t *testing.T, pipeline *engine.Pipeline) {
	t.Helper()
	if _, err := pipeline.Load(context.Background(), engine.LoadRequest{}, progress.Nobody{}); err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, pipeline *engine.Pipeline) engine.Inventory {
	t.Helper()
	inventory, err := pipeline.Inventory(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return inventory
}

func TestSourceFilesAreThoseOfStatusWithTheirRows(t *testing.T) {
	for _, variant := range engine.Variants {
		t.Run(string(variant), func(t *testing.T) {
			_, pipeline := openLab(t, variant)
			before := take(t, pipeline)
			loadOnce(t, pipeline)
			after := take(t, pipeline)
			var rows, bytes int64
			for i, file := range after.Files {
				rows, bytes = rows+file.Rows, bytes+file.SizeBytes
				if before.Files[i].Seen {
					t.Errorf("%s: seen before any load", file.Name)
				}
				if want := variant != engine.NoCheckpoint; file.Seen != want {
					t.Errorf("%s: got seen %v, want %v", file.Name, file.Seen, want)
				}
			}
			source := after.Status.Source
			if source.Files != len(after.Files) || source.Rows != rows || source.Bytes != bytes {
				t.Errorf("got %d files, %d rows, %d bytes, want %+v", len(after.Files), rows, bytes, source)
			}
			if after.TableID == "" || after.Unnamed != 0 {
				t.Errorf("got table %q with %d unnamed files", after.TableID, after.Unnamed)
			}
		})
	}
}

func TestInventoryCountsWhatNobodyNamesAndWhatWasDeleted(t *testing.T) {
	_, pipeline := openLab(t, engine.Notebook)
	loadOnce(t, pipeline)
	orphan := filepath.Join(pipeline.TableDir(), "part-00000-orphan.parquet")
	if err := os.WriteFile(orphan, []byte("PAR1"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := take(t, pipeline); got.Unnamed != 1 || got.SourceEntry != 0 {
		t.Errorf("got %d unnamed and entry %d, want 1 and 0", got.Unnamed, got.SourceEntry)
	}
	ctx := context.Background()
	if _, err := pipeline.DropTable(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.DeleteCheckpoint(ctx); err != nil {
		t.Fatal(err)
	}
	got := take(t, pipeline)
	if got.TrashedTables != 1 || got.TrashedCheckpoints != 1 || got.SourceEntry != -1 || got.TableID != "" {
		t.Errorf("got %+v", got)
	}
	disk, err := pipeline.Disk(ctx)
	if err != nil || len(disk.Trash) != 2 || len(disk.Table.Files) != 0 || len(disk.Checkpoint.Folders) != 0 || len(disk.Source.Files) != 3 {
		t.Errorf("got %+v, %v", disk, err)
	}
}

func TestACheckpointInsideTheTableIsListedOnce(t *testing.T) {
	_, pipeline := openLab(t, engine.CheckpointInTable)
	loadOnce(t, pipeline)
	disk, err := pipeline.Disk(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(disk.Checkpoint.Files) == 0 {
		t.Error("the checkpoint is not listed")
	}
	for _, folder := range disk.Table.Folders {
		if strings.HasPrefix(filepath.Base(folder.Path), "_checkpoint") {
			t.Errorf("%s is in the table's own list", folder.Path)
		}
	}
}

func TestADamagedSourceLogSpoilsNoOtherPart(t *testing.T) {
	_, pipeline := openLab(t, engine.Notebook)
	loadOnce(t, pipeline)
	if err := os.WriteFile(filepath.Join(pipeline.CheckpointDir(), "sources", "0", "0"), []byte("v1\n{"), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := pipeline.Inventory(context.Background())
	if !failure.Is(err, failure.DamagedFile) {
		t.Errorf("got %v, want %s", err, failure.DamagedFile)
	}
	if len(got.Files) != 3 || got.Files[0].Seen || got.Status.Table.Rows == nil {
		t.Errorf("got %+v", got)
	}
}

func TestHeadReadsNoMoreThanAsked(t *testing.T) {
	lab, pipeline := openLab(t, engine.Notebook)
	files := take(t, pipeline).Files
	path := filepath.Join(pipeline.SourceDir(), files[0].Name)
	data, size, err := lab.Head(path, 7)
	if err != nil || len(data) != 7 || size != files[0].SizeBytes {
		t.Errorf("got %q of %d, %v", data, size, err)
	}
	if _, _, err := lab.Head(path+"x", 7); !failure.Is(err, failure.FileVanished) {
		t.Errorf("got %v, want %s", err, failure.FileVanished)
	}
}
