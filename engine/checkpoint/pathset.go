package checkpoint

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// pathSet is the URIs that the source log has seen, each with its newest time.
// A million of them take some 60 MB and no pointer that the garbage collector
// would have to follow: their names lie one after another in blocks, and a hash
// table tells where.
//
//	slots    …│ 24 bits of the hash, 40 bits of place │…      free: 0
//	                                      │
//	blocks   …│ time │ folder │ length │ name │ ◀─┘
//
// The hash only says where to look. What decides is the URI itself, byte by
// byte: a new file that is taken for a known one would be lost in silence.
type pathSet struct {
	seed    maphash.Seed
	slots   []uint64 // a power of two of them
	blocks  [][]byte
	count   int
	folders map[string]uint64 // numbered from 0 on
	last    folderNumber
	keys    []key  // of the URIs in hand
	fetched uint64 // keeps the compiler from leaving fetch out
}

// folderNumber is the folder that was asked for last: mostly it is the next one too.
type folderNumber struct {
	uri    []byte
	number uint64
}

const (
	placeBits  = 40
	blockBits  = 20
	blockBytes = 1 << blockBits
	timeBytes  = 8
)

// newPathSet returns an empty set with room for about that many.
func newPathSet(expected int) *pathSet {
	s := &pathSet{seed: maphash.MakeSeed(), slots: make([]uint64, 1024), folders: map[string]uint64{}}
	for s.full(expected) {
		s.slots = make([]uint64, 2*len(s.slots))
	}
	return s
}

func (s *pathSet) full(count int) bool { return count >= len(s.slots)/4*3 }

// Sighting is what the source log knows of one file.
type Sighting struct {
	Seen        bool
	TimestampMs int64
}

// pageSize is how many URIs are best added or looked up together: the memory that
// they need is asked for all at once, and they wait for it only once.
const pageSize = 256

// key is a URI taken apart. It is numbered when the set has its folder.
type key struct {
	numbered bool
	folder   uint64
	name     []byte
	hash     uint64
}

// add takes URIs into the set, or newer times of those that are there.
func (s *pathSet) add(uris [][]byte, timesMs []int64) {
	for len(uris) > pageSize {
		s.add(uris[:pageSize], timesMs[:pageSize])
		uris, timesMs = uris[pageSize:], timesMs[pageSize:]
	}
	for s.full(s.count + len(uris)) {
		s.grow()
	}
	s.keys = s.keys[:0]
	for _, uri := range uris {
		folder, name := cutName(uri)
		s.keys = append(s.keys, s.key(s.number(folder), name))
	}
	s.fetch(s.keys)
	for i, key := range s.keys {
		s.put(key, timesMs[i])
	}
}

func (s *pathSet) put(k key, timestampMs int64) {
	i, there := s.look(k)
	if there {
		at := s.record(s.slots[i])
		before := int64(binary.LittleEndian.Uint64(at))
		binary.LittleEndian.PutUint64(at, uint64(max(before, timestampMs)))
		return
	}
	s.slots[i] = s.store(k, timestampMs) | k.hash>>placeBits<<placeBits
	s.count++
}

// find appends what the set has of each URI.
func (s *pathSet) find(uris [][]byte, to []Sighting) []Sighting {
	s.keys = s.keys[:0]
	for _, uri := range uris {
		folder, name := cutName(uri)
		number, ok := s.folder(folder)
		if !ok {
			s.keys = append(s.keys, key{})
			continue
		}
		s.keys = append(s.keys, s.key(number, name))
	}
	s.fetch(s.keys)
	for _, key := range s.keys {
		to = append(to, s.get(key))
	}
	return to
}

func (s *pathSet) get(k key) Sighting {
	if !k.numbered {
		return Sighting{}
	}
	i, there := s.look(k)
	if !there {
		return Sighting{}
	}
	return Sighting{true, int64(binary.LittleEndian.Uint64(s.record(s.slots[i])))}
}

// fetch touches the memory where the keys are, or would be. Nothing depends on
// what is there, so the processor does not wait for one before it asks for the
// next: for a million files in a random order that is most of the time.
func (s *pathSet) fetch(keys []key) {
	mask := uint64(len(s.slots) - 1)
	for _, k := range keys {
		s.fetched += s.slots[k.hash&mask]
	}
	for _, k := range keys {
		if slot := s.slots[k.hash&mask]; slot != 0 && slot>>placeBits == k.hash>>placeBits {
			s.fetched += uint64(s.record(slot)[timeBytes])
		}
	}
}

// cutName cuts a URI behind its last slash.
func cutName(uri []byte) (folder, name []byte) {
	end := bytes.LastIndexByte(uri, '/') + 1
	return uri[:end], uri[end:]
}

func (s *pathSet) folder(uri []byte) (number uint64, ok bool) {
	if len(uri) == len(s.last.uri) && len(uri) > 0 && bytes.Equal(uri, s.last.uri) {
		return s.last.number, true
	}
	number, ok = s.folders[string(uri)]
	if ok {
		s.last = folderNumber{append(s.last.uri[:0], uri...), number}
	}
	return number, ok
}

// number is the folder's, which it gets now if it has none.
func (s *pathSet) number(folder []byte) uint64 {
	number, ok := s.folder(folder)
	if !ok {
		number = uint64(len(s.folders))
		s.folders[string(folder)] = number
	}
	return number
}

func (s *pathSet) key(folder uint64, name []byte) key {
	return key{true, folder, name, maphash.Bytes(s.seed, name) + folder*0x9e3779b97f4a7c15}
}

// look finds a key's slot, or the free one where it belongs.
func (s *pathSet) look(k key) (i int, there bool) {
	mask := len(s.slots) - 1
	for i = int(k.hash) & mask; s.slots[i] != 0; i = (i + 1) & mask {
		if s.slots[i]>>placeBits != k.hash>>placeBits {
			continue
		}
		if folder, name := s.held(s.slots[i]); folder == k.folder && bytes.Equal(name, k.name) {
			return i, true
		}
	}
	return i, false
}

// store writes a record and returns its place. A record is in one block; one that
// is longer than a block has its own. Places count from 1 on.
func (s *pathSet) store(k key, timestampMs int64) (place uint64) {
	size := timeBytes + 2*binary.MaxVarintLen64 + len(k.name)
	last := len(s.blocks) - 1
	if last < 0 || len(s.blocks[last])+size > blockBytes {
		s.blocks = append(s.blocks, make([]byte, 0, max(size, blockBytes)))
		last++
	}
	block := s.blocks[last]
	place = uint64(last<<blockBits|len(block)) + 1
	block = binary.LittleEndian.AppendUint64(block, uint64(timestampMs))
	block = binary.AppendUvarint(block, k.folder)
	block = binary.AppendUvarint(block, uint64(len(k.name)))
	s.blocks[last] = append(block, k.name...)
	return place
}

// record is the bytes from a slot's record on.
func (s *pathSet) record(slot uint64) []byte {
	place := slot&(1<<placeBits-1) - 1
	return s.blocks[place>>blockBits][place%blockBytes:]
}

// held is what a slot's record names.
func (s *pathSet) held(slot uint64) (folder uint64, name []byte) {
	rest := s.record(slot)[timeBytes:]
	folder, n := binary.Uvarint(rest)
	rest = rest[n:]
	length, n := binary.Uvarint(rest)
	return folder, rest[n:][:length]
}

func (s *pathSet) grow() {
	before := s.slots
	s.slots = make([]uint64, 2*len(before))
	for _, slot := range before {
		if slot != 0 {
			i, _ := s.look(s.key(s.held(slot)))
			s.slots[i] = slot
		}
	}
}
