// Package stream is Structured Streaming with trigger(availableNow): it knows
// the order in which a micro-batch is promised, carried out and confirmed, and
// nothing about files or tables.
//
// It declares what it needs of the other rooms (Source, Sink, PlanLog,
// CommitLog); autoloader, delta and checkpoint fulfil it.
//
//	source log        offset log        data, then table log      commit log
//	sources/0/K   ─▶  offsets/N    ─▶   *.parquet ─▶ version  ─▶  commits/N
//	what is new       what batch N is   add + txn(query id, N)    batch N is over
//
// The names, the numbering and the rules of recovery are Spark's
// (MicroBatchExecution, OffsetSeqLog, CommitLog).
package stream

import (
	"context"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
)

// BatchID numbers the micro-batches of a query, from 0 on, without a gap.
type BatchID int64

// Offset is a number of the source log: "all entries up to and including this
// one". It is a counter of its own: after a crash between the source log and
// the plan it runs ahead of the batch's number for good.
type Offset int64

// NoOffset is where a stream begins: before entry 0.
const NoOffset Offset = -1

// Plan is the promise that offsets/N holds: batch N ends at entry To, and was
// planned at Time, which is also its current_date().
type Plan struct {
	To   Offset
	Time time.Time
}

// Batch is one micro-batch: the entries From < K <= To of the source log.
type Batch struct {
	ID       BatchID
	From, To Offset
	Time     time.Time
	Replayed bool // an earlier run began it
}

// PlanLog is offsets/: one entry a batch, written once.
type PlanLog interface {
	// Latest returns the newest entry; ok is false when there is none.
	Latest() (id BatchID, plan Plan, ok bool, err error)
	// Get returns one entry; ok is false when it is not there.
	Get(id BatchID) (plan Plan, ok bool, err error)
	// Add writes an entry; failure.ConcurrentStream when it is there already.
	Add(id BatchID, plan Plan) error
	// Purge removes the entries below id.
	Purge(below BatchID) error
}

// CommitLog is commits/: one entry for each batch that is over.
type CommitLog interface {
	// Latest returns the newest entry; ok is false when there is none.
	Latest() (id BatchID, ok bool, err error)
	// Add writes an entry; failure.ConcurrentStream when it is there already.
	Add(id BatchID) error
	// Purge removes the entries below id.
	Purge(below BatchID) error
}

// Source finds what is new and can give the rows of any range again.
type Source interface {
	// List looks at the outside world, once a run: what arrives later is for the
	// next run.
	List(ctx context.Context) (Listing, error)
	// Latest is the highest entry of the source log, NoOffset when it is empty.
	Latest() Offset
	// Check tells whether the log still has every entry of a range.
	Check(from, to Offset) error
	// Discover writes at most one entry of what the listing found new, as much as
	// the limits of one batch allow.
	Discover(ctx context.Context) error
	// Outstanding is what the listing found that no entry has yet.
	Outstanding() Extent
	// Extent tells how much the entries of a range name.
	Extent(from, to Offset) (Extent, error)
	// Rows gives a range's rows, the same after a restart.
	Rows(ctx context.Context, from, to Offset) (Rows, error)
	// String names the source as Spark's progress does: CloudFilesSource[…].
	String() string
}

// Listing is what one look at the source found.
type Listing struct {
	Seen int    // files the log knew before
	New  Extent // files it did not
}

// Extent is an amount of files.
type Extent struct {
	Files int
	Bytes int64
}

// Rows are the rows of a batch in parts that may be read at the same time.
type Rows interface {
	// Known tells that the batch only takes note of its files and loads none.
	Known() bool
	// Schema is that of all records. It is an expected failure here that a file
	// has columns that the stream's schema lacks.
	Schema(ctx context.Context) (*arrow.Schema, error)
	// Parts are ordered as the rows are.
	Parts() []Part
}

// Part is a share of a batch's rows.
type Part interface {
	// Open begins to read. The reader belongs to one goroutine.
	Open(ctx context.Context) (PartReader, error)
}

// PartReader gives a part's records in order, then io.EOF. A record is good
// until the next call of Next or Close. Close may be called again.
type PartReader interface {
	Next() (arrow.Record, error)
	Close() error
}

// Sink holds the table. Its answers rest on what the table's log says, not on memory.
type Sink interface {
	// Begin looks whether the table can take rows of this schema and whether it
	// holds the batch already: a txn of this query that is not older than it.
	Begin(ctx context.Context, b Batch, schema *arrow.Schema) (Held, error)
	// Write makes the batch's data files. Nobody refers to them yet.
	Write(ctx context.Context, b Batch, rows Rows) ([]DataFile, error)
	// Commit names the data files in one version of the table's log, together
	// with the batch's txn. Another loader may have been quicker: see Outcome.
	Commit(ctx context.Context, b Batch, files []DataFile) (Outcome, error)
	// String names the sink as Spark's progress does: DeltaSink[…].
	String() string
}

// Held tells whether the table has a batch: TxnVersion is the newest batch of
// this query it knows. Recorded are the ranges of the source log that the
// table's commits of this query say they loaded; Complete is false when a commit
// says nothing of the kind (another program's) or is not to be read any more.
type Held struct {
	Already    bool
	TxnVersion BatchID
	Recorded   []Range
	Complete   bool
}

// Range is the entries From < K <= To of the source log.
type Range struct{ From, To Offset }

// DataFile is one data file of a batch.
type DataFile struct {
	Path        string
	Rows, Bytes int64
	// Stats is the sink's own.
	Stats any
}

// Outcome of a commit: the version that holds the batch, or that the table had
// it already. Unsaved is why the sink could not tidy up after itself (Delta's log
// checkpoint): no harm is done.
type Outcome struct {
	Version int64
	Held    Held
	Unsaved error
}
