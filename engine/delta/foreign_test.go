package delta

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// expectedTable is what an independent reader found in a table.
type expectedTable struct {
	Path          string           `json:"path"`
	Rows          *int64           `json:"rows"`
	RowsByVersion map[string]int64 `json:"rows_by_version"`
	ActiveFiles   int              `json:"active_paths_json_replay"` // taking every spelling for a path of its own
	Status        string           `json:"status"`
}

// refused tables and why; Naming the feature where it is one.
var refused = map[string]struct {
	class failure.Class
	name  string
}{
	"data-reader-absolute-paths-escaped-chars":                       {failure.StateRecovery, "metaData"},
	"data-reader-timestamp_ntz-id-mode":                              {failure.UnsupportedFeature, "columnMapping"},
	"data-reader-timestamp_ntz-name-mode":                            {failure.UnsupportedFeature, "columnMapping"},
	"data-skipping-basic-stats-all-types-columnmapping-id":           {failure.UnsupportedFeature, "columnMapping"},
	"data-skipping-basic-stats-all-types-columnmapping-name":         {failure.UnsupportedFeature, "columnMapping"},
	"deltalog-commit-info":                                           {failure.StateRecovery, "metaData.schemaString"},
	"deltalog-invalid-protocol-version":                              {failure.UnsupportedFeature, "minReaderVersion=99"},
	"deltalog-state-reconstruction-from-checkpoint-missing-metadata": {failure.StateRecovery, "metaData"},
	"deltalog-state-reconstruction-from-checkpoint-missing-protocol": {failure.StateRecovery, "protocol"},
	"deltalog-state-reconstruction-without-metadata":                 {failure.StateRecovery, "metaData"},
	"deltalog-state-reconstruction-without-protocol":                 {failure.StateRecovery, "protocol"},
	"dv-partitioned-with-checkpoint":                                 {failure.UnsupportedFeature, "deletionVectors"},
	"dv-with-columnmapping":                                          {failure.UnsupportedFeature, "columnMapping"},
	"log-replay-dv-key-cases":                                        {failure.UnsupportedFeature, "deletionVectors"},
	"table-with-columnmapping-mode-id":                               {failure.UnsupportedFeature, "columnMapping"},
	"table-with-columnmapping-mode-name":                             {failure.UnsupportedFeature, "columnMapping"},
	"update-deleted-directory":                                       {failure.StateRecovery, "metaData.schemaString"},
	"v2-checkpoint-json":                                             {failure.UnsupportedFeature, "v2Checkpoint"},
	"v2-checkpoint-parquet":                                          {failure.UnsupportedFeature, "v2Checkpoint"},
	"versions-not-contiguous":                                        {failure.LogGap, ""},
}

// oneFileInTwoSpellings are tables whose add and remove name one file differently.
var oneFileInTwoSpellings = map[string]bool{
	"canonicalized-paths-normal-a": true, "canonicalized-paths-normal-b": true,
	"canonicalized-paths-special-a": true, "canonicalized-paths-special-b": true,
}

// TestForeignTables reads tables that Spark wrote. The folder holds
// expected.json, which maps a name to an expectedTable.
func TestForeignTables(t *testing.T) {
	root := os.Getenv("LAB_DELTA_TABLES")
	if root == "" {
		t.Skip("LAB_DELTA_TABLES does not name a folder of foreign Delta tables")
	}
	text, err := os.ReadFile(filepath.Join(root, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var tables map[string]expectedTable
	if err := json.Unmarshal(text, &tables); err != nil {
		t.Fatal(err)
	}
	for name, want := range tables {
		t.Run(name, func(t *testing.T) {
			log := NewLog(storage.NewLocal(), filepath.Join(root, want.Path), time.Now)
			base := filepath.Base(name)
			if refusal, ok := refused[base]; ok {
				checkRefused(t, log, refusal.class, refusal.name)
				return
			}
			if want.Status == "must fail" {
				t.Fatal("a table that must fail is not among the refused")
			}
			checkForeign(t, log, base, want)
		})
	}
}

func checkRefused(t *testing.T, log *Log, class failure.Class, name string) {
	t.Helper()
	_, err := log.Latest(context.Background())
	if !failure.Is(err, class) {
		t.Fatalf("got %v, want class %s", err, class)
	}
	if name != "" && !failureNames(err, name) {
		t.Errorf("got %v, want it to name %s", err, name)
	}
}

func checkForeign(t *testing.T, log *Log, base string, want expectedTable) {
	t.Helper()
	ctx := context.Background()
	latest, err := log.Latest(ctx)
	if err != nil {
		t.Fatal(err)
	}
	files := want.ActiveFiles
	if oneFileInTwoSpellings[base] {
		files = 0
	}
	if got := len(latest.Files()); got != files {
		t.Errorf("got %d files, want %d", got, files)
	}
	if _, err := latest.Schema(); err != nil {
		t.Error(err)
	}
	if _, err := log.History(ctx); err != nil {
		t.Error(err)
	}
	checkRows(t, latest, want.Rows)
	for version, rows := range want.RowsByVersion {
		v, err := strconv.ParseInt(version, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		then, err := log.At(ctx, Version(v))
		if err != nil {
			t.Errorf("version %d: %v", v, err)
			continue
		}
		checkRows(t, then, &rows)
	}
}

// checkRows compares rows by statistics, where all files have them, and looks
// for every file of a table whose rows are known.
func checkRows(t *testing.T, s *Snapshot, want *int64) {
	t.Helper()
	if want == nil {
		return
	}
	if got, known := s.Rows(); known && got != *want {
		t.Errorf("version %d: got %d rows, want %d", s.Version, got, *want)
	}
	for _, add := range s.Files() {
		info, err := os.Stat(s.AbsPath(add))
		if err != nil {
			t.Errorf("version %d: %v", s.Version, err)
			continue
		}
		if info.Size() != add.SizeBytes {
			t.Errorf("version %d: %s has %d bytes, the log says %d", s.Version, add.Path, info.Size(), add.SizeBytes)
		}
	}
}

// TestForeignChecksums recomputes the checksums that Spark put into its hints.
func TestForeignChecksums(t *testing.T) {
	root := os.Getenv("LAB_DELTA_TABLES")
	if root == "" {
		t.Skip("LAB_DELTA_TABLES does not name a folder of foreign Delta tables")
	}
	hints, err := filepath.Glob(filepath.Join(root, "*", "*", "delta", LogDir, lastCheckpointName))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, path := range hints {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var hint struct {
			Checksum string `json:"checksum"`
		}
		if json.Unmarshal(text, &hint) != nil || hint.Checksum == "" {
			continue
		}
		got, err := checksum(text)
		if err != nil || got != hint.Checksum {
			t.Errorf("%s: got %s %v, want %s", path, got, err, hint.Checksum)
		}
		compared++
	}
	if compared == 0 {
		t.Error("no table has a checksum")
	}
}
