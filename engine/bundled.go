package engine

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"autoloaderlab/engine/extract"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/fixtures"
)

// changedDays keeps, below extraccion/, the days of the bundled source that are no
// longer as the program carries them: each whole, as an extraction would give it.
const changedDays = "fuente"

// bundled is the data that the program carries, as a source. What came late is
// in the lab's folder.
type bundled struct{ lab *Lab }

// Extract implements extract.Source.
func (b bundled) Extract(_ context.Context, day extract.Date, to io.Writer) (int64, error) {
	data, err := b.day(day.String())
	if err != nil || len(data) == 0 {
		return 0, err
	}
	_, err = to.Write(data)
	return rowsIn(data), err
}

// day is a day's CSV as the source has it now; nothing for one without rows.
func (b bundled) day(date string) ([]byte, error) {
	path := b.path(date)
	data, err := b.lab.store.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		data, _ = fixtures.CSV(date)
		return data, nil
	}
	return data, failure.Disk("read", path, err)
}

func (b bundled) path(date string) string {
	return b.lab.path(cursorDir, changedDays, fixtures.FileName(date))
}

// rowsIn counts a day's rows: no cell holds a line break.
func rowsIn(data []byte) int64 { return max(0, int64(bytes.Count(data, []byte("\n")))-1) }

// rowsBefore counts the purchases of the days before one; of all days for an
// empty date.
func (b bundled) rowsBefore(date string) (rows int64, err error) {
	for day := fixtures.FirstDay; day <= fixtures.LastDay && (date == "" || day < date); day = addDays(day, 1) {
		data, err := b.day(day)
		if err != nil {
			return 0, err
		}
		rows += rowsIn(data)
	}
	return rows, nil
}

// insertLate does what extract.Database.InsertLate does in a real database.
func (b bundled) insertLate(ctx context.Context, day string) (late extract.Late, err error) {
	if day < fixtures.FirstDay || day > fixtures.LastDay {
		return late, failure.New(failure.WrongUse, "change day", day).Naming(fixtures.FirstDay, fixtures.LastDay)
	}
	lock, err := b.lab.lockLabWork(ctx)
	if err != nil {
		return late, err
	}
	defer lock.release()
	data, err := b.day(day)
	if err != nil {
		return late, err
	}
	rows, err := b.rowsBefore("")
	if err != nil {
		return late, err
	}
	late.Row = extract.Purchase{ID: strconv.FormatInt(rows+1, 10), PurchaseDate: day + " 23:59:58", AmountPaid: "9.99"}
	data, late.Changed = withLate(data, late.Row)
	path := b.path(day)
	if err := storage.Sweep(b.lab.store, b.lab.path(cursorDir, changedDays)); err != nil {
		return late, failure.Disk("sweep", path, err)
	}
	return late, failure.Disk("write", path, b.lab.store.Put(path, data))
}

// withLate is a day's CSV with one more purchase, in its place by time, and the
// first amount raised by one.
func withLate(data []byte, late extract.Purchase) ([]byte, *extract.Change) {
	header, body, _ := strings.Cut(string(data), "\n")
	if header == "" {
		header = fixtures.Header
	}
	lines := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
	if body == "" {
		lines = nil
	}
	var changed *extract.Change
	for i, line := range lines {
		cut := strings.LastIndexByte(line, ',')
		if amount, err := strconv.ParseFloat(line[cut+1:], 64); err == nil {
			id, _, _ := strings.Cut(line, ",")
			changed = &extract.Change{ID: id, Before: line[cut+1:], After: fmt.Sprintf("%.2f", amount+1)}
			lines[i] = line[:cut+1] + changed.After
			break
		}
	}
	lines = append(lines, strings.Join([]string{late.ID, "7", "3", late.PurchaseDate, late.AmountPaid}, ","))
	slices.SortStableFunc(lines, func(a, b string) int { return cmp.Compare(purchased(a), purchased(b)) })
	return []byte(header + "\n" + strings.Join(lines, "\n") + "\n"), changed
}

// purchased is a row's purchase_date, the fourth cell.
func purchased(line string) string {
	if cells := strings.Split(line, ","); len(cells) > 3 {
		return cells[3]
	}
	return ""
}

// BundledRows counts the purchases of the days that are over, as the bundled
// source has them now: what its extractions should have landed.
func (l *Lab) BundledRows() (int64, error) { return bundled{l}.rowsBefore(l.state.Day) }
