package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"autoloaderlab/engine"
	"autoloaderlab/engine/progress"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/lesson"
	"autoloaderlab/ui/pipeline"
	"autoloaderlab/ui/play"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
	"autoloaderlab/ui/uitest"
)

// The story that the goldens tell: lesson 4 at its prediction, 602 rows on disk.

func course() Overview {
	titles := []struct {
		title        string
		minutes, len int
	}{
		{"Bienvenida: el cuaderno y las tres memorias", 4, 5}, {"Extraer: un día de PostgreSQL con un cursor", 6, 6},
		{"Qué es Auto Loader: detectar archivos nuevos", 8, 7}, {"La carga incremental y su checkpoint", 9, 6},
		{"Experimento 1: borrar la tabla", 8, 7}, {"Experimento 2: borrar el checkpoint", 9, 8},
		{"Análisis y conclusiones", 10, 11}, {"Experimento 3: mátalo a mitad", 9, 8}, {"Esquemas que cambian", 9, 8},
		{"Modos de detección", 6, 5}, {"Lotes y límites", 6, 5}, {"El log de Delta por dentro", 10, 9},
		{"Otros formatos: JSON, Parquet, Avro", 7, 5}, {"Repaso final", 8, 10},
	}
	o := Overview{Student: "bruno", Day: "2025-03-07", Current: 4, Predictions: 6, Right: 4, Spent: 31 * time.Minute,
		Counts: Counts{SourceFiles: 4, Checkpoint: true, SeenFiles: 4, Batch: 1, Table: true, Rows: 602}}
	for i, l := range titles {
		e := Entry{ID: l.title, Number: i, Title: l.title, Minutes: l.minutes, Steps: l.len, Step: 1, Ready: true}
		switch {
		case i < 4:
			e.State, e.Done = Finished, l.len
		case i == 4:
			e.State, e.Step, e.Done, e.Phase = Begun, 3, 3, lessons.Predict
			e.Goal = "Borras la tabla y ejecutas la misma carga. Primero predices qué queda; después lo explicas con pruebas de tu propio disco."
			e.Learn = []string{"dónde vive la memoria de lo cargado", "por qué cambia según dónde la guardes", "cómo recuperar una tabla borrada"}
		}
		o.Lessons = append(o.Lessons, e)
	}
	return o
}

const shownCell = `query = (spark.readStream.format("cloudFiles")
  .option("cloudFiles.format", "csv")
  .load(landing)
  .withColumn("fecha_carga", current_date())
  .writeStream
  .option("checkpointLocation", checkpoint_path)
  .trigger(availableNow=True)
  .toTable(f"{CATALOGO}.datavision_{ALUMNO}.{TABLA}"))`

func prediction() Sight {
	return Sight{
		Number: 4, Title: "Experimento 1: borrar la tabla", Step: 3, Steps: 7, Student: "bruno", Day: "2025-03-07",
		Counts:   course().Counts,
		Memories: painted("Las tres memorias"),
		Page: lesson.Page{
			Phase: lessons.Predict, Title: "¿Quién recuerda lo que ya se cargó?", Chosen: -1, Ask: true,
			Text: "Cargaste 4 archivos y la tabla tiene 602 filas. Ahora vas a borrar la tabla y a ejecutar la misma carga otra vez, sin tocar nada más.",
			Cells: []lesson.Cell{
				{Number: 9, Language: "sql", Code: "DROP TABLE IF EXISTS\n  bronce_dev.datavision_bruno.account_premium_features;"},
				{Number: 6, Language: "pyspark", Note: "sin cambios", Code: shownCell, State: lesson.Run, At: time.Date(2025, 3, 7, 12, 3, 7, 0, time.UTC)},
			},
			Question: "¿Cuántas filas tendrá la tabla después de esa carga?",
			Options: []lesson.Option{
				{Value: "602", Text: "las mismas: se vuelve a cargar todo"}, {Value: "50", Text: "solo las del último archivo"},
				{Value: "0", Text: "ninguna"}, {Text: "no lo sé"},
			},
			Note:  text.PredictFirst,
			Names: lesson.Names{Table: "account_premium_features"},
		},
	}
}

