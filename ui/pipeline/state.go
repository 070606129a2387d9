package pipeline

import (
	"path"
	"path/filepath"
	"time"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/child"
)

// Before is what was there when the load began, as far as the screen speaks of it.
type Before struct {
	// Table: there was a table, at this version and with these rows. Rows is
	// below 0 when nobody knows.
	Table   bool
	Version int64
	Rows    int64
	// Variant is the engine's: it decides where the load keeps its memory.
	Variant string
}

// The variants that have no checkpoint.
const (
	CopyInto     = "copy-into"
	NoCheckpoint = "sin-checkpoint"
)

// Room is one of the six through which a batch passes.
type Room int

// The rooms, in a batch's order. Each but the first ends with a write.
const (
	Source Room = iota
	Discover
	Plan
	Write
	Commit
	Confirm
	rooms = iota
)

// roomAfter is the room that ends with a seam's write.
var roomAfter = map[progress.Seam]Room{
	progress.AfterDiscovery: Discover, progress.AfterPlan: Plan, progress.AfterData: Write, progress.AfterTableCommit: Commit,
}

// Phase is how far a room has come.
type Phase int

// The phases. Unused is a room that this load does not enter.
const (
	Waiting Phase = iota
	Running
	Done
	Broken // the load ended in it
	Unused
)

// Ending is how the load ended.
type Ending int

// The endings.
const (
	Going Ending = iota
	Loaded
	NothingNew
	FailedLoad
	CancelledLoad
	KilledLoad
	DiedLoad // without a word
)

// State is all that the screen knows, folded from events: the same events give
// the same State.
type State struct {
	Before
	Began, Last time.Time // of the first and the newest event; zero before it
	Batch       *int64    // nil before the first batch, and for a load without checkpoint
	Batches     int       // confirmed ones
	Replayed    bool
	Planned     bool // an earlier run had planned this batch
	Seen        int  // files that were known before
	Entry       int64
	Files       int   // of the batch; before it, the new ones of the listing
	Bytes       int64 // of those
	Read        progress.Advanced
	Written     []progress.Written
	Version     int64 // the table's newest, as far as the load told
	Already     *progress.AlreadyInTable
	Noted       bool          // the batch's files were taken note of and not read
	Paused      progress.Seam // where it stands, "" while it runs
	Stepped     bool          // it stood at a seam: times mean nothing
	Warnings    []progress.Warned
	Ending      Ending
	Finished    *progress.Finished
	KilledAt    progress.Seam
	Err         error // why it died, or what could not be understood

	phases    [rooms]Phase
	took      [rooms]time.Duration
	entered   time.Time // when the running room began
	rates     []float64 // rows a second, between two reports
	readSince time.Time // when reading began
	readUntil time.Time // when it was last told of
	newRows   int64     // committed by this run
}

// New is a load that has not told anything yet.
func New(before Before) State {
	s := State{Before: before, Version: before.Version}
	s.phases[Source] = Running
	return s
}

// Phase is how far a room has come, and how long it took if it is done.
func (s *State) Phase(r Room) (Phase, time.Duration) { return s.phases[r], s.took[r] }

// checkpointed tells whether the load has a checkpoint.
func (s *State) checkpointed() bool { return s.Variant != CopyInto && s.Variant != NoCheckpoint }

// Rows is what a reader of the table counts now; known is false when that was
// not known before.
func (s *State) Rows() (rows int64, known bool) { return s.Before.Rows + s.newRows, s.Before.Rows >= 0 }

// WrittenRows are the rows of the batch's data files.
func (s *State) WrittenRows() (rows int64) {
	for _, file := range s.Written {
		rows += file.Rows
	}
	return rows
}

// Apply folds one event in.
func (s *State) Apply(e progress.Stamped) {
	if s.Began.IsZero() {
		s.Began, s.entered = e.At, e.At
	}
	s.Last, s.Paused = e.At, ""
	switch event := e.Event.(type) {
	case progress.Listed:
		s.Seen, s.Files, s.Bytes = event.SeenFiles, event.NewFiles, event.Bytes
		s.listed()
	case progress.Discovered:
		s.begin(e, event)
	case progress.Planned:
		s.Files, s.Bytes = event.Files, event.Bytes
		s.Read = progress.Advanced{BytesTotal: event.Bytes, FilesTotal: event.Files}
		s.enter(Write)
		s.readSince, s.readUntil = e.At, e.At
	case progress.Advanced:
		s.advance(event)
	case progress.Written:
		s.Written = append(s.Written, event)
		s.enter(Commit)
	case progress.TableCommitted:
		s.Version = event.Version
		s.newRows += s.WrittenRows()
		s.enter(Confirm)
	case progress.AlreadyInTable:
		s.Already = &event
		s.enter(Confirm)
	case progress.Confirmed:
		s.Batches++
		s.note()
		s.enter(rooms)
	case progress.Paused:
		s.pause(event.Seam)
	case progress.Warned:
		s.Warnings = append(s.Warnings, event)
	case progress.Finished:
		s.finish(event)
	}
}

