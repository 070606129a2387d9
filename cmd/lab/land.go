package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"autoloaderlab/engine"
	"autoloaderlab/ui/text"
)

// sourceFlag is the database that was asked for: --dsn, or LAB_DSN. A text that is
// no DSN is wrong use, and is not repeated.
func (p *program) sourceFlag(cmd *cobra.Command) *engine.DSN {
	asked := &engine.DSN{}
	text := cmd.Flags().String("dsn", "", "")
	before(cmd, func(cmd *cobra.Command) (err error) {
		if err := notEmpty(cmd, "dsn"); err != nil {
			return err
		}
		if !cmd.Flags().Changed("dsn") {
			*text = p.getenv("LAB_DSN")
		}
		if *text != "" {
			*asked, err = engine.ParseDSN(*text)
		}
		return err
	})
	return asked
}

// extractCommand lands one day.
func (p *program) extractCommand() *cobra.Command {
	c := p.command("extraer", nil)
	w := widgetFlags(c)
	day := date(c, "fecha")
	dsn := p.sourceFlag(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		_, pipeline, err := p.pipeline(cmd.Context(), w)
		if err != nil {
			return err
		}
		extracted, err := pipeline.From(*dsn).Extract(cmd.Context(), *day)
		if err != nil {
			return err
		}
		p.tellCursor(extracted)
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

// tellCursor narrates what a day was to the cursor, when that is worth a word.
func (p *program) tellCursor(e engine.Extracted) {
	days, first, last := int64(0), "", ""
	if skipped := e.Cursor.Skipped; skipped != nil {
		days, first, last = skipped.Days, skipped.From, skipped.To
	}
	if told := text.CursorMoved(e.Cursor.Again, e.Written, e.File != nil, days, first, last); told != "" {
		fmt.Fprintln(p.err, told)
	}
}

// nextDayCommand lets a day pass.
func (p *program) nextDayCommand() *cobra.Command {
	c := p.command("avanzar-dia", nil)
	w := widgetFlags(c)
	dsn := p.sourceFlag(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		_, pipeline, err := p.pipeline(cmd.Context(), w)
		if err != nil {
			return err
		}
		day, err := pipeline.From(*dsn).NextDay(cmd.Context())
		if err != nil {
			return err
		}
		p.tellCursor(day.Extracted)
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
