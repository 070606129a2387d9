package delta

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestReadersPassOverWhatTheyDoNotKnow(t *testing.T) {
	commit, err := parseCommit(3, []byte(strings.Join([]string{
		``,
		`{"futureAction":{"x":1}}`,
		`   `,
		`{"commitInfo":"not even an object"}`,
		`{"add":{"path":"a","partitionValues":{"p":null},"size":1,"modificationTime":2,"dataChange":true,"newField":[1]}}`,
		`{"add":null,"remove":{"path":"b","dataChange":true}}`,
		`{"domainMetadata":{"domain":"d"}}` + "\r",
	}, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	want := Commit{
		Version: 3,
		Adds:    []Add{{Path: "a", PartitionValues: map[string]*string{"p": nil}, SizeBytes: 1, ModificationTime: 2, DataChange: true}},
		Removes: []Remove{{Path: "b", DataChange: true}},
	}
	if !reflect.DeepEqual(commit, want) {
		t.Errorf("got %+v, want %+v", commit, want)
	}
}

func TestDamagedCommits(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                   "",
		"blank lines":               "\n \n",
		"a line cut short":          `{"commitInfo":{}}` + "\n" + `{"add":{"path":"a","si`,
		"no object":                 `[1]`,
		"two objects on a line":     `{"txn":{}} {"txn":{}}`,
		"an add without a path":     `{"add":{"size":1}}`,
		"a remove without a path":   `{"remove":{"dataChange":true}}`,
		"a size that is not number": `{"add":{"path":"a","size":"many"}}`,
		"zero bytes":                "\x00\x00\x00",
	} {
		if commit, err := parseCommit(1, []byte(text)); err == nil {
			t.Errorf("%s: got %+v", name, commit)
		}
	}
}

func TestForeignCommitInfoIsKeptAsItIs(t *testing.T) {
	info := parseCommitInfo([]byte(`{"timestamp":"yesterday","operation":"WRITE","operationParameters":{"z":1.50,"mode":"Append","a":null},` +
		`"operationMetrics":{"num_added_files":1,"deep":{"x":[1]}},"isBlindAppend":"yes","job":{"jobId":"7"},"clientVersion":"delta-rs"}`))
	if info.Timestamp != 0 || info.IsBlindAppend != nil || info.Operation != "WRITE" {
		t.Errorf("got %+v", info)
	}
	for _, c := range []struct {
		got  any
		want string
	}{
		{info.OperationParameters, `{"z":1.50,"mode":"Append","a":null}`},
		{info.OperationMetrics, `{"num_added_files":1,"deep":{"x":[1]}}`},
		{info.Job, `{"jobId":"7"}`},
	} {
		if got, err := json.Marshal(c.got); err != nil || string(got) != c.want {
			t.Errorf("got %s %v, want %s", got, err, c.want)
		}
	}
	if mode, ok := info.OperationParameters.Text("mode"); mode != "Append" || !ok {
		t.Errorf("got mode %q %v", mode, ok)
	}
	if _, ok := info.OperationParameters.Text("z"); ok {
		t.Error("a number is not a text")
	}
}

func TestJSONHasNoEscapesForHTML(t *testing.T) {
	text, err := encodeLines([]line{{Add: &Add{Path: "a&b", Stats: `{"minValues":{"x":"<ü>"}}`}}})
	if err != nil || !strings.Contains(string(text), `a&b`) || !strings.Contains(string(text), `<ü>`) {
		t.Errorf("got %s %v", text, err)
	}
}

func FuzzCommitLines(f *testing.F) {
	for _, name := range sparkCommits(f) {
		f.Add(name)
	}
	f.Add([]byte(`{"commitInfo":{"operationParameters":{"a":{"b":[null]}},"tags":{"x":1}}}`))
	f.Add([]byte(`{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":[],"writerFeatures":null}}`))
	f.Add([]byte(`{"metaData":{"schemaString":"{\"type\":\"struct\",\"fields\":[{\"type\":{\"type\":\"array\",\"elementType\":{}}}]}"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		commit, err := parseCommit(1, text)
		if err != nil {
			return
		}
		state := newReplay()
		state.apply(commit)
		snapshot, err := state.snapshot(table, 1)
		if err != nil {
			return
		}
		snapshot.Rows()
		if schema, err := snapshot.Schema(); err == nil {
			schema.usedFeatures()
			schema.CheckNames()
		}
		for _, add := range snapshot.Files() {
			snapshot.AbsPath(add)
		}
		if _, err := json.Marshal(newHistoryEntry(commit, snapshot.Timestamp)); err != nil {
			t.Error(err)
		}
		record, rows := checkpointRecord(snapshot, snapshot.Timestamp)
		defer record.Release()
		var again Commit
		if err := again.takeRecord(record); err != nil || rows != int(record.NumRows()) {
			t.Errorf("%d rows, %d in the record, %v", rows, record.NumRows(), err)
		}
		if len(again.Adds) != len(snapshot.Files()) || len(again.Txns) != len(snapshot.Txns()) {
			t.Errorf("the checkpoint has %d adds and %d txns", len(again.Adds), len(again.Txns))
		}
	})
}
