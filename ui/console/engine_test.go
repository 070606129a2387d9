package console_test

import (
	"context"
	"strings"
	"testing"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/console"
)

// The console over a real lab: what a student would write in Databricks.
func TestTheEngineAnswers(t *testing.T) {
	ctx := context.Background()
	lab, err := engine.Open(ctx, engine.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	pipeline, err := lab.Pipeline(engine.Widgets{}, engine.Notebook)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.Load(ctx, engine.LoadRequest{}, progress.Nobody{}); err != nil {
		t.Fatal(err)
	}
	m := console.New(lab, console.Config{})
	drain(m, m.Init())
	for _, c := range []struct{ statement, want string }{
		{"SELECT count(*) FROM acc<tab>", "552"},
		{"SELECT count(*) AS n FROM acc<tab> VERSION AS OF 0;", "mostrando 1 de 1 fila, 1 de 1 columna"},
		{"SELECT amount_p<tab> FROM acc<tab>", "sum(CAST(amount_paid AS DECIMAL(10,2)))"},
		{"SELECT sum(amount_paid) FROM acc<tab>", "DATATYPE_MISMATCH"},
		{"SELECT path FROM cloud_f<tab>(TABLE(acc<tab>))", "3 filas"},
		{"DESCRIBE HISTORY acc<tab>", "STREAMING UPDATE"},
		{"DROP TABLE IF EXISTS acc<tab>", "✓ Hecho"},
		{"UNDROP TABLE " + table, "✓ Hecho"},
		{"SELECT 1 +", "PARSE_SYNTAX_ERROR"},
	} {
		press(m, strings.Repeat("<kill>", 8)+c.statement+"<run>")
		if got := view(m); !strings.Contains(got, c.want) {
			t.Errorf("%s: want %s in\n%s", c.statement, c.want, got)
		}
	}
}
