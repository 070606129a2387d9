package checkpoint_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// What Spark 4.0.1 wrote after two batches is in testdata/spark.
func TestReadsWhatSparkWrote(t *testing.T) {
	folder := checkpoint.Open(storage.NewLocal(), "testdata/spark")
	id, ok, err := folder.QueryID()
	if err != nil || !ok || id != "e7e95b64-cd2e-46fa-8469-330746d64b04" {
		t.Errorf("query id: got %q, %v, %v", id, ok, err)
	}
	position, err := stream.Stand(folder.Offsets(), folder.Commits())
	if err != nil || position.Batch != 2 || position.From != 1 || position.Planned != nil {
		t.Errorf("position: got %+v, %v, want batch 2 after entry 1", position, err)
	}
	plan, _, err := folder.Offsets().Get(1)
	if want := time.UnixMilli(1795414780128); err != nil || !plan.Time.Equal(want) {
		t.Errorf("batch 1 was planned at %v, %v, want %v", plan.Time, err, want)
	}
	log, err := checkpoint.OpenSourceLog(storage.NewLocal(), folder.Sources(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	second, err := log.Between(0, 1)
	if log.Len() != 4 || log.Latest() != 1 || len(second) != 1 || err != nil {
		t.Errorf("source log: got %d files up to entry %d, %d in the second, %v", log.Len(), log.Latest(), len(second), err)
	}
	const uri = "file:///lab/landing/account_premium_features/account_premium_features_2025-03-03.csv"
	if got, want := seen(log, uri), (checkpoint.Sighting{Seen: true, TimestampMs: 1795414745998}); got != want {
		t.Errorf("%s: got %+v, want %+v", uri, got, want)
	}
}

// The same bytes that Spark wrote, but for conf, which may be empty.
func TestWritesWhatSparkWrites(t *testing.T) {
	store := storage.NewMemory(nil)
	folder := checkpoint.Open(store, "/c")
	must(t, folder.Offsets().Add(3, stream.Plan{To: 5, Time: time.UnixMilli(1795414758751)}))
	must(t, folder.Commits().Add(3))
	if id, err := folder.Join("fresh"); id != "fresh" || err != nil {
		t.Errorf("join: got %q, %v", id, err)
	}
	if id, err := folder.Join("other"); id != "fresh" || err != nil {
		t.Errorf("join again: got %q, %v, want the id for life", id, err)
	}
	log := openLog(t, store)
	must(t, log.Append([]checkpoint.SeenFile{{URI: "file:///a", TimestampMs: 7}}))
	for path, want := range map[string]string{
		"/c/offsets/3":   "v1\n{\"batchWatermarkMs\":0,\"batchTimestampMs\":1795414758751,\"conf\":{}}\n{\"logOffset\":5}",
		"/c/commits/3":   "v1\n{\"nextBatchWatermarkMs\":0}",
		"/c/metadata":    `{"id":"fresh"}`,
		"/c/sources/0/0": "v1\n" + `{"path":"file:///a","timestamp":7,"batchId":0}`,
	} {
		if got, err := store.ReadFile(path); string(got) != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", path, got, err, want)
		}
	}
}

func TestAnEntryIsWrittenOnceAndItsStaleTwinGoes(t *testing.T) {
	store := storage.NewMemory(nil)
	must(t, store.Put("/c/commits/.0.crc", []byte("stale")))
	commits := checkpoint.Open(store, "/c").Commits()
	must(t, commits.Add(0))
	if there, _ := storage.Exists(store, "/c/commits/.0.crc"); there {
		t.Error("the stale checksum twin is still there")
	}
	must(t, store.Put("/c/commits/.0.crc", []byte("of the entry that is there")))
	if err := commits.Add(0); !failure.Is(err, failure.ConcurrentStream) {
		t.Errorf("the second writer: got %v, want %s", err, failure.ConcurrentStream)
	}
	if there, _ := storage.Exists(store, "/c/commits/.0.crc"); !there {
		t.Error("a refused write removed the twin of what is there")
	}
}

func TestDamagedEntriesAreNamed(t *testing.T) {
	for name, data := range map[string]string{
		"empty":             "",
		"a version to come": "v99999\n{}\n{\"logOffset\":0}",
		"cut after line 1":  "v1\n",
		"cut in a line":     "v1\n{\"batchWatermarkMs\":0,\"batchTime",
		"without offset":    "v1\n{}\n{}",
		"of two sources":    "v1\n{}\n{\"logOffset\":0}\n{\"logOffset\":0}",
	} {
		t.Run(name, func(t *testing.T) {
			store := storage.NewMemory(nil)
			must(t, store.Put("/c/offsets/0", []byte(data)))
			_, _, _, err := checkpoint.Open(store, "/c").Offsets().Latest()
			if !failure.Is(err, failure.DamagedFile) || !strings.Contains(err.Error(), "/c/offsets/0") {
				t.Errorf("got %v, want %s naming the file", err, failure.DamagedFile)
			}
		})
	}
}

func TestOldEntriesArePurgedWithTheirTwins(t *testing.T) {
	store := storage.NewMemory(nil)
	commits := checkpoint.Open(store, "/c").Commits()
	for id := range stream.BatchID(5) {
		must(t, commits.Add(id))
		must(t, store.Put(fmt.Sprintf("/c/commits/.%d.crc", id), nil))
	}
	must(t, commits.Purge(3))
	entries, err := store.List("/c/commits")
	must(t, err)
	if len(entries) != 4 {
		t.Errorf("got %v, want 3, 4 and their twins", entries)
	}
}

// Lines of Spark's own checkpoints, and what Java's URI does with each character.
func TestPathsAreEncodedAsJavaDoes(t *testing.T) {
	for path, want := range map[string]string{
		"/a/ventas 2025.csv":   "file:///a/ventas%202025.csv",
		"/a/año_é_é.csv":       "file:///a/año_é_é.csv",
		"/a/100%.csv":          "file:///a/100%25.csv",
		"/a/%41.csv":           "file:///a/%2541.csv",
		"/a/b#c?d.csv":         "file:///a/b%23c%3Fd.csv",
		"/a/[x]{y}.csv":        "file:///a/%5Bx%5D%7By%7D.csv",
		"/a/^`|<>\".csv":       "file:///a/%5E%60%7C%3C%3E%22.csv",
		`/a/b\c.csv`:           "file:///a/b%5Cc.csv",
		"/a/+&',;~=@$!*()-_.":  "file:///a/+&',;~=@$!*()-_.",
		"/a/\t\u0085.csv":      "file:///a/%09%C2%85.csv",
		"/a/\u00a0\u2003.csv":  "file:///a/%C2%A0%E2%80%83.csv",
		"/a/\u200b🙂日本.csv":     "file:///a/\u200b🙂日本.csv",
		"/a/not\xffutf8.csv":   "file:///a/not%FFutf8.csv",
		"/a/the\ufffdrune.csv": "file:///a/the\ufffdrune.csv",
	} {
		got := checkpoint.EncodeURI(path)
		if got != want {
			t.Errorf("encode %q: got %q, want %q", path, got, want)
		}
		if back, err := checkpoint.DecodeURI(got); back != path || err != nil {
			t.Errorf("decode %q: got %q, %v, want %q", got, back, err, path)
		}
	}
}

func FuzzURIRoundTrip(f *testing.F) {
	for _, path := range []string{"/a b", "/ñ%41", "/\xff\x00", "//double"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, name string) {
		path := "/" + strings.TrimLeft(name, "/")
		if back, err := checkpoint.DecodeURI(checkpoint.EncodeURI(path)); back != path || err != nil {
			t.Errorf("%q came back as %q, %v", path, back, err)
		}
		folder, name := filepath.Split(path)
		if pieces := checkpoint.AppendURI([]byte(checkpoint.EncodeURI(folder)), name); string(pieces) != checkpoint.EncodeURI(path) {
			t.Errorf("%q in two pieces became %q", path, pieces)
		}
	})
}

