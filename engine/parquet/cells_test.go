package parquet

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow"
	"pgregory.net/rapid"
)

func TestThePageOfAscendingValuesKnowsItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.StringMatching(`[ab\x00]{0,20}`), rapid.StringMatching(`2025-0[12]-[0-9]{2} [0-9]{2}`))
		texts := rapid.SliceOfN(value, 1, 20).Draw(t, "values")
		if rapid.Bool().Draw(t, "sorted") {
			slices.Sort(texts)
		}
		var c cells
		for _, text := range texts {
			c.append([]byte(text))
		}
		var s deltaStrings
		s.add(&c)
		if s.ascended != slices.IsSorted(texts) {
			t.Fatalf("%q: ascended %v", texts, s.ascended)
		}
	})
}

// What a file was made with serves the next one: nothing of the first may be seen in it.
func TestAFileIsTheSameWhateverWasWrittenBefore(t *testing.T) {
	small, _ := purchaseRecords(1, 100)
	large, _ := purchaseRecords(3, 50_000)
	store := storage.NewMemory(nil)
	one, err := NewWriters(store, purchases)
	if err != nil {
		t.Fatal(err)
	}
	for i, records := range [][]arrow.Record{large, small, large, small} {
		own, err := NewWriters(store, purchases)
		if err != nil {
			t.Fatal(err)
		}
		got, want := writeWith(t, one, fmt.Sprintf("/t/%d", i), records), writeWith(t, own, fmt.Sprintf("/own/%d", i), records)
		if !reflect.DeepEqual(got.Columns, want.Columns) || got.Rows != want.Rows {
			t.Errorf("file %d: %+v, not %+v", i, got, want)
		}
		gotBytes, wantBytes := must(store.ReadFile(got.Path)), must(store.ReadFile(want.Path))
		if !bytes.Equal(gotBytes, wantBytes) {
			t.Errorf("file %d has other bytes", i)
		}
	}
}

func writeWith(t *testing.T, writers *Writers, path string, records []arrow.Record) DataFile {
	t.Helper()
	w, err := writers.Begin(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records {
		if err := w.Write(record); err != nil {
			t.Fatal(err)
		}
	}
	file, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func must(data []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return data
}
