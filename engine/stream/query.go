package stream

import (
	"context"
	"time"

	"autoloaderlab/engine/progress"
)

// keptBatches is how many old entries of offsets/ and commits/ stay on disk
// (Spark, spark.sql.streaming.minBatchesToRetain).
const keptBatches = 100

// Query is a streaming query with everything it works with. It lives for one
// run of availableNow.
type Query struct {
	ID, RunID string
	Source    Source
	Sink      Sink
	Plans     PlanLog
	Commits   CommitLog
	// WithColumns is what the query does to each record between source and sink;
	// nil does nothing.
	WithColumns Projection
	Listener    progress.Listener
	// Now is the wall clock; Clock gives a batch its time (the lab's simulated day).
	Now, Clock func() time.Time
}

// Summary is what a run did.
type Summary struct {
	Batches    int
	NewFiles   int
	NotedFiles int // of batches that were only taken note of
	Rows       int64
	// Progress has an entry for each batch, or one idle entry when there was none.
	Progress []Progress
}

// Run carries out the batches that a crash left and all that is available now,
// one after the other, and ends. It returns what was done also when it fails.
func (q *Query) Run(ctx context.Context) (Summary, error) {
	r := &run{Query: q}
	err := r.all(ctx)
	return r.summary, err
}

// run is a Query at work.
type run struct {
	*Query
	summary Summary
	listed  Listing
	trigger stopwatch
}

// all asks the disk before every batch where the stream stands; there is no
// second account of it in memory.
func (r *run) all(ctx context.Context) error {
	position, err := r.stand()
	if err != nil {
		return err
	}
	r.trigger = startWatch(r.Now)
	if err := r.list(ctx); err != nil {
		return err
	}
	for {
		batch, ok, err := r.next(ctx, position)
		if err != nil {
			return err
		}
		if !ok {
			r.idle(position)
			return nil
		}
		if err := r.microBatch(ctx, batch, position.Planned != nil); err != nil {
			return err
		}
		if position, err = r.stand(); err != nil {
			return err
		}
		r.trigger = startWatch(r.Now)
	}
}

// Check tells whether the logs fit together, without starting anything.
func (q *Query) Check() error {
	_, err := q.stand()
	return err
}

func (q *Query) stand() (Position, error) {
	position, err := Stand(q.Plans, q.Commits)
	if err != nil {
		return position, err
	}
	to := position.From
	if position.Planned != nil {
		to = position.Planned.To
	}
	return position, q.Source.Check(position.From, to)
}

func (r *run) list(ctx context.Context) (err error) {
	r.listed, err = r.Source.List(ctx)
	if err != nil {
		return err
	}
	r.tell(progress.Listed{SeenFiles: r.listed.Seen, NewFiles: r.listed.New.Files, Bytes: r.listed.New.Bytes})
	return nil
}

// next decides the batch to run; ok is false when there is nothing left to do.
func (r *run) next(ctx context.Context, p Position) (Batch, bool, error) {
	if p.Planned != nil {
		return Batch{ID: p.Batch, From: p.From, To: p.Planned.To, Time: p.Planned.Time, Replayed: true}, true, nil
	}
	known := r.Source.Latest()
	before := r.Source.Outstanding()
	err := r.trigger.time("latestOffset", func() error { return r.Source.Discover(ctx) })
	if err != nil {
		return Batch{}, false, err
	}
	r.summary.NewFiles += before.Files - r.Source.Outstanding().Files
	to := r.Source.Latest()
	if to <= p.From {
		return Batch{}, false, nil
	}
	return Batch{ID: p.Batch, From: p.From, To: to, Time: r.Clock(), Replayed: known > p.From}, true, nil
}

// microBatch is one batch: promise, act, confirm. planned tells that an earlier
// run has made the promise already.
func (r *run) microBatch(ctx context.Context, b Batch, planned bool) error {
	extent, err := r.Source.Extent(b.From, b.To)
	if err != nil {
		return err
	}
	r.summary.Batches++

	// On disk: sources/0/K names the files. If the power goes now, no batch owns
	// them yet: the next run plans them.
	r.tellOf(b, progress.Discovered{Files: extent.Files, Bytes: extent.Bytes, Entry: int64(b.To), PlannedBefore: planned})
	if err := r.reach(ctx, progress.AfterDiscovery); err != nil {
		return err
	}
	if !planned {
		plan := func() error { return r.Plans.Add(b.ID, Plan{To: b.To, Time: b.Time}) }
		if err := r.trigger.time("walCommit", plan); err != nil {
			return err
		}
	}

	// On disk: offsets/N promises these files to batch N. If the power goes now,
	// the next run repeats the batch with exactly them.
	r.tellOf(b, progress.Planned{Files: extent.Files, Bytes: extent.Bytes})
	if err := r.reach(ctx, progress.AfterPlan); err != nil {
		return err
	}
	rows, noted, err := r.load(ctx, b)
	if err != nil {
		return err
	}
	if noted {
		r.summary.NotedFiles += extent.Files
	}

	// On disk: the table's log has the version with the batch's add and txn, and
	// readers see its rows. If the power goes now, the next run repeats the batch,
	// the sink finds the txn and answers "already there".
	if err := r.trigger.time("commitOffsets", func() error { return r.Commits.Add(b.ID) }); err != nil {
		return err
	}

	// On disk: commits/N. The batch is over for good.
	r.tellOf(b, progress.Confirmed{})
	r.summary.Rows += rows
	r.record(b, rows)
	return r.purge(b.ID)
}

