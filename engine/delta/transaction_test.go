package delta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// TestCommitsReadAsSparks compares our versions with Spark's, the values that
// differ by nature set aside: instants, ids, sizes and who wrote them.
func TestCommitsReadAsSparks(t *testing.T) {
	spark := latest(t, sparkTable(t, "after-drop-and-new-day"))
	schema, err := spark.Schema()
	if err != nil {
		t.Fatal(err)
	}
	store := storage.NewMemory(nil)
	log := NewLog(store, table, newClock().now)
	mustCommit(t, log, CreateTable(NewMetadata(schema, time.UnixMilli(5))))
	mustCommit(t, log, StreamingUpdate(latest(t, log), "e7e95b64-cd2e-46fa-8469-330746d64b04", 1, spark.Files(), time.UnixMilli(6)))

	theirs := sparkCommits(t)
	for v := range Version(2) {
		got := likeSparks(mustRead(t, store, logFile(commitName(v))))
		want := likeSparks(string(theirs[v]))
		if got != want {
			t.Errorf("version %d:\n got %s\nwant %s", v, got, want)
		}
	}
}

var ofNature = regexp.MustCompile(`"(timestamp|createdTime|lastUpdated)":\d+|"(id|txnId|engineInfo)":"[^"]*"`)

func likeSparks(text string) string {
	return strings.TrimSpace(ofNature.ReplaceAllStringFunc(text, func(s string) string { return s[:strings.Index(s, ":")] }))
}

func TestTagsAndReadVersion(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	tx := batch(latest(t, log), 0)
	tx.Tags = map[string]string{"lab.sources": "0..2"}
	mustCommit(t, log, tx)
	commit, err := log.Read(context.Background(), 1)
	if err != nil || commit.Info.Tags["lab.sources"] != "0..2" || *commit.Info.ReadVersion != 0 || commit.Info.TxnID == "" {
		t.Errorf("got %+v %v", commit.Info, err)
	}
}

func TestABatchThatIsThereIsNotWrittenAgain(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 3)
	for epoch := range int64(3) {
		outcome := mustCommit(t, log, batch(latest(t, log), epoch))
		if outcome.Existing == nil || outcome.Existing.Version != 2 || outcome.Version != 3 {
			t.Errorf("batch %d: got %+v", epoch, outcome)
		}
	}
	if s := latest(t, log); s.Version != 3 {
		t.Errorf("got version %d", s.Version)
	}
}

