package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"

	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// follow puts right what a lab that was moved or copied says about its old
// place. Only the source logs hold absolute paths. Each is replaced whole, and
// lab.json last: cut short, it is done again, and a path that is right already
// stays as it is.
func (l *Lab) follow(ctx context.Context) error {
	for _, top := range []string{"Volumes", "catalogs"} {
		if err := l.rewriteUnder(ctx, l.path(top), l.state.Root); err != nil {
			return err
		}
	}
	l.state.Old = append(l.state.Old, l.state.Root)
	l.state.Root = l.dir
	return l.save()
}

// rewritePaths puts right a folder that comes out of the trash, where it may
// have been while the lab was moved.
func (l *Lab) rewritePaths(ctx context.Context, dir string) error {
	for _, old := range l.state.Old {
		if err := l.rewriteUnder(ctx, dir, old); err != nil {
			return err
		}
	}
	return nil
}

// rewriteUnder looks for source logs: folders sources/0 beside a metadata file.
func (l *Lab) rewriteUnder(ctx context.Context, dir, old string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := l.store.List(dir)
	if err != nil {
		there, existsErr := storage.Exists(l.store, dir)
		if existsErr == nil && !there {
			return nil
		}
		return failure.Disk("list", dir, err)
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name)
		switch {
		case !entry.IsDir || entry.Name == "_delta_log":
		case entry.Name == "sources":
			err = l.rewriteLog(filepath.Join(path, "0"), old)
		default:
			err = l.rewriteUnder(ctx, path, old)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *Lab) rewriteLog(dir, old string) error {
	entries, err := l.store.List(dir)
	if err != nil {
		return nil // a source folder of another name, not a log
	}
	for _, entry := range entries {
		if entry.IsDir || strings.HasPrefix(entry.Name, ".") {
			continue
		}
		path := filepath.Join(dir, entry.Name)
		data, err := l.store.ReadFile(path)
		if err != nil {
			return failure.Disk("read", path, err)
		}
		moved := l.moveLines(data, old)
		if bytes.Equal(moved, data) {
			continue
		}
		// The checksum twin that Spark left would no longer fit.
		if err := l.store.Delete(filepath.Join(dir, "."+entry.Name+".crc")); err != nil {
			return failure.Disk("remove the twin of", path, err)
		}
		if err := l.store.Put(path, moved); err != nil {
			return failure.Disk("write", path, err)
		}
	}
	return nil
}

// moveLines gives each line its file's present path and time.
func (l *Lab) moveLines(data []byte, old string) []byte {
	oldPrefix, newPrefix := checkpoint.EncodeURI(old)+"/", checkpoint.EncodeURI(l.dir)+"/"
	lines := bytes.Split(data, []byte("\n"))
	for i, line := range lines {
		var seen checkpoint.SeenFile
		if i == 0 || json.Unmarshal(line, &seen) != nil {
			continue
		}
		rest, ok := strings.CutPrefix(seen.URI, oldPrefix)
		if !ok || strings.HasPrefix(seen.URI, newPrefix) {
			continue
		}
		seen.URI = newPrefix + rest
		if path, err := checkpoint.DecodeURI(seen.URI); err == nil {
			if info, err := l.store.Stat(path); err == nil {
				seen.TimestampMs = info.ModTime.UnixMilli()
			}
		}
		lines[i] = seen.JSON()
	}
	return bytes.Join(lines, []byte("\n"))
}
