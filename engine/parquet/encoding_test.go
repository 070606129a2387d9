package parquet

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/klauspost/compress/huff0"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

// kinds are the manners of columns; nil is null.
var kinds = map[string]func(r *rand.Rand, row int) any{
	"nulls":       func(*rand.Rand, int) any { return nil },
	"empty texts": func(*rand.Rand, int) any { return "" },
	"one value":   func(*rand.Rand, int) any { return "constante ñ" },
	"a sequence":  func(_ *rand.Rand, row int) any { return fmt.Sprint(1_000_000 + row) },
	"an instant": func(_ *rand.Rand, row int) any {
		return fmt.Sprintf("2025-03-01 %02d:%02d:%02d", row/3600%24, row/60%60, row%60)
	},
	"instants in no order": func(r *rand.Rand, _ int) any {
		return fmt.Sprintf("2025-%02d-%02d %02d:%02d:%02d", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60))
	},
	"random numbers":  func(r *rand.Rand, _ int) any { return fmt.Sprint(r.IntN(1_000_000)) },
	"few values":      func(r *rand.Rand, _ int) any { return fmt.Sprintf("F-%02d", r.IntN(40)) },
	"few long values": func(r *rand.Rand, _ int) any { return fmt.Sprintf("el producto número %04d", r.IntN(500)) },
	"few at first": func(r *rand.Rand, row int) any {
		if row < sampleRows {
			return fmt.Sprintf("producto %d", r.IntN(30))
		}
		return fmt.Sprintf("producto %d", r.IntN(1<<40))
	},
	"half nulls": func(r *rand.Rand, _ int) any { return []any{nil, nil, nil, "", "a", "bb"}[r.IntN(6)] },
	"values late": func(_ *rand.Rand, row int) any {
		if row < maxPageRows+100 {
			return nil
		}
		return fmt.Sprint("v", row)
	},
	"long texts": func(r *rand.Rand, _ int) any { return strings.Repeat("lorem ipsum ", r.IntN(40)) },
	"noise": func(r *rand.Rand, _ int) any {
		value := make([]byte, r.IntN(24))
		for i := range value {
			value[i] = byte(r.IntN(128))
		}
		return string(value)
	},
}

// kindOf makes rows of one column, in records of several sizes.
func kindOf(kind string, rows int, seed uint64) []arrow.Record {
	return mixOf([]string{kind}, rows, seed)
}

func mixOf(columns []string, rows int, seed uint64) (records []arrow.Record) {
	random := rand.New(rand.NewPCG(seed, 2))
	names := make([]string, len(columns))
	for i := range columns {
		names[i] = fmt.Sprintf("c%02d", i)
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, texts(names...))
	for row := 0; row < rows; {
		for range min(rows-row, 1+random.IntN(2*sampleRows)) {
			for i, kind := range columns {
				field := b.Field(i).(*array.StringBuilder)
				put(field, field.Append, kinds[kind](random, row))
			}
			row++
		}
		records = append(records, b.NewRecord())
	}
	return records
}

