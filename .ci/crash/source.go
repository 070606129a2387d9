package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// source is the landing folder: which rows have landed, and in which files.
type source struct {
	dir string

	mu     sync.Mutex
	rows   map[string]int // a row's text -> its number
	fileOf []int          // a row's number -> its file's
	sizes  []int          // a file's number -> its rows
}

func newSource(dir string) *source { return &source{dir: dir, rows: map[string]int{}} }

func (s *source) files() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sizes)
}

// takeBundled learns the rows that the lab landed itself.
func (s *source) takeBundled() error {
	paths, err := filepath.Glob(filepath.Join(s.dir, "*.csv"))
	if err != nil || len(paths) == 0 {
		return fmt.Errorf("no bundled files in %s: %v", s.dir, err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := s.learn(string(text)); err != nil {
			return err
		}
	}
	return nil
}

// learn registers a file's rows before it lands.
func (s *source) learn(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")[1:]
	for _, line := range lines {
		if _, known := s.rows[line]; known {
			return fmt.Errorf("the row %q landed twice", line)
		}
		s.rows[line] = len(s.fileOf)
		s.fileOf = append(s.fileOf, len(s.sizes))
	}
	s.sizes = append(s.sizes, len(lines))
	return nil
}

const header = "account_feature_id,account_id,feature_id,purchase_date,amount_paid\n"

// bigRows make a file whose reading and writing take a while.
const bigRows = 20_000

// land puts a new file into the folder, mostly a small one.
func (s *source) land(random *rand.Rand) error {
	if random.IntN(10) == 0 {
		return s.landRows(random, bigRows)
	}
	return s.landRows(random, 1+random.IntN(200))
}

// landRows puts a new file into the folder in one step, as the lab's own do.
func (s *source) landRows(random *rand.Rand, rows int) error {
	n := s.files()
	text := []byte(header)
	for row := range rows {
		text = fmt.Appendf(text, "%d,%d,%d,2025-04-01 %02d:%02d:00,%d.%02d\n", 1_000_000*(n+1)+row,
			random.IntN(1000), random.IntN(40), random.IntN(24), random.IntN(60), random.IntN(100), random.IntN(100))
	}
	if err := s.learn(string(text)); err != nil {
		return err
	}
	temp := filepath.Join(filepath.Dir(s.dir), "landing")
	if err := os.WriteFile(temp, text, 0o644); err != nil {
		return err
	}
	return os.Rename(temp, filepath.Join(s.dir, fmt.Sprintf("llegado %04d ñ.csv", n)))
}
