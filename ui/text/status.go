package text

import (
	"fmt"
	"strings"
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
	for _, c := range checks {
		sign := "bien"
		switch {
		case !c.OK:
			sign = "MAL "
		case c.Note:
			sign = "nota"
		}
		fmt.Fprintf(&out, "%s  %s", sign, Sanitize(c.Name))
		if c.Detail != "" {
			out.WriteString(": " + Sanitize(c.Detail))
		}
		out.WriteByte('\n')
	}
	if ok {
		out.WriteString("\nEste equipo puede ejecutar el laboratorio.\n")
	} else {
		out.WriteString("\nAlgo impide usar el laboratorio: mira las líneas que dicen MAL.\n")
	}
	return out.String()
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

// Terminal describes where the output goes.
func Terminal(isTerminal bool, columns, lines int, kind string) string {
	if !isTerminal {
		return "ninguna: la salida va a un archivo o a otro programa"
	}
	return fmt.Sprintf("%d×%d, TERM=%s", columns, lines, kind)
}

// Version is the one line of «lab --version».
func Version(version, system string) string { return "lab " + version + " (" + system + ")" }

// Unreleased is the version of a program that nobody released.
const Unreleased = "desarrollo"

// HistoryColumns are those of «lab historial».
var HistoryColumns = []Column{
	{Title: "versión", Numbers: true}, {Title: "hora"}, {Title: "operación"}, {Title: "filas", Numbers: true}, {Title: "escrita por"},
}
