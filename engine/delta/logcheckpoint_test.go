package delta

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/parquet"
	"autoloaderlab/engine/storage"
)

// Vectors: Delta protocol, «JSON checksum», and Delta Lake's own tests.
func TestChecksum(t *testing.T) {
	for text, want := range map[string]string{
		`{"version":3,"size":5,"sizeInBytes":21615,"numOfAddFiles":2}`:                                                      "297b26b7292005e6d850cb6578c7adc6",
		`{"numOfAddFiles":2, "checksum":"no matter", "sizeInBytes":21615, "size":5,"version":3}`:                            "297b26b7292005e6d850cb6578c7adc6",
		`{"k0":"'v 0'","checksum":"adsaskfljadfkjadfkj","k1":{"k2":2,"k3":["v3",[1,2],{"k4":"v4","k5":["v5","v6","v7"]}]}}`: "6a92d155a59bf2eecbd4b4ec7fd1f875",
	} {
		if got, err := checksum([]byte(text)); err != nil || got != want {
			t.Errorf("%s: got %s %v, want %s", text, got, err, want)
		}
	}
	if got, err := checksum([]byte(`[1]`)); err == nil {
		t.Errorf("got %s for a list", got)
	}
}

// FuzzLastCheckpoint holds that a hint's checksum does not depend on how its
// JSON is laid out.
func FuzzLastCheckpoint(f *testing.F) {
	f.Add([]byte(`{"version":3,"size":5,"sizeInBytes":21615,"numOfAddFiles":2}`))
	f.Add([]byte(`{"a":{"b":[null,true,1e9,"x y"]},"":"","checksum":""}`))
	f.Add([]byte(``))
	f.Fuzz(func(t *testing.T, text []byte) {
		want, err := checksum(text)
		if err != nil {
			return
		}
		var laidOut bytes.Buffer
		in := json.NewDecoder(bytes.NewReader(text))
		in.UseNumber()
		var object map[string]any
		if err := in.Decode(&object); err != nil {
			t.Fatal(err)
		}
		enc := json.NewEncoder(&laidOut)
		enc.SetIndent(" ", "\t")
		if err := enc.Encode(object); err != nil {
			t.Fatal(err)
		}
		if object == nil {
			return // null is an object without members, but cannot be given any
		}
		if got, err := checksum(laidOut.Bytes()); err != nil || got != want {
			t.Errorf("got %s %v for %s, want %s", got, err, &laidOut, want)
		}
	})
}

// FuzzLog gives a table a log checkpoint, the commit after it and a hint of any
// content. Whoever reads it gets a whole snapshot or learns what is wrong.
func FuzzLog(f *testing.F) {
	store := storage.NewMemory(nil)
	log := newTable(f, store, table)
	for epoch := range int64(10) {
		mustCommit(f, log, batch(latest(f, log), epoch))
	}
	checkpoint, err := store.ReadFile(log.path("00000000000000000010.checkpoint.parquet"))
	if err != nil {
		f.Fatal(err)
	}
	hint := []byte(`{"version":10,"size":13}`)
	f.Add(checkpoint, []byte(`{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}`), hint)
	f.Add(checkpoint, []byte(`{"txn":{"appId":"q","version":9223372036854775807}}`), []byte(`{"version":-1}`))
	f.Add(checkpoint, []byte(`{"metaData":null}`), []byte(`null`))
	f.Add([]byte("PAR1"), []byte(``), []byte(``))
	f.Fuzz(func(t *testing.T, checkpoint, commit, hint []byte) {
		store := storage.NewMemory(nil)
		log := NewLog(store, table, newClock().now)
		for name, data := range map[string][]byte{
			"00000000000000000010.checkpoint.parquet": checkpoint, "00000000000000000010.json": nil,
			"00000000000000000011.json": commit, lastCheckpointName: hint,
		} {
			if err := store.Put(log.path(name), data); err != nil {
				t.Fatal(err)
			}
		}
		_, _ = log.History(context.Background())
		snapshot, err := log.Latest(context.Background())
		if err != nil {
			if class := failure.ClassOf(err); class == failure.Internal {
				t.Errorf("got %s: %v", class, err)
			}
			return
		}
		if _, err := snapshot.Schema(); err != nil && failure.ClassOf(err) == failure.Internal {
			t.Error(err)
		}
		for _, add := range snapshot.Files() {
			snapshot.AbsPath(add)
		}
		if _, err := log.Commit(context.Background(), batch(snapshot, 11)); err != nil {
			return // it may want what we cannot write
		}
		if after, err := log.Latest(context.Background()); err != nil || len(after.Files()) < len(snapshot.Files()) {
			t.Errorf("after one commit more: %v", err)
		}
	})
}

