// Package disk shows what is on disk: the three memories with what changed since the
// step before, the last operations, and every file explained.
//
//	memories.go    engine.Inventory, now and before -> Memories, a value
//	panel.go       Memories -> the panel (43 or 36 columns), one line, the preview of a loss
//	operations.go  progress events and actions -> «Qué pasó en el disco»
//	recall.go      engine.Disk -> the same, of what happened before
//	explorer.go    the files as a tree, and one of them opened
//	tree.go        engine.Disk -> the tree's rows
//	explain.go     a file's name and bytes -> Explanation, a value (explain_table.go: of the table's)
//	explanation.go Explanation -> lines
//	explain_own.go what the lab keeps beside the memories
//	json.go        JSON with its order kept, abbreviated and in the memories' hues
//
// What decides is pure; only Explorer.Load reads the disk, and a command calls it.
package disk

import "autoloaderlab/ui/style"

// Memory is one of the three.
type Memory int

// The memories, in the order in which they are always shown.
const (
	Origin Memory = iota
	Checkpoint
	Table
	// Own is no memory: what the lab keeps for itself and for its student.
	Own
)

// memories lists them.
var memories = [3]Memory{Origin, Checkpoint, Table}

func (m Memory) role() style.Role {
	return [4]style.Role{style.Origin, style.Checkpoint, style.Table, style.Strong}[m]
}

// sign is the memory's, hollow when it is not on disk.
func (m Memory) sign(there bool) string {
	if there {
		return [4]string{style.SignOrigin, style.SignCheckpoint, style.SignTable, " "}[m]
	}
	return [4]string{style.NoOrigin, style.NoCheckpoint, style.NoTable, " "}[m]
}