func comparison() Sight {
	s := prediction()
	s.Step, s.Next, s.Undo, s.Back = 5, "siguiente paso", true, true
	s.Page = lesson.Page{
		Phase: lessons.Explain, Passed: []lessons.Phase{lessons.Predict, lessons.Run, lessons.Observe}, Chosen: 0,
		Verdict: &lesson.Verdict{
			Headline: "Predijiste 602 filas. La tabla tiene 0.", Columns: []string{"filas", "archivos", "versión"}, BarRole: style.Table,
			Rows: []lesson.Row{
				{Name: "predicho", Values: []string{"602", "–", "–"}, Bar: 602, Ghost: true},
				{Name: "antes", Values: []string{"602", "2", "2"}, Bar: 602},
				{Name: "ahora", Values: []string{"0", "0", "0"}, Now: true},
			},
			Why:    "El ◆ checkpoint todavía recuerda los 4 archivos, y borrar la tabla no lo toca: la carga buscó archivos nuevos y no había ninguno.",
			Chosen: "se vuelve a cargar todo", Idea: "Sería así si la memoria estuviera en la ■ tabla. Lo verás en el paso 6, con el checkpoint guardado dentro de ella.",
			Evidence: []lesson.Evidence{
				{Role: style.Checkpoint, Name: "consulta", Before: "5c1f7a92…", Now: "5c1f7a92…", Sign: "=", Says: "la misma"},
				{Role: style.Checkpoint, Name: "último lote", Before: "1", Now: "1", Sign: "=", Says: "no hubo lote"},
				{Role: style.Table, Name: "id de la tabla", Before: "e9d04b17…", Now: "27b8c3f0…", Sign: "+", Says: "es otra"},
				{Role: style.Table, Name: "versión", Before: "2", Now: "0", Sign: "−", Says: "recién creada"},
			},
		},
	}
	return s
}

func running() Sight {
	s := prediction()
	s.Step, s.Hints = 4, true
	s.Page.Phase, s.Page.Passed, s.Page.Ask, s.Page.Question, s.Page.Options, s.Page.Note = lessons.Run, []lessons.Phase{lessons.Predict}, false, "", nil, ""
	s.Deeds = []Deed{{Verb: Drop, Words: "borrar-tabla", Does: "Borrar la tabla"}, {Verb: Load, Words: "cargar", Does: "Ejecutar la carga"}}
	s.Page.Turn = []lesson.Turn{{Key: "t", Does: "Borrar la tabla"}, {Key: "e", Does: "Ejecutar la carga"}}
	return s
}

type painted string

func (p painted) View(t style.Theme, w, h int) string {
	return t.Fit([]string{t.Heading(string(p))}, w, h)
}

// fake is a school and a desk in one; it notes what was asked of it.
type fake struct {
	sight Sight
	asked []string
	fails error
	class bool
}

func (f *fake) Home(context.Context) (Overview, error) { return course(), f.fails }
func (f *fake) Lesson(_ context.Context, id string) (Desk, error) {
	f.note("lesson " + id)
	return f, nil
}
func (f *fake) Free(context.Context) (Desk, error)     { f.note("free"); return f, nil }
func (f *fake) Report(context.Context) (string, error) { return "/lab/informe.md", nil }
func (f *fake) Look(context.Context) (Sight, error)    { return f.sight, nil }
func (f *fake) Lab() (*engine.Lab, *engine.Pipeline)   { return nil, nil }
func (f *fake) Glance(context.Context) (Sight, error)  { return f.sight, nil }
func (f *fake) note(s string)                          { f.asked = append(f.asked, s) }
func (f *fake) Predict(_ context.Context, option int, why string) error {
	f.note("predict " + string(rune('0'+option)) + " " + why)
	f.sight = running()
	return nil
}
func (f *fake) Do(_ context.Context, d Deed, on func(progress.Stamped)) (Outcome, error) {
	f.note("do " + d.Words)
	return Outcome{Said: "Hecho."}, f.fails
}
func (f *fake) Hint(context.Context) error { f.note("hint"); return nil }
func (f *fake) Step(_ context.Context, by int) error {
	f.note("step")
	return nil
}
func (f *fake) Restart(context.Context) error { f.note("restart"); return nil }
func (f *fake) Undo(context.Context) (Outcome, error) {
	f.note("undo")
	return Outcome{Said: "Vuelve."}, nil
}
func (f *fake) Warn(_ context.Context, d Deed) (*Warning, error) {
	return &Warning{
		Memory: style.Checkpoint, Title: "el ◆ checkpoint del stream", Count: "5 archivos",
		Folder: "/Volumes/bronce_dev/datavision/bronce-volume-datavision/_checkpoint_bruno/account_premium_features",
		Lost:   []Stake{{What: "la lista de los 4 archivos ya vistos"}, {What: "la consulta b83d02ce… y su lote 0"}, {What: "el esquema inferido (_schemas)"}},
		Kept:   []Stake{{style.Origin, "los archivos de origen", "4 archivos"}, {style.Table, "la tabla Delta, versión 1", "602 filas"}},
	}, nil
}

