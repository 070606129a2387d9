package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/autoloader"
	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/engine/storage"
	"autoloaderlab/fixtures"
)

// story is a lab folder on a disk, and what a student does there.
type story struct {
	*testing.T
	dir   string
	store storage.Store
	ctx   context.Context
}

func newStory(t *testing.T) *story {
	return &story{T: t, dir: filepath.Join(t.TempDir(), "lab"), store: storage.NewLocal(), ctx: context.Background()}
}

// pipeline opens the folder anew, as each command does.
func (s *story) pipeline() *engine.Pipeline {
	s.Helper()
	lab, err := engine.Open(s.ctx, engine.Config{Dir: s.dir, Store: s.store})
	s.must(err)
	pipeline, err := lab.Pipeline(engine.Widgets{}, engine.Notebook)
	s.must(err)
	return pipeline
}

func (s *story) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *story) load(listener progress.Listener, options ...string) (progress.Finished, error) {
	s.Helper()
	var pairs []autoloader.Pair
	for _, option := range options {
		key, value, _ := strings.Cut(option, "=")
		pairs = append(pairs, autoloader.Pair{Key: key, Value: value})
	}
	return s.pipeline().Load(s.ctx, engine.LoadRequest{Options: pairs}, listener)
}

func (s *story) run(options ...string) progress.Finished {
	s.Helper()
	finished, err := s.load(progress.Nobody{}, options...)
	s.must(err)
	return finished
}

func (s *story) rows(want int64) {
	s.Helper()
	status, err := s.pipeline().Status(s.ctx)
	s.must(err)
	if status.Table.Rows == nil || *status.Table.Rows != want {
		s.Errorf("rows: got %v, want %d", show(status.Table.Rows), want)
	}
}

