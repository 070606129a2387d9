package ui

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// smallSizes are those at which a whole step seldom fits.
var smallSizes = [][2]int{{120, 36}, {80, 24}, {60, 20}}

// What a step must show is on its first frame, on every page of every lesson.
func TestFirstFramesShowWhatTheyMust(t *testing.T) {
	eachStep(t, func(t *testing.T, m *Model, d *desk) {
		allOptions(t, m, d)
		theRoomsStep(t, m, d)
		theReason(t, m, d)
	})
}

// allOptions: at every size a question is seen with all its options before it can be
// answered.
func allOptions(t *testing.T, m *Model, d *desk) {
	t.Helper()
	page := d.sight.Page
	if !page.Ask || len(page.Options) == 0 {
		return
	}
	for _, size := range smallSizes {
		frame := firstFrame(m, d, size)
		last := page.Options[len(page.Options)-1]
		row := regexp.MustCompile(`(?m)^ +(▸ )?` + itoa(len(page.Options)) + ` +` + regexp.QuoteMeta(firstWords(strings.TrimSpace(last.Value+" "+last.Text))))
		if !row.MatchString(frame) {
			t.Errorf("step %d at %v: option %d, «%s», is not on the first frame:\n%s", d.sight.Step, size, len(page.Options), last.Text, frame)
		}
	}
}

// theRoomsStep: a room that votes sees them too, below the step's title and its cells.
func theRoomsStep(t *testing.T, m *Model, d *desk) {
	t.Helper()
	m.professor = true
	defer func() { m.professor = false }()
	page := d.sight.Page
	if !d.voting() {
		return
	}
	for _, size := range smallSizes {
		frame := firstFrame(m, d, size)
		wanted := []string{firstWords(page.Title)}
		for _, c := range page.Cells {
			wanted = append(wanted, text.CellTitle(c.Number, c.Language))
		}
		for _, want := range wanted {
			if !strings.Contains(frame, want) {
				t.Errorf("step %d at %v: no %q:\n%s", d.sight.Step, size, want, frame)
			}
		}
		for i, o := range page.Options {
			if row := regexp.MustCompile(`(?m)^ +` + itoa(i+1) + ` .*` + regexp.QuoteMeta(firstWords(o.Text))); !row.MatchString(frame) {
				t.Errorf("step %d at %v: option %d is not seen:\n%s", d.sight.Step, size, i+1, frame)
			}
		}
	}
}

// theReason: at 80×24 what came of a run is seen with its reason.
func theReason(t *testing.T, m *Model, d *desk) {
	t.Helper()
	v := d.sight.Page.Verdict
	if v == nil || v.Headline == "" || v.Why == "" {
		return
	}
	frame := firstFrame(m, d, [2]int{80, 24})
	reason := style.Paragraphs(strings.ReplaceAll(v.Why, "`", ""), lessonWidth)[0]
	for _, want := range []string{firstWords(v.Headline), firstWords(reason)} {
		if !strings.Contains(strings.ReplaceAll(frame, nbsp, " "), want) {
			t.Errorf("step %d: %q is not on the first frame:\n%s", d.sight.Step, want, frame)
		}
	}
}

const (
	lessonWidth = 66
	nbsp        = "\u00a0"
)

func firstWords(s string) string {
	words := strings.Fields(s)
	return strings.Join(words[:min(3, len(words))], " ")
}

// firstFrame is how a step looks when it is come to in a window of a size.
func firstFrame(m *Model, d *desk, size [2]int) string {
	back := m.screen
	defer func() {
		m.screen = back
		m.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
	}()
	m.screen = newDesk(m, d.d, d.sight)
	m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
	return ansi.Strip(m.View())
}

// eachStep plays every lesson by its own solutions and calls check at every page that
// its student comes to.
func eachStep(t *testing.T, check func(t *testing.T, m *Model, d *desk)) {
	if testing.Short() {
		t.Skip("plays whole lessons")
	}
	for _, l := range lessons.Bundled().Lessons {
		t.Run(l.ID, func(t *testing.T) {
			t.Parallel()
			now := func() time.Time { return time.Date(2025, 3, 7, 12, 3, 7, 0, time.UTC) }
			m := openOn(t, t.TempDir(), Config{Now: now}, 120, 36)
			settle(t, m, m.home.work(l.ID))
			solved, pages := map[string]int{}, 0
			for range 400 {
				d, playing := m.screen.(*desk)
				if !playing {
					break
				}
				if m.over == nil {
					pages++
					check(t, m, d)
				}
				_, cmd := m.Update(keyMsg(next(t, m, d, solved)))
				settle(t, m, cmd)
			}
			if pages < len(l.Steps) {
				t.Error(fmt.Sprint("only ", pages, " pages were seen"))
			}
		})
	}
}
