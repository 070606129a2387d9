package disk

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"autoloaderlab/engine"
	"autoloaderlab/engine/storage"
	"autoloaderlab/ui/style"
)

// testdata/lab is what the lab's engine left after eleven loads in a folder /lab:
// origen/, _checkpoint_bruno/, tabla/ (each with a folder of the table's name) and
// papelera/.
const fixture = "testdata/lab"

const tableName = "account_premium_features"

func folderOf(memory Memory) string {
	return [3]string{"origen", "_checkpoint_bruno", "tabla"}[memory] + "/" + tableName
}

// moved is a real lab with the fixture's files.
func moved(t testing.TB) (*engine.Lab, *engine.Pipeline) {
	t.Helper()
	dir := t.TempDir()
	for from, to := range map[string]string{
		folderOf(Origin):     "Volumes/landing_dev/postgres_datavision/landing-volume-postgres-datavision/" + tableName,
		folderOf(Checkpoint): "Volumes/bronce_dev/datavision/bronce-volume-datavision/_checkpoint_bruno/" + tableName,
		folderOf(Table):      "catalogs/bronce_dev/datavision_bruno/" + tableName,
		"papelera":           "papelera",
	} {
		if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(filepath.Join(fixture, from))); err != nil {
			t.Fatal(err)
		}
	}
	state := `{"version":1,"raiz":"/lab","dia":"2025-03-16","widgets":{"alumno":"bruno","catalogo":"bronce_dev","volumen_landing":"/Volumes/landing_dev/postgres_datavision/landing-volume-postgres-datavision/","volumen_bronce":"","tabla":"account_premium_features"}}`
	if err := os.WriteFile(filepath.Join(dir, "lab.json"), []byte(state), 0o666); err != nil {
		t.Fatal(err)
	}
	lab, err := engine.Open(context.Background(), engine.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	pipeline, err := lab.Pipeline(engine.Widgets{}, engine.Notebook)
	if err != nil {
		t.Fatal(err)
	}
	return lab, pipeline
}

// fixtureFile is a file of the fixture as the explorer would open it.
func fixtureFile(t testing.TB, lab *engine.Lab, memory Memory, name string, records engine.Records) Opened {
	t.Helper()
	path := filepath.Join(fixture, folderOf(memory), filepath.FromSlash(name))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o := Opened{Memory: memory, Name: name, Bytes: data, SizeBytes: int64(len(data)), Rows: -1, Table: tableName, Records: records}
	if memory == Origin {
		o.Rows = int64(countLines(data)) - 1
	}
	if strings.HasSuffix(name, ".parquet") {
		absolute, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		if footer, err := lab.Footer(absolute, headRows); err == nil {
			o.Footer = &footer
		}
	}
	return o
}

// page is an opened file as a wide explorer shows it, with all its lines.
func page(o Opened, w int) string {
	e := Explain(o)
	lines := append([]string{e.title(plain, w), ""}, e.lines(plain, w)...)
	lines = append(lines, "", "")
	lines = append(lines, e.databricks(plain, w)...)
	return plain.Fit(lines, w, len(lines))
}

