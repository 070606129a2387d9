// Package checkpoint is a stream's checkpoint folder, in the exact shape of
// open-source Structured Streaming with its file source, so that a real Spark
// goes on from what we wrote and we from what Spark wrote.
//
//	<checkpoint>/
//	  metadata            {"id":"<uuid>"}            the query's id, for its whole life
//	  sources/0/K         v1, a JSON line a file     what the source has seen; K counts listings with news
//	  sources/0/9.compact v1, all lines so far       in the place of every tenth entry
//	  offsets/N           v1, metadata, offset       batch N is promised, up to entry L of sources/0
//	  commits/N           v1, {"nextBatchWatermarkMs":0}    batch N is over
//	  _schemas/N          (room schema)
//
// Everything here is written once and never changed. Hadoop leaves a checksum
// twin (.N.crc) beside each file it writes; a twin that no longer fits makes
// Spark refuse the file, so whoever writes a numbered file removes it first.
// Databricks keeps sources/0 in a RocksDB that nobody else can read; there the
// lab follows open-source Spark (FileStreamSourceLog).
package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// version opens every entry of a log (Spark, MetadataVersionUtil).
const version = "v1"

// Log is a folder of numbered files, each written once (Spark, HDFSMetadataLog).
type Log struct {
	store storage.Store
	dir   string
}

// NewLog returns the log in dir. It touches nothing.
func NewLog(store storage.Store, dir string) Log { return Log{store, dir} }

// Path is where entry n is, or would be.
func (l Log) Path(n int64) string { return filepath.Join(l.dir, strconv.FormatInt(n, 10)) }

// Numbers returns the numbers of the entries, ascending. Names that are no
// number are somebody else's: temporary files, checksums, compacted entries.
func (l Log) Numbers() ([]int64, error) {
	entries, err := l.names()
	if err != nil {
		return nil, err
	}
	var numbers []int64
	for _, name := range entries {
		if n, ok := number(name); ok {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// names returns the names of the log's files; a missing folder has none.
func (l Log) names() ([]string, error) {
	entries, err := l.store.List(l.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, failure.Disk("list", l.dir, err)
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		if !entry.IsDir {
			names = append(names, entry.Name)
		}
	}
	return names, nil
}

// number reads a name as Spark writes it: digits without sign or leading zero.
func number(name string) (int64, bool) {
	n, err := strconv.ParseInt(name, 10, 64)
	return n, err == nil && n >= 0 && strconv.FormatInt(n, 10) == name
}

// Latest returns the highest number; ok is false when the log is empty.
func (l Log) Latest() (n int64, ok bool, err error) {
	numbers, err := l.Numbers()
	if err != nil || len(numbers) == 0 {
		return 0, false, err
	}
	return numbers[len(numbers)-1], true, nil
}

// Get returns the lines of an entry after its version line; ok is false when the
// entry is not there. An entry of another shape is failure.DamagedFile.
func (l Log) Get(n int64) (lines []string, ok bool, err error) {
	return l.read(strconv.FormatInt(n, 10))
}

func (l Log) read(name string) (lines []string, ok bool, err error) {
	path := filepath.Join(l.dir, name)
	data, err := l.store.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, failure.Disk("read", path, err)
	}
	head, body, _ := strings.Cut(string(data), "\n")
	if head != version {
		return nil, false, damaged(path, fmt.Errorf("its first line is %.20q, not %q", head, version))
	}
	return strings.Split(body, "\n"), true, nil
}

// Add writes an entry whole. An entry that is there already stays as it is and
// the answer is failure.ConcurrentStream: another loader writes to this checkpoint.
func (l Log) Add(n int64, lines ...string) error {
	return l.add(strconv.FormatInt(n, 10), func(path string) error {
		return l.store.PutIfAbsent(path, []byte(version+"\n"+strings.Join(lines, "\n")))
	})
}

// add lets put write an entry, which it must not do when the name is taken.
func (l Log) add(name string, put func(path string) error) error {
	path := filepath.Join(l.dir, name)
	there, err := storage.Exists(l.store, path)
	if err == nil && !there {
		if err = l.removeTwin(name); err == nil {
			err = put(path)
		}
	} else if there {
		err = fs.ErrExist
	}
	if errors.Is(err, fs.ErrExist) {
		return failure.New(failure.ConcurrentStream, "write", path).Because(err)
	}
	return failure.Disk("write", path, err)
}

// removeTwin removes the checksum that Hadoop left beside an earlier file of this name.
func (l Log) removeTwin(name string) error {
	twin := filepath.Join(l.dir, "."+name+".crc")
	if there, err := storage.Exists(l.store, twin); err != nil || !there {
		return err
	}
	return l.store.Delete(twin)
}

// Purge removes the entries below n, with their twins.
func (l Log) Purge(below int64) error {
	if below <= 0 {
		return nil
	}
	numbers, err := l.Numbers()
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if n >= below {
			break
		}
		if err := l.remove(strconv.FormatInt(n, 10)); err != nil {
			return err
		}
	}
	return nil
}

func (l Log) remove(name string) error {
	path := filepath.Join(l.dir, name)
	if err := l.store.Delete(path); err != nil {
		return failure.Disk("remove", path, err)
	}
	return failure.Disk("remove", path, l.removeTwin(name))
}

func damaged(path string, cause error) error {
	return failure.New(failure.DamagedFile, "read", path).Because(cause)
}
