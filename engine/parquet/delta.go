package parquet

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// The delta encodings (Parquet, «Delta Encoding», «Delta-length byte array»,
// «Delta Strings»), a whole page at a time.

// A block of differences has four miniblocks, each packed at a width of its own.
const (
	blockValues     = 128
	miniblockValues = 32
)

// appendDeltaLengths appends DELTA_LENGTH_BYTE_ARRAY: the lengths of values,
// and their bytes as they lie.
func appendDeltaLengths(dst []byte, values *cells, s *scratch) []byte {
	lengths := s.first[:0]
	for i := range values.len() {
		lengths = append(lengths, values.offsets[i+1]-values.offsets[i])
	}
	s.first = lengths
	return append(appendDeltas(dst, lengths), values.data...)
}

// appendDeltaStrings appends DELTA_BYTE_ARRAY: how many bytes each value shares
// with the one before it, how many it has more, and those. On the way it learns
// whether the values ascend.
func appendDeltaStrings(dst []byte, values *cells, s *scratch) []byte {
	count := values.len()
	shared := slices.Grow(s.first[:0], count)[:count]
	more := slices.Grow(s.second[:0], count)[:count]
	suffixes := slices.Grow(s.bytes[:0], len(values.data)+shortSuffix)[:len(values.data)+shortSuffix]
	end := 0
	var last []byte
	s.ascending = count > 0
	for i := range shared {
		value := values.at(i)
		n := commonPrefix(last, value)
		rest := value[n:]
		shared[i], more[i] = int32(n), int32(len(rest))
		if n < len(last) && (len(rest) == 0 || rest[0] < last[n]) {
			s.ascending = false
		}
		if from := int(values.offsets[i]) + n; len(rest) <= shortSuffix && from+shortSuffix <= len(values.data) {
			// A copy of constant length takes an instruction; what follows writes over the rest.
			copy(suffixes[end:end+shortSuffix], values.data[from:from+shortSuffix])
		} else {
			copy(suffixes[end:], rest)
		}
		end += len(rest)
		last = value
	}
	s.first, s.second, s.bytes = shared, more, suffixes
	return append(appendDeltas(appendDeltas(dst, shared), more), suffixes[:end]...)
}

// shortSuffix is what most values have more than the ones before them.
const shortSuffix = 8

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
	var all [blockValues / miniblockValues]uint32
	for i := range len(values) - 1 {
		deltas[i] -= uint32(least)
		all[i/miniblockValues] |= deltas[i]
	}
	for _, bitsUsed := range all {
		dst = append(dst, byte(bits.Len32(bitsUsed)))
	}
	for i, bitsUsed := range all {
		dst = appendPacked(dst, deltas[i*miniblockValues:(i+1)*miniblockValues], bits.Len32(bitsUsed))
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
