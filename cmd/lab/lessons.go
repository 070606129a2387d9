package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/child"
	twin "autoloaderlab/ui/plain"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/text"
)

// wantsPlain tells whether this is no place for a screen: it was asked for, it
// is no terminal, or one that can move no cursor.
func (p *program) wantsPlain(cmd *cobra.Command) bool {
	asked, _ := cmd.Flags().GetBool("plano")
	_, in := terminalOf(p.in)
	_, out := terminalOf(p.out.to)
	accessible := p.getenv("ACCESSIBLE")
	return asked || !in || !out || p.getenv("TERM") == "dumb" || accessible != "" && accessible != "0"
}

// plain plays the lessons as text.
func (p *program) plain(ctx context.Context) error {
	room, err := p.classroom(ctx)
	if err != nil {
		return err
	}
	config := twin.Config{Room: room, In: p.in, Out: p.out}
	if fd, ok := terminalOf(p.out.to); ok {
		config.Columns, _ = size(fd)
	}
	err = twin.Run(ctx, config)
	if errors.Is(err, context.Canceled) {
		return nil // ctrl+c, which was answered already; all is saved
	}
	return err
}

// classroom is where lessons are played; loads run as children of this program.
func (p *program) classroom(ctx context.Context) (*play.Classroom, error) {
	dir, err := p.folder()
	if err != nil {
		return nil, err
	}
	return play.Open(ctx, dir, child.Runner{}, nil)
}

// lessonOverview is a lesson as a program reads it.
type lessonOverview struct {
	Number      int    `json:"numero"`
	ID          string `json:"id"`
	Title       string `json:"titulo"`
	Minutes     int    `json:"minutos"`
	State       string `json:"estado"`
	Step        int    `json:"paso"` // from 1
	Steps       int    `json:"pasos"`
	Passed      int    `json:"pasos_hechos"`
	Predictions int    `json:"predicciones"`
	Right       int    `json:"acertadas"`
}

// lessonsCommand lists the lessons, or plays one by its own solutions.
func (p *program) lessonsCommand() *cobra.Command {
	c := p.command("lecciones", nil)
	id := c.Flags().String("resolver", "", "")
	before(c, func(cmd *cobra.Command) error { return notEmpty(cmd, "resolver") })
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		room, err := p.classroom(cmd.Context())
		if err != nil {
			return err
		}
		if *id != "" {
			return p.solve(cmd.Context(), *id)
		}
		list := []lessonOverview{}
		var rows []text.LessonLine
		for _, l := range room.Lessons() {
			list = append(list, lessonOverview{
				l.Number, l.ID, l.Title, l.Minutes, string(l.State), l.Step + 1, l.Steps, l.Passed, l.Predictions, l.Right,
			})
			rows = append(rows, text.LessonLine{Number: l.Number, Title: l.Title, Minutes: l.Minutes, Passed: l.Passed, Steps: l.Steps, State: string(l.State)})
		}
		p.answer(list, trimmed(text.LessonTable(rows)))
		return nil
	}
	return c
}

func trimmed(lines string) string {
	if lines == "" {
		return lines
	}
	return lines[:len(lines)-1]
}

// solvedStep is a step of --resolver as a program reads it.
type solvedStep struct {
	Number int      `json:"paso"`
	ID     string   `json:"id"`
	OK     bool     `json:"ok"`
	Detail string   `json:"detalle"` // the step's title, or what is wrong
	Faults []string `json:"problemas"`
}

// solve plays a lesson by its own solutions. Without --dir it does so in a
// folder of its own, which it removes: the student's progress is not touched.
func (p *program) solve(ctx context.Context, id string) error {
	dir := p.dir
	if dir == "" {
		temp, err := os.MkdirTemp("", "autoloaderlab-")
		if err != nil {
			return text.NoTempFolder()
		}
		defer func() { _ = play.Discard(temp) }()
		dir = temp
	}
	room, err := play.Open(ctx, dir, child.Runner{}, nil)
	if err != nil {
		return err
	}
	steps, ok := []solvedStep{}, true
	err = room.Solve(ctx, id, func(s play.Solved) {
		step := solvedStep{s.Number, s.Step.ID, len(s.Faults) == 0, s.Step.Title, append([]string{}, s.Faults...)}
		if !step.OK {
			step.Detail = strings.Join(s.Faults, "; ")
		}
		steps, ok = append(steps, step), ok && step.OK
		if !p.json {
			fmt.Fprintln(p.out, text.SolvedStep(step.Number, s.Step.Title, step.Faults))
		}
	})
	if err != nil {
		return err
	}
	if p.json {
		p.print(map[string]any{"id": room.Library().Lesson(id).ID, "ok": ok, "pasos": steps})
	}
	if !ok {
		p.told = true
		return text.LessonWrong(id)
	}
	return nil
}

// lintCommand looks for mistakes in the lessons' files.
func (p *program) lintCommand() *cobra.Command {
	return p.command("validar", func(cmd *cobra.Command, _ []string) error {
		library := lessons.Bundled()
		problems := append([]lessons.Problem{}, library.Lint()...)
		tests := lintedLessons(library, problems)
		words := text.Linted(len(library.Lessons), len(problems))
		for _, problem := range problems {
			words += "\n  " + problem.String()
		}
		p.answer(map[string]any{"ok": len(problems) == 0, "pruebas": tests, "lecciones": len(library.Lessons), "problemas": problems}, words)
		if len(problems) > 0 {
			p.told = true
			return text.LessonsWrong()
		}
		return nil
	})
}

// linted is a lesson's file as the linter found it.
type linted struct {
	Name   string `json:"nombre"`
	OK     bool   `json:"ok"`
	Detail string `json:"detalle"` // the lesson's title, or what is wrong
}

// lintedLessons sorts problems by their files. Those of no lesson's file come
// last, one by one.
func lintedLessons(library *lessons.Library, problems []lessons.Problem) []linted {
	wrong := map[string][]string{}
	for _, problem := range problems {
		wrong[problem.File] = append(wrong[problem.File], problem.String())
	}
	tests := []linted{}
	for _, l := range library.Lessons {
		test := linted{l.ID, len(wrong[l.File]) == 0, l.Title}
		if !test.OK {
			test.Detail = strings.Join(wrong[l.File], "; ")
			delete(wrong, l.File)
		}
		tests = append(tests, test)
	}
	for _, problem := range problems {
		if _, elsewhere := wrong[problem.File]; elsewhere {
			tests = append(tests, linted{problem.File, false, problem.String()})
		}
	}
	return tests
}

// notesCommand shows an instructor's notes, and follows the lesson if asked.
func (p *program) notesCommand() *cobra.Command {
	c := p.command("notas", nil)
	follow := c.Flags().Bool("seguir", false, "")
	c.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return text.TooManyArguments(cmd.CommandPath(), args[1])
		}
		return nil
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		room, err := p.classroom(cmd.Context())
		if err != nil {
			return err
		}
		id := ""
		if len(args) > 0 {
			id = args[0]
		}
		last := ""
		for {
			notes, err := room.Notes(cmd.Context(), id)
			if err != nil && !*follow {
				return err
			}
			if words := notes.String(); err == nil && words != last {
				last = words
				p.answer(notes, words)
			}
			if !*follow {
				return nil
			}
			select {
			case <-cmd.Context().Done():
				return nil
			case <-time.After(followEvery):
			}
		}
	}
	return c
}

// followEvery is how often notes look where the lesson is.
const followEvery = 500 * time.Millisecond
