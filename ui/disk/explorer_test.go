package disk

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"autoloaderlab/engine"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// still is an explorer over the fixture itself, whose sizes and times do not depend
// on where a test runs.
func still(t testing.TB) *Explorer {
	t.Helper()
	lab, pipeline := moved(t)
	e := New(lab, pipeline)
	e.records = pipeline.Records(context.Background())
	e.disk = engine.Disk{
		Source: walk(t, folderOf(Origin)), Checkpoint: walk(t, folderOf(Checkpoint)), Table: walk(t, folderOf(Table)),
	}
	e.fresh = true
	e.rebuild()
	return e
}

func walk(t testing.TB, dir string) engine.Folder {
	t.Helper()
	absolute, err := filepath.Abs(filepath.Join(fixture, dir))
	if err != nil {
		t.Fatal(err)
	}
	folder := engine.Folder{Path: absolute}
	entries, err := os.ReadDir(absolute)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			folder.Folders = append(folder.Folders, walk(t, filepath.Join(dir, entry.Name())))
			continue
		}
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		folder.Files = append(folder.Files, engine.DiskFile{Name: entry.Name(), SizeBytes: info.Size()})
	}
	return folder
}

func load(t testing.TB, e *Explorer) {
	t.Helper()
	for e.Stale() {
		if err := e.Load(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t testing.TB, e *Explorer, memory Memory, name string) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(fixture, folderOf(memory), name))
	if err != nil {
		t.Fatal(err)
	}
	e.Open(path)
	load(t, e)
}

func TestTheExplorerLooksAsDrawn(t *testing.T) {
	e := still(t)
	load(t, e)
	for _, size := range [][2]int{{120, 31}, {200, 45}, {78, 20}, {58, 16}} {
		golden(t, fmt.Sprintf("explorador/entrada-%d", size[0]), e.View(size[0], size[1], plain))
	}
	open(t, e, Table, "_delta_log/00000000000000000002.json")
	for _, size := range [][2]int{{115, 31}, {120, 31}, {200, 45}, {78, 20}, {74, 20}, {58, 16}} {
		golden(t, fmt.Sprintf("explorador/delta-2-%d", size[0]), e.View(size[0], size[1], plain))
	}
	golden(t, "explorador/columna-65", e.FileView(65, 30, plain))
	e.Key("r")
	golden(t, "explorador/delta-2-crudo-115", e.View(115, 31, plain))
	e.Key("r")
	parts, err := filepath.Glob(filepath.Join(fixture, folderOf(Table), "part-*"))
	if err != nil || len(parts) == 0 {
		t.Fatal("no data files", err)
	}
	open(t, e, Table, filepath.Base(parts[0]))
	golden(t, "explorador/datos-115", e.View(115, 31, plain))
	e.Key("r")
	golden(t, "explorador/datos-crudo-115", e.View(115, 31, plain))
}

func TestTheExplorerFitsEverySizeAfterAnyKeys(t *testing.T) {
	keys := []string{"up", "down", "enter", "r", "left", "right", "pgup", "pgdown", "home", "end", "esc", "x"}
	first := still(t)
	rapid.Check(t, func(rt *rapid.T) {
		e := New(first.lab, first.pipeline)
		e.disk, e.records, e.fresh = first.disk, first.records, true
		e.rebuild()
		load(t, e)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			key := rapid.SampledFrom(keys).Draw(rt, "key")
			for range rapid.IntRange(1, 9).Draw(rt, "times") {
				e.Key(key)
			}
			w, h := rapid.IntRange(1, 210).Draw(rt, "w"), rapid.IntRange(1, 60).Draw(rt, "h")
			if err := fits(e.View(w, h, plain), w, h); err != nil {
				rt.Fatalf("before loading: %v", err)
			}
			load(t, e)
			if err := fits(e.View(w, h, style.New(style.Light, style.Colors256, true)), w, h); err != nil {
				rt.Fatal(err)
			}
			if at, found := e.at(); !found || !e.tree.rows[at].selectable() {
				rt.Fatalf("after %s: no row has the cursor", key)
			}
			for _, binding := range e.Footer() {
				if binding.Key == "" || binding.Does == "" {
					rt.Fatalf("an empty binding: %v", e.Footer())
				}
			}
		}
	})
}

