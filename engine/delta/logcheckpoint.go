package delta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/parquet"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

const (
	defaultCheckpointInterval = 10
	defaultTombstoneAge       = 7 * 24 * time.Hour
)

// checkpointIfDue writes the log checkpoint that version v calls for, if any.
func (l *Log) checkpointIfDue(ctx context.Context, v Version, m Metadata) error {
	if v == 0 || int64(v)%m.checkpointInterval() != 0 {
		return nil
	}
	snapshot, err := l.At(ctx, v)
	if err != nil {
		return err
	}
	return l.writeCheckpoint(snapshot)
}

// writeCheckpoint puts all that a snapshot amounts to in one file, so that no
// reader needs the versions before it (Delta protocol, «Checkpoints», V1).
// The hint comes after it: one that names a checkpoint that is not there stops
// other readers. Several writers may do this for one version; all write the
// same state, and the last one stays.
func (l *Log) writeCheckpoint(s *Snapshot) error {
	record, size := checkpointRecord(s, l.now())
	defer record.Release()
	name := checkpointName(s.Version)
	data, err := parquet.Encode(record)
	if err == nil {
		err = l.replace(name, data)
	}
	if err != nil {
		return failure.Disk("write the log checkpoint", l.path(name), err)
	}
	hint, err := lastCheckpoint{Version: s.Version, Size: size, SizeInBytes: len(data), NumOfAddFiles: len(s.files)}.encode()
	if err == nil {
		err = l.replace(lastCheckpointName, hint)
	}
	return failure.Disk("write the hint", l.path(lastCheckpointName), err)
}

// checkpointSchema has one column an action, of which a row fills one (Delta
// protocol, «Checkpoint Schema»).
func checkpointSchema() *arrow.Schema {
	text, long, number, flag := arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Int32, arrow.FixedWidthTypes.Boolean
	textMap, textList := arrow.MapOf(text, text), arrow.ListOf(text)
	action := func(name string, fields ...arrow.Field) arrow.Field {
		return arrow.Field{Name: name, Type: arrow.StructOf(fields...), Nullable: true}
	}
	field := func(name string, t arrow.DataType) arrow.Field {
		return arrow.Field{Name: name, Type: t, Nullable: true}
	}
	return arrow.NewSchema([]arrow.Field{
		action("txn", field("appId", text), field("version", long), field("lastUpdated", long)),
		action("add", field("path", text), field("partitionValues", textMap), field("size", long),
			field("modificationTime", long), field("dataChange", flag), field("tags", textMap), field("stats", text)),
		action("remove", field("path", text), field("deletionTimestamp", long), field("dataChange", flag),
			field("extendedFileMetadata", flag), field("partitionValues", textMap), field("size", long)),
		action("metaData", field("id", text), field("name", text), field("description", text),
			action("format", field("provider", text), field("options", textMap)), field("schemaString", text),
			field("partitionColumns", textList), field("configuration", textMap), field("createdTime", long)),
		action("protocol", field("minReaderVersion", number), field("minWriterVersion", number),
			field("readerFeatures", textList), field("writerFeatures", textList)),
	}, nil)
}

// Columns of checkpointSchema.
const (
	txnColumn = iota
	addColumn
	removeColumn
	metadataColumn
	protocolColumn
)

// checkpointRecord lays a snapshot out in rows and counts them. Tombstones stay
// until no reader of an older version can want their files.
func checkpointRecord(s *Snapshot, now time.Time) (record arrow.Record, rows int) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, checkpointSchema())
	defer b.Release()
	row := func(column int, values ...any) {
		for i, field := range b.Fields() {
			if i == column {
				appendValue(field, values)
			} else {
				field.AppendNull()
			}
		}
		rows++
	}
	p, m := s.Protocol, s.Metadata.complete()
	row(protocolColumn, int32(p.MinReaderVersion), int32(p.MinWriterVersion), p.ReaderFeatures, p.WriterFeatures)
	row(metadataColumn, m.ID, orNull(m.Name), orNull(m.Description), []any{m.Format.Provider, m.Format.Options},
		m.SchemaString, m.PartitionColumns, m.Configuration, orNull(m.CreatedTime))
	for _, id := range slices.Sorted(maps.Keys(s.txns)) {
		txn := s.txns[id]
		row(txnColumn, txn.AppID, txn.Version, orNull(txn.LastUpdated))
	}
	for _, add := range s.files {
		row(addColumn, add.Path, orEmpty(add.PartitionValues), add.SizeBytes, add.ModificationTime, false, add.Tags, orNull(add.Stats))
	}
	forgotten := now.Add(-s.Metadata.tombstoneAge()).UnixMilli()
	for _, remove := range s.removes {
		if remove.DeletionTimestamp <= forgotten {
			continue
		}
		var values map[string]*string
		var size any
		if remove.ExtendedFileMetadata {
			values, size = orEmpty(remove.PartitionValues), remove.SizeBytes
		}
		row(removeColumn, remove.Path, remove.DeletionTimestamp, false, remove.ExtendedFileMetadata, values, size)
	}
	return b.NewRecord(), rows
}

