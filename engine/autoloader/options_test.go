package autoloader

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"autoloaderlab/engine/autoloader/csv"
	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/schema"
)

func TestOptionsAreKnownByTheirRealNames(t *testing.T) {
	got, err := ParseOptions([]Pair{
		{"cloudFiles.format", "CSV"}, {"CLOUDFILES.maxFilesPerTrigger", "7"}, {"cloudFiles.maxBytesPerTrigger", "10g"},
		{"cloudFiles.includeExistingFiles", "false"}, {"cloudFiles.allowOverwrites", "TRUE"},
		{"cloudFiles.schemaEvolutionMode", "RESCUE"}, {"pathGlobFilter", "*.csv"}, {"ignoreCorruptFiles", "true"},
		{"ignoreMissingFiles", "true"}, {"mergeSchema", "true"}, {"sep", ";"}, {"cloudFiles.maxFilesPerTrigger", "8"},
	})
	want := defaults()
	want.MaxFiles, want.MaxBytes, want.IncludeExisting, want.AllowOverwrites = 8, 10<<30, false, true
	want.Evolution, want.PathGlob, want.IgnoreCorrupt, want.IgnoreMissing, want.MergeSchema = schema.Rescue, "*.csv", true, true, true
	want.CSV.Sep = ";"
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestAnOptionThatCannotBeHonouredIsRefusedByName(t *testing.T) {
	for _, test := range []struct {
		key, value string
		class      failure.Class
	}{
		{"cloudFiles.maxFilePerTrigger", "1", failure.UnknownOption},
		{"headr", "true", failure.UnknownOption},
		{"cloudFiles.maxFilesPerTrigger", "0", failure.InvalidOption},
		{"cloudFiles.maxFilesPerTrigger", "-1", failure.InvalidOption},
		{"cloudFiles.maxFilesPerTrigger", "many", failure.InvalidOption},
		{"cloudFiles.maxBytesPerTrigger", "10 q", failure.InvalidOption},
		{"cloudFiles.maxBytesPerTrigger", "9999999p", failure.InvalidOption},
		{"cloudFiles.includeExistingFiles", "sí", failure.InvalidOption},
		{"cloudFiles.schemaEvolutionMode", "grow", failure.InvalidOption},
		{"pathGlobFilter", "[", failure.InvalidOption},
		{"cloudFiles.format", "json", failure.UnsupportedOption},
		{"cloudFiles.schemaHints", "a INT", failure.UnsupportedOption},
		{"cloudFiles.inferColumnTypes", "true", failure.UnsupportedOption},
		{"cloudFiles.useNotifications", "true", failure.UnsupportedOption},
		{"cloudFiles.cleanSource", "MOVE", failure.UnsupportedOption},
		{"modifiedAfter", "2025-01-01", failure.UnsupportedOption},
		{"checkpointLocation", "/elsewhere", failure.UnsupportedOption},
	} {
		_, err := ParseOptions([]Pair{{test.key, test.value}})
		if !failure.Is(err, test.class) || failure.ThingOf(err) != test.key {
			t.Errorf("%s=%s: got %v, want %s naming it", test.key, test.value, err, test.class)
		}
	}
}

func TestValidateOptionsLetsUnknownCloudFilesOptionsPass(t *testing.T) {
	off := Pair{"cloudFiles.validateOptions", "false"}
	if _, err := ParseOptions([]Pair{{"cloudFiles.unheardOf", "1"}, off}); err != nil {
		t.Errorf("got %v, want it to pass", err)
	}
	if _, err := ParseOptions([]Pair{{"unheardOf", "1"}, off}); !failure.Is(err, failure.UnknownOption) {
		t.Errorf("one that is not cloudFiles': got %v, want %s", err, failure.UnknownOption)
	}
	if _, err := ParseOptions([]Pair{{"cloudFiles.inferColumnTypes", "false"}}); err != nil {
		t.Errorf("a default said aloud: got %v", err)
	}
}

func TestByteSizesAreSparks(t *testing.T) {
	for text, want := range map[string]int64{
		"1000": 1000, "1b": 1, "2k": 2048, "3 kb": 3072, "4m": 4 << 20, "5MB": 5 << 20, "6g": 6 << 30, "7tb": 7 << 40,
	} {
		if got, err := byteSize(Pair{"x", text}); got != want || err != nil {
			t.Errorf("%s: got %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestGlobsAreOfBaseNames(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "a.csv", true}, {"*.csv", "a.csv", true}, {"*.csv", "a.csv.gz", false},
		{"a?.csv", "ab.csv", true}, {"[ab].csv", "b.csv", true}, {"{a,b}*.{csv,gz}", "b1.gz", true},
		{"{a,b}*.{csv,gz}", "c1.gz", false}, {"{a", "{a", true}, {"ñ*", "ñandú.csv", true},
	} {
		if got := (Options{PathGlob: test.pattern}).matches(test.name); got != test.want {
			t.Errorf("%q, %q: got %v, want %v", test.pattern, test.name, got, test.want)
		}
	}
}

func TestABatchEndsAtTheFirstLimit(t *testing.T) {
	for _, test := range []struct {
		name     string
		maxFiles int
		maxBytes int64
		want     int
	}{
		{"all of them", 1000, 0, 4},
		{"the cap of files is hard", 3, 0, 3},
		{"the cap of bytes may be exceeded by the file that reaches it", 1000, 15, 2},
		{"one file always goes", 1000, 1, 1},
		{"whichever comes first", 2, 1000, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			ten := int64(10)
			pending := make([]checkpoint.SeenFile, 4)
			for i := range pending {
				pending[i].SizeBytes = &ten
			}
			if got := (Options{MaxFiles: test.maxFiles, MaxBytes: test.maxBytes}).batch(pending); got != test.want {
				t.Errorf("got %d files, want %d", got, test.want)
			}
		})
	}
}

func FuzzParseOptions(f *testing.F) {
	for _, seed := range [][2]string{
		{"cloudFiles.maxFilesPerTrigger", "7"}, {"cloudFiles.maxBytesPerTrigger", "10g"}, {"cloudFiles.validateOptions", "false"},
		{"cloudFiles.schemaEvolutionMode", "rescue"}, {"pathGlobFilter", "[a-z]*{x,y}"}, {"sep", "||"}, {"quote", ""}, {"escape", "\\"},
		{"encoding", "UTF-16LE"}, {"lineSep", "\\n"}, {"maxColumns", "1"}, {"mode", "FAILFAST"}, {"comment", "#"}, {"skipRows", "2"},
	} {
		f.Add(seed[0], seed[1], "2025/03/x, y.csv")
	}
	f.Fuzz(func(t *testing.T, key, value, file string) {
		o, err := ParseOptions([]Pair{{key, value}})
		switch failure.ClassOf(err) {
		case "":
		case failure.UnknownOption, failure.UnsupportedOption, failure.InvalidOption:
			return
		default:
			t.Fatalf("%q=%q: got %v", key, value, err)
		}
		if o.MaxFiles < 1 || o.MaxBytes < 0 {
			t.Errorf("%q=%q: a batch of %d files and %d bytes", key, value, o.MaxFiles, o.MaxBytes)
		}
		if _, err := ParseOptions([]Pair{{key, value}, {key, value}}); err != nil {
			t.Errorf("%q=%q given twice: %v", key, value, err)
		}
		text := strings.NewReader("a,b\n1,2\n" + file)
		in := csv.Input{URI: "file:///" + file, Bytes: text, SizeBytes: text.Size()}
		header, err := csv.ReadHeader(in, o.CSV)
		if err != nil {
			return
		}
		reader := csv.NewReader(header, o.CSV)
		err = reader.Open(context.Background(), in, csv.Piece{End: in.SizeBytes}, header)
		for err == nil {
			_, err = reader.Next()
		}
	})
}
