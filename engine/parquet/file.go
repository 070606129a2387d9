package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/metadata"
)

const (
	magic = "PAR1"

	// A row group ends at whichever comes first. Its pages wait in memory,
	// because the pages of one column must lie together in the file.
	maxGroupRows  = 1 << 19
	maxGroupBytes = 32 << 20

	// Records are taken in pieces, so that a row group and the memory it needs
	// can be bounded whatever the size of a record.
	maxPieceRows  = 8 << 10
	maxPieceBytes = 4 << 20
)

var errEnded = errors.New("the file is ended")

// Writer makes one data file. It holds at most one row group in memory. It is
// not safe for concurrent use; two Writers are independent of each other.
type Writer struct {
	*Writers
	*tools // until all rows are in the file
	path   string
	out    storage.Writer

	sink      *sink
	footer    *metadata.FileMetaData // of the row groups in the file; nil: none
	groups    int                    // row groups in the file
	groupRows int64                  // rows in the open row group
	rows      int64                  // rows taken, in all

	ended bool
	err   error // the first failure; nothing is written after it
}

// NewWriter begins a data file that is the only one of its schema: Writers.Begin.
func NewWriter(store storage.Store, path string, schema *arrow.Schema) (*Writer, error) {
	writers, err := NewWriters(store, schema)
	if err != nil {
		return nil, err
	}
	return writers.Begin(path)
}

// Write takes the rows of rec, after those of earlier calls and in its order.
// rec must have the types that the Writer was made with; nothing of it is kept.
// After an error the file can only be ended.
func (w *Writer) Write(rec arrow.Record) error {
	switch {
	case w.ended:
		return failure.Wrap(failure.Internal, "write data file", w.path, errEnded)
	case w.err == nil:
		w.err = w.write(rec)
	}
	return w.err
}

func (w *Writer) write(rec arrow.Record) error {
	if err := w.fits(rec); err != nil {
		return failure.Wrap(failure.Internal, "write data file", w.path, err)
	}
	for from := 0; from < int(rec.NumRows()); {
		n := w.pieceRows(rec, from)
		for i, c := range w.columns {
			if err := c.add(rec.Column(i), from, from+n, w.press); err != nil {
				return failure.New(failure.UnsupportedWrite, "write data file", w.path).Naming(c.name).Because(err)
			}
		}
		from += n
		w.rows += int64(n)
		w.groupRows += int64(n)
		if w.groupIsFull() {
			if err := w.endGroup(); err != nil {
				return err
			}
		}
	}
	return nil
}

// fits compares names and types; nullability and metadata do not matter here.
func (w *Writer) fits(rec arrow.Record) error {
	if int(rec.NumCols()) != len(w.columns) {
		return fmt.Errorf("a record of %d columns for a file of %d", rec.NumCols(), len(w.columns))
	}
	for i, c := range w.columns {
		if rec.ColumnName(i) != c.name || !arrow.TypeEqual(rec.Column(i).DataType(), c.dataType) {
			return fmt.Errorf("column %d is %s %s, not %s %s", i,
				rec.ColumnName(i), rec.Column(i).DataType(), c.name, c.dataType)
		}
	}
	return nil
}

// pieceRows tells how many rows of rec, at least one, to take from row from on.
func (w *Writer) pieceRows(rec arrow.Record, from int) int {
	n := min(int(rec.NumRows())-from, maxPieceRows, int(maxGroupRows-w.groupRows))
	for n > 1 {
		size := 0
		for i, c := range w.columns {
			size += c.encoding.sizeBytes(rec.Column(i), from, from+n)
		}
		if size <= maxPieceBytes {
			break
		}
		n /= 2
	}
	return n
}

func (w *Writer) groupIsFull() bool {
	size := 0
	for _, c := range w.columns {
		if c.encoding.groupIsFull() {
			return true
		}
		size += c.bufferedBytes()
	}
	return w.groupRows == maxGroupRows || size >= maxGroupBytes
}

