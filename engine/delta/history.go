package delta

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"time"

	"autoloaderlab/engine/failure"
)

// HistoryEntry is one row of DESCRIBE HISTORY, with its names. What a commit
// does not say is null; parameters and metrics that a foreign writer gave in
// other types are their text, because Spark's columns are map<string,string>.
// Tags and TxnID are not among Spark's columns.
type HistoryEntry struct {
	Version             Version           `json:"version"`
	Timestamp           time.Time         `json:"timestamp"`
	UserID              *string           `json:"userId"`
	UserName            *string           `json:"userName"`
	Operation           string            `json:"operation"`
	OperationParameters Values            `json:"operationParameters"`
	Job                 json.RawMessage   `json:"job"`
	Notebook            json.RawMessage   `json:"notebook"`
	ClusterID           *string           `json:"clusterId"`
	ReadVersion         *Version          `json:"readVersion"`
	IsolationLevel      *string           `json:"isolationLevel"`
	IsBlindAppend       *bool             `json:"isBlindAppend"`
	OperationMetrics    Values            `json:"operationMetrics"`
	UserMetadata        *string           `json:"userMetadata"`
	EngineInfo          *string           `json:"engineInfo"`
	Tags                map[string]string `json:"-"`
	TxnID               string            `json:"-"`
}

// Load is what the version says of the batch that it loaded (Spark, DeltaSink): the
// query, the batch's number in it, and its rows; each is empty where it says none.
func (e HistoryEntry) Load() (query, batch, rows string) {
	query, _ = e.OperationParameters.Text("queryId")
	batch, _ = e.OperationParameters.Text("epochId")
	rows, _ = e.OperationMetrics.Text("numOutputRows")
	return query, batch, rows
}

// History tells every commit whose file is still there, newest first. After a
// log cleanup the older ones are gone, here as in Spark.
func (l *Log) History(ctx context.Context) ([]HistoryEntry, error) {
	names, err := l.list()
	if err != nil {
		return nil, err
	}
	history := []HistoryEntry{}
	var last time.Time
	for _, v := range names.commits {
		commit, err := l.Read(ctx, v)
		if failure.Is(err, failure.VersionNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		at, _, err := l.fileTime(v)
		if err != nil {
			return nil, err
		}
		if commit.Info.InCommitTimestamp > 0 {
			at = time.UnixMilli(commit.Info.InCommitTimestamp).UTC()
		}
		last = after(last, at)
		history = append(history, newHistoryEntry(commit, last))
	}
	slices.Reverse(history)
	return history, nil
}

func newHistoryEntry(c Commit, at time.Time) HistoryEntry {
	return HistoryEntry{
		Version: c.Version, Timestamp: at, UserID: c.Info.UserID, UserName: c.Info.UserName,
		Operation: c.Info.Operation, OperationParameters: c.Info.OperationParameters.Texts(),
		Job: c.Info.Job, Notebook: c.Info.Notebook, ClusterID: c.Info.ClusterID,
		ReadVersion: c.Info.ReadVersion, IsolationLevel: c.Info.IsolationLevel, IsBlindAppend: c.Info.IsBlindAppend,
		OperationMetrics: c.Info.OperationMetrics.Texts(), UserMetadata: c.Info.UserMetadata, EngineInfo: c.Info.EngineInfo,
		Tags: c.Info.Tags, TxnID: c.Info.TxnID,
	}
}

// AsOf is the table as it was at an instant: the last version committed at or
// before it. failure.TimestampNotFound when that is before the oldest version
// that can be built, or after the newest commit: the future may still add one.
func (l *Log) AsOf(ctx context.Context, t time.Time) (*Snapshot, error) {
	names, err := l.list()
	if err != nil {
		return nil, err
	}
	newest, err := l.snapshot(ctx, names, names.latest())
	if err != nil {
		return nil, err
	}
	times, err := l.commitTimes(ctx, names, newest.Metadata.hasInCommitTimestamps())
	if err != nil {
		return nil, err
	}
	at, found := lastBefore(times, t)
	if !found {
		return nil, l.timestampNotFound(t, times)
	}
	if at == newest.Version {
		return newest, nil
	}
	return l.snapshot(ctx, names, at)
}

func (l *Log) timestampNotFound(t time.Time, times []commitTime) error {
	err := failure.New(failure.TimestampNotFound, "read as of "+t.UTC().Format(time.RFC3339Nano), l.dir)
	if len(times) > 0 {
		err.Hint = times[0].at.Format(time.RFC3339Nano) + ".." + times[len(times)-1].at.Format(time.RFC3339Nano)
	}
	return err
}

// commitTime is when a version was committed.
type commitTime struct {
	version Version
	at      time.Time
}

// commitTimes are those of the versions that can still be built, rising strictly.
func (l *Log) commitTimes(ctx context.Context, names listing, inCommit bool) ([]commitTime, error) {
	var times []commitTime
	var last time.Time
	for _, v := range names.commits {
		at, there, err := l.fileTime(v)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		if inCommit {
			commit, err := l.Read(ctx, v)
			if err != nil {
				return nil, err
			}
			if commit.Info.InCommitTimestamp > 0 {
				at = time.UnixMilli(commit.Info.InCommitTimestamp).UTC()
			}
		}
		last = after(last, at)
		if v >= names.earliest() {
			times = append(times, commitTime{v, last})
		}
	}
	return times, nil
}

// lastBefore is the last version committed at or before t, if t is within the times.
func lastBefore(times []commitTime, t time.Time) (Version, bool) {
	later := slices.IndexFunc(times, func(c commitTime) bool { return c.at.After(t) })
	switch {
	case later > 0:
		return times[later-1].version, true
	case later < 0 && len(times) > 0 && !t.After(times[len(times)-1].at):
		return times[len(times)-1].version, true
	}
	return 0, false
}

// fileTime is when the file of a version was last written.
func (l *Log) fileTime(v Version) (at time.Time, there bool, err error) {
	path := l.path(commitName(v))
	info, err := l.store.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, failure.Disk("read the time of", path, err)
	}
	return info.ModTime.UTC().Truncate(time.Millisecond), true, nil
}

// after is at, or a millisecond after last when at does not come later: clocks
// are set back, and copied files lose their order (Spark, monotonizeCommitTimestamps).
func after(last, at time.Time) time.Time {
	if earliest := last.Add(time.Millisecond); !last.IsZero() && at.Before(earliest) {
		return earliest
	}
	return at
}
