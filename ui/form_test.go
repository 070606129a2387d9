package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// asked is a form in a window of 80×24, and what it was answered.
func asked(values []string, change func(*form)) (*form, *[]string) {
	m := New(context.Background(), Config{Theme: style.Theme{}})
	m.l = arrange(80, 24)
	got := &[]string{}
	f := newForm(m, "Título", "De qué trata.", "hacerlo", make([]string, len(values)), values, func(v []string) tea.Cmd { *got = v; return nil })
	if change != nil {
		change(f)
	}
	m.over = f
	return f, got
}

func shown(f *form) string { return strings.Join(f.view(78, 16), "\n") }

func typed(f *form, keys ...tea.KeyType) {
	for _, key := range keys {
		f.update(tea.KeyMsg{Type: key})
	}
}

func TestAFormSaysWhatIsWrongWhereItIsAndStaysOpen(t *testing.T) {
	w := []string{"bruno", "bronce_dev", "", "", "a;b"}
	f, got := asked(w, func(f *form) { f.check = checkWidgets })
	typed(f, tea.KeyEnter)
	if f.m.over == nil || f.at != 4 || !strings.Contains(shown(f), "«a;b» no sirve como nombre") {
		t.Errorf("field %d:\n%s", f.at, shown(f))
	}
	f.update(tea.KeyMsg{Type: tea.KeyCtrlU})
	f.update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("otra")})
	if strings.Contains(shown(f), "no sirve") {
		t.Errorf("what was mended is still wrong:\n%s", shown(f))
	}
	typed(f, tea.KeyEnter)
	if f.m.over != nil || len(*got) != 5 || (*got)[4] != "otra" {
		t.Errorf("got %q", *got)
	}
}

func TestEveryWidgetIsChecked(t *testing.T) {
	for at, bad := range []string{"../x", "a b", "file://nada", "/tmp/x", strings.Repeat("x", 300)} {
		v := []string{"bruno", "bronce_dev", "", "", "t"}
		v[at] = bad
		if got, why := checkWidgets(v); got != at || why == "" {
			t.Errorf("%q: got field %d, %q, want %d", bad, got, why, at)
		}
	}
	if _, why := checkWidgets(make([]string, 5)); why != "" {
		t.Errorf("the lab's own: %s", why)
	}
}

func TestANameIsCheckedBeforeAnythingIsDone(t *testing.T) {
	there := []string{"a.csv", "con espacio.csv"}
	for _, c := range []struct {
		v    []string
		at   int
		want string
	}{
		{[]string{""}, 0, "Falta decir"},
		{[]string{"b.csv"}, 0, "«b.csv»"},
		{[]string{"a.csv", ""}, 1, text.BadSourceName},
		{[]string{"a.csv", "../b.csv"}, 1, text.BadSourceName},
		{[]string{"a.csv", ".b.csv"}, 1, text.BadSourceName},
		{[]string{"a.csv", "con espacio.csv"}, 1, text.SourceNameTaken},
		{[]string{"con espacio.csv", "ñandú «x» 'y'.csv"}, 0, ""},
	} {
		if at, why := checkNames(there, c.v); at != c.at || !strings.Contains(why, c.want) || c.want == "" && why != "" {
			t.Errorf("%q: got %d, %q, want %d, %q", c.v, at, why, c.at, c.want)
		}
	}
}

const hostile = "a\x1b[31m b\n\u202egpj'\"\xff.csv"

func TestArrowsGoThroughTheFilesAndShowThemEscaped(t *testing.T) {
	f, got := asked([]string{"z.csv"}, func(f *form) { f.choices = []string{"a.csv", hostile, "z.csv"} })
	typed(f, tea.KeyUp)
	view := shown(f)
	if strings.ContainsAny(view, "\x1b\u202e") || !strings.Contains(view, `a\x1b[31m b\n\u202egpj'"`) {
		t.Errorf("got %q", view)
	}
	typed(f, tea.KeyEnter)
	if len(*got) != 1 || (*got)[0] != hostile {
		t.Errorf("got %q, want %q", *got, hostile)
	}
}

