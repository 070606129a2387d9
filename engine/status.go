package engine

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"

	"autoloaderlab/engine/autoloader/csv"
	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// Status is the three memories: the source files, the checkpoint, the table.
// What does not exist yet is null; where it would be is always told.
type Status struct {
	Day        string           `json:"dia"`
	Widgets    Widgets          `json:"widgets"`
	Variant    Variant          `json:"variante"`
	Source     SourceStatus     `json:"origen"`
	Checkpoint CheckpointStatus `json:"checkpoint"`
	Table      TableStatus      `json:"tabla"`
	Extraction ExtractionStatus `json:"extraccion"`
}

// ExtractionStatus is how far the extraction's cursor is in the source folder. It is
// no memory of the load's: null when what remembers it is damaged, and no error.
type ExtractionStatus struct {
	LastDay *string  `json:"ultimo_dia"`
	Skipped *Skipped `json:"saltados"`
}

// SourceStatus is the landing folder's.
type SourceStatus struct {
	Path  string `json:"ruta"`
	Files int    `json:"archivos"`
	Rows  int64  `json:"filas"`
	Bytes int64  `json:"bytes"`
}

// CheckpointStatus is the stream's. Files counts those that the source log has seen.
type CheckpointStatus struct {
	Path           string          `json:"ruta"`
	Exists         bool            `json:"existe"`
	QueryID        *string         `json:"consulta_id"`
	PlannedBatch   *stream.BatchID `json:"lote_planeado"`
	ConfirmedBatch *stream.BatchID `json:"lote_confirmado"`
	SeenFiles      *int            `json:"archivos_vistos"`
	SchemaVersion  *int64          `json:"version_esquema"`
}

// TableStatus is the target's. Rows are those that its log records.
type TableStatus struct {
	Name    string `json:"nombre"`
	Path    string `json:"ruta"`
	Exists  bool   `json:"existe"`
	Version *int64 `json:"version"`
	Rows    *int64 `json:"filas"`
	Files   *int   `json:"archivos"`
	Bytes   *int64 `json:"bytes"`
}

// Status looks at all three. It starts nothing and changes nothing. What is
// damaged is an error, and the rest is filled in all the same.
func (p *Pipeline) Status(ctx context.Context) (Status, error) {
	s := Status{Day: p.lab.Day(), Widgets: p.widgets, Variant: p.variant}
	var errs [3]error
	s.Source, errs[0] = p.sourceStatus(ctx)
	s.Checkpoint, errs[1] = p.checkpointStatus()
	s.Table, errs[2] = p.tableStatus(ctx)
	s.Extraction = p.extractionStatus()
	return s, errors.Join(errs[:]...)
}

func (p *Pipeline) extractionStatus() ExtractionStatus {
	days, err := p.cursor()
	if err != nil {
		return ExtractionStatus{}
	}
	last := days.last()
	return ExtractionStatus{&last, days.skipped()}
}

// checkpointStatus tells what can be told: of a half-broken checkpoint the rest,
// and what is damaged as an error.
func (p *Pipeline) checkpointStatus() (CheckpointStatus, error) {
	folder := p.checkpoint()
	s := CheckpointStatus{Path: folder.Dir()}
	var err error
	if s.Exists, err = folder.Exists(); err != nil || !s.Exists {
		return s, err
	}
	id, ok, idErr := folder.QueryID()
	s.QueryID = when(ok, id)
	planned, _, ok, planErr := folder.Offsets().Latest()
	s.PlannedBatch = when(ok, planned)
	confirmed, ok, commitErr := folder.Commits().Latest()
	s.ConfirmedBatch = when(ok, confirmed)
	version, ok, schemaErr := folder.Schemas().Latest()
	s.SchemaVersion = when(ok, version)
	log, logErr := checkpoint.OpenSourceLog(p.lab.store, folder.Sources(), p.lab.now)
	if logErr == nil {
		s.SeenFiles = when(true, log.Len())
	}
	return s, errors.Join(idErr, planErr, commitErr, schemaErr, logErr)
}

// when is a pointer to value, or nil.
func when[T any](ok bool, value T) *T {
	if !ok {
		return nil
	}
	return &value
}

