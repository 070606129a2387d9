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

// ask puts the question unless the answer was given or there is nothing to
// lose; only «s» goes on.
func (p *program) ask(ctx context.Context, yes bool, question func() (q text.Question, needed bool)) error {
	if yes {
		return nil
	}
	q, needed := question()
	if !needed {
		return nil
	}
	fmt.Fprint(p.err, q)
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
		lab, pipeline, err := p.pipeline(ctx, w)
		if err != nil {
			return err
		}
		if err := p.ask(ctx, *yes, func() (text.Question, bool) { return w.dropQuestion(ctx, lab, pipeline) }); err != nil {
			return err
		}
		action, err := pipeline.DropTable(ctx)
		return p.acted(action, err, text.TableDropped, text.NoTable)
	}
	return c
}

// dropQuestion looks at what a drop would take along and what not. What cannot be
// looked at is asked about without its numbers.
func (w *parameters) dropQuestion(ctx context.Context, lab *engine.Lab, pipeline *engine.Pipeline) (q text.Question, needed bool) {
	status, err := pipeline.Status(ctx)
	if err == nil && !status.Table.Exists {
		return q, false
	}
	inside, outside := false, ""
	if inner, err := lab.Pipeline(w.widgets, engine.CheckpointInTable); err == nil {
		status, err := inner.Status(ctx)
		inside = err == nil && status.Checkpoint.Exists
	}
	if outer, err := lab.Pipeline(w.widgets, engine.Notebook); err == nil {
		if status, err := outer.Status(ctx); err == nil && status.Checkpoint.Exists {
			outside = status.Checkpoint.Path
		}
	}
	return text.AskDropTable(pipeline.Table().String(), pipeline.TableDir(), status.Table.Rows, inside, outside), true
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
		if err := p.ask(ctx, *yes, func() (text.Question, bool) {
			status, err := pipeline.Status(ctx)
			table := pipeline.Table().String()
			if err == nil && !status.Table.Exists {
				table = ""
			}
			q := text.AskDeleteCheckpoint(pipeline.CheckpointDir(), table, number(status.Checkpoint.SeenFiles))
			return q, err != nil || status.Checkpoint.Exists
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
		if err := p.ask(cmd.Context(), *yes, func() (text.Question, bool) { return text.AskReset(lab.Dir(), *everything), true }); err != nil {
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
