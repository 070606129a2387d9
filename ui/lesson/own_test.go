package lesson

import (
	"strings"
	"testing"

	"autoloaderlab/ui/style"
)

const reason = "vive en el checkpoint y no en la tabla, porque ahí apunta la carga cada archivo que lee, así que al borrarlo se leyó todo"

func TestWhatTheStudentWritesIsSeenWhole(t *testing.T) {
	page := Page{Question: "¿Cuál se parece más?", Options: []Option{{Text: "una"}, {Text: "otra"}}, Chosen: -1, Ask: true, Sentence: true, Why: reason}
	n := NewNotebook(style.Theme{}, page)
	seen := func(what string) {
		t.Helper()
		if got := strings.Join(strings.Fields(n.View()), " "); !strings.Contains(got, reason) {
			t.Errorf("%s: %s", what, n.View())
		}
	}
	n.Resize(50, 20, false)
	seen("before it is recorded")
	if view := n.View(); strings.Index(view, "vive en") > strings.Index(view, "1  una") {
		t.Errorf("the sentence comes after what it is compared with:\n%s", view)
	}
	n.Type(true, reason)
	seen("while it is written")
	n.Type(false, "")
	page.Ask, page.Chosen, page.Verdict = false, 1, &Verdict{OK: true, Headline: "Acertaste", Own: reason, Sentence: true}
	n.Show(page)
	seen("beside the verdict")
}
