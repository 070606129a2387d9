package editor

import (
	"strings"
	"testing"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"pgregory.net/rapid"
)

func written(s string) *Text {
	e := &Text{}
	e.Set(s)
	return e
}

func rowsOf(e *Text, w int) []string {
	rows, _ := e.Wrapped(w)
	var out []string
	for _, r := range rows {
		out = append(out, string(e.Lines[r.Line][r.From:r.To]))
	}
	return out
}

func TestWrapped(t *testing.T) {
	for _, c := range []struct {
		name, text string
		w          int
		want       string
	}{
		{"an empty text has one row", "", 10, ""},
		{"words go down whole", "la memoria no estaba en la tabla", 12, "la memoria |no estaba en |la tabla"},
		{"a space at the edge stays on its row", "la memoria no", 10, "la memoria |no"},
		{"a word longer than a row is cut", "account_premium_features", 10, "account_pr|emium_feat|ures"},
		{"line breaks stay", "uno\n\ndos", 10, "uno||dos"},
		{"wide characters take two columns", "日本語日本語", 6, "日本語|日本語"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(rowsOf(written(c.text), c.w), "|"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMovingByRowsKeepsTheColumn(t *testing.T) {
	e := written("la memoria no estaba en la tabla")
	e.Row, e.Col = 0, 3
	for _, want := range []int{14, 27} {
		if !e.MoveRows(1, 12) || e.Col != want {
			t.Fatalf("got column %d, want %d", e.Col, want)
		}
	}
	if e.MoveRows(1, 12) {
		t.Error("went below the last row")
	}
	if !e.MoveRows(-1, 12) || e.Col != 14 {
		t.Errorf("going back up gave column %d", e.Col)
	}
}

// Whatever is written or pasted, every character is in one row, and the cursor in the
// row that Wrapped tells.
func TestWrappedHasAllOfAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, w := written(""), rapid.IntRange(1, 20).Draw(t, "width")
		for range rapid.IntRange(0, 8).Draw(t, "keys") {
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				e.Hear(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(rapid.String().Draw(t, "typed")), Paste: true})
			case 1:
				e.Hear(tea.KeyMsg{Type: tea.KeyEnter})
			case 2:
				e.Hear(tea.KeyMsg{Type: tea.KeyBackspace})
			case 3:
				e.MoveRows(rapid.IntRange(-2, 2).Draw(t, "rows"), w)
			case 4:
				e.Hear(tea.KeyMsg{Type: tea.KeyLeft})
			}
		}
		rows, cursor := e.Wrapped(w)
		if whole := strings.Join(rowsOf(e, w), ""); whole != strings.ReplaceAll(e.String(), "\n", "") || !utf8.ValidString(whole) {
			t.Fatalf("rows %q of %q", whole, e.String())
		}
		if at := rows[cursor]; at.Line != e.Row || e.Col < at.From || e.Col > at.To {
			t.Fatalf("the cursor is at %d,%d and told in %v", e.Row, e.Col, at)
		}
	})
}

func TestATextKeepsItsLimit(t *testing.T) {
	e := &Text{Limit: 5}
	e.Set("")
	e.Insert("eñe")
	e.Insert("más")
	if got := e.String(); got != "eñe" {
		t.Errorf("got %q", got)
	}
}
