package autoloader

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"autoloaderlab/engine/autoloader/csv"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/schema"
)

// Options are a load's reader and writer options under their types
// (Databricks, «Auto Loader options»).
type Options struct {
	CSV             csv.Options
	PathGlob        string // pathGlobFilter: of base names; empty takes all
	IncludeExisting bool   // looked at only when the checkpoint is fresh
	MaxFiles        int    // hard cap of files in a batch
	MaxBytes        int64  // soft cap of bytes in a batch; 0 is none
	AllowOverwrites bool   // a file's identity is path and time, not path alone
	IgnoreCorrupt   bool
	IgnoreMissing   bool
	Evolution       schema.Mode
	MergeSchema     bool // the writer's: new columns may be added to the table
}

// Defaults of «Auto Loader options».
func defaults() Options {
	return Options{CSV: csv.DefaultOptions(), IncludeExisting: true, MaxFiles: 1000, Evolution: schema.AddNewColumns}
}

// Pair is an option as it was given.
type Pair struct{ Key, Value string }

// ParseOptions gives pairs their types, later ones winning. One that nobody
// knows is failure.UnknownOption, one that is real but not built
// failure.UnsupportedOption, a bad value failure.InvalidOption: each by name.
func ParseOptions(pairs []Pair) (Options, error) {
	o := defaults()
	validate, err := validates(pairs)
	if err != nil {
		return o, err
	}
	for _, pair := range pairs {
		known, err := o.set(pair)
		if err != nil {
			return o, err
		}
		isOurs := strings.HasPrefix(strings.ToLower(pair.Key), prefix)
		if !known && (validate || !isOurs) {
			return o, failure.New(failure.UnknownOption, "read option", pair.Key).Naming(pair.Key)
		}
	}
	return o, nil
}

const prefix = "cloudfiles."

// validates reads cloudFiles.validateOptions, which decides over all the others.
func validates(pairs []Pair) (validate bool, err error) {
	validate = true
	for _, pair := range pairs {
		if strings.EqualFold(pair.Key, prefix+"validateOptions") {
			if validate, err = boolean(pair); err != nil {
				return false, err
			}
		}
	}
	return validate, nil
}

// set gives one option its place. Names are the same without regard to case.
func (o *Options) set(pair Pair) (known bool, err error) {
	key := strings.ToLower(pair.Key)
	switch key {
	case prefix + "format":
		return true, only(pair, "csv")
	case prefix + "validateoptions":
		return true, nil
	case prefix + "includeexistingfiles":
		o.IncludeExisting, err = boolean(pair)
	case prefix + "maxfilespertrigger":
		o.MaxFiles, err = positive(pair)
	case prefix + "maxbytespertrigger":
		o.MaxBytes, err = byteSize(pair)
	case prefix + "allowoverwrites":
		o.AllowOverwrites, err = boolean(pair)
	case prefix + "schemaevolutionmode":
		o.Evolution, err = evolution(pair)
	case prefix + "infercolumntypes", prefix + "usenotifications", prefix + "usemanagedfileevents",
		prefix + "useincrementallisting", prefix + "usestrictglobber", "recursivefilelookup":
		return true, onlyFalse(pair)
	case "pathglobfilter", "filenamepattern":
		o.PathGlob, err = glob(pair)
	case "ignorecorruptfiles":
		o.IgnoreCorrupt, err = boolean(pair)
	case "ignoremissingfiles":
		o.IgnoreMissing, err = boolean(pair)
	case "mergeschema":
		o.MergeSchema, err = boolean(pair)
	default:
		if slices.Contains(unsupported, key) {
			return true, failure.New(failure.UnsupportedOption, "read option", pair.Key).Naming(pair.Key)
		}
		return o.CSV.ParseOption(pair.Key, pair.Value)
	}
	return true, err
}