func TestWhatAFasterCommitMeans(t *testing.T) {
	wider := Schema{append(ids().Fields, NewField("more", "string"))}
	changed := func(change func(*Metadata)) func(base *Snapshot) Transaction {
		return func(base *Snapshot) Transaction {
			m := base.Metadata
			change(&m)
			return Transaction{Base: base, Operation: "SET TBLPROPERTIES", Metadata: &m}
		}
	}
	add := func(name string, txns ...Txn) func(base *Snapshot) Transaction {
		return func(base *Snapshot) Transaction {
			return Transaction{Base: base, Operation: "WRITE", Txns: txns, Adds: []Add{file(name, 1)}, BlindAppend: true}
		}
	}
	remove := func(name string) func(base *Snapshot) Transaction {
		return func(base *Snapshot) Transaction {
			return Transaction{Base: base, Operation: "OPTIMIZE", Removes: []Remove{{Path: name, DeletionTimestamp: 1}}}
		}
	}
	protocol := func(writer int) func(base *Snapshot) Transaction {
		return func(base *Snapshot) Transaction {
			return Transaction{Base: base, Operation: "UPGRADE PROTOCOL", Protocol: &Protocol{MinReaderVersion: 1, MinWriterVersion: writer}}
		}
	}
	widen := changed(func(m *Metadata) { m.SchemaString = wider.String() })
	rename := changed(func(m *Metadata) { m.Name = "t" })
	configure := changed(func(m *Metadata) { m.Configuration = map[string]string{"x": "y"} })

	for name, c := range map[string]struct {
		winner, ours func(base *Snapshot) Transaction
		class        failure.Class // "" : no conflict
		existing     bool
	}{
		"added a file":                           {winner: add("w"), ours: add("o")},
		"removed a file while we add":            {winner: remove("f"), ours: add("o")},
		"removed another file":                   {winner: remove("f"), ours: remove("g")},
		"removed the same file":                  {winner: remove("f"), ours: remove("%66"), class: ConcurrentDelete},
		"changed the protocol":                   {winner: protocol(3), ours: add("o"), class: failure.ProtocolChanged},
		"repeated the protocol":                  {winner: protocol(2), ours: add("o")},
		"repeated the protocol that we write":    {winner: protocol(2), ours: protocol(3), class: failure.ProtocolChanged},
		"widened the schema":                     {winner: widen, ours: add("o"), class: failure.MetadataChanged},
		"changed the configuration":              {winner: configure, ours: add("o"), class: failure.MetadataChanged},
		"gave the table a name":                  {winner: rename, ours: add("o")},
		"gave a name while we change the schema": {winner: rename, ours: widen, class: failure.MetadataChanged},
		"added a file while we widen":            {winner: add("w"), ours: widen},
		"has another application's txn":          {winner: add("w", Txn{AppID: "b", Version: 9}), ours: add("o", Txn{AppID: "a", Version: 5})},
		"has our batch":                          {winner: add("w", Txn{AppID: "a", Version: 5}), ours: add("o", Txn{AppID: "a", Version: 5}), existing: true},
		"has a later batch of ours":              {winner: add("w", Txn{AppID: "a", Version: 6}), ours: add("o", Txn{AppID: "a", Version: 5}), existing: true},
		"has an earlier batch of ours":           {winner: add("w", Txn{AppID: "a", Version: 4}), ours: add("o", Txn{AppID: "a", Version: 5}), class: failure.ConcurrentTxn},
		"has one of our many":                    {winner: add("w", Txn{AppID: "b", Version: 0}), ours: add("o", Txn{AppID: "a"}, Txn{AppID: "b"}), existing: true},
	} {
		t.Run("the winner "+name, func(t *testing.T) {
			log := newTable(t, storage.NewMemory(nil), table)
			mustCommit(t, log, Transaction{Base: latest(t, log), Operation: "WRITE", Adds: []Add{file("f", 1), file("g", 1)}})
			base := latest(t, log)
			mustCommit(t, log, c.winner(base))
			outcome, err := log.Commit(context.Background(), c.ours(base))
			want := Version(3)
			switch {
			case c.class != "":
				wantClass(t, err, c.class)
				want = 2
			case err != nil:
				t.Fatal(err)
			case c.existing != (outcome.Existing != nil):
				t.Errorf("got %+v", outcome)
			case c.existing:
				want = 2
			}
			if got := latest(t, log).Version; got != want {
				t.Errorf("got version %d, want %d", got, want)
			}
		})
	}
}

func TestAnOldBaseMeetsAllWinners(t *testing.T) {
	log := newTable(t, storage.NewMemory(nil), table)
	load(t, log, 0, 5)
	old := at(t, log, 2)
	if outcome, err := log.Commit(context.Background(), batch(old, 4)); err == nil && outcome.Existing == nil {
		t.Errorf("got %+v", outcome)
	}
	tx := batch(old, 0)
	tx.Txns = nil
	if outcome := mustCommit(t, log, tx); outcome.Version != 6 {
		t.Errorf("got %+v", outcome)
	}
}

func TestABaseWhoseWinnersAreGoneIsRefused(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 12)
	old := at(t, log, 2)
	for v := range Version(10) {
		mustDelete(t, store, logFile(commitName(v)))
	}
	tx := batch(old, 99)
	_, err := log.Commit(context.Background(), tx)
	wantClass(t, err, failure.LogGap)
}

func TestATableThatWasDroppedMeanwhileStaysDropped(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 5)
	base := latest(t, log)
	if err := store.DeleteTree(table); err != nil {
		t.Fatal(err)
	}
	_, err := log.Commit(context.Background(), batch(base, 5))
	wantClass(t, err, failure.TableNotFound)
	_, err = store.List(log.path(""))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a log was begun in the middle: %v", err)
	}
	mustCommit(t, log, CreateTable(NewMetadata(ids(), time.UnixMilli(1))))
	_, err = log.Commit(context.Background(), batch(base, 5))
	wantClass(t, err, failure.LogGap)
}