func TestEveryKindOfFileIsExplained(t *testing.T) {
	lab, pipeline := moved(t)
	records := pipeline.Records(context.Background())
	kinds := map[string]Opened{}
	open := func(as string, memory Memory, name string) {
		kinds[as] = fixtureFile(t, lab, memory, name, records)
	}
	open("origen", Origin, tableName+"_2025-03-06.csv")
	open("metadata", Checkpoint, "metadata")
	open("sources-0", Checkpoint, "sources/0/0")
	open("sources-1", Checkpoint, "sources/0/1")
	open("sources-9-compact", Checkpoint, "sources/0/9.compact")
	open("offsets-0", Checkpoint, "offsets/0")
	open("offsets-1", Checkpoint, "offsets/1")
	open("commits-1", Checkpoint, "commits/1")
	open("schemas-0", Checkpoint, "_schemas/0")
	open("delta-0", Table, "_delta_log/00000000000000000000.json")
	open("delta-1", Table, "_delta_log/00000000000000000001.json")
	open("delta-2", Table, "_delta_log/00000000000000000002.json")
	open("last-checkpoint", Table, "_delta_log/_last_checkpoint")
	open("log-checkpoint", Table, "_delta_log/00000000000000000010.checkpoint.parquet")
	parts, err := filepath.Glob(filepath.Join(fixture, folderOf(Table), "*.parquet"))
	if err != nil || len(parts) == 0 {
		t.Fatal("no data files", err)
	}
	open("datos", Table, filepath.Base(parts[0]))
	orphan := kinds["datos"]
	orphan.Name = "part-00000-00000000-0000-0000-0000-000000000000-c000.zstd.parquet"
	kinds["huerfano"] = orphan
	entry, err := os.ReadFile(filepath.Join(fixture, "papelera/000001/entrada.json"))
	if err != nil {
		t.Fatal(err)
	}
	kinds["papelera"] = Opened{Memory: Checkpoint, Gone: true, Name: "entrada.json", Bytes: entry, SizeBytes: int64(len(entry)), Rows: -1}
	damage := func(as, from string, bytes string) {
		o := kinds[from]
		o.Bytes, o.SizeBytes, o.Footer = []byte(bytes), int64(len(bytes)), nil
		kinds[as] = o
	}
	damage("offsets-vacio", "offsets-1", "")
	damage("offsets-roto", "offsets-1", "v1\n{\"batchWatermarkMs\":0,\"batchTime")
	damage("delta-roto", "delta-2", "{\"commitInfo\":{}}\n{\"add\":{\"pa")
	damage("metadata-roto", "metadata", "\x00\x01\x02PAR1")
	damage("datos-rotos", "datos", "PAR1 esto no es")
	damage("origen-vacio", "origen", "")
	foreign := kinds["metadata"]
	foreign.Name, foreign.Bytes, foreign.SizeBytes = "notas.txt", []byte("hola\x1b[31m\n"), 10
	kinds["ajeno"] = foreign
	for name, o := range kinds {
		for _, w := range []int{36, 43, 74, 120, 200} {
			golden(t, fmt.Sprintf("explicado/%s-%d", name, w), page(o, w))
		}
	}
}

func TestNoFileOfARealLabIsForeignOrDamaged(t *testing.T) {
	lab, pipeline := moved(t)
	e := New(lab, pipeline)
	if err := e.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, folder := range []engine.Folder{e.disk.Source, e.disk.Checkpoint, e.disk.Table, e.disk.Trash[0].Folder} {
		eachFile(folder, func(path string) {
			seen++
			e.Open(path)
			if err := e.Load(context.Background()); err != nil {
				t.Fatal(err)
			}
			if e.openedAt != path {
				t.Fatalf("%s: not opened", path)
			}
			whole := e.View(170, 200, plain)
			for _, bad := range []string{"no lo escribió", "dañado", "no es JSON", "no se entiende", "no nombra"} {
				if strings.Contains(whole, bad) {
					t.Errorf("%s: got %q in\n%s", path, bad, whole)
				}
			}
		})
	}
	if seen < 60 {
		t.Errorf("got %d files, want all of them", seen)
	}
}

func eachFile(folder engine.Folder, do func(path string)) {
	for _, file := range folder.Files {
		do(filepath.Join(folder.Path, file.Name))
	}
	for _, inner := range folder.Folders {
		eachFile(inner, do)
	}
}

