package disk

import (
	"strings"
	"testing"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// clickOn clicks on the row that shows words.
func clickOn(t *testing.T, e *Explorer, w, h int, words string) {
	t.Helper()
	for y, line := range strings.Split(e.View(w, h, plain), "\n") {
		if before, _, found := strings.Cut(line, words); found {
			e.Click(style.Width(before), y)
			load(t, e)
			return
		}
	}
	t.Fatalf("no %q in\n%s", words, e.View(w, h, plain))
}

func TestAClickOpensAFileAndUnfoldsAFolder(t *testing.T) {
	e := still(t)
	load(t, e)
	clickOn(t, e, 115, 60, "commits/ …")
	if got := e.View(115, 60, plain); strings.Contains(got, "commits/ …") || !strings.Contains(got, "Los lotes terminados") {
		t.Errorf("got\n%s", got)
	}
	clickOn(t, e, 115, 60, "…_2025-03-12.csv")
	if got := e.View(115, 60, plain); !strings.Contains(got, "● account_premium_features_2025-03-12.csv") {
		t.Errorf("got\n%s", got)
	}
	clickOn(t, e, 115, 60, "…_2025-03-12.csv")
	if got := e.Footer()[0].Does; got != text.DiskKeyExplain {
		t.Errorf("a second click: enter does %q, want %q", got, text.DiskKeyExplain)
	}
}

func TestAClickInANarrowWindowOpensTheFile(t *testing.T) {
	e := still(t)
	load(t, e)
	e.View(78, 20, plain)
	clickOn(t, e, 78, 20, "_2025-03-12.csv")
	if got := e.View(78, 20, plain); !strings.Contains(got, "cabecera") {
		t.Errorf("got\n%s", got)
	}
}

func TestTheWheelScrollsWhatIsUnderIt(t *testing.T) {
	e := still(t)
	load(t, e)
	e.View(115, 20, plain)
	at := e.cursor
	e.Wheel(60, 3)
	if e.cursor != at || e.scroll == 0 {
		t.Errorf("over the file: cursor %s, scrolled %d", e.cursor, e.scroll)
	}
	e.Wheel(5, 3)
	if e.cursor == at {
		t.Error("over the tree: the cursor did not move")
	}
}

func TestALongLineIsCutWhereAReaderWould(t *testing.T) {
	line := `{"commitInfo":{"timestamp":1795427315627,"operation":"STREAMING UPDATE","queryId":"c70b1ce6-830a"}}`
	got := rawPieces(line, 50)
	want := []string{`{"commitInfo":{"timestamp":1795427315627,`, `"operation":"STREAMING UPDATE",`, `"queryId":"c70b1ce6-830a"}}`}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, room := range []int{1, 2, 7} {
		if strings.Join(rawPieces(line, room), "") != line {
			t.Errorf("in %d columns something of the line is lost", room)
		}
	}
}