// TestALogCheckpointOutlivesTheVersionsBeforeIt keeps all state of a table in it.
func TestALogCheckpointOutlivesTheVersionsBeforeIt(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	base := latest(t, log)
	m := base.Metadata
	m.Name, m.Description = "t", "a table"
	m.Configuration = map[string]string{"delta.deletedFileRetentionDuration": "interval 30 days", "x": "ü=1"}
	old, young := log.now().AddDate(0, 0, -40).UnixMilli(), log.now().AddDate(0, 0, -20).UnixMilli()
	value := "v"
	mustCommit(t, log, Transaction{Base: base, Operation: "WRITE", Metadata: &m,
		Txns: []Txn{{AppID: "bare", Version: 7}},
		Adds: []Add{
			{Path: "p=1%20/f", PartitionValues: map[string]*string{"p": &value, "q": nil}, SizeBytes: 5, ModificationTime: 6, Tags: map[string]string{"k": "v"}},
			file("g", 2), file("h", 3), file("i", 4),
		}})
	mustCommit(t, log, Transaction{Base: latest(t, log), Operation: "DELETE", Removes: []Remove{
		{Path: "g", DeletionTimestamp: old, DataChange: true},
		{Path: "h", DeletionTimestamp: young, DataChange: true, ExtendedFileMetadata: true, SizeBytes: 100},
	}})
	load(t, log, 0, 10)

	before := latest(t, log)
	for v := range Version(11) {
		mustDelete(t, store, logFile(commitName(v)))
	}
	after := latest(t, log)
	wantFiles := slices.Clone(before.Files())
	for i := range wantFiles[:len(wantFiles)-2] {
		wantFiles[i].DataChange = false // as Spark has it in a checkpoint
	}
	if !reflect.DeepEqual(after.Files(), wantFiles) {
		t.Errorf("got files %+v\nwant %+v", after.Files(), wantFiles)
	}
	if !reflect.DeepEqual(after.Metadata, before.Metadata) || !reflect.DeepEqual(after.Protocol, before.Protocol) || !reflect.DeepEqual(after.Txns(), before.Txns()) {
		t.Errorf("got %+v, want %+v", after, before)
	}
	if len(after.removes) != 1 || after.removes[0].Path != "h" || after.removes[0].SizeBytes != 100 {
		t.Errorf("got tombstones %+v", after.removes)
	}
	if _, err := log.At(context.Background(), 9); !failure.Is(err, failure.VersionNotFound) {
		t.Errorf("version 9: got %v", err)
	}
	load(t, log, 10, 30)
	if s := latest(t, log); s.Version != 32 || len(s.Files()) != 32 {
		t.Errorf("got version %d, %d files", s.Version, len(s.Files()))
	}
}

func TestTheHintComesAfterItsCheckpoint(t *testing.T) {
	recorder := storage.NewRecorder(storage.NewMemory(nil))
	load(t, newTable(t, recorder, table), 0, 10)
	hint := mustRead(t, recorder, logFile(lastCheckpointName))
	var read lastCheckpoint
	if err := json.Unmarshal([]byte(hint), &read); err != nil {
		t.Fatal(err)
	}
	info, err := recorder.Stat(logFile(checkpointName(10)))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := checksum([]byte(hint))
	if err != nil || read != (lastCheckpoint{10, 13, int(info.SizeBytes), 10, sum}) {
		t.Errorf("got %s %v", hint, err)
	}
}

