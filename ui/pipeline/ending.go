package pipeline

import (
	"errors"
	"strings"
	"time"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/child"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

func (p painter) endingTitle() string {
	s := p.s
	bad := p.Mark(style.Bad, style.Failed) + " "
	took := ""
	if !s.Began.IsZero() {
		took = p.Text(style.Dim, text.Duration(s.Elapsed()))
	}
	if s.Finished != nil {
		took = p.Text(style.Dim, text.Duration(time.Duration(s.Finished.DurationMs)*time.Millisecond))
	}
	switch s.Ending {
	case Loaded:
		if s.lost() {
			return p.Row(bad+p.Bold(style.Bad, text.LoadLostTitle), took, p.w)
		}
		return p.Row(p.Mark(style.OK, style.Done)+" "+p.Text(style.Strong, text.LoadFinishedTitle), took, p.w)
	case NothingNew:
		return p.Row(p.Text(style.Dim, style.Same)+" "+p.Text(style.Strong, text.LoadNothingTitle), took, p.w)
	case FailedLoad:
		class := ""
		if s.Finished.Error != nil {
			class = p.Text(style.Dim, text.Sanitize(s.Finished.Error.Class))
		}
		return p.Row(bad+p.Bold(style.Bad, text.LoadFailedTitle), class, p.w)
	case CancelledLoad:
		return p.Row(bad+p.Text(style.Strong, text.LoadCancelledTitle), took, p.w)
	case KilledLoad:
		return p.Row(bad+p.Bold(style.Bad, text.LoadKilledTitle)+" "+p.Text(style.Strong, s.where()), p.Text(style.Dim, "SIGKILL"), p.w)
	default:
		return p.Row(bad+p.Bold(style.Bad, text.LoadDiedTitle), took, p.w)
	}
}

// where is the place at which the load was killed.
func (s *State) where() string {
	if at, stood := roomAfter[s.KilledAt]; stood {
		return text.LoadBetween(text.LoadRooms[at], text.LoadRooms[at+1])
	}
	for r, phase := range s.phases {
		if phase == Broken {
			return text.LoadInside(text.LoadRooms[r])
		}
	}
	return ""
}

// ending are the sections of a load that is over.
func (p painter) ending(headed bool) []section {
	var all []section
	gap := 2
	if headed {
		all, gap = append(all, section{lines: []string{p.endingTitle()}, gap: 1}), 1
	}
	add := func(gap, weight int, lines []string) {
		if len(lines) > 0 {
			all = append(all, section{lines: lines, gap: gap, weight: weight})
		}
	}
	switch s := p.s; s.Ending {
	case Loaded:
		for i, sentence := range p.loaded() {
			add(max(gap-i, 1), 0, p.prose(style.Text, sentence))
		}
		if !s.Noted {
			add(2, comment, p.files())
		}
	case NothingNew:
		add(gap, 0, p.prose(style.Text, text.LoadNothing(s.Seen, s.Variant == CopyInto, !s.Before.Table && s.Finished.TableVersion != nil)))
	case FailedLoad:
		if e := s.Finished.Error; e != nil {
			what := strings.TrimSpace(strings.TrimSuffix(e.Message, e.Why))
			add(gap, 0, p.prose(style.Strong, text.Sanitize(what)))
			add(1, 0, p.labelled(text.LoadWhy, e.Why))
			add(1, 0, p.labelled(text.LoadTry, e.ToDo))
		}
		if traces := p.traces(); len(traces) > 0 {
			add(2, 2, p.prose(style.Text, text.LoadLeftOnDisk))
			add(1, 1, traces)
		}
	case CancelledLoad:
		add(gap, 0, p.prose(style.Text, text.LoadCancelledText))
		all = append(all, p.remains(text.LoadLeftOnDisk)...)
	case KilledLoad:
		all = append(all, p.remains(text.LoadDied)...)
	default:
		add(gap, 0, p.prose(style.Text, death(s.Err)))
		add(1, 0, p.labelled(text.LoadTry, text.LoadDiedAdvice))
		all = append(all, p.remains(text.LoadLeftOnDisk)...)
	}
	for _, w := range p.s.Warnings {
		heading := p.Mark(style.Bad, style.Failed) + " " + p.Bold(style.Bad, text.LoadWarningTitle)
		message := w.Message
		if message == "" {
			message = text.Warning(w)
		}
		add(2, 0, append([]string{heading}, p.prose(style.Text, text.Sanitize(message))...))
	}
	return all
}

// lost tells whether rows of this load will never come by themselves.
func (s *State) lost() bool {
	for _, w := range s.Warnings {
		if w.Class == progress.RowsLost {
			return true
		}
	}
	return false
}

func (p painter) loaded() []string {
	s := p.s
	rows, known := s.Rows()
	if !known {
		rows = -1
	}
	sentences := text.LoadSummary(*s.Finished, rows, !s.Before.Table)
	if s.Already != nil && s.Batch != nil {
		sentences = append(sentences, text.LoadAlready(*s.Batch, *s.Already))
	}
	return sentences
}

// remains says what is on disk after an end that was none, and what comes of it.
func (p painter) remains(lead string) []section {
	traces := p.traces()
	if len(traces) == 0 {
		return []section{{lines: p.prose(style.Text, text.LoadNothingStarted), gap: 1}}
	}
	all := []section{
		{lines: p.prose(style.Text, lead), gap: 1, weight: 2},
		{lines: traces, gap: 1},
		{lines: []string{p.Heading(text.LoadWhatNext)}, gap: 2, weight: 1},
	}
	return append(all, p.consequence()...)
}

// labelled is a paragraph behind a strong word.
func (p painter) labelled(label, sentence string) []string {
	if sentence == "" {
		return nil
	}
	var lines []string
	for i, line := range style.Paragraphs(label+" "+text.Sanitize(sentence), max(min(p.w, proseWidth), 1)) {
		if rest, found := strings.CutPrefix(line, label); found && i == 0 {
			lines = append(lines, p.Text(style.Strong, label)+p.Prose(style.Text, rest))
			continue
		}
		lines = append(lines, p.Prose(style.Text, line))
	}
	return lines
}

// death tells why the child gave no last word.
func death(err error) string {
	var died *child.Died
	var broken *child.BrokenLine
	switch {
	case errors.As(err, &died) && died.Told != nil:
		return died.Told.Message
	case errors.As(err, &died):
		lines := strings.Split(strings.TrimSpace(died.Stderr), "\n")
		return text.LoadDeath(died.Exit, lines[0])
	case errors.As(err, &broken):
		return text.LoadDeath(-1, broken.Line)
	default:
		return text.LoadNoStart
	}
}
