package child

import (
	"context"
	"errors"

	"autoloaderlab/engine/progress"
)

// ErrKilled is a load that Runner killed because it was asked to.
var ErrKilled = errors.New("the load was killed")

// Runner runs whole loads as children. Program and Env are as in Config.
type Runner struct {
	Program string
	Env     []string
}

// Load runs one load and tells its events. A load that failed, or was cancelled
// by ctx, says so in Finished and is no error; an error is a child that could not
// be started, died, or spoke nonsense.
func (r Runner) Load(ctx context.Context, labDir string, args []string, on func(progress.Stamped)) (progress.Finished, error) {
	l, err := Start(ctx, Config{Program: r.Program, Env: r.Env, Dir: labDir, Args: args})
	if err != nil {
		return progress.Finished{}, err
	}
	for s := range l.Events() {
		on(s)
		if _, paused := s.Event.(progress.Paused); paused { // args may ask for a pause, which nobody here ends
			l.Continue()
		}
	}
	return l.finished(nil)
}

// KillAt runs a load, kills it where it first stands at the seam, and gives
// ErrKilled; a load that never gets there ends as with Load.
func (r Runner) KillAt(ctx context.Context, labDir string, args []string, seam progress.Seam, on func(progress.Stamped)) (progress.Finished, error) {
	l, err := Start(ctx, Config{Program: r.Program, Env: r.Env, Dir: labDir, Args: args, Pauses: []progress.Seam{seam}})
	if err != nil {
		return progress.Finished{}, err
	}
	for s := range l.Events() {
		on(s)
		if _, paused := s.Event.(progress.Paused); paused {
			err = errors.Join(err, l.Kill())
		}
	}
	return l.finished(err)
}

func (l *Load) finished(err error) (progress.Finished, error) {
	outcome := l.Wait()
	switch {
	case outcome.Killed:
		return progress.Finished{}, errors.Join(ErrKilled, err)
	case outcome.Finished == nil:
		return progress.Finished{}, errors.Join(outcome.Err, err)
	default:
		return *outcome.Finished, errors.Join(outcome.Err, err)
	}
}
