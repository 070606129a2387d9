package parquet

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/apache/arrow/go/v17/parquet"
)

// The delta encodings (Parquet, «Delta Encoding», «Delta-length byte array»,
// «Delta Strings»), a whole page at a time.

// A block of differences has four miniblocks, each packed at a width of its own.
const (
	blockValues     = 128
	miniblockValues = 32
)

// deltaLengths makes DELTA_LENGTH_BYTE_ARRAY pages: the lengths of values, and
// their bytes as they lie.
type deltaLengths struct {
	lengths []int32
	bytes   []byte
}

func (*deltaLengths) encoding() parquet.Encoding { return parquet.Encodings.DeltaLengthByteArray }

func (d *deltaLengths) add(values *cells) {
	if values.len() == 0 {
		return
	}
	d.lengths = slices.Grow(d.lengths, values.len())
	from := values.offsets[0]
	d.bytes = append(d.bytes, values.data[from:values.offsets[values.len()]]...)
	for _, to := range values.offsets[1:] {
		d.lengths = append(d.lengths, to-from)
		from = to
	}
}

func (d *deltaLengths) appendPage(dst []byte) []byte {
	dst = append(appendDeltas(dst, d.lengths), d.bytes...)
	d.lengths, d.bytes = d.lengths[:0], emptied(d.bytes)
	return dst
}

// deltaStrings makes DELTA_BYTE_ARRAY pages: how many bytes each value shares
// with the one before it, how many it has more, and those.
type deltaStrings struct {
	shared, more []int32
	suffixes     []byte
	last         []byte // value of the page so far
	ascended     bool   // no value of the last add was less than the one before it there
}

func (*deltaStrings) encoding() parquet.Encoding { return parquet.Encodings.DeltaByteArray }

func (d *deltaStrings) add(values *cells) {
	n := values.len()
	d.shared, d.more, d.suffixes = slices.Grow(d.shared, n), slices.Grow(d.more, n), slices.Grow(d.suffixes, values.sizeBytes()+shortSuffix)
	d.ascended = true
	last := d.last
	for i := range n {
		value := values.at(i)
		same := commonPrefix(last, value)
		if i > 0 && same < len(last) && (same == len(value) || value[same] < last[same]) {
			d.ascended = false
		}
		d.shared, d.more = append(d.shared, int32(same)), append(d.more, int32(len(value)-same))
		d.appendSuffix(values, int(values.offsets[i])+same, int(values.offsets[i+1]))
		last = value
	}
	d.last = append(d.last[:0], last...)
}

// shortSuffix is what most values have more than the ones before them.
const shortSuffix = 8

// appendSuffix appends the bytes [from, to) of values.
func (d *deltaStrings) appendSuffix(values *cells, from, to int) {
	end := len(d.suffixes)
	if to-from <= shortSuffix && from+shortSuffix <= len(values.data) && end+shortSuffix <= cap(d.suffixes) {
		// A copy of constant length takes an instruction; what follows writes over the rest.
		copy(d.suffixes[end:end+shortSuffix], values.data[from:from+shortSuffix])
		d.suffixes = d.suffixes[:end+to-from]
		return
	}
	d.suffixes = append(d.suffixes, values.data[from:to]...)
}

func (d *deltaStrings) appendPage(dst []byte) []byte {
	dst = append(appendDeltas(appendDeltas(dst, d.shared), d.more), d.suffixes...)
	d.shared, d.more, d.suffixes, d.last = d.shared[:0], d.more[:0], emptied(d.suffixes), emptied(d.last)
	return dst
}

// deltaStems makes DELTA_BYTE_ARRAY pages as well, and faster. A value shares
// with the one before it what all values of an add begin with, and not all that
// it could: lengths that hardly vary take no room, which for values in no order
// is more than longer shares would save.
type deltaStems struct {
	deltaStrings
}

func (d *deltaStems) add(values *cells) {
	n := values.len()
	if n == 0 {
		return
	}
	stem := values.stem()
	first := min(stem, commonPrefix(d.last, values.at(0)))
	if len(d.shared) > 0 {
		stem = first
	}
	d.shared, d.more = append(slices.Grow(d.shared, n), int32(first)), slices.Grow(d.more, n)
	for range n - 1 {
		d.shared = append(d.shared, int32(stem))
	}
	d.suffixes = slices.Grow(d.suffixes, values.sizeBytes()+shortStemless)
	d.more = append(d.more, values.offsets[1]-values.offsets[0]-int32(first))
	d.appendSuffix(values, int(values.offsets[0])+first, int(values.offsets[1]))
	d.appendMore(values, 1, int32(stem))
	d.last = append(d.last[:0], values.at(n-1)...)
}

