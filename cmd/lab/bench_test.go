package main

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/marcboeker/go-duckdb/v2"
)

// These benchmarks measure the built program as a student meets it: whole
// processes, start-up, fsync and Delta commit included. What it is compared with
// runs in the same benchmark, because machines differ and drift.
//
//	go test -run '^$' -bench . -benchtime 1x -timeout 60m ./cmd/lab

// build makes the program once for a benchmark.
func build(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "lab")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// ran is what one process took.
type ran struct {
	wall, cpu time.Duration
	peakBytes int64
	out       string
}

func run1(b *testing.B, program, dir string, args ...string) ran {
	b.Helper()
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), "LAB_DIR="+dir)
	var narration strings.Builder
	command.Stderr = &narration
	began := time.Now()
	out, err := command.Output()
	wall := time.Since(began)
	if err != nil {
		b.Fatalf("lab %s: %v\n%s%s", strings.Join(args, " "), err, out, narration.String())
	}
	state := command.ProcessState
	return ran{
		wall: wall, cpu: state.UserTime() + state.SystemTime(), out: string(out),
		peakBytes: state.SysUsage().(*syscall.Rusage).Maxrss << 10, // Linux counts in KiB
	}
}

// land writes files of the notebook's columns under landing, and returns their bytes.
func land(b *testing.B, landing string, files, rowsPerFile int) (total int64) {
	b.Helper()
	dir := filepath.Join(landing, "account_premium_features")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	row := 0
	for file := range files {
		text := []byte("account_feature_id,account_id,feature_id,purchase_date,amount_paid\n")
		for range rowsPerFile {
			row++
			at := row % 86400
			text = fmt.Appendf(text, "%d,%d,%d,2025-03-%02d %02d:%02d:%02d,%d.%02d\n", row, random.IntN(100_000), random.IntN(40),
				file%28+1, at/3600, at/60%60, at%60, random.IntN(100), random.IntN(100))
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("account_premium_features_%06d.csv", file)), text, 0o644); err != nil {
			b.Fatal(err)
		}
		total += int64(len(text))
	}
	return total
}

// BenchmarkOneGigabyte loads 1 GB in 20 files beside DuckDB's COPY with the same
// codec and two threads.
func BenchmarkOneGigabyte(b *testing.B) {
	program, landing := build(b), b.TempDir()
	bytes := land(b, landing, 20, 1_060_000)
	for range b.N {
		lab := best(3, func() ran {
			dir := b.TempDir()
			return run1(b, program, dir, "cargar", "--volumen-landing", "file://"+landing)
		})
		duck := best(3, func() ran { return duckCopy(b, landing) })
		b.ReportMetric(float64(bytes)/1e6/lab.wall.Seconds(), "MB/s")
		b.ReportMetric(lab.wall.Seconds()/duck.wall.Seconds(), "×DuckDB-time")
		b.ReportMetric(lab.cpu.Seconds()/lab.wall.Seconds(), "cores")
		b.ReportMetric(float64(lab.peakBytes)/1e6, "peak-MB")
		b.ReportMetric(lab.wall.Seconds(), "s")
	}
}

func best(times int, do func() ran) ran {
	fastest := do()
	for range times - 1 {
		if again := do(); again.wall < fastest.wall {
			fastest = again
		}
	}
	return fastest
}