func show(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func (s *story) day() {
	s.Helper()
	_, err := s.pipeline().NextDay(s.ctx)
	s.must(err)
}

// heard keeps the events, and does something at a seam.
type heard struct {
	events []progress.Stamped
	at     progress.Seam
	do     func() error
}

func (h *heard) Happened(e progress.Stamped) { h.events = append(h.events, e) }

func (h *heard) Reached(seam progress.Seam) error {
	if seam == h.at && h.do != nil {
		return h.do()
	}
	return nil
}

func (h *heard) names() (names []string) {
	for _, e := range h.events {
		names = append(names, e.Event.Name())
	}
	return names
}

// The order of a batch's writes is the promise that recovery rests on.
func TestABatchIsPromisedCarriedOutAndConfirmedInThisOrder(t *testing.T) {
	s := newStory(t)
	s.pipeline() // prepares the folder
	recorder := storage.NewRecorder(storage.NewLocal())
	s.store = recorder
	s.run()
	var got []string
	for _, write := range recorder.Writes() {
		path, _ := filepath.Rel(s.dir, write.Path)
		path = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`).ReplaceAllString(filepath.ToSlash(path), "…")
		path = strings.NewReplacer(
			"catalogs/bronce_dev/datavision_bruno/account_premium_features", "TABLE",
			"Volumes/bronce_dev/datavision/bronce-volume-datavision/_checkpoint_bruno/account_premium_features", "CHECKPOINT",
		).Replace(path)
		got = append(got, write.Verb+" "+path)
	}
	want := []string{
		"put-if-absent TABLE/_delta_log/00000000000000000000.json",
		"put-if-absent CHECKPOINT/metadata",
		"put-if-absent CHECKPOINT/_schemas/0",
		"create CHECKPOINT/sources/0/0",
		"put-if-absent CHECKPOINT/offsets/0",
		"create TABLE/part-00000-…-c000.zstd.parquet",
		"put-if-absent TABLE/_delta_log/00000000000000000001.json",
		"put-if-absent CHECKPOINT/commits/0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestARunWithNothingNewWritesNothing(t *testing.T) {
	s := newStory(t)
	s.run()
	recorder := storage.NewRecorder(storage.NewLocal())
	s.store = recorder
	if finished := s.run(); finished.Batches != 0 || finished.State != progress.Terminated {
		t.Errorf("got %+v, want no batch", finished)
	}
	if writes := recorder.Writes(); len(writes) != 0 {
		t.Errorf("it wrote %v", writes)
	}
}

func TestEventsComeInTheBatchsOrder(t *testing.T) {
	s, h := newStory(t), &heard{}
	_, err := s.load(h)
	s.must(err)
	if want := []string{"listado", "descubierto", "planeado", "escrito", "tabla_confirmada", "confirmado"}; !slices.Equal(h.names(), want) {
		t.Errorf("got %v, want %v", h.names(), want)
	}
}

// A batch stopped at a seam is run again by the next load, and says so.
func TestABatchStoppedAtASeamIsRunAgain(t *testing.T) {
	for seam, want := range map[progress.Seam][]string{
		progress.AfterDiscovery:   {"listado", "descubierto", "planeado", "escrito", "tabla_confirmada", "confirmado"},
		progress.AfterPlan:        {"listado", "descubierto", "planeado", "escrito", "tabla_confirmada", "confirmado"},
		progress.AfterData:        {"listado", "descubierto", "planeado", "escrito", "tabla_confirmada", "confirmado"},
		progress.AfterTableCommit: {"listado", "descubierto", "planeado", "ya_en_tabla", "confirmado"},
	} {
		t.Run(string(seam), func(t *testing.T) {
			s := newStory(t)
			stopped := errors.New("stopped")
			if _, err := s.load(&heard{at: seam, do: func() error { return stopped }}); !errors.Is(err, stopped) {
				t.Fatalf("got %v, want it stopped", err)
			}
			again := &heard{}
			finished, err := s.load(again)
			s.must(err)
			if !slices.Equal(again.names(), want) {
				t.Errorf("got %v, want %v", again.names(), want)
			}
			for _, e := range again.events[1:] {
				if !e.Replayed || e.Batch == nil || *e.Batch != 0 {
					t.Errorf("%s: replayed=%v, batch=%v", e.Event.Name(), e.Replayed, e.Batch)
				}
			}
			if finished.Batches != 1 || finished.NewFiles != 0 {
				t.Errorf("got %+v, want one batch and no new file", finished)
			}
			s.rows(552)
		})
	}
}

// What arrives after a plan waits for its own batch, whatever the limits say by then.
func TestAReplayKeepsItsFiles(t *testing.T) {
	s := newStory(t)
	stopped := errors.New("stopped")
	_, err := s.load(&heard{at: progress.AfterPlan, do: func() error { return stopped }}, "cloudFiles.maxFilesPerTrigger=2")
	if !errors.Is(err, stopped) {
		t.Fatal(err)
	}
	s.day()
	h := &heard{}
	_, err = s.load(h, "cloudFiles.maxFilesPerTrigger=1")
	s.must(err)
	var files []int
	for _, e := range h.events {
		if d, ok := e.Event.(progress.Discovered); ok {
			files = append(files, d.Files)
		}
	}
	if !slices.Equal(files, []int{2, 1, 1}) {
		t.Errorf("files by batch: got %v, want 2 as planned, then 1 and 1", files)
	}
	s.rows(602)
}

func TestWhoHoldsTheCheckpointOrTheTableKeepsOthersOut(t *testing.T) {
	s := newStory(t)
	h := &heard{at: progress.AfterPlan}
	h.do = func() error {
		p := s.pipeline()
		_, second := p.Load(s.ctx, engine.LoadRequest{}, progress.Nobody{})
		_, drop := p.DropTable(s.ctx)
		_, remove := p.DeleteCheckpoint(s.ctx)
		lab, err := engine.Open(s.ctx, engine.Config{Dir: s.dir})
		s.must(err)
		_, reset := lab.Reset(s.ctx, false)
		for what, err := range map[string]error{"load": second, "drop": drop, "delete": remove, "reset": reset} {
			if !failure.Is(err, failure.Busy) {
				t.Errorf("%s while a load runs: got %v, want %s", what, err, failure.Busy)
			}
		}
		return nil
	}
	_, err := s.load(h)
	s.must(err)
	s.rows(552)
}

func TestTwoLoadsOnOneTableBothLoad(t *testing.T) {
	s := newStory(t)
	other := func() (*engine.Pipeline, error) {
		lab, err := engine.Open(s.ctx, engine.Config{Dir: s.dir})
		s.must(err)
		return lab.Pipeline(engine.Widgets{BronzeVolume: "/Volumes/bronce_dev/datavision/otro"}, engine.Notebook)
	}
	h := &heard{at: progress.AfterData}
	h.do = func() error {
		p, err := other()
		s.must(err)
		_, err = p.Load(s.ctx, engine.LoadRequest{}, progress.Nobody{})
		return err
	}
	_, err := s.load(h)
	s.must(err)
	s.rows(2 * 552)
}

func TestOfTwoCopyIntosTheLaterLeavesOutWhatTheOtherLoaded(t *testing.T) {
	s := newStory(t)
	copyInto := func(listener progress.Listener) (progress.Finished, error) {
		lab, err := engine.Open(s.ctx, engine.Config{Dir: s.dir})
		s.must(err)
		p, err := lab.Pipeline(engine.Widgets{}, engine.CopyInto)
		s.must(err)
		return p.Load(s.ctx, engine.LoadRequest{}, listener)
	}
	h := &heard{at: progress.AfterData}
	h.do = func() error {
		h.do = nil
		_, err := copyInto(progress.Nobody{})
		return err
	}
	finished, err := copyInto(h)
	s.must(err)
	if finished.RowsWritten != 0 {
		t.Errorf("the later one wrote %d rows", finished.RowsWritten)
	}
	s.rows(552)
}

// half a memory is worse than none: the numbers begin again, the table remembers
// higher ones, and takes the next batch for one it has.
func TestRowsThatAreTakenForLoadedAreTold(t *testing.T) {
	s := newStory(t)
	s.run()
	s.day()
	s.run()
	for _, dir := range []string{"offsets", "commits"} {
		s.must(os.RemoveAll(filepath.Join(s.pipeline().CheckpointDir(), dir)))
	}
	honest := &heard{}
	_, err := s.load(honest)
	s.must(err)
	unloaded(t, honest, 0, false)
	s.day()
	lossy := &heard{}
	_, err = s.load(lossy)
	s.must(err)
	unloaded(t, lossy, 1, true)
	s.rows(602)
}

func unloaded(t *testing.T, h *heard, want int, warned bool) {
	t.Helper()
	var already *progress.AlreadyInTable
	var warnings int
	for _, e := range h.events {
		switch event := e.Event.(type) {
		case progress.AlreadyInTable:
			already = &event
		case progress.Warned:
			warnings++
		}
	}
	if already == nil || already.UnloadedFiles == nil || *already.UnloadedFiles != want {
		t.Errorf("got %+v, want %d files not loaded", already, want)
	}
	if (warnings > 0) != warned {
		t.Errorf("warnings: got %d, want them: %v", warnings, warned)
	}
}

func TestALabThatWasMovedLoadsNothingTwice(t *testing.T) {
	s := newStory(t)
	for range 12 { // past the first compacted entry
		s.run()
		s.day()
	}
	s.run()
	status, err := s.pipeline().Status(s.ctx)
	s.must(err)
	twin := filepath.Join(s.pipeline().CheckpointDir(), "sources", "0", ".9.compact.crc")
	s.must(os.WriteFile(twin, []byte("of the file as it was"), 0o644))
	moved := filepath.Join(filepath.Dir(s.dir), "otro sitio ñ")
	s.must(os.Rename(s.dir, moved))
	s.dir = moved
	if finished := s.run(); finished.Batches != 0 {
		t.Errorf("after the move: got %d batches, want none", finished.Batches)
	}
	s.rows(*status.Table.Rows)
	if _, err := os.Stat(twin); err == nil {
		t.Error("the stale checksum twin is still there")
	}
	log, err := checkpoint.OpenSourceLog(s.store, filepath.Join(s.pipeline().CheckpointDir(), "sources", "0"), time.Now)
	s.must(err)
	files, err := log.All()
	s.must(err)
	for _, file := range files {
		path, err := checkpoint.DecodeURI(file.URI)
		s.must(err)
		if info, err := os.Stat(path); err != nil || info.ModTime().UnixMilli() != file.TimestampMs {
			t.Errorf("%s: %v", file.URI, err)
		}
	}
	s.day()
	if finished := s.run(); finished.NewFiles != 1 {
		t.Errorf("after a day: got %d new files, want 1", finished.NewFiles)
	}
}

func TestACopiedLabLoadsNothingTwiceAndLeavesTheFirstAlone(t *testing.T) {
	s := newStory(t)
	s.run()
	first := s.dir
	second := filepath.Join(filepath.Dir(s.dir), "copia")
	s.must(os.CopyFS(second, os.DirFS(first)))
	s.dir = second
	s.day()
	s.run()
	s.rows(602)
	s.dir = first
	if finished := s.run(); finished.Batches != 0 {
		t.Errorf("the first lab: got %d batches, want none", finished.Batches)
	}
	s.rows(552)
}

// A local landing folder is somebody else's: the lab reads it and lands there.
func TestALocalLandingFolderIsOnlyReadAndLandedIn(t *testing.T) {
	s := newStory(t)
	landing := filepath.Join(t.TempDir(), "with % and ñ")
	name := filepath.Join(landing, fixtures.Table, "a.csv")
	s.must(os.MkdirAll(filepath.Dir(name), 0o755))
	s.must(os.WriteFile(name, []byte("account_feature_id\n1\n2\n"), 0o644))
	temp := filepath.Join(filepath.Dir(name), ".mine.tmp")
	s.must(os.WriteFile(temp, nil, 0o644))
	lab, err := engine.Open(s.ctx, engine.Config{Dir: s.dir})
	s.must(err)
	p, err := lab.Pipeline(engine.Widgets{LandingVolume: "file://" + landing}, engine.Notebook)
	s.must(err)
	_, err = p.Extract(s.ctx, "2025-03-07")
	s.must(err)
	finished, err := p.Load(s.ctx, engine.LoadRequest{Options: []autoloader.Pair{{Key: "cloudFiles.schemaEvolutionMode", Value: "rescue"}}}, progress.Nobody{})
	s.must(err)
	if finished.RowsWritten != 2+184 {
		t.Errorf("got %d rows, want 186", finished.RowsWritten)
	}
	if _, err := lab.Reset(s.ctx, true); err != nil {
		t.Error(err)
	}
	for _, path := range []string{name, temp} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s is gone: %v", path, err)
		}
	}
}

func TestAResetCutShortIsEndedByTheNextOpening(t *testing.T) {
	probe := storage.NewFaulty(storage.NewMemory(nil), fine)
	reset := func(store storage.Store, dir string) (int, error) {
		s := &story{T: t, dir: dir, store: store, ctx: context.Background()}
		s.run()
		s.day()
		before := probe.Count()
		lab, err := engine.Open(s.ctx, engine.Config{Dir: dir, Store: store})
		s.must(err)
		_, err = lab.Reset(s.ctx, false)
		return before, err
	}
	first, err := reset(probe, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for n := first; n < probe.Count(); n++ {
		for _, fault := range storage.Faults {
			disk, dir := storage.NewMemory(nil), t.TempDir()
			faulty := storage.NewFaulty(disk, func(i int, _ storage.Write) storage.Fault {
				if i == n {
					return fault
				}
				return storage.Fine
			})
			faulty.Dead = true
			if _, err := reset(faulty, dir); err == nil {
				continue // the broken write was one whose loss is harmless
			}
			s := &story{T: t, dir: dir, store: disk, ctx: context.Background()}
			status, err := s.pipeline().Status(s.ctx)
			s.must(err)
			begun := n == first && fault != storage.Kept
			if fresh := status.Source.Files == 3 && !status.Table.Exists && !status.Checkpoint.Exists; fresh == begun {
				t.Errorf("write %d %s: got %+v", n, fault, status)
			}
		}
	}
}

func TestTheUndoneTableHasItsRowsAgain(t *testing.T) {
	s := newStory(t)
	s.run()
	p := s.pipeline()
	_, err := p.DropTable(s.ctx)
	s.must(err)
	s.run()
	s.rows(0)
	lab, err := engine.Open(s.ctx, engine.Config{Dir: s.dir})
	s.must(err)
	_, err = lab.Undo(s.ctx)
	s.must(err)
	s.run()
	s.rows(552)
}

// Memory is bounded whatever the input: a file several times as large as the
// limit is read in record batches.
func TestALoadKeepsItsMemoryBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 160 MB")
	}
	const limitBytes = 150 << 20
	s := newStory(t)
	landing := t.TempDir()
	writeBig(t, filepath.Join(landing, fixtures.Table, "big.csv"), 160<<20)
	lab, err := engine.Open(s.ctx, engine.Config{Dir: s.dir})
	s.must(err)
	p, err := lab.Pipeline(engine.Widgets{LandingVolume: "file://" + landing}, engine.Notebook)
	s.must(err)
	runtime.GC()
	watch := &memory{}
	_, err = p.Load(s.ctx, engine.LoadRequest{}, watch)
	s.must(err)
	if watch.samples == 0 || watch.peak > limitBytes {
		t.Errorf("peak of the heap in use: %d MB in %d samples, want at most %d MB", watch.peak>>20, watch.samples, limitBytes>>20)
	}
}

// memory looks at the heap each time the load tells how far it has come.
type memory struct {
	peak    uint64
	samples int
}

func (m *memory) Happened(e progress.Stamped) {
	if _, ok := e.Event.(progress.Advanced); ok {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		m.peak = max(m.peak, stats.HeapInuse)
		m.samples++
	}
}

func (*memory) Reached(progress.Seam) error { return nil }

func writeBig(t *testing.T, path string, sizeBytes int) {
	t.Helper()
	var block strings.Builder
	for i := range 10_000 {
		block.WriteString("123456" + string(rune('0'+i%10)) + ",4242,7,2025-03-03 08:14:55,9.99\n")
	}
	data := "account_feature_id,account_id,feature_id,purchase_date,amount_paid\n" + strings.Repeat(block.String(), sizeBytes/block.Len())
	if err := storage.NewLocal().Put(path, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

// Links in a circle and things that are no files are passed over; a linked file is a file.
func TestLinksAndPipesInTheLandingFolderHarmNothing(t *testing.T) {
	s := newStory(t)
	landing := s.pipeline().SourceDir()
	elsewhere := filepath.Join(t.TempDir(), "elsewhere.csv")
	s.must(os.WriteFile(elsewhere, []byte("account_feature_id\n90001\n"), 0o644))
	for link, target := range map[string]string{"circle": ".", "root": "/", "linked.csv": elsewhere, "broken.csv": "/nowhere"} {
		s.must(os.Symlink(target, filepath.Join(landing, link)))
	}
	if finished := s.run(); finished.NewFiles != 4 {
		t.Errorf("got %d files, want the three days and the linked one", finished.NewFiles)
	}
	s.rows(553)
}
