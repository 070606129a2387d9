package parquet

import "github.com/klauspost/compress/zstd"

// press compresses pages and keeps them until their row group is written. Its
// memory serves one row group after another: garbage of the size of a row group
// would double what a Writer takes.
type press struct {
	encoder *zstd.Encoder
	scratch []byte
	slabs   [][]byte // pages, one after another
	used    int      // slabs that have some
}

const slabBytes = 4 << 20

// newPress makes a press. One goroutine and a window of a page keep the encoder
// small. Its frames have no checksum, as those of other writers of Parquet.
func newPress() (*press, error) {
	encoder, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false),
		zstd.WithWindowSize(pageBytes),
	)
	return &press{encoder: encoder}, err
}

// compress gives plain's frame, which is good until the press is emptied.
func (p *press) compress(plain []byte) []byte {
	frame := p.encoder.EncodeAll(plain, p.scratch[:0])
	if cap(frame) > hugeBytes {
		p.scratch = nil
		return frame
	}
	p.scratch = frame
	return p.keep(frame)
}

// keep copies frame to the first slab with room for it, from the last used one on.
func (p *press) keep(frame []byte) []byte {
	if p.used == 0 || cap(p.slabs[p.used-1])-len(p.slabs[p.used-1]) < len(frame) {
		if p.used == len(p.slabs) {
			p.slabs = append(p.slabs, make([]byte, 0, slabBytes))
		}
		p.used++
	}
	slab := &p.slabs[p.used-1]
	start := len(*slab)
	*slab = append(*slab, frame...)
	return (*slab)[start:len(*slab):len(*slab)]
}

// empty forgets all pages.
func (p *press) empty() {
	for i := range p.used {
		p.slabs[i] = p.slabs[i][:0]
	}
	p.used = 0
}