func TestEveryTenthEntryIsWrittenOnlyCompacted(t *testing.T) {
	store := storage.NewMemory(nil)
	for k := range 23 {
		log := openLog(t, store) // each run reads the log again
		must(t, log.Append([]checkpoint.SeenFile{{URI: fmt.Sprintf("file:///%d", k)}}))
	}
	for name, want := range map[string]bool{"8": true, "9": false, "9.compact": true, "19": false, "19.compact": true, "22": true} {
		if got, _ := storage.Exists(store, filepath.Join("/c/sources/0", name)); got != want {
			t.Errorf("%s: there=%v, want %v", name, got, want)
		}
	}
	log := openLog(t, store)
	if log.Len() != 23 || log.Latest() != 22 {
		t.Errorf("got %d files up to %d, want 23 up to 22", log.Len(), log.Latest())
	}
	all, err := log.All()
	must(t, err)
	for k, file := range all {
		if file.Batch != stream.Offset(k) || file.URI != fmt.Sprintf("file:///%d", k) {
			t.Errorf("entry %d: got %+v", k, file)
		}
	}
}

func TestAnEntrysFilesAreFoundWhereverTheyStand(t *testing.T) {
	store := storage.NewMemory(nil)
	log := openLog(t, store)
	for k := range 23 {
		must(t, log.Append([]checkpoint.SeenFile{{URI: fmt.Sprintf("file:///b%d", k)}, {URI: fmt.Sprintf("file:///a%d", k)}}))
	}
	for name, log := range map[string]*checkpoint.SourceLog{"the writer's": log, "opened again": openLog(t, store)} {
		for _, r := range []struct{ from, to stream.Offset }{{-1, 0}, {-1, 22}, {3, 9}, {8, 9}, {9, 10}, {18, 21}, {21, 22}, {22, 22}} {
			files, err := log.Between(r.from, r.to)
			must(t, err)
			var got, want []string
			for _, file := range files {
				got = append(got, file.URI)
			}
			for k := r.from + 1; k <= r.to; k++ {
				want = append(want, fmt.Sprintf("file:///b%d", k), fmt.Sprintf("file:///a%d", k))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, after %d up to %d: got %q, want %q", name, r.from, r.to, got, want)
			}
		}
	}
}

