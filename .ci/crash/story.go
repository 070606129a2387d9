package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"autoloaderlab/engine"
)

const (
	rounds     = 8 // of a story: land, load, be killed, load to the end
	firstFiles = 9 // landed in the first round, beside the bundled ones: past 9.compact and version 10
)

// story is one lab folder's life.
type story struct {
	campaign *campaign
	name     string
	dir      string
	variant  variant
	random   *rand.Rand
	source   *source
	reader   *reader
	places   places
	pace     time.Duration // what a run takes, by pending file
	queryID  string
}

func newStory(c *campaign, n int, v variant, random *rand.Rand) *story {
	name := fmt.Sprintf("story %d (%s)", n, v.name)
	return &story{campaign: c, name: name, dir: filepath.Join(c.root, fmt.Sprintf("story-%d", n)), variant: v, random: random, pace: 10 * time.Millisecond}
}

// play tells the story, beginning with a folder that is not there.
func (s *story) play() (err error) {
	if s.places, err = placesOf(s.dir, s.variant); err != nil {
		return err
	}
	s.source = newSource(s.places.source)
	s.reader = newReader(s.places.table, s.source)
	if err := s.prepare(); err != nil {
		return err
	}
	return s.watched(func() error {
		for round := range rounds {
			if err := s.round(round); err != nil {
				return fmt.Errorf("round %d: %w", round, err)
			}
		}
		return nil
	})
}

// prepare lets the lab land its bundled files, killed at random while it does.
func (s *story) prepare() error {
	for range 1 + s.random.IntN(3) {
		if _, err := s.load(aim{after: time.Duration(s.random.Int64N(int64(12 * time.Millisecond)))}); err != nil {
			return err
		}
	}
	if _, err := engine.Open(context.Background(), engine.Config{Dir: s.dir}); err != nil {
		return err
	}
	return s.source.takeBundled()
}

// watched does while a reader looks at the table all the time.
func (s *story) watched(do func() error) error {
	stop, done := make(chan struct{}), make(chan error, 1)
	var polls int
	go func() {
		for {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if err := s.reader.look(); err != nil {
				done <- fmt.Errorf("the reader: %w", err)
				return
			}
			polls++
			time.Sleep(time.Millisecond) // leave the processor to the loads
		}
	}()
	err := do()
	close(stop)
	if seen := <-done; seen != nil {
		err = seen
	}
	s.campaign.count(func(t *totals) { t.polls += polls })
	return err
}

// round lands files and loads until a run comes to its end.
func (s *story) round(n int) error {
	files := 1 + s.random.IntN(4)
	if n == 0 {
		files = firstFiles
	}
	for range files {
		if err := s.source.land(s.random); err != nil {
			return err
		}
	}
	for {
		end, err := s.load(s.aim())
		if err != nil {
			return err
		}
		if err := s.reader.look(); err != nil {
			return err
		}
		if end.fin.Name == "" {
			continue
		}
		if !end.killed {
			s.pace = end.took / time.Duration(files+2)
		}
		return s.complete()
	}
}

// aim chooses how the next run dies, if it does.
func (s *story) aim() aim {
	pending := s.source.files() - s.reader.files()
	if s.campaign.enough() {
		return aim{}
	}
	switch chance := s.random.IntN(100); {
	case chance < 15:
		return aim{}
	case chance < 30:
		return aim{after: s.moment(pending)}
	case chance < 65:
		return aim{event: "listado", times: 1, after: s.moment(pending)}
	default:
		rare := s.campaign.rarest(s.variant)
		a := aim{event: rare, times: 1, seam: chance < 82 && hasSeam(rare)}
		if rare == "ya_en_tabla" {
			return a
		}
		if s.variant.streams && rare != "listado" {
			a.times += s.random.IntN(max(1, min(pending, 4)))
		}
		return a
	}
}

// moment is a random one of a run's duration.
func (s *story) moment(pending int) time.Duration {
	return 1 + time.Duration(s.random.Int64N(int64(s.pace)*int64(pending+2)))
}

// load makes one run. One that was not killed must come to a good end.
func (s *story) load(a aim) (ended, error) {
	end, err := load(s.campaign.program, a, "--dir", s.dir, "--variante", s.variant.name, "--opcion", "cloudFiles.maxFilesPerTrigger=1")
	if err != nil {
		return end, err
	}
	switch {
	case end.killed && end.fin.Name == "":
		s.campaign.killed(s.variant, end.last)
	case end.killed:
		s.campaign.count(func(t *totals) { t.late++ })
	case end.fin.State != "TERMINADA":
		return end, fmt.Errorf("a run ended %q after %s: %s", end.fin.State, end.last, end.said)
	}
	if id := end.fin.QueryID; id != nil {
		if s.queryID != "" && s.queryID != *id {
			return end, fmt.Errorf("the query's id was %s and is %s", s.queryID, *id)
		}
		s.queryID = *id
	}
	return end, nil
}

// complete looks at everything on disk after a run that came to its end.
func (s *story) complete() error {
	if err := s.reader.complete(); err != nil {
		return err
	}
	if err := nothingTemporary(s.dir); err != nil {
		return err
	}
	found, err := s.places.count(s.reader)
	if err != nil {
		return err
	}
	if s.variant.streams {
		err = s.places.batches(s.queryID)
	} else {
		err = s.places.copied(s.source.files())
	}
	s.campaign.results.check(s.name, err)
	s.campaign.count(func(t *totals) {
		t.rounds++
		t.batches += found.batches - s.places.last.batches
		t.compacted += found.compacted - s.places.last.compacted
		t.logCheckpoints += found.logCheckpoints - s.places.last.logCheckpoints
		t.orphans += found.orphans - s.places.last.orphans
	})
	s.places.last = found
	return err
}

func (c *campaign) count(add func(*totals)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.total)
}

func (c *campaign) killed(v variant, p phase) {
	c.count(func(*totals) { c.kills[cell{v.name, p}]++ })
	c.results.check("kill", nil)
}

func (c *campaign) rarest(v variant) phase {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kills.rarest(v)
}
