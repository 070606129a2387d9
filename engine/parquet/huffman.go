package parquet

import (
	"encoding/binary"
	"slices"
)

// huffman codes literals (RFC 8878, «Huffman Coding») several times as fast as
// huff0 does, where it can: blocks of ASCII in which no byte is so rare that its
// code would be too long. huff0 has the others.
type huffman struct {
	counts  [4][256]uint32 // of the bytes at 0, 4, 8 …, at 1, 5, 9 …
	symbols []symbol       // the bytes that occur, the rarest first, and then the tree's inner nodes
	codes   [256]code
	pairs   [1 << 16]code // of two bytes, for those that occur
	coded   []byte
}

// symbol is a node of the tree.
type symbol struct {
	count  uint32
	value  byte
	length uint8
	parent int
}

// code is bits and, in its low byte, how many there are.
type code uint32

// then is c with the bits of next above its own.
func (c code) then(next code) code {
	return c + next&0xFF + next>>8<<(8+c&0xFF)
}

const (
	leastCoded  = 1 << 10 // bytes; below, the table weighs more than the time
	maxCodeBits = 11      // RFC 8878, «Huffman Tree Description»
	asciiBytes  = 128     // a table of so many weights can be written as it is
	streams     = 4
	jumpBytes   = 2 * (streams - 1)
)

// compress gives the table and the four streams of a block's literals, which are
// good until the next; false when they are not for this coder.
func (h *huffman) compress(block []byte) ([]byte, bool) {
	if len(block) < leastCoded || !h.count(block) || !h.assign() {
		return nil, false
	}
	h.coded = h.appendTable(slices.Grow(h.coded[:0], len(block)*maxCodeBits/8+maxTableBytes))
	h.coded = h.appendStreams(h.coded, block)
	return h.coded, true
}

// maxTableBytes is room for the table, the jump table, and the words that are
// written past a stream's end.
const maxTableBytes = 1 + asciiBytes/2 + jumpBytes + streams*8

// count notes which bytes occur how often; false when it is one alone, or one
// beyond ASCII.
func (h *huffman) count(block []byte) bool {
	h.counts = [4][256]uint32{}
	rest := block
	for ; len(rest) >= 4; rest = rest[4:] { // each in a table of its own: equal neighbours need not wait for each other
		word := binary.LittleEndian.Uint32(rest)
		h.counts[0][byte(word)]++
		h.counts[1][byte(word>>8)]++
		h.counts[2][byte(word>>16)]++
		h.counts[3][byte(word>>24)]++
	}
	for _, b := range rest {
		h.counts[0][b]++
	}
	h.symbols = h.symbols[:0]
	for b := range 256 {
		count := h.counts[0][b] + h.counts[1][b] + h.counts[2][b] + h.counts[3][b]
		switch {
		case count == 0:
		case b >= asciiBytes:
			return false
		default:
			h.symbols = append(h.symbols, symbol{count: count, value: byte(b)})
		}
	}
	return len(h.symbols) > 1
}

// assign gives every symbol its code; false when one is too long.
func (h *huffman) assign() bool {
	leaves := len(h.symbols)
	slices.SortFunc(h.symbols, func(a, b symbol) int { return int(a.count) - int(b.count) })
	h.join()
	tree := h.symbols
	tree[len(tree)-1].length = 0
	var ofLength [maxCodeBits + 1]uint16
	for i := len(tree) - 2; i >= 0; i-- {
		length := tree[tree[i].parent].length + 1
		if i < leaves {
			if length > maxCodeBits {
				return false
			}
			ofLength[length]++
		}
		tree[i].length = length
	}
	h.symbols = tree[:leaves]
	h.number(ofLength)
	return true
}

