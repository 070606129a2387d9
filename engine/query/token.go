package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"autoloaderlab/engine/failure"
)

// tokenKind tells what a piece of SQL text is.
type tokenKind int

const (
	word   tokenKind = iota // a keyword or bare name
	quoted                  // a name in "…" or `…`
	text                    // a string: '…', E'…', $$…$$
	number                  //
	symbol                  // any other single character
)

// token is one piece of a statement; comments and space are between tokens.
type token struct {
	kind  tokenKind
	value string // a quoted name or plain string without its quotes, anything else as written
	span
}

// span is a half-open range of bytes of the statement.
type span struct{ start, end int }

// is tells whether the token is the given keyword.
func (t token) is(keyword string) bool {
	return t.kind == word && strings.EqualFold(t.value, keyword)
}

// isSymbol tells whether the token is the given character.
func (t token) isSymbol(s string) bool { return t.kind == symbol && t.value == s }

// isName tells whether the token may be part of a table's name.
func (t token) isName() bool { return t.kind == word || t.kind == quoted }

// tokenize cuts a statement as DuckDB's own scanner does (PostgreSQL's, without
// standard strings' backslashes), plus Spark's backquoted names. The two must
// agree on where strings and comments end: what we take for a comment, DuckDB
// must not execute. A string, name or comment without its end is failure.ParseSyntax.
func tokenize(sql string) ([]token, error) {
	if !utf8.ValidString(sql) || strings.ContainsRune(sql, 0) {
		return nil, syntaxError("text that is not valid UTF-8", nil)
	}
	s := scanner{sql: sql}
	var tokens []token
	for s.skipSpace(); s.at < len(sql) && s.err == nil; s.skipSpace() {
		tokens = append(tokens, s.next())
		if last := len(tokens) - 1; last > 0 && continuesEscapes(sql, tokens[last-1], tokens[last]) {
			return nil, syntaxError(excerpt(sql[tokens[last-1].start:]), nil)
		}
	}
	return tokens, s.err
}

// continuesEscapes tells whether a string follows an E string. On another line
// it would go on in it, backslashes and all; nobody needs that.
func continuesEscapes(sql string, before, t token) bool {
	return before.kind == text && (sql[before.start] == 'e' || sql[before.start] == 'E') && t.kind == text && sql[t.start] == '\''
}

// scanner walks over a statement. The first error stops it.
type scanner struct {
	sql string
	at  int
	err error
}

func (s *scanner) rest() string { return s.sql[s.at:] }

// skipSpace passes over space and comments. Block comments nest.
func (s *scanner) skipSpace() {
	for s.err == nil && s.at < len(s.sql) {
		r, size := utf8.DecodeRuneInString(s.rest())
		switch {
		case isSpace(r):
			s.at += size
		case strings.HasPrefix(s.rest(), "--"):
			end := strings.IndexAny(s.rest(), "\r\n")
			if end < 0 {
				end = len(s.rest())
			}
			s.at += end
		case strings.HasPrefix(s.rest(), "/*"):
			s.skipBlockComment()
		default:
			return
		}
	}
}

func (s *scanner) skipBlockComment() {
	start, depth := s.at, 0
	for s.at < len(s.sql) {
		switch {
		case strings.HasPrefix(s.rest(), "/*"):
			depth++
			s.at += 2
		case strings.HasPrefix(s.rest(), "*/"):
			depth--
			s.at += 2
		default:
			s.at++
		}
		if depth == 0 {
			return
		}
	}
	s.unterminated(start)
}

// next reads the token that begins here.
func (s *scanner) next() token {
	rest := s.rest()
	c := rest[0]
	switch {
	case c == '\'':
		return s.delimited(text, '\'', false)
	case c == '"' || c == '`':
		return s.delimited(quoted, c, false)
	case (c == 'e' || c == 'E') && strings.HasPrefix(rest[1:], "'"):
		return s.escapeString()
	case c == '$':
		return s.dollar()
	case isDigit(c), c == '.' && len(rest) > 1 && isDigit(rest[1]):
		return s.number()
	case isNameStart(c):
		return s.take(word, s.nameLength())
	default:
		return s.take(symbol, 1)
	}
}

