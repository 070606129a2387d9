package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

var timestamp = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}

// everyType has a column of each type that data files hold.
var everyType = arrow.NewSchema([]arrow.Field{
	{Name: "text", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "day", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
	{Name: "count", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
	{Name: "at", Type: timestamp, Nullable: true},
	{Name: "ratio", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	{Name: "flag", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
}, nil)

// record makes a record of rows written as Go values; nil is null.
func record(t testing.TB, schema *arrow.Schema, rows ...[]any) arrow.Record {
	t.Helper()
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, row := range rows {
		for i, value := range row {
			switch field := b.Field(i).(type) {
			case *array.StringBuilder:
				put(field, field.Append, value)
			case *array.Date32Builder:
				put(field, func(v int) { field.Append(arrow.Date32(v)) }, value)
			case *array.Int64Builder:
				put(field, func(v int) { field.Append(int64(v)) }, value)
			case *array.TimestampBuilder:
				put(field, func(v int) { field.Append(arrow.Timestamp(v)) }, value)
			case *array.Float64Builder:
				put(field, field.Append, value)
			case *array.BooleanBuilder:
				put(field, field.Append, value)
			default:
				t.Fatalf("no builder for %T", field)
			}
		}
	}
	return b.NewRecord()
}

func put[T any](b array.Builder, add func(T), value any) {
	if value == nil {
		b.AppendNull()
		return
	}
	add(value.(T))
}

func texts(columns ...string) *arrow.Schema {
	fields := make([]arrow.Field, len(columns))
	for i, name := range columns {
		fields[i] = arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

// write makes a data file of records in memory.
func write(t testing.TB, schema *arrow.Schema, records ...arrow.Record) (storage.Store, DataFile) {
	t.Helper()
	store := storage.NewMemory(time.Now)
	return store, writeTo(t, store, "/t/part-0.parquet", schema, records...)
}

func writeTo(t testing.TB, store storage.Store, path string, schema *arrow.Schema, records ...arrow.Record) DataFile {
	t.Helper()
	w, err := NewWriter(store, path, schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range records {
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	written, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// sameRows compares records row by row, however they are cut.
func sameRows(t testing.TB, got, want []arrow.Record) {
	t.Helper()
	if g, w := joinedRecord(t, got), joinedRecord(t, want); g != nil || w != nil {
		if g == nil || w == nil || g.NumRows() != w.NumRows() || g.NumCols() != w.NumCols() {
			t.Fatalf("got %v, want %v", g, w)
		}
		for i := range int(g.NumCols()) {
			if g.ColumnName(i) != w.ColumnName(i) {
				t.Fatalf("column %d: got name %s, want %s", i, g.ColumnName(i), w.ColumnName(i))
			}
			if !array.ApproxEqual(g.Column(i), w.Column(i), array.WithNaNsEqual(true)) {
				t.Fatalf("column %s: got %.2000v, want %.2000v", g.ColumnName(i), g.Column(i), w.Column(i))
			}
		}
	}
}

func joinedRecord(t testing.TB, records []arrow.Record) arrow.Record {
	t.Helper()
	var rows int64
	for _, r := range records {
		rows += r.NumRows()
	}
	if rows == 0 {
		return nil
	}
	columns := make([]arrow.Array, records[0].NumCols())
	for i := range columns {
		var chunks []arrow.Array
		for _, r := range records {
			chunks = append(chunks, r.Column(i))
		}
		column, err := array.Concatenate(chunks, memory.DefaultAllocator)
		if err != nil {
			t.Fatal(err)
		}
		columns[i] = column
	}
	return array.NewRecord(records[0].Schema(), columns, rows)
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	huge := strings.Repeat("0123456789abcdef\xc3\xb1", 20<<20/18)
	wide := make([]string, 1000)
	wideRow := make([]any, len(wide))
	for i := range wide {
		wide[i] = fmt.Sprintf("c%03d", i)
		if i%7 != 0 {
			wideRow[i] = strings.Repeat("x", i%50)
		}
	}
	cases := map[string]struct {
		schema  *arrow.Schema
		records []arrow.Record
	}{
		"every type, with and without nulls": {everyType, []arrow.Record{record(t, everyType,
			[]any{"a", 1, -5, 1_700_000_000_000_000, 1.5, true},
			[]any{nil, nil, nil, nil, nil, nil},
			[]any{"", -400, math.MaxInt64, -1, math.Inf(-1), false},
			[]any{"ñandú 日本", 0, math.MinInt64, 0, math.NaN(), nil},
			[]any{"line\nbreak", nil, 7, nil, math.Copysign(0, -1), true})}},
		"no record at all":            {everyType, nil},
		"a record without rows":       {everyType, []arrow.Record{record(t, everyType)}},
		"records with and without":    {texts("a"), []arrow.Record{record(t, texts("a")), record(t, texts("a"), []any{"x"}), record(t, texts("a"))}},
		"a column of nulls only":      {texts("a", "b"), []arrow.Record{record(t, texts("a", "b"), []any{"x", nil}, []any{"y", nil})}},
		"a column of empty text only": {texts("a"), []arrow.Record{record(t, texts("a"), []any{""}, []any{""})}},
		"a value of 20 MB":            {texts("a", "b"), []arrow.Record{record(t, texts("a", "b"), []any{"x", "1"}, []any{huge, "2"}, []any{"y", nil})}},
		"a thousand columns":          {texts(wide...), []arrow.Record{record(t, texts(wide...), wideRow, make([]any, 1000), wideRow)}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			store, written := write(t, c.schema, c.records...)
			got, err := ReadAll(store, written.Path)
			if err != nil {
				t.Fatal(err)
			}
			sameRows(t, got, c.records)
			var rows int64
			for _, r := range c.records {
				rows += r.NumRows()
			}
			info, err := store.Stat(written.Path)
			if err != nil || written.Rows != rows || written.SizeBytes != info.SizeBytes || !written.ModTime.Equal(info.ModTime) {
				t.Errorf("got %d rows, %d bytes, %v; want %d, %d, %v (%v)",
					written.Rows, written.SizeBytes, written.ModTime, rows, info.SizeBytes, info.ModTime, err)
			}
		})
	}
}

var _ = errors.Is
var _ = fs.ErrExist
var _ = filepath.Join
var _ = failure.Is
var _ = bytes.Equal
