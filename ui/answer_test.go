package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"autoloaderlab/ui/play"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

const firstQuestion = "¿Se cargaron los mismos registros?"

// atTheQuestions is an interface at a step with three of the notebook's questions.
func atTheQuestions(t *testing.T, dir string, w, h int) (*Model, *studentDesk) {
	t.Helper()
	ctx := context.Background()
	now := func() time.Time { return time.Date(2025, 3, 7, 12, 3, 7, 0, time.UTC) }
	m := openOn(t, dir, Config{Now: now}, w, h)
	settle(t, m, m.home.work("experimento-1"))
	d := m.screen.(*desk)
	student := d.d.(*studentDesk)
	goTo(ctx, t, student, "por-que-cero")
	settle(t, m, d.refresh())
	return m, student
}

func answersOf(t *testing.T, dir string) (own, draft string) {
	t.Helper()
	room, err := play.Open(context.Background(), dir, play.InProcess{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := room.Progress().Lessons["experimento-1"].Answers[firstQuestion]
	return a.Own, a.Draft
}

func presses(t *testing.T, m *Model, keys ...tea.KeyMsg) {
	t.Helper()
	for _, k := range keys {
		_, cmd := m.Update(k)
		settle(t, m, cmd)
	}
}

var (
	saveKey  = tea.KeyMsg{Type: tea.KeyCtrlS}
	modelKey = tea.KeyMsg{Type: tea.KeyCtrlO}
)

func letters(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }
func pasted(s string) tea.KeyMsg {
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s), Paste: true}
}

func TestAnAnswerIsWrittenSavedSeenAndChanged(t *testing.T) {
	dir := t.TempDir()
	m, _ := atTheQuestions(t, dir, 120, 36)
	if last := lastRow(m); !strings.Contains(last, "w responder") {
		t.Errorf("the footer does not offer to answer: %q", last)
	}
	presses(t, m, keyMsg("w"), letters("No: él recuerda."), keyMsg("enter"), pasted("Pegado\r\nen dos líneas, 日本"), saveKey)
	want := "No: él recuerda.\nPegado\nen dos líneas, 日本"
	if own, draft := answersOf(t, dir); own != want || draft != "" {
		t.Errorf("kept %q and the draft %q, want %q", own, draft, want)
	}
	for _, seen := range []string{"en dos líneas, 日本", "Con los números de tu disco", "DESCRIBE HISTORY", "CREATE TABLE", "1 de 3 respondidas"} {
		if frame := strings.ReplaceAll(ansi.Strip(m.View()), text.Space, " "); !strings.Contains(frame, seen) {
			t.Errorf("%q is not seen after saving:\n%s", seen, frame)
		}
	}
	presses(t, m, keyMsg("w")) // the next one, and by tab back to the first
	presses(t, m, tea.KeyMsg{Type: tea.KeyShiftTab}, letters("!"), saveKey)
	if own, _ := answersOf(t, dir); own != want+"!" {
		t.Errorf("changed to %q", own)
	}
	presses(t, m, keyMsg("w"), tea.KeyMsg{Type: tea.KeyShiftTab}, tea.KeyMsg{Type: tea.KeyCtrlU}, keyMsg("backspace"), tea.KeyMsg{Type: tea.KeyCtrlU}, keyMsg("backspace"), tea.KeyMsg{Type: tea.KeyCtrlU}, saveKey)
	if own, _ := answersOf(t, dir); own != "" {
		t.Errorf("nothing was saved, and the answer is %q", own)
	}
}

func TestAnAnswerThatWasLeftIsADraft(t *testing.T) {
	for name, leave := range map[string]func(*testing.T, *Model){
		"by esc":                  func(t *testing.T, m *Model) { presses(t, m, keyMsg("esc")) },
		"by looking at the model": func(t *testing.T, m *Model) { presses(t, m, modelKey) },
		"by another question":     func(t *testing.T, m *Model) { presses(t, m, keyMsg("tab"), keyMsg("esc")) },
		"by leaving the program":  func(_ *testing.T, m *Model) { m.Update(keyMsg("ctrl+c")); m.Wait() },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			m, _ := atTheQuestions(t, dir, 120, 36)
			presses(t, m, keyMsg("w"), letters("a medias"))
			leave(t, m)
			if own, draft := answersOf(t, dir); own != "" || draft != "a medias" {
				t.Errorf("kept %q and the draft %q", own, draft)
			}
			if m.leaving != staying || name == "by leaving the program" {
				return
			}
			presses(t, m, keyMsg("w"), letters(", y entera"), saveKey)
			if own, draft := answersOf(t, dir); own != "a medias, y entera" || draft != "" {
				t.Errorf("after going on: %q and the draft %q", own, draft)
			}
		})
	}
}

func TestTheModelAnswerWaitsForTheStudents(t *testing.T) {
	m, _ := atTheQuestions(t, t.TempDir(), 120, 50)
	const model = "No se cargó ninguno"
	if strings.Contains(ansi.Strip(m.View()), model) {
		t.Error("the answer is told before it is asked for")
	}
	presses(t, m, keyMsg("w"), modelKey)
	if frame := ansi.Strip(m.View()); !strings.Contains(frame, model) {
		t.Errorf("who does not know is not told:\n%s", frame)
	}
}

func TestAnAnswerHasRoomAtEverySize(t *testing.T) {
	m, _ := atTheQuestions(t, t.TempDir(), 120, 36)
	presses(t, m, keyMsg("w"), pasted(strings.Repeat("Una respuesta de muchas palabras. ", 60)), letters("¡Fin!"))
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {200, 50}} {
		m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		frame := ansi.Strip(m.View())
		if !strings.Contains(frame, "¡Fin!"+style.Sliver) || !strings.Contains(frame, firstQuestion) || !strings.Contains(lastRow(m), "guardar") {
			t.Errorf("%v: the cursor, the question or the key that saves is not seen:\n%s", size, frame)
		}
		for _, row := range strings.Split(frame, "\n") {
			if style.Width(row) != size[0] {
				t.Errorf("%v: a row of %d columns: %q", size, style.Width(row), row)
			}
		}
	}
}