// unsupported are real options that are not built yet, or mean nothing on one's
// own disk.
var unsupported = []string{
	prefix + "schemalocation", prefix + "schemahints", prefix + "partitioncolumns", prefix + "maxfileage",
	prefix + "backfillinterval", prefix + "cleansource", prefix + "cleansource.retentionduration",
	prefix + "cleansource.movedestination", prefix + "listonstart", prefix + "fetchparallelism",
	prefix + "pathrewrites", prefix + "resourcetag", prefix + "region", prefix + "queueurl",
	prefix + "restrictnotificationsetuptosameawsaccountid", prefix + "awsaccesskey", prefix + "awssecretkey",
	prefix + "rolearn", prefix + "roleexternalid", prefix + "rolesessionname", prefix + "stsendpoint",
	prefix + "resourcegroup", prefix + "subscriptionid", prefix + "tenantid", prefix + "clientid",
	prefix + "clientsecret", prefix + "connectionstring", prefix + "queuename", prefix + "projectid",
	prefix + "client", prefix + "clientemail", prefix + "privatekey", prefix + "privatekeyid",
	prefix + "subscription", "databricks.servicecredential", "modifiedafter", "modifiedbefore",
	"checkpointlocation", "path", "txnappid", "txnversion", "partitionby", "overwriteschema",
	"replacewhere", "optimizewrite", "usermetadata", "maxfilespertrigger", "maxbytespertrigger",
	"latestfirst", "filenameonly", "maxfileage", "cleansource", "sourcearchivedir",
}

func invalid(pair Pair, want string) error {
	return failure.New(failure.InvalidOption, "read option", pair.Key).Naming(pair.Value).Hinting(want)
}

func boolean(pair Pair) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(pair.Value)) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	default:
		return false, invalid(pair, "true, false")
	}
}

// only accepts the one value that is built.
func only(pair Pair, value string) error {
	if strings.EqualFold(strings.TrimSpace(pair.Value), value) {
		return nil
	}
	return failure.New(failure.UnsupportedOption, "read option", pair.Key).Naming(pair.Value).Hinting(value)
}

func onlyFalse(pair Pair) error {
	on, err := boolean(pair)
	if err == nil && on {
		return failure.New(failure.UnsupportedOption, "read option", pair.Key).Naming(pair.Value).Hinting("false")
	}
	return err
}

func positive(pair Pair) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(pair.Value))
	if err != nil || n <= 0 {
		return 0, invalid(pair, "1, 2, 3…")
	}
	return n, nil
}

// byteSize reads "10g", "512 mb", "1000": powers of 1024, as Spark's JavaUtils.byteStringAs.
func byteSize(pair Pair) (int64, error) {
	text := strings.ToLower(strings.TrimSpace(pair.Value))
	digits := strings.TrimRight(text, "bkmgtp ")
	shift, ok := map[string]uint{"": 0, "b": 0, "k": 10, "kb": 10, "m": 20, "mb": 20, "g": 30, "gb": 30,
		"t": 40, "tb": 40, "p": 50, "pb": 50}[strings.TrimSpace(text[len(digits):])]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !ok || n <= 0 || n > (1<<62)>>shift {
		return 0, invalid(pair, "1000, 10m, 1g")
	}
	return n << shift, nil
}

func evolution(pair Pair) (schema.Mode, error) {
	for _, mode := range schema.Modes {
		if strings.EqualFold(pair.Value, string(mode)) {
			return mode, nil
		}
	}
	if strings.EqualFold(pair.Value, "addNewColumnsWithTypeWidening") {
		return "", failure.New(failure.UnsupportedOption, "read option", pair.Key).Naming(pair.Value)
	}
	return "", invalid(pair, "addNewColumns, rescue, failOnNewColumns, none")
}

// glob checks a pattern. Few braces are enough: each doubles the patterns to try.
func glob(pair Pair) (string, error) {
	if strings.Count(pair.Value, "{") > 4 {
		return "", invalid(pair, "{a,b}*.csv")
	}
	for _, pattern := range braces(pair.Value) {
		if _, err := path.Match(pattern, ""); err != nil {
			return "", invalid(pair, "*.csv, 2025-03-??.csv, {a,b}*.csv")
		}
	}
	return pair.Value, nil
}

// matches tells whether a file's base name fits the filter.
func (o Options) matches(name string) bool {
	if o.PathGlob == "" {
		return true
	}
	return slices.ContainsFunc(braces(o.PathGlob), func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}

// braces spells out {a,b}: Hadoop's patterns have it and Go's do not.
func braces(pattern string) []string {
	open := strings.IndexByte(pattern, '{')
	if open < 0 {
		return []string{pattern}
	}
	length := strings.IndexByte(pattern[open:], '}')
	if length < 0 {
		return []string{pattern}
	}
	var all []string
	for choice := range strings.SplitSeq(pattern[open+1:open+length], ",") {
		for _, rest := range braces(pattern[open+length+1:]) {
			all = append(all, pattern[:open]+choice+rest)
		}
	}
	return all
}
