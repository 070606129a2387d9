package csv

import (
	"fmt"
	"unicode/utf8"
)

// rescue writes the JSON object of one row's rescued data: what did not fit,
// by column in the order of the file, and last the file's path. It is empty
// while the row is clean.
type rescue struct {
	json []byte
	uri  string
	path []byte // ,"_file_path":"…"}, once it is needed
}

// file tells where the next rows come from.
func (r *rescue) file(uri string) { r.uri, r.path = uri, r.path[:0] }

// add keeps the raw text of a cell. A byte that is not UTF-8 is written as the
// four characters \xHH, so that nothing of it is lost in JSON, which is UTF-8.
func (r *rescue) add(name string, raw []byte) {
	mark := byte(',')
	if len(r.json) == 0 {
		mark = '{'
	}
	r.json = append(r.json, mark)
	r.json = appendJSONString(r.json, []byte(name))
	r.json = append(r.json, ':')
	r.json = appendJSONString(r.json, raw)
}

// appendTo ends the row in the rescued data column.
func (r *rescue) appendTo(c *column) {
	if len(r.json) == 0 {
		c.appendNull()
		return
	}
	if len(r.path) == 0 {
		r.path = append(appendJSONString(append(r.path, `,"_file_path":`...), []byte(r.uri)), '}')
	}
	r.json = append(r.json, r.path...)
	c.append(r.json)
	r.json = r.json[:0]
}

// appendJSONString escapes what RFC 8259 asks for, and nothing of HTML.
func appendJSONString(to, text []byte) []byte {
	to = append(to, '"')
	for len(text) > 0 {
		b := text[0]
		if b >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(text)
			if r == utf8.RuneError && size == 1 {
				to = fmt.Appendf(to, `\\x%02X`, b)
			} else {
				to = append(to, text[:size]...)
			}
			text = text[size:]
			continue
		}
		switch {
		case b == '"' || b == '\\':
			to = append(to, '\\', b)
		case b == '\n':
			to = append(to, `\n`...)
		case b == '\r':
			to = append(to, `\r`...)
		case b == '\t':
			to = append(to, `\t`...)
		case b < ' ':
			to = fmt.Appendf(to, `\u%04x`, b)
		default:
			to = append(to, b)
		}
		text = text[1:]
	}
	return append(to, '"')
}

// appendRepaired puts U+FFFD in the place of bytes that are not UTF-8, one for
// each part that could have begun a character (a surrogate too), as Java's decoder does.
func appendRepaired(to, text []byte) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			to = append(to, "\uFFFD"...)
			size = brokenLength(text)
		} else {
			to = append(to, text[:size]...)
		}
		text = text[size:]
	}
	return to
}

// brokenLength is how many bytes of b begin a character that is never finished, at least 1.
func brokenLength(b []byte) int {
	low, high, length := byte(0x80), byte(0xBF), 0
	switch lead := b[0]; {
	case lead >= 0xC2 && lead <= 0xDF:
		length = 2
	case lead >= 0xE0 && lead <= 0xEF:
		length = 3
	case lead >= 0xF0 && lead <= 0xF4:
		length = 4
	}
	switch b[0] {
	case 0xE0:
		low = 0xA0
	case 0xF0:
		low = 0x90
	case 0xF4:
		high = 0x8F
	}
	n := 1
	for n < length && n < len(b) && b[n] >= low && b[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}
