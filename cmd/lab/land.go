package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"autoloaderlab/engine"
	"autoloaderlab/ui/text"
)

// sourceFlag is the database to extract from. There is none yet, and a source
// that was asked for is never exchanged for another in silence.
func (p *program) sourceFlag(cmd *cobra.Command) {
	cmd.Flags().String("dsn", "", "")
	before(cmd, func(cmd *cobra.Command) error {
		switch {
		case cmd.Flags().Changed("dsn"):
			return text.NoDatabaseYet("--dsn")
		case p.getenv("LAB_DSN") != "":
			return text.NoDatabaseYet("LAB_DSN")
		}
		return nil
	})
}

// extractCommand lands one day.
func (p *program) extractCommand() *cobra.Command {
	c := p.command("extraer", nil)
	w := widgetFlags(c)
	day := date(c, "fecha")
	p.sourceFlag(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		_, pipeline, err := p.pipeline(cmd.Context(), w)
		if err != nil {
			return err
		}
		extracted, err := pipeline.Extract(cmd.Context(), *day)
		if err != nil {
			return err
		}
		p.answer(extracted, text.Extracted(fileOf(extracted), int64(extracted.Rows), extracted.Origin))
		return nil
	}
	return c
}

func fileOf(e engine.Extracted) string {
	if e.File == nil {
		return ""
	}
	return *e.File
}

// nextDayCommand lets a day pass.
func (p *program) nextDayCommand() *cobra.Command {
	c := p.command("avanzar-dia", nil)
	w := widgetFlags(c)
	p.sourceFlag(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		_, pipeline, err := p.pipeline(cmd.Context(), w)
		if err != nil {
			return err
		}
		day, err := pipeline.NextDay(cmd.Context())
		if err != nil {
			return err
		}
		p.answer(day, text.NewDay(day.Day, fileOf(day.Extracted), int64(day.Rows), day.Origin))
		return nil
	}
	return c
}

// bringCommand lands files of one's own.
func (p *program) bringCommand() *cobra.Command {
	c := p.command("traer", nil)
	w := widgetFlags(c)
	c.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return text.TooFewArguments(cmd.CommandPath(), "al menos un archivo")
		}
		names := map[string]bool{}
		for _, arg := range args {
			name := filepath.Base(arg)
			if names[name] {
				return text.SameName(cmd.CommandPath(), name)
			}
			names[name] = true
		}
		return nil
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		files := make([]string, len(args))
		for i, arg := range args {
			file, err := filepath.Abs(arg)
			if err != nil {
				return err
			}
			files[i] = file
		}
		_, pipeline, err := p.pipeline(cmd.Context(), w)
		if err != nil {
			return err
		}
		action, err := pipeline.Bring(cmd.Context(), files)
		if err != nil {
			return err
		}
		p.answer(action, text.Acted(text.Landed, text.NothingLanded, action.Paths))
		return nil
	}
	return c
}
