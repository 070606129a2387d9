package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"time"

	"autoloaderlab/engine/extract"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/fixtures"
)

// extraccion/cursor.json remembers which days were extracted into which source folder:
//
//	{"version": 1, "extraidos": {"/Volumes/…/account_premium_features": ["2025-03-03", …]}}
//
// Nothing depends on it: the script extracts the day it is asked for. It tells a
// student what a cursor has passed over.
const (
	cursorDir  = "extraccion"
	cursorFile = "cursor.json"
)

type cursors struct {
	Version   int                 `json:"version"`
	Extracted map[string][]string `json:"extraidos"`
}

// cursor is one source folder's: the days that were extracted, in their order.
// Without any it stands where a fresh lab does.
type cursor []string

// Moved is what an extraction meant for the cursor. Skipped is null when no day
// before the last one is missing.
type Moved struct {
	LastDay string   `json:"ultimo_dia"`
	Again   bool     `json:"repetido"`
	Skipped *Skipped `json:"saltados"`
}

// Skipped are the days before the last one that were never extracted: how many,
// the first and the last of them.
type Skipped struct {
	Days int64  `json:"dias"`
	From string `json:"desde"`
	To   string `json:"hasta"`
}

func (c cursor) last() string { return c[len(c)-1] }

// moved decides what the extraction of a day means.
func (c cursor) moved(day string) (cursor, Moved) {
	at, again := slices.BinarySearch(c, day)
	if !again {
		c = slices.Insert(slices.Clone(c), at, day)
	}
	return c, Moved{LastDay: c.last(), Again: again, Skipped: c.skipped()}
}

// skipped looks for the gaps between the days.
func (c cursor) skipped() *Skipped {
	var s Skipped
	for i := 1; i < len(c); i++ {
		gap := daysBetween(c[i-1], c[i]) - 1
		if gap <= 0 {
			continue
		}
		if s.Days == 0 {
			s.From = addDays(c[i-1], 1)
		}
		s.Days, s.To = s.Days+gap, addDays(c[i], -1)
	}
	if s.Days == 0 {
		return nil
	}
	return &s
}

func daysBetween(from, to string) int64 {
	first, _ := time.Parse(dayFormat, from) // what is kept has been checked
	last, _ := time.Parse(dayFormat, to)
	return (last.Unix() - first.Unix()) / 86400
}

func addDays(day string, n int) string {
	at, _ := time.Parse(dayFormat, day)
	return at.AddDate(0, 0, n).Format(dayFormat)
}

// cursor reads the source folder's.
func (p *Pipeline) cursor() (cursor, error) {
	all, err := p.lab.loadCursors()
	if err != nil {
		return nil, err
	}
	return all.of(p.sourceName()), nil
}

func (c cursors) of(source string) cursor {
	if days := c.Extracted[source]; len(days) > 0 {
		return days
	}
	return bundledStart()
}

// bundledStart are the days that a fresh lab finds landed.
func bundledStart() cursor {
	var days cursor
	for _, day := range fixtures.Days()[:fixtures.Start] {
		days = append(days, day.Date)
	}
	return days
}

func (l *Lab) loadCursors() (cursors, error) {
	path := l.path(cursorDir, cursorFile)
	all := cursors{Version: stateVersion, Extracted: map[string][]string{}}
	data, err := l.store.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return all, failure.Disk("read", path, err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return all, failure.New(failure.DamagedFile, "read", path).Because(err)
	}
	if all.Extracted == nil {
		all.Extracted = map[string][]string{}
	}
	for _, days := range all.Extracted {
		for i, day := range days {
			if _, err := extract.ParseDate(day); err != nil || i > 0 && days[i-1] >= day {
				return all, failure.New(failure.DamagedFile, "read", path).Because(err)
			}
		}
	}
	return all, nil
}

// moveCursor remembers a day. One that is known changes nothing on disk.
func (p *Pipeline) moveCursor(ctx context.Context, day extract.Date) (Moved, error) {
	path := p.lab.path(cursorDir, cursorFile)
	lock, err := p.lab.waitFor(ctx, path)
	if err != nil {
		return Moved{}, err
	}
	defer lock.release()
	all, err := p.lab.loadCursors()
	if err != nil {
		return Moved{}, err
	}
	days, moved := all.of(p.sourceName()).moved(day.String())
	if moved.Again {
		return moved, nil
	}
	all.Extracted[p.sourceName()] = days
	if err := storage.Sweep(p.lab.store, p.lab.path(cursorDir)); err != nil {
		return moved, failure.Disk("sweep", path, err)
	}
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return moved, err
	}
	return moved, failure.Disk("write", path, p.lab.store.Put(path, append(data, '\n')))
}
