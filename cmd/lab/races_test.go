package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"autoloaderlab/engine/progress"
)

// These tests run the program many times at once in one folder: processes of
// their own, which know of each other only what is on disk. TestMain makes this
// test binary the program when it is called lab.

const (
	loaders    = 8
	bundled    = 552 // rows of a fresh lab
	bundledCSV = 3   // files that hold them
)

// labProcess is `lab args…` in a folder.
func labProcess(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program)
	command.Args = append([]string{"lab"}, args...)
	command.Env = append(os.Environ(), "LAB_DIR="+dir)
	return command
}

// runLab runs one process to its end, which must be good, and gives its output.
func runLab(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	out, err := labProcess(t, dir, args...).Output()
	if err != nil {
		t.Fatalf("lab %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// atOnce starts n processes and waits for them all.
func atOnce(t *testing.T, dir string, n int, args func(i int) []string) (outs [][]byte, errs []error) {
	t.Helper()
	commands, written := make([]*exec.Cmd, n), make([]bytes.Buffer, n)
	for i := range commands {
		commands[i] = labProcess(t, dir, args(i)...)
		commands[i].Stdout = &written[i]
	}
	for _, command := range commands {
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for i, command := range commands {
		errs = append(errs, command.Wait())
		outs = append(outs, written[i].Bytes())
	}
	return outs, errs
}

// ending is the last event of a load.
type ending struct {
	State   string `json:"estado"`
	Batches int    `json:"lotes"`
	Rows    int    `json:"filas_escritas"`
	Error   *struct {
		Class string `json:"clase"`
	} `json:"error"`
}

func endingOf(t *testing.T, out []byte) (end ending) {
	t.Helper()
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if err := json.Unmarshal(lines[len(lines)-1], &end); err != nil {
		t.Fatalf("the last event is no JSON: %v\n%s", err, out)
	}
	return end
}

func wantCount(t *testing.T, dir string, want int) {
	t.Helper()
	var count struct {
		Rows int `json:"filas"`
	}
	out := runLab(t, dir, "contar", "--json")
	if err := json.Unmarshal(out, &count); err != nil || count.Rows != want {
		t.Errorf("got %s %v, want %d rows", out, err, want)
	}
}

// wantNothingTemporary looks for what somebody began and did not finish.
func wantNothingTemporary(t *testing.T, dir string) {
	t.Helper()
	for path := range filesIn(t, dir) {
		if strings.HasSuffix(path, ".tmp") {
			t.Errorf("%s was left behind", path)
		}
	}
}

// filesIn maps the files below a folder to their content, but for the locks.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if filepath.Base(filepath.Dir(path)) == "bloqueos" {
			return nil
		}
		content, err := os.ReadFile(path)
		files[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestLoadersWithCheckpointsOfTheirOwnAllLoadIntoOneTable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lab")
	runLab(t, dir, "estado", "--json")
	outs, errs := atOnce(t, dir, loaders, func(i int) []string {
		bronze := fmt.Sprintf("/Volumes/bronce_dev/datavision/cargador-%d", i)
		return []string{"cargar", "--json", "--volumen-bronce", bronze, "--opcion", "cloudFiles.maxFilesPerTrigger=1"}
	})
	for i, err := range errs {
		end := endingOf(t, outs[i])
		if err != nil || end.State != "TERMINADA" || end.Batches != bundledCSV || end.Rows != bundled {
			t.Errorf("loader %d: %v, want %d rows in %d batches, got %s", i, err, bundled, bundledCSV, outs[i])
		}
	}
	wantCount(t, dir, loaders*bundled)
	wantNothingTemporary(t, dir)
	const versions = 1 + loaders*bundledCSV // version 0 made the table
	table := filepath.Join(dir, "catalogs", "bronce_dev", "datavision_bruno", "account_premium_features")
	for v := range versions {
		if _, err := os.Stat(filepath.Join(table, "_delta_log", fmt.Sprintf("%020d.json", v))); err != nil {
			t.Error(err)
		}
	}
	if found, _ := filepath.Glob(filepath.Join(table, "_delta_log", "*.json")); len(found) != versions {
		t.Errorf("got %d versions, want %d", len(found), versions)
	}
	if found, _ := filepath.Glob(filepath.Join(table, "*.parquet")); len(found) != loaders*bundledCSV {
		t.Errorf("got %d data files, want %d and no orphan", len(found), loaders*bundledCSV)
	}
}

func TestASecondLoaderOnACheckpointRefusesAndHarmsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lab")
	for _, seam := range progress.Seams {
		seam := string(seam)
		landOne(t, dir, seam)
		first := labProcess(t, dir, "cargar", "--json", "--pausa-en", seam)
		goOn, err := first.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		events, err := first.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		told := waitFor(t, events, seam)
		before := filesIn(t, dir)

		out, err := labProcess(t, dir, "cargar", "--json").Output()
		var exit *exec.ExitError
		end := endingOf(t, out)
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || end.State != "FALLIDA" || end.Error == nil || end.Error.Class != "CHECKPOINT_IN_USE" {
			t.Errorf("at %s: the second got %v, %s", seam, err, out)
		}
		if !maps.Equal(before, filesIn(t, dir)) {
			t.Errorf("at %s: the second changed something", seam)
		}

		if err := goOn.Close(); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(events)
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Wait(); err != nil || endingOf(t, rest).State != "TERMINADA" {
			t.Errorf("at %s: the first got %v, %s%s", seam, err, told, rest)
		}
	}
	wantCount(t, dir, bundled+len(progress.Seams))
	wantNothingTemporary(t, dir)
}

// landOne lands a file of one row.
func landOne(t *testing.T, dir, name string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name+".csv")
	text := "account_feature_id,account_id,feature_id,purchase_date,amount_paid\n" + name + ",1,2,2025-03-06 10:00:00,9.99\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	runLab(t, dir, "traer", path)
}

// waitFor reads events up to the one of a seam, byte by byte so that the rest stays.
func waitFor(t *testing.T, events io.Reader, seam string) (told []byte) {
	t.Helper()
	one := make([]byte, 1)
	for {
		if _, err := io.ReadFull(events, one); err != nil {
			t.Fatalf("the load ended before %s: %v\n%s", seam, err, told)
		}
		told = append(told, one...)
		if one[0] == '\n' && bytes.Contains(told, []byte(`"evento":"`+seam+`"`)) {
			return told
		}
	}
}

func TestLoadersOnOneCheckpointLoadEveryRowOnceBetweenThem(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lab")
	outs, errs := atOnce(t, dir, loaders, func(int) []string {
		return []string{"cargar", "--json", "--opcion", "cloudFiles.maxFilesPerTrigger=1"}
	})
	rows := 0
	for i, out := range outs {
		end := endingOf(t, out)
		rows += end.Rows
		refused := end.Error != nil && end.Error.Class == "CHECKPOINT_IN_USE"
		if (errs[i] != nil) != refused || !refused && end.State != "TERMINADA" {
			t.Errorf("loader %d: got %v, %s", i, errs[i], out)
		}
	}
	if rows != bundled {
		t.Errorf("they loaded %d rows, want %d", rows, bundled)
	}
	wantCount(t, dir, bundled)
	wantNothingTemporary(t, dir)
}

func TestAFreshFolderOpenedByManyAtOnceIsPreparedOnce(t *testing.T) {
	var prepared map[string]string
	for round := range 5 {
		dir := filepath.Join(t.TempDir(), "lab")
		outs, errs := atOnce(t, dir, loaders, func(int) []string { return []string{"estado", "--json"} })
		for i, err := range errs {
			if err != nil || !bytes.Contains(outs[i], fmt.Appendf(nil, `"filas":%d`, bundled)) {
				t.Errorf("round %d, process %d: got %v, %s", round, i, err, outs[i])
			}
		}
		landed := map[string]string{}
		for path, content := range filesIn(t, filepath.Join(dir, "Volumes")) {
			landed[strings.TrimPrefix(path, dir)] = content
		}
		if len(landed) != bundledCSV || prepared != nil && !maps.Equal(landed, prepared) {
			t.Errorf("round %d: %d files landed, or others than before", round, len(landed))
		}
		prepared = landed
		wantNothingTemporary(t, dir)
	}
}
