package csv

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"autoloaderlab/engine/failure"
)

// Mode says what becomes of malformed records. With a rescued data column a
// record with too few or too many cells is not malformed: it is kept in every
// mode (Databricks, «What is the rescued data column?»: only corrupt records,
// "incomplete or malformed CSV", are dropped or throw errors). What we take
// for incomplete is a record that ends inside a quoted cell.
type Mode string

const (
	Permissive    Mode = "PERMISSIVE"    // keep malformed records as far as they could be read
	DropMalformed Mode = "DROPMALFORMED" // leave them out
	FailFast      Mode = "FAILFAST"      // failure.MalformedCSV at the first one
)

// stopAtDelimiter is the only way of treating unescaped quotes built here, and Spark's default.
const stopAtDelimiter = "STOP_AT_DELIMITER"

// rescuedName is the rescued data column's name, as inference adds it.
const rescuedName = "_rescued_data"

// Options are the reader options that concern CSV, already typed. Get them
// from DefaultOptions: the zero value is not Spark's default.
type Options struct {
	Header  *bool  // nil: assumed, as Auto Loader does under inference
	Sep     string // one character or more
	LineSep string // empty: LF, CRLF and CR alike

	// Characters with a meaning; 0 switches one off. CharToEscapeQuoteEscaping
	// off means univocity's own default: Escape, unless that is Quote.
	Quote, Escape, Comment, CharToEscapeQuoteEscaping rune

	NullValue  string // a cell that reads like this is NULL, as is an unquoted empty one
	EmptyValue string // what a quoted empty cell reads
	Encoding   string // a name ParseOption accepted
	Mode       Mode
	MultiLine  bool // quoted cells may hold line breaks
	SkipRows   int  // lines to leave out at the head of every file, blank and comment lines included

	IgnoreLeadingWhiteSpace, IgnoreTrailingWhiteSpace bool

	MaxColumns        int // cells in one record
	MaxCharsPerColumn int // UTF-16 units in one cell; -1: no limit

	UnescapedQuoteHandling string // STOP_AT_DELIMITER
}

// DefaultOptions are the defaults of Auto Loader's table «CSV options».
func DefaultOptions() Options {
	return Options{
		Sep:                    ",",
		Quote:                  '"',
		Escape:                 '\\',
		Encoding:               "UTF-8",
		Mode:                   Permissive,
		MaxColumns:             20480,
		MaxCharsPerColumn:      -1,
		UnescapedQuoteHandling: stopAtDelimiter,
	}
}

// ParseOption sets one option by its real name, without regard to case. known
// is false when CSV has no such option; err (failure.InvalidOption or
// failure.UnsupportedOption, Thing the option's name) tells of a bad value or
// of an option that is real but not built.
func (o *Options) ParseOption(name, value string) (known bool, err error) {
	set, known := settings[strings.ToLower(name)]
	if !known {
		return false, nil
	}
	if err := set(o, value); err != nil {
		if err == errNotBuilt {
			return true, failure.New(failure.UnsupportedOption, "set option", name).Hinting(value)
		}
		return true, failure.New(failure.InvalidOption, "set option", name).Hinting(value).Because(err)
	}
	return true, nil
}

// errNotBuilt marks an option, or a value of one, that Databricks has and the lab has not.
var errNotBuilt = fmt.Errorf("real in Databricks, not built here")