var truecolor = style.New(style.Dark, style.TrueColor, false)

// started starts an interface on a fake and gives it messages, running every command
// that answers at once.
func started(t testing.TB, f *fake, theme style.Theme, w, h int, keys ...string) *Model {
	t.Helper()
	m := New(context.Background(), Config{School: f, Theme: theme, Professor: f.class, Now: func() time.Time { return time.Unix(0, 0) }})
	m.tick = never
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	drain(t, m, m.Init())
	for _, k := range keys {
		press(t, m, k)
	}
	return m
}

func press(t testing.TB, m *Model, k string) {
	t.Helper()
	_, cmd := m.Update(keyMsg(k))
	drain(t, m, cmd)
}

func keyMsg(k string) tea.KeyMsg {
	named := map[string]tea.KeyType{"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "backspace": tea.KeyBackspace, "f1": tea.KeyF1, "ctrl+c": tea.KeyCtrlC}
	if kind, ok := named[k]; ok {
		return tea.KeyMsg{Type: kind}
	}
	if k == " " {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune(" ")}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
}

// drain runs a command, and those that its messages make. What answers nothing within
// a moment is left: a load that a test holds.
func drain(t testing.TB, m *Model, cmd tea.Cmd) {
	t.Helper()
	follow(t, m, cmd, 200*time.Millisecond, func() {})
}

// openOn opens the interface on a lab's folder, whose loads run in this process.
func openOn(t testing.TB, dir string, c Config, w, h int) *Model {
	t.Helper()
	ctx := context.Background()
	academy, err := NewAcademy(ctx, dir, play.InProcess{Now: c.Now}, c.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.School, c.Theme = academy, truecolor
	m := New(ctx, c)
	m.tick = never
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	settle(t, m, m.Init())
	return m
}

// settle is drain for commands that all answer.
func settle(t testing.TB, m *Model, cmd tea.Cmd) {
	t.Helper()
	follow(t, m, cmd, 10*time.Second, func() { t.Fatalf("a command does not answer:\n%s", ansi.Strip(m.View())) })
}

// follow gives the messages of a command, and of those that come of them, to the model.
func follow(t testing.TB, m *Model, cmd tea.Cmd, patience time.Duration, late func()) {
	t.Helper()
	if cmd == nil {
		return
	}
	answered := make(chan tea.Msg, 1)
	go func() { answered <- cmd() }()
	select {
	case msg := <-answered:
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, c := range batch {
				follow(t, m, c, patience, late)
			}
			return
		}
		if msg != nil {
			_, next := m.Update(msg)
			follow(t, m, next, patience, late)
		}
	case <-time.After(patience):
		late()
	}
}

func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	_, ok := cmd().(tea.QuitMsg)
	return ok
}

var scenes = []struct {
	name  string
	sight func() Sight
	keys  []string
}{
	{"inicio", nil, nil},
	{"profesor", prediction, []string{"enter", "1", "1", "1", "2", "3", "3"}},
	{"prediccion", prediction, []string{"enter"}},
	{"ejecuta", running, []string{"enter"}},
	{"comparacion", comparison, []string{"enter"}},
	{"confirmar", running, []string{"enter", "t"}},
	{"ayuda", running, []string{"enter", "?"}},
	{"glosario", prediction, []string{"enter", "g"}},
	{"porque", prediction, []string{"enter", "w", "recuerda la tabla"}},
}

func scene(t testing.TB, i int, theme style.Theme, w, h int) *Model {
	s := scenes[i]
	f := &fake{class: s.name == "profesor"}
	if s.sight != nil {
		f.sight = s.sight()
	}
	return started(t, f, theme, w, h, s.keys...)
}

