package autoloader

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Find gives the paths of the source files under folder, in no promised order and
// few at a time; an error is the last thing it gives. A missing folder has none.
// Linked files are files; linked folders are not entered.
func Find(ctx context.Context, store storage.Reader, folder string, options Options) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for files, err := range find(ctx, store, folder, options) {
			if err != nil {
				yield("", err)
				return
			}
			for _, file := range files {
				if !yield(file.path(), nil) {
					return
				}
			}
		}
	}
}

// found is a source file: its name, and the folder that it is in.
type found struct {
	*folder
	name string
}

// folder is a folder's path with the separator at its end, and the same as a URI,
// which is worked out once for all the files in it.
type folder struct {
	dir string
	uri []byte
}

func folderAt(path string) *folder {
	dir := strings.TrimSuffix(path, string(filepath.Separator)) + string(filepath.Separator)
	return &folder{dir, []byte(checkpoint.EncodeURI(dir))}
}

func (f found) path() string { return f.dir + f.name }

// writeURI writes the file's URI over what buffer holds.
func (f found) writeURI(buffer []byte) []byte {
	return checkpoint.AppendURI(append(buffer[:0], f.uri...), f.name)
}

// foundAtOnce is how many files find gives together, at most.
const foundAtOnce = 256

// find is Find without a path for each file: a million of them are looked up in
// the source log by their URIs, and nobody asks for more. Folders are read by
// several goroutines, ahead of what is asked for.
func find(ctx context.Context, store storage.Reader, root string, options Options) iter.Seq2[[]found, error] {
	return func(yield func([]found, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		search := search{store: store, options: options, found: make(chan []found, 4)}
		search.folders, search.ctx = errgroup.WithContext(ctx)
		search.folders.SetLimit(runtime.GOMAXPROCS(0))
		search.folders.Go(func() error { return search.folder(filepath.Clean(root)) })
		var err error
		go func() {
			err = search.folders.Wait()
			close(search.found)
		}()
		defer func() {
			stop()
			for range search.found { // until the last goroutine has ended
			}
		}()
		for files := range search.found {
			if !yield(files, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// search is find at work.
type search struct {
	ctx     context.Context
	store   storage.Reader
	options Options
	folders *errgroup.Group
	found   chan []found
}

// folder gives a folder's files, then goes into its folders: each in a goroutine of
// its own as long as there are not too many.
func (s *search) folder(path string) error {
	folders, err := s.files(path)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		if s.folders.TryGo(func() error { return s.folder(folder) }) {
			continue
		}
		if err := s.folder(folder); err != nil {
			return err
		}
	}
	return nil
}

// files gives the files of one folder, and returns the folders in it.
func (s *search) files(path string) (folders []string, err error) {
	at := folderAt(path)
	var files []found
	for entry, err := range s.store.Scan(path) {
		switch {
		case s.ctx.Err() != nil:
			return nil, s.ctx.Err()
		case errors.Is(err, fs.ErrNotExist): // the root never was, another is gone again
		case err != nil:
			return nil, failure.Disk("list", path, err)
		case hidden(entry.Name):
		case entry.IsDir:
			folders = append(folders, at.dir+entry.Name)
		case s.options.matches(entry.Name):
			files = append(files, found{at, entry.Name})
		}
		if len(files) == foundAtOnce {
			if err := s.give(files); err != nil {
				return nil, err
			}
			files = make([]found, 0, foundAtOnce)
		}
	}
	return folders, s.give(files)
}

func (s *search) give(files []found) error {
	if len(files) == 0 {
		return s.ctx.Err()
	}
	select {
	case s.found <- files:
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// hidden names are not source files (Hadoop, FileInputFormat's filter).
func hidden(name string) bool { return strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") }
