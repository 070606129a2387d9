package engine

import (
	"context"
	"math"
	"runtime"
	"strconv"

	"autoloaderlab/engine/autoloader"
	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// copyAttempts bounds how often a COPY INTO plans again because another one
// loaded some of its files first.
const copyAttempts = 20

// copy is the load without a checkpoint, in one commit: COPY INTO, whose memory
// of loaded files is the table's own log, or a plain append, which has none.
//
// COPY INTO writes one txn a file, in the commit that holds the file's rows. A
// txn outlives the log's cleanup because every log checkpoint carries it on. Like
// Databricks', it knows a file by its path, even if it was modified since.
func (j *load) copy(ctx context.Context) error {
	j.options.MaxFiles, j.options.MaxBytes, j.options.IncludeExisting = math.MaxInt, 0, true
	for attempt := 1; ; attempt++ {
		err := j.copyOnce(ctx, attempt == 1)
		if !failure.Is(err, failure.ConcurrentTxn) || attempt == copyAttempts {
			return err
		}
	}
}

func (j *load) copyOnce(ctx context.Context, tell bool) error {
	source, err := j.unloaded(ctx)
	if err != nil {
		return err
	}
	from := source.Latest()
	if tell {
		listed := source.Outstanding()
		j.listener.Happened(progress.Stamped{At: j.lab.now(), Event: progress.Listed{
			SeenFiles: source.Log.Len(), NewFiles: listed.Files, Bytes: listed.Bytes,
		}})
	}
	if source.Schema.Columns, err = source.Sample(ctx); err != nil {
		return err
	}
	if err := j.createTable(ctx, source.Schema.Columns); err != nil {
		return err
	}
	if err := source.Discover(ctx); err != nil || source.Latest() == from {
		return err
	}
	return j.append(ctx, source, from)
}

// unloaded is a source that has listed the folder and takes for known the files
// whose txn the table has. Its log is in memory: it outlives nothing.
func (j *load) unloaded(ctx context.Context) (*autoloader.Source, error) {
	memory := storage.NewMemory(j.lab.now)
	log, err := checkpoint.OpenSourceLog(memory, "/sources", j.lab.now)
	if err != nil {
		return nil, err
	}
	loaded, err := j.loadedFiles(ctx)
	if err != nil {
		return nil, err
	}
	if len(loaded) > 0 {
		if err := log.Append(loaded); err != nil {
			return nil, err
		}
	}
	source := j.sourceOn(log, checkpoint.NewLog(memory, "/schemas"))
	_, err = source.List(ctx)
	return source, err
}

// loadedFiles are the files that the table's own log says are in it.
func (j *load) loadedFiles(ctx context.Context) ([]checkpoint.SeenFile, error) {
	if j.variant != CopyInto {
		return nil, nil
	}
	snapshot, err := j.log().Latest(ctx)
	if failure.Is(err, failure.TableNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	txns := snapshot.Txns()
	var loaded []checkpoint.SeenFile
	for path, err := range autoloader.Find(ctx, j.lab.store, j.sourceDir(), j.options) {
		if err != nil {
			return nil, err
		}
		if _, ok := txns[j.fileTxn(path)]; ok {
			loaded = append(loaded, checkpoint.SeenFile{URI: checkpoint.EncodeURI(path), TimestampMs: math.MaxInt64})
		}
	}
	return loaded, nil
}

// fileTxn is the application under which a file is remembered. It has the path
// as the student writes it, which stays the same when the lab's folder moves.
func (j *load) fileTxn(path string) string { return "copy-into:" + j.volumePath(path) }

// append writes what the source found after entry from, and commits it once.
func (j *load) append(ctx context.Context, source *autoloader.Source, from stream.Offset) error {
	batch := stream.Batch{From: from, To: source.Latest(), Time: j.lab.clock()}
	rows, err := source.Rows(ctx, batch.From, batch.To)
	if err != nil {
		return err
	}
	rows = stream.Project(batch, rows, loadDate{})
	columns, err := rows.Schema(ctx)
	if err != nil {
		return err
	}
	base, err := j.log().Latest(ctx)
	if err != nil {
		return err
	}
	tx := delta.Transaction{Base: base, BlindAppend: true}
	if tx.Metadata, err = delta.Merge(base, columns, j.options.MergeSchema); err != nil {
		return err
	}
	schemaString := base.Metadata.SchemaString
	if tx.Metadata != nil {
		schemaString = tx.Metadata.SchemaString
	}
	files, err := delta.WriteParts(ctx, j.lab.store, j.tableDir(), schemaString, rows, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	j.finished.FastChunks, j.finished.ExactChunks = source.Chunks()
	for _, file := range files {
		j.listener.Happened(progress.Stamped{At: j.lab.now(), Event: progress.Written{Path: file.Path, Rows: file.Rows, Bytes: file.Bytes}})
	}
	if err := j.listener.Reached(progress.AfterData); err != nil {
		return err
	}
	loaded, err := source.Log.Between(batch.From, batch.To)
	if err != nil {
		return err
	}
	return j.commit(ctx, tx, loaded, files)
}

func (j *load) commit(ctx context.Context, tx delta.Transaction, from []checkpoint.SeenFile, files []stream.DataFile) (err error) {
	if tx.Adds, err = delta.AddsFor(j.tableDir(), files); err != nil {
		return err
	}
	var rows, bytes int64
	for _, file := range files {
		rows, bytes = rows+file.Rows, bytes+file.Bytes
	}
	count := strconv.Itoa(len(files))
	if j.variant == CopyInto {
		tx.Operation = "COPY INTO"
		tx.Metrics = delta.Values{{Name: "numTargetFilesAdded", Value: count}}
		if tx.Txns, err = j.txns(from); err != nil {
			return err
		}
	} else {
		tx.Operation = "WRITE"
		tx.Parameters = delta.Values{{Name: "mode", Value: "Append"}, {Name: "partitionBy", Value: "[]"}}
		tx.Metrics = delta.Values{{Name: "numFiles", Value: count}}
	}
	tx.Metrics = append(tx.Metrics, delta.Values{
		{Name: "numOutputRows", Value: strconv.FormatInt(rows, 10)}, {Name: "numOutputBytes", Value: strconv.FormatInt(bytes, 10)},
	}...)
	outcome, err := j.log().Commit(ctx, tx)
	if err == nil && outcome.Existing != nil {
		err = failure.New(failure.ConcurrentTxn, "commit", j.table.String())
	}
	if err != nil {
		return j.discard(files, err)
	}
	j.finished.Batches, j.finished.NewFiles, j.finished.RowsWritten = 1, len(from), rows
	j.listener.Happened(progress.Stamped{At: j.lab.now(), Event: progress.TableCommitted{Version: int64(outcome.Version)}})
	return j.listener.Reached(progress.AfterTableCommit)
}

func (j *load) txns(from []checkpoint.SeenFile) ([]delta.Txn, error) {
	at := j.lab.now().UnixMilli()
	txns := make([]delta.Txn, 0, len(from))
	for _, file := range from {
		path, err := checkpoint.DecodeURI(file.URI)
		if err != nil {
			return nil, err
		}
		txns = append(txns, delta.Txn{AppID: j.fileTxn(path), Version: 0, LastUpdated: at})
	}
	return txns, nil
}

// discard removes data files that another COPY INTO made superfluous. After any
// other failure they stay: whether the commit happened may not be known.
func (j *load) discard(files []stream.DataFile, cause error) error {
	if !failure.Is(cause, failure.ConcurrentTxn) {
		return cause
	}
	for _, file := range files {
		if err := j.lab.store.Delete(file.Path); err != nil {
			return failure.Disk("remove", file.Path, err)
		}
	}
	return cause
}
