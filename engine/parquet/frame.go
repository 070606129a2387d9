package parquet

import (
	"encoding/binary"
	"math/bits"

	"github.com/klauspost/compress/huff0"
)

// Frames of zstd (RFC 8878, «Frames») of our own: one segment, no checksum,
// blocks that are stored, one byte repeated, or literals and no sequences.

// maxBlockBytes is the most that a block may hold (RFC 8878, «Blocks»).
const maxBlockBytes = 128 << 10

// The types of blocks.
const (
	storedBlock = iota
	repeatedBlock
	compressedBlock
)

func appendFrameHeader(dst []byte, sizeBytes int) []byte {
	const magic, singleSegmentSizeOf4Bytes = 0xFD2FB528, 0xA0
	dst = append(binary.LittleEndian.AppendUint32(dst, magic), singleSegmentSizeOf4Bytes)
	return binary.LittleEndian.AppendUint32(dst, uint32(sizeBytes))
}

// appendBlockHeader tells a block's type and size; last ends the frame.
func appendBlockHeader(dst []byte, kind, sizeBytes int, last bool) []byte {
	header := kind<<1 | sizeBytes<<3
	if last {
		header |= 1
	}
	return append(dst, byte(header), byte(header>>8), byte(header>>16))
}

// appendStored appends a frame that holds plain as it is.
func appendStored(dst, plain []byte) []byte {
	return appendBlocks(dst, plain, wholeBlock, func(dst, block []byte, last bool) []byte {
		return append(appendBlockHeader(dst, storedBlock, len(block), last), block...)
	})
}

// appendHuffman appends a frame whose blocks hold literals in Huffman's code.
// A block that does not get smaller is stored: libzstd refuses larger ones.
func appendHuffman(dst, plain []byte, coders *coders) []byte {
	return appendBlocks(dst, plain, codedBlock, func(dst, block []byte, last bool) []byte {
		const literalsHeader, sequencesHeader = 5, 1
		coded, err := coders.compress(block)
		size := literalsHeader + len(coded) + sequencesHeader
		switch {
		case err == huff0.ErrUseRLE && len(block) > 0:
			return append(appendBlockHeader(dst, repeatedBlock, len(block), last), block[0])
		case err != nil || size >= len(block):
			return append(appendBlockHeader(dst, storedBlock, len(block), last), block...)
		}
		dst = appendBlockHeader(dst, compressedBlock, size, last)
		// RFC 8878, «Literals Section Header»: a new table, four streams, 18 bits a size.
		const tableAndFourStreams = 2 | 3<<2
		header := uint64(tableAndFourStreams | len(block)<<4 | len(coded)<<22)
		dst = append(dst, byte(header), byte(header>>8), byte(header>>16), byte(header>>24), byte(header>>32))
		return append(append(dst, coded...), 0) // no sequences
	})
}

// coders code the literals of blocks: ours those that it can, huff0 the others.
type coders struct {
	fast    huffman
	general huff0.Scratch
}

// compress gives the table and the four streams of a block's literals, or an error of huff0.
func (c *coders) compress(block []byte) ([]byte, error) {
	if coded, ok := c.fast.compress(block); ok {
		return coded, nil
	}
	coded, _, err := huff0.Compress4X(block, &c.general)
	return coded, err
}

// appendBlocks appends a frame; size tells how much of a block's room the next
// block takes.
func appendBlocks(dst, plain []byte, size func(room []byte) int, appendBlock func(dst, block []byte, last bool) []byte) []byte {
	dst = appendFrameHeader(dst, len(plain))
	for {
		n := size(plain[:min(len(plain), maxBlockBytes)])
		if n == 0 || n == len(plain) {
			return appendBlock(dst, plain, true)
		}
		dst = appendBlock(dst, plain[:n], false)
		plain = plain[n:]
	}
}

func wholeBlock(room []byte) int { return len(room) }

// codedBlock parts what is not ASCII, packed lengths at the beginning of a page,
// from the text behind it, if that is most of it: the text has other frequencies.
func codedBlock(room []byte) int {
	if n := len(room) - asciiTail(room); n < len(room)/2 && n > 0 {
		return n
	}
	return len(room)
}

// asciiTail counts the bytes of ASCII at the end of text.
func asciiTail(text []byte) (n int) {
	const high = 0x8080808080808080
	for ; len(text)-n >= 8; n += 8 {
		if word := binary.LittleEndian.Uint64(text[len(text)-n-8:]) & high; word != 0 {
			return n + bits.LeadingZeros64(word)/8
		}
	}
	for n < len(text) && text[len(text)-n-1] < asciiBytes {
		n++
	}
	return n
}