// appendValue appends a Go value to the builder of its arrow type; nil, nil maps
// and nil slices are null, and []any are a struct's fields.
func appendValue(b array.Builder, value any) {
	switch value := value.(type) {
	case string:
		b.(*array.StringBuilder).Append(value)
	case int32:
		b.(*array.Int32Builder).Append(value)
	case int64:
		b.(*array.Int64Builder).Append(value)
	case bool:
		b.(*array.BooleanBuilder).Append(value)
	case []any:
		fields := b.(*array.StructBuilder)
		fields.Append(true)
		for i, inner := range value {
			appendValue(fields.FieldBuilder(i), inner)
		}
	case []string:
		appendList(b.(*array.ListBuilder), value)
	case map[string]string:
		appendMap(b.(*array.MapBuilder), value, func(v string) any { return v })
	case map[string]*string:
		appendMap(b.(*array.MapBuilder), value, func(v *string) any {
			if v == nil {
				return nil
			}
			return *v
		})
	default:
		b.AppendNull()
	}
}

func appendList(b *array.ListBuilder, values []string) {
	if values == nil {
		b.AppendNull()
		return
	}
	b.Append(true)
	for _, value := range values {
		appendValue(b.ValueBuilder(), value)
	}
}

func appendMap[V any](b *array.MapBuilder, values map[string]V, plain func(V) any) {
	if values == nil {
		b.AppendNull()
		return
	}
	b.Append(true)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		appendValue(b.KeyBuilder(), key)
		appendValue(b.ItemBuilder(), plain(values[key]))
	}
}

func orNull[T comparable](value T) any {
	var zero T
	if value == zero {
		return nil
	}
	return value
}

func orEmpty(values map[string]*string) map[string]*string {
	if values == nil {
		return map[string]*string{}
	}
	return values
}

// readCheckpoint reads the parts of a V1 checkpoint as if they were one commit.
func (l *Log) readCheckpoint(ctx context.Context, parts []string) (Commit, error) {
	var all Commit
	for _, part := range parts {
		path := l.path(part)
		if err := cancelled(ctx, "read log checkpoint"); err != nil {
			return Commit{}, err
		}
		records, err := parquet.ReadAll(l.store, path)
		if err != nil {
			return Commit{}, failure.Disk("read log checkpoint", path, err)
		}
		for _, record := range records {
			if err := all.takeRecord(record); err != nil {
				return Commit{}, failure.Wrap(failure.DamagedFile, "read log checkpoint", path, err)
			}
		}
	}
	return all, nil
}

// takeRecord adds the actions of a checkpoint's rows. Columns that are not
// there, or not structs, are actions that it does not have.
func (c *Commit) takeRecord(record arrow.Record) error {
	for i, column := range record.Columns() {
		actions, ok := column.(*array.Struct)
		if !ok {
			continue
		}
		for row := range actions.Len() {
			if actions.IsNull(row) {
				continue
			}
			if err := c.takeCells(record.ColumnName(i), cells{actions, row}); err != nil {
				return fmt.Errorf("row %d: %w", row, err)
			}
		}
	}
	return nil
}

