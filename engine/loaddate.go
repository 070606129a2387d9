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

// Apply implements stream.Projection.
func (d loadDate) Apply(b stream.Batch, record arrow.Record) (arrow.Record, error) {
	defer record.Release()
	dates := array.NewDate32Builder(memory.DefaultAllocator)
	defer dates.Release()
	dates.Reserve(int(record.NumRows()))
	date := arrow.Date32FromTime(b.Time.UTC())
	for range record.NumRows() {
		dates.UnsafeAppend(date)
	}
	column := dates.NewArray()
	defer column.Release()
	columns := append([]arrow.Array(nil), record.Columns()...)
	if i := indexOf(record.Schema()); i >= 0 {
		columns[i] = column
	} else {
		columns = append(columns, column)
	}
	return array.NewRecord(d.Schema(record.Schema()), columns, record.NumRows()), nil
}
