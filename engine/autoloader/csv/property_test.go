package csv_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"autoloaderlab/engine/autoloader/csv"
)

// fragments are what hostile files are made of. Plain lines are frequent
// enough for the plain road to be taken.
var fragments = []string{
	"a", "b,c", "1,2\n", "3,4\n", "x,\n", ",\n", "\n", "\n", "\r\n", "\r", ",", "\"", "\"\"", "\\", "\\\"", " ", "\t", "#",
	"\x00", "é", "\xe9", "\xe2\x82", "\uFEFF", "NA", "\"q\"", "\"m\nn\"", ";", "||", strings.Repeat("long,", 30),
}

var dialects = [][]string{
	{}, {}, {},
	{"header", "false"},
	{"multiLine", "true"},
	{"multiLine", "true", "lineSep", ";"},
	{"escape", "\""},
	{"quote", ""},
	{"comment", "#"},
	{"sep", "||"},
	{"sep", `\t`},
	{"sep", "é"},
	{"lineSep", ";"},
	{"lineSep", "\n"},
	{"nullValue", "NA", "emptyValue", "VACIO"},
	{"skipRows", "2"},
	{"skipRows", "1", "header", "false"},
	{"ignoreLeadingWhiteSpace", "true", "ignoreTrailingWhiteSpace", "true"},
	{"mode", "DROPMALFORMED"},
}

func hostileFile(t *rapid.T) string {
	text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments), 0, 40).Draw(t, "fragments"), "")
	if rapid.Bool().Draw(t, "with header") {
		text = "a,b\n" + text
	}
	if rapid.IntRange(0, 4).Draw(t, "with BOM") == 0 {
		text = "\uFEFF" + text
	}
	return text
}

// The rows of contiguous pieces are the rows of the file, wherever the cuts fall.
func TestPiecesAreTheWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := hostileFile(rt)
		o := options(t, rapid.SampledFrom(dialects).Draw(rt, "options")...)
		cuts := rapid.SliceOfN(rapid.IntRange(0, len(text)), 0, 6).Draw(rt, "cuts")
		checkPieces(rt, text, o, cuts)
	})
}

func TestEveryCutOfAFile(t *testing.T) {
	files := []string{
		"a,b\r\n1,2\r\n\r\n3,4\r5,6\n\n7,8", "\uFEFFa,b\n1,2\n", "\uFEFF\n\na,b\n1,2\n\"x\ny\",3\n", "\n\n", "a,b",
		"a very long header that is longer than the first piece,b\r\n1,2\r\n",
	}
	for _, text := range files {
		for _, pairs := range [][]string{{}, {"header", "false"}, {"skipRows", "1"}} {
			o := options(t, pairs...)
			for i := range len(text) + 1 {
				for j := i; j <= len(text); j++ {
					checkPieces(t, text, o, []int{i, j})
				}
			}
		}
	}
}

type fataler interface{ Fatalf(string, ...any) }

func checkPieces(t fataler, text string, o csv.Options, cuts []int) {
	in := inputOf(text)
	if !csv.Splittable(in, o) {
		return
	}
	slices.Sort(cuts)
	var pieces []csv.Piece
	start := int64(0)
	for _, cut := range cuts {
		pieces = append(pieces, csv.Piece{Start: start, End: int64(cut)})
		start = int64(cut)
	}
	pieces = append(pieces, csv.Piece{Start: start, End: in.SizeBytes})
	columns := []string{"a", "b", "_c0"}
	want, wantErr := readFile(in, columns, o)
	got, err := readPieces(in, pieces, columns, o)
	if fmt.Sprint(err) != fmt.Sprint(wantErr) || !reflect.DeepEqual(got, want) {
		t.Fatalf("%q in pieces %v:\n got %q %v\nwant %q %v", text, pieces, got, err, want, wantErr)
	}
}

// Both roads lead to the same rows.
func TestThePlainRoadIsTheExactOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := hostileFile(rt)
		o := options(t, rapid.SampledFrom(dialects).Draw(rt, "options")...)
		checkRoads(rt, text, o)
	})
}

func TestThePlainRoadIsTheExactOneOnLongFiles(t *testing.T) {
	var b strings.Builder
	b.WriteString("a,b\n")
	for i := range 120_000 {
		fmt.Fprintf(&b, "%d,value %d\n", i, i%97)
		switch {
		case i%30_000 == 7:
			b.WriteString("\"quoted\",x\n\n1\n1,2,3\n")
		case i%50_000 == 9:
			b.WriteString("crlf,x\r\ncaf\xe9,y\n,\n")
		}
	}
	checkRoads(t, b.String(), csv.DefaultOptions())
	cut := b.Len() / 3
	checkPieces(t, b.String(), csv.DefaultOptions(), []int{cut, cut + 1, 2 * cut, 2*cut + 70_000})
}

