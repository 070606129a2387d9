package console_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"autoloaderlab/engine/storage"
	"autoloaderlab/ui/console"
)

func TestTheHistoryCanBeReadByPeople(t *testing.T) {
	store := storage.NewMemory(nil)
	shelf := console.NewShelf(store, "/lab")
	for _, statement := range []string{"SELECT 1 < 2", "SHOW TABLES", "SELECT 1 < 2"} {
		if err := shelf.Keep(statement); err != nil {
			t.Fatal(err)
		}
	}
	data, err := store.ReadFile("/lab/consola.json")
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "version": 1,
  "sentencias": [
    "SHOW TABLES",
    "SELECT 1 < 2"
  ]
}
`
	if string(data) != want {
		t.Errorf("got %s, want %s", data, want)
	}
}

func TestADamagedHistoryStopsNothingAndIsNotLost(t *testing.T) {
	for name, damaged := range map[string]string{
		"empty": "", "cut": `{"version": 1, "sente`, "of a newer lab": `{"version": 2}`, "no history": `[]`, "endless": strings.Repeat("x", 4<<20),
	} {
		t.Run(name, func(t *testing.T) {
			store := storage.NewMemory(nil)
			if err := store.Put("/lab/consola.json", []byte(damaged)); err != nil {
				t.Fatal(err)
			}
			shelf := console.NewShelf(store, "/lab")
			if got := shelf.History(); len(got) != 0 {
				t.Errorf("got %q, want nothing", got)
			}
			if err := shelf.Keep("SELECT 1"); err != nil {
				t.Fatal(err)
			}
			if got, want := shelf.History(), []string{"SELECT 1"}; !reflect.DeepEqual(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if aside, err := store.ReadFile("/lab/consola.json.apartado-1"); err != nil || string(aside) != damaged {
				t.Errorf("the damaged one: got %d bytes, %v", len(aside), err)
			}
		})
	}
}

func TestTheHistoryIsBounded(t *testing.T) {
	shelf := console.NewShelf(storage.NewMemory(nil), "/lab")
	for i := range 230 {
		if err := shelf.Keep(fmt.Sprintf("SELECT %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := shelf.History(); len(got) != 200 || got[0] != "SELECT 30" || got[199] != "SELECT 229" {
		t.Errorf("got %d statements from %s", len(got), got[0])
	}
	if err := shelf.Keep(strings.Repeat("x", 250<<10)); err != nil {
		t.Fatal(err)
	}
	if got := shelf.History(); len(got[len(got)-1]) != 250<<10 || len(got) > 200 {
		t.Errorf("got %d statements", len(got))
	}
}
