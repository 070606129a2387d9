package main

import (
	"context"
	"io"
	"os"
	"runtime/debug"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/spf13/cobra"

	"autoloaderlab/engine/storage"
	"autoloaderlab/ui"
	"autoloaderlab/ui/console"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// appearance are the flags of the interface.
type appearance struct {
	look      string
	still     bool
	professor bool
}

func appearanceFlags(cmd *cobra.Command) *appearance {
	a := &appearance{}
	flags := cmd.Flags()
	flags.StringVar(&a.look, "tema", "", "")
	flags.BoolVar(&a.still, "sin-animacion", false, "")
	flags.BoolVar(&a.professor, "profesor", false, "")
	return a
}

// theme is --tema, or LAB_TEMA, or what the terminal says of itself.
func (p *program) theme(a appearance, command string) (style.Theme, error) {
	asked, flag := a.look, "--tema"
	if asked == "" {
		asked, flag = p.getenv("LAB_TEMA"), "LAB_TEMA"
	}
	theme, known := style.Detect(asked, p.getenv)
	if !known {
		return theme, text.BadChoice(flag, asked, style.LookNames(), command)
	}
	return theme, nil
}

// interactive runs the interface until somebody leaves it.
func (p *program) interactive(ctx context.Context, a appearance, command string) error {
	theme, err := p.theme(a, command)
	if err != nil {
		return err
	}
	dir, err := p.folder()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	debug.SetGCPercent(collectAt)
	runner := &ui.Runner{}
	academy, err := ui.NewAcademy(ctx, dir, runner, time.Now, writeReport)
	if err != nil {
		return err
	}
	model := ui.New(ctx, ui.Config{School: academy, Runner: runner, Theme: theme, Still: a.still, Professor: a.professor, Terminal: p.out.to,
		Shelf: console.NewShelf(storage.NewLocal(), academy.Dir())})
	screen := tea.NewProgram(model, tea.WithContext(ctx), tea.WithInput(watchedInput(p.in, cancel)), tea.WithOutput(p.out.to),
		tea.WithAltScreen(), tea.WithMouseCellMotion(), tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond))
	_, err = screen.Run()
	model.Wait() // also when a signal ended it, or its terminal was closed
	if crash := model.Crash(); crash != nil {
		return text.Crashed(p.writeLog(crash.Reason, crash.Stack))
	}
	if ctx.Err() != nil { // asked to leave from outside: the terminal is as it was
		return ctx.Err()
	}
	return err
}

// watchedInput is the input, and calls gone when it ends or fails. Where SIGHUP is ignored
// nothing else tells that the terminal was closed, and Bubble Tea goes on without input.
func watchedInput(in io.Reader, gone func()) io.Reader {
	if file, ok := in.(*os.File); ok {
		return keyboard{file, gone}
	}
	return in
}

type keyboard struct {
	*os.File
	gone func()
}

// Read implements io.Reader.
func (k keyboard) Read(p []byte) (int, error) {
	n, err := k.File.Read(p)
	if err != nil {
		k.gone()
	}
	return n, err
}

// writeReport writes the report into the lab's folder and gives its path.
func writeReport(ctx context.Context, room *play.Classroom) (string, error) {
	return room.WriteReport(ctx)
}

// framesPerSecond is how often the screen looks for a new frame: a key waits for that
// at most, and at rest nothing is drawn.
const framesPerSecond = 120

// collectAt lets the interface's few megabytes become some twenty before they are
// collected: a frame is half a megabyte of strings, and a key would often meet a
// collection.
const collectAt = 400
