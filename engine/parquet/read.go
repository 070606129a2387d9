package parquet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// maxReadRows bounds a record, and with it what a footer that lies about its
// rows can make us allocate.
const maxReadRows = 64 << 10

// ReadAll gives all the rows of a Parquet file that anyone may have written, in
// order: one record for each row group, or several when it is large, and none
// when the file has no rows. Types come from the Parquet schema alone; an Arrow
// schema that the writer left in the file is not looked at.
//
// A file that is no Parquet, or is damaged, or uses what arrow cannot decode,
// is failure.DamagedFile. A missing one is fs.ErrNotExist.
func ReadAll(store storage.Reader, path string) ([]arrow.Record, error) {
	const op = "read Parquet file"
	opened, err := store.Open(path)
	if err != nil {
		return nil, diskFailure(op, path, err)
	}
	defer opened.Close()
	bytes := io.NewSectionReader(opened, 0, opened.Info().SizeBytes)
	records, err := readAll(bytes)
	var disk *fs.PathError
	if errors.As(err, &disk) {
		return nil, diskFailure(op, path, err)
	}
	return records, failure.Wrap(failure.DamagedFile, op, path, err)
}

// readAll decodes in this goroutine only, because arrow meets damaged bytes
// with a panic (a bad zstd frame, a level out of range) and a panic can be
// turned into an error only in the goroutine that it happens in. pqarrow's own
// readers decode the fields of a struct in goroutines of theirs; so they are
// used for leaf columns only, and tree puts the nested columns together.
func readAll(bytes *io.SectionReader) (records []arrow.Record, err error) {
	defer recovered(&err)
	parquetFile, err := file.NewParquetReader(bytes)
	if err != nil {
		return nil, err
	}
	meta := parquetFile.MetaData()
	meta.FileMetaData.KeyValueMetadata = nil // where an Arrow schema would be
	reader, err := pqarrow.NewFileReader(parquetFile, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	tree := newTree(reader)
	var rows int64
	for group := range parquetFile.NumRowGroups() {
		n := meta.RowGroup(group).NumRows()
		if n < 0 || (n > 0 && len(tree.leaves) == 0) {
			return nil, fmt.Errorf("row group %d: %d rows of %d columns", group, n, len(tree.leaves))
		}
		if records, err = tree.readGroup(records, group, n); err != nil {
			return nil, fmt.Errorf("row group %d: %w", group, err)
		}
		rows += n
	}
	if rows != meta.NumRows {
		return nil, fmt.Errorf("%d rows in the row groups, %d in the footer", rows, meta.NumRows)
	}
	return records, nil
}

// recovered makes a panic of arrow's an error.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("arrow: %v", r)
	}
}

// tree is the schema of a file and the readers of its leaf columns.
type tree struct {
	reader *pqarrow.FileReader
	schema *arrow.Schema
	roots  []pqarrow.SchemaField
	leaves []*pqarrow.ColumnReader // by leaf column, for the open row group
}

// newTree takes reader's schema away from it and leaves it a flat one, of the
// leaf columns, so that its readers are readers of leaves.
func newTree(reader *pqarrow.FileReader) *tree {
	t := &tree{reader: reader, roots: reader.Manifest.Fields}
	fields := make([]arrow.Field, len(t.roots))
	var leaves []pqarrow.SchemaField
	for i, root := range t.roots {
		fields[i] = *root.Field
		leaves = appendLeaves(leaves, root)
	}
	t.schema = arrow.NewSchema(fields, nil)
	t.leaves = make([]*pqarrow.ColumnReader, len(leaves))
	reader.Manifest.Fields = leaves
	return t
}

// appendLeaves lists the leaves below field in the order of their columns.
func appendLeaves(leaves []pqarrow.SchemaField, field pqarrow.SchemaField) []pqarrow.SchemaField {
	if len(field.Children) == 0 {
		return append(leaves, field)
	}
	for _, child := range field.Children {
		leaves = appendLeaves(leaves, child)
	}
	return leaves
}

func (t *tree) readGroup(records []arrow.Record, group int, rows int64) ([]arrow.Record, error) {
	if err := t.open(group); err != nil {
		return nil, err
	}
	for rows > 0 {
		n := min(rows, maxReadRows)
		record, err := t.readRecord(n)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
		rows -= n
	}
	return records, nil
}

// open makes the leaves read a row group from its beginning.
func (t *tree) open(group int) error {
	all := make(map[int]bool, len(t.leaves))
	for i := range t.leaves {
		all[i] = true
	}
	for i := range t.leaves {
		leaf, err := t.reader.GetFieldReader(context.Background(), i, all, []int{group})
		if err != nil {
			return err
		}
		t.leaves[i] = leaf
	}
	return nil
}

// readRecord gives the next n rows. A column with fewer is damaged: arrow takes
// some failures of decoding for the end.
func (t *tree) readRecord(n int64) (arrow.Record, error) {
	for i, leaf := range t.leaves {
		if err := leaf.LoadBatch(n); err != nil {
			return nil, fmt.Errorf("leaf column %d: %w", i, err)
		}
	}
	columns := make([]arrow.Array, len(t.roots))
	for i := range t.roots {
		column, err := t.build(&t.roots[i], n)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", t.roots[i].Field.Name, err)
		}
		if int64(column.Len()) != n {
			return nil, fmt.Errorf("column %s: %d rows of %d", t.roots[i].Field.Name, column.Len(), n)
		}
		columns[i] = column
	}
	return array.NewRecord(t.schema, columns, n), nil
}

