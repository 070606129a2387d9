// Package storage is the only room that writes to disk.
//
// Its contract is a handful of verbs, each of which either happens whole and
// durably or not at all. Everything the lab promises about crashes rests on
// these sentences, so every implementation passes the same suite
// (storagetest.Run) and every write of the engine can be made to fail in a
// test by wrapping a Store in Faulty.
//
//	Local     the operating system's disk
//	Memory    a map, for tests of protocols
//	Faulty    another Store in which chosen writes are lost, torn, or kept though reported lost
//	Recorder  another Store whose operations are written down in order
//
// Names are absolute paths with the system's separators. A file being written
// is beside its final place under a name that begins with a dot and ends in
// TempSuffix; readers of every folder of the lab ignore such names, and Sweep
// removes the ones that a killed process left.
package storage

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"
	"time"
)

// TempSuffix ends the name of every file that is not yet whole.
const TempSuffix = ".tmp"

// Entry is one name in a folder. Listing does not ask for sizes or times: with
// a hundred thousand known files that is what a listing costs. A link is no
// folder, whatever it leads to: links can go round in circles and out of the lab.
type Entry struct {
	Name  string
	IsDir bool
}

// Info is what Stat knows of a file or folder. What is neither (a pipe, a device)
// may never end when it is read.
type Info struct {
	SizeBytes int64
	ModTime   time.Time
	IsDir     bool
	IsFile    bool
}

// File is an open file. Reads at an offset may run at the same time.
type File interface {
	io.Reader
	io.ReaderAt
	io.Closer
	// Info is the file's as it was when opened.
	Info() Info
}

// Writer is a file in the making. Exactly one of Commit and Abort ends it;
// Abort after Commit does nothing, so it can be deferred.
type Writer interface {
	io.Writer
	// Commit makes the file durable and visible under its name, whole. It fails
	// with fs.ErrExist when the name is taken, and replaces nothing.
	Commit() error
	// Abort leaves no trace.
	Abort() error
}

// Reader is the half of a Store that changes nothing.
type Reader interface {
	// List returns dir's entries ordered by name. A missing folder is fs.ErrNotExist.
	List(dir string) ([]Entry, error)
	// Scan gives dir's entries one by one, in the order in which the disk has them,
	// which is none, and holds few at a time. An error is the last thing it gives;
	// a missing folder is fs.ErrNotExist.
	Scan(dir string) iter.Seq2[Entry, error]
	// Stat follows links. A missing name is fs.ErrNotExist.
	Stat(path string) (Info, error)
	// Open opens a file for reading. A missing name is fs.ErrNotExist.
	Open(path string) (File, error)
	// ReadFile returns a file's bytes. A missing name is fs.ErrNotExist.
	ReadFile(path string) ([]byte, error)
}

// Store reads and writes. Folders are made as they are needed, durably. When a
// verb returns nil, what it did survives the loss of power. When it returns an
// error, its file is there whole or not at all, and only reading back tells
// which.
type Store interface {
	Reader
	// Put writes a file whole, in the place of any there is.
	Put(path string, data []byte) error
	// PutIfAbsent writes a file whole, or fails with fs.ErrExist and leaves what is there.
	PutIfAbsent(path string, data []byte) error
	// Create begins a file whose bytes come bit by bit.
	Create(path string) (Writer, error)
	// Replace is Create for a name that may be taken: Commit puts the file in the
	// place of any there is.
	Replace(path string) (Writer, error)
	// Delete removes a file. A missing one is no error.
	Delete(path string) error
	// DeleteTree removes a folder with all that is in it, or a file. A missing one is no error.
	DeleteTree(path string) error
	// Move gives a file or folder a new name in one step; fs.ErrExist when that name is taken.
	Move(from, to string) error
	// SetModTime gives a file another modification time.
	SetModTime(path string, at time.Time) error
}

// IsTemp tells whether name (a base name) is that of a file not yet whole.
func IsTemp(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, TempSuffix)
}

// Sweep removes the files in dir that a killed process left half written. The
// caller makes sure that nobody is writing there. A missing folder is no error.
func Sweep(store Store, dir string) error {
	entries, err := store.List(dir)
	if err != nil {
		return ignoreMissing(err)
	}
	for _, entry := range entries {
		if entry.IsDir || !IsTemp(entry.Name) {
			continue
		}
		if err := store.Delete(filepath.Join(dir, entry.Name)); err != nil {
			return err
		}
	}
	return nil
}

// Exists tells whether a name is there.
func Exists(store Reader, path string) (bool, error) {
	_, err := store.Stat(path)
	if err == nil {
		return true, nil
	}
	return false, ignoreMissing(err)
}

func ignoreMissing(err error) error {
	if isMissing(err) {
		return nil
	}
	return err
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