func TestTheStoryOfABatchIsToldAcrossItsFiles(t *testing.T) {
	lab, pipeline := moved(t)
	records := pipeline.Records(context.Background())
	for name, want := range map[string]string{
		"offsets/1": "El lote 1 llega hasta la entrada 1 de ◆\u00a0sources/0: solo ●\u00a0…_2025-03-06.csv.",
		"offsets/0": "El lote 0 llega hasta la entrada 0 de ◆\u00a0sources/0: ●\u00a0…_2025-03-03.csv, ●\u00a0…_2025-03-04.csv y ●\u00a0…_2025-03-05.csv.",
	} {
		if got := notesOf(Explain(fixtureFile(t, lab, Checkpoint, name, records))); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q in it", name, got, want)
		}
	}
	got := notesOf(Explain(fixtureFile(t, lab, Table, "_delta_log/00000000000000000002.json", records)))
	for _, want := range []string{"●\u00a0…_2025-03-06.csv", "◆\u00a0metadata", "hasta el lote 1"} {
		if !strings.Contains(got, want) {
			t.Errorf("version 2: got %q, want %q in it", got, want)
		}
	}
}

func notesOf(e Explanation) string {
	var all []string
	for _, part := range e.Parts {
		for _, note := range part.Notes {
			all = append(all, strings.Join(style.Wrap(note.Text, 10_000), " "))
		}
	}
	return strings.Join(all, " ")
}

func FuzzExplain(f *testing.F) {
	err := fs.WalkDir(os.DirFS(fixture), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(fixture, path))
		memory := Table
		for _, m := range memories {
			if rest, found := strings.CutPrefix(path, folderOf(m)+"/"); found {
				memory, path = m, rest
			}
		}
		f.Add(path, data, uint8(memory), uint8(60))
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("sources/0/9.compact", []byte("v1\n{}"), uint8(Checkpoint), uint8(3))
	f.Add("_delta_log/00000000000000000001.json", []byte(`{"add":{"stats":"{\"numRecords\":1"}}`), uint8(Table), uint8(200))
	f.Fuzz(func(t *testing.T, name string, data []byte, memory, width uint8) {
		o := Opened{
			Memory: memories[memory%3], Name: name, Bytes: data, SizeBytes: int64(len(data)), Rows: int64(memory), Gone: memory > 200,
			Table: tableName, Records: engine.Records{QueryID: queryID, Seen: []engine.SeenFile{{Name: "x.csv", Entry: 0}}},
		}
		if strings.HasSuffix(name, ".parquet") {
			store := storage.NewMemory(nil)
			if err := store.Put("/x.parquet", data); err != nil {
				t.Fatal(err)
			}
			if lab, err := engine.Open(context.Background(), engine.Config{Dir: "/lab", Store: store}); err == nil {
				if footer, err := lab.Footer("/x.parquet", 3); err == nil {
					o.Footer = &footer
				}
			}
		}
		w := int(width%140) + 1
		e := Explain(o)
		for _, lines := range [][]string{e.lines(plain, w), e.databricks(plain, w), rawLines(plain, o, w), {e.title(plain, w)}} {
			for _, line := range lines {
				if strings.ContainsAny(line, "\x1b\x00\n\r") {
					t.Fatalf("a control character: %q", line)
				}
			}
		}
		if err := fits(plain.Fit(e.lines(plain, w), w, 20), w, 20); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnExplanationNeedsNoMoreThanItsWidth(t *testing.T) {
	lab, pipeline := moved(t)
	records := pipeline.Records(context.Background())
	var all []Opened
	for memory, names := range map[Memory][]string{
		Origin: {tableName + "_2025-03-06.csv"}, Checkpoint: {"metadata", "sources/0/9.compact", "offsets/1", "_schemas/0"},
		Table: {"_delta_log/00000000000000000000.json", "_delta_log/00000000000000000002.json", "_delta_log/00000000000000000010.checkpoint.parquet"},
	} {
		for _, name := range names {
			all = append(all, fixtureFile(t, lab, memory, name, records))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		o := all[rapid.IntRange(0, len(all)-1).Draw(t, "file")]
		w := rapid.IntRange(30, 160).Draw(t, "w")
		e := Explain(o)
		theme := style.New(style.Dark, style.TrueColor, false)
		for _, line := range append(e.lines(theme, w), e.databricks(theme, w)...) {
			if style.Width(line) > w {
				t.Fatalf("%s: %d columns of %d: %q", o.Name, style.Width(line), w, line)
			}
		}
	})
}
