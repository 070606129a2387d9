package csv

import (
	"bytes"
	"errors"
	"io"

	"autoloaderlab/engine/failure"
)

const (
	windowBytes   = 1 << 20  // read at a time
	overhangBytes = 64 << 10 // … past the end of a piece, to finish its last line
	maxRowBytes   = 1 << 30  // a row above this is refused rather than held in memory
)

// bom is the byte order mark in UTF-8.
const bom = "\uFEFF"

// window is the part of a file that is in memory: a buffer of windowBytes,
// larger only while a row is.
//
//	src ──▶ [ used | lo … unread … hi | free ]
type window struct {
	src    io.Reader
	uri    string
	buf    []byte
	lo, hi int
	offset int64 // of buf[lo] in the text
	soft   int64 // offset beyond which to read in small steps
	ended  bool  // src has no more
	nextLF int64 // offset of a line feed found earlier, for nextLine
}

// begin stands at offset from of src, a text of size bytes at most, of which not
// much past soft is wanted. The buffer is the one of the text before, if it has one.
func (w *window) begin(src io.Reader, uri string, from, soft, size int64) {
	wanted := min(windowBytes, max(size-from, 0), max(soft-from, overhangBytes))
	wanted += 64 // a little more, so that the end shows at once
	if int64(cap(w.buf)) < wanted || cap(w.buf) > hugeBytes {
		w.buf = make([]byte, wanted)
	}
	*w = window{src: src, uri: uri, offset: from, soft: soft, nextLF: -1, buf: w.buf[:wanted]}
}

// bytes are the unread ones; they stay valid until fill.
func (w *window) bytes() []byte { return w.buf[w.lo:w.hi] }

func (w *window) advance(n int) {
	w.lo += n
	w.offset += int64(n)
}

// fill adds bytes after those unread, or notes that there are none.
func (w *window) fill() error {
	if w.ended {
		return nil
	}
	if err := w.makeRoom(); err != nil {
		return err
	}
	room := w.buf[w.hi:]
	if at := w.offset + int64(w.hi-w.lo); at < w.soft {
		room = room[:min(int64(len(room)), w.soft-at)]
	} else {
		room = room[:min(len(room), max(overhangBytes, w.hi-w.lo))]
	}
	for len(room) > 0 {
		n, err := w.src.Read(room)
		room = room[n:]
		w.hi += n
		switch {
		case err == io.EOF:
			w.ended = true
			return nil
		case errors.Is(err, io.EOF):
			err = io.ErrUnexpectedEOF
			fallthrough
		case err != nil:
			return failure.Wrap(failure.CannotRead, "read", w.uri, err)
		}
	}
	return nil
}

// makeRoom moves the unread bytes to the front of a buffer that has room behind them.
func (w *window) makeRoom() error {
	unread := w.hi - w.lo
	size := len(w.buf)
	switch {
	case unread > maxRowBytes/2:
		return failure.New(failure.MalformedCSV, "read", w.uri).Hinting("a row of more than 512 MiB")
	case unread > size/2:
		size = max(2*size, windowBytes)
	case size > windowBytes && unread <= windowBytes/2:
		size = windowBytes
	}
	to := w.buf
	if size != len(w.buf) {
		to = make([]byte, size)
	}
	copy(to, w.bytes())
	w.buf, w.lo, w.hi = to, 0, unread
	return nil
}

// skipBOM leaves out a byte order mark at the beginning of the text.
func (w *window) skipBOM() error {
	if err := w.need(len(bom)); err != nil {
		return err
	}
	if bytes.HasPrefix(w.bytes(), []byte(bom)) {
		w.advance(len(bom))
	}
	return nil
}

// need fills until n bytes are unread or the text has ended.
func (w *window) need(n int) error {
	for w.hi-w.lo < n && !w.ended {
		if err := w.fill(); err != nil {
			return err
		}
	}
	return nil
}

// nextLine takes the next line, without its line break, or io.EOF. A lineSep
// is the only line break there is; without one, LF, CRLF and CR are, whatever
// the quotes say (Hadoop, LineReader). The line stays valid until fill.
func (w *window) nextLine(lineSep string) ([]byte, error) {
	for {
		if line, breakLen, ok := w.cutLine(lineSep); ok {
			if len(line) == 0 && breakLen == 0 {
				return nil, io.EOF
			}
			w.advance(len(line) + breakLen)
			return line, nil
		}
		if err := w.fill(); err != nil {
			return nil, err
		}
	}
}

// skipLine leaves out the rest of a line, however long, without holding it.
func (w *window) skipLine(lineSep string) error {
	for {
		line, breakLen, ok := w.cutLine(lineSep)
		if ok {
			w.advance(len(line) + breakLen)
			return nil
		}
		w.advance(max(0, w.hi-w.lo-max(1, len(lineSep)-1)))
		if err := w.fill(); err != nil {
			return err
		}
	}
}

// cutLine finds the end of the first unread line; not ok when more bytes are
// needed to tell. At the end of the text the rest is a line, even an empty one.
func (w *window) cutLine(lineSep string) (line []byte, breakLen int, ok bool) {
	b := w.bytes()
	if lineSep != "" {
		if i := bytes.Index(b, []byte(lineSep)); i >= 0 {
			return b[:i], len(lineSep), true
		}
		return b, 0, w.ended
	}
	lf := w.lineFeed(b)
	cr := bytes.IndexByte(b[:lf], '\r')
	switch {
	case cr >= 0 && cr+1 < len(b) && b[cr+1] == '\n':
		return b[:cr], 2, true
	case cr >= 0 && (cr+1 < len(b) || w.ended):
		return b[:cr], 1, true
	case cr < 0 && lf < len(b):
		return b[:lf], 1, true
	}
	return b, 0, cr < 0 && w.ended
}

// lineFeed is the index of b's first line feed, or len(b). It is remembered,
// since a file with CR line ends would otherwise be searched to its end for
// every line.
func (w *window) lineFeed(b []byte) int {
	if w.nextLF >= w.offset && w.nextLF-w.offset <= int64(len(b)) {
		i := int(w.nextLF - w.offset)
		if i < len(b) && b[i] == '\n' {
			return i
		}
		if rest := bytes.IndexByte(b[i:], '\n'); rest >= 0 {
			i += rest
		} else {
			i = len(b)
		}
		w.nextLF = w.offset + int64(i)
		return i
	}
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		i = len(b)
	}
	w.nextLF = w.offset + int64(i)
	return i
}

// isBlank tells whether nothing is left of line when it is trimmed as Java
// does: such lines are no records (Spark, CSVExprUtils.filterCommentAndEmpty).
func isBlank(line []byte) bool {
	for _, b := range line {
		if b > ' ' {
			return false
		}
	}
	return true
}

// lineBreakIn finds the first line break and tells CRLF from LF and CR, as
// univocity decides once for a whole multiLine file (LineSeparatorDetector).
func lineBreakIn(b []byte) string {
	i := bytes.IndexAny(b, "\r\n")
	switch {
	case i < 0 || b[i] == '\n':
		return "\n"
	case i+1 < len(b) && b[i+1] == '\n':
		return "\r\n"
	}
	return "\r"
}
