package csv

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"autoloaderlab/engine/failure"
)

// A record batch, which stays in the processor's cache on its way to the page, ends
// with the chunk of text that reaches one of these.
const (
	maxBatchRows  = 8 << 10
	maxBatchBytes = 1 << 20
)

// Reader turns pieces of files, one after another, into record batches: a utf8
// column for each of the stream's columns, in their order, and last
// _rescued_data. A batch may hold rows of several pieces.
type Reader struct {
	o           Options
	columnNames []string
	schema      *arrow.Schema

	in      Input // the piece at hand
	piece   Piece
	count   atomic.Int64
	header  []string // of the file
	names   []string // of its cells
	targets []int    // column of each of them; -1: to be rescued

	scan      *scanner
	plain     *plain // nil: every line takes the exact road
	exactUpTo int64  // offset up to which lines are known not to be plain
	exactSpan int    // bytes that the last quote cost; the next costs more unless plain lines come before it
	number    int64  // records read so far
	chunks    Chunks // of all pieces

	columns []*column // the batch under way; the last is the rescued data column
	taken   bool      // somebody has the batch
	rescue  rescue
	repair  []byte
	err     error // how the piece ended
}

// Chunks counts the chunks of text, some lines each, that took each road.
type Chunks struct{ Plain, Exact int64 }

// NewReader makes a reader that stands nowhere yet. columns is the stream's
// schema without _rescued_data.
func NewReader(columns []string, o Options) *Reader {
	r := &Reader{o: o, columnNames: columns, schema: schemaOf(columns), err: io.EOF}
	r.columns = make([]*column, r.schema.NumFields())
	for i := range r.columns {
		r.columns[i] = &column{}
		r.columns[i].empty()
	}
	return r
}

// Open goes on with piece p of in. header is the file's own, from ReadHeader. A
// cell goes to the column of exactly its header's name; where there is none, be
// it for case or because the name is new, its value is rescued under the file's
// spelling, and one beyond the header under _c<position>. A NULL is never
// rescued.
func (r *Reader) Open(ctx context.Context, in Input, p Piece, header []string) error {
	r.in, r.piece, r.number, r.exactUpTo, r.exactSpan, r.err = in, p, 0, 0, 0, nil
	r.count.Store(0)
	r.rescue.file(in.URI)
	if r.names == nil || !slices.Equal(header, r.header) {
		r.header = header
		r.names, r.targets = match(header, r.columnNames, r.o.hasHeader())
		r.plain = newPlain(&r.o, r.targets)
	}
	if r.plain == nil {
		r.chunks.Exact++ // all of the piece
	}
	var err error
	r.scan, err = openPiece(ctx, in, p, &r.o, &r.count, r.scan)
	return err
}

