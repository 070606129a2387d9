package ui

import (
	"sort"
	"testing"
	"time"
)

// The time from a key to the frame that shows it, in the model and its view. To see
// it while all cores work, run it beside a load.
func BenchmarkKeyToFrame(b *testing.B) {
	m := started(b, &fake{sight: prediction()}, truecolor, 120, 36, "enter")
	keys := []string{"down", "up", "?", "esc", "1", "2"}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		begun := time.Now()
		m.Update(keyMsg(keys[i%len(keys)]))
		if m.View() == "" {
			b.Fatal("no frame")
		}
		took = append(took, time.Since(begun))
	}
	sort.Slice(took, func(i, k int) bool { return took[i] < took[k] })
	ms := func(part float64) float64 {
		return float64(took[int(part*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(ms(0.5), "ms-median")
	b.ReportMetric(ms(0.99), "ms-p99")
}
