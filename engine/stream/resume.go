package stream

import (
	"fmt"

	"autoloaderlab/engine/failure"
)

// Position is where a stream stands: the batch to run next, after which entry
// its range begins and, when it was planned but not confirmed, its plan.
type Position struct {
	Batch   BatchID
	From    Offset
	Planned *Plan
}

// Stand derives the position from the two logs alone. A first run, a run after
// another and a run after a crash at any seam all begin with this function.
//
//	offsets/  commits/   next
//	–         –          batch 0, from the beginning
//	0…N       0…N        batch N+1, after N's last entry
//	0…N       0…N−1      batch N again, exactly as planned
//
// A lost commits/ repeats the newest batch, and the sink tells whether it has
// it. A lost offsets/N−1 is an error: to start from nothing would load twice
// (Spark, MicroBatchExecution.populateStartOffsets).
func Stand(plans PlanLog, commits CommitLog) (Position, error) {
	newest, plan, any, err := plans.Latest()
	if err != nil {
		return Position{}, fmt.Errorf("read the offset log: %w", err)
	}
	if !any {
		return Position{Batch: 0, From: NoOffset}, nil
	}
	from, err := endOf(plans, newest-1)
	if err != nil {
		return Position{}, err
	}
	confirmed, any, err := commits.Latest()
	if err != nil {
		return Position{}, fmt.Errorf("read the commit log: %w", err)
	}
	if any && confirmed == newest {
		return Position{Batch: newest + 1, From: plan.To}, nil
	}
	return Position{Batch: newest, From: from, Planned: &plan}, nil
}

// endOf is the entry at which batch id ended: nothing comes before batch 0.
func endOf(plans PlanLog, id BatchID) (Offset, error) {
	if id < 0 {
		return NoOffset, nil
	}
	plan, ok, err := plans.Get(id)
	switch {
	case err != nil:
		return 0, fmt.Errorf("read the offset log: %w", err)
	case !ok:
		return 0, failure.New(failure.OffsetLogIncomplete, "read the offset log", fmt.Sprintf("offsets/%d", id))
	default:
		return plan.To, nil
	}
}