// build makes the array of a field, of at most bound slots, from the leaves
// below it. What is there and what is null follows from the definition and
// repetition levels of one of them (Dremel; pqarrow, column_readers.go).
func (t *tree) build(field *pqarrow.SchemaField, bound int64) (arrow.Array, error) {
	if len(field.Children) == 0 {
		chunks, err := t.leaves[field.ColIndex].BuildArray(bound)
		if err != nil {
			return nil, err
		}
		return joined(chunks)
	}
	switch field.Field.Type.ID() {
	case arrow.STRUCT:
		return t.buildStruct(field, bound)
	case arrow.LIST, arrow.MAP:
		return t.buildList(field, bound)
	default:
		return nil, fmt.Errorf("a nested column of type %s", field.Field.Type)
	}
}

func (t *tree) buildStruct(field *pqarrow.SchemaField, bound int64) (arrow.Array, error) {
	validity := file.ValidityBitmapInputOutput{ReadUpperBound: bound, Read: bound}
	leaf, repeated := t.levelsOf(field)
	if bound > 0 && (repeated || field.Field.Nullable) {
		validity.ValidBits = make([]byte, bitutil.BytesForBits(bound))
		if err := structValidity(leaf, repeated, field.LevelInfo, &validity); err != nil {
			return nil, err
		}
	}
	children := make([]arrow.ArrayData, len(field.Children))
	for i := range field.Children {
		child, err := t.build(&field.Children[i], bound)
		if err != nil {
			return nil, err
		}
		if i == 0 && validity.ValidBits == nil {
			validity.Read = int64(child.Len())
		}
		if int64(child.Len()) != validity.Read {
			return nil, fmt.Errorf("field %s: %d values of %d", field.Children[i].Field.Name, child.Len(), validity.Read)
		}
		children[i] = child.Data()
	}
	return nested(field.Field.Type, validity, nil, children), nil
}

func (t *tree) buildList(field *pqarrow.SchemaField, bound int64) (arrow.Array, error) {
	leaf, _ := t.levelsOf(field)
	def, err := leaf.GetDefLevels()
	if err != nil {
		return nil, err
	}
	rep, err := leaf.GetRepLevels()
	if err != nil {
		return nil, err
	}
	validity := file.ValidityBitmapInputOutput{ReadUpperBound: bound}
	if field.Field.Nullable {
		validity.ValidBits = make([]byte, bitutil.BytesForBits(bound))
	}
	offsets := make([]int32, bound+1)
	if err := file.DefRepLevelsToListInfo(def, rep, field.LevelInfo, &validity, offsets); err != nil {
		return nil, err
	}
	items := int64(offsets[validity.Read])
	// The items' own bitmap needs room for the slots of null lists as well.
	item, err := t.build(&field.Children[0], items+validity.NullCount)
	if err != nil {
		return nil, err
	}
	if int64(item.Len()) != items {
		return nil, fmt.Errorf("%d list items of %d", item.Len(), items)
	}
	listType := field.Field.Type
	if listType.ID() == arrow.MAP && len(field.Children[0].Children) != 2 {
		listType = arrow.ListOf(item.DataType()) // a map without values
	}
	bytes := arrow.Int32Traits.CastToBytes(offsets[:validity.Read+1])
	return nested(listType, validity, bytes, []arrow.ArrayData{item.Data()}), nil
}

// nested makes an array of structs, lists or maps. Only lists and maps have offsets.
func nested(dataType arrow.DataType, validity file.ValidityBitmapInputOutput, offsets []byte, children []arrow.ArrayData) arrow.Array {
	buffers := []*memory.Buffer{nil}
	if validity.NullCount > 0 {
		buffers[0] = memory.NewBufferBytes(validity.ValidBits)
	}
	if offsets != nil {
		buffers = append(buffers, memory.NewBufferBytes(offsets))
	}
	return array.MakeFromData(array.NewData(dataType, int(validity.Read), buffers, children, int(validity.NullCount), 0))
}

// levelsOf finds the leaf whose levels tell about field, and whether that leaf
// is repeated below it. One that is not has the fewest levels.
func (t *tree) levelsOf(field *pqarrow.SchemaField) (leaf *pqarrow.ColumnReader, repeated bool) {
	if len(field.Children) == 0 {
		return t.leaves[field.ColIndex], false
	}
	if id := field.Field.Type.ID(); id == arrow.LIST || id == arrow.MAP {
		leaf, _ = t.levelsOf(&field.Children[0])
		return leaf, true
	}
	for i := range field.Children {
		if leaf, repeated = t.levelsOf(&field.Children[i]); !repeated {
			return leaf, false
		}
	}
	return t.levelsOf(&field.Children[0])
}

// structValidity finds out which structs are there and which are null.
func structValidity(leaf *pqarrow.ColumnReader, repeated bool, info file.LevelInfo, validity *file.ValidityBitmapInputOutput) error {
	def, err := leaf.GetDefLevels()
	if err != nil {
		return err
	}
	if !repeated { // the leaf may not even have repetition levels
		file.DefLevelsToBitmap(def, info, validity)
		return nil
	}
	rep, err := leaf.GetRepLevels()
	if err != nil {
		return err
	}
	return file.DefRepLevelsToBitmap(def, rep, info, validity)
}

// joined makes one array of chunks.
func joined(chunks *arrow.Chunked) (arrow.Array, error) {
	switch len(chunks.Chunks()) {
	case 0:
		return array.MakeArrayOfNull(memory.DefaultAllocator, chunks.DataType(), 0), nil
	case 1:
		return chunks.Chunk(0), nil
	default:
		return array.Concatenate(chunks.Chunks(), memory.DefaultAllocator)
	}
}