// endGroup writes the open row group, column after column, and forgets its pages.
func (w *Writer) endGroup() error {
	const op = "write row group"
	chunks := make([]chunk, len(w.columns))
	encodings := []parquet.WriterProperty{}
	for i, c := range w.columns {
		chunks[i] = c.endChunk(w.press)
		if encoding := chunks[i].encoding(); chunks[i].dictionary == nil && encoding != parquet.Encodings.Plain {
			encodings = append(encodings, parquet.WithEncodingFor(w.parquetSchema.Column(i).Path(), encoding))
		}
	}
	// The footer tells the encodings that its properties name: each row group
	// has a footer of its own until the end.
	footer := metadata.NewFileMetadataBuilder(w.parquetSchema, properties(compress.Codecs.Zstd, encodings...), nil)
	group := footer.AppendRowGroup()
	group.SetNumRows(int(w.groupRows))
	start := w.sink.offset
	for i := range chunks {
		if err := w.writeChunk(&chunks[i], group.NextColumnChunk()); err != nil {
			return diskFailure(op, w.path, err)
		}
	}
	if err := group.Finish(w.sink.offset-start, int16(w.groups)); err != nil {
		return failure.Wrap(failure.Internal, op, w.path, err)
	}
	if err := w.addToFooter(footer); err != nil {
		return failure.Wrap(failure.Internal, op, w.path, err)
	}
	w.press.empty()
	w.groups++
	w.groupRows = 0
	return w.sink.err
}

// writeChunk writes a chunk's pages and describes them.
func (w *Writer) writeChunk(c *chunk, builder *metadata.ColumnChunkMetaDataBuilder) error {
	var info metadata.ChunkMetaInfo
	stats := metadata.EncodingStats{DataEncodingStats: map[parquet.Encoding]int32{c.encoding(): int32(len(c.pages))}}
	info.IndexPageOffset = -1
	if c.dictionary != nil {
		info.DictPageOffset = w.sink.offset
		stats.DictEncodingStats = map[parquet.Encoding]int32{parquet.Encodings.Plain: 1}
		if err := w.writePage(c.dictionary, &info); err != nil {
			return err
		}
	}
	info.DataPageOffset = w.sink.offset
	for i := range c.pages {
		info.NumValues += int64(c.pages[i].values)
		if err := w.writePage(&c.pages[i], &info); err != nil {
			return err
		}
	}
	return builder.Finish(info, c.dictionary != nil, false, stats, nil)
}

func (w *Writer) writePage(p *page, info *metadata.ChunkMetaInfo) error {
	info.UncompressedSize += int64(p.plainBytes)
	info.CompressedSize += int64(len(p.bytes))
	_, err := w.sink.Write(p.bytes)
	return err
}

// addToFooter adds the row groups of another footer to the file's.
func (w *Writer) addToFooter(group *metadata.FileMetaDataBuilder) error {
	footer, err := group.Finish()
	if err != nil || w.footer == nil {
		w.footer = footer
		return err
	}
	return w.footer.AppendRowGroups(footer)
}

// Close makes the file durable and visible under its path, and tells what is in
// it. The footer is parsed before that and compared with what was written. After
// an error no file is there, unless it came from the very last step: then the
// file may be there, whole, and nobody refers to it.
func (w *Writer) Close() (DataFile, error) {
	const op = "end data file"
	if w.ended {
		return DataFile{}, failure.Wrap(failure.Internal, op, w.path, errEnded)
	}
	if w.err == nil {
		w.err = w.finish()
	}
	if w.err != nil {
		return DataFile{}, errors.Join(w.err, w.Abort())
	}
	stats := w.letGo()
	if err := w.out.Commit(); err != nil {
		return DataFile{}, errors.Join(diskFailure(op, w.path, err), w.Abort())
	}
	w.ended = true
	info, err := w.store.Stat(w.path)
	if err == nil && info.SizeBytes != w.sink.offset {
		err = fmt.Errorf("%d bytes on disk of %d written", info.SizeBytes, w.sink.offset)
	}
	if err != nil {
		return DataFile{}, diskFailure(op, w.path, err)
	}
	return DataFile{Path: w.path, SizeBytes: info.SizeBytes, Rows: w.rows, ModTime: info.ModTime, Columns: stats}, nil
}

