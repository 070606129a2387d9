package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/disk"
	"autoloaderlab/ui/lesson"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/text"
)

// freeDesk is the main lab, with everything allowed.
type freeDesk struct {
	lab     *engine.Lab
	runner  play.Runner
	now     func() time.Time
	widgets engine.Widgets
	before  *engine.Inventory
	ran     map[Verb]time.Time
	handled engine.Action
	stale   bool // the load's result was taken away
	cut     bool // the last load did not come to its end
}

func (d *freeDesk) pipeline() (*engine.Pipeline, error) {
	return d.lab.Pipeline(d.widgets, engine.Notebook)
}

// Look implements Desk.
func (d *freeDesk) Look(ctx context.Context) (Sight, error) {
	lab, err := engine.Open(ctx, engine.Config{Dir: d.lab.Dir(), Now: d.now})
	if err != nil {
		return Sight{}, err
	}
	d.lab = lab
	p, err := d.pipeline()
	if err != nil {
		return Sight{}, err
	}
	now, err := p.Inventory(ctx)
	if err != nil {
		return Sight{}, err
	}
	if d.before == nil {
		d.before = &now
	}
	s := Sight{
		Number: -1, Title: text.FreeLab, Student: p.Widgets().Student, Day: lab.Day(), Folder: lab.Dir(),
		Counts: countsOf(now.Status), Inventory: now, Memories: disk.Remember(now, d.before), Table: p.Widgets().Table,
		Undo: now.TrashedTables+now.TrashedCheckpoints > 0, Widgets: p.Widgets(),
		Deeds: lacking([]Deed{
			{Verb: Load, Words: string(Load), Does: text.DoLoad}, {Verb: Count, Words: string(Count), Does: text.DoCount},
			{Verb: Drop, Words: string(Drop), Does: text.DoDrop}, {Verb: Checkpoint, Words: string(Checkpoint), Does: text.DoCheckpoint},
			{Verb: NextDay, Words: string(NextDay), Does: text.DoNextDay},
			{Verb: Files, Words: string(Files), Does: text.DoFiles}, {Verb: Parameters, Words: string(Parameters), Does: text.DoWidgets},
		}, now),
	}
	s.Page = d.page(p, s)
	s.Copy = codeOf(s.Page)
	return s, nil
}

// Lab implements Desk.
func (d *freeDesk) Lab() (*engine.Lab, *engine.Pipeline) {
	p, err := d.pipeline()
	if err != nil {
		return nil, nil
	}
	return d.lab, p
}

// Glance implements Desk.
func (d *freeDesk) Glance(ctx context.Context) (Sight, error) {
	p, err := d.pipeline()
	if err != nil {
		return Sight{}, err
	}
	now, err := p.Inventory(ctx)
	return Sight{Counts: countsOf(now.Status), Inventory: now, Memories: disk.Remember(now, d.before)}, err
}

func (d *freeDesk) page(p *engine.Pipeline, s Sight) lesson.Page {
	state := func(v Verb) (lesson.CellState, time.Time) {
		at, ran := d.ran[v]
		switch {
		case d.cut && v == Load:
			return lesson.Cut, at
		case !ran:
			return lesson.NotRun, at
		case d.stale && v == Load:
			return lesson.Stale, at
		}
		return lesson.Run, at
	}
	w := p.Widgets()
	page := lesson.Page{
		Phase: lessons.Read, TurnFirst: true, Title: text.FreeTitle, Text: text.FreeText, Chosen: -1,
		Names: lesson.Names{Table: w.Table},
	}
	load := lesson.Cell{Number: 6, Language: "pyspark", Code: loadCell}
	load.State, load.At = state(Load)
	count := lesson.Cell{Number: 7, Language: "sql", Code: "SELECT count(*) FROM " + p.Table().String()}
	count.State, count.At = state(Count)
	page.Cells = []lesson.Cell{
		{Number: 2, Language: "python", NoState: true, Code: widgetsCell(w.Student, w.Catalog, w.Table)}, load, count,
	}
	for i := range s.Deeds {
		page.Turn = append(page.Turn, turnOf(s.Deeds, i))
	}
	return page
}

// Do implements Desk.
func (d *freeDesk) Do(ctx context.Context, deed Deed, on func(progress.Stamped)) (Outcome, error) {
	p, err := d.pipeline()
	if err != nil {
		return Outcome{}, err
	}
	if now, err := p.Inventory(ctx); err == nil {
		d.before = &now
	}
	result, err := d.act(ctx, p, deed, on)
	if err != nil {
		return Outcome{}, err
	}
	d.remember(deed.Verb, result)
	out, err := outcomeOf(result, p.Table().String())
	if deed.Verb == Other {
		out.Action = d.handled
	}
	return out, err
}

