package engine

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"autoloaderlab/engine/autoloader"
	"autoloaderlab/engine/catalog"
	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/parquet"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// SourceFile is one file of the landing folder.
type SourceFile struct {
	Name      string // below the landing folder, with slashes
	Rows      int64
	SizeBytes int64
	ModTime   time.Time
	Seen      bool // the memory of loaded files has it: the checkpoint, or with COPY INTO the table
}

// SourceFiles lists the landing folder by name, so that no list jumps when a file is
// written again. Rows are counted only of
// files that were not counted before. Where that memory is damaged, no file is Seen
// and the error tells.
func (p *Pipeline) SourceFiles(ctx context.Context) ([]SourceFile, error) {
	files, err := p.landed(ctx)
	seen, damage := p.seen(ctx)
	for i := range files {
		files[i].Seen = damage == nil && seen(filepath.Join(p.sourceDir(), filepath.FromSlash(files[i].Name)))
	}
	slices.SortFunc(files, func(a, b SourceFile) int { return cmp.Compare(a.Name, b.Name) })
	return files, errors.Join(err, damage)
}

// landed lists the landing folder in no promised order, without what is seen.
func (p *Pipeline) landed(ctx context.Context) ([]SourceFile, error) {
	options, err := autoloader.ParseOptions(nil)
	if err != nil {
		return nil, err
	}
	counts := p.lab.rememberedCounts()
	var files []SourceFile
	for path, err := range autoloader.Find(ctx, p.lab.store, p.sourceDir(), options) {
		if err != nil {
			return nil, err
		}
		info, err := p.lab.store.Stat(path)
		if err != nil || !info.IsFile {
			continue // gone again, or no file: a pipe, a link to a folder
		}
		rows, err := counts.rows(ctx, path, fileStamp{info.SizeBytes, info.ModTime.UnixNano()}, options.CSV)
		if err != nil {
			return nil, err
		}
		files = append(files, SourceFile{Name: below(p.sourceDir(), path), Rows: rows, SizeBytes: info.SizeBytes, ModTime: info.ModTime})
	}
	return files, counts.save()
}

// seen is the memory of loaded files, as a question.
func (p *Pipeline) seen(ctx context.Context) (func(path string) bool, error) {
	if p.variant == CopyInto {
		snapshot, err := p.log().Latest(ctx)
		if failure.Is(err, failure.TableNotFound) {
			return func(string) bool { return false }, nil
		}
		if err != nil {
			return nil, err
		}
		return func(path string) bool {
			_, ok := snapshot.TxnVersion((&load{Pipeline: p}).fileTxn(path))
			return ok
		}, nil
	}
	if !p.variant.streams() {
		return func(string) bool { return false }, nil
	}
	log, err := checkpoint.OpenSourceLog(p.lab.store, p.checkpoint().Sources(), p.lab.now)
	if err != nil {
		return nil, err
	}
	return func(path string) bool {
		return log.Seen([][]byte{[]byte(checkpoint.EncodeURI(path))}, nil)[0].Seen
	}, nil
}

// below writes path as seen from dir, with slashes.
func below(dir, path string) string {
	rest, err := filepath.Rel(dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rest)
}

// Inventory is the three memories in more detail than Status has.
type Inventory struct {
	Status Status
	Files  []SourceFile
	// SourceEntry is the newest entry of sources/0, -1 when there is none.
	SourceEntry int64
	// TableID is the table's own, "" when there is no table.
	TableID string
	// Unnamed counts the Parquet files in the table's folder that its newest
	// version does not name.
	Unnamed int
	// TrashedTables and TrashedCheckpoints are this pipeline's in the trash.
	TrashedTables, TrashedCheckpoints int
}

// Inventory looks at all of it. It starts nothing and changes nothing. What is
// damaged is told as an error, with the rest filled in as far as it could be read.
func (p *Pipeline) Inventory(ctx context.Context) (Inventory, error) {
	inventory := Inventory{SourceEntry: int64(stream.NoOffset)}
	var errs [5]error
	inventory.Status, errs[0] = p.Status(ctx)
	inventory.Files, errs[1] = p.SourceFiles(ctx)
	errs[2] = p.countTrash(&inventory)
	if snapshot, err := p.log().Latest(ctx); err == nil {
		inventory.TableID = snapshot.Metadata.ID
		inventory.Unnamed, errs[3] = p.unnamed(snapshot)
	}
	if p.variant.streams() {
		log, err := checkpoint.OpenSourceLog(p.lab.store, p.checkpoint().Sources(), p.lab.now)
		if err == nil {
			inventory.SourceEntry = int64(log.Latest())
		}
		errs[4] = err
	}
	return inventory, errors.Join(errs[:]...)
}

