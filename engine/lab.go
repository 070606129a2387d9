package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"autoloaderlab/engine/catalog"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/fixtures"
)

// Config is what a Lab is opened with. Store and Now may be left out: the disk
// and the real clock.
type Config struct {
	Dir   string
	Store storage.Store
	Now   func() time.Time
}

// Lab is one lab folder.
type Lab struct {
	dir     string
	store   storage.Store
	now     func() time.Time
	catalog *catalog.Catalog
	state   state
}

// state is lab.json.
type state struct {
	Version int      `json:"version"`
	Root    string   `json:"raiz"`                        // the folder's absolute path when it was last opened
	Old     []string `json:"raices_anteriores,omitempty"` // where it was before
	Day     string   `json:"dia"`
	Widgets Widgets  `json:"widgets"`
}

const (
	stateFile    = "lab.json"
	stateVersion = 1
	dayFormat    = time.DateOnly
)

// Open opens the lab in a folder. A new one is prepared from the bundled data;
// one that was moved or copied gets its own paths put right, so that nothing in
// it loads twice.
func Open(ctx context.Context, c Config) (*Lab, error) {
	dir, err := filepath.Abs(c.Dir)
	if err != nil || c.Dir == "" {
		return nil, failure.New(failure.WrongUse, "open", c.Dir).Because(err)
	}
	lab := open(dir, c)
	ready, err := lab.load()
	if err != nil || ready {
		return lab, err
	}
	return lab, lab.settle(ctx)
}

func open(dir string, c Config) *Lab {
	lab := &Lab{dir: dir, store: c.Store, now: c.Now}
	if lab.store == nil {
		lab.store = storage.NewLocal()
	}
	if lab.now == nil {
		lab.now = time.Now
	}
	lab.catalog = catalog.New(lab.store, dir, lab.now)
	return lab
}

// View opens a lab that is there, to look at it: nothing is written, also when the
// folder was moved or cannot be written to.
func View(c Config) (*Lab, error) {
	dir, err := filepath.Abs(c.Dir)
	if err != nil || c.Dir == "" {
		return nil, failure.New(failure.WrongUse, "open", c.Dir).Because(err)
	}
	lab := open(dir, c)
	if _, err := lab.load(); err != nil {
		return nil, err
	}
	if lab.state.Version == 0 {
		return nil, failure.New(failure.FileVanished, "read", lab.path(stateFile)).Because(fs.ErrNotExist)
	}
	return lab, nil
}

// load reads lab.json; ready is false when there is something to do first.
func (l *Lab) load() (ready bool, err error) {
	path := l.path(stateFile)
	data, err := l.store.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, failure.Disk("read", path, err)
	}
	l.state = state{}
	if err := json.Unmarshal(data, &l.state); err != nil {
		return false, failure.New(failure.DamagedFile, "read", path).Because(err)
	}
	if l.state.Version != stateVersion {
		return false, failure.New(failure.DamagedFile, "read", path).Because(fmt.Errorf("version %d", l.state.Version))
	}
	if _, err := time.Parse(dayFormat, l.state.Day); err != nil {
		return false, failure.New(failure.DamagedFile, "read", path).Because(err)
	}
	if l.state.Root == "" { // every path would look like one of an old place
		return false, failure.New(failure.DamagedFile, "read", path).Because(errors.New("it has no raiz"))
	}
	resetting, err := storage.Exists(l.store, l.path(resetMark))
	return l.state.Root == l.dir && !resetting, failure.Disk("look for", l.path(resetMark), err)
}

// settle brings the folder into order, one process at a time: ends a reset that
// was cut short, prepares a new folder, follows one that was moved.
func (l *Lab) settle(ctx context.Context) error {
	lock, err := l.lockLab(ctx)
	if err != nil {
		return err
	}
	defer lock.release()
	if err := l.finishReset(); err != nil {
		return err
	}
	ready, err := l.load()
	switch {
	case err != nil || ready: // another process was quicker
		return err
	case l.state.Version == 0:
		return l.prepare()
	default:
		return l.follow(ctx)
	}
}

// prepare lands the first days in a folder where nothing has landed yet, then
// writes lab.json, which says that it is done: a landing folder that somebody
// empties later stays empty.
func (l *Lab) prepare() error {
	l.state = state{Version: stateVersion, Root: l.dir, Day: fixtures.FirstSimulatedDay, Widgets: defaultWidgets}
	pipeline, err := l.Pipeline(Widgets{}, Notebook)
	if err != nil {
		return err
	}
	landing := pipeline.sourceDir()
	there, err := storage.Exists(l.store, landing)
	if err != nil {
		return failure.Disk("look for", landing, err)
	}
	if there {
		l.state.Day = l.dayAfterLanded(landing)
		return l.save()
	}
	if err := l.landStart(landing); err != nil {
		return err
	}
	return l.save()
}

// landStart writes the bundled days beside their place and moves them there in
// one step: a landing folder is there with all of them or not at all.
func (l *Lab) landStart(landing string) error {
	temp := l.path(".preparando")
	if err := l.store.DeleteTree(temp); err != nil {
		return failure.Disk("prepare", temp, err)
	}
	for _, day := range fixtures.Days()[:fixtures.Start] {
		data, _ := fixtures.CSV(day.Date)
		if err := l.store.Put(filepath.Join(temp, fixtures.FileName(day.Date)), data); err != nil {
			return failure.Disk("prepare", temp, err)
		}
	}
	return failure.Disk("prepare", landing, l.store.Move(temp, landing))
}

// dayAfterLanded finds the simulated day again when lab.json was lost.
func (l *Lab) dayAfterLanded(landing string) string {
	day := fixtures.FirstSimulatedDay
	entries, err := l.store.List(landing)
	if err != nil {
		return day
	}
	for _, entry := range entries {
		name := strings.TrimSuffix(strings.TrimPrefix(entry.Name, fixtures.Table+"_"), ".csv")
		if landed, err := time.Parse(dayFormat, name); err == nil {
			day = max(day, landed.AddDate(0, 0, 1).Format(dayFormat))
		}
	}
	return day
}

// save writes lab.json. Whoever calls it holds the lock that keeps others from it.
func (l *Lab) save() error {
	if err := storage.Sweep(l.store, l.dir); err != nil {
		return failure.Disk("sweep", l.dir, err)
	}
	data, err := json.MarshalIndent(l.state, "", "  ")
	if err != nil {
		return err
	}
	path := l.path(stateFile)
	return failure.Disk("write", path, l.store.Put(path, append(data, '\n')))
}

func (l *Lab) path(elements ...string) string {
	return filepath.Join(append([]string{l.dir}, elements...)...)
}

// Dir is the lab's folder, absolute.
func (l *Lab) Dir() string { return l.dir }

// Day is the simulated day, YYYY-MM-DD.
func (l *Lab) Day() string { return l.state.Day }

// Widgets are the notebook's widgets as the lab keeps them.
func (l *Lab) Widgets() Widgets { return l.state.Widgets }

// clock is the lab's: the simulated day at the real time of day, in UTC.
func (l *Lab) clock() time.Time {
	now := l.now().UTC()
	day, err := time.Parse(dayFormat, l.state.Day)
	if err != nil { // load has checked it
		return now
	}
	return day.Add(now.Sub(now.Truncate(24 * time.Hour)))
}
