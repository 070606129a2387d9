package play

import (
	"context"
	"slices"
	"strings"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Verdict is how the present step stands.
type Verdict struct {
	OK      bool   // it is passed, or may be: the goal is reached, the question answered
	Missing string // what is not as it should be, when not OK and the lesson knows
	End     string // told once the goal is reached
	Strayed string // somebody else changed the lesson's disk; or empty

	Judged      *Judged // the cycle's prediction against what happened; nil before
	Explanation string
	Comparison  *Comparison
	Evidence    []Evidence
	Questions   []lessons.Answer // the notebook's, answered with evidence
}

// Judged is a prediction and what came of it.
type Judged struct {
	Predicted string // the option's text
	Value     string // its value as it was shown; empty for «no lo sé» and what is no number
	Result    string // what the run gave, as shown
	Option    int    // as recorded: from 0, or lessons.DontKnow
	RightOne  int    // the right option, from 0; -1 when the run gave something else
	Right     bool
	DontKnow  bool
	Why       string // in the student's words

	Feedback      string // for the option that was chosen
	RightFeedback string // the right option's, when another was chosen
	Idea          *lessons.Idea
}

// Comparison is what was predicted, what was before, and what is now.
type Comparison struct {
	Facts     []string // their names
	Labels    []string
	Predicted []string // "" where nothing was
	Before    []string
	Now       []string
	// Bars are the first fact's values (that fact is the predicted one, where one was), between 0 and 1 of the largest:
	// predicted, before, now; below 0 where there is none.
	Bars [3]float64
	// Dropped: Before is how the table stood that this cycle made, and then dropped.
	Dropped bool
}

// Change is how a fact is now against before.
type Change string

// The changes.
const (
	Same  Change = "="
	More  Change = "+"
	Less  Change = "−"
	Other Change = "≠"
)

// Evidence is one fact, before and now.
type Evidence struct {
	Fact        string
	Label       string
	Before, Now string
	Change      Change
}

// Check looks at the disk and tells how the present step stands.
func (s *Session) Check(ctx context.Context) (Verdict, error) {
	s.acting.Lock()
	defer s.acting.Unlock()
	if err := s.look(ctx); err != nil {
		return Verdict{}, err
	}
	if err := s.settle(); err != nil {
		return Verdict{}, err
	}
	return s.verdict(ctx)
}

func (s *Session) verdict(ctx context.Context) (Verdict, error) {
	v, lab, err := s.known()
	if err != nil {
		return v, err
	}
	for i := range v.Questions {
		prove(ctx, lab, &v.Questions[i])
	}
	return v, nil
}

// known is the verdict but for what DuckDB has to answer, for which nobody who
// draws shall wait.
func (s *Session) known() (Verdict, *engine.Lab, error) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	step, m := s.lesson.Steps[s.index], s.moment(s.index)
	reached, err := s.reached(s.index)
	if err != nil {
		return Verdict{}, nil, err
	}
	passed := s.record.HasPassed(step.ID)
	v := Verdict{OK: passed || reached && !s.locked(), Judged: s.judge(m), Explanation: s.text(step.Explain, m)}
	if v.OK {
		v.End = s.text(step.End, m)
		v.Questions = s.answers(step, m)
	} else if !s.locked() {
		v.Missing = s.nudge(step, m)
	}
	if s.strayed() {
		v.Strayed = text.LessonStrayed
	}
	v.Comparison, v.Evidence = s.compare(step, m), s.evidence(step, m)
	return v, s.lab, nil
}

// reached evaluates a step's goal on the disk as it is. A step without one is
// reached by reading it.
func (s *Session) reached(i int) (bool, error) {
	goal := s.lesson.Steps[i].Goal
	if goal == "" {
		return true, nil
	}
	return s.lesson.Holds(goal, s.moment(i))
}

// settle decides the cycle's prediction, once, when the step whose run answers
// it reaches its goal.
func (s *Session) settle() error {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	i := s.lesson.Prediction(s.index)
	if i < 0 || s.lesson.Settles(i) != s.index {
		return nil
	}
	asked := s.lesson.Steps[i]
	p, predicted := s.record.Predictions[asked.ID]
	if !predicted || p.Settled {
		return nil
	}
	reached, err := s.reached(s.index)
	if err != nil || !reached {
		return err
	}
	result, err := s.lesson.Eval(asked.Question.Answer, s.moment(s.index), spanish)
	if err != nil {
		return err
	}
	p.Settled, p.Result, p.RightOne = true, show(result), -1
	for option, value := range p.Values {
		if show(value) == p.Result {
			p.RightOne = option
		}
	}
	p.Right = p.Option == p.RightOne && p.Option >= 0
	s.record.Predictions[asked.ID] = p
	return nil
}

// judge tells what came of the cycle's prediction.
func (s *Session) judge(m lessons.Moment) *Judged {
	i := s.lesson.Prediction(s.index)
	if i < 0 {
		return nil
	}
	step := s.lesson.Steps[i]
	p, predicted := s.record.Predictions[step.ID]
	if !predicted || !p.Settled {
		return nil
	}
	j := &Judged{
		Predicted: p.Text, Value: p.Value, Result: p.Result, Option: p.Option, RightOne: p.RightOne,
		Right: p.Right, DontKnow: p.Option == lessons.DontKnow, Why: p.Why,
	}
	options := step.Question.Options
	if p.RightOne >= 0 && p.RightOne < len(options) && !p.Right {
		j.RightFeedback = s.text(options[p.RightOne].Why, m)
	}
	switch {
	case j.DontKnow:
		j.Feedback = s.text(step.Question.DontKnow, m)
	case p.Option < len(options):
		j.Feedback = s.text(options[p.Option].Why, m)
		if idea, ok := s.room.library.Idea(options[p.Option].Idea); ok && !p.Right {
			j.Idea = &idea
		}
	}
	return j
}

