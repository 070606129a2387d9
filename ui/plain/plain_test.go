package plain_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/plain"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/text"
)

// run plays what is typed, in the lab of dir, and gives all that was written.
func run(t *testing.T, dir string, lines ...string) (*play.Classroom, string) {
	t.Helper()
	room, err := play.Open(context.Background(), dir, play.InProcess{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := plain.Run(context.Background(), plain.Config{Room: room, In: strings.NewReader(strings.Join(lines, "\n")), Out: &out}); err != nil {
		t.Fatal(err)
	}
	return room, out.String()
}

func contains(t *testing.T, out string, wants ...string) {
	t.Helper()
	flat := strings.Join(strings.Fields(out), " ")
	for _, want := range wants {
		if !strings.Contains(flat, want) {
			t.Errorf("%q was not said", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}

func TestTheFirstLineSaysTheModeAndTheEndOfTheInputIsAGoodEnd(t *testing.T) {
	_, out := run(t, t.TempDir())
	if first, _, _ := strings.Cut(out, "\n"); !strings.Contains(first, "modo plano") {
		t.Errorf("first line: %q", first)
	}
	contains(t, out, "4. Experimento 1: borrar la tabla (10 minutos)", "Hasta pronto.")
}

// solution types what solves a lesson, answering every question with an option,
// from 0, or the last one there is.
func solution(lesson *lessons.Lesson, option int) []string {
	lines := []string{lesson.ID}
	for range lesson.Review {
		lines = append(lines, "1")
	}
	for _, step := range lesson.Steps {
		if step.Question != nil {
			lines = append(lines, text.Number(int64(min(option, len(step.Question.Options))+1)))
		}
		switch {
		case len(step.Solution) == 0:
		case step.How == lessons.Demonstration:
			lines = append(lines, "ejecutar")
		default:
			lines = append(lines, typed(step)...)
		}
		lines = append(lines, "siguiente")
	}
	return append(lines, "salir")
}

// typed is a step's solution, with a yes after what asks.
func typed(step *lessons.Step) (lines []string) {
	for _, written := range step.Solution {
		lines = append(lines, written)
		if action, _ := play.ParseAction(written); action.Verb == lessons.VerbDropTable || action.Verb == lessons.VerbDeleteCheckpoint {
			lines = append(lines, "sí")
		}
	}
	return lines
}

// Nothing is wider than the terminal but what must be copied as it stands: code,
// paths and names.
func TestANarrowTerminalGetsNarrowLines(t *testing.T) {
	for _, columns := range []int{40, 60} {
		room, err := play.Open(context.Background(), t.TempDir(), play.InProcess{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		typed := append([]string{"ayuda"}, solution(room.Library().Lesson("experimento-1"), 0)...)
		config := plain.Config{Room: room, In: strings.NewReader(strings.Join(typed, "\n")), Out: &out, Columns: columns}
		if err := plain.Run(context.Background(), config); err != nil {
			t.Fatal(err)
		}
		contains(t, out.String(), text.PlainFinished)
		for line := range strings.Lines(out.String()) {
			line = strings.TrimRight(line, "\n")
			if words := strings.Fields(line); text.Width(line) > columns && len(words) > 1 && !strings.HasPrefix(line, "    ") {
				t.Errorf("%d columns: %q", columns, line)
			}
		}
	}
}

func TestALessonThatCannotBeOpenedLeadsBackToTheList(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lecciones"), []byte("a file where a folder has to be"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, out := run(t, dir, "4", "5", "salir")
	if n := strings.Count(out, "Escribe el número de una lección"); n != 3 {
		t.Errorf("the list comes %d times:\n%s", n, out)
	}
	contains(t, out, "Hasta pronto.")
}

var boxes = regexp.MustCompile(`[\x{2500}-\x{259f}\x1b●◆■]`)

// The same lessons, by the right path and by every wrong one, end in the same state.
func TestEveryLessonIsPlayedToItsEndWhateverIsPredicted(t *testing.T) {
	for _, lesson := range lessons.Bundled().Lessons {
		for option := range 5 {
			t.Run(lesson.ID+"/"+text.Number(int64(option+1)), func(t *testing.T) {
				t.Parallel()
				room, out := run(t, t.TempDir(), solution(lesson, option)...)
				contains(t, out, text.PlainFinished)
				if record := room.Progress().Lessons[lesson.ID]; record == nil || !record.Done {
					t.Errorf("record: %+v", record)
				}
				for _, line := range strings.Split(out, "\n") {
					if boxes.MatchString(line) {
						t.Errorf("drawn: %q", line)
					}
				}
			})
		}
	}
}

func TestNothingIsDeletedWithoutAYes(t *testing.T) {
	dir := t.TempDir()
	_, out := run(t, dir, "4", "1", "", "1 porque sí", "", "borrar-tabla", "no", "pista", "pista", "estado", "repetir")
	contains(t, out, "¿Borrar la tabla? [s/N]", text.PlainKept, "Pista: La tabla sigue en la versión 2, con 602 filas", "Tabla: 602 filas, versión 2")
	room, out := run(t, dir, "continuar", "borrar-tabla")
	contains(t, out, "Paso 3 de")
	if p := room.Progress().Lessons["experimento-1"].Predictions["predice-drop"]; p.Why != "porque sí" || p.Option != 0 {
		t.Errorf("prediction: %+v", p)
	}
	_, out = run(t, dir, "continuar", "estado")
	contains(t, out, "Tabla: 602 filas, versión 2")
}

func TestACellIsRunByItsNumberWhereTheStepAllowsIt(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, "4", "1", "", "1", "salir")
	_, out := run(t, dir, "continuar", "celda 9", "siguiente", "celda 7", "celda 99", "celda 9", "n", "salir")
	contains(t, out, "En este paso no toca borrar la tabla.", "La tabla tiene 602 filas.", text.PlainNoCell, "¿Borrar la tabla? [s/N]", text.PlainKept)
}

func TestTheNamesOfTheListAreUnderstoodAndAMissRepeatsIt(t *testing.T) {
	_, out := run(t, t.TempDir(), "4", "1", "", "1", "", "cargalo", "borrar la tabla", "s", "ejecutar", "contar filas", "historial", "salir")
	contains(t, out, text.PlainOnce+" "+text.PlainActions+" 1) borrar la tabla", "papelera", "La tabla tiene 0 filas.", "Versión 0: CREATE TABLE")
	if strings.Count(out, text.PlainOnce) != 1 || strings.Contains(out, "\n\n\n") {
		t.Error(out)
	}
}

func TestACellTellsItsResultAndTheStepKeepsIt(t *testing.T) {
	lesson := lessons.Bundled().Lesson("experimento-2")
	var lines []string
	for steps := 0; steps < lesson.Step("pruebas-del-duplicado"); {
		lines = solution(lesson, 0)[:len(lines)+1]
		if lines[len(lines)-1] == "siguiente" {
			steps++
		}
	}
	_, out := run(t, t.TempDir(), append(lines, "celda 12", "ejecutar", "repetir", "salir")...)
	contains(t, out, text.PlainRunnable(12), "epochId: 0; numOutputRows: 602", "filas: 1204; compras: 602", "Celda 12, SQL, ejecutada:")
	if strings.Count(out, "filas: 1204; compras: 602") != 2 {
		t.Error("a step that is repeated has its answers")
	}
}

func TestWhatIsNotUnderstoodOrNotAllowedIsToldKindly(t *testing.T) {
	_, out := run(t, t.TempDir(), "99", "hola", "ayuda", "4", "x", "9", "1", "siguiente", "cargar", "bah", "9", "4", "deshacer", "siguiente",
		"borrar-checkpoint", "sql SELECT count(*) AS n FROM bronce_dev.datavision_bruno.account_premium_features", "reiniciar", "s", "anterior", "lecciones", "salir")
	contains(t, out, "No existe la lección «99»", "Órdenes", "Elige del 1 al 3.", "Primero predice", text.PlainOnce, "No hay ninguna opción 9",
		"En este paso no toca borrar el checkpoint.", "n: 602", text.PlainRestart)
}