// duckCopy is what DuckDB does of the same job: no memory of files, no table.
func duckCopy(b *testing.B, landing string) ran {
	b.Helper()
	connector, err := duckdb.NewConnector("?threads=2", nil)
	if err != nil {
		b.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer func() { _ = db.Close() }()
	out := filepath.Join(b.TempDir(), "out.parquet")
	began := time.Now()
	_, err = db.ExecContext(context.Background(), fmt.Sprintf(
		"COPY (SELECT * FROM read_csv('%s/*/*.csv', all_varchar=true)) TO '%s' (FORMAT parquet, COMPRESSION zstd)", landing, out))
	if err != nil {
		b.Fatal(err)
	}
	return ran{wall: time.Since(began)}
}

// BenchmarkTenThousandFiles loads 10,000 files of 10 rows, then runs with nothing
// new, then with one file more.
func BenchmarkTenThousandFiles(b *testing.B) {
	program, landing := build(b), b.TempDir()
	land(b, landing, 10_000, 10)
	for range b.N {
		dir := b.TempDir()
		load := func() ran { return run1(b, program, dir, "cargar", "--volumen-landing", "file://"+landing) }
		first := load()
		nothing := best(3, load)
		landOneMore(b, landing, "uno-mas.csv")
		one := load()
		b.ReportMetric(first.wall.Seconds(), "first-s")
		b.ReportMetric(float64(nothing.wall.Milliseconds()), "nothing-new-ms")
		b.ReportMetric(float64(one.wall.Milliseconds()), "one-new-ms")
		removeOneMore(b, landing, "uno-mas.csv")
	}
}

func landOneMore(b *testing.B, landing, name string) {
	b.Helper()
	path := filepath.Join(landing, "account_premium_features", name)
	text := "account_feature_id,account_id,feature_id,purchase_date,amount_paid\n99,1,1,2025-03-03 00:00:00,1.00\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
}

func removeOneMore(b *testing.B, landing, name string) {
	b.Helper()
	if err := os.Remove(filepath.Join(landing, "account_premium_features", name)); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAHundredThousandKnownFiles runs with nothing new, and with one file
// more, beside a bare walk of the same folder. The files are taken note of and
// not loaded, which the source log remembers in the same way.
func BenchmarkAHundredThousandKnownFiles(b *testing.B) {
	program, landing := build(b), b.TempDir()
	land(b, landing, 100_000, 1)
	for range b.N {
		dir := b.TempDir()
		load := func(more ...string) ran {
			return run1(b, program, dir, append([]string{"cargar", "--volumen-landing", "file://" + landing}, more...)...)
		}
		load("--opcion", "cloudFiles.includeExistingFiles=false")
		nothing := best(3, func() ran { return load() })
		walked := best(3, func() ran { return bareWalk(b, landing) })
		var slowest time.Duration
		for i := range 10 { // one of them compacts the source log
			name := fmt.Sprintf("uno-mas-%d.csv", i)
			landOneMore(b, landing, name)
			slowest = max(slowest, load().wall)
			removeOneMore(b, landing, name)
		}
		b.ReportMetric(float64(nothing.wall.Milliseconds()), "nothing-new-ms")
		b.ReportMetric(float64(slowest.Milliseconds()), "one-new-slowest-ms")
		b.ReportMetric(float64(walked.wall.Milliseconds()), "walk-ms")
	}
}

func bareWalk(b *testing.B, dir string) ran {
	b.Helper()
	began := time.Now()
	err := filepath.WalkDir(dir, func(string, fs.DirEntry, error) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	return ran{wall: time.Since(began)}
}

// BenchmarkStartUp measures the small commands of the bundled data.
func BenchmarkStartUp(b *testing.B) {
	program := build(b)
	info, err := os.Stat(program)
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		dir := b.TempDir()
		b.ReportMetric(ms(best(5, func() ran { return run1(b, program, dir, "--version") })), "version-ms")
		b.ReportMetric(ms(best(5, func() ran { return run1(b, program, b.TempDir(), "cargar") })), "cargar-ms")
		run1(b, program, dir, "cargar")
		b.ReportMetric(ms(best(5, func() ran { return run1(b, program, dir, "contar") })), "contar-ms")
		b.ReportMetric(ms(best(5, func() ran { return run1(b, program, dir, "estado") })), "estado-ms")
		b.ReportMetric(float64(info.Size())/1e6, "program-MB")
	}
}

func ms(r ran) float64 { return float64(r.wall.Microseconds()) / 1000 }