// listed: the source is known. Without a checkpoint nothing is discovered or planned.
func (s *State) listed() {
	s.enter(Discover)
	if !s.checkpointed() {
		s.Version = max(s.Version, 0) // the table is created, empty, before anything is read
		s.phases[Discover], s.phases[Plan], s.phases[Confirm] = Unused, Unused, Unused
		s.phases[Write] = Running
		s.Read = progress.Advanced{BytesTotal: s.Bytes, FilesTotal: s.Files}
		s.readSince, s.readUntil = s.Last, s.Last
	}
}

// begin starts a batch: what was said of the one before is over.
func (s *State) begin(e progress.Stamped, d progress.Discovered) {
	s.Batch, s.Replayed, s.Planned, s.Entry = e.Batch, e.Replayed, d.PlannedBefore, d.Entry
	s.Version = max(s.Version, 0) // a stream creates its table, empty, before it discovers
	s.Files, s.Bytes = d.Files, d.Bytes
	s.Read, s.Written, s.Already, s.rates = progress.Advanced{BytesTotal: d.Bytes, FilesTotal: d.Files}, nil, nil, nil
	s.Noted = false
	for r := Discover; r < rooms; r++ {
		s.phases[r], s.took[r] = Waiting, 0
	}
	s.phases[Discover] = Running
	s.enter(Plan)
}

// note: a batch that is confirmed and of which the table holds nothing was only taken
// note of (includeExistingFiles=false): its files were not read.
func (s *State) note() {
	if s.Noted = s.phases[Commit] != Done; s.Noted {
		s.phases[Write], s.phases[Commit] = Unused, Unused
	}
}

// enter is the end of every room before next that was used, and the begin of next.
func (s *State) enter(next Room) {
	for r := range next {
		if s.phases[r] == Waiting || s.phases[r] == Running {
			s.took[r] = s.Last.Sub(s.entered)
			s.phases[r] = Done
		}
	}
	if next < rooms && s.phases[next] == Waiting {
		s.phases[next] = Running
	}
	s.entered = s.Last
}

// rateSamples is how many rates the sparkline shows.
const rateSamples = 16

func (s *State) advance(a progress.Advanced) {
	if passed := s.Last.Sub(s.readUntil).Seconds(); passed > 0 {
		s.rates = append(s.rates, float64(max(a.Rows-s.Read.Rows, 0))/passed)
		s.rates = s.rates[max(len(s.rates)-rateSamples, 0):]
	}
	s.Read, s.readUntil = a, s.Last
}

// pause: the engine stands, and the room after the seam has not begun.
func (s *State) pause(seam progress.Seam) {
	s.Paused, s.Stepped = seam, true
	at := roomAfter[seam]
	if s.phases[at] == Running || s.phases[at] == Waiting { // a batch without rows writes no file
		s.enter(at + 1)
	}
	for r := at + 1; r < rooms; r++ {
		if s.phases[r] == Running {
			s.phases[r] = Waiting
		}
	}
}

// Resume is the student's key: the engine goes on, before it says anything.
func (s *State) Resume() {
	next := roomAfter[s.Paused] + 1
	if s.Paused == "" {
		return
	}
	s.Paused = ""
	if s.phases[next] == Waiting {
		s.phases[next] = Running
	}
}

func (s *State) finish(f progress.Finished) {
	s.Finished = &f
	switch {
	case f.State == progress.Cancelled:
		s.end(CancelledLoad)
	case f.State == progress.Failed:
		s.end(FailedLoad)
	case f.Batches == 0 && f.RowsWritten == 0:
		s.end(NothingNew)
	default:
		s.end(Loaded)
	}
}

// End folds in how the child ended, when it could not say so itself.
func (s *State) End(o child.Outcome) {
	switch {
	case s.Finished != nil:
	case o.Killed:
		s.KilledAt = o.KilledAt
		s.end(KilledLoad)
	default:
		s.end(DiedLoad)
	}
	s.Err = o.Err
}

