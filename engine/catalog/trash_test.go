package catalog_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"autoloaderlab/engine/catalog"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

var (
	accounts = catalog.TableName{Catalog: "bronce_dev", Schema: "datavision_bruno", Table: "accounts"}
	others   = catalog.TableName{Catalog: "bronce_dev", Schema: "datavision_bruno", Table: "others"}
)

// lab is a lab folder whose tables and checkpoints each hold one mark, so that a
// test can tell which one is where.
type lab struct {
	*catalog.Catalog
	t     tester
	store storage.Store
	root  string
}

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func now() time.Time { return time.Date(2025, 3, 6, 9, 0, 0, 0, time.UTC) }

func newLab(t tester, store storage.Store, root string) *lab {
	return &lab{catalog.New(store, root, now), t, store, root}
}

// onStores tells a story on the disk and in memory.
func onStores(t *testing.T, story func(t *testing.T, l *lab)) {
	t.Run("on the disk", func(t *testing.T) { story(t, newLab(t, storage.NewLocal(), t.TempDir())) })
	t.Run("in memory", func(t *testing.T) { story(t, newLab(t, storage.NewMemory(nil), "/lab")) })
}

func (l *lab) put(path, text string) {
	l.t.Helper()
	if err := l.store.Put(path, []byte(text)); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) createTable(n catalog.TableName, mark string) {
	l.t.Helper()
	l.put(filepath.Join(l.TableDir(n), "mark"), mark)
	l.put(filepath.Join(l.TableDir(n), "_delta_log", "00000000000000000000.json"), "{}")
}

func (l *lab) createCheckpoint(dir, mark string) {
	l.t.Helper()
	l.put(filepath.Join(dir, "mark"), mark)
}

func (l *lab) outer() string {
	l.t.Helper()
	bronze, err := catalog.ParseVolume("/Volumes/bronce_dev/datavision/bronce-volume-datavision")
	if err != nil {
		l.t.Fatal(err)
	}
	return l.CheckpointDir(bronze, "bruno", "accounts")
}

func (l *lab) drop(n catalog.TableName) catalog.Entry {
	l.t.Helper()
	entry, was, err := l.Drop(n)
	if err != nil || !was {
		l.t.Fatalf("drop: got %v, %v", was, err)
	}
	return entry
}

func (l *lab) deleteCheckpoint(dir string) catalog.Entry {
	l.t.Helper()
	entry, was, err := l.DeleteCheckpoint(dir)
	if err != nil || !was {
		l.t.Fatalf("delete checkpoint: got %v, %v", was, err)
	}
	return entry
}

func (l *lab) undo() catalog.Restored {
	l.t.Helper()
	restored, did, err := l.Undo()
	if err != nil || !did {
		l.t.Fatalf("undo: got %v, %v", did, err)
	}
	return restored
}

// marks tells where every mark is: a place relative to the lab, or the kind of
// its entry in the trash and the rest of its path there.
func (l *lab) marks() map[string]string {
	l.t.Helper()
	trash, err := l.Trash()
	if err != nil {
		l.t.Fatal(err)
	}
	found := map[string]string{}
	for _, path := range l.files(l.root) {
		if filepath.Base(path) != "mark" {
			continue
		}
		text, err := l.store.ReadFile(path)
		if err != nil {
			l.t.Fatal(err)
		}
		where, _ := filepath.Rel(l.root, filepath.Dir(path))
		for _, entry := range trash {
			if path == entry.TrashPath || strings.HasPrefix(path, entry.TrashPath+string(filepath.Separator)) {
				rest, _ := filepath.Rel(entry.TrashPath, filepath.Dir(path))
				where = filepath.Join("trash", string(entry.Kind), rest)
			}
		}
		if before, twice := found[string(text)]; twice {
			l.t.Errorf("%s is in %s and in %s", text, before, where)
		}
		found[string(text)] = filepath.ToSlash(where)
	}
	return found
}

