package disk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"autoloaderlab/ui/text"
)

// Whatever may lie in a lab's folders is listed, and said to be what it is.
func TestWhateverMayLieInALabIsExplained(t *testing.T) {
	lab, pipeline := moved(t)
	for _, c := range []struct{ path, content, want string }{
		{filepath.Join(lab.Dir(), "lab.json"), "", "los widgets del cuaderno"},
		{filepath.Join(lab.Dir(), "progreso.json"), `{"version":1}`, "Por dónde vas en las lecciones"},
		{filepath.Join(lab.Dir(), "progreso.json.apartado-1"), "{", "no se podía leer"},
		{filepath.Join(lab.Dir(), "consola.json"), `{"version":1,"sentencias":["SELECT 1"]}`, "flecha hacia arriba"},
		{filepath.Join(lab.Dir(), "extraccion", "cursor.json"), `{"version":1,"extraidos":{}}`, "El cursor de la extracción"},
		{filepath.Join(lab.Dir(), "resultados", "resultado-1.csv"), "a\n1\n", "guardaste con ctrl+s"},
		{filepath.Join(lab.Dir(), "apartados", "000001", "x.csv"), "a\n", "quitaste del origen"},
		{filepath.Join(lab.Dir(), "cache", "filas.json"), "{}", "Las filas contadas"},
		{filepath.Join(lab.Dir(), "nota.txt"), "hola", text.DiskNotOurs},
		{filepath.Join(pipeline.CheckpointDir(), "offsets", ".9.crc"), "crc\x00", "La suma de comprobación de «9»"},
		{filepath.Join(pipeline.CheckpointDir(), "offsets", ".10.x.tmp"), "v1", "a medio escribir"},
		{filepath.Join(pipeline.TableDir(), "_delta_log", ".00000000000000000003.json.crc"), "crc", "de «00000000000000000003.json»"},
		{filepath.Join(pipeline.TableDir(), ".part-1.tmp"), "PAR1", "a medio escribir"},
		{filepath.Join(pipeline.TableDir(), "part-99999-x.parquet"), "PAR1", text.DiskParquetBroken},
		{filepath.Join(pipeline.SourceDir(), ".oculto.csv"), "a\n", "empieza por un punto"},
	} {
		if c.content != "" {
			if err := errors.Join(os.MkdirAll(filepath.Dir(c.path), 0o755), os.WriteFile(c.path, []byte(c.content), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		e := New(lab, pipeline)
		load(t, e)
		e.Open(c.path)
		load(t, e)
		got := strings.Join(strings.Fields(strings.ReplaceAll(e.FileView(66, 60, plain), "\n", " ")), " ")
		if e.cursor != c.path || !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q, got %s", c.path, c.want, got)
		}
	}
}

func TestADataFileThatNoVersionNamesIsMarkedInTheTree(t *testing.T) {
	lab, pipeline := moved(t)
	parts, err := filepath.Glob(filepath.Join(pipeline.TableDir(), "part-*.parquet"))
	if err != nil || len(parts) == 0 {
		t.Fatal("no data files", err)
	}
	data, err := os.ReadFile(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	orphan := filepath.Join(pipeline.TableDir(), "part-00000-zz.parquet")
	if err := os.WriteFile(orphan, data, 0o600); err != nil {
		t.Fatal(err)
	}
	e := New(lab, pipeline)
	load(t, e)
	marked := 0
	for _, r := range e.tree.rows {
		if r.right == text.DiskUnnamed {
			marked++
			if r.path != orphan {
				t.Errorf("%s is marked", r.path)
			}
		}
	}
	if marked != 1 {
		t.Errorf("got %d files marked, want 1", marked)
	}
}
