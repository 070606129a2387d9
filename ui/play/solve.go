package play

import (
	"context"
	"fmt"

	"autoloaderlab/engine/storage"
	"autoloaderlab/lessons"
)

// Solved is a step that was played by its solution.
type Solved struct {
	Step    *lessons.Step
	Number  int      // from 1
	Faults  []string // what is wrong with the lesson here; none is right
	Verdict Verdict
	Right   int // the right option of its question, from 0; -1 when it has none, or none is right
}

// Solve plays a lesson from its beginning by its own solutions, answering every
// question with «no lo sé», and looks for what makes a lesson wrong: a goal that
// is reached before anything is done or not after its solution, a question whose
// right option is not exactly one, a proof that is false. The session is left at
// the lesson's end, and whatever the student had done in it is gone.
func (c *Classroom) Solve(ctx context.Context, id string, told func(Solved)) error {
	s, err := c.Start(ctx, id)
	if err != nil {
		return err
	}
	if !s.untouched() {
		if err := s.Restart(ctx); err != nil {
			return err
		}
	}
	for i := range s.lesson.Steps {
		solved, err := s.solveStep(ctx, i)
		if err != nil {
			return err
		}
		told(solved)
		if !solved.Verdict.OK {
			return nil
		}
		if err := s.Next(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) untouched() bool {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return len(s.record.Passed) == 0 && len(s.record.Predictions) == 0 && len(s.memory.Journal) == len(s.lesson.Setup)
}

func (s *Session) solveStep(ctx context.Context, i int) (Solved, error) {
	step := s.lesson.Steps[i]
	solved := Solved{Step: step, Number: i + 1, Right: -1}
	fault := func(format string, args ...any) { solved.Faults = append(solved.Faults, fmt.Sprintf(format, args...)) }
	if step.Question != nil {
		if err := s.Predict(ctx, len(step.Question.Options), ""); err != nil {
			return solved, err
		}
	}
	if verdict, err := s.Check(ctx); err != nil {
		return solved, err
	} else if step.Goal != "" && verdict.OK {
		fault("la meta se cumple antes de hacer nada")
	}
	for _, action := range s.Solution() {
		if _, err := s.Do(ctx, action, nil); err != nil {
			return solved, err
		}
	}
	verdict, err := s.Check(ctx)
	if err != nil {
		return solved, err
	}
	solved.Verdict = verdict
	if !verdict.OK {
		fault("la solución no llega a la meta «%s»", step.Goal)
	}
	for _, cell := range s.Cells() {
		if cell.Run == nil {
			continue
		}
		if outcome, err := s.Do(ctx, *cell.Run, nil); err != nil {
			fault("la celda %d no se puede ejecutar: %v", cell.Number, err)
		} else if output, ok := outputOf(outcome, cell.Columns); !ok || len(output.Rows) == 0 {
			fault("la celda %d no da ningún resultado", cell.Number)
		} else if unknown := emptyColumns(output); len(unknown) > 0 {
			fault("la celda %d no tiene ningún valor en %v", cell.Number, unknown)
		}
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	for j, asked := range s.lesson.Steps[:i+1] {
		if asked.Question == nil || s.lesson.Settles(j) != i || !verdict.OK {
			continue
		}
		right, problem := s.rightOptions(asked)
		solved.Right = right
		if problem != "" {
			fault("%s: %s", asked.ID, problem)
		}
	}
	return solved, nil
}

// rightOptions finds a question's only right option, after its run.
func (s *Session) rightOptions(step *lessons.Step) (right int, problem string) {
	p, q := s.record.Predictions[step.ID], step.Question
	if q.Proof != "" {
		if holds, err := s.lesson.Holds(q.Proof, s.moment(s.index)); err != nil || !holds {
			return p.RightOne, fmt.Sprintf("la prueba «%s» no es verdadera (%v)", q.Proof, err)
		}
	}
	if !p.Settled {
		return -1, "la predicción no se resolvió"
	}
	if q.Answer == "" {
		return p.RightOne, ""
	}
	count := 0
	for _, value := range p.Values {
		if show(value) == p.Result {
			count++
		}
	}
	if count != 1 {
		return p.RightOne, fmt.Sprintf("el resultado es %s y hay %d opciones con ese valor: %v", p.Result, count, p.Values)
	}
	if q.Options[p.RightOne].Idea != "" {
		return p.RightOne, fmt.Sprintf("la opción correcta, %d, lleva una idea equivocada", p.RightOne+1)
	}
	return p.RightOne, ""
}

// Discard removes a folder that lessons were solved in.
func Discard(dir string) error { return storage.NewLocal().DeleteTree(dir) }
