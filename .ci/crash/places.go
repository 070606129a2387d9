package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"autoloaderlab/engine"
	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/storage"
)

// places are the folders of one pipeline.
type places struct {
	source, checkpoint, table string
	last                      counted
}

// placesOf asks a lab elsewhere, so that the folder itself stays untouched.
func placesOf(dir string, v variant) (places, error) {
	model, err := os.MkdirTemp("", "lab-places-")
	if err != nil {
		return places{}, err
	}
	defer os.RemoveAll(model)
	lab, err := engine.Open(context.Background(), engine.Config{Dir: model})
	if err != nil {
		return places{}, err
	}
	parsed, err := engine.ParseVariant(v.name)
	if err != nil {
		return places{}, err
	}
	pipeline, err := lab.Pipeline(engine.Widgets{}, parsed)
	if err != nil {
		return places{}, err
	}
	at := func(path string) string { return dir + strings.TrimPrefix(path, model) }
	return places{source: at(pipeline.SourceDir()), checkpoint: at(pipeline.CheckpointDir()), table: at(pipeline.TableDir())}, nil
}

// counted is what a story has left on disk.
type counted struct{ batches, compacted, logCheckpoints, orphans int }

func (p places) count(r *reader) (c counted, err error) {
	names := func(pattern ...string) int {
		found, globErr := filepath.Glob(filepath.Join(pattern...))
		if globErr != nil {
			err = globErr
		}
		return len(found)
	}
	c.batches = names(p.checkpoint, "commits", "*")
	c.compacted = names(p.checkpoint, "sources", "0", "*.compact")
	c.logCheckpoints = names(p.table, delta.LogDir, "*.checkpoint*.parquet")
	r.mu.Lock()
	defer r.mu.Unlock()
	c.orphans = names(p.table, "*.parquet") - len(r.content)
	return c, err
}

// nothingTemporary fails when a run that came to its end leaves a file behind
// that was never finished.
func nothingTemporary(dir string) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if name := filepath.Base(path); err == nil && (strings.HasSuffix(name, storage.TempSuffix) || name == ".preparando") {
			return fmt.Errorf("%s was left behind", path)
		}
		return err
	})
}

// batches checks that plans and commits go from 0 to the same number without a
// gap, and that the table's log has exactly one txn for each.
func (p places) batches(queryID string) error {
	planned, err := numbers(filepath.Join(p.checkpoint, "offsets"))
	if err != nil {
		return err
	}
	confirmed, err := numbers(filepath.Join(p.checkpoint, "commits"))
	if err != nil {
		return err
	}
	if !slices.Equal(planned, confirmed) {
		return fmt.Errorf("offsets/ has %v and commits/ has %v", planned, confirmed)
	}
	txns, err := p.txns()
	if err != nil {
		return err
	}
	for n, batch := range confirmed {
		if n != batch {
			return fmt.Errorf("commits/ has %v", confirmed)
		}
		if got := txns[txn{queryID, int64(batch)}]; got != 1 {
			return fmt.Errorf("batch %d has %d txns", batch, got)
		}
	}
	if len(txns) != len(confirmed) {
		return fmt.Errorf("%d batches have %d txns: %v", len(confirmed), len(txns), txns)
	}
	return nil
}

// copied checks that the log remembers every source file once.
func (p places) copied(files int) error {
	txns, err := p.txns()
	if err != nil {
		return err
	}
	for t, times := range txns {
		if times != 1 {
			return fmt.Errorf("%s was copied %d times", t.AppID, times)
		}
	}
	if len(txns) != files {
		return fmt.Errorf("%d source files have %d txns", files, len(txns))
	}
	return nil
}

// numbers are the names in a folder of numbered files, in order.
func numbers(dir string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []int
	for _, entry := range entries {
		n, err := strconv.Atoi(entry.Name())
		if err != nil {
			return nil, fmt.Errorf("%s has %q", dir, entry.Name())
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return all, nil
}

type txn struct {
	AppID   string `json:"appId"`
	Version int64  `json:"version"`
}

// txns counts the txns of all versions, which must follow one another.
func (p places) txns() (map[txn]int, error) {
	paths, err := filepath.Glob(filepath.Join(p.table, delta.LogDir, "*.json"))
	if err != nil {
		return nil, err
	}
	found := map[txn]int{}
	for version, path := range paths {
		if want := fmt.Sprintf("%020d.json", version); filepath.Base(path) != want {
			return nil, fmt.Errorf("%s in the place of %s", path, want)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(text) {
			var action struct {
				Txn *txn `json:"txn"`
			}
			if err := json.Unmarshal(line, &action); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			if action.Txn != nil {
				found[*action.Txn]++
			}
		}
	}
	return found, nil
}
