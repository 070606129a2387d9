package main

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
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
		b.Fatalf("%s %s: %v\n%s%s", filepath.Base(program), strings.Join(args, " "), err, out, narration.String())
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

// knownFiles is how many files BenchmarkKnownFiles makes: another number with
// LAB_BENCH_KNOWN_FILES=1000000.
func knownFiles(b *testing.B) int {
	b.Helper()
	asked := os.Getenv("LAB_BENCH_KNOWN_FILES")
	if asked == "" {
		return 100_000
	}
	files, err := strconv.Atoi(asked)
	if err != nil {
		b.Fatal(err)
	}
	return files
}

// BenchmarkKnownFiles runs with nothing new, and with one file more, beside a bare
// walk of the same folder, a whole process too. The files are taken note of and
// not loaded, which the source log remembers in the same way. The slowest of the
// runs with one file more is the one that compacts the source log.
func BenchmarkKnownFiles(b *testing.B) {
	program, walk, landing := build(b), buildWalk(b), b.TempDir()
	land(b, landing, knownFiles(b), 1)
	for range b.N {
		dir := b.TempDir()
		load := func(more ...string) ran {
			return run1(b, program, dir, append([]string{"cargar", "--volumen-landing", "file://" + landing}, more...)...)
		}
		load("--opcion", "cloudFiles.includeExistingFiles=false")
		walked := best(5, func() ran { return run1(b, walk, dir, landing) })
		nothing := best(5, func() ran { return load() })
		one := make([]ran, 10)
		for i := range one {
			name := fmt.Sprintf("uno-mas-%d.csv", i)
			landOneMore(b, landing, name)
			one[i] = load()
			removeOneMore(b, landing, name)
		}
		slices.SortFunc(one, func(a, b ran) int { return cmp.Compare(a.wall, b.wall) })
		typical, slowest := one[len(one)/2], one[len(one)-1]
		b.ReportMetric(ms(walked), "walk-ms")
		b.ReportMetric(ms(nothing), "nothing-new-ms")
		b.ReportMetric(ms(typical), "one-new-ms")
		b.ReportMetric(ms(slowest), "one-new-slowest-ms")
		b.ReportMetric(ms(nothing)/ms(walked), "nothing-new×walk")
		b.ReportMetric(ms(typical)/ms(walked), "one-new×walk")
		b.ReportMetric(ms(slowest)/ms(walked), "one-new-slowest×walk")
		b.ReportMetric(float64(max(nothing.peakBytes, slowest.peakBytes))/1e6, "peak-MB")
	}
}

// bareWalk is the least that anybody does who looks for new files in a folder.
const bareWalk = `package main

import (
	"io/fs"
	"os"
	"path/filepath"
)

func main() {
	if filepath.WalkDir(os.Args[1], func(_ string, _ fs.DirEntry, err error) error { return err }) != nil {
		os.Exit(1)
	}
}
`

func buildWalk(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	source, program := filepath.Join(dir, "walk.go"), filepath.Join(dir, "walk")
	if err := os.WriteFile(source, []byte(bareWalk), 0o644); err != nil {
		b.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", program, source).CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return program
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
