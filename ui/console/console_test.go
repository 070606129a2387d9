package console_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"pgregory.net/rapid"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/query"
	"autoloaderlab/engine/storage"
	"autoloaderlab/ui/console"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/uitest"
)

const table = "bronce_dev.datavision_bruno.account_premium_features"

// fakeLab answers with what a test gave it.
type fakeLab struct {
	results map[string]*query.Result
	asked   []string
	block   bool // until the context ends
}

func (f *fakeLab) Tables(context.Context) ([]query.TableName, error) {
	return []query.TableName{{Catalog: "bronce_dev", Schema: "datavision_bruno", Table: "account_premium_features"}}, nil
}

func (f *fakeLab) SQL(ctx context.Context, statement string) (*query.Result, error) {
	switch {
	case strings.HasPrefix(statement, "DESCRIBE TABLE"):
		return &query.Result{Columns: []query.Column{{Name: "col_name", Type: "STRING"}}, Rows: [][]any{{"account_id"}, {"amount_paid"}, {"fecha_carga"}, {"# Partition"}}}, nil
	case strings.HasPrefix(statement, "DESCRIBE HISTORY "+table+" LIMIT 1"):
		return &query.Result{Columns: []query.Column{{Name: "version", Type: "BIGINT"}}, Rows: [][]any{{int64(2)}}}, nil
	}
	f.asked = append(f.asked, statement)
	if f.block {
		<-ctx.Done()
		return nil, failure.New(failure.Cancelled, "run", "x").Because(ctx.Err())
	}
	if result, found := f.results[statement]; found {
		return result, nil
	}
	return nil, failure.New(failure.TableNotFound, "find table", "x.y.z").Naming(table)
}

// clock goes on by 9 ms every time it is read.
func clock() func() time.Time {
	now := time.Date(2025, 3, 7, 12, 0, 0, 0, time.UTC)
	return func() time.Time { now = now.Add(9 * time.Millisecond); return now }
}

func start(lab *fakeLab, statement string) *console.Model {
	m := console.New(lab, console.Config{Schema: "bronce_dev.datavision_bruno", Statement: statement, Now: clock()})
	drain(m, m.Init())
	return m
}

// drain runs a command and all that comes of it.
func drain(m *console.Model, cmd tea.Cmd) (others []tea.Msg) {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, inner := range batch {
			others = append(others, drain(m, inner)...)
		}
		return others
	}
	if msg == nil {
		return nil
	}
	return append(append(others, msg), drain(m, m.Update(msg))...)
}

// press types keys: a name in <>, or letters.
func press(m *console.Model, keys string) (msgs []tea.Msg) {
	named := map[string]tea.KeyMsg{
		"tab": {Type: tea.KeyTab}, "up": {Type: tea.KeyUp}, "down": {Type: tea.KeyDown}, "left": {Type: tea.KeyLeft}, "right": {Type: tea.KeyRight},
		"enter": {Type: tea.KeyEnter}, "esc": {Type: tea.KeyEsc}, "run": {Type: tea.KeyCtrlR}, "save": {Type: tea.KeyCtrlS}, "end": {Type: tea.KeyEnd},
		"home": {Type: tea.KeyHome}, "pgdn": {Type: tea.KeyPgDown}, "bs": {Type: tea.KeyBackspace}, "del": {Type: tea.KeyDelete}, "kill": {Type: tea.KeyCtrlU}, "word": {Type: tea.KeyCtrlW},
	}
	for keys != "" {
		key := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(keys)[:1]}
		rest := string([]rune(keys)[1:])
		if name, after, found := strings.Cut(strings.TrimPrefix(keys, "<"), ">"); found && keys[0] == '<' {
			key, rest = named[name], after
		}
		msgs = append(msgs, drain(m, m.Update(key))...)
		keys = rest
	}
	return msgs
}

func rows(n int) *query.Result {
	r := &query.Result{Columns: []query.Column{{Name: "account_feature_id", Type: "STRING"}, {Name: "n", Type: "BIGINT"}, {Name: "amount_paid", Type: "STRING"}, {Name: "_rescued_data", Type: "STRING"}, {Name: "fecha_carga", Type: "DATE"}}}
	for i := range n {
		amount := any(fmt.Sprintf("%d.90", i%90))
		if i == 2 {
			amount = ""
		}
		r.Rows = append(r.Rows, []any{fmt.Sprint(553 + i), int64(i * 1000), amount, nil, "2025-03-07"})
	}
	return r
}

