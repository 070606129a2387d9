package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Kind says why a folder is in the trash.
type Kind string

// The kinds of entries. Undo brings back the first two; a Replaced one made way
// for something that came back, and stays until a person fetches it.
const (
	KindTable      Kind = "tabla"
	KindCheckpoint Kind = "checkpoint"
	KindReplaced   Kind = "sustituida"
)

// Entry is one deleted folder.
type Entry struct {
	Number    int       // grows with every deletion; never used twice
	Kind      Kind      //
	Name      string    // the table's full name, or the checkpoint's path as the lab's user writes it
	Origin    string    // the absolute folder it was, and will be again
	TrashPath string    // the absolute folder it is now
	At        time.Time // of the deletion
}

// Restored is what Undo did.
type Restored struct {
	Entry    Entry  // is in its Origin again
	Replaced *Entry // what stood there until then; nil when the place was free
}

// record is entrada.json. The origin is relative to the lab, with slashes, so
// that a lab that was moved still finds its places.
type record struct {
	Kind   Kind      `json:"clase"`
	Name   string    `json:"nombre"`
	Origin string    `json:"origen"`
	At     time.Time `json:"hora"`
}

const (
	recordFile    = "entrada.json"
	contentFolder = "contenido"
)

// Drop moves a table with all that is in its folder to the trash. It returns
// false when there is no such table.
func (c *Catalog) Drop(n TableName) (Entry, bool, error) {
	there, err := c.TableExists(n)
	if err != nil || !there {
		return Entry{}, false, err
	}
	entry, err := c.discard(KindTable, c.TableDir(n))
	return entry, err == nil, err
}

// DeleteCheckpoint moves a checkpoint's folder to the trash. It returns false
// when there is none. dir lies below a volume or a table of this lab; any other
// is failure.WrongUse.
func (c *Catalog) DeleteCheckpoint(dir string) (Entry, bool, error) {
	rel, err := c.inside(dir)
	if err != nil {
		return Entry{}, false, err
	}
	if isTablePath(rel) {
		return Entry{}, false, refuse("checkpoint", dir, errors.New("it is a table's folder"))
	}
	info, err := c.store.Stat(filepath.Join(c.root, rel))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Entry{}, false, nil
	case err != nil:
		return Entry{}, false, broken("look for", dir, err)
	case !info.IsDir:
		return Entry{}, false, refuse("checkpoint", dir, errors.New("it is a file"))
	}
	entry, err := c.discard(KindCheckpoint, filepath.Join(c.root, rel))
	return entry, err == nil, err
}

// Undrop brings back the newest dropped table of that name. The name must be
// free (failure.TableExists) and the trash must hold such a table
// (failure.TableNotFound). As in Databricks, it replaces no table; remains in
// the folder that are none go to the trash.
func (c *Catalog) Undrop(n TableName) (Entry, error) {
	there, err := c.TableExists(n)
	if err != nil {
		return Entry{}, err
	}
	if there {
		return Entry{}, failure.New(failure.TableExists, "undrop", n.String())
	}
	entry, found, err := c.newest(func(e Entry) bool { return e.Kind == KindTable && e.Origin == c.TableDir(n) })
	if err != nil {
		return Entry{}, err
	}
	if !found {
		return Entry{}, failure.New(failure.TableNotFound, "undrop", n.String())
	}
	restored, err := c.restore(entry)
	return restored.Entry, err
}

// Undo takes back the last deletion that has not been taken back: false when
// there is none. What stands in its place now goes to the trash first, as
// KindReplaced. Since the last deletion goes first, a table is back before the
// checkpoint that was deleted from inside it. After an error the folder may be
// back all the same; LastDeletion tells what is left to undo.
func (c *Catalog) Undo() (Restored, bool, error) {
	entry, found, err := c.LastDeletion()
	if err != nil || !found {
		return Restored{}, false, err
	}
	restored, err := c.restore(entry)
	return restored, err == nil, err
}

// LastDeletion is what Undo would bring back: false when there is nothing.
func (c *Catalog) LastDeletion() (Entry, bool, error) {
	return c.newest(func(e Entry) bool { return e.Kind != KindReplaced })
}