// shortStemless is what most values have more than the stem.
const shortStemless = 16

// appendMore appends what the cells from i on have beyond the stem. There must
// be room for it, and for shortStemless bytes.
func (d *deltaStems) appendMore(values *cells, i int, stem int32) {
	data, end := d.suffixes[:cap(d.suffixes)], len(d.suffixes)
	for ; i < values.len(); i++ {
		from, to := values.offsets[i]+stem, values.offsets[i+1]
		d.more = append(d.more, to-from)
		if to-from <= shortStemless && int(from)+shortStemless <= len(values.data) {
			// A copy of constant length takes two instructions; what follows writes over the rest.
			copy(data[end:end+shortStemless], values.data[from:from+shortStemless])
			end += int(to - from)
		} else {
			end += copy(data[end:], values.data[from:to])
		}
	}
	d.suffixes = data[:end]
}

// emptied is buffer without its content, or nothing at all if it was huge.
func emptied(buffer []byte) []byte {
	if cap(buffer) > hugeBytes {
		return nil
	}
	return buffer[:0]
}

// commonPrefix counts the bytes that a and b begin with alike.
func commonPrefix(a, b []byte) int {
	n, i := min(len(a), len(b)), 0
	for ; i+8 <= n; i += 8 {
		if differ := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); differ != 0 {
			return i + bits.TrailingZeros64(differ)/8
		}
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

// appendDeltas appends DELTA_BINARY_PACKED of values, which are lengths: from 0
// to maxValueBytes, so that no difference overflows.
func appendDeltas(dst []byte, values []int32) []byte {
	dst = binary.AppendUvarint(dst, blockValues)
	dst = binary.AppendUvarint(dst, blockValues/miniblockValues)
	dst = binary.AppendUvarint(dst, uint64(len(values)))
	if len(values) == 0 {
		return binary.AppendVarint(dst, 0)
	}
	dst = binary.AppendVarint(dst, int64(values[0]))
	for len(values) > 1 {
		n := min(len(values)-1, blockValues)
		dst = appendBlock(dst, values[:n+1])
		values = values[n:]
	}
	return dst
}

// appendBlock appends the differences between values as one block: the least,
// the four widths, and how much more each difference is. What is missing in the
// last miniblock is zero; miniblocks without any difference have width 0.
func appendBlock(dst []byte, values []int32) []byte {
	var deltas [blockValues]uint32
	last, least, differ := values[0], values[1]-values[0], int32(0)
	for i, value := range values[1:] {
		delta := value - last
		deltas[i%blockValues] = uint32(delta)
		differ |= delta ^ least // of one of those before, which is enough to see any other
		least = min(least, delta)
		last = value
	}
	dst = binary.AppendVarint(dst, int64(least))
	if differ == 0 {
		return append(dst, 0, 0, 0, 0)
	}
	var widths [blockValues / miniblockValues]int
	for m := range widths {
		var all uint32
		block := deltas[m*miniblockValues : (m+1)*miniblockValues]
		for i := range block[:max(min(len(values)-1-m*miniblockValues, miniblockValues), 0)] {
			block[i] -= uint32(least)
			all |= block[i]
		}
		widths[m] = bits.Len32(all)
		dst = append(dst, byte(widths[m]))
	}
	for m, width := range widths {
		dst = appendPacked(dst, deltas[m*miniblockValues:(m+1)*miniblockValues], width)
	}
	return dst
}

// appendPacked appends the low width bits of each value, the first in the
// lowest bits; the padding of the last byte is zero.
func appendPacked(dst []byte, values []uint32, width int) []byte {
	if width == 0 {
		return dst
	}
	var waiting uint64
	n := 0
	for _, v := range values {
		waiting |= uint64(v) << n
		if n += width; n >= 32 {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(waiting))
			waiting >>= 32
			n -= 32
		}
	}
	for ; n > 0; n -= 8 {
		dst = append(dst, byte(waiting))
		waiting >>= 8
	}
	return dst
}