func (p *Pipeline) tableStatus(ctx context.Context) (TableStatus, error) {
	s := TableStatus{Name: p.table.String(), Path: p.tableDir()}
	snapshot, err := p.log().Latest(ctx)
	if failure.Is(err, failure.TableNotFound) {
		return s, nil
	}
	s.Exists = true
	if err != nil {
		return s, err
	}
	rows, known := snapshot.Rows()
	s.Version, s.Rows = when(true, int64(snapshot.Version)), when(known, rows)
	s.Files, s.Bytes = when(true, len(snapshot.Files())), when(true, snapshot.SizeBytes())
	return s, nil
}

// sourceStatus counts rows only of files that it has not counted before.
func (p *Pipeline) sourceStatus(ctx context.Context) (SourceStatus, error) {
	s := SourceStatus{Path: p.sourceDir()}
	files, err := p.landed(ctx)
	for _, file := range files {
		s.Files, s.Bytes, s.Rows = s.Files+1, s.Bytes+file.SizeBytes, s.Rows+file.Rows
	}
	return s, err
}

// rowCounts remembers how many rows a source file has, by path, size and time.
// It is a cache: whatever is wrong with it, the files are counted again.
type rowCounts struct {
	lab     *Lab
	known   map[string]rowCount
	changed bool
}

type rowCount struct {
	Stamp fileStamp `json:"sello"`
	Rows  int64     `json:"filas"`
}

// fileStamp is a file's size and modification time, in nanoseconds since 1970.
type fileStamp [2]int64

func (l *Lab) countsFile() string { return l.path("cache", "filas.json") }

func (l *Lab) rememberedCounts() *rowCounts {
	counts := &rowCounts{lab: l, known: map[string]rowCount{}}
	if data, err := l.store.ReadFile(l.countsFile()); err == nil {
		if json.Unmarshal(data, &counts.known) != nil || counts.known == nil {
			counts.known = map[string]rowCount{}
		}
	}
	return counts
}

func (c *rowCounts) rows(ctx context.Context, path string, stamp fileStamp, options csv.Options) (int64, error) {
	key := path
	if relative, err := filepath.Rel(c.lab.dir, path); err == nil {
		key = filepath.ToSlash(relative)
	}
	if known, ok := c.known[key]; ok && known.Stamp == stamp {
		return known.Rows, nil
	}
	rows, err := c.lab.countRows(ctx, path, options)
	if err != nil {
		return 0, err
	}
	c.known[key], c.changed = rowCount{stamp, rows}, true
	return rows, nil
}

// countRows reads a file as a load would. One that cannot be read, or read to its
// end, has the rows that came before: to complain is the load's business.
func (l *Lab) countRows(ctx context.Context, path string, options csv.Options) (rows int64, err error) {
	file, err := l.store.Open(path)
	if err != nil {
		return 0, nil
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	in := csv.Input{URI: path, Bytes: file, SizeBytes: file.Info().SizeBytes, Gzip: strings.HasSuffix(strings.ToLower(path), ".gz")}
	header, err := csv.ReadHeader(in, options)
	if err != nil || header == nil {
		return 0, ctx.Err()
	}
	reader := csv.NewReader(header, options)
	err = reader.Open(ctx, in, csv.Piece{Start: 0, End: in.SizeBytes}, header)
	for err == nil {
		err = reader.Read()
		if record := reader.Record(); record != nil {
			rows += record.NumRows()
		}
	}
	return rows, ctx.Err()
}

// save leaves it to another process that is saving just now.
func (c *rowCounts) save() error {
	if !c.changed {
		return nil
	}
	lock, err := c.lab.lockAll(exclusive(c.lab.countsFile()))
	if err != nil {
		return ignoreBusy(err)
	}
	defer lock.release()
	if err := storage.Sweep(c.lab.store, filepath.Dir(c.lab.countsFile())); err != nil {
		return failure.Disk("sweep", c.lab.countsFile(), err)
	}
	data, err := json.Marshal(c.known)
	if err != nil {
		return err
	}
	return failure.Disk("write", c.lab.countsFile(), c.lab.store.Put(c.lab.countsFile(), data))
}
