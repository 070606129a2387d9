package engine

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"autoloaderlab/engine/stream"
)

// loadDate is the notebook's withColumn("fecha_carga", current_date()): the date,
// in UTC, at which the batch was planned. A replayed batch keeps its own.
type loadDate struct{}

const loadDateColumn = "fecha_carga"

// Schema implements stream.Projection. As withColumn does, it takes the place of
// a column of that name.
func (loadDate) Schema(s *arrow.Schema) *arrow.Schema {
	field := arrow.Field{Name: loadDateColumn, Type: arrow.FixedWidthTypes.Date32, Nullable: true}
	fields := append([]arrow.Field(nil), s.Fields()...)
	if i := indexOf(s); i >= 0 {
		fields[i] = field
	} else {
		fields = append(fields, field)
	}
	return arrow.NewSchema(fields, nil)
}

func indexOf(s *arrow.Schema) int {
	for i, field := range s.Fields() {
		if strings.EqualFold(field.Name, loadDateColumn) {
			return i
		}
	}
	return -1
}

// Begin implements stream.Projection.
func (d loadDate) Begin(b stream.Batch) func(arrow.Record) (arrow.Record, error) {
	date := arrow.Date32FromTime(b.Time.UTC())
	var dates *array.Date32 // as long as the longest record so far
	var from, schema *arrow.Schema
	return func(record arrow.Record) (arrow.Record, error) {
		rows := record.NumRows()
		if dates == nil || int64(dates.Len()) < rows {
			dates = repeated(date, int(rows))
		}
		if from != record.Schema() {
			from, schema = record.Schema(), d.Schema(record.Schema())
		}
		columns := make([]arrow.Array, schema.NumFields())
		copy(columns, record.Columns())
		at := len(columns) - 1
		if i := indexOf(from); i >= 0 {
			at = i
		}
		columns[at] = array.NewSlice(dates, 0, rows)
		return array.NewRecord(schema, columns, rows), nil
	}
}

// repeated is a column of n times the same date.
func repeated(date arrow.Date32, n int) *array.Date32 {
	dates := array.NewDate32Builder(memory.DefaultAllocator)
	defer dates.Release()
	dates.Reserve(n)
	for range n {
		dates.UnsafeAppend(date)
	}
	return dates.NewDate32Array()
}
