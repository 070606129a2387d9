package disk

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/style"
)

// recorded takes every event of a load at a fixed time.
type recorded struct{ ops *Operations }

var noon = time.Date(2025, 3, 7, 12, 3, 7, 0, time.Local)

func (r recorded) Happened(s progress.Stamped) {
	s.At = noon
	if e, ok := s.Event.(progress.Written); ok {
		e.Path = "/lab/part-00000-8e41c0d7-1111-2222-3333-444455556666-c000.zstd.parquet"
		s.Event = e
	}
	r.ops.Happened(s)
}

func (recorded) Reached(progress.Seam) error { return nil }

// story is a load, a drop, a load without news, an undo and a new day.
func story(t *testing.T) map[string]*Operations {
	ctx := context.Background()
	lab, pipeline := newLab(t)
	lists := map[string]*Operations{}
	run := func(name string, do func(o *Operations)) {
		o := &Operations{}
		inventory, err := pipeline.Inventory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		o.Begin(inventory)
		do(o)
		lists[name] = o
	}
	load := func(o *Operations) {
		finished, err := pipeline.Load(ctx, engine.LoadRequest{}, recorded{o})
		if err != nil {
			t.Fatal(err)
		}
		o.Happened(progress.Stamped{At: noon, Event: finished})
	}
	act := func(o *Operations, action engine.Action, err error) {
		if err != nil {
			t.Fatal(err)
		}
		now, err := pipeline.Inventory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		o.Acted(noon, action, now.Status)
	}
	run("primera-carga", load)
	run("un-dia", func(o *Operations) {
		day, err := pipeline.NextDay(ctx)
		act(o, day.Action, err)
		load(o)
	})
	run("sin-novedad", load)
	run("tabla-borrada", func(o *Operations) {
		action, err := pipeline.DropTable(ctx)
		act(o, action, err)
		load(o)
	})
	run("checkpoint-borrado", func(o *Operations) {
		action, err := pipeline.DeleteCheckpoint(ctx)
		act(o, action, err)
		action, err = lab.Undo(ctx)
		act(o, action, err)
	})
	return lists
}

func TestTheOperationsLookAsDrawn(t *testing.T) {
	for name, o := range story(t) {
		for _, w := range []int{43, 36, 65} {
			golden(t, fmt.Sprintf("operaciones/%s-%d", name, w), o.View(plain, w, 9, "account_premium_features"))
		}
	}
}

func TestTheOperationsFitEverySize(t *testing.T) {
	lists := story(t)
	rapid.Check(t, func(t *rapid.T) {
		o := *lists[rapid.SampledFrom([]string{"primera-carga", "un-dia", "tabla-borrada"}).Draw(t, "list")]
		o.list = append(o.list[:len(o.list):len(o.list)], Operation{At: noon, Gone: true, Name: rapid.String().Draw(t, "name"), What: rapid.StringN(0, 12, -1).Filter(printable).Draw(t, "what")})
		w, h := rapid.IntRange(1, 130).Draw(t, "w"), rapid.IntRange(1, 20).Draw(t, "h")
		if err := fits(o.View(style.New(style.Dark, style.TrueColor, false), w, h, "x"), w, h); err != nil {
			t.Fatal(err)
		}
	})
}

func printable(s string) bool {
	for _, r := range s {
		if r < 0x20 || r > 0x7e {
			return false
		}
	}
	return true
}

func TestAReplayFindsWhatItWouldWrite(t *testing.T) {
	o := &Operations{}
	inventory := fourDays()
	inventory.SourceEntry = 1
	o.Begin(inventory)
	batch := int64(1)
	for _, event := range []progress.Event{progress.Discovered{Files: 1}, progress.Planned{Files: 1}, progress.AlreadyInTable{TxnVersion: 1}, progress.Confirmed{}} {
		o.Happened(progress.Stamped{At: noon, Batch: &batch, Replayed: true, Event: event})
	}
	golden(t, "operaciones/repetido-43", o.View(plain, 43, 6, ""))
	o.Paused(true)
	if got, want := o.title, "lote 1, en pausa"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestARunThatEndsBadlyTouchesNoMemory(t *testing.T) {
	o := &Operations{}
	o.Begin(fourDays())
	for _, state := range []string{progress.Failed, progress.Cancelled} {
		o.Happened(progress.Stamped{At: noon, Event: progress.Finished{State: state}})
	}
	o.Killed(noon)
	golden(t, "operaciones/mal-43", o.View(plain, 43, 5, ""))
}
