package delta

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// committedAt are four versions whose clock was set back once.
func tableWithTimes(t *testing.T) (*Log, *storage.Memory, time.Time) {
	t.Helper()
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 3)
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for v, minutes := range []int{0, 10, 5, 20} {
		if err := store.SetModTime(logFile(commitName(Version(v))), start.Add(time.Duration(minutes)*time.Minute+300*time.Microsecond)); err != nil {
			t.Fatal(err)
		}
	}
	return log, store, start
}

func TestTimeTravelByInstant(t *testing.T) {
	log, _, start := tableWithTimes(t)
	for _, c := range []struct {
		after time.Duration
		want  Version
	}{
		{0, 0},
		{9 * time.Minute, 0},
		{10 * time.Minute, 1},
		{10*time.Minute + time.Millisecond, 2}, // the clock was set back: a millisecond after the one before
		{19 * time.Minute, 2},
		{20 * time.Minute, 3},
	} {
		s, err := log.AsOf(context.Background(), start.Add(c.after))
		if err != nil || s.Version != c.want {
			t.Errorf("after %v: got %v %v, want version %d", c.after, s, err, c.want)
		}
	}
	for _, after := range []time.Duration{-time.Millisecond, 20*time.Minute + time.Millisecond} {
		_, err := log.AsOf(context.Background(), start.Add(after))
		wantClass(t, err, failure.TimestampNotFound)
	}
}

func TestEveryTimeOfTheHistoryIsAnInstantToTravelTo(t *testing.T) {
	log, _, _ := tableWithTimes(t)
	history, err := log.History(context.Background())
	if err != nil || len(history) != 4 {
		t.Fatal(history, err)
	}
	for _, entry := range history {
		s, err := log.AsOf(context.Background(), entry.Timestamp)
		if err != nil || s.Version != entry.Version {
			t.Errorf("%v: got %v %v, want version %d", entry.Timestamp, s, err, entry.Version)
		}
	}
}

func TestHistory(t *testing.T) {
	history, err := sparkTable(t, "checkpoint-deleted-twice").History(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var operations, epochs []string
	for _, entry := range history {
		epoch, _ := entry.OperationParameters.Text("epochId")
		operations, epochs = append(operations, entry.Operation), append(epochs, epoch)
	}
	if want := []string{"STREAMING UPDATE", "STREAMING UPDATE", "STREAMING UPDATE", "CREATE TABLE"}; !slices.Equal(operations, want) {
		t.Errorf("got %v", operations)
	}
	if want := []string{"0", "0", "1", ""}; !slices.Equal(epochs, want) {
		t.Errorf("got epochs %v", epochs)
	}
}

func TestHistoryAsJSON(t *testing.T) {
	log, store, _ := tableWithTimes(t)
	mustPut(t, store, logFile(commitName(4)), `{"commitInfo":{"operation":"WRITE","operationParameters":{"mode":"Append","n":1},"operationMetrics":{"num_added_rows":7},"clientVersion":"delta-rs.1"}}`)
	mustPut(t, store, logFile(commitName(5)), `{"add":{"path":"x","dataChange":true}}`)
	if err := store.SetModTime(logFile(commitName(4)), time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	history, err := log.History(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	const nothing = `"job":null,"notebook":null,"clusterId":null,"readVersion":null,"isolationLevel":null,"isBlindAppend":null,`
	for i, want := range map[int]string{
		1: `{"version":4,"timestamp":"2026-11-23T10:00:00Z","userId":null,"userName":null,"operation":"WRITE",` +
			`"operationParameters":{"mode":"Append","n":"1"},` + nothing + `"operationMetrics":{"num_added_rows":"7"},"userMetadata":null,"engineInfo":null}`,
		2: `{"version":3,"timestamp":"2026-11-23T09:20:00Z","userId":null,"userName":null,"operation":"STREAMING UPDATE",` +
			`"operationParameters":{"outputMode":"Append","queryId":"q","epochId":"2"},"job":null,"notebook":null,"clusterId":null,"readVersion":2,` +
			`"isolationLevel":"Serializable","isBlindAppend":true,` +
			`"operationMetrics":{"numRemovedFiles":"0","numAddedFiles":"1","numOutputRows":"10","numOutputBytes":"100"},"userMetadata":null,"engineInfo":"autoloaderlab"}`,
	} {
		if got, err := json.Marshal(history[i]); err != nil || string(got) != want {
			t.Errorf("got %s %v\nwant %s", got, err, want)
		}
	}
	if history[0].Operation != "" || history[0].Version != 5 {
		t.Errorf("a commit without commitInfo: got %+v", history[0])
	}
}

func TestHistoryAfterACleanup(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 12)
	for v := range Version(10) {
		mustDelete(t, store, logFile(commitName(v)))
	}
	history, err := log.History(context.Background())
	if err != nil || len(history) != 3 || history[2].Version != 10 {
		t.Errorf("got %v %v", history, err)
	}
	if s, err := log.AsOf(context.Background(), history[1].Timestamp); err != nil || s.Version != 11 {
		t.Errorf("got %v %v", s, err)
	}
}

func TestInCommitTimestampsCountMoreThanTheFiles(t *testing.T) {
	store := storage.NewMemory(nil)
	log := NewLog(store, table, time.Now)
	mustPut(t, store, logFile(commitName(0)), `{"commitInfo":{"inCommitTimestamp":1000,"operation":"CREATE TABLE"}}
{"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{"delta.enableInCommitTimestamps":"true"}}}
{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["inCommitTimestamp"]}}`)
	mustPut(t, store, logFile(commitName(1)), `{"commitInfo":{"inCommitTimestamp":2000}}`)
	s := latest(t, log)
	if s.Timestamp.UnixMilli() != 2000 {
		t.Errorf("got %v", s.Timestamp)
	}
	if s, err := log.AsOf(context.Background(), time.UnixMilli(1999)); err != nil || s.Version != 0 || s.Timestamp.UnixMilli() != 1000 {
		t.Errorf("got %v %v", s, err)
	}
	_, err := log.Commit(context.Background(), batch(s, 0))
	wantClass(t, err, failure.UnsupportedWrite)
	if !failureNames(err, "inCommitTimestamp") {
		t.Error(err)
	}
}