// load brings the batch into the table unless it is there, and returns the rows it
// wrote; noted is a batch of files that are not to be read.
func (r *run) load(ctx context.Context, b Batch) (written int64, noted bool, err error) {
	var rows Rows
	err = r.trigger.time("getBatch", func() (err error) {
		rows, err = r.Source.Rows(ctx, b.From, b.To)
		return err
	})
	if err != nil || rows.Known() {
		return 0, err == nil, err
	}
	err = r.trigger.time("addBatch", func() error {
		written, err = r.write(ctx, b, Project(b, rows, r.WithColumns))
		return err
	})
	return written, false, err
}

func (r *run) write(ctx context.Context, b Batch, rows Rows) (int64, error) {
	schema, err := rows.Schema(ctx)
	if err != nil {
		return 0, err
	}
	held, err := r.Sink.Begin(ctx, b, schema)
	if err != nil {
		return 0, err
	}
	if held.Already {
		return 0, r.alreadyThere(ctx, b, held)
	}
	files, err := r.Sink.Write(ctx, b, rows)
	if err != nil {
		return 0, err
	}

	// On disk: Parquet files that nobody refers to. If the power goes now, they
	// stay as orphans, readers never see them, and the next run writes new ones.
	for _, file := range files {
		r.tellOf(b, progress.Written{Path: file.Path, Rows: file.Rows, Bytes: file.Bytes})
	}
	if err := r.reach(ctx, progress.AfterData); err != nil {
		return 0, err
	}
	outcome, err := r.Sink.Commit(ctx, b, files)
	if err != nil {
		return 0, err
	}
	if outcome.Held.Already { // another program was quicker with the same batch
		return 0, r.alreadyThere(ctx, b, outcome.Held)
	}
	r.tellOf(b, progress.TableCommitted{Version: outcome.Version})
	if outcome.Unsaved != nil {
		r.tellOf(b, progress.Warned{Class: progress.LogCheckpointLost, Things: []string{outcome.Unsaved.Error()}})
	}
	return rowsIn(files), r.reach(ctx, progress.AfterTableCommit)
}

func (r *run) alreadyThere(ctx context.Context, b Batch, held Held) error {
	unloaded, err := r.unloaded(b, held)
	if err != nil {
		return err
	}
	r.tellOf(b, progress.AlreadyInTable{TxnVersion: int64(held.TxnVersion), UnloadedFiles: unloaded})
	if unloaded != nil && *unloaded > 0 {
		r.tellOf(b, progress.Warned{Class: progress.RowsLost, Count: int64(*unloaded)})
	}
	return r.reach(ctx, progress.AfterTableCommit)
}

// unloaded counts the files of b that no commit of the table records: none after
// an honest replay; some when the numbering began again although the table
// remembers higher batches of the same query.
func (r *run) unloaded(b Batch, held Held) (*int, error) {
	files := 0
	for k := b.From + 1; k <= b.To; k++ {
		if covers(held.Recorded, k) {
			continue
		}
		extent, err := r.Source.Extent(k-1, k)
		if err != nil {
			return nil, err
		}
		files += extent.Files
	}
	if files > 0 && !held.Complete {
		return nil, nil
	}
	return &files, nil
}

func covers(ranges []Range, k Offset) bool {
	for _, r := range ranges {
		if r.From < k && k <= r.To {
			return true
		}
	}
	return false
}

func (r *run) purge(done BatchID) error {
	if err := r.Plans.Purge(done - keptBatches); err != nil {
		return err
	}
	return r.Commits.Purge(done - keptBatches)
}

// reach holds the run at a seam for as long as the listener does, and ends it
// there when it was cancelled.
func (r *run) reach(ctx context.Context, seam progress.Seam) error {
	if err := r.Listener.Reached(seam); err != nil {
		return err
	}
	return ctx.Err()
}

func (r *run) tell(e progress.Event) {
	r.Listener.Happened(progress.Stamped{At: r.Now(), Event: e})
}

func (r *run) tellOf(b Batch, e progress.Event) {
	id := int64(b.ID)
	r.Listener.Happened(progress.Stamped{At: r.Now(), Batch: &id, Replayed: b.Replayed, Event: e})
}

func rowsIn(files []DataFile) (rows int64) {
	for _, file := range files {
		rows += file.Rows
	}
	return rows
}
