package lesson

import (
	"strings"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// outputGap parts columns; leastColumn is the least a column is cut to.
const (
	outputGap   = 2
	leastColumn = 8
)

// output draws what a cell answered below it: a small table. What it has no room for
// is told.
func (d *drawing) output(i int, o *Output) {
	if o == nil {
		return
	}
	from := len(d.lines)
	d.table(o)
	d.mark(outputPart+part(i), from)
}

// table draws an answer's rows below its columns.
func (d *drawing) table(o *Output) {
	widths := d.columns(o)
	d.add(d.outputRow(style.Dim, o, widths, o.Columns))
	for _, row := range o.Rows {
		d.add(d.outputRow(style.Strong, o, widths, row))
	}
	if note := text.OutputRest(o.More, o.Hidden+len(o.Columns)-len(widths)); note != "" {
		d.add("  " + d.t.Text(style.Dim, note))
	}
}

// columns are the widths of those that have room: the widest is cut first, and
// then the last fall out.
func (d *drawing) columns(o *Output) []int {
	widths := make([]int, len(o.Columns))
	for c, name := range o.Columns {
		widths[c] = style.Width(name)
		for _, row := range o.Rows {
			widths[c] = max(widths[c], style.Width(row[c]))
		}
	}
	for {
		total := outputGap * len(widths)
		widest := 0
		for c, w := range widths {
			total += w
			if w > widths[widest] {
				widest = c
			}
		}
		switch {
		case total <= d.w || len(widths) == 1 && widths[0] <= leastColumn:
			return widths
		case widths[widest] > max(leastColumn, style.Width(o.Columns[widest])):
			widths[widest] = max(leastColumn, style.Width(o.Columns[widest]), widths[widest]-(total-d.w))
		case len(widths) == 1:
			widths[0] = leastColumn
		default:
			widths = widths[:len(widths)-1]
		}
	}
}

// outputRow is one row of the columns that have room.  A path that is cut keeps its
// end, which names the file.
func (d *drawing) outputRow(role style.Role, o *Output, widths []int, values []string) string {
	var out strings.Builder
	for c, w := range widths {
		value := values[c]
		if strings.Contains(value, "/") {
			value = d.t.CutLeft(value, w)
		} else {
			value = d.t.Cut(value, w)
		}
		out.WriteString(strings.Repeat(" ", outputGap))
		if painted := d.t.Text(role, value); o.Numbers[c] {
			out.WriteString(d.t.PadLeft(painted, w))
		} else {
			out.WriteString(d.t.Pad(painted, w))
		}
	}
	return strings.TrimRight(out.String(), " ")
}