func TestEveryScreenLooksAsDrawn(t *testing.T) {
	looks := map[string]style.Theme{
		"oscuro": truecolor, "claro": style.New(style.Light, style.TrueColor, false), "sin-color": style.New(style.NoColor, style.TrueColor, false),
	}
	for i, s := range scenes {
		for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 50}} {
			for look, theme := range looks {
				name := s.name + "-" + itoa(size[0]) + "x" + itoa(size[1]) + "-" + look
				t.Run(name, func(t *testing.T) {
					golden(t, name, scene(t, i, theme, size[0], size[1]).View())
				})
			}
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// golden compares a frame with the one that was accepted.
func golden(t *testing.T, name, frame string) {
	t.Helper()
	uitest.Golden(t, name, frame+"\n")
}

func TestWritingTheReasonKeepsTheChoice(t *testing.T) {
	for name, keys := range map[string][]string{
		"by its digit": {"3", "w", "porque", "enter"},
		"by arrows":    {"down", "down", "w", "porque", "enter"},
		"left":         {"3", "w", "porque", "enter", "w", " no", "esc"},
		"written over": {"3", "w", "p", "enter", "w", "orque", "enter"},
		"by tab":       {"1", "3", "w", "porque", "tab"},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{sight: prediction()}
			m := started(t, f, truecolor, 80, 24, append([]string{"enter"}, keys...)...)
			if frame := ansi.Strip(m.View()); !strings.Contains(frame, style.Focus+" 3") {
				t.Errorf("the choice is not seen:\n%s", frame)
			}
			press(t, m, "enter")
			if got, want := f.asked[len(f.asked)-1], "predict 2 porque"; got != want {
				t.Errorf("recorded %q, want %q", got, want)
			}
		})
	}
}

func TestTheChoiceIsSeenWhileTheReasonIsWritten(t *testing.T) {
	m := started(t, &fake{sight: prediction()}, truecolor, 80, 24, "enter", "3", "w", "p")
	if frame := ansi.Strip(m.View()); !strings.Contains(frame, style.Current+" 3") {
		t.Errorf("the choice is not seen:\n%s", frame)
	}
}

func TestAPausedLoadGoesOnByEnterAndAnswersToN(t *testing.T) {
	m := started(t, &fake{sight: running()}, truecolor, 80, 24, "enter")
	d, feed := m.screen.(*desk), pipeline.NewFeed()
	d.live = &pipeline.Model{}
	d.live.Follow(feed, d.before(), true)
	press(t, m, "n")
	if frame := ansi.Strip(m.View()); !strings.Contains(frame, text.NotYetLoaded(false)) {
		t.Errorf("n says nothing while a load goes on:\n%s", frame)
	}
	d.live.Apply(progress.Stamped{At: time.Unix(0, 0), Event: progress.Paused{Seam: progress.AfterData}})
	press(t, m, "n")
	if frame := ansi.Strip(m.View()); d.live.Paused == "" || !strings.Contains(frame, text.NotYetLoaded(true)) {
		t.Errorf("n says nothing at a pause:\n%s", frame)
	}
	if press(t, m, "enter"); d.live.Paused != "" {
		t.Error("enter does not go on")
	}
	d.live.Close()
}

func TestEveryFrameIsAsLargeAsTheWindow(t *testing.T) {
	var models []*Model
	for i := range scenes {
		models = append(models, scene(t, i, truecolor, 120, 36))
	}
	rapid.Check(t, func(r *rapid.T) {
		w, h := rapid.IntRange(1, 220).Draw(r, "w"), rapid.IntRange(1, 70).Draw(r, "h")
		for i, m := range models {
			m.Update(tea.WindowSizeMsg{Width: w, Height: h})
			frame := m.View()
			if m.crash != nil {
				r.Fatalf("%s at %d×%d: %v\n%s", scenes[i].name, w, h, m.crash.Reason, m.crash.Stack)
			}
			rows := strings.Split(frame, "\n")
			if len(rows) != h {
				r.Fatalf("%s at %d×%d has %d rows", scenes[i].name, w, h, len(rows))
			}
			for _, row := range rows {
				if got := style.Width(row); got != w {
					r.Fatalf("%s at %d×%d has a row of %d columns: %q", scenes[i].name, w, h, got, row)
				}
			}
		}
	})
}

