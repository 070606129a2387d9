package disk

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/ui/text"
)

// Recall is what the disk still tells of what happened to it before somebody looked:
// the files of checkpoint, table and trash, by their times. Of what happened on another
// day than now the day is told, and not the time.
func Recall(disk engine.Disk, records engine.Records, now time.Time) Operations {
	h := hindsight{records: records}
	h.checkpoint(disk.Checkpoint)
	h.table(disk.Table)
	h.trash(disk)
	slices.SortStableFunc(h.found, func(a, b trace) int {
		// A load's writes follow each other faster than some file systems count time.
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.batch, b.batch), cmp.Compare(a.step, b.step))
	})
	o := Operations{today: now}
	for _, t := range h.found {
		o.add(t.Operation)
		o.title = text.DiskNoBatch
		if t.batch >= 0 {
			o.title = text.DiskBatchTitle(t.batch, false)
		}
	}
	return o
}

// hindsight gathers traces.
type hindsight struct {
	records engine.Records
	found   []trace
}

// trace is an operation that left something on disk.
type trace struct {
	Operation
	batch int64 // -1: of none
	step  int   // its place in a batch
}

// The steps of a batch, in their order.
const (
	discovering = iota
	planning
	writing
	committing
	confirming
)

func (h *hindsight) saw(at time.Time, memory Memory, step int, batch int64, name, what string) {
	h.found = append(h.found, trace{Operation{At: at, Memory: memory, Name: name, What: what}, batch, step})
}

func (h *hindsight) checkpoint(folder engine.Folder) {
	for _, of := range []struct {
		name, what string
		step       int
	}{{"sources/0", text.DiskDidDiscover, discovering}, {"offsets", text.DiskDidPlan, planning}, {"commits", text.DiskDidConfirm, confirming}} {
		for _, file := range below(folder, of.name).Files {
			n, isEntry := number(strings.TrimSuffix(file.Name, ".compact"))
			if !isEntry {
				continue
			}
			if of.step == discovering {
				n = h.batchOf(n)
			}
			h.saw(file.ModTime, Checkpoint, of.step, n, of.name+"/"+file.Name, of.what)
		}
	}
}

// batchOf is the batch that a source log's entry belongs to: the first whose plan
// reaches as far.
func (h *hindsight) batchOf(entry int64) int64 {
	batch := int64(-1)
	for n, to := range h.records.Plans {
		if to >= entry && (batch < 0 || n < batch) {
			batch = n
		}
	}
	return batch
}

func (h *hindsight) table(folder engine.Folder) {
	adds := map[int64]int64{} // data files of a version
	for _, add := range h.records.Adds {
		adds[add.Version]++
	}
	for _, file := range folder.Files {
		if add, named := h.records.Adds[file.Name]; named {
			h.saw(file.ModTime, Table, writing, h.txn(add.Version), file.Name, text.Rows(max(add.Rows, 0)))
		}
	}
	for _, file := range below(folder, "_delta_log").Files {
		digits, isVersion := strings.CutSuffix(file.Name, ".json")
		version, isNumber := number(digits)
		if isVersion && isNumber {
			batch := h.txn(version)
			h.saw(file.ModTime, Table, committing, batch, "_delta_log/"+file.Name, text.DiskCommittedBy(version, adds[version], batch))
		}
	}
}

// txn is the batch that a version of the table remembers, -1 for none.
func (h *hindsight) txn(version int64) int64 {
	if batch, known := h.records.Txns[version]; known {
		return batch
	}
	return -1
}

// trash tells this pipeline's deletions: the lab's others are of other tables.
func (h *hindsight) trash(disk engine.Disk) {
	for _, e := range disk.Trash {
		memory, name := Table, text.DiskDropTable
		switch e.Origin {
		case disk.Checkpoint.Path:
			memory, name = Checkpoint, text.DiskCheckpoint
		case disk.Table.Path:
		default:
			continue
		}
		if memory == Table && e.Replaced() {
			name = lastPart(e.Origin)
		}
		h.threw(e.At, memory, name, text.DiskDidTrash)
		if rest, err := filepath.Rel(disk.Table.Path, disk.Checkpoint.Path); memory == Table && err == nil && CountFiles(below(e.Folder, filepath.ToSlash(rest))) > 0 {
			h.threw(e.At, Checkpoint, text.DiskCheckpoint, text.DiskDidGoAlong)
		}
	}
}

func (h *hindsight) threw(at time.Time, memory Memory, name, what string) {
	h.found = append(h.found, trace{Operation{At: at, Memory: memory, Gone: true, Name: name, What: what}, -1, confirming})
}

// below is a folder in a folder, empty when it is not there.
func below(folder engine.Folder, path string) engine.Folder {
	for _, name := range strings.Split(path, "/") {
		at := slices.IndexFunc(folder.Folders, func(inner engine.Folder) bool { return filepath.Base(inner.Path) == name })
		if at < 0 {
			return engine.Folder{}
		}
		folder = folder.Folders[at]
	}
	return folder
}

func number(digits string) (int64, bool) {
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n >= 0
}
