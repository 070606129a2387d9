package storage_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/storage/storagetest"
)

func TestStores(t *testing.T) {
	stores := map[string]func(t *testing.T) storage.Store{
		"local":  func(*testing.T) storage.Store { return storage.NewLocal() },
		"memory": func(*testing.T) storage.Store { return storage.NewMemory(nil) },
		"faulty without faults": func(*testing.T) storage.Store {
			return storage.NewFaulty(storage.NewMemory(nil), func(int, storage.Write) storage.Fault { return storage.Fine })
		},
		"recorder": func(*testing.T) storage.Store { return storage.NewRecorder(storage.NewLocal()) },
	}
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			storagetest.Run(t, func(t *testing.T) (storage.Store, string) { return open(t), t.TempDir() })
		})
	}
}

func TestFaultyBreaksAWriteAsAsked(t *testing.T) {
	for fault, want := range map[storage.Fault]struct {
		there bool
		temps int
	}{
		storage.Lost: {false, 0}, storage.Torn: {false, 1}, storage.Kept: {true, 0}, storage.DiskFull: {false, 0},
	} {
		t.Run(fault.String(), func(t *testing.T) {
			inner := storage.NewMemory(nil)
			faulty := storage.NewFaulty(inner, func(n int, _ storage.Write) storage.Fault {
				return map[int]storage.Fault{1: fault}[n]
			})
			faulty.Dead = true
			path := filepath.Join(t.TempDir(), "f")
			if err := faulty.Put(path+"0", []byte("fine")); err != nil {
				t.Fatal(err)
			}
			err := faulty.PutIfAbsent(path, []byte("broken"))
			if wantErr := map[bool]error{true: syscall.ENOSPC, false: storage.ErrFault}[fault == storage.DiskFull]; !errors.Is(err, wantErr) {
				t.Errorf("got error %v, want %v", err, wantErr)
			}
			if there, _ := storage.Exists(inner, path); there != want.there {
				t.Errorf("there: got %v, want %v", there, want.there)
			}
			if got := countTemps(t, inner, filepath.Dir(path)); got != want.temps {
				t.Errorf("temporary files: got %d, want %d", got, want.temps)
			}
			if err := faulty.Put(path, nil); !errors.Is(err, storage.ErrFault) {
				t.Errorf("a write after the crash: got %v, want it to fail", err)
			}
		})
	}
}

func countTemps(t *testing.T, s storage.Store, dir string) (count int) {
	t.Helper()
	entries, err := s.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if storage.IsTemp(e.Name) {
			count++
		}
	}
	return count
}

func TestRecorderWritesDownWhatSucceeded(t *testing.T) {
	recorder := storage.NewRecorder(storage.NewMemory(nil))
	_ = recorder.Put("/a", nil)
	_ = recorder.PutIfAbsent("/a", nil)
	w, _ := recorder.Create("/b")
	_ = w.Commit()
	_ = recorder.Delete("/a")
	got := recorder.Writes()
	want := []storage.Write{{"put", "/a"}, {"create", "/b"}, {"delete", "/a"}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("write %d: got %v, want %v", i, got[i], want[i])
		}
	}
}