func TestHelpAndTheWayOutNeverFallOut(t *testing.T) {
	for i, s := range scenes {
		for w := minWidth; w <= 200; w += 7 {
			frame := ansi.Strip(scene(t, i, truecolor, w, 24).View())
			last := frame[strings.LastIndex(frame, "\n")+1:]
			if !strings.Contains(last, "salir") {
				t.Errorf("%s, %d wide: no way out in %q", s.name, w, last)
			}
		}
	}
}

func TestWithoutColourNoEscapeSequenceIsWritten(t *testing.T) {
	for i, s := range scenes {
		if frame := scene(t, i, style.New(style.NoColor, style.TrueColor, false), 120, 36).View(); strings.Contains(frame, "\x1b") {
			t.Errorf("%s: an escape sequence without colour", s.name)
		}
	}
}

func TestOneFocusIsShown(t *testing.T) {
	for i, s := range scenes {
		frame := ansi.Strip(scene(t, i, truecolor, 120, 36).View())
		if got := strings.Count(frame, style.Focus); got > 1 {
			t.Errorf("%s shows %d focuses:\n%s", s.name, got, frame)
		}
	}
}

func TestAPredictionIsRecordedWithItsReason(t *testing.T) {
	f := &fake{sight: prediction()}
	m := started(t, f, truecolor, 120, 36, "enter", "3", "w", "q", "u", "é", "enter", "3", "enter")
	want := "predict 2 qué"
	if got := f.asked[len(f.asked)-1]; got != want {
		t.Errorf("got %q, want %q (all: %q)", got, want, f.asked)
	}
	if !strings.Contains(ansi.Strip(m.View()), "Tu turno") {
		t.Errorf("the next page is not shown:\n%s", ansi.Strip(m.View()))
	}
}

