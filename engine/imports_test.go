package engine_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "autoloaderlab/"

// floorPlan says which of our rooms each room may enter. Imports go down: a room
// that needs one above it has a job that belongs elsewhere.
var floorPlan = map[string][]string{
	"engine/failure":             {},
	"engine/progress":            {},
	"engine/storage":             {},
	"engine/storage/storagetest": {"engine/storage"},
	"engine/stream":              {"engine/failure", "engine/progress"},
	"engine/checkpoint":          {"engine/stream", "engine/storage", "engine/failure"},
	"engine/parquet":             {"engine/storage", "engine/failure"},
	"engine/schema":              {"engine/checkpoint", "engine/storage", "engine/failure"},
	"engine/autoloader/csv":      {"engine/failure"},
	"engine/autoloader":          {"engine/autoloader/csv", "engine/schema", "engine/checkpoint", "engine/stream", "engine/storage", "engine/failure", "engine/progress"},
	"engine/delta":               {"engine/parquet", "engine/stream", "engine/storage", "engine/failure"},
	"engine/query":               {"engine/delta", "engine/storage", "engine/failure"},
	"engine/catalog":             {"engine/storage", "engine/failure"},
	"engine/extract":             {"engine/storage", "engine/failure"},
	"engine": {"engine/autoloader", "engine/autoloader/csv", "engine/catalog", "engine/checkpoint", "engine/delta", "engine/extract",
		"engine/failure", "engine/parquet", "engine/progress", "engine/query", "engine/schema", "engine/storage", "engine/stream", "fixtures"},
	"fixtures":               {},
	"fixtures/generate":      {"fixtures/internal/seed"},
	"fixtures/internal/seed": {},
	"lessons":                {},
	"ui/text":                {"engine", "engine/failure", "engine/progress", "engine/query", "engine/delta", "engine/catalog"},
	"ui/background":          {},
	"ui/style":               {"ui/text"},
	"ui/child":               {"engine/failure", "engine/progress"},
	"ui/play":                {"engine", "engine/failure", "engine/progress", "engine/query", "engine/storage", "fixtures", "lessons", "ui/text"},
	"ui/plain":               {"engine", "engine/failure", "engine/progress", "lessons", "ui/play", "ui/text"},
	"ui/disk":                {"engine", "engine/failure", "engine/progress", "ui/style", "ui/text"},
	"ui/pipeline":            {"engine", "engine/failure", "engine/progress", "ui/child", "ui/style", "ui/text"},
	"ui/editor":              {},
	"ui/uitest":              {},
	"ui/console":             {"engine", "engine/failure", "engine/query", "engine/storage", "ui/editor", "ui/style", "ui/text"},
	"ui/lesson":              {"engine", "engine/failure", "engine/progress", "lessons", "ui/editor", "ui/play", "ui/style", "ui/text"},
	"ui": {"engine", "engine/failure", "engine/progress", "engine/query", "lessons", "ui/background", "ui/child", "ui/console",
		"ui/disk", "ui/editor", "ui/lesson", "ui/pipeline", "ui/play", "ui/style", "ui/text"},
	"cmd/lab": {"engine", "engine/autoloader", "engine/extract", "engine/failure", "engine/parquet", "engine/progress", "engine/query", "engine/storage", "lessons",
		"ui", "ui/child", "ui/console", "ui/plain", "ui/play", "ui/style", "ui/text"},
}

// onlyHere says which room alone knows an outside package, so that a successor is
// a change in one room.
var onlyHere = map[string]string{
	"github.com/marcboeker/go-duckdb":          "engine/query",
	"github.com/apache/arrow/go/v17/parquet":   "engine/parquet",
	"github.com/spf13/cobra":                   "cmd/lab",
	"github.com/gofrs/flock":                   "engine",
	"golang.org/x/text/encoding":               "engine/autoloader/csv",
	"github.com/klauspost/compress":            "engine/autoloader/csv, engine/parquet",
	"github.com/charmbracelet":                 "ui, ui/background, ui/style, ui/disk, ui/pipeline, ui/editor, ui/console, ui/lesson, ui/uitest, cmd/lab",
	"github.com/jackc/pgx":                     "engine/extract",
	"github.com/apache/arrow/go/v17/arrow/csv": "nobody: it has not Auto Loader's semantics",
}

// writers are the functions of package os that change the disk. Only storage may
// call them, and what is no part of what the lab keeps: the locks, the folders of
// a PostgreSQL server, which writes in them itself, and a priority that the kernel
// is told by a file of its own; and the goldens of tests.
var writers = []string{"WriteFile", "Create", "Rename", "Remove", "RemoveAll", "Mkdir", "MkdirAll", "OpenFile", "Link", "Chtimes", "Symlink", "Truncate"}

var mayWrite = []string{"engine/storage/", "engine/lock.go", "engine/extract/cluster.go", "engine/extract/place.go", "fixtures/generate/", "cmd/lab/crash.go",
	"ui/child/process_linux.go", "ui/uitest/"}

func TestFloorPlan(t *testing.T) {
	for file, room := range goFiles(t) {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", file), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		allowed, known := floorPlan[room]
		if !known {
			t.Errorf("%s: %s is not on the floor plan; give it a line and the rooms it may enter", file, room)
		}
		for _, spec := range parsed.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if ours, ok := strings.CutPrefix(path, module); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s: %s may enter only %v", file, ours, room, allowed)
			}
			for outside, owner := range onlyHere {
				if belongs(path, outside) && !slices.Contains(strings.Split(owner, ", "), room) {
					t.Errorf("%s imports %s, which only %s knows", file, path, owner)
				}
			}
		}
	}
}

func belongs(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

func TestOnlyStorageWritesToDisk(t *testing.T) {
	for file := range goFiles(t) {
		if slices.ContainsFunc(mayWrite, func(prefix string) bool { return strings.HasPrefix(file, prefix) }) {
			continue
		}
		text, err := fs.ReadFile(osDir(".."), file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range writers {
			if strings.Contains(string(text), "os."+name+"(") {
				t.Errorf("%s calls os.%s: what writes goes through a storage.Store, so that a test can make it fail", file, name)
			}
		}
	}
}

func osDir(dir string) fs.FS { return os.DirFS(dir) }

// goFiles lists the repository's Go files that are no tests, with their rooms.
func goFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(osDir(".."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			files[name] = path.Dir(name)
		}
		return nil
	})
	if err != nil || len(files) < 30 {
		t.Fatalf("found %d Go files: %v", len(files), err)
	}
	return files
}
