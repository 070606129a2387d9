// Package catalog turns Unity Catalog's names into folders of the lab, and
// keeps what a student deletes until it is wanted again.
//
//	catalog.schema.table              <root>/catalogs/<catalog>/<schema>/<table>/    _delta_log/ *.parquet
//	/Volumes/<catalog>/<schema>/<v>   <root>/Volumes/<catalog>/<schema>/<v>/
//	the trash                         <root>/papelera/<000001>/                      entrada.json contenido/
//
// Nothing is registered anywhere: a table is a folder that holds a Delta log,
// so what a Spark writes into the folder is a table too, and what somebody
// deletes by hand is none.
//
// Nothing is ever removed. DROP TABLE and the deletion of a checkpoint are one
// rename into the trash, UNDROP and undo are one rename out of it, so at every
// moment a folder is in its place or in the trash, whole. An entry of the trash
// counts while it has its contenido; trash.go says what is on disk at each seam.
//
// The trash is safe against a crash at any moment. It is not an arbiter: whoever
// changes tables or checkpoints from several processes holds a lock.
package catalog

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Folders at the top of the lab.
const (
	tablesFolder  = "catalogs"
	volumesFolder = "Volumes"
	trashFolder   = "papelera"
)

// Catalog finds tables and volumes in one lab folder.
type Catalog struct {
	store storage.Store
	root  string
	now   func() time.Time
	// realPath follows the links of a path. Stores follow them silently, and a
	// deletion has to know where it would lead.
	realPath func(string) (string, error)
}

// New returns the catalog of the lab in root, an absolute path. It touches
// nothing. Deletions get their times from now.
func New(store storage.Store, root string, now func() time.Time) *Catalog {
	return &Catalog{store: store, root: filepath.Clean(root), now: now, realPath: filepath.EvalSymlinks}
}

// TableDir is a table's folder, there or not.
func (c *Catalog) TableDir(n TableName) string {
	n = n.folded()
	return under(filepath.Join(c.root, tablesFolder), n.Catalog, n.Schema, n.Table)
}

// VolumeDir is a volume's folder, or a folder in it, there or not.
func (c *Catalog) VolumeDir(v Volume, more ...string) string {
	base := v.local
	if !v.IsLocal() {
		base = under(filepath.Join(c.root, volumesFolder), v.parts...)
	}
	return under(base, more...)
}

// CheckpointDir is where the notebook keeps the checkpoint of a student's load
// into table: in the bronze volume, out of the reach of DROP TABLE.
func (c *Catalog) CheckpointDir(bronze Volume, student, table string) string {
	return c.VolumeDir(bronze, "_checkpoint_"+student, table)
}

// InnerCheckpointDir is the checkpoint's place inside the table's own folder,
// which Unity Catalog forbids: there DROP TABLE takes it along.
func (c *Catalog) InnerCheckpointDir(n TableName) string {
	return filepath.Join(c.TableDir(n), "_checkpoint")
}

// under joins parts to base; no part leads out of it, whatever its text.
func under(base string, parts ...string) string {
	return filepath.Join(base, filepath.Join(append([]string{string(filepath.Separator)}, parts...)...))
}

// Tables lists the tables, ordered by name. Folders whose names no table can
// have are passed over.
func (c *Catalog) Tables() ([]TableName, error) {
	var tables []TableName
	top := filepath.Join(c.root, tablesFolder)
	catalogs, err := c.folders(top)
	if err != nil {
		return nil, err
	}
	for _, catalog := range catalogs {
		schemas, err := c.folders(filepath.Join(top, catalog))
		if err != nil {
			return nil, err
		}
		for _, schema := range schemas {
			found, err := c.tablesOf(catalog, schema)
			if err != nil {
				return nil, err
			}
			tables = append(tables, found...)
		}
	}
	return tables, nil
}

func (c *Catalog) tablesOf(catalog, schema string) ([]TableName, error) {
	names, err := c.folders(filepath.Join(c.root, tablesFolder, catalog, schema))
	if err != nil {
		return nil, err
	}
	var tables []TableName
	for _, name := range names {
		table := TableName{catalog, schema, name}
		if table.check() != nil || table != table.folded() {
			continue
		}
		there, err := c.TableExists(table)
		if err != nil {
			return nil, err
		}
		if there {
			tables = append(tables, table)
		}
	}
	return tables, nil
}

// folders lists the names of the folders in dir; none when dir is missing.
func (c *Catalog) folders(dir string) ([]string, error) {
	entries, err := c.store.List(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, broken("list", dir, err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir {
			names = append(names, entry.Name)
		}
	}
	return names, nil
}

// TableExists tells whether the folder of n holds a Delta log with at least one
// file of it: an empty _delta_log, or one with a half-written first version, is
// a table to nobody.
func (c *Catalog) TableExists(n TableName) (bool, error) {
	if err := n.check(); err != nil {
		return false, err
	}
	log := filepath.Join(c.TableDir(n), "_delta_log")
	entries, err := c.store.List(log)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, broken("list", log, err)
	}
	for _, entry := range entries {
		if isLogFile(entry) {
			return true, nil
		}
	}
	return false, nil
}

// isLogFile: versions and checkpoints of a Delta log all begin with their
// version's digits (Delta protocol, «File Types»).
func isLogFile(e storage.Entry) bool {
	return !e.IsDir && strings.IndexByte("0123456789", e.Name[0]) >= 0
}

// broken gives a failure of the disk its class.
func broken(op, thing string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return failure.Wrap(failure.DiskFull, op, thing, err)
	case errors.Is(err, fs.ErrPermission):
		return failure.Wrap(failure.NoPermission, op, thing, err)
	default:
		return failure.Wrap(failure.Storage, op, thing, err)
	}
}
