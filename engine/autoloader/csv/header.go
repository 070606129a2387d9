package csv

import (
	"bytes"
	"context"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"autoloaderlab/engine/failure"
)

// ReadHeader gives the column names of a file as it spells them: those of its
// first record that is neither skipped, blank nor a comment. A name that is
// empty or reads like nullValue is _c<position>, one of white space stays as it
// is (Spark, CSVUtils.makeSafeHeader);
// repeated names are failure.DuplicateColumn naming them. Without a header the
// names are _c0, _c1, … by the first record's width. They are nil when the file
// has no record at all.
func ReadHeader(in Input, o Options) ([]string, error) {
	var uncounted atomic.Int64
	s, err := openScanner(context.Background(), in, &o, 0, overhangBytes, &uncounted, nil)
	if err != nil {
		return nil, err
	}
	if err := s.skipRows(); err != nil {
		return nil, err
	}
	cells, err := s.next()
	if err == io.EOF {
		return nil, nil
	}
	if err == nil && s.tok.fault != "" {
		err = failure.New(failure.MalformedCSV, "read header", in.URI).Hinting(s.tok.fault)
	}
	if err != nil {
		return nil, err
	}
	names := columnNames(cells, &o)
	if repeated := repeatedNames(names); len(repeated) > 0 {
		return nil, failure.New(failure.DuplicateColumn, "read header", in.URI).Naming(repeated...)
	}
	return names, nil
}

func columnNames(cells []cell, o *Options) []string {
	names := make([]string, len(cells))
	for i, c := range cells {
		name := string(appendRepaired(nil, c.text))
		if !o.hasHeader() || c.null || name == "" || name == o.NullValue {
			name = positionName(i)
		}
		names[i] = name
	}
	return names
}

// positionName names a column that has no name of its own.
func positionName(i int) string { return "_c" + strconv.Itoa(i) }

func repeatedNames(names []string) []string {
	var repeated []string
	times := make(map[string]int, len(names))
	for _, name := range names {
		if times[name]++; times[name] == 2 {
			repeated = append(repeated, name)
		}
	}
	return repeated
}

// HeaderLooksLikeData is the lab's warning when a first line taken as names
// looks like data: when one of them is a number, a date or blank.
func HeaderLooksLikeData(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		name = strings.TrimSpace(name)
		return name == "" || isPositionName(name) || isNumber(name) || isDate(name)
	})
}

func isPositionName(name string) bool {
	position, ok := strings.CutPrefix(name, "_c")
	_, err := strconv.ParseUint(position, 10, 32)
	return ok && err == nil
}

func isNumber(name string) bool {
	if strings.Trim(name, "0123456789+-.,eE") != "" {
		return false
	}
	_, err := strconv.ParseFloat(strings.ReplaceAll(name, ",", "."), 64)
	return err == nil
}

// isDate tells a date, alone or with a time after it.
func isDate(name string) bool {
	if name == "" || name[0] < '0' || name[0] > '9' { // most names, and no layout is tried
		return false
	}
	day, _, _ := strings.Cut(strings.Replace(name, "T", " ", 1), " ")
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2/1/2006", "2-1-2006", "1/2/2006"} {
		if _, err := time.Parse(layout, day); err == nil {
			return true
		}
	}
	return false
}

// scanner gives the records of a file one by one.
type scanner struct {
	win     *window
	tok     tokenizer
	o       *Options
	comment []byte // of files read by line
	limit   int64  // offset at which no record begins any more
}

// openScanner stands at offset from of the text, behind a BOM. soft is where
// reading ahead stops to be useful. It takes over the memory of last, a scanner
// of the same options, or nil.
func openScanner(ctx context.Context, in Input, o *Options, from, soft int64, count *atomic.Int64, last *scanner) (*scanner, error) {
	src, err := open(ctx, in, o, from, count)
	if err != nil {
		return nil, err
	}
	size := in.SizeBytes
	if !Splittable(in, *o) {
		size, soft = math.MaxInt64, math.MaxInt64
	} else if soft >= size {
		soft = math.MaxInt64
	}
	s := &scanner{win: &window{}, o: o}
	if last != nil {
		s = last
	}
	s.limit = math.MaxInt64
	s.win.begin(src, in.URI, from, soft, size)
	if s.tok.dialect == nil || o.MultiLine { // which finds out the line end of each file
		s.tok.dialect = newDialect(o)
	}
	if o.Comment != 0 {
		s.comment = []byte(string(o.Comment))
	}
	if from > 0 {
		return s, nil
	}
	if err := s.win.skipBOM(); err != nil {
		return nil, err
	}
	if o.MultiLine && o.LineSep == "" {
		s.tok.lineEnd = []byte(lineBreakIn(s.win.bytes()))
	}
	return s, nil
}

// skipPreamble leaves out skipped rows and the header.
func (s *scanner) skipPreamble() error {
	if err := s.skipRows(); err != nil || !s.o.hasHeader() {
		return err
	}
	_, err := s.next()
	if err == io.EOF {
		return nil
	}
	return err
}

func (s *scanner) skipRows() error {
	for range s.o.SkipRows {
		if err := s.win.need(1); err != nil || s.win.ended && len(s.win.bytes()) == 0 {
			return err
		}
		if err := s.win.skipLine(s.o.LineSep); err != nil {
			return err
		}
	}
	return nil
}

// next reads a record, or io.EOF. The cells stay valid until the next call.
func (s *scanner) next() ([]cell, error) {
	if s.o.MultiLine {
		return s.nextMultiLine()
	}
	for s.win.offset < s.limit {
		line, err := s.win.nextLine(s.o.LineSep)
		if err != nil {
			return nil, err
		}
		if isBlank(line) || s.isComment(line) {
			continue
		}
		s.tok.parse(line, true)
		return s.tok.cells, nil
	}
	return nil, io.EOF
}

func (s *scanner) isComment(line []byte) bool {
	return s.comment != nil && bytes.HasPrefix(line, s.comment)
}

func (s *scanner) nextMultiLine() ([]cell, error) {
	for {
		n, status := s.tok.parse(s.win.bytes(), s.win.ended)
		switch status {
		case found:
			s.win.advance(n)
			return s.tok.cells, nil
		case nothing:
			s.win.advance(n)
			return nil, io.EOF
		}
		if err := s.win.fill(); err != nil {
			return nil, err
		}
	}
}
