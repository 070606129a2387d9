package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// Folder is one stream's checkpoint.
type Folder struct {
	store storage.Store
	dir   string
}

// Open returns the checkpoint in dir, which need not exist. It touches nothing.
func Open(store storage.Store, dir string) Folder { return Folder{store, dir} }

// Dir is where the checkpoint is.
func (f Folder) Dir() string { return f.dir }

// Exists tells whether there is anything of it.
func (f Folder) Exists() (bool, error) {
	there, err := storage.Exists(f.store, f.dir)
	return there, failure.Disk("look for", f.dir, err)
}

// Offsets is offsets/.
func (f Folder) Offsets() Offsets { return Offsets{NewLog(f.store, filepath.Join(f.dir, "offsets"))} }

// Commits is commits/.
func (f Folder) Commits() Commits { return Commits{NewLog(f.store, filepath.Join(f.dir, "commits"))} }

// Schemas is the log of inferred schemas, _schemas/.
func (f Folder) Schemas() Log { return NewLog(f.store, filepath.Join(f.dir, "_schemas")) }

// Sources is the directory of the query's only source, sources/0.
func (f Folder) Sources() string { return filepath.Join(f.dir, "sources", "0") }

// Sweep removes what a killed loader left half written.
func (f Folder) Sweep() error {
	for _, dir := range []string{"", "offsets", "commits", "_schemas", filepath.Join("sources", "0")} {
		if err := storage.Sweep(f.store, filepath.Join(f.dir, dir)); err != nil {
			return failure.Disk("sweep", f.dir, err)
		}
	}
	return nil
}

// QueryID reads metadata; ok is false when the file is not there.
func (f Folder) QueryID() (id string, ok bool, err error) {
	path := filepath.Join(f.dir, "metadata")
	data, err := f.store.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, failure.Disk("read", path, err)
	}
	var metadata struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(data, &metadata); err != nil {
		return "", false, damaged(path, err)
	}
	if metadata.ID == "" {
		return "", false, damaged(path, errors.New("it has no id"))
	}
	return metadata.ID, true, nil
}

// Join returns the query's id, and writes fresh as the id of a checkpoint that
// has none (Spark, StreamMetadata).
func (f Folder) Join(fresh string) (string, error) {
	id, ok, err := f.QueryID()
	if err != nil || ok {
		return id, err
	}
	path := filepath.Join(f.dir, "metadata")
	root := NewLog(f.store, f.dir)
	if err := root.removeTwin("metadata"); err != nil {
		return "", failure.Disk("write", path, err)
	}
	err = f.store.PutIfAbsent(path, fmt.Appendf(nil, `{"id":%q}`, fresh))
	if errors.Is(err, fs.ErrExist) { // another was quicker: its id is the query's
		id, _, err = f.QueryID()
		return id, err
	}
	return fresh, failure.Disk("write", path, err)
}

// Offsets is offsets/, the plans (Spark, OffsetSeqLog).
type Offsets struct{ Log }

// offsetMetadata is the second line of a plan. Its conf pins Spark settings that
// a query must keep; an empty one means Spark's defaults.
type offsetMetadata struct {
	BatchWatermarkMs int64           `json:"batchWatermarkMs"`
	BatchTimestampMs int64           `json:"batchTimestampMs"`
	Conf             json.RawMessage `json:"conf"`
}

// Latest implements stream.PlanLog.
func (o Offsets) Latest() (stream.BatchID, stream.Plan, bool, error) {
	n, ok, err := o.Log.Latest()
	if err != nil || !ok {
		return 0, stream.Plan{}, false, err
	}
	plan, ok, err := o.Get(stream.BatchID(n))
	return stream.BatchID(n), plan, ok, err
}

// Get implements stream.PlanLog.
func (o Offsets) Get(id stream.BatchID) (stream.Plan, bool, error) {
	lines, ok, err := o.Log.Get(int64(id))
	if err != nil || !ok {
		return stream.Plan{}, false, err
	}
	plan, err := parsePlan(lines)
	if err != nil {
		return stream.Plan{}, false, damaged(filepath.Join(o.dir, fmt.Sprint(id)), err)
	}
	return plan, true, nil
}

func parsePlan(lines []string) (stream.Plan, error) {
	if len(lines) != 2 {
		return stream.Plan{}, fmt.Errorf("it has %d lines after the version, not 2", len(lines))
	}
	var metadata offsetMetadata
	if err := json.Unmarshal([]byte(lines[0]), &metadata); err != nil {
		return stream.Plan{}, err
	}
	to, err := parseOffset(lines[1])
	if err != nil {
		return stream.Plan{}, err
	}
	at := time.UnixMilli(metadata.BatchTimestampMs).UTC()
	if at.Year() < 1 || at.Year() > 9999 { // beyond what a date or an RFC 3339 time can say
		return stream.Plan{}, fmt.Errorf("its batchTimestampMs is %d", metadata.BatchTimestampMs)
	}
	return stream.Plan{To: to, Time: at}, nil
}

// parseOffset also takes a bare number, as Spark 2.1 wrote it.
func parseOffset(line string) (stream.Offset, error) {
	if n, ok := number(strings.TrimSpace(line)); ok {
		return stream.Offset(n), nil
	}
	var offset struct {
		LogOffset *int64 `json:"logOffset"`
	}
	if err := json.Unmarshal([]byte(line), &offset); err != nil {
		return 0, err
	}
	if offset.LogOffset == nil || *offset.LogOffset < 0 {
		return 0, fmt.Errorf("it has no logOffset: %.40q", line)
	}
	return stream.Offset(*offset.LogOffset), nil
}

// Add implements stream.PlanLog.
func (o Offsets) Add(id stream.BatchID, plan stream.Plan) error {
	metadata := fmt.Sprintf(`{"batchWatermarkMs":0,"batchTimestampMs":%d,"conf":{}}`, plan.Time.UnixMilli())
	return o.Log.Add(int64(id), metadata, fmt.Sprintf(`{"logOffset":%d}`, plan.To))
}

// Purge implements stream.PlanLog.
func (o Offsets) Purge(below stream.BatchID) error { return o.Log.Purge(int64(below)) }

// Commits is commits/ (Spark, CommitLog).
type Commits struct{ Log }

// Latest implements stream.CommitLog. Only the name counts; the watermark inside
// is always 0 for a query without one.
func (c Commits) Latest() (stream.BatchID, bool, error) {
	n, ok, err := c.Log.Latest()
	if err != nil || !ok {
		return 0, false, err
	}
	_, ok, err = c.Get(n)
	return stream.BatchID(n), ok, err
}

// Add implements stream.CommitLog.
func (c Commits) Add(id stream.BatchID) error {
	return c.Log.Add(int64(id), `{"nextBatchWatermarkMs":0}`)
}

// Purge implements stream.CommitLog.
func (c Commits) Purge(below stream.BatchID) error { return c.Log.Purge(int64(below)) }
