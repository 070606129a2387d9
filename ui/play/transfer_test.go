package play_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"autoloaderlab/ui/play"
)

func opened(t *testing.T, dir string) *play.Classroom {
	t.Helper()
	room, err := play.Open(context.Background(), dir, play.InProcess{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return room
}

func TestProgressGoesToAnotherFolderAndWhatStoodThereIsSetAside(t *testing.T) {
	ctx, here, there := context.Background(), t.TempDir(), t.TempDir()
	from := opened(t, here)
	s, err := from.Start(ctx, "bienvenida")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Next(ctx); err != nil {
		t.Fatal(err)
	}
	data, err := from.Export()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ana.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}

	to := opened(t, there)
	if _, err := to.Start(ctx, "bienvenida"); err != nil {
		t.Fatal(err)
	}
	aside, err := to.Import(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(aside); got != 2 {
		t.Errorf("set aside: %v", aside)
	}
	again, err := opened(t, there).Start(ctx, "bienvenida")
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Index(); got != 1 {
		t.Errorf("step after the import: %d, want 1", got)
	}
}

func TestWhatIsNoProgressIsNotImportedAndNothingMoves(t *testing.T) {
	dir := t.TempDir()
	room := opened(t, dir)
	if err := room.SetName(context.Background(), "Ana"); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"damaged": "{", "newer": `{"version":99}`, "other": "[]"} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := room.Import(file); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := opened(t, dir).Progress().Name; got != "Ana" {
		t.Errorf("name: %q", got)
	}
}

func TestTwoProgramsOnOneFolderKeepEachOthersLessons(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	one, two := opened(t, dir), opened(t, dir)
	first, err := one.Start(ctx, "bienvenida")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.Start(ctx, "extraer"); err != nil {
		t.Fatal(err)
	}
	if err := two.SetName(ctx, "Ana"); err != nil {
		t.Fatal(err)
	}
	if err := first.Next(ctx); err != nil {
		t.Fatal(err)
	}
	progress := opened(t, dir).Progress()
	if progress.Name != "Ana" || progress.Lessons["extraer"] == nil || len(progress.Lessons["bienvenida"].Passed) != 1 {
		t.Errorf("progress: %+v", progress)
	}
}
