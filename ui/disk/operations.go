package disk

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// Operation is one thing that happened on disk.
type Operation struct {
	At     time.Time
	Memory Memory
	Gone   bool // it is there no more: the sign is hollow
	Broken bool // no memory was touched: a run that ended badly
	Name   string
	What   string
}

// keptOperations bounds the list: the screen shows the last few.
const keptOperations = 200

// Operations is «Qué pasó en el disco»: what loads and actions did, in order. Its
// zero value is an empty list; it is the model's own and not safe for use by two
// goroutines.
type Operations struct {
	list  []Operation
	title string
	today time.Time // zero: nothing is of another day
	// What is known of the disk, to name what an event does not name.
	entry   int64 // newest of sources/0; below -1: unknown
	version int64 // the table's; -1: no table
	planned int64 // newest of offsets/; -1: none
	known   bool
	was     engine.Status // before the load or the action
	written int           // data files of the batch so far
	commits bool          // this run has told a version of the table
}

// Begin tells what is on disk before a load or an action. Without it the entries of
// the source log have no numbers.
func (o *Operations) Begin(now engine.Inventory) {
	o.entry, o.version, o.planned, o.known, o.was = now.SourceEntry, -1, -1, true, now.Status
	if now.Status.Checkpoint.PlannedBatch != nil {
		o.planned = int64(*now.Status.Checkpoint.PlannedBatch)
	}
	if now.Status.Table.Version != nil {
		o.version = *now.Status.Table.Version
	}
	o.written, o.commits = 0, false
}

// Clear empties the list, for another lesson or lab.
func (o *Operations) Clear() { *o = Operations{} }

// All lists the operations, oldest first.
func (o *Operations) All() []Operation { return o.list }

// Happened takes an event of a load.
func (o *Operations) Happened(s progress.Stamped) {
	add := func(memory Memory, name, what string) {
		o.add(Operation{At: s.At, Memory: memory, Name: name, What: what})
	}
	batch := int64(-1)
	if s.Batch != nil {
		batch = *s.Batch
		o.title = text.DiskBatchTitle(batch, false)
	}
	o.created(s)
	switch e := s.Event.(type) {
	case progress.Listed:
		o.title, o.written, o.commits = text.DiskNoBatch, 0, false
	case progress.Discovered:
		o.written = 0
		add(Checkpoint, o.discovered(s.Replayed), did(s.Replayed, text.DiskDidDiscover))
	case progress.Planned:
		add(Checkpoint, "offsets/"+strconv.FormatInt(batch, 10), did(o.known && batch <= o.planned, text.DiskDidPlan))
	case progress.Written:
		o.written++
		add(Table, lastPart(e.Path), text.Rows(e.Rows))
	case progress.TableCommitted:
		o.version, o.commits = e.Version, true
		add(Table, versionFile(e.Version), text.DiskCommittedBy(e.Version, int64(o.written), batch))
	case progress.AlreadyInTable:
		o.commits = true
		add(Table, "_delta_log/", text.DiskAlreadyIn(e.TxnVersion))
	case progress.Confirmed:
		add(Checkpoint, "commits/"+strconv.FormatInt(batch, 10), text.DiskDidConfirm)
	case progress.Finished:
		o.finished(s.At, e)
	}
}

// created tells version 0 of a table that was not there: a load makes it, empty, before
// its first batch, and no event names it.
func (o *Operations) created(s progress.Stamped) {
	switch s.Event.(type) {
	case progress.Discovered, progress.Planned, progress.Written, progress.TableCommitted:
	default:
		return
	}
	if o.known && o.version < 0 {
		o.version = 0
		o.add(Operation{At: s.At, Memory: Table, Name: versionFile(0), What: text.DiskSchemaState(0)})
	}
}

// did says of what was there before the run that it was found, not written.
func did(found bool, what string) string {
	if found {
		return text.DiskWasThere
	}
	return what
}

// discovered names the entry of the source log that a batch's discovery wrote. Its
// number is the log's own: each discovery writes the next entry, and every tenth as
// a compacted one (Spark, CompactibleFileStreamLog). A batch that is run again finds
// the entry there.
func (o *Operations) discovered(replayed bool) string {
	if !o.known {
		return "sources/0/"
	}
	if !replayed {
		o.entry++
	}
	name := "sources/0/" + strconv.FormatInt(max(o.entry, 0), 10)
	if o.entry%10 == 9 {
		name += ".compact"
	}
	return name
}

