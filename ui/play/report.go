package play

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Report gathers what the student has done: predictions and what came of them,
// the tables each lesson left, and the notebook's questions.
func (c *Classroom) Report(ctx context.Context) (text.Report, error) {
	progress := c.Progress()
	report := text.Report{Version: 1, Name: progress.Name, At: c.now().UTC().Truncate(time.Second), Lessons: []text.ReportLesson{}}
	for _, lesson := range c.library.Lessons {
		record := progress.Lessons[lesson.ID]
		report.Asked = append(report.Asked, reportAsked(lesson, record)...)
		if record == nil {
			continue
		}
		reported, err := c.reportLesson(ctx, lesson, record)
		if err != nil {
			return report, err
		}
		report.Lessons = append(report.Lessons, reported)
	}
	return report, nil
}

func (c *Classroom) reportLesson(ctx context.Context, lesson *lessons.Lesson, record *lessons.Record) (text.ReportLesson, error) {
	r := text.ReportLesson{
		ID: lesson.ID, Number: lesson.Number, Title: lesson.Title, Done: record.Done, Passed: len(record.Passed),
		Steps: len(lesson.Steps), Minutes: (record.Seconds + 59) / 60, Attempts: record.Attempts, Hints: len(record.Hints),
		Predictions: []text.ReportPrediction{}, Tables: []text.ReportTable{},
	}
	s := &Session{room: c, lesson: lesson, dir: filepath.Join(c.dir, lessonsFolder, lesson.ID), record: record}
	there := s.recall()
	for i, step := range lesson.Steps {
		if p, ok := record.Predictions[step.ID]; ok {
			r.Predictions = append(r.Predictions, s.reportPrediction(i, p))
		}
		r.Cells = append(r.Cells, s.reportCells(step)...)
	}
	if !there {
		return r, nil
	}
	tables, err := s.reportTables(ctx)
	r.Tables = tables
	return r, err
}

// reportAsked are the notebook's questions of a lesson, come to or not.
func reportAsked(lesson *lessons.Lesson, record *lessons.Record) (asked []text.ReportAnswer) {
	for _, step := range lesson.Steps {
		for _, q := range step.Notebook {
			a := text.ReportAnswer{Lesson: lesson.Number, Title: lesson.Title, Question: q.Question}
			if record != nil {
				known := record.Answers[q.Question]
				a.Answer, a.SQL, a.Result, a.Own = known.Answer, known.SQL, known.Result, known.Own
			}
			asked = append(asked, a)
		}
	}
	return asked
}

// reportCells are the step's cells of SQL that were run, with what they answered.
func (s *Session) reportCells(step *lessons.Step) (cells []text.ReportCell) {
	shown := s.memory.Steps[step.ID].Shown
	for _, i := range slices.Sorted(maps.Keys(shown)) {
		output := shown[i]
		if i >= len(step.Cells) || output.SQL == "" {
			continue
		}
		cell := text.ReportCell{
			Step: step.ID, Number: step.Cells[i].Number, SQL: output.SQL, At: output.At.UTC().Truncate(time.Second),
			Rows: output.Rows, More: output.More, Hidden: output.Hidden,
		}
		for _, column := range output.Columns {
			cell.Columns = append(cell.Columns, column.Name)
		}
		cells = append(cells, cell)
	}
	return cells
}

func (s *Session) reportPrediction(i int, p lessons.Prediction) text.ReportPrediction {
	question := s.lesson.Steps[i].Question
	r := text.ReportPrediction{
		Step: s.lesson.Steps[i].ID, Question: text.Plain(p.Question), Predicted: text.Plain(p.Text), Value: p.Value, Why: p.Why,
		Settled: p.Settled, Result: p.Result, Right: p.Right, DontKnow: p.Option == lessons.DontKnow, At: p.At.Truncate(time.Second),
	}
	if question == nil {
		return r
	}
	if p.Settled && question.Answer == "" && p.RightOne >= 0 && p.RightOne < len(question.Options) {
		r.Result = text.Plain(s.text(question.Options[p.RightOne].Text, s.moment(i)))
	}
	return r
}

