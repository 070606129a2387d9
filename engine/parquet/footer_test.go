package parquet

import (
	"path/filepath"
	"testing"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

func TestAFooterTellsWhatReadAllReads(t *testing.T) {
	for _, path := range testdata(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			footer, err := ReadFooter(storage.NewLocal(), path, 2)
			if err != nil {
				t.Fatal(err)
			}
			records, err := ReadAll(storage.NewLocal(), path)
			if err != nil {
				t.Fatal(err)
			}
			var rows, inGroups int64
			for _, record := range records {
				rows += record.NumRows()
			}
			for _, group := range footer.Groups {
				inGroups += group.Rows
			}
			if footer.Rows != rows || inGroups != rows {
				t.Errorf("got %d rows, %d in its row groups, want %d", footer.Rows, inGroups, rows)
			}
			if want := min(rows, 2); int64(len(footer.Head)) != want {
				t.Fatalf("got %d first rows, want %d", len(footer.Head), want)
			}
			for i, row := range footer.Head {
				for j, column := range records[0].Columns() {
					if (row[j] == nil) != column.IsNull(i) || row[j] != nil && *row[j] != column.ValueStr(i) {
						t.Errorf("row %d, %s: got %v, want %s", i, footer.Names[j], row[j], column.ValueStr(i))
					}
				}
			}
		})
	}
}

func FuzzReadFooter(f *testing.F) {
	for _, path := range testdata(f) {
		data, err := storage.NewLocal().ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("PAR1PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		store := storage.NewMemory(nil)
		if err := store.Put("/x.parquet", data); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFooter(store, "/x.parquet", 3); err != nil && !failure.Is(err, failure.DamagedFile) {
			t.Errorf("got %v, want %s", err, failure.DamagedFile)
		}
	})
}
