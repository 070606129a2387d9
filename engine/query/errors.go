package query

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"autoloaderlab/engine/failure"
)

// duckError is what DuckDB says went wrong, as JSON (setting errors_as_json).
type duckError struct {
	Kind       string `json:"exception_type"`    // "Binder", "Catalog", "Permission"…
	Message    string `json:"exception_message"` // first line: what; then advice
	Subtype    string `json:"error_subtype"`     // "COLUMN_NOT_FOUND", "MISSING_ENTRY", "NO_MATCHING_FUNCTION"…
	EntryType  string `json:"type"`              // of a missing entry: "Table", "Scalar Function"…
	Name       string `json:"name"`              // what was looked for
	Candidates string `json:"candidates"`        // what it may have meant
	Position   string `json:"position"`          // of a syntax error, in the text that was run
}

// parseDuckError finds DuckDB's JSON in a driver's error.
func parseDuckError(err error) (duckError, bool) {
	var e duckError
	if err == nil {
		return e, false
	}
	_, object, found := strings.Cut(err.Error(), "{")
	if !found || json.NewDecoder(strings.NewReader("{"+object)).Decode(&e) != nil {
		return duckError{}, false
	}
	return e, e.Kind != ""
}

// cause is DuckDB's sentence without its advice and lists.
func (e duckError) cause() error {
	first, _, _ := strings.Cut(e.Message, "\n")
	return errors.New(first)
}

