package delta

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// Protocol says what a reader or writer must master to touch the table
// (Delta protocol, «Protocol Evolution»). The feature lists exist from reader
// version 3 and writer version 7 on and are nil below.
type Protocol struct {
	MinReaderVersion int      `json:"minReaderVersion"`
	MinWriterVersion int      `json:"minWriterVersion"`
	ReaderFeatures   []string `json:"readerFeatures,omitzero"`
	WriterFeatures   []string `json:"writerFeatures,omitzero"`
}

// NewTableProtocol is what new tables ask for: every reader since 2019 has it.
func NewTableProtocol() Protocol { return Protocol{MinReaderVersion: 1, MinWriterVersion: 2} }

// Metadata describes the table. A new one replaces the old one whole, so a
// change copies what it does not change: ID and CreatedTime stay for ever
// (Delta protocol, «Change Metadata»).
type Metadata struct {
	ID               string            `json:"id"`
	Name             string            `json:"name,omitempty"`
	Description      string            `json:"description,omitempty"`
	Format           Format            `json:"format"`
	SchemaString     string            `json:"schemaString"`
	PartitionColumns []string          `json:"partitionColumns"`
	Configuration    map[string]string `json:"configuration"`
	CreatedTime      int64             `json:"createdTime,omitempty"` // ms since 1970
}

// Format is how data files are encoded: always Parquet.
type Format struct {
	Provider string            `json:"provider"`
	Options  map[string]string `json:"options"`
}

// Txn records how far an application has come, so that what it commits is in
// the table once (Delta protocol, «Transaction Identifiers»). For a stream
// AppID is the query's id and Version the batch's number.
type Txn struct {
	AppID       string `json:"appId"`
	Version     int64  `json:"version"`
	LastUpdated int64  `json:"lastUpdated,omitempty"` // ms since 1970; Spark may forget a txn without it
}

// Add puts a data file into the table (Delta protocol, «Add File and Remove
// File»). AbsPath resolves its Path.
type Add struct {
	Path             string             `json:"path"`             // URI reference, relative to the table
	PartitionValues  map[string]*string `json:"partitionValues"`  // nil is NULL
	SizeBytes        int64              `json:"size"`             //
	ModificationTime int64              `json:"modificationTime"` // ms since 1970
	DataChange       bool               `json:"dataChange"`       // false: rows only moved between files
	Stats            string             `json:"stats,omitempty"`  // JSON text, see AddFor
	Tags             map[string]string  `json:"tags,omitempty"`
	DeletionVector   json.RawMessage    `json:"deletionVector,omitempty"` // which rows do not count; never ours
}

// Remove takes a data file out of the table. The file stays on disk for those
// who read an older version.
type Remove struct {
	Path                 string             `json:"path"`
	DeletionTimestamp    int64              `json:"deletionTimestamp,omitempty"` // ms since 1970
	DataChange           bool               `json:"dataChange"`
	ExtendedFileMetadata bool               `json:"extendedFileMetadata,omitempty"` // the two below are filled
	PartitionValues      map[string]*string `json:"partitionValues,omitempty"`
	SizeBytes            int64              `json:"size,omitempty"`
}

// CommitInfo tells who committed what, for people and DESCRIBE HISTORY
// (Delta protocol, «Commit Provenance Information»). It is free JSON: fields of
// an unexpected type are taken as absent.
type CommitInfo struct {
	Timestamp           int64 // ms since 1970, the writer's clock
	InCommitTimestamp   int64 // ms since 1970, rises strictly; 0 when the table has none
	UserID, UserName    *string
	Operation           string
	OperationParameters Values
	Job, Notebook       json.RawMessage
	ClusterID           *string
	ReadVersion         *Version
	IsolationLevel      *string
	IsBlindAppend       *bool
	OperationMetrics    Values
	UserMetadata        *string
	Tags                map[string]string
	EngineInfo          *string
	TxnID               string
}

// Commit is one version: its actions, by kind.
type Commit struct {
	Version  Version
	Info     CommitInfo
	Protocol *Protocol
	Metadata *Metadata
	Txns     []Txn
	Adds     []Add
	Removes  []Remove
}

// Values is a JSON object whose members keep the order in which they were
// given, as Spark's do. A read value is a string, nil for null, or the
// json.RawMessage of anything else: foreign writers put numbers where Spark has
// strings.
type Values []Value

// Value is one member of Values.
type Value struct {
	Name  string
	Value any
}

// Text gives the value called name if it is a string.
func (v Values) Text(name string) (string, bool) {
	for _, value := range v {
		if value.Name == name {
			text, ok := value.Value.(string)
			return text, ok
		}
	}
	return "", false
}

// Texts are the same values with everything that is no string as its JSON text.
func (v Values) Texts() Values {
	all := slices.Clone(v)
	for i, value := range all {
		if raw, ok := value.Value.(json.RawMessage); ok {
			all[i].Value = string(raw)
		}
	}
	return all
}

// MarshalJSON writes the members in their order; nil is null.
func (v Values) MarshalJSON() ([]byte, error) {
	if v == nil {
		return []byte("null"), nil
	}
	out := []byte{'{'}
	for i, value := range v {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := marshal(value.Name)
		if err != nil {
			return nil, err
		}
		text, err := marshal(value.Value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, name...), ':'), text...)
	}
	return append(out, '}'), nil
}