// reportTables are the lesson's tables as its last passed step left them, with
// the history that is on disk now.
func (s *Session) reportTables(ctx context.Context) ([]text.ReportTable, error) {
	tables := []text.ReportTable{}
	last := s.lastWorld()
	if last == nil {
		return tables, nil
	}
	lab, err := engine.View(engine.Config{Dir: s.dir, Now: s.room.now}) // the folder may be a copy, or read-only
	if err != nil {
		return tables, err
	}
	for _, target := range s.lesson.Targets() {
		facts, known := last[target]
		if !known || !facts.Table.Exists {
			continue
		}
		table := text.ReportTable{
			Name: facts.Table.Name, Rows: int64(facts.Table.Rows), Version: int64(facts.Table.Version),
			Source: int64(facts.Source.Rows), Query: facts.Checkpoint.Query, TableID: facts.Table.ID,
		}
		pipeline, err := pipelineOf(lab, target)
		if err != nil {
			return tables, err
		}
		history, err := pipeline.History(ctx)
		table.Unreadable = err != nil
		for _, entry := range history {
			commit := text.ReportCommit{Version: int64(entry.Version), Operation: entry.Operation}
			commit.Query, commit.Batch, commit.Rows = entry.Load()
			table.History = append(table.History, commit)
		}
		tables = append(tables, table)
	}
	return tables, nil
}

func (s *Session) lastWorld() lessons.World {
	for i := len(s.lesson.Steps) - 1; i >= 0; i-- {
		if after := s.memory.Steps[s.lesson.Steps[i].ID].After; after != nil {
			return after.of(s.lesson)
		}
	}
	return nil
}

// WriteReport writes the report as informe.md into the lab's folder, in the place
// of an earlier one, and gives its path.
func (c *Classroom) WriteReport(ctx context.Context) (string, error) {
	report, err := c.Report(ctx)
	if err != nil {
		return "", err
	}
	page, err := report.Markdown()
	if err != nil {
		return "", err
	}
	path := filepath.Join(c.dir, reportFile)
	return path, failure.Disk("write", path, c.store.Put(path, []byte(page)))
}

const reportFile = "informe.md"

// Handed is a file that somebody handed in. Err is why it cannot be read.
type Handed struct {
	File string
	Page string
	Err  error
}

// Verify looks at reports: whether each is as it was written, whether the engine
// gives the results it tells, and whether two names share one run. It plays the
// lessons that were done in dir, which it leaves as it is for the caller to
// remove.
func Verify(ctx context.Context, dir string, handed []Handed) ([]text.ReportCheck, error) {
	story, err := newStory(ctx, dir)
	if err != nil {
		return nil, err
	}
	owners := map[string][]owner{} // query and table id -> whose reports have it
	checks := make([]text.ReportCheck, 0, len(handed))
	for _, h := range handed {
		check := text.ReportCheck{File: h.File, Faults: []string{}, Ask: []string{}}
		report, err := text.ParseReport(h.Page)
		switch {
		case h.Err != nil:
			check.Faults = append(check.Faults, text.ReportNoReport)
		case errors.Is(err, text.ErrNoReport):
			check.Faults = append(check.Faults, text.ReportNotOne)
		default:
			if err != nil {
				check.Faults = append(check.Faults, text.ReportEdited)
			}
			if err := story.check(ctx, report, &check); err != nil {
				return nil, err
			}
			owns(owners, report, owner{len(checks), report.Name, unnamed(report) || len(check.Faults) > 0})
		}
		checks = append(checks, check)
	}
	copied(owners, checks)
	for i := range checks {
		checks[i].OK = len(checks[i].Faults) == 0
	}
	return checks, nil
}

func unnamed(r text.Report) bool { return strings.TrimSpace(r.Name) == "" }

// owner is a report, by its place among those handed in, and its name; doubtful
// is one that something else is wrong with.
type owner struct {
	place    int
	name     string
	doubtful bool
}

// owns notes the ids that a report has. They are random.
func owns(owners map[string][]owner, r text.Report, me owner) {
	for _, lesson := range r.Lessons {
		for _, table := range lesson.Tables {
			for _, id := range []string{table.Query, table.TableID} {
				if id != "" {
					owners[id] = append(owners[id], me)
				}
			}
		}
	}
}

