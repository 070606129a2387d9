package console_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"autoloaderlab/ui/console"
	"autoloaderlab/ui/style"
)

// clickOn clicks where the view shows words, off columns behind their beginning.
func clickOn(t *testing.T, m *console.Model, words string, off int) {
	t.Helper()
	for y, line := range strings.Split(view(m), "\n") {
		if before, _, found := strings.Cut(line, words); found {
			drain(m, m.Click(style.Width(before)+off, y))
			return
		}
	}
	t.Fatalf("no %q in\n%s", words, view(m))
}

func TestAClickPutsTheCursorInTheStatement(t *testing.T) {
	m := start(lab(), "SELECT 1,\n  2")
	clickOn(t, m, "SELECT", 6)
	press(m, "x")
	clickOn(t, m, "  2", 9) // behind the line
	press(m, "y")
	if got := view(m); !strings.Contains(got, "SELECTx 1,") || !strings.Contains(got, "2  2y▏") && !strings.Contains(got, "2    2y▏") {
		t.Errorf("got\n%s", got)
	}
}

func TestAClickInALongLineFindsItsPlace(t *testing.T) {
	m := start(lab(), strings.Repeat("0123456789", 15)+"END")
	clickOn(t, m, "END", 0)
	press(m, "<bs><bs>")
	press(m, "-")
	if got := view(m); !strings.Contains(got, "67-▏END") {
		t.Errorf("got\n%s", got)
	}
}

func TestAClickChoosesACellAndThenOpensItsRow(t *testing.T) {
	m := start(lab(), all)
	press(m, "<run>")
	clickOn(t, m, "7.90", 1) // the eighth row
	if got := view(m); !strings.Contains(got, "▸  560 ") || !strings.Contains(got, "›amount_paid") {
		t.Errorf("got\n%s", got)
	}
	clickOn(t, m, "7.90", 1)
	if got := view(m); !strings.Contains(got, "Fila 8 de 602") {
		t.Errorf("got\n%s", got)
	}
}

func TestAClickOnAColumnsNameChoosesIt(t *testing.T) {
	m := start(lab(), all)
	press(m, "<run>")
	clickOn(t, m, "_rescued_data  ", 2)
	if got := view(m); !strings.Contains(got, "›_rescued_data") || !strings.Contains(got, "▸  553") {
		t.Errorf("got\n%s", got)
	}
}

func TestTheWheelScrollsTheResultAndAWholeRow(t *testing.T) {
	m := start(lab(), all)
	press(m, "<run>")
	view(m)
	m.Wheel(3)
	if got := view(m); !strings.Contains(got, "mostrando 4–20 de 602 filas") {
		t.Errorf("got\n%s", got)
	}
	press(m, "<tab><enter>")
	short := func() string { return m.View(60, 12, style.Theme{}) }
	top := short()
	m.Wheel(3)
	if short() == top {
		t.Errorf("nothing moved in\n%s", top)
	}
	for range 20 {
		m.Wheel(-3)
	}
	if short() != top {
		t.Errorf("got\n%s\nwant\n%s", short(), top)
	}
}

func TestAnExampleIsTakenByAClickOrByTab(t *testing.T) {
	m := start(lab(), "")
	clickOn(t, m, "DESCRIBE HISTORY", 3)
	if got := view(m); !strings.Contains(got, "1  DESCRIBE HISTORY "+table+"▏") {
		t.Errorf("got\n%s", got)
	}
	m = start(lab(), "")
	press(m, "<tab><tab>")
	if got := view(m); !strings.Contains(got, "1  DESCRIBE HISTORY "+table+"▏") {
		t.Errorf("got\n%s", got)
	}
}

func TestAnOfferIsTakenByAClick(t *testing.T) {
	m := start(lab(), "")
	press(m, "SELECT a<tab>")
	clickOn(t, m, "amount_paid", 0)
	if got := view(m); !strings.Contains(got, "SELECT amount_paid▏") {
		t.Errorf("got\n%s", got)
	}
}

// A click anywhere, at any size, is borne.
func TestAnyClickIsBorne(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := start(lab(), rapid.SampledFrom([]string{"", all, "wide", "empty", "DROP", "SELECT 1 FROM x.y.z"}).Draw(r, "statement"))
		w, h := rapid.IntRange(1, 130).Draw(r, "w"), rapid.IntRange(1, 40).Draw(r, "h")
		m.View(w, h, style.Theme{})
		press(m, rapid.SampledFrom([]string{"", "<run>", "<run><tab>", "<run><tab><enter>", "a<tab>"}).Draw(r, "keys"))
		for range rapid.IntRange(1, 8).Draw(r, "clicks") {
			m.View(w, h, style.Theme{})
			m.Click(rapid.IntRange(-3, w+3).Draw(r, "x"), rapid.IntRange(-3, h+3).Draw(r, "y"))
			m.Wheel(rapid.IntRange(-9, 9).Draw(r, "by"))
		}
		if lines := strings.Split(m.View(w, h, style.Theme{}), "\n"); len(lines) != h {
			r.Fatalf("got %d rows, want %d", len(lines), h)
		}
	})
}