func TestAFolderUnfoldsAndAFileShowsItsTextAsItIs(t *testing.T) {
	lab, pipeline := moved(t)
	e := New(lab, pipeline)
	if !strings.Contains(e.View(120, 30, plain), text.DiskLooking) {
		t.Error("before the first load: got no word of it")
	}
	load(t, e)
	find := func(label string) bool { return strings.Contains(e.View(120, 60, plain), label) }
	for e.tree.rows[mustAt(t, e)].label != "commits/ …" {
		before := e.cursor
		if e.Key("down"); e.cursor == before {
			t.Fatal("no folder commits/")
		}
	}
	if !find("Los lotes terminados") {
		t.Errorf("the folder is not explained:\n%s", e.View(120, 60, plain))
	}
	if e.Key("enter"); !find("commits/") || find("commits/ …") {
		t.Error("commits/ did not unfold")
	}
	e.Key("down")
	e.Key("down")
	load(t, e)
	if !find("nextBatchWatermarkMs") || !find("está terminado") {
		t.Errorf("commits/0 is not explained:\n%s", e.View(120, 60, plain))
	}
	if e.Key("r"); !find(`{"nextBatchWatermarkMs":0}`) || find("está terminado") {
		t.Error("r does not show the text as it is")
	}
	if e.Key("left"); e.tree.rows[mustAt(t, e)].label != "commits/" {
		t.Error("left does not go to the folder")
	}
	if e.Key("esc") {
		t.Error("esc is taken in a wide window")
	}
	if e.Key("q") {
		t.Error("q is taken")
	}
}

func mustAt(t *testing.T, e *Explorer) int {
	t.Helper()
	at, found := e.at()
	if !found {
		t.Fatal("no row has the cursor")
	}
	return at
}

func TestANarrowExplorerOpensAndGoesBack(t *testing.T) {
	e := still(t)
	e.View(78, 20, plain)
	load(t, e)
	if got, want := e.Footer()[0].Does, text.DiskKeyOpen; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if e.Key("enter"); !strings.Contains(e.View(78, 20, plain), "cabecera") {
		t.Errorf("the file is not open:\n%s", e.View(78, 20, plain))
	}
	if !e.Key("esc") || strings.Contains(e.View(78, 20, plain), "cabecera") {
		t.Error("esc does not go back to the tree")
	}
	if e.Key("esc") {
		t.Error("esc is taken in the tree")
	}
}

func TestAFileThatGoesAwayIsSaidToBeGone(t *testing.T) {
	lab, pipeline := moved(t)
	e := New(lab, pipeline)
	load(t, e)
	path := filepath.Join(pipeline.SourceDir(), tableName+"_2025-03-15.csv")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	e.Open(path)
	load(t, e)
	if got := e.View(120, 40, plain); !strings.Contains(got, text.DiskVanished) {
		t.Errorf("got\n%s", got)
	}
	e.Invalidate()
	load(t, e)
	if got := e.View(120, 60, plain); strings.Contains(got, "_2025-03-15.csv") {
		t.Errorf("it is still in the tree:\n%s", got)
	}
}

func TestALabWithoutAnythingHasATreeToo(t *testing.T) {
	lab, pipeline := newLab(t)
	e := New(lab, pipeline)
	load(t, e)
	view := e.View(115, 31, plain)
	for _, want := range []string{"◇ _checkpoint_bruno", "□ account_premium_features", text.DiskNotYetThere} {
		if !strings.Contains(view, want) {
			t.Errorf("got no %q in\n%s", want, view)
		}
	}
}

func TestTheViewMayBeDrawnWhileTheDiskIsRead(t *testing.T) {
	lab, pipeline := moved(t)
	e := New(lab, pipeline)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 5 {
			e.Invalidate()
			_ = e.Load(context.Background())
		}
	}()
	for {
		select {
		case <-done:
			return
		default:
			e.View(120, 36, plain)
			e.Key("down")
			e.Footer()
		}
	}
}
