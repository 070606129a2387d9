package query

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
)

func TestQueriesAnswerUnderTheNotebooksNames(t *testing.T) {
	l := featuresLab(t)
	for _, test := range []struct{ name, sql, want string }{
		{"the notebook's count", "SELECT count(*) FROM " + featuresName, `[{"count_star()":5}]`},
		{"in any case, with comment and semicolon", "/* a ; b */ select COUNT(*) from Bronce_Dev.DATAVISION_bruno.account_premium_features -- ;\n ; ;", `[{"count_star()":5}]`},
		{"backquoted names", "SELECT count(*) AS `n` FROM `bronce_dev`.`datavision_bruno`.`account_premium_features`", `[{"n":5}]`},
		{"FROM first", "FROM " + featuresName + " SELECT max(fecha_carga) AS m", `[{"m":"2025-03-06"}]`},
		{"WITH", "WITH t AS (SELECT * FROM " + featuresName + ") SELECT count(*) AS n FROM t", `[{"n":5}]`},
		{"VALUES", "VALUES (1, 'a')", `[{"col0":1,"col1":"a"}]`},
		{"TABLE", "TABLE " + featuresName + " LIMIT 0", `[]`},
		{"parentheses", "(SELECT 1 AS a)", `[{"a":1}]`},
		{"an alias", "SELECT t.canal FROM " + featuresName + " t ORDER BY account_feature_id LIMIT 1", `[{"canal":null}]`},
		{"the table's own name qualifies", "SELECT account_premium_features.canal FROM " + featuresName + " WHERE canal IS NOT NULL LIMIT 1", `[{"canal":"web"}]`},
		{"all three names qualify", "SELECT " + featuresName + ".canal FROM " + featuresName + " WHERE canal IS NOT NULL LIMIT 1", `[{"canal":"web"}]`},
		{"columns in the schema's order", "SELECT * FROM " + featuresName + " WHERE account_feature_id = 'g1'",
			`[{"account_feature_id":"g1","amount_paid":"2.25","purchase_date":"2025-03-04","fecha_carga":"2025-03-06","canal":"web"}]`},
		{"the notebook's sum", "SELECT sum(CAST(amount_paid AS DECIMAL(10,2))) AS total FROM " + featuresName, `[{"total":9.00}]`},
		{"a subquery", "SELECT (SELECT count(*) FROM " + featuresName + ") - 1 AS n", `[{"n":4}]`},
		{"ORDER BY holds", "SELECT account_feature_id AS f FROM " + featuresName + " ORDER BY f DESC LIMIT 2", `[{"f":"g1"},{"f":"g0"}]`},
		{"a comment at the end", "SELECT 1 AS uno -- fin", `[{"uno":1}]`},
		{"EXPLAIN ends in a plan", "SELECT 1 AS uno WHERE EXISTS (SELECT 1)", `[{"uno":1}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			l.t = t
			if got := l.json(test.sql); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestTimeTravel(t *testing.T) {
	l := featuresLab(t)
	for _, test := range []struct{ name, sql, want string }{
		{"an empty version 0", "SELECT count(*) AS n FROM " + featuresName + " VERSION AS OF 0", `[{"n":0}]`},
		{"a version", "SELECT count(*) AS n FROM " + featuresName + " VERSION AS OF 1", `[{"n":3}]`},
		{"a version as text", "SELECT count(*) AS n FROM " + featuresName + " version as of '1'", `[{"n":3}]`},
		{"FOR SYSTEM_VERSION", "SELECT count(*) AS n FROM " + featuresName + " FOR SYSTEM_VERSION AS OF 1", `[{"n":3}]`},
		{"a keyword sticks to the number", "SELECT count(*) AS n FROM " + featuresName + " VERSION AS OF 1WHERE true", `[{"n":3}]`},
		{"the short form", "SELECT count(*) AS n FROM " + featuresName + "@v1", `[{"n":3}]`},
		{"the short form of an instant", "SELECT count(*) AS n FROM " + featuresName + "@20250305013000000", `[{"n":3}]`},
		{"an instant", "SELECT count(*) AS n FROM " + featuresName + " TIMESTAMP AS OF '2025-03-05 01:30:00'", `[{"n":3}]`},
		{"an instant with a zone", "SELECT count(*) AS n FROM " + featuresName + " TIMESTAMP AS OF TIMESTAMP '2025-03-05T02:30:00+01:00'", `[{"n":3}]`},
		{"the schema is the version's own", "SELECT * FROM " + featuresName + " VERSION AS OF 1 WHERE account_feature_id = 'f0'",
			`[{"account_feature_id":"f0","amount_paid":"0.50","purchase_date":"2025-03-01","fecha_carga":"2025-03-05"}]`},
		{"two versions in one statement", "SELECT new.n - old.n AS d FROM (SELECT count(*) AS n FROM " + featuresName + ") new, (SELECT count(*) AS n FROM " + featuresName + " VERSION AS OF 1) old", `[{"d":2}]`},
		{"a join of two versions", "SELECT count(*) AS n FROM " + featuresName + " a LEFT JOIN " + featuresName + " VERSION AS OF 1 AS b USING (account_feature_id) WHERE b.account_feature_id IS NULL", `[{"n":2}]`},
		{"the name qualifies", "SELECT count(account_premium_features.amount_paid) AS n FROM " + featuresName + " VERSION AS OF 1", `[{"n":3}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			l.t = t
			if got := l.json(test.sql); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestOtherStatements(t *testing.T) {
	l := featuresLab(t)
	for _, test := range []struct{ name, sql, want string }{
		{"SHOW TABLES", "SHOW TABLES", `[{"database":"datavision_bruno","tableName":"account_premium_features","isTemporary":false}]`},
		{"SHOW TABLES IN", "show tables in bronce_dev.datavision_bruno;", `[{"database":"datavision_bruno","tableName":"account_premium_features","isTemporary":false}]`},
		{"SHOW TABLES FROM another", "SHOW TABLES FROM bronce_dev.datavision_ana", `[]`},
		{"DESCRIBE", "DESCRIBE TABLE " + featuresName, `[{"col_name":"account_feature_id","data_type":"string","comment":null},{"col_name":"amount_paid","data_type":"string","comment":null},{"col_name":"purchase_date","data_type":"string","comment":null},{"col_name":"fecha_carga","data_type":"date","comment":null},{"col_name":"canal","data_type":"string","comment":null}]`},
		{"DESCRIBE of a query", "DESCRIBE SELECT count(*) AS n, fecha_carga FROM " + featuresName + " GROUP BY 2", `[{"col_name":"n","data_type":"bigint","comment":null},{"col_name":"fecha_carga","data_type":"date","comment":null}]`},
		{"DESCRIBE DETAIL", "DESCRIBE DETAIL " + featuresName, `[{"format":"delta","id":"6f1c7a9e-0b1f-4a49-9d52-0d1f1a2b3c4d","name":"` + featuresName + `","description":null,"location":` + quoteJSON(l.Dir(features)) + `,"createdAt":"2025-03-05T18:40:00Z","lastModified":"2025-03-05T02:00:00Z","partitionColumns":[],"numFiles":2,"sizeInBytes":200,"properties":{"delta.appendOnly":"true"},"minReaderVersion":1,"minWriterVersion":2,"tableFeatures":["appendOnly","invariants"]}]`},
		{"DESCRIBE HISTORY", "describe history " + featuresName + " limit 2", `[{"version":2,"timestamp":"2025-03-05T02:00:00Z","userId":null,"userName":null,"operation":"","operationParameters":null,"job":null,"notebook":null,"clusterId":null,"readVersion":null,"isolationLevel":null,"isBlindAppend":null,"operationMetrics":null,"userMetadata":null,"engineInfo":null},{"version":1,"timestamp":"2025-03-05T01:00:00Z","userId":null,"userName":null,"operation":"STREAMING UPDATE","operationParameters":{"outputMode":"Append","queryId":"q","epochId":"0"},"job":null,"notebook":null,"clusterId":null,"readVersion":0,"isolationLevel":"WriteSerializable","isBlindAppend":true,"operationMetrics":{"numOutputRows":"3"},"userMetadata":null,"engineInfo":"test"}]`},
		{"DROP TABLE IF EXISTS of nothing", "DROP TABLE IF EXISTS bronce_dev.datavision_bruno.nada", `[]`},
		{"UNDROP TABLE", "UNDROP TABLE bronce_dev.datavision_bruno.otra", `[]`},
		{"DROP TABLE", "drop table if exists `bronce_dev`.DATAVISION_BRUNO.account_premium_features", `[]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			l.t = t
			if got := l.json(test.sql); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	if want := []TableName{features}; !reflect.DeepEqual(l.dropped, want) {
		t.Errorf("dropped %v, want %v", l.dropped, want)
	}
	result, err := l.run("EXPLAIN SELECT count(*) FROM " + featuresName)
	if err != nil || len(result.Rows) != 1 {
		t.Errorf("EXPLAIN gave %v, %v", result, err)
	}
	if _, err := l.run("EXPLAIN ANALYZE SELECT count(*) FROM " + featuresName); err != nil {
		t.Errorf("EXPLAIN ANALYZE: %v", err)
	}
	if result, err := l.run("SUMMARIZE " + featuresName); err != nil || len(result.Rows) != 5 {
		t.Errorf("SUMMARIZE gave %v, %v", result, err)
	}
}

func TestFailuresHaveAClass(t *testing.T) {
	l := featuresLab(t)
	type refusal struct {
		class failure.Class
		thing string
		names []string
		hint  string
	}
	for _, test := range []struct {
		sql  string
		want refusal
	}{
		{"SELECT sum(amount_paid) FROM " + featuresName, refusal{failure.DatatypeMismatch, "sum", []string{"amount_paid"}, "sum(CAST(amount_paid AS DECIMAL(10,2)))"}},
		{"SELECT AVG(t.amount_paid) FROM " + featuresName + " t", refusal{failure.DatatypeMismatch, "avg", []string{"amount_paid"}, "AVG(CAST(t.amount_paid AS DECIMAL(10,2)))"}},
		{"SELECT sum(DISTINCT `amount_paid`) FROM " + featuresName, refusal{failure.DatatypeMismatch, "sum", []string{"amount_paid"}, "sum(DISTINCT CAST(`amount_paid` AS DECIMAL(10,2)))"}},
		{"SELECT date_trunc('month', purchase_date) FROM " + featuresName, refusal{failure.DatatypeMismatch, "date_trunc", []string{"purchase_date"}, "date_trunc('month', CAST(purchase_date AS TIMESTAMP))"}},
		{"SELECT amount_paid + 1 FROM " + featuresName, refusal{failure.DatatypeMismatch, "+", []string{"amount_paid"}, "CAST(amount_paid AS DECIMAL(10,2))"}},
		{"SELECT 1 FROM " + featuresName + " WHERE amount_paid > 1", refusal{failure.DatatypeMismatch, "", []string{"amount_paid"}, "CAST(amount_paid AS DECIMAL(10,2))"}},
		{"SELECT CAST(account_feature_id AS INT) FROM " + featuresName, refusal{failure.DatatypeMismatch, "", nil, "TRY_CAST"}},
		{"SELECT importe FROM " + featuresName, refusal{failure.UnresolvedColumn, "importe", []string{"amount_paid", "purchase_date", "account_feature_id"}, ""}},
		{"SELECT 1 FROM " + featuresName + ` WHERE canal = "web"`, refusal{failure.UnresolvedColumn, "web", []string{"fecha_carga"}, "'web'"}},
		{"SELECT 1) UNION ALL (SELECT 2", refusal{failure.ParseSyntax, ") UNION ALL (SELECT 2", nil, ") UNION ALL (SELECT 2"}},
		{"SELECT range FROM range(1000001)", refusal{failure.ResultTooLarge, "a query of more than 1000000 rows", nil, "LIMIT"}},
		{"SELECT t.importe FROM " + featuresName + " t", refusal{failure.UnresolvedColumn, "importe", nil, ""}},
		{"SELECT x.amount_paid FROM " + featuresName + " t", refusal{failure.UnresolvedColumn, "x", nil, ""}},
		{"SELECT sumar(amount_paid) FROM " + featuresName, refusal{failure.UnresolvedRoutine, "sumar", []string{"sum"}, ""}},
		{"SELECT * FROM delta_scan('x')", refusal{failure.UnresolvedRoutine, "delta_scan", nil, ""}},
		{"SELECT * FROM bronce_dev.datavision_bruno.nada", refusal{failure.TableNotFound, "bronce_dev.datavision_bruno.nada", nil, ""}},
		{"SELECT * FROM otro.datavision_bruno.nada", refusal{failure.TableNotFound, "otro.datavision_bruno.nada", nil, ""}},
		{"SELECT * FROM otro.datavision_bruno.account_premium_features", refusal{failure.TableNotFound, "otro.datavision_bruno.account_premium_features", []string{featuresName}, ""}},
		{"SELECT * FROM " + featuresName + " JOIN bronce_dev.otro.nada USING (canal)", refusal{failure.TableNotFound, "bronce_dev.otro.nada", nil, ""}},
		{"SELECT * FROM account_premium_features", refusal{failure.TableNotFound, "account_premium_features", []string{featuresName}, ""}},
		{"SELECT * FROM datavision_bruno.account_premium_features", refusal{failure.TableNotFound, "datavision_bruno.account_premium_features", []string{featuresName}, ""}},
		{"SELECT * FROM bronce_dev.datavision_bruno.nada VERSION AS OF 1", refusal{failure.TableNotFound, "bronce_dev.datavision_bruno.nada", nil, ""}},
		{"DESCRIBE HISTORY bronce_dev.datavision_bruno.nada", refusal{failure.TableNotFound, "bronce_dev.datavision_bruno.nada", nil, ""}},
		{"DROP TABLE bronce_dev.datavision_bruno.nada", refusal{failure.TableNotFound, "bronce_dev.datavision_bruno.nada", nil, ""}},
		{"UNDROP TABLE `..`.`..`.`etc`", refusal{failure.TableNotFound, "......etc", nil, ""}},
		{"UNDROP TABLE " + featuresName, refusal{failure.TableExists, featuresName, nil, ""}},
		{"SELECT * FROM " + featuresName + " VERSION AS OF 9", refusal{failure.VersionNotFound, featuresName, nil, "0..2"}},
		{"SELECT * FROM " + featuresName + " TIMESTAMP AS OF '2020-01-01'", refusal{failure.TimestampNotFound, featuresName, nil, "2025-03-05T00:00:00Z..2025-03-05T02:00:00Z"}},
		{"SELECT * FROM " + featuresName + " VERSION AS OF hoy", refusal{failure.ParseSyntax, "hoy", nil, "hoy"}},
		{"SELECT * FROMM x", refusal{failure.ParseSyntax, "x", nil, "x"}},
		{"SELECT (1", refusal{failure.ParseSyntax, "end of the statement", nil, "end of the statement"}},
		{"SELECT 'abierto", refusal{failure.ParseSyntax, "'abierto", nil, "'abierto"}},
		{"SELEC 1", refusal{failure.ParseSyntax, "SELEC 1", nil, "SELEC 1"}},
		{"", refusal{failure.ParseSyntax, "an empty statement", nil, "an empty statement"}},
		{"-- nada", refusal{failure.ParseSyntax, "an empty statement", nil, "an empty statement"}},
		{"SELECT 1; SELECT 2", refusal{failure.ParseSyntax, "; (one statement at a time)", nil, "; (one statement at a time)"}},
		{"DROP TABLE " + featuresName + " PURGE", refusal{failure.ParseSyntax, "PURGE", nil, "PURGE"}},
		{"DESCRIBE HISTORY", refusal{failure.ParseSyntax, "end of the statement", nil, "end of the statement"}},
		{"SELECT ?", refusal{failure.ParseSyntax, "? (a parameter without a value)", nil, "? (a parameter without a value)"}},
		{"SELECT 1 +", refusal{failure.ParseSyntax, "end of the statement", nil, "end of the statement"}},
		{"SELECT (1 +) FROM " + featuresName, refusal{failure.ParseSyntax, ")", nil, ")"}},
		{"SELECT canal, count(*) FROM " + featuresName, refusal{failure.MissingAggregation, "canal", nil, ""}},
		{"SELECT canal FROM " + featuresName + " HAVING canal > 'a'", refusal{failure.MissingAggregation, "canal", nil, ""}},
		{"SELECT 1 FROM " + featuresName + " WHERE count(*) > 1", refusal{failure.InvalidWhere, "", nil, ""}},
		{"SELECT count(count(*)) FROM " + featuresName, refusal{failure.NestedAggregate, "", nil, ""}},
		{"SELECT canal FROM " + featuresName + " a, " + featuresName + " b", refusal{failure.AmbiguousReference, "canal", []string{"a.canal", "b.canal"}, ""}},
		{"SELECT (SELECT canal FROM " + featuresName + ")", refusal{failure.TooManySubqueryRows, "", nil, ""}},
		{"SELECT 1 UNION SELECT 1, 2", refusal{failure.ColumnsMismatch, "", nil, ""}},
		{"SELECT 9223372036854775807 + 1", refusal{failure.ArithmeticOverflow, "", nil, ""}},
		{"SELECT to_date(purchase_date) FROM " + featuresName, refusal{failure.UnresolvedRoutine, "to_date", nil, "CAST(… AS DATE)"}},
		{"SELECT row_number() FROM " + featuresName, refusal{failure.UnresolvedRoutine, "row_number", nil, "row_number() OVER (ORDER BY …)"}},
		{"SELECT 'a' + 'b'", refusal{failure.DatatypeMismatch, "", nil, ""}},
		{"WITH x AS (SELECT 1) insert INTO " + featuresName + " SELECT * FROM x", refusal{failure.StatementNotAllowed, "INSERT", nil, ""}},
		{"SELECT * FROM \"Enable_Logging\" /* x */ (storage='file')", refusal{failure.StatementNotAllowed, "enable_logging()", nil, ""}},
	} {
		t.Run(test.sql, func(t *testing.T) {
			_, err := l.run(test.sql)
			var e *failure.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want a failure of class %s", err, test.want.class)
			}
			got := refusal{e.Class, e.Thing, e.Names, e.Hint}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
			if strings.Contains(err.Error(), "exception_type") || strings.Contains(err.Error(), "LINE 1") {
				t.Errorf("raw DuckDB text: %v", err)
			}
		})
	}
	if len(l.dropped) > 0 {
		t.Errorf("dropped %v", l.dropped)
	}
}

func TestNothingElseIsReadOrWritten(t *testing.T) {
	l := featuresLab(t)
	inside := filepath.Join(l.root, "lab.json")
	if err := os.WriteFile(inside, []byte(`{"secret":1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(l.Dir(features), "part-00000.parquet")
	before := snapshotOf(t, l.root)
	for _, sql := range []string{
		"SELECT * FROM read_csv('/etc/passwd')",
		"SELECT * FROM read_text('/etc/passwd')",
		"SELECT * FROM read_blob('/etc/pass*')",
		"SELECT * FROM read_json('" + inside + "')",
		"SELECT * FROM read_text('" + inside + "')",
		"SELECT * FROM '" + inside + "'",
		"SELECT * FROM glob('/**')",
		"SELECT * FROM glob('" + l.root + "/**')",
		"SELECT * FROM sniff_csv('/etc/passwd')",
		"SELECT * FROM parquet_metadata('" + l.root + "/*.parquet')",
		"SELECT * FROM read_parquet('" + l.root + "/**/*.parquet')",
		"FROM '/etc/passwd'",
		"SELECT * FROM \"/etc/passwd\"",
		"SELECT * FROM `/etc/passwd`",
		"SELECT getenv('HOME')",
		"SELECT * FROM read_csv('https://example.com/x.csv')",
		"SELECT * FROM 's3://bucket/x.parquet'",
		"SELECT * FROM delta_scan('" + l.Dir(features) + "')",
		"SELECT * FROM query('COPY (SELECT 1) TO ''" + data + "''')",
		"SELECT * FROM system.main.enable_logging('QueryLog', storage='file', storage_path='" + l.root + "/logs')",
		"WITH x AS (SELECT * FROM enable_logging(storage='stdout')) SELECT * FROM x",
		"SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
		"SELECT E'a'\n'b\\'', (SELECT 1 FROM enable_logging(storage='stdout')) --'",
		"SELECT * FROM enable_logging\u2060(storage='stdout')",
		"SELECT * FROM enable_logging\u00a0(storage='stdout')",
		"SELECT 1) x, enable_logging(storage='stdout'), (SELECT 1",
		"SELECT * FROM arrow_scan(1::POINTER, 1::POINTER, 1::POINTER)",
		"SELECT * FROM U&\"enable\\005flogging\"()",
		"COPY (SELECT 1) TO '" + l.root + "/x.csv'",
		"COPY " + featuresName + " TO '" + data + "' (USE_TMP_FILE false)",
		"EXPLAIN ANALYZE COPY (SELECT 1) TO '" + data + "' (USE_TMP_FILE false)",
		"EXPLAIN COPY (SELECT 1) TO '" + data + "'",
		"EXPLAIN ANALYZE ATTACH '" + l.root + "/x.db'",
		"EXPLAIN ANALYZE WITH x AS (SELECT 1) INSERT INTO " + featuresName + " SELECT * FROM x",
		"WITH x AS (SELECT 1) INSERT INTO " + featuresName + " SELECT * FROM x",
		"WITH x AS (SELECT 1) DELETE FROM " + featuresName,
		"ATTACH '" + l.root + "/x.db'", "ATTACH ':memory:' AS x", "DETACH bronce_dev", "USE bronce_dev",
		"INSTALL httpfs", "LOAD httpfs", "FORCE INSTALL httpfs", "PRAGMA database_list", "PRAGMA enable_profiling", "SET threads=1", "RESET threads", "SET VARIABLE x=1",
		"CALL pragma_version()", "EXPORT DATABASE '" + l.root + "/x'", "IMPORT DATABASE '" + l.root + "/x'",
		"INSERT INTO " + featuresName + " VALUES (1)", "UPDATE " + featuresName + " SET canal = 1", "DELETE FROM " + featuresName,
		"CREATE TABLE x (a INT)", "CREATE OR REPLACE VIEW " + featuresName + " AS SELECT 1", "CREATE SECRET s (TYPE s3)", "ALTER TABLE " + featuresName + " ADD COLUMN x INT",
		"DROP VIEW " + featuresName, "DROP SCHEMA bronce_dev.datavision_bruno CASCADE", "TRUNCATE " + featuresName, "MERGE INTO " + featuresName + " USING x ON true WHEN MATCHED THEN DELETE",
		"VACUUM", "CHECKPOINT", "ANALYZE", "BEGIN", "COMMIT", "ROLLBACK", "PREPARE x AS SELECT 1", "EXECUTE x", "DEALLOCATE x", "COMMENT ON TABLE x IS 'x'",
		"PIVOT " + featuresName + " ON canal", "SHOW ALL TABLES", "SHOW CREATE TABLE " + featuresName,
		"SELECT 1; DROP TABLE " + featuresName, "SELECT 1 --\r; DROP TABLE " + featuresName, "SELECT 1 /* /* */ ; DROP TABLE x */ ; DROP TABLE " + featuresName,
		"SELECT 'a\\'; DROP TABLE " + featuresName + " --'", "SELECT $$a$$; COPY (SELECT 1) TO '" + data + "'", "SELECT E'\\'; --'; COPY (SELECT 1) TO '" + data + "'",
		"SELECT 1\x00; DROP TABLE " + featuresName,
	} {
		t.Run(sql, func(t *testing.T) {
			result, err := l.run(sql)
			switch class := failure.ClassOf(err); class {
			case failure.StatementNotAllowed, failure.UnresolvedRoutine, failure.ParseSyntax, failure.TableNotFound:
				t.Log(err)
			default:
				t.Errorf("got %v, %v: want a refusal", result, err)
			}
		})
	}
	if len(l.dropped) > 0 {
		t.Errorf("dropped %v", l.dropped)
	}
	if after := snapshotOf(t, l.root); !reflect.DeepEqual(after, before) {
		t.Errorf("the folder changed:\ngot  %v\nwant %v", after, before)
	}
}

// What DuckDB can do besides queries changes with its version: a new function
// of these kinds must be looked at before it is let in.
func TestEveryTableFunctionIsKnown(t *testing.T) {
	harmless := strings.Fields("duckdb_approx_database_count duckdb_columns duckdb_connection_count duckdb_constraints duckdb_databases " +
		"duckdb_dependencies duckdb_extensions duckdb_external_file_cache duckdb_functions duckdb_indexes duckdb_keywords duckdb_log_contexts " +
		"duckdb_logs duckdb_logs_parsed duckdb_memory duckdb_optimizers duckdb_prepared_statements duckdb_schemas duckdb_secret_types " +
		"duckdb_secrets duckdb_sequences duckdb_settings duckdb_table_sample duckdb_tables duckdb_temporary_files duckdb_types duckdb_variables " +
		"duckdb_views generate_series histogram histogram_values icu_calendar_names json_each json_tree pg_timezone_names pragma_collations " +
		"pragma_database_size pragma_metadata_info pragma_platform pragma_show pragma_storage_info pragma_table_info pragma_user_agent " +
		"pragma_version range repeat repeat_row sql_auto_complete summary test_all_types test_vector_types unnest which_secret")
	opensFiles := strings.Fields("glob parquet_bloom_probe parquet_file_metadata parquet_kv_metadata parquet_metadata parquet_scan parquet_schema " +
		"read_blob read_csv read_csv_auto read_json read_json_auto read_json_objects read_json_objects_auto read_ndjson read_ndjson_auto " +
		"read_ndjson_objects read_parquet read_text sniff_csv")
	known := slices.Concat(harmless, opensFiles, forbiddenFunctions)
	l := newLab(t)
	result, err := l.run("SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro')")
	if err != nil || len(result.Rows) < 50 {
		t.Fatalf("got %v, %v", result, err)
	}
	for _, row := range result.Rows {
		if !slices.Contains(known, row[0].(string)) {
			t.Errorf("%v: does it write, or reach what a query must not?", row[0])
		}
	}
}

// snapshotOf is the bytes of every file in a folder.
func snapshotOf(t *testing.T, root string) map[string]string {
	files := map[string]string{}
	err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFilesMayHaveAnyName(t *testing.T) {
	l := newLab(t)
	l.create(features, "id long")
	names := []string{
		"it's.parquet", "a[1].parquet", "[a-z].parquet", "*.parquet", "**.parquet", "?.parquet", "100%.parquet", "a%20b.parquet", "a b.parquet",
		"q\"uote.parquet", "semi;colon.parquet", "{a,b}.parquet", "p=1.parquet", "ñandú 日本.parquet", "a\\b.parquet", "a\nb.parquet", "-- x.parquet", "$x$.parquet",
		"sub/deep[/x].parquet", "sin_extension", "~.parquet", "#.parquet", "part.csv", "a+b&c.parquet", "!x.parquet", "[!a].parquet", "a].parquet", "[.parquet",
	}
	var adds []string
	for i, name := range names {
		adds = append(adds, l.file(features, name, fmt.Sprintf("SELECT %d::BIGINT AS id", i)))
	}
	l.file(features, "a1.parquet", "SELECT 1000::BIGINT AS id") // on disk, not in the log
	l.file(features, "b.parquet", "SELECT 1000::BIGINT AS id")
	l.commit(features, adds...)
	want := fmt.Sprintf(`[{"n":%d,"d":%d,"m":%d}]`, len(names), len(names), len(names)-1)
	if got := l.json("SELECT count(*) AS n, count(DISTINCT id) AS d, max(id) AS m FROM " + featuresName); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTypesAreExact(t *testing.T) {
	l := newLab(t)
	l.create(features, "s string", "l long", "i integer", "h short", "b byte", "f float", "d double", "n decimal(38,10)", "o boolean", "x binary", "t date", "ts timestamp", "tn timestamp_ntz",
		`a {"type":"array","elementType":"integer","containsNull":true}`,
		`m {"type":"map","keyType":"string","valueType":"long","valueContainsNull":true}`,
		`z {"type":"struct","fields":[{"name":"b","type":"date","nullable":true,"metadata":{}},{"name":"a","type":"decimal(5,2)","nullable":true,"metadata":{}}]}`)
	l.commit(features, l.file(features, "a.parquet", `SELECT 'a"<é' AS s, 9223372036854775807::BIGINT AS l, (-1)::INTEGER AS i, 7::SMALLINT AS h, 8::TINYINT AS b, 1.5::FLOAT AS f, 0.1::DOUBLE AS d,
		1234567890123456789012345678.0123456789::DECIMAL(38,10) AS n, true AS o, 'hi'::BLOB AS x, DATE '2024-02-29' AS t, TIMESTAMPTZ '2024-02-29 12:34:56.123456+00' AS ts, TIMESTAMP '2024-02-29 12:34:56' AS tn,
		[1, NULL, 3]::INTEGER[] AS a, MAP{'k': 5::BIGINT} AS m, {'b': DATE '2020-01-01', 'a': 1.50::DECIMAL(5,2)} AS z`),
		l.file(features, "b.parquet", "SELECT NULL::VARCHAR AS s, 1 AS extra"))
	want := `[{"s":"a\"<é","l":9223372036854775807,"i":-1,"h":7,"b":8,"f":1.5,"d":0.1,"n":1234567890123456789012345678.0123456789,"o":true,"x":"aGk=","t":"2024-02-29","ts":"2024-02-29T12:34:56.123456Z","tn":"2024-02-29T12:34:56Z","a":[1,null,3],"m":{"k":5},"z":{"b":"2020-01-01","a":1.50}},` +
		`{"s":null,"l":null,"i":null,"h":null,"b":null,"f":null,"d":null,"n":null,"o":null,"x":null,"t":null,"ts":null,"tn":null,"a":null,"m":null,"z":null}]`
	if got := l.json("SELECT * FROM " + featuresName); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	result, err := l.run("SELECT * FROM " + featuresName)
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, c := range result.Columns {
		types = append(types, c.Type)
	}
	wantTypes := []string{"STRING", "BIGINT", "INT", "SMALLINT", "TINYINT", "FLOAT", "DOUBLE", "DECIMAL(38,10)", "BOOLEAN", "BINARY", "DATE", "TIMESTAMP", "TIMESTAMP_NTZ", "ARRAY<INT>", "MAP<STRING, BIGINT>", "STRUCT<b: DATE, a: DECIMAL(5,2)>"}
	if !slices.Equal(types, wantTypes) {
		t.Errorf("got %v, want %v", types, wantTypes)
	}
	if got, want := l.json("SELECT date_trunc('month', ts) AS m, hour(ts) AS h FROM "+featuresName+" LIMIT 1"), `[{"m":"2024-02-01T00:00:00Z","h":12}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestValuesWithoutATable(t *testing.T) {
	l := newLab(t)
	for _, test := range []struct{ sql, want, types string }{
		{"SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS a", `[{"a":1,"a_1":2,"a_1_1":3,"a_2":4}]`, "INT INT INT INT"},
		{"SELECT sum(x) AS s FROM (VALUES (9223372036854775807::BIGINT), (1)) t(x)", `[{"s":9223372036854775808}]`, "DECIMAL(38,0)"},
		{"SELECT 18446744073709551615::UBIGINT AS a, 340282366920938463463374607431768211455::UHUGEINT AS b", `[{"a":18446744073709551615,"b":340282366920938463463374607431768211455}]`, "DECIMAL(20,0) DECIMAL(38,0)"},
		{"SELECT -0.05::DECIMAL(10,3) AS a, 0::DECIMAL(4,2) AS b, 120::DECIMAL(5,0) AS c", `[{"a":-0.050,"b":0.00,"c":120}]`, "DECIMAL(10,3) DECIMAL(4,2) DECIMAL(5,0)"},
		{"SELECT 'nan'::DOUBLE AS a, 'inf'::DOUBLE AS b, '-inf'::FLOAT AS c, 1e300 AS d, 0.1::FLOAT AS e", `[{"a":"NaN","b":"Infinity","c":"-Infinity","d":1e+300,"e":0.1}]`, "DOUBLE DOUBLE FLOAT DOUBLE FLOAT"},
		{`SELECT '{"b":12345678901234567890123,"a":1.10}'::JSON AS j, '{"k":"v"}'->'$.k' AS k, DATE '2020-01-01' AS d`, `[{"j":"{\"b\":12345678901234567890123,\"a\":1.10}","k":"\"v\"","d":"2020-01-01"}]`, "STRING STRING DATE"},
		{"SELECT MAP{[1]: 2} AS m, '101'::BIT AS b, 'a'::ENUM('a','b') AS e", `[{"m":"{[1]=2}","b":"101","e":"a"}]`, "STRING STRING STRING"},
		{"SELECT INTERVAL '14 months 3 days 01:02:03.5' AS i, TIME '10:00:00.25' AS t, '00000000-0000-0000-0000-0000000000ff'::UUID AS u", `[{"i":"14 months 3 days 01:02:03.5","t":"10:00:00.25","u":"00000000-0000-0000-0000-0000000000ff"}]`, "INTERVAL STRING STRING"},
		{"SELECT NULL AS n, [] AS e, {'a': {'b': [1.5]}} AS s, [{'a':'<'}] AS h", `[{"n":null,"e":[],"s":{"a":{"b":[1.5]}},"h":[{"a":"<"}]}]`, "INT ARRAY<INT> STRUCT<a: STRUCT<b: ARRAY<DECIMAL(2,1)>>> ARRAY<STRUCT<a: STRING>>"},
		{"SELECT TIMESTAMPTZ '2025-01-01 00:00:00+02' AS t, now() IS NOT NULL AS n", `[{"t":"2024-12-31T22:00:00Z","n":true}]`, "TIMESTAMP BOOLEAN"},
		{"SELECT count(*)", `[{"count_star()":1}]`, "BIGINT"},
		{"SELECT row(1, 2) AS r, union_value(a := 1) AS u", `[{"r":"(1, 2)","u":"1"}]`, "STRING STRING"},
	} {
		t.Run(test.sql, func(t *testing.T) {
			l.t = t
			if got := l.json(test.sql); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			result, _ := l.run(test.sql)
			var types []string
			for _, c := range result.Columns {
				types = append(types, c.Type)
			}
			if got := strings.Join(types, " "); got != test.types {
				t.Errorf("types %s, want %s", got, test.types)
			}
		})
	}
}

func TestEveryTypeOfDuckDBComesOut(t *testing.T) {
	l := newLab(t)
	for _, row := range []string{"0", "1", "2"} {
		l.json("SELECT * FROM test_all_types() LIMIT 1 OFFSET " + row)
	}
}

func TestPartitionedTables(t *testing.T) {
	l := newLab(t)
	l.create(features, "id long", "dia date", "pais string", "by dia", "by pais")
	l.commit(features,
		l.file(features, "dia=2025-03-05/pais=PE/a.parquet", "SELECT 1::BIGINT AS id", "dia=2025-03-05", "pais=PE"),
		l.file(features, "dia=2025-03-05/pais=PE/b.parquet", "SELECT 2::BIGINT AS id", "dia=2025-03-05", "pais=PE"),
		l.file(features, "dia=x/pais=wrong/c.parquet", "SELECT 3::BIGINT AS id", "dia=NULL", "pais=O'Higgins 100%"))
	want := `[{"id":1,"dia":"2025-03-05","pais":"PE"},{"id":2,"dia":"2025-03-05","pais":"PE"},{"id":3,"dia":null,"pais":"O'Higgins 100%"}]`
	if got := l.json("SELECT * FROM " + featuresName + " ORDER BY id"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want = `[{"n":2}]`
	if got := l.json("SELECT count(*) AS n FROM " + featuresName + " WHERE pais = 'PE'"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTablesThatCannotBeReadSayWhy(t *testing.T) {
	l := newLab(t)
	binary := TableName{"c", "s", "binario"}
	l.create(binary, "id long", "p binary", "by p")
	l.commit(binary, l.file(binary, "a.parquet", "SELECT 1::BIGINT AS id", "p=x"))
	outside := TableName{"c", "s", "fuera"}
	l.create(outside, "id long")
	elsewhere := filepath.Join(t.TempDir(), "x.parquet")
	writeParquet(t, elsewhere, "SELECT 1::BIGINT AS id")
	l.commit(outside, addOf(elsewhere))
	variant := TableName{"c", "s", "variante"}
	l.create(variant, "id variant")
	deep := TableName{"c", "s", "hondo"}
	l.create(deep, "id "+strings.Repeat(`{"type":"array","elementType":`, 9000)+`"long"`+strings.Repeat("}", 9000))
	reserved := TableName{"system", "s", "t"}
	l.create(reserved, "id long")
	unnamed := TableName{"c", "s", "sin_extension"}
	l.create(unnamed, "id long")
	l.commit(unnamed, addOf("datos"))
	gone := TableName{"c", "s", "sin_archivo"}
	l.create(gone, "id long")
	l.commit(gone, addOf("no[t].parquet"))
	broken := TableName{"c", "s", "roto"}
	l.create(broken, "id long")
	l.commit(broken, addOf("b.parquet"))
	if err := os.WriteFile(filepath.Join(l.Dir(broken), "b.parquet"), []byte("not parquet"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[TableName]failure.Class{
		binary: failure.UnsupportedFeature, outside: failure.UnsupportedFeature, variant: failure.UnsupportedFeature, deep: failure.UnsupportedFeature,
		reserved: failure.UnsupportedFeature, gone: failure.FileVanished, unnamed: failure.FileVanished, broken: failure.CannotRead,
	} {
		_, err := l.run("SELECT * FROM " + name.String())
		if got := failure.ClassOf(err); got != want {
			t.Errorf("%s: got %v, want class %s", name, err, want)
		}
		t.Log(err)
	}
	if got, want := l.json("SELECT count(*) AS n FROM c.s.binario VERSION AS OF 0"), `[{"n":0}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestManyFiles(t *testing.T) {
	l := newLab(t)
	l.create(features, "id long", "s string")
	first := l.file(features, "base.parquet", "SELECT 1::BIGINT AS id, 'a' AS s")
	content, err := os.ReadFile(filepath.Join(l.Dir(features), "base.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	adds := []string{first}
	for i := range 499 {
		name := fmt.Sprintf("part-%05d.parquet", i)
		if err := os.WriteFile(filepath.Join(l.Dir(features), name), content, 0o644); err != nil {
			t.Fatal(err)
		}
		adds = append(adds, addOf(name))
	}
	l.commit(features, adds...)
	if got, want := l.json("SELECT count(*) AS n, sum(id) AS s FROM "+featuresName), `[{"n":500,"s":500}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCount(t *testing.T) {
	l := featuresLab(t)
	got, err := Count(context.Background(), l, l.root, features)
	if err != nil || got != 5 {
		t.Errorf("got %d, %v, want 5", got, err)
	}
	_, err = Count(context.Background(), l, l.root, TableName{"a", "b", "c"})
	if !failure.Is(err, failure.TableNotFound) {
		t.Errorf("got %v, want class %s", err, failure.TableNotFound)
	}
}

func TestCloudFilesState(t *testing.T) {
	l := featuresLab(t)
	at := time.Date(2025, 3, 5, 10, 0, 0, 123e6, time.UTC)
	states := []FileState{
		{Path: "/landing/it's.csv", SizeBytes: 10, CreateTime: at, DiscoveryTime: at, ProcessedTime: at, CommitTime: at, SourceID: "0", IngestionState: "INGESTED"},
		{Path: "/landing/b.csv", SizeBytes: 20, CreateTime: at, DiscoveryTime: at, SourceID: "0"},
	}
	l.states["/Volumes/c"] = states
	l.states["/Volumes/checkpoint of account_premium_features"] = states[:1]
	row := `{"path":"/landing/it's.csv","size":10,"create_time":"2025-03-05T10:00:00.123Z","discovery_time":"2025-03-05T10:00:00.123Z","processed_time":"2025-03-05T10:00:00.123Z","commit_time":"2025-03-05T10:00:00.123Z","archive_time":null,"archive_mode":null,"move_location":null,"source_id":"0","flow_name":null,"ingestion_state":"INGESTED"}`
	for _, test := range []struct{ name, sql, want string }{
		{"all columns", "SELECT * FROM cloud_files_state('/Volumes/c') WHERE ingestion_state = 'INGESTED'", "[" + row + "]"},
		{"the source's folder", "SELECT sum(size) AS s FROM cloud_files_state('/Volumes/c/sources/0')", `[{"s":30}]`},
		{"by table", "SELECT * FROM CLOUD_FILES_STATE(TABLE(" + featuresName + "))", "[" + row + "]"},
		{"twice, joined", "SELECT count(*) AS n FROM cloud_files_state('/Volumes/c') a LEFT JOIN cloud_files_state(TABLE(" + featuresName + ")) b USING (path) WHERE b.path IS NULL", `[{"n":1}]`},
		{"its name qualifies", "SELECT cloud_files_state.size AS s FROM cloud_files_state('/Volumes/c') WHERE commit_time IS NULL", `[{"s":20}]`},
		{"only in text", "SELECT 'cloud_files_state(''x'')' AS t", `[{"t":"cloud_files_state('x')"}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			l.t = t
			if got := l.json(test.sql); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	if _, err := l.run("SELECT * FROM cloud_files_state('/otro')"); !failure.Is(err, failure.CannotRead) {
		t.Errorf("got %v, want the world's failure", err)
	}
	if _, err := l.run("SELECT * FROM cloud_files_state(1)"); !failure.Is(err, failure.ParseSyntax) {
		t.Errorf("got %v, want class %s", err, failure.ParseSyntax)
	}
}

func TestCancelling(t *testing.T) {
	l := newLab(t)
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(50*time.Millisecond, cancel)
	defer timer.Stop()
	_, err := Run(ctx, l, l.root, "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range * b.range % 7 = 1")
	if !failure.Is(err, failure.Cancelled) {
		t.Errorf("got %v, want class %s", err, failure.Cancelled)
	}
}

func TestCSV(t *testing.T) {
	l := newLab(t)
	result, err := l.run(`SELECT 1 AS "a,b", NULL AS n, '' AS e, 'x"y' AS q, E'l1\nl2' AS l, 'plain' AS p UNION ALL SELECT 2, NULL, ' ', 'z', '', NULL`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := result.CSV()
	want := "\"a,b\",n,e,q,l,p\r\n1,,\"\",\"x\"\"y\",\"l1\nl2\",plain\r\n2,, ,z,\"\",\r\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if cell, isNull := result.Text(0, 1); cell != "" || !isNull {
		t.Errorf("got %q, %v, want NULL", cell, isNull)
	}
	if changed, err := (&Result{Changed: true}).CSV(); len(changed) != 0 || err != nil {
		t.Errorf("got %q, %v, want nothing", changed, err)
	}
}

// BenchmarkCount is the notebook's count, DuckDB opened and closed each time.
func BenchmarkCount(b *testing.B) {
	l := featuresLab(b)
	for b.Loop() {
		if _, err := Count(context.Background(), l, l.root, features); err != nil {
			b.Fatal(err)
		}
	}
}
