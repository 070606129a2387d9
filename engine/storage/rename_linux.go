package storage

import (
	"errors"
	"io/fs"

	"golang.org/x/sys/unix"
)

// renameNoReplace is the road for file systems without hard links (FAT, some
// network mounts). linkErr is why the usual road failed.
func renameNoReplace(temp, path string, linkErr error) error {
	err := unix.Renameat2(unix.AT_FDCWD, temp, unix.AT_FDCWD, path, unix.RENAME_NOREPLACE)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EEXIST):
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	default:
		return linkErr
	}
}
