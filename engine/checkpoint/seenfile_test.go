package checkpoint

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"autoloaderlab/engine/stream"
)

// agrees checks that what is read by hand is what encoding/json reads.
func agrees(t interface{ Fatalf(string, ...any) }, line []byte) (byHand bool) {
	seen, ok := scanLine(line)
	if !ok {
		return false
	}
	var want SeenFile
	if err := json.Unmarshal(line, &want); err != nil {
		t.Fatalf("%q was read, though it is no JSON: %v", line, err)
	}
	if got := seen.file(); !reflect.DeepEqual(got, want) {
		t.Fatalf("%q: got %+v, want %+v", line, got, want)
	}
	return true
}

func TestLinesAreReadByHandAsJSONWouldReadThem(t *testing.T) {
	for line, want := range map[string]bool{
		`{"path":"file:///a","timestamp":5,"batchId":0}`:                                      true,
		`{"path":"file:///año_日本.csv","timestamp":5,"batchId":0}`:                             true,
		`{"path":"file:///a","timestamp":0,"batchId":7,"size":0,"discovered":9,"known":true}`: true,
		`{"path":"file:///a","timestamp":999999999999999999,"batchId":0,"size":1}`:            true,
		`{"path":"file:///a","timestamp":9223372036854775807,"batchId":0}`:                    false,
		`{"path":"file:///a","timestamp":-5,"batchId":0}`:                                     false,
		`{"path":"file:///a","timestamp":05,"batchId":0}`:                                     false,
		`{"path":"file:///a","timestamp":5.0,"batchId":0}`:                                    false,
		`{"path":"file:///a","timestamp":,"batchId":0}`:                                       false,
		`{"path":"","timestamp":5,"batchId":0}`:                                               false,
		`{"path":"file:///\u0061","timestamp":5,"batchId":0}`:                                 false,
		"{\"path\":\"file:///a\tb\",\"timestamp\":5,\"batchId\":0}":                           false,
		"{\"path\":\"file:///\xff\",\"timestamp\":5,\"batchId\":0}":                           false,
		"{\"path\":\"file:///ñ\x1f\",\"timestamp\":5,\"batchId\":0}":                          false,
		`{"path":"file:///a","timestamp":5,"batchId":0}` + "\r":                               false,
		`{"path":"file:///a","timestamp":5,"batchId":0,"path":"file:///b"}`:                   false,
		`{"path":"file:///a","timestamp":5,"batchId":0,"known":false}`:                        false,
		`{"path":"file:///a`: false,
	} {
		if got := agrees(t, []byte(line)); got != want {
			t.Errorf("%q: read by hand=%v, want %v", line, got, want)
		}
	}
}

// Every line of the logs that a real Spark wrote is of the shape read by hand.
func TestSparksLinesAreReadByHand(t *testing.T) {
	logs, err := filepath.Glob("testdata/spark/sources/0/[0-9]*")
	if err != nil || len(logs) == 0 {
		t.Fatalf("no logs: %v", err)
	}
	for _, log := range logs {
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range bytes.Split(data, []byte("\n"))[1:] {
			if !agrees(t, line) {
				t.Errorf("%s: %q", log, line)
			}
		}
	}
}

// Whatever a line of ours says, it reads back; and however it is damaged, reading
// by hand never says anything else than encoding/json.
func TestReadingByHandAgreesWithJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := SeenFile{
			URI:          rapid.OneOf(rapid.String(), rapid.Map(rapid.String(), EncodeURI)).Filter(func(s string) bool { return s != "" }).Draw(t, "uri"),
			TimestampMs:  rapid.Int64().Draw(t, "timestamp"),
			Batch:        stream.Offset(rapid.Int64Range(0, math.MaxInt64).Draw(t, "batch")),
			SizeBytes:    rapid.Ptr(rapid.Int64(), true).Draw(t, "size"),
			DiscoveredMs: rapid.Int64Range(0, math.MaxInt64).Draw(t, "discovered"),
			Known:        rapid.Bool().Draw(t, "known"),
		}
		line := file.JSON()
		agrees(t, line)
		back, err := parseLine(line)
		if err != nil || !reflect.DeepEqual(back.file(), file) {
			t.Fatalf("%q: got %+v, %v, want %+v", line, back.file(), err, file)
		}
		at := rapid.IntRange(0, len(line)-1).Draw(t, "at")
		agrees(t, append(bytes.Clone(line[:at]), line[at+1:]...))
		line[at] = rapid.Byte().Draw(t, "byte")
		agrees(t, line)
	})
}

func FuzzScanLine(f *testing.F) {
	size := int64(3)
	f.Add(SeenFile{URI: "file:///a", TimestampMs: 5}.JSON())
	f.Add(SeenFile{URI: "file:///ñ\u2028\"", TimestampMs: 5, Batch: 6, SizeBytes: &size, DiscoveredMs: 7, Known: true}.JSON())
	f.Add([]byte("{\"path\":\"\xc3\",\"timestamp\":00,\"batchId\":0}"))
	f.Fuzz(func(t *testing.T, line []byte) {
		agrees(t, line)
	})
}
