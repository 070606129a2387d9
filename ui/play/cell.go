package play

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine/query"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// Output is what a cell answered: the columns that the step shows of it.
type Output struct {
	Columns []OutputColumn `json:"columnas"`
	Rows    [][]string     `json:"filas"`
	Hidden  int            `json:"ocultas,omitempty"` // columns that are not among them
	More    int            `json:"mas,omitempty"`     // rows that are not
	SQL     string         `json:"sentencia,omitempty"`
	At      time.Time      `json:"hora"` // when it was asked
}

// OutputColumn is one of an Output's. Numbers stand at the right.
type OutputColumn struct {
	Name    string `json:"nombre"`
	Numbers bool   `json:"numeros,omitempty"`
}

// Cells are the present step's.
func (s *Session) Cells() []Cell {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	step := s.lesson.Steps[s.index]
	past := s.index < s.furthest()
	var cells []Cell
	for i, cell := range s.cells() {
		shown := Cell{Cell: cell}
		if action, ok := cell.Runs(); ok {
			shown.State, shown.At = s.stateOf(action, step.On)
			if output, ran := s.memory.Steps[step.ID].Shown[i]; ran && (past || shown.State == HasRun) {
				shown.State, shown.Output = HasRun, &output
			}
			if looks(action) && shown.Output == nil && !past && !s.locked() && !offers(step, action) {
				shown.Run = &action
			}
		}
		cells = append(cells, shown)
	}
	return cells
}

// cells are the present step's, their code filled in. The caller holds the mutex.
func (s *Session) cells() []lessons.Cell {
	cells := slices.Clone(s.lesson.Steps[s.index].Cells)
	for i := range cells {
		cells[i].Code = s.text(cells[i].Code, s.moment(s.index))
	}
	return cells
}

// offers tells whether an action is one of the step's own.
func offers(step *lessons.Step, a Action) bool {
	return slices.ContainsFunc(actions(step.Actions), func(known Action) bool { return known.Covers(a) && len(known.Args) == len(a.Args) })
}

// keepOutput notes what was answered below the present step's cells that asked it.
func (s *Session) keepOutput(a Action, outcome Outcome) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	step := s.lesson.Steps[s.index]
	for i, cell := range s.cells() {
		action, ok := cell.Runs()
		if !ok || s.index < s.furthest() || action.String() != a.String() {
			continue
		}
		output, answered := outputOf(outcome, cell.Columns)
		if !answered {
			continue
		}
		m := s.memory.Steps[step.ID]
		if m.Shown == nil {
			m.Shown = map[int]Output{}
		}
		output.SQL, output.At = strings.TrimSpace(cell.Code), s.room.now().UTC()
		m.Shown[i] = output
		s.memory.Steps[step.ID] = m
	}
}

// outputRows is how many rows a step shows of an answer.
const outputRows = 8

// outputOf is what a step shows of an answer; false when there is none.
func outputOf(o Outcome, columns []string) (Output, bool) {
	switch {
	case o.Rows != nil:
		return Output{Columns: []OutputColumn{{"count(1)", true}}, Rows: [][]string{{strconv.FormatInt(*o.Rows, 10)}}}, true
	case o.Result == nil || len(o.Result.Columns) == 0:
		return Output{}, false
	}
	r := o.Result
	if len(columns) == 0 {
		for _, c := range r.Columns {
			columns = append(columns, c.Name)
		}
	}
	out := Output{Rows: [][]string{}, Hidden: max(0, len(r.Columns)-len(columns)), More: max(0, len(r.Rows)-outputRows)}
	for _, name := range columns {
		_, key, inMap := strings.Cut(name, ".")
		at, _ := columnAt(r, name)
		if !inMap {
			key = name
		}
		out.Columns = append(out.Columns, OutputColumn{key, inMap || at >= 0 && isNumber(r.Columns[at].Type)})
	}
	for i := range r.Rows[:min(len(r.Rows), outputRows)] {
		row := make([]string, len(columns))
		for c, name := range columns {
			row[c] = valueAt(r, i, name)
		}
		out.Rows = append(out.Rows, row)
	}
	return out, true
}

// columnAt finds «columna» or «columna.clave».
func columnAt(r *query.Result, name string) (at int, key string) {
	column, key, _ := strings.Cut(name, ".")
	return slices.IndexFunc(r.Columns, func(c query.Column) bool { return c.Name == name || c.Name == column }), key
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// valueAt is one value as it is shown: ids short, as everywhere; NULL for none.
func valueAt(r *query.Result, row int, name string) string {
	at, key := columnAt(r, name)
	if at < 0 {
		return "NULL"
	}
	value, null := r.Text(row, at)
	if members, ok := r.Rows[row][at].(query.Object); ok && key != "" {
		null = true
		for _, m := range members {
			if m.Name == key && m.Value != nil {
				value, null = fmt.Sprint(m.Value), false
			}
		}
	} else if key != "" {
		null = true
	}
	switch {
	case null:
		return "NULL"
	case uuid.MatchString(value):
		return text.ShortID(value)
	}
	return text.Sanitize(value)
}

func isNumber(sqlType string) bool {
	kind, _, _ := strings.Cut(sqlType, "(")
	return slices.Contains([]string{"TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL"}, kind)
}

// emptyColumns are the columns of an answer that have no value in any row.
func emptyColumns(o Output) (names []string) {
	for c, column := range o.Columns {
		if !slices.ContainsFunc(o.Rows, func(row []string) bool { return row[c] != "NULL" }) {
			names = append(names, column.Name)
		}
	}
	return names
}
