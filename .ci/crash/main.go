// Command crash kills the lab while it loads, a thousand times, and looks for a
// lost row, a doubled one, or anything left behind.
//
//	go run ./.ci/crash -kills 1000 -seed 1      kill it
//	go run ./.ci/crash -disk                    fill its disk, page by page (Linux)
//
// The program is the built one, the processes are real and so is SIGKILL. Each
// story is a fresh lab folder where files land and are loaded one a batch, past
// the compaction of the source log and the log checkpoints of the table:
//
//	land files ─▶ cargar ─▶ SIGKILL ─▶ cargar ─▶ SIGKILL ─▶ … ─▶ cargar to its end
//	                 │         │                                   │
//	    a reader polls the table all the time        every row once, batches without
//	    and must see whole files only                a gap, nothing temporary left
//
// A kill falls at a random moment of the run, or right after an event was read,
// or while the run is held at a seam. The events chosen are those that have had
// the fewest kills. The last event that the dead process told says in which
// phase it died; no phase may end without a kill.
//
// The seed gives the landed files and the moments aimed at. Where a kill really
// falls is the machine's business.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

func main() {
	kills := flag.Int("kills", 1000, "how many `kills`")
	seed := flag.Uint64("seed", 1, "`seed` of the random choices")
	stories := flag.Int("parallel", runtime.NumCPU(), "how many `stories` at a time")
	disk := flag.Bool("disk", false, "fill the disk instead of killing")
	flag.Parse()
	if *disk {
		ownMounts()
	}
	root, err := os.MkdirTemp("", "lab-crash-")
	if err != nil {
		fatal(err)
	}
	program := filepath.Join(root, "lab")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/lab").CombinedOutput(); err != nil {
		_ = os.RemoveAll(root)
		fatal(fmt.Errorf("build the lab, from the repository's root: %v\n%s", err, out))
	}
	results := &results{}
	if *disk {
		fillDisk(program, root, results)
	} else {
		c := &campaign{program: program, root: root, seed: *seed, wanted: *kills, results: results}
		c.run(*stories)
		c.report()
	}
	if results.failed > 0 {
		fmt.Printf("what failed is kept in %s\n", root)
	} else if err := os.RemoveAll(root); err != nil {
		fatal(err)
	}
	fmt.Printf("%d passed, %d failed\n", results.passed, results.failed)
	if results.failed > 0 {
		os.Exit(1)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "crash:", err)
	os.Exit(1)
}

// results counts checks and tells those that fail as they fail.
type results struct {
	mu             sync.Mutex
	passed, failed int
}

func (r *results) check(what string, err error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.passed++
		return true
	}
	r.failed++
	fmt.Printf("FAILED %s: %v\n", what, err)
	return false
}

// campaign is many stories until there were enough kills.
type campaign struct {
	program, root string
	seed          uint64
	wanted        int
	results       *results

	mu    sync.Mutex
	kills tally
	total totals
	began time.Time
}

// totals are figures of all stories.
type totals struct{ stories, rounds, batches, compacted, logCheckpoints, orphans, polls, late int }

// run plays stories, some at a time, until the kills are done and no phase is
// without one; twice as many kills as wanted are the end in any case.
func (c *campaign) run(parallel int) {
	c.began, c.kills = time.Now(), tally{}
	numbers := make(chan int)
	var players sync.WaitGroup
	for range parallel {
		players.Add(1)
		go func() {
			defer players.Done()
			for n := range numbers {
				c.play(n)
			}
		}()
	}
	for n := 0; !c.enough(); n++ {
		numbers <- n
	}
	close(numbers)
	players.Wait()
}

func (c *campaign) play(n int) {
	s := newStory(c, n, variants[n%len(variants)], rand.New(rand.NewPCG(c.seed, uint64(n))))
	ok := c.results.check(s.name, s.play())
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total.stories++
	if ok {
		_ = os.RemoveAll(s.dir) // the root goes at the end in any case
	}
}

// enough tells whether the campaign is over, won or lost.
func (c *campaign) enough() bool {
	c.results.mu.Lock()
	failed := c.results.failed
	c.results.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	done := c.kills.sum()
	return failed > 0 || done >= c.wanted && c.kills.missing() == nil || done >= 2*c.wanted+100
}

// report prints the figures.
func (c *campaign) report() {
	fmt.Printf("%d kills in %v, seed %d\n\n", c.kills.sum(), time.Since(c.began).Round(time.Second), c.seed)
	c.kills.print()
	t := c.total
	fmt.Printf("\n%d stories, %d rounds, %d batches, %d compacted source entries, %d log checkpoints\n", t.stories, t.rounds, t.batches, t.compacted, t.logCheckpoints)
	fmt.Printf("%d looks of the reader, %d orphaned data files that it never saw, %d kills that came too late\n", t.polls, t.orphans, t.late)
	if c.kills.sum() < c.wanted { // something failed
		return
	}
	var err error
	if missing := c.kills.missing(); missing != nil {
		err = fmt.Errorf("no kill in: %q", missing)
	}
	c.results.check("every phase has had a kill", err)
}
