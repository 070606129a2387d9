package csv

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// column collects one utf8 column in Arrow's own layout: value i is
// data[offsets[i]:offsets[i+1]], and NULL when bit i of valid is 0. Its memory
// is the array's in the end, so a column is used once.
type column struct {
	offsets []int32
	data    []byte
	valid   []byte
	nulls   int
}

// newColumn makes a column with room for what the one before it, last, held.
func newColumn(last *column) *column {
	c := &column{
		offsets: make([]int32, 1, cap(last.offsets)+1),
		data:    make([]byte, 0, len(last.data)+len(last.data)/16),
		valid:   make([]byte, 0, cap(last.valid)),
	}
	return c
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

// appendNulls makes the column rows long.
func (c *column) appendNulls(rows int) {
	for c.rows() < rows {
		c.appendNull()
	}
}

func (c *column) setNull(row int) {
	c.valid[row/8] &^= 1 << (row % 8)
	c.nulls++
}

// appendCells adds cell j of every row of text, whose separators and line ends
// are cuts, with -1 before the first and n of them a row. With crlf, a CR at
// the end of a row belongs to the line end.
func (c *column) appendCells(text []byte, cuts []int32, j, n int, nullValue string, crlf bool) {
	row, rows := c.rows(), (len(cuts)-1)/n
	for len(c.valid)*8 < row+rows {
		c.valid = append(c.valid, 0xFF)
	}
	c.offsets = slices.Grow(c.offsets, rows)
	c.data = slices.Grow(c.data, len(text))
	data, end := c.data[:cap(c.data)], len(c.data)
	for i := j; i+1 < len(cuts); i += n {
		value := text[cuts[i]+1 : cuts[i+1]]
		if crlf && len(value) > 0 && value[len(value)-1] == '\r' {
			value = value[:len(value)-1]
		}
		if len(value) == 0 || nullValue != "" && string(value) == nullValue {
			c.setNull(row)
		} else {
			end += copy(data[end:], value)
		}
		c.offsets = append(c.offsets, int32(end))
		row++
	}
	c.data = data[:end]
}

// array hands the column over.
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
