package autoloader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow/array"
	"pgregory.net/rapid"

	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/schema"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

// landing is a folder in memory with a source on it.
type landing struct {
	*testing.T
	store   *storage.Memory
	clock   time.Time
	options Options
	warned  []progress.Warned
}

func newLanding(t *testing.T) *landing {
	l := &landing{T: t, clock: time.UnixMilli(1_000_000), options: defaults()}
	l.store = storage.NewMemory(func() time.Time { l.clock = l.clock.Add(time.Second); return l.clock })
	return l
}

func (l *landing) land(name, data string) {
	l.Helper()
	l.must(l.store.Put(filepath.Join("/landing", name), []byte(data)))
}

func (l *landing) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// source opens the source log anew, as each run does.
func (l *landing) source(columns ...string) *Source {
	l.Helper()
	log, err := checkpoint.OpenSourceLog(l.store, "/checkpoint/sources/0", time.Now)
	l.must(err)
	return New(Config{
		Store: l.store, Folder: "/landing", Options: l.options, Log: log,
		Schemas: checkpoint.NewLog(l.store, "/checkpoint/_schemas"), Schema: schema.Schema{Columns: columns}, Now: time.Now,
		Warn: func(w progress.Warned) { l.warned = append(l.warned, w) }, Read: func(Reading) {},
	})
}

// discover lists and writes entries until nothing is left, and returns each
// entry's files.
func (l *landing) discover() (entries [][]string) {
	l.Helper()
	s := l.source()
	_, err := s.List(context.Background())
	l.must(err)
	for {
		before := s.Latest()
		l.must(s.Discover(context.Background()))
		if s.Latest() == before {
			return entries
		}
		var names []string
		files, err := s.Log.Between(before, s.Latest())
		l.must(err)
		for _, file := range files {
			names = append(names, strings.TrimPrefix(file.URI, "file:///landing/"))
		}
		entries = append(entries, names)
	}
}

