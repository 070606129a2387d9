package delta

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/parquet"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// The tags in which each of our commits records the range of the source log
// that it loaded: entries from < K <= to. With them the table itself can tell
// whether a batch that it "has already" was really loaded.
const (
	tagSourceFrom = "sourceLogFrom"
	tagSourceTo   = "sourceLogTo"
)

// Sink appends the batches of one query to one table, each with its txn (Delta
// protocol, «Transaction Identifiers»; Spark, DeltaSink).
type Sink struct {
	log         *Log
	store       storage.Store
	name        string // of the table, for progress
	queryID     string
	mergeSchema bool
	now         func() time.Time
	workers     int

	base   *Snapshot // the snapshot that the batch in hand was decided on
	merged *Metadata // the table's new metadata, when the batch brings columns
}

// SinkConfig is what a Sink works with. Workers is how many parts of a batch are
// written at the same time.
type SinkConfig struct {
	Store       storage.Store
	Log         *Log
	Name        string
	QueryID     string
	MergeSchema bool
	Now         func() time.Time
	Workers     int
}

// NewSink returns a sink that has not looked at its table yet.
func NewSink(c SinkConfig) *Sink {
	return &Sink{log: c.Log, store: c.Store, name: c.Name, queryID: c.QueryID,
		mergeSchema: c.MergeSchema, now: c.Now, workers: max(c.Workers, 1)}
}

// String is the sink's description in Spark's progress.
func (s *Sink) String() string { return "DeltaSink[" + s.name + "]" }

// Begin implements stream.Sink. The schema is checked before the txn is looked
// up, as DeltaSink does: a replay too can fail on it.
func (s *Sink) Begin(ctx context.Context, b stream.Batch, columns *arrow.Schema) (stream.Held, error) {
	base, err := s.log.Latest(ctx)
	if err != nil {
		return stream.Held{}, err
	}
	s.base = base
	if s.merged, err = Merge(base, columns, s.mergeSchema); err != nil {
		return stream.Held{}, err
	}
	return s.held(ctx, base, b)
}

func (s *Sink) held(ctx context.Context, at *Snapshot, b stream.Batch) (stream.Held, error) {
	version, ok := at.TxnVersion(s.queryID)
	if !ok || version < int64(b.ID) {
		return stream.Held{}, nil
	}
	recorded, complete, err := s.recorded(ctx, at)
	return stream.Held{Already: true, TxnVersion: stream.BatchID(version), Recorded: recorded, Complete: complete}, err
}

