// Package csv turns the bytes of CSV files into Arrow records with the
// semantics of Auto Loader's CSV reader, which are those of Spark's reader
// (the univocity parser) plus the rescued data column.
//
//	bytes ─▶ input ─▶ window ─▶ plain ────────────▶ columns ─▶ arrow.Record
//	         gzip,    1 MiB at  (no quote, no CR,      ▲
//	         decode,  a time    valid UTF-8)           │
//	         BOM          └───▶ lines ─▶ tokenizer ────┘
//	                            (everything else)   └─▶ rescued
//
// Every column is STRING (Auto Loader's default under inference) and the last
// one is _rescued_data: NULL on clean rows, else a JSON object with what did
// not fit and the file it came from. A row is never lost, whatever it holds.
//
// Two roads lead to the same cells. The plain road serves text that needs no
// parsing beyond its separators, many lines at once; the exact road is
// the state machine of record.go. A property test holds them together, and
// testdata/spark.json, answers of a real Spark 4.0.1, holds both to the truth.
//
// Where we leave Spark on purpose, since it would lose data:
//   - NUL is a character as any other. univocity also takes it for "no quote"
//     and "no escape" where those are off, and drops it.
//   - With a lineSep of two characters, a line feed within a line is data.
//     univocity ends the record there and garbles the next one.
//
// Files, in the order a byte meets them: options.go, pieces.go, input.go,
// lines.go, header.go, record.go (with multisep.go), plain.go, columns.go,
// rescued.go; reader.go conducts.
package csv