func (l *lab) files(dir string) (paths []string) {
	entries, err := l.store.List(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name)
		if e.IsDir {
			paths = append(paths, l.files(path)...)
		} else {
			paths = append(paths, path)
		}
	}
	return paths
}

func (l *lab) holds(want map[string]string) {
	l.t.Helper()
	if got := l.marks(); !maps.Equal(got, want) {
		l.t.Errorf("where things are:\n got %v\nwant %v", got, want)
	}
}

const (
	tablePlace = "catalogs/bronce_dev/datavision_bruno/accounts"
	outerPlace = "Volumes/bronce_dev/datavision/bronce-volume-datavision/_checkpoint_bruno/accounts"
)

func TestATableIsAFolderWithADeltaLog(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		if tables, err := l.Tables(); len(tables) != 0 || err != nil {
			t.Fatalf("in a lab that is not there: got %v, %v", tables, err)
		}
		l.createTable(others, "o")
		l.createTable(accounts, "a")
		l.createTable(catalog.TableName{Catalog: "alfa", Schema: "z", Table: "z"}, "z")
		l.put(filepath.Join(l.root, "catalogs", "c", "s", "plain", "x.parquet"), "no log")
		l.put(filepath.Join(l.root, "catalogs", "c", "s", "torn", "_delta_log", ".0.json.1.tmp"), "half")
		l.put(filepath.Join(l.root, "catalogs", "c", "s", "a b", "_delta_log", "00000000000000000000.json"), "no name")
		l.put(filepath.Join(l.root, "catalogs", "c", "S", "t", "_delta_log", "00000000000000000000.json"), "unreachable")
		l.createTable(catalog.TableName{Catalog: "c", Schema: "s", Table: "t"}, "t")
		l.put(filepath.Join(l.root, "catalogs", "c", "file"), "")
		got, err := l.Tables()
		want := []string{"alfa.z.z", "bronce_dev.datavision_bruno.accounts", "bronce_dev.datavision_bruno.others", "c.s.t"}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
		for name, want := range map[string]bool{"c.s.plain": false, "c.s.torn": false, "c.s.none": false, "alfa.z.z": true, "Alfa.Z.Z": true} {
			n, err := catalog.ParseTableName(name)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := l.TableExists(n); got != want || err != nil {
				t.Errorf("%s exists: got %v, %v, want %v", name, got, err, want)
			}
		}
	})
}

func TestADroppedTableComesBackByUndrop(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		l.createTable(accounts, "a")
		entry := l.drop(accounts)
		want := catalog.Entry{
			Number: 1, Kind: catalog.KindTable, Name: accounts.String(), Origin: l.TableDir(accounts),
			TrashPath: filepath.Join(l.root, "papelera", "000001", "contenido"), At: now(),
		}
		if entry != want {
			t.Errorf("entry: got %+v, want %+v", entry, want)
		}
		if read, found, err := l.LastDeletion(); read != want || !found || err != nil {
			t.Errorf("last deletion: got %+v, %v, %v, want %+v", read, found, err, want)
		}
		l.holds(map[string]string{"a": "trash/tabla"})
		if back, err := l.Undrop(accounts); err != nil || back != want {
			t.Errorf("undrop: got %+v, %v, want %+v", back, err, want)
		}
		l.holds(map[string]string{"a": tablePlace})
		if _, found, err := l.LastDeletion(); found || err != nil {
			t.Errorf("last deletion after undrop: got %v, %v, want none", found, err)
		}
	})
}

