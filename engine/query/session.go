package query

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"

	"autoloaderlab/engine/failure"

	duckdb "github.com/marcboeker/go-duckdb/v2"
)

// settings are what DuckDB is opened with: no extension from the network, no
// spill to disk, no stored secrets.
var settings = url.Values{
	"autoinstall_known_extensions": {"false"},
	"autoload_known_extensions":    {"false"},
	"allow_community_extensions":   {"false"},
	"allow_persistent_secrets":     {"false"},
	"memory_limit":                 {"1GB"},
	"temp_directory":               {""},
}

// ownCatalog is the name that DuckDB gives to its own in-memory database.
const ownCatalog = "memory"

// reservedCatalogs cannot be attached.
var reservedCatalogs = []string{"system", "temp"}

// session is one DuckDB in memory, open for one statement. The driver's own
// connection, and not database/sql's, because only it tells a prepared
// statement's type and refuses several statements before it runs the first.
type session struct {
	connector *duckdb.Connector
	conn      *duckdb.Conn
	catalogs  map[string]bool // attached, in lower case
	schemas   map[string]bool // created, in lower case
}

// openSession opens DuckDB and locks it: it reads the files allowed and no
// other, writes none, and no statement changes that.
func openSession(ctx context.Context, allowed []string) (*session, error) {
	connector, err := duckdb.NewConnector("?"+settings.Encode(), nil)
	if err != nil {
		return nil, failure.Wrap(failure.Internal, "open", "DuckDB", err)
	}
	s := &session{connector: connector, catalogs: map[string]bool{ownCatalog: true}, schemas: map[string]bool{}}
	conn, err := connector.Connect(ctx)
	if err != nil {
		connector.Close()
		return nil, failure.Wrap(failure.Internal, "open", "DuckDB", err)
	}
	s.conn = conn.(*duckdb.Conn)
	for _, set := range []string{
		"SET TimeZone='UTC'",
		"SET errors_as_json=true",
		"SET allowed_paths=" + listOf(allowed, func(path string) string { return path }),
		"SET enable_external_access=false",
		"SET lock_configuration=true",
	} {
		if err := s.exec(ctx, set); err != nil {
			s.close()
			return nil, failure.Wrap(failure.Internal, "lock", "DuckDB", err)
		}
	}
	return s, nil
}

func (s *session) close() {
	// An in-memory database has nothing to lose.
	_ = s.conn.Close()
	_ = s.connector.Close()
}

// exec runs a statement of our own.
func (s *session) exec(ctx context.Context, sql string) error {
	_, err := s.conn.ExecContext(ctx, sql, nil)
	return err
}

// makeSchema makes catalog.schema, unless it is there.
func (s *session) makeSchema(ctx context.Context, catalog, schema string) error {
	if c := strings.ToLower(catalog); !s.catalogs[c] {
		if err := s.exec(ctx, "ATTACH ':memory:' AS "+quoteName(catalog)); err != nil {
			return err
		}
		s.catalogs[c] = true
	}
	full := quoteName(catalog) + "." + quoteName(schema)
	if c := strings.ToLower(full); !s.schemas[c] {
		if err := s.exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+full); err != nil {
			return err
		}
		s.schemas[c] = true
	}
	return nil
}

// show makes a table visible under its three names.
func (s *session) show(ctx context.Context, view tableView) error {
	for _, reserved := range reservedCatalogs {
		if strings.EqualFold(view.name.Catalog, reserved) {
			return unsupported(view.name, "a catalog called "+reserved)
		}
	}
	if err := s.makeSchema(ctx, view.name.Catalog, view.schema); err != nil {
		return err
	}
	return s.exec(ctx, view.definition())
}

// showFileStates makes a table schema.cloud_files_state of the rows.
func (s *session) showFileStates(ctx context.Context, schema string, states []FileState) error {
	if err := s.makeSchema(ctx, ownCatalog, schema); err != nil {
		return err
	}
	if err := s.exec(ctx, "CREATE TABLE "+fileStateTable(schema)+" ("+fileStateColumns+")"); err != nil {
		return err
	}
	appender, err := duckdb.NewAppender(s.conn, ownCatalog, schema, fileStateFunction)
	if err != nil {
		return err
	}
	for _, state := range states {
		if err = appender.AppendRow(state.values()...); err != nil {
			break
		}
	}
	return errors.Join(err, appender.Close())
}

// checkSelect fails unless DuckDB, too, takes the text for one query. Preparing
// runs nothing.
func (s *session) checkSelect(sql string) error {
	prepared, err := s.prepareSelect(sql)
	if err != nil {
		return err
	}
	return prepared.Close()
}

