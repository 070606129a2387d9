package text

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine"
)

// Status is the lab's three memories, as plain values.
type Status struct {
	Day, Folder, Student, Variant string
	Source                        SourceStatus
	Checkpoint                    CheckpointStatus
	Table                         TableStatus
	Extraction                    ExtractionStatus
}

// ExtractionStatus is how far the extraction is; LastDay is nil when nobody knows.
type ExtractionStatus struct {
	LastDay *string
	Skipped int64
}

// SourceStatus is the landing folder. Rows is nil when nobody counted them.
type SourceStatus struct {
	Path  string
	Files int64
	Rows  *int64
	Bytes int64
}

// CheckpointStatus is the stream's memory. Nil pointers are what it does not have.
type CheckpointStatus struct {
	Path                       string
	Exists                     bool
	QueryID                    *string
	Planned, Confirmed, Schema *int64
	Seen                       *int64
}

// TableStatus is the Delta table.
type TableStatus struct {
	Name, Path                  string
	Exists                      bool
	Version, Rows, Files, Bytes *int64
}

const notYet = "no existe todavía"

// String draws the three memories under each other.
func (s Status) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "Día %s · alumno %s · variante %s\n", Sanitize(s.Day), Sanitize(s.Student), Sanitize(s.Variant))
	fmt.Fprintf(&out, "Carpeta %s\n\n", Sanitize(s.Folder))
	block(&out, "Origen", s.Source.line(), s.Source.Path)
	block(&out, "Checkpoint", s.Checkpoint.line(), s.Checkpoint.Path)
	block(&out, "Tabla", s.Table.line(), s.Table.Path)
	block(&out, "Extracción", s.Extraction.line(), "")
	return strings.TrimSuffix(out.String(), "\n")
}

func block(out *strings.Builder, title, line, path string) {
	fmt.Fprintf(out, "%s\n  %s\n", title, line)
	if path != "" {
		fmt.Fprintf(out, "  %s\n", Sanitize(path))
	}
	out.WriteByte('\n')
}

func (s SourceStatus) line() string {
	parts := []string{Files(s.Files)}
	if s.Rows != nil {
		parts = append(parts, Rows(*s.Rows))
	}
	return strings.Join(append(parts, Bytes(s.Bytes)), ", ")
}

func (c CheckpointStatus) line() string {
	if !c.Exists {
		return notYet
	}
	parts := []string{}
	if c.QueryID != nil {
		parts = append(parts, "consulta "+ShortID(*c.QueryID))
	}
	parts = append(parts, "lote planeado "+orNone(c.Planned)+", confirmado "+orNone(c.Confirmed))
	if c.Seen != nil {
		parts = append(parts, Count(*c.Seen, "archivo visto", "archivos vistos"))
	}
	if c.Schema != nil {
		parts = append(parts, "esquema "+Number(*c.Schema))
	}
	return strings.Join(parts, ", ")
}

func (t TableStatus) line() string {
	if !t.Exists {
		return Sanitize(t.Name) + ": " + notYet
	}
	parts := []string{}
	if t.Version != nil {
		parts = append(parts, "versión "+Number(*t.Version))
	}
	if t.Rows != nil {
		parts = append(parts, Rows(*t.Rows))
	}
	if t.Files != nil {
		parts = append(parts, Files(*t.Files))
	}
	if t.Bytes != nil {
		parts = append(parts, Bytes(*t.Bytes))
	}
	return Sanitize(t.Name) + ": " + strings.Join(parts, ", ")
}

func (e ExtractionStatus) line() string {
	switch {
	case e.LastDay == nil:
		return "no se sabe hasta dónde llega el cursor: «extraccion/cursor.json» no se puede leer"
	case e.Skipped > 0:
		return "el cursor está en " + Sanitize(*e.LastDay) + ", y antes se saltó " + Count(e.Skipped, "día", "días")
	default:
		return "el cursor está en " + Sanitize(*e.LastDay) + ", el último día extraído"
	}
}

func orNone(n *int64) string {
	if n == nil {
		return "ninguno"
	}
	return Number(*n)
}

// Counted is the answer of «lab contar».
func Counted(table string, rows int64) string {
	return Sanitize(table) + ": " + Rows(rows)
}

// Extracted tells where a day's rows went; file is empty for a day without rows.
func Extracted(file string, rows int64, origin string) string {
	if file == "" {
		return "Ese día no tiene filas: no se crea ningún archivo."
	}
	return Rows(rows) + " " + originName(origin) + " en " + quote(file) + "."
}

func originName(origin string) string {
	switch origin {
	case "dsn":
		return "de tu base de datos"
	case "cluster":
		return "de la base de datos del laboratorio"
	default:
		return "de los datos incluidos"
	}
}

// NewDay tells that the simulated day moved on and what landed.
func NewDay(day, file string, rows int64, origin string) string {
	return "Hoy es " + Sanitize(day) + ". " + Extracted(file, rows, origin)
}

// Acted tells what a command did to which folders; none means there was nothing to do.
func Acted(what, nothing string, paths []string) string {
	if len(paths) == 0 {
		return nothing
	}
	var out strings.Builder
	out.WriteString(what)
	for _, p := range paths {
		out.WriteString("\n  " + Sanitize(p))
	}
	return out.String()
}

