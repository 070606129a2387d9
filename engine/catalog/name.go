package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"autoloaderlab/engine/failure"
)

// TableName is catalog.schema.table. Unity Catalog stores all object names in
// lower case (Databricks SQL reference, «Names»), and SQL finds them in any
// case. So does the lab: Bronce_Dev and bronce_dev are one catalog, one folder.
type TableName struct{ Catalog, Schema, Table string }

// String writes the name as SQL does, in lower case.
func (n TableName) String() string {
	n = n.folded()
	return n.Catalog + "." + n.Schema + "." + n.Table
}

// NewTableName checks the three parts and folds them to lower case.
func NewTableName(catalog, schema, table string) (TableName, error) {
	n := TableName{catalog, schema, table}
	if err := n.check(); err != nil {
		return TableName{}, err
	}
	return n.folded(), nil
}

// ParseTableName reads catalog.schema.table; all three parts have to be there.
func ParseTableName(s string) (TableName, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return TableName{}, refuse("table name", s, errors.New("it is not catalog.schema.table"))
	}
	return NewTableName(parts[0], parts[1], parts[2])
}

func (n TableName) check() error {
	return cmp.Or(Identifier("catalog", n.Catalog), Identifier("schema", n.Schema), Identifier("table", n.Table))
}

func (n TableName) folded() TableName {
	return TableName{strings.ToLower(n.Catalog), strings.ToLower(n.Schema), strings.ToLower(n.Table)}
}

// A name becomes a folder's name, alone or behind a prefix such as
// "_checkpoint_", and file systems end at 255 bytes. Unity Catalog's own limit,
// 255 characters, would not fit.
const (
	maxRunes = 100
	maxBytes = 200
)

// Identifier checks a widget or a part of a table's name: 1 to 100 letters and
// digits of any script and underscores (and at most 200 bytes). Unity Catalog
// allows more behind backticks; the lab's names need no quotes anywhere. what
// says in the error which value it was. A refusal is failure.WrongUse, and its
// Thing is the value.
func Identifier(what, value string) error {
	return refuse(what, value, misnamed(value, ""))
}

// misnamed tells why value cannot be a folder's name; extra are the characters
// allowed besides letters, digits and underscores.
func misnamed(value, extra string) error {
	switch {
	case value == "":
		return errors.New("it is empty")
	case utf8.RuneCountInString(value) > maxRunes || len(value) > maxBytes || len(strings.ToLower(value)) > maxBytes:
		return fmt.Errorf("it is longer than %d characters or %d bytes", maxRunes, maxBytes)
	}
	for _, r := range value { // broken UTF-8 gives U+FFFD, which is no letter
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && !strings.ContainsRune(extra, r) {
			return fmt.Errorf("%q is not allowed in it", r)
		}
	}
	// The dots of ".." and of hidden files, and those that Windows drops; and its device names.
	if strings.HasPrefix(value, ".") || strings.HasSuffix(value, ".") || !filepath.IsLocal(value) {
		return errors.New("a folder cannot have this name")
	}
	return nil
}

// refuse is nil when there is no reason.
func refuse(what, value string, reason error) error {
	if reason == nil {
		return nil
	}
	return failure.New(failure.WrongUse, "check "+what, value).Because(reason)
}
