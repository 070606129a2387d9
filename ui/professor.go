package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

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

// again adds a vote for what was voted last; false: nothing was.
func (b *ballot) again() bool {
	if len(b.cast) == 0 {
		return false
	}
	b.vote(b.cast[len(b.cast)-1])
	return true
}

// takeBack undoes the last vote.
func (b *ballot) takeBack() {
	if last := len(b.cast) - 1; last >= 0 {
		b.votes[b.cast[last]]--
		b.cast = b.cast[:last]
	}
}

// winner is the option with most votes, the first of several.  Nobody's vote is «no lo
// sé», the last.
func (b *ballot) winner() int {
	if len(b.cast) == 0 {
		return len(b.votes) - 1
	}
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
			entry{binding: keyAgain, does: text.VoteAgain, area: text.LessonArea, run: func(string) tea.Cmd {
				if !d.ballot.again() {
					return d.m.say(text.VoteFirst(len(d.ballot.votes)))
				}
				return nil
			}},
			entry{binding: binding{"-", []string{"-", "delete", "backspace"}}, does: text.TakeVote, area: text.LessonArea, run: func(string) tea.Cmd { d.ballot.takeBack(); return nil }},
			entry{binding: keyEnter, does: text.RecordRoom, area: text.LessonArea, run: func(string) tea.Cmd { return d.recordRoom() }},
			entry{binding: keyReveal, does: text.RevealOrHide(d.ballot.revealed), area: text.LessonArea, run: func(string) tea.Cmd {
				d.ballot.revealed = !d.ballot.revealed
				return nil
			}})
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
	return d.m.open(newForm(d.m, text.GoToTitle, text.GoToAbout, text.GoThere, []string{text.StepWord}, []string{""}, func(v []string) tea.Cmd {
		step, err := strconv.Atoi(v[0])
		if err != nil || step < 1 || step > d.sight.Steps {
			return d.m.say(text.NoSuchStep(d.sight.Steps))
		}
		d.m.working = text.OpeningLesson
		return d.look(true, func(ctx context.Context) (string, error) { return "", g.Go(ctx, step-1) })
	}))
}

// room is frame 11: what is asked, on which step and cell, the votes, and nothing else.
func (d *desk) room() []string {
	t, l := d.m.theme, d.m.l
	inner := l.w - l.left - l.right
	rows := []string{t.Pad(d.rail(t, 3), inner), ""}
	foot := []string{"", "  " + counts(t, d.sight.Counts, inner-2), ""}
	if l.shape == tabs { // the counts have a row of their own there
		foot = []string{"", ""}
	} else {
		rows = append([]string{""}, rows...)
	}
	step, vote := d.stepAndVote(inner, l.body.h-len(rows)-len(foot))
	rows = append(append(append(rows, step...), ""), vote...)
	for len(rows)+len(foot) < l.body.h {
		rows = append(rows, "")
	}
	rows = append(rows[:l.body.h-len(foot)], foot...)
	for i := range rows {
		rows[i] = strings.Repeat(" ", l.left) + rows[i]
	}
	if l.shape == tabs {
		rows[len(rows)-2] = t.Mark(style.Line, strings.Repeat(style.RuleToDo, l.w))
	}
	return rows
}

// leastStep is how many rows the step keeps above the vote: its title, and a cell's head.
const leastStep = 3

// stepAndVote is the step and, below it, the vote: with as much air as leaves the step whole.
func (d *desk) stepAndVote(inner, h int) (step, vote []string) {
	for _, air := range []int{2, 1, 0, noBars} {
		vote = d.vote(inner, air)
		room := h - len(vote) - 1
		var whole bool
		step, whole = d.stepAbove(inner-2, room)
		if whole || air == 0 && room >= leastStep {
			break
		}
	}
	if last := len(vote) - 1; len(step)+1+len(vote) < h {
		vote = append(vote[:last:last], "", vote[last])
	}
	return step, vote
}

// stepAbove is the step that the question belongs to: title, prose and cells, as much
// as there is room for.
func (d *desk) stepAbove(w, h int) (rows []string, whole bool) {
	p := d.sight.Page
	book := lesson.NewNotebook(d.m.theme, lesson.Page{Phase: p.Phase, Title: p.Title, Text: p.Text, Cells: p.Cells, Names: p.Names, Chosen: -1, Brief: true})
	book.Activate(false)
	book.Resize(w, max(h, 1), false)
	for _, row := range strings.Split(book.View(), "\n") {
		rows = append(rows, "  "+row)
	}
	for len(rows) > 0 && strings.TrimSpace(ansi.Strip(rows[len(rows)-1])) == "" {
		rows = rows[:len(rows)-1]
	}
	return rows, book.Whole()
}

// noBars is a vote in as few rows as there can be.
const noBars = -1

// vote is the question, each option with its votes, and how many there are; air is how
// many blank lines part the options.
func (d *desk) vote(inner, air int) []string {
	t, p := d.m.theme, d.sight.Page
	var rows []string
	for _, line := range style.Paragraphs(p.Question, inner-4) {
		rows = append(rows, "  "+t.Heading(line))
	}
	if air >= 0 {
		rows = append(rows, "")
	}
	for i := range p.Options {
		rows = append(rows, d.votesOf(i, inner, air != noBars)...)
		for range air {
			rows = append(rows, "")
		}
	}
	return append(rows, d.votesCast(inner))
}

// votesOf is an option and its votes: on a row of their own, with a bar, or behind it.
func (d *desk) votesOf(i, inner int, bars bool) []string {
	t, o := d.m.theme, d.sight.Page.Options[i]
	votes, total := d.ballot.votes[i], len(d.ballot.cast)
	share := ""
	if total > 0 {
		share = text.Percent(int64(votes), int64(total))
	}
	slot := "  "
	if d.ballot.revealed && o.Right {
		slot = t.Mark(style.OK, style.Done) + " "
	}
	label := slot + t.Bold(style.Accent, strconv.Itoa(i+1)) + t.PadLeft(t.Text(style.Strong, o.Value), 8) + "   " + t.Text(style.Strong, o.Text)
	counted := t.PadLeft(t.Text(style.Strong, strconv.Itoa(votes)), 6) + t.PadLeft(t.Text(style.Dim, share), 9)
	if !bars {
		return []string{t.Row(label, t.Text(style.Strong, strconv.Itoa(votes)), inner)}
	}
	bar := max(inner-voteLead-17, 8)
	full := style.Share(int64(votes), int64(max(total, 1)), bar)
	return []string{
		t.Pad(label, inner),
		strings.Repeat(" ", voteLead-1) + t.Mark(style.Accent, strings.Repeat(style.BarDone, full)) + t.Mark(style.Line, strings.Repeat(style.RuleToDo, bar-full)) + counted,
	}
}

// voteLead is the column after which an option's words stand.
const voteLead = 15

// votesCast says how many voted, and where the answer is.
func (d *desk) votesCast(inner int) string {
	t, total := d.m.theme, len(d.ballot.cast)
	answer := t.Text(style.Dim, text.HiddenAnswer)
	if right := slices.IndexFunc(d.sight.Page.Options, func(o lesson.Option) bool { return o.Right }); d.ballot.revealed && right >= 0 {
		answer = t.Mark(style.OK, style.Done) + " " + t.Text(style.Strong, text.RightAnswerIs(right+1))
	}
	return t.Row(strings.Repeat(" ", voteLead-1)+t.Text(style.Strong, strconv.Itoa(total))+" "+t.Text(style.Dim, text.VotesWord(total)), answer, inner)
}
