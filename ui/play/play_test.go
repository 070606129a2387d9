package play

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

const experiment = "experimento-1"

// student is somebody in experiment 1.
type student struct {
	*testing.T
	*Session
	dir string
	ctx context.Context
}

func newStudent(t *testing.T) *student {
	s := &student{T: t, dir: t.TempDir(), ctx: context.Background()}
	s.comeBack()
	return s
}

// comeBack opens the classroom anew, as the program does when it starts.
func (s *student) comeBack() {
	s.Helper()
	session, err := classroom(s.T, s.dir, InProcess{}).Start(s.ctx, experiment)
	s.must(err)
	s.Session = session
}

func (s *student) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *student) do(written string) Outcome {
	s.Helper()
	action, err := ParseAction(written)
	s.must(err)
	outcome, err := s.Do(s.ctx, action, nil)
	s.must(err)
	return outcome
}

func (s *student) refused(err error, want string) {
	s.Helper()
	var message text.Message
	if !errors.As(err, &message) || !strings.Contains(message.What, want) {
		s.Errorf("got %v, want a refusal with %q", err, want)
	}
}

func (s *student) at(step string) {
	s.Helper()
	if got := s.Step().ID; got != step {
		s.Errorf("at step %s, want %s", got, step)
	}
}

// toTheRun goes through reading and predicts with that option.
func (s *student) toTheRun(option int) {
	s.Helper()
	s.must(s.Next(s.ctx))
	s.must(s.Predict(s.ctx, option, "porque sí"))
	s.must(s.Next(s.ctx))
	s.at("borra-y-carga")
}

func TestTheRunIsLockedUntilAPredictionIsRecorded(t *testing.T) {
	s := newStudent(t)
	s.must(s.Next(s.ctx))
	s.at("predice-drop")
	_, err := s.Do(s.ctx, Action{Verb: lessons.VerbLoad}, nil)
	s.refused(err, "Primero predice")
	s.refused(s.Next(s.ctx), "Primero predice")
	s.refused(s.Predict(s.ctx, 9, ""), "ninguna opción 10")
	if !s.Locked() || len(s.Allowed()) != 0 {
		t.Error("it is not locked")
	}
	s.must(s.Predict(s.ctx, 0, ""))
	s.refused(s.Predict(s.ctx, 1, ""), "ya está anotada")
	s.must(s.Next(s.ctx))
	if len(s.Allowed()) != 3 {
		t.Errorf("allowed: %v", s.Allowed())
	}
}

func TestExperiment1IsPlayedAndItsPredictionIsSettledByTheDisk(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(0)
	s.refused(s.Next(s.ctx), "todavía no")
	_, err := s.Do(s.ctx, Action{Verb: lessons.VerbDeleteCheckpoint}, nil)
	s.refused(err, "no toca borrar el checkpoint")
	if state := s.Cells()[0].State; state != NotRun {
		t.Errorf("the DROP cell: %s", state)
	}
	s.do("borrar-tabla")
	if cells := s.Cells(); cells[0].State != HasRun || cells[1].State != Stale || cells[2].State != NotRun {
		t.Errorf("cells after the drop: %+v", cells)
	}
	outcome := s.do("cargar")
	if outcome.Load == nil || outcome.Load.Batches != 0 {
		t.Errorf("the load: %+v", outcome.Load)
	}
	if rows := s.do("contar").Rows; rows == nil || *rows != 0 {
		t.Errorf("count: %v", rows)
	}
	s.must(s.Next(s.ctx))
	s.at("que-paso")
	verdict, err := s.Check(s.ctx)
	s.must(err)
	j := verdict.Judged
	if j == nil || j.Value != "602" || j.Result != "0" || j.Right || j.RightOne != 2 || j.Idea == nil || j.Why != "porque sí" {
		t.Fatalf("judged: %+v", j)
	}
	c := verdict.Comparison
	if c.Predicted[0] != "602" || c.Before[0] != "602" || c.Now[0] != "0" || c.Bars != [3]float64{1, 1, 0} || c.Labels[0] != "filas" {
		t.Errorf("comparison: %+v", c)
	}
	same := map[string]Change{"checkpoint.consulta": Same, "checkpoint.confirmado": Same, "tabla.id": Other, "tabla.version": Less}
	for _, row := range verdict.Evidence {
		if want, asked := same[row.Fact]; asked && row.Change != want {
			t.Errorf("evidence: %+v, want %s", row, want)
		}
	}
}