func schemaOf(columns []string) *arrow.Schema {
	fields := make([]arrow.Field, 0, len(columns)+1)
	for _, name := range columns {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	fields = append(fields, arrow.Field{Name: rescuedName, Type: arrow.BinaryTypes.String, Nullable: true})
	return arrow.NewSchema(fields, nil)
}

// match finds the column of each header name. Without a header line, the names
// go on for as long as the stream knows columns of such a position.
func match(header, columns []string, hasHeader bool) (names []string, targets []int) {
	at := make(map[string]int, len(columns))
	for i, name := range columns {
		at[name] = i
	}
	names = append(names, header...)
	for !hasHeader {
		if _, known := at[positionName(len(names))]; !known {
			break
		}
		names = append(names, positionName(len(names)))
	}
	for _, name := range names {
		target, known := at[name]
		if !known {
			target = -1
		}
		delete(at, name)
		targets = append(targets, target)
	}
	return names, targets
}

// Schema is that of every record.
func (r *Reader) Schema() *arrow.Schema { return r.schema }

// BytesRead tells how many bytes of the file were taken from the disk, packed
// if it is packed. It is safe to call from another goroutine.
func (r *Reader) BytesRead() int64 {
	return min(r.count.Load(), min(r.piece.End, r.in.SizeBytes)-max(r.piece.Start, 0))
}

// Chunks tells how many chunks of all pieces took each road so far.
func (r *Reader) Chunks() Chunks { return r.chunks }

// Read adds rows to the batch until it is full, or to the piece's end, which is io.EOF.
func (r *Reader) Read() error {
	if r.taken {
		r.startBatch()
	}
	for r.err == nil && !r.batchIsFull() {
		if !r.takePlain() {
			r.err = r.takeRecord()
		}
	}
	return r.err
}

// Rows is how many the batch has.
func (r *Reader) Rows() int64 {
	if r.taken {
		return 0
	}
	return int64(r.rows())
}

// Record hands the batch over, or nil when it has no rows. The record is good
// until the next Read: its memory is used again, and needs no Release.
func (r *Reader) Record() arrow.Record {
	if r.Rows() == 0 {
		return nil
	}
	r.taken = true
	return r.endBatch()
}

// Next reads one piece alone, record by record, up to io.EOF.
func (r *Reader) Next() (arrow.Record, error) {
	if err := r.Read(); err != nil && err != io.EOF {
		return nil, err
	}
	if record := r.Record(); record != nil {
		return record, nil
	}
	return nil, r.err
}

func (r *Reader) rows() int { return r.columns[len(r.columns)-1].rows() }

func (r *Reader) batchIsFull() bool {
	sizeBytes := 0
	for _, c := range r.columns {
		sizeBytes += len(c.data)
	}
	return r.rows() >= maxBatchRows || sizeBytes >= maxBatchBytes
}

// takePlain takes the plain lines at hand: those before the next quote, all or
// none of them. It is false when the exact road must go on, up to exactUpTo.
func (r *Reader) takePlain() bool {
	win := r.scan.win
	if r.plain == nil || win.offset < r.exactUpTo {
		return false
	}
	text := win.bytes()
	if left := r.scan.limit - win.offset; int64(len(text)) > left {
		text = text[:max(left, 0)]
	}
	rest := text
	if text = r.plain.wholeLines(text); len(text) == 0 {
		if len(rest) > 0 {
			r.chunks.Exact++ // a line that is not whole here
		}
		return false
	}
	lines, quoted := r.plain.beforeQuote(text)
	if len(lines) == 0 {
		r.exactSpan = min(2*r.exactSpan+len(quoted), len(text))
		r.exactUpTo = win.offset + int64(r.exactSpan)
		r.chunks.Exact++
		return false
	}
	text, r.exactSpan = lines, 0
	rows, ok := r.plain.cut(text)
	if !ok {
		r.exactUpTo = win.offset + int64(len(text)+len(quoted))
		r.chunks.Exact++
		return false
	}
	cuts := r.plain.cuts
	for j, target := range r.targets {
		r.columns[target].appendCells(text, cuts, j, len(r.targets), r.o.NullValue, r.plain.crlf)
	}
	r.number += int64(rows)
	r.evenOut(r.rows() + rows)
	win.advance(int(cuts[len(cuts)-1]) + 1)
	r.chunks.Plain++
	return true
}

// takeRecord takes one record on the exact road.
func (r *Reader) takeRecord() error {
	cells, err := r.scan.next()
	if err != nil {
		return err
	}
	r.number++
	tok := &r.scan.tok
	switch {
	case tok.fault != "":
		return r.malformed(tok.fault)
	case tok.unclosed && r.o.Mode == FailFast:
		return r.malformed("a quoted cell that is never closed")
	case tok.unclosed && r.o.Mode == DropMalformed:
		return nil
	}
	r.appendRow(cells)
	return nil
}

func (r *Reader) malformed(why string) error {
	record := fmt.Sprintf("record %d", r.number)
	if r.piece.Start > 0 {
		record += fmt.Sprintf(" after byte %d", r.piece.Start)
	}
	return failure.New(failure.MalformedCSV, "parse", r.in.URI).Hinting(record + ": " + why)
}

func (r *Reader) appendRow(cells []cell) {
	for j, c := range cells {
		target, isNull := -1, c.null || string(c.text) == r.o.NullValue
		if j < len(r.targets) {
			target = r.targets[j]
		}
		switch {
		case target < 0 && !isNull:
			r.rescue.add(r.nameOf(j), c.text)
		case target < 0:
		case isNull:
			r.columns[target].appendNull()
		case utf8.Valid(c.text):
			r.columns[target].append(c.text)
		default:
			r.repair = appendRepaired(r.repair[:0], c.text)
			r.columns[target].append(r.repair)
			r.rescue.add(r.nameOf(j), c.text)
		}
	}
	rescued := r.columns[len(r.columns)-1]
	r.rescue.appendTo(rescued)
	r.evenOut(rescued.rows())
}

func (r *Reader) nameOf(j int) string {
	if j < len(r.names) {
		return r.names[j]
	}
	return positionName(j)
}

// evenOut makes every column rows long: the missing cells are NULL.
func (r *Reader) evenOut(rows int) {
	for _, c := range r.columns {
		c.appendNulls(rows)
	}
}

func (r *Reader) startBatch() {
	r.taken = false
	for _, c := range r.columns {
		c.empty()
	}
}

func (r *Reader) endBatch() arrow.Record {
	rows := int64(r.rows())
	arrays := make([]arrow.Array, len(r.columns))
	for i, c := range r.columns {
		arrays[i] = c.array()
	}
	return array.NewRecord(r.schema, arrays, rows)
}
