// Package console is SQL over the lab's tables, under the notebook's names.
//
//	console.go    the console: keys, statements that run, history
//	view.go       how it is drawn
//	highlight.go  the statement's colours
//	complete.go   what tab writes
//	result.go     a result as a table that scrolls both ways
//	mouse.go      what a click is on
//	shelf.go      what outlives a console: the history, saved results
//
// In the editor every letter is text; control and function keys act. What is
// shown of a result is always said, and what is cut can be opened whole.
package console

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine/query"
	"autoloaderlab/ui/editor"
	"autoloaderlab/ui/text"
)

// Lab answers statements; engine.Lab is one.
type Lab interface {
	SQL(ctx context.Context, statement string) (*query.Result, error)
	Tables(ctx context.Context) ([]query.TableName, error)
}

// Config is what a console works with, beside the lab.
type Config struct {
	// Schema stands at the right of the title: «bronce_dev.datavision_bruno».
	Schema string
	// Statement is what the editor begins with: what is written takes its place.
	Statement string
	// Shelf keeps the history and takes saved results; nil: nothing is kept.
	Shelf *Shelf
	// Copy, if there is one, puts a value on the clipboard.
	Copy func(string) tea.Cmd
	// Now is the clock that measures statements; nil is the real one.
	Now func() time.Time
}

// Changed is a message for the rest of the screen: a statement changed the disk.
type Changed struct{}

// Trouble is a message for the rest of the screen: something about the console
// failed that is no statement.
type Trouble struct{ Err error }

// Model is a console. It belongs to one lab.
type Model struct {
	lab      Lab
	config   Config
	editor   editor.Text
	given    bool // what is in the editor was put there, and gives way to what is written
	names    names
	history  []string
	at       int    // in the history; len(history) is what is being written
	draft    string // that, while one looks at the history
	inResult bool   // the result has the keys
	grid     grid
	answer   answer
	asked    bool               // there is an answer
	notice   []string           // what happened, in several lengths, the longest first
	runs     int                // counts statements, so that a late answer is known
	cancel   context.CancelFunc // of the running one, nil when none runs
	stopping bool
	offers   []string // what tab goes through
	offered  int
	drawn    drawn // where the last frame has what
}

// New makes a console; Init gives its first command.
func New(lab Lab, c Config) *Model {
	if c.Now == nil {
		c.Now = time.Now
	}
	m := &Model{lab: lab, config: c, given: c.Statement != ""}
	m.editor.Set(c.Statement)
	return m
}

// Init is for each opening: it learns the names for completion, and what was run
// in other consoles.
func (m *Model) Init() tea.Cmd {
	if m.config.Shelf == nil {
		return m.learn()
	}
	shelf := m.config.Shelf
	return tea.Batch(m.learn(), func() tea.Msg { return recalled{m, shelf.History()} })
}

// recalled is a message: the history that was kept.
type recalled struct {
	model   *Model
	history []string
}

// meet joins the kept history with what this console knows beside it.
func (m *Model) meet(kept []string) {
	writing := m.at == len(m.history)
	unkept := slices.DeleteFunc(slices.Clone(m.history), func(own string) bool { return slices.Contains(kept, own) })
	if writing {
		m.history = append(slices.Clone(kept), unkept...)
		m.at = len(m.history)
	}
}

type learned struct {
	lab   Lab
	names names
}

func (m *Model) learn() tea.Cmd {
	lab := m.lab
	return func() tea.Msg {
		ctx := context.Background()
		tables, err := lab.Tables(ctx)
		if err != nil {
			return nil // the next statement says why
		}
		var n names
		for _, table := range tables {
			n.tables = append(n.tables, table.String())
			described, err := lab.SQL(ctx, "DESCRIBE TABLE "+quoted(table))
			if err != nil {
				continue
			}
			for row := range described.Rows {
				if name, _ := described.Text(row, 0); name != "" && !strings.HasPrefix(name, "#") && !slices.Contains(n.columns, name) {
					n.columns = append(n.columns, name)
				}
			}
		}
		return learned{lab, n}
	}
}

func quoted(n query.TableName) string {
	quote := func(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }
	return quote(n.Catalog) + "." + quote(n.Schema) + "." + quote(n.Table)
}

// answered is a message: a statement has ended.
type answered struct {
	model  *Model
	run    int
	answer answer
}

type noted struct {
	model *Model
	words []string
}

