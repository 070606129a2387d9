package lesson

import (
	"fmt"
	"strings"
	"testing"

	"autoloaderlab/ui/style"
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