func TestACommitMayFollowALogCheckpointAlone(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 10)
	for v := range Version(11) {
		mustDelete(t, store, logFile(commitName(v)))
	}
	if outcome := mustCommit(t, log, batch(latest(t, log), 10)); outcome.Version != 11 {
		t.Errorf("got %+v", outcome)
	}
	if s := latest(t, log); len(s.Files()) != 11 {
		t.Errorf("got %d files", len(s.Files()))
	}
}

func TestTwoCreators(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	create := CreateTable(NewMetadata(ids(), time.UnixMilli(1)))
	_, err := log.Commit(context.Background(), create)
	wantClass(t, err, failure.TableExists)

	load(t, log, 0, 10)
	for v := range Version(10) {
		mustDelete(t, store, logFile(commitName(v)))
	}
	_, err = log.Commit(context.Background(), create)
	wantClass(t, err, failure.TableExists)
	if _, err := store.Stat(logFile(commitName(0))); err == nil {
		t.Error("version 0 was written into a table that was cleaned up")
	}
}

// TestAWriteThatFails breaks the commit's write in every way and then runs it
// again, as a load that is started anew does.
func TestAWriteThatFails(t *testing.T) {
	for _, fault := range storage.Faults {
		t.Run(fault.String(), func(t *testing.T) {
			memory := storage.NewMemory(nil)
			load(t, newTable(t, memory, table), 0, 1)
			faulty := storage.NewFaulty(memory, func(n int, w storage.Write) storage.Fault {
				if n == 0 {
					return fault
				}
				return storage.Fine
			})
			log := NewLog(faulty, table, newClock().now)
			outcome, err := log.Commit(context.Background(), batch(latest(t, log), 1))
			switch {
			case fault == storage.Kept && (err != nil || outcome.Existing != nil || outcome.Version != 2):
				t.Errorf("kept: got %+v %v", outcome, err)
			case fault == storage.DiskFull:
				wantClass(t, err, failure.DiskFull)
			case fault != storage.Kept:
				wantClass(t, err, failure.Storage)
			}
			again := mustCommit(t, log, batch(latest(t, log), 1))
			if (again.Existing != nil) != (fault == storage.Kept) || again.Version != 2 {
				t.Errorf("again: got %+v", again)
			}
			if rows, _ := latest(t, log).Rows(); rows != 20 {
				t.Errorf("got %d rows, want 20", rows)
			}
		})
	}
}

func TestALogCheckpointThatFailsIsNoFailure(t *testing.T) {
	for _, fault := range storage.Faults {
		for broken := 1; broken <= 2; broken++ {
			memory := storage.NewMemory(nil)
			load(t, newTable(t, memory, table), 0, 9)
			faulty := storage.NewFaulty(memory, func(n int, w storage.Write) storage.Fault {
				if n == broken {
					return fault
				}
				return storage.Fine
			})
			log := NewLog(faulty, table, newClock().now)
			outcome, err := log.Commit(context.Background(), batch(latest(t, log), 9))
			if err != nil || outcome.Version != 10 || outcome.LogCheckpoint == nil {
				t.Errorf("%s at write %d: got %+v %v", fault, broken, outcome, err)
			}
			if s := latest(t, log); s.Version != 10 || len(s.Files()) != 10 {
				t.Errorf("%s at write %d: got version %d, %d files", fault, broken, s.Version, len(s.Files()))
			}
		}
	}
}

func TestAStaleTwinIsRemovedFirst(t *testing.T) {
	memory := storage.NewMemory(nil)
	load(t, newTable(t, memory, table), 0, 9)
	for _, name := range []string{commitName(10), checkpointName(10), lastCheckpointName, commitName(9)} {
		mustPut(t, memory, logFile(twinName(name)), "crc")
	}
	recorder := storage.NewRecorder(memory)
	log := NewLog(recorder, table, newClock().now)
	mustCommit(t, log, batch(latest(t, log), 9))
	for _, name := range []string{commitName(10), checkpointName(10), lastCheckpointName} {
		if _, err := memory.Stat(logFile(twinName(name))); err == nil {
			t.Errorf("the twin of %s is still there", name)
		}
	}
	if _, err := memory.Stat(logFile(twinName(commitName(9)))); err != nil {
		t.Error("the twin of a version that we did not write is gone")
	}
}