func (s *State) end(how Ending) {
	s.Ending, s.Paused = how, ""
	for r := range s.phases {
		switch {
		case s.phases[r] != Running:
		case how == NothingNew && Room(r) != Source, !s.checkpointed() && how == Loaded:
			s.phases[r] = Unused
		case how == Loaded || how == NothingNew:
			s.phases[r] = Done
		default:
			s.phases[r] = Broken
		}
	}
	if how == NothingNew {
		for r := Discover; r < rooms; r++ {
			s.phases[r] = Unused
		}
	}
}

// Elapsed is how long the load has taken, by its own clock.
func (s *State) Elapsed() time.Duration { return s.Last.Sub(s.Began) }

// Rate is rows a second since reading began; known is false before it is told.
func (s *State) Rate() (perSecond float64, known bool) {
	passed := s.readUntil.Sub(s.readSince).Seconds()
	if passed <= 0 || s.Read.Rows == 0 {
		return 0, false
	}
	return float64(s.Read.Rows) / passed, true
}

// Left is about how long the reading goes on.
func (s *State) Left() (left time.Duration, known bool) {
	passed := s.readUntil.Sub(s.readSince)
	if s.phases[Write] != Running || passed <= 0 || s.Read.BytesRead <= 0 {
		return 0, false
	}
	rest := max(s.Read.BytesTotal-s.Read.BytesRead, 0)
	return time.Duration(float64(passed) * float64(rest) / float64(s.Read.BytesRead)), true
}

// Share is how many of the batch's bytes are read: all of them once it is written.
func (s *State) Share() (read, total int64) {
	if s.phases[Write] == Done {
		return s.Bytes, s.Bytes
	}
	return min(s.Read.BytesRead, s.Read.BytesTotal), s.Read.BytesTotal
}

// Presence is whether a file is on disk.
type Presence int

// What can be said of a file.
const (
	Missing Presence = iota
	Present
	Unsure // an earlier run may have written it; the engine will look
)

// Kind is what a file is.
type Kind int

// The kinds of files that a batch writes, in its order.
const (
	SourceEntry Kind = iota
	Offset
	Data
	Version
	CommitEntry
)

// Trace is one file that the batch writes, and whether it has.
type Trace struct {
	Kind     Kind
	Name     string
	More     int // further files of the kind
	Presence Presence
}

// OnDisk lists what the batch has left on disk so far. It is empty before the
// first batch.
func (s *State) OnDisk() []Trace {
	if s.Batch == nil && (s.checkpointed() || s.phases[Source] != Done) {
		return nil
	}
	var traces []Trace
	if s.checkpointed() {
		traces = append(traces,
			Trace{Kind: SourceEntry, Name: "sources/0/" + number(s.Entry), Presence: Present},
			Trace{Kind: Offset, Name: "offsets/" + number(*s.Batch), Presence: s.presence(Plan, s.Planned)})
	}
	traces = append(traces, s.dataTrace(), s.versionTrace())
	if s.checkpointed() {
		traces = append(traces, Trace{Kind: CommitEntry, Name: "commits/" + number(*s.Batch), Presence: s.presence(Confirm, false)})
	}
	return traces
}

func (s *State) dataTrace() Trace {
	if len(s.Written) == 0 {
		t := Trace{Kind: Data, Name: "part-….parquet"}
		if s.phases[Write] == Broken {
			t.Presence = Unsure
		}
		return t
	}
	return Trace{Kind: Data, Name: path.Base(filepath.ToSlash(s.Written[0].Path)), More: len(s.Written) - 1, Presence: Present}
}

// versionTrace is the table version with the batch's txn. Before the sink has
// looked, a replayed batch may be there already.
func (s *State) versionTrace() Trace {
	switch {
	case s.Already != nil:
		return Trace{Kind: Version, Name: versionFile(s.Version), Presence: Present}
	case s.phases[Commit] == Done:
		return Trace{Kind: Version, Name: versionFile(s.Version), Presence: Present}
	case s.phases[Commit] == Broken, s.Planned && len(s.Written) == 0:
		return Trace{Kind: Version, Name: versionFile(s.Version + 1), Presence: Unsure}
	default:
		return Trace{Kind: Version, Name: versionFile(s.Version + 1)}
	}
}

// presence is whether a room's write is on disk. Nobody knows it of a room in
// which the load ended.
func (s *State) presence(r Room, before bool) Presence {
	switch {
	case before || s.phases[r] == Done:
		return Present
	case s.phases[r] == Broken:
		return Unsure
	default:
		return Missing
	}
}
