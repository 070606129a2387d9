package pipeline_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/autoloader"
	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/text"
	"autoloaderlab/ui/uitest"
)

// recording is one load of the engine, as the command would tell it.
type recording struct {
	name    string
	variant engine.Variant
	options []autoloader.Pair
	before  func(*lab)      // what happens in a fresh lab first
	pauses  []progress.Seam // seams at which «pausa» is told
	stop    progress.Seam   // where it is cut: killed, nothing more is told
	cancel  progress.Seam   // where it is cancelled
	slow    bool            // recorded only with -update: it takes its time
}

var recordings = []recording{
	{name: "first"},
	{name: "nothing", before: (*lab).load},
	{name: "steps", before: (*lab).loadAndDay, pauses: progress.Seams},
	{name: "killed-at-the-data", before: (*lab).loadAndDay, pauses: []progress.Seam{progress.AfterData}, stop: progress.AfterData},
	{name: "replayed", before: (*lab).killedAfterTheTable, pauses: progress.Seams},
	{name: "cancelled", before: (*lab).loadAndDay, pauses: []progress.Seam{progress.AfterPlan}, cancel: progress.AfterPlan},
	{name: "failed", options: []autoloader.Pair{{Key: "cloudFiles.nothing", Value: "1"}}},
	{name: "many-batches", options: []autoloader.Pair{{Key: "cloudFiles.maxFilesPerTrigger", Value: "1"}}},
	{name: "lost", before: (*lab).withoutLogs},
	{name: "copy-into", variant: engine.CopyInto, pauses: progress.Seams},
	{name: "without-checkpoint", variant: engine.NoCheckpoint},
	{name: "noted", options: []autoloader.Pair{{Key: "cloudFiles.includeExistingFiles", Value: "false"}}},
	{name: "big", before: (*lab).bigFiles, slow: true},
}

// lab is a fresh lab of a recording.
type lab struct {
	t       *testing.T
	engine  *engine.Lab
	variant engine.Variant
}

func (l *lab) pipeline() *engine.Pipeline {
	p, err := l.engine.Pipeline(engine.Widgets{}, l.variant)
	l.must(err)
	return p
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) load() {
	_, err := l.pipeline().Load(context.Background(), engine.LoadRequest{}, progress.Nobody{})
	l.must(err)
}

func (l *lab) loadAndDay() {
	l.load()
	_, err := l.pipeline().NextDay(context.Background())
	l.must(err)
}

func (l *lab) killedAfterTheTable() {
	l.loadAndDay()
	_, _ = l.pipeline().Load(context.Background(), engine.LoadRequest{}, &recorder{cut: progress.AfterTableCommit})
}

// withoutLogs is a checkpoint that numbers its batches anew: the next one is
// taken for one that the table has.
func (l *lab) withoutLogs() {
	l.loadAndDay()
	l.load()
	checkpoint := l.pipeline().CheckpointDir()
	l.must(os.RemoveAll(filepath.Join(checkpoint, "offsets")))
	l.must(os.RemoveAll(filepath.Join(checkpoint, "commits")))
	l.load()
	_, err := l.pipeline().NextDay(context.Background())
	l.must(err)
}

func (l *lab) bigFiles() {
	l.load()
	dir := filepath.Join(l.engine.Dir(), "Volumes/landing_dev/postgres_datavision/landing-volume-postgres-datavision/account_premium_features")
	for day := 7; day <= 11; day++ {
		var csv bytes.Buffer
		csv.WriteString("account_feature_id,account_id,feature_id,purchase_date,amount_paid\n")
		for row := range 300_000 + 10_000*day {
			fmt.Fprintf(&csv, "%d,%d,%d,2025-03-%02d 08:14:55,%d.90\n", row, row%997, row%9, day, row%100)
		}
		l.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("account_premium_features_2025-03-%02d.csv", day)), csv.Bytes(), 0o644))
	}
}

// recorder writes what the command would print.
type recorder struct {
	out         bytes.Buffer
	pauses      []progress.Seam
	cut, cancel progress.Seam
	stopped     bool
}

var errCut = errors.New("cut")

func (r *recorder) Happened(s progress.Stamped) {
	if w, ok := s.Event.(progress.Warned); ok {
		w.Message = text.Warning(w)
		s.Event = w
	}
	if r.stopped {
		return
	}
	line, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	r.out.Write(append(line, '\n'))
}

func (r *recorder) Reached(seam progress.Seam) error {
	if slices.Contains(r.pauses, seam) {
		r.Happened(progress.Stamped{At: time.Now(), Event: progress.Paused{Seam: seam}})
	}
	switch seam {
	case r.cut:
		r.stopped = true
		return errCut
	case r.cancel:
		return context.Canceled
	}
	return nil
}

// record plays a recording's load in a fresh lab.
func record(t *testing.T, r recording) []byte {
	dir := t.TempDir()
	opened, err := engine.Open(context.Background(), engine.Config{Dir: dir})
	l := &lab{t, opened, r.variant}
	if r.variant == "" {
		l.variant = engine.Notebook
	}
	l.must(err)
	if r.before != nil {
		r.before(l)
	}
	listener := &recorder{pauses: r.pauses, cut: r.stop, cancel: r.cancel}
	finished, err := l.pipeline().Load(context.Background(), engine.LoadRequest{Options: r.options}, listener)
	if err != nil {
		m := text.Explain(err)
		finished.State, finished.Error = progress.Failed, m.Failure()
		if r.cancel != "" {
			finished.State = progress.Cancelled
		}
	}
	listener.Happened(progress.Stamped{At: time.Now(), Event: finished})
	return bytes.ReplaceAll(listener.out.Bytes(), []byte(dir), []byte("/lab"))
}

// The recordings are what the engine tells today.
func TestTheRecordingsAreTheEngines(t *testing.T) {
	for _, r := range recordings {
		t.Run(r.name, func(t *testing.T) {
			path := filepath.Join("testdata", r.name+".jsonl")
			if r.slow && !*uitest.Update {
				return
			}
			told := record(t, r)
			if *uitest.Update {
				if err := os.WriteFile(path, told, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got, want := names(t, told), names(t, played(t, r.name)); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func played(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parse(t *testing.T, lines []byte) []progress.Stamped {
	t.Helper()
	var events []progress.Stamped
	for scan := bufio.NewScanner(bytes.NewReader(lines)); scan.Scan(); {
		s, err := progress.Parse(scan.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		s.At = s.At.UTC()
		events = append(events, s)
	}
	return events
}

func names(t *testing.T, lines []byte) string {
	var all []string
	for _, s := range parse(t, lines) {
		if name := s.Event.Name(); name != "avance" {
			all = append(all, name)
		}
	}
	return strings.Join(all, " ")
}
