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

func TestALessonEndsWithWhatItCameTo(t *testing.T) {
	ctx := context.Background()
	now := func() time.Time { return time.Date(2025, 3, 7, 12, 3, 7, 0, time.UTC) }
	dir := t.TempDir()
	room, err := play.Open(ctx, dir, play.InProcess{Now: now}, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := room.Solve(ctx, "experimento-1", func(play.Solved) {}); err != nil {
		t.Fatal(err)
	}
	m := openOn(t, dir, Config{Now: now}, 120, 36)
	settle(t, m, m.home.work("experimento-1"))
	presses(t, m, keyMsg("n"))
	frame := strings.ReplaceAll(ansi.Strip(m.View()), text.Space, " ")
	for _, seen := range []string{"Lección terminada", "cómo recuperar una tabla borrada", "0 de 5 acertadas", "0 de 3 respondidas", "Experimento 2: borrar el checkpoint", "enter siguiente lección"} {
		if !strings.Contains(frame, seen) {
			t.Errorf("%q is not on the page:\n%s", seen, frame)
		}
	}
	for _, size := range [][2]int{{60, 20}, {80, 24}, {113, 30}, {200, 50}} {
		m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		rows := strings.Split(m.View(), "\n")
		for _, row := range rows {
			if len(rows) != size[1] || style.Width(row) != size[0] {
				t.Fatalf("%v: %d rows, one of %d columns", size, len(rows), style.Width(row))
			}
		}
	}
	m.Update(tea.WindowSizeMsg{Width: 60, Height: 20})
	for range 9 { // the page is read before Enter goes on
		if c, here := m.screen.(*closing); here && c.below() == 0 {
			break
		}
		presses(t, m, keyMsg("enter"))
	}
	presses(t, m, keyMsg("p"))
	if d, here := m.screen.(*desk); !here || d.sight.Step != d.sight.Steps {
		t.Fatal("p does not go back to the last step")
	}
	presses(t, m, keyMsg("n"), keyMsg("n"))
	if d, here := m.screen.(*desk); !here || d.sight.Title != "Experimento 2: borrar el checkpoint" {
		t.Errorf("the next lesson is not opened:\n%s", ansi.Strip(m.View()))
	}
}
