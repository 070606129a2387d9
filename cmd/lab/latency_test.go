//go:build unix

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"autoloaderlab/ui/text"
)

// BenchmarkKeyWhileALoadRuns takes the time from a key to the last byte that shows its
// effect, at a terminal's end of the built program: at rest, and while 1 GB loads.
//
//	go test -run '^$' -bench KeyWhile -benchtime 1x ./cmd/lab
func BenchmarkKeyWhileALoadRuns(b *testing.B) {
	program, dir := build(b), b.TempDir()
	run1(b, program, dir, "estado")
	landing, err := filepath.Glob(filepath.Join(dir, "Volumes", "landing_dev", "*", "*"))
	if err != nil || len(landing) != 1 {
		b.Fatalf("the landing volume is %q, %v", landing, err)
	}
	land(b, landing[0], 20, 1_060_000)
	run1(b, program, dir, "estado") // counts the files' rows, once
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // what measures stays out of the way
	for range b.N {
		t := inTerminal(b, program, dir, 120, 36)
		t.until(text.FreeLabAbout)
		t.press("l")
		t.until(text.YourTurn)
		idle := keys(t, func(i int) bool { return i < 100 })
		var loading []time.Duration
		for range loads {
			t.press("e")
			t.until(text.LoadStep)
			loading = append(loading, keys(t, func(int) bool { return !t.shown(t.from, "enter seguir") })...)
			t.press("\r")
			t.until(text.YourTurn)
			forget(b, dir)
		}
		report(b, "idle", idle)
		report(b, "load", loading)
		b.ReportMetric(float64(late(idle)), "idle-above-16-ms")
		b.ReportMetric(float64(late(loading)), "load-above-16-ms")
	}
}

// forget takes away what a load has written, so that the next one loads all again.
func forget(b *testing.B, dir string) {
	b.Helper()
	for _, written := range []string{"catalogs", filepath.Join("Volumes", "bronce_dev")} {
		if err := os.RemoveAll(filepath.Join(dir, written)); err != nil {
			b.Fatal(err)
		}
	}
}

// loads is how many of them there are: one is over in a second or two, after some
// twenty keys.
const loads = 6

// BenchmarkFirstFrame takes the time from the program's start to its first frame, and
// to the lessons on it, in a terminal that answers nothing.
//
//	go test -run '^$' -bench FirstFrame -benchtime 1x ./cmd/lab
func BenchmarkFirstFrame(b *testing.B) {
	program, dir := build(b), b.TempDir()
	run1(b, program, dir, "estado")
	for range b.N {
		var first, whole []time.Duration
		for range 20 {
			began := time.Now()
			t := inTerminal(b, program, dir, 120, 36)
			first = append(first, t.until(text.CourseTitle).Sub(began))
			whole = append(whole, t.until(text.FreeLabAbout).Sub(began))
			t.press("q")
			t.ends()
		}
		report(b, "frame", first)
		report(b, "lessons", whole)
	}
}

// keys opens and closes the help while it may, at no fixed pace, and gives what each
// key took.
func keys(t *terminal, more func(i int) bool) (took []time.Duration) {
	for i := 0; more(i); i++ {
		for _, key := range [][2]string{{"?", text.HelpTitle}, {"\x1b", text.HelpLabel}} {
			time.Sleep(time.Duration(5+rand.IntN(20)) * time.Millisecond)
			took = append(took, t.answers(key[0], key[1]))
		}
	}
	return took
}

// answers is the time from a key to the last byte of what shows its effect: words in
// one colour, looked for as they come, so that looking takes the program no time away.
func (t *terminal) answers(key, words string) time.Duration {
	pressed := t.press(key)
	return t.comes(words, func(since []byte) bool { return bytes.Contains(since, []byte(words)) }).Sub(pressed)
}

func report(b *testing.B, name string, took []time.Duration) {
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), name+"-median-ms")
	b.ReportMetric(at(0.95), name+"-p95-ms")
	b.ReportMetric(at(0.99), name+"-p99-ms")
	b.ReportMetric(at(1), name+"-max-ms")
	b.ReportMetric(float64(len(took)), name+"-samples")
}

// late counts what took longer than a key may.
func late(took []time.Duration) (n int) {
	for _, t := range took {
		if t > 16*time.Millisecond {
			n++
		}
	}
	return n
}
