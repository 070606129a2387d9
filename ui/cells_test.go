package ui

import (
	"context"
	"testing"
	"time"

	"autoloaderlab/ui/play"
)

// A step that asks to look for something in what its cells answer does not tell it
// before, and a cell's key stays its own.
func TestTheAnswerComesAfterTheCells(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	room, err := play.Open(ctx, dir, play.InProcess{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := room.Start(ctx, "experimento-2")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Go(ctx, s.Lesson().Step("pruebas-del-duplicado")); err != nil {
		t.Fatal(err)
	}
	d := &studentDesk{s: s, now: time.Now, hinted: map[string]int{}}
	for _, keys := range []string{"e2", "2", ""} {
		sight, err := d.Look(ctx)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for i := range sight.Deeds {
			got += DeedKey(sight.Deeds, i)
		}
		v := sight.Page.Verdict
		if got != keys || v == nil || (v.Why == "") != (keys != "") || (len(v.Evidence) == 0) != (keys != "") {
			t.Errorf("the cells' keys are %q, not %q; the verdict is %+v", got, keys, v)
		}
		if keys != "" {
			if _, err := d.Do(ctx, sight.Deeds[0], nil); err != nil {
				t.Fatal(err)
			}
		}
	}
}