func TestTheRecordIsReadableAndRelativeToTheLab(t *testing.T) {
	l := newLab(t, storage.NewMemory(nil), "/lab")
	l.createCheckpoint(l.outer(), "c")
	l.deleteCheckpoint(l.outer())
	got, err := l.store.ReadFile("/lab/papelera/000001/entrada.json")
	want := `{
  "clase": "checkpoint",
  "nombre": "/` + outerPlace + `",
  "origen": "` + outerPlace + `",
  "hora": "2025-03-06T09:00:00Z"
}
`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestALabThatWasMovedStillUndoes(t *testing.T) {
	parent := t.TempDir()
	l := newLab(t, storage.NewLocal(), filepath.Join(parent, "before"))
	l.createTable(accounts, "a")
	l.drop(accounts)
	if err := os.Rename(l.root, filepath.Join(parent, "after")); err != nil {
		t.Fatal(err)
	}
	l = newLab(t, storage.NewLocal(), filepath.Join(parent, "after"))
	l.undo()
	l.holds(map[string]string{"a": tablePlace})
}

func TestALabReachedByALinkStillUndoes(t *testing.T) {
	parent := t.TempDir()
	must(t, os.Mkdir(filepath.Join(parent, "real"), 0o755))
	must(t, os.Symlink("real", filepath.Join(parent, "link")))
	l := newLab(t, storage.NewLocal(), filepath.Join(parent, "link"))
	l.createTable(accounts, "a")
	l.drop(accounts)
	l.undo()
	l.holds(map[string]string{"a": tablePlace})
}

func TestWhatIsNotThereIsNoError(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		if _, was, err := l.Drop(accounts); was || err != nil {
			t.Errorf("drop: got %v, %v", was, err)
		}
		if _, was, err := l.DeleteCheckpoint(l.outer()); was || err != nil {
			t.Errorf("delete checkpoint: got %v, %v", was, err)
		}
		if _, did, err := l.Undo(); did || err != nil {
			t.Errorf("undo: got %v, %v", did, err)
		}
		if _, err := l.Undrop(accounts); !failure.Is(err, failure.TableNotFound) {
			t.Errorf("undrop: got %v, want %s", err, failure.TableNotFound)
		}
		if files := l.files(l.root); len(files) != 0 {
			t.Errorf("nothing to do left %v", files)
		}
	})
}

func TestUndropTakesTheNewestAndNeverATakenName(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		for _, mark := range []string{"first", "second"} {
			l.createTable(accounts, mark)
			l.drop(accounts)
		}
		l.createTable(others, "other")
		l.drop(others)
		if _, err := l.Undrop(accounts); err != nil {
			t.Fatal(err)
		}
		after := map[string]string{"first": "trash/tabla", "second": tablePlace, "other": "trash/tabla"}
		l.holds(after)
		if _, err := l.Undrop(accounts); !failure.Is(err, failure.TableExists) {
			t.Errorf("undrop onto a table: got %v, want %s", err, failure.TableExists)
		}
		l.holds(after)
	})
}

func TestUndropPutsRemainsThatAreNoTableAside(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		l.createTable(accounts, "table")
		l.drop(accounts)
		l.createCheckpoint(l.InnerCheckpointDir(accounts), "a load killed before version 0")
		if _, err := l.Undrop(accounts); err != nil {
			t.Fatal(err)
		}
		l.holds(map[string]string{"table": tablePlace, "a load killed before version 0": "trash/sustituida/_checkpoint"})
	})
}

func TestUndoPutsWhatStandsInThePlaceInTheTrash(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		l.createTable(accounts, "full")
		l.drop(accounts)
		l.createTable(accounts, "empty")
		restored := l.undo()
		if restored.Entry.Number != 1 || restored.Replaced == nil || restored.Replaced.Number != 2 || restored.Replaced.Kind != catalog.KindReplaced {
			t.Errorf("got %+v", restored)
		}
		after := map[string]string{"full": tablePlace, "empty": "trash/sustituida"}
		l.holds(after)
		if _, did, err := l.Undo(); did || err != nil {
			t.Errorf("a second undo: got %v, %v, want nothing to undo", did, err)
		}
		l.holds(after)
	})
}

