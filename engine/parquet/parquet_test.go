package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"pgregory.net/rapid"
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
	store := storage.NewMemory(nil)
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

// tall is a record of n short rows, different for each seed.
func tall(t testing.TB, n, seed int) arrow.Record {
	t.Helper()
	b := array.NewRecordBuilder(memory.DefaultAllocator, texts("a"))
	for i := range n {
		b.Field(0).(*array.StringBuilder).Append(fmt.Sprint(seed, i))
	}
	return b.NewRecord()
}

// noise is n bytes that do not compress.
func noise(n int) string {
	random := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(string(rune(0x4e00 + random.IntN(0x5000))))
	}
	return b.String()
}

func TestRowGroupsAreBoundedByRowsAndBytes(t *testing.T) {
	fat := make([][]any, 20)
	for i := range fat {
		fat[i] = []any{noise(4 << 20)}
	}
	cases := map[string]struct {
		records []arrow.Record
		groups  int
	}{
		"many small records":      {[]arrow.Record{tall(t, 10, 1), tall(t, 10, 2), tall(t, 10, 3)}, 1},
		"one row more":            {[]arrow.Record{tall(t, maxGroupRows+1, 1)}, 2},
		"an odd record at a time": {[]arrow.Record{tall(t, 350_001, 1), tall(t, 350_001, 2)}, 2},
		"80 MB in one record":     {[]arrow.Record{record(t, texts("a"), fat...)}, 3},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			store, written := write(t, texts("a"), c.records...)
			bytes, err := store.ReadFile(written.Path)
			if err != nil {
				t.Fatal(err)
			}
			if got := rowGroups(t, bytes); got != c.groups {
				t.Errorf("got %d row groups, want %d", got, c.groups)
			}
			got, err := ReadAll(store, written.Path)
			if err != nil {
				t.Fatal(err)
			}
			sameRows(t, got, c.records)
		})
	}
}

func rowGroups(t testing.TB, data []byte) int {
	t.Helper()
	f, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return f.NumRowGroups()
}

