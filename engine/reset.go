package engine

import (
	"context"
	"path/filepath"
	"strings"

	"autoloaderlab/engine/catalog"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Action tells what a command did, and to which folders.
type Action struct {
	Action string   `json:"accion"`
	Paths  []string `json:"rutas"`
}

func done(action string, paths ...string) Action {
	if paths == nil {
		paths = []string{}
	}
	return Action{action, paths}
}

// DropTable moves the table to the trash; with the checkpoint inside it, that too.
// A table that is not there is no error. A load into it is: failure.Busy.
func (p *Pipeline) DropTable(context.Context) (Action, error) {
	existed, err := p.lab.drop(p.table)
	if err != nil || !existed {
		return done("borrar-tabla"), err
	}
	return done("borrar-tabla", p.tableDir()), nil
}

func (l *Lab) drop(name catalog.TableName) (existed bool, err error) {
	dir := l.catalog.TableDir(name)
	lock, err := l.lockAll(exclusive(dir), exclusive(l.catalog.InnerCheckpointDir(name)))
	if err != nil {
		return false, err
	}
	defer lock.release()
	_, existed, err = l.catalog.Drop(name)
	return existed, err
}

// DeleteCheckpoint moves the checkpoint to the trash. One that is not there is no
// error; one that a load works with is failure.Busy.
func (p *Pipeline) DeleteCheckpoint(context.Context) (Action, error) {
	dir := p.CheckpointDir()
	lock, err := p.lab.lockAll(exclusive(dir))
	if err != nil {
		return Action{}, err
	}
	defer lock.release()
	_, existed, err := p.lab.catalog.DeleteCheckpoint(dir)
	if err != nil || !existed {
		return done("borrar-checkpoint"), err
	}
	return done("borrar-checkpoint", dir), nil
}

// Undo brings back what was deleted last. What stands in its place now goes to
// the trash. With nothing to undo, no path is named.
func (l *Lab) Undo(ctx context.Context) (Action, error) {
	last, ok, err := l.catalog.LastDeletion()
	if err != nil || !ok {
		return done("deshacer"), err
	}
	lock, err := l.lockAll(exclusive(last.Origin), exclusive(tableOf(last.Origin)))
	if err != nil {
		return Action{}, err
	}
	defer lock.release()
	restored, ok, err := l.catalog.Undo()
	if err != nil || !ok {
		return done("deshacer"), err
	}
	return done("deshacer", restored.Entry.Origin), l.rewritePaths(ctx, restored.Entry.Origin)
}

// tableOf is the table's folder when origin is a checkpoint inside one.
func tableOf(origin string) string {
	if strings.HasPrefix(filepath.Base(origin), "_checkpoint") {
		return filepath.Dir(origin)
	}
	return filepath.Join(origin, "_checkpoint")
}

// What Reset removes; what a student has learnt stays unless everything goes.
const (
	resetMark    = ".reiniciando"
	resetAllMark = "todo"
)

var (
	resetFolders = []string{"Volumes", "catalogs", "papelera", asideFolder, "cache", cursorDir, "postgres", ".preparando"}
	resetFiles   = []string{stateFile}
	lessonsOwn   = []string{"lecciones", "progreso.json", "consola.json"}
)

// Reset puts the lab back to its beginning: landing, tables, checkpoints and
// trash go, and the bundled days land again. everything also takes the lessons'
// progress along. It refuses while anything runs in the lab.
func (l *Lab) Reset(ctx context.Context, everything bool) (Action, error) {
	lock, err := l.lockFile(l.dir)
	if err != nil {
		return Action{}, err
	}
	if ok, err := lock.TryLock(); err != nil || !ok {
		return Action{}, busy(l.dir, err)
	}
	if err := l.leavePostgres(ctx); err != nil {
		_ = lock.Unlock()
		return Action{}, err
	}
	mark := ""
	if everything {
		mark = resetAllMark
	}
	err = l.store.Put(l.path(resetMark), []byte(mark))

	// On disk: the mark. If the power goes now, or anywhere below, the next
	// opening ends the reset before it does anything else.
	if err == nil {
		err = l.finishReset()
	}
	_ = lock.Unlock()
	if err != nil {
		return Action{}, failure.Disk("reset", l.dir, err)
	}
	again, err := Open(ctx, Config{Dir: l.dir, Store: l.store, Now: l.now})
	if err != nil {
		return Action{}, err
	}
	l.state = again.state
	return done("reiniciar", l.dir), nil
}

// finishReset carries out a reset that was begun. Without its mark it does nothing.
func (l *Lab) finishReset() error {
	mark, err := l.store.ReadFile(l.path(resetMark))
	if err != nil {
		there, err := storage.Exists(l.store, l.path(resetMark))
		if err == nil && !there {
			return nil
		}
		return failure.Disk("reset", l.dir, err)
	}
	names := append(append([]string{}, resetFiles...), resetFolders...)
	if string(mark) == resetAllMark {
		names = append(names, lessonsOwn...)
	}
	for _, name := range append(names, resetMark) {
		if err := l.store.DeleteTree(l.path(name)); err != nil {
			return failure.Disk("reset", l.path(name), err)
		}
	}
	l.state = state{}
	return nil
}
