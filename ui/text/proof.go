package text

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Proof is what the evidence of one of the notebook's questions answered, as a table to
// be read: of a table's history, what tells its loads apart.
type Proof struct {
	Columns []string
	Numbers []bool // by column: they stand at the right
	Rows    [][]string
	More    int // rows that are not shown
}

// proofRows is how many rows of an answer are shown.
const proofRows = 6

// ProofOf reads an answer as query.Result writes it as JSON; empty when it has no rows.
func ProofOf(result string) Proof {
	rows := objects(result)
	if len(rows) == 0 {
		return Proof{}
	}
	p := Proof{More: max(0, len(rows)-proofRows)}
	rows = rows[:len(rows)-p.More]
	places := columnsOf(rows[0])
	for _, at := range places {
		p.Columns = append(p.Columns, at.title)
		text := func(o object) bool { return !isNumeric(o.at(at.keys)) }
		value := func(o object) bool { return o.at(at.keys) != nil }
		p.Numbers = append(p.Numbers, !slices.ContainsFunc(rows, text) && slices.ContainsFunc(rows, value))
	}
	for _, row := range rows {
		var line []string
		for _, at := range places {
			line = append(line, valueShown(at.of(row)))
		}
		p.Rows = append(p.Rows, line)
	}
	return p
}

// place is where in an object a column's values are.
type place struct {
	title string
	keys  []string
}

// historyPlaces are what is shown of a table's history.
var historyPlaces = []place{
	{"versión", []string{"version"}}, {"operación", []string{"operation"}},
	{"consulta", []string{"operationParameters", "queryId"}}, {"lote", []string{"operationParameters", "epochId"}},
	{"filas", []string{"operationMetrics", "numOutputRows"}},
}

// of is the place's value in a row; a metric, which is written as text, as a number.
func (p place) of(row object) any {
	value := row.at(p.keys)
	if digits, ok := value.(string); ok && len(p.keys) > 1 && wholeNumber.MatchString(digits) {
		return json.Number(digits)
	}
	return value
}

func columnsOf(first object) []place {
	if first.at([]string{"operation"}) != nil && first.at([]string{"version"}) != nil {
		return historyPlaces
	}
	var places []place
	for _, m := range first {
		places = append(places, place{m.name, []string{m.name}})
	}
	return places
}

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

func (o object) at(keys []string) any {
	for _, m := range o {
		if m.name != keys[0] {
			continue
		}
		var value any
		decoder := json.NewDecoder(bytes.NewReader(m.value))
		decoder.UseNumber()
		if decoder.Decode(&value) != nil {
			return nil
		}
		for _, key := range keys[1:] {
			inner, _ := value.(map[string]any)
			value = inner[key]
		}
		return value
	}
	return nil
}

// objects reads an array of objects; nil for anything else.
func objects(result string) []object {
	var rows []json.RawMessage
	if json.Unmarshal([]byte(result), &rows) != nil {
		return nil
	}
	var out []object
	for _, row := range rows {
		o, ok := members(row)
		if !ok {
			return nil
		}
		out = append(out, o)
	}
	return out
}

func members(row json.RawMessage) (o object, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(row))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, false
	}
	for decoder.More() {
		name, err := decoder.Token()
		m := member{}
		if m.name, ok = name.(string); err != nil || !ok || decoder.Decode(&m.value) != nil {
			return nil, false
		}
		o = append(o, m)
	}
	return o, true
}

var wholeNumber = regexp.MustCompile(`^-?\d+$`)

// isNumeric is true of numbers, of metrics that are written as text, and of nothing.
func isNumeric(value any) bool {
	switch value := value.(type) {
	case nil, json.Number:
		return true
	case string:
		return wholeNumber.MatchString(value)
	}
	return false
}

// valueShown is one value: counts in groups, ids short, «–» for none.
func valueShown(value any) string {
	switch value := value.(type) {
	case nil:
		return None
	case json.Number:
		if n, err := value.Int64(); err == nil {
			return Number(n)
		}
		return value.String()
	case string:
		switch {
		case uuidOnly.MatchString(value):
			return ShortID(value)
		case value == "":
			return "''"
		}
		return Sanitize(strings.Join(strings.Fields(value), " "))
	}
	return Sanitize(fmt.Sprint(value))
}

// None stands where a table has no value.
const None = "–"

var uuidOnly = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
