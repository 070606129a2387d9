package plain

import "autoloaderlab/ui/text"

// closing tells what the lesson has come to, and what comes next.
func (l *lesson) closing() {
	c := l.Closing()
	l.gap()
	l.say(text.LessonFinished + ".")
	l.say(text.NowYouKnow + ":")
	for _, item := range c.Learn {
		l.line("  - " + item)
	}
	if len(c.Predictions) > 0 {
		l.say(text.YourPredictions + ": " + text.RightOf(c.Right, len(c.Predictions)) + ".")
		for _, p := range c.Predictions {
			l.line("  - " + p.Question + " " + text.PredictionOutcome(p))
		}
	}
	if n := c.Notebook; n.Asked > 0 {
		l.say(text.NotebookQuestions + ": " + text.AnsweredOf(n.Answered, n.Asked) + ".")
	}
	if c.Next == nil {
		l.say(text.NothingNext)
	} else {
		l.say(text.WhatComesNext + ": " + text.PlainTitle(c.Next.Number, c.Next.Title) + ". " + c.Next.Goal)
	}
	l.say(text.PlainFinished)
}
