// Package storagetest holds the promises of storage.Store as tests, for every
// implementation to pass.
package storagetest

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"autoloaderlab/engine/storage"
)

// Run checks the Store that open makes; root is a folder it may use.
func Run(t *testing.T, open func(t *testing.T) (store storage.Store, root string)) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s storage.Store, root string)
	}{
		{"put replaces a file whole", putReplaces},
		{"put if absent never replaces", putIfAbsentKeeps},
		{"of many writers of one name exactly one wins", oneWriterWins},
		{"a created file is not there before its commit", createIsInvisible},
		{"a created file never replaces another", createNeverReplaces},
		{"a replacing file takes the other's place only at its commit", replaceAtCommit},
		{"an aborted file leaves no trace", abortLeavesNothing},
		{"a list is ordered by name and tells folders", listIsOrdered},
		{"a scan gives what a list does", scanIsList},
		{"what is missing is fs.ErrNotExist", missingIsNotExist},
		{"deleting what is missing is no error", deleteIsIdempotent},
		{"a tree moves in one step and never onto another", moveTree},
		{"a file read at an offset gives those bytes", readAt},
		{"a file's time can be set", setTime},
		{"sweep removes half-written files and nothing else", sweep},
	} {
		t.Run(test.name, func(t *testing.T) {
			store, root := open(t)
			test.run(t, store, root)
		})
	}
}

func putReplaces(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "new", "folder", "f")
	must(t, s.Put(path, []byte("one")))
	must(t, s.Put(path, []byte("two, longer")))
	holds(t, s, path, "two, longer")
	onlyNames(t, s, filepath.Dir(path), "f")
}

func putIfAbsentKeeps(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "f")
	must(t, s.PutIfAbsent(path, []byte("first")))
	if err := s.PutIfAbsent(path, []byte("second")); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("second put if absent: got %v, want fs.ErrExist", err)
	}
	holds(t, s, path, "first")
	onlyNames(t, s, root, "f")
}

func oneWriterWins(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "f")
	var wins, losses int
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 16 {
		group.Add(1)
		go func() {
			defer group.Done()
			err := s.PutIfAbsent(path, []byte("mine"))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				wins++
			case errors.Is(err, fs.ErrExist):
				losses++
			default:
				t.Errorf("put if absent: %v", err)
			}
		}()
	}
	group.Wait()
	if wins != 1 || losses != 15 {
		t.Errorf("got %d wins and %d losses, want 1 and 15", wins, losses)
	}
	onlyNames(t, s, root, "f")
}

func createIsInvisible(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "f")
	w, err := s.Create(path)
	must(t, err)
	_, err = w.Write([]byte("bit by "))
	must(t, err)
	_, err = w.Write([]byte("bit"))
	must(t, err)
	if _, err := s.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before commit: got %v, want fs.ErrNotExist", err)
	}
	must(t, w.Commit())
	must(t, w.Abort())
	holds(t, s, path, "bit by bit")
	onlyNames(t, s, root, "f")
}

func createNeverReplaces(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "f")
	must(t, s.Put(path, []byte("first")))
	w, err := s.Create(path)
	must(t, err)
	_, err = w.Write([]byte("second"))
	must(t, err)
	if err := w.Commit(); !errors.Is(err, fs.ErrExist) {
		t.Errorf("commit onto a file: got %v, want fs.ErrExist", err)
	}
	holds(t, s, path, "first")
	onlyNames(t, s, root, "f")
}

func replaceAtCommit(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "f")
	must(t, s.Put(path, []byte("first")))
	w, err := s.Replace(path)
	must(t, err)
	_, err = w.Write([]byte("second"))
	must(t, err)
	holds(t, s, path, "first")
	must(t, w.Commit())
	holds(t, s, path, "second")
	onlyNames(t, s, root, "f")
}

func abortLeavesNothing(t *testing.T, s storage.Store, root string) {
	must(t, s.Put(filepath.Join(root, "other"), nil))
	w, err := s.Create(filepath.Join(root, "f"))
	must(t, err)
	_, err = w.Write([]byte("never mind"))
	must(t, err)
	must(t, w.Abort())
	must(t, w.Abort())
	onlyNames(t, s, root, "other")
}

func listIsOrdered(t *testing.T, s storage.Store, root string) {
	for _, name := range []string{"b", "a b", "ñ", filepath.Join("dir", "x"), "'[*]%41"} {
		must(t, s.Put(filepath.Join(root, name), nil))
	}
	onlyNames(t, s, root, "'[*]%41", "a b", "b", "dir/", "ñ")
}

