package query

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine/failure"
)

// kind tells who answers a statement: DuckDB, the Delta log or the catalog.
type kind int

const (
	selects         kind = iota // SELECT, WITH, VALUES, FROM, TABLE, SUMMARIZE
	explains                    // EXPLAIN of one of those
	describeQuery               // DESCRIBE [QUERY] SELECT …
	describeTable               // DESCRIBE [TABLE] name
	describeHistory             // DESCRIBE HISTORY name [LIMIT n]
	describeDetail              // DESCRIBE DETAIL name
	showTables                  // SHOW TABLES [IN catalog.schema]
	dropTable                   // DROP TABLE [IF EXISTS] name
	undropTable                 // UNDROP TABLE name
)

// statement is one sentence of SQL, understood as far as we need it.
type statement struct {
	kind     kind
	name     []string // parts of the table's name, or of SHOW TABLES' schema
	ifExists bool
	limit    int64 // rows of DESCRIBE HISTORY; negative: all
	query    queryText
}

// queryText is what DuckDB gets, with the places that we resolve for it.
type queryText struct {
	sql    string
	prefix string // EXPLAIN and its options, without what it explains
	tokens []token
}

// queryWords begin what DuckDB may execute.
var queryWords = []string{"SELECT", "WITH", "VALUES", "FROM", "TABLE", "SUMMARIZE"}

// otherVerbs begin statements that exist in Spark or DuckDB and that the
// console does not execute. Any other first word is a typing error.
var otherVerbs = []string{
	"ABORT", "ALTER", "ANALYZE", "ATTACH", "BEGIN", "CACHE", "CALL", "CHECKPOINT", "CLEAR", "CLONE", "COMMENT", "COMMIT",
	"CONVERT", "COPY", "CREATE", "DEALLOCATE", "DECLARE", "DELETE", "DENY", "DETACH", "END", "EXECUTE", "EXPORT", "FORCE",
	"FSCK", "GENERATE", "GRANT", "IMPORT", "INSERT", "INSTALL", "LIST", "LOAD", "LOCK", "MERGE", "MSCK", "OPTIMIZE", "PIVOT",
	"PRAGMA", "PREPARE", "REFRESH", "REINDEX", "REORG", "REPAIR", "REPLACE", "RESET", "RESTORE", "REVOKE", "ROLLBACK", "SET",
	"START", "SYNC", "TRUNCATE", "UNCACHE", "UNPIVOT", "UNSET", "UPDATE", "UPSERT", "USE", "VACUUM",
}

// parse understands a statement. failure.ParseSyntax when it makes no sense or
// is several; failure.StatementNotAllowed, Thing its verb, when it would change
// what only the lab's commands change.
func parse(sql string) (statement, error) {
	tokens, err := tokenize(sql)
	if err != nil {
		return statement{}, err
	}
	tokens, err = single(tokens)
	if err != nil {
		return statement{}, err
	}
	p := parser{sql: sql, tokens: tokens}
	s, err := p.statement()
	if err == nil && s.query.tokens != nil {
		err = s.query.checkHarmless()
	}
	return s, err
}

// forbiddenFunctions do what a query must not and what DuckDB's lock does not
// stop: they write log files, read addresses of memory, or run SQL that stands
// in a string, where we see nothing.
var forbiddenFunctions = []string{
	"enable_logging", "disable_logging", "truncate_duckdb_logs", "write_log", "checkpoint", "force_checkpoint",
	"arrow_scan", "arrow_scan_dumb", "seq_scan", "check_peg_parser",
	"query", "query_table", "json_execute_serialized_sql",
}

// checkHarmless refuses calls of forbidden functions, a WITH whose last part is
// no query (WITH … INSERT), and a text that would close a parenthesis around it.
func (q queryText) checkHarmless() error {
	depth := 0
	for i, t := range q.tokens {
		switch {
		case t.isSymbol("("):
			depth++
		case t.isSymbol(")") && depth == 0:
			return syntaxError(excerpt(q.sql[t.start:]), nil)
		case t.isSymbol(")"):
			depth--
		case i+1 < len(q.tokens) && q.tokens[i+1].isSymbol("(") && t.isName() && slices.Contains(forbiddenFunctions, strings.ToLower(t.value)):
			return failure.New(failure.StatementNotAllowed, "run", strings.ToLower(t.value)+"()")
		case depth == 0 && i > 0 && q.tokens[0].is("WITH") && q.tokens[i-1].isSymbol(")") && isOneOf(t, otherVerbs):
			return notAllowed([]token{t})
		}
	}
	if depth > 0 {
		return syntaxError("end of the statement", nil)
	}
	return nil
}

