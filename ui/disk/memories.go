package disk

import (
	"slices"
	"strings"

	"autoloaderlab/engine"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// Memories is the three memories as the panel shows them: a value, made by Remember.
type Memories struct {
	Of [3]Block
	// Compared tells that there was a step before to compare with.
	Compared bool
	// Losing tells that the signs foretell a deletion and not a change.
	Losing bool
	// Table is the source table's name, which file names begin with.
	Table string
}

// Block is one memory.
type Block struct {
	There  bool
	Count  int64  // files, files seen, rows
	Change Change // since the step before
	Files  []File // of the origin only
	Rows   []Row
	// Batch is the checkpoint's newest, -1 when there is none.
	Batch int64
	fresh bool // its count is another than a moment ago
}

// Change is a sign (style.More, Less, Same or Differs; "" for nothing to say) and how much.
type Change struct {
	Sign   string
	Amount int64 // not negative; 0 shows the sign alone
}

// Row is a detail of a memory: «lote  1, confirmado».
type Row struct {
	Label, Value string
	Short        string // where Value does not fit, or has a note; "" is a cut
	Note         string // dim, behind the value: what it was before
	Change       string // a sign and a word at the right edge; "" mostly
	Dim          bool
	ID           bool // Value is an id, of which a part is enough
	fresh        bool // Value is another than a moment ago
}

// File is a line of the origin.
type File struct {
	Name    string
	Rows    int64 // -1 where there is nothing to count
	Sign    string
	Word    string
	changed bool
}

// Remember compares what is on disk now with what was there before the last step;
// before is nil when nobody looked.
func Remember(now engine.Inventory, before *engine.Inventory) Memories {
	m := Memories{Compared: before != nil, Table: now.Status.Widgets.Table}
	m.Of = [3]Block{originBlock(now, before), checkpointBlock(now, before), tableBlock(now, before)}
	return m
}

// Fresh is m with every number in bold that was another in the panel shown before;
// any is false when none was.
func (m Memories) Fresh(shown Memories) (fresh Memories, any bool) {
	for i, block := range m.Of {
		was := shown.Of[i]
		block.fresh = block.There != was.There || block.Count != was.Count
		any = any || block.fresh
		rows := make([]Row, len(block.Rows))
		for k, row := range block.Rows {
			row.fresh = row.Label != "" && !slices.ContainsFunc(was.Rows, func(r Row) bool { return r.Label == row.Label && r.Value == row.Value })
			any = any || row.fresh
			rows[k] = row
		}
		block.Rows = rows
		m.Of[i] = block
	}
	return m, any
}

// Loses is the preview of a deletion: these memories would go, the others stay.
func (m Memories) Loses(gone ...Memory) Memories {
	m.Losing = true
	for _, memory := range memories {
		sign := style.Same
		for _, lost := range gone {
			if lost == memory && m.Of[memory].There {
				sign = style.Less
			}
		}
		m.Of[memory].Change = Change{Sign: sign}
		m.Of[memory].Files = withoutChanges(m.Of[memory].Files)
		rows := make([]Row, 0, len(m.Of[memory].Rows))
		for _, row := range m.Of[memory].Rows {
			row.Note, row.Change = "", ""
			rows = append(rows, row)
		}
		m.Of[memory].Rows = rows
	}
	return m
}

// withoutChanges leaves out what files were, and keeps whether they were seen.
func withoutChanges(files []File) []File {
	var kept []File
	for _, file := range files {
		if file.Sign == style.Less && file.Word == text.DiskWordGone {
			continue
		}
		if file.Sign == style.More {
			file.Sign, file.Word = style.Same, text.DiskWordSeen
		}
		file.changed = false
		kept = append(kept, file)
	}
	return kept
}

// Changed tells whether anything differs from the step before.
func (m Memories) Changed() bool {
	for _, block := range m.Of {
		if block.Change.Sign == style.More || block.Change.Sign == style.Less || block.Change.Sign == style.Differs {
			return true
		}
		for _, file := range block.Files {
			if file.changed {
				return true
			}
		}
		for _, row := range block.Rows {
			if row.Note != "" || row.Change != "" {
				return true
			}
		}
	}
	return false
}

// compare is the change of a count. A memory that was not there had nothing.
func compare(now int64, before *int64) Change {
	if before == nil {
		return Change{}
	}
	switch {
	case now > *before:
		return Change{style.More, now - *before}
	case now < *before:
		return Change{style.Less, *before - now}
	default:
		return Change{Sign: style.Same}
	}
}

// another tells of a memory with the same count that its id is not the same.
func (c *Change) another(was, is string) {
	if c.Sign == style.Same && was != "" && is != "" && was != is {
		c.Sign = style.Differs
	}
}

func originBlock(now engine.Inventory, before *engine.Inventory) Block {
	block := Block{There: len(now.Files) > 0, Count: int64(now.Status.Source.Files)}
	if before != nil {
		was := int64(before.Status.Source.Files)
		block.Change = compare(block.Count, &was)
	}
	block.Files = files(now, before)
	return block
}

// files lists what is in the origin, and what was in it at the step before, by name.
func files(now engine.Inventory, before *engine.Inventory) []File {
	was := map[string]engine.SourceFile{}
	if before != nil {
		for _, file := range before.Files {
			was[file.Name] = file
		}
	}
	checkpoint := now.Status.Checkpoint
	loaded := or(checkpoint.PlannedBatch, -1) == or(checkpoint.ConfirmedBatch, -1)
	var list []File
	for _, file := range now.Files {
		old, known := was[file.Name]
		delete(was, file.Name)
		list = append(list, fileOf(file, old, known, before != nil, loaded))
	}
	if before != nil {
		for _, file := range before.Files {
			if _, gone := was[file.Name]; gone {
				list = append(list, File{file.Name, -1, style.Less, text.DiskWordGone, true})
			}
		}
	}
	slices.SortFunc(list, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func fileOf(file, old engine.SourceFile, known, compared, loaded bool) File {
	of := File{Name: file.Name, Rows: file.Rows, changed: true}
	switch {
	case compared && !known:
		of.Sign, of.Word = style.More, text.DiskWordNew
		if file.Seen && loaded { // it came, and a load has read it to its end
			of.Word = text.DiskWordSeen
		}
	case known && (file.SizeBytes != old.SizeBytes || !file.ModTime.Equal(old.ModTime)):
		of.Sign, of.Word = compare(file.Rows, &old.Rows).Sign, text.DiskWordChanged
		if of.Sign == style.Same { // as many rows, and not the same ones
			of.Sign = style.Differs
		}
	case known && file.Seen && !old.Seen:
		of.Sign, of.Word = style.More, text.DiskWordSeen
	case file.Seen:
		of.Sign, of.Word, of.changed = style.Same, text.DiskWordSeen, false
	default:
		of.Sign, of.Word, of.changed = style.Waiting, text.DiskWordUnseen, known && old.Seen
	}
	return of
}

func checkpointBlock(now engine.Inventory, before *engine.Inventory) Block {
	status := now.Status.Checkpoint
	block := Block{There: status.Exists, Batch: -1}
	switch now.Status.Variant {
	case engine.CopyInto:
		block.Rows = []Row{{Value: text.DiskNoCheckpointVariant + ":", Dim: true}, {Value: text.DiskMemoryInTable, Dim: true}}
		return block
	case engine.NoCheckpoint:
		block.Rows = []Row{{Value: text.DiskNoCheckpointVariant + ":", Dim: true}, {Value: text.DiskMemoryNowhere, Dim: true}}
		return block
	}
	if status.SeenFiles != nil {
		block.Count = int64(*status.SeenFiles)
	}
	var was engine.CheckpointStatus
	if before != nil {
		was = before.Status.Checkpoint
		seen := int64(or(was.SeenFiles, 0))
		block.Change = compare(block.Count, &seen)
		if was.Exists != status.Exists && block.Change.Amount == 0 {
			block.Change = Change{Sign: map[bool]string{true: style.More, false: style.Less}[status.Exists]}
		}
		block.Change.another(or(was.QueryID, ""), or(status.QueryID, ""))
	}
	if !status.Exists {
		block.Rows = []Row{absent(was.Exists || now.TrashedCheckpoints > 0)}
		return block
	}
	planned, confirmed := int64(or(status.PlannedBatch, -1)), int64(or(status.ConfirmedBatch, -1))
	block.Batch = max(planned, confirmed)
	block.Rows = []Row{
		queryRow(status, was),
		{Label: text.DiskLabelBatch, Value: text.DiskBatchState(planned, confirmed, false), Short: text.DiskBatchState(planned, confirmed, true)},
		schemaRow(status, was),
	}
	if was.ConfirmedBatch != nil && planned == confirmed && int64(*was.ConfirmedBatch) > confirmed {
		block.Rows[1].Note = text.DiskBefore(int64(*was.ConfirmedBatch))
	}
	return block
}

func queryRow(status, was engine.CheckpointStatus) Row {
	row := Row{Label: text.DiskLabelQuery, ID: true, Value: or(status.QueryID, "")}
	if row.Value == "" {
		row.Value, row.Dim, row.ID = text.DiskNotYetThere, true, false
	}
	if was.QueryID != nil && *was.QueryID != or(status.QueryID, "") {
		row.Change = style.More + " " + text.DiskWordOther
	}
	return row
}

func schemaRow(status, was engine.CheckpointStatus) Row {
	row := Row{Label: text.DiskLabelSchema, Value: text.DiskNoSchema, Dim: true}
	if status.SchemaVersion != nil {
		row.Value, row.Dim = text.DiskSchemaState(*status.SchemaVersion), false
		if was.SchemaVersion != nil && *was.SchemaVersion != *status.SchemaVersion {
			row.Note = text.DiskBefore(*was.SchemaVersion)
		}
	}
	return row
}

func tableBlock(now engine.Inventory, before *engine.Inventory) Block {
	status := now.Status.Table
	block := Block{There: status.Exists, Count: or(status.Rows, 0)}
	var was engine.TableStatus
	if before != nil {
		was = before.Status.Table
		rows := or(was.Rows, 0)
		block.Change = compare(block.Count, &rows)
		if was.Exists != status.Exists && block.Change.Amount == 0 {
			block.Change = Change{Sign: map[bool]string{true: style.More, false: style.Less}[status.Exists]}
		}
		block.Change.another(before.TableID, now.TableID)
	}
	if status.Exists {
		block.Rows = tableRows(now, was)
	} else {
		block.Rows = []Row{absent(was.Exists || now.TrashedTables > 0)}
	}
	if trash := text.DiskTrash(int64(now.TrashedTables), int64(now.TrashedCheckpoints)); trash != "" {
		block.Rows = append(block.Rows, Row{Label: text.DiskLabelTrash, Value: trash})
	}
	return block
}

func tableRows(now engine.Inventory, was engine.TableStatus) []Row {
	status := now.Status.Table
	version := Row{Label: text.DiskLabelVersion, Value: text.Number(or(status.Version, 0))}
	if was.Version != nil && *was.Version != *status.Version {
		version.Note = text.DiskBefore(*was.Version)
	}
	named := int64(or(status.Files, 0))
	data := Row{Label: text.DiskLabelData, Value: text.DiskDataFiles(named, int64(now.Unnamed)), Short: text.DiskDataFilesShort(named, int64(now.Unnamed))}
	if was.Files != nil && int64(*was.Files) != named {
		data.Note = text.DiskBefore(int64(*was.Files))
	}
	rows := []Row{version, data}
	if bytes := or(status.Bytes, 0); bytes > 0 {
		rows = append(rows, Row{Label: text.DiskLabelSize, Value: text.Bytes(bytes)})
	}
	return rows
}

func absent(was bool) Row {
	if was {
		return Row{Value: text.DiskNoLongerThere, Dim: true}
	}
	return Row{Value: text.DiskNotYetThere, Dim: true}
}

// or is what p points to, or a value of its own.
func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// fileName brings a file's name to w columns. Names that begin with their table's
// differ at their end, in the day; of others the beginning and the extension stay.
func fileName(t style.Theme, name, table string, w int) string {
	name = text.Sanitize(name)
	if rest, found := strings.CutPrefix(name, table+"_"); found && table != "" && rest != "" {
		return t.CutLeft(style.Ellipsis+"_"+rest, w)
	}
	return t.CutMiddle(name, w)
}
