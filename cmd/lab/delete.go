package main

import (
	"bufio"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"autoloaderlab/engine"
	"autoloaderlab/ui/text"
)

// yesFlag lets a destructive command run without a question. Without it there
// has to be a terminal to ask; that is looked at before anything else.
func (p *program) yesFlag(cmd *cobra.Command) *bool {
	yes := cmd.Flags().Bool("si", false, "")
	before(cmd, func(cmd *cobra.Command) error {
		_, in := terminalOf(p.in)
		_, out := terminalOf(p.err.to)
		if !*yes && (!in || !out) {
			return text.NeedsYes(cmd.CommandPath())
		}
		return nil
	})
	return yes
}

// ask puts the question unless the answer was given; only «s» goes on.
func (p *program) ask(ctx context.Context, yes bool, question func() text.Question) error {
	if yes {
		return nil
	}
	fmt.Fprint(p.err, question())
	answered := make(chan string, 1)
	go func() { // ends with the program if nobody answers
		answer, _ := bufio.NewReader(p.in).ReadString('\n')
		answered <- answer
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case answer := <-answered:
		if !text.Yes(answer) {
			return text.NotConfirmed()
		}
		return nil
	}
}

// dropTableCommand is the notebook's DROP TABLE.
func (p *program) dropTableCommand() *cobra.Command {
	c := p.command("borrar-tabla", nil)
	w := widgetFlags(c)
	w.variantFlag(c)
	yes := p.yesFlag(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx := cmd.Context()
		_, pipeline, err := p.pipeline(ctx, w)
		if err != nil {
			return err
		}
		if err := p.ask(ctx, *yes, func() text.Question {
			return text.AskDropTable(pipeline.Table().String(), pipeline.TableDir(), rowsOf(ctx, pipeline))
		}); err != nil {
			return err
		}
		action, err := pipeline.DropTable(ctx)
		return p.acted(action, err, text.TableDropped, text.NoTable)
	}
	return c
}

// rowsOf is how many rows the question speaks of; nil when that cannot be told.
func rowsOf(ctx context.Context, pipeline *engine.Pipeline) *int64 {
	count, err := pipeline.Count(ctx)
	if err != nil {
		return nil
	}
	return &count.Rows
}

// deleteCheckpointCommand takes the stream's memory away.
func (p *program) deleteCheckpointCommand() *cobra.Command {
	c := p.command("borrar-checkpoint", nil)
	w := widgetFlags(c)
	w.variantFlag(c)
	yes := p.yesFlag(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx := cmd.Context()
		_, pipeline, err := p.pipeline(ctx, w)
		if err != nil {
			return err
		}
		if err := p.ask(ctx, *yes, func() text.Question {
			var files *int64
			if status, err := pipeline.Status(ctx); err == nil {
				files = number(status.Checkpoint.SeenFiles)
			}
			return text.AskDeleteCheckpoint(pipeline.CheckpointDir(), files)
		}); err != nil {
			return err
		}
		action, err := pipeline.DeleteCheckpoint(ctx)
		return p.acted(action, err, text.CheckpointDeleted, text.NoCheckpoint)
	}
	return c
}

// undoCommand brings back what was deleted last.
func (p *program) undoCommand() *cobra.Command {
	return p.command("deshacer", func(cmd *cobra.Command, _ []string) error {
		lab, err := p.open(cmd.Context())
		if err != nil {
			return err
		}
		action, err := lab.Undo(cmd.Context())
		return p.acted(action, err, text.Undone, text.NothingToUndo)
	})
}

// resetCommand puts the lab back to its beginning.
func (p *program) resetCommand() *cobra.Command {
	c := p.command("reiniciar", nil)
	yes := p.yesFlag(c)
	everything := c.Flags().Bool("todo", false, "")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		lab, err := p.open(cmd.Context())
		if err != nil {
			return err
		}
		if err := p.ask(cmd.Context(), *yes, func() text.Question { return text.AskReset(lab.Dir(), *everything) }); err != nil {
			return err
		}
		action, err := lab.Reset(cmd.Context(), *everything)
		return p.acted(action, err, text.ResetDone, text.NothingToReset)
	}
	return c
}

func (p *program) acted(action engine.Action, err error, done, nothing string) error {
	if err == nil {
		p.answer(action, text.Acted(done, nothing, action.Paths))
	}
	return err
}
