package play

import (
	"slices"

	"autoloaderlab/ui/text"
)

// Closing is what a lesson comes to at its end.
type Closing struct {
	Learn       []string                // what the student knows now
	Predictions []text.ReportPrediction // against their results
	Right       int
	Notebook    Notebook
	Next        *Overview // the lesson after this one; nil when it was the last
}

// Closing sums the lesson up.
func (s *Session) Closing() Closing {
	list := s.room.Lessons()
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	c := Closing{Learn: s.lesson.Learn, Notebook: questions(s.lesson, s.record)}
	for i, step := range s.lesson.Steps {
		p, made := s.record.Predictions[step.ID]
		if !made {
			continue
		}
		c.Predictions = append(c.Predictions, s.reportPrediction(i, p))
		if p.Right {
			c.Right++
		}
	}
	if at := slices.IndexFunc(list, func(o Overview) bool { return o.ID == s.lesson.ID }); at >= 0 && at+1 < len(list) {
		c.Next = &list[at+1]
	}
	return c
}
