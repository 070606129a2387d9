package csv

import (
	"bytes"
	"context"
	"io"
	"math"
	"sync/atomic"

	"autoloaderlab/engine/failure"
)

// Piece is the half-open byte range [Start, End) of a file. A record belongs
// to the piece in which its first byte lies: a piece that does not start at 0
// begins after the first line break at or after Start-1, and every piece
// finishes the record that crosses its End (Hadoop, LineRecordReader). So the
// rows of contiguous pieces, in order, are the rows of the file.
type Piece struct{ Start, End int64 }

// Splittable tells whether a file may be cut at line breaks and read in
// pieces. Not so what must be read from its beginning: gzip, multiLine,
// encodings other than UTF-8; nor line separators of several bytes, which may
// overlap with themselves.
func Splittable(in Input, o Options) bool {
	return !in.Gzip && !o.MultiLine && o.isUTF8() && len(o.LineSep) <= 1
}

// LastLineBreak returns the offset after the last line break (LF or CR) in the
// first sizeBytes bytes, 0 when there is none: where a file that grew is cut.
func LastLineBreak(b io.ReaderAt, sizeBytes int64) (int64, error) {
	buf := make([]byte, min(overhangBytes, sizeBytes))
	for end := sizeBytes; end > 0; {
		start := max(0, end-int64(len(buf)))
		part := buf[:end-start]
		if n, err := b.ReadAt(part, start); n < len(part) {
			return 0, failure.Wrap(failure.CannotRead, "find the last line break", "", notEOF(err))
		}
		if i := bytes.LastIndexAny(part, "\r\n"); i >= 0 {
			return start + int64(i) + 1, nil
		}
		end = start
	}
	return 0, nil
}

// openPiece gives a scanner that stands on the first record of p, behind
// skipped rows and header. It takes over the memory of last, which may be nil.
func openPiece(ctx context.Context, in Input, p Piece, o *Options, count *atomic.Int64, last *scanner) (*scanner, error) {
	if !Splittable(in, *o) {
		if p.Start > 0 || p.End < in.SizeBytes {
			return nil, failure.New(failure.Internal, "read a piece of", in.URI)
		}
		p.End = math.MaxInt64 // what is unpacked or decoded has offsets of its own
	}
	if p.Start <= 0 {
		s, err := openScanner(ctx, in, o, 0, p.End, count, last)
		if err != nil {
			return nil, err
		}
		limit := p.End
		if limit > 0 {
			limit = max(limit, s.win.offset+1) // the first line begins at 0, even behind a BOM
		}
		err = s.skipPreamble()
		s.limit = limit
		return s, err
	}
	dataStart, err := dataStart(ctx, in, o, p.Start)
	if err != nil {
		return nil, err
	}
	if dataStart >= p.Start {
		s, err := openScanner(ctx, in, o, dataStart, p.End, count, last)
		if err != nil {
			return nil, err
		}
		s.limit = p.End
		return s, nil
	}
	s, err := openScanner(ctx, in, o, p.Start-1, p.End, count, last)
	if err != nil {
		return nil, err
	}
	s.limit = p.End
	return s, s.win.skipLine(o.LineSep)
}

// dataStart is the offset behind skipped rows and header, which a piece in the
// middle of a file may still have before it.
func dataStart(ctx context.Context, in Input, o *Options, before int64) (int64, error) {
	if !o.hasHeader() && o.SkipRows == 0 {
		return 0, nil
	}
	var uncounted atomic.Int64
	s, err := openScanner(ctx, in, o, 0, min(overhangBytes, before), &uncounted, nil)
	if err != nil {
		return 0, err
	}
	err = s.skipPreamble()
	return s.win.offset, err
}
