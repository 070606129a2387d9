package stream

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// Progress is one entry of a query's progress, in the words and the order of
// Spark's StreamingQueryProgress.
type Progress struct {
	ID                     string           `json:"id"`
	RunID                  string           `json:"runId"`
	QueryName              *string          `json:"name"`
	Timestamp              string           `json:"timestamp"` // when the trigger began, UTC
	BatchID                BatchID          `json:"batchId"`
	BatchDuration          int64            `json:"batchDuration"`
	NumInputRows           int64            `json:"numInputRows"`
	InputRowsPerSecond     rate             `json:"inputRowsPerSecond"`
	ProcessedRowsPerSecond rate             `json:"processedRowsPerSecond"`
	DurationMs             map[string]int64 `json:"durationMs"`
	StateOperators         []string         `json:"stateOperators"` // none: the load keeps no state
	Sources                []SourceProgress `json:"sources"`
	Sink                   SinkProgress     `json:"sink"`
}

// SourceProgress is the source's share. The metrics' values are text, as Auto Loader's are.
type SourceProgress struct {
	Description            string            `json:"description"`
	StartOffset            *LogOffset        `json:"startOffset"`
	EndOffset              *LogOffset        `json:"endOffset"`
	LatestOffset           *LogOffset        `json:"latestOffset"`
	NumInputRows           int64             `json:"numInputRows"`
	InputRowsPerSecond     rate              `json:"inputRowsPerSecond"`
	ProcessedRowsPerSecond rate              `json:"processedRowsPerSecond"`
	Metrics                map[string]string `json:"metrics"`
}

// SinkProgress is the sink's share. Delta's sink never counts its rows here: -1.
type SinkProgress struct {
	Description   string `json:"description"`
	NumOutputRows int64  `json:"numOutputRows"`
}

// LogOffset is an offset as the file source writes it.
type LogOffset struct {
	LogOffset Offset `json:"logOffset"`
}

// rate always has a decimal point and never an exponent, as in Spark's JSON.
type rate float64

func (r rate) MarshalJSON() ([]byte, error) {
	text := strconv.FormatFloat(float64(r), 'f', -1, 64)
	if r == rate(math.Trunc(float64(r))) {
		text += ".0"
	}
	return []byte(text), nil
}

// record notes the progress of a batch that is over.
func (r *run) record(b Batch, rows int64) {
	p := r.progress(b.ID, rows)
	p.Sources[0].StartOffset, p.Sources[0].EndOffset = offsetAfter(b.From), offsetAfter(b.To)
	r.summary.Progress = append(r.summary.Progress, p)
}

// idle notes that a run had nothing to do; after a batch Spark says nothing more.
func (r *run) idle(at Position) {
	if r.summary.Batches > 0 {
		return
	}
	p := r.progress(at.Batch, 0)
	p.Sources[0].StartOffset, p.Sources[0].EndOffset = offsetAfter(at.From), offsetAfter(at.From)
	r.summary.Progress = append(r.summary.Progress, p)
}

func (r *run) progress(id BatchID, rows int64) Progress {
	r.trigger.stop("triggerExecution")
	took := r.trigger.ms["triggerExecution"]
	left := r.Source.Outstanding()
	processed := rate(0)
	if took > 0 {
		processed = rate(float64(rows) * 1000 / float64(took))
	}
	return Progress{
		ID: r.ID, RunID: r.RunID,
		Timestamp: r.trigger.began.UTC().Format("2006-01-02T15:04:05.000Z"),
		BatchID:   id, BatchDuration: took, NumInputRows: rows, ProcessedRowsPerSecond: processed,
		DurationMs: r.trigger.ms, StateOperators: []string{},
		Sources: []SourceProgress{{
			Description: r.Source.String(), NumInputRows: rows, ProcessedRowsPerSecond: processed,
			Metrics: map[string]string{
				"numFilesOutstanding": strconv.Itoa(left.Files),
				"numBytesOutstanding": strconv.FormatInt(left.Bytes, 10),
			},
		}},
		Sink: SinkProgress{Description: r.Sink.String(), NumOutputRows: -1},
	}
}

// offsetAfter is null before the first entry.
func offsetAfter(o Offset) *LogOffset {
	if o == NoOffset {
		return nil
	}
	return &LogOffset{o}
}

// JSON is p on one line.
func (p Progress) JSON() ([]byte, error) { return json.Marshal(p) }

// stopwatch takes the times of one trigger, in milliseconds by name.
type stopwatch struct {
	now   func() time.Time
	began time.Time
	ms    map[string]int64
}

func startWatch(now func() time.Time) stopwatch {
	return stopwatch{now: now, began: now(), ms: map[string]int64{}}
}

func (s stopwatch) time(name string, do func() error) error {
	began := s.now()
	err := do()
	s.ms[name] = s.now().Sub(began).Milliseconds()
	return err
}

func (s stopwatch) stop(name string) { s.ms[name] = s.now().Sub(s.began).Milliseconds() }
