package parquet

import (
	"github.com/klauspost/compress/huff0"
	"github.com/klauspost/compress/zstd"
)

// press compresses pages and keeps them until their row group is written. Its
// memory serves one row group after another: garbage of the size of a row group
// would double what a Writer takes.
type press struct {
	encoder *zstd.Encoder
	coders  coders
	page    []byte // the page being made, headroom before it
	header  [64]byte
	frames  [2][]byte
	slabs   [][]byte // pages, one after another
	used    int      // slabs that have some

	trial  []byte // stands for a page
	makers makers // which try what a page would be like
}

const slabBytes = 4 << 20

// squeeze is a way to compress; each gives frames of zstd.
type squeeze byte

const (
	withMatches squeeze = iota // klauspost's fastest level
	withHuffman                // bytes by their frequency and nothing else
	notAtAll
)

// newPress makes a press. One goroutine and a window of a page keep the encoder
// small. Its frames have no checksum, as those of other writers of Parquet.
func newPress() (*press, error) {
	encoder, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false),
		zstd.WithWindowSize(pageBytes),
	)
	return &press{encoder: encoder, coders: coders{general: huff0.Scratch{Reuse: huff0.ReusePolicyNone}}}, err
}

// A page's way to compress is chosen by trialSlices of it, trialBytes in all.
const (
	trialSlices = 4
	trialBytes  = 32 << 10
)

// choose tells how to compress pages like plain.
func (p *press) choose(plain []byte) squeeze {
	how, _ := p.tryAll(p.trialOf(plain))
	return how
}

// trialOf is a part of plain that stands for it.
func (p *press) trialOf(plain []byte) []byte {
	if len(plain) <= trialBytes {
		return plain
	}
	p.trial = p.trial[:0]
	for i := range trialSlices {
		from := i * (len(plain) - trialBytes/trialSlices) / (trialSlices - 1)
		p.trial = append(p.trial, plain[from:from+trialBytes/trialSlices]...)
	}
	return p.trial
}

// tryAll gives the best way to compress plain, and what that costs: the bytes it
// leaves, a quarter more for matches, because the search for them takes several
// times as long as Huffman's code. What neither makes smaller by 3 % is left as
// it is.
func (p *press) tryAll(plain []byte) (how squeeze, cost int) {
	p.frames[0] = p.encoder.EncodeAll(plain, p.frames[0][:0])
	p.frames[1] = appendHuffman(p.frames[1][:0], plain, &p.coders)
	matches, huffman := len(p.frames[0]), len(p.frames[1])
	switch {
	case 100*min(matches, huffman) > 97*len(plain):
		return notAtAll, len(plain)
	case 2*huffman <= 3*matches:
		return withHuffman, huffman
	default:
		return withMatches, matches + matches/2
	}
}

// costOf tells what plain costs when it is compressed as it would be.
func (p *press) costOf(plain []byte) int {
	_, cost := p.tryAll(plain)
	return cost
}

// compress gives plain's frame, which is good until the next.
func (p *press) compress(plain []byte, how squeeze) []byte {
	if len(plain) > hugeBytes {
		return p.encoder.EncodeAll(plain, nil)
	}
	frame := p.frames[0][:0]
	switch how {
	case withHuffman:
		frame = appendHuffman(frame, plain, &p.coders)
	case notAtAll:
		frame = appendStored(frame, plain)
	default:
		frame = p.encoder.EncodeAll(plain, frame)
	}
	p.frames[0] = frame
	return frame
}

// keep copies a page's header and frame to the first slab with room for them,
// from the last used one on. They are good until the press is emptied.
func (p *press) keep(header, frame []byte) []byte {
	size := len(header) + len(frame)
	if size > hugeBytes {
		return append(header, frame...)
	}
	if p.used == 0 || cap(p.slabs[p.used-1])-len(p.slabs[p.used-1]) < size {
		if p.used == len(p.slabs) {
			p.slabs = append(p.slabs, make([]byte, 0, slabBytes))
		}
		p.used++
	}
	slab := &p.slabs[p.used-1]
	start := len(*slab)
	*slab = append(append(*slab, header...), frame...)
	return (*slab)[start:len(*slab):len(*slab)]
}

// forgetHuge lets go of the memory that a huge value took.
func (p *press) forgetHuge() {
	if cap(p.page) > hugeBytes {
		p.page = nil
	}
}

// empty forgets all pages.
func (p *press) empty() {
	for i := range p.used {
		p.slabs[i] = p.slabs[i][:0]
	}
	p.used = 0
}
