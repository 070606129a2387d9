// Package extract brings one day of a source to the landing volume, as the
// notebook's script does: the rows whose purchase_date is of that day, in one
// CSV file that is there whole or not at all.
//
//	 Source ── COPY … TO STDOUT ──▶ Land ──▶ <table>_<day>.csv
//	   │                             │
//	   ├ a Database (dsn, cluster)   └ compares while it streams: the same bytes
//	   └ the caller's own              leave the file untouched, with its time
//
//	extract.go    Date, Source, Land
//	dsn.go        DSN: where a database is, and its password kept to itself
//	database.go   Database: the query, ctrl+c on the server, what went wrong
//	seed.go       the lab's data put into a database; rows that come late
//	cluster.go    Cluster: a PostgreSQL of the lab's own
//	binaries.go   where PostgreSQL's programs are
//	place.go      folders that an unprivileged user can reach
//	process_*.go  what a process needs from the system
//
// It is the only room that knows pgx, and of pgx only the wire protocol.
package extract

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Date is a day that has been checked: it stands in a statement as it is,
// because COPY takes no parameters.
type Date struct{ text string }

// ParseDate reads YYYY-MM-DD; anything else is failure.WrongUse.
func ParseDate(text string) (Date, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, failure.New(failure.WrongUse, "read date", text).Because(err)
	}
	return Date{day.Format(time.DateOnly)}, nil
}

// String is YYYY-MM-DD.
func (d Date) String() string { return d.text }

// Source gives a day's rows as CSV with a header line, in the order of
// purchase_date and account_feature_id. A day without rows may give the header
// line alone, or nothing.
type Source interface {
	Extract(ctx context.Context, day Date, to io.Writer) (rows int64, err error)
}

// Landed is what came of a day. Written is false when there was no row, or when
// the file had these bytes already.
type Landed struct {
	Rows    int64
	Written bool
}

// bufferBytes is what Land keeps of a file in memory, whatever its size.
const bufferBytes = 256 << 10

// Land puts a day's rows under path. A day without rows changes nothing there.
func Land(ctx context.Context, store storage.Store, path string, day Date, source Source) (Landed, error) {
	writer, err := store.Replace(path)
	if err != nil {
		return Landed{}, failure.Disk("land", path, err)
	}
	defer func() { _ = writer.Abort() }()
	present, err := openPresent(store, path)
	if err != nil {
		return Landed{}, err
	}
	defer present.close()

	buffer := bufio.NewWriterSize(landing{writer, present, path}, bufferBytes)
	rows, err := source.Extract(ctx, day, buffer)
	if err == nil {
		err = buffer.Flush()
	}
	if err != nil || rows == 0 || present.isAll() {
		return Landed{Rows: rows}, err
	}
	// On disk: a temporary file. If the power goes now, the day has not landed.
	return Landed{rows, true}, failure.Disk("land", path, writer.Commit())
}

// landing writes to the file in the making and looks at the one that is there.
type landing struct {
	file    io.Writer
	present *present
	path    string
}

func (l landing) Write(p []byte) (int, error) {
	l.present.compare(p)
	n, err := l.file.Write(p)
	return n, failure.Disk("land", l.path, err)
}

// present is the file that a day's extract may find in its place.
type present struct {
	file io.ReadCloser // nil when there is none, or when it differs
	buf  []byte
}

func openPresent(store storage.Reader, path string) (*present, error) {
	file, err := store.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &present{}, nil
	}
	if err != nil {
		return nil, failure.Disk("read", path, err)
	}
	return &present{file: file}, nil
}

// compare reads as much as p has. A file that cannot be read counts as another.
func (f *present) compare(p []byte) {
	if f.file == nil {
		return
	}
	if len(f.buf) < len(p) {
		f.buf = make([]byte, len(p))
	}
	n, err := io.ReadFull(f.file, f.buf[:len(p)])
	if err != nil || !bytes.Equal(f.buf[:n], p) {
		f.close()
	}
}

// isAll tells whether everything compared was the same, and nothing follows.
func (f *present) isAll() bool {
	if f.file == nil {
		return false
	}
	_, err := io.ReadFull(f.file, make([]byte, 1))
	return errors.Is(err, io.EOF)
}

func (f *present) close() {
	if f.file != nil {
		_ = f.file.Close() // only read from
		f.file = nil
	}
}
