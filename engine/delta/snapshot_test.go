package delta

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// sparkCommits are the versions in testdata/spark: tables that Spark 4.0.1 with
// Delta Lake 4.0.0 wrote, loading CSV files as a stream.
func sparkCommits(t testing.TB) [][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", "spark", "*", LogDir, "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatal("no logs in testdata", err)
	}
	var commits [][]byte
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		commits = append(commits, text)
	}
	return commits
}

func sparkTable(t testing.TB, name string) *Log {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("testdata", "spark", name))
	if err != nil {
		t.Fatal(err)
	}
	return NewLog(storage.NewLocal(), dir, newClock().now)
}

func TestSparksTables(t *testing.T) {
	for _, c := range []struct {
		name    string
		version Version
		rows    int64
		files   int
		txns    int
	}{
		{"first-run", 1, 552, 2, 1},
		{"after-drop-and-new-day", 1, 50, 1, 1},
		{"checkpoint-deleted-twice", 3, 1254, 5, 3},
	} {
		s := latest(t, sparkTable(t, c.name))
		rows, known := s.Rows()
		if s.Version != c.version || rows != c.rows || !known || len(s.Files()) != c.files || len(s.Txns()) != c.txns {
			t.Errorf("%s: got version %d, %d rows, %d files, %d txns", c.name, s.Version, rows, len(s.Files()), len(s.Txns()))
		}
		schema, err := s.Schema()
		if err != nil || len(schema.Fields) != 7 || schema.Fields[6].Primitive() != "date" {
			t.Errorf("%s: got schema %v %v", c.name, schema, err)
		}
		if schema.String() != s.Metadata.SchemaString {
			t.Errorf("%s: schemaString became %s", c.name, schema)
		}
	}
	s := latest(t, sparkTable(t, "after-drop-and-new-day"))
	if version, ok := s.TxnVersion("e7e95b64-cd2e-46fa-8469-330746d64b04"); version != 1 || !ok {
		t.Errorf("got txn %d %v", version, ok)
	}
	if s.SizeBytes() != 2481 {
		t.Errorf("got %d bytes", s.SizeBytes())
	}
}

func TestATableThatIsNotThere(t *testing.T) {
	store := storage.NewMemory(nil)
	log := NewLog(store, table, time.Now)
	check := func() {
		t.Helper()
		_, err := log.Latest(context.Background())
		wantClass(t, err, failure.TableNotFound)
		_, err = log.At(context.Background(), 0)
		wantClass(t, err, failure.TableNotFound)
		_, err = log.AsOf(context.Background(), time.Now())
		wantClass(t, err, failure.TableNotFound)
		_, err = log.History(context.Background())
		wantClass(t, err, failure.TableNotFound)
	}
	check()
	mustPut(t, store, logFile(".tmp"), "")
	mustPut(t, store, logFile("_last_checkpoint"), `{"version":10,"size":1}`)
	check()
}

func TestJunkInTheLogIsIgnored(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 2)
	for _, name := range []string{
		"foo.json", ".00000000000000000001.json.crc", "00000000000000000009.json.tmp", "00000000000000000003.crc",
		"_staged_commits/00000000000000000003.json", "00000000000000000003.json.d/x", "00000000000000000004.json/x",
	} {
		mustPut(t, store, logFile(name), "\x00junk")
	}
	if s := latest(t, log); s.Version != 2 || len(s.Files()) != 2 {
		t.Errorf("got version %d with %d files", s.Version, len(s.Files()))
	}
}

func TestDamageIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(store storage.Store)
		class  failure.Class
	}{
		"a truncated version": {func(store storage.Store) {
			text := mustRead(t, store, logFile(commitName(2)))
			mustPut(t, store, logFile(commitName(2)), text[:len(text)-20])
		}, failure.DamagedFile},
		"an empty version":   {func(store storage.Store) { mustPut(t, store, logFile(commitName(2)), "") }, failure.DamagedFile},
		"a missing version":  {func(store storage.Store) { mustDelete(t, store, logFile(commitName(2))) }, failure.LogGap},
		"no version 0":       {func(store storage.Store) { mustDelete(t, store, logFile(commitName(0))) }, failure.LogGap},
		"a far-away version": {func(store storage.Store) { mustPut(t, store, logFile("00999999999999999999.json"), "{}") }, failure.LogGap},
		"no protocol": {func(store storage.Store) {
			text := mustRead(t, store, logFile(commitName(0)))
			mustPut(t, store, logFile(commitName(0)), text[:strings.Index(text, `{"protocol"`)])
		}, failure.StateRecovery},
		"no metaData": {func(store storage.Store) {
			mustPut(t, store, logFile(commitName(0)), `{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}`)
		}, failure.StateRecovery},
		"only a V2 checkpoint": {func(store storage.Store) {
			mustDelete(t, store, logFile(commitName(0)))
			mustPut(t, store, logFile("00000000000000000002.checkpoint.6374b053-df23-479b-b2cf-c9c550132b49.parquet"), "")
		}, failure.UnsupportedFeature},
	} {
		store := storage.NewMemory(nil)
		log := newTable(t, store, table)
		load(t, log, 0, 3)
		c.damage(store)
		_, err := log.Latest(context.Background())
		if !failure.Is(err, c.class) {
			t.Errorf("%s: got %v, want %s", name, err, c.class)
		}
		if c.class == failure.DamagedFile && !strings.Contains(err.Error(), commitName(2)) {
			t.Errorf("%s: %v does not name the file", name, err)
		}
	}
}

func TestTimeTravelByVersion(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 12)
	for v := range Version(13) {
		if s := at(t, log, v); s.Version != v || len(s.Files()) != int(v) {
			t.Errorf("version %d: got %d files", v, len(s.Files()))
		}
	}
	for _, v := range []Version{-1, 13} {
		_, err := log.At(context.Background(), v)
		wantClass(t, err, failure.VersionNotFound)
	}
}

func TestNewestActionOfAPathWins(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	step := func(adds []Add, removes []Remove) {
		mustCommit(t, log, Transaction{Base: latest(t, log), Operation: "WRITE", Adds: adds, Removes: removes})
	}
	step([]Add{file("a%20b", 1), file("c", 2), file("d", 3)}, nil)
	step(nil, []Remove{{Path: "a b", DataChange: true, DeletionTimestamp: 5}})
	step([]Add{file("e", 4)}, []Remove{{Path: "c", DataChange: true, DeletionTimestamp: 5}})
	step([]Add{file("c", 9)}, nil)
	s := latest(t, log)
	if got, want := paths(s), []string{"d", "e", "c"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if rows, known := s.Rows(); rows != 16 || !known {
		t.Errorf("got %d rows %v", rows, known)
	}
	if len(s.removes) != 1 {
		t.Errorf("got tombstones %v", s.removes)
	}
}

func TestRowsAreUnknownWhenAFileHasNoStats(t *testing.T) {
	for stats, want := range map[string]int64{
		`{"numRecords":7}`:                    7,
		`{"numRecords":7,"minValues":{}}`:     7,
		`{ "minValues": {}, "numRecords": 8}`: 8,
		``:                                    -1,
		`junk`:                                -1,
		`{"stats_json":"{}"}`:                 -1,
		`{"numRecords":-1}`:                   -1,
		`{"numRecords":99999999999999999999}`: -1,
		`{"numRecords":null}`:                 -1,
	} {
		rows, known := Add{Stats: stats}.Rows()
		if known != (want >= 0) || known && rows != want {
			t.Errorf("%s: got %d %v, want %d", stats, rows, known, want)
		}
	}
}

func TestCancelledReadingStops(t *testing.T) {
	log := newTable(t, storage.NewMemory(nil), table)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := log.Latest(ctx)
	wantClass(t, err, failure.Cancelled)
}
