package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"autoloaderlab/engine/failure"
)

func TestTheCursorTellsWhatADayIsToIt(t *testing.T) {
	start := strings.Fields("2025-03-03 2025-03-04 2025-03-05")
	for _, c := range []struct {
		name   string
		before []string
		day    string
		want   Moved
	}{
		{"the next day", start, "2025-03-06", Moved{LastDay: "2025-03-06"}},
		{"a day again", start, "2025-03-04", Moved{LastDay: "2025-03-05", Again: true}},
		{"one day is skipped", start, "2025-03-07", Moved{LastDay: "2025-03-07", Skipped: &Skipped{1, "2025-03-06", "2025-03-06"}}},
		{"a month is skipped", start, "2025-04-06", Moved{LastDay: "2025-04-06", Skipped: &Skipped{31, "2025-03-06", "2025-04-05"}}},
		{"a gap is filled", append(start, "2025-03-07"), "2025-03-06", Moved{LastDay: "2025-03-07"}},
		{"a gap of two gaps is filled", append(start, "2025-03-09"), "2025-03-07", Moved{LastDay: "2025-03-09", Skipped: &Skipped{2, "2025-03-06", "2025-03-08"}}},
		{"a day before the first", start, "2025-03-01", Moved{LastDay: "2025-03-05", Skipped: &Skipped{1, "2025-03-02", "2025-03-02"}}},
		{"over a change of clocks and of years", []string{"2024-12-31"}, "2025-12-31", Moved{LastDay: "2025-12-31", Skipped: &Skipped{364, "2025-01-01", "2025-12-30"}}},
	} {
		_, got := cursor(c.before).moved(c.day)
		if show(got) != show(c.want) {
			t.Errorf("%s: got %s, want %s", c.name, show(got), show(c.want))
		}
	}
}

func show(m Moved) string {
	if m.Skipped == nil {
		return fmt.Sprintf("%s %t", m.LastDay, m.Again)
	}
	return fmt.Sprintf("%s %t %+v", m.LastDay, m.Again, *m.Skipped)
}

func TestEveryDayIsEitherExtractedOrSkipped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := bundledStart()
		for range rapid.IntRange(1, 20).Draw(t, "extractions") {
			day := addDays("2025-01-01", rapid.IntRange(0, 400).Draw(t, "day"))
			before := len(c)
			var m Moved
			c, m = c.moved(day)
			if m.Again != (len(c) == before) {
				t.Fatalf("%s: again %t, %d days then %d", day, m.Again, before, len(c))
			}
			all := daysBetween(c[0], c.last()) + 1
			skipped := int64(0)
			if m.Skipped != nil {
				skipped = m.Skipped.Days
			}
			if int64(len(c))+skipped != all || m.LastDay != c.last() {
				t.Fatalf("%v: %d extracted and %d skipped of %d", c, len(c), skipped, all)
			}
		}
	})
}

func TestEverySourceFolderHasACursorOfItsOwn(t *testing.T) {
	ctx := context.Background()
	lab, err := Open(ctx, Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"", "otra"} {
		pipeline, err := lab.Pipeline(Widgets{Table: table}, Notebook)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := pipeline.Extract(ctx, "2025-03-06"); err != nil || got.Cursor.Again || got.Cursor.LastDay != "2025-03-06" {
			t.Errorf("%q: got %+v, %v", table, got, err)
		}
	}
}

func TestADamagedCursorIsNamed(t *testing.T) {
	ctx := context.Background()
	for _, text := range []string{"{", `{"extraidos":{"/x":["ayer"]}}`, `{"extraidos":{"/x":["2025-03-04","2025-03-03"]}}`} {
		lab, err := Open(ctx, Config{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		path := lab.path(cursorDir, cursorFile)
		if err := lab.store.Put(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		pipeline, err := lab.Pipeline(Widgets{}, Notebook)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pipeline.Extract(ctx, "2025-03-06"); !failure.Is(err, failure.DamagedFile) || failure.ThingOf(err) != path {
			t.Errorf("%s: got %v", text, err)
		}
	}
}