// takeCells adds the action called name.
func (c *Commit) takeCells(name string, a cells) error {
	switch name {
	case "txn":
		return c.take(line{Txn: &Txn{AppID: a.text("appId"), Version: a.long("version"), LastUpdated: a.long("lastUpdated")}})
	case "add":
		return c.take(line{Add: &Add{
			Path: a.text("path"), PartitionValues: a.textMap("partitionValues"), SizeBytes: a.long("size"),
			ModificationTime: a.long("modificationTime"), DataChange: a.flag("dataChange"), Stats: a.text("stats"),
			Tags: withoutNulls(a.textMap("tags")), DeletionVector: a.present("deletionVector"),
		}})
	case "remove":
		return c.take(line{Remove: &Remove{
			Path: a.text("path"), DeletionTimestamp: a.long("deletionTimestamp"), DataChange: a.flag("dataChange"),
			ExtendedFileMetadata: a.flag("extendedFileMetadata"), PartitionValues: a.textMap("partitionValues"), SizeBytes: a.long("size"),
		}})
	case "metaData":
		format := a.inner("format")
		return c.take(line{Metadata: &Metadata{
			ID: a.text("id"), Name: a.text("name"), Description: a.text("description"),
			Format:       Format{Provider: format.text("provider"), Options: withoutNulls(format.textMap("options"))},
			SchemaString: a.text("schemaString"), PartitionColumns: a.texts("partitionColumns"),
			Configuration: withoutNulls(a.textMap("configuration")), CreatedTime: a.long("createdTime"),
		}})
	case "protocol":
		return c.take(line{Protocol: &Protocol{
			MinReaderVersion: int(a.long("minReaderVersion")), MinWriterVersion: int(a.long("minWriterVersion")),
			ReaderFeatures: a.texts("readerFeatures"), WriterFeatures: a.texts("writerFeatures"),
		}})
	case "sidecar":
		return errors.New("a V2 checkpoint under a V1 name")
	}
	return nil
}

// cells is one row of a struct column. A field that is null, missing or of
// another type reads as its zero value.
type cells struct {
	values *array.Struct
	row    int
}

func (c cells) field(name string) arrow.Array {
	if c.values == nil {
		return nil
	}
	at, ok := c.values.DataType().(*arrow.StructType).FieldIdx(name)
	if !ok || c.values.Field(at).IsNull(c.row) {
		return nil
	}
	return c.values.Field(at)
}

func (c cells) text(name string) string { return textAt(c.field(name), c.row) }

func textAt(values arrow.Array, row int) string {
	switch values := values.(type) {
	case *array.String:
		return strings.Clone(values.Value(row))
	case *array.Binary: // written without the annotation that it is text
		return string(values.Value(row))
	}
	return ""
}

func (c cells) long(name string) int64 {
	switch values := c.field(name).(type) {
	case *array.Int64:
		return values.Value(c.row)
	case *array.Int32:
		return int64(values.Value(c.row))
	}
	return 0
}

func (c cells) flag(name string) bool {
	values, ok := c.field(name).(*array.Boolean)
	return ok && values.Value(c.row)
}

func (c cells) inner(name string) cells {
	values, _ := c.field(name).(*array.Struct)
	return cells{values, c.row}
}

// present is an empty object for a field that is there, whatever it holds.
func (c cells) present(name string) json.RawMessage {
	if c.field(name) == nil {
		return nil
	}
	return json.RawMessage("{}")
}

func (c cells) texts(name string) []string {
	values, ok := c.field(name).(*array.List)
	if !ok {
		return nil
	}
	list := []string{}
	for from, to := values.ValueOffsets(c.row); from < to; from++ {
		list = append(list, textAt(values.ListValues(), int(from)))
	}
	return list
}

func (c cells) textMap(name string) map[string]*string {
	values, ok := c.field(name).(*array.Map)
	if !ok {
		return nil
	}
	pairs := map[string]*string{}
	for from, to := values.ValueOffsets(c.row); from < to; from++ {
		key, item := textAt(values.Keys(), int(from)), values.Items()
		if item.IsNull(int(from)) {
			pairs[key] = nil
			continue
		}
		text := textAt(item, int(from))
		pairs[key] = &text
	}
	return pairs
}

func withoutNulls(values map[string]*string) map[string]string {
	if values == nil {
		return nil
	}
	texts := map[string]string{}
	for key, value := range values {
		if value != nil {
			texts[key] = *value
		}
	}
	return texts
}

func (m Metadata) checkpointInterval() int64 {
	interval, err := strconv.ParseInt(m.Configuration["delta.checkpointInterval"], 10, 64)
	if err != nil || interval < 1 {
		return defaultCheckpointInterval
	}
	return interval
}

func (m Metadata) tombstoneAge() time.Duration {
	age, ok := parseInterval(m.Configuration["delta.deletedFileRetentionDuration"])
	if !ok {
		return defaultTombstoneAge
	}
	return age
}

// parseInterval reads Spark's "interval 1 week", one unit of fixed length.
func parseInterval(text string) (time.Duration, bool) {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 3 && words[0] == "interval" {
		words = words[1:]
	}
	if len(words) != 2 {
		return 0, false
	}
	count, err := strconv.ParseInt(words[0], 10, 32)
	unit, known := map[string]time.Duration{
		"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour,
	}[strings.TrimSuffix(words[1], "s")]
	if err != nil || !known || count < 0 || count > int64(1<<63-1)/int64(unit) {
		return 0, false
	}
	return time.Duration(count) * unit, true
}