func TestAnyRouteToTheGoalCounts(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(2)
	s.do("sql DROP TABLE IF EXISTS bronce_dev.datavision_bruno.account_premium_features")
	s.do("cargar")
	s.must(s.Next(s.ctx))
	if p, ok := s.Prediction(); !ok || !p.Right || !p.Settled {
		t.Errorf("prediction: %+v", p)
	}
}

func TestAStudentComesBackToTheExactStep(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(0)
	s.do("borrar-tabla")
	before := s.Before()
	s.comeBack()
	s.at("borra-y-carga")
	if s.Facts().Table.Exists || s.Before() != before || before.Table.Rows != 602 {
		t.Errorf("facts: %+v before %+v", s.Facts(), s.Before())
	}
	s.do("cargar")
	s.must(s.Next(s.ctx))
}

func TestALostFolderIsBuiltAgainUpToTheStep(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(0)
	s.do("borrar-tabla")
	s.do("cargar")
	s.must(s.Next(s.ctx))
	s.must(os.RemoveAll(filepath.Join(s.dir, "lecciones")))
	s.comeBack()
	s.at("que-paso")
	if f := s.Facts(); !f.Table.Exists || f.Table.Rows != 0 || s.Before().Table.Rows != 602 {
		t.Errorf("facts: %+v before %+v", f, s.Before())
	}
}

func TestWhatWasPassedIsShownAsItWasAndChangesNothing(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(0)
	s.do("borrar-tabla")
	s.do("cargar")
	s.must(s.Next(s.ctx))
	s.must(s.Previous(s.ctx))
	s.must(s.Previous(s.ctx))
	s.at("predice-drop")
	if got := s.Text("{{tabla.filas}}"); got != "602" || s.Options()[0].Value != "602" || !s.Options()[0].Chosen {
		t.Errorf("looked back: %s, %+v", got, s.Options())
	}
	s.must(s.Next(s.ctx))
	_, err := s.Do(s.ctx, Action{Verb: lessons.VerbDropTable}, nil)
	s.refused(err, "ya está hecho")
}

func TestUndoAndRestart(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(0)
	s.do("borrar-tabla")
	s.must(s.Undo(s.ctx))
	if f := s.Facts(); f.Table.Rows != 602 || s.Cells()[0].State != NotRun {
		t.Errorf("after undo: %+v, %s", f.Table, s.Cells()[0].State)
	}
	s.must(s.Restart(s.ctx))
	s.at("el-ejercicio")
	record := s.room.Progress().Lessons[experiment]
	if len(record.Predictions) != 0 || record.First["predice-drop"].Option != 0 || record.Attempts != 2 {
		t.Errorf("record: %+v", record)
	}
}

func TestAnInstructorGoesToAnyStepWithItsStatePrepared(t *testing.T) {
	s := newStudent(t)
	last := len(s.Lesson().Steps) - 1
	began := time.Now()
	s.must(s.Go(s.ctx, last))
	t.Logf("step %d of %d after %v", last+1, last+1, time.Since(began))
	predictAll(t, s.Session)
	s.must(s.Next(s.ctx))
	if !s.Done() {
		t.Error("the last step is not the end")
	}
	s.must(s.Go(s.ctx, 3))
	s.at("que-paso")
	if s.Facts().Table.Rows != 0 || s.Before().Table.Rows != 602 {
		t.Errorf("facts: %+v", s.Facts())
	}
}

func TestALoadIsKilledAtASeam(t *testing.T) {
	s := newStudent(t)
	s.must(s.Go(s.ctx, 2))
	s.must(s.room.store.DeleteTree(filepath.Join(s.Session.dir, "catalogs")))
	tell := func(progress.Stamped) {}
	action, err := ParseAction("con bruno_x/cuaderno/account_premium_features: cargar, matar en tabla_confirmada")
	s.must(err)
	outcome, err := s.Session.do(s.ctx, InProcess{}, action, lessons.Target{}, tell)
	s.must(err)
	if !outcome.Killed || outcome.KilledAt != progress.AfterTableCommit || s.memory.Last["bruno_x/cuaderno/account_premium_features"].State != Killed {
		t.Errorf("outcome: %+v", outcome)
	}
}