// recorded reads what this query's commits say they loaded. complete is false
// when one says nothing, or when the log does not reach back to version 0.
func (s *Sink) recorded(ctx context.Context, at *Snapshot) (ranges []stream.Range, complete bool, err error) {
	complete = true
	for v := at.Version; v >= 0; v-- {
		commit, err := s.log.Read(ctx, v)
		if failure.Is(err, failure.VersionNotFound) {
			return ranges, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		if !slices.ContainsFunc(commit.Txns, func(t Txn) bool { return t.AppID == s.queryID }) {
			continue
		}
		loaded, ok := commit.sourceRange()
		if !ok {
			complete = false
			continue
		}
		ranges = append(ranges, loaded)
	}
	return ranges, complete, nil
}

func (c Commit) sourceRange() (stream.Range, bool) {
	from, errFrom := strconv.ParseInt(c.Info.Tags[tagSourceFrom], 10, 64)
	to, errTo := strconv.ParseInt(c.Info.Tags[tagSourceTo], 10, 64)
	return stream.Range{From: stream.Offset(from), To: stream.Offset(to)}, errFrom == nil && errTo == nil
}

// Merge decides whether the table can take these columns. It returns the table's
// new metadata when they bring new ones and merging was asked for: new columns
// come last, and those that are there stay as they are (Spark,
// SchemaMergingUtils). Names are the same without regard to case.
func Merge(base *Snapshot, columns *arrow.Schema, allowed bool) (*Metadata, error) {
	table, err := base.Schema()
	if err != nil {
		return nil, err
	}
	offered, err := SchemaOf(columns)
	if err != nil {
		return nil, err
	}
	var news, clash []string
	for _, field := range offered.Fields {
		known, ok := table.Field(field.Name)
		switch {
		case !ok:
			news = append(news, field.Name)
			table.Fields = append(table.Fields, field)
		case string(known.Type) != string(field.Type):
			clash = append(clash, field.Name)
		}
	}
	if len(clash) > 0 {
		return nil, failure.New(failure.MetadataMismatch, "append to", "the table").Naming(clash...).Hinting("type")
	}
	if len(news) == 0 {
		return nil, nil
	}
	if !allowed {
		return nil, failure.New(failure.MetadataMismatch, "append to", "the table").Naming(news...).Hinting("mergeSchema")
	}
	if err := table.CheckNames(); err != nil {
		return nil, err
	}
	metadata := base.Metadata
	metadata.SchemaString = table.String()
	return &metadata, nil
}

// Field finds a column by its name, without regard to case.
func (s Schema) Field(name string) (Field, bool) {
	for _, field := range s.Fields {
		if strings.EqualFold(field.Name, name) {
			return field, true
		}
	}
	return Field{}, false
}

// Write implements stream.Sink: each part becomes one data file, several at a
// time, in the parts' order. When one fails, none stays.
func (s *Sink) Write(ctx context.Context, _ stream.Batch, rows stream.Rows) ([]stream.DataFile, error) {
	return WriteParts(ctx, s.store, s.log.Dir(), s.tableSchema(), rows, s.workers)
}

func (s *Sink) tableSchema() string {
	if s.merged != nil {
		return s.merged.SchemaString
	}
	return s.base.Metadata.SchemaString
}

// waitingForDisk is how many finished data files may be on their way to the disk
// while others are written.
const waitingForDisk = 6

// WriteParts writes the parts of rows as data files in dir. The columns get the
// names and the order that schemaString has for them.
func WriteParts(ctx context.Context, store storage.Store, dir, schemaString string, rows stream.Rows, workers int) ([]stream.DataFile, error) {
	columns, err := rows.Schema(ctx)
	if err != nil {
		return nil, err
	}
	table, err := ParseSchema(schemaString)
	if err != nil {
		return nil, err
	}
	layout := layoutFor(table, columns)
	writers, err := parquet.NewWriters(store, layout.schema)
	if err != nil {
		return nil, err
	}
	parts := rows.Parts()
	files := make([]stream.DataFile, len(parts))
	written := make([]bool, len(parts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers + waitingForDisk)
	atWork := make(chan struct{}, workers)
	for i, part := range parts {
		atWork <- struct{}{} // taken here: the parts begin in their order, the biggest first
		rest := sync.OnceFunc(func() { <-atWork })
		group.Go(func() error {
			defer rest()
			path := filepath.Join(dir, dataFileName(i))
			file, err := writePart(ctx, writers, path, layout, part, rest)
			files[i], written[i] = file, err == nil
			return err
		})
	}
	if err := group.Wait(); err != nil {
		for i, file := range files {
			if written[i] {
				err = errors.Join(err, store.Delete(file.Path))
			}
		}
		return nil, err
	}
	return slices.DeleteFunc(files, func(f stream.DataFile) bool { return f.Rows == 0 }), nil
}

// dataFileName is a new data file's name, in Spark's manner.
func dataFileName(part int) string {
	return fmt.Sprintf("part-%05d-%s-c000.zstd.parquet", part, uuid.NewString())
}

// layout is a data file's columns: which of a record's columns goes where, and
// under which name. Columns that the table has and the records lack are left
// out; readers take them for NULL.
type layout struct {
	schema *arrow.Schema
	from   []int
}

func layoutFor(table Schema, columns *arrow.Schema) layout {
	var fields []arrow.Field
	var from []int
	for _, field := range table.Fields {
		for i, column := range columns.Fields() {
			if strings.EqualFold(column.Name, field.Name) {
				column.Name = field.Name
				fields, from = append(fields, column), append(from, i)
			}
		}
	}
	return layout{arrow.NewSchema(fields, nil), from}
}

func (l layout) apply(record arrow.Record) arrow.Record {
	columns := make([]arrow.Array, len(l.from))
	for i, from := range l.from {
		columns[i] = record.Column(from)
	}
	return array.NewRecord(l.schema, columns, record.NumRows())
}

// writePart makes a data file of part. It rests before the file is closed, which
// waits for the disk: another part can begin then.
func writePart(ctx context.Context, writers *parquet.Writers, path string, l layout, part stream.Part, rest func()) (_ stream.DataFile, err error) {
	reader, err := part.Open(ctx)
	if err != nil {
		return stream.DataFile{}, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }() // once more does nothing
	writer, err := writers.Begin(path)
	if err != nil {
		return stream.DataFile{}, err
	}
	defer func() { _ = writer.Abort() }()
	var rows int64
	for {
		record, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return stream.DataFile{}, err
		}
		rows += record.NumRows()
		if err := writer.Write(l.apply(record)); err != nil {
			return stream.DataFile{}, err
		}
	}
	if rows == 0 { // a header and nothing else: no file, and no add
		return stream.DataFile{}, nil
	}
	if err := reader.Close(); err != nil {
		return stream.DataFile{}, err
	}
	rest()
	file, err := writer.Close()
	if err != nil {
		return stream.DataFile{}, err
	}
	return stream.DataFile{Path: file.Path, Rows: file.Rows, Bytes: file.SizeBytes, Stats: file}, nil
}

// Commit implements stream.Sink.
func (s *Sink) Commit(ctx context.Context, b stream.Batch, files []stream.DataFile) (stream.Outcome, error) {
	adds, err := AddsFor(s.log.Dir(), files)
	if err != nil {
		return stream.Outcome{}, err
	}
	tx := StreamingUpdate(s.base, s.queryID, int64(b.ID), adds, s.now())
	tx.Metadata = s.merged
	tx.Tags = map[string]string{
		tagSourceFrom: strconv.FormatInt(int64(b.From), 10),
		tagSourceTo:   strconv.FormatInt(int64(b.To), 10),
	}
	outcome, err := s.log.Commit(ctx, tx)
	if err != nil {
		return stream.Outcome{}, err
	}
	if outcome.Existing == nil {
		return stream.Outcome{Version: int64(outcome.Version), Unsaved: outcome.LogCheckpoint}, nil
	}
	return s.lostTo(ctx, b, files)
}

// lostTo answers for a batch that another program committed while we wrote it:
// our data files go, and the table is asked what it has.
func (s *Sink) lostTo(ctx context.Context, b stream.Batch, files []stream.DataFile) (stream.Outcome, error) {
	for _, file := range files {
		if err := s.store.Delete(file.Path); err != nil {
			return stream.Outcome{}, failure.Disk("remove", file.Path, err)
		}
	}
	latest, err := s.log.Latest(ctx)
	if err != nil {
		return stream.Outcome{}, err
	}
	held, err := s.held(ctx, latest, b)
	return stream.Outcome{Held: held}, err
}

// AddsFor describes the data files that WriteParts made.
func AddsFor(dir string, files []stream.DataFile) ([]Add, error) {
	adds := make([]Add, 0, len(files))
	for _, file := range files {
		add, err := AddFor(dir, file.Stats.(parquet.DataFile))
		if err != nil {
			return nil, err
		}
		adds = append(adds, add)
	}
	return adds, nil
}
