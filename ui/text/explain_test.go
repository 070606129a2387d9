package text_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"autoloaderlab/engine/failure"
	"autoloaderlab/ui/text"
)

// classes reads every failure.Class from the engine's source, so that a new one
// cannot be forgotten here.
func classes(t *testing.T) []failure.Class {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../engine/failure/failure.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []failure.Class
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Class" {
			for _, value := range spec.Values {
				name, err := strconv.Unquote(value.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, failure.Class(name))
			}
		}
		return true
	})
	if len(found) < 30 {
		t.Fatalf("got %d classes: the source is not read right", len(found))
	}
	return found
}

// circumstances are the shapes in which a class may arrive.
func circumstances(class failure.Class) map[string]error {
	return map[string]error{
		"bare":         failure.New(class, "", ""),
		"with a thing": failure.New(class, "read", "/lab/x.csv"),
		"one name":     failure.New(class, "read", "/lab/x.csv").Naming("channel"),
		"many names":   failure.New(class, "read", "/lab/x.csv").Naming("channel", "device", "iglesia").Hinting("CAST(a AS INT)"),
		"a cause":      failure.New(class, "read", "x").Because(errors.New("no such device")),
		"hostile": failure.New(class, "check alumno", "a\x1b[2Jb").Naming("\u202edrawkcab", "l1\nl2").
			Hinting("\x07").Because(errors.New("\x1b]0;x\x07")),
		"no limit":     failure.New(class, "run", "a query of more than 9 rows").Hinting("LIMIT"),
		"a type":       failure.New(class, "append to", "the table").Naming("a").Hinting("type"),
		"its columns":  failure.New(class, "append to", "the table").Naming("a", "b").Hinting("mergeSchema"),
		"a mode":       failure.New(class, "read", "the batch's files").Naming("a").Hinting("failOnNewColumns"),
		"a range":      failure.New(class, "read", "/x").Hinting("0..3"),
		"no name":      failure.New(class, "connect", "db:5432").Hinting("name"),
		"a dsn":        failure.New(class, "read dsn", ""),
		"TRY_CAST":     failure.New(class, "run", "").Hinting("TRY_CAST"),
		"a text":       failure.New(class, "find column", "web").Naming("channel").Hinting("'web'"),
		"brought":      failure.New(class, "bring", "/x/y.csv"),
		"a checkpoint": failure.New(class, "read checkpoint", "/x"),
		"wrapped":      fmt.Errorf("load: %w", failure.New(class, "read", "x")),
	}
}

func TestEveryClassHasThreeSentences(t *testing.T) {
	general := text.Explain(failure.New(failure.Internal, "", ""))
	for _, class := range classes(t) {
		for shape, err := range circumstances(class) {
			m := text.Explain(err)
			if m.Class != class {
				t.Errorf("%s, %s: got class %s", class, shape, m.Class)
			}
			if class != failure.Internal && m.What == general.What {
				t.Errorf("%s has no text of its own", class)
			}
			for part, sentence := range map[string]string{"what": m.What, "why": m.Why, "try": m.Try} {
				for _, fault := range faultsOf(sentence) {
					t.Errorf("%s, %s, %s: %s: %q", class, shape, part, fault, sentence)
				}
			}
		}
	}
}

func TestOnlyDefectsAndDisksQuoteTheSystem(t *testing.T) {
	for _, class := range classes(t) {
		m := text.Explain(failure.New(class, "commit version 12", "x").Because(errors.New("no such device")))
		quotes := strings.Contains(m.What+m.Why+m.Try, "no such device")
		if want := class == failure.Internal || class == failure.Storage; quotes != want {
			t.Errorf("%s: quotes the cause: %t, want %t: %v", class, quotes, want, m)
		}
		if strings.Contains(m.What+m.Why+m.Try, "commit version") {
			t.Errorf("%s: tells the engine's operation: %v", class, m)
		}
	}
}

func TestAnErrorWithoutAClassIsADefectAndACancelledContextIsNot(t *testing.T) {
	if got := text.Explain(errors.New("x")).Class; got != failure.Internal {
		t.Errorf("got %s, want %s", got, failure.Internal)
	}
	if got := text.Explain(fmt.Errorf("load: %w", context.Canceled)).Class; got != failure.Cancelled {
		t.Errorf("got %s, want %s", got, failure.Cancelled)
	}
}

func TestAMessageWrittenWhereItHappenedIsKept(t *testing.T) {
	want := text.UnknownCommand("carga", []string{"cargar"})
	if got := text.Explain(fmt.Errorf("run: %w", want)); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The message says all that happened; the reason also stands alone, for a screen.
func TestAsJSONAMessageHasClassMessageReasonAndWhatToDo(t *testing.T) {
	m := text.Message{Class: "X", What: "Pasó.", Why: "Porque sí.", Try: "Prueba."}
	got, err := json.Marshal(m.Failure())
	want := `{"clase":"X","mensaje":"Pasó. Porque sí.","por_que":"Porque sí.","que_hacer":"Prueba."}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestTheMessageNamesWhatTheFailureNames(t *testing.T) {
	for _, c := range []struct {
		err  *failure.Error
		want string
	}{
		{failure.New(failure.UnknownField, "", "").Naming("channel"), "la columna «channel»"},
		{failure.New(failure.DuplicateColumn, "", "").Naming("a", "i"), "las columnas «a» e «i»"},
		{failure.New(failure.InvalidColumnName, "check", "the table's columns").Naming("a b", "c;d"), "«a b» y «c;d»"},
		{failure.New(failure.UnknownOption, "", "cloudFiles.maxFile").Naming("cloudFiles.maxFile"), "«cloudFiles.maxFile»"},
		{failure.New(failure.InvalidOption, "", "header").Naming("sí").Hinting("true, false"), "«header» no admite el valor «sí»"},
		{failure.New(failure.InvalidOption, "", "quote").Hinting("''"), "«quote» no admite el valor «''»"},
		{failure.New(failure.UnsupportedOption, "", "cloudFiles.useNotifications").Naming("true").Hinting("false"), "el valor «true» de la opción «cloudFiles.useNotifications»"},
		{failure.New(failure.DatatypeMismatch, "", "sum").Naming("amount_paid").Hinting("sum(CAST(amount_paid AS DECIMAL(10,2)))"), "«sum(CAST(amount_paid AS DECIMAL(10,2)))»"},
		{failure.New(failure.UnresolvedColumn, "", "web").Hinting("'web'"), "«'web'»"},
		{failure.New(failure.VersionNotFound, "", "/t").Hinting("0..3"), "de la 0 a la 3"},
		{failure.New(failure.ParseSyntax, "run", "the statement").Because(errors.New("WHERE clause cannot contain aggregates!")), "«WHERE clause cannot contain aggregates»"},
		{failure.New(failure.ParseSyntax, "parse", "SELEC").Because(errors.New(`syntax error at or near "SELEC"`)), "cerca de «SELEC»"},
		{failure.New(failure.WrongUse, "check alumno", "a;b"), "«a;b» no sirve como nombre"},
		{failure.New(failure.WrongUse, "check volume", "../../etc"), "«../../etc» no es un volumen"},
	} {
		m := text.Explain(c.err)
		if all := m.What + " " + m.Why + " " + m.Try; !strings.Contains(all, c.want) {
			t.Errorf("%s: got %q, want %q in it", c.err.Class, all, c.want)
		}
	}
}
