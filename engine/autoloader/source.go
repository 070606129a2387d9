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
	"slices"
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
	looked      bool
	pending     []checkpoint.SeenFile // found by the one look at the folder, in no entry yet
	outstanding stream.Extent         // of pending
	warned      sync.Map              // of which file, and of what: once a run is enough
	uris        [foundAtOnce][]byte   // of the files in hand
	known       []checkpoint.Sighting // what the log knows of them

	fastChunks, exactChunks atomic.Int64
}

// New returns a source that has not looked yet.
func New(config Config) *Source { return &Source{Config: config} }

// String is the source's description in Spark's progress.
func (s *Source) String() string { return "CloudFilesSource[" + s.Name + "]" }

// Chunks tells how many chunks of text were cut many lines at once, and how many
// needed the exact parser.
func (s *Source) Chunks() (fast, exact int64) { return s.fastChunks.Load(), s.exactChunks.Load() }

// List implements stream.Source: the whole folder, every run.
func (s *Source) List(ctx context.Context) (stream.Listing, error) {
	if !s.looked {
		if err := s.look(ctx, nil); err != nil {
			return stream.Listing{}, err
		}
	}
	return stream.Listing{Seen: s.Log.Len(), New: s.outstanding}, nil
}

// look goes through the folder. Files that the log does not know become pending,
// the first time; the disk is asked about the others only for a sample.
func (s *Source) look(ctx context.Context, sample *sample) error {
	now := s.Now().UnixMilli()
	for files, err := range find(ctx, s.Store, s.Folder, s.Options) {
		if err != nil {
			return err
		}
		if err := s.consider(files, now, sample); err != nil {
			return err
		}
	}
	if !s.looked {
		slices.SortFunc(s.pending, byAge)
		// A folder that changes while it is read may give a name twice.
		s.pending = slices.CompactFunc(s.pending, func(a, b checkpoint.SeenFile) bool { return a.URI == b.URI })
		s.looked, s.outstanding = true, extentOf(s.pending)
	}
	return nil
}

// consider decides about some of the files, found at the time now.
func (s *Source) consider(files []found, now int64, sample *sample) error {
	for i, file := range files {
		s.uris[i] = file.writeURI(s.uris[i])
	}
	s.known = s.Log.Seen(s.uris[:len(files)], s.known[:0])
	for i, known := range s.known {
		if known.Seen && !s.Options.AllowOverwrites && sample == nil {
			continue
		}
		file, ok, err := s.present(files[i].path())
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		file.URI, file.DiscoveredMs = string(s.uris[i]), now
		sample.offer(file)
		if !s.looked && (!known.Seen || s.Options.AllowOverwrites && file.TimestampMs > known.TimestampMs) {
			s.pending = append(s.pending, file)
		}
	}
	return nil
}

// byAge is the order of loading.
func byAge(a, b checkpoint.SeenFile) int {
	return cmp.Or(cmp.Compare(a.TimestampMs, b.TimestampMs), cmp.Compare(a.URI, b.URI))
}

// present is what the disk says of a file; ok is false when there is none: it is
// gone again, or a pipe, or a link to a folder.
func (s *Source) present(path string) (file checkpoint.SeenFile, ok bool, err error) {
	info, err := s.Store.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return file, false, nil
	}
	if err != nil {
		return file, false, failure.Disk("look at", path, err)
	}
	size := info.SizeBytes
	return checkpoint.SeenFile{TimestampMs: info.ModTime.UnixMilli(), SizeBytes: &size}, info.IsFile, nil
}

// Latest implements stream.Source.
func (s *Source) Latest() stream.Offset { return s.Log.Latest() }

// Check implements stream.Source.
func (s *Source) Check(from, to stream.Offset) error { return s.Log.Check(from, to) }

// Outstanding implements stream.Source.
func (s *Source) Outstanding() stream.Extent { return s.outstanding }

// Extent implements stream.Source.
func (s *Source) Extent(from, to stream.Offset) (stream.Extent, error) {
	files, err := s.Log.Between(from, to)
	return extentOf(files), err
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
	return s.append(s.Options.batch(s.pending))
}

// append puts the first of the pending files into the next entry.
func (s *Source) append(n int) error {
	if err := s.Log.Append(s.pending[:n]); err != nil {
		return err
	}
	taken := extentOf(s.pending[:n])
	s.outstanding.Files -= taken.Files
	s.outstanding.Bytes -= taken.Bytes
	s.pending = s.pending[n:]
	return nil
}

// takeNote puts all that is there into the first entry, as known and not to be
// loaded: the files' past is of no interest (includeExistingFiles=false).
func (s *Source) takeNote() error {
	for i := range s.pending {
		s.pending[i].Known = true
	}
	return s.append(len(s.pending))
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
	files, err := s.Log.Between(from, to)
	if err != nil {
		return nil, err
	}
	batch := &rows{source: s}
	for _, file := range files {
		if file.Known {
			continue
		}
		toRead, err := sourceFileOf(file)
		if err != nil {
			return nil, err
		}
		batch.files = append(batch.files, toRead)
	}
	return batch, nil
}

func sourceFileOf(file checkpoint.SeenFile) (sourceFile, error) {
	path, err := checkpoint.DecodeURI(file.URI)
	if err != nil {
		return sourceFile{}, failure.New(failure.DamagedFile, "read the source log", file.URI).Because(err)
	}
	return sourceFile{path: path, uri: file.URI, listed: file.SizeBytes}, nil
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