// finished tells the version that a run without a batch made: an empty table.
func (o *Operations) finished(at time.Time, e progress.Finished) {
	switch {
	case e.State == progress.Failed:
		o.add(Operation{At: at, Broken: true, Name: text.DiskLoadFailed, What: text.DiskDidFail})
	case e.State == progress.Cancelled:
		o.add(Operation{At: at, Broken: true, Name: text.DiskLoadFailed, What: text.DiskDidCancel})
	case e.TableVersion != nil && !o.commits && o.known && *e.TableVersion != o.version:
		o.version = *e.TableVersion
		o.add(Operation{At: at, Memory: Table, Name: versionFile(o.version), What: text.DiskSchemaState(o.version)})
	}
}

// Killed tells that the engine was killed at a seam; nothing of it can tell itself.
func (o *Operations) Killed(at time.Time) {
	o.Paused(false)
	o.add(Operation{At: at, Broken: true, Name: text.DiskLoadKilled, What: text.DiskDidKill})
}

// Paused marks the title of the list while the engine waits at a seam.
func (o *Operations) Paused(paused bool) {
	o.title = strings.TrimSuffix(o.title, text.DiskPausedSuffix)
	if paused && o.title != "" && o.title != text.DiskNoBatch {
		o.title += text.DiskPausedSuffix
	}
}

// Acted takes what an action of the engine did, and how the disk is since: nothing when
// it names no path, but for a statement, which names none.
func (o *Operations) Acted(at time.Time, action engine.Action, now engine.Status) {
	defer func() { o.was = now }()
	if action.Action == statement {
		o.stated(at, now)
	}
	if len(action.Paths) == 0 {
		return
	}
	o.title = text.DiskNoBatch
	gone := func(memory Memory, name, what string) {
		o.add(Operation{At: at, Memory: memory, Gone: true, Name: name, What: what})
	}
	last := lastPart(action.Paths[len(action.Paths)-1])
	first := lastPart(action.Paths[0])
	switch action.Action {
	case "borrar-tabla":
		o.version = -1
		gone(Table, text.DiskDropTable, text.DiskDidTrash)
		o.inner(at, now)
	case "borrar-checkpoint":
		o.entry = -1
		gone(Checkpoint, text.DiskCheckpoint, text.DiskDidTrash)
	case "deshacer":
		o.undone(at, action.Paths[0], now)
	case "reiniciar":
		o.list, o.known = nil, false
		o.add(Operation{At: at, Memory: Origin, Name: text.DiskEverything, What: text.DiskDidReset})
	case "archivo quitar":
		gone(Origin, first, text.DiskDidLeave)
	case "archivo cambiar":
		o.add(Operation{At: at, Memory: Origin, Name: first, What: text.DiskDidChange})
	case "archivo renombrar":
		gone(Origin, first, text.DiskDidLeave)
		o.add(Operation{At: at, Memory: Origin, Name: last, What: text.DiskDidLand})
	default: // a day passed, or files were brought
		for _, path := range action.Paths {
			o.add(Operation{At: at, Memory: Origin, Name: lastPart(path), What: text.DiskDidLand})
		}
	}
}

// statement is the action that SQL is.
const statement = "sql"

// stated tells the table that a statement dropped or brought back.
func (o *Operations) stated(at time.Time, now engine.Status) {
	switch was := o.was.Table.Exists; {
	case was && !now.Table.Exists:
		o.version = -1
		o.add(Operation{At: at, Memory: Table, Gone: true, Name: text.DiskDropTable, What: text.DiskDidTrash})
	case !was && now.Table.Exists:
		o.known = false // until somebody looks
		o.add(Operation{At: at, Memory: Table, Name: text.DiskUndropTable, What: text.DiskDidReturn})
	default:
		return
	}
	o.title = text.DiskNoBatch
	o.inner(at, now)
}

// inner tells the checkpoint that went or came with the table it is in.
func (o *Operations) inner(at time.Time, now engine.Status) {
	switch was := o.was.Checkpoint.Exists; {
	case was && !now.Checkpoint.Exists:
		o.entry = -1
		o.add(Operation{At: at, Memory: Checkpoint, Gone: true, Name: text.DiskCheckpoint, What: text.DiskDidGoAlong})
	case !was && now.Checkpoint.Exists:
		o.add(Operation{At: at, Memory: Checkpoint, Name: text.DiskCheckpoint, What: text.DiskDidReturn})
	}
}