func (p *Pipeline) countTrash(inventory *Inventory) error {
	entries, err := p.lab.catalog.Trash()
	for _, entry := range entries {
		switch entry.Origin {
		case p.tableDir():
			inventory.TrashedTables++
		case p.CheckpointDir():
			inventory.TrashedCheckpoints++
		}
	}
	return err
}

// unnamed counts Parquet files that nobody names, at the table's own level: the
// lab partitions nothing.
func (p *Pipeline) unnamed(snapshot *delta.Snapshot) (int, error) {
	named := make(map[string]bool, len(snapshot.Files()))
	for _, add := range snapshot.Files() {
		named[snapshot.AbsPath(add)] = true
	}
	entries, err := p.lab.store.List(p.tableDir())
	if err != nil {
		return 0, failure.Disk("list", p.tableDir(), err)
	}
	count := 0
	for _, entry := range entries {
		if isData(entry) && !named[filepath.Join(p.tableDir(), entry.Name)] {
			count++
		}
	}
	return count, nil
}

func isData(entry storage.Entry) bool {
	return !entry.IsDir && !strings.HasPrefix(entry.Name, ".") && !strings.HasPrefix(entry.Name, "_") &&
		strings.HasSuffix(entry.Name, ".parquet")
}

// Folder is a folder of the lab with all that is below it.
type Folder struct {
	Path    string // absolute
	Files   []DiskFile
	Folders []Folder
}

// DiskFile is a file in a Folder.
type DiskFile struct {
	Name      string
	SizeBytes int64
	ModTime   time.Time
}

// Trashed is one deletion and what it took away.
type Trashed struct {
	catalog.Entry
	Folder Folder
}

// Replaced tells that nobody deleted it: it made way for what came back.
func (t Trashed) Replaced() bool { return t.Kind == catalog.KindReplaced }

// Disk is what the memories look like from outside: files. A folder that is not
// there is empty. Own is what the lab's folder has beside them: what the lab keeps
// for itself and for its student.
type Disk struct {
	Source, Checkpoint, Table Folder
	Trash                     []Trashed
	Own                       Folder
}

// walkDepth bounds how deep a walk goes: the lab's own folders have three levels.
const walkDepth = 6

// Disk lists the pipeline's folders, hidden files (half-written ones, Hadoop's
// checksums) too. Left out are hidden folders, and a checkpoint inside the table's
// folder from the table's own.
func (p *Pipeline) Disk(ctx context.Context) (Disk, error) {
	var disk Disk
	var errs [5]error
	disk.Source, errs[0] = p.lab.walk(ctx, p.sourceDir(), "", walkDepth)
	disk.Checkpoint, errs[1] = p.lab.walk(ctx, p.CheckpointDir(), "", walkDepth)
	disk.Table, errs[2] = p.lab.walk(ctx, p.tableDir(), p.CheckpointDir(), walkDepth)
	entries, err := p.lab.catalog.Trash()
	errs[3] = err
	for _, entry := range entries {
		folder, err := p.lab.walk(ctx, entry.TrashPath, "", walkDepth)
		if err != nil {
			return disk, err
		}
		disk.Trash = append(disk.Trash, Trashed{entry, folder})
	}
	disk.Own, errs[4] = p.lab.own(ctx)
	return disk, errors.Join(errs[:]...)
}

// elsewhere are the lab's folders that are no part of its own files: the memories
// and the trash, which are listed apart, the lessons' labs, and a server's data.
var elsewhere = []string{"Volumes", "catalogs", "papelera", "lecciones", "postgres"}

// own lists what the lab keeps beside the memories.
func (l *Lab) own(ctx context.Context) (Folder, error) {
	return l.walkWithout(ctx, l.dir, func(path string) bool {
		return filepath.Dir(path) == l.dir && slices.Contains(elsewhere, filepath.Base(path))
	}, walkDepth)
}

func (l *Lab) walk(ctx context.Context, dir, without string, depth int) (Folder, error) {
	return l.walkWithout(ctx, dir, func(path string) bool { return path == without }, depth)
}

func (l *Lab) walkWithout(ctx context.Context, dir string, without func(path string) bool, depth int) (Folder, error) {
	folder := Folder{Path: dir}
	if err := ctx.Err(); err != nil {
		return folder, err
	}
	entries, err := l.store.List(dir)
	if errors.Is(err, fs.ErrNotExist) || depth == 0 {
		return folder, nil
	}
	if err != nil {
		return folder, failure.Disk("list", dir, err)
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name)
		if without(path) || entry.IsDir && strings.HasPrefix(entry.Name, ".") {
			continue
		}
		if entry.IsDir {
			inner, err := l.walkWithout(ctx, path, without, depth-1)
			if err != nil {
				return folder, err
			}
			folder.Folders = append(folder.Folders, inner)
			continue
		}
		info, err := l.store.Stat(path)
		if err != nil || !info.IsFile {
			continue // gone again, or no file: a pipe, a link to a folder
		}
		folder.Files = append(folder.Files, DiskFile{entry.Name, info.SizeBytes, info.ModTime})
	}
	return folder, nil
}