const all = "SELECT account_feature_id, n, amount_paid, _rescued_data, fecha_carga\nFROM " + table + "\nORDER BY account_feature_id;"

func lab() *fakeLab {
	wide := rows(2)
	wide.Columns = append(wide.Columns, query.Column{Name: "largo", Type: "STRING"})
	wide.Rows[0] = append(wide.Rows[0], strings.Repeat("0123456789", 12)+"\x1b[31m")
	wide.Rows[1] = append(wide.Rows[1], "NULL")
	return &fakeLab{results: map[string]*query.Result{
		all: rows(602), "wide": wide, "empty": rows(0), "DROP": {Changed: true}, "SELECT count(*) FROM " + table: {Columns: []query.Column{{Name: "count_star()", Type: "BIGINT"}}, Rows: [][]any{{int64(602)}}},
	}}
}

// scenes are the consoles whose views are kept, by what was typed.
func scenes(t *testing.T) map[string]*console.Model {
	scene := func(statement, keys string) *console.Model {
		m := start(lab(), statement)
		m.View(114, 31, style.Theme{})
		press(m, keys)
		return m
	}
	waiting := scene(all, "")
	waiting.Run()
	return map[string]*console.Model{
		"welcome": scene("", ""), "result": scene(all, "<run>"), "scrolled": scene("wide", "<run><tab><right><right><right><right><right>"), "cell": scene(all, "<run><tab><pgdn><pgdn><down><right>"), "whole-row": scene("wide", "<run><tab><enter>"),
		"wide": scene("wide", "<run>"), "empty": scene("empty", "<run>"), "changed": scene("DROP", "<run>"), "error": scene("SELECT 1 FROM x.y.z", "<run>"),
		"offers": scene("", "SELECT a<tab><tab>"), "running": waiting, "count": scene("SELECT count(*) FROM "+table, "<run>"),
	}
}

func TestViews(t *testing.T) {
	for name, m := range scenes(t) {
		for _, size := range [][2]int{{115, 31}, {78, 19}} {
			var lines []string
			for _, line := range strings.Split(m.View(size[0], size[1], style.Theme{}), "\n") {
				lines = append(lines, strings.TrimRight(line, " "))
			}
			uitest.Golden(t, fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), strings.Join(lines, "\n")+"\n")
		}
	}
}

func TestEveryViewHasItsSize(t *testing.T) {
	models := scenes(t)
	var named []string
	for name := range models {
		named = append(named, name)
	}
	rapid.Check(t, func(r *rapid.T) {
		m := models[rapid.SampledFrom(named).Draw(r, "scene")]
		w, h := rapid.IntRange(1, 220).Draw(r, "w"), rapid.IntRange(1, 70).Draw(r, "h")
		theme := style.New(rapid.SampledFrom([]style.Look{style.Light, style.NoColor}).Draw(r, "look"), style.TrueColor, false)
		lines := strings.Split(m.View(w, h, theme), "\n")
		if len(lines) != h {
			r.Fatalf("got %d rows, want %d", len(lines), h)
		}
		for _, line := range lines {
			if style.Width(line) != w {
				r.Fatalf("%q is %d wide, want %d", line, style.Width(line), w)
			}
		}
	})
}

// Whatever is typed, it is text or it does nothing; the view keeps its size.
func TestAnyKeysAreBorne(t *testing.T) {
	keys := []string{"a", "é", "漢", " ", ".", "'", "q", "<enter>", "<bs>", "<del>", "<up>", "<down>", "<left>", "<right>", "<home>", "<end>", "<kill>", "<word>", "<tab>", "<run>", "<esc>", "<pgdn>"}
	rapid.Check(t, func(r *rapid.T) {
		m := start(lab(), rapid.SampledFrom([]string{"", all, "wide"}).Draw(r, "statement"))
		for range rapid.IntRange(0, 40).Draw(r, "presses") {
			press(m, rapid.SampledFrom(keys).Draw(r, "key"))
			lines := strings.Split(m.View(60, 14, style.Theme{}), "\n")
			if len(lines) != 14 || style.Width(lines[1]) != 60 {
				r.Fatalf("got %d rows, the second %d wide", len(lines), style.Width(lines[1]))
			}
		}
	})
}