func scanIsList(t *testing.T, s storage.Store, root string) {
	for i := range 300 { // more than are held at a time
		must(t, s.Put(filepath.Join(root, strconv.Itoa(i)), nil))
	}
	must(t, s.Put(filepath.Join(root, "dir", "x"), nil))
	want, err := s.List(root)
	must(t, err)
	var got []storage.Entry
	for entry, err := range s.Scan(root) {
		must(t, err)
		got = append(got, entry)
	}
	slices.SortFunc(got, func(a, b storage.Entry) int { return strings.Compare(a.Name, b.Name) })
	if !slices.Equal(got, want) {
		t.Errorf("got %d entries, want the %d of the list", len(got), len(want))
	}
	for range s.Scan(root) {
		break // a scan that is left early
	}
}

func missingIsNotExist(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "nowhere", "f")
	_, listErr := s.List(path)
	var scanErr error
	for _, scanErr = range s.Scan(path) {
	}
	_, statErr := s.Stat(path)
	_, openErr := s.Open(path)
	_, readErr := s.ReadFile(path)
	for name, err := range map[string]error{
		"list": listErr, "scan": scanErr, "stat": statErr, "open": openErr, "read": readErr,
		"move": s.Move(path, path+"2"),
	} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, want fs.ErrNotExist", name, err)
		}
	}
}

func deleteIsIdempotent(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "d", "f")
	must(t, s.Put(path, nil))
	must(t, s.Delete(path))
	must(t, s.Delete(path))
	must(t, s.Put(path, nil))
	must(t, s.DeleteTree(filepath.Join(root, "d")))
	must(t, s.DeleteTree(filepath.Join(root, "d")))
	if there, err := storage.Exists(s, path); there || err != nil {
		t.Errorf("after deleting: there=%v, err=%v", there, err)
	}
}

func moveTree(t *testing.T, s storage.Store, root string) {
	from, to := filepath.Join(root, "from"), filepath.Join(root, "deep", "to")
	must(t, s.Put(filepath.Join(from, "x", "y"), []byte("1")))
	must(t, s.Move(from, to))
	holds(t, s, filepath.Join(to, "x", "y"), "1")
	must(t, s.Put(filepath.Join(from, "z"), []byte("2")))
	if err := s.Move(from, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("move onto a tree: got %v, want fs.ErrExist", err)
	}
	holds(t, s, filepath.Join(from, "z"), "2")
}

func readAt(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "f")
	must(t, s.Put(path, []byte("0123456789")))
	file, err := s.Open(path)
	must(t, err)
	defer func() { must(t, file.Close()) }()
	part := make([]byte, 3)
	_, err = file.ReadAt(part, 4)
	must(t, err)
	if string(part) != "456" || file.Info().SizeBytes != 10 {
		t.Errorf("got %q of %d bytes, want 456 of 10", part, file.Info().SizeBytes)
	}
	all, err := io.ReadAll(file)
	must(t, err)
	if string(all) != "0123456789" {
		t.Errorf("read all: got %q", all)
	}
}

func setTime(t *testing.T, s storage.Store, root string) {
	path := filepath.Join(root, "f")
	must(t, s.Put(path, nil))
	at := time.UnixMilli(1_700_000_000_123)
	must(t, s.SetModTime(path, at))
	info, err := s.Stat(path)
	must(t, err)
	if !info.ModTime.Equal(at) {
		t.Errorf("got %v, want %v", info.ModTime, at)
	}
}

func sweep(t *testing.T, s storage.Store, root string) {
	for _, name := range []string{".f.123" + storage.TempSuffix, "f", ".crc", "kept.tmp"} {
		must(t, s.Put(filepath.Join(root, name), nil))
	}
	must(t, storage.Sweep(s, root))
	must(t, storage.Sweep(s, filepath.Join(root, "nowhere")))
	onlyNames(t, s, root, ".crc", "f", "kept.tmp")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func holds(t *testing.T, s storage.Store, path, want string) {
	t.Helper()
	got, err := s.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s: got %q, %v, want %q", path, got, err, want)
	}
}

func onlyNames(t *testing.T, s storage.Store, dir string, want ...string) {
	t.Helper()
	entries, err := s.List(dir)
	must(t, err)
	var got []string
	for _, e := range entries {
		name := e.Name
		if e.IsDir {
			name += "/"
		}
		got = append(got, name)
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("names in %s: got %q, want %q", dir, got, want)
	}
}
