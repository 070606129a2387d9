package lessons

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ProgressVersion is the format's. A file of a newer one is not ours to touch.
const ProgressVersion = 1

// Progress is progreso.json: what a student has done.
type Progress struct {
	Version int                `json:"version"`
	Name    string             `json:"nombre"` // as the student writes it
	Lessons map[string]*Record `json:"lecciones"`
}

// Record is one lesson's. Steps are named by their ids, so that a lesson that is
// written anew finds what is still there.
type Record struct {
	Step        string                `json:"paso"`
	Done        bool                  `json:"hecha"`
	Passed      []string              `json:"pasos_hechos"`
	Predictions map[string]Prediction `json:"predicciones"`
	First       map[string]Prediction `json:"primeras,omitempty"` // of the first attempt, when there were more
	Review      map[string]int        `json:"repaso,omitempty"`   // number of the question -> the option chosen, from 0
	Answers     map[string]Answer     `json:"respuestas"`         // the notebook's questions
	Hints       map[string]int        `json:"pistas,omitempty"`   // step -> the highest level shown
	Attempts    int                   `json:"intentos"`
	Began       time.Time             `json:"empezada"`
	Seen        time.Time             `json:"vista"`    // when something was done last
	Seconds     int                   `json:"segundos"` // spent, pauses left out
}

// Prediction is what the student believed before, and what came of it.
type Prediction struct {
	Question string    `json:"pregunta"` // as it was asked
	Option   int       `json:"opcion"`   // from 0; DontKnow for «no lo sé»
	Text     string    `json:"texto"`
	Value    string    `json:"valor,omitempty"`   // as it was shown
	Values   []any     `json:"valores,omitempty"` // of all options, when it was made
	Why      string    `json:"porque,omitempty"`
	At       time.Time `json:"hora"`
	Settled  bool      `json:"resuelta"`
	Right    bool      `json:"acertada"`
	RightOne int       `json:"correcta"`            // the right option, once settled
	Result   string    `json:"resultado,omitempty"` // what the run gave, as it is shown
}

// DontKnow is the option «no lo sé».
const DontKnow = -1

// Answer is one of the notebook's questions with its evidence.
type Answer struct {
	Question string    `json:"pregunta"`
	Answer   string    `json:"respuesta"`
	SQL      string    `json:"consulta_sql,omitempty"`
	Result   string    `json:"resultado,omitempty"` // what the SQL gave, as JSON
	Own      string    `json:"propia,omitempty"`    // in the student's words
	Draft    string    `json:"borrador,omitempty"`  // those that were not saved yet
	At       time.Time `json:"hora"`
}

// NewProgress is that of somebody who begins.
func NewProgress() *Progress {
	return &Progress{Version: ProgressVersion, Lessons: map[string]*Record{}}
}

// NewRecord is that of a lesson that begins.
func NewRecord() *Record {
	return &Record{
		Passed: []string{}, Predictions: map[string]Prediction{}, Review: map[string]int{},
		Answers: map[string]Answer{}, Hints: map[string]int{}, Attempts: 1,
	}
}

// ErrNewer is a file that a newer program wrote.
var ErrNewer = errors.New("progress of a newer version")

// DecodeProgress reads progreso.json. ErrNewer and any other error mean that the
// file is to be set aside, never overwritten.
func DecodeProgress(data []byte) (*Progress, error) {
	p := &Progress{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, err
	}
	switch {
	case p.Version > ProgressVersion:
		return nil, ErrNewer
	case p.Version < 1:
		return nil, fmt.Errorf("progress version %d", p.Version)
	}
	if p.Lessons == nil {
		p.Lessons = map[string]*Record{}
	}
	for id, record := range p.Lessons {
		if record == nil {
			delete(p.Lessons, id)
			continue
		}
		record.fill()
	}
	return p, nil
}

// fill makes the maps that the file left out.
func (r *Record) fill() {
	fresh := NewRecord()
	if r.Passed == nil {
		r.Passed = fresh.Passed
	}
	if r.Predictions == nil {
		r.Predictions = fresh.Predictions
	}
	if r.Review == nil {
		r.Review = fresh.Review
	}
	if r.Answers == nil {
		r.Answers = fresh.Answers
	}
	if r.Hints == nil {
		r.Hints = fresh.Hints
	}
	r.Attempts = max(1, r.Attempts)
}

// Encode writes progreso.json, to be read by people too.
func (p *Progress) Encode() ([]byte, error) {
	data, err := json.MarshalIndent(p, "", "  ")
	return append(data, '\n'), err
}

// HasPassed tells whether a step's goal was reached once.
func (r *Record) HasPassed(step string) bool {
	for _, id := range r.Passed {
		if id == step {
			return true
		}
	}
	return false
}

// Pass notes that a step's goal was reached.
func (r *Record) Pass(step string) {
	if !r.HasPassed(step) {
		r.Passed = append(r.Passed, step)
	}
}

// longestPause is the most that one pause counts as time spent.
const longestPause = 5 * time.Minute

// Touch counts the time since the last thing that was done.
func (r *Record) Touch(now time.Time) {
	if r.Began.IsZero() {
		r.Began = now
	} else if spent := now.Sub(r.Seen); spent > 0 {
		r.Seconds += int(min(spent, longestPause).Seconds())
	}
	r.Seen = now
}
