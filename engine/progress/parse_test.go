package progress_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/progress"
)

func ptr[T any](v T) *T { return &v }

// every event, as the command tells it.
func every() []progress.Stamped {
	at := time.Date(2025, 3, 7, 12, 10, 41, 5e6, time.UTC)
	batch := ptr(int64(2))
	return []progress.Stamped{
		{At: at, Event: progress.Listed{SeenFiles: 4, NewFiles: 5, Bytes: 250}},
		{At: at, Batch: batch, Event: progress.Discovered{Files: 5, Bytes: 250, Entry: 3}},
		{At: at, Batch: batch, Replayed: true, Event: progress.Planned{Files: 5, Bytes: 250}},
		{At: at, Event: progress.Advanced{BytesRead: 1, BytesTotal: 2, Rows: 3, FilesRead: 4, FilesTotal: 5,
			Files: []progress.FileRead{{Name: "a.csv", BytesRead: 1, BytesTotal: 2, Rows: 3}}}},
		{At: at, Batch: batch, Event: progress.Written{Path: "/x/part-0.parquet", Rows: 50, Bytes: 4000}},
		{At: at, Batch: batch, Event: progress.TableCommitted{Version: 3}},
		{At: at, Batch: batch, Event: progress.AlreadyInTable{TxnVersion: 2, UnloadedFiles: ptr(1)}},
		{At: at, Batch: batch, Event: progress.AlreadyInTable{TxnVersion: 2}},
		{At: at, Batch: batch, Event: progress.Confirmed{}},
		{At: at, Event: progress.Paused{Seam: progress.AfterData}},
		{At: at, Event: progress.Warned{Class: progress.TailLost, Message: "…", Things: []string{"a.csv"}, Count: 7}},
		{At: at, Event: progress.Finished{State: progress.Failed, QueryID: ptr("q"), RunID: "r", Batches: 1, TableVersion: ptr(int64(3)),
			Error: &progress.Failure{Class: "DISK_FULL", Message: "…", ToDo: "…"}}},
		{At: at, Event: progress.Unknown{Kind: "nuevo", Fields: map[string]json.RawMessage{"x": json.RawMessage(`[1,2]`)}}},
	}
}

func TestParseReadsWhatIsWritten(t *testing.T) {
	for _, want := range every() {
		line, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := progress.Parse(line)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v, want %+v", line, got, err, want)
		}
	}
}

func TestParseRefusesWhatIsNoEvent(t *testing.T) {
	for name, line := range map[string]string{
		"an empty line":         "",
		"no JSON":               "panic: runtime error",
		"half a line":           `{"evento":"fin","hora":"2025-03`,
		"not an object":         `["fin"]`,
		"null":                  `null`,
		"no name":               `{"hora":"2025-03-07T12:10:41.005Z"}`,
		"no time":               `{"evento":"fin"}`,
		"a field of other type": `{"evento":"listado","hora":"2025-03-07T12:10:41.005Z","bytes":"many"}`,
		"a batch that is text":  `{"evento":"confirmado","hora":"2025-03-07T12:10:41.005Z","lote":"2"}`,
	} {
		if got, err := progress.Parse([]byte(line)); err == nil || !strings.HasPrefix(err.Error(), "parse event") {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range every() {
		line, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Add([]byte(`{"evento":"x","hora":"2025-03-07T12:10:41Z","Lote":{"a":[null]}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		first, err := progress.Parse(line)
		if err != nil {
			return
		}
		once, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("%q was read and cannot be written: %v", line, err)
		}
		second, err := progress.Parse(once)
		if err != nil {
			t.Fatalf("%q became %q, which cannot be read: %v", line, once, err)
		}
		if twice, _ := json.Marshal(second); string(twice) != string(once) {
			t.Fatalf("got %q, want %q", twice, once)
		}
	})
}
