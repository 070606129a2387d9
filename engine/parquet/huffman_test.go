package parquet

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/huff0"
	"github.com/klauspost/compress/zstd"
)

// instants is text as it lies in a page of them.
func instants(size int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var text []byte
	for len(text) < size {
		text = fmt.Appendf(text, "%d-%02d-%02d %02d:%02d:%02d", 2024+r.IntN(3), 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60))
	}
	return text[:size]
}

// skewed has symbols of which each is ratio times as rare as the one before.
func skewed(size, symbols int, ratio float64) []byte {
	r := rand.New(rand.NewPCG(3, 4))
	text := make([]byte, size)
	for i := range text {
		text[i] = byte(min(math.Log(1/r.Float64())/math.Log(ratio), float64(symbols-1)))
	}
	return text
}

// The blocks that huffman codes are read by a decoder that others wrote, and are
// as small as huff0's: both make the best code there is.
func TestHuffmanBlocksAreReadBackAndAsSmallAsThoseOfHuff0(t *testing.T) {
	once := instants(maxBlockBytes)
	once[4711] = '~'
	for name, block := range map[string][]byte{
		"a byte that is met once":      once,
		"instants":                     instants(maxBlockBytes),
		"the least that is coded":      instants(leastCoded),
		"streams of unequal lengths":   instants(leastCoded + 1),
		"the last stream is shortest":  instants(leastCoded + 3),
		"two bytes":                    skewed(5000, 2, 1.5),
		"all of ASCII":                 skewed(maxBlockBytes, 128, 1.02),
		"codes of the greatest length": skewed(maxBlockBytes, 12, 2),
		"letters of one length":        bytes.Repeat([]byte("abcdefgh"), 1000),
	} {
		t.Run(name, func(t *testing.T) {
			var ours coders
			if _, ok := ours.fast.compress(block); !ok {
				t.Fatal("huffman does not code it")
			}
			frame := appendHuffman(nil, block, &ours)
			decoder, err := zstd.NewReader(nil)
			if err != nil {
				t.Fatal(err)
			}
			defer decoder.Close()
			if got, err := decoder.DecodeAll(frame, nil); err != nil || !bytes.Equal(got, block) {
				t.Fatalf("got %d bytes of %d, %v", len(got), len(block), err)
			}
			coded, _, err := huff0.Compress4X(block, &huff0.Scratch{})
			if err != nil {
				t.Fatal(err)
			}
			// Its table may be packed; ours has half a byte for each up to the last.
			if most := len(coded) + len(coded)/500 + asciiBytes/2; len(frame) > most {
				t.Errorf("%d bytes, huff0 has %d", len(frame), len(coded))
			}
		})
	}
}

func TestWhatHuffmanCannotCodeIsLeftToHuff0(t *testing.T) {
	for name, block := range map[string][]byte{
		"nothing":                       {},
		"too little":                    instants(leastCoded - 1),
		"one byte again and again":      bytes.Repeat([]byte{'7'}, 5000),
		"an accent":                     append(instants(5000), "é"...),
		"bytes that get rarer and rare": skewed(maxBlockBytes, 20, 2),
	} {
		t.Run(name, func(t *testing.T) {
			var h huffman
			if _, ok := h.compress(block); ok {
				t.Error("huffman codes it")
			}
		})
	}
}

// A coder's memory serves the next block, which must not see the last one's.
func TestHuffmanForgetsTheBlockBefore(t *testing.T) {
	var used huffman
	for range 3 {
		for _, block := range [][]byte{instants(9000), skewed(5000, 128, 1.02), instants(2000)} {
			got, _ := used.compress(block)
			want, _ := new(huffman).compress(block)
			if !bytes.Equal(got, want) {
				t.Fatal("other bytes than from a new one")
			}
		}
	}
}

func BenchmarkHuffman(b *testing.B) {
	block := instants(maxBlockBytes)
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(block)))
		var h huffman
		for b.Loop() {
			if _, ok := h.compress(block); !ok {
				b.Fatal("not coded")
			}
		}
	})
	b.Run("huff0", func(b *testing.B) {
		b.SetBytes(int64(len(block)))
		s := huff0.Scratch{Reuse: huff0.ReusePolicyNone}
		for b.Loop() {
			if _, _, err := huff0.Compress4X(block, &s); err != nil {
				b.Fatal(err)
			}
		}
	})
}
