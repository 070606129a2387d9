package csv_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"autoloaderlab/engine/autoloader/csv"
)

// sparkCase is one file that a real Spark read. What Auto Loader adds to Spark
// (rescued data) is left out of the comparison: cells beyond the header are
// dropped by Spark.
type sparkCase struct {
	Name    string
	Options map[string]string
	Input   string
	Base64  []byte `json:"input_base64"` // instead of Input, where it is not UTF-8
	Columns []string
	Rows    [][]*string
}

func (c sparkCase) input() csv.Input {
	text := []byte(c.Input)
	if c.Base64 != nil {
		text = c.Base64
	}
	return csv.Input{URI: uri, Bytes: bytes.NewReader(text), SizeBytes: int64(len(text))}
}

// TestRealSparkReadsTheSame compares us with the answers of Spark 4.0.1 in testdata/spark.json.
func TestRealSparkReadsTheSame(t *testing.T) {
	file, err := os.ReadFile("testdata/spark.json")
	if err != nil {
		t.Fatal(err)
	}
	var answers struct{ Cases []sparkCase }
	if err := json.Unmarshal(file, &answers); err != nil {
		t.Fatal(err)
	}
	for _, c := range answers.Cases {
		t.Run(c.Name, func(t *testing.T) {
			var pairs []string
			for name, value := range c.Options {
				pairs = append(pairs, name, value)
			}
			o := options(t, pairs...)
			columns, err := csv.ReadHeader(c.input(), o)
			if err != nil || !reflect.DeepEqual(columns, c.Columns) {
				t.Fatalf("columns of %q: got %q, %v; want %q", c.Input, columns, err, c.Columns)
			}
			got, err := readFile(c.input(), nil, o)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i] = got[i][:len(columns)]
			}
			if want := c.rows(); !reflect.DeepEqual(got, want) {
				t.Errorf("%q with %q:\n got %q\nwant %q", c.Input, c.Options, got, want)
			}
		})
	}
}

func (c sparkCase) rows() [][]string {
	var rows [][]string
	for _, row := range c.Rows {
		texts := make([]string, len(row))
		for i, cell := range row {
			texts[i] = null
			if cell != nil {
				texts[i] = *cell
			}
		}
		rows = append(rows, texts)
	}
	return rows
}
