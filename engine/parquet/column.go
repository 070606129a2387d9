package parquet

import (
	"encoding/binary"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
)

const (
	// A page ends when its values reach pageBytes or its rows maxPageRows.
	pageBytes   = 512 << 10
	maxPageRows = 64 << 10

	// maxValueBytes keeps a page, whose size is an int32, below 2 GiB.
	maxValueBytes = 1 << 30

	// hugeBytes is what no buffer keeps: a huge value must not hold its memory
	// for the rest of the file.
	hugeBytes = 4 << 20

	// headroom is kept free before the values of a page, for its definition
	// levels, which are known when it ends: a length, a run header, a bit a row.
	headroom = 4 + binary.MaxVarintLen32 + maxPageRows/8
)

// column is one column of the open row group, with the bounds of the whole file.
type column struct {
	name     string
	dataType arrow.DataType
	encoding encoding

	// The open page: headroom, then the PLAIN values.
	open  []byte
	valid []byte // bit r: row r of the page has a value
	rows  int
	nulls int

	pages      []page // compressed, in order
	pagesBytes int

	nullCount int64 // of the file
}

// page is a finished page: levels and values, compressed together.
type page struct {
	compressed []byte
	plainBytes int32
	values     int32 // rows, nulls among them
}

// add takes the rows [from, to) of array.
func (c *column) add(array arrow.Array, from, to int, press *press) error {
	for from < to {
		if c.open == nil {
			c.open = make([]byte, headroom, headroom+4<<10)
		}
		end := min(to, from+maxPageRows-c.rows)
		buffer, next, err := c.encoding.appendPlain(c.open, array, from, end)
		if err != nil {
			return fmt.Errorf("row %d: %w", next, err)
		}
		c.open = buffer
		c.addLevels(array, from, next)
		from = next
		if c.rows == maxPageRows || len(c.open) >= headroom+pageBytes {
			c.endPage(press)
		}
	}
	return nil
}

// addLevels notes which of the rows [from, to) have a value.
func (c *column) addLevels(array arrow.Array, from, to int) {
	n := to - from
	if need := int(bitutil.BytesForBits(int64(c.rows + n))); need > len(c.valid) {
		c.valid = append(c.valid, make([]byte, need-len(c.valid))...)
	}
	if array.NullN() == 0 {
		bitutil.SetBitsTo(c.valid, int64(c.rows), int64(n), true)
	} else {
		bitutil.CopyBitmap(array.NullBitmapBytes(), array.Data().Offset()+from, n, c.valid, c.rows)
		nulls := n - bitutil.CountSetBits(c.valid, c.rows, n)
		c.nulls += nulls
		c.nullCount += int64(nulls)
	}
	c.rows += n
}

// endPage compresses the open page, if it has rows.
func (c *column) endPage(press *press) {
	if c.rows == 0 {
		return
	}
	plain := c.open[c.putLevels():]
	compressed := press.compress(plain)
	c.pages = append(c.pages, page{compressed, int32(len(plain)), int32(c.rows)})
	c.pagesBytes += len(compressed)
	c.rows, c.nulls = 0, 0
	c.open = c.open[:headroom]
	if cap(c.open) > hugeBytes {
		c.open = nil
	}
}

// putLevels writes the definition levels so that they end where the values
// begin, and tells where they start. Parquet, «Run Length Encoding /
// Bit-Packing Hybrid», of bit width 1: one run says it when all rows have a
// value or none has, else the bits are packed as they are. The padding of the
// last group is zero; readers differ about others.
func (c *column) putLevels() int {
	var header [4 + binary.MaxVarintLen32]byte
	var bits []byte
	run := header[4:4]
	switch c.nulls {
	case 0:
		run = append(binary.AppendUvarint(run, uint64(c.rows)<<1), 1)
	case c.rows:
		run = append(binary.AppendUvarint(run, uint64(c.rows)<<1), 0)
	default:
		bits = c.valid[:bitutil.BytesForBits(int64(c.rows))]
		if rest := c.rows % 8; rest != 0 {
			bits[len(bits)-1] &= 1<<rest - 1
		}
		run = binary.AppendUvarint(run, uint64(len(bits))<<1|1)
	}
	binary.LittleEndian.PutUint32(header[:], uint32(len(run)+len(bits)))
	start := headroom - 4 - len(run) - len(bits)
	copy(c.open[start:], header[:4+len(run)])
	copy(c.open[headroom-len(bits):], bits)
	return start
}

func (c *column) bufferedBytes() int { return c.pagesBytes + len(c.open) }

func (c *column) forgetPages() {
	clear(c.pages)
	c.pages, c.pagesBytes = c.pages[:0], 0
}

func (c *column) free() { c.open, c.valid, c.pages = nil, nil, nil }

func (c *column) stats() ColumnStats {
	low, high := c.encoding.bounds()
	return ColumnStats{Name: c.name, Type: c.dataType, NullCount: c.nullCount, Min: low, Max: high}
}
