package lessons_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"autoloaderlab/lessons"
)

func TestActionsAreReadAndWrittenBack(t *testing.T) {
	for written, want := range map[string]lessons.Action{
		"cargar":                                      {Verb: lessons.VerbLoad},
		"cargar --opcion a=b --opcion c=d":            {Verb: lessons.VerbLoad, Options: []string{"a=b", "c=d"}},
		"cargar --variante copy-into":                 {Verb: lessons.VerbLoad, Variant: "copy-into"},
		"cargar, matar en tabla_confirmada":           {Verb: lessons.VerbLoad, KillAt: "tabla_confirmada"},
		"cargar --opcion a=b, matar en escrito":       {Verb: lessons.VerbLoad, Options: []string{"a=b"}, KillAt: "escrito"},
		"avanzar-dia":                                 {Verb: lessons.VerbNextDay},
		"extraer 2025-03-07":                          {Verb: lessons.VerbExtract, Args: []string{"2025-03-07"}},
		"sql SELECT 1, 2":                             {Verb: lessons.VerbSQL, Args: []string{"SELECT 1, 2"}},
		"archivo copiar a.csv b.csv":                  {Verb: lessons.VerbFile, Args: []string{"copiar", "a.csv", "b.csv"}},
		"archivo anexar a.csv":                        {Verb: lessons.VerbFile, Args: []string{"anexar", "a.csv"}},
		"con bruno_b/copy-into/compras: borrar-tabla": {Verb: lessons.VerbDropTable, On: &lessons.Target{Student: "bruno_b", Variant: "copy-into", Table: "compras"}},
	} {
		got, err := lessons.ParseAction(written)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v, %v, want %+v", written, got, err, want)
		}
		if got.String() != written {
			t.Errorf("%q is written back as %q", written, got)
		}
	}
}

func TestWhatIsNoActionIsRefused(t *testing.T) {
	for _, written := range []string{
		"", "cargalo", "cargar deprisa", "cargar --opcion", "cargar --opcion a", "cargar, matar", "cargar, matar en casa", "borrar-tabla otra",
		"archivo copiar a", "archivo comer a", "con bruno: cargar", "con a/b/c cargar", "extraer 1 2",
	} {
		if got, err := lessons.ParseAction(written); err == nil {
			t.Errorf("%q: got %+v", written, got)
		}
	}
}

func TestAnActionWithoutParticularsCoversAllOfItsKind(t *testing.T) {
	for _, c := range []struct {
		allowed, done string
		want          bool
	}{
		{"archivo", "archivo copiar a b", true}, {"sql", "sql SELECT 1", true}, {"cargar", "cargar", true},
		{"cargar", "cargar --opcion a=b", false}, {"cargar", "cargar, matar en escrito", false}, {"cargar", "contar", false},
		{"archivo anexar a", "archivo anexar b", false}, {"archivo anexar", "archivo anexar b", true},
		{"cargar", "con x/cuaderno/y: cargar", false},
	} {
		allowed, _ := lessons.ParseAction(c.allowed)
		done, _ := lessons.ParseAction(c.done)
		if got := allowed.Covers(done); got != c.want {
			t.Errorf("%q covers %q: got %v", c.allowed, c.done, got)
		}
	}
}

const small = `
id = "uno"
numero = 1
titulo = "Uno"
minutos = 3
objetivo = "Ver algo."
sabras = ["algo"]
[[flujo]]
nombre = "b"
alumno = "bruno_b"
[[paso]]
id = "a"
fase = "lee"
titulo = "A"
texto = "Hay {{filas(tabla.filas)}}, antes {{antes.tabla.filas}}, en b {{b.tabla.filas}} y al principio {{inicio.b.tabla.filas}}."
`

func parse(t *testing.T, text string) *lessons.Lesson {
	t.Helper()
	lesson, err := lessons.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return lesson
}