func TestEveryKindOfColumnIsReadBackInItsEncoding(t *testing.T) {
	for kind, want := range map[string]parquet.Encoding{
		"nulls":                parquet.Encodings.Plain,
		"one value":            parquet.Encodings.RLEDict,
		"a sequence":           parquet.Encodings.DeltaByteArray,
		"an instant":           parquet.Encodings.DeltaByteArray,
		"instants in no order": parquet.Encodings.DeltaByteArray,
		"random numbers":       parquet.Encodings.DeltaLengthByteArray,
		"few values":           parquet.Encodings.RLEDict,
		"few long values":      parquet.Encodings.RLEDict,
		"few at first":         parquet.Encodings.RLEDict,
		"values late":          parquet.Encodings.Plain,
		"noise":                parquet.Encodings.DeltaLengthByteArray,
	} {
		t.Run(kind, func(t *testing.T) {
			records := kindOf(kind, 3*maxPageRows+1, 1)
			store, written := write(t, texts("c00"), records...)
			got, err := ReadAll(store, written.Path)
			if err != nil {
				t.Fatal(err)
			}
			sameRows(t, got, records)
			data, err := store.ReadFile(written.Path)
			if err != nil {
				t.Fatal(err)
			}
			if got := encodings(t, data); !slices.Contains(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// encodings are those that the footer names for the first column chunk.
func encodings(t testing.TB, data []byte) []parquet.Encoding {
	t.Helper()
	f, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	chunk, err := f.MetaData().RowGroup(0).ColumnChunk(0)
	if err != nil {
		t.Fatal(err)
	}
	return chunk.Encodings()
}

func TestADictionaryThatOutgrowsItsBoundEndsTheRowGroup(t *testing.T) {
	records := kindOf("few at first", 4*maxPageRows, 1)
	store, written := write(t, texts("c00"), records...)
	data, err := store.ReadFile(written.Path)
	if err != nil {
		t.Fatal(err)
	}
	if got := rowGroups(t, data); got != 2 {
		t.Errorf("got %d row groups, want 2", got)
	}
}

func TestAnySchemaIsReadBackWithItsBounds(t *testing.T) {
	names := make([]string, 0, len(kinds))
	for kind := range kinds {
		names = append(names, kind)
	}
	slices.Sort(names)
	rapid.Check(t, func(r *rapid.T) {
		width := rapid.SampledFrom([]int{3, 5, 40}).Draw(r, "columns")
		columns := rapid.SliceOfN(rapid.SampledFrom(names), width, width).Draw(r, "kinds")
		rows := rapid.IntRange(0, 30_000/width).Draw(r, "rows")
		records := mixOf(columns, rows, rapid.Uint64().Draw(r, "seed"))
		schema := texts()
		if rows > 0 {
			schema = records[0].Schema()
		}
		store, written := write(t, schema, records...)
		got, err := ReadAll(store, written.Path)
		if err != nil {
			r.Fatal(err)
		}
		sameRows(t, got, records)
		for i, column := range written.Columns {
			checkTextBounds(r, column, i, records)
		}
	})
}

func checkTextBounds(t *rapid.T, column ColumnStats, i int, records []arrow.Record) {
	var low, high any
	var nulls int64
	for _, rec := range records {
		values := rec.Column(i).(*array.String)
		nulls += int64(values.NullN())
		for row := range values.Len() {
			if values.IsNull(row) {
				continue
			}
			v := values.Value(row)
			if low == nil || v < low.(string) {
				low = v
			}
			if high == nil || v > high.(string) {
				high = v
			}
		}
	}
	if column.Min != low || column.Max != high || column.NullCount != nulls {
		t.Fatalf("%s: got %q to %q and %d nulls, want %q to %q and %d",
			column.Name, column.Min, column.Max, column.NullCount, low, high, nulls)
	}
}

// TestFramesAreReadBackAndNoBlockGrows holds our frames against a decoder, and
// their blocks against libzstd's rule that a compressed one be smaller than its
// content.
func TestFramesAreReadBackAndNoBlockGrows(t *testing.T) {
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	random := rand.New(rand.NewPCG(5, 6))
	s := coders{general: huff0.Scratch{Reuse: huff0.ReusePolicyNone}}
	for _, size := range []int{0, 1, 2, 11, 12, 13, 100, 255, 256, 1023, 1024, 16 << 10,
		maxBlockBytes - 1, maxBlockBytes, maxBlockBytes + 1, 2*maxBlockBytes + 77} {
		for _, symbols := range []int{1, 2, 3, 10, 100, 129, 255, 256} {
			plain := make([]byte, size)
			for i := range plain {
				plain[i] = byte(min(random.IntN(symbols), random.IntN(symbols)))
			}
			for name, frame := range map[string][]byte{
				"huffman": appendHuffman(nil, plain, &s), "stored": appendStored(nil, plain),
			} {
				got, err := decoder.DecodeAll(frame, nil)
				if err != nil || !bytes.Equal(got, plain) {
					t.Fatalf("%s, %d bytes of %d symbols: got %d bytes, %v", name, size, symbols, len(got), err)
				}
				checkBlocks(t, frame, size)
			}
		}
	}
}

func checkBlocks(t *testing.T, frame []byte, size int) {
	t.Helper()
	for at := 9; at < len(frame); {
		header := int(frame[at]) | int(frame[at+1])<<8 | int(frame[at+2])<<16
		kind, blockBytes := header>>1&3, header>>3
		content := min(size, maxBlockBytes)
		size -= content
		switch kind {
		case repeatedBlock:
			blockBytes = 1
		case compressedBlock:
			if blockBytes >= content {
				t.Errorf("a block of %d bytes for %d", blockBytes, content)
			}
		}
		at += 3 + blockBytes
	}
}