// join makes the tree: the two least nodes become one, again and again. Inner
// nodes come in the order of their counts, so the least is the first of the
// leaves or of the inner nodes left.
func (h *huffman) join() {
	leaf, leaves := 0, len(h.symbols)
	inner := leaves
	least := func() int {
		if leaf < leaves && (inner == len(h.symbols) || h.symbols[leaf].count <= h.symbols[inner].count) {
			leaf++
			return leaf - 1
		}
		inner++
		return inner - 1
	}
	for range leaves - 1 {
		a, b := least(), least()
		h.symbols[a].parent, h.symbols[b].parent = len(h.symbols), len(h.symbols)
		h.symbols = append(h.symbols, symbol{count: h.symbols[a].count + h.symbols[b].count})
	}
}

// number numbers the codes: the longest from 0 on, those of a length in the order
// of their bytes, and a shorter one goes on with half the number.
func (h *huffman) number(ofLength [maxCodeBits + 1]uint16) {
	var next [maxCodeBits + 1]uint16
	for length, n := maxCodeBits, uint16(0); length > 0; length-- {
		next[length] = n
		n = (n + ofLength[length]) / 2
	}
	slices.SortFunc(h.symbols, func(a, b symbol) int { return int(a.value) - int(b.value) })
	h.codes = [256]code{}
	for _, s := range h.symbols {
		h.codes[s.value] = code(next[s.length])<<8 | code(s.length)
		next[s.length]++
	}
	for _, second := range h.symbols {
		for _, first := range h.symbols { // which is written after it
			h.pairs[uint16(first.value)|uint16(second.value)<<8] = h.codes[second.value].then(h.codes[first.value])
		}
	}
}

// appendTable appends the table (RFC 8878, «Huffman Tree Header», direct
// representation): a weight of four bits for each byte from 0 on, which is higher
// the shorter its code. That of the last byte goes without saying.
func (h *huffman) appendTable(dst []byte) []byte {
	longest := uint8(0)
	for _, s := range h.symbols {
		longest = max(longest, s.length)
	}
	var weights [asciiBytes]byte
	for _, s := range h.symbols {
		weights[s.value] = longest + 1 - s.length
	}
	n := int(h.symbols[len(h.symbols)-1].value)
	dst = append(dst, byte(127+n))
	for i := 0; i < n; i += 2 {
		pair := weights[i] << 4
		if i+1 < n {
			pair |= weights[i+1]
		}
		dst = append(dst, pair)
	}
	return dst
}

// appendStreams appends the sizes of the first three streams, and the streams,
// each of which has a quarter of block. There must be room for all.
func (h *huffman) appendStreams(dst, block []byte) []byte {
	jump := len(dst)
	dst = dst[:jump+jumpBytes]
	quarter := (len(block) + streams - 1) / streams
	for i := range streams {
		start := len(dst)
		dst = h.appendStream(dst, block[i*quarter:min((i+1)*quarter, len(block))])
		if i < streams-1 {
			binary.LittleEndian.PutUint16(dst[jump+2*i:], uint16(len(dst)-start))
		}
	}
	return dst
}

// appendStream appends the codes of text, the last byte's first, and a bit that
// marks the end. Whole words are written and the next one over what a word has
// too much: to ask how many bytes are full costs more.
func (h *huffman) appendStream(dst, text []byte) []byte {
	out, at := dst[:cap(dst)], len(dst)
	var waiting uint64
	var n uint // bits waiting, below 8 between the rounds
	for ; len(text)%4 != 0; text = text[:len(text)-1] {
		c := h.codes[text[len(text)-1]]
		waiting |= uint64(c>>8) << (n & 63)
		n += uint(c & 0xFF)
	}
	for ; ; text = text[:len(text)-4] {
		binary.LittleEndian.PutUint64(out[at:], waiting)
		at += int(n / 8)
		waiting >>= n &^ 7 & 63
		n %= 8
		if len(text) < 4 {
			break
		}
		four := binary.LittleEndian.Uint32(text[len(text)-4:])
		last, first := h.pairs[uint16(four>>16)], h.pairs[uint16(four)]
		waiting |= uint64(last>>8) << (n & 63)
		n += uint(last & 0xFF)
		waiting |= uint64(first>>8) << (n & 63)
		n += uint(first & 0xFF)
	}
	out[at] = byte(waiting | 1<<n) // n is below 8
	return out[:at+1]
}
