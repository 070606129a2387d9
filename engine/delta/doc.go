// Package delta keeps tables: it reads and writes the Delta Lake log.
//
// A table is a folder. What is in it is said by its log alone: a data file that
// no version adds is garbage, and a file that a version adds is never changed.
//
//	account_premium_features/
//	  part-00000-<uuid>-c000.snappy.parquet     data, named by an add
//	  _delta_log/
//	    00000000000000000000.json               version 0: commitInfo, metaData, protocol
//	    00000000000000000001.json               version 1: commitInfo, txn, add, add …
//	    …
//	    00000000000000000010.json
//	    00000000000000000010.checkpoint.parquet all that versions 0 to 10 amount to
//	    _last_checkpoint                        where the newest of these is, a hint for other readers
//
// A version is a file of JSON lines, one action a line, that appears whole and
// is never replaced. Committing is putting the next number there first:
//
//	Snapshot ──▶ Transaction ──▶ put 0…N+1.json if absent ──▶ Outcome
//	(version N)                        │ taken
//	                                   ▼
//	                     read the winner: does it disturb us?
//	                        no: try N+2      yes: a failure, or Existing
//
// Putting if absent is safe against any number of our own processes, and of
// others that link or rename without overwriting. Spark's local log store looks
// and then renames: a Spark that writes in the same instant can still win a
// number that was taken.
//
// The checkpoint here is the log's own (LogCheckpoint in our words), which
// spares readers the older versions. It has nothing to do with a stream's
// checkpoint folder.
//
// Formats and rules follow delta-io/delta, PROTOCOL.md; where that leaves a
// choice, we write what Spark 4.0 with Delta Lake 4.0 writes. New tables are
// reader version 1, writer version 2.
package delta
