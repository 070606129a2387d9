package autoloader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"
	"golang.org/x/sync/errgroup"

	"autoloaderlab/engine/autoloader/csv"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/schema"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// rows are a batch's files. Their headers are read once, when the schema is
// asked for: that is where a new column is found, before any row is read.
type rows struct {
	source *Source
	files  []sourceFile
	meter  meter
	schema *arrow.Schema // once the headers were read
	total  int64

	mu   sync.Mutex
	idle []*csv.Reader // of parts that were read; their memory serves the next
}

// sourceFile is one file of a batch. listed is its size in the source log, nil
// in lines that Spark wrote.
type sourceFile struct {
	path, uri string
	listed    *int64
	header    []string
	sizeBytes int64  // what counts of it
	lostBytes int64  // what came too late to count
	content   []byte // of a small file, from the header's reading until its rows are read
	skip      bool
}

// A small file is read once, header and rows, as long as there are not too many.
const (
	smallFileBytes  = 64 << 10
	keptBytesAtMost = 16 << 20
)

// Known implements stream.Rows.
func (r *rows) Known() bool { return len(r.files) == 0 }

// Schema implements stream.Rows. The headers are read the first time it is asked for.
func (r *rows) Schema(ctx context.Context) (*arrow.Schema, error) {
	if r.schema != nil {
		return r.schema, nil
	}
	errs, err := r.readHeaders(ctx)
	if err != nil {
		return nil, err
	}
	var news, last []string
	for i := range r.files {
		file := &r.files[i]
		if err := r.source.inspect(file, errs[i]); err != nil {
			return nil, err
		}
		r.total += file.sizeBytes
		if slices.Equal(file.header, last) {
			continue // it is mostly the same as the file's before
		}
		last = file.header
		news = append(news, schema.News(append(r.source.Schema.Columns, news...), last)...)
	}
	if err := r.source.evolve(news); err != nil {
		return nil, err
	}
	r.schema = SchemaOf(r.source.Schema.Columns)
	return r.schema, nil
}

