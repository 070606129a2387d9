package csv

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// column collects one utf8 column in Arrow's own layout: value i is
// data[offsets[i]:offsets[i+1]], and NULL when bit i of valid is 0. Arrays share
// its memory until it is emptied.
type column struct {
	offsets []int32
	data    []byte
	valid   []byte
	nulls   int
}

// hugeBytes is what an emptied column does not keep: a huge cell must not hold
// its memory for the rest of the file.
const hugeBytes = 4 << 20

func (c *column) empty() {
	if cap(c.data) > hugeBytes {
		c.data = nil
	}
	c.offsets, c.data, c.valid, c.nulls = append(c.offsets[:0], 0), c.data[:0], c.valid[:0], 0
}

func (c *column) rows() int { return len(c.offsets) - 1 }

func (c *column) append(text []byte) {
	c.data = append(c.data, text...)
	c.endRow()
}

func (c *column) appendNull() {
	c.endRow()
	c.setNull(c.rows() - 1)
}

func (c *column) endRow() {
	if c.rows()%8 == 0 {
		c.valid = append(c.valid, 0xFF)
	}
	c.offsets = append(c.offsets, int32(len(c.data)))
}

// appendNulls makes the column rows long, eight rows at a time where it can.
func (c *column) appendNulls(rows int) {
	end := int32(len(c.data))
	for c.rows() < rows {
		if c.rows()%8 != 0 || rows-c.rows() < 8 {
			c.appendNull()
			continue
		}
		c.valid = append(c.valid, 0)
		c.offsets = append(c.offsets, end, end, end, end, end, end, end, end)
		c.nulls += 8
	}
}

func (c *column) setNull(row int) {
	c.valid[row/8] &^= 1 << (row % 8)
	c.nulls++
}

// shortCell is what most cells fit in.
const shortCell = 16

// appendCells adds cell j of every row of text, whose separators and line ends
// are cuts, with -1 before the first and n of them a row. With crlf, a CR at
// the end of a row belongs to the line end.
func (c *column) appendCells(text []byte, cuts []int32, j, n int, nullValue string, crlf bool) {
	row, rows := c.rows(), (len(cuts)-1)/n
	for len(c.valid)*8 < row+rows {
		c.valid = append(c.valid, 0xFF)
	}
	c.offsets = slices.Grow(c.offsets, rows)
	c.data = slices.Grow(c.data, len(text)+shortCell)
	data, end := c.data[:cap(c.data)], len(c.data)
	for i := j; i+1 < len(cuts); i += n {
		from, to := int(cuts[i]+1), int(cuts[i+1])
		if crlf && to > from && text[to-1] == '\r' {
			to--
		}
		switch {
		case from == to || nullValue != "" && string(text[from:to]) == nullValue:
			c.setNull(row)
		case to-from <= shortCell && from+shortCell <= len(text):
			// A copy of constant length takes two instructions; what follows writes over the rest.
			copy(data[end:end+shortCell], text[from:from+shortCell])
			end += to - from
		default:
			end += copy(data[end:], text[from:to])
		}
		c.offsets = append(c.offsets, int32(end))
		row++
	}
	c.data = data[:end]
}

// array gives the column as an array, which is good until the column is emptied.
func (c *column) array() arrow.Array {
	var valid *memory.Buffer
	if c.nulls > 0 {
		if rest := c.rows() % 8; rest != 0 {
			c.valid[len(c.valid)-1] &= 1<<rest - 1
		}
		valid = memory.NewBufferBytes(c.valid)
	}
	buffers := []*memory.Buffer{
		valid,
		memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.offsets)),
		memory.NewBufferBytes(c.data),
	}
	return array.NewStringData(array.NewData(arrow.BinaryTypes.String, c.rows(), buffers, nil, c.nulls, 0))
}
