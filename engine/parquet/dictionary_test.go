package parquet

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkDictionary numbers amounts batch after batch; between two of them
// other things have been in the processor's cache, as they are in a load.
func BenchmarkDictionary(b *testing.B) {
	for _, distinct := range []int{50, 2_000, 20_000} {
		b.Run(fmt.Sprintf("%d values", distinct), func(b *testing.B) {
			random := rand.New(rand.NewPCG(1, 2))
			batches := make([]cells, 64)
			for i := range batches {
				for range 8 << 10 {
					batches[i].append(fmt.Appendf(nil, "%.2f", float64(random.IntN(distinct))/100))
				}
			}
			others := make([]byte, 1<<20)
			var d dictionary
			d.forget()
			for i := range b.N {
				b.StopTimer()
				for at := 0; at < len(others); at += 64 {
					others[at]++
				}
				b.StartTimer()
				d.numbers = d.numbers[:0]
				d.add(&batches[i%len(batches)])
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(8<<10), "ns/value")
		})
	}
}
