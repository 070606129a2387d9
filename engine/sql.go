package engine

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"autoloaderlab/engine/catalog"
	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/query"
	"autoloaderlab/engine/stream"
)

// SQL runs one statement over the lab's tables under the notebook's names.
func (l *Lab) SQL(ctx context.Context, statement string) (*query.Result, error) {
	result, err := query.Run(ctx, world{l}, l.dir, statement)
	return result, l.missing(err)
}

// missing tells, of a table that is not there, whether it was dropped. Where it was,
// or is the lab's own that nothing has made yet, no other name is meant.
func (l *Lab) missing(err error) error {
	var known *failure.Error
	if !errors.As(err, &known) || known.Class != failure.TableNotFound {
		return err
	}
	entries, _ := l.catalog.Trash() // what cannot be listed was not dropped
	dropped := slices.ContainsFunc(entries, func(e catalog.Entry) bool {
		return e.Kind == catalog.KindTable && strings.EqualFold(e.Name, known.Thing)
	})
	own, unnamed := l.Pipeline(Widgets{}, Notebook)
	if !dropped && (unnamed != nil || !strings.EqualFold(own.Table().String(), known.Thing)) {
		return err
	}
	told := failure.New(known.Class, known.Op, known.Thing).Because(known.Err)
	if dropped {
		told = told.Hinting("dropped")
	}
	return told
}

// Tables are the tables that there are, in their order.
func (l *Lab) Tables(ctx context.Context) ([]query.TableName, error) { return world{l}.Tables(ctx) }

// Count is the answer to the notebook's SELECT count(*).
type Count struct {
	Table string `json:"tabla"`
	Rows  int64  `json:"filas"`
}

// Count lets DuckDB count the table's rows.
func (p *Pipeline) Count(ctx context.Context) (Count, error) {
	rows, err := query.Count(ctx, world{p.lab}, p.lab.dir, query.TableName(p.table))
	return Count{p.table.String(), rows}, p.lab.missing(err)
}

// HistoryEntry is one version of a table.
type HistoryEntry = delta.HistoryEntry

// Writer is who a version says wrote it, where that was the lab.
const Writer = delta.EngineInfo

// History is the table's DESCRIBE HISTORY, newest first.
func (p *Pipeline) History(ctx context.Context) ([]delta.HistoryEntry, error) {
	history, err := p.log().History(ctx)
	if failure.Is(err, failure.TableNotFound) { // the log knows its folder only
		err = p.lab.missing(failure.New(failure.TableNotFound, "describe history", p.table.String()).Because(err))
	}
	return history, err
}

// world is what SQL can see and do in a lab.
type world struct{ *Lab }

// Tables implements query.World.
func (w world) Tables(context.Context) ([]query.TableName, error) {
	names, err := w.catalog.Tables()
	tables := make([]query.TableName, 0, len(names))
	for _, name := range names {
		tables = append(tables, query.TableName(name))
	}
	return tables, err
}

// Log implements query.World.
func (w world) Log(name query.TableName) *delta.Log {
	return delta.NewLog(w.store, w.Dir(name), w.now)
}

// Dir implements query.World.
func (w world) Dir(name query.TableName) string {
	return w.catalog.TableDir(catalog.TableName(name))
}

// Drop implements query.World.
func (w world) Drop(_ context.Context, name query.TableName) (existed bool, err error) {
	checked, err := catalog.NewTableName(name.Catalog, name.Schema, name.Table)
	if err != nil { // no table can have such a name
		return false, nil
	}
	return w.drop(checked)
}

// Undrop implements query.World.
func (w world) Undrop(ctx context.Context, name query.TableName) error {
	checked, err := catalog.NewTableName(name.Catalog, name.Schema, name.Table)
	if err != nil {
		return failure.New(failure.TableNotFound, "undrop", name.String()).Because(err)
	}
	dir := w.catalog.TableDir(checked)
	lock, err := w.lockAll(exclusive(dir), exclusive(w.catalog.InnerCheckpointDir(checked)))
	if err != nil {
		return err
	}
	defer lock.release()
	if _, err := w.catalog.Undrop(checked); err != nil {
		return err
	}
	return w.rewritePaths(ctx, dir)
}

