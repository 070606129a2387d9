package lesson

import (
	"strings"
	"testing"

	"autoloaderlab/ui/style"
)

// What was predicted comes first, its bars right behind it, and the rest after them.
func TestBarsStandBesideTheColumnTheyDraw(t *testing.T) {
	n := NewNotebook(style.Theme{}, Page{Verdict: &Verdict{
		Headline: "Predijiste 4.", Columns: []string{"archivos", "filas"},
		Rows: []Row{{Name: "antes", Values: []string{"3", "552"}, Bar: 3}, {Name: "ahora", Values: []string{"4", "602"}, Bar: 4, Now: true}},
	}})
	n.Resize(66, 20, false)
	for _, row := range strings.Split(n.View(), "\n") {
		if !strings.Contains(row, "602") {
			continue
		}
		value, bar, rest := strings.Index(row, "4"), strings.Index(row, style.BarDone), strings.Index(row, "602")
		if value < 0 || bar < value || rest < bar {
			t.Errorf("got %q, want the value, its bar, and then what else is compared", row)
		}
		return
	}
	t.Error("the comparison has no row of now")
}

// An answer is not recorded before every option was on the screen.
func TestEnterReadsOnWhileOptionsAreBelow(t *testing.T) {
	page := Page{Text: strings.Repeat("Un párrafo.\n\n", 4), Question: "¿Cuántas? " + strings.Repeat("Una pregunta larga. ", 5), Ask: true, NoWhy: true, Chosen: -1}
	long := strings.Repeat("Una opción que ocupa tres líneas enteras del cuaderno. ", 2)
	for _, words := range []string{long, long, long, "no lo sé"} {
		page.Options = append(page.Options, Option{Text: words})
	}
	n := NewNotebook(style.Theme{}, page)
	n.Resize(58, 11, true)
	if !n.Hidden() {
		t.Fatal("options are below, and Enter would choose one of those that are seen")
	}
	n.Scroll(12)
	if n.Hidden() {
		t.Error("all options are seen, and Enter still reads on")
	}
}