func view(m *console.Model) string { return m.View(115, 31, style.Theme{}) }

func TestLettersAreTextAndNothingElse(t *testing.T) {
	l := lab()
	m := start(l, "")
	press(m, "q?sxdecz1 ")
	if !strings.Contains(view(m), "1  q?sxdecz1 ▏") || len(l.asked) > 0 || !m.Writing() {
		t.Errorf("got\n%s", view(m))
	}
}

func TestWhatIsTypedIsWhatRuns(t *testing.T) {
	l := lab()
	m := start(l, "")
	press(m, "SELECT 2<left>1<end>,<enter>3 4<word><bs><bs>\tx")
	press(m, "<run>")
	if want := []string{"SELECT 12,\n x"}; !reflect.DeepEqual(l.asked, want) {
		t.Errorf("got %q, want %q", l.asked, want)
	}
}

func TestTabCompletesTablesAfterFromAndColumnsElsewhere(t *testing.T) {
	l := lab()
	m := start(l, "")
	press(m, "SELECT am<tab> FROM acc<tab><run>")
	if want := []string{"SELECT amount_paid FROM " + table}; !reflect.DeepEqual(l.asked, want) {
		t.Errorf("got %q, want %q", l.asked, want)
	}
	m = start(l, "")
	press(m, "SELECT 'am<tab>")
	if strings.Contains(view(m), "amount_paid") {
		t.Error("inside quotes there are no names")
	}
}

func TestTabGoesThroughSeveralOffers(t *testing.T) {
	m := start(lab(), "")
	press(m, "SELECT a<tab>")
	first := view(m)
	press(m, "<tab>")
	if second := view(m); !strings.Contains(first, "SELECT account_id▏") || !strings.Contains(second, "SELECT amount_paid▏") {
		t.Errorf("got\n%s\n%s", first, second)
	}
}

