package play

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"autoloaderlab/engine"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// answers are the notebook's questions that the step answers. Those that were
// answered before stay as they were.
func (s *Session) answers(step *lessons.Step, m lessons.Moment) []lessons.Answer {
	var list []lessons.Answer
	for _, q := range step.Notebook {
		answer := lessons.Answer{Question: q.Question, Answer: s.text(q.Answer, m), SQL: s.text(q.Evidence, m), At: s.room.now().UTC()}
		if known, ok := s.record.Answers[q.Question]; ok && known.Answer != "" {
			answer = known
		}
		answer.Own, answer.Draft = s.record.Answers[q.Question].Own, s.record.Answers[q.Question].Draft
		list = append(list, answer)
	}
	return list
}

// prove asks the lesson's own lab for the evidence, once.
func prove(ctx context.Context, lab *engine.Lab, a *lessons.Answer) {
	if a.SQL == "" || a.Result != "" {
		return
	}
	result, err := lab.SQL(ctx, a.SQL)
	if err != nil {
		return
	}
	if data, err := result.JSON(); err == nil {
		a.Result = string(data)
	}
}

// LongestAnswer is the most characters of an answer in a student's own words.
const LongestAnswer = 4000

// Answer keeps the student's own words on one of the lesson's questions, with the
// evidence as it is now; none take back what was answered. A draft of it is done with.
func (s *Session) Answer(ctx context.Context, question, own string) error {
	verdict, err := s.Check(ctx)
	if err != nil {
		return err
	}
	return s.write(question, func(a *lessons.Answer) {
		for _, proved := range verdict.Questions {
			if proved.Question == question {
				*a = proved
			}
		}
		a.Own, a.Draft = ownWords(own), ""
	})
}

// Draft keeps what was written and not saved. What is no other than the answer is none.
func (s *Session) Draft(_ context.Context, question, draft string) error {
	return s.write(question, func(a *lessons.Answer) {
		if a.Draft = ownWords(draft); a.Draft == a.Own {
			a.Draft = ""
		}
	})
}

// write changes what the student says to a question of the lesson.
func (s *Session) write(question string, change func(*lessons.Answer)) error {
	s.acting.Lock()
	defer s.acting.Unlock()
	s.room.mu.Lock()
	asks := func(step *lessons.Step) bool {
		return slices.ContainsFunc(step.Notebook, func(q lessons.NotebookQuestion) bool { return q.Question == question })
	}
	if !slices.ContainsFunc(s.lesson.Steps, asks) {
		s.room.mu.Unlock()
		return text.NoSuchQuestion()
	}
	answer := s.record.Answers[question]
	answer.Question = question
	change(&answer)
	s.record.Answers[question] = answer
	s.room.mu.Unlock()
	return s.keep()
}

// ownWords are what was typed or pasted as it is kept: lines of characters that are
// seen, not longer than LongestAnswer.
func ownWords(typed string) string {
	typed = strings.ToValidUTF8(strings.ReplaceAll(strings.ReplaceAll(typed, "\r\n", "\n"), "\r", "\n"), " ")
	seen := strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)) {
			return ' '
		}
		return r
	}, typed)
	lines := strings.Split(seen, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	runes := []rune(strings.Trim(strings.Join(lines, "\n"), " \n"))
	return string(runes[:min(len(runes), LongestAnswer)])
}

// Notebook counts the notebook's questions of a lesson and those that were answered in
// the student's own words.
type Notebook struct{ Answered, Asked int }

// questions counts a lesson's questions.
func questions(l *lessons.Lesson, r *lessons.Record) (n Notebook) {
	for _, step := range l.Steps {
		for _, q := range step.Notebook {
			n.Asked++
			if r != nil && r.Answers[q.Question].Own != "" {
				n.Answered++
			}
		}
	}
	return n
}