func (s *Session) compare(step *lessons.Step, m lessons.Moment) *Comparison {
	if len(step.Compare) == 0 {
		return nil
	}
	answer, predicted := "", lessons.Prediction{}
	if i := s.lesson.Prediction(s.index); i >= 0 {
		answer = s.lesson.Steps[i].Question.Answer
		predicted = s.record.Predictions[s.lesson.Steps[i].ID]
	}
	c := &Comparison{Facts: askedFirst(step.Compare, answer), Bars: [3]float64{-1, 0, 0}}
	since := s.compared(m)
	c.Dropped = since.Table.Exists && !m.Before[m.On].Table.Exists
	for i, fact := range c.Facts {
		before, now := since.Fact(fact), m.Now[m.On].Fact(fact)
		if derived := fact == answer && !slices.Contains(step.Compare, fact); derived {
			before, now = nil, nil // of the run itself, there is nothing before it
			if value, err := s.lesson.Eval(fact, m, spanish); err == nil {
				now = value
			}
		}
		c.Labels = append(c.Labels, text.FactLabel(fact))
		c.Before, c.Now = append(c.Before, shown(fact, before)), append(c.Now, shown(fact, now))
		said := ""
		var value any
		if fact == answer && predicted.Option >= 0 && predicted.Option < len(predicted.Values) {
			value = predicted.Values[predicted.Option]
			said = show(value)
		}
		c.Predicted = append(c.Predicted, said)
		if i == 0 {
			c.Bars = bars(value, before, now)
		}
	}
	return c
}

// askedFirst puts what was predicted before the other facts, also where the step
// compares others: the prediction is read against it.
func askedFirst(facts []string, answer string) []string {
	if answer == "" || !text.HasFactLabel(answer) {
		return facts
	}
	out := []string{answer}
	for _, fact := range facts {
		if fact != answer && len(out) < max(len(facts), 2) {
			out = append(out, fact)
		}
	}
	return out
}

// bars scales three values to the largest.
func bars(values ...any) (scaled [3]float64) {
	largest := 0.0
	for i, value := range values {
		switch value := value.(type) {
		case int:
			scaled[i] = float64(value)
		case float64:
			scaled[i] = value
		default:
			scaled[i] = -1
		}
		largest = max(largest, scaled[i])
	}
	for i := range scaled {
		if scaled[i] > 0 {
			scaled[i] /= largest
		}
	}
	return scaled
}

func (s *Session) evidence(step *lessons.Step, m lessons.Moment) []Evidence {
	var rows []Evidence
	since := s.compared(m)
	for _, fact := range step.Evidence {
		before, now := since.Fact(fact), m.Now[m.On].Fact(fact)
		row := Evidence{Fact: fact, Label: text.FactLabel(fact), Before: shown(fact, before), Now: shown(fact, now), Change: change(before, now)}
		if counted := row.Change == More || row.Change == Less; counted && ofQuery(fact) && since.Checkpoint.Query != m.Now[m.On].Checkpoint.Query && row.Before != "" {
			row.Change = Other // another query counts its batches from 0
		}
		if row.Change == Same && fact == "checkpoint.vistos" && since.Checkpoint.Query != m.Now[m.On].Checkpoint.Query && row.Before != "" {
			row.Now, row.Change = text.OfAnotherCheckpoint(row.Now), Other // it saw them anew
		}
		rows = append(rows, row)
	}
	return rows
}

// ofQuery says that a fact counts what one query did.
func ofQuery(fact string) bool {
	return fact == "checkpoint.confirmado" || fact == "checkpoint.planeado"
}

// shown writes a fact: ids short, and what is not there as nothing.
func shown(fact string, value any) string {
	switch value := value.(type) {
	case string:
		if strings.HasSuffix(fact, ".consulta") || strings.HasSuffix(fact, ".id") {
			value = text.ShortID(value)
		}
		return value
	case int:
		if value < 0 {
			return ""
		}
	}
	return show(value)
}

func change(before, now any) Change {
	a, isNumber := before.(int)
	b, _ := now.(int)
	switch {
	case before == now:
		return Same
	case !isNumber:
		return Other
	case b > a:
		return More
	default:
		return Less
	}
}

// Hint is help of a level, 1 to 3. The first is about the state of the disk as
// it was last looked at. Empty: the step has none.
func (s *Session) Hint(level int) string {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	step, m := s.lesson.Steps[s.index], s.moment(s.index)
	s.record.Hints[step.ID] = max(s.record.Hints[step.ID], level)
	if level <= 1 {
		return s.nudge(step, m)
	}
	for _, hint := range step.Hints {
		if hint.Level == level {
			return s.text(hint.Text, m)
		}
	}
	return ""
}

// nudge is the first hint of level 1 that fits the state.
func (s *Session) nudge(step *lessons.Step, m lessons.Moment) string {
	for _, hint := range step.Hints {
		if hint.Level != 1 {
			continue
		}
		if hint.If == "" {
			return s.text(hint.Text, m)
		}
		if holds, err := s.lesson.Holds(hint.If, m); err == nil && holds {
			return s.text(hint.Text, m)
		}
	}
	switch last := m.Now[m.On].Last.State; {
	case len(step.Hints) == 0:
		return ""
	case last != "" && last != progress.Terminated:
		return text.LoadNotEnded
	default:
		return text.LookAtTheDisk
	}
}