func TestACompactedEntryKeepsLinesAsTheyAre(t *testing.T) {
	store := storage.NewMemory(nil)
	foreign := `{ "batchId":0, "timestamp":1, "path":"file:///a", "theirs":[1] }`
	must(t, store.Put("/c/sources/0/0", []byte("v1\n"+foreign+"\n\n")))
	want := "v1\n" + foreign
	for k := 1; k < 10; k++ {
		must(t, openLog(t, store).Append([]checkpoint.SeenFile{{URI: fmt.Sprintf("file:///%d", k)}}))
		want += fmt.Sprintf("\n"+`{"path":"file:///%d","timestamp":0,"batchId":%d}`, k, k)
	}
	if got, err := store.ReadFile("/c/sources/0/9.compact"); string(got) != want || err != nil {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
}

func TestOldEntriesGoOnceACompactedOneHasReplacedThem(t *testing.T) {
	now := time.UnixMilli(0)
	clock := func() time.Time { return now }
	store := storage.NewMemory(clock)
	log, err := checkpoint.OpenSourceLog(store, "/c/sources/0", clock)
	must(t, err)
	for k := range 130 {
		now = now.Add(time.Hour)
		must(t, log.Append([]checkpoint.SeenFile{{URI: fmt.Sprintf("file:///%d", k)}}))
	}
	if there, _ := storage.Exists(store, "/c/sources/0/5"); there {
		t.Error("entry 5 is still there, hours after 29.compact replaced it")
	}
	if got := openLog(t, store).Len(); got != 130 {
		t.Errorf("got %d files, want 130", got)
	}
}

func TestTheCompactIntervalIsTheOneOnDisk(t *testing.T) {
	for _, test := range []struct {
		name     string
		compacts []int
		want     string
	}{
		{"none: ten", nil, "9.compact"},
		{"one at 4 means five", []int{4}, "9.compact"},
		{"one at 11 means twelve", []int{11}, "23.compact"},
		{"one at 39 means ten", []int{39}, "49.compact"},
		{"two: their difference", []int{5, 8}, "11.compact"},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := storage.NewMemory(nil)
			for _, k := range test.compacts {
				must(t, store.Put(fmt.Sprintf("/c/sources/0/%d.compact", k), fmt.Appendf(nil, "v1\n{\"path\":\"file:///x\",\"timestamp\":1,\"batchId\":%d}", k)))
			}
			log := openLog(t, store)
			for range 12 {
				must(t, log.Append([]checkpoint.SeenFile{{URI: "file:///y"}}))
			}
			if there, _ := storage.Exists(store, "/c/sources/0/"+test.want); !there {
				entries, _ := store.List("/c/sources/0")
				t.Errorf("no %s; there is %v", test.want, entries)
			}
		})
	}
}

