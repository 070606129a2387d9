package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"autoloaderlab/ui/play"
	"autoloaderlab/ui/text"
)

// reportCommand writes the report that a student hands in, or verifies those
// that were.
func (p *program) reportCommand() *cobra.Command {
	c := p.command("informe", nil)
	name := c.Flags().String("nombre", "", "")
	verify := c.Flags().String("verificar", "", "")
	before(c, func(cmd *cobra.Command) error { return notEmpty(cmd, "nombre", "verificar") })
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		if *verify != "" {
			return p.verify(cmd, *verify)
		}
		room, err := p.classroom(cmd.Context())
		if err != nil {
			return err
		}
		if *name != "" {
			if err := room.SetName(cmd.Context(), *name); err != nil {
				return err
			}
		}
		report, err := room.Report(cmd.Context())
		if err != nil {
			return err
		}
		page, err := report.Markdown()
		if err != nil {
			return err
		}
		if report.Name == "" && !p.json {
			fmt.Fprintln(p.err, text.ReportNeedsName)
		}
		p.answer(report, strings.TrimSuffix(page, "\n"))
		return nil
	}
	return c
}

// verify replays the story of the reports in a folder of its own.
func (p *program) verify(cmd *cobra.Command, path string) error {
	handed := play.ReadHanded(path)
	if len(handed) == 0 {
		return text.NoReports(path)
	}
	dir, err := os.MkdirTemp("", "autoloaderlab-")
	if err != nil {
		return text.NoTempFolder()
	}
	defer func() { _ = play.Discard(dir) }()
	checks, err := play.Verify(cmd.Context(), dir, handed)
	if err != nil {
		return err
	}
	p.answer(map[string]any{"informes": checks, "limites": text.ReportLimits}, text.Class(checks))
	for _, check := range checks {
		if !check.OK {
			p.told = true
			return text.ReportsDoNotFit()
		}
	}
	return nil
}