// single drops the semicolons at the end and refuses any before it.
func single(tokens []token) ([]token, error) {
	for len(tokens) > 0 && tokens[len(tokens)-1].isSymbol(";") {
		tokens = tokens[:len(tokens)-1]
	}
	if len(tokens) == 0 {
		return nil, syntaxError("an empty statement", nil)
	}
	for _, t := range tokens {
		if t.isSymbol(";") {
			return nil, syntaxError("; (one statement at a time)", nil)
		}
	}
	return tokens, nil
}

// parser reads tokens from left to right.
type parser struct {
	sql    string
	tokens []token
	at     int
}

func (p *parser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{kind: symbol, span: span{len(p.sql), len(p.sql)}}
}

// accept passes over the keywords if they stand here in this order.
func (p *parser) accept(keywords ...string) bool {
	if p.at+len(keywords) > len(p.tokens) {
		return false
	}
	for i, keyword := range keywords {
		if !p.tokens[p.at+i].is(keyword) {
			return false
		}
	}
	p.at += len(keywords)
	return true
}

func (p *parser) statement() (statement, error) {
	first := p.peek()
	switch {
	case p.startsQuery():
		return statement{kind: selects, query: p.remaining()}, nil
	case p.accept("EXPLAIN"):
		return p.explain()
	case p.accept("DESCRIBE"), p.accept("DESC"):
		return p.describe()
	case p.accept("SHOW", "TABLES"):
		return p.show()
	case p.accept("DROP", "TABLE"):
		ifExists := p.accept("IF", "EXISTS")
		s, err := p.named(dropTable)
		s.ifExists = ifExists
		return s, err
	case p.accept("UNDROP", "TABLE"):
		return p.named(undropTable)
	case first.is("DROP"), first.is("UNDROP"), first.is("SHOW"):
		return statement{}, p.notAllowed(2)
	case isOneOf(first, otherVerbs):
		return statement{}, p.notAllowed(1)
	default:
		return statement{}, p.unexpected()
	}
}

// startsQuery looks through opening parentheses for a word that begins a query.
func (p *parser) startsQuery() bool {
	for i := p.at; i < len(p.tokens); i++ {
		if !p.tokens[i].isSymbol("(") {
			return isOneOf(p.tokens[i], queryWords)
		}
	}
	return false
}

// explain also executes what it explains when it says ANALYZE, so it takes queries only.
func (p *parser) explain() (statement, error) {
	p.accept("ANALYZE")
	if p.at < len(p.tokens) && !p.startsQuery() {
		return statement{}, p.refuse()
	}
	if p.at == len(p.tokens) {
		return statement{}, p.unexpected()
	}
	query := p.remaining()
	query.prefix = p.sql[p.tokens[0].start:p.tokens[p.at-1].end]
	return statement{kind: explains, query: query}, nil
}

func (p *parser) describe() (statement, error) {
	switch {
	case p.startsDescribedQuery():
		p.accept("QUERY")
		return statement{kind: describeQuery, query: p.remaining()}, nil
	case p.accept("HISTORY"):
		return p.history()
	case p.accept("DETAIL"):
		return p.named(describeDetail)
	default:
		p.accept("TABLE")
		return p.named(describeTable)
	}
}

func (p *parser) startsDescribedQuery() bool {
	t := p.peek()
	return t.is("QUERY") || t.is("SELECT") || t.is("WITH") || t.is("VALUES") || t.is("FROM") || t.isSymbol("(")
}

func (p *parser) history() (statement, error) {
	s := statement{kind: describeHistory, name: p.chain(), limit: -1}
	if s.name == nil {
		return statement{}, p.unexpected()
	}
	if p.accept("LIMIT") {
		limit, err := strconv.ParseInt(p.peek().value, 10, 64)
		if err != nil || p.peek().kind != number {
			return statement{}, p.unexpected()
		}
		p.at++
		s.limit = limit
	}
	return s, p.end()
}

