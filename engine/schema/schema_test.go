package schema_test

import (
	"reflect"
	"testing"

	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/schema"
	"autoloaderlab/engine/storage"
)

func TestInferMergesHeaders(t *testing.T) {
	for _, test := range []struct {
		name    string
		headers [][]string
		want    []string
	}{
		{"one file gives its own names", [][]string{{"id", "amount"}}, []string{"id", "amount"}},
		{"another order adds nothing", [][]string{{"id", "amount"}, {"amount", "id"}}, []string{"id", "amount"}},
		{"a new column comes last", [][]string{{"id"}, {"channel", "id"}}, []string{"id", "channel"}},
		{"names that differ by case are one, in the first spelling", [][]string{{"Id"}, {"ID", "id"}}, []string{"Id"}},
		{"the rescued data column is nobody's own", [][]string{{"id", "_rescued_data"}}, []string{"id"}},
		{"no header, no columns", nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := schema.Infer(test.headers...); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestEvolveFollowsTheMode(t *testing.T) {
	current := schema.Schema{Version: 3, Columns: []string{"id"}}
	for _, test := range []struct {
		mode schema.Mode
		news []string
		fail bool
		next *schema.Schema
	}{
		{schema.AddNewColumns, nil, false, nil},
		{schema.AddNewColumns, []string{"channel"}, true, &schema.Schema{Version: 4, Columns: []string{"id", "channel"}}},
		{schema.FailOnNewColumns, []string{"channel"}, true, nil},
		{schema.Rescue, []string{"channel"}, false, nil},
		{schema.None, []string{"channel"}, false, nil},
	} {
		got := schema.Evolve(current, test.news, test.mode)
		if got.Fail != test.fail || !reflect.DeepEqual(got.Next, test.next) {
			t.Errorf("%s with %q: got fail=%v, next=%v", test.mode, test.news, got.Fail, got.Next)
		}
	}
}

func TestTheNewestStoredVersionCounts(t *testing.T) {
	store := storage.NewMemory(nil)
	log := checkpoint.Open(store, "/c").Schemas()
	if _, ok, err := schema.Load(log); ok || err != nil {
		t.Fatalf("of an empty log: got %v, %v", ok, err)
	}
	for version, columns := range [][]string{{"id"}, {"id", `odd "name", ñ`}} {
		if err := schema.Save(log, schema.Schema{Version: int64(version), Columns: columns}); err != nil {
			t.Fatal(err)
		}
	}
	got, ok, err := schema.Load(log)
	if want := (schema.Schema{Version: 1, Columns: []string{"id", `odd "name", ñ`}}); !ok || err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, %v, want %v", got, ok, err, want)
	}
	if err := schema.Save(log, got); !failure.Is(err, failure.ConcurrentStream) {
		t.Errorf("a version that is there: got %v, want %s", err, failure.ConcurrentStream)
	}
}

func TestADamagedSchemaIsNamed(t *testing.T) {
	for _, data := range []string{"", "v1", "v1\n{", "v1\n{}", `v1` + "\n" + `{"dataSchemaJson":"{\"fields\":[]}"}`} {
		store := storage.NewMemory(nil)
		if err := store.Put("/c/_schemas/0", []byte(data)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := schema.Load(checkpoint.Open(store, "/c").Schemas()); !failure.Is(err, failure.DamagedFile) {
			t.Errorf("%q: got %v, want %s", data, err, failure.DamagedFile)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"v1\n{\"dataSchemaJson\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{\\\"name\\\":\\\"id\\\"},{\\\"name\\\":\\\"_rescued_data\\\"}]}\"}",
		"v1\n{\"dataSchemaJson\":\"null\"}", "v1\n{}", "v1", "v2\n{}", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		store := storage.NewMemory(nil)
		if err := store.Put("/c/_schemas/0", data); err != nil {
			t.Fatal(err)
		}
		log := checkpoint.NewLog(store, "/c/_schemas")
		loaded, ok, err := schema.Load(log)
		if err != nil {
			if !failure.Is(err, failure.DamagedFile) {
				t.Errorf("got %v", err)
			}
			return
		}
		if !ok || len(loaded.Columns) == 0 {
			t.Fatalf("got %+v, %v", loaded, ok)
		}
		loaded.Version++
		if err := schema.Save(log, loaded); err != nil {
			t.Fatal(err)
		}
		if again, _, err := schema.Load(log); err != nil || !reflect.DeepEqual(again, loaded) {
			t.Errorf("%+v came back as %+v, %v", loaded, again, err)
		}
	})
}