func TestUndoGoesBackThroughTheDeletionsOneByOne(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		l.createTable(accounts, "table")
		l.createCheckpoint(l.outer(), "checkpoint")
		l.drop(accounts)
		l.deleteCheckpoint(l.outer())
		if restored := l.undo(); restored.Entry.Kind != catalog.KindCheckpoint || restored.Replaced != nil {
			t.Errorf("got %+v", restored)
		}
		l.holds(map[string]string{"table": "trash/tabla", "checkpoint": outerPlace})
		l.undo()
		l.holds(map[string]string{"table": tablePlace, "checkpoint": outerPlace})
	})
}

func TestDropTakesTheInnerCheckpointAlongAndUndoBringsItBack(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		l.createTable(accounts, "table")
		l.createCheckpoint(l.InnerCheckpointDir(accounts), "checkpoint")
		l.drop(accounts)
		l.holds(map[string]string{"table": "trash/tabla", "checkpoint": "trash/tabla/_checkpoint"})
		l.undo()
		l.holds(map[string]string{"table": tablePlace, "checkpoint": tablePlace + "/_checkpoint"})
	})
}

func TestTheTableIsBackBeforeTheCheckpointThatWasDeletedFromIt(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		l.createTable(accounts, "table")
		l.createCheckpoint(l.InnerCheckpointDir(accounts), "checkpoint")
		l.deleteCheckpoint(l.InnerCheckpointDir(accounts))
		l.drop(accounts)
		l.createTable(accounts, "table of another load")
		l.createCheckpoint(l.InnerCheckpointDir(accounts), "checkpoint of another load")
		l.undo()
		l.undo()
		l.holds(map[string]string{
			"table": tablePlace, "checkpoint": tablePlace + "/_checkpoint",
			"table of another load": "trash/sustituida", "checkpoint of another load": "trash/sustituida/_checkpoint",
		})
	})
}

func TestUndoMakesThePlaceWhoseParentsAreGone(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		l.createTable(accounts, "table")
		l.createCheckpoint(l.InnerCheckpointDir(accounts), "checkpoint")
		l.deleteCheckpoint(l.InnerCheckpointDir(accounts))
		must(t, l.store.DeleteTree(filepath.Join(l.root, "catalogs")))
		l.undo()
		l.holds(map[string]string{"checkpoint": tablePlace + "/_checkpoint"})
	})
}

