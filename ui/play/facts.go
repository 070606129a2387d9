package play

import (
	"context"

	"autoloaderlab/engine"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Facts are what is on disk of one pipeline; expressions name its fields.
type Facts = lessons.Facts

// spanish tells numbers as the interface does.
var spanish = lessons.Words{Number: text.Number, Bytes: text.Bytes, Count: text.Count, Short: text.ShortID}

// Widgets are a pipeline's parameters.
func widgetsOf(on lessons.Target) engine.Widgets {
	return engine.Widgets{Student: on.Student, Table: on.Table}
}

func pipelineOf(lab *engine.Lab, on lessons.Target) (*engine.Pipeline, error) {
	variant, err := engine.ParseVariant(on.Variant)
	if err != nil {
		return nil, err
	}
	return lab.Pipeline(widgetsOf(on), variant)
}

// look reads the facts of all the lesson's pipelines from the disk.
func (s *Session) look(ctx context.Context) error {
	lab, err := engine.Open(ctx, engine.Config{Dir: s.dir, Now: s.room.now})
	if err != nil {
		return err
	}
	now := lessons.World{}
	for _, target := range s.lesson.Targets() {
		facts, err := factsOf(ctx, lab, target)
		if err != nil {
			return err
		}
		now[target] = facts
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	for target, facts := range now {
		facts.Last = s.memory.Last[key(target)]
		now[target] = facts
	}
	s.lab, s.now = lab, now
	return nil
}

// factsOf reads one pipeline's facts. What is damaged is as if it were not there:
// a lesson may be about damage, and a load is who complains.
func factsOf(ctx context.Context, lab *engine.Lab, on lessons.Target) (Facts, error) {
	facts := lessons.Nothing()
	pipeline, err := pipelineOf(lab, on)
	if err != nil {
		return facts, err
	}
	status, _ := pipeline.Status(ctx) // has all that could be read
	facts.Day = status.Day
	bundled, _ := lab.BundledRows()
	facts.Database.Rows = int(bundled)
	facts.Source = lessons.SourceFacts{Files: status.Source.Files, Rows: int(status.Source.Rows), Bytes: int(status.Source.Bytes)}
	checkpoint, table := status.Checkpoint, status.Table
	facts.Checkpoint = lessons.CheckpointFacts{
		Exists: checkpoint.Exists, Query: or(checkpoint.QueryID, ""), Seen: or(checkpoint.SeenFiles, 0),
		Planned: int(or(checkpoint.PlannedBatch, -1)), Confirmed: int(or(checkpoint.ConfirmedBatch, -1)),
		Schema: int(or(checkpoint.SchemaVersion, -1)),
	}
	proof, _ := pipeline.Proof(ctx, facts.Checkpoint.Query)
	facts.Table = lessons.TableFacts{
		Exists: table.Exists, Name: table.Name, ID: proof.TableID, Version: int(or(table.Version, -1)),
		Rows: int(or(table.Rows, 0)), Files: or(table.Files, 0), Bytes: int(or(table.Bytes, 0)),
		Queries: proof.Queries, Txn: int(proof.Txn), Newest: proof.Operation,
	}
	trash, _ := lab.Trash()
	facts.Trash = lessons.TrashFacts{Tables: trash.Tables, Checkpoints: trash.Checkpoints}
	return facts, ctx.Err()
}

func or[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// moment is when step i is looked at. One that was passed keeps what it saw.
// The caller holds the mutex.
func (s *Session) moment(i int) lessons.Moment {
	step := s.lesson.Steps[i]
	m := lessons.Moment{On: step.On, Now: s.now, Start: s.memory.Start.of(s.lesson)}
	if after := s.memory.Steps[step.ID].After; after != nil && i < s.furthest() {
		m.Now = after.of(s.lesson)
	}
	m.Before = s.memory.Steps[s.opener(i)].Before.of(s.lesson)
	if m.Before == nil {
		m.Before = m.Now
	}
	return m
}

// opener is the step that opens the cycle of step i.
func (s *Session) opener(i int) string {
	for i > 0 && !s.lesson.Opens(i) {
		i--
	}
	return s.lesson.Steps[i].ID
}

// compared is what a step compares with: what was before its cycle. Where the cycle
// itself made the table that it then dropped, it is what stood before that.
func (s *Session) compared(m lessons.Moment) Facts {
	before := m.Before[m.On]
	drop, did := s.memory.Dropped[key(m.On)]
	if did && !before.Table.Exists && drop.At >= s.memory.Steps[s.opener(s.index)].From {
		return drop.Facts
	}
	return before
}

// Facts are the present step's pipeline's, as they were when the disk was last
// looked at.
func (s *Session) Facts() Facts {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	m := s.moment(s.index)
	return m.Now[m.On]
}

// Before are the facts when the prediction was recorded, or the step began.
func (s *Session) Before() Facts {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	m := s.moment(s.index)
	return m.Before[m.On]
}

// Text fills in a template of the present step. What cannot be computed is left
// as it stands; the linter and the tests see to it that there is nothing such.
func (s *Session) Text(template string) string {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.text(template, s.moment(s.index))
}

func (s *Session) text(template string, m lessons.Moment) string {
	filled, err := s.lesson.Text(template, m, spanish)
	if err != nil {
		return template
	}
	return text.JoinSigns(filled)
}
