package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/child"
)

// The interface's road to a load, with the command at its other end.
func TestTheCommandRunsAsAChild(t *testing.T) {
	lab, err := exec.LookPath("lab") // testscript's copy of this program
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "lab")
	r := child.Runner{Program: lab, Env: append(os.Environ(), "GORACE=atexit_sleep_ms=0")}
	var names []string
	on := func(s progress.Stamped) { names = append(names, s.Event.Name()) }

	if _, err := r.KillAt(context.Background(), dir, nil, progress.AfterTableCommit, on); !errors.Is(err, child.ErrKilled) {
		t.Fatalf("got %v", err)
	}
	f, err := r.Load(context.Background(), dir, nil, on)
	if err != nil || f.State != progress.Terminated || f.Batches != 1 || f.RowsWritten != 0 {
		t.Errorf("got %+v, %v", f, err)
	}
	told := strings.Join(names, " ")
	if want := "tabla_confirmada pausa listado descubierto planeado ya_en_tabla confirmado fin"; !strings.HasSuffix(told, want) {
		t.Errorf("got %s, want … %s", told, want)
	}
	_, err = r.Load(context.Background(), dir, []string{"--opcion", "x"}, on)
	var died *child.Died
	if !errors.As(err, &died) || died.Exit != exitWrong || died.Told == nil || died.Told.Class != "WRONG_USE" {
		t.Errorf("got %v", err)
	}
}
