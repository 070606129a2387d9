package parquet

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// testdata lists the Parquet files that others wrote.
func testdata(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.parquet")
	if err != nil || len(paths) == 0 {
		t.Fatal("no files in testdata", err)
	}
	return paths
}

func TestFilesThatOthersWroteAreReadAsTheyReadThem(t *testing.T) {
	for _, path := range testdata(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			records, err := ReadAll(storage.NewLocal(), path)
			if err != nil {
				t.Fatal(err)
			}
			expected := strings.TrimSuffix(path, ".parquet") + ".jsonl"
			if strings.HasPrefix(filepath.Base(path), "pyarrow") {
				expected = "testdata/pyarrow.jsonl"
			}
			got, want := rowsOf(t, records), readJSONLines(t, expected)
			if len(got) != len(want) {
				t.Fatalf("got %d rows, want %d", len(got), len(want))
			}
			for i := range want {
				if !reflect.DeepEqual(got[i], want[i]) {
					t.Errorf("row %d:\n got %v\nwant %v", i, got[i], want[i])
				}
			}
		})
	}
}

// rowsOf gives records as JSON gives them back.
func rowsOf(t testing.TB, records []arrow.Record) (rows []any) {
	t.Helper()
	for _, rec := range records {
		text, err := rec.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var some []any
		if err := json.Unmarshal(text, &some); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, some...)
	}
	return rows
}

func readJSONLines(t testing.TB, path string) (rows []any) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := json.NewDecoder(f); ; {
		var row any
		if err := lines.Decode(&row); errors.Is(err, io.EOF) {
			return rows
		} else if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

// checkpointSchema has the shapes of a Delta log checkpoint.
var checkpointSchema = arrow.NewSchema([]arrow.Field{
	{Name: "protocol", Nullable: true, Type: arrow.StructOf(
		arrow.Field{Name: "minReaderVersion", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
		arrow.Field{Name: "readerFeatures", Type: arrow.ListOf(arrow.BinaryTypes.String), Nullable: true})},
	{Name: "add", Nullable: true, Type: arrow.StructOf(
		arrow.Field{Name: "path", Type: arrow.BinaryTypes.String, Nullable: true},
		arrow.Field{Name: "partitionValues", Type: arrow.MapOf(arrow.BinaryTypes.String, arrow.BinaryTypes.String), Nullable: true},
		arrow.Field{Name: "size", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		arrow.Field{Name: "dataChange", Type: arrow.FixedWidthTypes.Boolean, Nullable: true})},
}, nil)

func TestEncodedRecordsAreReadBack(t *testing.T) {
	cases := map[string]string{
		"no rows": `[]`,
		"a row of each action": `[
			{"protocol":{"minReaderVersion":1,"readerFeatures":null},"add":null},
			{"protocol":null,"add":{"path":"a","partitionValues":[{"key":"day","value":"2025-03-03"},{"key":"x","value":null}],"size":1,"dataChange":false}},
			{"protocol":null,"add":{"path":"","partitionValues":[],"size":9007199254740993,"dataChange":true}},
			{"protocol":{"minReaderVersion":3,"readerFeatures":["a",null,"b"]},"add":null},
			{"protocol":{"minReaderVersion":null,"readerFeatures":[]},"add":{"path":null,"partitionValues":null,"size":null,"dataChange":null}}]`,
		"nothing but nulls": `[{"protocol":null,"add":null},{"protocol":null,"add":null}]`,
	}
	for name, rows := range cases {
		t.Run(name, func(t *testing.T) {
			rec, _, err := array.RecordFromJSON(memory.DefaultAllocator, checkpointSchema, strings.NewReader(rows))
			if err != nil {
				t.Fatal(err)
			}
			data, err := Encode(rec)
			if err != nil {
				t.Fatal(err)
			}
			store := storage.NewMemory(nil)
			if err := store.Put("/x.parquet", data); err != nil {
				t.Fatal(err)
			}
			got, err := ReadAll(store, "/x.parquet")
			if err != nil {
				t.Fatal(err)
			}
			sameRows(t, got, []arrow.Record{rec})
		})
	}
}

func TestACheckpointOfManyRecordsIsReadInOrder(t *testing.T) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, checkpointSchema)
	for i := range 3*maxReadRows/2 + 1 {
		row := `{"add":{"path":"` + strings.Repeat("p", i%5) + `","partitionValues":[{"key":"k","value":"v"}],"size":` + string(rune('0'+i%10)) + `}}`
		if i%3 == 0 {
			row = `{"protocol":{"readerFeatures":["x","y"]}}`
		}
		if err := b.UnmarshalJSON([]byte(row)); err != nil {
			t.Fatal(err)
		}
	}
	rec := b.NewRecord()
	data, err := Encode(rec)
	if err != nil {
		t.Fatal(err)
	}
	store := storage.NewMemory(nil)
	if err := store.Put("/x.parquet", data); err != nil {
		t.Fatal(err)
	}
	got, err := ReadAll(store, "/x.parquet")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 {
		t.Errorf("got %d records, want 2", len(got))
	}
	sameRows(t, got, []arrow.Record{rec})
}

func TestAMissingFileIsNotADamagedOne(t *testing.T) {
	_, err := ReadAll(storage.NewMemory(nil), "/x.parquet")
	if !errors.Is(err, fs.ErrNotExist) || failure.Is(err, failure.DamagedFile) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}

func TestADamagedFileIsNamed(t *testing.T) {
	whole, err := os.ReadFile("testdata/spark-delta-checkpoint.parquet")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string][]byte{
		"nothing":                  {},
		"text":                     []byte("id,account\n1,2\n"),
		"a file cut short":         whole[:len(whole)/2],
		"a file without its start": whole[len(whole)/2:],
		"magic alone":              []byte("PAR1PAR1"),
	}
	for name, data := range cases {
		t.Run(name, func(t *testing.T) { damaged(t, data) })
	}
}

func damaged(t testing.TB, data []byte) {
	t.Helper()
	store := storage.NewMemory(nil)
	if err := store.Put("/x.parquet", data); err != nil {
		t.Fatal(err)
	}
	_, err := ReadAll(store, "/x.parquet")
	var known *failure.Error
	if !errors.As(err, &known) || known.Class != failure.DamagedFile || known.Thing != "/x.parquet" {
		t.Fatalf("got %v, want %s of /x.parquet", err, failure.DamagedFile)
	}
}

// A flipped bit is either found or harmless; it never ends the program.
func TestAFlippedBitEndsInRowsOrDamage(t *testing.T) {
	for _, path := range testdata(t) {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(whole); at += 97 {
			data := append([]byte(nil), whole...)
			data[at] ^= 1 << (at % 8)
			readAnything(t, data)
		}
	}
}

func readAnything(t testing.TB, data []byte) {
	t.Helper()
	store := storage.NewMemory(nil)
	if err := store.Put("/x.parquet", data); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadAll(store, "/x.parquet"); err != nil && !failure.Is(err, failure.DamagedFile) {
		t.Fatalf("got %v, want rows or %s", err, failure.DamagedFile)
	}
}

func FuzzReadAll(f *testing.F) {
	for _, path := range testdata(f) {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { readAnything(t, data) })
}
