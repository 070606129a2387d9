package child

import (
	"context"
	"errors"

	"autoloaderlab/engine/progress"
)

// ErrKilled is a load that was killed because somebody asked for it.
var ErrKilled = errors.New("the load was killed")

// Runner runs whole loads as children. Program, Env, Pauses and Pass are as in
// Config.
type Runner struct {
	Program string
	Env     []string
	Pauses  []progress.Seam
	Pass    bool
	// Began, if there is one, is given each load as it starts: to steer it while
	// Load waits. Without it nobody could end a pause, so none lasts.
	Began func(*Load)
}

// Load runs one load and tells its events. A load that failed, or was cancelled
// by ctx, says so in Finished and is no error; an error is a child that could not
// be started, was killed (ErrKilled), died, or spoke nonsense.
func (r Runner) Load(ctx context.Context, labDir string, args []string, on func(progress.Stamped)) (progress.Finished, error) {
	return r.run(ctx, r.config(labDir, args), func(l *Load, s progress.Stamped) {
		on(s)
		if _, paused := s.Event.(progress.Paused); paused && r.Began == nil {
			l.Continue()
		}
	})
}

// KillAt runs a load and kills it where it first stands at the seam; one that
// never gets there ends as with Load.
func (r Runner) KillAt(ctx context.Context, labDir string, args []string, seam progress.Seam, on func(progress.Stamped)) (progress.Finished, error) {
	config := r.config(labDir, args)
	config.Pauses, config.Pass = []progress.Seam{seam}, false
	var failed error
	finished, err := r.run(ctx, config, func(l *Load, s progress.Stamped) {
		on(s)
		if _, paused := s.Event.(progress.Paused); paused {
			failed = l.Kill()
		}
	})
	return finished, errors.Join(err, failed)
}

func (r Runner) config(labDir string, args []string) Config {
	return Config{Program: r.Program, Env: r.Env, Dir: labDir, Args: args, Pauses: r.Pauses, Pass: r.Pass}
}

func (r Runner) run(ctx context.Context, c Config, on func(*Load, progress.Stamped)) (progress.Finished, error) {
	l, err := Start(ctx, c)
	if err != nil {
		return progress.Finished{}, err
	}
	if r.Began != nil {
		r.Began(l)
	}
	for s := range l.Events() {
		on(l, s)
	}
	return l.finished()
}

func (l *Load) finished() (progress.Finished, error) {
	outcome := l.Wait()
	switch {
	case outcome.Killed:
		return progress.Finished{}, ErrKilled
	case outcome.Finished == nil:
		return progress.Finished{}, outcome.Err
	default:
		return *outcome.Finished, outcome.Err
	}
}
