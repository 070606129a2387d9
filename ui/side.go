package ui

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine"
	"autoloaderlab/ui/console"
	"autoloaderlab/ui/disk"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// files is the explorer: the desk's disk as a tree, and one file explained.
type files struct {
	m       *Model
	from    *desk
	e       *disk.Explorer
	loading bool
	wanted  string // the file to open first
}

func newFiles(m *Model, from *desk, lab *engine.Lab, pipeline *engine.Pipeline) *files {
	return &files{m: m, from: from, e: disk.New(lab, pipeline)}
}

type explored struct{}

// load reads what the explorer asks for, one read at a time.
func (f *files) load() tea.Cmd {
	if f.loading || !f.e.Stale() {
		return nil
	}
	f.loading = true
	wanted := f.wanted
	f.wanted = ""
	return f.m.workFor(f, func(ctx context.Context) (tea.Msg, error) {
		if wanted != "" {
			_ = showFile(ctx, f.e, wanted)
			return explored{}, nil
		}
		_ = f.e.Load(ctx) // what could not be read is told where it stands
		return explored{}, nil
	})
}

// showFile opens a file: the tree has to be known first.
func showFile(ctx context.Context, e *disk.Explorer, path string) error {
	if err := e.Load(ctx); err != nil {
		return err
	}
	e.Open(path)
	return e.Load(ctx)
}

func (f *files) heading() heading {
	h := f.from.heading()
	h.place = text.DiskPlace
	return h
}

func (f *files) entries() []entry {
	var out []entry
	for _, b := range f.e.Footer() {
		e := entry{binding: binding{b.Key, keysOf(b.Key)}, does: b.Does, area: text.HereArea, run: f.key}
		switch b.Key {
		case keyEscape.name:
			out = append(out, entry{binding: keyTab, does: text.NotebookTab, area: text.HereArea, run: func(string) tea.Cmd { return f.back() }})
			e.run = func(string) tea.Cmd {
				if f.e.Key("esc") {
					return f.load()
				}
				return f.back()
			}
		case keyCopy.name:
			e.run = func(string) tea.Cmd { return f.m.copy(f.e.Path()) }
		}
		out = append(out, e)
	}
	return append(out, entry{binding: keySQL, does: text.SQLLabel, area: text.EverywhereArea, hidden: true, run: func(string) tea.Cmd { return f.from.openConsole() }})
}

// keysOf are the keys behind a footer's name.
func keysOf(name string) []string {
	switch name {
	case keyUpDown.name:
		return []string{"up", "down"}
	case keyPage.name, text.KeyPages:
		return []string{"pgup", "pgdown"}
	}
	return []string{name}
}

func (f *files) key(name string) tea.Cmd {
	f.e.Key(name)
	return f.load()
}

func (f *files) back() tea.Cmd {
	f.m.show(f.from)
	return nil
}

func (f *files) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case explored:
		f.loading = false
		return f.load()
	case tea.KeyMsg:
		if f.e.Key(msg.String()) {
			return f.load()
		}
	}
	return nil
}

func (f *files) view() []string {
	t, l := f.m.theme, f.m.l
	margin := strings.Repeat(" ", l.left)
	inner := l.w - l.left - l.right
	h := l.body.h - 1
	if l.shape == tabs {
		h = l.body.h - 2
	}
	var rows []string
	if f.above() == 1 {
		rows = append(rows, strings.Repeat(" ", l.left+explorerRule)+t.Mark(style.Line, style.Vertical))
	}
	for _, line := range strings.Split(f.e.View(inner, h, t), "\n") {
		rows = append(rows, margin+line)
	}
	return rows
}

// above are the rows between the header and the explorer.
func (f *files) above() int {
	if f.m.l.shape == tabs {
		return 0
	}
	return 1
}

// explorerRule is where the explorer draws its rule, from its own left edge.
const explorerRule = 44

func (f *files) resized()        {}
func (f *files) counts() *Counts { return f.from.counts() }

func (f *files) click(x, y int) tea.Cmd {
	f.e.Click(x-f.m.l.left, y-f.m.l.body.y-f.above())
	return f.load()
}

func (f *files) wheel(x, _, by int) tea.Cmd {
	f.e.Wheel(x-f.m.l.left, by)
	return f.load()
}

// sql is the console over a desk's lab.
type sql struct {
	m    *Model
	from screen
	c    *console.Model
}

func (s *sql) heading() heading {
	h := s.from.heading()
	h.place = text.SQLLabel
	return h
}

func (s *sql) typing() bool { return s.c.Writing() }

func (s *sql) entries() []entry {
	var out []entry
	for _, a := range s.c.Actions() {
		e := entry{binding: binding{a.Name, a.Keys}, does: a.Does, short: a.Short, hidden: a.Minor, area: text.HereArea}
		if a.Run != nil {
			e.run = func(string) tea.Cmd { return a.Run() }
		}
		out = append(out, e)
	}
	if !s.c.Running() {
		out = append(out, entry{binding: keyEscape, does: text.Back, area: text.HereArea, run: func(string) tea.Cmd { return s.back() }})
	}
	return out
}

// back leaves the console, or first what is open in it.
func (s *sql) back() tea.Cmd {
	if s.c.Back() {
		return nil
	}
	s.m.show(s.from)
	if d, ok := s.from.(*desk); ok {
		return d.refresh()
	}
	return s.m.home.read()
}

func (s *sql) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		if msg.String() == "esc" {
			return s.back()
		}
	case console.Trouble:
		return s.m.complain(msg.Err)
	}
	return s.c.Update(msg)
}

// above are the blank rows between the header and the console.
func (s *sql) above() int {
	if s.m.l.shape == tabs {
		return 0
	}
	return 1
}

func (s *sql) view() []string {
	l := s.m.l
	margin := strings.Repeat(" ", l.left)
	rows := make([]string, s.above())
	for _, line := range strings.Split(s.c.View(l.w-l.left-l.right, l.body.h-s.above(), s.m.theme), "\n") {
		rows = append(rows, margin+line)
	}
	return rows
}

func (s *sql) resized()        {}
func (s *sql) counts() *Counts { return nil }

func (s *sql) wheel(_, _, by int) tea.Cmd {
	s.c.Wheel(by)
	return nil
}

func (s *sql) click(x, y int) tea.Cmd {
	return s.c.Click(x-s.m.l.left, y-s.m.l.body.y-s.above())
}

// openConsole is the console over a lab, with what was written there before.
func (m *Model) openConsole(from screen, kept **console.Model, lab *engine.Lab, schema, statement string) tea.Cmd {
	if *kept == nil {
		*kept = console.New(lab, console.Config{Schema: schema, Statement: statement, Shelf: m.shelf, Copy: m.copy, Now: m.now})
	}
	m.show(&sql{m: m, from: from, c: *kept})
	return (*kept).Init()
}
