package csv_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"autoloaderlab/engine/autoloader/csv"
)

// null stands for NULL in what a test wants.
const null = "<NULL>"

const uri = "file:///landing/ventas.csv"

func inputOf(text string) csv.Input {
	return csv.Input{URI: uri, Bytes: bytes.NewReader([]byte(text)), SizeBytes: int64(len(text))}
}

// options are the defaults with pairs of name and value set.
func options(t testing.TB, pairs ...string) csv.Options {
	t.Helper()
	o := csv.DefaultOptions()
	for i := 0; i < len(pairs); i += 2 {
		known, err := o.ParseOption(pairs[i], pairs[i+1])
		if err != nil || !known {
			t.Fatalf("ParseOption(%q, %q) = %v, %v", pairs[i], pairs[i+1], known, err)
		}
	}
	return o
}

// readFile reads all of in by its own header into columns, the header's when nil.
func readFile(in csv.Input, columns []string, o csv.Options) ([][]string, error) {
	return readPieces(in, []csv.Piece{{End: in.SizeBytes}}, columns, o)
}

func readPieces(in csv.Input, pieces []csv.Piece, columns []string, o csv.Options) ([][]string, error) {
	header, err := csv.ReadHeader(in, o)
	if err != nil {
		return nil, err
	}
	if columns == nil {
		columns = header
	}
	var rows [][]string
	for _, piece := range pieces {
		r, err := open(context.Background(), in, piece, header, columns, o)
		if err != nil {
			return rows, err
		}
		read, err := drain(r)
		rows = append(rows, read...)
		if err != nil {
			return rows, err
		}
	}
	return rows, nil
}

// open gives a reader that stands in piece p.
func open(ctx context.Context, in csv.Input, p csv.Piece, header, columns []string, o csv.Options) (*csv.Reader, error) {
	r := csv.NewReader(columns, o)
	return r, r.Open(ctx, in, p, header)
}

func drain(r *csv.Reader) ([][]string, error) {
	var rows [][]string
	for {
		record, err := r.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, rowsOf(record)...)
	}
}

func rowsOf(record arrow.Record) [][]string {
	rows := make([][]string, record.NumRows())
	for i := range rows {
		rows[i] = make([]string, record.NumCols())
		for j := range rows[i] {
			rows[i][j] = null
			if column := record.Column(j).(*array.String); column.IsValid(i) {
				rows[i][j] = strings.Clone(column.Value(i))
			}
		}
	}
	return rows
}