func (s *session) prepareSelect(sql string) (*duckdb.Stmt, error) {
	prepared, err := s.conn.Prepare(sql)
	if err != nil {
		return nil, err
	}
	stmt := prepared.(*duckdb.Stmt)
	kind, err := stmt.StatementType()
	if err == nil && kind != duckdb.STATEMENT_TYPE_SELECT {
		err = failure.New(failure.StatementNotAllowed, "run", excerpt(sql))
	}
	if err != nil {
		return nil, errors.Join(err, stmt.Close())
	}
	return stmt, nil
}

// maxRows is the longest result that a statement may have: all of it is in
// memory, and DuckDB's own limit does not count it.
const maxRows = 1_000_000

// query runs one query and takes all its rows. It stands in parentheses, where
// only a query can, and under a limit.
func (s *session) query(ctx context.Context, sql string) (*Result, error) {
	sql = "SELECT * FROM (" + sql + "\n) LIMIT " + strconv.Itoa(maxRows+1)
	result, err := s.queryAsIs(ctx, sql)
	if e, ok := parseDuckError(err); ok && e.Position != "" && e.Position == strconv.Itoa(strings.LastIndex(sql, "\n)")+1) {
		return nil, syntaxError("end of the statement", e.cause()) // it stumbled over our parenthesis
	}
	if err == nil && len(result.Rows) > maxRows {
		return nil, failure.New(failure.ResultTooLarge, "run", "a query of more than "+strconv.Itoa(maxRows)+" rows").Hinting("LIMIT")
	}
	return result, err
}

func (s *session) queryAsIs(ctx context.Context, sql string) (*Result, error) {
	stmt, err := s.prepareSelect(sql)
	if err != nil {
		return nil, err
	}
	defer stmt.Close()
	result, texts, err := fetch(ctx, stmt)
	if err != nil || texts == nil {
		return result, err
	}
	asText, err := s.prepareSelect(withTexts(sql, result.Columns, texts))
	if err != nil {
		return nil, err
	}
	defer asText.Close()
	again, _, err := fetch(ctx, asText)
	if err != nil {
		return nil, err
	}
	for _, row := range again.Rows {
		for i, t := range texts {
			row[i] = plain(row[i], t)
		}
	}
	return &Result{Columns: result.Columns, Rows: again.Rows}, nil
}

// explain runs EXPLAIN of a query that has been checked.
func (s *session) explain(ctx context.Context, sql string) (*Result, error) {
	prepared, err := s.conn.Prepare(sql)
	if err != nil {
		return nil, err
	}
	stmt := prepared.(*duckdb.Stmt)
	defer stmt.Close()
	result, _, err := fetch(ctx, stmt)
	return result, err
}

// fetch executes a statement. When the driver cannot hand out some columns as
// they are, it gives the result without rows, and these columns' types.
func fetch(ctx context.Context, stmt *duckdb.Stmt) (result *Result, texts map[int]duckType, err error) {
	rows, err := stmt.QueryContext(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	result = &Result{}
	var types []duckType
	for i, name := range rows.Columns() {
		t := parseDuckType(rows.(driver.RowsColumnTypeDatabaseTypeName).ColumnTypeDatabaseTypeName(i))
		if t.needsText() {
			if texts == nil {
				texts = map[int]duckType{}
			}
			texts[i] = t
		}
		types = append(types, t)
		result.Columns = append(result.Columns, Column{name, t.spark()})
	}
	if texts != nil {
		return result, texts, nil
	}
	result.Rows, err = takeRows(ctx, rows, types)
	return result, nil, err
}

func takeRows(ctx context.Context, rows driver.Rows, types []duckType) ([][]any, error) {
	const rowsBetweenChecks = 1024
	all := [][]any{}
	values := make([]driver.Value, len(types))
	for {
		if len(all)%rowsBetweenChecks == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		err := rows.Next(values)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		row := make([]any, len(values))
		for i, value := range values {
			row[i] = plain(value, types[i])
		}
		all = append(all, row)
	}
}

// withTexts wraps a query so that the columns named by texts come as text.
func withTexts(sql string, columns []Column, texts map[int]duckType) string {
	var names, values []string
	for i := range columns {
		name := quoteName("c" + strconv.Itoa(i))
		names = append(names, name)
		if _, asText := texts[i]; asText {
			name = "CAST(" + name + " AS VARCHAR)"
		}
		values = append(values, name)
	}
	return "SELECT " + strings.Join(values, ", ") + " FROM (" + sql + "\n) AS q(" + strings.Join(names, ", ") + ")"
}
