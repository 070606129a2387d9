package parquet

import (
	"errors"
	"math"
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
	open      cells     // the values of the open page, until the chunk has a maker
	openBytes int       // of the open page's values
	maker     pageMaker // of the chunk, from the end of its first page on
	makers    makers
	extent    extent
}

// pageMaker makes pages in one encoding, value after value, so that a page's
// text need not be kept.
type pageMaker interface {
	encoding() parquet.Encoding
	// add takes more values of the open page; they are the caller's.
	add(values *cells)
	// appendPage appends the open page and forgets its values.
	appendPage(dst []byte) []byte
}

// makers have the memory for every encoding; one of them is at work.
type makers struct {
	plain      plainText
	lengths    deltaLengths
	strings    deltaStrings
	stems      deltaStems
	dictionary dictionary
}

var errHugeValue = errors.New("a value of more than 1 GiB")

func (t *text) add(values arrow.Array, from, to int) (int, error) {
	strings := values.(*array.String)
	offsets, data := strings.ValueOffsets(), textBytes(strings)
	room := int32(pageBytes - t.openBytes)
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

// take takes the texts of data between offsets.
func (t *text) take(data []byte, offsets []int32) {
	values := &cells{data, offsets}
	t.openBytes += int(offsets[len(offsets)-1] - offsets[0])
	if t.maker == nil {
		t.open.appendAll(values)
	} else {
		t.make(values)
	}
}

// make gives values to the chunk's maker and minds their bounds. Those of a
// dictionary's entries are asked for at the end.
func (t *text) make(values *cells) {
	t.maker.add(values)
	switch {
	case values.len() == 0 || t.maker == &t.makers.dictionary:
	case t.maker == &t.makers.strings && t.makers.strings.ascended:
		t.extent.meet(values.at(0), values.at(values.len()-1))
	default:
		t.extent.widen(values)
	}
}

// textBytes is all the text that the offsets of strings point into.
func textBytes(strings *array.String) []byte {
	if buffer := strings.Data().Buffers()[2]; buffer != nil {
		return buffer.Bytes()
	}
	return nil
}

func (t *text) pageIsFull() bool { return t.openBytes >= pageBytes }

func (t *text) groupIsFull() bool {
	return t.maker == &t.makers.dictionary && t.makers.dictionary.isFull()
}

func (t *text) heldBytes() int {
	if t.maker == &t.makers.dictionary {
		return t.openBytes + len(t.makers.dictionary.entries.data)
	}
	return t.openBytes
}

func (t *text) sizeBytes(values arrow.Array, from, to int) int {
	offsets := values.(*array.String).ValueOffsets()
	return int(offsets[to]-offsets[from]) + 4*(to-from)
}

func (t *text) appendPage(dst []byte, p *press) ([]byte, parquet.Encoding) {
	if t.maker == nil {
		t.maker = t.choose(p)
		t.make(&t.open)
		t.open.empty()
	}
	t.openBytes = 0
	return t.maker.appendPage(dst), t.maker.encoding()
}

// choose finds the chunk's maker by the first values of the open page.
func (t *text) choose(p *press) (best pageMaker) {
	sample := t.open.head(sampleRows)
	for len(sample.data) > maxSampleBytes && sample.len() > 1 {
		sample = sample.head(sample.len() / 2)
	}
	if sample.len() == 0 || len(sample.data) > maxSampleBytes {
		return &t.makers.plain
	}
	trial, least := sample.head(trialRows), math.MaxInt
	if cost := p.dictionaryCost(sample, trial, t.open.len()); cost < least {
		best, least = &t.makers.dictionary, cost
		t.makers.dictionary.forget()
	}
	if cost := p.costWith(&p.makers.lengths, trial); cost < least {
		best, least = &t.makers.lengths, cost
	}
	if cost := p.costWith(&p.makers.stems, trial); cost < least {
		best, least = &t.makers.stems, cost
	}
	if cost := p.costWith(&p.makers.strings, trial); cost+cost/8 < least {
		best = &t.makers.strings
	}
	return best
}

// costWith tells what a page of values costs.
func (p *press) costWith(maker pageMaker, values *cells) int {
	maker.add(values)
	p.trial = maker.appendPage(p.trial[:0])
	return p.costOf(p.trial)
}

// dictionaryCost tells what the trial of a sample costs with a dictionary. All
// rows of the page share it, so only the trial's part of it counts; one that
// would have nearly an entry a row is out of the question, since a sample cannot
// tell how far it grows.
func (p *press) dictionaryCost(sample, trial *cells, rows int) int {
	dictionary := &p.makers.dictionary
	dictionary.forget()
	dictionary.add(sample)
	entries := &dictionary.entries
	if sample.len() == sampleRows && 10*entries.len() > 9*sampleRows {
		return math.MaxInt
	}
	dictionary.numbers = dictionary.numbers[:0]
	numbers := p.costWith(dictionary, trial)
	some := entries.head(trialRows)
	p.trial = some.appendPlain(p.trial[:0])
	return numbers + p.costOf(p.trial)*entries.len()/some.len()*trial.len()/rows
}

func (t *text) endChunk() (plain []byte, entries int) {
	if t.maker == &t.makers.dictionary {
		dictionary := &t.makers.dictionary
		t.extent.widen(&dictionary.entries)
		plain, entries = dictionary.entries.appendPlain(nil), dictionary.entries.len()
	}
	t.maker = nil
	return plain, entries
}

// plainText makes PLAIN pages.
type plainText struct{ values cells }

func (*plainText) encoding() parquet.Encoding { return parquet.Encodings.Plain }

func (p *plainText) add(values *cells) { p.values.appendAll(values) }

func (p *plainText) appendPage(dst []byte) []byte {
	dst = p.values.appendPlain(dst)
	p.values.empty()
	return dst
}

func (t *text) bounds() (low, high any) { return t.extent.bounds() }

func (t *text) forget() { t.extent.some = false }
