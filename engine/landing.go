package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// What a student's hands do in the landing folder. Names are of files in the
// source folder itself, without any path; in a landing volume that is a folder
// of the computer's own nothing is changed.

// asideFolder keeps what was moved out of a landing folder.
const asideFolder = "apartados"

// CopyFile lands a second file with the bytes of the first. The new name must be free.
func (p *Pipeline) CopyFile(ctx context.Context, from, to string) (Action, error) {
	return p.handle(ctx, "archivo copiar", func() ([]string, error) {
		data, err := p.readLanded(from)
		if err != nil {
			return nil, err
		}
		target, err := p.landingPath(to)
		if err != nil {
			return nil, err
		}
		return []string{target}, taken(target, p.lab.store.PutIfAbsent(target, data))
	})
}

// RenameFile gives a file another name, which must be free. Its time stays.
func (p *Pipeline) RenameFile(ctx context.Context, from, to string) (Action, error) {
	return p.handle(ctx, "archivo renombrar", func() ([]string, error) {
		source, err := p.landingPath(from)
		if err != nil {
			return nil, err
		}
		target, err := p.landingPath(to)
		if err != nil {
			return nil, err
		}
		if err := p.isThere(source); err != nil {
			return nil, err
		}
		return []string{source, target}, taken(target, p.lab.store.Move(source, target))
	})
}

// EditFile writes a file again, with what edit makes of its bytes and the time
// of now.
func (p *Pipeline) EditFile(ctx context.Context, name string, edit func([]byte) []byte) (Action, error) {
	return p.handle(ctx, "archivo cambiar", func() ([]string, error) {
		path, err := p.landingPath(name)
		if err != nil {
			return nil, err
		}
		data, err := p.readLanded(name)
		if err != nil {
			return nil, err
		}
		return []string{path}, failure.Disk("land", path, p.lab.store.Put(path, edit(data)))
	})
}

// MoveFileAway takes a file out of the landing folder; it stays in the lab's
// folder apartados/.
func (p *Pipeline) MoveFileAway(ctx context.Context, name string) (Action, error) {
	return p.handle(ctx, "archivo quitar", func() ([]string, error) {
		path, err := p.landingPath(name)
		if err != nil {
			return nil, err
		}
		if err := p.isThere(path); err != nil {
			return nil, err
		}
		for n := 1; ; n++ {
			aside := p.lab.path(asideFolder, fmt.Sprintf("%06d", n), name)
			err := p.lab.store.Move(path, aside)
			if !errors.Is(err, fs.ErrExist) {
				return []string{path, aside}, failure.Disk("move away", path, err)
			}
		}
	})
}

// LandFile lands bytes under a name of their own, in the place of any file there is.
func (p *Pipeline) LandFile(ctx context.Context, name string, data []byte) (Action, error) {
	return p.handle(ctx, "traer", func() ([]string, error) {
		path, err := p.landingPath(name)
		if err != nil {
			return nil, err
		}
		return []string{path}, failure.Disk("land", path, p.lab.store.Put(path, data))
	})
}

// handle does something in the landing folder while nobody else writes there.
func (p *Pipeline) handle(ctx context.Context, name string, do func() ([]string, error)) (Action, error) {
	if p.landing.IsLocal() {
		return done(name), failure.New(failure.WrongUse, "change the volume", p.landing.String())
	}
	lock, err := p.lockLanding(ctx)
	if err != nil {
		return done(name), err
	}
	defer lock.release()
	paths, err := do()
	if err != nil {
		return done(name), err
	}
	return done(name, paths...), nil
}

// landingPath is the path of a file in the source folder, never of anything else.
func (p *Pipeline) landingPath(name string) (string, error) {
	if name == "" || strings.HasPrefix(name, ".") || strings.ContainsAny(name, `/\`) || !filepath.IsLocal(name) {
		return "", failure.New(failure.WrongUse, "check file name", name)
	}
	return filepath.Join(p.sourceDir(), name), nil
}

func (p *Pipeline) readLanded(name string) ([]byte, error) {
	path, err := p.landingPath(name)
	if err != nil {
		return nil, err
	}
	if err := p.isThere(path); err != nil {
		return nil, err
	}
	data, err := p.lab.store.ReadFile(path)
	return data, failure.Disk("read", path, err)
}

func (p *Pipeline) isThere(path string) error {
	there, err := storage.Exists(p.lab.store, path)
	if err == nil && !there {
		return failure.New(failure.FileVanished, "look for", path).Because(fs.ErrNotExist)
	}
	return failure.Disk("look for", path, err)
}

// taken names a target that is there already.
func taken(path string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return failure.New(failure.WrongUse, "check free name", filepath.Base(path)).Because(err)
	}
	return failure.Disk("land", path, err)
}