func TestLettersThatComeInOnePieceAreKeysOfTheirOwn(t *testing.T) {
	f := &fake{sight: prediction()}
	started(t, f, truecolor, 120, 36, "enter", "3w", "qué", "enter", "3", "enter")
	if got, want := f.asked[len(f.asked)-1], "predict 2 qué"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestADeletionAsksAndNoIsTheDefault(t *testing.T) {
	f := &fake{sight: running()}
	started(t, f, truecolor, 120, 36, "enter", "t", "enter")
	if got := f.asked[len(f.asked)-1]; strings.HasPrefix(got, "do") {
		t.Errorf("enter deleted: %q", f.asked)
	}
	f = &fake{sight: running()}
	started(t, f, truecolor, 120, 36, "enter", "t", "right", "enter")
	if got := f.asked[len(f.asked)-1]; got != "do borrar-tabla" {
		t.Errorf("got %q, want the deletion", f.asked)
	}
	f = &fake{sight: running()}
	started(t, f, truecolor, 120, 36, "enter", "t", "s")
	if got := f.asked[len(f.asked)-1]; got != "do borrar-tabla" {
		t.Errorf("got %q, want the deletion by s", f.asked)
	}
}

func TestTheHelpRunsAnAction(t *testing.T) {
	f := &fake{sight: running()}
	started(t, f, truecolor, 120, 36, "enter", "?", "e")
	if got := f.asked[len(f.asked)-1]; got != "do cargar" {
		t.Errorf("got %q, want the load", f.asked)
	}
}

func TestQLeavesAndCtrlCAlwaysDoes(t *testing.T) {
	m := started(t, &fake{sight: prediction()}, truecolor, 120, 36)
	if _, cmd := m.Update(keyMsg("q")); !quits(cmd) {
		t.Error("q does not leave")
	}
	m = started(t, &fake{sight: prediction()}, truecolor, 120, 36, "enter", "w")
	if _, cmd := m.Update(keyMsg("q")); quits(cmd) {
		t.Error("q leaves while a text is being written")
	}
	if _, cmd := m.Update(keyMsg("ctrl+c")); !quits(cmd) {
		t.Error("ctrl+c does not leave")
	}
}

func TestAClassVotesAndSeesNoAnswerBeforeAKey(t *testing.T) {
	f := &fake{sight: prediction(), class: true}
	m := started(t, f, truecolor, 120, 36, "enter", "3", "3", "1", "2", "-", "enter")
	if got, want := f.asked[len(f.asked)-1], "predict 2 Votos de la clase: 1, 0, 2, 0"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	f.sight = comparison()
	m.Update(sighted{sight: f.sight})
	m.screen.update(sighted{sight: f.sight, turn: true})
	if frame := ansi.Strip(m.View()); strings.Contains(frame, "Predijiste") {
		t.Errorf("the answer is seen:\n%s", frame)
	}
	press(t, m, "r")
	if frame := ansi.Strip(m.View()); !strings.Contains(frame, "Predijiste") {
		t.Errorf("the answer is not revealed:\n%s", frame)
	}
}

func TestAKeySwitchesTheLook(t *testing.T) {
	m := started(t, &fake{}, truecolor, 120, 36)
	before := m.View()
	m.Update(keyMsg("T"))
	if m.View() == before || m.theme.Look() != style.Light {
		t.Errorf("the look is %v after T", m.theme.Look())
	}
}

func TestAnErrorIsToldInThreeSentences(t *testing.T) {
	f := &fake{sight: running()}
	m := started(t, f, truecolor, 120, 36, "enter")
	f.fails = errors.New("boom")
	press(t, m, "e")
	if frame := ansi.Strip(m.View()); !strings.Contains(frame, "Algo no salió") || strings.Contains(frame, "goroutine") {
		t.Errorf("the error is not told:\n%s", frame)
	}
	press(t, m, "esc")
	if m.over != nil || m.working != "" {
		t.Error("the error does not go away")
	}
}

func TestAPanicEndsInOrder(t *testing.T) {
	m := started(t, &fake{sight: prediction()}, truecolor, 120, 36)
	_, cmd := m.Update(crashed{Reason: "boom"})
	if !quits(cmd) || m.Crash() == nil {
		t.Error("a panic in a command does not end the interface")
	}
}

func TestARoomsAnswerIsShownByItsKey(t *testing.T) {
	f := &fake{sight: prediction(), class: true}
	f.sight.Page.Options[2].Right = true
	m := started(t, f, truecolor, 120, 36, "enter", "+")
	if !strings.Contains(ansi.Strip(m.View()), text.VoteFirst(4)) {
		t.Errorf("+ before a vote says nothing:\n%s", ansi.Strip(m.View()))
	}
	for _, k := range []string{"2", "+", "+"} {
		press(t, m, k)
	}
	if frame := ansi.Strip(m.View()); !strings.Contains(frame, "3 votos") || strings.Contains(frame, text.RightAnswerIs(3)) {
		t.Errorf("want three votes and no answer:\n%s", frame)
	}
	press(t, m, "r")
	if frame := ansi.Strip(m.View()); !strings.Contains(frame, text.RightAnswerIs(3)) || !strings.Contains(frame, "✓ 3") {
		t.Errorf("the answer is not revealed:\n%s", frame)
	}
	press(t, m, "r")
	if frame := ansi.Strip(m.View()); strings.Contains(frame, text.RightAnswerIs(3)) {
		t.Errorf("the answer is not hidden again:\n%s", frame)
	}
}

// Every lesson's bar fits beside its title, and the longest lesson has the longest bar.
func TestTheListsBarsAreToScale(t *testing.T) {
	for _, size := range [][2]int{{60, 40}, {80, 24}, {120, 36}} {
		m := started(t, &fake{}, truecolor, size[0], size[1])
		frame := ansi.Strip(m.View())
		longest, most := 0, 0
		for _, e := range m.home.overview.Lessons {
			for _, row := range strings.Split(frame, "\n") {
				if !strings.Contains(row, " "+e.Title) || !strings.Contains(row, style.RuleToDo) && !strings.Contains(row, style.RuleDone) {
					continue
				}
				row, _, _ = strings.Cut(row, "│")
				if bar := strings.Count(row, style.RuleToDo) + strings.Count(row, style.RuleDone); bar > longest {
					longest, most = bar, e.Steps
				}
			}
		}
		if longest == 0 || most != 11 {
			t.Errorf("at %v the longest bar has %d cells and is of a lesson of %d steps:\n%s", size, longest, most, frame)
		}
	}
}
