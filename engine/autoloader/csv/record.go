package csv

import (
	"bytes"
	"unicode/utf8"
)

// symbol is a character as the tokenizer sees it: a byte of the text (the
// bytes of a character outside ASCII one by one, since they mean nothing), or
// one of these.
type symbol int32

const (
	none    symbol = 0       // no character; what an option that is off is compared as
	nul     symbol = -1      // a NUL byte of the text, which is data and never "off"
	newLine symbol = -2      // any line end of a multiLine file
	wide    symbol = 1 << 21 // plus the code point: a character outside ASCII that has a meaning
)

// isSpace is univocity's notion: everything up to U+0020.
func isSpace(s symbol) bool { return s <= ' ' }

func symbolOf(r rune) symbol {
	if r >= utf8.RuneSelf {
		return wide + symbol(r)
	}
	return symbol(r)
}

func appendSymbol(to []byte, s symbol) []byte {
	switch {
	case s >= wide:
		return utf8.AppendRune(to, rune(s-wide))
	case s == nul:
		return append(to, 0)
	case s == newLine:
		return append(to, '\n')
	}
	return append(to, byte(s))
}

// dialect is what Options say to the tokenizer.
type dialect struct {
	sep                         []symbol // one: record.go; more: multisep.go
	sepBytes                    []byte
	quote, escape, escapeEscape symbol
	quoteText                   []byte
	comment                     symbol // none in files read by line, where lines.go knows comments
	wides                       []rune // the characters outside ASCII among them
	trimLeft, trimRight         bool
	emptyValue                  []byte
	maxColumns, maxChars        int

	// In a multiLine file lineEnd reads as newLine, and so does LF if lfEnds; in
	// quotes lineEnd does only if foldInQuotes. Files read by line have no ends.
	lineEnd      []byte
	lfEnds       bool
	foldInQuotes bool
}

func newDialect(o *Options) *dialect {
	d := &dialect{
		sepBytes:   []byte(o.Sep),
		quote:      symbolOf(o.Quote),
		escape:     symbolOf(o.Escape),
		trimLeft:   o.IgnoreLeadingWhiteSpace,
		trimRight:  o.IgnoreTrailingWhiteSpace,
		emptyValue: []byte(o.EmptyValue),
		maxColumns: o.MaxColumns,
		maxChars:   o.MaxCharsPerColumn,
	}
	d.quoteText = appendSymbol(nil, d.quote)
	for _, r := range o.Sep {
		if r == 0 {
			d.sep = append(d.sep, nul)
			continue
		}
		d.sep = append(d.sep, symbolOf(r))
	}
	d.escapeEscape = symbolOf(o.CharToEscapeQuoteEscaping)
	if d.escapeEscape == none && d.quote != d.escape {
		d.escapeEscape = d.escape
	}
	if o.MultiLine {
		d.comment = symbolOf(o.Comment)
		d.lineEnd = []byte(o.LineSep)
		d.lfEnds = len(o.LineSep) != 1
		d.foldInQuotes = o.LineSep == ""
	}
	for _, r := range append([]rune(o.Sep), o.Quote, o.Escape, o.CharToEscapeQuoteEscaping, o.Comment) {
		if r >= utf8.RuneSelf {
			d.wides = append(d.wides, r)
		}
	}
	return d
}

// cell is one value of a record. A cell without characters and without quotes is null.
type cell struct {
	text []byte // valid until the next parse
	null bool
}

// tokenizer cuts one record into cells as univocity 2.9.1 does with Spark's
// settings (CsvParser; unescaped quotes stop at the delimiter). What looks odd
// below is what Spark answers:
//
//	"a ""b"" c"   with escape=\ stays as it is, quotes and all
//	"a"b,         reads "a"b
//	"a" ,         reads a: blanks after the closing quote are dropped
//	"a            reads a, and the record is malformed
//
// ch is the character being looked at, prev the one before it inside quotes;
// both keep their value when the text ends, because finish decides by them.
type tokenizer struct {
	*dialect
	data  []byte
	pos   int
	final bool // the record ends where data does

	ch, prev  symbol
	match     int  // characters of a long separator seen so far
	unescaped bool // an unescaped quote was met in the cell
	trim      bool // white space at the end of the cell goes
	inQuotes  bool // between an opening quote and what closes it
	raw       bool // line ends stay as they are

	cells []cell
	arena []byte // texts of the cells that were copied
	from  int    // where the current cell's begins

	unclosed bool   // the record ended inside quotes
	fault    string // the record is over a limit
}

