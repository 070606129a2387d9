package parquet

import (
	"encoding/binary"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/parquet"
)

const (
	// A page ends when its values, as text or PLAIN, reach pageBytes or its rows maxPageRows.
	pageBytes   = 512 << 10
	maxPageRows = 64 << 10

	// maxValueBytes keeps a page, whose size is an int32, below 2 GiB.
	maxValueBytes = 1 << 30

	// hugeBytes is what no buffer keeps: a huge value must not hold its memory
	// for the rest of the file.
	hugeBytes = 4 << 20

	// headroom is kept free before the values of a page in the press, for its
	// definition levels, which are known when it ends: a length, a run header, a bit a row.
	headroom = 4 + binary.MaxVarintLen32 + maxPageRows/8
)

// tryAgainEvery is how many pages of a column chunk are compressed in the way
// that its first one chose, before a page chooses again.
const tryAgainEvery = 16

// column is one column of the open row group, with the bounds of the whole file.
type column struct {
	name     string
	dataType arrow.DataType
	encoding encoding // holds the values of the open page

	// The open page.
	valid []byte // bit r: row r of the page has a value
	rows  int
	nulls int

	squeeze    squeeze // for the pages of the chunk
	withValues int     // pages of the chunk that have a value
	pages      []page  // of the chunk, compressed, in order
	pagesBytes int

	nullCount int64 // of the file
}

// page is a finished page: its header, and levels and values compressed together.
type page struct {
	bytes      []byte
	plainBytes int // header included
	values     int // rows, nulls among them
	encoding   parquet.Encoding
}

// add takes the rows [from, to) of array.
func (c *column) add(array arrow.Array, from, to int, press *press) error {
	for from < to {
		next, err := c.encoding.add(array, from, min(to, from+maxPageRows-c.rows))
		if err != nil {
			return fmt.Errorf("row %d: %w", next, err)
		}
		c.addLevels(array, from, next)
		from = next
		if c.rows == maxPageRows || c.encoding.pageIsFull() {
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
	if press.page == nil {
		press.page = make([]byte, headroom, headroom+pageBytes)
	}
	buffer, encoding := c.encoding.appendPage(press.page[:headroom], press)
	plain := buffer[c.putLevels(buffer):]
	if c.nulls < c.rows {
		if c.withValues%tryAgainEvery == 0 {
			c.squeeze = press.choose(plain)
		}
		c.withValues++
	}
	frame := press.compress(plain, c.squeeze)
	header := appendDataPageHeader(press.header[:0], len(plain), len(frame), c.rows, encoding)
	c.keep(page{press.keep(header, frame), len(header) + len(plain), c.rows, encoding})
	c.rows, c.nulls = 0, 0
	press.page = buffer
	press.forgetHuge()
}

func (c *column) keep(p page) {
	c.pages = append(c.pages, p)
	c.pagesBytes += len(p.bytes)
}

// putLevels writes the definition levels so that they end where the values
// begin, and tells where they start. Parquet, «Run Length Encoding /
// Bit-Packing Hybrid», of bit width 1: one run says it when all rows have a
// value or none has, else the bits are packed as they are. The padding of the
// last group is zero; readers differ about others.
func (c *column) putLevels(page []byte) int {
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
	copy(page[start:], header[:4+len(run)])
	copy(page[headroom-len(bits):], bits)
	return start
}

func (c *column) bufferedBytes() int { return c.pagesBytes + c.encoding.heldBytes() }

// chunk is a column chunk that is ready to be written.
type chunk struct {
	dictionary *page
	pages      []page
}

// endChunk ends the open page and forgets the chunk, which is good until the
// press is emptied.
func (c *column) endChunk(press *press) chunk {
	c.endPage(press)
	ended := chunk{pages: c.pages}
	if plain, entries := c.encoding.endChunk(); entries > 0 {
		frame := press.compress(plain, press.choose(plain))
		header := appendDictionaryPageHeader(press.header[:0], len(plain), len(frame), entries)
		ended.dictionary = &page{press.keep(header, frame), len(header) + len(plain), entries, parquet.Encodings.Plain}
	}
	c.pages, c.pagesBytes, c.withValues, c.squeeze = c.pages[:0], 0, 0, withMatches
	return ended
}

// encoding is that of all data pages; a chunk has one at least.
func (c chunk) encoding() parquet.Encoding { return c.pages[0].encoding }

func (c *column) stats() ColumnStats {
	low, high := c.encoding.bounds()
	return ColumnStats{Name: c.name, Type: c.dataType, NullCount: c.nullCount, Min: low, Max: high}
}
