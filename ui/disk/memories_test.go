package disk

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/stream"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/uitest"
)

// plain is a theme without attributes that still has no capitals of its own: golden
// files show words and places only.
var plain = style.New(style.NoColor, style.TrueColor, false)

func golden(t *testing.T, name, view string) {
	t.Helper()
	uitest.Golden(t, name, view+"\n")
}

// fits tells whether a view has exactly w columns and h rows.
func fits(view string, w, h int) error {
	lines := strings.Split(view, "\n")
	if len(lines) != h {
		return fmt.Errorf("got %d rows, want %d", len(lines), h)
	}
	for i, line := range lines {
		if style.Width(line) != w {
			return fmt.Errorf("row %d: got %d columns, want %d: %q", i, style.Width(line), w, line)
		}
	}
	return nil
}

func ptr[T any](v T) *T { return &v }

const queryID = "5c1f7a92-3be0-4d0e-9c1a-6f2f8c0b7a11"

// the four files of the frames, and the state before and after what the frames show.
func landed(rows ...int64) []engine.SourceFile {
	var files []engine.SourceFile
	for i, n := range rows {
		files = append(files, engine.SourceFile{
			Name: fmt.Sprintf("account_premium_features_2025-03-%02d.csv", i+3), Rows: n, SizeBytes: n * 60,
			ModTime: time.Unix(int64(i), 0), Seen: true,
		})
	}
	return files
}

func loaded(rows ...int64) engine.Inventory {
	total := int64(0)
	for _, n := range rows {
		total += n
	}
	return engine.Inventory{
		Files: landed(rows...), SourceEntry: 1, TableID: "e9d04b17",
		Status: engine.Status{
			Day: "2025-03-07", Widgets: engine.Widgets{Student: "bruno", Table: "account_premium_features"}, Variant: engine.Notebook,
			Source: engine.SourceStatus{Files: len(rows), Rows: total},
			Checkpoint: engine.CheckpointStatus{Exists: true, QueryID: ptr(queryID), PlannedBatch: ptr(stream.BatchID(1)),
				ConfirmedBatch: ptr(stream.BatchID(1)), SeenFiles: ptr(len(rows)), SchemaVersion: ptr(int64(0))},
			Table: engine.TableStatus{Exists: true, Version: ptr(int64(2)), Rows: ptr(total), Files: ptr(2), Bytes: ptr(int64(13_200))},
		},
	}
}

func fourDays() engine.Inventory { return loaded(180, 200, 172, 50) }

// loading is frame 03a: five big files, seen and planned, three Parquet files that
// nobody names.
func loading() engine.Inventory {
	now := loaded(180, 200, 172, 50, 1_018_240, 998_610, 1_004_377, 1_002_115, 976_658)
	now.Status.Checkpoint.PlannedBatch = ptr(stream.BatchID(2))
	now.Status.Table.Rows, now.Unnamed = ptr(int64(602)), 3
	return now
}

// dropped is frame 04: the table was dropped and made again, empty.
func dropped() engine.Inventory {
	now := fourDays()
	now.Status.Table.Version, now.Status.Table.Rows = ptr(int64(0)), ptr(int64(0))
	now.Status.Table.Files, now.Status.Table.Bytes, now.TrashedTables = ptr(0), ptr(int64(0)), 1
	return now
}

func fresh() engine.Inventory {
	now := loaded(180, 200, 172)
	for i := range now.Files {
		now.Files[i].Seen = false
	}
	now.SourceEntry = -1
	now.Status.Checkpoint, now.Status.Table = engine.CheckpointStatus{}, engine.TableStatus{}
	return now
}

func scenes() map[string]Memories {
	four, big, empty, new := fourDays(), loading(), dropped(), fresh()
	touched := fourDays()
	touched.Files[0].SizeBytes++
	touched.Files[0].Rows++
	touched.Files = append(touched.Files[:1], touched.Files[2:]...)
	touched.Status.Source.Files = 3
	gone := fourDays()
	gone.Status.Checkpoint, gone.TrashedCheckpoints = engine.CheckpointStatus{}, 1
	gone.Status.Table, gone.TrashedTables = engine.TableStatus{}, 1
	other := fourDays()
	other.Status.Checkpoint.QueryID = ptr("b83d02ce-77f1-4c22-8a40-2d1fd0a6f1cd")
	other.Status.Checkpoint.PlannedBatch, other.Status.Checkpoint.ConfirmedBatch = ptr(stream.BatchID(0)), ptr(stream.BatchID(0))
	other.Status.Table.Rows, other.Status.Table.Version = ptr(int64(1204)), ptr(int64(3))
	copyInto := fourDays()
	copyInto.Status.Variant, copyInto.Status.Checkpoint = engine.CopyInto, engine.CheckpointStatus{}
	return map[string]Memories{
		"primera-vez":         Remember(new, nil),
		"igual":               Remember(four, &four),
		"carga":               Remember(big, &four),
		"primera-carga":       Remember(loaded(180, 200, 172), &new),
		"tabla-borrada":       Remember(empty, &four),
		"todo-borrado":        Remember(gone, &four),
		"archivos-tocados":    Remember(touched, &four),
		"otra-consulta":       Remember(other, &four),
		"copy-into":           Remember(copyInto, &copyInto),
		"perder-checkpoint":   Remember(four, &new).Loses(Checkpoint),
		"perder-tabla-y-todo": Remember(four, &new).Loses(Table, Checkpoint),
	}
}

