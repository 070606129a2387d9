package csv_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"golang.org/x/text/encoding/unicode"

	"autoloaderlab/engine/autoloader/csv"
	"autoloaderlab/engine/failure"
)

func rescued(pairs string) string { return `{` + pairs + `,"_file_path":"` + uri + `"}` }

func TestRowsOfAFile(t *testing.T) {
	tests := []struct {
		name    string
		text    string
		columns []string
		options []string
		want    [][]string
	}{
		{"the header is not a row, and clean rows have no rescued data",
			"a,b\n1,2\n3,4\n", nil, nil, [][]string{{"1", "2", null}, {"3", "4", null}}},
		{"a last line without line break is a row",
			"a,b\n1,2", nil, nil, [][]string{{"1", "2", null}}},
		{"without a header the first line is a row",
			"a,b\n1,2\n", nil, []string{"header", "false"}, [][]string{{"a", "b", null}, {"1", "2", null}}},
		{"without a header a wider row fills the columns the stream knows",
			"1\n1,2,3\n", []string{"_c0", "_c1"}, []string{"header", "false"},
			[][]string{{"1", null, null}, {"1", "2", rescued(`"_c2":"3"`)}}},
		{"a file is read by its own header",
			"b,a\n1,2\n", []string{"a", "b"}, nil, [][]string{{"2", "1", null}}},
		{"a column that a file has not is NULL",
			"a\n1\n", []string{"a", "b"}, nil, [][]string{{"1", null, null}}},
		{"a name in other case is rescued under the file's spelling",
			"ID,b\n1,2\n", []string{"id", "b"}, nil, [][]string{{null, "2", rescued(`"ID":"1"`)}}},
		{"names that differ by case only: the first is the column",
			"id,ID\n1,2\n", []string{"id"}, nil, [][]string{{"1", rescued(`"ID":"2"`)}}},
		{"a name unknown to the stream is rescued",
			"a,x\n1,2\n", []string{"a"}, nil, [][]string{{"1", rescued(`"x":"2"`)}}},
		{"a NULL is not rescued",
			"a,x\n1,\n", []string{"a"}, nil, [][]string{{"1", null}}},
		{"a short row ends in NULLs and is clean",
			"a,b,c\n1\n1,2,3\n", nil, nil, [][]string{{"1", null, null, null}, {"1", "2", "3", null}}},
		{"cells too many are rescued by position, and other rows unharmed",
			"a,b\n1,2,3,,5\n6,7\n", nil, nil,
			[][]string{{"1", "2", rescued(`"_c2":"3","_c4":"5"`)}, {"6", "7", null}}},
		{"a separator at the end of a row is no value",
			"a,b\n1,2,\n", nil, nil, [][]string{{"1", "2", null}}},
		{"rescued text is escaped as JSON and not as HTML",
			"a\n1,\"<&>\t\\\"\\\\\x01é\"\n", nil, nil, [][]string{{"1", rescued(`"_c1":"<&>\t\"\\\u0001é"`)}}},
		{"LF, CRLF and CR end lines, and blank lines are none",
			"a,b\r\n1,2\r\n\r\n  \r\n3,4\r5,6\n", nil, nil, [][]string{{"1", "2", null}, {"3", "4", null}, {"5", "6", null}}},
		{"a line break ends the record whatever the quotes say",
			"a,b\n1,\"x\ny\",2\n", nil, nil, [][]string{{"1", "x", null}, {"y\"", "2", null}}},
		{"multiLine: quotes hold line breaks, of which CRLF reads as LF",
			"a,b\r\n1,\"x\r\ny\"\r\n2,z\r\n", nil, []string{"multiLine", "true"}, [][]string{{"1", "x\ny", null}, {"2", "z", null}}},
		{"lineSep is the only line end",
			"a,b|1,2\r\n|3,4", nil, []string{"lineSep", "|"}, [][]string{{"1", "2\r\n", null}, {"3", "4", null}}},
		{"a BOM is no part of the first name",
			"\uFEFFa,b\n1,2\n", []string{"a", "b"}, nil, [][]string{{"1", "2", null}}},
		{"comments are no rows",
			"#y\na,b\n#1,2\n3,4\n", nil, []string{"comment", "#"}, [][]string{{"3", "4", null}}},
		{"skipRows counts every line",
			"junk,\"\n\n#\na,b\n1,2\n", nil, []string{"skipRows", "3"}, [][]string{{"1", "2", null}}},
		{"quoted and unquoted empty cells are told apart by emptyValue",
			"a,b,c\n\"\",,x\n", nil, []string{"emptyValue", "VACIO"}, [][]string{{"VACIO", null, "x", null}}},
		{"nullValue is NULL, and a quoted empty cell then is not",
			"a,b,c\nNA,\"\",\"NA\"\n", nil, []string{"nullValue", "NA"}, [][]string{{null, "", null, null}}},
		{"by default both are NULL",
			"a,b,c\n\"\",,x\n", nil, nil, [][]string{{null, null, "x", null}}},
		{"NUL and other controls are data",
			"a,b\n1\x00,\"\x00\x01\"\n", nil, nil, [][]string{{"1\x00", "\x00\x01", null}}},
		{"bytes that are not UTF-8 are replaced, and rescued as \\xHH",
			"a,b\ncaf\xe9,2\nok,3\n", nil, nil, [][]string{{"caf\uFFFD", "2", rescued(`"a":"caf\\xE9"`)}, {"ok", "3", null}}},
		{"one replacement for a character cut short",
			"a\n\xe2\x82,\xe2\x82\n", nil, nil, [][]string{{"\uFFFD", rescued(`"a":"\\xE2\\x82","_c1":"\\xE2\\x82"`)}}},
		{"a separator of several characters",
			"a||b\n1|||2\n\"x||y\"||z\n", nil, []string{"sep", "||"}, [][]string{{"1", "|2", null}, {"x||y", "z", null}}},
		{"a separator outside ASCII",
			"a§b\n1§\"2§\"\n", nil, []string{"sep", "§"}, [][]string{{"1", "2§", null}}},
		{"TSV: a row of empty cells is blank",
			"a\tb\n1\t\n\t\n3\t4\n", nil, []string{"delimiter", `\t`}, [][]string{{"1", null, null}, {"3", "4", null}}},
		{"DROPMALFORMED drops a record that ends in quotes, and keeps those that mismatch",
			"a,b\n1\n1,2,3\n1,\"x\n4,5\n", nil, []string{"mode", "dropmalformed"},
			[][]string{{"1", null, null}, {"1", "2", rescued(`"_c2":"3"`)}, {"4", "5", null}}},
		{"PERMISSIVE keeps it",
			"a,b\n1,\"x\n4,5\n", nil, nil, [][]string{{"1", "x", null}, {"4", "5", null}}},
		{"a header and no rows", "a,b\n", nil, nil, nil},
		{"no line at all", "", nil, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := readFile(inputOf(test.text), test.columns, options(t, test.options...))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("rows of %q:\n got %q\nwant %q", test.text, got, test.want)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("año\nñ\n")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text, encoding, column, want string }{
		{"ISO-8859-1", "a\xf1o\n\xe9\n", "iso-8859-1", "año", "é"},
		{"windows-1252", "a\n\x80\n", "windows-1252", "a", "€"},
		{"UTF-16 by its BOM", utf16, "UTF-16", "año", "ñ"},
		{"UTF-16LE with a BOM", utf16, "utf-16le", "año", "ñ"},
		{"one that only IANA knows", "a\n\xa4\n", "ISO-8859-15", "a", "€"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := readFile(inputOf(test.text), []string{test.column}, options(t, "charset", test.encoding))
			if err != nil || len(got) != 1 || got[0][0] != test.want {
				t.Errorf("got %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func packed(t *testing.T, members ...string) string {
	t.Helper()
	var b bytes.Buffer
	for _, member := range members {
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(member)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestGzip(t *testing.T) {
	zipped := func(text string) csv.Input {
		in := inputOf(text)
		in.Gzip = true
		return in
	}
	whole := packed(t, "a,b\n1,2\n3,", "4\n")
	got, err := readFile(zipped(whole), nil, csv.DefaultOptions())
	if want := [][]string{{"1", "2", null}, {"3", "4", null}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("two members: got %q, %v; want %q", got, err, want)
	}
	if got, err := readFile(zipped(""), nil, csv.DefaultOptions()); err != nil || got != nil {
		t.Errorf("an empty file: got %q, %v", got, err)
	}
	for cut := 1; cut < len(whole); cut++ {
		_, err := readFile(zipped(whole[:cut]), nil, csv.DefaultOptions())
		if cut == len(packed(t, "a,b\n1,2\n3,")) {
			continue // a whole member is a whole file
		}
		wantFailure(t, err, failure.CannotRead, uri)
	}
	damaged := []byte(whole)
	damaged[len(damaged)-6] ^= 1
	_, err = readFile(zipped(string(damaged)), nil, csv.DefaultOptions())
	wantFailure(t, err, failure.CannotRead, uri)
}

// What is unpacked or decoded is longer than the file: a file's size says nothing
// of where its text ends.
func TestTextThatIsLongerThanItsFileIsReadToItsEnd(t *testing.T) {
	const rows = 5000
	text := "año,日本\n" + strings.Repeat("1,日本語日本語\n", rows)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		in       csv.Input
		encoding string
	}{
		"gzip":   {csv.Input{URI: uri, Bytes: strings.NewReader(packed(t, text)), SizeBytes: int64(len(packed(t, text))), Gzip: true}, "UTF-8"},
		"UTF-16": {csv.Input{URI: uri, Bytes: strings.NewReader(utf16), SizeBytes: int64(len(utf16))}, "UTF-16"},
	} {
		t.Run(name, func(t *testing.T) {
			options := csv.DefaultOptions()
			if _, err := options.ParseOption("encoding", test.encoding); err != nil {
				t.Fatal(err)
			}
			got, err := readFile(test.in, nil, options)
			if err != nil || len(got) != rows {
				t.Errorf("got %d rows, %v, want %d", len(got), err, rows)
			}
			partial := csv.Piece{Start: 0, End: test.in.SizeBytes - 1}
			reader, err := open(context.Background(), test.in, partial, []string{"año"}, []string{"año"}, options)
			if err == nil {
				_, err = reader.Next()
			}
			wantFailure(t, err, failure.Internal, uri)
		})
	}
}

func wantFailure(t *testing.T, err error, class failure.Class, thing string) {
	t.Helper()
	var f *failure.Error
	if !failure.Is(err, class) {
		t.Fatalf("got %v, want class %s", err, class)
	}
	if asFailure(err, &f); f.Thing != thing {
		t.Errorf("failure of %q, want %q", f.Thing, thing)
	}
}

func TestBytesPastTheSizeDoNotExist(t *testing.T) {
	in := inputOf("a,b\n1,2\n3,4\n")
	in.SizeBytes = int64(len("a,b\n1,2\n3"))
	got, err := readFile(in, nil, csv.DefaultOptions())
	if want := [][]string{{"1", "2", null}, {"3", null, null}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	in.SizeBytes = 100
	_, err = readFile(in, nil, csv.DefaultOptions())
	wantFailure(t, err, failure.CannotRead, uri)
}

type brokenDisk struct{ io.ReaderAt }

func (d brokenDisk) ReadAt(p []byte, at int64) (int, error) {
	if at > 0 {
		return 0, fmt.Errorf("input/output error")
	}
	return d.ReaderAt.ReadAt(p[:min(len(p), 5)], at)
}

func TestADiskThatFails(t *testing.T) {
	in := inputOf("a,b\n1,2\n3,4\n")
	in.Bytes = brokenDisk{in.Bytes}
	_, err := readFile(in, nil, csv.DefaultOptions())
	wantFailure(t, err, failure.CannotRead, uri)
}

func TestMalformedRecords(t *testing.T) {
	tests := []struct {
		name, text string
		options    []string
		where      string
	}{
		{"FAILFAST at an unclosed quote", "a,b\n1,2\n3,\"x\n", []string{"mode", "FAILFAST"}, "record 2:"},
		{"an unclosed quote swallows the rest of a multiLine file", "a,b\n1,\"2\n3,4\n", []string{"mode", "FAILFAST", "multiLine", "true"}, "record 1:"},
		{"more cells than maxColumns", "a,b\n1,2\n1,2,3\n", []string{"maxColumns", "2"}, "record 2:"},
		{"more characters than maxCharsPerColumn", "a,b\n1,22\n1,\"223\"\n", []string{"maxCharsPerColumn", "2"}, "record 2:"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := readFile(inputOf(test.text), []string{"a", "b"}, options(t, test.options...))
			wantFailure(t, err, failure.MalformedCSV, uri)
			var f *failure.Error
			if asFailure(err, &f); !strings.HasPrefix(f.Hint, test.where) {
				t.Errorf("hint %q, want %q", f.Hint, test.where)
			}
		})
	}
}

func TestARowOf20MBLoads(t *testing.T) {
	giant := strings.Repeat("0123456789", 2<<20)
	for _, multiLine := range []string{"false", "true"} {
		for _, cell := range []string{giant, `"` + giant + `"`, `"` + giant + `\""`} {
			got, err := readFile(inputOf("a,b\n1,2\n"+cell+",3\n4,5"), nil, options(t, "multiLine", multiLine))
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(strings.Trim(cell, `"\`), `"`, "")
			if len(got) != 3 || strings.Trim(got[1][0], `"`) != want || got[1][1] != "3" || got[2][0] != "4" {
				t.Errorf("multiLine=%s: %d rows", multiLine, len(got))
			}
		}
	}
}

func TestAMultiLineFileLongerThanTheWindow(t *testing.T) {
	var text strings.Builder
	var want [][]string
	text.WriteString("a,b,c\r\n")
	for i := range 60_000 {
		note := strings.Repeat("é\n", i%9)
		fmt.Fprintf(&text, "%d,\"%s\",\"x\",\r\n", i, note)
		row := []string{fmt.Sprint(i), note, "x", null}
		if note == "" {
			row[1] = null
		}
		want = append(want, row)
	}
	got, err := readFile(inputOf(text.String()), nil, options(t, "multiLine", "true"))
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d rows, %v; want %d", len(got), err, len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("row %d: got %q, want %q", i, got[i], want[i])
		}
	}
}

func TestBatchesAreBoundedAndWhole(t *testing.T) {
	tests := []struct {
		name, line string
		lines      int
	}{
		{"many short rows", "1,x\n", 200_000},
		{"many short rows in quotes", "1,\"x\"\n", 200_000},
		{"long rows", "1," + strings.Repeat("x", 100_000) + "\n", 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := "a,b\n" + strings.Repeat(test.line, test.lines)
			in := inputOf(text)
			r, err := open(context.Background(), in, csv.Piece{End: in.SizeBytes}, []string{"a", "b"}, []string{"a", "b"}, csv.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			rows := 0
			want := []string{"1", strings.Trim(test.line[2:], "\"\n"), null}
			for {
				record, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				chunkRows := int64(128<<10/len(test.line)) + 1
				if record.NumRows() > 8<<10+chunkRows || textBytes(record) > 2<<20 {
					t.Errorf("a batch of %d rows, %d bytes", record.NumRows(), textBytes(record))
				}
				rows += int(record.NumRows())
				for _, row := range rowsOf(record) {
					if !reflect.DeepEqual(row, want) {
						t.Fatalf("a row is %.40q", row)
					}
				}
			}
			if rows != test.lines || r.BytesRead() != in.SizeBytes {
				t.Errorf("%d rows of %d bytes, want %d of %d", rows, r.BytesRead(), test.lines, in.SizeBytes)
			}
		})
	}
}

func textBytes(record arrow.Record) int {
	n := 0
	for _, row := range rowsOf(record) {
		for _, cell := range row {
			if cell != null {
				n += len(cell)
			}
		}
	}
	return n
}

func TestACancelledReadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	in := inputOf("a\n1\n")
	_, err := open(ctx, in, csv.Piece{End: in.SizeBytes}, []string{"a"}, []string{"a"}, csv.DefaultOptions())
	if !failure.Is(err, failure.Cancelled) {
		t.Errorf("got %v", err)
	}
}

func TestChunksAreCountedByTheRoadTheyTook(t *testing.T) {
	for text, want := range map[string]csv.Chunks{
		"a,b\n1,2\n3,4\n":              {Plain: 1},
		"a,b\n\"1\",2\n3,4\n":          {Plain: 1, Exact: 1},
		"a,b\n1,2\n\"3\",4\n5,\"6\"\n": {Plain: 1, Exact: 2},
		"a,b\n1\n2\n":                  {Exact: 1},
		"a,b\n":                        {},
	} {
		in := inputOf(text)
		header := []string{"a", "b"}
		r, err := open(context.Background(), in, csv.Piece{End: in.SizeBytes}, header, header, options(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := drain(r); err != nil {
			t.Fatal(err)
		}
		if got := r.Chunks(); got != want {
			t.Errorf("%q took %+v, want %+v", text, got, want)
		}
	}
}
