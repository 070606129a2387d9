package text_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"autoloaderlab/ui/text"
)

// english are words that no Spanish sentence of ours holds.
var english = regexp.MustCompile(`\b(the|of|and|with|not|found|cannot|failed|unknown|invalid|usage|flags|help for|table|rows?|files?|is|to|for|does|exist|available|commands?)\b`)

// code is what stands between « » or looks like a flag; it is not ours to spell.
var code = regexp.MustCompile(`«[^»]*»|--[a-z-]+|file:///\S*`)

// faultsOf lints one whole sentence.
func faultsOf(s string) []string {
	faults := typography(s)
	if !strings.HasSuffix(s, ".") || strings.HasSuffix(s, "..") {
		faults = append(faults, "does not end with one stop")
	}
	if first, _ := utf8.DecodeRuneInString(s); !unicode.IsUpper(first) && first != '«' {
		faults = append(faults, "does not begin with a capital")
	}
	return faults
}

// typography lints any piece of text.
func typography(s string) []string {
	var faults []string
	prose := code.ReplaceAllString(s, "«»")
	for _, pair := range [][2]string{{"«", "»"}, {"¿", "?"}, {"¡", "!"}, {"(", ")"}} {
		if strings.Count(prose, pair[0]) != strings.Count(prose, pair[1]) {
			faults = append(faults, pair[0]+" and "+pair[1]+" do not pair")
		}
	}
	if strings.Contains(prose, `"`) || regexp.MustCompile(`\s'|'\s|^'`).MatchString(prose) || strings.ContainsAny(prose, "“”‘’") {
		faults = append(faults, "quotes that are not « »")
	}
	if strings.Contains(s, "«»") {
		faults = append(faults, "empty quotes")
	}
	if strings.Contains(strings.TrimLeft(prose, " \n"), "  ") && !strings.Contains(prose, "%") && !strings.Contains(prose, "\n") {
		faults = append(faults, "two spaces")
	}
	if word := english.FindString(prose); word != "" {
		faults = append(faults, "English: "+word)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		faults = append(faults, "a control character")
	}
	return faults
}

// Every literal of the package that has two words is Spanish text.
func TestTheTextsOfThePackageKeepTheTypography(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				return n.Name.Name != "spanish" // the engine's English words, and what they become
			case *ast.KeyValueExpr:
				key, ok := n.Key.(*ast.Ident)
				return !ok || key.Name != "Example"
			case *ast.BasicLit:
				s, err := strconv.Unquote(n.Value)
				if n.Kind != token.STRING || err != nil || !strings.Contains(strings.TrimSpace(s), " ") {
					return true
				}
				checked++
				for _, fault := range typography(s) {
					if strings.HasSuffix(fault, "do not pair") {
						continue // a literal may be half a sentence
					}
					t.Errorf("%s: %s: %q", fset.Position(n.Pos()), fault, s)
				}
			}
			return true
		})
	}
	if checked < 200 {
		t.Errorf("got %d texts, which cannot be all", checked)
	}
}

func TestEveryCommandAndFlagHasItsHelp(t *testing.T) {
	for name, c := range text.Commands {
		if c.Use == "" || c.Short == "" || c.Long == "" || c.Example == "" {
			t.Errorf("%q: a part is missing", name)
		}
		if strings.HasSuffix(c.Short, ".") {
			t.Errorf("%q: a label has no stop: %q", name, c.Short)
		}
		for _, line := range strings.Split(text.Help(c, nil, nil), "\n") {
			if text.Width(line) > 80 && !strings.Contains(c.Example, strings.TrimSpace(line)) {
				t.Errorf("%q: a line of %d cells: %q", name, text.Width(line), line)
			}
		}
		for _, fault := range faultsOf(strings.Join(strings.Fields(c.Long), " ")) {
			t.Errorf("%q: %s: %q", name, fault, c.Long)
		}
	}
	for name, f := range text.Flags {
		if f.About == "" || strings.HasSuffix(f.About, ".") {
			t.Errorf("--%s: got %q, want a label", name, f.About)
		}
	}
	if len(text.Order) != len(text.Commands)-1 {
		t.Errorf("got %d commands in order, want %d", len(text.Order), len(text.Commands)-1)
	}
	for _, name := range text.Order {
		if _, found := text.Commands[name]; !found {
			t.Errorf("%q is listed and has no help", name)
		}
	}
}

func TestWrongUseIsToldInWholeSentences(t *testing.T) {
	for _, m := range []text.Message{
		text.UnknownCommand("carga", []string{"cargar", "contar"}), text.UnknownCommand("x", nil),
		text.UnknownFlag("--x", "lab cargar"), text.FlagNeedsValue("--dir", "lab"), text.BadFlag("--=", "lab"),
		text.BadFlagValue("--json", "x", "", "lab"), text.BadChoice("--variante", "x", []string{"a", "b"}, "lab cargar"),
		text.BadOption("x"), text.BadDate("--fecha", "ayer"), text.TooManyArguments("lab contar", "x"),
		text.TooFewArguments("lab sql", "la sentencia"), text.NeedsYes("lab reiniciar"), text.BadDSN(), text.DSNNotHere("parar"),
		text.NoFolder(), text.NotConfirmed(), text.Crashed(""), text.Crashed("/x/y.log"), text.OutputFailed(), text.Unfit(), text.SameName("lab traer", "a.csv"),
	} {
		for _, sentence := range []string{m.What, m.Why, m.Try} {
			for _, fault := range faultsOf(sentence) {
				t.Errorf("%s: %q", fault, sentence)
			}
		}
	}
}
