package play

import (
	"context"
	"strings"
	"testing"
)

func TestOwnWordsAreLinesOfWhatIsSeen(t *testing.T) {
	for _, c := range []struct{ name, typed, want string }{
		{"blank ends", "  \n\n una \n\n", "una"},
		{"lines stay", "una  \r\ndos\rtres", "una\ndos\ntres"},
		{"what is not seen", "a\x1b[31m\u200bb\t\u2028c", "a [31m b  c"},
		{"no text at all", "\xff\xfeñ", "ñ"},
		{"any language", "él, 日本, ñandú", "él, 日本, ñandú"},
		{"too long", strings.Repeat("ñ", LongestAnswer+9), strings.Repeat("ñ", LongestAnswer)},
	} {
		if got := ownWords(c.typed); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// An answer has the evidence of the run it was given in: after a restart the words are
// there, and the evidence waits for the new one.
func TestAnAnswerHasItsEvidenceAndOutlivesARestart(t *testing.T) {
	ctx := context.Background()
	room := classroom(t, t.TempDir(), InProcess{})
	s, err := room.Start(ctx, "experimento-1")
	if err != nil {
		t.Fatal(err)
	}
	const question = "¿Cuántos registros hay ahora en la tabla?"
	kept := func() (own, answer, result string) {
		a := room.Progress().Lessons["experimento-1"].Answers[question]
		return a.Own, a.Answer, a.Result
	}
	if err := s.Go(ctx, s.Lesson().Step("por-que-cero")); err != nil {
		t.Fatal(err)
	}
	if err := s.Answer(ctx, "¿Otra cosa?", "x"); err == nil {
		t.Errorf("a question that nobody asks: %v", err)
	}
	if err := s.Answer(ctx, question, "Ninguno."); err != nil {
		t.Fatal(err)
	}
	if own, answer, result := kept(); own != "Ninguno." || !strings.HasPrefix(answer, "0 filas") || result != `[{"filas":0}]` {
		t.Errorf("kept %q, %q, %q", own, answer, result)
	}
	if o := room.Lessons()[4]; o.Notebook != (Notebook{Answered: 1, Asked: 3}) {
		t.Errorf("counted %+v", o.Notebook)
	}
	if err := s.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	if own, answer, result := kept(); own != "Ninguno." || answer != "" || result != "" {
		t.Errorf("after a restart %q, %q, %q", own, answer, result)
	}
}

func TestALoadWithOtherOptionsIsNotTheCells(t *testing.T) {
	s := newStudent(t)
	on := s.Step().On
	with, err := ParseAction("cargar --opcion cloudFiles.includeExistingFiles=false")
	s.must(err)
	s.memory.Journal = []entry{{Action: "cargar", On: key(on)}}
	if state, _ := s.stateOf(with, on); state != NotRun {
		t.Errorf("the cell with the option, after a load without it: %s", state)
	}
	s.memory.Journal = append(s.memory.Journal, entry{Action: with.String(), On: key(on)})
	if state, _ := s.stateOf(with, on); state != HasRun {
		t.Errorf("after its own load: %s", state)
	}
}
