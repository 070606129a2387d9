// Package ui is the interface: one Bubble Tea model that routes what happens to the
// screen that is open, and draws header, footer, help and questions around it.
//
//	model.go    Model: Init, Update, View; the order in which a message is heard
//	layout.go   the grid: where everything is at a size
//	keys.go     the one map of keys
//	entry.go    what can be done now; footer, help, keyboard and mouse read it
//	chrome.go   header, footer, the three counts, the window that is too small
//	world.go    what the interface needs of the course and of a lab
//	work.go     commands: what touches the disk runs in them, and cannot crash us
//	leave.go    leaving, also while a load runs
//	home.go     the lessons
//	desk.go     a lesson, or the free lab: notebook at the left, disk at the right
//	professor.go  a class: votes, hidden answers, any step
//	side.go     the disk as a tree, the SQL console
//	handles.go  files and widgets of the free lab
//	closing.go  the end of a lesson
//	answer.go   an answer to the notebook, being written
//	overlay.go  help, confirmation, widgets: what takes a place for a while
//	glossary.go  the terms, and looking for one
//	field.go    a line of text that is being written
//	copy.go     the clipboard, by OSC 52
//
//	            ┌────────── Update ──────────┐
//	message ──▶ │ size · engine · overlay ·  │ ──▶ commands ──▶ School, Desk (the disk)
//	            │ field · global key · screen│         │
//	            └────────────────────────────┘ ◀───────┘ messages
//
// Update decides, commands wait, View only draws.
package ui

import (
	"context"
	"io"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	_ "autoloaderlab/ui/background" // before bubbletea: see there
	"autoloaderlab/ui/console"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// Config is what an interface is started with.
type Config struct {
	School School
	Theme  style.Theme
	Still  bool // reduced motion
	// Professor is for a class: votes, and answers hidden until a key.
	Professor bool
	Now       func() time.Time // nil: real
	// Runner runs the loads so that they can be watched; nil: they are not.
	Runner *Runner
	// Shelf keeps what was run in the console, and results; nil: nothing is kept.
	Shelf *console.Shelf
	// Terminal takes what is put on the clipboard; nil: nothing is.
	Terminal io.Writer
}

// Model is the whole interface.
type Model struct {
	ctx       context.Context
	cancel    context.CancelFunc // ends what has been begun
	jobs      *sync.RWMutex      // a command that runs reads it
	leaving   leaving
	impatient bool // who leaves does not wait for what runs
	school    School
	theme     style.Theme
	still     bool
	now       func() time.Time
	runner    *Runner
	terminal  io.Writer
	shelf     *console.Shelf
	professor bool

	l       layout
	screen  screen
	home    *home
	over    overlay // nil while there is none
	said    notice
	working string       // what is being done; empty: nothing
	mouse   bool         // whether the mouse is ours
	early   []tea.KeyMsg // what was typed before there was anything to act on
	crash   *Crash
	tick    func(time.Duration, func(time.Time) tea.Msg) tea.Cmd // tea.Tick but in tests
}

// Crash is a defect of ours that ended the interface.
type Crash struct {
	Reason any
	Stack  []byte
}

// notice is the line above the footer.
type notice struct {
	words string
	bad   bool
	id    int // which timer takes it away
}

// screen is one page of the interface.
type screen interface {
	heading() heading
	entries() []entry
	// view fills the body: l.body.w columns, l.body.h rows.
	view() []string
	update(msg tea.Msg) tea.Cmd
	// resized tells that layout or theme are others.
	resized()
	click(x, y int) tea.Cmd
	wheel(x, y, by int) tea.Cmd
	counts() *Counts
}

// overlay is what takes the notebook's place for a while and hears all keys.
type overlay interface {
	entries() []entry
	view(w, h int) []string
	update(msg tea.KeyMsg) tea.Cmd
	click(x, y int) tea.Cmd // relative to where view is drawn
	typing() bool
}

// New makes the interface.  ctx ends what it has begun.
func New(ctx context.Context, c Config) *Model {
	ctx, cancel := context.WithCancel(ctx)
	m := &Model{ctx: ctx, cancel: cancel, jobs: &sync.RWMutex{}, school: c.School, theme: c.Theme, still: c.Still, now: c.Now, runner: c.Runner, terminal: c.Terminal, shelf: c.Shelf, professor: c.Professor, mouse: true, tick: tea.Tick}
	if m.now == nil {
		m.now = time.Now
	}
	m.home = &home{m: m}
	m.screen = m.home
	return m
}

// Init reads the first screen.
func (m *Model) Init() tea.Cmd { return m.home.read() }

// Crash is why the interface ended, nil when nothing went wrong.
func (m *Model) Crash() *Crash { return m.crash }

// Update hears a message: the size, then the engine, then whoever has the keyboard.
func (m *Model) Update(msg tea.Msg) (_ tea.Model, cmd tea.Cmd) {
	defer func() {
		if reason := recover(); reason != nil {
			m.crash = &Crash{reason, debug.Stack()}
			cmd = tea.Quit
		}
	}()
	if m.crash != nil {
		return m, tea.Quit
	}
	return m, m.hear(msg)
}

func (m *Model) hear(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.l = arrange(msg.Width, msg.Height)
		m.screen.resized()
		if d, ok := m.screen.(*desk); ok {
			return d.explainPlan()
		}
		return m.catchUp()
	case crashed:
		m.crash = (*Crash)(&msg)
		return tea.Quit
	case stopped:
		return m.left()
	case addressed:
		return msg.to.update(msg.msg)
	case forget:
		if msg.id == m.said.id {
			m.said.words = ""
		}
		return nil
	case failed:
		m.working = ""
		if m.leaving != staying {
			return nil // cut short by us
		}
		return m.complain(msg.err)
	case tea.KeyMsg:
		return m.keys(msg)
	case tea.MouseMsg:
		return m.pointed(msg)
	}
	return m.screen.update(msg)
}