// It breaks every write of every verb in every way, as a kill
// would, and then goes on as a student would: by running the same again.
func TestNothingIsLostAtAnySeam(t *testing.T) {
	type story struct {
		name    string
		prepare func(l *lab)
		run     func(c *catalog.Catalog) error
		writes  int
		place   string // of the mark "wanted", in the end
	}
	full := func(l *lab) {
		l.createTable(accounts, "wanted")
		l.createCheckpoint(l.InnerCheckpointDir(accounts), "inner")
	}
	for _, s := range []story{
		{"drop", full,
			func(c *catalog.Catalog) error { _, _, err := c.Drop(accounts); return err }, 2, "trash/tabla"},
		{"delete checkpoint", func(l *lab) { l.createCheckpoint(l.outer(), "wanted") },
			func(c *catalog.Catalog) error {
				_, _, err := c.DeleteCheckpoint(newLab(t, nil, "/lab").outer())
				return err
			}, 2, "trash/checkpoint"},
		{"undrop", func(l *lab) { full(l); l.drop(accounts) },
			func(c *catalog.Catalog) error { _, err := c.Undrop(accounts); return err }, 1, tablePlace},
		{"undrop onto remains", func(l *lab) {
			full(l)
			l.drop(accounts)
			l.createCheckpoint(l.InnerCheckpointDir(accounts), "remains")
		}, func(c *catalog.Catalog) error { _, err := c.Undrop(accounts); return err }, 3, tablePlace},
		{"undo", func(l *lab) { full(l); l.drop(accounts) },
			func(c *catalog.Catalog) error { _, _, err := c.Undo(); return err }, 1, tablePlace},
		{"undo onto another", func(l *lab) { full(l); l.drop(accounts); l.createTable(accounts, "another") },
			func(c *catalog.Catalog) error { _, _, err := c.Undo(); return err }, 3, tablePlace},
	} {
		for broken := range s.writes {
			for _, fault := range storage.Faults {
				t.Run(fmt.Sprintf("%s, write %d %s", s.name, broken, fault), func(t *testing.T) {
					l := newLab(t, storage.NewMemory(nil), "/lab")
					s.prepare(l)
					before := l.marks()
					faulty := storage.NewFaulty(l.store, func(n int, _ storage.Write) storage.Fault {
						return map[int]storage.Fault{broken: fault}[n]
					})
					faulty.Dead = true
					if err := s.run(catalog.New(faulty, l.root, now)); !errors.Is(err, storage.ErrFault) && !failure.Is(err, failure.DiskFull) {
						t.Errorf("the broken run: got %v, want it to tell", err)
					}
					l.hasAll(before)
					// The table may be back though that was reported lost; then its name is taken.
					if err := s.run(l.Catalog); err != nil && !failure.Is(err, failure.TableExists) {
						t.Errorf("running it again: %v", err)
					}
					l.hasAll(before)
					if got := l.marks()["wanted"]; got != s.place {
						t.Errorf("in the end: got it in %s, want %s", got, s.place)
					}
				})
			}
		}
		t.Run(s.name+" has as many writes as were broken", func(t *testing.T) {
			l := newLab(t, storage.NewMemory(nil), "/lab")
			s.prepare(l)
			recorder := storage.NewRecorder(l.store)
			must(t, s.run(catalog.New(recorder, l.root, now)))
			if got := len(recorder.Writes()); got != s.writes {
				t.Errorf("got %d: %v, want %d", got, recorder.Writes(), s.writes)
			}
		})
	}
}

// hasAll checks that every mark is in its place or in the trash.
func (l *lab) hasAll(before map[string]string) {
	l.t.Helper()
	got := slices.Sorted(maps.Keys(l.marks()))
	if want := slices.Sorted(maps.Keys(before)); !slices.Equal(got, want) {
		l.t.Errorf("marks: got %q, want %q", got, want)
	}
}

func TestADeletionThatNeverCameAboutIsNobodysAndKeepsItsNumber(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		l.createTable(accounts, "a")
		faulty := storage.NewFaulty(l.store, func(_ int, w storage.Write) storage.Fault {
			if w.Verb == "move" {
				return storage.Lost
			}
			return storage.Fine
		})
		if _, was, err := catalog.New(faulty, l.root, now).Drop(accounts); was || !failure.Is(err, failure.Storage) {
			t.Errorf("got %v, %v", was, err)
		}
		if _, found, err := l.LastDeletion(); found || err != nil {
			t.Errorf("last deletion: got %v, %v, want none", found, err)
		}
		if _, err := l.Undrop(others); !failure.Is(err, failure.TableNotFound) {
			t.Errorf("undrop: got %v", err)
		}
		if got := l.drop(accounts).Number; got != 2 {
			t.Errorf("number: got %d, want 2", got)
		}
		l.undo()
		l.holds(map[string]string{"a": tablePlace})
		if got := l.drop(accounts).Number; got != 3 {
			t.Errorf("number after an undo: got %d, want 3", got)
		}
	})
}

func TestTheMillionthEntryIsNewerThanTheOneBefore(t *testing.T) {
	l := newLab(t, storage.NewMemory(nil), "/lab")
	l.put("/lab/papelera/999999/entrada.json", "never read: it has no content")
	for _, mark := range []string{"first", "second"} {
		l.createTable(accounts, mark)
		l.drop(accounts)
	}
	if got := l.undo().Entry.Number; got != 1_000_001 {
		t.Errorf("number: got %d", got)
	}
	l.holds(map[string]string{"first": "trash/tabla", "second": tablePlace})
}

