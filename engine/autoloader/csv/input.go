package csv

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"

	"autoloaderlab/engine/failure"
)

// Input is one source file. SizeBytes is what was there at listing and a hard
// limit: bytes past it do not exist, and if fewer are there the file cannot be
// read (failure.CannotRead).
type Input struct {
	URI       string // for messages and rescued data
	Bytes     io.ReaderAt
	SizeBytes int64
	Gzip      bool // by extension
}

// open gives the file's text in UTF-8 from byte offset from on. Only an input
// that is Splittable may be opened elsewhere than at 0. Each read adds the raw
// bytes it took to count.
func open(ctx context.Context, in Input, o *Options, from int64, count *atomic.Int64) (io.Reader, error) {
	var r io.Reader = &rawReader{ctx: ctx, in: in, at: from, count: count}
	if in.Gzip {
		unpacked, err := gzip.NewReader(bufio.NewReaderSize(r, 64<<10))
		if err == io.EOF && in.SizeBytes == 0 {
			return strings.NewReader(""), nil
		}
		if err != nil {
			return nil, failure.Wrap(failure.CannotRead, "unpack", in.URI, notEOF(err))
		}
		r = unpacked
	}
	enc, err := decoderFor(o.Encoding)
	if err != nil {
		return nil, failure.New(failure.InvalidOption, "read", "encoding").Hinting(o.Encoding).Because(err)
	}
	if enc != nil {
		r = enc.NewDecoder().Reader(r)
	}
	return r, nil
}

// rawReader reads the bytes of a file that count, and notices when they are not there.
type rawReader struct {
	ctx   context.Context
	in    Input
	at    int64
	count *atomic.Int64
}

func (r *rawReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, failure.Wrap(failure.Cancelled, "read", r.in.URI, err)
	}
	left := r.in.SizeBytes - r.at
	if left <= 0 {
		return 0, io.EOF
	}
	n, err := r.in.Bytes.ReadAt(p[:min(int64(len(p)), left)], r.at)
	r.at += int64(n)
	r.count.Add(int64(n))
	if err == io.EOF {
		err = nil
		if n == 0 {
			err = fmt.Errorf("%d of %d bytes are gone: %w", left, r.in.SizeBytes, io.ErrUnexpectedEOF)
		}
	}
	return n, err
}

// notEOF keeps an end of input in a wrong place from being taken for the end of the file.
func notEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// decoderFor finds an encoding by its name in Java or at IANA; nil is UTF-8, which needs no decoding.
func decoderFor(name string) (encoding.Encoding, error) {
	switch strings.ToUpper(name) {
	case "", "UTF-8", "UTF8":
		return nil, nil
	case "ISO-8859-1", "ISO8859_1", "LATIN1":
		return charmap.ISO8859_1, nil
	case "WINDOWS-1252", "CP1252":
		return charmap.Windows1252, nil
	case "UTF-16", "UTF16": // as Java: big-endian when there is no BOM
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), nil
	case "UTF-16LE":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
	case "UTF-16BE":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
	}
	if enc, err := ianaindex.IANA.Encoding(name); err == nil && enc != nil {
		return enc, nil
	}
	return nil, fmt.Errorf("unknown encoding")
}

// isUTF8 tells whether the text needs no decoding.
func (o *Options) isUTF8() bool {
	enc, err := decoderFor(o.Encoding)
	return enc == nil && err == nil
}