// settings holds every CSV option of «Auto Loader options», by its name in lower case.
var settings = map[string]func(*Options, string) error{
	"header":                    func(o *Options, v string) error { o.Header = new(bool); return setBool(o.Header, v) },
	"sep":                       setSep,
	"delimiter":                 setSep,
	"linesep":                   setLineSep,
	"quote":                     func(o *Options, v string) error { return setChar(&o.Quote, v) },
	"escape":                    func(o *Options, v string) error { return setChar(&o.Escape, v) },
	"comment":                   func(o *Options, v string) error { return setChar(&o.Comment, v) },
	"chartoescapequoteescaping": func(o *Options, v string) error { return setChar(&o.CharToEscapeQuoteEscaping, v) },
	"nullvalue":                 func(o *Options, v string) error { o.NullValue = v; return nil },
	"emptyvalue":                func(o *Options, v string) error { o.EmptyValue = v; return nil },
	"encoding":                  setEncoding,
	"charset":                   setEncoding,
	"mode":                      setMode,
	"multiline":                 func(o *Options, v string) error { return setBool(&o.MultiLine, v) },
	"skiprows":                  func(o *Options, v string) error { return setInt(&o.SkipRows, v, 0) },
	"ignoreleadingwhitespace":   func(o *Options, v string) error { return setBool(&o.IgnoreLeadingWhiteSpace, v) },
	"ignoretrailingwhitespace":  func(o *Options, v string) error { return setBool(&o.IgnoreTrailingWhiteSpace, v) },
	"maxcolumns":                func(o *Options, v string) error { return setInt(&o.MaxColumns, v, 1) },
	"maxcharspercolumn":         setMaxChars,
	"unescapedquotehandling":    setQuoteHandling,

	// These change nothing while every column is a STRING and files are read by their own header.
	"dateformat":                    accept,
	"timestampformat":               accept,
	"timestampntzformat":            accept,
	"enabledatetimeparsingfallback": accept,
	"locale":                        accept,
	"nanvalue":                      accept,
	"positiveinf":                   accept,
	"negativeinf":                   accept,
	"preferdate":                    accept,
	"timezone":                      accept,
	"enforceschema":                 accept,
	"parsercasesensitive":           accept,

	// These would change something that is not built: only their defaults pass.
	"inferschema":               acceptOnly("false"),
	"readercasesensitive":       acceptOnly("true"),
	"rescueddatacolumn":         acceptOnly(rescuedName),
	"columnnameofcorruptrecord": acceptOnly("_corrupt_record"),
	"badrecordspath":            acceptOnly(""),
	"singlevariantcolumn":       acceptOnly(""),
}

func accept(*Options, string) error { return nil }

func acceptOnly(value string) func(*Options, string) error {
	return func(_ *Options, v string) error {
		if !strings.EqualFold(v, value) {
			return errNotBuilt
		}
		return nil
	}
}

func setBool(to *bool, value string) error {
	switch {
	case strings.EqualFold(value, "true"):
		*to = true
	case strings.EqualFold(value, "false"):
		*to = false
	default:
		return fmt.Errorf("want true or false")
	}
	return nil
}

func setInt(to *int, value string, least int) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < least {
		return fmt.Errorf("want a whole number of at least %d", least)
	}
	*to = n
	return nil
}

func setMaxChars(o *Options, value string) error {
	if value == "-1" {
		o.MaxCharsPerColumn = -1
		return nil
	}
	return setInt(&o.MaxCharsPerColumn, value, 1)
}

// setChar takes what is one char in Java; an empty value switches the character off (Spark, CSVOptions.getChar).
func setChar(to *rune, value string) error {
	if value == "" {
		*to = 0
		return nil
	}
	r, size := utf8.DecodeRuneInString(value)
	if size != len(value) || r > 0xFFFF || r == utf8.RuneError {
		return fmt.Errorf("want one character")
	}
	*to = r
	return nil
}

// setSep undoes the escapes that Spark knows in a separator (Spark, CSVExprUtils.toDelimiterStr).
func setSep(o *Options, value string) error {
	if value == "" {
		return fmt.Errorf("want at least one character")
	}
	if value == `\u0000` {
		o.Sep = "\x00"
		return nil
	}
	var sep strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] != '\\' {
			sep.WriteByte(value[i])
			continue
		}
		i++
		if i == len(value) {
			return fmt.Errorf("a single backslash begins an escape; write two")
		}
		at := strings.IndexByte(`trbf"'\`, value[i])
		if at < 0 {
			return fmt.Errorf("unknown escape \\%c", value[i])
		}
		sep.WriteByte("\t\r\b\f\"'\\"[at])
	}
	o.Sep = sep.String()
	return nil
}

func setLineSep(o *Options, value string) error {
	if n := utf8.RuneCountInString(value); n < 1 || n > 2 {
		return fmt.Errorf("want one character, or two")
	}
	o.LineSep = value
	return nil
}

func setEncoding(o *Options, value string) error {
	if _, err := decoderFor(value); err != nil {
		return err
	}
	o.Encoding = value
	return nil
}

func setMode(o *Options, value string) error {
	switch mode := Mode(strings.ToUpper(value)); mode {
	case Permissive, DropMalformed, FailFast:
		o.Mode = mode
		return nil
	}
	return fmt.Errorf("want PERMISSIVE, DROPMALFORMED or FAILFAST")
}

func setQuoteHandling(o *Options, value string) error {
	switch upper := strings.ToUpper(value); upper {
	case stopAtDelimiter:
		o.UnescapedQuoteHandling = upper
		return nil
	case "STOP_AT_CLOSING_QUOTE", "BACK_TO_DELIMITER", "SKIP_VALUE", "RAISE_ERROR":
		return errNotBuilt
	}
	return fmt.Errorf("want %s", stopAtDelimiter)
}

// hasHeader tells whether files begin with their column names.
func (o *Options) hasHeader() bool { return o.Header == nil || *o.Header }
