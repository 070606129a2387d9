package autoloader

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"

	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Find gives the paths of the source files under folder, in no promised order and
// few at a time; an error is the last thing it gives. A missing folder has none.
// Linked files are files; linked folders are not entered.
func Find(ctx context.Context, store storage.Reader, folder string, options Options) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for file, err := range find(ctx, store, folder, options) {
			path := ""
			if err == nil {
				path = file.path()
			}
			if !yield(path, err) {
				return
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

// find is Find without a path for each file. A million of them are looked up in
// the source log by their URIs, and nobody asks for more.
func find(ctx context.Context, store storage.Reader, root string, options Options) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		for folders := []string{filepath.Clean(root)}; len(folders) > 0; {
			path := folders[len(folders)-1]
			folders = folders[:len(folders)-1]
			at := folderAt(path)
			for entry, err := range store.Scan(path) {
				switch {
				case ctx.Err() != nil:
					yield(found{}, ctx.Err())
					return
				case errors.Is(err, fs.ErrNotExist): // the root never was, another is gone again
				case err != nil:
					yield(found{}, failure.Disk("list", path, err))
					return
				case hidden(entry.Name):
				case entry.IsDir:
					folders = append(folders, at.dir+entry.Name)
				case options.matches(entry.Name):
					if !yield(found{at, entry.Name}, nil) {
						return
					}
				}
			}
		}
	}
}

// hidden names are not source files (Hadoop, FileInputFormat's filter).
func hidden(name string) bool { return strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") }
