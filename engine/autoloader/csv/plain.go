package csv

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// plainBytes is how much text is cut into cells at a time: it stays in the
// processor's cache while every column copies its part.
const plainBytes = 128 << 10

// plain cuts many lines at once where nothing but separators and line feeds
// has a meaning.
type plain struct {
	sep, quote byte // quote 0: off
	crIsText   bool
	crlf       bool  // the text that was cut has CRLF line ends
	columns    []int // column of each cell
	nullValue  string
	checkBlank bool // a line of separators only may be blank
	cuts       []int32
}

// newPlain is nil when the options, or a header with columns to be rescued, rule the plain road out.
func newPlain(o *Options, targets []int) *plain {
	switch {
	case o.MultiLine, o.LineSep != "" && o.LineSep != "\n",
		len(o.Sep) != 1, o.Sep[0] >= utf8.RuneSelf, o.Sep == "\n", o.Sep == "\r",
		o.Quote >= utf8.RuneSelf, o.Comment != 0,
		o.IgnoreLeadingWhiteSpace, o.IgnoreTrailingWhiteSpace, o.MaxCharsPerColumn >= 0,
		len(targets) == 0, len(targets) > o.MaxColumns:
		return nil
	}
	for _, target := range targets {
		if target < 0 {
			return nil
		}
	}
	return &plain{
		sep:        o.Sep[0],
		quote:      byte(o.Quote),
		crIsText:   o.LineSep == "\n",
		columns:    targets,
		nullValue:  o.NullValue,
		checkBlank: len(targets) == 1 || o.Sep[0] <= ' ',
	}
}

// wholeLines is the part of text, of at most plainBytes, that ends with a line feed.
func (p *plain) wholeLines(text []byte) []byte {
	text = text[:min(len(text), plainBytes)]
	return text[:bytes.LastIndexByte(text, '\n')+1]
}

// beforeQuote gives the lines of text before the first one with a quote, and that one.
func (p *plain) beforeQuote(text []byte) (lines, quoted []byte) {
	if p.quote == 0 {
		return text, nil
	}
	at := bytes.IndexByte(text, p.quote)
	if at < 0 {
		return text, nil
	}
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	end := at + bytes.IndexByte(text[at:], '\n') + 1
	return text[:start], text[start:end]
}

// cut finds the cells of text, whole lines without a quote; false when some line
// is not plain, has another number of cells than the header, or is blank.
func (p *plain) cut(text []byte) (rows int, ok bool) {
	if !utf8.Valid(text) {
		return 0, false
	}
	crs := 0
	if !p.crIsText {
		crs = bytes.Count(text, []byte{'\r'})
	}
	p.crlf = crs > 0
	p.cuts = appendCuts(append(p.cuts[:0], -1), text, p.sep)
	n, rows := len(p.columns), bytes.Count(text, []byte{'\n'})
	if len(p.cuts)-1 != rows*n {
		return 0, false
	}
	for i := n; i < len(p.cuts); i += n {
		if text[p.cuts[i]] != '\n' {
			return 0, false
		}
		if p.crlf && p.cuts[i] > 0 && text[p.cuts[i]-1] == '\r' {
			crs--
		}
		if p.checkBlank && isBlank(text[p.cuts[i-n]+1:p.cuts[i]]) {
			return 0, false
		}
	}
	return rows, crs <= 0 // every CR stands before a line feed
}

// appendCuts appends the positions of sep and line feed in text, 64 bytes at a
// time: whether a word has any is as good as random, and a processor that
// guesses wrong loses more than all the rest takes.
func appendCuts(cuts []int32, text []byte, sep byte) []int32 {
	n := len(cuts)
	cuts = slices.Grow(cuts, len(text)+8)
	cuts = cuts[:cap(cuts)]
	seps, feeds := uint64(sep)*ones, uint64('\n')*ones
	i := 0
	for ; i+64 <= len(text); i += 64 {
		hits := hitsOf(text[i:i+64:i+64], seps, feeds)
		count := bits.OnesCount64(hits)
		for at := n; at < n+count; at += 4 { // up to three too many, which the next ones write over
			four := cuts[at : at+4 : at+4]
			for j := range four {
				four[j] = int32(i + bits.TrailingZeros64(hits))
				hits &= hits - 1
			}
		}
		n += count
	}
	for ; i < len(text); i++ {
		if text[i] == sep || text[i] == '\n' {
			cuts[n] = int32(i)
			n++
		}
	}
	return cuts[:n]
}

// hitsOf has a bit for each byte of a block of 64 that is one of those in seps and feeds.
func hitsOf(block []byte, seps, feeds uint64) (hits uint64) {
	for i := range 8 {
		word := binary.LittleEndian.Uint64(block[8*i:])
		found := ^(nonZeroBytes(word^seps) & nonZeroBytes(word^feeds)) & highs
		// The multiplication brings the highest bits of the eight bytes together.
		hits |= (found >> 7 * 0x0102040810204080 >> 56) << (8 * i)
	}
	return hits
}

const (
	ones   = 0x0101010101010101
	sevens = 0x7F7F7F7F7F7F7F7F
	highs  = 0x8080808080808080
)

// nonZeroBytes sets the highest bit of every byte of x that is not 0; the other
// bits mean nothing.
func nonZeroBytes(x uint64) uint64 { return (x&sevens + sevens) | x }