func (p *parser) show() (statement, error) {
	s := statement{kind: showTables}
	if p.accept("IN") || p.accept("FROM") {
		s.name = p.chain()
		if s.name == nil {
			return statement{}, p.unexpected()
		}
	}
	return s, p.end()
}

// named ends a statement that is a verb and a table.
func (p *parser) named(k kind) (statement, error) {
	s := statement{kind: k, name: p.chain()}
	if s.name == nil {
		return statement{}, p.unexpected()
	}
	return s, p.end()
}

// chain reads a name of one or more parts; nil when there is none.
func (p *parser) chain() []string {
	var parts []string
	for p.peek().isName() {
		parts = append(parts, p.peek().value)
		p.at++
		if !p.peek().isSymbol(".") {
			return parts
		}
		p.at++
	}
	return nil
}

func (p *parser) end() error {
	if p.at < len(p.tokens) {
		return p.unexpected()
	}
	return nil
}

// remaining is the rest of the statement, for DuckDB.
func (p *parser) remaining() queryText {
	return queryText{sql: p.sql, tokens: p.tokens[p.at:]}
}

func (p *parser) unexpected() error {
	if p.at >= len(p.tokens) {
		return syntaxError("end of the statement", nil)
	}
	return syntaxError(excerpt(p.sql[p.peek().start:p.tokens[len(p.tokens)-1].end]), nil)
}

// refuse names the verb that stands here, or says that it is none.
func (p *parser) refuse() error {
	t := p.peek()
	if isOneOf(t, otherVerbs) || t.is("DROP") || t.is("UNDROP") || t.is("SHOW") || t.is("DESCRIBE") || t.is("EXPLAIN") {
		return notAllowed(p.tokens[:p.at+1])
	}
	return p.unexpected()
}

func (p *parser) notAllowed(words int) error {
	return notAllowed(p.tokens[:min(words, len(p.tokens))])
}

func notAllowed(words []token) error {
	var verb []string
	for _, w := range words {
		if w.kind == word {
			verb = append(verb, strings.ToUpper(w.value))
		}
	}
	return failure.New(failure.StatementNotAllowed, "run", strings.Join(verb, " "))
}

func isOneOf(t token, keywords []string) bool {
	for _, keyword := range keywords {
		if t.is(keyword) {
			return true
		}
	}
	return false
}

// reference is a place of a query where a name of three parts stands. It may
// turn out to be a column: the catalog decides.
type reference struct {
	parts  []string
	schema span    // the second part, which time travel rewrites
	travel *travel // nil: the newest version
	clause span    // the time travel's text, which DuckDB does not know
}

// travel is a wish for an older version: one of the two is set.
type travel struct {
	version   *int64
	timestamp *time.Time
}

// stateCall is a call of cloud_files_state. One of checkpoint and table is set.
type stateCall struct {
	whole      span
	checkpoint string
	table      []string
}

// references finds the names of three or more parts, with their time travel:
// name VERSION AS OF 3, name TIMESTAMP AS OF '2025-03-05', name@v3.
func (q queryText) references() ([]reference, error) {
	var found []reference
	p := parser{sql: q.sql, tokens: q.tokens}
	for p.at < len(p.tokens) {
		start := p.at
		if !p.peek().isName() {
			p.at++
			continue
		}
		parts := p.chain()
		if p.at == start || parts == nil {
			p.at = max(p.at, start+1)
			continue
		}
		clauseStart := p.at
		when, err := p.travel()
		if err != nil {
			return nil, err
		}
		if when != nil && len(parts) != 3 {
			return nil, failure.New(failure.TableNotFound, "find table", strings.Join(parts, "."))
		}
		if len(parts) < 3 {
			continue
		}
		ref := reference{parts: parts, schema: p.tokens[start+2].span, travel: when}
		if when != nil {
			ref.clause = span{p.tokens[clauseStart].start, p.tokens[p.at-1].end}
		}
		found = append(found, ref)
	}
	return found, nil
}

