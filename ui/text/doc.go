// Package text holds every Spanish word of the command and the interface: what
// an error means, what an event tells, what a command does. It knows no
// terminal and no working room of the engine, only the values that cross its
// door (failure, progress) and plain ones.
//
//	explain.go    failure.Class  -> what happened, why, what to try
//	postgres.go   a source database: its failures, its answers
//	use.go        wrong use of the command, in the same three sentences
//	narrate.go    progress.Event -> one line for a person; warnings
//	status.go     the three memories, results of the other commands
//	confirm.go    the questions before something is deleted
//	help.go       commands and flags
//	numbers.go    552 -> «552», 1250 -> «1 250», 13200 -> «13,2 kB»
//	table.go      rows and columns, measured in cells
//	sanitize.go   what comes from data or names, made safe for a terminal
//
// The language is neutral and addresses the reader as «tú». Technical names
// (checkpoint, commit, Auto Loader) stay in English.
package text
