package csv_test

import (
	"errors"
	"reflect"
	"testing"

	"autoloaderlab/engine/autoloader/csv"
	"autoloaderlab/engine/failure"
)

func asFailure(err error, to **failure.Error) { errors.As(err, to) }

func TestNamesOfAFile(t *testing.T) {
	tests := []struct {
		name, text string
		options    []string
		want       []string
	}{
		{"the first line", "a,b\n1,2\n", nil, []string{"a", "b"}},
		{"behind blank lines", "\n  \na,b\n", nil, []string{"a", "b"}},
		{"behind comments", "#x\n#y\na,b\n", []string{"comment", "#"}, []string{"a", "b"}},
		{"behind skipped rows", "x\n\na,b\n", []string{"skipRows", "2"}, []string{"a", "b"}},
		{"behind a BOM", "\uFEFFa,b\n", nil, []string{"a", "b"}},
		{"blank names go by position", "a,,\"\",d,\n", nil, []string{"a", "_c1", "_c2", "d", "_c4"}},
		{"so do names that read like nullValue", "a,NA\n", []string{"nullValue", "NA"}, []string{"a", "_c1"}},
		{"names that differ by case only are two", "id,ID\n", nil, []string{"id", "ID"}},
		{"quoted names", "\"a,b\",\"c\"\n", nil, []string{"a,b", "c"}},
		{"over several lines", "\"a\nb\",c\n", []string{"multiLine", "true"}, []string{"a\nb", "c"}},
		{"without a line break", "a,b", nil, []string{"a", "b"}},
		{"without a header: as wide as the first record", "1,2,3\n", []string{"header", "false"}, []string{"_c0", "_c1", "_c2"}},
		{"bytes that are not UTF-8", "a\xe9\n", nil, []string{"a\uFFFD"}},
		{"an empty file", "", nil, nil},
		{"blank lines only", "\n \n", nil, nil},
		{"more skipped than there is", "a\n", []string{"skipRows", "5"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := csv.ReadHeader(inputOf(test.text), options(t, test.options...))
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func TestRepeatedNamesAreNamed(t *testing.T) {
	_, err := csv.ReadHeader(inputOf("a,b,a,b,a,c\n"), csv.DefaultOptions())
	wantFailure(t, err, failure.DuplicateColumn, uri)
	var f *failure.Error
	if asFailure(err, &f); !reflect.DeepEqual(f.Names, []string{"a", "b"}) {
		t.Errorf("names %q", f.Names)
	}
}

func TestAHeaderThatLooksLikeData(t *testing.T) {
	for _, names := range [][]string{{"a", "12.50"}, {"2024-05-01"}, {"a", "2024-05-01 10:00:00"}, {"01/05/2024"}, {"a", "_c1"}, {" "}, {"-3"}} {
		if !csv.HeaderLooksLikeData(names) {
			t.Errorf("%q does not look like data", names)
		}
	}
	for _, names := range [][]string{nil, {"account_id", "purchase_date"}, {"F-1"}, {"q1", "2nd"}} {
		if csv.HeaderLooksLikeData(names) {
			t.Errorf("%q looks like data", names)
		}
	}
}