func TestATextIsComputedFromFactsOfItsMoment(t *testing.T) {
	facts := func(rows int) lessons.Facts {
		f := lessons.Nothing()
		f.Table.Rows = rows
		return f
	}
	b := lessons.Target{Student: "bruno_b"}
	m := lessons.Moment{
		Now: lessons.World{{}: facts(1), b: facts(2)}, Before: lessons.World{{}: facts(3)}, Start: lessons.World{b: facts(4)},
	}
	lesson := parse(t, small)
	got, err := lesson.Text(lesson.Steps[0].Text, m, lessons.Words{})
	if want := "Hay 1 fila, antes 3, en b 2 y al principio 4."; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	m.On = b
	if got, _ := lesson.Text("{{tabla.filas}}", m, lessons.Words{}); got != "2" {
		t.Errorf("on b: got %s", got)
	}
}

func TestAKeyNobodyKnowsIsAnErrorAndSoIsAFact(t *testing.T) {
	if _, err := lessons.Parse([]byte(small + "colour = \"x\"\n")); err == nil || !strings.Contains(err.Error(), "colour") {
		t.Errorf("key: %v", err)
	}
	lesson := parse(t, small)
	for _, source := range []string{"tabla.fila", "tablas.filas", "antes.nada", "inicio.c.tabla.filas", "tabla.filas + tabla.nombre", "antes.antes.dia"} {
		if _, err := lesson.Eval(source, lessons.Moment{}, lessons.Words{}); err == nil {
			t.Errorf("%s: it was evaluated", source)
		}
	}
	if _, err := lesson.Holds("tabla.filas", lessons.Moment{}); err == nil {
		t.Error("a number is no goal")
	}
	if _, err := lesson.Text("{{tabla.filas", lessons.Moment{}, lessons.Words{}); err == nil {
		t.Error("a template that is not closed was filled in")
	}
}

func TestEveryFactHasItsValue(t *testing.T) {
	if names := lessons.FactNames(); len(names) != 30 || !slices.Contains(names, "tabla.filas") {
		t.Errorf("%d names: %v", len(names), names)
	}
	for _, name := range lessons.FactNames() {
		if lessons.Nothing().Fact(name) == nil {
			t.Errorf("%s has none", name)
		}
	}
	for _, name := range []string{"", "tabla", "tabla.x", "x", "tabla.filas.x"} {
		if got := lessons.Nothing().Fact(name); got != nil {
			t.Errorf("%q: got %v", name, got)
		}
	}
}

func TestTheLinterFindsWhatIsWrong(t *testing.T) {
	good := small
	for fault, edit := range map[string][2]string{
		"no es una lección anterior": {`objetivo = "Ver algo."`, "objetivo = \"Ver algo.\"\nantes = [\"cero\"]"},
		"letras minúsculas":          {`id = "uno"`, `id = "Uno!"`},
		"de 1 a 15":                  {"minutos = 3", "minutos = 30"},
		"comillas que no son":        {"Ver algo.", "Ver 'algo'."},
		"inglés: «the»":              {"Ver algo.", "Ver the algo."},
		"dos espacios":               {"Ver algo.", "Ver  algo."},
		"¿ y ? no van":               {"Ver algo.", "Ver algo?"},
		"se escribe como":            {"Ver algo.", "Ver 552 filas."},
		"tres puntos":                {"Ver algo.", "Ver algo..."},
		"fase desconocida":           {`fase = "lee"`, `fase = "salta"`},
		"un paso que predice tiene":  {`fase = "lee"`, `fase = "predice"`},
		"un paso que se ejecuta":     {`fase = "lee"`, `fase = "ejecuta"`},
		"expresión «tabla.fila»":     {"{{antes.tabla.filas}}", "{{tabla.fila}}"},
		"letras; caben 48":           {`titulo = "Uno"`, `titulo = "` + strings.Repeat("largo ", 12) + `"`},
		"nombre mal escrito":         {`nombre = "b"`, `nombre = "tabla"`},
	} {
		text := strings.Replace(good, edit[0], edit[1], 1)
		if text == good {
			t.Fatalf("%q is not there", edit[0])
		}
		library := lessons.Load(fstest.MapFS{
			"ideas.toml": {Data: []byte("[[idea]]\nid = \"a\"\nnombre = \"A\"\ndescripcion = \"B\"\n")}, "es/01-uno.toml": {Data: []byte(text)},
		})
		if !slices.ContainsFunc(library.Lint(), func(p lessons.Problem) bool { return strings.Contains(p.String(), fault) }) {
			t.Errorf("%q is not found: %v", fault, library.Lint())
		}
	}
	library := lessons.Load(fstest.MapFS{
		"ideas.toml": {Data: []byte("[[idea]]\nid = \"a\"\nnombre = \"A\"\ndescripcion = \"B\"\n")}, "es/01-uno.toml": {Data: []byte(good)},
	})
	for _, problem := range library.Lint() {
		t.Errorf("nothing is wrong, and yet: %s", problem)
	}
}

