package engine

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/google/uuid"

	"autoloaderlab/engine/autoloader"
	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/schema"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// LoadRequest is what a load is asked for, beside the notebook's parameters.
type LoadRequest struct {
	// Options are reader and writer options under their real names.
	Options []autoloader.Pair
	// ProgressFile gets Spark's StreamingQueryProgress as JSON lines; empty: none.
	ProgressFile string
}

// Load runs the notebook's load: all that is available now, then it ends. What
// happens is told to the listener as it happens, all but the end, which is
// returned: Finished without its Error, and the error itself.
func (p *Pipeline) Load(ctx context.Context, request LoadRequest, listener progress.Listener) (progress.Finished, error) {
	began := time.Now()
	job := &load{
		Pipeline: p, request: request, listener: &serial{listener: listener},
		finished: progress.Finished{State: progress.Terminated, RunID: uuid.NewString()},
	}
	err := job.run(ctx)
	if err != nil {
		job.finished.State = progress.Failed
		if ctx.Err() != nil || errors.Is(err, context.Canceled) || failure.Is(err, failure.Cancelled) {
			job.finished.State = progress.Cancelled
			err = failure.New(failure.Cancelled, "load", p.table.String()).Because(err)
		}
	}
	job.finished.DurationMs = time.Since(began).Milliseconds()
	return job.finished, err
}

// load is one run of a pipeline.
type load struct {
	*Pipeline
	request  LoadRequest
	listener *serial
	options  autoloader.Options
	finished progress.Finished
}

func (j *load) run(ctx context.Context) error {
	return errors.Join(j.work(ctx), j.tableVersion())
}

func (j *load) work(ctx context.Context) (err error) {
	if j.options, err = autoloader.ParseOptions(j.request.Options); err != nil {
		return err
	}
	lock, err := j.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.release()
	if j.variant.streams() {
		return j.stream(ctx)
	}
	return j.copy(ctx)
}

// lock keeps others from what this load works with: a second loader from its
// checkpoint, a DROP from its table.
func (j *load) lock(ctx context.Context) (locks, error) {
	if err := j.sweep(); err != nil {
		return nil, err
	}
	table, err := j.lab.lockTable(ctx, j.tableDir())
	if err != nil {
		return nil, err
	}
	var wants []want
	if j.variant.streams() {
		wants = append(wants, exclusive(j.CheckpointDir()))
	}
	others, err := j.lab.lockAll(wants...)
	if err != nil {
		table.release()
		return nil, err
	}
	return append(table, others...), nil
}

// sweep removes what killed processes left half written in the table and in the
// landing folder, where nobody else is writing just now.
func (j *load) sweep() error {
	table := j.tableDir()
	if alone, err := j.lab.lockAll(exclusive(table)); err == nil {
		defer alone.release()
		for _, dir := range []string{table, filepath.Join(table, "_delta_log")} {
			if err := storage.Sweep(j.lab.store, dir); err != nil {
				return failure.Disk("sweep", dir, err)
			}
		}
	}
	if alone, err := j.lab.lockAll(exclusive(j.sourceDir())); err == nil {
		defer alone.release()
		return j.sweepLanding()
	}
	return nil
}

// stream is the load with a checkpoint. Until the query runs, nothing on disk
// changes unless everything fits: options, logs, schema and names are looked at
// first.
func (j *load) stream(ctx context.Context) error {
	folder := j.checkpoint()
	if err := folder.Sweep(); err != nil {
		return err
	}
	source, err := j.source(folder)
	if err != nil {
		return err
	}
	query := j.query(folder, source)
	if err := query.Check(); err != nil {
		return err
	}
	if _, _, err := folder.QueryID(); err != nil {
		return err
	}
	inferred, err := j.columns(ctx, folder, source)
	if err != nil {
		return err
	}
	if err := j.createTable(ctx, source.Schema.Columns); err != nil {
		return err
	}

	// On disk: the table, at version 0 if it is new, as toTable() does before the
	// query starts. If the power goes now, the next run finds it and goes on.
	id, err := folder.Join(uuid.NewString())
	if err != nil {
		return err
	}
	if inferred {
		if err := schema.Save(folder.Schemas(), source.Schema); err != nil {
			return err
		}
	}
	query.ID, query.Sink, j.finished.QueryID = id, j.sink(id), &id
	summary, err := query.Run(ctx)
	j.finished.Batches, j.finished.NewFiles, j.finished.RowsWritten = summary.Batches, summary.NewFiles, summary.Rows
	j.finished.NotedFiles = summary.NotedFiles
	j.finished.FastChunks, j.finished.ExactChunks = source.Chunks()
	return errors.Join(err, j.writeProgress(summary.Progress))
}

func (j *load) source(folder checkpoint.Folder) (*autoloader.Source, error) {
	log, err := checkpoint.OpenSourceLog(j.lab.store, folder.Sources(), j.lab.now)
	if err != nil {
		return nil, err
	}
	return j.sourceOn(log, folder.Schemas()), nil
}

