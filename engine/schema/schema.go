// Package schema decides which columns a stream has: it infers them from the
// files' headers, compares a file with them, and evolves them.
//
// All columns are STRING, as Auto Loader infers CSV by default, and the rescued
// data column follows them. The decision is kept in the checkpoint's _schemas/N,
// one file for each version:
//
//	v1
//	{"dataSchemaJson":"{\"type\":\"struct\",…}","partitionSchemaJson":"{…}"}
//
// Databricks documents the folder but not what is in the files; this form is
// reconstructed from what is known of it.
package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
)

// RescuedData is the column that takes what fits no other.
const RescuedData = "_rescued_data"

// Mode is cloudFiles.schemaEvolutionMode: what becomes of a column that the
// schema lacks (Databricks, «Configure schema inference and evolution in Auto
// Loader»).
type Mode string

// The modes. None behaves as Rescue here, because an inferred schema always has
// the rescued data column.
const (
	AddNewColumns    Mode = "addNewColumns"    // the default: fail, after adding it to the schema
	Rescue           Mode = "rescue"           // its values go to the rescued data column
	FailOnNewColumns Mode = "failOnNewColumns" // fail, and leave the schema as it is
	None             Mode = "none"             // pass over it
)

// Modes lists them.
var Modes = []Mode{AddNewColumns, Rescue, FailOnNewColumns, None}

// Schema is one version of the stream's columns, without the rescued data column.
type Schema struct {
	Version int64
	Columns []string
}

// Infer merges the headers of the sampled files, in their order. Names are the
// same without regard to case; the first spelling stays.
func Infer(headers ...[]string) []string {
	var columns []string
	for _, header := range headers {
		columns = append(columns, News(columns, header)...)
	}
	return columns
}

// News returns the names of header that columns lack, each once.
func News(columns, header []string) []string {
	known := make(map[string]bool, len(columns)+1)
	known[RescuedData] = true
	for _, name := range columns {
		known[strings.ToLower(name)] = true
	}
	var news []string
	for _, name := range header {
		if folded := strings.ToLower(name); !known[folded] {
			known[folded] = true
			news = append(news, name)
		}
	}
	return news
}

// Decision is what follows from the new columns of a batch.
type Decision struct {
	News []string
	// Next is the version to store before failing; nil when the schema stays.
	Next *Schema
	// Fail tells that the batch cannot be loaded with the schema as it was.
	Fail bool
}

// Evolve decides what becomes of new columns under a mode.
func Evolve(current Schema, news []string, mode Mode) Decision {
	switch {
	case len(news) == 0 || mode == Rescue || mode == None:
		return Decision{News: news}
	case mode == FailOnNewColumns:
		return Decision{News: news, Fail: true}
	default:
		next := Schema{current.Version + 1, slices.Concat(current.Columns, news)}
		return Decision{News: news, Next: &next, Fail: true}
	}
}

// Load reads the newest version; ok is false when none is stored.
func Load(log checkpoint.Log) (schema Schema, ok bool, err error) {
	n, ok, err := log.Latest()
	if err != nil || !ok {
		return Schema{}, false, err
	}
	lines, ok, err := log.Get(n)
	if err != nil || !ok {
		return Schema{}, false, err
	}
	columns, err := parse(strings.Join(lines, "\n"))
	if err != nil {
		return Schema{}, false, failure.New(failure.DamagedFile, "read", fmt.Sprintf("_schemas/%d", n)).Because(err)
	}
	return Schema{n, columns}, true, nil
}

// Save stores a version. It is failure.ConcurrentStream when it is there already.
func Save(log checkpoint.Log, schema Schema) error {
	return log.Add(schema.Version, format(schema.Columns))
}

type structJSON struct {
	Type   string      `json:"type"`
	Fields []fieldJSON `json:"fields"`
}

type fieldJSON struct {
	Name     string            `json:"name"`
	Type     string            `json:"type"`
	Nullable bool              `json:"nullable"`
	Metadata map[string]string `json:"metadata"`
}

type entryJSON struct {
	Data      string `json:"dataSchemaJson"`
	Partition string `json:"partitionSchemaJson"`
}

func format(columns []string) string {
	data := structJSON{Type: "struct", Fields: []fieldJSON{}}
	for _, name := range append(slices.Clone(columns), RescuedData) {
		data.Fields = append(data.Fields, fieldJSON{name, "string", true, map[string]string{}})
	}
	return text(entryJSON{text(data), text(structJSON{Type: "struct", Fields: []fieldJSON{}})})
}

func text(v any) string {
	encoded, _ := json.Marshal(v) // these types always encode
	return string(encoded)
}

func parse(line string) ([]string, error) {
	var entry entryJSON
	if err := json.Unmarshal([]byte(line), &entry); err != nil {
		return nil, err
	}
	var data struct {
		Fields []struct {
			Name string `json:"name"`
		} `json:"fields"`
	}
	if err := json.Unmarshal([]byte(entry.Data), &data); err != nil {
		return nil, fmt.Errorf("dataSchemaJson: %w", err)
	}
	var columns []string
	for _, field := range data.Fields {
		if field.Name != RescuedData {
			columns = append(columns, field.Name)
		}
	}
	if len(columns) == 0 {
		return nil, fmt.Errorf("dataSchemaJson names no column")
	}
	return columns, nil
}
