package engine

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"autoloaderlab/engine/extract"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Origins of an extraction.
const (
	FromDSN     = "dsn"      // the database that somebody asked for
	FromCluster = "cluster"  // the lab's own PostgreSQL
	FromBundled = "incluido" // the data that the program carries
)

// Extracted is one day's extraction. File is null for a day without rows. Written
// is false, too, when the file had the same bytes already, and was left alone.
type Extracted struct {
	File    *string `json:"archivo"`
	Rows    int     `json:"filas"`
	Origin  string  `json:"origen"`
	Date    string  `json:"fecha"`
	Written bool    `json:"escrito"`
	Cursor  Moved   `json:"cursor"`
}

// NewDay is what came of a day that passed.
type NewDay struct {
	Action
	Day string `json:"dia"`
	Extracted
}

// Yesterday is the day that the notebook's script would extract: the one before
// the simulated day.
func (l *Lab) Yesterday() string {
	day, _ := time.Parse(dayFormat, l.state.Day) // load has checked it
	return day.AddDate(0, 0, -1).Format(dayFormat)
}

// Extract lands one day (YYYY-MM-DD; empty: yesterday) as a file of its own.
// Done twice it leaves one file with the same bytes, untouched the second time.
func (p *Pipeline) Extract(ctx context.Context, date string) (Extracted, error) {
	if date == "" {
		date = p.lab.Yesterday()
	}
	day, err := extract.ParseDate(date)
	if err != nil {
		return Extracted{}, err
	}
	result := Extracted{Date: day.String()}
	source, origin, leave, err := p.source(ctx)
	if err != nil {
		return result, err
	}
	defer leave()
	result.Origin = origin
	path := filepath.Join(p.sourceDir(), p.widgets.Table+"_"+date+".csv")
	landed, err := p.landDay(ctx, path, day, source)
	if err != nil {
		return result, err
	}
	if landed.Rows > 0 {
		result.File = &path
	}
	result.Rows, result.Written = int(landed.Rows), landed.Written

	// On disk: the day's file. If the power goes now, the cursor does not know of
	// it, and takes the next extraction of that day for the first.
	result.Cursor, err = p.moveCursor(ctx, day)
	return result, err
}

func (p *Pipeline) landDay(ctx context.Context, path string, day extract.Date, source extract.Source) (extract.Landed, error) {
	lock, err := p.lockLanding(ctx)
	if err != nil {
		return extract.Landed{}, err
	}
	defer lock.release()
	return extract.Land(ctx, p.lab.store, path, day, source)
}

// lockLanding waits for the right to write to the source folder, and removes what
// a killed process left half written there.
func (p *Pipeline) lockLanding(ctx context.Context) (locks, error) {
	lock, err := p.lab.waitFor(ctx, p.sourceDir())
	if err != nil {
		return nil, err
	}
	if err := p.sweepLanding(); err != nil {
		lock.release()
		return nil, err
	}
	return lock, nil
}

// sweepLanding leaves a folder of the computer's own alone: the lab deletes
// nothing there, not even its own.
func (p *Pipeline) sweepLanding() error {
	if p.landing.IsLocal() {
		return nil
	}
	return failure.Disk("sweep", p.sourceDir(), storage.Sweep(p.lab.store, p.sourceDir()))
}

// NextDay lets a day pass: the simulated day moves on, and the notebook's script
// extracts the day that is now yesterday.
func (p *Pipeline) NextDay(ctx context.Context) (NewDay, error) {
	lock, err := p.lab.lockLabWork(ctx)
	if err != nil {
		return NewDay{}, err
	}
	defer lock.release()
	if _, err := p.lab.load(); err != nil { // another process may have moved it
		return NewDay{}, err
	}
	ended := p.lab.state.Day
	extracted, err := p.Extract(ctx, ended)
	if err != nil {
		return NewDay{}, err
	}

	// On disk: the day's file. If the power goes now, the simulated day is still
	// the old one, and the next try lands the same bytes again.
	day, err := time.Parse(dayFormat, ended)
	if err != nil {
		return NewDay{}, err
	}
	p.lab.state.Day = day.AddDate(0, 0, 1).Format(dayFormat)
	if err := p.lab.save(); err != nil {
		return NewDay{}, err
	}
	result := NewDay{Action: done("avanzar-dia"), Day: p.lab.state.Day, Extracted: extracted}
	if extracted.File != nil {
		result.Paths = []string{*extracted.File}
	}
	return result, nil
}

// Bring lands files of one's own in the source folder, whole and under their own
// names. All are looked at before the first is landed.
func (p *Pipeline) Bring(ctx context.Context, files []string) (Action, error) {
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			return Action{}, failure.New(failure.FileVanished, "bring", file).Because(err)
		}
		if !info.Mode().IsRegular() {
			return Action{}, failure.New(failure.CannotRead, "bring", file).Because(errors.New("not a file"))
		}
	}
	landed := done("traer")
	lock, err := p.lockLanding(ctx)
	if err != nil {
		return landed, err
	}
	defer lock.release()
	for _, file := range files {
		path := filepath.Join(p.sourceDir(), filepath.Base(file))
		if err := p.bring(ctx, file, path); err != nil {
			return landed, err
		}
		landed.Paths = append(landed.Paths, path)
	}
	return landed, nil
}

// bring copies in constant memory. A file of that name that is there already
// gives way only once the new one is whole.
func (p *Pipeline) bring(ctx context.Context, from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return failure.New(failure.CannotRead, "bring", from).Because(err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	writer, err := p.lab.store.Replace(to)
	if err != nil {
		return failure.Disk("land", to, err)
	}
	defer func() { _ = writer.Abort() }()
	if _, err := io.Copy(writer, untilDone{ctx, source}); err != nil {
		return failure.Disk("land", to, err)
	}
	return failure.Disk("land", to, writer.Commit())
}

// untilDone is a reader that ends when its context does.
type untilDone struct {
	ctx context.Context
	io.Reader
}

func (r untilDone) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
