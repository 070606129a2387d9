package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"autoloaderlab/engine/failure"
)

// free is the free lab's sight, with all its deeds.
func free() Sight {
	s := running()
	s.Number, s.Step, s.Steps, s.Hints, s.Undo = -1, 0, 0, false, true
	s.Deeds = nil
	s.Page.Turn = nil
	for _, verb := range []Verb{Load, Count, Drop, Checkpoint, NextDay, Files, Parameters} {
		s.Deeds = append(s.Deeds, Deed{Verb: verb, Words: string(verb), Does: "Hacer: " + string(verb)})
		s.Page.Turn = append(s.Page.Turn, turnOf(s.Deeds, len(s.Deeds)-1))
	}
	return s
}

func lastRow(m *Model) string {
	frame := ansi.Strip(m.View())
	return frame[strings.LastIndex(frame, "\n")+1:]
}

func TestANarrowFooterKeepsWhatNobodyShouldLookFor(t *testing.T) {
	cases := []struct {
		name  string
		sight Sight
		w     int
		want  []string
	}{
		{"a prediction", prediction(), 80, []string{"enter ", "1–4 ", "tab ", "esc"}},
		{"a step to run", running(), 80, []string{"enter ", "e ", "tab ", "esc"}},
		{"a comparison", comparison(), 80, []string{"n ", "tab ", "esc"}},
		{"the free lab", free(), 80, []string{"enter ", "t ", "b ", "tab ", "esc"}},
		{"a prediction", prediction(), 60, []string{"enter ", "tab ", "esc"}},
		{"the free lab", free(), 60, []string{"enter ", "tab ", "esc"}},
	}
	for _, c := range cases {
		row := lastRow(started(t, &fake{sight: c.sight}, truecolor, c.w, 24, "enter"))
		for _, want := range append(c.want, "? ayuda", "q salir") {
			if !strings.Contains(row, " "+want) {
				t.Errorf("%s, %d wide: no %q in %q", c.name, c.w, want, row)
			}
		}
	}
}

// Where an entry is drawn is where it is clicked.
func TestAFooterEntryIsClickedWhereItStands(t *testing.T) {
	for _, w := range []int{60, 80, 120, 200} {
		m := started(t, &fake{sight: free()}, truecolor, w, 24, "enter")
		row := []rune(lastRow(m))
		_, zones := m.footer()
		for _, z := range zones {
			if got := string(row[z.from:z.to]); !strings.HasPrefix(got, z.entry.name) || strings.HasSuffix(got, " ") {
				t.Errorf("%d wide: %q stands at %q", w, z.entry.name, got)
			}
		}
	}
}

func TestTheInterfaceAdvisesItsOwnKeys(t *testing.T) {
	f := &fake{sight: running()}
	m := started(t, f, truecolor, 120, 36, "enter")
	f.fails = failure.New(failure.TableNotFound, "count", "x")
	press(t, m, "e")
	if frame := ansi.Strip(m.View()); !strings.Contains(frame, "la tecla e") || strings.Contains(frame, "lab cargar") {
		t.Errorf("it advises a command:\n%s", frame)
	}
}