func TestABrokenHintDoesNoHarm(t *testing.T) {
	for _, hint := range []string{"", "{", "\x00\x00", `{"version":99,"size":1}`, `{"version":-1}`, `[]`} {
		store := storage.NewMemory(nil)
		log := newTable(t, store, table)
		load(t, log, 0, 12)
		mustPut(t, store, logFile(lastCheckpointName), hint)
		if s := latest(t, log); s.Version != 12 || len(s.Files()) != 12 {
			t.Errorf("%q: got version %d, %d files", hint, s.Version, len(s.Files()))
		}
	}
}

func TestADamagedLogCheckpointIsNamed(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 10)
	mustPut(t, store, logFile(checkpointName(10)), "PAR1 no more")
	_, err := log.Latest(context.Background())
	wantClass(t, err, failure.DamagedFile)
	if s := at(t, log, 9); len(s.Files()) != 9 {
		t.Errorf("version 9 has %d files", len(s.Files()))
	}
}

// TestMultiPartCheckpoints cuts a checkpoint in two, and then loses a part.
func TestMultiPartCheckpoints(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 12)
	record, rows := checkpointRecord(at(t, log, 10), log.now())
	defer record.Release()
	mustDelete(t, store, logFile(checkpointName(10)))
	part := func(n int, from, to int64) string {
		data, err := parquet.Encode(record.NewSlice(from, to))
		if err != nil {
			t.Fatal(err)
		}
		name := logFile(fmt.Sprintf("%020d.checkpoint.%010d.%010d.parquet", 10, n, 2))
		mustPut(t, store, name, string(data))
		return name
	}
	part(1, 0, 5)
	second := part(2, 5, int64(rows))
	mustDelete(t, store, logFile(commitName(3)))
	if s := latest(t, log); s.Version != 12 || len(s.Files()) != 12 {
		t.Errorf("got version %d, %d files", s.Version, len(s.Files()))
	}
	mustDelete(t, store, second)
	_, err := log.Latest(context.Background())
	wantClass(t, err, failure.LogGap)
}

func TestCheckpointsComeAtTheTablesInterval(t *testing.T) {
	store := storage.NewMemory(nil)
	log := NewLog(store, table, newClock().now)
	m := NewMetadata(ids(), time.UnixMilli(1))
	m.Configuration = map[string]string{"delta.checkpointInterval": "3"}
	mustCommit(t, log, CreateTable(m))
	load(t, log, 0, 7)
	names, err := log.list()
	if err != nil {
		t.Fatal(err)
	}
	if len(names.checkpoints) != 2 || names.checkpoints[3] == nil || names.checkpoints[6] == nil {
		t.Errorf("got checkpoints %v", names.checkpoints)
	}
}

func TestIntervals(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"interval 1 week":  7 * 24 * time.Hour,
		"interval 30 days": 30 * 24 * time.Hour,
		"2 hours":          2 * time.Hour,
		"INTERVAL 0 DAYS":  0,
	} {
		if got, ok := parseInterval(text); got != want || !ok {
			t.Errorf("%q: got %v %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "interval", "interval 1 month", "interval -1 day", "interval 9999999 days", "1 day 2 hours"} {
		if got, ok := parseInterval(text); ok {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// BenchmarkLatest reads a table of 25 small versions, with the two log
// checkpoints that they call for.
func BenchmarkLatest(b *testing.B) {
	store := storage.NewLocal()
	log := newTable(b, store, b.TempDir())
	load(b, log, 0, 24)
	for b.Loop() {
		latest(b, log)
	}
}

// BenchmarkLatestOfManyVersions reads a table with ten thousand versions, one
// file each, whose newest log checkpoint is nine versions old.
func BenchmarkLatestOfManyVersions(b *testing.B) {
	store, dir := storage.NewLocal(), b.TempDir()
	log := newTable(b, store, dir)
	snapshot := latest(b, log)
	manyVersions(b, dir, snapshot)
	for b.Loop() {
		if s := latest(b, log); s.Version != 9999 {
			b.Fatal(s.Version)
		}
	}
}