func TestFilesAreTouchedInTheLandingFolderAlone(t *testing.T) {
	s := newStudent(t)
	files := []struct {
		action      string
		files, rows int
	}{
		{"archivo copiar account_premium_features_2025-03-03.csv copia.csv", 5, 782},
		{"archivo renombrar copia.csv otra.csv", 5, 782},
		{"archivo anexar otra.csv", 5, 783},
		{"archivo sobrescribir otra.csv", 5, 783},
		{"archivo quitar otra.csv", 4, 602},
		{"traer crlf.csv", 5, 605},
		{"extraer 2025-03-07", 6, 789},
	}
	for _, f := range files {
		action, err := ParseAction(f.action)
		s.must(err)
		_, err = s.Session.do(s.ctx, InProcess{}, action, lessons.Target{}, nil)
		s.must(err)
		if got := s.now[lessons.Target{}].Source; got.Files != f.files || got.Rows != f.rows {
			t.Errorf("%s: got %+v, want %d files, %d rows", f.action, got, f.files, f.rows)
		}
	}
	for _, bad := range []string{"archivo copiar account_premium_features_2025-03-03.csv ../x.csv", "archivo quitar nada.csv",
		"archivo renombrar crlf.csv account_premium_features_2025-03-03.csv", "traer nada.csv"} {
		action, err := ParseAction(bad)
		s.must(err)
		if _, err := s.Session.do(s.ctx, InProcess{}, action, lessons.Target{}, nil); err == nil {
			t.Errorf("%s: it was done", bad)
		}
	}
}

func TestADamagedOrNewerProgressFileIsSetAside(t *testing.T) {
	for name, content := range map[string]string{"damaged": `{"version":`, "newer": `{"version":99,"nombre":"Ana"}`, "empty": ""} {
		t.Run(name, func(t *testing.T) {
			s := &student{T: t, dir: t.TempDir(), ctx: context.Background()}
			path := filepath.Join(s.dir, "progreso.json")
			for n := range 2 {
				s.must(os.WriteFile(path, []byte(content), 0o644))
				room := classroom(t, s.dir, InProcess{})
				kept, err := os.ReadFile(room.Aside())
				if err != nil || string(kept) != content || room.Aside() != path+".apartado-"+string(rune('1'+n)) {
					t.Errorf("aside %q: %q, %v", room.Aside(), kept, err)
				}
			}
		})
	}
}

func TestAnUnknownLessonIsRefused(t *testing.T) {
	_, err := classroom(t, t.TempDir(), InProcess{}).Start(context.Background(), "99")
	(&student{T: t}).refused(err, "No existe la lección")
}

func TestNotesFollowTheLessonThatIsPlayed(t *testing.T) {
	s := newStudent(t)
	s.must(s.Next(s.ctx))
	room := classroom(t, s.dir, InProcess{}) // another terminal
	notes, err := room.Notes(s.ctx, "")
	s.must(err)
	if notes.Index != 2 || len(notes.Options) != 3 || !notes.Options[2].Right || notes.Options[0].Idea == "" || notes.Next != s.lesson.Steps[2].Title {
		t.Errorf("notes: %+v", notes)
	}
	if page := notes.String(); !strings.Contains(page, "la tabla tiene 602 filas") && !strings.Contains(page, "(correcta)") {
		t.Error(page)
	}
	s.must(s.Predict(s.ctx, 0, ""))
	s.must(s.Next(s.ctx))
	if notes, err := room.Notes(s.ctx, ""); err != nil || notes.Index != 3 || len(notes.Solution) != 2 {
		t.Errorf("notes: %+v, %v", notes, err)
	}
	_, err = classroom(t, t.TempDir(), InProcess{}).Notes(s.ctx, "")
	s.refused(err, "No hay ninguna lección abierta")
}

func TestALoadThatIsCancelledIsToldAndLeavesTheLessonUsable(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(0)
	s.do("borrar-tabla")
	ctx, cancel := context.WithCancel(s.ctx)
	outcome, err := s.Do(ctx, Action{Verb: lessons.VerbLoad}, func(progress.Stamped) { cancel() })
	s.must(err)
	if outcome.Load == nil {
		t.Fatalf("outcome: %+v", outcome)
	}
	s.do("cargar")
	s.must(s.Next(s.ctx))
}