// undone tells what is in its place again, and what had to make way for it.
func (o *Operations) undone(at time.Time, path string, now engine.Status) {
	memory, name, taken := Table, lastPart(path), o.was.Table.Exists && path == o.was.Table.Path
	if strings.Contains(filepath.ToSlash(path), "/_checkpoint") {
		memory, name, taken = Checkpoint, text.DiskCheckpoint, o.was.Checkpoint.Exists && path == o.was.Checkpoint.Path
	}
	if o.known && taken {
		o.add(Operation{At: at, Memory: memory, Gone: true, Name: name, What: text.DiskDidTrash})
	}
	o.add(Operation{At: at, Memory: memory, Name: name, What: text.DiskDidReturn})
	if o.known && memory == Table {
		o.inner(at, now)
	}
	o.known = false // until somebody looks
}

func (o *Operations) add(op Operation) {
	o.list = append(o.list, op)
	if extra := len(o.list) - keptOperations; extra > 0 {
		o.list = slices.Delete(o.list, 0, extra)
	}
}

func versionFile(version int64) string { return fmt.Sprintf("_delta_log/%020d.json", version) }

// lastPart is a path's name, whichever way its slashes lean.
func lastPart(path string) string {
	path = strings.TrimRight(filepath.ToSlash(path), "/")
	return path[strings.LastIndex(path, "/")+1:]
}

// View draws the list's title and its last operations in exactly w columns and h rows.
// table is the source table's name, which file names begin with.
func (o *Operations) View(t style.Theme, w, h int, table string) string {
	lines := []string{t.Row(t.Heading(text.DiskOperationsTitle), t.Text(style.Dim, o.title), w), ""}
	last := o.list
	if room := max(h-len(lines), 0); len(last) > room {
		last = last[len(last)-room:]
	}
	for _, op := range last {
		lines = append(lines, op.line(t, w, table, o.today))
	}
	if len(o.list) == 0 {
		lines = append(lines, t.Text(style.Dim, text.DiskNothingHappened))
	}
	return t.Fit(lines, w, h)
}

func (op Operation) line(t style.Theme, w int, table string, today time.Time) string {
	when := op.At.Local().Format(time.TimeOnly)
	if !today.IsZero() && op.At.Local().Format(time.DateOnly) != today.Local().Format(time.DateOnly) {
		when = t.Pad(text.DayAndMonth(op.At.Local()), len(time.TimeOnly))
	}
	what := t.Text(style.Dim, op.What)
	sign := t.Mark(op.Memory.role(), op.Memory.sign(!op.Gone))
	if op.Broken {
		sign = t.Mark(style.Bad, style.Failed)
	}
	head := sign + " " + t.Text(style.Dim, when) + "  "
	room := w - style.Width(head) - 1 - style.Width(what)
	return t.Row(head+t.Text(style.Text, pathName(t, op.Name, table, room)), what, w)
}

// pathName brings the name of any file of the lab to w columns, by the part of it
// that tells it from the others.
func pathName(t style.Theme, name, table string, w int) string {
	name = text.Sanitize(name)
	for _, short := range shorter(name) {
		if style.Width(short) <= w {
			return short
		}
	}
	return fileName(t, name, table, w)
}

// shorter are the ways to write a name, the longest first.
func shorter(name string) []string {
	ways := []string{name}
	if digits, found := strings.CutPrefix(name, "_delta_log/"); found && len(digits) > 20 {
		tail := style.Ellipsis + digits[18:]
		return append(ways, "_delta_log/"+tail, tail)
	}
	if strings.HasSuffix(name, ".checkpoint.parquet") && len(name) > 30 {
		return append(ways, style.Ellipsis+name[len(name)-len("10.checkpoint.parquet"):])
	}
	if strings.HasPrefix(name, "part-") && strings.HasSuffix(name, ".parquet") && len(name) > 30 {
		return append(ways, name[:19]+style.Ellipsis+".parquet", name[:10]+style.Ellipsis+".parquet", name[:10]+style.Ellipsis)
	}
	return ways
}
