// Package parquet turns arrow records into Parquet bytes and column statistics.
// It is the only room that knows the Parquet library.
//
//	records ─▶ Writer ─▶ a data file, through storage, with ColumnStats   (file.go)
//	record  ─▶ Encode ─▶ the bytes of a small file with nested columns    (encode.go)
//	a file that anyone wrote ─▶ ReadAll ─▶ records                        (read.go)
//
// Inside a Writer (column.go, encoding.go, text.go, press.go):
//
//	record ─▶ pieces ─▶ a column's open page ─▶ its encoding ─▶ press: zstd ─▶ the row group's pages ─▶ sink ─▶ storage
//	                    which keeps the bounds   PLAIN, dictionary.go, delta.go
//
// A data file is simple on purpose, so that every reader takes it:
//
//	PAR1
//	row group 0   column 0: [dictionary] page page …   column 1: page …   …      at most 524,288 rows
//	row group 1   …                                                              or about 32 MiB, as pages
//	footer, its length, PAR1
//
// Every column is optional, every page is a version 1 data page in a frame of
// zstd, and the root is REQUIRED. How a column chunk is encoded and compressed
// is chosen by its first values and never by the schema; ENCODING.md tells the
// choices and what they save. The footer holds no statistics; those of the
// Delta log, which readers prune by, are ours and exact.
//
// The pages are made here because arrow's column writers spend most of their
// time on dictionaries, levels and statistics that nobody uses. arrow writes
// the footer.
package parquet

import (
	"errors"
	"io/fs"
	"syscall"
	"time"

	"autoloaderlab/engine/failure"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
)

// createdBy is the application that the footer names. Its version is that of the
// files' form and not the program's, so that the same records give the same
// bytes. It must be 1.8.0 at least: for DELTA_BYTE_ARRAY from a writer with a
// lower version, or none, parquet-java expects a bug of its own (PARQUET-246),
// and Spark without its vectorized reader refuses the file.
const createdBy = "autoloaderlab version 2.0.0 (build 0)"

// DataFile is a Parquet file that is on disk, whole.
type DataFile struct {
	Path      string // absolute
	SizeBytes int64
	Rows      int64
	ModTime   time.Time
	Columns   []ColumnStats // in the schema's order
}

// ColumnStats is what a file holds in one top-level column.
//
// Min and Max are nil when the column has no value but null, and for floats
// when one of them is NaN. Their Go types are those of arrow's values:
//
//	utf8                string, ordered by bytes
//	date32              int32, days since 1970-01-01
//	int64               int64
//	timestamp[us, UTC]  int64, microseconds since 1970-01-01T00:00:00Z
//	float64             float64
//	bool                bool
type ColumnStats struct {
	Name      string
	Type      arrow.DataType
	NullCount int64
	Min, Max  any
}

// properties are those of every file that this package writes. Root repetition
// REQUIRED because some readers choke on arrow's default (apache/arrow-go issue 722).
func properties(codec compress.Compression, more ...parquet.WriterProperty) *parquet.WriterProperties {
	return parquet.NewWriterProperties(append([]parquet.WriterProperty{
		parquet.WithCreatedBy(createdBy),
		parquet.WithRootRepetition(parquet.Repetitions.Required),
		parquet.WithCompression(codec),
		parquet.WithDictionaryDefault(false),
		parquet.WithStats(false),
	}, more...)...)
}

// diskFailure gives an error of storage its class.
func diskFailure(op, path string, err error) error {
	class := failure.Storage
	switch {
	case errors.Is(err, syscall.ENOSPC):
		class = failure.DiskFull
	case errors.Is(err, fs.ErrPermission):
		class = failure.NoPermission
	}
	return failure.Wrap(class, op, path, err)
}
