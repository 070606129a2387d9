package csv_test

import (
	"reflect"
	"testing"

	"autoloaderlab/engine/autoloader/csv"
	"autoloaderlab/engine/failure"
)

func TestOptionsGoByTheirRealNamesWithoutRegardToCase(t *testing.T) {
	o := options(t, "HEADER", "False", "delimiter", `\t`, "LineSep", "\r\n", "quote", "", "escape", "", "comment", "#",
		"charToEscapeQuoteEscaping", "!", "nullValue", "NA", "emptyValue", "E", "charset", "latin1", "mode", "failfast",
		"multiLine", "TRUE", "skipRows", "3", "ignoreLeadingWhiteSpace", "true", "ignoreTrailingWhiteSpace", "true",
		"maxColumns", "7", "maxCharsPerColumn", "9", "unescapedQuoteHandling", "stop_at_delimiter")
	no := false
	want := csv.Options{Header: &no, Sep: "\t", LineSep: "\r\n", Comment: '#', CharToEscapeQuoteEscaping: '!',
		NullValue: "NA", EmptyValue: "E", Encoding: "latin1", Mode: csv.FailFast, MultiLine: true, SkipRows: 3,
		IgnoreLeadingWhiteSpace: true, IgnoreTrailingWhiteSpace: true, MaxColumns: 7, MaxCharsPerColumn: 9,
		UnescapedQuoteHandling: "STOP_AT_DELIMITER"}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("got %+v\nwant %+v", o, want)
	}
}

func TestOptionsThatChangeNothingAreAccepted(t *testing.T) {
	o := options(t, "dateFormat", "dd/MM", "timestampFormat", "x", "locale", "es-ES", "nanValue", "n", "positiveInf", "i",
		"negativeInf", "i", "preferDate", "false", "timeZone", "UTC", "enforceSchema", "false", "parserCaseSensitive", "true",
		"inferSchema", "false", "readerCaseSensitive", "true", "rescuedDataColumn", "_rescued_data", "columnNameOfCorruptRecord", "_corrupt_record")
	if !reflect.DeepEqual(o, csv.DefaultOptions()) {
		t.Errorf("got %+v", o)
	}
}

func TestOptionsThatAreRefused(t *testing.T) {
	tests := []struct {
		name, value string
		want        failure.Class
	}{
		{"header", "yes", failure.InvalidOption},
		{"sep", "", failure.InvalidOption},
		{"sep", `\`, failure.InvalidOption},
		{"sep", `\q`, failure.InvalidOption},
		{"quote", "''", failure.InvalidOption},
		{"escape", "😀", failure.InvalidOption},
		{"lineSep", "", failure.InvalidOption},
		{"lineSep", "abc", failure.InvalidOption},
		{"encoding", "klingon", failure.InvalidOption},
		{"mode", "LAX", failure.InvalidOption},
		{"skipRows", "-1", failure.InvalidOption},
		{"maxColumns", "0", failure.InvalidOption},
		{"maxCharsPerColumn", "-2", failure.InvalidOption},
		{"unescapedQuoteHandling", "SMILE", failure.InvalidOption},
		{"unescapedQuoteHandling", "RAISE_ERROR", failure.UnsupportedOption},
		{"badRecordsPath", "/x", failure.UnsupportedOption},
		{"columnNameOfCorruptRecord", "c", failure.UnsupportedOption},
		{"readerCaseSensitive", "false", failure.UnsupportedOption},
		{"rescuedDataColumn", "r", failure.UnsupportedOption},
		{"inferSchema", "true", failure.UnsupportedOption},
	}
	for _, test := range tests {
		o := csv.DefaultOptions()
		known, err := o.ParseOption(test.name, test.value)
		if !known {
			t.Errorf("%s is not known", test.name)
		}
		wantFailure(t, err, test.want, test.name)
	}
	o := csv.DefaultOptions()
	if known, err := o.ParseOption("cloudFiles.format", "csv"); known || err != nil {
		t.Errorf("an option of others: %v, %v", known, err)
	}
}
