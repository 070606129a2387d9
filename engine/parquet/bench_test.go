package parquet

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

var purchases = arrow.NewSchema([]arrow.Field{
	{Name: "account_feature_id", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "account_id", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "feature_id", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "purchase_date", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "amount_paid", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "_rescued_data", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "fecha_carga", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
}, nil)

// purchaseRecords are the lab's own kind of rows; textBytes is what they take as CSV.
func purchaseRecords(records, rows int) (out []arrow.Record, textBytes int64) {
	random := rand.New(rand.NewPCG(1, 2))
	b := array.NewRecordBuilder(memory.DefaultAllocator, purchases)
	id := 0
	for range records {
		for range rows {
			id++
			row := [5]string{
				fmt.Sprint(id),
				fmt.Sprint(1 + random.IntN(100_000)),
				fmt.Sprint(1 + random.IntN(40)),
				fmt.Sprintf("2025-%02d-%02d %02d:%02d:%02d", 1+random.IntN(12), 1+random.IntN(28),
					random.IntN(24), random.IntN(60), random.IntN(60)),
				fmt.Sprintf("%d.%02d", random.IntN(200), random.IntN(100)),
			}
			for i, value := range row {
				b.Field(i).(*array.StringBuilder).Append(value)
				textBytes += int64(len(value)) + 1
			}
			b.Field(5).AppendNull()
			b.Field(6).(*array.Date32Builder).Append(20150)
		}
		out = append(out, b.NewRecord())
	}
	return out, textBytes
}

func BenchmarkWriter(b *testing.B) {
	records, textBytes := purchaseRecords(24, 64<<10)
	store, dir := storage.NewLocal(), b.TempDir()
	b.SetBytes(textBytes)
	b.ReportAllocs()
	b.ResetTimer()
	n := 0
	for b.Loop() {
		n++
		w, err := NewWriter(store, fmt.Sprintf("%s/%d.parquet", dir, n), purchases)
		if err != nil {
			b.Fatal(err)
		}
		for _, rec := range records {
			if err := w.Write(rec); err != nil {
				b.Fatal(err)
			}
		}
		written, err := w.Close()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(written.SizeBytes)/float64(textBytes), "file/text")
	}
}