func checkRoads(t fataler, text string, o csv.Options) {
	in := inputOf(text)
	header, err := csv.ReadHeader(in, o)
	if err != nil {
		return
	}
	read := func(exact bool) ([][]string, error) {
		r, err := open(context.Background(), in, csv.Piece{End: in.SizeBytes}, header, header, o)
		if err != nil {
			return nil, err
		}
		if exact {
			csv.Exact(r)
		}
		return drain(r)
	}
	got, err := read(false)
	want, wantErr := read(true)
	if fmt.Sprint(err) != fmt.Sprint(wantErr) || !reflect.DeepEqual(got, want) {
		at := 0
		for at < min(len(got), len(want)) && reflect.DeepEqual(got[at], want[at]) {
			at++
		}
		t.Fatalf("roads part at row %d on %.2000q:\nplain %.2q %v\nexact %.2q %v", at, text, got[at:], err, want[at:], wantErr)
	}
}

func TestLastLineBreak(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	for _, test := range []struct {
		text string
		want int64
	}{{"", 0}, {"a", 0}, {"a\n", 2}, {"a\nb", 2}, {"a\r\nb", 3}, {"a\rb", 2}, {"\n" + long, 1}, {long, 0}} {
		got, err := csv.LastLineBreak(bytes.NewReader([]byte(test.text)), int64(len(test.text)))
		if err != nil || got != test.want {
			t.Errorf("LastLineBreak(%.10q) = %d, %v; want %d", test.text, got, err, test.want)
		}
	}
}

func TestWhatMayBeSplit(t *testing.T) {
	for _, test := range []struct {
		pairs []string
		gzip  bool
		want  bool
	}{
		{nil, false, true},
		{nil, true, false},
		{[]string{"multiLine", "true"}, false, false},
		{[]string{"encoding", "ISO-8859-1"}, false, false},
		{[]string{"encoding", "utf8"}, false, true},
		{[]string{"lineSep", ";"}, false, true},
		{[]string{"lineSep", "\r\n"}, false, false},
	} {
		in := inputOf("")
		in.Gzip = test.gzip
		if got := csv.Splittable(in, options(t, test.pairs...)); got != test.want {
			t.Errorf("Splittable(gzip=%v, %v) = %v", test.gzip, test.pairs, got)
		}
	}
}

// FuzzReader: no bytes make the reader panic, and both properties hold for all.
func FuzzReader(f *testing.F) {
	f.Add([]byte("a,b\n1,\"x\"\n"), uint8(0), uint16(3), uint16(7))
	f.Add([]byte("a,b\r\n\"1\\\"\",2\r\n\r\n3"), uint8(4), uint16(5), uint16(5))
	f.Add([]byte("a||b\n\"x\" y||z\n||\n"), uint8(9), uint16(1), uint16(9))
	f.Add([]byte("\"x\"\\\"\\\"\\,2\n\xe2\x82,\xff"), uint8(3), uint16(0), uint16(2))
	f.Fuzz(func(t *testing.T, text []byte, dialect uint8, cut1, cut2 uint16) {
		o := options(t, dialects[int(dialect)%len(dialects)]...)
		checkRoads(t, string(text), o)
		checkPieces(t, string(text), o, []int{min(int(cut1), len(text)), min(int(cut2), len(text))})
	})
}

// FuzzHeader: names are never empty nor repeated.
func FuzzHeader(f *testing.F) {
	f.Add([]byte("a,b,,\"c\"\"d\"\n"), uint8(0))
	f.Add([]byte("\uFEFF\n#\n'a,_c1,\xff"), uint8(8))
	f.Fuzz(func(t *testing.T, text []byte, dialect uint8) {
		names, err := csv.ReadHeader(inputOf(string(text)), options(t, dialects[int(dialect)%len(dialects)]...))
		if err != nil {
			return
		}
		csv.HeaderLooksLikeData(names)
		seen := map[string]bool{}
		for _, name := range names {
			if name == "" || seen[name] {
				t.Fatalf("names of %q: %q", text, names)
			}
			seen[name] = true
		}
	})
}

// A reader that goes from piece to piece gives what readers of their own would.
func TestOneReaderForManyFilesIsAsOneForEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := csv.DefaultOptions()
		columns := []string{"a", "b"}
		one := csv.NewReader(columns, o)
		var got, want [][]string
		for i := range rapid.IntRange(1, 6).Draw(t, "files") {
			header := rapid.SampledFrom([]string{"a,b", "b,a", "a", "a,b,c", "A,b"}).Draw(t, "header")
			text := header + "\n" + strings.Repeat(rapid.SampledFrom([]string{"1,2\n", "1,\"x\"\n", "1\n", ",\n", "1,2,3\n"}).Draw(t, "row"),
				rapid.SampledFrom([]int{0, 1, 3, 9_000}).Draw(t, "rows"))
			in := inputOf(text)
			in.URI = fmt.Sprintf("file:///landing/%d.csv", i)
			names := strings.Split(header, ",")
			own, err := open(context.Background(), in, csv.Piece{End: in.SizeBytes}, names, columns, o)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := drain(own)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, rows...)
			if err := one.Open(context.Background(), in, csv.Piece{End: in.SizeBytes}, names); err != nil {
				t.Fatal(err)
			}
			for err = one.Read(); err == nil; err = one.Read() {
				got = append(got, rowsOf(one.Record())...)
			}
			if err != io.EOF {
				t.Fatal(err)
			}
		}
		if last := one.Record(); last != nil {
			got = append(got, rowsOf(last)...)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%d rows, not %d", len(got), len(want))
		}
	})
}
