// Package engine is an incremental load on one's own disk, with nothing staged:
// real files discovered, a real Structured Streaming checkpoint, a real Delta
// table, counted by DuckDB. Lab is its façade; the rooms are the pipeline:
//
//	PostgreSQL ─▶ extract ─▶ autoloader ─▶ schema ─▶ stream ─▶ parquet ─▶ delta ─▶ checkpoint ─▶ query
//	 (source)     one day    discovers,    infers,   one       rows →     add +    commits/N     DuckDB
//	              lands      reads,        evolves   micro-    columns    txn                    counts
//	              whole      rescues                 batch
//
// catalog gives names their folders, progress tells what happened, storage is
// the only hand on the disk, failure names what went wrong.
//
// The lab's folder:
//
//	<dir>/
//	  lab.json                              the simulated day, the widgets, where the folder was
//	  Volumes/<landing>/<table>/*.csv       what the extraction lands
//	  Volumes/<bronze>/_checkpoint_<alumno>/<table>/
//	  catalogs/<catalog>/<schema>/<table>/  _delta_log/ *.parquet
//	  papelera/                             dropped tables and deleted checkpoints
//	  apartados/                            files that were moved out of a landing folder
//	  cache/                                rows of source files, by path, size and time
//	  extraccion/cursor.json                which days were extracted
//	  extraccion/fuente/*.csv               days of the bundled source that changed later
//	  postgres/                             the lab's own PostgreSQL, if it has one
//	  bloqueos/                             locks; empty files
package engine
