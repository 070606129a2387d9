package lesson

import (
	"fmt"
	"strings"
	"testing"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

func TestWhatComesIsBroughtIntoView(t *testing.T) {
	long := strings.Repeat("Una frase que ocupa su línea entera y no dice nada más. ", 30)
	page := Page{Title: "Un paso largo", Text: long, Chosen: -1, Turn: []Turn{{Key: "e", Does: "Ejecutar la carga"}}}
	hinted, done := page, page
	hinted.Hint = &Hint{1, 3, "Falta ejecutar la carga."}
	done.Verdict = &Verdict{OK: true, Headline: "Conseguido", End: "La carga terminó."}
	for name, c := range map[string]struct {
		page   Page
		scroll int
		want   []string
	}{
		"a hint below":    {hinted, 0, []string{"Pista 1 de 3", "Falta ejecutar la carga."}},
		"a verdict below": {done, 0, []string{"Conseguido", "La carga terminó."}},
		"a verdict above": {Page{Text: "Corto.", Chosen: -1, Verdict: done.Verdict, Cells: []Cell{{Code: strings.Repeat("x\n", 30)}}}, 99, []string{"Conseguido"}},
	} {
		for _, size := range [][2]int{{66, 29}, {78, 16}, {58, 12}} {
			t.Run(fmt.Sprint(name, size), func(t *testing.T) {
				before := c.page
				before.Hint, before.Verdict = nil, nil
				n := NewNotebook(style.New(style.NoColor, style.TrueColor, false), before)
				n.Resize(size[0], size[1], true)
				n.Scroll(c.scroll)
				n.Show(c.page)
				for _, want := range c.want {
					if view := n.View(); !strings.Contains(view, want) {
						t.Errorf("%q is not seen:\n%s", want, view)
					}
				}
			})
		}
	}
}

// Where what came of a run is seen, Enter goes on: the cells below it have been run.
func TestEnterGoesOnOnceTheVerdictIsSeen(t *testing.T) {
	page := Page{Phase: lessons.Run, Text: "Ejecuta la celda.", Chosen: -1, Verdict: &Verdict{OK: true, Headline: "Conseguido"},
		Cells: []Cell{{Code: strings.Repeat("x\n", 3), State: Run}, {Code: strings.Repeat("y\n", 3), State: Run}}}
	n := NewNotebook(style.Theme{}, page)
	n.Resize(66, 9, true)
	if n.Hidden() || !strings.Contains(n.View(), "↓") {
		t.Errorf("the verdict is seen, cells are below, and Enter reads on:\n%s", n.View())
	}
	n.Turn(Page{Text: strings.Repeat("Solo se lee. ", 80), Chosen: -1})
	if !n.Hidden() {
		t.Error("the end of what is there to be read is below, and Enter goes on")
	}
}

func TestALongCellSaysWhereItWasCutAndOpens(t *testing.T) {
	code := "uno = 1\nruta = (\n    f\"{VOLUMEN_BRONCE}/_checkpoint_{ALUMNO}/{TABLA}\")\n" + strings.Repeat("otra = 2\n", 12) + "fin = 3"
	n := NewNotebook(style.New(style.NoColor, style.TrueColor, false), Page{Text: "Texto.", Chosen: -1, Cells: []Cell{{Number: 4, Language: "python", Code: code}},
		Asides: []Aside{{Title: "En Databricks", Text: "Lo mismo.", Label: "en Databricks"}}})
	n.Resize(66, 12, false)
	view := n.View()
	for _, want := range []string{"_checkpoint_", "… 9 líneas", "[o] entera", "En Databricks"} {
		if !strings.Contains(view, want) {
			t.Errorf("%q is not seen:\n%s", want, view)
		}
	}
	cell := n.Opens()
	n.SetFocus(cell)
	n.Toggle(cell)
	if !n.Opened(cell) || n.Opens().Kind != AsideTarget || n.Focus() != cell {
		t.Errorf("open: %v, next: %v, focus: %v", n.Opened(cell), n.Opens(), n.Focus())
	}
	n.Scroll(99)
	if view := n.View(); !strings.Contains(view, "fin = 3") || !strings.Contains(view, "↑") {
		t.Errorf("the end is not seen, or not what is above:\n%s", view)
	}
	n.Toggle(cell)
	if n.Opens() != cell {
		t.Errorf("closed again, %v opens", n.Opens())
	}
}

func TestTheChosenOptionDoesNotWrapAnew(t *testing.T) {
	page := Page{Question: "¿Qué pasa?", Ask: true, Chosen: -1, Options: []Option{{Text: "nada: el archivo ya existe y entonces la extracción no lo toca"}, {Text: "otra"}}}
	n := NewNotebook(style.New(style.NoColor, style.TrueColor, false), page)
	n.Resize(66, 20, false)
	asked := strings.Count(n.View(), "\n") - strings.Count(n.View(), strings.Repeat(" ", 66))
	page.Ask, page.Chosen = false, 0
	n.Show(page)
	n.Resize(66, 20, false)
	if answered := strings.Count(n.View(), "\n") - strings.Count(n.View(), strings.Repeat(" ", 66)); asked-answered != 1 { // the row of «por qué»
		t.Errorf("%d rows while asked, %d once answered:\n%s", asked, answered, n.View())
	}
}

// explained is a page whose reason, idea and proofs do not fit in a window together.
func explained() Page {
	return Page{
		Phase: lessons.Explain, Title: "No es la tabla", Chosen: -1,
		Verdict: &Verdict{
			OK: true, Headline: "Predijiste 602.", Why: "La primera razón.\n\n" + strings.Repeat("La memoria se fue con la carpeta. ", 9) + "\n\nLa que importa.",
			Chosen: "todas", Idea: strings.Repeat("Lo que pensabas no era cierto. ", 6),
			Evidence: []Evidence{{Name: "consulta", Before: "a", Now: "b"}, {Name: "lote", Before: "0", Now: "0"}},
		},
		Asides: []Aside{{Title: "Para saber más", Text: "Mucho más."}},
	}
}

func TestTheReasonIsFoldedAfterTheIdea(t *testing.T) {
	n := NewNotebook(style.Theme{}, explained())
	n.Resize(66, 22, false)
	if view := n.View(); !n.saved.idea || !strings.Contains(view, "La que importa.") || !strings.Contains(view, "lote") {
		t.Errorf("the reason is folded where there is room for it and the proofs:\n%s", view)
	}
}

func TestOpeningARowFoldsNoOtherAndKeepsTheAir(t *testing.T) {
	for h := 8; h < 30; h++ {
		n := NewNotebook(style.Theme{}, explained())
		n.Resize(66, h, false)
		was := n.saved
		for n.Opens().Kind != NoTarget {
			row := n.Opens()
			if n.SetFocus(row); n.focus != row {
				t.Fatalf("at %d rows %v cannot be reached", h, row)
			}
			n.Toggle(row)
			if n.saved != was || !n.Opened(row) {
				t.Errorf("at %d rows opening %v leaves out %+v, and before %+v", h, row, n.saved, was)
			}
		}
	}
}

func TestEveryFoldSaysItsKey(t *testing.T) {
	n := NewNotebook(style.Theme{}, explained())
	n.Resize(66, 22, false)
	if view := n.View(); strings.Count(view, text.OpensLater) != 1 || strings.Count(view, "[o]") != 1 {
		t.Errorf("a row that is closed does not say how it opens:\n%s", view)
	}
	n.Toggle(n.Opens())
	n.Scroll(99)
	if view := n.View(); strings.Contains(view, text.OpensLater) || strings.Count(view, "[o]") != 1 {
		t.Errorf("the last one is not next:\n%s", view)
	}
}

func TestAPageThatGoesOnSaysTheKey(t *testing.T) {
	n := NewNotebook(style.Theme{}, explained())
	n.Resize(40, 8, true)
	if view := n.View(); !strings.Contains(view, "más  "+text.KeyPages) {
		t.Errorf("nothing says how to go down:\n%s", view)
	}
	n.Scroll(99)
	if view := n.View(); strings.Contains(view, text.KeyPages) {
		t.Errorf("there is no more below:\n%s", view)
	}
}
