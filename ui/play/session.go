package play

import (
	"context"
	"slices"
	"sync"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Session is a student in a lesson.
type Session struct {
	room   *Classroom
	lesson *lessons.Lesson
	dir    string

	acting sync.Mutex // one who changes something at a time

	// Guarded by room.mu.
	lab    *engine.Lab
	record *lessons.Record
	memory memory
	now    lessons.World
	index  int

	asks     []asked      // the questions on earlier lessons
	answered map[int]bool // of those, answered in this session
}

// Lesson is what is played.
func (s *Session) Lesson() *lessons.Lesson { return s.lesson }

// Dir is the lesson's lab's folder.
func (s *Session) Dir() string { return s.dir }

// Index is the present step's, from 0.
func (s *Session) Index() int {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.index
}

// Step is the present one.
func (s *Session) Step() *lessons.Step { return s.lesson.Steps[s.Index()] }

// Furthest is the first step that was not passed yet; the number of steps when
// all were.
func (s *Session) Furthest() int {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.furthest()
}

func (s *Session) furthest() int {
	for i, step := range s.lesson.Steps {
		if !s.record.HasPassed(step.ID) {
			return i
		}
	}
	return len(s.lesson.Steps)
}

// Done tells whether the last step was passed.
func (s *Session) Done() bool {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.record.Done
}

// Lab is the lesson's own, as it was last opened.
func (s *Session) Lab() *engine.Lab {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.lab
}

// Pipeline is the present step's.
func (s *Session) Pipeline() *engine.Pipeline {
	lab, on := s.Lab(), s.Step().On
	pipeline, err := pipelineOf(lab, on)
	if err != nil { // the lesson was prepared with it
		return nil
	}
	return pipeline
}

// resume brings the lesson's lab to where the record says the student is.
func (s *Session) resume(ctx context.Context) error {
	if s.recall() {
		if err := s.look(ctx); !failure.Is(err, failure.DamagedFile) {
			return err
		}
	}
	return s.build(ctx, s.index)
}

// build makes the lesson's lab anew and plays the solutions of the steps before
// step.
func (s *Session) build(ctx context.Context, step int) error {
	if err := s.room.store.DeleteTree(s.dir); err != nil {
		return err
	}
	s.room.mu.Lock()
	s.memory = newMemory()
	s.room.mu.Unlock()
	if err := s.look(ctx); err != nil {
		return err
	}
	here := InProcess{Now: s.room.now}
	if err := s.playAll(ctx, here, s.lesson.Setup, lessons.Target{}); err != nil {
		return err
	}
	s.room.mu.Lock()
	s.memory.Start = keyed(s.now)
	s.mark(ctx, 0)
	s.room.mu.Unlock()
	for i := range step {
		if err := s.playAll(ctx, here, s.lesson.Steps[i].Solution, s.lesson.Steps[i].On); err != nil {
			return err
		}
		s.room.mu.Lock()
		s.leave(ctx, i)
		s.room.mu.Unlock()
	}
	s.room.mu.Lock()
	s.memory.Known = keyed(s.now)
	s.room.mu.Unlock()
	return s.remember()
}

func (s *Session) playAll(ctx context.Context, runner Runner, actions []string, on lessons.Target) error {
	for _, written := range actions {
		action, err := lessons.ParseAction(written)
		if err != nil {
			return err
		}
		if _, err := s.do(ctx, runner, action, on, nil); err != nil {
			return err
		}
	}
	return nil
}

// mark notes the state of the disk before step i, if it opens something new, and
// what had been done by then.
func (s *Session) mark(ctx context.Context, i int) {
	if i >= len(s.lesson.Steps) {
		return
	}
	id := s.lesson.Steps[i].ID
	m := s.memory.Steps[id]
	m.From = len(s.memory.Journal)
	if s.lesson.Opens(i) {
		m.Before, m.Stood = keyed(s.now), s.stands(ctx, s.lesson.Steps[i].On)
	}
	s.memory.Steps[id] = m
}

// stands is what is on a pipeline's disk, nil where it cannot be read.
func (s *Session) stands(ctx context.Context, on lessons.Target) *engine.Inventory {
	pipeline, err := pipelineOf(s.lab, on)
	if err != nil {
		return nil
	}
	now, err := pipeline.Inventory(ctx)
	if err != nil {
		return nil
	}
	return &now
}

// Stood is what was on disk before the present step's cycle, also when another program
// saw it; nil where that was not kept.
func (s *Session) Stood() *engine.Inventory {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.memory.Steps[s.opener(s.index)].Stood
}

// leave notes what step i saw, and marks the one after it.
func (s *Session) leave(ctx context.Context, i int) {
	id := s.lesson.Steps[i].ID
	m := s.memory.Steps[id]
	m.After = keyed(s.now)
	s.memory.Steps[id] = m
	s.mark(ctx, i+1)
}

// keep writes what the student has done, here and in the main lab's folder.
func (s *Session) keep() error {
	if err := s.remember(); err != nil {
		return err
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.record.Step = s.lesson.Steps[s.index].ID
	s.record.Touch(s.room.now())
	return s.room.save()
}

// Option is one answer to the step's question.
type Option struct {
	Number   int    // as it is chosen, from 1
	Value    string // as it is shown; empty for what is no number
	Text     string
	DontKnow bool
	Chosen   bool
	Right    bool
}

// Options are the answers to the present step's question, with their values;
// «no lo sé» comes last. Without a question there are none.
func (s *Session) Options() []Option {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	step := s.lesson.Steps[s.index]
	if step.Question == nil {
		return nil
	}
	made, predicted := s.record.Predictions[step.ID]
	values := s.values(step)
	if predicted && len(made.Values) == len(values) {
		values = made.Values
	}
	var options []Option
	for i, choice := range step.Question.Options {
		options = append(options, Option{
			Number: i + 1, Value: show(values[i]), Text: s.text(choice.Text, s.moment(s.index)),
			Chosen: predicted && made.Option == i, Right: choice.Idea == "", // every wrong one is somebody's idea
		})
	}
	return append(options, Option{
		Number: len(options) + 1, Text: text.LessonDontKnow, DontKnow: true, Chosen: predicted && made.Option == lessons.DontKnow,
	})
}

// values evaluates the options of the present step's question.
func (s *Session) values(step *lessons.Step) []any {
	values := make([]any, len(step.Question.Options))
	for i, choice := range step.Question.Options {
		if choice.Value == "" {
			continue
		}
		if value, err := s.lesson.Eval(choice.Value, s.moment(s.index), spanish); err == nil {
			values[i] = value
		}
	}
	return values
}

// show writes a value as an option, a comparison or evidence does.
func show(value any) string {
	if value == nil {
		return ""
	}
	if f, ok := value.(float64); ok && f == float64(int64(f)) { // JSON's only number
		return text.Number(int64(f))
	}
	return spanish.Show(value)
}

// Prediction is what was predicted for the present step's cycle.
func (s *Session) Prediction() (lessons.Prediction, bool) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	i := s.lesson.Prediction(s.index)
	if i < 0 {
		return lessons.Prediction{}, false
	}
	p, ok := s.record.Predictions[s.lesson.Steps[i].ID]
	return p, ok
}

// Predict records the answer to the present step's question: option counts from
// 0, as in Options. What was recorded stays: a second time is refused.
func (s *Session) Predict(ctx context.Context, option int, why string) error {
	s.acting.Lock()
	defer s.acting.Unlock()
	options := s.Options()
	s.room.mu.Lock()
	step := s.lesson.Steps[s.index]
	_, already := s.record.Predictions[step.ID]
	switch {
	case step.Question == nil || option < 0 || option >= len(options):
		s.room.mu.Unlock()
		return text.NoSuchOption(option+1, len(options))
	case already:
		s.room.mu.Unlock()
		return text.AlreadyPredicted()
	}
	s.mark(ctx, s.index)
	p := lessons.Prediction{
		Question: s.text(step.Question.Text, s.moment(s.index)), Option: option, Text: options[option].Text, Value: options[option].Value,
		Values: s.values(step), Why: why, At: s.room.now().UTC(),
	}
	if options[option].DontKnow {
		p.Option = lessons.DontKnow
	}
	if step.Question.Answer == "" {
		p.Settled = true
		p.RightOne = slices.IndexFunc(step.Question.Options, func(c lessons.Choice) bool { return c.Right })
		p.Right = p.Option == p.RightOne
	}
	s.record.Predictions[step.ID] = p
	s.room.mu.Unlock()
	return s.keep()
}

// Locked tells whether the present step waits for a prediction.
func (s *Session) Locked() bool {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.locked()
}

func (s *Session) locked() bool {
	i := s.lesson.Prediction(s.index)
	if i < 0 {
		return false
	}
	_, predicted := s.record.Predictions[s.lesson.Steps[i].ID]
	return !predicted && !s.record.HasPassed(s.lesson.Steps[i].ID)
}

// Next goes to the step after this one, which must be passed; after the last one
// the lesson is done.
func (s *Session) Next(ctx context.Context) error {
	verdict, err := s.Check(ctx)
	if err != nil {
		return err
	}
	s.acting.Lock()
	defer s.acting.Unlock()
	s.room.mu.Lock()
	if !verdict.OK {
		defer s.room.mu.Unlock()
		if s.locked() {
			return text.LessonPredictFirst()
		}
		return text.NotThereYet(verdict.Missing)
	}
	step := s.lesson.Steps[s.index]
	if !s.record.HasPassed(step.ID) {
		s.leave(ctx, s.index)
		s.record.Pass(step.ID)
		for _, answer := range verdict.Questions {
			own := s.record.Answers[answer.Question]
			answer.Own, answer.Draft = own.Own, own.Draft
			s.record.Answers[answer.Question] = answer
		}
	}
	if s.index+1 < len(s.lesson.Steps) {
		s.index++
	}
	s.record.Done = s.record.Done || s.furthest() == len(s.lesson.Steps)
	s.room.mu.Unlock()
	return s.keep()
}

// Previous goes to the step before this one. Nothing on disk changes.
func (s *Session) Previous(context.Context) error {
	s.acting.Lock()
	defer s.acting.Unlock()
	s.room.mu.Lock()
	s.index = max(0, s.index-1)
	s.room.mu.Unlock()
	return s.keep()
}

// Go builds the lesson's lab up to a step, from 0, by playing the solutions of
// those before it: for instructors. Predictions stay as they are.
func (s *Session) Go(ctx context.Context, step int) error {
	s.acting.Lock()
	defer s.acting.Unlock()
	step = max(0, min(step, len(s.lesson.Steps)-1))
	if err := s.build(ctx, step); err != nil {
		return err
	}
	s.room.mu.Lock()
	s.record.Passed = []string{}
	for _, before := range s.lesson.Steps[:step] {
		s.record.Pass(before.ID)
	}
	s.index = step
	s.room.mu.Unlock()
	return s.keep()
}

// Restart begins the lesson again, on a fresh lab. The first attempt's
// predictions are kept apart, and the student's own words stay.
func (s *Session) Restart(ctx context.Context) error {
	s.acting.Lock()
	defer s.acting.Unlock()
	if err := s.build(ctx, 0); err != nil {
		return err
	}
	s.room.mu.Lock()
	r := s.record
	if r.First == nil {
		r.First = map[string]lessons.Prediction{}
	}
	for step, p := range r.Predictions {
		if _, kept := r.First[step]; !kept {
			r.First[step] = p
		}
	}
	r.Predictions, r.Passed, r.Hints = map[string]lessons.Prediction{}, []string{}, map[string]int{}
	for question, a := range r.Answers { // the words stay, the evidence is the new run's
		r.Answers[question] = lessons.Answer{Question: a.Question, Own: a.Own, Draft: a.Draft}
	}
	r.Attempts++
	s.index = 0
	s.room.mu.Unlock()
	return s.keep()
}