// status is what parse found.
type status int

const (
	found   status = iota // a record, in cells
	more                  // the record goes on past data
	nothing               // no record before the end
)

// parse reads one record from the beginning of data and tells how many bytes
// it took. final says that nothing follows data.
func (t *tokenizer) parse(data []byte, final bool) (int, status) {
	t.data, t.pos, t.final = data, 0, final
	if cap(t.arena) > 4*windowBytes {
		t.arena = nil
	}
	t.cells, t.arena, t.from = t.cells[:0], t.arena[:0], 0
	t.ch, t.prev, t.match = none, none, 0
	t.unescaped, t.trim, t.inQuotes, t.raw, t.unclosed = false, false, false, false, false
	t.fault = ""
	for {
		if !t.next() {
			return t.pos, t.atEnd(nothing)
		}
		if t.comment != none && t.ch == t.comment {
			for t.ch != newLine {
				if !t.next() {
					return t.pos, t.atEnd(nothing)
				}
			}
			continue
		}
		if !t.record() {
			if t.final {
				t.finish()
			}
			return t.pos, t.atEnd(found)
		}
		if len(t.cells) > 0 {
			return t.pos, found
		}
	}
}

func (t *tokenizer) atEnd(s status) status {
	if !t.final {
		return more
	}
	return s
}

// next moves to the following character; false when there is none, with ch as it was.
func (t *tokenizer) next() bool {
	if t.pos == len(t.data) {
		return false
	}
	b := t.data[t.pos]
	if t.lineEnd != nil && b == t.lineEnd[0] {
		return t.nextAtLineEnd()
	}
	t.pos++
	switch {
	case b == 0:
		t.ch = nul
	case b == '\n' && t.lfEnds:
		t.ch = newLine
	case b >= utf8.RuneSelf && t.wides != nil:
		t.nextWide(b)
	default:
		t.ch = symbol(b)
	}
	return true
}

func (t *tokenizer) nextAtLineEnd() bool {
	rest := t.data[t.pos:]
	switch {
	case len(rest) < len(t.lineEnd) && !t.final:
		return false
	case bytes.HasPrefix(rest, t.lineEnd) && (!t.raw || len(t.lineEnd) == 1):
		t.pos += len(t.lineEnd)
		t.ch = newLine
	default:
		t.pos++
		t.ch = symbol(rest[0])
		if t.lfEnds && rest[0] == '\n' {
			t.ch = newLine
		}
	}
	return true
}

func (t *tokenizer) nextWide(b byte) {
	if r, size := utf8.DecodeRune(t.data[t.pos-1:]); size > 1 {
		for _, w := range t.wides {
			if r == w {
				t.pos += size - 1
				t.ch = symbolOf(r)
				return
			}
		}
	}
	t.ch = symbol(b)
}

// record reads cells up to the line end; false when the text ended first.
func (t *tokenizer) record() bool {
	if len(t.sep) > 1 {
		return t.multiRecord()
	}
	sep := t.sep[0]
	if t.trimLeft && !t.skipSpace() {
		return false
	}
	for t.ch != newLine {
		if t.trimLeft && !t.skipSpace() {
			return false
		}
		switch {
		case t.ch == sep || t.ch == newLine:
			t.putNull()
		case t.ch == t.quote && t.quote != none:
			t.unescaped, t.prev, t.trim = false, none, false
			if t.plainQuoted() {
				t.next() // plainQuoted has seen that it is there
				if t.ch == sep {
					if !t.next() {
						t.putNull()
						return t.final
					}
					if t.ch == newLine {
						t.putNull()
					}
				}
				continue
			}
			t.inQuotes, t.raw = true, !t.foldInQuotes
			if !t.quoted() {
				return false
			}
			t.inQuotes, t.raw = false, false
			t.put()
		default:
			t.unescaped, t.prev = false, none
			if !t.unquoted() {
				return false
			}
		}
		if t.ch != newLine {
			if !t.next() {
				return false
			}
			if t.ch == newLine {
				t.putNull()
			}
		}
	}
	return true
}

