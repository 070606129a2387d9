package ui

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/ui/play"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// closing is the end of a lesson: what the student knows now, the predictions against
// their results, and what comes next. The disk stays at the right as it was left.
type closing struct {
	m    *Model
	desk *desk
	play.Closing

	lines []string
	top   int
}

// ender is a desk whose lesson comes to something.
type ender interface{ Closing() play.Closing }

// lessonOver is a lesson whose last step was passed; what it came to is nil where the
// desk does not tell.
type lessonOver struct{ closing *play.Closing }

// finish passes the last step.
func (d *desk) finish() tea.Cmd {
	return d.m.workFor(d, func(ctx context.Context) (tea.Msg, error) {
		if err := d.d.Step(ctx, +1); err != nil {
			return nil, err
		}
		if e, ok := d.d.(ender); ok {
			c := e.Closing()
			return lessonOver{&c}, nil
		}
		return lessonOver{}, nil
	})
}

// over leaves the lesson for its closing.
func (d *desk) over(msg lessonOver) tea.Cmd {
	if msg.closing == nil {
		d.m.show(d.m.home)
		return tea.Batch(d.m.home.read(), d.m.say(text.LessonOver(d.sight.Title)))
	}
	d.m.show(&closing{m: d.m, desk: d, Closing: *msg.closing})
	return d.m.home.read()
}

func (c *closing) heading() heading {
	h := c.desk.heading()
	h.done = h.total
	h.facts = slices.DeleteFunc(h.facts, func(f fact) bool { return f.before == text.StepWord })
	return h
}

func (c *closing) counts() *Counts { return c.desk.counts() }

func (c *closing) entries() []entry {
	var out []entry
	if c.below() > 0 {
		out = append(out, entry{binding: keyEnter, does: text.ReadOn, area: text.HereArea, run: func(string) tea.Cmd { c.scroll(c.room() / 2); return nil }})
	} else if c.Next != nil {
		out = append(out, entry{binding: keyEnter, does: text.GoToNextLesson, area: text.HereArea, run: func(string) tea.Cmd { return c.next() }})
	}
	if c.Next != nil {
		out = append(out, entry{binding: keyNext, does: text.GoToNextLesson, area: text.LessonArea, hidden: c.below() == 0, run: func(string) tea.Cmd { return c.next() }})
	}
	return append(out,
		entry{binding: keyReport, does: text.ReportLabel, area: text.LessonArea, run: func(string) tea.Cmd { return c.m.home.report() }},
		entry{binding: keyPrevious, does: text.PreviousStep, area: text.LessonArea, hidden: true, run: func(string) tea.Cmd { return c.back() }},
		entry{binding: keyEscape, does: text.LessonsWord, area: text.HereArea, run: func(string) tea.Cmd { return c.leave() }},
		entry{binding: keyUpDown, does: text.ScrollLabel, area: text.HereArea, hidden: true, run: c.move},
		entry{binding: keyPage, does: text.ScrollLabel, area: text.HereArea, hidden: true, run: c.move},
	)
}

// leave goes to the lessons.
func (c *closing) leave() tea.Cmd {
	c.m.show(c.m.home)
	return c.m.home.read()
}

// back goes to the lesson's last step again, where a question may wait.
func (c *closing) back() tea.Cmd {
	c.m.show(c.desk)
	return c.desk.refresh()
}

// next opens the lesson after this one.
func (c *closing) next() tea.Cmd {
	h := c.m.home
	for i, e := range h.overview.Lessons {
		if e.ID == c.Next.ID {
			h.focus = i + 1
		}
	}
	return h.act()
}

func (c *closing) move(key string) tea.Cmd {
	by := map[string]int{"up": -1, "down": 1, "pgup": 2 - c.room(), "pgdown": c.room() - 2}[key]
	c.scroll(by)
	return nil
}

func (c *closing) scroll(by int) { c.top = max(0, min(c.top+by, len(c.lines)-c.room())) }

