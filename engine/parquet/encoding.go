package parquet

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/parquet"
)

// encoding knows the values of one type: the forms that they may take in a page
// (Parquet, «Encodings») and their order. It collects the values of the open
// page, and remembers the bounds of all values as copies: the caller's memory
// may be used again.
type encoding interface {
	// add takes the values of the rows [from, to) that are not null until the
	// page is full, and tells the first row that it did not take.
	add(values arrow.Array, from, to int) (int, error)
	// sizeBytes estimates what add would take.
	sizeBytes(values arrow.Array, from, to int) int
	// heldBytes is what the open page and the dictionary hold.
	heldBytes() int
	pageIsFull() bool
	// groupIsFull asks for a new row group, and with it for a new choice.
	groupIsFull() bool
	// appendPage appends the values of the open page and forgets them. The
	// encoding is the same for all pages of a column chunk.
	appendPage(dst []byte, p *press) ([]byte, parquet.Encoding)
	// endChunk forgets the encoding, and gives the dictionary of the chunk that
	// ends, PLAIN, or nil.
	endChunk() (dictionary []byte, entries int)
	// bounds are the least and the greatest value in the pages so far, or nil.
	bounds() (low, high any)
	// forget makes it ready for another file; the chunk must be ended.
	forget()
}

// encodingOf is where the types of data files are listed.
func encodingOf(dataType arrow.DataType) (encoding, error) {
	switch dataType.ID() {
	case arrow.STRING:
		return &text{}, nil
	case arrow.DATE32:
		return &number[arrow.Date32, int32]{
			values: func(a arrow.Array) []arrow.Date32 { return a.(*array.Date32).Date32Values() },
			put:    func(b []byte, v arrow.Date32) []byte { return binary.LittleEndian.AppendUint32(b, uint32(v)) },
		}, nil
	case arrow.INT64:
		return &number[int64, int64]{
			values: func(a arrow.Array) []int64 { return a.(*array.Int64).Int64Values() },
			put:    func(b []byte, v int64) []byte { return binary.LittleEndian.AppendUint64(b, uint64(v)) },
		}, nil
	case arrow.FLOAT64:
		return &number[float64, float64]{
			values: func(a arrow.Array) []float64 { return a.(*array.Float64).Float64Values() },
			put:    func(b []byte, v float64) []byte { return binary.LittleEndian.AppendUint64(b, math.Float64bits(v)) },
		}, nil
	case arrow.BOOL:
		return &boolean{}, nil
	case arrow.TIMESTAMP:
		if t := dataType.(*arrow.TimestampType); t.Unit == arrow.Microsecond && t.TimeZone == "UTC" {
			return &number[arrow.Timestamp, int64]{
				values: func(a arrow.Array) []arrow.Timestamp { return a.(*array.Timestamp).TimestampValues() },
				put:    func(b []byte, v arrow.Timestamp) []byte { return binary.LittleEndian.AppendUint64(b, uint64(v)) },
			}, nil
		}
	}
	return nil, fmt.Errorf("no data file holds %s", dataType)
}

// plain is the open page of an encoding that has no other form than PLAIN.
type plain struct{ open []byte }

func (p *plain) heldBytes() int    { return len(p.open) }
func (p *plain) pageIsFull() bool  { return len(p.open) >= pageBytes }
func (p *plain) groupIsFull() bool { return false }

func (p *plain) appendPage(dst []byte, _ *press) ([]byte, parquet.Encoding) {
	dst = append(dst, p.open...)
	p.open = p.open[:0]
	return dst, parquet.Encodings.Plain
}

func (p *plain) endChunk() (dictionary []byte, entries int) { return nil, 0 }

// number encodes values of a fixed width. Out is the type of its bounds.
type number[T interface {
	cmp.Ordered
	~int32 | ~int64 | ~float64
}, Out interface{ int32 | int64 | float64 }] struct {
	plain
	values    func(arrow.Array) []T
	put       func([]byte, T) []byte
	low, high T
	some, nan bool
}

func (n *number[T, Out]) add(values arrow.Array, from, to int) (int, error) {
	raw := n.values(values)
	nulls := values.NullN() > 0
	page, row := n.open, from
	for ; row < to && len(page) < pageBytes; row++ {
		if nulls && values.IsNull(row) {
			continue
		}
		value := raw[row]
		page = n.put(page, value)
		if value != value {
			n.nan = true
			continue
		}
		if !n.some {
			n.low, n.high, n.some = value, value, true
		}
		n.low, n.high = min(n.low, value), max(n.high, value)
	}
	n.open = page
	return row, nil
}

func (n *number[T, Out]) forget() { n.some, n.nan = false, false }

func (*number[T, Out]) sizeBytes(_ arrow.Array, from, to int) int { return 8 * (to - from) }

func (n *number[T, Out]) bounds() (low, high any) {
	if !n.some || n.nan {
		return nil, nil
	}
	return Out(n.low), Out(n.high)
}

// boolean encodes a bit a value, the lowest first.
type boolean struct {
	plain
	bits          int // in the open page
	trues, falses bool
}

func (b *boolean) add(values arrow.Array, from, to int) (int, error) {
	page := b.open
	if len(page) == 0 {
		b.bits = 0
	}
	bools := values.(*array.Boolean)
	for row := from; row < to; row++ {
		if bools.IsNull(row) {
			continue
		}
		if b.bits%8 == 0 {
			page = append(page, 0)
		}
		if bools.Value(row) {
			page[len(page)-1] |= 1 << (b.bits % 8)
			b.trues = true
		} else {
			b.falses = true
		}
		b.bits++
	}
	b.open = page
	return to, nil
}

func (*boolean) sizeBytes(_ arrow.Array, from, to int) int { return (to - from) / 8 }

func (b *boolean) forget() { b.trues, b.falses = false, false }

func (b *boolean) bounds() (low, high any) {
	if !b.trues && !b.falses {
		return nil, nil
	}
	return !b.falses, b.trues
}
