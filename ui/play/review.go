package play

import (
	"context"
	"strconv"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Review is a question on an earlier lesson, asked before the first step.
type Review struct {
	From    string // the earlier lesson's title
	Text    string
	Options []string
	Chosen  int  // -1: not answered
	Again   bool // it was missed in an earlier lesson, and comes back
	Ahead   bool // that lesson was never begun: there is nothing to remember yet
}

// mostAgain is how many missed questions come back at once.
const mostAgain = 2

// asked is one question: the lesson that asks it, and its place there.
type asked struct {
	lesson *lessons.Lesson
	index  int
	again  bool
}

func (a asked) question() lessons.Review { return a.lesson.Review[a.index] }

// key is the question's in the lesson's record.
func (a asked) key() string { return strconv.Itoa(a.index + 1) }

// reviewsFor lists what a session asks: the lesson's own questions, and some that
// earlier lessons asked and that were missed. It is made once, so that a number
// names the same question until the end. The caller holds the mutex.
func (c *Classroom) reviewsFor(lesson *lessons.Lesson) []asked {
	var list []asked
	for i := range lesson.Review {
		list = append(list, asked{lesson, i, false})
	}
	again := 0
	for _, earlier := range c.library.Lessons {
		record := c.progress.Lessons[earlier.ID]
		if record == nil || earlier.Number >= lesson.Number {
			continue
		}
		for i, question := range earlier.Review {
			a := asked{earlier, i, true}
			chosen, answered := record.Review[a.key()]
			if answered && again < mostAgain && !isRight(question, chosen) {
				list, again = append(list, a), again+1
			}
		}
	}
	return list
}

func isRight(q lessons.Review, option int) bool {
	return option >= 0 && option < len(q.Options) && q.Options[option].Right
}

// Reviews are the lesson's, and some that were missed before.
func (s *Session) Reviews() []Review {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	var list []Review
	for i, a := range s.asks {
		question := a.question()
		review := Review{From: question.From, Text: question.Text, Chosen: -1, Again: a.again}
		if earlier := s.room.library.Lesson(question.From); earlier != nil {
			review.From = earlier.Title
			record := s.room.progress.Lessons[earlier.ID]
			review.Ahead = record == nil || len(record.Passed) == 0
		}
		for _, option := range question.Options {
			review.Options = append(review.Options, option.Text)
		}
		if chosen, ok := s.room.progress.Lessons[a.lesson.ID].Review[a.key()]; ok && (!a.again || s.answered[i]) {
			review.Chosen = chosen
		}
		list = append(list, review)
	}
	return list
}

// AnswerReview answers one of Reviews: whether it is right, and why.
func (s *Session) AnswerReview(_ context.Context, question, option int) (right bool, why string, err error) {
	s.acting.Lock()
	defer s.acting.Unlock()
	if question < 0 || question >= len(s.asks) || option < 0 || option >= len(s.asks[question].question().Options) {
		return false, "", text.NoSuchOption(option+1, 0)
	}
	s.room.mu.Lock()
	a := s.asks[question]
	s.room.progress.Lessons[a.lesson.ID].Review[a.key()] = option
	s.answered[question] = true
	chosen := a.question().Options[option]
	s.room.mu.Unlock()
	return chosen.Right, chosen.Why, s.keep()
}
