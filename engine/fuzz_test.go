package engine_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// FuzzLabFile gives the lab's own two files any content: lab.json and the cache
// of row counts. The lab opens, with every folder inside its own, or says which
// file is damaged.
func FuzzLabFile(f *testing.F) {
	const complete = `{"alumno":"bruno","catalogo":"bronce_dev","volumen_landing":"/Volumes/a/b/c","volumen_bronce":"/Volumes/d/e/f","tabla":"t"}`
	const counts = `{"Volumes/x.csv":{"sello":[1,2],"filas":3}}`
	for _, seed := range []string{
		`{"version":1,"raiz":"/elsewhere","dia":"2025-03-06","widgets":{"alumno":"bruno","catalogo":"bronce_dev","volumen_landing":"/Volumes/a/b/c","volumen_bronce":"","tabla":"t"}}`,
		`{"version":1,"raiz":"/elsewhere","raices_anteriores":["/","x"],"dia":"2025-03-06","widgets":{"alumno":"../..","tabla":".."}}`,
		`{"version":1,"dia":"2025-03-06"}`, `{"version":2}`, `null`, ``, `[`,
	} {
		f.Add([]byte(seed), []byte(counts))
		f.Add([]byte(seed), []byte("null"))
	}
	f.Add([]byte(`{"version":1,"raiz":"/elsewhere","dia":"2025-03-06","widgets":`+complete+`}`), []byte("null"))
	f.Add([]byte(`{"version":1,"dia":"2025-03-06","widgets":`+complete+`}`), []byte("{}"))
	dir, ctx := f.TempDir(), context.Background()
	f.Fuzz(func(t *testing.T, state, counts []byte) {
		store := storage.NewMemory(nil)
		for name, data := range map[string][]byte{"lab.json": state, "cache/filas.json": counts} {
			if err := store.Put(filepath.Join(dir, filepath.FromSlash(name)), data); err != nil {
				t.Fatal(err)
			}
		}
		lab, err := engine.Open(ctx, engine.Config{Dir: dir, Store: store})
		if failure.Is(err, failure.DamagedFile) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var said struct {
			Root string `json:"raiz"`
		}
		if _ = json.Unmarshal(state, &said); said.Root == "" {
			t.Error("a lab that does not say where it was has been followed from anywhere")
		}
		pipeline, err := lab.Pipeline(engine.Widgets{}, engine.Notebook)
		if failure.Is(err, failure.WrongUse) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, folder := range []string{pipeline.TableDir(), pipeline.CheckpointDir()} {
			if inside, err := filepath.Rel(dir, folder); err != nil || !filepath.IsLocal(inside) || inside == "." {
				t.Errorf("%s is not inside %s", folder, dir)
			}
		}
		if err := store.Put(filepath.Join(pipeline.SourceDir(), "x.csv"), []byte("a\n1\n")); err != nil {
			return // a landing folder may be anywhere, also where none can be
		}
		if _, err := pipeline.Status(ctx); err != nil {
			t.Errorf("status: %v", err)
		}
		if again, err := engine.Open(ctx, engine.Config{Dir: dir, Store: store}); err != nil || again.Day() != lab.Day() {
			t.Errorf("opened again: %v", err)
		}
	})
}
