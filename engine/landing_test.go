package engine_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/fixtures"
)

const monday, tuesday = "account_premium_features_2025-03-03.csv", "account_premium_features_2025-03-04.csv"

func TestHandsOnLandedFilesStayInTheLandingFolder(t *testing.T) {
	s := newStory(t)
	p := s.pipeline()
	same := func(data []byte) []byte { return data }
	for _, name := range []string{"", ".", "..", "../x.csv", "a/b.csv", `a\b.csv`, ".hidden", "/etc/passwd"} {
		for what, do := range map[string]func() (engine.Action, error){
			"copy to":   func() (engine.Action, error) { return p.CopyFile(s.ctx, monday, name) },
			"copy from": func() (engine.Action, error) { return p.CopyFile(s.ctx, name, "x.csv") },
			"rename to": func() (engine.Action, error) { return p.RenameFile(s.ctx, monday, name) },
			"edit":      func() (engine.Action, error) { return p.EditFile(s.ctx, name, same) },
			"move away": func() (engine.Action, error) { return p.MoveFileAway(s.ctx, name) },
			"land":      func() (engine.Action, error) { return p.LandFile(s.ctx, name, nil) },
		} {
			if action, err := do(); !failure.Is(err, failure.WrongUse) || len(action.Paths) != 0 {
				t.Errorf("%s %q: got %v, %v", what, name, action, err)
			}
		}
	}
	if entries, err := os.ReadDir(p.SourceDir()); err != nil || len(entries) != fixtures.Start {
		t.Errorf("landing: %v, %v", entries, err)
	}
}

func TestATakenNameIsNotWrittenOver(t *testing.T) {
	s := newStory(t)
	p := s.pipeline()
	want, _ := fixtures.CSV("2025-03-04")
	if _, err := p.CopyFile(s.ctx, monday, tuesday); !failure.Is(err, failure.WrongUse) {
		t.Errorf("copy: %v", err)
	}
	if _, err := p.RenameFile(s.ctx, monday, tuesday); !failure.Is(err, failure.WrongUse) {
		t.Errorf("rename: %v", err)
	}
	if got, err := os.ReadFile(filepath.Join(p.SourceDir(), tuesday)); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the file changed: %v", err)
	}
	if _, err := p.RenameFile(s.ctx, "nobody.csv", "x.csv"); !failure.Is(err, failure.FileVanished) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestAFileMovedAwayTwiceIsKeptTwice(t *testing.T) {
	s := newStory(t)
	p := s.pipeline()
	for range 2 {
		action, err := p.MoveFileAway(s.ctx, monday)
		s.must(err)
		if _, err := os.Stat(action.Paths[1]); err != nil {
			t.Error(err)
		}
		_, err = p.Extract(s.ctx, "2025-03-03")
		s.must(err)
	}
	if kept, _ := filepath.Glob(filepath.Join(s.dir, "apartados", "*", monday)); len(kept) != 2 {
		t.Errorf("kept: %v", kept)
	}
}

func TestAFolderOfTheComputersOwnIsNotChanged(t *testing.T) {
	s := newStory(t)
	lab, err := engine.Open(s.ctx, engine.Config{Dir: s.dir})
	s.must(err)
	folder := t.TempDir()
	s.must(os.MkdirAll(filepath.Join(folder, fixtures.Table), 0o755))
	path := filepath.Join(folder, fixtures.Table, "a.csv")
	s.must(os.WriteFile(path, []byte("a\n1\n"), 0o644))
	p, err := lab.Pipeline(engine.Widgets{LandingVolume: "file://" + filepath.ToSlash(folder)}, engine.Notebook)
	s.must(err)
	if _, err := p.MoveFileAway(s.ctx, "a.csv"); !failure.Is(err, failure.WrongUse) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestATablesLogProvesWhoWroteToIt(t *testing.T) {
	s := newStory(t)
	prove := func() engine.Proof {
		t.Helper()
		status, err := s.pipeline().Status(s.ctx)
		s.must(err)
		id := ""
		if status.Checkpoint.QueryID != nil {
			id = *status.Checkpoint.QueryID
		}
		proof, err := s.pipeline().Proof(s.ctx, id)
		s.must(err)
		return proof
	}
	if got := prove(); got != (engine.Proof{Txn: -1}) {
		t.Errorf("nothing proves %+v", got)
	}
	s.run()
	first := prove()
	if first.TableID == "" || first.Queries != 1 || first.Txn != 0 || first.Operation != "STREAMING UPDATE" {
		t.Errorf("after a load: %+v", first)
	}
	_, err := s.pipeline().DeleteCheckpoint(s.ctx)
	s.must(err)
	s.run()
	if got := prove(); got.TableID != first.TableID || got.Queries != 2 || got.Txn != 0 {
		t.Errorf("after another query: %+v", got)
	}
	_, err = s.pipeline().DropTable(s.ctx)
	s.must(err)
	s.run()
	if got := prove(); got.TableID == first.TableID || got.Queries != 0 || got.Txn != -1 || got.Operation != "CREATE TABLE" {
		t.Errorf("after a drop: %+v", got)
	}
	lab, err := engine.Open(s.ctx, engine.Config{Dir: s.dir})
	s.must(err)
	if trash, err := lab.Trash(); err != nil || trash != (engine.Trash{Tables: 1, Checkpoints: 1}) {
		t.Errorf("trash: %+v, %v", trash, err)
	}
}
