package delta

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

func TestWhatWeCanRead(t *testing.T) {
	deleted := []Add{{Path: "a", DeletionVector: []byte(`{"storageType":"u"}`)}}
	for name, c := range map[string]struct {
		protocol Protocol
		mode     string
		files    []Add
		want     []string
	}{
		"a new table":                         {protocol: NewTableProtocol()},
		"reader 2 without mapping":            {protocol: Protocol{MinReaderVersion: 2, MinWriterVersion: 5}},
		"reader 2 with mode none":             {protocol: Protocol{MinReaderVersion: 2, MinWriterVersion: 5}, mode: "none"},
		"reader 2 with mode name":             {protocol: Protocol{MinReaderVersion: 2, MinWriterVersion: 5}, mode: "name", want: []string{"columnMapping"}},
		"reader 3 with what is easy":          {protocol: Protocol{MinReaderVersion: 3, ReaderFeatures: []string{"timestampNtz", "vacuumProtocolCheck", "columnMapping"}}},
		"reader 3 with mapping by id":         {protocol: Protocol{MinReaderVersion: 3, ReaderFeatures: []string{"columnMapping"}}, mode: "id", want: []string{"columnMapping"}},
		"reader 3 with what we lack":          {protocol: Protocol{MinReaderVersion: 3, ReaderFeatures: []string{"v2Checkpoint", "deletionVectors", "fooBar"}}, want: []string{"deletionVectors", "fooBar", "v2Checkpoint"}},
		"reader 4":                            {protocol: Protocol{MinReaderVersion: 4}, want: []string{"minReaderVersion=4"}},
		"a deletion vector in a simple table": {protocol: NewTableProtocol(), files: deleted, want: []string{"deletionVectors"}},
		"a feature for writers only":          {protocol: Protocol{MinReaderVersion: 1, MinWriterVersion: 7, WriterFeatures: []string{"rowTracking"}}},
	} {
		m := Metadata{Configuration: map[string]string{"delta.columnMapping.mode": c.mode}}
		if got := unreadable(c.protocol, m, c.files); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestWhatWeCanAppendTo(t *testing.T) {
	const plain = `{"name":"id","type":"string","nullable":true,"metadata":{}}`
	writer7 := func(features ...string) Protocol {
		return Protocol{MinReaderVersion: 1, MinWriterVersion: 7, WriterFeatures: features}
	}
	for name, c := range map[string]struct {
		protocol      Protocol
		fields        string
		configuration map[string]string
		partitions    []string
		removes       []Remove
		want          string // a feature, or "" when we can
	}{
		"a new table":           {},
		"writer 7, modern 1/2":  {protocol: writer7("appendOnly", "invariants")},
		"features not in use":   {protocol: writer7("checkConstraints", "generatedColumns", "changeDataFeed", "identityColumns")},
		"writer 4 without use":  {protocol: Protocol{MinReaderVersion: 1, MinWriterVersion: 4}},
		"writer 8":              {protocol: Protocol{MinReaderVersion: 1, MinWriterVersion: 8}, want: "minWriterVersion=8"},
		"row tracking":          {protocol: writer7("rowTracking"), want: "rowTracking"},
		"a partitioned table":   {partitions: []string{"id"}, want: "partitioned table"},
		"a CHECK constraint":    {configuration: map[string]string{"delta.constraints.c": "id > 0"}, want: "checkConstraints"},
		"a change data feed":    {configuration: map[string]string{"delta.enableChangeDataFeed": "true"}, want: "changeDataFeed"},
		"a column not null":     {fields: strings.Replace(plain, "true", "false", 1), want: "invariants"},
		"an invariant":          {fields: `{"name":"a","type":"long","nullable":true,"metadata":{"delta.invariants":"{}"}}`, want: "invariants"},
		"a generated column":    {fields: `{"name":"a","type":"long","nullable":true,"metadata":{"delta.generationExpression":"1"}}`, want: "generatedColumns"},
		"an identity column":    {fields: `{"name":"a","type":"long","nullable":true,"metadata":{"delta.identity.start":1}}`, want: "identityColumns"},
		"not null deep inside":  {fields: `{"name":"a","nullable":true,"metadata":{},"type":{"type":"array","elementType":{"type":"struct","fields":[{"name":"b","type":"long","nullable":false,"metadata":{}}]}}}`, want: "invariants"},
		"append only, adding":   {configuration: map[string]string{"delta.appendOnly": "true"}},
		"append only, moving":   {configuration: map[string]string{"delta.appendOnly": "true"}, removes: []Remove{{Path: "x"}}},
		"append only, deleting": {configuration: map[string]string{"delta.appendOnly": "true"}, removes: []Remove{{Path: "x", DataChange: true}}, want: "appendOnly"},
	} {
		protocol, fields := c.protocol, c.fields
		if protocol.MinReaderVersion == 0 {
			protocol = NewTableProtocol()
		}
		if fields == "" {
			fields = plain
		}
		m := Metadata{SchemaString: `{"type":"struct","fields":[` + fields + `]}`, Configuration: c.configuration, PartitionColumns: c.partitions}
		log := NewLog(storage.NewMemory(nil), table, time.Now)
		_, err := log.Commit(context.Background(), Transaction{Protocol: &protocol, Metadata: &m, Adds: []Add{file("f", 1)}, Removes: c.removes})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "" && !(failure.Is(err, failure.UnsupportedWrite) && failureNames(err, c.want)):
			t.Errorf("%s: got %v, want it to name %s", name, err, c.want)
		}
	}
}

func TestNamesThatDeltaRefuses(t *testing.T) {
	log := NewLog(storage.NewMemory(nil), table, time.Now)
	for _, c := range []struct {
		names []string
		class failure.Class
		named string
	}{
		{[]string{"id", "a b"}, failure.InvalidColumnName, "a b"},
		{[]string{"x=y"}, failure.InvalidColumnName, "x=y"},
		{[]string{"id", "ID"}, failure.DuplicateColumn, "ID"},
	} {
		var schema Schema
		for _, name := range c.names {
			schema.Fields = append(schema.Fields, NewField(name, "string"))
		}
		_, err := log.Commit(context.Background(), CreateTable(NewMetadata(schema, time.Now())))
		if !failure.Is(err, c.class) || !failureNames(err, c.named) {
			t.Errorf("%v: got %v", c.names, err)
		}
	}
}