// SchemaOf is the arrow form of the stream's columns: all STRING, the rescued
// data column last.
func SchemaOf(columns []string) *arrow.Schema {
	fields := make([]arrow.Field, 0, len(columns)+1)
	for _, name := range append(columns[:len(columns):len(columns)], schema.RescuedData) {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	return arrow.NewSchema(fields, nil)
}

// readHeaders reads the headers of all files, several at a time, and gives each
// file's error.
func (r *rows) readHeaders(ctx context.Context) ([]error, error) {
	errs := make([]error, len(r.files))
	var next, kept atomic.Int64
	var workers errgroup.Group
	for range min(runtime.GOMAXPROCS(0), len(r.files)) {
		workers.Go(func() error {
			for i := next.Add(1) - 1; i < int64(len(r.files)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				errs[i] = r.source.headerOf(&r.files[i], &kept)
			}
			return ctx.Err()
		})
	}
	return errs, workers.Wait()
}

// inspect judges a file whose header was read, or not for err.
func (s *Source) inspect(file *sourceFile, err error) error {
	s.tellLost(*file)
	if s.passOver(*file, err) {
		file.skip = true
		return nil
	}
	if err != nil {
		return err
	}
	s.doubt(*file, file.header)
	return nil
}

func (s *Source) tellLost(file sourceFile) {
	if file.lostBytes > 0 {
		s.warnOf(progress.TailLost, file, file.lostBytes)
	}
}

// doubt warns of a first line that was taken for names and looks like data.
func (s *Source) doubt(file sourceFile, header []string) {
	if s.Options.CSV.Header == nil && csv.HeaderLooksLikeData(header) {
		s.warnOf(progress.HeaderLooksWrong, file, 0)
	}
}

// evolve does what the mode asks for when files have columns that the schema lacks.
func (s *Source) evolve(news []string) error {
	decision := schema.Evolve(s.Schema, news, s.Options.Evolution)
	if decision.Next != nil {
		if err := schema.Save(s.Schemas, *decision.Next); err != nil {
			return err
		}
	}
	if decision.Fail {
		hint := "mergeSchema"
		if decision.Next == nil {
			hint = string(schema.FailOnNewColumns)
		}
		return failure.New(failure.UnknownField, "read", "the batch's files").Naming(decision.News...).Hinting(hint)
	}
	return nil
}

func (s *Source) header(file sourceFile) ([]string, error) {
	err := s.headerOf(&file, nil)
	s.tellLost(file)
	return file.header, err
}

// headerOf reads a file's header and decides which of its bytes count. A small
// file's content is kept if kept, which counts such bytes, has room for it; nil
// keeps nothing.
func (s *Source) headerOf(file *sourceFile, kept *atomic.Int64) (err error) {
	opened, err := s.open(file.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	if file.sizeBytes, file.lostBytes, err = s.counts(*file, opened); err != nil {
		return err
	}
	in := file.input(opened)
	if kept != nil && file.sizeBytes <= smallFileBytes && kept.Add(file.sizeBytes) <= keptBytesAtMost {
		content := make([]byte, file.sizeBytes)
		if n, err := opened.ReadAt(content, 0); n == len(content) {
			file.content, in.Bytes = content, bytes.NewReader(content)
		} else if err != io.EOF {
			return failure.Wrap(failure.CannotRead, "read", file.path, err)
		}
	}
	file.header, err = csv.ReadHeader(in, s.Options.CSV)
	return err
}

// counts decides how many of a file's bytes belong to the batch. What came after
// the listing does not; and because a writer that goes on may have stopped
// anywhere, a file that grew ends at its last line break before that.
func (s *Source) counts(file sourceFile, opened storage.File) (sizeBytes, lostBytes int64, err error) {
	now := opened.Info().SizeBytes
	if file.listed == nil || now <= *file.listed || file.gzip() { // a gzip cannot be cut
		return now, 0, nil
	}
	end, err := csv.LastLineBreak(opened, *file.listed)
	if err != nil {
		return 0, 0, failure.Wrap(failure.CannotRead, "read", file.path, err)
	}
	return end, now - end, nil
}

func (f sourceFile) gzip() bool { return strings.HasSuffix(strings.ToLower(f.path), ".gz") }

func (f sourceFile) input(opened io.ReaderAt) csv.Input {
	return csv.Input{URI: f.uri, Bytes: opened, SizeBytes: f.sizeBytes, Gzip: f.gzip()}
}

func (s *Source) open(path string) (storage.File, error) {
	file, err := s.Store.Open(path)
	switch {
	case err == nil:
		return file, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, failure.New(failure.FileVanished, "open", path).Because(err)
	default:
		return nil, failure.New(failure.CannotRead, "open", path).Because(err)
	}
}

// Parts are cut by size, whatever the files: a part becomes one data file. They
// get smaller towards the end, so that those who work on them end together. The
// sizes depend on the batch alone, so the same batch gives the same data files
// on every machine.
const (
	minPartBytes = 8 << 20
	maxPartBytes = 128 << 20 // as Spark's maxPartitionBytes
	partsOfRest  = 3         // a part is this part of what is left
)

func partBytes(left int64) int64 { return min(max(left/partsOfRest, minPartBytes), maxPartBytes) }

// Parts implements stream.Rows. Schema must have been asked for.
func (r *rows) Parts() []stream.Part {
	r.meter = meter{each: make([]fileMeter, len(r.files))}
	var parts []stream.Part
	current, left := &part{rows: r}, r.total
	room := partBytes(left)
	for i := range r.files {
		file, meter := &r.files[i], &r.meter.each[i]
		if file.skip || file.header == nil || file.sizeBytes == 0 {
			r.meter.files.Add(1)
			left -= file.sizeBytes
			continue
		}
		for start := int64(0); start < file.sizeBytes; {
			if room <= 0 {
				parts = append(parts, current)
				current, room = &part{rows: r}, partBytes(left)
			}
			piece := r.cut(file, start, room)
			current.pieces = append(current.pieces, pieceOf{file, piece, meter})
			meter.left.Add(1)
			size := piece.End - piece.Start
			start, room, left = piece.End, room-size, left-size
		}
	}
	if len(current.pieces) > 0 {
		parts = append(parts, current)
	}
	return parts
}

// cut gives a file's next piece, of at most room bytes if the file can be cut.
func (r *rows) cut(file *sourceFile, start, room int64) csv.Piece {
	if csv.Splittable(file.input(nil), r.source.Options.CSV) {
		return csv.Piece{Start: start, End: min(start+room, file.sizeBytes)}
	}
	return csv.Piece{Start: start, End: file.sizeBytes}
}

// part is a run of pieces, read one after the other.
type part struct {
	rows   *rows
	pieces []pieceOf
}

type pieceOf struct {
	file  *sourceFile
	piece csv.Piece
	meter *fileMeter
}

// Open implements stream.Part.
func (p *part) Open(ctx context.Context) (stream.PartReader, error) {
	reader := p.rows.takeReader()
	return &partReader{ctx: ctx, rows: p.rows, left: p.pieces, reader: reader, chunksBefore: reader.Chunks()}, nil
}

func (r *rows) takeReader() *csv.Reader {
	r.mu.Lock()
	defer r.mu.Unlock()
	if last := len(r.idle) - 1; last >= 0 {
		reader := r.idle[last]
		r.idle = r.idle[:last]
		return reader
	}
	return csv.NewReader(r.source.Schema.Columns, r.source.Options.CSV)
}

func (r *rows) giveReader(reader *csv.Reader) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = append(r.idle, reader)
}

// partReader reads the pieces one after the other; small ones share a record.
type partReader struct {
	ctx     context.Context
	rows    *rows
	left    []pieceOf
	reader  *csv.Reader
	reading bool        // the reader stands in a piece, of the current file
	current *sourceFile // the last of those begun
	meter   *fileMeter  // its
	opened  storage.File
	counted int64
	ended   bool // all pieces are read

	chunksBefore csv.Chunks // of the reader, from other parts
}

// Next implements stream.PartReader.
func (r *partReader) Next() (arrow.Record, error) {
	for {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		if !r.reading {
			if len(r.left) == 0 {
				return r.last()
			}
			if err := r.begin(r.left[0]); err != nil {
				return nil, err
			}
			r.left = r.left[1:]
			continue
		}
		before := r.reader.Rows()
		err := r.reader.Read()
		r.count(r.reader.Rows() - before)
		switch {
		case err == nil:
			return r.reader.Record(), nil
		case errors.Is(err, io.EOF) || r.rows.source.passOver(*r.current, err):
			if err := r.end(); err != nil {
				return nil, err
			}
		default:
			return nil, err
		}
	}
}

// last gives what is left when all pieces are read, and then io.EOF.
func (r *partReader) last() (arrow.Record, error) {
	if record := r.reader.Record(); record != nil {
		return record, nil
	}
	if !r.ended {
		r.ended = true
		chunks := r.reader.Chunks()
		r.rows.source.fastChunks.Add(chunks.Plain - r.chunksBefore.Plain)
		r.rows.source.exactChunks.Add(chunks.Exact - r.chunksBefore.Exact)
	}
	return nil, io.EOF
}

// begin opens the next piece. A file that vanished since its header was read is
// an error here too, or passed over.
func (r *partReader) begin(next pieceOf) error {
	source := r.rows.source
	r.current, r.meter, r.counted = next.file, next.meter, 0
	var in io.ReaderAt = bytes.NewReader(next.file.content)
	if next.file.content == nil {
		opened, err := source.open(next.file.path)
		if source.passOver(*next.file, err) {
			r.done()
			return nil
		}
		if err != nil {
			return err
		}
		r.opened, in = opened, opened
	}
	if err := r.reader.Open(r.ctx, next.file.input(in), next.piece, next.file.header); err != nil {
		return errors.Join(err, r.closeFile())
	}
	r.reading = true
	return nil
}

func (r *partReader) end() error {
	err := r.closeFile()
	r.reading = false
	r.done()
	if err != nil {
		return failure.Wrap(failure.CannotRead, "close", r.current.path, err)
	}
	return nil
}

// done counts a piece that is read, or passed over, to its end.
func (r *partReader) done() {
	if r.meter.left.Add(-1) == 0 {
		r.current.content = nil
		r.rows.meter.files.Add(1)
	}
	r.rows.tell()
}

// count tells how far the batch has come.
func (r *partReader) count(rows int64) {
	read := r.reader.BytesRead()
	r.rows.meter.bytes.Add(read - r.counted)
	r.meter.bytes.Add(read - r.counted)
	r.counted = read
	r.rows.meter.rows.Add(rows)
	r.meter.rows.Add(rows)
	r.rows.tell()
}

func (r *rows) tell() {
	reading := Reading{
		BytesRead: r.meter.bytes.Load(), BytesTotal: r.total, Rows: r.meter.rows.Load(),
		FilesRead: int(r.meter.files.Load()), FilesTotal: len(r.files),
	}
	if len(r.files) <= progress.MaxFilesTold {
		reading.Files = make([]progress.FileRead, len(r.files))
		for i := range r.files {
			each := &r.meter.each[i]
			reading.Files[i] = progress.FileRead{
				Name: filepath.Base(r.files[i].path), BytesRead: each.bytes.Load(), BytesTotal: r.files[i].sizeBytes, Rows: each.rows.Load(),
			}
		}
	}
	r.source.Read(reading)
}

// Close implements stream.PartReader.
func (r *partReader) Close() error {
	if r.ended && r.reader != nil {
		r.rows.giveReader(r.reader)
		r.reader = nil
	}
	return r.closeFile()
}

func (r *partReader) closeFile() error {
	if r.opened == nil {
		return nil
	}
	opened := r.opened
	r.opened = nil
	if err := opened.Close(); err != nil {
		return fmt.Errorf("close %s: %w", r.current.path, err)
	}
	return nil
}
