package pipeline

import (
	"slices"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// pauseTitle is «║ En pausa entre «escribir» y «tabla»».
func (p painter) pauseTitle() string {
	at := roomAfter[p.s.Paused]
	left := p.Mark(style.Accent, style.Seam) + " " + p.Bold(style.Accent, text.LoadPaused) + " " +
		p.Text(style.Strong, text.LoadBetween(text.LoadRooms[at], text.LoadRooms[at+1]))
	seams := p.s.seams()
	return p.Row(left, p.Text(style.Dim, text.LoadSeam(slices.Index(seams, p.s.Paused)+1, len(seams))), p.w)
}

// seams are those that this load comes to.
func (s *State) seams() []progress.Seam {
	return slices.DeleteFunc(slices.Clone(progress.Seams), func(seam progress.Seam) bool { return s.phases[roomAfter[seam]] == Unused })
}

// seam are the sections of a load that stands at one. With a head of somebody
// else's, the pause needs a line of its own.
func (p painter) seam(headed bool) []section {
	var all []section
	gap := 2
	if headed {
		all, gap = append(all, section{lines: []string{p.pauseTitle()}, gap: 1}), 1
	}
	all = append(all, section{lines: p.prose(style.Text, text.LoadReallyStops), gap: gap, weight: 2})
	all = append(all, section{lines: p.traces(), gap: 1})
	all = append(all, section{lines: []string{p.Heading(text.LoadWhatIfKilled)}, gap: 2, weight: 1})
	all = append(all, p.consequence()...)
	return append(all, section{lines: p.prose(style.Dim, text.LoadSure), gap: 1, weight: comment})
}

// consequence says what it means to end here.
func (p painter) consequence() []section {
	var all []section
	for _, paragraph := range text.LoadConsequence(p.s.stand()) {
		all = append(all, section{lines: p.prose(style.Text, paragraph), gap: 1})
	}
	return all
}

// stand is where the load stands, or stood when it ended.
func (s *State) stand() text.LoadStand {
	rows, known := s.Rows()
	if !known {
		rows = -1
	}
	stand := text.LoadStand{
		Entry: s.Entry, Files: s.Files, Version: s.Version, Rows: rows, WrittenRows: s.WrittenRows(), DataFiles: len(s.Written),
		Planned: s.Planned, Already: s.Already != nil, Remembers: s.Variant == CopyInto, Forgets: s.Variant == NoCheckpoint,
	}
	if s.Batch != nil {
		stand.Batch = *s.Batch
	}
	for _, seam := range progress.Seams {
		if s.phases[roomAfter[seam]] == Done && s.phases[Source] == Done {
			stand.Seam = seam
		}
	}
	for _, phase := range s.phases {
		stand.Inside = stand.Inside || phase == Broken
	}
	return stand
}

// traces lists the batch's files on disk, and what each means.
func (p painter) traces() []string {
	var lines []string
	stateColumn, meaningColumn, narrow := 26, 36, p.w < proseWidth
	if narrow { // the sign alone: what a file means says whether it is there
		stateColumn, meaningColumn = 23, 26
	}
	there, missing, unsure := text.Space+text.LoadThere, text.Space+text.LoadMissing, text.Space+text.LoadUnsure
	if narrow {
		there, missing, unsure = "", "", ""
	}
	for _, trace := range p.s.OnDisk() {
		sign, name, state := p.traceSign(trace), style.Text, p.Mark(style.OK, style.Done)+p.Text(style.Text, there)
		switch trace.Presence {
		case Missing:
			name, state = style.Dim, p.Text(style.Dim, style.Waiting+missing)
		case Unsure:
			name, state = style.Dim, p.Text(style.Dim, "?"+unsure)
		}
		shown := p.CutMiddle(text.Sanitize(trace.Name), 19)
		if trace.More > 0 {
			shown = text.LoadDataFiles(trace.More + 1)
		}
		line := p.Pad(sign+" "+p.Text(name, shown), stateColumn-1) + " "
		line = p.Pad(line+state, meaningColumn-1) + " "
		lines = append(lines, line+p.Text(style.Dim, p.s.meaning(trace)))
	}
	return lines
}

func (p painter) traceSign(trace Trace) string {
	room := map[Kind]Room{SourceEntry: Discover, Offset: Plan, Data: Write, Version: Commit, CommitEntry: Confirm}[trace.Kind]
	if trace.Presence == Present {
		return p.Mark(roomSigns[room].role, roomSigns[room].full)
	}
	return p.Text(style.Dim, roomSigns[room].not)
}

// meaning is what a file's presence says.
func (s *State) meaning(trace Trace) string {
	there := trace.Presence == Present
	switch trace.Kind {
	case SourceEntry:
		return text.LoadNoted(s.Files, !s.Replayed)
	case Offset:
		if trace.Presence == Unsure {
			return text.LoadWholeOrNot
		}
		return text.LoadPlan(*s.Batch, there)
	case Data:
		return s.dataMeaning(trace)
	case Version:
		switch {
		case s.Already != nil:
			return text.LoadHadTxn(s.Already.TxnVersion)
		case trace.Presence == Unsure && s.phases[Commit] == Broken:
			return text.LoadWholeOrNot
		case trace.Presence == Unsure:
			return text.LoadAskTable
		}
		return text.LoadVersion(s.Version, there)
	default:
		switch {
		case there:
			return text.LoadConfirmed
		case trace.Presence == Unsure:
			return text.LoadWholeOrNot
		}
		return text.LoadUnconfirmed
	}
}

func (s *State) dataMeaning(trace Trace) string {
	switch {
	case trace.Presence == Present:
		return text.LoadOrphans(s.WrittenRows(), s.phases[Commit] == Done)
	case trace.Presence == Unsure:
		return text.LoadDataMaybe
	case s.Already != nil:
		return text.LoadDataSpared
	default:
		return text.LoadNoData
	}
}