func TestWhatASourceFileIs(t *testing.T) {
	l := newLanding(t)
	for _, name := range []string{"b.csv", "a.csv", "sub/deep/c.csv", "d.csv/inside", "no extension", "_hidden.csv", ".hidden.csv", "_sub/x.csv", ".sub/x.csv"} {
		l.land(name, "id\n1\n")
	}
	var got []string
	for path, err := range Find(context.Background(), l.store, "/landing", defaults()) {
		l.must(err)
		got = append(got, path)
	}
	slices.Sort(got)
	want := []string{"/landing/a.csv", "/landing/b.csv", "/landing/d.csv/inside", "/landing/no extension", "/landing/sub/deep/c.csv"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEveryFileOfManyFoldersIsFoundOnce(t *testing.T) {
	l := newLanding(t)
	var want []string
	for i := range 1500 { // folders beside and in one another, and one with more files than are given together
		name := fmt.Sprintf("%d/%d/%d.csv", i%3, i%20, i)
		if i >= 1000 {
			name = fmt.Sprintf("%d.csv", i)
		}
		l.land(name, "")
		want = append(want, "/landing/"+name)
	}
	find := func(ctx context.Context, atMost int) (found []string, err error) {
		for path, err := range Find(ctx, l.store, "/landing", defaults()) {
			if found = append(found, path); err != nil || len(found) == atMost {
				return found, err
			}
		}
		return found, nil
	}
	got, err := find(context.Background(), math.MaxInt)
	l.must(err)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %d paths, want these %d", len(got), len(want))
	}
	if got, err := find(context.Background(), 7); len(got) != 7 || err != nil {
		t.Errorf("left early: got %q, %v", got, err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := find(cancelled, math.MaxInt); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

func TestFilesGoByTheirTimeInBatchesOfTheLimit(t *testing.T) {
	l := newLanding(t)
	for _, name := range []string{"z.csv", "a.csv", "m.csv"} {
		l.land(name, "id\n1\n")
	}
	l.options.MaxFiles = 2
	if got, want := l.discover(), [][]string{{"z.csv", "a.csv"}, {"m.csv"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAFilesIdentityIsItsPath(t *testing.T) {
	for _, test := range []struct {
		name       string
		overwrites bool
		change     func(l *landing)
		want       [][]string
	}{
		{"nothing changed", false, func(*landing) {}, nil},
		{"content overwritten", false, func(l *landing) { l.land("a.csv", "id\n2\n3\n") }, nil},
		{"renamed", false, func(l *landing) { l.must(l.store.Move("/landing/a.csv", "/landing/b.csv")) }, [][]string{{"b.csv"}}},
		{"removed", false, func(l *landing) { l.must(l.store.Delete("/landing/a.csv")) }, nil},
		{"overwritten, with allowOverwrites", true, func(l *landing) { l.land("a.csv", "id\n2\n") }, [][]string{{"a.csv"}}},
		{"untouched, with allowOverwrites", true, func(*landing) {}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLanding(t)
			l.land("a.csv", "id\n1\n")
			l.discover()
			test.change(l)
			l.options.AllowOverwrites = test.overwrites
			if got := l.discover(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestIncludeExistingFilesCountsOnlyAtTheBeginning(t *testing.T) {
	l := newLanding(t)
	l.options.IncludeExisting = false
	l.land("old.csv", "id\n1\n")
	l.discover()
	l.land("new.csv", "id\n2\n")
	l.discover()
	s := l.source("id")
	old, err := s.Rows(context.Background(), stream.NoOffset, 0)
	l.must(err)
	later, err := s.Rows(context.Background(), 0, 1)
	l.must(err)
	if !old.Known() || later.Known() {
		t.Errorf("known: got %v and %v, want only the first entry", old.Known(), later.Known())
	}
}

// read gives the first column of all of a range's rows, in order, by part.
func (l *landing) read(s *Source, from, to stream.Offset) (parts [][]string, err error) {
	l.Helper()
	rows, err := s.Rows(context.Background(), from, to)
	l.must(err)
	if _, err := rows.Schema(context.Background()); err != nil {
		return nil, err
	}
	for _, part := range rows.Parts() {
		values, err := readPart(part)
		if err != nil {
			return parts, err
		}
		parts = append(parts, values)
	}
	return parts, nil
}

func readPart(part stream.Part) (values []string, err error) {
	reader, err := part.Open(context.Background())
	if err != nil {
		return nil, err
	}
	for {
		record, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return values, reader.Close()
		}
		if err != nil {
			return values, errors.Join(err, reader.Close())
		}
		column := record.Column(0).(*array.String)
		for i := range column.Len() {
			values = append(values, strings.Clone(column.Value(i)))
		}
	}
}

func TestAFileThatGrewEndsAtTheListing(t *testing.T) {
	for _, test := range []struct {
		name, listed, now string
		want              []string
		lost              int64
	}{
		{"it did not grow: a last line without a line break is a row", "id\n1\n2", "id\n1\n2", []string{"1", "2"}, 0},
		{"grown by a row", "id\n1\n", "id\n1\n2\n", []string{"1"}, 2},
		{"half a row was there at listing", "id\n1\n23", "id\n1\n234\n5\n", []string{"1"}, 6},
		{"it shrank", "id\n1\n2\n", "id\n1\n", []string{"1"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLanding(t)
			l.land("a.csv", test.listed)
			l.discover()
			l.land("a.csv", test.now)
			got, err := l.read(l.source("id"), stream.NoOffset, 0)
			l.must(err)
			if !reflect.DeepEqual(got, [][]string{test.want}) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			var lost int64
			for _, w := range l.warned {
				if w.Class == progress.TailLost {
					lost += w.Count
				}
			}
			if lost != test.lost {
				t.Errorf("lost: got %d bytes told, want %d", lost, test.lost)
			}
		})
	}
}

func TestAFileThatVanishedOrIsDamagedStopsTheBatchByName(t *testing.T) {
	for _, test := range []struct {
		name, file string
		break_     func(l *landing)
		ignore     func(o *Options)
		class      failure.Class
		warning    string
	}{
		{"vanished", "b.csv", func(l *landing) { l.must(l.store.Delete("/landing/b.csv")) },
			func(o *Options) { o.IgnoreMissing = true }, failure.FileVanished, progress.MissingSkipped},
		{"no gzip", "b.csv.gz", func(*landing) {},
			func(o *Options) { o.IgnoreCorrupt = true }, failure.CannotRead, progress.CorruptSkipped},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLanding(t)
			l.land("a.csv", "id\n1\n")
			l.land(test.file, "id\n2\n")
			l.discover()
			test.break_(l)
			_, err := l.read(l.source("id"), stream.NoOffset, 0)
			if !failure.Is(err, test.class) || !strings.Contains(err.Error(), test.file) {
				t.Errorf("got %v, want %s naming %s", err, test.class, test.file)
			}
			test.ignore(&l.options)
			got, err := l.read(l.source("id"), stream.NoOffset, 0)
			l.must(err)
			if !reflect.DeepEqual(got, [][]string{{"1"}}) || len(l.warned) == 0 || l.warned[0].Class != test.warning {
				t.Errorf("passed over: got %q and %v", got, l.warned)
			}
		})
	}
}

func TestANewColumnStopsTheBatchAndIsStored(t *testing.T) {
	l := newLanding(t)
	l.land("a.csv", "id\n1\n")
	l.land("b.csv", "id,channel\n2,web\n")
	l.discover()
	_, err := l.read(l.source("id"), stream.NoOffset, 0)
	if !failure.Is(err, failure.UnknownField) || !strings.Contains(err.Error(), "channel") {
		t.Errorf("got %v, want %s naming it", err, failure.UnknownField)
	}
	stored, ok, err := schema.Load(checkpoint.NewLog(l.store, "/checkpoint/_schemas"))
	if want := (schema.Schema{Version: 1, Columns: []string{"id", "channel"}}); !ok || err != nil || !reflect.DeepEqual(stored, want) {
		t.Errorf("stored: got %+v, %v, %v, want %+v", stored, ok, err, want)
	}
}

func TestSampleMergesHeadersOldestFirst(t *testing.T) {
	l := newLanding(t)
	l.land("z.csv", "Id,amount\n")
	l.land("a.csv", "channel,ID\n")
	l.land("empty.csv", "")
	got, err := l.source().Sample(context.Background())
	if want := []string{"Id", "amount", "channel"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	empty := newLanding(t)
	empty.land("empty.csv", "")
	if _, err := empty.source().Sample(context.Background()); !failure.Is(err, failure.EmptyDirectory) {
		t.Errorf("no line anywhere: got %v, want %s", err, failure.EmptyDirectory)
	}
}

// However the files are cut into parts, the parts hold each byte once and in order.
func TestPartsCoverTheFilesInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		batch := &rows{source: New(Config{Options: defaults()})}
		sizes := rapid.SliceOfN(rapid.Int64Range(0, 3*maxPartBytes), 1, 12).Draw(t, "sizes")
		for _, size := range sizes {
			batch.files = append(batch.files, sourceFile{sizeBytes: size, header: []string{"id"}})
			batch.total += size
		}
		var file *sourceFile
		var at int64
		for _, p := range batch.Parts() {
			var sizeBytes int64
			for _, piece := range p.(*part).pieces {
				if piece.file != file {
					file, at = piece.file, 0
				}
				if piece.piece.Start != at {
					t.Fatalf("a piece begins at %d, not %d", piece.piece.Start, at)
				}
				at = piece.piece.End
				sizeBytes += piece.piece.End - piece.piece.Start
			}
			if sizeBytes > maxPartBytes {
				t.Fatalf("a part of %d bytes", sizeBytes)
			}
		}
		var want int64
		for _, size := range sizes {
			want += size
		}
		if got := covered(batch); got != want {
			t.Fatalf("the parts hold %d bytes of %d", got, want)
		}
	})
}

func covered(r *rows) (sizeBytes int64) {
	for _, p := range r.Parts() {
		for _, piece := range p.(*part).pieces {
			sizeBytes += piece.piece.End - piece.piece.Start
		}
	}
	return sizeBytes
}
