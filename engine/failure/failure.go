// Package failure gives every error of the engine its class.
//
// A class is what a program may switch on and what the interface turns into
// three sentences: what happened, why, what to try. Classes carry the name that
// Spark, Databricks or Delta gives the condition, where they have one, so that
// a student can look it up. The engine's own texts stay in English and short:
// operation, thing, cause.
package failure

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// Class names a kind of failure. It is part of the command's JSON and never changes meaning.
type Class string

// Conditions that Spark, Databricks or Delta name.
const (
	EmptyDirectory      Class = "CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE"             // nothing to infer a schema from
	UnknownField        Class = "UNKNOWN_FIELD_EXCEPTION"                       // a file has columns the stored schema lacks
	MetadataMismatch    Class = "DELTA_METADATA_MISMATCH"                       // the table lacks columns of the stream
	InvalidColumnName   Class = "DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES"      // one of space , ; { } ( ) \n \t =
	DuplicateColumn     Class = "COLUMN_ALREADY_EXISTS"                         // a header repeats a name
	TableNotFound       Class = "TABLE_OR_VIEW_NOT_FOUND"                       //
	TableExists         Class = "TABLE_OR_VIEW_ALREADY_EXISTS"                  // UNDROP onto a taken name
	ConcurrentStream    Class = "CONCURRENT_STREAM_LOG_UPDATE"                  // a log entry that should be ours is there already
	ConcurrentTxn       Class = "DELTA_CONCURRENT_TRANSACTION"                  // another loader commits under our query id
	MetadataChanged     Class = "DELTA_METADATA_CHANGED"                        // a winning commit changed the table's schema
	ProtocolChanged     Class = "DELTA_PROTOCOL_CHANGED"                        // a winning commit changed the table's protocol
	UnsupportedFeature  Class = "DELTA_UNSUPPORTED_FEATURES_FOR_READ"           // the table needs a reader feature we lack
	UnsupportedWrite    Class = "DELTA_UNSUPPORTED_FEATURES_FOR_WRITE"          // … a writer feature
	LogGap              Class = "DELTA_VERSIONS_NOT_CONTIGUOUS"                 // a version of the Delta log is missing
	StateRecovery       Class = "DELTA_STATE_RECOVER_ERROR"                     // the log lacks protocol or metaData
	VersionNotFound     Class = "DELTA_VERSION_NOT_FOUND"                       // time travel to a version that is not there
	TimestampNotFound   Class = "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION" // … to an instant before the first, or after the last
	MalformedCSV        Class = "MALFORMED_CSV_RECORD"                          // a record refused under mode=FAILFAST
	CannotRead          Class = "FAILED_READ_FILE"                              // a source file that cannot be read or unpacked
	FileVanished        Class = "FAILED_READ_FILE.FILE_NOT_EXIST"               // listed, then gone
	UnknownOption       Class = "CF_UNKNOWN_OPTION_KEYS"                        // an option nobody knows
	InvalidOption       Class = "CF_INVALID_OPTION_VALUE"                       // a known option with a bad value
	UnsupportedOption   Class = "OPTION_NOT_SUPPORTED_YET"                      // real in Databricks, not built here yet
	DatatypeMismatch    Class = "DATATYPE_MISMATCH"                             // an aggregate over a STRING column
	ParseSyntax         Class = "PARSE_SYNTAX_ERROR"                            // SQL that does not parse
	UnresolvedColumn    Class = "UNRESOLVED_COLUMN"                             // SQL that names a column nobody has
	UnresolvedRoutine   Class = "UNRESOLVED_ROUTINE"                            // … a function nobody has
	MissingAggregation  Class = "MISSING_AGGREGATION"                           // a column beside an aggregate, and no GROUP BY has it
	InvalidWhere        Class = "INVALID_WHERE_CONDITION"                       // an aggregate where rows are still one by one
	NestedAggregate     Class = "NESTED_AGGREGATE_FUNCTION"                     // an aggregate of an aggregate
	AmbiguousReference  Class = "AMBIGUOUS_REFERENCE"                           // a column that several tables have
	TooManySubqueryRows Class = "SCALAR_SUBQUERY_TOO_MANY_ROWS"                 // a subquery in the place of one value
	ColumnsMismatch     Class = "NUM_COLUMNS_MISMATCH"                          // UNION of queries that are not as wide
	ArithmeticOverflow  Class = "ARITHMETIC_OVERFLOW"                           // a number too large for its type
	ResultTooLarge      Class = "RESULT_TOO_LARGE"                              // a query that needs more rows or memory than there is for it
	StatementNotAllowed Class = "UNSUPPORTED_FEATURE.SQL_STATEMENT"             // SQL that would write or leave the lab
)

