package play

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"autoloaderlab/engine/failure"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Export is the progress as progreso.json has it.
func (c *Classroom) Export() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.progress.Encode()
}

// Import puts a progress that was exported in the place of the present one. What
// stood there, the progress and the lessons' labs, is set aside and named; the
// labs are built again, up to their steps, when their lessons are opened.
func (c *Classroom) Import(path string) (aside []string, err error) {
	data, err := c.store.ReadFile(path)
	if err != nil {
		return nil, failure.Disk("read", path, err)
	}
	progress, err := lessons.DecodeProgress(data)
	if err != nil {
		return nil, text.NoProgress(path, errors.Is(err, lessons.ErrNewer))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	staged := filepath.Join(c.dir, stagedProgress) // what may fail for want of room comes before anything moves
	if data, err = progress.Encode(); err != nil {
		return nil, err
	}
	if err := c.store.Put(staged, data); err != nil {
		return nil, failure.Disk("write", staged, err)
	}
	for _, name := range []string{progressFile, lessonsFolder} {
		moved, err := c.moveAside(filepath.Join(c.dir, name))
		if err != nil {
			return aside, err
		}
		if moved != "" {
			aside = append(aside, moved)
		}
	}
	c.progress, c.named = progress, progress.Name
	path = filepath.Join(c.dir, progressFile)
	return aside, failure.Disk("write", path, c.store.Move(staged, path))
}

const stagedProgress = progressFile + ".importado"

// moveAside gives what stands at a path a name of its own, so that nothing
// overwrites it: empty when there is nothing.
func (c *Classroom) moveAside(path string) (string, error) {
	for n := 1; ; n++ {
		aside := fmt.Sprintf("%s.apartado-%d", path, n)
		switch err := c.store.Move(path, aside); {
		case errors.Is(err, fs.ErrNotExist):
			return "", nil
		case errors.Is(err, fs.ErrExist):
		default:
			return aside, failure.Disk("set aside", path, err)
		}
	}
}

// adopt takes from progreso.json what another program has written there since:
// lessons it touched later, and a name. The caller holds the mutex.
func (c *Classroom) adopt() error {
	path := filepath.Join(c.dir, progressFile)
	data, err := c.store.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return failure.Disk("read", path, err)
	}
	theirs, err := lessons.DecodeProgress(data)
	if err != nil {
		_, err = c.moveAside(path)
		return err
	}
	if c.progress.Name == c.named {
		c.progress.Name = theirs.Name
	}
	for id, record := range theirs.Lessons {
		if ours := c.progress.Lessons[id]; ours == nil {
			c.progress.Lessons[id] = record
		} else if record.Seen.After(ours.Seen) {
			*ours = *record // sessions hold it
		}
	}
	return nil
}