func TestTheProposedNameGoesWithTheFileUntilAnotherIsWritten(t *testing.T) {
	files := []string{"a.csv", "b.csv"}
	f, got := asked([]string{"a.csv", text.CopyName("a.csv")}, func(f *form) { f.choices, f.propose = files, text.CopyName })
	typed(f, tea.KeyDown, tea.KeyEnter)
	if want := []string{"b.csv", "b_copia.csv"}; !slices.Equal(*got, want) {
		t.Errorf("got %q, want %q", *got, want)
	}
	f, got = asked([]string{"a.csv", "ventas.csv"}, func(f *form) { f.choices, f.propose = files, text.CopyName })
	typed(f, tea.KeyDown, tea.KeyEnter)
	if want := []string{"b.csv", "ventas.csv"}; !slices.Equal(*got, want) {
		t.Errorf("got %q, want %q", *got, want)
	}
}

func TestTheCursorIsDrawnWhereItIs(t *testing.T) {
	f, _ := asked([]string{"2025-03-06.csv"}, nil)
	typed(f, tea.KeyHome, tea.KeyRight, tea.KeyRight)
	if got := shown(f); !strings.Contains(got, "20▏25-03-06.csv") {
		t.Errorf("got\n%s", got)
	}
	long := newField(strings.Repeat("/carpeta", 20), fieldLimit)
	for range 60 {
		if got := style.Width(long.draw(style.Theme{}, 40)); got > 40 {
			t.Fatalf("%d columns wide, want 40", got)
		}
		long.hear(tea.KeyMsg{Type: tea.KeyLeft})
	}
}

// Whatever a file is called, hands can take it.
func TestAFileWithAHostileNameIsCopiedRenamedAndMovedAway(t *testing.T) {
	ctx := context.Background()
	now := func() time.Time { return time.Date(2025, 3, 7, 12, 0, 0, 0, time.UTC) }
	dir := t.TempDir()
	academy, err := NewAcademy(ctx, dir, play.InProcess{Now: now}, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	free, err := academy.Free(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, pipeline := free.Lab()
	name := "a\x1b[31m b\n\u202egpj'\".csv"
	if err := os.WriteFile(filepath.Join(pipeline.SourceDir(), name), []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{lessons.FileCopy, name, "con espacio.csv"}, {lessons.FileRename, "con espacio.csv", "ñandú.csv"},
		{lessons.FileAppend, name}, {lessons.FileOverwrite, name}, {lessons.FileRemove, name},
	} {
		if _, err := free.Do(ctx, Deed{Args: args}, func(progress.Stamped) {}); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
	files, err := names(ctx, pipeline)
	if err != nil || strings.Contains(files, "gpj") || !strings.Contains(files, "ñandú.csv") {
		t.Errorf("got %q, %v", files, err)
	}
}

func names(ctx context.Context, p *engine.Pipeline) (string, error) {
	files, err := p.SourceFiles(ctx)
	var all []string
	for _, file := range files {
		all = append(all, file.Name)
	}
	return strings.Join(all, " "), err
}

func TestInALowWindowTheAnswerWithTheCursorIsSeen(t *testing.T) {
	f, _ := asked([]string{"uno", "dos", "tres", "cuatro", "cinco"}, func(f *form) { f.labels = []string{"a", "b", "c", "d", "e"} })
	for i, want := range []string{"uno", "dos", "tres", "cuatro", "cinco"} {
		for h := 6; h < 30; h++ {
			rows := f.view(58, h)
			if got := strings.Join(rows[:min(h, len(rows))], "\n"); !strings.Contains(got, want+"▏") {
				t.Errorf("answer %d in %d rows:\n%s", i, h, got)
			}
		}
		typed(f, tea.KeyTab)
	}
	f.view(58, 8)
	f.click(3, f.placed[1]-f.top)
	if f.at != 1 {
		t.Errorf("a click went to answer %d, want 1", f.at)
	}
}