// keys are letters that came in one piece, as from a quick hand over a slow line:
// each is a key of its own.
func (m *Model) keys(msg tea.KeyMsg) tea.Cmd {
	if msg.Type == tea.KeyCtrlJ { // Enter as a terminal sends it before it is ours
		msg.Type = tea.KeyEnter
	}
	if msg.Type != tea.KeyRunes || msg.Paste || len(msg.Runes) < 2 {
		return m.key(msg)
	}
	var all []tea.Cmd
	for _, r := range msg.Runes {
		all = append(all, m.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}))
	}
	return tea.Batch(all...)
}

// key gives a key to whoever has the keyboard.
func (m *Model) key(msg tea.KeyMsg) tea.Cmd {
	name := msg.String()
	if name == "ctrl+c" {
		return m.stop()
	}
	if m.leaving != staying {
		return nil
	}
	if name == "ctrl+z" {
		return tea.Suspend
	}
	if m.l.shape == tooSmall && !m.waitsForHome() {
		if keyLeave.has(name) {
			return m.stop()
		}
		return nil
	}
	if m.waitsForHome() {
		m.early = append(m.early, msg)
		return nil
	}
	m.said.words = ""
	if m.over != nil {
		if keyLeave.has(name) && !m.over.typing() {
			return m.leave()
		}
		return m.over.update(msg)
	}
	if typist, ok := m.screen.(interface{ typing() bool }); ok && typist.typing() {
		if fieldHelp.has(name) {
			return m.open(newHelp(m))
		}
		return m.screen.update(msg)
	}
	if e, found := find(m.offered(), name); found {
		return e.run(name)
	}
	return m.screen.update(msg)
}

// waitsForHome says that the first screen is not there yet: keys typed ahead wait.
func (m *Model) waitsForHome() bool {
	return m.over == nil && (m.l.w == 0 || m.screen == m.home && !m.home.known)
}

// catchUp hears what was typed ahead.
func (m *Model) catchUp() tea.Cmd {
	if m.waitsForHome() {
		return nil
	}
	early := m.early
	m.early = nil
	var all []tea.Cmd
	for _, msg := range early {
		all = append(all, m.key(msg))
	}
	return tea.Batch(all...)
}

// offered is all that can be done now: the screen's, then what is always there.
func (m *Model) offered() []entry {
	return append(append(m.screen.entries(), m.everywhere()...), m.always()...)
}