// remember notes when a cell was run, and whether it was cut short.
func (d *freeDesk) remember(verb Verb, result play.Outcome) {
	if result.Killed || result.Load != nil && result.Load.State != progress.Terminated {
		d.ran[verb], d.cut = d.now(), true
		return
	}
	d.ran[verb] = d.now()
	switch verb {
	case Load:
		d.stale, d.cut = false, false
	case Drop, Checkpoint:
		d.stale = true
	}
}

func (d *freeDesk) act(ctx context.Context, p *engine.Pipeline, deed Deed, on func(progress.Stamped)) (play.Outcome, error) {
	out := play.Outcome{Action: lessons.Action{Verb: lessons.Verb(deed.Verb)}}
	switch deed.Verb {
	case Load:
		finished, err := d.runner.Load(ctx, d.lab.Dir(), widgetWords(d.widgets), on)
		var killed play.KilledError
		if errors.As(err, &killed) {
			out.Killed, out.KilledAt = true, killed.At
			return out, nil
		}
		out.Load = &finished
		return out, err
	case Count:
		count, err := p.Count(ctx)
		out.Rows = &count.Rows
		return out, err
	case Drop:
		action, err := p.DropTable(ctx)
		out.Paths = action.Paths
		return out, err
	case Checkpoint:
		action, err := p.DeleteCheckpoint(ctx)
		out.Paths = action.Paths
		return out, err
	case NextDay:
		day, err := p.NextDay(ctx)
		out.Day, out.Paths = day.Day, day.Paths
		return out, err
	}
	return d.handle(ctx, p, deed)
}

// handle does something with the source files.
func (d *freeDesk) handle(ctx context.Context, p *engine.Pipeline, deed Deed) (out play.Outcome, err error) {
	var action engine.Action
	if path, ok := strings.CutPrefix(deed.Words, string(lessons.VerbBring)+" "); ok {
		out.Action = lessons.Action{Verb: lessons.VerbBring}
		action, err = p.Bring(ctx, []string{path})
	} else {
		out.Action = lessons.Action{Verb: lessons.VerbFile}
		action, err = play.Handle(ctx, p, deed.Args)
	}
	out.Paths, d.handled = action.Paths, action
	return out, err
}

// widgetWords are the widgets as the command takes them.
func widgetWords(w engine.Widgets) []string {
	var words []string
	for _, pair := range [][2]string{
		{"--alumno", w.Student}, {"--catalogo", w.Catalog}, {"--volumen-landing", w.LandingVolume},
		{"--volumen-bronce", w.BronzeVolume}, {"--tabla", w.Table},
	} {
		if pair[1] != "" {
			words = append(words, pair[0], pair[1])
		}
	}
	return words
}

// Undo implements Desk.
func (d *freeDesk) Undo(ctx context.Context) (Outcome, error) {
	action, err := d.lab.Undo(ctx)
	return Outcome{Said: deleted(action.Paths, text.UndoneSaid, text.NothingToUndo), Action: action}, err
}

// Warn implements Desk.
func (d *freeDesk) Warn(ctx context.Context, deed Deed) (*Warning, error) {
	p, err := d.pipeline()
	if err != nil {
		return nil, err
	}
	return warning(ctx, p, deed)
}

// Widgets sets the notebook's parameters; what is empty is the lab's own.
func (d *freeDesk) Widgets(ctx context.Context, w engine.Widgets) error {
	if err := engine.CheckWidgets(w); err != nil {
		return err
	}
	d.widgets, d.before, d.ran, d.stale = w, nil, map[Verb]time.Time{}, false
	return ctx.Err()
}

// The free lab has no steps: what follows does nothing.

// Predict implements Desk.
func (d *freeDesk) Predict(context.Context, int, string) error { return nil }

// Hint implements Desk.
func (d *freeDesk) Hint(context.Context) error { return nil }

// Step implements Desk.
func (d *freeDesk) Step(context.Context, int) error { return nil }

// Restart implements Desk.
func (d *freeDesk) Restart(ctx context.Context) error { return ctx.Err() }

// loadCell is the notebook's load, as it is run here.
const loadCell = `query = (spark.readStream
  .format("cloudFiles")
  .option("cloudFiles.format", "csv")
  .option("cloudFiles.schemaLocation", checkpoint_path)
  .load(f"{VOLUMEN_LANDING}/{TABLA}/")
  .withColumn("fecha_carga", current_date())
  .writeStream
  .option("checkpointLocation", checkpoint_path)
  .trigger(availableNow=True)
  .toTable(f"{CATALOGO}.datavision_{ALUMNO}.{TABLA}"))`

// widgetsCell is the notebook's parameters.
func widgetsCell(student, catalog, table string) string {
	return "ALUMNO, CATALOGO = \"" + student + "\", \"" + catalog + "\"\nTABLA = \"" + table + "\""
}
