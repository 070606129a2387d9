package query

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"autoloaderlab/engine/failure"

	"pgregory.net/rapid"
)

func TestTokensEndWhereDuckDBsDo(t *testing.T) {
	for _, test := range []struct {
		name, sql string
		want      []string
	}{
		{"names, numbers and symbols", "a1.b_$c>=1.5e-3FROM", []string{"a1", ".", "b_$c", ">", "=", "1.5e-3", "FROM"}},
		{"a number lets a word go", "1e5x 1ex 0x1F 1_000 .5 1.", []string{"1e5", "x", "1", "ex", "0", "x1F", "1_000", ".5", "1."}},
		{"doubled quotes", `'it''s' "a""b" ` + "`c``d`", []string{"it's", `a"b`, "c`d"}},
		{"a backslash ends nothing", `'a\' b`, []string{`a\`, "b"}},
		{"but escapes in an E string", `E'a\' b' c`, []string{`E'a\' b'`, "c"}},
		{"E strings double quotes too", `e'a'' b' c`, []string{`e'a'' b'`, "c"}},
		{"dollars", "$$a;'b$$ $x$ $$ $x$ $1 a$$b", []string{"$$a;'b$$", "$x$ $$ $x$", "$", "1", "a$$b"}},
		{"comments", "a -- b\r c /* /* d */ e */ f --", []string{"a", "c", "f"}},
		{"spaces of other scripts", "a\u00a0b\u3000c\u200bd\ufeff", []string{"a", "b", "c", "d"}},
		{"letters of other scripts", "año 日本", []string{"año", "日本"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			tokens, err := tokenize(test.sql)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, token := range tokens {
				got = append(got, token.value)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	for _, open := range []string{"'a", `"a`, "`a", "/* a /* */", "$$ a", "$x$ $$", "E'\\'", "E'a'\n'b'", "a\xffb", "a\x00b"} {
		if _, err := tokenize(open); !failure.Is(err, failure.ParseSyntax) {
			t.Errorf("%q: got %v, want class %s", open, err, failure.ParseSyntax)
		}
	}
}

// Where DuckDB's parser sees a call, we see it too, whatever stands around it.
func TestNothingHidesACallThatDuckDBSees(t *testing.T) {
	duck, err := openSession(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer duck.close()
	noise := rapid.SliceOfN(rapid.SampledFrom([]string{
		"'", "''", "E'", "e'", "x'", "U&'", "\\", "\\'", `"`, "`", "--", "/*", "*/", "/", "*", "$$", "$a$", "$", " ", "\n", "\r", "\v", "\f", "query", "(1)",
		"\u00a0", "\u2060", "\u200b", "\u3000", "\ufeff", "\u0085", "\u00ad", "a", ",", "+", "-", "1", ".", "e5", "_", ";", "(", ")", "é", "query(1)",
	}), 0, 6)
	rapid.Check(t, func(t *rapid.T) {
		before, after := noise.Draw(t, "before"), noise.Draw(t, "after")
		sql := "SELECT 1" + strings.Join(before, "") + ", query(1)" + strings.Join(after, "")
		s, err := parse(sql)
		if err != nil {
			return
		}
		rewritten := s.query.rewritten(nil)
		result, err := duck.queryAsIs(context.Background(), "SELECT CAST(json_serialize_sql("+quoteText(rewritten)+") AS VARCHAR)")
		if err == nil && strings.Contains(result.Rows[0][0].(string), `"function_name":"query"`) {
			t.Fatalf("%q calls query() and was let in", sql)
		}
	})
}

func TestRewriting(t *testing.T) {
	for _, test := range []struct{ name, sql, want string }{
		{"backquotes outside strings only", "SELECT `a\"b`, '`x`' /* `y` */ FROM `c`", `SELECT "a""b", '` + "`x`' /* `y` */" + ` FROM "c"`},
		{"semicolons and space at the ends go", "  SELECT 1 ; ; ", "SELECT 1"},
	} {
		s, err := parse(test.sql)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.query.rewritten(nil); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// FuzzClassify holds that no text makes the parser panic, that tokens lie in
// the text in order, and that a text inside a literal, a name or a comment
// changes neither what a statement is nor which tables it names.
func FuzzClassify(f *testing.F) {
	for _, seed := range []string{
		"", "SELECT 1", "DROP TABLE a.b.c", "'; DROP TABLE a.b.c; --", "*/ DROP TABLE a.b.c /*", "x.y.z VERSION AS OF 3", "cloud_files_state('x')",
		"SELECT * FROM a.b.c@v3 TIMESTAMP AS OF '2025-01-01'", "$$;$$", "E'\\''", "`a``b`", "\r\n;", "/*/**/", "EXPLAIN ANALYZE COPY x TO 'y'", "WITH a AS (SELECT 1) INSERT",
		"DESCRIBE HISTORY a.b.c LIMIT 1", "SHOW TABLES IN a.b", "\u00a0;\ufeff", "1e", "..", "a.b.", "@v", "query('x')", "a.b.c FOR VERSION AS OF '1'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		tokens, err := tokenize(input)
		end := 0
		for _, token := range tokens {
			if err == nil && (token.start < end || token.end <= token.start || token.end > len(input)) {
				t.Fatalf("token %+v after %d of %q", token, end, input)
			}
			end = token.end
		}
		if s, err := parse(input); err == nil && s.query.tokens != nil {
			_, _ = s.query.references()
			_, _ = s.query.stateCalls()
			_ = s.query.rewritten(nil)
		}
		if !utf8.ValidString(input) || strings.ContainsRune(input, 0) {
			return
		}
		comment := strings.ReplaceAll(input, "/", "") // neither opens another nor ends
		line := strings.NewReplacer("\n", "", "\r", "").Replace(input)
		hidden := "SELECT " + quoteText(input) + ", " + quoteName(input) + ", `" + strings.ReplaceAll(input, "`", "``") + "`/* " + comment + " */ FROM a.b.c -- " + line + "\n WHERE true;"
		s, err := parse(hidden)
		if err != nil || s.kind != selects {
			t.Fatalf("%q: got %v, %v, want a query", hidden, s.kind, err)
		}
		references, err := s.query.references()
		if err != nil || len(references) != 1 || strings.Join(references[0].parts, ".") != "a.b.c" || references[0].travel != nil {
			t.Fatalf("%q: got references %+v, %v", hidden, references, err)
		}
		if calls, err := s.query.stateCalls(); err != nil || len(calls) > 0 {
			t.Fatalf("%q: got calls %+v, %v", hidden, calls, err)
		}
	})
}

// FuzzParseDuckType: the driver's names of a struct's members are outside bytes.
func FuzzParseDuckType(f *testing.F) {
	for _, seed := range []string{"INTEGER", `STRUCT("a""b" INTEGER, "c" DECIMAL(3,2)[])`, "MAP(VARCHAR, DATE[3])", "UNION(", "STRUCT(\"", "DECIMAL(", "MAP(", "[", "A[", `STRUCT("a" MAP(X, Y)[], "b" Z)[]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parsed := parseDuckType(s)
		_ = parsed.spark()
		_ = parsed.needsText()
	})
}

// FuzzTranslateType: a column's type is JSON that anyone may have written.
func FuzzTranslateType(f *testing.F) {
	for _, seed := range []string{
		`"string"`, `"decimal(10,2)"`, `"decimal(99,2)"`, `{"type":"array","elementType":"long"}`, `{"type":"map","keyType":"string"}`,
		`{"type":"struct","fields":[{"name":"a\"b","type":{"type":"array","elementType":"date"}}]}`, `{"type":"struct"}`, `null`, `{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		duck, _, err := translateType(raw)
		if err != nil || !utf8.Valid(raw) {
			return
		}
		if again := parseDuckType(duck); again.name == duck && strings.HasPrefix(duck, "STRUCT(") {
			t.Errorf("%s became %q, which is no type", raw, duck)
		}
	})
}