// Update takes keys and what statements came to.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case learned:
		if msg.lab == m.lab {
			m.names = msg.names
		}
	case answered:
		return m.take(msg)
	case recalled:
		if msg.model == m {
			m.meet(msg.history)
		}
	case noted:
		if msg.model == m {
			m.notice = msg.words
		}
	case tea.KeyMsg:
		return m.key(msg)
	}
	return nil
}

func (m *Model) key(msg tea.KeyMsg) tea.Cmd {
	if msg.String() != "tab" && msg.String() != "shift+tab" {
		m.offers = nil
	}
	if m.given && !m.inResult && msg.Type == tea.KeyRunes && !msg.Alt {
		m.editor.Set("")
	}
	m.given = false
	for _, action := range m.Actions() {
		if action.Run != nil && slices.Contains(action.Keys, msg.String()) {
			return action.Run()
		}
	}
	switch {
	case m.inResult && m.grid.whole:
		m.moveWhole(msg.String())
	case m.inResult:
		m.move(msg.String())
	case m.editor.Hear(msg):
		m.at = len(m.history)
	case msg.String() == "up":
		m.recall(-1)
	case msg.String() == "down":
		m.recall(+1)
	}
	return nil
}

// Writing tells whether letters go into the editor: then no letter is a shortcut.
func (m *Model) Writing() bool { return !m.inResult }

// Running tells whether a statement runs.
func (m *Model) Running() bool { return m.cancel != nil }

// Back is esc: it stops a running statement, closes a whole row, or goes back
// to the editor. false is one that leaves the console.
func (m *Model) Back() bool {
	switch {
	case m.cancel != nil:
		m.stop()
	case m.grid.whole:
		m.grid.whole = false
	case m.inResult:
		m.inResult = false
	default:
		return false
	}
	return true
}

// Close stops what runs; its answer is thrown away.
func (m *Model) Close() {
	m.stop()
	m.runs++
}

func (m *Model) stop() {
	if m.cancel != nil {
		m.cancel()
		m.stopping = true
	}
}

// Action is something a key can do now. Name is the key as the footer calls it,
// Keys as the terminal sends it; without Run, Update does it.
type Action struct {
	Name, Does string
	Keys       []string
	Run        func() tea.Cmd
	Short      string // what it does where there is little room; empty: Does
	Minor      bool   // the help has it, the footer not
}

// Actions are what can be done now, the most important first. Leaving, help and
// the like are the screen's.
func (m *Model) Actions() []Action {
	if m.cancel != nil {
		return []Action{{Name: "esc", Does: text.ConsoleCancel, Keys: []string{"esc"}, Run: m.back}}
	}
	run := Action{Name: "ctrl+r", Does: text.ConsoleRun, Keys: []string{"ctrl+r", "f5"}, Run: m.Run}
	if m.inResult {
		run.Minor = true
		return append(m.resultActions(), run)
	}
	all := []Action{run}
	if len(m.history) > 0 {
		all = append(all, Action{Name: "↑↓", Does: text.ConsoleHistory})
	}
	switch {
	case m.completes():
		does := text.ConsoleComplete
		if m.editor.String() == "" {
			does = text.ConsoleExample
		}
		all = append(all, Action{Name: "tab", Does: does, Keys: []string{"tab", "shift+tab"}, Run: m.complete})
	case m.hasRows():
		all = append(all, Action{Name: "tab", Does: text.ConsoleToResult, Keys: []string{"tab", "shift+tab"}, Run: m.toResult})
	}
	all = append(all, m.saveActions()...)
	if m.editor.String() != "" {
		all = append(all, Action{Name: "ctrl+u", Does: text.ConsoleClear, Keys: []string{"ctrl+u"}, Run: m.clear})
	}
	return all
}

// resultActions are what can be done while the result has the keys.
func (m *Model) resultActions() []Action {
	move := Action{Name: "↑↓←→", Does: text.ConsoleScroll}
	back := Action{Name: "tab", Does: text.ConsoleToEditor, Keys: []string{"tab", "shift+tab", "esc"}, Run: m.toEditor}
	first := Action{Name: "enter", Does: text.ConsoleWholeRow, Keys: []string{"enter"}, Run: m.open, Short: text.ConsoleRowShort}
	if m.grid.whole {
		move.Name, back.Keys = "↑↓", back.Keys[:2]
		first = Action{Name: "enter", Does: text.ConsoleBackToRows, Keys: []string{"enter", "esc"}, Run: m.back}
	}
	all := append([]Action{first, move, back}, m.saveActions()...)
	if value, found := m.chosen(); found && m.config.Copy != nil {
		copied := func() tea.Cmd { return m.config.Copy(value) }
		all = append(all, Action{Name: "y", Does: text.ConsoleCopy, Keys: []string{"y"}, Run: copied, Short: text.ConsoleCopyShort})
	}
	return all
}

