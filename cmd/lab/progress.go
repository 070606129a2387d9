package main

import (
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"autoloaderlab/ui/text"
)

// The actions of «lab progreso».
const (
	exportProgress = "exportar"
	importProgress = "importar"
)

// progressCommand takes a student's progress out of a folder, and into another.
func (p *program) progressCommand() *cobra.Command {
	c := p.command("progreso", nil)
	c.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return text.TooFewArguments(cmd.CommandPath(), "la acción")
		}
		if err := oneOf(args[0], []string{exportProgress, importProgress}, cmd); err != nil {
			return err
		}
		most := 1
		if args[0] == importProgress {
			most = 2
		}
		switch {
		case len(args) < most:
			return text.TooFewArguments(cmd.CommandPath(), "el archivo")
		case len(args) > most:
			return text.TooManyArguments(cmd.CommandPath(), args[most])
		}
		return nil
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		room, err := p.classroom(cmd.Context())
		if err != nil {
			return err
		}
		if args[0] == exportProgress {
			data, err := room.Export()
			return p.answerUnless(err, json.RawMessage(data), strings.TrimSuffix(string(data), "\n"))
		}
		aside, err := room.Import(args[1])
		return p.answerUnless(err, map[string]any{"accion": importProgress, "rutas": append([]string{}, aside...)}, text.ProgressImported(aside))
	}
	return c
}
