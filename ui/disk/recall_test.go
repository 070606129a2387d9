package disk

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/autoloader"
	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// live takes a load's events as they come.
type live struct{ ops *Operations }

func (l live) Happened(s progress.Stamped) { l.ops.Happened(s) }
func (live) Reached(progress.Seam) error   { return nil }
func names(o *Operations) (found []string) {
	for _, op := range o.All() {
		if op.Memory != Origin { // what lands keeps the time it had
			found = append(found, op.Name+": "+op.What)
		}
	}
	return found
}

// What a screen saw happen and what the disk tells afterwards are the same, in the
// same order.
func TestTheDiskTellsAfterwardsWhatWasSeen(t *testing.T) {
	ctx := context.Background()
	_, pipeline := newLab(t)
	seen := &Operations{}
	load := func() {
		t.Helper()
		inventory, err := pipeline.Inventory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		seen.Begin(inventory)
		finished, err := pipeline.Load(ctx, engine.LoadRequest{Options: []autoloader.Pair{{Key: "cloudFiles.maxFilesPerTrigger", Value: "1"}}}, live{seen})
		if err != nil {
			t.Fatal(err)
		}
		seen.Happened(progress.Stamped{At: noon, Event: finished})
	}
	same := func() {
		t.Helper()
		now, err := pipeline.Disk(ctx)
		if err != nil {
			t.Fatal(err)
		}
		recalled := Recall(now, pipeline.Records(ctx), noon)
		got := names(&recalled)
		if want := names(seen); !slices.Equal(got, want) {
			t.Errorf("got\n%q\nwant\n%q", got, want)
		}
	}
	same()
	load() // three batches
	same()
	now, err := pipeline.Disk(ctx)
	if err != nil {
		t.Fatal(err)
	}
	recalled := Recall(now, pipeline.Records(ctx), noon)
	written := recalled.All()[0].At.Local()
	if view := recalled.View(style.Theme{}, 43, 12, "t"); !strings.Contains(view, text.DayAndMonth(written)) || strings.Contains(view, written.Format(time.TimeOnly)) {
		t.Errorf("what happened on another day than today does not tell its day:\n%s", view)
	}
	if _, err := pipeline.NextDay(ctx); err != nil {
		t.Fatal(err)
	}
	load()
	same()
	dropped, err := pipeline.DeleteCheckpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	*seen = Operations{list: slices.DeleteFunc(seen.list, func(op Operation) bool { return op.Memory == Checkpoint })}
	seen.Acted(noon, dropped, engine.Status{})
	same()
}

// A pipeline's list is its own: another's table is not in it, and the checkpoint that is
// in the table's folder goes and comes with the table.
func TestTheOperationsAreOfOnePipeline(t *testing.T) {
	ctx := context.Background()
	lab, first := newLab(t)
	widgets := first.Widgets()
	widgets.Student = "ana"
	second, err := engine.NewPipeline(lab, widgets, engine.CheckpointInTable)
	if err != nil {
		t.Fatal(err)
	}
	seen := &Operations{}
	look := func(p *engine.Pipeline) engine.Inventory {
		t.Helper()
		inventory, err := p.Inventory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return inventory
	}
	ends := func(want ...string) {
		t.Helper()
		if got := names(seen); len(got) < len(want) || !slices.Equal(got[len(got)-len(want):], want) {
			t.Errorf("got %q, want %q at its end", got, want)
		}
	}
	for _, p := range []*engine.Pipeline{first, second} {
		if _, err := p.Load(ctx, engine.LoadRequest{}, recorded{&Operations{}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := first.DropTable(ctx); err != nil {
		t.Fatal(err)
	}
	seen.Begin(look(second))
	dropped, err := second.DropTable(ctx)
	if err != nil {
		t.Fatal(err)
	}
	seen.Acted(noon, dropped, look(second).Status)
	went := []string{text.DiskDropTable + ": " + text.DiskDidTrash, text.DiskCheckpoint + ": " + text.DiskDidGoAlong}
	ends(went...)
	now, err := second.Disk(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var trashed []string
	for _, row := range newTree(now, "", nil, nil).rows {
		if row.gone {
			label, _, _ := strings.Cut(row.label, ":") // the time
			trashed = append(trashed, label[:max(len(label)-3, 0)]+row.right)
		}
	}
	if got := strings.Join(trashed, "\n"); !strings.Contains(got, "1 de aquí, 2 en total") || !strings.Contains(got, "tabla de "+first.Widgets().Student) || strings.Contains(got, "tabla de ana") {
		t.Errorf("the trash is told as\n%s", got)
	}
	recalled := Recall(now, second.Records(ctx), noon)
	if got := names(&recalled); !slices.Equal(got, went) {
		t.Errorf("recalled %q, want %q", got, went)
	}
	seen.Begin(look(second))
	if _, err := lab.SQL(ctx, "UNDROP TABLE "+second.Table().String()); err != nil {
		t.Fatal(err)
	}
	seen.Acted(noon, engine.Action{Action: "sql"}, look(second).Status)
	ends(text.DiskUndropTable+": "+text.DiskDidReturn, text.DiskCheckpoint+": "+text.DiskDidReturn)
}
