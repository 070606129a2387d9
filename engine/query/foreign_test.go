package query

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// foreignTable is what an independent reader found in a table.
type foreignTable struct {
	Path          string           `json:"path"`
	Rows          *int64           `json:"rows"`
	RowsByVersion map[string]int64 `json:"rows_by_version"`
	RowsFile      string           `json:"rows_file"`
	Status        string           `json:"status"`
}

// foreignWorld is a folder of tables that others wrote.
type foreignWorld struct {
	*lab
	dirs map[TableName]string
}

func (w foreignWorld) Tables(context.Context) ([]TableName, error) {
	return slices.Collect(maps.Keys(w.dirs)), nil
}
func (w foreignWorld) Dir(name TableName) string { return w.dirs[name] }
func (w foreignWorld) Log(name TableName) *delta.Log {
	return delta.NewLog(storage.NewLocal(), w.dirs[name], time.Now)
}

// TestForeignRows reads tables that Spark wrote, all rows and every version, and
// compares them with what the Rust kernel read. The folder holds expected.json,
// which maps a name to a foreignTable. What we do not read must be refused
// whole, and for a reason that its log bears out.
func TestForeignRows(t *testing.T) {
	root := os.Getenv("LAB_DELTA_TABLES")
	if root == "" {
		t.Skip("LAB_DELTA_TABLES does not name a folder of foreign Delta tables")
	}
	root, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var tables map[string]foreignTable
	if err := json.Unmarshal(text, &tables); err != nil {
		t.Fatal(err)
	}
	world := foreignWorld{dirs: map[TableName]string{}}
	for name, table := range tables {
		world.dirs[foreignName(name)] = filepath.Join(root, table.Path)
	}
	read, refused, versions, rows := 0, 0, 0, 0
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		t.Run(name, func(t *testing.T) {
			want, from := tables[name], foreignName(name)
			result, err := Run(context.Background(), world, root, "SELECT * FROM "+quoteForeign(from))
			if want.Rows == nil && err == nil && len(result.Rows) > 0 {
				t.Fatalf("got %d rows of a table that cannot be read", len(result.Rows))
			}
			if want.Rows == nil || err != nil {
				refused++
				checkForeignRefusal(t, world.Dir(from), want, err)
				return
			}
			read++
			rows += len(result.Rows)
			versions += checkForeignCounts(t, world, root, from, want)
			if int64(len(result.Rows)) != *want.Rows {
				t.Fatalf("got %d rows, want %d", len(result.Rows), *want.Rows)
			}
			if want.RowsFile != "" {
				checkForeignRows(t, result, filepath.Join(root, want.RowsFile))
			}
		})
	}
	t.Logf("%d tables read (%d rows, %d versions), %d refused", read, rows, versions, refused)
	if read == 0 {
		t.Error("no table was read")
	}
}

// foreignName makes a table's name of the last part of its path.
func foreignName(path string) TableName {
	return TableName{"foreign", "tables", filepath.Base(path)}
}

func quoteForeign(name TableName) string {
	return "`" + name.Catalog + "`.`" + name.Schema + "`.`" + name.Table + "`"
}

// checkForeignRefusal accepts an error that names a feature which the table's
// log turns on; damage where the independent reader failed, too; and missing
// data files where the folder has the log only.
func checkForeignRefusal(t *testing.T, dir string, want foreignTable, err error) {
	t.Helper()
	var known *failure.Error
	switch {
	case err == nil && want.Status != "must fail": // its files cancel out
	case failure.Is(err, failure.UnsupportedFeature) && errors.As(err, &known) && len(known.Names) > 0:
		t.Log(err)
		for _, feature := range known.Names {
			if !logSays(t, dir, feature) {
				t.Errorf("refused for %q, of which its log says nothing", feature)
			}
		}
	case want.Status == "must fail" && (failure.Is(err, failure.StateRecovery) || failure.Is(err, failure.LogGap)):
		t.Log(err)
	case strings.Contains(want.Status, "log only") && failure.Is(err, failure.FileVanished):
		t.Log(err)
	default:
		t.Errorf("got %v, want a refusal that names the feature or the damage", err)
	}
}

