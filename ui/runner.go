package ui

import (
	"context"
	"errors"
	"sync"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/child"
	"autoloaderlab/ui/pipeline"
	"autoloaderlab/ui/play"
)

// Runner runs every load as a child of the same program, under the eyes of whoever
// watches: a lesson's and the free lab's alike.
type Runner struct {
	// Program and Env are child.Config's.
	Program string
	Env     []string

	mu   sync.Mutex
	feed *pipeline.Feed
	step bool
	last *Ended
}

// Ended is how a load ended: Err is child.Runner's.
type Ended struct {
	Finished progress.Finished
	Err      error
}

// ended is how the newest load that was watched ended, nil when there was none.
func (r *Runner) ended() *Ended {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

func (r *Runner) end(finished progress.Finished, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = &Ended{finished, err}
}

// Watch shows the next load to a feed; with step it stops at its seams.
func (r *Runner) Watch(feed *pipeline.Feed, step bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.feed, r.step, r.last = feed, step, nil
}

func (r *Runner) watcher() (*pipeline.Feed, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	feed, step := r.feed, r.step
	r.feed, r.step = nil, false
	return feed, step
}

// Unwatch closes a feed that no load took: the action was refused before it.
func (r *Runner) Unwatch(err error) {
	if feed, _ := r.watcher(); feed != nil {
		feed.Close(err)
	}
}

// Load implements play.Runner.
func (r *Runner) Load(ctx context.Context, labDir string, args []string, on func(progress.Stamped)) (progress.Finished, error) {
	feed, step := r.watcher()
	c := child.Runner{Program: r.Program, Env: r.Env}
	if feed == nil {
		return c.Load(ctx, labDir, args, on)
	}
	c.Pauses, c.Pass, c.Began = progress.Seams, !step, feed.Began
	return r.watched(feed, on, func(on func(progress.Stamped)) (progress.Finished, error) {
		return c.Load(ctx, labDir, args, on)
	})
}

// KillAt implements play.Killer.
func (r *Runner) KillAt(ctx context.Context, labDir string, args []string, seam progress.Seam, on func(progress.Stamped)) (progress.Finished, error) {
	feed, _ := r.watcher()
	c := child.Runner{Program: r.Program, Env: r.Env}
	if feed == nil {
		return c.KillAt(ctx, labDir, args, seam, on)
	}
	c.Began = feed.Began
	return r.watched(feed, on, func(on func(progress.Stamped)) (progress.Finished, error) {
		return c.KillAt(ctx, labDir, args, seam, on)
	})
}

// watched passes events to both listeners and says at which seam a kill met the load.
func (r *Runner) watched(feed *pipeline.Feed, on func(progress.Stamped), load func(func(progress.Stamped)) (progress.Finished, error)) (progress.Finished, error) {
	var at progress.Seam
	finished, err := load(func(s progress.Stamped) {
		if paused, ok := s.Event.(progress.Paused); ok {
			at = paused.Seam
		} else {
			at = ""
		}
		on(s)
		feed.Happened(s)
	})
	r.end(finished, err)
	feed.Close(err)
	if errors.Is(err, child.ErrKilled) {
		return finished, play.KilledError{At: at}
	}
	return finished, err
}