func (c *Catalog) newest(wanted func(Entry) bool) (Entry, bool, error) {
	entries, err := c.Trash()
	if err != nil {
		return Entry{}, false, err
	}
	for _, entry := range slices.Backward(entries) {
		if wanted(entry) {
			return entry, true, nil
		}
	}
	return Entry{}, false, nil
}

// Trash lists all that is in the trash, oldest first. An entry without content
// is one whose deletion never came about, or was taken back.
func (c *Catalog) Trash() ([]Entry, error) {
	numbers, err := c.numbers()
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, number := range numbers {
		content := filepath.Join(c.entryDir(number), contentFolder)
		there, err := storage.Exists(c.store, content)
		if err != nil {
			return nil, broken("look for", content, err)
		}
		if !there {
			continue
		}
		entry, err := c.readEntry(number)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// discard moves the folder origin to the trash.
func (c *Catalog) discard(kind Kind, origin string) (Entry, error) {
	rel, err := c.inside(origin)
	if err != nil {
		return Entry{}, err
	}
	if err := c.unlinked(filepath.Join(c.root, trashFolder)); err != nil {
		return Entry{}, err
	}
	entry, err := c.announce(kind, rel)
	if err != nil {
		return Entry{}, err
	}
	// If the power goes here, the folder is in its place and the trash has an
	// entry without content, which nobody counts and whose number is spent.
	if err := c.store.Move(entry.Origin, entry.TrashPath); err != nil {
		return Entry{}, broken("move to the trash", origin, err)
	}
	// From here on the folder is in the trash, and its entry says where from.
	return entry, nil
}

// restore moves an entry's folder back to its place.
func (c *Catalog) restore(entry Entry) (Restored, error) {
	if _, err := c.inside(entry.Origin); err != nil {
		return Restored{}, err
	}
	if err := c.unlinked(entry.TrashPath); err != nil {
		return Restored{}, err
	}
	restored := Restored{Entry: entry}
	taken, err := storage.Exists(c.store, entry.Origin)
	if err != nil {
		return Restored{}, broken("look for", entry.Origin, err)
	}
	if taken {
		replaced, err := c.discard(KindReplaced, entry.Origin)
		if err != nil {
			return Restored{}, err
		}
		restored.Replaced = &replaced
	}
	// If the power goes here, the place is free and both folders are in the
	// trash. Undo never counts the replaced one, so this entry is still the last
	// deletion: running it again goes on with the next line.
	if err := c.store.Move(entry.TrashPath, entry.Origin); err != nil {
		return Restored{}, broken("restore", entry.Origin, err)
	}
	// From here on the entry has no content: it is taken back.
	return restored, nil
}

// announce writes the record of a deletion to come, under the next number. The
// numbers of all entries count, with content or without.
func (c *Catalog) announce(kind Kind, rel string) (Entry, error) {
	numbers, err := c.numbers()
	if err != nil {
		return Entry{}, err
	}
	number := 1
	if len(numbers) > 0 {
		number = numbers[len(numbers)-1] + 1
	}
	r := record{Kind: kind, Name: nameOf(rel), Origin: filepath.ToSlash(rel), At: c.now().UTC()}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return Entry{}, failure.Wrap(failure.Internal, "write the record of", rel, err)
	}
	path := filepath.Join(c.entryDir(number), recordFile)
	if err := c.store.PutIfAbsent(path, append(text, '\n')); err != nil {
		return Entry{}, broken("put", path, err)
	}
	return c.entry(number, r), nil
}

// nameOf is how a person calls the folder.
func nameOf(rel string) string {
	parts := strings.Split(filepath.ToSlash(rel), "/")
	switch {
	case isTablePath(rel):
		return strings.Join(parts[1:], ".")
	case parts[0] == volumesFolder:
		return "/" + strings.Join(parts, "/")
	default:
		return strings.Join(parts, "/")
	}
}

func (c *Catalog) readEntry(number int) (Entry, error) {
	path := filepath.Join(c.entryDir(number), recordFile)
	text, err := c.store.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Entry{}, broken("read", path, err)
	}
	r, reason := parseRecord(text)
	if reason != nil {
		return Entry{}, failure.Wrap(failure.DamagedFile, "read", path, reason)
	}
	return c.entry(number, r), nil
}

