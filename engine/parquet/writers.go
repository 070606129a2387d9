package parquet

import (
	"errors"
	"sync"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	pqschema "github.com/apache/arrow/go/v17/parquet/schema"
)

// Writers begins data files of one schema. The memory that a file was made with
// serves the next one, so that many files cost hardly more than one. It is safe
// for concurrent use.
type Writers struct {
	store         storage.Store
	schema        *arrow.Schema
	parquetSchema *pqschema.Schema

	mu   sync.Mutex
	idle []*tools
}

// tools are what a Writer works with; one at a time has them.
type tools struct {
	press   *press
	columns []*column
}

// NewWriters prepares data files of schema. Every column is written as optional,
// whatever schema says. The types are those of ColumnStats; another is
// failure.UnsupportedWrite.
func NewWriters(store storage.Store, schema *arrow.Schema) (*Writers, error) {
	const op = "begin data files"
	fields := make([]arrow.Field, schema.NumFields())
	for i, field := range schema.Fields() {
		if _, err := encodingOf(field.Type); err != nil {
			return nil, failure.New(failure.UnsupportedWrite, op, "the table").Naming(field.Name).Because(err)
		}
		fields[i] = arrow.Field{Name: field.Name, Type: field.Type, Nullable: true}
	}
	parquetSchema, err := pqarrow.ToParquet(arrow.NewSchema(fields, nil), properties(compress.Codecs.Zstd), pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, failure.Wrap(failure.UnsupportedWrite, op, "the table", err)
	}
	return &Writers{store: store, schema: schema, parquetSchema: parquetSchema}, nil
}

// Begin begins a data file under path, an absolute name that is free. The file
// appears there when the Writer is closed; until then nobody sees it.
func (ws *Writers) Begin(path string) (*Writer, error) {
	const op = "begin data file"
	tools, err := ws.take()
	if err != nil {
		return nil, failure.Wrap(failure.Internal, op, path, err)
	}
	out, err := ws.store.Create(path)
	if err != nil {
		ws.give(tools)
		return nil, diskFailure(op, path, err)
	}
	w := &Writer{Writers: ws, tools: tools, path: path, out: out, sink: &sink{out: out}}
	if _, err := w.sink.Write([]byte(magic)); err != nil {
		return nil, errors.Join(diskFailure(op, path, err), w.Abort())
	}
	return w, nil
}

func (ws *Writers) take() (*tools, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if last := len(ws.idle) - 1; last >= 0 {
		idle := ws.idle[last]
		ws.idle = ws.idle[:last]
		return idle, nil
	}
	return newTools(ws.schema)
}

// give takes back tools that nothing of a file is left in.
func (ws *Writers) give(t *tools) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.idle = append(ws.idle, t)
}

func newTools(schema *arrow.Schema) (*tools, error) {
	press, err := newPress()
	if err != nil {
		return nil, err
	}
	t := &tools{press: press, columns: make([]*column, schema.NumFields())}
	for i, field := range schema.Fields() {
		encoding, err := encodingOf(field.Type)
		if err != nil {
			return nil, err
		}
		t.columns[i] = &column{name: field.Name, dataType: field.Type, encoding: encoding}
	}
	return t, nil
}

// stats are those of the whole file.
func (t *tools) stats() []ColumnStats {
	stats := make([]ColumnStats, len(t.columns))
	for i, c := range t.columns {
		stats[i] = c.stats()
	}
	return stats
}

// forget makes the tools ready for another file.
func (t *tools) forget() {
	for _, c := range t.columns {
		c.nullCount = 0
		c.encoding.forget()
	}
}
