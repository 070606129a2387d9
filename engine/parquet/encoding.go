package parquet

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// encoding knows the values of one type: their PLAIN form (Parquet, «Encodings»)
// and their order. It remembers the bounds of all values it has encoded, as
// copies: the caller's memory may be used again.
type encoding interface {
	// appendPlain appends the values of the rows [from, to) that are not null,
	// until page holds pageBytes, and tells the first row that it did not take.
	appendPlain(page []byte, values arrow.Array, from, to int) ([]byte, int, error)
	// sizeBytes estimates what appendPlain would append.
	sizeBytes(values arrow.Array, from, to int) int
	// bounds are the least and the greatest value so far, or nil.
	bounds() (low, high any)
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

// text encodes utf8: four bytes of length and the bytes, value after value.
//
// Most comparisons are settled by the first eight bytes, taken as a big-endian
// number; only values at or beyond a bound's are compared whole.
type text struct {
	low, high   []byte
	lowP, highP uint64 // their prefixes
	some        bool
}

var errHugeValue = errors.New("a value of more than 1 GiB")

func (t *text) appendPlain(page []byte, values arrow.Array, from, to int) ([]byte, int, error) {
	strings := values.(*array.String)
	nulls := strings.NullN() > 0
	offsets, data := strings.ValueOffsets(), textBytes(strings)
	low, high, lowP, highP := t.low, t.high, t.lowP, t.highP
	if !t.some {
		lowP, highP = math.MaxUint64, 0
	}
	row := from
	for ; row < to && len(page) < headroom+pageBytes; row++ {
		if nulls && strings.IsNull(row) {
			continue
		}
		value := data[offsets[row]:offsets[row+1]]
		if len(value) > maxValueBytes {
			return page, row, errHugeValue
		}
		page = binary.LittleEndian.AppendUint32(page, uint32(len(value)))
		page = append(page, value...)

		p := prefix(value)
		if p <= lowP && (!t.some || p < lowP || bytes.Compare(value, low) < 0) {
			low, lowP = value, p
		}
		if p >= highP && (!t.some || p > highP || bytes.Compare(value, high) > 0) {
			high, highP = value, p
		}
		t.some = true
	}
	if t.some {
		t.low, t.lowP = append(t.low[:0], low...), lowP
		t.high, t.highP = append(t.high[:0], high...), highP
	}
	return page, row, nil
}

func (*text) sizeBytes(values arrow.Array, from, to int) int {
	offsets := values.(*array.String).ValueOffsets()
	return int(offsets[to]-offsets[from]) + 4*(to-from)
}

func (t *text) bounds() (low, high any) {
	if !t.some {
		return nil, nil
	}
	return string(t.low), string(t.high)
}

// textBytes is all the text that the offsets of strings point into.
func textBytes(strings *array.String) []byte {
	if buffer := strings.Data().Buffers()[2]; buffer != nil {
		return buffer.Bytes()
	}
	return nil
}

// prefix is the first eight bytes of value as a number; shorter values are
// filled with zeros, so that a smaller prefix means a smaller value.
func prefix(value []byte) uint64 {
	if len(value) >= 8 {
		return binary.BigEndian.Uint64(value)
	}
	var short [8]byte
	copy(short[:], value)
	return binary.BigEndian.Uint64(short[:])
}

// number encodes values of a fixed width. Out is the type of its bounds.
type number[T interface {
	cmp.Ordered
	~int32 | ~int64 | ~float64
}, Out interface{ int32 | int64 | float64 }] struct {
	values    func(arrow.Array) []T
	put       func([]byte, T) []byte
	low, high T
	some, nan bool
}

func (n *number[T, Out]) appendPlain(page []byte, values arrow.Array, from, to int) ([]byte, int, error) {
	raw := n.values(values)
	nulls := values.NullN() > 0
	row := from
	for ; row < to && len(page) < headroom+pageBytes; row++ {
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
	return page, row, nil
}

func (*number[T, Out]) sizeBytes(_ arrow.Array, from, to int) int { return 8 * (to - from) }

func (n *number[T, Out]) bounds() (low, high any) {
	if !n.some || n.nan {
		return nil, nil
	}
	return Out(n.low), Out(n.high)
}

// boolean encodes a bit a value, the lowest first.
type boolean struct {
	bits          int // in the open page
	trues, falses bool
}

func (b *boolean) appendPlain(page []byte, values arrow.Array, from, to int) ([]byte, int, error) {
	if len(page) == headroom {
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
	return page, to, nil
}

func (*boolean) sizeBytes(_ arrow.Array, from, to int) int { return (to - from) / 8 }

func (b *boolean) bounds() (low, high any) {
	if !b.trues && !b.falses {
		return nil, nil
	}
	return !b.falses, b.trues
}
