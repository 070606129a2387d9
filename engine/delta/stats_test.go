package delta

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"autoloaderlab/engine/parquet"

	"github.com/apache/arrow/go/v17/arrow"
	"pgregory.net/rapid"
)

var (
	textType    = arrow.BinaryTypes.String
	instantType = arrow.FixedWidthTypes.Timestamp_us
)

func TestStats(t *testing.T) {
	f := parquet.DataFile{Rows: 3, Columns: []parquet.ColumnStats{
		{Name: "id", Type: textType, Min: "<a>", Max: "ü\"\n"},
		{Name: "nothing", Type: textType, NullCount: 3},
		{Name: "n", Type: arrow.PrimitiveTypes.Int64, NullCount: 1, Min: int64(math.MinInt64), Max: int64(math.MaxInt64)},
		{Name: "x", Type: arrow.PrimitiveTypes.Float64, Min: math.Inf(-1), Max: 1.5},
		{Name: "nan", Type: arrow.PrimitiveTypes.Float64, Min: math.NaN(), Max: math.NaN()},
		{Name: "d", Type: arrow.FixedWidthTypes.Date32, Min: int32(-1), Max: int32(20780)},
		{Name: "late", Type: arrow.FixedWidthTypes.Date32, Min: int32(0), Max: int32(math.MaxInt32)},
		{Name: "at", Type: instantType, Min: int64(-1), Max: int64(1709210096123001)},
		{Name: "whole", Type: instantType, Min: int64(1709210096123000), Max: int64(1709210096123000)},
		{Name: "b", Type: arrow.FixedWidthTypes.Boolean, Min: false, Max: true},
	}}
	got, err := statsOf(f)
	want := `{"numRecords":3,` +
		`"minValues":{"id":"<a>","n":-9223372036854775808,"d":"1969-12-31","late":"1970-01-01","at":"1969-12-31T23:59:59.999Z","whole":"2024-02-29T12:34:56.123Z"},` +
		`"maxValues":{"id":"ü\"\n","n":9223372036854775807,"x":1.5,"d":"2026-11-23","at":"2024-02-29T12:34:56.124Z","whole":"2024-02-29T12:34:56.123Z"},` +
		`"nullCount":{"id":0,"nothing":3,"n":1,"x":0,"nan":0,"d":0,"late":0,"at":0,"whole":0,"b":0}}`
	if err != nil || got != want {
		t.Errorf("got  %s %v\nwant %s", got, err, want)
	}
}

func TestStatsCoverTheFirstColumns(t *testing.T) {
	f := parquet.DataFile{Columns: make([]parquet.ColumnStats, 40)}
	for i := range f.Columns {
		f.Columns[i] = parquet.ColumnStats{Name: Version(i).String(), Type: textType, Min: "a", Max: "b"}
	}
	text, err := statsOf(f)
	var stats struct{ NullCount, MinValues, MaxValues map[string]any }
	if err != nil || json.Unmarshal([]byte(text), &stats) != nil {
		t.Fatal(text, err)
	}
	if len(stats.NullCount) != 32 || len(stats.MinValues) != 32 || len(stats.MaxValues) != 32 {
		t.Errorf("got %s", text)
	}
}

func TestLongStringsAreCut(t *testing.T) {
	x32, y32 := strings.Repeat("x", 32), strings.Repeat("ü", 32)
	top := string(utf8.MaxRune)
	for s, want := range map[string]string{
		x32:                                 x32,
		x32 + "a":                           x32 + "\x7f",
		x32 + "~":                           x32 + "\x7f",
		x32 + "\x7f":                        x32 + top,
		y32 + "ü":                           y32 + top,
		y32 + "日本":                          y32 + top,
		x32 + top:                           x32 + top,
		x32 + top + top + "a":               x32 + top + top + "\x7f",
		x32 + strings.Repeat(top, 32):       x32 + strings.Repeat(top, 32),
		x32 + strings.Repeat(top, 33):       "",
		x32 + strings.Repeat(top, 40) + "a": "",
	} {
		got, ok := cutHigh(s)
		if got != want || ok != (want != "") {
			t.Errorf("%q: got %q %v, want %q", s, got, ok, want)
		}
	}
	if got := cutLow(y32 + "z"); got != y32 {
		t.Errorf("got %q", got)
	}
}

// TestNoRowLiesOutsideItsBounds is what readers rely on when they leave files out.
func TestNoRowLiesOutsideItsBounds(t *testing.T) {
	letters := []rune{'a', 'z', '~', 0x7F, 'ü', '日', 0xFFFF, 0x10000, utf8.MaxRune}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom(letters), 0, 80, -1).Draw(t, "s")
		if low := cutLow(s); low > s || !utf8.ValidString(low) {
			t.Errorf("%q is above %q", low, s)
		}
		if high, ok := cutHigh(s); ok && (high < s || !utf8.ValidString(high)) {
			t.Errorf("%q is below %q", high, s)
		}
		micros := rapid.Int64Range(-62135596800000000, 253402300799998999).Draw(t, "micros")
		low, okLow := lowerBound(instantType, micros)
		high, okHigh := upperBound(instantType, micros)
		if !okLow || !okHigh {
			t.Fatalf("no bounds for %d", micros)
		}
		from, err1 := time.Parse(time.RFC3339, low.(string))
		to, err2 := time.Parse(time.RFC3339, high.(string))
		at := time.UnixMicro(micros)
		if err1 != nil || err2 != nil || from.After(at) || to.Before(at) || to.Sub(from) > time.Millisecond {
			t.Errorf("%d is not within %v..%v", micros, low, high)
		}
	})
}

func TestAddOfADataFile(t *testing.T) {
	f := parquet.DataFile{Path: "/lab/t/a b.parquet", SizeBytes: 9, Rows: 2, ModTime: time.UnixMilli(1234)}
	add, err := AddFor("/lab/t", f)
	if err != nil {
		t.Fatal(err)
	}
	if add.Path != "a%20b.parquet" || add.SizeBytes != 9 || add.ModificationTime != 1234 || !add.DataChange || add.PartitionValues == nil {
		t.Errorf("got %+v", add)
	}
	if rows, known := add.Rows(); rows != 2 || !known {
		t.Errorf("got %d rows %v", rows, known)
	}
	if got := AbsPath("/lab/t", add); got != f.Path {
		t.Errorf("got %s", got)
	}
	if _, err := AddFor("/lab/other", f); err == nil {
		t.Error("a file of another folder was added")
	}
}