func TestTheHistoryIsGoneThroughWithUpAndDown(t *testing.T) {
	shelf := console.NewShelf(storage.NewMemory(nil), "/lab")
	if err := shelf.Keep("SELECT 1"); err != nil {
		t.Fatal(err)
	}
	m := console.New(lab(), console.Config{Shelf: shelf, Now: clock()})
	drain(m, m.Init())
	press(m, "SELECT 2<run>")
	if got, want := shelf.History(), []string{"SELECT 1", "SELECT 2"}; !reflect.DeepEqual(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	press(m, "<kill>draft<up><up>")
	if !strings.Contains(view(m), "SELECT 1▏") {
		t.Errorf("got\n%s", view(m))
	}
	press(m, "<down><down>")
	if !strings.Contains(view(m), "draft▏") {
		t.Errorf("got\n%s", view(m))
	}
	press(m, "<up><up><run>")
	if got, want := shelf.History(), []string{"SELECT 2", "SELECT 1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
}

func TestAnOpeningBringsWhatOtherConsolesRan(t *testing.T) {
	shelf := console.NewShelf(storage.NewMemory(nil), "/lab")
	first := console.New(lab(), console.Config{Shelf: shelf, Now: clock()})
	drain(first, first.Init())
	second := console.New(lab(), console.Config{Shelf: shelf, Now: clock()})
	press(second, "SELECT 'other'<run>")
	drain(first, first.Init())
	press(first, "<up>")
	if !strings.Contains(view(first), "SELECT 'other'▏") {
		t.Errorf("got\n%s", view(first))
	}
}

func TestNothingIsCutWithoutSayingSo(t *testing.T) {
	m := start(lab(), "wide")
	press(m, "<run>")
	if !strings.Contains(view(m), "1 valor cortado con «…»") {
		t.Errorf("got\n%s", view(m))
	}
	press(m, "<tab><enter>")
	if got := strings.Join(strings.Fields(view(m)), ""); !strings.Contains(got, strings.Repeat("0123456789", 10)) || !strings.Contains(got, `\x1b[31m`) {
		t.Errorf("got\n%s", view(m))
	}
	m = start(lab(), all)
	press(m, "<run>")
	if !strings.Contains(view(m), "mostrando 1–17 de 602 filas, 5 de 5 columnas") {
		t.Errorf("got\n%s", view(m))
	}
	press(m, "<tab><end>")
	if !strings.Contains(view(m), "mostrando 586–602 de 602 filas") {
		t.Errorf("got\n%s", view(m))
	}
}

func TestNullEmptyAndTheWordDiffer(t *testing.T) {
	m := start(lab(), "wide")
	press(m, "<run>")
	if got := view(m); !strings.Contains(got, "'NULL'") || !strings.Contains(got, " NULL ") {
		t.Errorf("got\n%s", got)
	}
	m = start(lab(), all)
	press(m, "<run>")
	if !strings.Contains(view(m), " '' ") {
		t.Errorf("got\n%s", view(m))
	}
}

func TestEscStopsTheStatementThenLeaves(t *testing.T) {
	l := lab()
	l.block = true
	m := start(l, "SELECT 1")
	cmd := m.Run()
	if !m.Running() || !m.Back() {
		t.Error("esc must stop what runs")
	}
	drain(m, cmd)
	if m.Running() || !strings.Contains(view(m), "Cancelada") || m.Back() {
		t.Errorf("got\n%s", view(m))
	}
}

func TestALateAnswerIsThrownAway(t *testing.T) {
	m := start(lab(), all)
	cmd := m.Run()
	m.Close()
	drain(m, cmd)
	if strings.Contains(view(m), "mostrando") {
		t.Errorf("got\n%s", view(m))
	}
}

func TestAChangeIsToldToTheScreen(t *testing.T) {
	m := start(lab(), "DROP")
	told := false
	for _, msg := range press(m, "<run>") {
		_, changed := msg.(console.Changed)
		told = told || changed
	}
	if !told {
		t.Error("nobody heard that the disk changed")
	}
}

func TestTheWholeResultIsSavedAsCSV(t *testing.T) {
	store := storage.NewMemory(nil)
	m := console.New(lab(), console.Config{Statement: all, Now: clock(), Shelf: console.NewShelf(store, "/lab")})
	press(m, "<run><save>")
	const path = "/lab/resultados/resultado-2025-03-07-120000.csv"
	if !strings.Contains(view(m), "El resultado entero, 602 filas, está en «"+path+"».") {
		t.Errorf("got\n%s", view(m))
	}
	data, err := store.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(string(data), "\r\n"); len(lines) != 604 || lines[3] != `555,2000,"",,2025-03-07` {
		t.Errorf("got %d lines, the fourth %s", len(lines), lines[3])
	}
	if press(m, "<save>"); !strings.Contains(view(m), "resultado-2025-03-07-120000-2.csv") {
		t.Errorf("got\n%s", view(m))
	}
	if narrow := m.View(58, 14, style.Theme{}); !strings.Contains(narrow, "resultado-2025-03-07-120000-2.csv") || strings.Contains(narrow, "…") {
		t.Errorf("got\n%s", narrow)
	}
}

func TestAResultThatCannotBeSavedIsTold(t *testing.T) {
	full := storage.NewFaulty(storage.NewMemory(nil), func(int, storage.Write) storage.Fault { return storage.DiskFull })
	m := console.New(lab(), console.Config{Statement: all, Now: clock(), Shelf: console.NewShelf(full, "/lab")})
	press(m, "<run>")
	var trouble []error
	for _, msg := range press(m, "<save>") {
		if told, ok := msg.(console.Trouble); ok {
			trouble = append(trouble, told.Err)
		}
	}
	if len(trouble) != 1 || !failure.Is(trouble[0], failure.DiskFull) {
		t.Errorf("got %v", trouble)
	}
}

func TestTheNewestVersionIsTold(t *testing.T) {
	m := start(lab(), all)
	press(m, "<run>")
	if !strings.Contains(view(m), "✓ 602 filas en 9"+"\u00a0ms · versión 2 de la tabla") {
		t.Errorf("got\n%s", view(m))
	}
}

func TestWhatIsWrittenTakesTheGivenStatementsPlace(t *testing.T) {
	for name, c := range map[string]struct{ keys, want string }{
		"written at once": {"SHOW TABLES<run>", "SHOW TABLES"},
		"gone into first": {"<end> LIMIT 1<run>", "SELECT 1 LIMIT 1"},
		"run first":       {"<run> LIMIT 1<run>", "SELECT 1 LIMIT 1"},
		"emptied":         {"<end><kill>SHOW TABLES<run>", "SHOW TABLES"},
	} {
		t.Run(name, func(t *testing.T) {
			lab := &fakeLab{}
			press(start(lab, "SELECT 1"), c.keys)
			if got := lab.asked[len(lab.asked)-1]; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
