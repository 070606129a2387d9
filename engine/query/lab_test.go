package query

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"

	duckdb "github.com/marcboeker/go-duckdb/v2"
)

// lab is a World in a temporary folder. Its logs are written by hand and its
// data files by a DuckDB of the test's own.
type lab struct {
	t        testing.TB
	root     string
	tables   []TableName
	versions map[TableName]int
	dropped  []TableName
	states   map[string][]FileState
}

var features = TableName{"bronce_dev", "datavision_bruno", "account_premium_features"}

const featuresName = "bronce_dev.datavision_bruno.account_premium_features"

func newLab(t testing.TB) *lab {
	return &lab{t: t, root: t.TempDir(), versions: map[TableName]int{}, states: map[string][]FileState{}}
}

func (l *lab) Tables(context.Context) ([]TableName, error) { return l.tables, nil }
func (l *lab) Dir(name TableName) string {
	return filepath.Join(l.root, name.Catalog, name.Schema, name.Table)
}
func (l *lab) Log(name TableName) *delta.Log {
	return delta.NewLog(storage.NewLocal(), l.Dir(name), time.Now)
}
func (l *lab) Drop(_ context.Context, name TableName) (bool, error) {
	l.dropped = append(l.dropped, name)
	return true, nil
}
func (l *lab) Undrop(_ context.Context, name TableName) error {
	for _, there := range l.tables {
		if there == name {
			return failure.New(failure.TableExists, "undrop", name.String())
		}
	}
	l.tables = append(l.tables, name)
	return nil
}
func (l *lab) FileStates(_ context.Context, checkpoint string) ([]FileState, error) {
	states, there := l.states[checkpoint]
	if !there {
		return nil, failure.New(failure.CannotRead, "read", checkpoint)
	}
	return states, nil
}
func (l *lab) Checkpoint(_ context.Context, name TableName) (string, error) {
	return "/Volumes/checkpoint of " + name.Table, nil
}

// create makes a table at version 0. Columns are "name type"; a column after
// the word "by" is one of partition.
func (l *lab) create(name TableName, columns ...string) {
	l.t.Helper()
	l.tables = append(l.tables, name)
	l.versions[name] = 0
	l.commit(name, `{"commitInfo":{"timestamp":1741200000000,"operation":"CREATE TABLE","operationParameters":{"isManaged":"true"},"isBlindAppend":true,"engineInfo":"test"}}`,
		`{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}`, metadata(columns...))
}

func metadata(columns ...string) string {
	var fields, by []string
	for _, column := range columns {
		name, kind, _ := strings.Cut(column, " ")
		if name == "by" {
			by = append(by, quoteJSON(kind))
			continue
		}
		if !strings.HasPrefix(kind, "{") {
			kind = quoteJSON(kind)
		}
		fields = append(fields, fmt.Sprintf(`{"name":%s,"type":%s,"nullable":true,"metadata":{}}`, quoteJSON(name), kind))
	}
	schema := `{"type":"struct","fields":[` + strings.Join(fields, ",") + `]}`
	return fmt.Sprintf(`{"metaData":{"id":"6f1c7a9e-0b1f-4a49-9d52-0d1f1a2b3c4d","format":{"provider":"parquet","options":{}},"schemaString":%s,"partitionColumns":[%s],"configuration":{"delta.appendOnly":"true"},"createdTime":1741200000000}}`,
		quoteJSON(schema), strings.Join(by, ","))
}

func quoteJSON(s string) string {
	encoded, _ := json.Marshal(s)
	return string(encoded)
}

// commit writes the next version of a table.
func (l *lab) commit(name TableName, lines ...string) {
	l.t.Helper()
	dir := filepath.Join(l.Dir(name), "_delta_log")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		l.t.Fatal(err)
	}
	version := l.versions[name]
	l.versions[name]++
	path := filepath.Join(dir, fmt.Sprintf("%020d.json", version))
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		l.t.Fatal(err)
	}
	at := time.Date(2025, 3, 5, version, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, at, at); err != nil {
		l.t.Fatal(err)
	}
}

// file makes a data file of a query's rows and returns its add.
func (l *lab) file(name TableName, file, rows string, partition ...string) string {
	l.t.Helper()
	path := filepath.Join(l.Dir(name), file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		l.t.Fatal(err)
	}
	writeParquet(l.t, path, rows)
	return addOf(file, partition...)
}

func addOf(file string, partition ...string) string {
	values := map[string]any{}
	for _, p := range partition {
		key, value, _ := strings.Cut(p, "=")
		values[key] = value
		if value == "NULL" {
			values[key] = nil
		}
	}
	encoded, _ := json.Marshal(values)
	uri := (&url.URL{Path: file}).EscapedPath()
	return fmt.Sprintf(`{"add":{"path":%s,"partitionValues":%s,"size":100,"modificationTime":1741200000000,"dataChange":true}}`, quoteJSON(uri), encoded)
}

// writeParquet goes by a plain name, so that the test does not depend on how
// DuckDB writes hostile ones.
func writeParquet(t testing.TB, path, rows string) {
	t.Helper()
	plain := filepath.Join(t.TempDir(), "file.parquet")
	testDuckDB(t, "COPY ("+rows+") TO "+quoteText(plain)+" (FORMAT parquet)")
	if err := os.Rename(plain, path); err != nil {
		t.Fatal(err)
	}
}

// testDuckDB runs statements in an unlocked DuckDB.
func testDuckDB(t testing.TB, sql string) {
	t.Helper()
	connector, err := duckdb.NewConnector("?autoinstall_known_extensions=false&autoload_known_extensions=false", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer connector.Close()
	conn, err := connector.Connect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.(*duckdb.Conn).ExecContext(context.Background(), "SET TimeZone='UTC';"+sql, nil); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// featuresLab has the notebook's table: three rows at version 1, two more and a
// new column at version 2.
func featuresLab(t testing.TB) *lab {
	l := newLab(t)
	columns := []string{"account_feature_id string", "amount_paid string", "purchase_date string", "fecha_carga date"}
	l.create(features, columns...)
	l.commit(features, `{"commitInfo":{"timestamp":1741203600000,"operation":"STREAMING UPDATE","operationParameters":{"outputMode":"Append","queryId":"q","epochId":"0"},"readVersion":0,"isolationLevel":"WriteSerializable","isBlindAppend":true,"operationMetrics":{"numOutputRows":"3"},"engineInfo":"test"}}`,
		l.file(features, "part-00000.parquet", "SELECT 'f' || i AS account_feature_id, i || '.50' AS amount_paid, '2025-03-0' || (i+1) AS purchase_date, DATE '2025-03-05' AS fecha_carga FROM range(3) t(i)"))
	l.commit(features, metadata(append(columns, "canal string")...),
		l.file(features, "part-00001.parquet", "SELECT 'g' || i AS account_feature_id, '2.25' AS amount_paid, '2025-03-04' AS purchase_date, DATE '2025-03-06' AS fecha_carga, 'web' AS canal FROM range(2) t(i)"))
	return l
}

func (l *lab) run(sql string) (*Result, error) {
	return Run(context.Background(), l, l.root, sql)
}

// json runs a statement that must succeed.
func (l *lab) json(sql string) string {
	l.t.Helper()
	result, err := l.run(sql)
	if err != nil {
		l.t.Fatalf("%s: %v", sql, err)
	}
	out, err := result.JSON()
	if err != nil {
		l.t.Fatalf("%s: %v", sql, err)
	}
	if !json.Valid(out) {
		l.t.Fatalf("%s: not JSON: %s", sql, out)
	}
	return string(out)
}
