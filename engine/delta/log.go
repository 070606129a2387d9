package delta

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Log is the log of one table. It holds nothing in memory: every call looks at
// the disk, so any number of processes may use one table.
type Log struct {
	store storage.Store
	dir   string
	now   func() time.Time
}

// NewLog names the log of the table in dir; now is the clock that commits are
// stamped with. It touches nothing, and the table need not exist.
func NewLog(store storage.Store, dir string, now func() time.Time) *Log {
	return &Log{store: store, dir: dir, now: now}
}

// Dir is the table's folder.
func (l *Log) Dir() string { return l.dir }

// Latest is the newest state of the table; failure.TableNotFound when there is no log.
func (l *Log) Latest(ctx context.Context) (*Snapshot, error) {
	names, err := l.list()
	if err != nil {
		return nil, err
	}
	return l.snapshot(ctx, names, names.latest())
}

// At is the state of the table at a version; failure.VersionNotFound when there
// is no such version, or nothing left to build it from.
func (l *Log) At(ctx context.Context, v Version) (*Snapshot, error) {
	names, err := l.list()
	if err != nil {
		return nil, err
	}
	if v < names.earliest() || v > names.latest() {
		return nil, l.versionNotFound(v, names)
	}
	return l.snapshot(ctx, names, v)
}

func (l *Log) versionNotFound(v Version, names listing) error {
	return failure.New(failure.VersionNotFound, "read version "+v.String(), l.dir).
		Hinting(names.earliest().String() + ".." + names.latest().String())
}

// Read gives the actions of one version; failure.VersionNotFound when its file
// is not there, failure.DamagedFile when it does not parse.
func (l *Log) Read(ctx context.Context, v Version) (Commit, error) {
	if err := cancelled(ctx, "read version "+v.String()); err != nil {
		return Commit{}, err
	}
	path := l.path(commitName(v))
	text, err := l.store.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Commit{}, failure.New(failure.VersionNotFound, "read version "+v.String(), path).Because(err)
	}
	if err != nil {
		return Commit{}, failure.Disk("read version "+v.String(), path, err)
	}
	commit, err := parseCommit(v, text)
	if err != nil {
		return Commit{}, failure.New(failure.DamagedFile, "read version "+v.String(), path).Because(err)
	}
	return commit, nil
}

// put writes a version whole, or fails with fs.ErrExist.
func (l *Log) put(v Version, text []byte) error {
	path := l.path(commitName(v))
	taken, err := storage.Exists(l.store, path)
	if err != nil {
		return err
	}
	if taken {
		return fs.ErrExist
	}
	if err := l.follows(v); err != nil {
		return err
	}
	if err := l.dropTwin(commitName(v)); err != nil {
		return err
	}
	return l.store.PutIfAbsent(path, text)
}

// follows refuses a version whose predecessor is gone: the table was dropped
// since its snapshot was taken, and a log that begins in the middle is none.
func (l *Log) follows(v Version) error {
	if v == 0 {
		return nil
	}
	path := l.path(commitName(v - 1))
	there, err := storage.Exists(l.store, path)
	if err != nil || there {
		return err
	}
	names, err := l.list()
	if err == nil && names.latest() < v-1 {
		err = failure.New(failure.LogGap, "commit version "+v.String(), path)
	}
	return err
}

// replace writes a file that is not a version, whole, in the place of any there is.
func (l *Log) replace(name string, data []byte) error {
	if err := l.dropTwin(name); err != nil {
		return err
	}
	return l.store.Put(l.path(name), data)
}

// dropTwin removes the checksum that Hadoop keeps of a file that we are about
// to write: with a stale one Spark refuses to read ours.
func (l *Log) dropTwin(name string) error {
	twin := l.path(twinName(name))
	stale, err := storage.Exists(l.store, twin)
	if err != nil || !stale {
		return err
	}
	return l.store.Delete(twin)
}

func (l *Log) path(name string) string { return filepath.Join(l.dir, LogDir, name) }

// listing is what a log's folder holds, by one look at its names.
type listing struct {
	commits     []Version            // ascending
	checkpoints map[Version][]string // the complete ones: the names of their parts in order
	uuidNamed   bool                 // there are V2 checkpoints under names of their own
}

// newListing sorts out the names that mean something to a reader.
func newListing(entries []storage.Entry) listing {
	names := listing{checkpoints: map[Version][]string{}}
	parts := map[logName]string{}
	for _, entry := range entries {
		name, ok := parseLogName(entry.Name)
		if !ok || entry.IsDir {
			continue
		}
		switch name.kind {
		case commitFile:
			names.commits = append(names.commits, name.version)
		case classicCheckpoint:
			names.checkpoints[name.version] = []string{entry.Name}
		case multiPartCheckpoint:
			parts[name] = entry.Name
		case uuidCheckpoint:
			names.uuidNamed = true
		}
	}
	for name := range parts {
		if _, classic := names.checkpoints[name.version]; !classic && name.part == 1 {
			if whole := allParts(parts, name); whole != nil {
				names.checkpoints[name.version] = whole
			}
		}
	}
	return names
}

// allParts gives the parts of a multi-part checkpoint in order, or nil when one
// is missing: two writers may have cut one version differently, and either may
// have died over it.
func allParts(parts map[logName]string, of logName) []string {
	if of.parts > len(parts) {
		return nil
	}
	whole := make([]string, 0, of.parts)
	for of.part = 1; of.part <= of.parts; of.part++ {
		name, there := parts[of]
		if !there {
			return nil
		}
		whole = append(whole, name)
	}
	return whole
}

// checkpointBefore is the newest complete checkpoint at or before v; -1 when there is none.
func (n listing) checkpointBefore(v Version) Version {
	newest := Version(-1)
	for at := range n.checkpoints {
		if at <= v {
			newest = max(newest, at)
		}
	}
	return newest
}

// latest is the table's newest version; -1 when the log holds nothing.
func (n listing) latest() Version {
	newest := n.checkpointBefore(math.MaxInt64)
	if len(n.commits) > 0 {
		newest = max(newest, n.commits[len(n.commits)-1])
	}
	return newest
}

// earliest is the oldest version that can still be built, as far as names tell.
func (n listing) earliest() Version {
	if len(n.checkpoints) == 0 || len(n.commits) > 0 && n.commits[0] == 0 {
		return 0
	}
	oldest := Version(math.MaxInt64)
	for at := range n.checkpoints {
		oldest = min(oldest, at)
	}
	return oldest
}

func (l *Log) list() (listing, error) {
	dir := filepath.Join(l.dir, LogDir)
	entries, err := l.store.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return listing{}, l.tableNotFound()
	}
	if err != nil {
		return listing{}, failure.Disk("list", dir, err)
	}
	names := newListing(entries)
	if names.latest() < 0 {
		return listing{}, l.tableNotFound()
	}
	return names, nil
}

func (l *Log) tableNotFound() error {
	return failure.New(failure.TableNotFound, "read the log of", l.dir)
}

func cancelled(ctx context.Context, op string) error {
	return failure.Wrap(failure.Cancelled, op, "", ctx.Err())
}
