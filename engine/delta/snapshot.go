package delta

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"autoloaderlab/engine/failure"
)

// Snapshot is the table at one version. It does not change.
type Snapshot struct {
	Version   Version
	Protocol  Protocol
	Metadata  Metadata
	Timestamp time.Time // when the version was committed, UTC, to the millisecond

	dir     string
	files   []Add
	removes []Remove // tombstones, by path
	txns    map[string]Txn
	seen    Version // the newest version that was there when this one was read
}

// Files are the table's data files, in the order in which they came to it, as
// far as a log checkpoint has kept that (ours do; other writers' have an order
// of their own, the same at every reading). The slice is the snapshot's own: look, do not touch.
func (s *Snapshot) Files() []Add { return s.files }

// TxnVersion tells how far an application has come.
func (s *Snapshot) TxnVersion(appID string) (version int64, ok bool) {
	txn, ok := s.txns[appID]
	return txn.Version, ok
}

// Txns are the newest of every application.
func (s *Snapshot) Txns() map[string]Txn { return maps.Clone(s.txns) }

// Rows counts the table's rows by its files' statistics; known is false when a
// file has none.
func (s *Snapshot) Rows() (rows int64, known bool) {
	for _, add := range s.files {
		inFile, ok := add.Rows()
		if !ok {
			return 0, false
		}
		rows += inFile
	}
	return rows, true
}

// SizeBytes sums the sizes of the data files.
func (s *Snapshot) SizeBytes() int64 {
	var sum int64
	for _, add := range s.files {
		sum += add.SizeBytes
	}
	return sum
}

// Schema is the table's, parsed.
func (s *Snapshot) Schema() (Schema, error) {
	schema, err := ParseSchema(s.Metadata.SchemaString)
	if err != nil {
		return Schema{}, failure.New(failure.DamagedFile, "read the schema of", s.dir).Because(err)
	}
	return schema, nil
}

// AbsPath tells where an add of this table is.
func (s *Snapshot) AbsPath(add Add) string { return AbsPath(s.dir, add) }

// snapshot builds version v: the newest log checkpoint at or before it, then
// every version after that. Versions are read by number and not by the listing,
// in which a writer's newest may stand without the one before it.
func (l *Log) snapshot(ctx context.Context, names listing, v Version) (*Snapshot, error) {
	state := newReplay()
	from := names.checkpointBefore(v)
	if from >= 0 {
		actions, err := l.readCheckpoint(ctx, names.checkpoints[from])
		if err != nil {
			return nil, err
		}
		state.apply(actions)
	}
	for next := from + 1; next <= v; next++ {
		commit, err := l.Read(ctx, next)
		if failure.Is(err, failure.VersionNotFound) {
			return nil, l.gap(next, names, err)
		}
		if err != nil {
			return nil, err
		}
		state.apply(commit)
	}
	snapshot, err := state.snapshot(l.dir, v)
	if err != nil {
		return nil, err
	}
	snapshot.seen = names.latest()
	snapshot.Timestamp, err = l.committedAt(ctx, snapshot, names)
	return snapshot, err
}

// gap is the failure of a version that is missing between others.
func (l *Log) gap(missing Version, names listing, cause error) error {
	if names.uuidNamed {
		return failure.New(failure.UnsupportedFeature, "read the log of", l.dir).Naming(featureV2Checkpoint).Because(cause)
	}
	return failure.New(failure.LogGap, "read the log of", l.path(commitName(missing))).Because(cause)
}

// committedAt is the time of the snapshot's version: the one in its commitInfo
// if the table keeps such, else its file's modification time.
func (l *Log) committedAt(ctx context.Context, s *Snapshot, names listing) (time.Time, error) {
	if s.Metadata.hasInCommitTimestamps() {
		commit, err := l.Read(ctx, s.Version)
		if err == nil && commit.Info.InCommitTimestamp > 0 {
			return time.UnixMilli(commit.Info.InCommitTimestamp).UTC(), nil
		}
	}
	path := l.path(commitName(s.Version))
	info, err := l.store.Stat(path)
	if parts := names.checkpoints[s.Version]; err != nil && parts != nil {
		path = l.path(parts[0])
		info, err = l.store.Stat(path)
	}
	if err != nil {
		return time.Time{}, failure.Disk("read the time of", path, err)
	}
	return info.ModTime.UTC().Truncate(time.Millisecond), nil
}

// replay reconciles actions into the state they amount to (Delta protocol,
// «Action Reconciliation»): the newest protocol, metaData and txn of every
// application, and of every path the newest add or remove.
type replay struct {
	protocol *Protocol
	metadata *Metadata
	txns     map[string]Txn
	adds     []Add
	live     map[string]int // by pathKey: where in adds
	removes  map[string]Remove
}

func newReplay() *replay {
	return &replay{txns: map[string]Txn{}, live: map[string]int{}, removes: map[string]Remove{}}
}

func (r *replay) apply(c Commit) {
	if c.Protocol != nil {
		r.protocol = c.Protocol
	}
	if c.Metadata != nil {
		r.metadata = c.Metadata
	}
	for _, txn := range c.Txns {
		r.txns[txn.AppID] = txn
	}
	for _, remove := range c.Removes {
		key := pathKey(remove.Path)
		delete(r.live, key)
		r.removes[key] = remove
	}
	for _, add := range c.Adds {
		key := pathKey(add.Path)
		delete(r.removes, key)
		r.live[key] = len(r.adds)
		r.adds = append(r.adds, add)
	}
}

// snapshot is the state at version v, if it is a whole one that we can read.
func (r *replay) snapshot(dir string, v Version) (*Snapshot, error) {
	if err := r.complete(dir, v); err != nil {
		return nil, err
	}
	s := &Snapshot{Version: v, Protocol: *r.protocol, Metadata: *r.metadata, dir: dir, txns: r.txns}
	for _, at := range slices.Sorted(maps.Values(r.live)) {
		s.files = append(s.files, r.adds[at])
	}
	for _, key := range slices.Sorted(maps.Keys(r.removes)) {
		s.removes = append(s.removes, r.removes[key])
	}
	if missing := unreadable(s.Protocol, s.Metadata, s.files); len(missing) > 0 {
		return nil, failure.New(failure.UnsupportedFeature, "read", dir).Naming(missing...)
	}
	return s, nil
}

// complete refuses a log that does not say what its table is.
func (r *replay) complete(dir string, v Version) error {
	lacking := ""
	switch {
	case r.protocol == nil:
		lacking = "protocol"
	case r.metadata == nil:
		lacking = "metaData"
	case r.metadata.SchemaString == "":
		lacking = "metaData.schemaString"
	default:
		return nil
	}
	return failure.New(failure.StateRecovery, "read version "+v.String(), filepath.Join(dir, LogDir)).Naming(lacking)
}