// Checkpoint implements query.World: the notebook's checkpoint for that student
// and table, or the one in the table's own folder if it has one.
func (w world) Checkpoint(_ context.Context, name query.TableName) (string, error) {
	inner := w.catalog.InnerCheckpointDir(catalog.TableName(name))
	if there, err := checkpoint.Open(w.store, inner).Exists(); err != nil || there {
		return inner, err
	}
	widgets := w.state.Widgets
	widgets.Catalog, widgets.Table = name.Catalog, name.Table
	widgets.Student = strings.TrimPrefix(name.Schema, "datavision_")
	pipeline, err := NewPipeline(w.Lab, widgets, Notebook)
	if err != nil {
		return "", err
	}
	return pipeline.CheckpointDir(), nil
}

// FileStates implements query.World. A path is a volume's (/Volumes/…) or
// absolute inside the lab; sources/0 at its end picks the only source there is.
func (w world) FileStates(_ context.Context, path string) ([]query.FileState, error) {
	dir, err := w.checkpointDir(path)
	if err != nil {
		return nil, err
	}
	folder := checkpoint.Open(w.store, dir)
	there, err := folder.Exists()
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, failure.New(failure.FileVanished, "read checkpoint", path).Because(fs.ErrNotExist)
	}
	log, err := checkpoint.OpenSourceLog(w.store, folder.Sources(), w.now)
	if err != nil {
		return nil, err
	}
	batches, err := w.batchTimes(folder)
	if err != nil {
		return nil, err
	}
	files, err := log.All()
	if err != nil {
		return nil, err
	}
	states := make([]query.FileState, 0, len(files))
	for _, file := range files {
		states = append(states, w.fileState(file, batches))
	}
	return states, nil
}

func (w world) checkpointDir(path string) (string, error) {
	path = strings.TrimSuffix(strings.TrimRight(path, "/"), "/sources/0")
	if strings.HasPrefix(path, "/Volumes/") {
		volume, err := catalog.ParseVolume(path)
		return w.catalog.VolumeDir(volume), err
	}
	relative, err := filepath.Rel(w.dir, filepath.Clean(path))
	if err != nil || !filepath.IsLocal(relative) {
		return "", failure.New(failure.StatementNotAllowed, "read checkpoint", path).Because(errors.New("it is outside the lab"))
	}
	return filepath.Clean(path), nil
}

// batchTime is when a batch was planned and confirmed, and where its range ends.
type batchTime struct {
	to                 stream.Offset
	planned, confirmed time.Time
}

// batchTimes reads the logs' entries that are still kept, ascending.
func (w world) batchTimes(folder checkpoint.Folder) ([]batchTime, error) {
	numbers, err := folder.Offsets().Numbers()
	if err != nil {
		return nil, err
	}
	var times []batchTime
	for _, n := range numbers {
		plan, ok, err := folder.Offsets().Get(stream.BatchID(n))
		if err != nil || !ok {
			return nil, err
		}
		batch := batchTime{to: plan.To}
		if info, err := w.store.Stat(folder.Offsets().Path(n)); err == nil {
			batch.planned = info.ModTime
		}
		if info, err := w.store.Stat(folder.Commits().Path(n)); err == nil {
			batch.confirmed = info.ModTime
		}
		times = append(times, batch)
	}
	return times, nil
}

// fileState tells what became of a file by the first batch that reaches as far as
// its entry. A batch whose entries were purged lends it the next one's times.
func (w world) fileState(file checkpoint.SeenFile, batches []batchTime) query.FileState {
	state := query.FileState{
		Path: file.URI, CreateTime: time.UnixMilli(file.TimestampMs).UTC(),
		DiscoveryTime: time.UnixMilli(max(file.DiscoveredMs, file.TimestampMs)).UTC(), SourceID: "0",
	}
	if file.SizeBytes != nil {
		state.SizeBytes = *file.SizeBytes
	}
	if file.Known {
		return state
	}
	state.IngestionState = "PROCESSING"
	i := slices.IndexFunc(batches, func(b batchTime) bool { return file.Batch <= b.to })
	if i < 0 {
		return state
	}
	state.ProcessedTime, state.CommitTime = batches[i].planned, batches[i].confirmed
	if !state.CommitTime.IsZero() {
		state.IngestionState = "INGESTED"
	}
	return state
}