// What the commands that act say: when they did something, and when there was nothing.
const (
	TableDropped      = "Tabla borrada; está en la papelera y «lab deshacer» la devuelve."
	NoTable           = "No había tabla que borrar."
	CheckpointDeleted = "Checkpoint borrado; está en la papelera y «lab deshacer» lo devuelve."
	NoCheckpoint      = "No había checkpoint que borrar."
	Undone            = "La última eliminación está deshecha."
	NothingToUndo     = "No había nada que deshacer."
	ResetDone         = "El laboratorio está otra vez al principio."
	NothingToReset    = "El laboratorio ya estaba al principio."
	Landed            = "Archivos en el origen; la próxima carga los verá."
	NothingLanded     = "No había archivos que traer."
	StatementDone     = "Hecho."
)

// Shown says how much of a result is on the screen: always all of it.
func Shown(rows int64) string { return Rows(rows) + "." }

// Check is one test of «lab doctor».
type Check struct {
	Name, Detail string
	OK           bool
	Note         bool // nothing depends on it
}

// Checkup draws the tests and says in the end whether the lab can run here.
func Checkup(ok bool, checks []Check) string {
	var out strings.Builder
	width := 0
	for _, c := range checks {
		width = max(width, Width(c.title()))
	}
	for _, c := range checks {
		sign := "bien"
		switch {
		case !c.OK:
			sign = "MAL "
		case c.Note:
			sign = "nota"
		}
		line := sign + "  " + c.title() + strings.Repeat(" ", width-Width(c.title())) + "  " + c.detail()
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if ok {
		out.WriteString("\nEste equipo puede ejecutar el laboratorio.\n")
	} else {
		out.WriteString("\nAlgo impide usar el laboratorio: mira las líneas que dicen MAL.\n")
	}
	return out.String()
}

// title is the test's name as a person reads it; programs have the other.
func (c Check) title() string {
	if title, known := checkTitles[c.Name]; known {
		return title
	}
	return Sanitize(c.Name)
}

var checkTitles = map[string]string{
	CheckVersion: "versión", CheckPostgres: "PostgreSQL", engine.ProbeDuckDB: "DuckDB", engine.ProbeFixtures: "datos incluidos",
}

var daysAndRows = regexp.MustCompile(`^(\S+) … (\S+): (\d+)$`)

func (c Check) detail() string {
	if parts := daysAndRows.FindStringSubmatch(c.Detail); parts != nil && c.Name == engine.ProbeFixtures {
		rows, _ := strconv.ParseInt(parts[3], 10, 64)
		return "del " + parts[1] + " al " + parts[2] + ", " + Rows(rows)
	}
	return Sanitize(c.Detail)
}

// Names of the tests that the command itself adds to the engine's.
const (
	CheckVersion  = "version"
	CheckTerminal = "terminal"
	CheckColours  = "colores"
	CheckPostgres = "postgresql"
)

// Colours describes what the interface would look like: the theme, and what the
// terminal says of its colours.
func Colours(theme, colorterm string) string {
	if colorterm == "" {
		return "tema " + theme
	}
	return "tema " + theme + ", COLORTERM=" + Sanitize(colorterm)
}

// Terminal describes where the output goes, and the size of the terminal that there is:
// none is 0 × 0.
func Terminal(isTerminal bool, columns, lines int, kind string) string {
	size := fmt.Sprintf("%d×%d, TERM=%s", columns, lines, kind)
	switch {
	case isTerminal:
		return size
	case columns > 0:
		return size + "; la salida va a un archivo o a otro programa"
	}
	return "ninguna, la salida va a un archivo o a otro programa"
}

// Version is the one line of «lab --version».
func Version(version, system string) string { return "lab " + version + " (" + system + ")" }

// Unreleased is the version of a program that nobody released.
const Unreleased = "desarrollo"

// Commit is one version of a table. Texts that it has not are empty; Writer is who wrote
// it, where that was not the lab.
type Commit struct {
	Version                               int64
	At                                    time.Time // local
	Operation, Rows, Query, Batch, Writer string
}

// HistoryTable is «lab historial», the newest first.
func HistoryTable(commits []Commit) string {
	columns := []Column{
		{Title: "versión", Numbers: true}, {Title: "hora"}, {Title: "operación"}, {Title: "filas", Numbers: true},
		{Title: "consulta"}, {Title: "lote", Numbers: true},
	}
	foreign := slices.ContainsFunc(commits, func(c Commit) bool { return c.Writer != "" })
	if foreign {
		columns = append(columns, Column{Title: "escrita por"})
	}
	rows := make([][]Cell, len(commits))
	for i, c := range commits {
		written := c.Rows
		if n, err := strconv.ParseInt(c.Rows, 10, 64); err == nil {
			written = Number(n)
		}
		line := []string{Number(c.Version), DayAndMonth(c.At) + " " + c.At.Format("15:04"), c.Operation, written, ShortID(c.Query), c.Batch}
		if foreign {
			line = append(line, or(c.Writer, "este laboratorio"))
		}
		for _, value := range line {
			rows[i] = append(rows[i], Cell{Text: or(value, None)})
		}
	}
	return Table(columns, rows)
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// ColumnTitle is a result's column as a person reads it: DuckDB calls a count otherwise
// than Spark.
func ColumnTitle(name string) string {
	if name == "count_star()" {
		return "count(1)"
	}
	return name
}
