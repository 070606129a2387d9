package play

import (
	"context"
	"testing"
)

func TestEveryLessonIsSolvedByItsOwnSolutions(t *testing.T) {
	ctx := context.Background()
	room, err := Open(ctx, t.TempDir(), InProcess{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, overview := range room.Lessons() {
		t.Run(overview.ID, func(t *testing.T) {
			err := room.Solve(ctx, overview.ID, func(s Solved) {
				for _, fault := range s.Faults {
					t.Errorf("%s: %s", s.Step.ID, fault)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
