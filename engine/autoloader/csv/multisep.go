package csv

// The state machine for separators of several characters. univocity has a
// second one for them, with rules of its own; as record.go, this gives what
// Spark answers: text after a closing quote and blanks, for one, reads to the
// end of the line. One thing is left out: whether it trims blanks at the end of
// an unquoted last cell depends on the records before; here they stay.

func (t *tokenizer) multiRecord() bool {
	if t.trimLeft && isSpace(t.ch) && !t.multiSkipSpace() {
		return false
	}
	for t.ch != newLine {
		if t.trimLeft && isSpace(t.ch) && !t.multiSkipSpace() {
			return false
		}
		isSep := false
		if t.ch != newLine {
			var ok bool
			if isSep, ok = t.matchSep(); !ok {
				return false
			}
		}
		if isSep || t.ch == newLine && len(t.arena) == t.from {
			t.putNull()
		} else if !t.multiCell() {
			return false
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

func (t *tokenizer) multiCell() bool {
	t.unescaped, t.prev = false, none
	if t.ch == t.quote && t.quote != none && len(t.arena) == t.from {
		t.trim, t.inQuotes, t.raw = false, true, !t.foldInQuotes
		if !t.multiQuoted() {
			return false
		}
		t.inQuotes, t.raw = false, false
		t.put()
		return true
	}
	if !t.takeUntilMultiSep() {
		return false
	}
	t.trim = t.trimRight
	t.put()
	t.trim = false
	return true
}

func (t *tokenizer) multiSkipSpace() bool {
	for isSpace(t.ch) && t.ch != newLine && t.ch != t.quote {
		if !t.next() {
			return false
		}
		if t.ch != t.sep[t.match] {
			continue
		}
		isSep, ok := t.matchSep()
		if !ok {
			return false
		}
		if isSep {
			t.putNull()
			if !t.next() {
				return false
			}
		}
	}
	t.takePartialSep()
	return true
}

func (t *tokenizer) multiQuoted() bool {
	if !t.next() {
		return false
	}
	for t.prev != t.quote || !isSpace(t.ch) {
		if t.prev == t.quote {
			isSep, ok := t.matchSep()
			if !ok || isSep {
				return ok
			}
		}
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
	if t.ch == newLine {
		return true
	}
	return t.afterClosingQuoteMulti()
}

func (t *tokenizer) afterClosingQuoteMulti() bool {
	isSep, ok := t.advanceSep()
	if !ok || isSep {
		return ok
	}
	var blanks []byte
	for {
		blanks = appendSymbol(blanks, t.ch)
		if !t.next() {
			return false
		}
		if t.ch == newLine {
			return true
		}
		if isSep, ok = t.advanceSep(); !ok || isSep {
			return ok
		}
		if !isSpace(t.ch) {
			break
		}
	}
	if isSep, ok = t.advanceSep(); !ok || isSep {
		return ok
	}
	t.take(t.quote)
	t.arena = append(t.arena, blanks...)
	return t.textAfterQuote()
}

// matchSep moves along a separator; what turns out to be only a part of one is text.
func (t *tokenizer) matchSep() (isSep, ok bool) {
	if isSep, ok = t.advanceSep(); ok && !isSep {
		t.takePartialSep()
	}
	return isSep, ok
}

// advanceSep moves along a separator as far as it goes.
func (t *tokenizer) advanceSep() (isSep, ok bool) {
	for t.ch == t.sep[t.match] {
		t.match++
		if t.match == len(t.sep) {
			t.match = 0
			return true, true
		}
		if !t.next() {
			return false, false
		}
	}
	return false, true
}

func (t *tokenizer) takePartialSep() {
	for _, s := range t.sep[:t.match] {
		t.take(s)
	}
	t.match = 0
}

// takeUntilMultiSep takes everything up to a separator, whose last character is then ch, or a line end.
func (t *tokenizer) takeUntilMultiSep() bool {
	for t.ch != newLine {
		switch {
		case t.ch == t.sep[t.match]:
			t.match++
			if t.match == len(t.sep) {
				t.match = 0
				return true
			}
		case t.match > 0:
			t.takePartialSep()
			continue
		default:
			t.take(t.ch)
		}
		if !t.next() {
			return false
		}
	}
	t.takePartialSep()
	return true
}
