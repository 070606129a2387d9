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
	table   []slot // a power of two of them, at most three quarters taken
	seed    maphash.Seed
	numbers []uint32 // of the open page's values
}

func (*dictionary) encoding() parquet.Encoding { return parquet.Encodings.RLEDict }

// slot tells an entry by its key: for up to eight bytes the text itself, else a hash.
type slot struct {
	key    uint64
	length int32
	number uint32 // from 1 on; 0 is a free slot
}

// forget empties the dictionary. It must be done once before the first add.
func (d *dictionary) forget() {
	if d.table == nil {
		d.table, d.seed = make([]slot, 64), maphash.MakeSeed()
	}
	d.entries.empty()
	d.numbers = d.numbers[:0]
	clear(d.table)
}

func (d *dictionary) isFull() bool {
	return d.entries.len() > maxDictionaryEntries || len(d.entries.data) > maxDictionaryBytes
}

// add numbers values, from 0 on. Most are met before and have up to eight bytes:
// those are looked up here.
func (d *dictionary) add(values *cells) {
	if values.len() == 0 {
		return
	}
	numbers := slices.Grow(d.numbers, values.len())
	for i := range values.len() {
		length := values.offsets[i+1] - values.offsets[i]
		if length > 8 {
			numbers = append(numbers, d.number(values, i))
			continue
		}
		key, mask := values.prefix(i), uint64(len(d.table)-1)
		at := mix(key, length) & mask
		s := d.table[at]
		for s.number != 0 && (s.key != key || s.length != length) {
			at = (at + 1) & mask
			s = d.table[at]
		}
		if s.number == 0 {
			s.number = d.number(values, i) + 1
		}
		numbers = append(numbers, s.number-1)
	}
	d.numbers = numbers
}

// number gives the number of cell i of values, a new one if need be.
func (d *dictionary) number(values *cells, i int) uint32 {
	length := values.offsets[i+1] - values.offsets[i]
	key := values.prefix(i)
	if length > 8 {
		key = maphash.Bytes(d.seed, values.at(i))
	}
	mask := uint64(len(d.table) - 1)
	for at := mix(key, length) & mask; ; at = (at + 1) & mask {
		s := &d.table[at]
		switch {
		case s.number == 0:
			*s = slot{key, length, uint32(d.entries.len() + 1)}
			return d.enter(values.at(i))
		case s.key == key && s.length == length &&
			(length <= 8 || bytes.Equal(d.entries.at(int(s.number-1)), values.at(i))):
			return s.number - 1
		}
	}
}

func mix(key uint64, length int32) uint64 {
	high, low := bits.Mul64(key^uint64(length), 0x9E3779B97F4A7C15)
	return high ^ low
}

// enter appends an entry whose slot is taken already.
func (d *dictionary) enter(value []byte) uint32 {
	d.entries.append(value)
	if n := d.entries.len(); 4*n > 3*len(d.table) {
		d.grow()
	}
	return uint32(d.entries.len() - 1)
}

func (d *dictionary) grow() {
	old := d.table
	d.table = make([]slot, 2*len(old))
	mask := uint64(len(d.table) - 1)
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		at := mix(s.key, s.length) & mask
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
