package play

import (
	"context"
	"testing"
)

// In all three variants of experiment 1 the comparison's «antes» is the table as it
// was before its DROP, also where the step itself loaded it first.
func TestTheComparisonIsWithWhatWasDropped(t *testing.T) {
	room, before := classroom(t, t.TempDir(), InProcess{}), map[string][]string{}
	dropped := map[string]bool{}
	err := room.Solve(context.Background(), experiment, func(s Solved) {
		if c := s.Verdict.Comparison; c != nil {
			before[s.Step.ID], dropped[s.Step.ID] = c.Before, c.Dropped
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"que-paso", "por-que-todo", "tres-memorias"} {
		if got := before[step]; len(got) == 0 || got[0] != "602" {
			t.Errorf("%s compares with %v, want the 602 rows that were dropped", step, got)
		}
	}
	if dropped["que-paso"] || !dropped["tres-memorias"] {
		t.Errorf("the cycle itself made what it dropped: %v", dropped)
	}
}
