package stream_test

import (
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/stream"
)

// planned is an offset log in which batch i ends at entry planned[i]; -1 is a hole.
type planned []stream.Offset

func (p planned) Latest() (stream.BatchID, stream.Plan, bool, error) {
	for id := len(p) - 1; id >= 0; id-- {
		if plan, ok, _ := p.Get(stream.BatchID(id)); ok {
			return stream.BatchID(id), plan, true, nil
		}
	}
	return 0, stream.Plan{}, false, nil
}

func (p planned) Get(id stream.BatchID) (stream.Plan, bool, error) {
	if int(id) >= len(p) || p[id] < 0 {
		return stream.Plan{}, false, nil
	}
	return stream.Plan{To: p[id], Time: time.UnixMilli(int64(id))}, true, nil
}

func (planned) Add(stream.BatchID, stream.Plan) error { return nil }
func (planned) Purge(stream.BatchID) error            { return nil }

// confirmed is a commit log whose newest entry it is; -1 is an empty one.
type confirmed stream.BatchID

func (c confirmed) Latest() (stream.BatchID, bool, error) { return stream.BatchID(c), c >= 0, nil }
func (confirmed) Add(stream.BatchID) error                { return nil }
func (confirmed) Purge(stream.BatchID) error              { return nil }

// The cases are those that a real Spark was seen in.
func TestWhereAStreamStands(t *testing.T) {
	for _, test := range []struct {
		name    string
		plans   planned
		commits confirmed
		batch   stream.BatchID
		from    stream.Offset
		replay  bool
	}{
		{"an empty checkpoint begins at batch 0", nil, -1, 0, stream.NoOffset, false},
		{"all confirmed: the next batch", planned{0, 1}, 1, 2, 1, false},
		{"batch 0 planned and not confirmed: again from the beginning", planned{0}, -1, 0, stream.NoOffset, true},
		{"batch 1 planned and not confirmed: again, after batch 0's last entry", planned{0, 1}, 0, 1, 0, true},
		{"the source log ran ahead in a crash: batch 1 ends at entry 2", planned{0, 2}, 1, 2, 2, false},
		{"all of commits/ lost: only the newest batch again", planned{0, 1, 2}, -1, 2, 1, true},
		{"offsets/1 lost, commits/1 kept: batch 0 again, and its commit will clash", planned{0}, 1, 0, stream.NoOffset, true},
		{"all of offsets/ lost, commits/ kept: batch 0, and its commit will clash", nil, 1, 0, stream.NoOffset, false},
		{"old entries purged", planned{-1, -1, 2, 3}, 3, 4, 3, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := stream.Stand(test.plans, test.commits)
			if err != nil || got.Batch != test.batch || got.From != test.from || (got.Planned != nil) != test.replay {
				t.Errorf("got %+v, %v; want batch %d after %d, replay %v", got, err, test.batch, test.from, test.replay)
			}
		})
	}
}

func TestAStreamNeverStartsFromNothingForWantOfAPlan(t *testing.T) {
	for _, commits := range []confirmed{-1, 0, 1} {
		if _, err := stream.Stand(planned{-1, 1}, commits); !failure.Is(err, failure.OffsetLogIncomplete) {
			t.Errorf("offsets/0 missing below offsets/1, commits up to %d: got %v, want %s", commits, err, failure.OffsetLogIncomplete)
		}
	}
}