// place is where the page is drawn: from the rail's row on.
func (c *closing) place() rect {
	l := c.m.l
	return rect{l.page.x, l.rail.y, l.page.w, l.page.h + l.page.y - l.rail.y}
}

// room is how many lines are seen at a time: one is kept for what is more.
func (c *closing) room() int {
	if h := c.place().h; len(c.lines) > h {
		return max(h-1, 1)
	}
	return max(c.place().h, 1)
}

func (c *closing) below() int { return max(0, len(c.lines)-c.top-c.room()) }

func (c *closing) update(tea.Msg) tea.Cmd { return nil }

func (c *closing) resized() {
	c.lines = c.draw(c.m.theme, c.place().w)
	c.scroll(0)
}

func (c *closing) click(int, int) tea.Cmd { return nil }

func (c *closing) wheel(_, _, by int) tea.Cmd { c.scroll(by); return nil }

func (c *closing) view() []string {
	t, l, p := c.m.theme, c.m.l, c.place()
	page := slices.Clone(c.lines[c.top:min(c.top+c.room(), len(c.lines))])
	if len(c.lines) > p.h {
		above := ""
		if c.top > 0 {
			above = text.MoreAbove(c.top)
		}
		below := ""
		if n := c.below(); n > 0 {
			below = text.MoreBelow(n)
		}
		page = append(page, t.Row(t.Text(style.Dim, below), t.Text(style.Dim, above), p.w))
	}
	left := strings.Split(t.Fit(page, p.w, p.h), "\n")
	if l.shape == tabs {
		margin := strings.Repeat(" ", l.left)
		var rows []string
		for _, line := range left {
			rows = append(rows, margin+line)
		}
		return append(rows, t.Mark(style.Line, strings.Repeat(style.RuleToDo, l.w)))
	}
	return l.columns(t, left, strings.Split(c.desk.diskView(t, l.disk.w, l.disk.h, true), "\n"))
}

// draw is the whole page as lines of w columns.
func (c *closing) draw(t style.Theme, w int) []string {
	rows := []string{t.Mark(style.OK, style.Done) + " " + t.Bold(style.OK, text.LessonFinished), ""}
	add := func(slot, s string, role style.Role) {
		for i, line := range style.Paragraphs(s, min(w, 66)-2) {
			if i > 0 {
				slot = "  "
			}
			rows = append(rows, slot+t.Prose(role, line))
		}
	}
	head := func(title, right string) {
		rows = append(rows, t.Row(t.Heading(title), t.Text(style.Dim, right), min(w, 66)))
	}
	head(text.NowYouKnow, "")
	for _, item := range c.Learn {
		add(t.Text(style.Dim, style.Waiting)+" ", item, style.Text)
	}
	if len(c.Predictions) > 0 {
		rows = append(rows, "")
		head(text.YourPredictions, text.RightOf(c.Right, len(c.Predictions)))
		for _, p := range c.Predictions {
			sign := t.Mark(style.Bad, style.Failed)
			switch {
			case p.Right:
				sign = t.Mark(style.OK, style.Done)
			case p.DontKnow || !p.Settled:
				sign = t.Text(style.Dim, style.Waiting)
			}
			add(sign+" ", p.Question, style.Text)
			add("  ", text.PredictionOutcome(p), style.Dim)
		}
	}
	if n := c.Notebook; n.Asked > 0 {
		rows = append(rows, "")
		head(text.NotebookQuestions, text.AnsweredOf(n.Answered, n.Asked))
		if n.Answered < n.Asked {
			add("  ", text.QuestionsWait, style.Dim)
		}
	}
	rows = append(rows, "")
	head(text.WhatComesNext, "")
	if c.Next == nil {
		add("  ", text.NothingNext, style.Text)
		return rows
	}
	rows = append(rows, t.Mark(style.Accent, style.Focus)+" "+t.Row(t.Text(style.Strong, text.LessonTitle(c.Next.Number, c.Next.Title)), t.Text(style.Dim, text.Minutes(c.Next.Minutes)), min(w, 66)-2))
	add("  ", c.Next.Goal, style.Text)
	return rows
}
