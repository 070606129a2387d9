// Package autoloader is the cloudFiles source in directory listing mode: it
// finds the files that its log does not know, writes them into the log, and
// gives the rows of any stretch of that log, the same again after a restart.
//
//	landing folder ──list──▶ minus sources/0 ──limits──▶ sources/0/K ──▶ parts ──csv──▶ records
//	                         what is new       one batch   promised       by size
//
// A source file is any file under the folder, at any depth, whose name and
// folders begin with neither "_" nor ".". Its identity is its path alone:
// content, size and time do not count, unless allowOverwrites adds the time
// (Databricks, «Auto Loader FAQ»).
package autoloader

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/schema"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// Config is what a Source works with.
type Config struct {
	Store   storage.Reader
	Folder  string // absolute
	Name    string // as the student writes it, for progress
	Options Options
	Log     *checkpoint.SourceLog
	Schemas checkpoint.Log // _schemas
	Schema  schema.Schema
	Now     func() time.Time
	// Warn is told of what the student should know though the load goes on. It
	// may be called from several goroutines.
	Warn func(progress.Warned)
	// Read is told of bytes and rows as they are read, from several goroutines.
	Read func(Reading)
}

// Reading is how far the reading of a batch has come.
type Reading struct {
	BytesRead, BytesTotal, Rows int64
	FilesRead, FilesTotal       int
	Files                       []progress.FileRead
}

// Source implements stream.Source for one run.
type Source struct {
	Config
	pending []checkpoint.SeenFile // found by the listing, in no entry yet
	warned  sync.Map              // of which file, and of what: once a run is enough

	fastChunks, exactChunks atomic.Int64
}

// New returns a source that has not looked yet.
func New(config Config) *Source { return &Source{Config: config} }

// String is the source's description in Spark's progress.
func (s *Source) String() string { return "CloudFilesSource[" + s.Name + "]" }

// Chunks tells how many chunks of text were cut many lines at once, and how many
// needed the exact parser.
func (s *Source) Chunks() (fast, exact int64) { return s.fastChunks.Load(), s.exactChunks.Load() }

// List implements stream.Source: the whole folder, every time.
func (s *Source) List(ctx context.Context) (stream.Listing, error) {
	found, err := Find(ctx, s.Store, s.Folder, s.Options)
	if err != nil {
		return stream.Listing{}, err
	}
	seen := s.Log.Len()
	at := s.Now().UnixMilli()
	for _, path := range found {
		file, isNew, err := s.consider(path, at)
		if err != nil {
			return stream.Listing{}, err
		}
		if isNew {
			s.pending = append(s.pending, file)
		}
	}
	slices.SortStableFunc(s.pending, func(a, b checkpoint.SeenFile) int {
		return cmp.Or(cmp.Compare(a.TimestampMs, b.TimestampMs), cmp.Compare(a.URI, b.URI))
	})
	return stream.Listing{Seen: seen, New: s.Outstanding()}, nil
}

// consider asks the disk about a path only when its name does not settle the matter.
func (s *Source) consider(path string, at int64) (file checkpoint.SeenFile, isNew bool, err error) {
	uri := checkpoint.EncodeURI(path)
	known, seen := s.Log.Seen(uri)
	if seen && !s.Options.AllowOverwrites {
		return file, false, nil
	}
	info, err := s.Store.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsFile {
		return file, false, nil // gone again, or no file: a pipe, a link to a folder
	}
	if err != nil {
		return file, false, failure.Disk("look at", path, err)
	}
	mtime := info.ModTime.UnixMilli()
	if seen && mtime <= known {
		return file, false, nil
	}
	return checkpoint.SeenFile{URI: uri, TimestampMs: mtime, SizeBytes: &info.SizeBytes, DiscoveredMs: at}, true, nil
}

// Find lists the source files under folder, in no promised order. A missing
// folder has none. Linked files are files; linked folders are not entered.
func Find(ctx context.Context, store storage.Reader, folder string, options Options) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	entries, err := store.List(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, failure.Disk("list", folder, err)
	}
	var found []string
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name)
		switch {
		case hidden(entry.Name):
		case entry.IsDir:
			below, err := Find(ctx, store, path, options)
			if err != nil {
				return nil, err
			}
			found = append(found, below...)
		case options.matches(entry.Name):
			found = append(found, path)
		}
	}
	return found, nil
}

