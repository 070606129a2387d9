package play

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// eachLesson runs a test on every bundled lesson, each in a classroom of its own.
func eachLesson(t *testing.T, runner Runner, do func(t *testing.T, room *Classroom, lesson *lessons.Lesson)) {
	if len(lessons.Bundled().Lessons) == 0 {
		t.Fatal("there are no lessons")
	}
	for _, lesson := range lessons.Bundled().Lessons {
		t.Run(lesson.ID, func(t *testing.T) {
			t.Parallel()
			do(t, classroom(t, t.TempDir(), runner), lesson)
		})
	}
}

func classroom(t *testing.T, dir string, runner Runner) *Classroom {
	t.Helper()
	room, err := Open(context.Background(), dir, runner, nil)
	if err != nil {
		t.Fatal(err)
	}
	return room
}

func TestEveryLessonStartsUnsolvedAndIsSolvedByItsOwnSolutions(t *testing.T) {
	eachLesson(t, InProcess{}, func(t *testing.T, room *Classroom, lesson *lessons.Lesson) {
		steps := 0
		err := room.Solve(context.Background(), lesson.ID, func(s Solved) {
			steps++
			for _, fault := range s.Faults {
				t.Errorf("%s: %s", s.Step.ID, fault)
			}
			if s.Step.Question != nil && s.Step.Question.Answer == "" && s.Right < 0 {
				t.Errorf("%s: no option is right", s.Step.ID)
			}
			if s.Verdict.Comparison != nil && slices.Contains(s.Verdict.Comparison.Now, "") && slices.Contains(s.Verdict.Comparison.Before, "") {
				t.Logf("%s: a comparison with nothing in it: %+v", s.Step.ID, s.Verdict.Comparison)
			}
			for _, answer := range s.Verdict.Questions {
				if answer.SQL != "" && answer.Result == "" {
					t.Errorf("%s: the evidence %q gives nothing", s.Step.ID, answer.SQL)
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if steps != len(lesson.Steps) || room.Lessons()[slices.Index(lessons.Bundled().Lessons, lesson)].State != Done {
			t.Errorf("played %d of %d steps", steps, len(lesson.Steps))
		}
	})
}

// nothing is an engine that says it loaded and did not.
type nothing struct{}

func (nothing) Load(context.Context, string, []string, func(progress.Stamped)) (progress.Finished, error) {
	return progress.Finished{State: progress.Terminated, RunID: "x"}, nil
}

func (n nothing) KillAt(ctx context.Context, dir string, args []string, at progress.Seam, on func(progress.Stamped)) (progress.Finished, error) {
	return n.Load(ctx, dir, args, on)
}

func TestALessonFailsWhenTheLoadDoesNothing(t *testing.T) {
	eachLesson(t, nothing{}, func(t *testing.T, room *Classroom, lesson *lessons.Lesson) {
		loads := slices.ContainsFunc(lesson.Steps, func(s *lessons.Step) bool {
			return slices.ContainsFunc(actions(s.Solution), func(a Action) bool { return a.Verb == lessons.VerbLoad })
		})
		if !loads {
			t.Skip("nothing is loaded in it")
		}
		unsolved := false
		err := room.Solve(context.Background(), lesson.ID, func(s Solved) { unsolved = unsolved || !s.Verdict.OK })
		if err != nil {
			t.Fatal(err)
		}
		if !unsolved {
			t.Error("it was solved by an engine that did nothing")
		}
	})
}

func TestEveryOptionIsAnsweredWithItsOwnExplanation(t *testing.T) {
	eachLesson(t, InProcess{}, func(t *testing.T, room *Classroom, lesson *lessons.Lesson) {
		ctx := context.Background()
		if err := room.Solve(ctx, lesson.ID, func(Solved) {}); err != nil {
			t.Fatal(err)
		}
		s, err := room.Start(ctx, lesson.ID)
		if err != nil {
			t.Fatal(err)
		}
		for i, step := range lesson.Steps {
			if step.Question == nil {
				continue
			}
			s.index = lesson.Settles(i)
			p := s.record.Predictions[step.ID]
			for option, choice := range step.Question.Options {
				p.Option, p.Right = option, option == p.RightOne
				s.record.Predictions[step.ID] = p
				verdict, err := s.Check(ctx)
				if err != nil || verdict.Judged == nil {
					t.Fatalf("%s, option %d: %v, %v", step.ID, option+1, verdict.Judged, err)
				}
				j := verdict.Judged
				if want := s.Text(choice.Why); j.Feedback != want || want == "" {
					t.Errorf("%s, option %d: got %q, want %q", step.ID, option+1, j.Feedback, want)
				}
				if !j.Right && (j.RightFeedback == "" || j.RightFeedback == j.Feedback || j.Idea == nil) {
					t.Errorf("%s, option %d: a wrong one has the right one's explanation and an idea: %+v", step.ID, option+1, j)
				}
			}
			p.Option = lessons.DontKnow
			s.record.Predictions[step.ID] = p
			if verdict, err := s.Check(ctx); err != nil || verdict.Judged.Feedback != s.Text(step.Question.DontKnow) {
				t.Errorf("%s, «no lo sé»: got %+v, %v", step.ID, verdict.Judged, err)
			}
		}
	})
}

// A student who goes through a lesson once meets every text and every hint.
func TestEveryTextCanBeToldAndTheFirstHintIsAboutThePresentState(t *testing.T) {
	eachLesson(t, InProcess{}, func(t *testing.T, room *Classroom, lesson *lessons.Lesson) {
		ctx := context.Background()
		s, err := room.Start(ctx, lesson.ID)
		if err != nil {
			t.Fatal(err)
		}
		for i, step := range lesson.Steps {
			predictAll(t, s)
			told(t, s, i)
			last := ""
			for n, action := range s.Solution() {
				if step.How != lessons.Demonstration {
					last = hinted(t, s, n, last)
				}
				if _, err := s.Do(ctx, action, nil); err != nil {
					t.Fatal(err)
				}
			}
			told(t, s, i)
			if err := s.Next(ctx); err != nil {
				t.Fatalf("%s: %v", step.ID, err)
			}
		}
	})
}

// hinted wants a first hint that fits the state after n actions and is not the
// one before.
func hinted(t *testing.T, s *Session, n int, last string) string {
	t.Helper()
	now := s.Hint(1)
	if now == "" || now == text.LookAtTheDisk || now == last {
		t.Errorf("%s: after %d actions of the solution the hint is %q, and was %q", s.Step().ID, n, now, last)
	}
	if s.Hint(2) == "" || s.Hint(3) == "" {
		t.Errorf("%s: a level has no hint", s.Step().ID)
	}
	return now
}

// told evaluates every template of step i.
func told(t *testing.T, s *Session, i int) {
	t.Helper()
	for _, template := range texts(s.lesson.Steps[i]) {
		if _, err := s.lesson.Text(template, s.moment(i), spanish); err != nil {
			t.Errorf("%s: %v", s.lesson.Steps[i].ID, err)
		}
	}
}

// predictAll answers what the present step waits for.
func predictAll(t *testing.T, s *Session) {
	t.Helper()
	if s.Locked() && s.Step().Question != nil {
		if err := s.Predict(context.Background(), len(s.Options())-1, ""); err != nil {
			t.Fatal(err)
		}
	}
}

func texts(s *lessons.Step) []string {
	list := []string{s.Text, s.Explain, s.End}
	for _, cell := range s.Cells {
		list = append(list, cell.Code)
	}
	for _, hint := range s.Hints {
		list = append(list, hint.Text)
	}
	if s.Question != nil {
		list = append(list, s.Question.Text, s.Question.DontKnow)
		for _, o := range s.Question.Options {
			list = append(list, o.Text, o.Why)
		}
	}
	if s.Databricks != nil {
		list = append(list, s.Databricks.Text, s.Databricks.Code)
	}
	if s.More != nil {
		list = append(list, s.More.Text)
	}
	for _, q := range s.Notebook {
		list = append(list, q.Answer, q.Evidence)
	}
	return list
}

// Lessons 3 to 6 tell one story: each begins with the table, the checkpoint and
// the history that the one before ends with.
func TestEachLessonBeginsWhereTheOneBeforeEnds(t *testing.T) {
	ctx := context.Background()
	story := []string{"carga-incremental", "experimento-1", "experimento-2", "conclusiones"}
	for i, id := range story[1:] {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			before := classroom(t, t.TempDir(), InProcess{})
			if err := before.Solve(ctx, story[i], func(Solved) {}); err != nil {
				t.Fatal(err)
			}
			ended, err := before.Start(ctx, story[i])
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			begins, err := classroom(t, t.TempDir(), InProcess{}).Start(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("prepared in %v", time.Since(began))
			if end, begin := standing(t, ended), standing(t, begins); end != begin {
				t.Errorf("ends with  %s\nbegins with %s", end, begin)
			}
		})
	}
}

// standing is the notebook's own pipeline as it may be compared: without ids, which
// are others every time, and with its table's history.
func standing(t *testing.T, s *Session) string {
	t.Helper()
	facts := s.now[lessons.Target{}]
	facts.Checkpoint.Query, facts.Table.ID, facts.Last, facts.Trash = "", "", lessons.LastFacts{}, lessons.TrashFacts{}
	pipeline, err := pipelineOf(s.Lab(), lessons.Target{})
	if err != nil {
		t.Fatal(err)
	}
	history, err := pipeline.History(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	story := fmt.Sprintf("%+v", facts)
	for _, entry := range history {
		batch, _ := entry.OperationParameters.Text("epochId")
		rows, _ := entry.OperationMetrics.Text("numOutputRows")
		story += fmt.Sprintf(" | %d %s %s %s", entry.Version, entry.Operation, batch, rows)
	}
	return story
}
