package console

import (
	"strings"
	"unicode"

	"autoloaderlab/ui/editor"
	"autoloaderlab/ui/style"
)

// look is how a character of the statement is painted.
type look struct {
	role style.Role
	bold bool
}

// keywords of Spark's SQL that a student meets.
var keywords = set(`ALL AND ANTI AS ASC BETWEEN BY CASE CAST CROSS DELTA DESC DESCRIBE DETAIL DISTINCT DROP ELSE END EXCEPT EXISTS
EXPLAIN EXTENDED FALSE FIRST FROM FULL GROUP HAVING HISTORY IF ILIKE IN INNER INTERSECT IS JOIN LAST LATERAL LEFT LIKE LIMIT NOT NULL
NULLS OF OFFSET ON OR ORDER OUTER OVER PARTITION QUALIFY RIGHT SELECT SEMI SHOW TABLE TABLES THEN TIMESTAMP TRUE TRY_CAST UNDROP UNION
USING VALUES VERSION WHEN WHERE WINDOW WITH`)

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(words) {
		all[word] = true
	}
	return all
}

// tint gives every character its look. tables are the last parts of the tables'
// names, in lower case: code is coloured only where it names a memory.
func tint(lines [][]rune, tables map[string]bool) [][]look {
	painted := make([][]look, len(lines))
	comment := false // inside /* */
	for i, line := range lines {
		painted[i], comment = tintLine(line, tables, comment)
	}
	return painted
}

func tintLine(line []rune, tables map[string]bool, comment bool) ([]look, bool) {
	looks := make([]look, len(line))
	paint := func(from, to int, l look) {
		for i := from; i < to; i++ {
			looks[i] = l
		}
	}
	for at := 0; at < len(line); {
		end := at + 1
		l := look{role: style.Text}
		switch r := line[at]; {
		case comment || has(line, at, "/*"):
			comment = true
			if i := index(line, at, "*/"); i >= 0 {
				end, comment = i+2, false
			} else {
				end = len(line)
			}
			l.role = style.Dim
		case has(line, at, "--"):
			end, l.role = len(line), style.Dim
		case r == '\'' || r == '"' || r == '`':
			if i := index(line, at+1, string(r)); i >= 0 {
				end = i + 1
			} else {
				end = len(line)
			}
			if r == '`' && tables[strings.ToLower(string(line[at+1:max(end-1, at+1)]))] {
				l.role = style.Table
			}
		case editor.IsWord(r):
			for end < len(line) && editor.IsWord(line[end]) {
				end++
			}
			word := string(line[at:end])
			switch {
			case tables[strings.ToLower(word)]:
				l.role = style.Table
			case strings.EqualFold(word, function):
				l.role = style.Checkpoint
			case keywords[strings.ToUpper(word)] && !unicode.IsDigit(r):
				l = look{style.Strong, true}
			}
		}
		paint(at, end, l)
		at = end
	}
	return looks, comment
}

func has(line []rune, at int, what string) bool {
	return at+len(what) <= len(line) && string(line[at:at+len(what)]) == what
}

func index(line []rune, from int, what string) int {
	for i := from; i+len(what) <= len(line); i++ {
		if has(line, i, what) {
			return i
		}
	}
	return -1
}