func TestTransactionsThatSayAThingTwice(t *testing.T) {
	log := newTable(t, storage.NewMemory(nil), table)
	base := latest(t, log)
	for name, tx := range map[string]Transaction{
		"txn":    {Base: base, Txns: []Txn{{AppID: "a"}, {AppID: "a", Version: 1}}},
		"add":    {Base: base, Adds: []Add{file("a b", 1), file("a%20b", 1)}},
		"remove": {Base: base, Removes: []Remove{{Path: "a"}, {Path: "a"}}},
	} {
		if _, err := log.Commit(context.Background(), tx); !failure.Is(err, failure.Internal) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := NewLog(storage.NewMemory(nil), table, time.Now).Commit(context.Background(), Transaction{})
	wantClass(t, err, failure.Internal)
}

func TestCancelledCommit(t *testing.T) {
	log := newTable(t, storage.NewMemory(nil), table)
	ctx, cancel := context.WithCancel(context.Background())
	base := latest(t, log)
	cancel()
	_, err := log.Commit(ctx, batch(base, 0))
	wantClass(t, err, failure.Cancelled)
	if latest(t, log).Version != 0 {
		t.Error("a cancelled commit was made")
	}
}

// TestManyWriters lets eight loaders, each a query of its own, commit fifty
// batches each to one table on a real disk.
func TestManyWriters(t *testing.T) {
	const writers, batches = 8, 50
	store, dir := storage.NewLocal(), t.TempDir()
	mustCommit(t, NewLog(store, dir, time.Now), CreateTable(NewMetadata(ids(), time.Now())))
	var group sync.WaitGroup
	failed := make(chan error, writers)
	for writer := range writers {
		group.Add(1)
		go func() {
			defer group.Done()
			failed <- loadAs(NewLog(store, dir, time.Now), fmt.Sprintf("query-%d", writer), batches)
		}()
	}
	group.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			t.Error(err)
		}
	}
	log := NewLog(store, dir, time.Now)
	s := latest(t, log)
	rows, _ := s.Rows()
	if s.Version != writers*batches || rows != writers*batches || len(s.Txns()) != writers {
		t.Errorf("got version %d, %d rows, %d txns", s.Version, rows, len(s.Txns()))
	}
	for id, txn := range s.Txns() {
		if txn.Version != batches-1 {
			t.Errorf("%s ends at %d", id, txn.Version)
		}
	}
	entries, err := store.List(log.path(""))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name, ".") {
			t.Errorf("%s was left", entry.Name)
		}
	}
}

func loadAs(log *Log, queryID string, batches int64) error {
	ctx := context.Background()
	for epoch := range batches {
		base, err := log.Latest(ctx)
		if err != nil {
			return err
		}
		add := file(fmt.Sprintf("%s-%d.parquet", queryID, epoch), 1)
		outcome, err := log.Commit(ctx, StreamingUpdate(base, queryID, epoch, []Add{add}, time.Now()))
		if err != nil || outcome.Existing != nil || outcome.LogCheckpoint != nil {
			return errors.Join(fmt.Errorf("%s batch %d: %+v", queryID, epoch, outcome), err, outcome.LogCheckpoint)
		}
	}
	return nil
}

func TestEveryLineIsAnObjectOfOneAction(t *testing.T) {
	store := storage.NewMemory(nil)
	log := newTable(t, store, table)
	load(t, log, 0, 1)
	for v := range Version(2) {
		for _, text := range strings.Split(strings.TrimSuffix(mustRead(t, store, logFile(commitName(v))), "\n"), "\n") {
			var object map[string]json.RawMessage
			if err := json.Unmarshal([]byte(text), &object); err != nil || len(object) != 1 {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}
