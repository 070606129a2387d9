package console

import (
	"slices"
	"strings"

	"autoloaderlab/ui/editor"
)

// names are what completion knows: the tables' full names and their columns.
type names struct {
	tables  []string
	columns []string // of all tables, each once
}

// lastParts are the tables' own names, in lower case.
func (n names) lastParts() map[string]bool {
	parts := map[string]bool{}
	for _, table := range n.tables {
		parts[strings.ToLower(table[strings.LastIndexByte(table, '.')+1:])] = true
	}
	return parts
}

// function is the one that a student would not guess.
const function = "cloud_files_state"

// beforeTables are the words behind which a table's name comes.
var beforeTables = set("FROM JOIN TABLE TABLES HISTORY DETAIL DESCRIBE DESC EXISTS INTO EXTENDED")

// complete lists what the word that ends at the cursor may become. prefix is
// that word, which the choice replaces. text is the statement up to the cursor.
func (n names) complete(text string) (prefix string, offers []string) {
	prefix = text[strings.LastIndexFunc(text, func(r rune) bool { return !editor.IsWord(r) && r != '.' })+1:]
	before := strings.TrimSuffix(text, prefix)
	if prefix == "" || isQuoted(text) || strings.HasSuffix(before, "`") {
		return "", nil
	}
	before = strings.TrimRight(before, " \n(")
	word := before[strings.LastIndexFunc(before, func(r rune) bool { return !editor.IsWord(r) })+1:]
	wantsTable := beforeTables[strings.ToUpper(word)]
	lower := strings.ToLower(prefix)
	if !wantsTable {
		qualified := lower[strings.LastIndexByte(lower, '.')+1:]
		for _, column := range n.columns {
			if qualified != "" && strings.HasPrefix(strings.ToLower(column), qualified) {
				offers = append(offers, prefix[:len(prefix)-len(qualified)]+column)
			}
		}
	}
	if strings.HasPrefix(function, lower) {
		offers = append(offers, function)
	}
	for _, table := range n.tables {
		if anyPart(strings.ToLower(table), lower) {
			offers = append(offers, table)
		}
	}
	offers = slices.DeleteFunc(offers, func(offer string) bool { return offer == prefix })
	return prefix, slices.Compact(offers)
}

// anyPart tells whether a name may be meant by how its catalog, its schema or the
// table begins, with what follows: «datavision_b», «datavision_bruno.acc».
func anyPart(name, begins string) bool {
	for rest, found := name, true; found; _, rest, found = strings.Cut(rest, ".") {
		if strings.HasPrefix(rest, begins) {
			return true
		}
	}
	return false
}

// isQuoted tells whether the end of the text is inside a string or a comment.
func isQuoted(text string) bool {
	line := text[strings.LastIndexByte(text, '\n')+1:]
	return strings.Count(text, "'")%2 == 1 || strings.Contains(line, "--")
}