func (j *load) sourceOn(log *checkpoint.SourceLog, schemas checkpoint.Log) *autoloader.Source {
	return autoloader.New(autoloader.Config{
		Store: j.lab.store, Folder: j.sourceDir(), Name: j.sourceName(), Options: j.options,
		Log: log, Schemas: schemas, Now: j.lab.now, Warn: j.listener.warn, Read: j.listener.advance,
	})
}

// columns gives the source its schema: the stored one, or one inferred now,
// which is not stored before the table can have its names.
func (j *load) columns(ctx context.Context, folder checkpoint.Folder, source *autoloader.Source) (inferred bool, err error) {
	stored, ok, err := schema.Load(folder.Schemas())
	if err != nil {
		return false, err
	}
	if !ok {
		if stored.Columns, err = source.Sample(ctx); err != nil {
			return false, err
		}
	}
	source.Schema = stored
	return !ok, nil
}

// createTable makes the table when there is none, empty and at version 0.
func (j *load) createTable(ctx context.Context, columns []string) error {
	wanted, err := delta.SchemaOf(loadDate{}.Schema(autoloader.SchemaOf(columns)))
	if err != nil {
		return err
	}
	if err := wanted.CheckNames(); err != nil {
		return err
	}
	log := j.log()
	_, err = log.Latest(ctx)
	if !failure.Is(err, failure.TableNotFound) {
		return err
	}
	_, err = log.Commit(ctx, delta.CreateTable(delta.NewMetadata(wanted, j.lab.now())))
	if failure.Is(err, failure.TableExists) { // another loader was quicker
		return nil
	}
	return err
}

func (j *load) query(folder checkpoint.Folder, source *autoloader.Source) *stream.Query {
	return &stream.Query{
		RunID: j.finished.RunID, Source: source,
		Plans: folder.Offsets(), Commits: folder.Commits(), WithColumns: loadDate{},
		Listener: j.listener, Now: j.lab.now, Clock: j.lab.clock,
	}
}

func (j *load) sink(queryID string) *delta.Sink {
	return delta.NewSink(delta.SinkConfig{
		Store: j.lab.store, Log: j.log(), Name: j.table.String(), QueryID: queryID,
		MergeSchema: j.options.MergeSchema, Now: j.lab.now, Workers: runtime.GOMAXPROCS(0),
	})
}

// tableVersion fills in the table's version at the end; without a table it stays null.
func (j *load) tableVersion() error {
	snapshot, err := j.log().Latest(context.Background())
	if failure.Is(err, failure.TableNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	version := int64(snapshot.Version)
	j.finished.TableVersion = &version
	return nil
}

func (j *load) writeProgress(entries []stream.Progress) error {
	if j.request.ProgressFile == "" {
		return nil
	}
	var lines bytes.Buffer
	for _, entry := range entries {
		line, err := entry.JSON()
		if err != nil {
			return err
		}
		lines.Write(append(line, '\n'))
	}
	path, err := filepath.Abs(j.request.ProgressFile)
	if err != nil {
		return failure.Disk("write", j.request.ProgressFile, err)
	}
	return failure.Disk("write", path, j.lab.store.Put(path, lines.Bytes()))
}

// serial lets only one event at a time reach a listener, and of the readers'
// many reports only a few a second.
type serial struct {
	listener progress.Listener
	mu       sync.Mutex
	advanced time.Time
	told     bool             // whether this batch has told of its reading
	batch    progress.Stamped // the batch in hand, as its last event named it
}

// advanceEvery is how often reading is told of: often enough for a bar. A bar that
// was begun also gets its end.
const advanceEvery = 100 * time.Millisecond

func (s *serial) Happened(e progress.Stamped) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := e.Event.(progress.Planned); ok {
		s.advanced, s.told = time.Now(), false // a batch's first report comes when reading takes its time
	}
	if s.batch = e; e.Event.Name() == (progress.Confirmed{}).Name() {
		s.batch = progress.Stamped{}
	}
	s.listener.Happened(e)
}

// ofBatch stamps what the source tells with the batch it is at work on.
func (s *serial) ofBatch(e progress.Event) progress.Stamped {
	return progress.Stamped{At: time.Now(), Batch: s.batch.Batch, Replayed: s.batch.Replayed, Event: e}
}

func (s *serial) Reached(seam progress.Seam) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listener.Reached(seam)
}

func (s *serial) warn(w progress.Warned) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener.Happened(s.ofBatch(w))
}

func (s *serial) advance(r autoloader.Reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.told && r.FilesRead == r.FilesTotal
	if time.Since(s.advanced) < advanceEvery && !last {
		return
	}
	s.advanced, s.told = time.Now(), true
	s.listener.Happened(s.ofBatch(progress.Advanced(r)))
}