// hidden names are not source files (Hadoop, FileInputFormat's filter).
func hidden(name string) bool { return strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") }

// Latest implements stream.Source.
func (s *Source) Latest() stream.Offset { return s.Log.Latest() }

// Check implements stream.Source.
func (s *Source) Check(from, to stream.Offset) error { return s.Log.Check(from, to) }

// Outstanding implements stream.Source.
func (s *Source) Outstanding() stream.Extent { return extentOf(s.pending) }

// Extent implements stream.Source.
func (s *Source) Extent(from, to stream.Offset) (stream.Extent, error) {
	return extentOf(s.Log.Between(from, to)), nil
}

func extentOf(files []checkpoint.SeenFile) stream.Extent {
	extent := stream.Extent{Files: len(files)}
	for _, file := range files {
		if file.SizeBytes != nil {
			extent.Bytes += *file.SizeBytes
		}
	}
	return extent
}

// Discover implements stream.Source.
func (s *Source) Discover(ctx context.Context) error {
	if err := ctx.Err(); err != nil || len(s.pending) == 0 {
		return err
	}
	if s.Log.Latest() == stream.NoOffset && !s.Options.IncludeExisting {
		return s.takeNote()
	}
	n := s.Options.batch(s.pending)
	if err := s.Log.Append(s.pending[:n]); err != nil {
		return err
	}
	s.pending = s.pending[n:]
	return nil
}

// takeNote puts all that is there into the first entry, as known and not to be
// loaded: the files' past is of no interest (includeExistingFiles=false).
func (s *Source) takeNote() error {
	for i := range s.pending {
		s.pending[i].Known = true
	}
	if err := s.Log.Append(s.pending); err != nil {
		return err
	}
	s.pending = nil
	return nil
}

// batch decides how many of the pending files go into one batch: at most
// MaxFiles, and no further file once MaxBytes are reached, so that a batch has
// always one and may exceed the bytes by part of one.
func (o Options) batch(pending []checkpoint.SeenFile) (n int) {
	var bytes int64
	for n < len(pending) && n < o.MaxFiles && (o.MaxBytes == 0 || n == 0 || bytes < o.MaxBytes) {
		bytes += *pending[n].SizeBytes
		n++
	}
	return n
}

// Rows implements stream.Source.
func (s *Source) Rows(_ context.Context, from, to stream.Offset) (stream.Rows, error) {
	batch := &rows{source: s}
	for _, file := range s.Log.Between(from, to) {
		if file.Known {
			continue
		}
		path, err := checkpoint.DecodeURI(file.URI)
		if err != nil {
			return nil, failure.New(failure.DamagedFile, "read the source log", file.URI).Because(err)
		}
		batch.files = append(batch.files, sourceFile{path: path, uri: file.URI, listed: file.SizeBytes})
	}
	return batch, nil
}

// Sample infers a schema from the headers of the files that were modified last,
// as many as Auto Loader samples at most. No file at all, or none with a line,
// is failure.EmptyDirectory.
func (s *Source) Sample(ctx context.Context) ([]string, error) {
	files, err := s.newest(ctx)
	if err != nil {
		return nil, err
	}
	var headers [][]string
	for _, file := range files {
		header, err := s.header(file)
		switch {
		case s.passOver(file, err):
		case err != nil:
			return nil, err
		case header != nil:
			s.doubt(file, header)
			headers = append(headers, header)
		}
	}
	if len(headers) == 0 {
		return nil, failure.New(failure.EmptyDirectory, "infer the schema", s.Folder)
	}
	return schema.Infer(headers...), nil
}

// sampledFiles is how many files inference looks at (Databricks,
// schemaInference.sampleSize.numFiles).
const sampledFiles = 1000

// newest takes the sample and puts it in the order of loading, so that the
// oldest file's spelling and order of columns come first.
func (s *Source) newest(ctx context.Context) ([]sourceFile, error) {
	found, err := Find(ctx, s.Store, s.Folder, s.Options)
	if err != nil {
		return nil, err
	}
	type dated struct {
		sourceFile
		at time.Time
	}
	var files []dated
	for _, path := range found {
		info, err := s.Store.Stat(path)
		if err != nil || !info.IsFile {
			continue // gone again, or no file
		}
		files = append(files, dated{sourceFile{path: path, uri: checkpoint.EncodeURI(path), listed: &info.SizeBytes}, info.ModTime})
	}
	slices.SortFunc(files, func(a, b dated) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.uri, b.uri)) })
	var sample []sourceFile
	for _, file := range files[max(0, len(files)-sampledFiles):] {
		sample = append(sample, file.sourceFile)
	}
	return sample, nil
}

// passOver tells that a file which cannot be read is to be left out, and warns.
func (s *Source) passOver(file sourceFile, err error) bool {
	switch {
	case failure.Is(err, failure.FileVanished) && s.Options.IgnoreMissing:
		s.warnOf(progress.MissingSkipped, file, 0)
		return true
	case failure.Is(err, failure.CannotRead) && s.Options.IgnoreCorrupt:
		s.warnOf(progress.CorruptSkipped, file, 0)
		return true
	default:
		return false
	}
}

func (s *Source) warnOf(class string, file sourceFile, count int64) {
	if _, told := s.warned.LoadOrStore(class+"\x00"+file.path, true); !told {
		s.Warn(progress.Warned{Class: class, Things: []string{file.path}, Count: count})
	}
}

// meter adds up what the parts of a batch have read.
type meter struct {
	bytes, rows atomic.Int64
	files       atomic.Int64
	each        []fileMeter // one for each file of the batch
}

// fileMeter is one file's share. left counts the pieces that are not read yet.
type fileMeter struct {
	bytes, rows, left atomic.Int64
}