func TestALogWithAGapOrADamagedLineIsRefused(t *testing.T) {
	for _, test := range []struct {
		name  string
		files map[string]string
		class failure.Class
	}{
		{"a gap", map[string]string{"0": "v1\n" + line(0), "2": "v1\n" + line(2)}, failure.SourceLogIncomplete},
		{"the beginning is missing", map[string]string{"1": "v1\n" + line(1)}, failure.SourceLogIncomplete},
		{"half a line", map[string]string{"0": "v1\n" + line(0)[:30]}, failure.DamagedFile},
		{"no version", map[string]string{"0": line(0)}, failure.DamagedFile},
		{"empty", map[string]string{"0": ""}, failure.DamagedFile},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := storage.NewMemory(nil)
			for name, data := range test.files {
				must(t, store.Put("/c/sources/0/"+name, []byte(data)))
			}
			if _, err := checkpoint.OpenSourceLog(store, "/c/sources/0", time.Now); !failure.Is(err, test.class) {
				t.Errorf("got %v, want %s", err, test.class)
			}
		})
	}
}

func TestALineUnderAnotherBatchIsMissed(t *testing.T) {
	store := storage.NewMemory(nil)
	must(t, store.Put("/c/sources/0/0", []byte("v1\n"+line(7))))
	if err := openLog(t, store).Check(stream.NoOffset, 0); !failure.Is(err, failure.SourceLogIncomplete) {
		t.Errorf("got %v, want %s: its rows would be lost in silence", err, failure.SourceLogIncomplete)
	}
}