// everywhere is in the help on every screen.
func (m *Model) everywhere() []entry {
	mouse := text.ReleaseMouse
	if !m.mouse {
		mouse = text.CatchMouse
	}
	return []entry{
		{binding: keyGlossary, does: text.GlossaryLabel, area: text.EverywhereArea, hidden: true, run: func(string) tea.Cmd { return m.open(newGlossary(m)) }},
		{binding: keyTheme, does: text.ThemeLabel(m.theme.Look().String()), area: text.EverywhereArea, hidden: true, run: func(string) tea.Cmd { return m.paint(m.theme.Look().Next()) }},
		{binding: keyMouse, does: mouse, area: text.EverywhereArea, hidden: true, run: func(string) tea.Cmd { return m.toggleMouse() }},
	}
}

// always stands at the footer's right.
func (m *Model) always() []entry {
	return []entry{
		{binding: keyHelp, does: text.HelpLabel, area: text.EverywhereArea, run: func(string) tea.Cmd { return m.open(newHelp(m)) }},
		{binding: keyLeave, does: text.LeaveLabel, area: text.EverywhereArea, run: func(string) tea.Cmd { return m.leave() }},
	}
}

// alwaysTyping is its twin where letters are text.
func (m *Model) alwaysTyping() []entry {
	return []entry{
		{binding: fieldHelp, does: text.HelpLabel, area: text.EverywhereArea, run: func(string) tea.Cmd { return m.open(newHelp(m)) }},
		{binding: fieldLeave, does: text.LeaveLabel, run: func(string) tea.Cmd { return m.stop() }},
	}
}

func (m *Model) open(o overlay) tea.Cmd {
	m.over = o
	m.screen.resized()
	return nil
}

func (m *Model) close() {
	m.over = nil
	m.screen.resized()
}

// show goes to another screen.
func (m *Model) show(s screen) {
	m.over = nil
	m.screen = s
	s.resized()
}

// paint changes the look of everything.
func (m *Model) paint(look style.Look) tea.Cmd {
	m.theme = m.theme.With(look)
	m.screen.resized()
	return m.say(text.ThemeNow(look.String()))
}

func (m *Model) toggleMouse() tea.Cmd {
	m.mouse = !m.mouse
	if m.mouse {
		return tea.Batch(tea.EnableMouseCellMotion, m.say(text.MouseOurs))
	}
	return tea.Batch(tea.DisableMouse, m.say(text.MouseYours))
}

// say shows a line above the footer for a while.
func (m *Model) say(words string) tea.Cmd { return m.tell(words, false) }

func (m *Model) tell(words string, bad bool) tea.Cmd {
	m.said = notice{words, bad, m.said.id + 1}
	id := m.said.id
	return m.tick(noticeSeconds*time.Second, func(time.Time) tea.Msg { return forget{id} })
}

// noticeSeconds is how long a notice stays; a key takes it away too.
const noticeSeconds = 12

type forget struct{ id int }

// complain tells an error: what happened and what to try.
func (m *Model) complain(err error) tea.Cmd {
	message := text.Explain(err)
	m.working, m.early = "", nil
	if m.l.shape != tooSmall {
		return m.open(newTrouble(m, message))
	}
	return m.tell(message.What, true)
}

// pointed gives the mouse to what is under it.
func (m *Model) pointed(msg tea.MouseMsg) tea.Cmd {
	if m.l.shape == tooSmall {
		return nil
	}
	switch {
	case msg.Button == tea.MouseButtonWheelUp:
		return m.wheel(msg.X, msg.Y, -3)
	case msg.Button == tea.MouseButtonWheelDown:
		return m.wheel(msg.X, msg.Y, 3)
	case msg.Action != tea.MouseActionPress || msg.Button != tea.MouseButtonLeft:
	case msg.Y == m.l.h-1:
		_, zones := m.footer()
		for _, z := range zones {
			if msg.X >= z.from && msg.X < z.to && z.entry.run != nil {
				return z.entry.run(z.entry.keys[0])
			}
		}
	case m.over != nil:
		place := m.overlayPlace()
		if place.contains(msg.X, msg.Y) {
			return m.over.click(msg.X-place.x, msg.Y-place.y)
		}
	default:
		return m.screen.click(msg.X, msg.Y)
	}
	return nil
}