// logSays looks for a feature, or for the number of «minReaderVersion=N», in a log.
func logSays(t *testing.T, dir, feature string) bool {
	t.Helper()
	_, number, isVersion := strings.Cut(feature, "=")
	paths, err := filepath.Glob(filepath.Join(dir, delta.LogDir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(feature)) || isVersion && bytes.Contains(text, []byte(`"minReaderVersion":`+number)) {
			return true
		}
	}
	return false
}

// checkForeignCounts travels to every version whose files are still there.
func checkForeignCounts(t *testing.T, world World, root string, from TableName, want foreignTable) int {
	t.Helper()
	for version, rows := range want.RowsByVersion {
		result, err := Run(context.Background(), world, root, "SELECT * FROM "+quoteForeign(from)+" VERSION AS OF "+version)
		if err != nil {
			t.Errorf("version %s: %v", version, err)
			continue
		}
		if got := int64(len(result.Rows)); got != rows {
			t.Errorf("version %s: got %d rows, want %d", version, got, rows)
		}
	}
	return len(want.RowsByVersion)
}

// checkForeignRows finds each expected row once, in whatever order.
func checkForeignRows(t *testing.T, result *Result, path string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	left := slices.Clone(result.Rows)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var want map[string]any
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.UseNumber()
		if err := decoder.Decode(&want); err != nil {
			t.Fatal(err)
		}
		found := slices.IndexFunc(left, func(row []any) bool { return rowIs(result.Columns, row, want) })
		if found < 0 {
			nearest, _ := (&Result{Columns: result.Columns, Rows: left[:min(1, len(left))]}).JSON()
			t.Fatalf("no row is\n%s, among them\n%s", lines.Text(), nearest)
		}
		left = slices.Delete(left, found, found+1)
	}
	if err := lines.Err(); err != nil || len(left) > 0 {
		t.Errorf("%d rows too many, %v", len(left), err)
	}
}

func rowIs(columns []Column, row []any, want map[string]any) bool {
	for i, column := range columns {
		expected, there := want[column.Name]
		if !there || !valueIs(row[i], expected) {
			return false
		}
	}
	return len(columns) == len(want)
}

// valueIs compares a value of ours with one of the expected JSON, which writes a
// NULL list, map or struct as an empty one or one of NULLs, and binary as text.
func valueIs(got, want any) bool {
	switch want := want.(type) {
	case nil:
		return got == nil
	case bool:
		return got == want
	case string:
		return textIs(got, want)
	case json.Number:
		return numberIs(got, want)
	case []any:
		list, _ := got.([]any)
		return slices.EqualFunc(list, want, valueIs) && (got == nil || list != nil)
	case map[string]any:
		object, isObject := got.(Object)
		if got == nil {
			return !slices.ContainsFunc(slices.Collect(maps.Values(want)), func(member any) bool { return !valueIs(nil, member) })
		}
		for _, member := range object {
			if expected, there := want[member.Name]; !there || !valueIs(member.Value, expected) {
				return false
			}
		}
		return isObject && len(object) == len(want)
	}
	return false
}

func textIs(got any, want string) bool {
	switch got := got.(type) {
	case time.Time:
		at, err := time.Parse(time.RFC3339Nano, want)
		return err == nil && at.Equal(got)
	case []byte:
		return strings.ToValidUTF8(string(got), "\uFFFD") == want
	}
	return got == want
}

// numberIs compares exactly, or as floats where ours is one.
func numberIs(got any, want json.Number) bool {
	expected, ok := new(big.Rat).SetString(want.String())
	if !ok {
		return false
	}
	switch got := got.(type) {
	case float64:
		nearest, _ := expected.Float64()
		return got == nearest
	case float32:
		nearest, _ := expected.Float32()
		return got == nearest
	}
	number, ok := new(big.Rat).SetString(fmt.Sprint(got))
	return ok && number.Cmp(expected) == 0
}
