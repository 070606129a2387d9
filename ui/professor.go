package ui

import (
	"context"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/lesson"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// ballot is what a room voted on a question, and whether its answer may be seen.
type ballot struct {
	votes    []int
	cast     []int // the options in the order of their votes, to take the last back
	revealed bool
}

func (b *ballot) vote(option int) {
	b.votes[option]++
	b.cast = append(b.cast, option)
}

// takeBack undoes the last vote.
func (b *ballot) takeBack() {
	if last := len(b.cast) - 1; last >= 0 {
		b.votes[b.cast[last]]--
		b.cast = b.cast[:last]
	}
}

// winner is the option with most votes, the first of several.
func (b *ballot) winner() int {
	best := 0
	for i, n := range b.votes {
		if n > b.votes[best] {
			best = i
		}
	}
	return best
}

// voting says that the room is asked now.
func (d *desk) voting() bool {
	p := d.sight.Page
	return d.m.professor && p.Ask && p.Phase == lessons.Predict && len(p.Options) > 0 && d.live == nil && !d.onTab
}

// turnBallot begins a new vote where there is another question.
func (d *desk) turnBallot() { d.ballot = ballot{votes: make([]int, len(d.sight.Page.Options))} }

// shownPage is the page as a room may see it: without its answer until it is revealed.
func (d *desk) shownPage() lesson.Page {
	p := d.sight.Page
	if d.m.professor && !d.ballot.revealed && hasAnswer(p) {
		p.Verdict, p.Asked, p.Asides, p.Note = nil, nil, nil, text.AnswerHidden
	}
	return p
}

// hides says that there is an answer to reveal.
func (d *desk) hides() bool {
	p := d.sight.Page
	return d.m.professor && !d.ballot.revealed && hasAnswer(p)
}

// hasAnswer says that a page tells what a room shall think about first.
func hasAnswer(p lesson.Page) bool { return p.Verdict != nil || len(p.Asked) > 0 || len(p.Asides) > 0 }

func (d *desk) reveal() tea.Cmd {
	d.ballot.revealed = true
	d.book.Show(d.shownPage())
	return nil
}

// professorEntries come before the lesson's own.
func (d *desk) professorEntries() []entry {
	var out []entry
	if d.voting() {
		out = append(out,
			entry{binding: digits(len(d.ballot.votes)), does: text.AddVote, area: text.LessonArea, run: func(key string) tea.Cmd {
				d.ballot.vote(min(int(key[0]-'1'), len(d.ballot.votes)-1))
				return nil
			}},
			entry{binding: binding{"-", []string{"-", "delete", "backspace"}}, does: text.TakeVote, area: text.LessonArea, run: func(string) tea.Cmd { d.ballot.takeBack(); return nil }},
			entry{binding: keyEnter, does: text.RecordRoom, area: text.LessonArea, run: func(string) tea.Cmd { return d.recordRoom() }})
	}
	if d.hides() {
		out = append(out, entry{binding: keyReveal, does: text.Reveal, area: text.LessonArea, run: func(string) tea.Cmd { return d.reveal() }})
	}
	return out
}

// recordRoom takes what most voted for as the prediction.
func (d *desk) recordRoom() tea.Cmd {
	option, votes := d.ballot.winner(), text.VotesAsWhy(d.ballot.votes)
	return d.look(false, func(ctx context.Context) (string, error) {
		if err := d.d.Predict(ctx, option, votes); err != nil {
			return "", err
		}
		return text.RoomRecorded(option + 1), nil
	})
}

// guide is a desk that can be put at any step.
type guide interface {
	Go(ctx context.Context, step int) error
}

func (d *desk) goTo() tea.Cmd {
	g, ok := d.d.(guide)
	if !ok {
		return nil
	}
	return d.m.open(newForm(d.m, text.GoToStep, text.GoToAbout, text.GoThere, []string{text.StepWord}, []string{""}, func(v []string) tea.Cmd {
		step, err := strconv.Atoi(v[0])
		if err != nil || step < 1 || step > d.sight.Steps {
			return d.m.say(text.NoSuchStep(d.sight.Steps))
		}
		d.m.working = text.OpeningLesson
		return d.look(true, func(ctx context.Context) (string, error) { return "", g.Go(ctx, step-1) })
	}))
}

// room is frame 11: the question, the votes, and nothing else.
func (d *desk) room() []string {
	t, l, p := d.m.theme, d.m.l, d.sight.Page
	wide := l.shape != tabs
	margin, inner := l.left, l.w-l.left-l.right
	indent := strings.Repeat(" ", margin)
	var rows []string
	add := func(s string) { rows = append(rows, indent+s) }
	gap := func(n int) {
		for range n {
			rows = append(rows, "")
		}
	}
	if wide {
		gap(1)
	}
	add(t.Pad(d.rail(t, 3), inner))
	if p.Title != "" && l.body.h-len(rows) >= 14+len(p.Options)*3 {
		gap(1)
		add("  " + t.Text(style.Dim, p.Title))
	}
	gap(1)
	spare := l.body.h - len(rows) - 8 - len(p.Options)*3
	body := style.Paragraphs(p.Text, inner-4)
	if len(body) <= max(spare, 0) {
		for _, line := range body {
			add("  " + t.Prose(style.Text, line))
		}
		gap(1)
	}
	for _, line := range style.Paragraphs(p.Question, inner-4) {
		add("  " + t.Heading(line))
	}
	gap(1)
	total := len(d.ballot.cast)
	between := 0
	if l.body.h-len(rows)-2*len(p.Options)-5 >= 2*len(p.Options) {
		between = 2
	} else if l.body.h-len(rows)-2*len(p.Options)-5 >= len(p.Options) {
		between = 1
	}
	const lead = 15
	bar := max(inner-lead-18, 8)
	for i, o := range p.Options {
		votes := 0
		if i < len(d.ballot.votes) {
			votes = d.ballot.votes[i]
		}
		add("  " + t.Bold(style.Accent, strconv.Itoa(i+1)) + t.PadLeft(t.Text(style.Strong, o.Value), 8) + "   " + t.Text(style.Strong, t.Cut(o.Text, inner-lead)))
		full := style.Share(int64(votes), int64(max(total, 1)), bar)
		share := ""
		if total > 0 {
			share = text.Percent(int64(votes), int64(total))
		}
		add(strings.Repeat(" ", lead-1) + t.Mark(style.Accent, strings.Repeat(style.BarDone, full)) + t.Mark(style.Line, strings.Repeat(style.RuleToDo, bar-full)) +
			t.PadLeft(t.Text(style.Strong, strconv.Itoa(votes)), 6) + t.PadLeft(t.Text(style.Dim, share), 9))
		gap(between)
	}
	gap(1 - min(between, 1))
	add(t.Row(strings.Repeat(" ", lead-1)+t.Text(style.Strong, strconv.Itoa(total))+" "+t.Text(style.Dim, text.VotesWord(total)), t.Text(style.Dim, text.HiddenAnswer), inner))
	if wide {
		for len(rows) < l.body.h-3 {
			gap(1)
		}
		add("  " + counts(t, d.sight.Counts, inner-2))
	}
	return rows
}