func TestADamagedRecordIsNamedAndMovesNothing(t *testing.T) {
	for name, text := range map[string]string{
		"missing": "", "empty": " ", "half": `{"clase":"tabla","origen":"catal`, "not an object": "[]",
		"a way out":            `{"clase":"checkpoint","origen":"../../etc/a/b/c/d/e"}`,
		"a way out, later":     `{"clase":"checkpoint","origen":"Volumes/a/b/c/d/../../../../../x"}`,
		"an absolute place":    `{"clase":"checkpoint","origen":"/etc/a/b/c/d/e"}`,
		"the trash itself":     `{"clase":"checkpoint","origen":"papelera/000009/contenido/x/y"}`,
		"a whole volume":       `{"clase":"checkpoint","origen":"Volumes/a/b/c"}`,
		"the lab":              `{"clase":"tabla","origen":"."}`,
		"no origin":            `{"clase":"tabla"}`,
		"a kind nobody knows":  `{"clase":"otra","origen":"catalogs/a/b/c"}`,
		"a table too deep":     `{"clase":"tabla","origen":"catalogs/a/b/c/d"}`,
		"a table for its kind": `{"clase":"checkpoint","origen":"catalogs/a/b/c"}`,
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, storage.NewMemory(nil), "/lab")
			l.put("/lab/papelera/000001/contenido/mark", "a")
			if text != "" {
				l.put("/lab/papelera/000001/entrada.json", text)
			}
			before := l.files("/lab")
			_, did, err := l.Undo()
			var known *failure.Error
			if did || !errors.As(err, &known) || known.Class != failure.DamagedFile || known.Thing != filepath.FromSlash("/lab/papelera/000001/entrada.json") {
				t.Errorf("undo: got %v, %v, want %s", did, err, failure.DamagedFile)
			}
			if after := l.files("/lab"); !slices.Equal(before, after) {
				t.Errorf("files: got %v, want %v", after, before)
			}
			l.createTable(accounts, "b")
			if got := l.drop(accounts).Number; got != 2 {
				t.Errorf("a drop beside it: got number %d, want 2", got)
			}
		})
	}
}

func TestOnlyWhatIsBelowAVolumeOrATableIsACheckpoint(t *testing.T) {
	onStores(t, func(t *testing.T, l *lab) {
		l.createTable(accounts, "table")
		l.createCheckpoint(l.outer(), "checkpoint")
		l.put(filepath.Join(l.outer(), "file"), "")
		before := l.files(l.root)
		for _, dir := range []string{
			l.root, filepath.Dir(l.root), l.root + "2", "/", "", "relative/a/b/c/d", filepath.Join(l.root, "catalogs"), filepath.Join(l.root, "papelera"),
			filepath.Join(l.root, "Volumes", "bronce_dev"), filepath.Join(l.root, "Volumes", "bronce_dev", "datavision", "bronce-volume-datavision"),
			l.TableDir(accounts), l.root + "/Volumes/a/b/c/d/../../../../../../etc", l.root + "/Volumes/a/b/c/d/../../../..", filepath.Join(l.outer(), "file"),
			filepath.Join(l.root, "lecciones", "1", "Volumes", "c", "s"), filepath.Join(l.root, "papelera", "000001", "contenido", "x", "y"),
		} {
			if _, was, err := l.DeleteCheckpoint(dir); was || !failure.Is(err, failure.WrongUse) {
				t.Errorf("%q: got %v, %v, want %s", dir, was, err, failure.WrongUse)
			}
		}
		for _, name := range []catalog.TableName{{Catalog: "..", Schema: "..", Table: "etc"}, {}, {Catalog: "a", Schema: "b", Table: "../../c"}} {
			_, _, dropErr := l.Drop(name)
			_, undropErr := l.Undrop(name)
			_, existsErr := l.TableExists(name)
			for _, err := range []error{dropErr, undropErr, existsErr} {
				if !failure.Is(err, failure.WrongUse) {
					t.Errorf("%q: got %v, want %s", name, err, failure.WrongUse)
				}
			}
		}
		if after := l.files(l.root); !slices.Equal(before, after) {
			t.Errorf("files: got %v, want %v", after, before)
		}
	})
}

