package csv_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"autoloaderlab/engine/autoloader/csv"
)

// BenchmarkReader reads 64 MB like the notebook's extracts on one core:
// without quotes, with CRLF line ends, and with one quoted cell a row.
func BenchmarkReader(b *testing.B) {
	header := []string{"account_feature_id", "account_id", "feature_id", "purchase_date", "amount_paid"}
	for _, kind := range []struct{ name, row string }{
		{"plain", "AF-%07d,ACC-%06d,F-%03d,2024-%02d-%02d 10:%02d:00,%d.50\n"},
		{"crlf", "AF-%07d,ACC-%06d,F-%03d,2024-%02d-%02d 10:%02d:00,%d.50\r\n"},
		{"quoted", "AF-%07d,ACC-%06d,\"F-%03d\",2024-%02d-%02d 10:%02d:00,%d.50\n"},
		{"all quoted", "\"AF-%07d\",\"ACC-%06d\",\"F-%03d\",\"2024-%02d-%02d 10:%02d:00\",\"%d.50\"\n"},
	} {
		b.Run(kind.name, func(b *testing.B) {
			var text bytes.Buffer
			fmt.Fprintln(&text, "account_feature_id,account_id,feature_id,purchase_date,amount_paid")
			for i := 0; text.Len() < 64<<20; i++ {
				fmt.Fprintf(&text, kind.row, i, i*7919%100_000, i%40, i%12+1, i%28+1, i%60, i%500)
			}
			in := csv.Input{Bytes: bytes.NewReader(text.Bytes()), SizeBytes: int64(text.Len())}
			b.SetBytes(in.SizeBytes)
			b.ReportAllocs()
			for b.Loop() {
				r, err := open(context.Background(), in, csv.Piece{End: in.SizeBytes}, header, header, csv.DefaultOptions())
				if err != nil {
					b.Fatal(err)
				}
				for err == nil {
					_, err = r.Next()
				}
				if err != io.EOF {
					b.Fatal(err)
				}
			}
		})
	}
}