func (t *tokenizer) skipSpace() bool {
	entry := t.ch
	for isSpace(t.ch) && t.ch != t.sep[0] && t.ch != newLine && t.ch != t.quote {
		if !t.next() {
			t.ch = entry
			return false
		}
	}
	return true
}

// unquoted reads a cell up to the separator or line end. Nothing is escaped in it.
func (t *tokenizer) unquoted() bool {
	start := t.pos - 1
	if t.ch >= wide {
		start = t.pos - utf8.RuneLen(rune(t.ch-wide))
	}
	rest := t.data[start:]
	end := len(rest)
	if t.lineEnd != nil {
		if i := bytes.Index(rest, t.lineEnd); i >= 0 {
			end = i
		}
	}
	if i := bytes.Index(rest[:end], t.sepBytes); i >= 0 {
		end = i
	}
	switch {
	case end == len(rest) && t.final:
		return t.lastUnquoted()
	case end == len(rest):
		t.pos = len(t.data)
		return false
	}
	text := rest[:end]
	if t.trimRight {
		text = trimRight(text)
	}
	t.pos = start + end
	if len(text) == 0 {
		t.putNull()
	} else {
		t.putText(text, end)
	}
	return t.next()
}

// lastUnquoted reads an unquoted cell that no separator ends.
func (t *tokenizer) lastUnquoted() bool {
	t.trim = t.trimRight
	if !t.takeUntilSep() {
		return false
	}
	t.put()
	return true
}

// plainQuoted takes a quoted cell that holds no quote, no escape that does
// something and no line end, and that a separator follows at once.
func (t *tokenizer) plainQuoted() bool {
	if t.quote >= wide || t.escape >= wide || t.escapeEscape >= wide || t.sep[0] == nul {
		return t.plainQuotedSlowly()
	}
	rest := t.data[t.pos:]
	end := bytes.IndexByte(rest, byte(t.quote))
	if end < 0 || !t.endsPlainly(rest[end+1:]) {
		return false
	}
	before := t.quote
	if end > 0 {
		before = symbol(rest[end-1])
	}
	text := rest[:end]
	if before == t.escape {
		return false
	}
	if t.escape != none {
		for i := bytes.IndexByte(text, byte(t.escape)); i >= 0; {
			if next := symbol(rest[i+1]); next == t.escapeEscape {
				return false
			}
			n := bytes.IndexByte(text[i+1:], byte(t.escape))
			if n < 0 {
				break
			}
			i += 1 + n
		}
	}
	if t.lineEnd != nil && t.foldInQuotes && bytes.Contains(text, t.lineEnd) {
		return false
	}
	t.pos += end + 1
	if end == 0 {
		t.putText(t.emptyValue, 0)
	} else {
		t.putText(text, end)
	}
	return true
}

// plainQuotedSlowly is plainQuoted where the special characters are not single
// bytes: only an empty cell needs it, all others read the same either way.
func (t *tokenizer) plainQuotedSlowly() bool {
	mark := t.quoteText
	rest := t.data[t.pos:]
	if t.quote == t.escape || !bytes.HasPrefix(rest, mark) || !t.endsPlainly(rest[len(mark):]) {
		return false
	}
	t.pos += len(mark)
	t.putText(t.emptyValue, 0)
	return true
}

