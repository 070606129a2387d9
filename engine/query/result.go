package query

import "strings"

// Column is one of a result's. No two of a result have one name. Type is Spark's name: STRING, BIGINT, DATE,
// DECIMAL(10,2), ARRAY<INT>…; a DuckDB type that Spark lacks is named after the
// one that holds it (HUGEINT is DECIMAL(38,0)).
type Column struct{ Name, Type string }

// Result is what a statement answered. Values are nil (NULL), bool, int64,
// float32, float64, string (dates as YYYY-MM-DD and times of day too),
// json.Number (decimals and integers beyond int64, all digits), time.Time
// (instants, UTC), []byte, []any and Object.
type Result struct {
	Columns []Column
	Rows    [][]any
	Changed bool // the statement changed something; there are no columns then
}

// JSON is an array of objects, members in the columns' order.
func (r *Result) JSON() ([]byte, error) {
	out := []byte{'['}
	for i, row := range r.Rows {
		if i > 0 {
			out = append(out, ',')
		}
		object := make(Object, len(row))
		for c, value := range row {
			object[c] = Member{r.Columns[c].Name, value}
		}
		encoded, err := object.MarshalJSON()
		if err != nil {
			return nil, err
		}
		out = append(out, encoded...)
	}
	return append(out, ']'), nil
}

// CSV is RFC 4180 with a header line. NULL is an empty cell, the empty string "".
func (r *Result) CSV() ([]byte, error) {
	var out strings.Builder
	if len(r.Columns) == 0 {
		return nil, nil
	}
	for i, column := range r.Columns {
		writeCell(&out, i, column.Name, false)
	}
	out.WriteString("\r\n")
	for row := range r.Rows {
		for col := range r.Columns {
			cell, isNull := r.Text(row, col)
			writeCell(&out, col, cell, isNull)
		}
		out.WriteString("\r\n")
	}
	return []byte(out.String()), nil
}

func writeCell(out *strings.Builder, col int, cell string, isNull bool) {
	if col > 0 {
		out.WriteByte(',')
	}
	switch {
	case isNull:
	case cell == "", strings.ContainsAny(cell, ",\"\r\n"):
		out.WriteString(quoteName(cell))
	default:
		out.WriteString(cell)
	}
}

// Text is one cell for a reader: instants as RFC 3339, bytes in base64, nested
// values as JSON. What comes from data is not escaped for a terminal here.
func (r *Result) Text(row, col int) (cell string, isNull bool) {
	v := r.Rows[row][col]
	return textOf(v), v == nil
}