func (m *Model) saveActions() []Action {
	if m.config.Shelf == nil || !m.asked || m.answer.result == nil || len(m.answer.result.Columns) == 0 {
		return nil
	}
	return []Action{{Name: "ctrl+s", Does: text.ConsoleSave, Keys: []string{"ctrl+s"}, Run: m.save, Short: "CSV"}}
}

func (m *Model) back() tea.Cmd     { m.Back(); return nil }
func (m *Model) clear() tea.Cmd    { m.editor.Set(""); return nil }
func (m *Model) toEditor() tea.Cmd { m.inResult, m.grid.whole = false, false; return nil }
func (m *Model) toResult() tea.Cmd { m.inResult = true; return nil }
func (m *Model) open() tea.Cmd     { m.grid.whole, m.grid.scroll = m.hasRows(), 0; return nil }

func (m *Model) hasRows() bool {
	return m.asked && m.answer.result != nil && len(m.answer.result.Rows) > 0 && len(m.answer.result.Columns) > 0
}

// Run runs the statement in the editor.
func (m *Model) Run() tea.Cmd {
	statement := strings.TrimSpace(m.editor.String())
	if statement == "" || m.cancel != nil {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.runs++
	m.cancel, m.stopping, m.notice = cancel, false, nil
	m.remember(statement)
	run, lab, now, tables := m.runs, m.lab, m.config.Now, m.names.tables
	ask := func() tea.Msg {
		defer cancel()
		began := now()
		var a answer
		a.result, a.err = lab.SQL(ctx, statement)
		a.took = now().Sub(began)
		if a.err == nil && len(a.result.Columns) > 0 {
			a.version = newest(ctx, lab, statement, tables)
		}
		a.measure()
		return answered{m, run, a}
	}
	return tea.Batch(ask, m.keep(statement))
}

var travels = regexp.MustCompile(`(?i)\b(version|timestamp)\s+as\s+of\b|@v\d`)

// newest is the version of the only table that a statement reads, when it reads
// the newest.
func newest(ctx context.Context, lab Lab, statement string, tables []string) *int64 {
	if travels.MatchString(statement) {
		return nil
	}
	lower := strings.ToLower(statement)
	named := ""
	for _, table := range tables {
		if strings.Contains(lower, strings.ToLower(table)) {
			if named != "" {
				return nil
			}
			named = table
		}
	}
	first := strings.ToUpper(strings.SplitN(lower+" ", " ", 2)[0])
	if named == "" || !slices.Contains([]string{"SELECT", "WITH", "FROM"}, strings.TrimSpace(first)) {
		return nil
	}
	history, err := lab.SQL(ctx, "DESCRIBE HISTORY "+named+" LIMIT 1")
	if err != nil || len(history.Rows) == 0 {
		return nil
	}
	if version, ok := history.Rows[0][0].(int64); ok {
		return &version
	}
	return nil
}

// take shows an answer, unless it is an old one's.
func (m *Model) take(msg answered) tea.Cmd {
	if msg.model != m || msg.run != m.runs {
		return nil
	}
	m.cancel, m.stopping = nil, false
	m.answer, m.asked, m.grid = msg.answer, true, grid{}
	if !m.hasRows() {
		m.inResult = false
	}
	if m.answer.result != nil && m.answer.result.Changed {
		return tea.Batch(m.learn(), func() tea.Msg { return Changed{} })
	}
	return nil
}

// remember puts a statement at the end of the history, once.
func (m *Model) remember(statement string) {
	m.history = bounded(latest(m.history, statement))
	m.at = len(m.history)
}

// keep writes the history. That it cannot is no reason to bother anybody.
func (m *Model) keep(statement string) tea.Cmd {
	if m.config.Shelf == nil {
		return nil
	}
	shelf := m.config.Shelf
	return func() tea.Msg { _ = shelf.Keep(statement); return nil }
}

// recall goes through the history; behind its end is what was being written.
func (m *Model) recall(by int) {
	to := m.at + by
	if to < 0 || to > len(m.history) {
		return
	}
	if m.at == len(m.history) {
		m.draft = m.editor.String()
	}
	m.at = to
	if to == len(m.history) {
		m.editor.Set(m.draft)
	} else {
		m.editor.Set(m.history[to])
	}
	if by < 0 { // the next ↑ goes on back
		m.editor.Row, m.editor.Col = 0, len(m.editor.Lines[0])
	}
}

func (m *Model) beforeCursor() string {
	lines := append(slices.Clone(m.editor.Lines[:m.editor.Row]), m.editor.Lines[m.editor.Row][:m.editor.Col])
	parts := make([]string, len(lines))
	for i, line := range lines {
		parts[i] = string(line)
	}
	return strings.Join(parts, "\n")
}

// completes tells whether tab has something to write.
func (m *Model) completes() bool {
	if m.inResult || len(m.offers) > 0 {
		return len(m.offers) > 0
	}
	_, offers := m.candidates()
	return len(offers) > 0
}

// candidates are what tab may write in the place of prefix: in an empty editor an
// example, else a name.
func (m *Model) candidates() (prefix string, offers []string) {
	if m.editor.String() == "" {
		return "", m.exampleStatements()
	}
	return m.names.complete(m.beforeCursor())
}

// complete writes what the offers have in common, or goes through them.
func (m *Model) complete() tea.Cmd {
	if len(m.offers) > 0 {
		last := m.offers[m.offered]
		m.offered = (m.offered + 1) % len(m.offers)
		m.replace(last, m.offers[m.offered])
		return nil
	}
	prefix, offers := m.candidates()
	common := commonPrefix(offers)
	switch {
	case len(common) > len(prefix) || len(offers) == 1:
		m.replace(prefix, common)
	case len(offers) > 1:
		m.offers, m.offered = offers, 0
		m.replace(prefix, offers[0])
	}
	return nil
}

func (m *Model) replace(old, new string) {
	m.editor.Backspace(len([]rune(old)))
	m.editor.Insert(new)
}

func commonPrefix(words []string) string {
	if len(words) == 0 {
		return ""
	}
	common := words[0]
	for _, word := range words[1:] {
		for !strings.HasPrefix(strings.ToLower(word), strings.ToLower(common)) {
			runes := []rune(common)
			common = string(runes[:len(runes)-1])
		}
	}
	return common
}

// moveWhole scrolls a row that is open.
func (m *Model) moveWhole(key string) {
	page := max(m.drawn.rows-1, 1)
	m.grid.scrollWhole(map[string]int{
		"up": -1, "k": -1, "down": 1, "j": 1, "pgup": -page, "pgdown": page, " ": page, "home": -m.grid.scroll, "end": m.grid.below,
	}[key])
}

// move moves in the result.
func (m *Model) move(key string) {
	g, page := &m.grid, max(m.drawn.rows-1, 1)
	rows := len(m.answer.result.Rows)
	switch key {
	case "up", "k":
		g.row--
	case "down", "j":
		g.row++
	case "pgup":
		g.row -= page
		g.top -= page
	case "pgdown", " ":
		g.row += page
		g.top += page
	case "home", "ctrl+home":
		g.row = 0
	case "end", "ctrl+end":
		g.row = rows - 1
	case "left", "h":
		g.col--
	case "right", "l":
		g.col++
	}
	g.scroll = 0
	m.follow()
}

// Wheel scrolls the result: three rows at a time, as the screen tells it.
func (m *Model) Wheel(by int) {
	switch {
	case !m.hasRows():
	case m.grid.whole:
		m.grid.scrollWhole(by)
	default:
		m.grid.row += by
		m.grid.top += by
		m.follow()
	}
}

// follow brings the chosen cell among the shown ones.
func (m *Model) follow() {
	m.grid.follow(len(m.answer.result.Rows), max(m.drawn.rows, 1))
	m.grid.followColumn(m.answer, m.drawn.width)
}

// chosen is the value under the cursor, whole, when there is one to copy.
func (m *Model) chosen() (value string, found bool) {
	if !m.inResult || !m.hasRows() {
		return "", false
	}
	value, isNull := m.answer.result.Text(m.grid.row, m.grid.col)
	return value, !isNull && value != ""
}

// save writes the whole result as CSV, whatever of it is on the screen.
func (m *Model) save() tea.Cmd {
	result, shelf := m.answer.result, m.config.Shelf
	name := fmt.Sprintf("resultado-%s.csv", m.config.Now().Format("2006-01-02-150405"))
	return func() tea.Msg {
		data, err := result.CSV()
		if err != nil {
			return Trouble{err}
		}
		path, err := shelf.Save(name, data)
		if err != nil {
			return Trouble{err}
		}
		return noted{m, text.ConsoleSaved(len(result.Rows), path)}
	}
}

// cancelled tells whether an error is the student's own esc.
func cancelled(err error) bool {
	return errors.Is(err, context.Canceled) || text.Explain(err).Class == "CANCELLED"
}
