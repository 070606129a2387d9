package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/text"
)

// loadCommand is the notebook's load.
func (p *program) loadCommand() *cobra.Command {
	var file string
	c := p.command("cargar", nil)
	w := widgetFlags(c)
	w.variantFlag(c)
	options := optionsFlag(c)
	c.Flags().StringVar(&file, "progreso", "", "")
	before(c, func(cmd *cobra.Command) error { return notEmpty(cmd, "progreso") })
	seams := seamsFlag(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		l := p.listener(cmd.Context(), *seams)
		request := engine.LoadRequest{ProgressFile: file}
		for _, o := range *options {
			request.Options = append(request.Options, o)
		}
		return p.load(cmd.Context(), w, request, l)
	}
	return c
}

// seamsFlag is --pausa-en: one seam, several with commas between, or the flag
// several times.
func seamsFlag(cmd *cobra.Command) *[]progress.Seam {
	names := cmd.Flags().StringSlice("pausa-en", nil, "")
	parsed := &[]progress.Seam{}
	before(cmd, func(cmd *cobra.Command) error {
		if cmd.Flags().Changed("pausa-en") && len(*names) == 0 {
			*names = []string{""}
		}
		for _, name := range *names {
			seam := progress.Seam(name)
			if !slices.Contains(progress.Seams, seam) {
				var choices []string
				for _, s := range progress.Seams {
					choices = append(choices, string(s))
				}
				return text.BadChoice("--pausa-en", name, choices, cmd.CommandPath())
			}
			*parsed = append(*parsed, seam)
		}
		return nil
	})
	return parsed
}

// load runs the load and tells its end, also when it failed before it began.
func (p *program) load(ctx context.Context, w *parameters, request engine.LoadRequest, l *listener) error {
	table := ""
	finished := progress.Finished{State: progress.Failed, RunID: uuid.NewString()}
	err := p.guard(func() error {
		_, pipeline, err := p.pipeline(ctx, w)
		if err != nil {
			return err
		}
		table = pipeline.Table().String()
		finished, err = pipeline.Load(ctx, request, l)
		return err
	})
	if failure.Is(err, failure.WrongUse) {
		return err
	}
	l.end(conclude(finished, err), table)
	p.told = true
	return err
}

// conclude fills in what a failure does to the last event.
func conclude(f progress.Finished, err error) progress.Finished {
	if err == nil {
		return f
	}
	m := text.Explain(err)
	f.State, f.Error = progress.Failed, m.Failure()
	if m.Class == failure.Cancelled {
		f.State = progress.Cancelled
	}
	return f
}

// listener tells what a load does: as JSON lines, or in words and with a bar.
type listener struct {
	*program
	ctx      context.Context
	seams    []progress.Seam // where to pause
	lines    func() <-chan struct{}
	bar      *bar
	warnings []string
}

func (p *program) listener(ctx context.Context, seams []progress.Seam) *listener {
	l := &listener{program: p, ctx: ctx, seams: seams, lines: sync.OnceValue(func() <-chan struct{} { return linesOf(p.in) })}
	if fd, ok := terminalOf(p.err.to); ok && !p.json && p.getenv("TERM") != "dumb" {
		l.bar = &bar{out: p.err, began: time.Now(), width: func() int { columns, _ := size(fd); return columns - 1 }}
	}
	return l
}

// Happened implements progress.Listener.
func (l *listener) Happened(s progress.Stamped) {
	if w, ok := s.Event.(progress.Warned); ok {
		w.Message = text.Warning(w)
		s.Event = w
		if slices.Contains(l.warnings, w.Message) && !l.json {
			return // a person has read it
		}
		l.warnings = append(l.warnings, w.Message)
	}
	if l.json {
		l.print(s)
		return
	}
	if a, ok := s.Event.(progress.Advanced); ok {
		l.bar.draw(a)
		return
	}
	line := text.Narrate(s)
	if w, ok := s.Event.(progress.Warned); ok {
		line = text.WarningLine(w.Message)
	}
	if line != "" {
		l.bar.erase()
		fmt.Fprintln(l.err, line)
	}
}

// Reached implements progress.Listener: at its seams it waits for a line. Without
// any more input it never waits again.
func (l *listener) Reached(seam progress.Seam) error {
	if !slices.Contains(l.seams, seam) {
		return l.ctx.Err()
	}
	if l.json {
		l.print(progress.Stamped{At: time.Now(), Event: progress.Paused{Seam: seam}})
	} else {
		l.bar.erase()
		fmt.Fprintln(l.err, text.Paused(seam))
	}
	select {
	case <-l.lines():
		return l.ctx.Err()
	case <-l.ctx.Done():
		return l.ctx.Err()
	}
}

// linesOf sends once for every line and is closed at the end of the input. Its
// goroutine lives as long as the program: nothing can take it out of a read.
func linesOf(in io.Reader) <-chan struct{} {
	lines := make(chan struct{})
	go func() {
		defer close(lines)
		for input := bufio.NewReader(in); ; {
			_, err := input.ReadSlice('\n')
			if errors.Is(err, bufio.ErrBufferFull) {
				continue // still the same line
			}
			if err != nil {
				return
			}
			lines <- struct{}{}
		}
	}()
	return lines
}

// end tells the last event.
func (l *listener) end(f progress.Finished, table string) {
	if l.json {
		l.print(progress.Stamped{At: time.Now(), Event: f})
		return
	}
	l.bar.erase()
	if table != "" {
		fmt.Fprint(l.out, text.Summary(f, table, l.warnings))
	}
}

// bar is one line of a terminal that is drawn again and again. A nil bar draws nothing.
type bar struct {
	out   io.Writer
	width func() int
	began time.Time
	drawn int // cells on the screen
}

// barAfter is how long a load takes before a bar is worth its while.
const barAfter = 300 * time.Millisecond

func (b *bar) draw(a progress.Advanced) {
	if b == nil || time.Since(b.began) < barAfter {
		return
	}
	line := text.Bar(a, b.width())
	cells := text.Width(line)
	fmt.Fprint(b.out, "\r"+line+strings.Repeat(" ", max(0, b.drawn-cells)))
	b.drawn = cells
}

func (b *bar) erase() {
	if b == nil || b.drawn == 0 {
		return
	}
	fmt.Fprint(b.out, "\r"+strings.Repeat(" ", b.drawn)+"\r")
	b.drawn = 0
}
