package parquet

import (
	"bytes"
	"fmt"

	"autoloaderlab/engine/failure"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// Encode gives rec as a whole Parquet file, compressed with snappy. Columns may
// be nested; the elements of lists must be nullable, because arrow writes them
// so whatever the schema says (apache/arrow-go PR 311). It is meant for files
// that fit in memory several times over, such as checkpoints of the Delta log.
func Encode(rec arrow.Record) ([]byte, error) {
	encoded, err := encode(rec)
	return encoded, failure.Wrap(failure.Internal, "encode", "record", err)
}

func encode(rec arrow.Record) (_ []byte, err error) {
	// arrow refuses what it cannot write by panicking.
	defer recovered(&err)
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(rec.Schema(), &out, properties(compress.Codecs.Snappy), pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, err
	}
	if err := w.Write(rec); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	// Closing lets some failures pass; a footer with all the rows is the proof.
	written, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		return nil, err
	}
	if written.NumRows() != rec.NumRows() {
		return nil, fmt.Errorf("%d rows written of %d", written.NumRows(), rec.NumRows())
	}
	return out.Bytes(), nil
}