// parseRecord believes no origin that announce would not have written.
func parseRecord(text []byte) (record, error) {
	var r record
	if err := json.Unmarshal(text, &r); err != nil {
		return record{}, err
	}
	rel := filepath.FromSlash(r.Origin)
	switch {
	case filepath.Clean(rel) != rel || !isDeletable(rel):
		return record{}, fmt.Errorf("origin %q is no place for a table or a checkpoint", r.Origin)
	case r.Kind == KindTable && isTablePath(rel):
	case r.Kind == KindCheckpoint && !isTablePath(rel):
	case r.Kind == KindReplaced:
	default:
		return record{}, fmt.Errorf("kind %q does not go with origin %q", r.Kind, r.Origin)
	}
	return r, nil
}

func (c *Catalog) entry(number int, r record) Entry {
	return Entry{
		Number:    number,
		Kind:      r.Kind,
		Name:      r.Name,
		Origin:    filepath.Join(c.root, filepath.FromSlash(r.Origin)),
		TrashPath: filepath.Join(c.entryDir(number), contentFolder),
		At:        r.At,
	}
}

func (c *Catalog) entryDir(number int) string {
	return filepath.Join(c.root, trashFolder, fmt.Sprintf("%06d", number))
}

// numbers lists the numbers of all entries, ascending. Other names in the trash are not ours.
func (c *Catalog) numbers() ([]int, error) {
	names, err := c.folders(filepath.Join(c.root, trashFolder))
	if err != nil {
		return nil, err
	}
	var numbers []int
	for _, name := range names {
		number, err := strconv.Atoi(name)
		if err == nil && number > 0 && fmt.Sprintf("%06d", number) == name {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// inside gives path relative to the lab's folder, or refuses it: only tables and
// what is below a table or a volume may be moved, both by its name and by where
// links lead.
func (c *Catalog) inside(path string) (string, error) {
	rel, err := filepath.Rel(c.root, path)
	if err != nil || !isDeletable(rel) {
		return "", refuse("folder", path, errors.New("it is no table or checkpoint of this lab"))
	}
	target, err := c.reallyInside(path)
	if err != nil {
		return "", err
	}
	if !isDeletable(target) {
		return "", refuse("folder", path, fmt.Errorf("a link leads it to %s", target))
	}
	return rel, nil
}

// unlinked refuses a path in the trash that a link has led elsewhere.
func (c *Catalog) unlinked(path string) error {
	target, err := c.reallyInside(path)
	if err != nil {
		return err
	}
	if filepath.Join(c.root, target) != path {
		return refuse("folder", path, fmt.Errorf("a link leads it to %s", target))
	}
	return nil
}

// reallyInside is path relative to the lab's folder after following all links.
// The lab's folder may itself be reached by one.
func (c *Catalog) reallyInside(path string) (string, error) {
	root, err := c.follow(c.root)
	if err != nil {
		return "", broken("follow", c.root, err)
	}
	target, err := c.follow(path)
	if err != nil {
		return "", broken("follow", path, err)
	}
	rel, err := filepath.Rel(root, target)
	if err != nil {
		return "", refuse("folder", path, err)
	}
	return rel, nil
}

// follow resolves the links of as much of path as is there.
func (c *Catalog) follow(path string) (string, error) {
	target, err := c.realPath(path)
	if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path {
		return target, err
	}
	parent, err := c.follow(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}

// isDeletable: catalogs/c/s/t and below, and what is below Volumes/c/s/v.
func isDeletable(rel string) bool {
	parts := strings.Split(rel, string(filepath.Separator))
	return filepath.IsLocal(rel) &&
		(parts[0] == tablesFolder && len(parts) >= 4 || parts[0] == volumesFolder && len(parts) >= 5)
}

// isTablePath: catalogs/c/s/t itself.
func isTablePath(rel string) bool {
	parts := strings.Split(rel, string(filepath.Separator))
	return parts[0] == tablesFolder && len(parts) == 4
}
