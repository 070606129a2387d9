package play

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Runner runs one load of the lab in labDir and tells its events. args are
// further words of «lab cargar»: widgets, variant, options. A load that failed
// says so in Finished and is no error. A load that was killed gives an error and
// no Finished; after KilledError it is known where.
type Runner interface {
	Load(ctx context.Context, labDir string, args []string, on func(progress.Stamped)) (progress.Finished, error)
}

// Killer is a Runner that can kill a load where it first stands at a seam. A
// load that never gets there ends as with Load.
type Killer interface {
	KillAt(ctx context.Context, labDir string, args []string, seam progress.Seam, on func(progress.Stamped)) (progress.Finished, error)
}

// KilledError is a load that was killed, and where it stood.
type KilledError struct{ At progress.Seam }

// Error implements error.
func (k KilledError) Error() string { return "the load was killed at " + string(k.At) }

// KilledAt tells where it stood: what makes an error one of a killed load.
func (k KilledError) KilledAt() progress.Seam { return k.At }

// InProcess runs loads in this process: for tests, and to prepare lessons. It
// cannot kill itself; KillAt ends the load at the seam, which leaves the same
// files on disk.
type InProcess struct{ Now func() time.Time }

// Load implements Runner.
func (r InProcess) Load(ctx context.Context, labDir string, args []string, on func(progress.Stamped)) (progress.Finished, error) {
	return r.KillAt(ctx, labDir, args, "", on)
}

// KillAt implements Killer.
func (r InProcess) KillAt(ctx context.Context, labDir string, args []string, seam progress.Seam, on func(progress.Stamped)) (progress.Finished, error) {
	widgets, variant, request, err := parse(args)
	if err != nil {
		return progress.Finished{}, err
	}
	lab, err := engine.Open(ctx, engine.Config{Dir: labDir, Now: r.Now})
	if err != nil {
		return progress.Finished{}, err
	}
	pipeline, err := lab.Pipeline(widgets, variant)
	if err != nil {
		return progress.Finished{}, err
	}
	listener := &stopper{on: on, seam: seam}
	finished, err := pipeline.Load(ctx, request, listener)
	switch {
	case listener.stopped:
		return progress.Finished{}, KilledError{seam}
	case err != nil:
		finished.Error = text.Explain(err).Failure()
	}
	return finished, nil
}

// stopper ends a load at its seam.
type stopper struct {
	on      func(progress.Stamped)
	seam    progress.Seam
	stopped bool
}

var errStop = errors.New("stopped at the seam")

// Happened implements progress.Listener.
func (s *stopper) Happened(e progress.Stamped) {
	if s.on != nil {
		s.on(e)
	}
}

// Reached implements progress.Listener.
func (s *stopper) Reached(seam progress.Seam) error {
	if seam != s.seam {
		return nil
	}
	s.stopped = true
	return errStop
}

// words are args for a load of a pipeline.
func words(on lessons.Target, options []string) []string {
	var args []string
	for _, pair := range [][2]string{{"--alumno", on.Student}, {"--variante", on.Variant}, {"--tabla", on.Table}} {
		if pair[1] != "" {
			args = append(args, pair[0], pair[1])
		}
	}
	for _, option := range options {
		args = append(args, "--opcion", option)
	}
	return args
}

// parse reads what words wrote.
func parse(args []string) (w engine.Widgets, v engine.Variant, request engine.LoadRequest, err error) {
	variant := ""
	for len(args) > 1 {
		value := args[1]
		switch args[0] {
		case "--alumno":
			w.Student = value
		case "--tabla":
			w.Table = value
		case "--catalogo":
			w.Catalog = value
		case "--volumen-landing":
			w.LandingVolume = value
		case "--volumen-bronce":
			w.BronzeVolume = value
		case "--variante":
			variant = value
		case "--opcion":
			key, val, _ := strings.Cut(value, "=")
			request.Options = append(request.Options, struct{ Key, Value string }{key, val})
		default:
			return w, v, request, failure.New(failure.WrongUse, "check flag", args[0])
		}
		args = args[2:]
	}
	if len(args) > 0 {
		return w, v, request, failure.New(failure.WrongUse, "check flag", args[0]).Because(fmt.Errorf("no value"))
	}
	v, err = engine.ParseVariant(variant)
	return w, v, request, err
}