// finish writes what is left: the last row group and the footer.
func (w *Writer) finish() error {
	const op = "write footer"
	if w.groupRows > 0 {
		if err := w.endGroup(); err != nil {
			return err
		}
	}
	if w.footer == nil { // no rows
		if err := w.addToFooter(metadata.NewFileMetadataBuilder(w.parquetSchema, properties(compress.Codecs.Zstd), nil)); err != nil {
			return failure.Wrap(failure.Internal, op, w.path, err)
		}
	}
	var footer bytes.Buffer
	if _, err := w.footer.WriteTo(&footer, nil); err != nil {
		return failure.Wrap(failure.Internal, op, w.path, err)
	}
	if err := w.check(footer.Bytes()); err != nil {
		return failure.Wrap(failure.Internal, op, w.path, err)
	}
	size := footer.Len()
	footer.Write(binary.LittleEndian.AppendUint32(nil, uint32(size)))
	footer.WriteString(magic)
	if _, err := w.sink.Write(footer.Bytes()); err != nil {
		return diskFailure(op, w.path, err)
	}
	return nil
}

// check parses the footer that is about to be written, as a reader would, and
// holds it against what is in the file: the rows, and that the column chunks
// follow each other within the bytes written. The bytes themselves are vouched
// for by the sink (each write whole) and by Commit.
func (w *Writer) check(footer []byte) error {
	meta, err := metadata.NewFileMetaData(footer, nil)
	if err != nil {
		return err
	}
	if meta.NumRows != w.rows || len(meta.RowGroups) != w.groups {
		return fmt.Errorf("footer: %d rows in %d groups, not %d in %d",
			meta.NumRows, len(meta.RowGroups), w.rows, w.groups)
	}
	end := int64(len(magic))
	for g := range meta.RowGroups {
		group := meta.RowGroup(g)
		for i := range w.columns {
			chunk, err := group.ColumnChunk(i)
			if err != nil {
				return err
			}
			start := chunk.DataPageOffset()
			if chunk.HasDictionaryPage() {
				start = min(start, chunk.DictionaryPageOffset())
			}
			if chunk.NumValues() != group.NumRows() || start < end {
				return fmt.Errorf("footer: row group %d, column %s: %d values of %d rows at %d",
					g, w.columns[i].name, chunk.NumValues(), group.NumRows(), start)
			}
			end = start + chunk.TotalCompressedSize()
		}
	}
	if end > w.sink.offset {
		return fmt.Errorf("footer: pages up to %d in a file of %d bytes", end, w.sink.offset)
	}
	return nil
}

// Abort leaves nothing of the file. It does nothing after Close, so it can be deferred.
func (w *Writer) Abort() error {
	if w.ended {
		return nil
	}
	w.ended, w.tools = true, nil
	if err := w.out.Abort(); err != nil {
		return diskFailure("abort data file", w.path, err)
	}
	return nil
}

// letGo gives the tools to the next file, because the disk may take its time, and
// tells what they know of this one.
func (w *Writer) letGo() []ColumnStats {
	stats := w.tools.stats()
	w.forget()
	w.give(w.tools)
	w.tools = nil
	return stats
}

// sink counts the bytes and remembers the first failure. It is between the pages
// and the file so that a short write is a failure.
type sink struct {
	out    io.Writer
	offset int64
	err    error
}

// Write writes all of p, or fails now and for ever.
func (s *sink) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.out.Write(p)
	s.offset += int64(n)
	if err == nil && n != len(p) {
		err = io.ErrShortWrite
	}
	s.err = err
	return n, err
}
