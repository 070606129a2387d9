package parquet

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"

	"github.com/apache/arrow/go/v17/parquet"
)

// A dictionary that outgrows one of these ends its row group: looking up would
// leave the processor's cache, and the next row group chooses anew.
const (
	maxDictionaryEntries = 64 << 10
	maxDictionaryBytes   = 1 << 20
)

// dictionary makes RLE_DICTIONARY pages: it numbers the distinct texts of a
// column chunk in the order in which they come. It is a hash table with open
// addressing; the seed of the hash has no bearing on the numbers.
type dictionary struct {
	entries cells
	table   []slot // a power of two of them, never full
	shift   uint   // leaves as many bits of a key as tell its place
	seed    maphash.Seed
	numbers []uint32 // of the open page's values
}

func (*dictionary) encoding() parquet.Encoding { return parquet.Encodings.RLEDict }

// slot tells an entry by its key, which is never 0.
type slot struct {
	key    uint64
	number uint32 // from 1 on; 0 is a free slot
}

// The key of up to seven bytes is the text itself with its length above it, so
// that equal keys are equal texts; a longer text's is a hash, with longText above it.
const (
	shortText = 7
	longText  = 0xFF << (8 * shortText)
)

// forget empties the dictionary. It must be done once before the first add.
func (d *dictionary) forget() {
	if d.table == nil {
		d.table, d.shift, d.seed = make([]slot, 64), 64-6, maphash.MakeSeed()
	}
	d.entries.empty()
	d.numbers = d.numbers[:0]
	clear(d.table)
}

func (d *dictionary) isFull() bool {
	return d.entries.len() > maxDictionaryEntries || len(d.entries.data) > maxDictionaryBytes
}

// add numbers values, from 0 on. Most are short and met before: those are looked
// up here.
func (d *dictionary) add(values *cells) {
	numbers := slices.Grow(d.numbers, values.len())
	for i := range values.len() {
		from, to := int(values.offsets[i]), int(values.offsets[i+1])
		if to-from > shortText || from+8 > len(values.data) {
			numbers = append(numbers, d.number(d.keyOf(values.at(i)), values.at(i)))
			continue
		}
		key := shortKey(binary.LittleEndian.Uint64(values.data[from:]), to-from)
		at := d.place(key)
		s := d.table[at]
		for s.key != key && s.number != 0 {
			at = (at + 1) & uint64(len(d.table)-1)
			s = d.table[at]
		}
		if s.number == 0 {
			s.number = d.number(key, values.at(i)) + 1
		}
		numbers = append(numbers, s.number-1)
	}
	d.numbers = numbers
}

// shortKey is the key of a text of n bytes, of which word has the first eight
// and what lies behind them.
func shortKey(word uint64, n int) uint64 {
	return word&(1<<(8*n&63)-1) | uint64(n+1)<<(8*shortText)
}

func (d *dictionary) keyOf(value []byte) uint64 {
	if len(value) > shortText {
		return maphash.Bytes(d.seed, value) | longText
	}
	var word [8]byte
	copy(word[:], value)
	return shortKey(binary.LittleEndian.Uint64(word[:]), len(value))
}

// place is the slot at which the search for key begins: the multiplication makes
// the highest bits depend on all of the key's.
func (d *dictionary) place(key uint64) uint64 {
	return key * 0x9E3779B97F4A7C15 >> (d.shift & 63)
}

// number gives the number of value, whose key it is, a new one if need be.
func (d *dictionary) number(key uint64, value []byte) uint32 {
	mask := uint64(len(d.table) - 1)
	for at := d.place(key); ; at = (at + 1) & mask {
		s := &d.table[at]
		switch {
		case s.number == 0:
			*s = slot{key, uint32(d.entries.len() + 1)}
			return d.enter(value)
		case s.key == key && (key < longText || bytes.Equal(d.entries.at(int(s.number-1)), value)):
			return s.number - 1
		}
	}
}

// enter appends an entry whose slot is taken already.
func (d *dictionary) enter(value []byte) uint32 {
	d.entries.append(value)
	if d.isCrowded() {
		d.grow()
	}
	return uint32(d.entries.len() - 1)
}

// isCrowded tells that too many slots are taken. Where another value's slot is
// met, the processor has mostly guessed wrong, which costs as much as the rest of
// the look-up: two thirds of the slots stay free while the table is small enough.
func (d *dictionary) isCrowded() bool {
	taken, slots := d.entries.len(), len(d.table)
	return 4*taken > 3*slots || 3*taken > slots && slots < maxRoomySlots
}

const maxRoomySlots = 2 * maxDictionaryEntries

func (d *dictionary) grow() {
	old := d.table
	d.table = make([]slot, 2*len(old))
	d.shift--
	mask := uint64(len(d.table) - 1)
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		at := d.place(s.key)
		for d.table[at].number != 0 {
			at = (at + 1) & mask
		}
		d.table[at] = s
	}
}

// appendPage appends the width of the numbers, and the numbers, packed (Parquet,
// «Run Length Encoding / Bit-Packing Hybrid») or, when all are the same, as one run.
func (d *dictionary) appendPage(dst []byte) []byte {
	numbers, differ := d.numbers, uint32(0)
	for _, number := range numbers {
		differ |= number ^ numbers[0]
	}
	d.numbers = numbers[:0]
	width := max(bits.Len(uint(max(d.entries.len()-1, 0))), 1)
	dst = append(dst, byte(width))
	if len(numbers) == 0 {
		return dst
	}
	if differ == 0 {
		dst = binary.AppendUvarint(dst, uint64(len(numbers))<<1)
		return appendPacked(dst, numbers[:1], width)
	}
	groups := (len(numbers) + 7) / 8
	for len(numbers)%8 != 0 {
		numbers = append(numbers, 0)
	}
	dst = binary.AppendUvarint(dst, uint64(groups)<<1|1)
	return appendPacked(dst, numbers, width)
}