// UnmarshalJSON reads an object's members in their order.
func (v *Values) UnmarshalJSON(text []byte) error {
	in := json.NewDecoder(bytes.NewReader(text))
	open, err := in.Token()
	if err != nil {
		return err
	}
	if open == nil {
		*v = nil
		return nil
	}
	if open != json.Delim('{') {
		return fmt.Errorf("%v is not an object", open)
	}
	read := Values{}
	for in.More() {
		name, err := in.Token()
		if err != nil {
			return err
		}
		var raw json.RawMessage
		if err := in.Decode(&raw); err != nil {
			return err
		}
		read = append(read, Value{Name: name.(string), Value: plain(raw)})
	}
	*v = read
	return nil
}

func plain(raw json.RawMessage) any {
	var text *string
	if json.Unmarshal(raw, &text) != nil {
		return raw
	}
	if text == nil {
		return nil
	}
	return *text
}

// line is one line of a version: one of these is filled. CommitInfo is kept as
// text because whatever it holds must not keep us from the other actions.
type line struct {
	CommitInfo json.RawMessage `json:"commitInfo,omitempty"`
	Metadata   *Metadata       `json:"metaData,omitempty"`
	Protocol   *Protocol       `json:"protocol,omitempty"`
	Txn        *Txn            `json:"txn,omitempty"`
	Add        *Add            `json:"add,omitempty"`
	Remove     *Remove         `json:"remove,omitempty"`
}

// parseCommit reads the lines of a version. Blank lines, unknown actions and
// unknown fields are passed over; a line that is not an object is damage, and
// so is a version that says nothing at all: it is what a crash leaves of a
// writer that does not write whole files.
func parseCommit(v Version, text []byte) (Commit, error) {
	commit := Commit{Version: v}
	empty := true
	for number, raw := range bytes.Split(text, []byte{'\n'}) {
		if len(bytes.TrimSpace(raw)) == 0 {
			continue
		}
		empty = false
		var l line
		err := json.Unmarshal(raw, &l)
		if err == nil {
			err = commit.take(l)
		}
		if err != nil {
			return Commit{}, fmt.Errorf("line %d: %w", number+1, err)
		}
	}
	if empty {
		return Commit{}, errors.New("the file is empty")
	}
	return commit, nil
}

// take adds a line's action to the commit.
func (c *Commit) take(l line) error {
	if l.CommitInfo != nil {
		c.Info = parseCommitInfo(l.CommitInfo)
	}
	if l.Metadata != nil {
		c.Metadata = l.Metadata
	}
	if l.Protocol != nil {
		c.Protocol = l.Protocol
	}
	if l.Txn != nil {
		c.Txns = append(c.Txns, *l.Txn)
	}
	if l.Add != nil {
		if l.Add.Path == "" {
			return errors.New("an add without a path")
		}
		c.Adds = append(c.Adds, *l.Add)
	}
	if l.Remove != nil {
		if l.Remove.Path == "" {
			return errors.New("a remove without a path")
		}
		c.Removes = append(c.Removes, *l.Remove)
	}
	return nil
}

func parseCommitInfo(raw json.RawMessage) CommitInfo {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return CommitInfo{}
	}
	var info CommitInfo
	for name, into := range map[string]any{
		"timestamp":           &info.Timestamp,
		"inCommitTimestamp":   &info.InCommitTimestamp,
		"userId":              &info.UserID,
		"userName":            &info.UserName,
		"operation":           &info.Operation,
		"operationParameters": &info.OperationParameters,
		"clusterId":           &info.ClusterID,
		"readVersion":         &info.ReadVersion,
		"isolationLevel":      &info.IsolationLevel,
		"isBlindAppend":       &info.IsBlindAppend,
		"operationMetrics":    &info.OperationMetrics,
		"userMetadata":        &info.UserMetadata,
		"tags":                &info.Tags,
		"engineInfo":          &info.EngineInfo,
		"txnId":               &info.TxnID,
	} {
		if text, there := fields[name]; there && json.Unmarshal(text, into) != nil {
			reflect.ValueOf(into).Elem().SetZero() // json leaves what it had begun
		}
	}
	info.Job, info.Notebook = fields["job"], fields["notebook"]
	return info
}

// writtenInfo is our own commitInfo, fields in Spark's order.
type writtenInfo struct {
	Timestamp           int64             `json:"timestamp"`
	Operation           string            `json:"operation"`
	OperationParameters Values            `json:"operationParameters"`
	ReadVersion         *Version          `json:"readVersion,omitempty"`
	IsolationLevel      string            `json:"isolationLevel"`
	IsBlindAppend       bool              `json:"isBlindAppend"`
	OperationMetrics    Values            `json:"operationMetrics"`
	Tags                map[string]string `json:"tags,omitempty"`
	EngineInfo          string            `json:"engineInfo"`
	TxnID               string            `json:"txnId"`
}

// encodeLines writes actions as a version's lines.
func encodeLines(lines []line) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// marshal is json.Marshal without the escapes for HTML, which no other writer of Delta makes.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'}), nil
}
