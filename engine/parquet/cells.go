package parquet

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
)

// cells are texts, one after another: the i-th is data[offsets[i]:offsets[i+1]].
type cells struct {
	data    []byte
	offsets []int32 // one more than there are cells, or none
}

func (c *cells) len() int { return max(len(c.offsets)-1, 0) }

func (c *cells) at(i int) []byte { return c.data[c.offsets[i]:c.offsets[i+1]] }

// sizeBytes is that of the text.
func (c *cells) sizeBytes() int {
	if c.len() == 0 {
		return 0
	}
	return int(c.offsets[c.len()] - c.offsets[0])
}

func (c *cells) append(value []byte) {
	if len(c.offsets) == 0 {
		c.offsets = append(c.offsets, 0)
	}
	c.data = append(c.data, value...)
	c.offsets = append(c.offsets, int32(len(c.data)))
}

// appendAll appends other cells.
func (c *cells) appendAll(others *cells) {
	if others.len() == 0 {
		return
	}
	if len(c.offsets) == 0 {
		c.offsets = append(c.offsets, 0)
	}
	shift := int32(len(c.data)) - others.offsets[0]
	c.data = append(c.data, others.data[others.offsets[0]:others.offsets[others.len()]]...)
	c.offsets = slices.Grow(c.offsets, others.len())
	for _, offset := range others.offsets[1:] {
		c.offsets = append(c.offsets, offset+shift)
	}
}

// head is the first n cells, or all when there are fewer.
func (c *cells) head(n int) *cells {
	if n >= c.len() {
		return c
	}
	return &cells{data: c.data[:c.offsets[n]], offsets: c.offsets[:n+1]}
}

// empty forgets the cells, and the memory of huge ones.
func (c *cells) empty() {
	c.data, c.offsets = emptied(c.data), c.offsets[:0]
}

// prefix is the first eight bytes of cell i as a big-endian number; shorter
// cells are filled with zeros, so that a smaller prefix means a smaller cell.
func (c *cells) prefix(i int) uint64 {
	from, n := int(c.offsets[i]), int(c.offsets[i+1]-c.offsets[i])
	if from+8 > len(c.data) {
		var last [8]byte
		copy(last[:], c.data[from:from+n])
		return binary.BigEndian.Uint64(last[:])
	}
	word := binary.BigEndian.Uint64(c.data[from:])
	if n < 8 {
		word &= ^uint64(0) << (64 - 8*n)
	}
	return word
}

// stem counts the bytes that all cells, one at least, begin with.
func (c *cells) stem() int {
	first, differ := c.prefix(0), uint64(0)
	least := c.offsets[1] - c.offsets[0]
	for i := range c.len() {
		differ |= first ^ c.prefix(i)
		least = min(least, c.offsets[i+1]-c.offsets[i])
	}
	if differ != 0 || least <= 8 {
		return min(bits.LeadingZeros64(differ)/8, int(least))
	}
	stem := c.at(0)
	for i := range c.len() {
		stem = stem[:commonPrefix(stem, c.at(i))]
	}
	return len(stem)
}

// appendPlain appends the cells' PLAIN form: four bytes of length and the bytes.
func (c *cells) appendPlain(dst []byte) []byte {
	for i := range c.len() {
		value := c.at(i)
		dst = append(binary.LittleEndian.AppendUint32(dst, uint32(len(value))), value...)
	}
	return dst
}

// extent is the least and the greatest text met so far, as copies.
//
// Most comparisons are settled by the prefixes; only cells at or beyond a
// bound's are compared whole.
type extent struct {
	low, high []byte
	some      bool
}

func (e *extent) widen(c *cells) {
	if c.len() == 0 {
		return
	}
	low, high := 0, 0
	lowP, highP := c.prefix(0), c.prefix(0)
	for i := 1; i < c.len(); i++ {
		p := c.prefix(i)
		if p > lowP && p < highP {
			continue
		}
		if p <= lowP && (p < lowP || bytes.Compare(c.at(i), c.at(low)) < 0) {
			low, lowP = i, p
		}
		if p >= highP && (p > highP || bytes.Compare(c.at(i), c.at(high)) > 0) {
			high, highP = i, p
		}
	}
	e.meet(c.at(low), c.at(high))
}

// meet widens e to the least and the greatest of some texts.
func (e *extent) meet(low, high []byte) {
	if !e.some || bytes.Compare(low, e.low) < 0 {
		e.low = append(e.low[:0], low...)
	}
	if !e.some || bytes.Compare(high, e.high) > 0 {
		e.high = append(e.high[:0], high...)
	}
	e.some = true
}

func (e *extent) bounds() (low, high any) {
	if !e.some {
		return nil, nil
	}
	return string(e.low), string(e.high)
}