// Conditions of the way to a source database, and of the lab's own PostgreSQL.
const (
	ConnectionFailed     Class = "CONNECTION_FAILED"           // no server there, or it went away; Hint says which
	AuthenticationFailed Class = "AUTHENTICATION_FAILED"       // wrong user or password, or not let in from here
	DatabaseNotFound     Class = "DATABASE_NOT_FOUND"          // the server has no database of that name
	SourceTableNotFound  Class = "SOURCE_TABLE_NOT_FOUND"      // the database lacks the table, or the column that Names has
	SourceTableExists    Class = "SOURCE_TABLE_ALREADY_EXISTS" // seeding onto a taken name
	SourceNotSeeded      Class = "SOURCE_NOT_SEEDED"           // a table that the lab did not make, and so does not change
	SourceDenied         Class = "SOURCE_PERMISSION_DENIED"    // the user may not read or write the table
	SourceFailed         Class = "SOURCE_QUERY_FAILED"         // any other refusal of the server; Hint is its SQLSTATE
	PostgresNotInstalled Class = "POSTGRESQL_NOT_INSTALLED"    // no programs to run a server of the lab's own
	PostgresNotRunning   Class = "POSTGRESQL_NOT_RUNNING"      // the lab's own server is needed and does not run
	ClusterFailed        Class = "POSTGRESQL_START_FAILED"     // the lab's own server does not start; Thing is its log
)

// Conditions of the lab's own.
const (
	SourceLogIncomplete Class = "SOURCE_LOG_INCOMPLETE" // sources/0 lacks entries that offsets/N promises
	OffsetLogIncomplete Class = "OFFSET_LOG_INCOMPLETE" // offsets/N-1 is missing
	DamagedFile         Class = "DAMAGED_FILE"          // a log entry that does not parse; Thing names it
	Busy                Class = "CHECKPOINT_IN_USE"     // another loader holds the checkpoint or the table
	DiskFull            Class = "DISK_FULL"             //
	NoPermission        Class = "NO_PERMISSION"         //
	Storage             Class = "STORAGE_FAILED"        // any other failure of the disk
	WrongUse            Class = "WRONG_USE"             // a widget, flag or command that makes no sense; exit 2
	Cancelled           Class = "CANCELLED"             // ctrl+c
	Internal            Class = "INTERNAL_ERROR"        // a defect of ours
)

// Error is a failure with its circumstances. Op is what was being done ("commit
// version 12"), Thing the file, table, option or column it was done to, Names
// whatever the message lists (columns, options), Hint a piece that only the
// place of failure knows (the cast to add, the damaged field). Err is the cause.
type Error struct {
	Class Class
	Op    string
	Thing string
	Names []string
	Hint  string
	Err   error
}

// New makes an Error of class without a cause.
func New(class Class, op, thing string) *Error {
	return &Error{Class: class, Op: op, Thing: thing}
}

// Wrap gives err a class, unless it already has one, which is kept: the place
// that knew most named it.
func Wrap(class Class, op, thing string, err error) error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return fmt.Errorf("%s %s: %w", op, thing, err)
	}
	return &Error{Class: class, Op: op, Thing: thing, Err: err}
}

// Naming adds the names that the message lists.
func (e *Error) Naming(names ...string) *Error {
	e.Names = append(e.Names, names...)
	return e
}

// Hinting adds what only the place of failure knows.
func (e *Error) Hinting(hint string) *Error {
	e.Hint = hint
	return e
}

// Because adds the cause.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

// Error reads "op thing: [CLASS] names: cause".
func (e *Error) Error() string {
	parts := []string{strings.TrimSpace(e.Op + " " + e.Thing), "[" + string(e.Class) + "]"}
	if len(e.Names) > 0 {
		parts[1] += " " + strings.Join(e.Names, ", ")
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf tells err's class: the outermost Error's, else Internal. It is empty for nil.
func ClassOf(err error) Class {
	var known *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &known):
		return known.Class
	default:
		return Internal
	}
}

// Is tells whether err is of class.
func Is(err error, class Class) bool { return err != nil && ClassOf(err) == class }

// Disk gives a failure of the disk its class: no room, no permission, or any
// other. Errors that have a class keep it, and nil stays nil.
func Disk(op, thing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return Wrap(DiskFull, op, thing, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return Wrap(NoPermission, op, thing, err)
	default:
		return Wrap(Storage, op, thing, err)
	}
}

// ThingOf tells what err happened to, or "" when it does not say.
func ThingOf(err error) string {
	var known *Error
	if errors.As(err, &known) {
		return known.Thing
	}
	return ""
}