// Whoever draws asks while something is done.
func TestDrawingAndDoingGoTogether(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				_, _, _, _ = s.Facts(), s.Before(), s.Cells(), s.Allowed()
				_, _, _, _ = s.Text("{{tabla.filas}}"), s.Hint(1), s.Locked(), s.room.Lessons()
				_, _ = s.Prediction()
				_, _ = s.Options(), s.Reviews()
			}
		}
	}()
	s.do("borrar-tabla")
	s.do("cargar")
	s.must(s.Next(s.ctx))
	_, err := s.Check(s.ctx)
	s.must(err)
	s.must(s.Next(s.ctx))
	s.must(s.Previous(s.ctx))
	s.must(s.Restart(s.ctx))
	close(stop)
	<-stopped
}

func TestAMissedReviewComesBackUntilItIsRight(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	start := func(id string) *Session {
		t.Helper()
		s, err := classroom(t, dir, InProcess{}).Start(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := start(experiment)
	own := len(s.Lesson().Review)
	wrong := 1
	if s.Lesson().Review[0].Options[wrong].Right {
		t.Fatal("option 2 is right")
	}
	if right, why, err := s.AnswerReview(ctx, 0, wrong); right || why == "" || err != nil {
		t.Errorf("got %v, %q, %v", right, why, err)
	}
	if s.Reviews()[0].Chosen != wrong || len(s.Reviews()) != own {
		t.Errorf("reviews: %+v", s.Reviews())
	}
	later := start("experimento-2")
	reviews := later.Reviews()
	last := len(reviews) - 1
	if !reviews[last].Again || reviews[last].Chosen != -1 || reviews[last].Text != s.Reviews()[0].Text {
		t.Fatalf("it did not come back: %+v", reviews)
	}
	if right, _, err := later.AnswerReview(ctx, last, 0); !right || err != nil {
		t.Errorf("got %v, %v", right, err)
	}
	if later.Reviews()[last].Chosen != 0 {
		t.Error("the answer is not shown")
	}
	for _, review := range start("experimento-2").Reviews() {
		if review.Again {
			t.Error("it came back though it was right")
		}
	}
}

func TestAllOfTheNotebooksQuestionsAreAsked(t *testing.T) {
	questions := map[string]bool{}
	for _, lesson := range lessons.Bundled().Lessons {
		for _, step := range lesson.Steps {
			for _, q := range step.Notebook {
				questions[lesson.ID+q.Question] = true
			}
		}
	}
	if len(questions) != 6+11 {
		t.Errorf("got %d of the six comparisons and eleven questions", len(questions))
	}
}

func TestADamagedLessonFolderStopsNobody(t *testing.T) {
	for name, file := range map[string]string{
		"the lab's state":   "lab.json",
		"the lesson's":      "leccion.json",
		"the newest plan":   "Volumes/bronce_dev/datavision/bronce-volume-datavision/_checkpoint_bruno/account_premium_features/offsets/1",
		"the source log":    "Volumes/bronce_dev/datavision/bronce-volume-datavision/_checkpoint_bruno/account_premium_features/sources/0/0",
		"the table's log":   "catalogs/bronce_dev/datavision_bruno/account_premium_features/_delta_log/00000000000000000001.json",
		"the query's name":  "Volumes/bronce_dev/datavision/bronce-volume-datavision/_checkpoint_bruno/account_premium_features/metadata",
		"a source file":     "Volumes/landing_dev/postgres_datavision/landing-volume-postgres-datavision/account_premium_features/" + "account_premium_features_2025-03-03.csv",
		"nothing whatever":  "",
		"the whole catalog": "catalogs",
	} {
		t.Run(name, func(t *testing.T) {
			s := newStudent(t)
			s.toTheRun(0)
			path := filepath.Join(s.Session.dir, filepath.FromSlash(file))
			switch info, err := os.Stat(path); {
			case err != nil:
				t.Fatal(err)
			case file == "":
			case info.IsDir():
				s.must(os.RemoveAll(path))
			default:
				s.must(os.WriteFile(path, []byte("x"), 0o644))
			}
			s.comeBack()
			s.at("borra-y-carga")
			if _, err := s.Check(s.ctx); err != nil {
				t.Error(err)
			}
			s.must(s.Restart(s.ctx))
			s.at("el-ejercicio")
		})
	}
}

// Whatever a student does in whatever order, the place is kept and the lesson
// can be ended.
func TestAnyWalkThroughALessonCanBeResumedAndEnded(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(text.Number(int64(seed)), func(t *testing.T) {
			t.Parallel()
			s, dice := newStudent(t), rand.New(rand.NewPCG(seed, 1))
			steps := []func(){
				func() { _ = s.Next(s.ctx) }, func() { _ = s.Next(s.ctx) }, func() { _ = s.Previous(s.ctx) },
				func() { _ = s.Predict(s.ctx, dice.IntN(4), "") }, func() { _ = s.Undo(s.ctx) }, func() { s.comeBack() },
				func() { _, _ = s.Check(s.ctx) }, func() { s.Hint(dice.IntN(4)) },
				func() {
					if allowed := s.Allowed(); len(allowed) > 0 {
						_, err := s.Do(s.ctx, allowed[dice.IntN(len(allowed))], nil)
						if !failure.Is(err, failure.TableNotFound) { // counting what is not there
							s.must(err)
						}
					}
				},
			}
			for range 40 {
				steps[dice.IntN(len(steps))]()
				index, furthest := s.Index(), s.Furthest()
				if index > furthest && !s.Done() {
					t.Fatalf("at step %d, beyond %d", index, furthest)
				}
			}
			index, facts := s.Index(), s.Facts()
			s.comeBack()
			if s.Index() != index || s.Facts() != facts {
				t.Errorf("came back to %d, %+v; was at %d, %+v", s.Index(), s.Facts(), index, facts)
			}
			s.must(s.Restart(s.ctx))
			s.must(s.room.Solve(s.ctx, experiment, func(solved Solved) {
				if len(solved.Faults) > 0 {
					t.Errorf("%s: %v", solved.Step.ID, solved.Faults)
				}
			}))
		})
	}
}

// What a later step tells is of the disk as this one left it, whatever keys a
// student still has.
func TestAStepThatIsDoneIsNotChangedAndTheStoryKeepsItsPast(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(0)
	s.refused(s.Undo(s.ctx), "no toca deshacer") // nothing of this step's own
	s.do("borrar-tabla")
	s.must(s.Undo(s.ctx))
	s.do("borrar-tabla")
	s.do("cargar")
	_, err := s.Do(s.ctx, Action{Verb: lessons.VerbDropTable}, nil)
	s.refused(err, "ya está hecho")
	if allowed := s.Allowed(); len(allowed) != 1 || allowed[0].Verb != lessons.VerbCount {
		t.Errorf("allowed: %v", allowed)
	}
	s.must(s.Next(s.ctx))
	s.at("que-paso")
	s.refused(s.Undo(s.ctx), "no toca deshacer")
	if s.Undoable() {
		t.Error("what an earlier step deleted can come back")
	}
}

func TestADropAndALoadTooEarlyAreStillRepairable(t *testing.T) {
	s := newStudent(t)
	s.must(s.Go(s.ctx, s.Lesson().Step("recupera")))
	s.must(s.Predict(s.ctx, 0, ""))
	for _, done := range []string{"cargar", "cargar"} {
		s.do(done)
		if err := s.Next(s.ctx); err == nil {
			t.Fatal("a new table passes for the one that was dropped")
		}
	}
	if hint := s.Hint(1); !strings.Contains(hint, "Esta tabla es nueva") {
		t.Errorf("hint: %s", hint)
	}
	s.do("deshacer")
	s.must(s.Next(s.ctx))
}

func TestADiskThatOthersChangedIsToldUntilTheLessonBeginsAgain(t *testing.T) {
	s := newStudent(t)
	s.toTheRun(0)
	stray := func() string {
		s.Helper()
		verdict, err := s.Check(s.ctx)
		s.must(err)
		return verdict.Strayed
	}
	if told := stray(); told != "" {
		t.Errorf("nobody did anything: %s", told)
	}
	folder := filepath.Join(s.Session.dir, "catalogs")
	s.must(os.Rename(folder, folder+"-"))
	if stray() == "" {
		t.Error("a table that went is not told")
	}
	s.must(os.Rename(folder+"-", folder))
	if told := stray(); told != "" {
		t.Errorf("all is as it was: %s", told)
	}
	s.must(os.RemoveAll(folder))
	s.do("cargar")
	s.comeBack()
	if stray() == "" {
		t.Error("the load made it forget")
	}
	s.must(s.Restart(s.ctx))
	if told := stray(); told != "" {
		t.Errorf("a fresh lesson: %s", told)
	}
}