// wheel scrolls the list that is open, else what is under it.
func (m *Model) wheel(x, y, by int) tea.Cmd {
	if m.over == nil {
		return m.screen.wheel(x, y, by)
	}
	if l, ok := m.over.(interface{ scroll(by int) }); ok {
		l.scroll(by)
	}
	return nil
}

// overlayPlace is the notebook's, below the rail: what is at the right stays to be seen.
// With tabs it has their row too.
func (m *Model) overlayPlace() rect {
	l := m.l
	if l.shape == tabs {
		return rect{l.left, 2, l.w - l.left - l.right, l.h - 2 - 4}
	}
	return rect{l.left - 1, 5, notebookWidth + 2, l.h - 5 - 2}
}

// footer is the last row: the overlay's entries while there is one.
func (m *Model) footer() (string, []zone) {
	entries, always := m.screen.entries(), m.always()
	typist, ok := m.screen.(interface{ typing() bool })
	switch {
	case m.over != nil:
		entries = m.over.entries()
		if m.over.typing() {
			always = m.alwaysTyping()
		}
		if l, ok := m.over.(*list); !ok || !l.passes {
			always = always[1:] // help is of the screen below
		}
	case ok && typist.typing():
		always = m.alwaysTyping()
	}
	return footer(m.theme, m.l, entries, always)
}

// View draws the frame: exactly as large as the window.
func (m *Model) View() (frame string) {
	defer func() {
		if reason := recover(); reason != nil {
			m.crash = &Crash{reason, debug.Stack()}
			frame = ""
		}
	}()
	switch {
	case m.l.w == 0 || m.l.h == 0 || m.crash != nil:
		return ""
	case m.leaving == departed:
		return m.lastWords()
	case m.l.shape == tooSmall:
		return m.theme.Finish(smallWindow(m.theme, m.l.w, m.l.h))
	}
	rows := header(m.theme, m.l, m.screen.heading())
	body := m.screen.view()
	if m.over != nil {
		body = m.lay(body)
	}
	rows = append(rows, strings.Split(m.theme.Fit(body, m.l.w, m.l.body.h), "\n")...)
	if m.l.counts >= 0 {
		m.overwriteCounts(rows)
	}
	last, _ := m.footer()
	rows = append(rows, m.message(), last)
	return m.theme.Finish(m.theme.Fit(rows, m.l.w, m.l.h))
}

// lay puts the overlay over the body's notebook side.
func (m *Model) lay(body []string) []string {
	place := m.overlayPlace()
	drawn := strings.Split(m.theme.Fit(m.over.view(place.w, place.h), place.w, place.h), "\n")
	if d, ok := m.screen.(*desk); ok && d.voting() { // a page as wide as the window gives way whole
		body = nil
	}
	out := strings.Split(m.theme.Fit(body, m.l.w, m.l.body.h), "\n")
	for i, row := range drawn {
		at := place.y - 2 + i
		if at < len(out) {
			out[at] = splice(m.theme, out[at], row, place.x, place.w)
		}
	}
	if _, railed := m.screen.(*desk); !railed { // what is above belongs to the notebook too
		for row := 2; row < place.y; row++ {
			out[row-2] = splice(m.theme, out[row-2], "", place.x, place.w)
		}
	}
	return out
}

func (m *Model) overwriteCounts(rows []string) {
	c := m.screen.counts()
	if c == nil || m.l.counts >= len(rows) {
		return
	}
	inner := m.l.w - m.l.left - m.l.right
	rows[m.l.counts] = strings.Repeat(" ", m.l.left) + counts(m.theme, *c, inner) + strings.Repeat(" ", m.l.right)
}

// message is the row above the footer.
func (m *Model) message() string {
	words, role := m.said.words, style.Text
	if words == "" && m.working != "" {
		words, role = m.working, style.Accent
	}
	if m.said.bad {
		role = style.Bad
	}
	if strings.TrimSpace(words) == "" {
		return ""
	}
	mark := m.theme.Mark(style.Accent, style.Waiting) + " " // parts it from the page above
	return strings.Repeat(" ", m.l.left) + m.theme.Cut(mark+m.theme.Text(role, words), m.l.w-m.l.left-m.l.right)
}