func TestTypographyIsSpanish(t *testing.T) {
	for _, good := range []string{
		"¿Quién recuerda lo que ya se cargó?", "Dice «hola» y `print(\"x\")`.", "Hay {{filas(tabla.filas)}}.", "El paso 3 (de 7), y 2025-03-06.",
	} {
		if faults := lessons.Typography(good); len(faults) > 0 {
			t.Errorf("%q: %v", good, faults)
		}
	}
	for _, bad := range []string{"Quién recuerda?", "«hola", "una , coma", "1 104 más", "un `trozo", " borde"} {
		if len(lessons.Typography(bad)) == 0 {
			t.Errorf("%q: nothing is found", bad)
		}
	}
}

func TestProgressIsReadAsItWasWritten(t *testing.T) {
	at := time.Date(2025, 3, 6, 9, 0, 0, 0, time.UTC)
	p := lessons.NewProgress()
	p.Name = "Ana"
	record := lessons.NewRecord()
	record.Step, record.Hints["a"] = "b", 2
	record.Pass("a")
	record.Pass("a")
	record.Predictions["a"] = lessons.Prediction{Option: lessons.DontKnow, Values: []any{552.0, "x", nil}, At: at}
	record.Touch(at)
	record.Touch(at.Add(30 * time.Second))
	record.Touch(at.Add(3 * time.Hour))
	p.Lessons["uno"] = record
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := lessons.DecodeProgress(data)
	if err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("got %+v, %v, want %+v", got, err, p)
	}
	if record.Seconds != 330 || len(record.Passed) != 1 {
		t.Errorf("seconds %d, passed %v", record.Seconds, record.Passed)
	}
}

func TestProgressOfANewerProgramIsToldApart(t *testing.T) {
	if _, err := lessons.DecodeProgress([]byte(`{"version":2}`)); !errors.Is(err, lessons.ErrNewer) {
		t.Errorf("got %v", err)
	}
	for _, bad := range []string{"", "null", "[]", `{"version":0}`, `{"version":1,"lecciones":[]}`, `{"version":1`} {
		if _, err := lessons.DecodeProgress([]byte(bad)); err == nil || errors.Is(err, lessons.ErrNewer) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add("[[paso]]\nid=1")
	f.Add("paso = [[]]")
	f.Fuzz(func(t *testing.T, text string) {
		lesson, err := lessons.Parse([]byte(text))
		if err != nil {
			return
		}
		library := &lessons.Library{Lessons: []*lessons.Lesson{lesson}}
		library.Lint() // whatever is wrong, it is told and not panicked about
		for i := range lesson.Steps {
			lesson.Opens(i)
			lesson.Settles(i)
			lesson.Prediction(i)
		}
	})
}

func FuzzParseAction(f *testing.F) {
	for _, seed := range []string{"cargar, matar en escrito", "con a/b/c: con d/e/f: contar", "sql ;", "archivo copiar a b", ","} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, written string) {
		action, err := lessons.ParseAction(written)
		if err != nil {
			return
		}
		again, err := lessons.ParseAction(action.String())
		if err != nil || again.String() != action.String() {
			t.Errorf("%q is %q, which is %q, %v", written, action, again, err)
		}
	})
}

func FuzzDecodeProgress(f *testing.F) {
	f.Add([]byte(`{"version":1,"lecciones":{"a":null,"b":{"paso":"x"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := lessons.DecodeProgress(data)
		if err != nil {
			return
		}
		for _, record := range p.Lessons {
			record.Predictions["x"] = lessons.Prediction{} // no map is nil
			record.Touch(time.Now())
		}
		if _, err := p.Encode(); err != nil {
			t.Error(err)
		}
	})
}