// Head reads the beginning of a file, at most limit bytes, and tells the size of
// the whole. A missing file is failure.FileVanished.
func (l *Lab) Head(path string, limit int64) (data []byte, sizeBytes int64, err error) {
	file, err := l.store.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, failure.New(failure.FileVanished, "read", path).Because(err)
	}
	if err != nil {
		return nil, 0, failure.Disk("read", path, err)
	}
	defer file.Close()
	sizeBytes = file.Info().SizeBytes
	data, err = io.ReadAll(io.LimitReader(file, limit))
	return data, sizeBytes, failure.Disk("read", path, err)
}

// ParquetFooter is what a Parquet file says of itself, and its first rows.
type ParquetFooter = parquet.Footer

// Footer reads the footer of a Parquet file and its first rows; what is no whole
// Parquet file is failure.DamagedFile.
func (l *Lab) Footer(path string, rows int) (ParquetFooter, error) {
	return parquet.ReadFooter(l.store, path, rows)
}

// Records are what the checkpoint and the table say of each other's files, so
// that one of them can be explained by another.
type Records struct {
	QueryID string             // "" when there is none
	Seen    []SeenFile         // in the source log's order
	Plans   map[int64]int64    // batch -> the source log's entry up to which it goes
	Adds    map[string]AddedBy // by the data file's name below the table; nil when the table cannot be read
	Txns    map[int64]int64    // the table's version -> the batch of a stream that it remembers
}

// SeenFile is a source file as the source log has it.
type SeenFile struct {
	Name  string // below the landing folder when it is there, else the whole path
	Entry int64  // of sources/0
}

// AddedBy tells which version of the table brought a data file in.
type AddedBy struct {
	Version int64
	Rows    int64 // -1 when the add has no statistics
	Stats   string
}

// Records reads what can be read; what is missing or damaged is left out, because
// to complain is the business of a load.
func (p *Pipeline) Records(ctx context.Context) Records {
	records := Records{Plans: map[int64]int64{}, Adds: map[string]AddedBy{}, Txns: map[int64]int64{}}
	if p.variant.streams() {
		p.recordCheckpoint(&records)
	}
	p.recordTable(ctx, &records)
	return records
}

func (p *Pipeline) recordCheckpoint(records *Records) {
	folder := p.checkpoint()
	records.QueryID, _, _ = folder.QueryID()
	if log, err := checkpoint.OpenSourceLog(p.lab.store, folder.Sources(), p.lab.now); err == nil {
		files, _ := log.All()
		for _, file := range files {
			name := file.URI
			if path, err := checkpoint.DecodeURI(file.URI); err == nil {
				name = path
				if rest := below(p.sourceDir(), path); filepath.IsLocal(rest) {
					name = rest
				}
			}
			records.Seen = append(records.Seen, SeenFile{name, int64(file.Batch)})
		}
	}
	numbers, _ := folder.Offsets().Numbers()
	for _, n := range numbers {
		if plan, ok, err := folder.Offsets().Get(stream.BatchID(n)); err == nil && ok {
			records.Plans[n] = int64(plan.To)
		}
	}
}

// recentVersions bounds how many versions are read to tell where a file came from.
const recentVersions = 200

func (p *Pipeline) recordTable(ctx context.Context, records *Records) {
	log := p.log()
	latest, err := log.Latest(ctx)
	if err != nil {
		records.Adds = nil
		return
	}
	for _, add := range latest.Files() {
		records.Adds[below(p.tableDir(), latest.AbsPath(add))] = AddedBy{-1, rowsOf(add), add.Stats}
	}
	for v := latest.Version; v >= 0 && v > latest.Version-recentVersions; v-- {
		commit, err := log.Read(ctx, v)
		if err != nil {
			return
		}
		for _, add := range commit.Adds {
			name := below(p.tableDir(), delta.AbsPath(p.tableDir(), add))
			if known, ok := records.Adds[name]; ok {
				known.Version = int64(v)
				records.Adds[name] = known
			}
		}
		for _, txn := range commit.Txns {
			if !p.variant.streams() {
				break // a file's, not a batch's
			}
			records.Txns[int64(v)] = txn.Version
		}
	}
}

func rowsOf(add delta.Add) int64 {
	if rows, known := add.Rows(); known {
		return rows
	}
	return -1
}