func (t *tokenizer) endsPlainly(after []byte) bool {
	if len(after) == 0 {
		return false
	}
	return after[0] == '\n' && t.lfEnds || bytes.HasPrefix(after, t.sepBytes) ||
		len(t.lineEnd) == 1 && !t.lfEnds && after[0] == t.lineEnd[0]
}

// quoted reads a cell after its opening quote, up to the separator or line end.
func (t *tokenizer) quoted() bool {
	sep := t.sep[0]
	if !t.next() {
		return false
	}
	for t.prev != t.quote || !(isSpace(t.ch) || t.ch == sep) {
		if t.ch == t.quote || t.ch == t.escape {
			if t.quoteOrEscape() && !t.escapeAfterQuote() {
				return false
			}
			t.prev = t.ch
			if !t.next() {
				return false
			}
			continue
		}
		if t.prev == t.quote {
			return t.unescapedQuote()
		}
		if !t.quotedText() {
			return false
		}
	}
	if t.ch == sep || t.ch == newLine {
		return true
	}
	return t.afterClosingQuote()
}

// quotedText takes text without a meaning and moves past the character that has one.
func (t *tokenizer) quotedText() bool {
	if t.prev == t.escape && t.escape != none {
		t.take(t.escape)
	}
	entry := t.ch
	for t.ch != t.quote && t.ch != t.escape && t.ch != t.escapeEscape {
		t.take(t.ch)
		if !t.next() {
			t.ch = entry
			return false
		}
	}
	t.prev = t.ch
	return t.next()
}

// quoteOrEscape decides what a quote or an escape inside quotes stands for,
// given the character before. It is true when that was a quote after all and
// escapeAfterQuote must go on.
func (t *tokenizer) quoteOrEscape() bool {
	switch {
	case t.ch == t.escape && t.prev == t.escapeEscape && t.escapeEscape != none:
		t.take(t.escape)
		t.ch = none
	case t.prev == t.escape && t.ch == t.quote:
		t.take(t.quote)
		t.ch = none
	case t.prev == t.escape:
		t.take(t.escape)
	case t.ch == t.quote && t.prev == t.quote:
		t.take(t.quote)
	case t.prev == t.quote:
		return true
	}
	return false
}

// escapeAfterQuote goes on after a closing quote that an escape follows: the
// quote was text, and so is the rest up to the separator. Each time that
// happens again in the rest, one separator more becomes text, because
// univocity recurses and every level reads past where the inner one stopped.
func (t *tokenizer) escapeAfterQuote() bool {
	depth := 0
	t.take(t.quote)
	t.prev = t.ch
	for {
		switch {
		case t.atSingleSep() || t.ch == newLine:
			if depth == 0 {
				return true
			}
			depth--
		case t.ch == t.quote || t.ch == t.escape:
			if t.quoteOrEscape() {
				t.take(t.quote)
				t.prev = t.ch
				depth++
				continue
			}
		case t.prev == t.quote:
			t.take(t.quote)
			t.prev = t.ch
			continue
		default:
			t.take(t.ch)
		}
		t.prev = t.ch
		if !t.next() {
			return false
		}
	}
}

// afterClosingQuote drops the blanks after a closing quote, unless more text shows that it closed nothing.
func (t *tokenizer) afterClosingQuote() bool {
	var blanks []byte
	for isSpace(t.ch) && !t.atSingleSep() {
		blanks = appendSymbol(blanks, t.ch)
		if !t.next() {
			return false
		}
		if t.ch == newLine {
			return true
		}
	}
	if t.atSingleSep() {
		return true
	}
	t.take(t.quote)
	t.arena = append(t.arena, blanks...)
	return t.textAfterQuote()
}

// unescapedQuote goes on when the quote before ch turned out to be text.
func (t *tokenizer) unescapedQuote() bool {
	t.unescaped = true
	t.take(t.quote)
	return t.textAfterQuote()
}