func TestALinkLeadsNoDeletionOutOfTheLab(t *testing.T) {
	for name, link := range map[string]string{
		"the table is a link": "catalogs/bronce_dev/datavision_bruno/accounts", "its schema is one": "catalogs/bronce_dev/datavision_bruno", "all of catalogs is one": "catalogs",
	} {
		t.Run(name, func(t *testing.T) {
			l, outside := linked(t, link, tablePlace)
			if _, was, err := l.Drop(accounts); was || !failure.Is(err, failure.WrongUse) {
				t.Errorf("drop: got %v, %v, want %s", was, err, failure.WrongUse)
			}
			if got := outside.files(outside.root); len(got) != 2 {
				t.Errorf("outside: got %v, want all of it", got)
			}
		})
	}
	for name, link := range map[string]string{
		"the checkpoint is a link": outerPlace, "the volume is one": "Volumes/bronce_dev/datavision/bronce-volume-datavision",
	} {
		t.Run(name, func(t *testing.T) {
			l, outside := linked(t, link, outerPlace)
			if _, was, err := l.DeleteCheckpoint(l.outer()); was || !failure.Is(err, failure.WrongUse) {
				t.Errorf("delete checkpoint: got %v, %v, want %s", was, err, failure.WrongUse)
			}
			if got := outside.files(outside.root); len(got) != 2 {
				t.Errorf("outside: got %v, want all of it", got)
			}
		})
	}
	t.Run("the trash is a link", func(t *testing.T) {
		l, outside := linked(t, "papelera", "papelera/x")
		l.createTable(accounts, "a")
		if _, was, err := l.Drop(accounts); was || !failure.Is(err, failure.WrongUse) {
			t.Errorf("drop: got %v, %v, want %s", was, err, failure.WrongUse)
		}
		if got := outside.files(outside.root); len(got) != 2 {
			t.Errorf("outside: got %v, want it as it was", got)
		}
	})
	for name, link := range map[string]string{
		"the trash is a link to come back from": "papelera", "an entry is one": "papelera/000001", "its content is one": "papelera/000001/contenido",
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, storage.NewLocal(), t.TempDir())
			l.createTable(accounts, "a")
			l.drop(accounts)
			outside := filepath.Join(t.TempDir(), "x")
			must(t, os.Rename(filepath.Join(l.root, link), outside))
			must(t, os.Symlink(outside, filepath.Join(l.root, link)))
			before := l.files(outside)
			_, did, err := l.Undo()
			if linkIsNoEntry := name == "an entry is one" && err == nil; did || !linkIsNoEntry && !failure.Is(err, failure.WrongUse) {
				t.Errorf("undo: got %v, %v, want %s, or that a link is no entry", did, err, failure.WrongUse)
			}
			if after := l.files(outside); len(after) < 2 || !slices.Equal(before, after) {
				t.Errorf("outside: got %v, want %v", after, before)
			}
		})
	}
	t.Run("the place to come back to is one", func(t *testing.T) {
		l := newLab(t, storage.NewLocal(), t.TempDir())
		l.createTable(accounts, "a")
		l.drop(accounts)
		must(t, os.RemoveAll(filepath.Join(l.root, "catalogs")))
		outside := t.TempDir()
		must(t, os.Symlink(outside, filepath.Join(l.root, "catalogs")))
		if _, did, err := l.Undo(); did || !failure.Is(err, failure.WrongUse) {
			t.Errorf("undo: got %v, %v, want %s", did, err, failure.WrongUse)
		}
		l.holds(map[string]string{"a": "trash/tabla"})
	})
}