// inQuotes is the first text in double quotes of the message.
func (e duckError) inQuotes() string {
	_, rest, _ := strings.Cut(e.Message, `"`)
	end := strings.LastIndexByte(firstLine(rest), '"')
	if end < 0 {
		return ""
	}
	return rest[:end]
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// translateView gives the failure to show a table its class: its files are
// missing or are not what the schema says.
func translateView(err error, name TableName) error {
	e, ok := parseDuckError(err)
	switch {
	case failure.ClassOf(err) != failure.Internal:
		return err
	case !ok:
		return failure.Wrap(failure.Internal, "read", name.String(), err)
	case isReading(e):
		return translateReading(e)
	case e.Kind == "Permission":
		// DuckDB takes a name that is not there for a folder's, and looks into it.
		path := strings.TrimSuffix(unescapeGlob(e.inQuotes()), "/**/*.parquet")
		return failure.New(failure.FileVanished, "read", path)
	default:
		return failure.New(failure.CannotRead, "read", name.String()).Because(e.cause())
	}
}

// isReading tells whether a file is to blame and not the statement.
func isReading(e duckError) bool {
	return e.Kind == "IO" || strings.Contains(e.Message, "No magic bytes") || strings.Contains(e.Message, "arquet file")
}

func translateReading(e duckError) error {
	if strings.Contains(e.Message, "No files found") || strings.Contains(e.Message, "No such file") {
		return failure.New(failure.FileVanished, "read", unescapeGlob(e.inQuotes())).Because(e.cause())
	}
	return failure.New(failure.CannotRead, "read", "a data file").Because(e.cause())
}

func unescapeGlob(pattern string) string {
	return strings.NewReplacer("[[]", "[", "[*]", "*", "[?]", "?").Replace(pattern)
}

// translate gives DuckDB's refusal of a statement its class.
func (r *runner) translate(ctx context.Context, err error, q queryText, views []tableView) error {
	if ctx.Err() != nil || failure.ClassOf(err) != failure.Internal {
		return err
	}
	e, ok := parseDuckError(err)
	if !ok {
		return translateDriver(err)
	}
	switch {
	case isReading(e):
		return translateReading(e)
	case e.Kind == "Permission":
		return failure.New(failure.StatementNotAllowed, "read", e.inQuotes()).Because(e.cause())
	case e.Kind == "Catalog" && e.Name+e.inQuotes() != "" || strings.HasPrefix(e.Message, "Catalog \""):
		return r.translateMissing(ctx, e, q)
	case e.Kind == "Parser", e.Kind == "Syntax":
		return syntaxError(nearOf(e), e.cause())
	case isUnresolvedColumn(e):
		return unresolvedColumn(e, q)
	case isMismatch(e):
		return mismatch(e, q, views)
	case e.refusal() != nil:
		return e.refusal()
	case e.Kind == "Out of Memory":
		return failure.New(failure.ResultTooLarge, "run", "a query that needs more than "+settings.Get("memory_limit")+" of memory").Because(e.cause())
	case e.Kind == "INTERNAL", e.Kind == "FATAL":
		return failure.New(failure.Internal, "run", "the statement").Because(e.cause())
	default:
		return failure.New(failure.ParseSyntax, "run", "the statement").Hinting(e.Kind).Because(e.cause())
	}
}

// refusals are DuckDB's sentences about statements that a student writes, and the
// conditions that Spark has for them.
var refusals = []struct {
	says  string
	class failure.Class
}{
	{"must appear in the GROUP BY clause", failure.MissingAggregation},
	{"WHERE clause cannot contain aggregates", failure.InvalidWhere},
	{"aggregate function calls cannot be nested", failure.NestedAggregate},
	{"Ambiguous reference to column name", failure.AmbiguousReference},
	{"More than one row returned by a subquery", failure.TooManySubqueryRows},
	{"Set operations can only apply to expressions with the same number", failure.ColumnsMismatch},
}

// refusal is the condition that Spark would name, nil when none is known.
func (e duckError) refusal() error {
	class := failure.Class("")
	if e.Kind == "Out of Range" {
		class = failure.ArithmeticOverflow
	}
	for _, known := range refusals {
		if strings.Contains(e.Message, known.says) {
			class = known.class
		}
	}
	switch class {
	case "":
		return nil
	case failure.MissingAggregation:
		column := e.inQuotes()
		if _, after, unquoted := strings.Cut(e.Message, "column "); column == "" && unquoted {
			column, _, _ = strings.Cut(after, " ")
		}
		return failure.New(class, "run", column).Because(e.cause())
	case failure.AmbiguousReference:
		quotes := strings.Split(firstLine(e.Message), `"`)
		f := failure.New(class, "run", quotes[min(1, len(quotes)-1)]).Because(e.cause())
		for i := 3; i < len(quotes); i += 2 {
			f.Naming(quotes[i])
		}
		return f
	}
	return failure.New(class, "run", "").Because(e.cause())
}

// translateDriver names what the driver itself refuses.
func translateDriver(err error) error {
	if strings.Contains(err.Error(), "multi-statement") {
		return syntaxError("; (one statement at a time)", nil)
	}
	if strings.Contains(err.Error(), "argument count") {
		return syntaxError("? (a parameter without a value)", nil)
	}
	return failure.Wrap(failure.Internal, "run", "the statement", err)
}

func nearOf(e duckError) string {
	if _, near, found := strings.Cut(e.Message, `at or near "`); found {
		return excerpt(strings.TrimSuffix(near, `"`))
	}
	if strings.Contains(e.Message, "end of input") {
		return "end of the statement"
	}
	return firstLine(e.Message)
}

// translateMissing names the table or function that is not there. DuckDB knows
// a table's last name only; the statement has all of them.
func (r *runner) translateMissing(ctx context.Context, e duckError, q queryText) error {
	name := e.Name
	if name == "" {
		name = e.inQuotes()
	}
	switch {
	case strings.Contains(e.EntryType+e.Message, "Function"):
		if ours, known := sparkFunctions[strings.ToLower(name)]; known {
			return failure.New(failure.UnresolvedRoutine, "find function", name).Hinting(ours)
		}
		return failure.New(failure.UnresolvedRoutine, "find function", name).Naming(candidates(e)...)
	case strings.ContainsAny(name, `/\`):
		return failure.New(failure.StatementNotAllowed, "read", name).Because(errors.New("a file is not a table"))
	}
	if err := r.list(ctx); err != nil {
		return err
	}
	return r.tableNotFound(q.chainWith(name))
}

// sparkFunctions are what a student knows from Spark and DuckDB calls otherwise.
var sparkFunctions = map[string]string{
	"to_date": "CAST(… AS DATE)", "date_format": "strftime(…, '%Y-%m-%d')", "from_unixtime": "to_timestamp(…)", "unix_timestamp": "epoch(…)",
	"nvl": "coalesce(…, …)", "ifnull": "coalesce(…, …)", "collect_list": "list(…)", "collect_set": "list(DISTINCT …)", "size": "len(…)",
	"row_number": "row_number() OVER (ORDER BY …)", "rank": "rank() OVER (ORDER BY …)", "lag": "lag(…) OVER (ORDER BY …)", "lead": "lead(…) OVER (ORDER BY …)",
	"rlike": "regexp_matches(…, …)", "locate": "instr(…, …)", "explode": "unnest(…)", "percentile": "quantile_cont(…, …)",
}

// chainWith is the longest name of the statement that has the part, or the part itself.
func (q queryText) chainWith(part string) []string {
	best := []string{part}
	p := parser{sql: q.sql, tokens: q.tokens}
	for p.at < len(p.tokens) {
		start := p.at
		chain := p.chain()
		p.at = max(p.at, start+1)
		if len(chain) > len(best) && len(chain) <= 3 && containsFold(chain, part) {
			best = chain
		}
	}
	return best
}

func containsFold(parts []string, part string) bool {
	for _, p := range parts {
		if strings.EqualFold(p, part) {
			return true
		}
	}
	return false
}

func isUnresolvedColumn(e duckError) bool {
	return e.Subtype == "COLUMN_NOT_FOUND" || strings.Contains(e.Message, "does not have a column named") ||
		strings.HasPrefix(e.Message, "Referenced table")
}

func unresolvedColumn(e duckError, q queryText) error {
	name := e.Name
	if name == "" {
		_, after, found := strings.Cut(e.Message, `column named "`)
		if !found {
			_, after, _ = strings.Cut(e.Message, `"`)
		}
		name, _, _ = strings.Cut(after, `"`)
	}
	f := failure.New(failure.UnresolvedColumn, "find column", name).Naming(candidates(e)...).Because(e.cause())
	for _, t := range q.tokens {
		if t.kind == quoted && t.value == name && q.sql[t.start] == '"' {
			// In Spark "web" is a text, here it is a name.
			return f.Hinting(quoteText(name))
		}
	}
	return f
}

// candidates are the names in quotes that follow DuckDB's first line, or its list.
func candidates(e duckError) []string {
	var names []string
	for _, name := range strings.Split(e.Candidates, ",") {
		if name = strings.Trim(strings.TrimSpace(name), `"`); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func isMismatch(e duckError) bool {
	switch e.Kind {
	case "Conversion", "Mismatch Type", "Invalid type", "Decimal":
		return true
	}
	return e.Subtype == "NO_MATCHING_FUNCTION" || strings.Contains(e.Message, "add explicit type casts") || strings.Contains(e.Message, "explicit cast is required")
}

// mismatch says which column to cast, and how: the lab's columns are all STRING.
func mismatch(e duckError, q queryText, views []tableView) error {
	f := failure.New(failure.DatatypeMismatch, "run", e.Name).Because(e.cause())
	isText := func(column string) bool {
		for _, view := range views {
			if c, found := findColumn(view.columns, column); found && c.duck == "VARCHAR" {
				return true
			}
		}
		return false
	}
	switch {
	case e.Subtype == "NO_MATCHING_FUNCTION" && e.Name != "" && isNameStart(e.Name[0]):
		if column, hint := q.castInCall(e.Name, isText); column != "" {
			return f.Naming(column).Hinting(hint)
		}
	case e.Subtype == "NO_MATCHING_FUNCTION" || e.Kind == "Binder":
		if column, hint := q.castBesideOperator(isText); column != "" {
			return f.Naming(column).Hinting(hint)
		}
	case e.Kind == "Conversion":
		return f.Hinting("TRY_CAST")
	}
	return f
}

// castInCall finds the call of a function with a text column for an argument,
// and rewrites it with a cast: sum(CAST(amount_paid AS DECIMAL(10,2))).
func (q queryText) castInCall(function string, isText func(string) bool) (column, hint string) {
	p := parser{sql: q.sql, tokens: q.tokens}
	for i := 0; i+2 < len(q.tokens); i++ {
		if !q.tokens[i].is(function) || !q.tokens[i+1].isSymbol("(") {
			continue
		}
		end := closing(q.tokens, i+1)
		for p.at = i + 2; p.at < end; {
			start := p.at
			chain := p.chain()
			if p.at = max(p.at, start+1); len(chain) == 0 || !isText(chain[len(chain)-1]) {
				continue
			}
			argument := q.sql[q.tokens[start].start:q.tokens[p.at-1].end]
			hint = q.sql[q.tokens[i].start:q.tokens[start].start] + castOf(argument, function) +
				q.sql[q.tokens[p.at-1].end:q.tokens[end].end]
			return chain[len(chain)-1], hint
		}
	}
	return "", ""
}

// closing is where the parenthesis that opens at i closes.
func closing(tokens []token, i int) int {
	depth := 0
	for ; i < len(tokens); i++ {
		if tokens[i].isSymbol("(") {
			depth++
		}
		if tokens[i].isSymbol(")") {
			depth--
		}
		if depth == 0 {
			return i
		}
	}
	return len(tokens) - 1
}

// castBesideOperator finds a text column next to an operator or BETWEEN.
func (q queryText) castBesideOperator(isText func(string) bool) (column, hint string) {
	p := parser{sql: q.sql, tokens: q.tokens}
	for p.at < len(p.tokens) {
		start := p.at
		chain := p.chain()
		if p.at = max(p.at, start+1); len(chain) == 0 || !isText(chain[len(chain)-1]) {
			continue
		}
		before := start > 0 && isOperator(p.tokens[start-1])
		if before || isOperator(p.peek()) {
			argument := q.sql[q.tokens[start].start:q.tokens[p.at-1].end]
			return chain[len(chain)-1], castOf(argument, "")
		}
	}
	return "", ""
}

func isOperator(t token) bool {
	return t.kind == symbol && strings.Contains("+-*/%<>=!", t.value) && t.value != "" ||
		t.is("BETWEEN") || t.is("IN")
}

// dateFunctions take instants; all others that refuse a text want a number.
var dateFunctions = []string{
	"date_trunc", "date_part", "datepart", "year", "month", "day", "quarter", "week", "hour", "minute", "second",
	"dayofweek", "dayofmonth", "dayofyear", "weekofyear", "last_day", "monthname", "dayname", "strftime", "date_add", "date_sub",
	"date_diff", "datediff", "time_bucket", "age", "epoch",
}

func castOf(argument, function string) string {
	for _, f := range dateFunctions {
		if strings.EqualFold(f, function) {
			return "CAST(" + argument + " AS TIMESTAMP)"
		}
	}
	return "CAST(" + argument + " AS DECIMAL(10,2))"
}
