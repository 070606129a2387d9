// Package plain plays the lessons as text: questions and answers on standard
// input and output, for a screen reader, a pipe, a terminal that can do no more.
// The lessons, their checks and the progress are the interface's own.
//
//	plain.go    the list of lessons, and what is typed
//	lesson.go   one lesson: a step is shown, a line is read, something is done
//	notebook.go the notebook's questions, in the student's own words
//	closing.go  the end of a lesson
//
// Nothing is drawn: no boxes, no bars, no cursor. A line that is read is one
// command; at the end of the input the program ends, with everything saved.
package plain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"autoloaderlab/ui/play"
	"autoloaderlab/ui/text"
)

// Config is what plain mode needs. Lesson, an id or a number, is opened at once;
// empty shows the list.
type Config struct {
	Room    *play.Classroom
	In      io.Reader
	Out     io.Writer
	Lesson  string
	Columns int // how wide the terminal is; 0 where there is none
}

// Prose is no wider than widest, which is easy to read, and no narrower than
// narrowest.
const (
	widest    = 72
	narrowest = 20
)

// Run plays until the student leaves, the input ends or ctx does. A reader of
// the output that went away is no error of ours.
func Run(ctx context.Context, c Config) error {
	m := &mode{Config: c, ctx: ctx, lines: linesOf(c.In), columns: widest}
	if c.Columns > 0 {
		m.columns = max(narrowest, min(widest, c.Columns))
	}
	m.say(text.PlainMode)
	if aside := c.Room.Aside(); aside != "" {
		m.say(text.ProgressSetAside(aside))
	}
	err := m.home()
	switch {
	case errors.Is(err, errLeave), errors.Is(err, io.EOF):
		m.say(text.PlainGoodbye)
		return nil
	default:
		return err
	}
}

// errLeave is the student who has had enough.
var errLeave = errors.New("left")

type mode struct {
	Config
	ctx     context.Context
	lines   <-chan string
	columns int
	blank   bool // the last line written is empty
}

// linesOf reads lines until the input ends. Its goroutine lives as long as the
// program: nothing can take it out of a read.
func linesOf(in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(in)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
	}()
	return lines
}

// read waits for a line: io.EOF at the end of the input.
func (m *mode) read() (string, error) {
	select {
	case <-m.ctx.Done():
		return "", m.ctx.Err()
	case line, ok := <-m.lines:
		if !ok {
			return "", io.EOF
		}
		return strings.TrimSpace(line), nil
	}
}

// say writes prose, wrapped.
func (m *mode) say(prose string) {
	if prose = text.Wrap(text.Plain(prose), m.columns); prose != "" {
		fmt.Fprintln(m.Out, prose)
		m.blank = false
	}
}

// line writes one line of a list; what does not fit stands below its words.
func (m *mode) line(line string) {
	m.blank = false
	words := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(words)]
	inner := strings.Split(text.Wrap(text.Plain(words), max(narrowest/2, m.columns-len(indent)-2)), "\n")
	fmt.Fprintln(m.Out, indent+strings.Join(inner, "\n"+indent+"  "))
}

func (m *mode) help() {
	for line := range strings.Lines(text.PlainHelp) {
		m.line(strings.TrimRight(line, "\n"))
	}
}

// gap parts what comes from what was by one empty line.
func (m *mode) gap() {
	if !m.blank {
		fmt.Fprintln(m.Out)
	}
	m.blank = true
}

// refuse tells an error in its three sentences.
func (m *mode) refuse(err error) {
	message := text.Explain(err)
	m.say(message.What + " " + message.Why + " " + message.Try)
}

// home is the list of lessons.
func (m *mode) home() error {
	if m.Lesson != "" {
		if err := m.enter(m.Lesson); err != nil {
			return err
		}
	}
	for {
		m.list()
		err := m.choose()
		if err != nil {
			return err
		}
	}
}

func (m *mode) list() {
	m.gap()
	for _, l := range m.Room.Lessons() {
		m.line(text.PlainLesson(l.Number, l.Title, l.Minutes, l.Passed, l.Steps, string(l.State)))
	}
	m.say(text.PlainChoose)
}

// choose reads until a lesson was opened and left again.
func (m *mode) choose() error {
	for {
		line, err := m.read()
		if err != nil {
			return err
		}
		switch word := strings.ToLower(line); {
		case leaves(word):
			return errLeave
		case word == "ayuda" || word == "?":
			m.help()
		case word == "" || word == "continuar" || word == "c":
			if id := m.next(); id != "" {
				return m.enter(id)
			}
		default:
			if m.Room.Library().Lesson(line) == nil {
				m.refuse(text.UnknownLesson(line))
				continue
			}
			return m.enter(line)
		}
	}
}

// enter opens a lesson. One that cannot be opened is told, and the list comes again.
func (m *mode) enter(id string) error {
	err := m.open(id)
	var refused cannotOpen
	if errors.As(err, &refused) && m.ctx.Err() == nil {
		m.refuse(refused.error)
		return nil
	}
	return err
}

// cannotOpen is why a lesson could not be opened.
type cannotOpen struct{ error }

func leaves(word string) bool { return word == "salir" || word == "q" }

// next is the lesson to go on with: the one that was touched last, else the
// first that is not done.
func (m *mode) next() string {
	id := ""
	var seen play.Overview
	for _, l := range m.Room.Lessons() {
		if l.State == play.Ongoing && l.Seen.After(seen.Seen) {
			seen = l
		}
		if id == "" && l.State == play.New {
			id = l.ID
		}
	}
	if seen.ID != "" {
		return seen.ID
	}
	return id
}

// number reads «2» or «2 porque …».
func number(line string) (n int, rest string, ok bool) {
	first, rest, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(first, "."), ")"))
	return n, strings.TrimSpace(rest), err == nil
}
