package plain

import (
	"io"
	"strings"

	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// notebook lists the notebook's questions: those that are answered with both answers.
func (l *lesson) notebook(answers []lessons.Answer) {
	if len(answers) == 0 {
		return
	}
	l.gap()
	l.say(text.PlainNotebook)
	waiting := false
	for i, a := range answers {
		l.say(text.PlainQuestion(i+1, a.Question, a.Own != "", a.Draft != ""))
		if a.Own != "" {
			l.answers(a)
		}
		waiting = waiting || a.Own == ""
	}
	if waiting {
		l.say(text.PlainHowToAsk)
	}
}

// answers tells the student's words and, after them, the answer with its proof.
func (l *lesson) answers(a lessons.Answer) {
	if a.Own != "" {
		l.say(text.PlainOwn)
		for _, line := range strings.Split(a.Own, "\n") {
			l.line("  " + line)
		}
	}
	l.say(text.PlainAnswer + " " + a.Answer)
	if a.SQL == "" {
		return
	}
	l.say(text.PlainSQL)
	l.code(a.SQL)
	proof := text.ProofOf(a.Result)
	for _, row := range proof.Rows {
		l.line(proof.PlainProofRow(row))
	}
	l.say(text.OutputRest(proof.More, 0))
}

// asked is the question that a line begins with the number of, and the rest of the
// line. False is told.
func (l *lesson) asked(line string) (a lessons.Answer, rest string, ok bool) {
	verdict, err := l.Check(l.ctx)
	if err != nil {
		l.refuse(err)
		return a, "", false
	}
	n, rest, isNumber := number(line)
	if !isNumber || n < 1 || n > len(verdict.Questions) {
		l.refuse(text.NoSuchOption(n, len(verdict.Questions)))
		return a, "", false
	}
	return verdict.Questions[n-1], rest, true
}

// own keeps the student's words on one of the step's questions, and tells the answer.
func (l *lesson) own(line string) error {
	question, words, ok := l.asked(line)
	if !ok {
		return nil
	}
	if words == "" {
		written, err := l.lines()
		if err != nil || written == "" {
			return err
		}
		words = written
	}
	return l.after(l.Answer(l.ctx, question.Question, words), func() error {
		l.say(text.PlainOwnWords)
		question.Own = "" // it has just been written
		l.answers(question)
		return nil
	})
}

// lines reads an answer of several lines; an empty one ends it, and the end of the input.
func (l *lesson) lines() (string, error) {
	l.say(text.PlainTell)
	var written []string
	for {
		line, err := l.read()
		if err != nil && err != io.EOF {
			return "", err
		}
		if line == "" {
			return strings.Join(written, "\n"), nil
		}
		written = append(written, line)
	}
}

// model tells the answer to a question that was not answered.
func (l *lesson) model(line string) error {
	if question, _, ok := l.asked(line); ok {
		l.answers(question)
	}
	return nil
}
