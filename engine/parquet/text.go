package parquet

import (
	"errors"
	"math"
	"slices"
	"sort"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/parquet"
)

// A column chunk's encoding is chosen by the first values of its first page:
// sampleRows tell how often they repeat, and the first trialRows of those what
// each encoding makes of them.
const (
	sampleRows     = 8 << 10
	maxSampleBytes = 256 << 10
	trialRows      = 1 << 10
)

// text encodes utf8. Each column chunk has the encoding whose sample costs
// least, compressed as it would be; a chunk that begins with a page
// without values is PLAIN.
type text struct {
	open       cells // the open page
	chosen     bool  // encoding is the chunk's
	encoding   parquet.Encoding
	dictionary *dictionary // of the chunk, for RLE_DICTIONARY
	last       *dictionary // of a chunk before
	extent     extent
}

var errHugeValue = errors.New("a value of more than 1 GiB")

func (t *text) add(values arrow.Array, from, to int) (int, error) {
	strings := values.(*array.String)
	offsets, data := strings.ValueOffsets(), textBytes(strings)
	if len(t.open.offsets) == 0 {
		t.open.offsets = append(t.open.offsets, 0)
	}
	room := int32(pageBytes - len(t.open.data))
	if offsets[to]-offsets[from] > room {
		to = from + 1 + sort.Search(to-from-1, func(i int) bool { return offsets[from+1+i]-offsets[from] >= room })
	}
	if last := offsets[to] - offsets[to-1]; last > maxValueBytes {
		return to - 1, errHugeValue
	}
	if strings.NullN() == 0 {
		t.take(data, offsets[from:to+1])
		return to, nil
	}
	for row := from; row < to; {
		start := row
		for row < to && strings.IsValid(row) {
			row++
		}
		if row > start {
			t.take(data, offsets[start:row+1])
		}
		for row < to && strings.IsNull(row) {
			row++
		}
	}
	return to, nil
}

// take appends the texts of data between offsets.
func (t *text) take(data []byte, offsets []int32) {
	shift := int32(len(t.open.data)) - offsets[0]
	t.open.data = append(t.open.data, data[offsets[0]:offsets[len(offsets)-1]]...)
	t.open.offsets = slices.Grow(t.open.offsets, len(offsets)-1)
	for _, offset := range offsets[1:] {
		t.open.offsets = append(t.open.offsets, offset+shift)
	}
}

// textBytes is all the text that the offsets of strings point into.
func textBytes(strings *array.String) []byte {
	if buffer := strings.Data().Buffers()[2]; buffer != nil {
		return buffer.Bytes()
	}
	return nil
}

func (t *text) pageIsFull() bool { return len(t.open.data) >= pageBytes }

func (t *text) groupIsFull() bool { return t.dictionary != nil && t.dictionary.isFull() }

func (t *text) heldBytes() int {
	held := len(t.open.data) + 4*len(t.open.offsets)
	if t.dictionary != nil {
		held += len(t.dictionary.entries.data)
	}
	return held
}

func (t *text) sizeBytes(values arrow.Array, from, to int) int {
	offsets := values.(*array.String).ValueOffsets()
	return int(offsets[to]-offsets[from]) + 4*(to-from)
}

func (t *text) appendPage(dst []byte, p *press) ([]byte, parquet.Encoding) {
	if !t.chosen {
		t.choose(p)
	}
	p.scratch.ascending = false
	dst = t.appendAs(dst, t.encoding, &t.open, &p.scratch)
	switch {
	case t.dictionary != nil: // its entries have the bounds
	case p.scratch.ascending:
		t.extent.meet(t.open.at(0), t.open.at(t.open.len()-1))
	default:
		t.extent.widen(&t.open)
	}
	t.open.empty()
	return dst, t.encoding
}

func (t *text) appendAs(dst []byte, encoding parquet.Encoding, values *cells, s *scratch) []byte {
	switch encoding {
	case parquet.Encodings.RLEDict:
		return t.dictionary.appendNumbers(dst, values, s)
	case parquet.Encodings.DeltaByteArray:
		return appendDeltaStrings(dst, values, s)
	case parquet.Encodings.DeltaLengthByteArray:
		return appendDeltaLengths(dst, values, s)
	default:
		return values.appendPlain(dst)
	}
}

// choose decides the chunk's encoding by the first values of the open page.
func (t *text) choose(p *press) {
	t.chosen, t.encoding = true, parquet.Encodings.Plain
	sample := t.open.head(sampleRows)
	if sample.len() == 0 || len(sample.data) > maxSampleBytes && sample.len() == 1 {
		return
	}
	for len(sample.data) > maxSampleBytes && sample.len() > 1 {
		sample = sample.head(sample.len() / 2)
	}
	least := math.MaxInt
	for _, encoding := range []parquet.Encoding{
		parquet.Encodings.RLEDict, parquet.Encodings.DeltaLengthByteArray, parquet.Encodings.DeltaByteArray,
	} {
		if cost := t.try(encoding, sample, p); cost < least {
			t.encoding, least = encoding, cost
		}
	}
	if t.encoding == parquet.Encodings.RLEDict {
		t.dictionary = emptied(t.last)
	}
}

// try tells what the sample's trial costs in an encoding. All rows of the open
// page share a dictionary, so only the trial's part of it counts; one that would
// have nearly an entry a row is out of the question, since a sample cannot tell
// how far it grows.
func (t *text) try(encoding parquet.Encoding, sample *cells, p *press) int {
	trial := sample.head(trialRows)
	if encoding != parquet.Encodings.RLEDict {
		return p.costOf(t.appendAs(nil, encoding, trial, &p.scratch))
	}
	p.dictionary = emptied(p.dictionary)
	p.dictionary.learn(sample, &p.scratch)
	entries := &p.dictionary.entries
	if sample.len() == sampleRows && 10*entries.len() > 9*sampleRows {
		return math.MaxInt
	}
	numbers := p.costOf(p.dictionary.appendNumbers(nil, trial, &p.scratch))
	return numbers + p.costOf(entries.appendPlain(nil))*trial.len()/t.open.len()
}

func (t *text) endChunk() (plain []byte, entries int) {
	if t.dictionary != nil {
		t.extent.widen(&t.dictionary.entries)
		plain, entries = t.dictionary.entries.appendPlain(nil), t.dictionary.entries.len()
		t.last = t.dictionary
	}
	t.chosen, t.dictionary = false, nil
	return plain, entries
}

func (t *text) bounds() (low, high any) { return t.extent.bounds() }

func (t *text) forget() { t.extent.some = false }