// copied tells, of each report that shares an id with another name's, one such id
// and one such report: nothing says which of them came first. What is doubtful
// itself says nothing against one that is not.
func copied(owners map[string][]owner, checks []text.ReportCheck) {
	told := map[int]bool{}
	for _, id := range slices.Sorted(maps.Keys(owners)) {
		for _, one := range owners[id] {
			other := slices.IndexFunc(owners[id], func(o owner) bool { return o.name != one.name && (one.doubtful || !o.doubtful) })
			if other >= 0 && !told[one.place] {
				told[one.place] = true
				check := &checks[one.place]
				check.Faults = append(check.Faults, text.ReportCopied(id, checks[owners[id][other].place].File))
			}
		}
	}
}

// story plays each lesson once, when a report asks for it.
type story struct {
	room   *Classroom
	played map[string]text.ReportLesson
}

func newStory(ctx context.Context, dir string) (*story, error) {
	room, err := Open(ctx, dir, InProcess{}, nil)
	return &story{room, map[string]text.ReportLesson{}}, err
}

func (s *story) lesson(ctx context.Context, lesson *lessons.Lesson) (text.ReportLesson, error) {
	if known, ok := s.played[lesson.ID]; ok {
		return known, nil
	}
	if err := s.room.Solve(ctx, lesson.ID, func(Solved) {}); err != nil {
		return text.ReportLesson{}, err
	}
	known, err := s.room.reportLesson(ctx, lesson, s.room.progress.Lessons[lesson.ID])
	s.played[lesson.ID] = known
	return known, err
}

// check compares a report's results with the replayed story's.
func (s *story) check(ctx context.Context, r text.Report, check *text.ReportCheck) error {
	check.Name = r.Name
	fault := func(said string) { check.Faults = append(check.Faults, said) }
	if unnamed(r) {
		check.Ask = append(check.Ask, text.ReportUnnamed)
	}
	for _, told := range r.Lessons {
		lesson := s.room.library.Lesson(told.ID)
		if lesson == nil {
			fault(text.ReportUnknown(told.ID))
			continue
		}
		truth, err := s.lesson(ctx, lesson)
		if err != nil {
			return err
		}
		if told.Done {
			check.Done++
			for _, table := range told.Tables {
				if want, ok := rowsOf(truth, table.Name); ok && want != table.Rows && !table.Adds() {
					fault(text.ReportRows(table.Name, table.Rows, want))
				}
			}
		}
		for _, p := range told.Predictions {
			check.Predictions++
			if p.Right {
				check.Right++
			}
			want, ok := resultOf(truth, p.Step)
			switch {
			case !ok:
				fault(text.ReportUnknown(p.Step))
			case p.Settled && (p.Result != want.Result || p.Question != want.Question):
				check.Ask = append(check.Ask, text.ReportOther(told.Number, p.Question, p.Result, want.Result))
			}
			if ok && p.Right != (p.Settled && !p.DontKnow && matches(p)) {
				fault(text.ReportContradicts(told.Number, p.Question, p.Predicted, p.Result, p.Right))
			}
		}
	}
	return nil
}

// matches tells whether what was predicted is what came: its value, or the right
// option's text where there is no value.
func matches(p text.ReportPrediction) bool {
	if p.Value != "" {
		return p.Value == p.Result
	}
	return p.Predicted == p.Result
}

func rowsOf(l text.ReportLesson, name string) (int64, bool) {
	for _, table := range l.Tables {
		if table.Name == name {
			return table.Rows, true
		}
	}
	return 0, false
}

func resultOf(l text.ReportLesson, step string) (text.ReportPrediction, bool) {
	for _, p := range l.Predictions {
		if p.Step == step {
			return p, true
		}
	}
	return text.ReportPrediction{}, false
}

// ReadHanded reads a report, or all Markdown files of a folder; nothing where
// there is nothing.
func ReadHanded(path string) []Handed {
	store := storage.NewLocal()
	entries, err := store.List(path)
	if err != nil {
		data, err := store.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return []Handed{{path, string(data), err}}
	}
	handed := []Handed{}
	for _, entry := range entries {
		if file := filepath.Join(path, entry.Name); !entry.IsDir && strings.HasSuffix(strings.ToLower(entry.Name), ".md") {
			data, err := store.ReadFile(file)
			handed = append(handed, Handed{file, string(data), err})
		}
	}
	return handed
}