// travel reads the clause that may follow a table's name; nil when none does.
func (p *parser) travel() (*travel, error) {
	if p.peek().isSymbol("@") && p.peek().start == p.tokens[p.at-1].end {
		return p.atSign()
	}
	switch {
	case p.accept("VERSION", "AS", "OF"), p.accept("SYSTEM_VERSION", "AS", "OF"),
		p.accept("FOR", "VERSION", "AS", "OF"), p.accept("FOR", "SYSTEM_VERSION", "AS", "OF"):
		t := p.peek()
		version, err := strconv.ParseInt(t.value, 10, 64)
		if err != nil || t.kind != number && t.kind != text {
			return nil, p.unexpected()
		}
		p.at++
		return &travel{version: &version}, nil
	case p.accept("TIMESTAMP", "AS", "OF"), p.accept("SYSTEM_TIME", "AS", "OF"),
		p.accept("FOR", "TIMESTAMP", "AS", "OF"), p.accept("FOR", "SYSTEM_TIME", "AS", "OF"):
		_ = p.accept("TIMESTAMP") || p.accept("DATE")
		at, known := parseInstant(p.peek().value)
		if !known || p.peek().kind != text {
			return nil, p.unexpected()
		}
		p.at++
		return &travel{timestamp: &at}, nil
	default:
		return nil, nil
	}
}

// atSign reads Delta's short forms: @v3 is a version, @20250305123000000 an
// instant (Delta Lake, «Query an older snapshot of a table»). DuckDB's own @,
// an absolute value, never sticks to a name's end.
func (p *parser) atSign() (*travel, error) {
	if p.at+1 >= len(p.tokens) {
		return nil, nil
	}
	t := p.tokens[p.at+1]
	switch {
	case t.start != p.peek().end:
		return nil, nil
	case t.kind == word && (t.value[0] == 'v' || t.value[0] == 'V'):
		version, err := strconv.ParseInt(t.value[1:], 10, 64)
		if err != nil {
			return nil, nil
		}
		p.at += 2
		return &travel{version: &version}, nil
	case t.kind == number && len(t.value) == len("20060102150405000"):
		at, err := time.Parse("20060102150405.000", t.value[:14]+"."+t.value[14:])
		if err != nil {
			return nil, p.unexpected()
		}
		p.at += 2
		return &travel{timestamp: &at}, nil
	default:
		return nil, nil
	}
}

// parseInstant reads the forms of a timestamp that Spark casts from a string.
// Without a zone it is UTC, the lab's session time zone.
func parseInstant(s string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999",
		"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02",
	} {
		if at, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// stateCalls finds cloud_files_state('checkpoint') and cloud_files_state(TABLE(name)).
func (q queryText) stateCalls() ([]stateCall, error) {
	var calls []stateCall
	p := parser{sql: q.sql, tokens: q.tokens}
	for ; p.at < len(p.tokens); p.at++ {
		if !p.peek().is("cloud_files_state") || p.at+1 == len(p.tokens) || !p.tokens[p.at+1].isSymbol("(") {
			continue
		}
		call := stateCall{whole: p.peek().span}
		p.at += 2
		switch argument := p.peek(); {
		case argument.kind == text:
			call.checkpoint = argument.value
			p.at++
		case p.accept("TABLE") && p.peek().isSymbol("("):
			p.at++
			call.table = p.chain()
			if call.table == nil || !p.peek().isSymbol(")") {
				return nil, p.unexpected()
			}
			p.at++
		default:
			return nil, p.unexpected()
		}
		if !p.peek().isSymbol(")") {
			return nil, p.unexpected()
		}
		call.whole.end = p.peek().end
		calls = append(calls, call)
	}
	return calls, nil
}

// edit replaces a span of the statement.
type edit struct {
	span
	with string
}

// rewritten is the text for DuckDB: backquoted names in double quotes, and the
// edits made. Edits do not overlap each other.
func (q queryText) rewritten(edits []edit) string {
	bySpan := make(map[int]edit, len(edits))
	for _, e := range edits {
		bySpan[e.start] = e
	}
	var out strings.Builder
	at := q.tokens[0].start
	for _, t := range q.tokens {
		if t.start < at {
			continue // inside an edit
		}
		e, edited := bySpan[t.start]
		if !edited && t.kind == quoted && q.sql[t.start] == '`' {
			e, edited = edit{t.span, quoteName(t.value)}, true
		}
		if !edited {
			continue
		}
		out.WriteString(q.sql[at:e.start])
		out.WriteString(e.with)
		at = e.end
	}
	out.WriteString(q.sql[at:q.tokens[len(q.tokens)-1].end])
	return out.String()
}

// quoteName makes any text one identifier.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// quoteText makes any text one string literal.
func quoteText(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }
