package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
)

// BenchmarkLoad is the whole way of a million rows, from the files in the landing
// folder to the table's commit. What it must show is allocs/row: memory is asked
// for by chunks and columns, never by rows.
//
//	go test -run '^$' -bench Load -benchmem ./engine
func BenchmarkLoad(b *testing.B) {
	const files, rowsPerFile = 4, 250_000
	for _, kind := range []struct{ name, everyTenth string }{
		{"plain", "%d,%d,%d,2025-%02d-%02d 10:%02d:%02d,%d.50\n"},
		{"quoted", "%d,\"cuenta Ñ, %d\",\"función \"\"é\"\" %d\",2025-%02d-%02d 10:%02d:%02d,\"%d\"\r\n"},
	} {
		b.Run(kind.name, func(b *testing.B) {
			landing := b.TempDir()
			sizeBytes := landPurchases(b, filepath.Join(landing, "account_premium_features"), files, rowsPerFile, kind.everyTenth)
			b.SetBytes(sizeBytes)
			b.ReportAllocs()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				loadRows(b, landing, files*rowsPerFile)
			}
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(b.N*files*rowsPerFile), "allocs/row")
		})
	}
}

func landPurchases(b *testing.B, folder string, files, rowsPerFile int, everyTenth string) (sizeBytes int64) {
	b.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.Fatal(err)
	}
	for file := range files {
		text := []byte("account_feature_id,account_id,feature_id,purchase_date,amount_paid\n")
		for i := range rowsPerFile {
			row := "%d,%d,%d,2025-%02d-%02d 10:%02d:%02d,%d.50\n"
			if i%10 == 9 {
				row = everyTenth
			}
			text = fmt.Appendf(text, row, file*rowsPerFile+i, i*7919%100_000, i%40, i%12+1, i%28+1, i%60, i%59, i%500)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.csv", file)), text, 0o644); err != nil {
			b.Fatal(err)
		}
		sizeBytes += int64(len(text))
	}
	return sizeBytes
}

func loadRows(b *testing.B, landing string, rows int64) {
	b.Helper()
	lab, err := engine.Open(context.Background(), engine.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	pipeline, err := lab.Pipeline(engine.Widgets{LandingVolume: "file://" + landing}, engine.Notebook)
	if err != nil {
		b.Fatal(err)
	}
	finished, err := pipeline.Load(context.Background(), engine.LoadRequest{}, progress.Nobody{})
	if err != nil || finished.RowsWritten != rows {
		b.Fatalf("%d rows, %v", finished.RowsWritten, err)
	}
}
