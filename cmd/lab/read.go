package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/query"
	"autoloaderlab/ui/text"
)

// countCommand is the notebook's SELECT count(*).
func (p *program) countCommand() *cobra.Command {
	c := p.command("contar", nil)
	w := widgetFlags(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		_, pipeline, err := p.pipeline(cmd.Context(), w)
		if err != nil {
			return err
		}
		count, err := pipeline.Count(cmd.Context())
		if err != nil {
			return err
		}
		p.answer(count, text.Counted(count.Table, count.Rows))
		return nil
	}
	return c
}

// sqlCommand runs one statement.
func (p *program) sqlCommand() *cobra.Command {
	c := p.command("sql", nil)
	format := choice(c, "formato", "tabla", "csv", "json")
	c.Args = func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0 || strings.TrimSpace(args[0]) == "":
			return text.TooFewArguments(cmd.CommandPath(), "la sentencia")
		case len(args) > 1:
			return text.TooManyArguments(cmd.CommandPath(), args[1])
		}
		return nil
	}
	before(c, func(cmd *cobra.Command) error {
		asked, _ := cmd.Flags().GetBool("json")
		if asked && cmd.Flags().Changed("formato") && *format != "json" {
			return text.BadFlagValue("--formato", *format, "Con «--json» el formato ya es JSON.", cmd.CommandPath())
		}
		if asked {
			*format = "json"
		}
		return nil
	})
	c.RunE = func(cmd *cobra.Command, args []string) error {
		lab, err := p.open(cmd.Context())
		if err != nil {
			return err
		}
		result, err := lab.SQL(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		switch *format {
		case "json":
			data, err := result.JSON()
			if err != nil {
				return err
			}
			_, _ = p.out.Write(append(data, '\n'))
		case "csv":
			data, err := result.CSV()
			if err != nil {
				return err
			}
			_, _ = p.out.Write(data)
		default:
			p.showResult(result)
		}
		return nil
	}
	return c
}

// showResult draws a table; a statement that changed something has none.
func (p *program) showResult(r *query.Result) {
	if len(r.Columns) == 0 {
		fmt.Fprintln(p.out, text.StatementDone)
		return
	}
	if r.Columns[0].Name == "explain_key" {
		p.showPlan(r)
		return
	}
	columns := make([]text.Column, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = text.Column{Title: text.ColumnTitle(c.Name), Kind: c.Type, Numbers: isNumber(c.Type)}
	}
	rows := make([][]text.Cell, len(r.Rows))
	for row := range rows {
		rows[row] = make([]text.Cell, len(columns))
		for col := range columns {
			cell, isNull := r.Text(row, col)
			rows[row][col] = text.Cell{Text: cell, Null: isNull}
		}
	}
	fmt.Fprint(p.out, text.Table(columns, rows))
	fmt.Fprintln(p.err, text.Shown(int64(len(rows))))
}

// showPlan writes EXPLAIN's drawings as they are: in a table they would be one line.
func (p *program) showPlan(r *query.Result) {
	for row := range r.Rows {
		drawing, _ := r.Text(row, len(r.Columns)-1)
		for line := range strings.Lines(drawing) {
			fmt.Fprintln(p.out, text.Sanitize(strings.TrimRight(line, "\n")))
		}
	}
}

// isNumber tells whether a type, by Spark's name, is written to the right.
func isNumber(kind string) bool {
	switch kind {
	case "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE":
		return true
	}
	return strings.HasPrefix(kind, "DECIMAL")
}

// statusCommand shows the three memories.
func (p *program) statusCommand() *cobra.Command {
	c := p.command("estado", nil)
	w := widgetFlags(c)
	w.variantFlag(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		lab, pipeline, err := p.pipeline(cmd.Context(), w)
		if err != nil {
			return err
		}
		status, err := pipeline.Status(cmd.Context())
		if err == nil || !p.json {
			p.answer(status, strings.TrimSuffix(statusText(lab.Dir(), status).String(), "\n"))
			return err
		}
		p.told = true
		p.print(struct {
			engine.Status
			Error *progress.Failure `json:"error"`
		}{status, text.Explain(err).Failure()})
		return err
	}
	return c
}

func statusText(dir string, s engine.Status) text.Status {
	skipped := int64(0)
	if s.Extraction.Skipped != nil {
		skipped = s.Extraction.Skipped.Days
	}
	return text.Status{
		Extraction: text.ExtractionStatus{LastDay: s.Extraction.LastDay, Skipped: skipped},
		Day:        s.Day, Folder: dir, Student: s.Widgets.Student, Variant: string(s.Variant),
		Source: text.SourceStatus{Path: s.Source.Path, Files: int64(s.Source.Files), Rows: &s.Source.Rows, Bytes: s.Source.Bytes},
		Checkpoint: text.CheckpointStatus{
			Path: s.Checkpoint.Path, Exists: s.Checkpoint.Exists, QueryID: s.Checkpoint.QueryID,
			Planned: number(s.Checkpoint.PlannedBatch), Confirmed: number(s.Checkpoint.ConfirmedBatch),
			Seen: number(s.Checkpoint.SeenFiles), Schema: s.Checkpoint.SchemaVersion,
		},
		Table: text.TableStatus{
			Name: s.Table.Name, Path: s.Table.Path, Exists: s.Table.Exists,
			Version: s.Table.Version, Rows: s.Table.Rows, Files: number(s.Table.Files), Bytes: s.Table.Bytes,
		},
	}
}

// number makes one kind of optional number of them all.
func number[N ~int | ~int64](n *N) *int64 {
	if n == nil {
		return nil
	}
	value := int64(*n)
	return &value
}

// historyCommand is the table's DESCRIBE HISTORY.
func (p *program) historyCommand() *cobra.Command {
	c := p.command("historial", nil)
	w := widgetFlags(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		_, pipeline, err := p.pipeline(cmd.Context(), w)
		if err != nil {
			return err
		}
		history, err := pipeline.History(cmd.Context())
		if err != nil {
			return err
		}
		if p.json {
			p.print(history)
			return nil
		}
		fmt.Fprint(p.out, historyTable(history))
		return nil
	}
	return c
}

// historyTable is the history for a person: what tells one load from another, and who
// wrote it where it was not the lab.
func historyTable(history []engine.HistoryEntry) string {
	commits := make([]text.Commit, len(history))
	for i, entry := range history {
		c := text.Commit{Version: int64(entry.Version), At: entry.Timestamp.Local(), Operation: entry.Operation}
		c.Query, c.Batch, c.Rows = entry.Load()
		if entry.EngineInfo == nil || *entry.EngineInfo != engine.Writer {
			c.Writer = text.None
			if entry.EngineInfo != nil {
				c.Writer = *entry.EngineInfo
			}
		}
		commits[i] = c
	}
	return text.HistoryTable(commits)
}

// whereCommand tells the lab's folder.
func (p *program) whereCommand() *cobra.Command {
	return p.command("ruta", func(cmd *cobra.Command, _ []string) error {
		lab, err := p.open(cmd.Context())
		if err != nil {
			return err
		}
		p.answer(map[string]string{"ruta": lab.Dir()}, lab.Dir())
		return nil
	})
}
