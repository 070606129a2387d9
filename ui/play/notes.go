package play

import (
	"context"
	"path/filepath"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Notes are an instructor's, of a lesson by its id or number, and of the step it
// is at. Without an id it is the lesson in which something was done last. The
// progress is read anew: another process may be playing.
func (c *Classroom) Notes(ctx context.Context, id string) (text.Notes, error) {
	room, err := Open(ctx, c.dir, c.runner, c.now)
	if err != nil {
		return text.Notes{}, err
	}
	if id == "" {
		var seen Overview
		for _, l := range room.Lessons() {
			if l.Seen.After(seen.Seen) {
				seen = l
			}
		}
		if id = seen.ID; id == "" {
			return text.Notes{}, text.NoNotes()
		}
	}
	lesson := room.library.Lesson(id)
	if lesson == nil || len(lesson.Steps) == 0 {
		return text.Notes{}, text.UnknownLesson(id)
	}
	return room.notes(lesson), nil
}

func (c *Classroom) notes(lesson *lessons.Lesson) text.Notes {
	s := &Session{room: c, lesson: lesson, dir: filepath.Join(c.dir, lessonsFolder, lesson.ID), record: c.progress.Lessons[lesson.ID]}
	if s.record == nil {
		s.record = lessons.NewRecord()
	}
	s.index = max(0, lesson.Step(s.record.Step))
	if s.recall() { // what the texts were computed from last
		s.now = s.lastSeen()
	}
	step, m := lesson.Steps[s.index], s.moment(s.index)
	notes := text.Notes{
		Number: lesson.Number, Lesson: lesson.Title, Notes: lesson.Notes, Index: s.index + 1, Steps: len(lesson.Steps),
		Step: step.Title, Solution: append([]string{}, step.Solution...), Options: []text.NotesOption{},
	}
	if s.index+1 < len(lesson.Steps) {
		notes.Next = lesson.Steps[s.index+1].Title
	}
	if step.Question == nil {
		return notes
	}
	notes.Question = s.text(step.Question.Text, m)
	for _, choice := range step.Question.Options {
		option := text.NotesOption{Text: s.text(choice.Text, m), Right: choice.Idea == "", Why: s.text(choice.Why, m)}
		if idea, ok := c.library.Idea(choice.Idea); ok {
			option.Idea = idea.Name
		}
		notes.Options = append(notes.Options, option)
	}
	return notes
}

// lastSeen is the state of the newest step that kept one.
func (s *Session) lastSeen() lessons.World {
	for i := s.index; i >= 0; i-- {
		kept := s.memory.Steps[s.lesson.Steps[i].ID]
		if i < s.index && kept.After != nil {
			return kept.After.of(s.lesson)
		}
		if kept.Before != nil {
			return kept.Before.of(s.lesson)
		}
	}
	return s.memory.Start.of(s.lesson)
}
