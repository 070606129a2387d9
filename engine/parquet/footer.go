package parquet

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// Footer is what a Parquet file says of itself, and a look at its first rows.
type Footer struct {
	CreatedBy string
	Rows      int64
	Groups    []RowGroup
	Columns   []FooterColumn
	// Head are the first rows as text; nil is NULL. Names are Columns' top level.
	Head  [][]*string
	Names []string
}

// RowGroup is one of a file's row groups. SizeBytes is that of its pages.
type RowGroup struct{ Rows, SizeBytes int64 }

// FooterColumn is a leaf column. Type is Parquet's, with the meaning that it was
// given, if any: "BYTE_ARRAY (String)". Codec is that of its first pages.
type FooterColumn struct{ Path, Type, Codec string }

// ReadFooter reads the footer of a Parquet file that anyone may have written, and
// at most rows of its first rows.
//
// A file that is no Parquet, or is damaged, or uses what arrow cannot decode, is
// failure.DamagedFile. A missing one is fs.ErrNotExist.
func ReadFooter(store storage.Reader, path string, rows int) (Footer, error) {
	const op = "read Parquet footer"
	opened, err := store.Open(path)
	if err != nil {
		return Footer{}, diskFailure(op, path, err)
	}
	defer opened.Close()
	footer, err := readFooter(io.NewSectionReader(opened, 0, opened.Info().SizeBytes), int64(rows))
	var disk *fs.PathError
	if errors.As(err, &disk) {
		return footer, diskFailure(op, path, err)
	}
	return footer, failure.Wrap(failure.DamagedFile, op, path, err)
}

func readFooter(bytes *io.SectionReader, rows int64) (footer Footer, err error) {
	defer recovered(&err)
	parquetFile, err := file.NewParquetReader(bytes)
	if err != nil {
		return footer, err
	}
	meta := parquetFile.MetaData()
	footer.CreatedBy, footer.Rows = meta.GetCreatedBy(), meta.NumRows
	for group := range parquetFile.NumRowGroups() {
		of := meta.RowGroup(group)
		size := of.TotalCompressedSize()
		if size == 0 { // older writers tell only this one
			size = of.TotalByteSize()
		}
		footer.Groups = append(footer.Groups, RowGroup{of.NumRows(), size})
	}
	for i := range meta.Schema.NumColumns() {
		column := meta.Schema.Column(i)
		of := FooterColumn{Path: column.Path(), Type: column.PhysicalType().String()}
		if logical := column.LogicalType(); logical != nil && !logical.IsNone() {
			of.Type += " (" + logical.String() + ")"
		}
		if parquetFile.NumRowGroups() > 0 {
			if chunk, err := meta.RowGroup(0).ColumnChunk(i); err == nil {
				of.Codec = chunk.Compression().String()
			}
		}
		footer.Columns = append(footer.Columns, of)
	}
	return footer, footer.readHead(parquetFile, rows)
}

// readHead takes rows from the first row group that has some.
func (f *Footer) readHead(parquetFile *file.Reader, rows int64) error {
	meta := parquetFile.MetaData()
	meta.FileMetaData.KeyValueMetadata = nil // where an Arrow schema would be
	reader, err := pqarrow.NewFileReader(parquetFile, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	tree := newTree(reader)
	for _, field := range tree.schema.Fields() {
		f.Names = append(f.Names, field.Name)
	}
	for group, of := range f.Groups {
		n := min(rows, of.Rows, maxReadRows)
		if n <= 0 {
			continue
		}
		if len(tree.leaves) == 0 {
			return fmt.Errorf("row group %d: %d rows of no column", group, of.Rows)
		}
		if err := tree.open(group); err != nil {
			return err
		}
		record, err := tree.readRecord(n)
		if err != nil {
			return fmt.Errorf("row group %d: %w", group, err)
		}
		defer record.Release()
		for row := range int(n) {
			values := make([]*string, record.NumCols())
			for i, column := range record.Columns() {
				if column.IsValid(row) {
					value := column.ValueStr(row)
					values[i] = &value
				}
			}
			f.Head = append(f.Head, values)
		}
		return nil
	}
	return nil
}