func TestTheSameRecordsGiveTheSameBytes(t *testing.T) {
	records, _ := purchaseRecords(3, 1000)
	file := func() []byte {
		store, written := write(t, purchases, records...)
		data, err := store.ReadFile(written.Path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(file(), file()) {
		t.Error("two data files differ")
	}
	encoded := func() []byte {
		data, err := Encode(records[0])
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(encoded(), encoded()) {
		t.Error("two encoded files differ")
	}
}

func TestPiecesOfRecordsCount(t *testing.T) {
	whole := record(t, everyType,
		[]any{"a", 1, 1, 1, 1.0, true},
		[]any{nil, nil, nil, nil, nil, nil},
		[]any{"b", 2, 2, 2, 2.0, false},
		[]any{"c", 3, 3, 3, 3.0, nil},
		[]any{nil, 4, nil, 4, nil, true})
	piece := whole.NewSlice(1, 4)
	store, written := write(t, everyType, piece, whole.NewSlice(4, 5), piece)
	got, err := ReadAll(store, written.Path)
	if err != nil {
		t.Fatal(err)
	}
	sameRows(t, got, []arrow.Record{piece, whole.NewSlice(4, 5), piece})
	if c := written.Columns[0]; c.Min != "b" || c.Max != "c" || c.NullCount != 3 {
		t.Errorf("got %v to %v and %d nulls, want b to c and 3", c.Min, c.Max, c.NullCount)
	}
}

func TestNothingOfARecordIsKept(t *testing.T) {
	rec := record(t, texts("a"), []any{"mmmmmmmmmmmm"}, []any{"nnnnnnnnnnnn"})
	w, err := NewWriter(storage.NewMemory(nil), "/t/x.parquet", texts("a"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rec); err != nil {
		t.Fatal(err)
	}
	used := rec.Column(0).Data().Buffers()[2].Bytes()
	for i := range used {
		used[i] = 'z'
	}
	written, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	if c := written.Columns[0]; c.Min != "mmmmmmmmmmmm" || c.Max != "nnnnnnnnnnnn" {
		t.Errorf("got bounds %v and %v, want the values as they were written", c.Min, c.Max)
	}
}

func TestTypesThatDataFilesDoNotHoldAreRefused(t *testing.T) {
	for _, dataType := range []arrow.DataType{
		arrow.BinaryTypes.LargeString, arrow.PrimitiveTypes.Uint64,
		&arrow.TimestampType{Unit: arrow.Nanosecond, TimeZone: "UTC"}, &arrow.TimestampType{Unit: arrow.Microsecond},
		arrow.ListOf(arrow.BinaryTypes.String),
	} {
		store := storage.NewMemory(nil)
		_, err := NewWriter(store, "/t/x.parquet", arrow.NewSchema([]arrow.Field{{Name: "a", Type: dataType}}, nil))
		if !failure.Is(err, failure.UnsupportedWrite) {
			t.Errorf("%s: got %v, want %s", dataType, err, failure.UnsupportedWrite)
		}
	}
}

func TestARecordOfAnotherSchemaIsRefused(t *testing.T) {
	store := storage.NewMemory(nil)
	w, err := NewWriter(store, "/t/x.parquet", texts("a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	for name, rec := range map[string]arrow.Record{
		"fewer columns": record(t, texts("a"), []any{"x"}),
		"another name":  record(t, texts("a", "c"), []any{"x", "y"}),
		"another type": record(t, arrow.NewSchema([]arrow.Field{
			{Name: "a", Type: arrow.BinaryTypes.String}, {Name: "b", Type: arrow.PrimitiveTypes.Int64}}, nil), []any{"x", 1}),
	} {
		if err := w.Write(rec); !failure.Is(err, failure.Internal) {
			t.Errorf("%s: got %v, want an error", name, err)
		}
	}
	if _, err := w.Close(); err == nil {
		t.Error("a file that missed a record was closed without an error")
	}
	leavesNothing(t, store, "/t")
}

func leavesNothing(t testing.TB, store storage.Store, dir string) {
	t.Helper()
	entries, err := store.List(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if len(entries) > 0 {
		t.Errorf("got %v in %s, want nothing", entries, dir)
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	store, dir := storage.NewLocal(), t.TempDir()
	w, err := NewWriter(store, filepath.Join(dir, "x.parquet"), purchases)
	if err != nil {
		t.Fatal(err)
	}
	records, _ := purchaseRecords(1, 1000)
	if err := errors.Join(w.Write(records[0]), w.Abort(), w.Abort()); err != nil {
		t.Fatal(err)
	}
	leavesNothing(t, store, dir)
	if err := w.Write(records[0]); err == nil {
		t.Error("a record was taken after Abort")
	}
	if _, err := w.Close(); err == nil {
		t.Error("an aborted file was closed without an error")
	}
}

func TestAbortAfterCloseDoesNothing(t *testing.T) {
	store, dir := storage.NewLocal(), t.TempDir()
	path := filepath.Join(dir, "x.parquet")
	w, err := NewWriter(store, path, texts("a"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if there, err := storage.Exists(store, path); err != nil || !there {
		t.Errorf("got %v, %v, want the file", there, err)
	}
}

func TestATakenNameIsKept(t *testing.T) {
	store := storage.NewMemory(nil)
	if err := store.Put("/t/x.parquet", []byte("theirs")); err != nil {
		t.Fatal(err)
	}
	w, err := NewWriter(store, "/t/x.parquet", texts("a"))
	if err == nil {
		_, err = w.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want %v", err, fs.ErrExist)
	}
	if data, err := store.ReadFile("/t/x.parquet"); string(data) != "theirs" || err != nil {
		t.Errorf("got %q, %v, want what was there", data, err)
	}
}

// full is a Store whose files take limit bytes and no more. A short one lets
// the rest fall without a word.
type full struct {
	storage.Store
	limit int
	short bool
}

type fullWriter struct {
	storage.Writer
	left  int
	short bool
}

func (f full) Create(path string) (storage.Writer, error) {
	w, err := f.Store.Create(path)
	return &fullWriter{w, f.limit, f.short}, err
}

func (w *fullWriter) Write(p []byte) (int, error) {
	if len(p) <= w.left {
		w.left -= len(p)
		return w.Writer.Write(p)
	}
	n, err := w.Writer.Write(p[:w.left])
	w.left = 0
	if err == nil && !w.short {
		err = syscall.ENOSPC
	}
	return n, err
}

func TestADiskThatFillsAtAnyByteLeavesNoFile(t *testing.T) {
	records, _ := purchaseRecords(2, 100)
	_, whole := write(t, purchases, records...)
	for k := 0; k < int(whole.SizeBytes); k += 1 + k/50 {
		for _, short := range []bool{false, true} {
			store := full{storage.NewMemory(nil), k, short}
			err := load(store, records)
			if want := failure.DiskFull; !short && !failure.Is(err, want) {
				t.Fatalf("at byte %d: got %v, want %s", k, err, want)
			}
			if want := io.ErrShortWrite; short && !errors.Is(err, want) {
				t.Fatalf("at byte %d: got %v, want %v", k, err, want)
			}
			leavesNothing(t, store, "/t")
		}
	}
	if err := load(full{storage.NewMemory(nil), int(whole.SizeBytes), false}, records); err != nil {
		t.Errorf("with room for all: %v", err)
	}
}

func load(store storage.Store, records []arrow.Record) error {
	w, err := NewWriter(store, "/t/x.parquet", purchases)
	if err != nil {
		return err
	}
	for _, rec := range records {
		if err := w.Write(rec); err != nil {
			return errors.Join(err, w.Abort())
		}
	}
	_, err = w.Close()
	return err
}

func TestAFailedCommitIsAFailedClose(t *testing.T) {
	records, _ := purchaseRecords(1, 100)
	for _, fault := range storage.Faults {
		memory := storage.NewMemory(nil)
		err := load(storage.NewFaulty(memory, func(int, storage.Write) storage.Fault { return fault }), records)
		if err == nil {
			t.Errorf("%s: Close reported success", fault)
		}
		there, _ := storage.Exists(memory, "/t/x.parquet")
		if there != (fault == storage.Kept) {
			t.Errorf("%s: file there: %v", fault, there)
		}
	}
}

func TestBoundsHoldEveryValue(t *testing.T) {
	value := []*rapid.Generator[any]{
		rapid.OneOf(
			rapid.StringOf(rapid.RuneFrom([]rune("ab\x00ñ日"))).AsAny(),
			rapid.StringMatching("aaaaaaa[ab]{0,3}").AsAny(),
			rapid.String().AsAny()),
		rapid.IntRange(math.MinInt32, math.MaxInt32).AsAny(),
		rapid.Int().AsAny(),
		rapid.Int().AsAny(),
		rapid.Float64().AsAny(),
		rapid.Bool().AsAny(),
	}
	cell := func(t *rapid.T, column int) any {
		if rapid.IntRange(0, 3).Draw(t, "null") == 0 {
			return nil
		}
		return value[column].Draw(t, "value")
	}
	rapid.Check(t, func(r *rapid.T) {
		var records []arrow.Record
		for range rapid.IntRange(0, 3).Draw(r, "records") {
			var rows [][]any
			for range rapid.IntRange(0, 20).Draw(r, "rows") {
				row := make([]any, everyType.NumFields())
				for i := range row {
					row[i] = cell(r, i)
				}
				rows = append(rows, row)
			}
			records = append(records, record(t, everyType, rows...))
		}
		store, written := write(t, everyType, records...)
		read, err := ReadAll(store, written.Path)
		if err != nil {
			r.Fatal(err)
		}
		sameRows(t, read, records)
		for i, column := range written.Columns {
			checkStats(r, column, i, records)
		}
	})
}

func checkStats(t *rapid.T, column ColumnStats, i int, records []arrow.Record) {
	if field := everyType.Field(i); column.Name != field.Name || column.Type != field.Type {
		t.Fatalf("got %s %s, want %s", column.Name, column.Type, field)
	}
	var nulls int64
	var low, high any
	var nan bool
	for _, rec := range records {
		nulls += int64(rec.Column(i).NullN())
		for row := range int(rec.NumRows()) {
			v := goValue(rec.Column(i), row)
			if f, ok := v.(float64); ok && math.IsNaN(f) {
				nan = true
			}
			if v == nil {
				continue
			}
			if low == nil || less(v, low) {
				low = v
			}
			if high == nil || less(high, v) {
				high = v
			}
		}
	}
	if nan {
		low, high = nil, nil
	}
	if column.NullCount != nulls || column.Min != low || column.Max != high {
		t.Fatalf("%s: got %d nulls, %v to %v; want %d, %v to %v",
			column.Name, column.NullCount, column.Min, column.Max, nulls, low, high)
	}
}

func goValue(values arrow.Array, row int) any {
	if values.IsNull(row) {
		return nil
	}
	switch values := values.(type) {
	case *array.String:
		return values.Value(row)
	case *array.Date32:
		return int32(values.Value(row))
	case *array.Int64:
		return values.Value(row)
	case *array.Timestamp:
		return int64(values.Value(row))
	case *array.Float64:
		return values.Value(row)
	case *array.Boolean:
		return values.Value(row)
	}
	panic("no such type")
}

func less(a, b any) bool {
	switch a := a.(type) {
	case string:
		return a < b.(string)
	case int32:
		return a < b.(int32)
	case int64:
		return a < b.(int64)
	case float64:
		return a < b.(float64)
	case bool:
		return !a && b.(bool)
	}
	panic("no such type")
}