// textAfterQuote makes the opening quote text too and reads up to the separator.
func (t *tokenizer) textAfterQuote() bool {
	t.inQuotes = false
	pair := t.atPair()
	t.takeCharacter()
	t.prev = t.ch
	mark := t.quoteText
	t.arena = append(t.arena, mark...)
	copy(t.arena[t.from+len(mark):], t.arena[t.from:len(t.arena)-len(mark)])
	copy(t.arena[t.from:], mark)
	if !t.next() {
		return false
	}
	t.trim = t.trimRight
	if len(t.sep) == 1 || !t.unescaped {
		ended := t.takeUntilSep()
		if !ended && pair {
			t.ch = t.prev // univocity stands on its second half
		}
		return ended
	}
	if !t.takeUntilMultiSep() {
		return false
	}
	if isSpace(t.ch) && t.ch != newLine { // a separator that ends in a blank
		t.unescaped = false
		return t.afterClosingQuoteMulti()
	}
	return true
}

// takeUntilSep takes everything up to the separator or line end.
func (t *tokenizer) takeUntilSep() bool {
	entry := t.ch
	for !t.atSingleSep() && t.ch != newLine {
		t.take(t.ch)
		if !t.next() {
			t.ch = entry
			return false
		}
	}
	return true
}

// atSingleSep is false in a file with a long separator: univocity has no short one there.
func (t *tokenizer) atSingleSep() bool { return len(t.sep) == 1 && t.ch == t.sep[0] }

// finish ends the record where the text ends, in whatever state that is.
func (t *tokenizer) finish() {
	t.unclosed = t.inQuotes && t.prev != t.quote
	closed := t.ch == t.quote && t.prev == t.quote
	if t.ch == t.quote && !closed && !t.unescaped {
		t.take(t.quote)
	}
	value := closed || t.prev != none && !t.atSingleSep() && t.ch != newLine
	if !closed && t.match > 0 {
		t.takePartialSep()
		value = true
	}
	if value || len(t.arena) > t.from {
		t.put()
		return
	}
	t.putNull()
}

// takeCharacter takes ch and, if it begins a character of several bytes, the rest of it.
func (t *tokenizer) takeCharacter() {
	t.take(t.ch)
	for t.ch > utf8.RuneSelf && t.ch < wide && t.pos < len(t.data) && !utf8.RuneStart(t.data[t.pos]) {
		t.arena = append(t.arena, t.data[t.pos])
		t.pos++
	}
}

// atPair tells whether ch begins a character that is two to univocity, which counts as UTF-16 does.
func (t *tokenizer) atPair() bool {
	if t.ch >= wide {
		return t.ch > wide+0xFFFF
	}
	r, _ := utf8.DecodeRune(t.data[t.pos-1:])
	return r > 0xFFFF
}

func (t *tokenizer) take(s symbol) { t.arena = appendSymbol(t.arena, s) }

// put ends the cell whose text was taken.
func (t *tokenizer) put() {
	text := t.arena[t.from:]
	length := len(text)
	t.from = len(t.arena)
	if t.trim {
		text = trimRight(text)
	}
	if len(text) == 0 {
		text = t.emptyValue
	}
	t.putText(text, length)
}

func (t *tokenizer) putNull() { t.putCell(cell{null: true}) }

// putText adds a cell; lengthBytes is what it measured in the file, before trimming.
func (t *tokenizer) putText(text []byte, lengthBytes int) {
	if t.maxChars >= 0 && lengthBytes > t.maxChars && utf16Length(text) > t.maxChars {
		t.fault = "a cell with more characters than maxCharsPerColumn"
	}
	t.putCell(cell{text: text})
}

func (t *tokenizer) putCell(c cell) {
	if len(t.cells) == t.maxColumns {
		t.fault = "more cells than maxColumns"
		return
	}
	t.cells = append(t.cells, c)
}

func trimRight(b []byte) []byte {
	n := len(b)
	for n > 0 && b[n-1] <= ' ' {
		n--
	}
	return b[:n]
}

// utf16Length counts as Java does.
func utf16Length(b []byte) int {
	n := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if b = b[size:]; r > 0xFFFF {
			n++
		}
		n++
	}
	return n
}