func TestForeignFieldsAndShapesOfALineAreRead(t *testing.T) {
	for name, line := range map[string]string{
		"spaces and another order": `{ "batchId": 0, "timestamp": 5, "path": "file:///a" }`,
		"unknown nested fields":    `{"path":"file:///a","timestamp":5,"batchId":0,"x":{"y":[1]}}`,
		"escapes":                  `{"path":"file:\/\/\/\u0061","timestamp":5,"batchId":0}`,
	} {
		t.Run(name, func(t *testing.T) {
			store := storage.NewMemory(nil)
			must(t, store.Put("/c/sources/0/0", []byte("v1\n"+line)))
			if got, want := seen(openLog(t, store), "file:///a"), (checkpoint.Sighting{Seen: true, TimestampMs: 5}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func FuzzSourceLog(f *testing.F) {
	f.Add([]byte("v1\n" + line(0)))
	f.Add([]byte("v1\n" + `{"path":"a\"b","timestamp":1,"batchId":0,"size":3,"discovered":4,"known":true}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		store := storage.NewMemory(nil)
		must(t, store.Put("/c/sources/0/0", data))
		log, err := checkpoint.OpenSourceLog(store, "/c/sources/0", time.Now)
		if err != nil {
			return
		}
		before := log.Len()
		if err := log.Append([]checkpoint.SeenFile{{URI: "file:///new file"}}); err != nil {
			t.Fatal(err)
		}
		if again := openLog(t, store); again.Len() < before || again.Latest() != 1 {
			t.Errorf("after one more entry: %d files up to %d, had %d", again.Len(), again.Latest(), before)
		}
	})
}

func FuzzOffsets(f *testing.F) {
	f.Add([]byte("v1\n{\"batchWatermarkMs\":0,\"batchTimestampMs\":1,\"conf\":{}}\n{\"logOffset\":5}"))
	f.Add([]byte("v1\n{}\n7"))
	f.Add([]byte("v1\n{\"batchTimestampMs\":9223372036854775807}\n{\"logOffset\":5}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		store := storage.NewMemory(nil)
		for _, name := range []string{"offsets/0", "commits/0", "metadata"} {
			must(t, store.Put("/c/"+name, data))
		}
		folder := checkpoint.Open(store, "/c")
		_, _, _ = folder.QueryID()
		if position, err := stream.Stand(folder.Offsets(), folder.Commits()); err == nil && position.Batch < 0 {
			t.Errorf("a position before the beginning: %+v", position)
		}
		if plan, ok, err := folder.Offsets().Get(0); err == nil && ok {
			if _, err := plan.Time.MarshalText(); err != nil || plan.To < 0 {
				t.Errorf("got plan %+v, %v", plan, err)
			}
		}
	})
}

func FuzzMetadata(f *testing.F) {
	f.Add([]byte(`{"id":"6f1c7a9e-0b1f-4a49-9d52-0d1f1a2b3c4d"}`))
	f.Add([]byte(`{"id":null}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		store := storage.NewMemory(nil)
		must(t, store.Put("/c/metadata", data))
		folder := checkpoint.Open(store, "/c")
		id, ok, err := folder.QueryID()
		if (err == nil) != ok || ok && id == "" {
			t.Fatalf("got %q, %v, %v", id, ok, err)
		}
		if joined, again := folder.Join("fresh"); joined != id || (again == nil) != (err == nil) {
			t.Errorf("joined as %q, %v, want %q, %v", joined, again, id, err)
		}
		if after, err := store.ReadFile("/c/metadata"); err != nil || string(after) != string(data) {
			t.Errorf("it is now %q, %v", after, err)
		}
	})
}

func BenchmarkOpenSourceLogOf100000Files(b *testing.B) {
	store := storage.NewMemory(nil)
	var log strings.Builder
	log.WriteString("v1")
	for i := range 100_000 {
		fmt.Fprintf(&log, "\n"+`{"path":"file:///lab/Volumes/landing/account_premium_features/part-%08d.csv","timestamp":1795414745998,"batchId":9,"size":420,"discovered":1795414745998}`, i)
	}
	if err := store.Put("/c/sources/0/9.compact", []byte(log.String())); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := checkpoint.OpenSourceLog(store, "/c/sources/0", time.Now); err != nil {
			b.Fatal(err)
		}
	}
}

func line(batch int) string {
	return fmt.Sprintf(`{"path":"file:///a","timestamp":5,"batchId":%d}`, batch)
}

func seen(log *checkpoint.SourceLog, uri string) checkpoint.Sighting {
	return log.Seen([][]byte{[]byte(uri)}, nil)[0]
}

func openLog(t *testing.T, store storage.Store) *checkpoint.SourceLog {
	t.Helper()
	log, err := checkpoint.OpenSourceLog(store, "/c/sources/0", time.Now)
	must(t, err)
	return log
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
