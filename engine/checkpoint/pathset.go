package checkpoint

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// pathSet is the URIs that the source log has seen, each with its newest time.
// A million of them take little memory, and no pointer that the garbage collector
// would have to follow: they lie one after another in blocks, and a hash table
// tells where.
//
//	slots    …│ 24 bits of the hash, 40 bits of place │…     free: 0
//	                                      │
//	blocks   …│ time │ length │ U R I │ ◀─┘
//
// The hash only says where to look. What decides is the URI itself, byte by
// byte: a new file that is taken for a known one would be lost in silence.
type pathSet struct {
	seed   maphash.Seed
	slots  []uint64 // a power of two of them
	blocks [][]byte
	count  int
}

const (
	placeBits  = 40
	blockBits  = 20
	blockBytes = 1 << blockBits
	headBytes  = 8 + 8 // time and length
)

// newPathSet returns an empty set with room for about that many.
func newPathSet(expected int) *pathSet {
	s := &pathSet{seed: maphash.MakeSeed(), slots: make([]uint64, 1024)}
	for s.full(expected) {
		s.slots = make([]uint64, 2*len(s.slots))
	}
	return s
}

func (s *pathSet) full(count int) bool { return count >= len(s.slots)/4*3 }

// add takes a URI into the set, or a newer time of one that is there.
func (s *pathSet) add(uri []byte, timestampMs int64) {
	hash := maphash.Bytes(s.seed, uri)
	i, there := s.look(uri, hash)
	if there {
		head := s.record(s.slots[i])
		before := int64(binary.LittleEndian.Uint64(head))
		binary.LittleEndian.PutUint64(head, uint64(max(before, timestampMs)))
		return
	}
	s.slots[i] = s.store(uri, timestampMs) | hash>>placeBits<<placeBits
	s.count++
	if s.full(s.count) {
		s.grow()
	}
}

func (s *pathSet) find(uri []byte) (timestampMs int64, ok bool) {
	i, there := s.look(uri, maphash.Bytes(s.seed, uri))
	if !there {
		return 0, false
	}
	return int64(binary.LittleEndian.Uint64(s.record(s.slots[i]))), true
}

// look finds the URI's slot, or the free one where it belongs.
func (s *pathSet) look(uri []byte, hash uint64) (i int, there bool) {
	mask := len(s.slots) - 1
	for i = int(hash) & mask; s.slots[i] != 0; i = (i + 1) & mask {
		if s.slots[i]>>placeBits == hash>>placeBits && bytes.Equal(s.uri(s.slots[i]), uri) {
			return i, true
		}
	}
	return i, false
}

// store writes a record and returns its place. A record is in one block; one that
// is longer than a block has its own. Places count from 1 on.
func (s *pathSet) store(uri []byte, timestampMs int64) (place uint64) {
	size := headBytes + len(uri)
	last := len(s.blocks) - 1
	if last < 0 || len(s.blocks[last])+size > blockBytes {
		s.blocks = append(s.blocks, make([]byte, 0, max(size, blockBytes)))
		last++
	}
	block := s.blocks[last]
	place = uint64(last<<blockBits|len(block)) + 1
	block = binary.LittleEndian.AppendUint64(block, uint64(timestampMs))
	block = binary.LittleEndian.AppendUint64(block, uint64(len(uri)))
	s.blocks[last] = append(block, uri...)
	return place
}

// record is the bytes from a slot's record on.
func (s *pathSet) record(slot uint64) []byte {
	place := slot&(1<<placeBits-1) - 1
	return s.blocks[place>>blockBits][place%blockBytes:]
}

func (s *pathSet) uri(slot uint64) []byte {
	record := s.record(slot)
	return record[headBytes:][:binary.LittleEndian.Uint64(record[8:])]
}

func (s *pathSet) grow() {
	before := s.slots
	s.slots = make([]uint64, 2*len(before))
	for _, slot := range before {
		if slot != 0 {
			uri := s.uri(slot)
			i, _ := s.look(uri, maphash.Bytes(s.seed, uri))
			s.slots[i] = slot
		}
	}
}