func (s *scanner) take(kind tokenKind, size int) token {
	t := token{kind: kind, value: s.sql[s.at : s.at+size], span: span{s.at, s.at + size}}
	s.at += size
	return t
}

// delimited reads up to the closing quote; two quotes stand for one, and with
// backslash a character after a backslash never closes.
func (s *scanner) delimited(kind tokenKind, quote byte, backslash bool) token {
	start := s.at
	var value strings.Builder
	for s.at++; s.at < len(s.sql); s.at++ {
		c := s.sql[s.at]
		switch {
		case backslash && c == '\\' && s.at+1 < len(s.sql):
			value.WriteByte(c)
			s.at++
		case c == quote && strings.HasPrefix(s.sql[s.at+1:], string(quote)):
			s.at++
		case c == quote:
			s.at++
			return token{kind: kind, value: value.String(), span: span{start, s.at}}
		}
		value.WriteByte(s.sql[s.at])
	}
	return s.unterminated(start)
}

// escapeString reads E'…', in which a backslash escapes. Its value stays as
// written: such a string is never a table's or checkpoint's name.
func (s *scanner) escapeString() token {
	start := s.at
	s.at++
	t := s.delimited(text, '\'', true)
	t.start = start
	t.value = s.sql[start:s.at]
	return t
}

// dollar reads $$…$$ or $tag$…$tag$, or the lone $ of a parameter.
func (s *scanner) dollar() token {
	size := 1
	for size < len(s.rest()) && (isNameStart(s.rest()[size]) || size > 1 && isDigit(s.rest()[size])) {
		size++
	}
	if size == len(s.rest()) || s.rest()[size] != '$' {
		return s.take(symbol, 1)
	}
	tag := s.rest()[:size+1]
	end := strings.Index(s.rest()[len(tag):], tag)
	if end < 0 {
		return s.unterminated(s.at)
	}
	return s.take(text, len(tag)+end+len(tag))
}

// number reads digits, a fraction and an exponent, and stops where a keyword sticks to it.
func (s *scanner) number() token {
	rest := s.rest()
	size := digits(rest)
	if size < len(rest) && rest[size] == '.' {
		size++
		size += digits(rest[size:])
	}
	if size < len(rest) && (rest[size] == 'e' || rest[size] == 'E') {
		sign := size + 1
		if sign < len(rest) && (rest[sign] == '+' || rest[sign] == '-') {
			sign++
		}
		if n := digits(rest[sign:]); n > 0 {
			size = sign + n
		}
	}
	return s.take(number, size)
}

func digits(s string) int {
	size := 0
	for size < len(s) && (isDigit(s[size]) || s[size] == '_') {
		size++
	}
	return size
}

func (s *scanner) nameLength() int {
	rest := s.rest()
	for i, r := range rest {
		if isSpace(r) || r < utf8.RuneSelf && !isNameStart(byte(r)) && !isDigit(byte(r)) && r != '$' {
			return i
		}
	}
	return len(rest)
}

func (s *scanner) unterminated(start int) token {
	s.err = syntaxError(excerpt(s.sql[start:]), nil)
	s.at = len(s.sql)
	return token{}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

// isSpace knows the spaces that DuckDB replaces before it scans, invisible
// marks among them, and a few more.
func isSpace(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// excerpt shortens a piece of SQL for a message.
func excerpt(sql string) string {
	const longest = 40
	runes := []rune(strings.TrimSpace(sql))
	if len(runes) <= longest {
		return string(runes)
	}
	return string(runes[:longest]) + "…"
}

// syntaxError says near what a statement stopped making sense.
func syntaxError(near string, cause error) *failure.Error {
	return failure.New(failure.ParseSyntax, "parse", near).Hinting(near).Because(cause)
}