// linked is a lab in which link leads outside, to a folder that looks as if
// place were a table there.
func linked(t *testing.T, link, place string) (l, outside *lab) {
	t.Helper()
	l = newLab(t, storage.NewLocal(), t.TempDir())
	outside = newLab(t, storage.NewLocal(), t.TempDir())
	rest, err := filepath.Rel(link, place)
	must(t, err)
	outside.put(filepath.Join(outside.root, rest, "mark"), "outside")
	outside.put(filepath.Join(outside.root, rest, "_delta_log", "00000000000000000000.json"), "{}")
	must(t, os.MkdirAll(filepath.Dir(filepath.Join(l.root, link)), 0o755))
	must(t, os.Symlink(outside.root, filepath.Join(l.root, link)))
	return l, outside
}

func TestWhateverAStudentDoesNothingIsLost(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := newLab(r, storage.NewMemory(nil), "/lab")
		made := map[string]string{}
		place := func(dir string) {
			if there, _ := storage.Exists(l.store, filepath.Join(dir, "mark")); !there {
				mark := fmt.Sprint("m", len(made))
				made[mark] = ""
				l.createCheckpoint(dir, mark)
			}
		}
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			breaks := rapid.SampledFrom([]int{0, 1, 2, 9, 9, 9, 9}).Draw(r, "breaks")
			fault := rapid.SampledFrom(storage.Faults).Draw(r, "fault")
			faulty := storage.NewFaulty(l.store, func(n int, _ storage.Write) storage.Fault {
				return map[int]storage.Fault{breaks: fault}[n]
			})
			faulty.Dead = true
			c := catalog.New(faulty, l.root, now)
			switch rapid.SampledFrom([]string{"load", "load inside", "drop", "delete", "delete inside", "undrop", "undo"}).Draw(r, "step") {
			case "load":
				place(l.TableDir(accounts))
				place(l.outer())
				l.put(filepath.Join(l.TableDir(accounts), "_delta_log", "00000000000000000000.json"), "{}")
			case "load inside":
				place(l.InnerCheckpointDir(accounts))
			case "drop":
				_, _, _ = c.Drop(accounts)
			case "delete":
				_, _, _ = c.DeleteCheckpoint(l.outer())
			case "delete inside":
				_, _, _ = c.DeleteCheckpoint(l.InnerCheckpointDir(accounts))
			case "undrop":
				_, _ = c.Undrop(accounts)
			case "undo":
				_, _, _ = c.Undo()
			}
			l.hasAll(made)
		}
		for range 30 {
			_, did, err := l.Undo()
			must(r, err)
			l.hasAll(made)
			if !did {
				break
			}
		}
		if last, found, _ := l.LastDeletion(); found {
			r.Fatalf("undo never came to an end: %+v", last)
		}
	})
}

func must(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func FuzzARecordLeadsNothingOutOfTheLab(f *testing.F) {
	for _, seed := range []string{
		`{"clase":"tabla","nombre":"c.s.t","origen":"catalogs/c/s/t","hora":"2025-03-06T09:00:00Z"}`,
		`{"clase":"checkpoint","origen":"Volumes/a/b/c/_checkpoint_x/t"}`, `{"clase":"checkpoint","origen":"../../etc/a/b"}`, `{`, `null`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := newLab(t, storage.NewMemory(nil), "/lab")
		l.put("/lab/papelera/000001/entrada.json", text)
		l.put("/lab/papelera/000001/contenido/mark", "a")
		restored, did, err := l.Undo()
		place := restored.Entry.Origin
		switch {
		case err == nil && did && !isBelow("/lab/catalogs", place) && !isBelow("/lab/Volumes", place):
			t.Fatalf("%q led to %s", text, place)
		case (err != nil || !did) && l.files("/lab")[0] != "/lab/papelera/000001/contenido/mark":
			t.Fatalf("%q: refused (%v), and yet moved: %v", text, err, l.files("/lab"))
		}
	})
}