func TestThePanelLooksAsDrawn(t *testing.T) {
	for name, m := range scenes() {
		for _, w := range []int{43, 36, 51} {
			golden(t, fmt.Sprintf("panel/%s-%d", name, w), m.View(plain, w, PanelHeight))
		}
		golden(t, "panel/"+name+"-linea", m.Line(plain, 78)+"\n"+m.Line(plain, 58))
	}
}

func TestThePanelFitsEverySize(t *testing.T) {
	all := scenes()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := all[rapid.SampledFrom(names).Draw(t, "scene")]
		m.Table = rapid.SampledFrom([]string{"", "account_premium_features", "x"}).Draw(t, "table")
		if n := rapid.IntRange(0, 3).Draw(t, "odd"); n > 0 {
			m.Of[Origin].Files = append(m.Of[Origin].Files, File{Name: rapid.String().Draw(t, "name"), Rows: rapid.Int64Min(0).Draw(t, "rows"), Sign: style.More, Word: "nuevo"})
			m.Of[Origin].Count = rapid.Int64Min(0).Draw(t, "count")
		}
		w, h := rapid.IntRange(0, 130).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")
		for _, look := range []style.Theme{plain, style.New(style.Dark, style.TrueColor, true)} {
			if w > 0 {
				if err := fits(m.View(look, w, h), w, h); err != nil {
					t.Fatal(err)
				}
				if err := fits(m.Line(look, w), w, 1); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestNumbersEndInOneColumn(t *testing.T) {
	view := strings.Split(Remember(loading(), ptr(fourDays())).View(plain, 43, PanelHeight), "\n")
	for _, row := range []int{2, 4, 5, 6, 8, 13} {
		runes := []rune(view[row])
		if runes[29] < '0' || runes[29] > '9' || runes[30] != ' ' {
			t.Errorf("row %d: its number does not end in column 29: %q", row, view[row])
		}
	}
}

func TestARealLabIsRemembered(t *testing.T) {
	ctx := context.Background()
	pipeline := newPipeline(t)
	look := func() engine.Inventory {
		inventory, err := pipeline.Inventory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return inventory
	}
	before := look()
	if m := Remember(before, nil); m.Of[Checkpoint].There || m.Of[Table].There || m.Of[Origin].Files[0].Word != "sin ver" {
		t.Errorf("a new lab: got %+v", m)
	}
	if _, err := pipeline.Load(ctx, engine.LoadRequest{}, progress.Nobody{}); err != nil {
		t.Fatal(err)
	}
	after := look()
	m := Remember(after, &before)
	if got, want := m.Of[Table].Change, (Change{style.More, 552}); got != want {
		t.Errorf("the table's change: got %v, want %v", got, want)
	}
	if got, want := m.Of[Checkpoint].Change, (Change{style.More, 3}); got != want {
		t.Errorf("the checkpoint's change: got %v, want %v", got, want)
	}
	if after.SourceEntry != 0 || after.TableID == "" || after.Unnamed != 0 {
		t.Errorf("got entry %d, table %q, %d unnamed", after.SourceEntry, after.TableID, after.Unnamed)
	}
	if _, err := pipeline.DropTable(ctx); err != nil {
		t.Fatal(err)
	}
	if dropped := look(); dropped.TrashedTables != 1 {
		t.Errorf("got %d tables in the trash, want 1", dropped.TrashedTables)
	}
}

func newPipeline(t *testing.T) *engine.Pipeline {
	t.Helper()
	_, pipeline := newLab(t)
	return pipeline
}

func newLab(t testing.TB) (*engine.Lab, *engine.Pipeline) {
	t.Helper()
	lab, err := engine.Open(context.Background(), engine.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	pipeline, err := lab.Pipeline(engine.Widgets{}, engine.Notebook)
	if err != nil {
		t.Fatal(err)
	}
	return lab, pipeline
}
