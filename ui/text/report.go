package text

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"autoloaderlab/engine/failure"
)

// Report is what a student hands in. Its Markdown is made of it and nothing
// else, and carries it along at its end, so that whoever verifies can make the
// page again and compare.
type Report struct {
	Version int            `json:"version"`
	Name    string         `json:"nombre"`
	At      time.Time      `json:"hora"`
	Lessons []ReportLesson `json:"lecciones"`
	Asked   []ReportAnswer `json:"preguntas"` // all of the notebook's, in their order
}

// ReportLesson is one lesson that was begun.
type ReportLesson struct {
	ID          string             `json:"id"`
	Number      int                `json:"numero"`
	Title       string             `json:"titulo"`
	Done        bool               `json:"hecha"`
	Passed      int                `json:"pasos_hechos"`
	Steps       int                `json:"pasos"`
	Minutes     int                `json:"minutos"`
	Attempts    int                `json:"intentos"`
	Hints       int                `json:"pistas"` // steps in which one was asked for
	Predictions []ReportPrediction `json:"predicciones"`
	Tables      []ReportTable      `json:"tablas"`
	Cells       []ReportCell       `json:"celdas,omitempty"`
}

// ReportCell is a cell of SQL that was run in a step, and what it answered.
type ReportCell struct {
	Step    string     `json:"paso"`
	Number  int        `json:"celda"`
	SQL     string     `json:"sentencia"`
	At      time.Time  `json:"hora"`
	Columns []string   `json:"columnas"`
	Rows    [][]string `json:"filas"`
	More    int        `json:"mas,omitempty"`
	Hidden  int        `json:"ocultas,omitempty"`
}

// ReportPrediction is what was expected and what came.
type ReportPrediction struct {
	Step      string    `json:"paso"`
	Question  string    `json:"pregunta"`
	Predicted string    `json:"prediccion"`
	Value     string    `json:"valor,omitempty"`
	Why       string    `json:"porque,omitempty"`
	Settled   bool      `json:"resuelta"`
	Result    string    `json:"resultado,omitempty"`
	Right     bool      `json:"acertada"`
	DontKnow  bool      `json:"no_lo_se,omitempty"`
	At        time.Time `json:"hora"`
}

// ReportTable is one of a lesson's tables as the lesson left it.
type ReportTable struct {
	Name       string         `json:"nombre"`
	Rows       int64          `json:"filas"`
	Version    int64          `json:"version"`
	Source     int64          `json:"filas_origen"`
	Query      string         `json:"consulta"`
	TableID    string         `json:"tabla"`
	History    []ReportCommit `json:"historial"`
	Unreadable bool           `json:"historial_ilegible,omitempty"`
}

// ReportCommit is one version of a table.
type ReportCommit struct {
	Version   int64  `json:"version"`
	Operation string `json:"operacion"`
	Query     string `json:"consulta,omitempty"`
	Batch     string `json:"lote,omitempty"`
	Rows      string `json:"filas,omitempty"`
}

// Adds tells whether the rows are those that the table's own history wrote: what
// was done more often than a lesson asks for leaves others than its story.
func (t ReportTable) Adds() bool {
	rows, created := int64(0), false
	for _, c := range t.History {
		if c.Version > t.Version {
			continue
		}
		created = created || c.Version == 0
		written, err := strconv.ParseInt(c.Rows, 10, 64)
		if c.Rows != "" && err != nil {
			return false
		}
		rows += written
	}
	return created && rows == t.Rows
}

// ReportAnswer is one of the notebook's questions. Answer is empty where its step was
// not come to.
type ReportAnswer struct {
	Lesson   int    `json:"leccion"`
	Title    string `json:"titulo"`
	Question string `json:"pregunta"`
	Answer   string `json:"respuesta"`
	SQL      string `json:"consulta_sql,omitempty"`
	Result   string `json:"resultado,omitempty"`
	Own      string `json:"propia,omitempty"`
}

const (
	reportData   = "```json\n"
	reportEnd    = "\n```\n"
	reportDigest = "Huella: "
)

// Markdown is the page, with its data and its digest at the end.
func (r Report) Markdown() (string, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	r.head(&out)
	for _, lesson := range r.Lessons {
		lesson.write(&out)
	}
	r.questions(&out)
	out.WriteString("## Datos del informe\n\nDe aquí lo lee «lab informe --verificar»: no lo cambies.\n\n")
	out.WriteString(reportData + string(data) + reportEnd + "\n" + reportDigest + r.digest(data) + "\n")
	return out.String(), nil
}

// digest is over name, predictions, answers and all the rest of the data. It
// shows a change; it is no signature, for its recipe is public.
func (r Report) digest(data []byte) string {
	return fmt.Sprintf("%x", sha256.Sum256(append([]byte("autoloaderlab "+r.Name+"\n"), data...)))
}

func (r Report) head(out *strings.Builder) {
	made, right, settled := 0, 0, 0
	for _, lesson := range r.Lessons {
		for _, p := range lesson.Predictions {
			made++
			if p.Settled {
				settled++
			}
			if p.Right {
				right++
			}
		}
	}
	fmt.Fprintf(out, "# Informe del laboratorio de Auto Loader\n\n- Nombre: %s\n- Fecha: %s\n", markdown(orUnnamed(r.Name)), Day(r.At))
	fmt.Fprintf(out, "- Predicciones: %s; con resultado, %s; %s\n\n", Number(int64(made)), Number(int64(settled)), Count(int64(right), "acertada", "acertadas"))
	if len(r.Lessons) == 0 {
		out.WriteString("Todavía no has empezado ninguna lección.\n\n")
	}
}

func orUnnamed(name string) string {
	if name == "" {
		return "(sin nombre)"
	}
	return name
}

func (l ReportLesson) write(out *strings.Builder) {
	state := "En curso"
	if l.Done {
		state = "Hecha"
	}
	fmt.Fprintf(out, "## Lección %d. %s\n\n", l.Number, markdown(l.Title))
	fmt.Fprintf(out, "%s: %s de %s, %s, %s, pistas en %s.\n\n", state, Number(int64(l.Passed)), Count(int64(l.Steps), "paso", "pasos"),
		Count(int64(l.Minutes), "minuto", "minutos"), Count(int64(l.Attempts), "intento", "intentos"), Count(int64(l.Hints), "paso", "pasos"))
	l.predictions(out)
	l.cells(out)
	for _, table := range l.Tables {
		table.write(out)
	}
}

func (l ReportLesson) predictions(out *strings.Builder) {
	if len(l.Predictions) == 0 {
		return
	}
	out.WriteString("### Predicciones y lo que pasó\n\n| Pregunta | Predicho | Ha salido | |\n|---|---|---|---|\n")
	for _, p := range l.Predictions {
		predicted := p.Predicted
		if p.Value != "" {
			predicted = p.Value + ", " + predicted
		}
		mark := "pendiente"
		switch {
		case p.Right:
			mark = "acertada"
		case p.Settled && p.DontKnow:
			mark = "no lo sabía"
		case p.Settled:
			mark = "salió otra cosa"
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s |\n", markdown(p.Question), markdown(predicted), markdown(p.Result), mark)
	}
	out.WriteByte('\n')
	reasons := false
	for _, p := range l.Predictions {
		if p.Why != "" {
			fmt.Fprintf(out, "- %s Porque: %s\n", markdown(p.Question), markdown(because(p.Why)))
			reasons = true
		}
	}
	if reasons {
		out.WriteByte('\n')
	}
}

// because is a reason without the word that the page puts before it.
func because(why string) string {
	const lead = "porque "
	if len(why) > len(lead) && strings.EqualFold(why[:len(lead)], lead) {
		return why[len(lead):]
	}
	return why
}

func (t ReportTable) write(out *strings.Builder) {
	fmt.Fprintf(out, "### Tabla %s\n\n- Filas en la tabla: %s; en el origen: %s\n", code1(t.Name), Number(t.Rows), Number(t.Source))
	if t.Query != "" {
		fmt.Fprintf(out, "- Consulta: %s\n", markdown(t.Query))
	}
	if t.TableID != "" {
		fmt.Fprintf(out, "- Identificador de la tabla: %s\n", markdown(t.TableID))
	}
	out.WriteByte('\n')
	if len(t.History) == 0 {
		return
	}
	out.WriteString("| Versión | Operación | Consulta | Lote | Filas |\n|---|---|---|---|---|\n")
	for _, c := range t.History {
		fmt.Fprintf(out, "| %d | %s | %s | %s | %s |\n", c.Version, markdown(c.Operation), markdown(or(ShortID(c.Query), None)), markdown(or(c.Batch, None)), markdown(or(c.Rows, None)))
	}
	out.WriteByte('\n')
}

// questions are all of the notebook's: what the student says to each, and the evidence.
func (r Report) questions(out *strings.Builder) {
	if len(r.Asked) == 0 {
		return
	}
	answered := 0
	for _, a := range r.Asked {
		if a.Own != "" {
			answered++
		}
	}
	fmt.Fprintf(out, "## Las preguntas del cuaderno\n\nRespondidas con mis palabras: %s de %s.\n\n", Number(int64(answered)), Number(int64(len(r.Asked))))
	for i, a := range r.Asked {
		if i == 0 || r.Asked[i-1].Lesson != a.Lesson {
			fmt.Fprintf(out, "### Lección %d. %s\n\n", a.Lesson, markdown(a.Title))
		}
		fmt.Fprintf(out, "#### %s\n\n", markdown(a.Question))
		a.write(out)
	}
}

func (a ReportAnswer) write(out *strings.Builder) {
	switch {
	case a.Own == "" && a.Answer == "":
		fmt.Fprintf(out, "Sin responder: su paso de la lección %d no está hecho todavía.\n\n", a.Lesson)
		return
	case a.Own == "":
		out.WriteString("Con mis palabras: sin responder.\n\n")
	default:
		out.WriteString("Con mis palabras:\n\n")
		for _, line := range strings.Split(a.Own, "\n") {
			out.WriteString(strings.TrimRight("> "+markdown(line), " ") + "  \n") // two spaces break the line
		}
		out.WriteByte('\n')
	}
	if a.Answer == "" {
		return
	}
	fmt.Fprintf(out, "Con los números de mi disco: %s\n\n", markdown(Plain(a.Answer)))
	if a.SQL == "" {
		return
	}
	fmt.Fprintf(out, "Prueba: %s\n\n", code1(a.SQL))
	proof := ProofOf(a.Result)
	table(out, proof.Columns, proof.Rows, proof.More, 0)
}

// table writes rows as Markdown, and says what it leaves out.
func table(out *strings.Builder, columns []string, rows [][]string, more, hidden int) {
	if len(rows) == 0 {
		return
	}
	line := func(cells []string) {
		for _, cell := range cells {
			out.WriteString("| " + markdown(cell) + " ")
		}
		out.WriteString("|\n")
	}
	line(columns)
	out.WriteString(strings.Repeat("|---", len(columns)) + "|\n")
	for _, row := range rows {
		line(row)
	}
	out.WriteByte('\n')
	if rest := OutputRest(more, hidden); rest != "" {
		out.WriteString(markdown(rest) + "\n\n")
	}
}

// cells are what the student asked the tables in the steps.
func (l ReportLesson) cells(out *strings.Builder) {
	if len(l.Cells) == 0 {
		return
	}
	out.WriteString("### Consultas que ejecuté\n\n")
	for _, c := range l.Cells {
		fmt.Fprintf(out, "- Celda %d, %s UTC: %s\n\n", c.Number, c.At.UTC().Format("2006-01-02 15:04"), code1(c.SQL))
		table(out, c.Columns, c.Rows, c.More, c.Hidden)
	}
}

// code1 is a piece of code on one line.
func code1(s string) string {
	return "`" + strings.ReplaceAll(Sanitize(strings.Join(strings.Fields(s), " ")), "`", "'") + "`"
}

// markdown makes a text from outside safe on a page: one line, without marks.
func markdown(s string) string {
	breaks := func(r rune) bool { return unicode.IsSpace(r) && string(r) != Space } // a number keeps its thousands together
	line := escapes.Replace(Sanitize(strings.Join(strings.FieldsFunc(s, breaks), " ")))
	return edgeUnderscore.ReplaceAllStringFunc(line, func(found string) string { return strings.ReplaceAll(found, "_", `\_`) })
}

var escapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "<", `\<`, "#", `\#`, "`", "\\`", "[", `\[`)

// edgeUnderscore is one that could be a mark: those between letters and digits are not,
// and names are read better without a stroke before them.
var edgeUnderscore = regexp.MustCompile(`(^|[^\pL\pN])_+|_+([^\pL\pN_]|$)`)

// The ways in which a report may be other than it was written.
var (
	ErrNoReport = errors.New("no report")
	ErrEdited   = errors.New("edited")
)

// ParseReport reads a page that Markdown made: ErrNoReport for anything else,
// ErrEdited when page, data and digest do not fit together; the data is given
// all the same.
func ParseReport(page string) (Report, error) {
	page = strings.ReplaceAll(strings.TrimPrefix(page, "\ufeff"), "\r\n", "\n")
	_, rest, found := lastCut(page, reportData)
	data, tail, closed := strings.Cut(rest, reportEnd)
	var r Report
	if !found || !closed || json.Unmarshal([]byte(data), &r) != nil || r.Version != 1 {
		return Report{}, ErrNoReport
	}
	again, err := r.Markdown()
	if err != nil {
		return r, err
	}
	_, digest, _ := strings.Cut(tail, reportDigest)
	if strings.TrimSpace(again) != strings.TrimSpace(page) || strings.TrimSpace(digest) != r.digest([]byte(data)) {
		return r, ErrEdited
	}
	return r, nil
}

func lastCut(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// ReportCheck is what verifying one report found.
type ReportCheck struct {
	File        string   `json:"archivo"`
	Name        string   `json:"nombre"`
	Done        int      `json:"lecciones_hechas"`
	Predictions int      `json:"predicciones"`
	Right       int      `json:"acertadas"`
	OK          bool     `json:"ok"`
	Faults      []string `json:"no_encaja"`
	Ask         []string `json:"para_preguntar"` // what may have a good reason
}

// Class is a table of the class.
func Class(checks []ReportCheck) string {
	columns := []Column{{Title: "nombre"}, {Title: "lecciones", Numbers: true}, {Title: "predicciones", Numbers: true}, {Title: "acertadas", Numbers: true}, {Title: "informe"}}
	rows := make([][]Cell, len(checks))
	var faults strings.Builder
	for i, c := range checks {
		state := "encaja"
		switch {
		case !c.OK:
			state = "no encaja"
		case strings.TrimSpace(c.Name) == "":
			state = "sin nombre"
		case len(c.Ask) > 0:
			state = "pregunta"
		}
		rows[i] = []Cell{{Text: orUnnamed(c.Name)}, {Text: Number(int64(c.Done))}, {Text: Number(int64(c.Predictions))}, {Text: Number(int64(c.Right))}, {Text: state}}
		for _, fault := range append(slices.Clone(c.Faults), c.Ask...) {
			faults.WriteString("\n" + Sanitize(c.File) + ": " + fault)
		}
	}
	return Table(columns, rows) + faults.String() + "\n" + ReportLimits
}

// ReportLimits says what verifying can and cannot tell.
const ReportLimits = "Se detectan los cambios en la página, las copias entre nombres y los informes que se contradicen. Un resultado distinto del que da el motor puede venir de haber hecho algo más en el paso: ahí solo se propone preguntar. Quien rehaga los datos y su huella con cuidado no se detecta: no es una firma."

// What verifying may find.
const (
	ReportEdited   = "la página, sus datos y su huella no concuerdan: se ha editado."
	ReportNotOne   = "no es un informe de este laboratorio."
	ReportUnnamed  = "le falta el nombre; lo demás se ha mirado igual. Se guarda con «lab informe --nombre NOMBRE», y el informe se escribe otra vez."
	ReportNoReport = "no se puede leer."
)

// ReportCopied is evidence that two reports share.
func ReportCopied(id, other string) string {
	return "el identificador " + ShortID(id) + " está también en " + quote(other) + ": una consulta o una tabla es de una sola persona."
}

// ReportOther is a result that the replayed story does not give.
func ReportOther(lesson int, question, got, want string) string {
	return fmt.Sprintf("lección %d, %s: al informe le salió %s y el motor da %s. Pregúntale qué hizo en ese paso.", lesson, quote(question), quote(got), quote(want))
}

// ReportContradicts is a prediction that is marked as it did not come out.
func ReportContradicts(lesson int, question, predicted, result string, right bool) string {
	mark := "fallada"
	if right {
		mark = "acertada"
	}
	return fmt.Sprintf("lección %d, %s: está marcada como %s, y predijo %s con resultado %s.", lesson, quote(question), mark, quote(predicted), quote(result))
}

// ReportUnknown is a lesson or question that this program does not have.
func ReportUnknown(what string) string {
	return quote(Sanitize(what)) + " no está en las lecciones de este programa."
}

// ReportRows is a table that the replayed story leaves with other rows.
func ReportRows(table string, got, want int64) string {
	return quote(table) + " acaba con " + Rows(got) + " y el motor deja " + Rows(want) + "."
}

// ReportNeedsName asks for what a report must have.
const ReportNeedsName = "El informe no lleva tu nombre: ponlo con «lab informe --nombre NOMBRE»."

// NoReports is a folder without Markdown files.
func NoReports(path string) Message {
	return wrong("En "+quote(path)+" no hay ningún informe.",
		"Un informe es un archivo de Markdown, acabado en «.md».",
		"Da el archivo, o la carpeta en la que están los de la clase.")
}

// ReportsDoNotFit is a verification that found something.
func ReportsDoNotFit() Message {
	return Message{Class: failure.DamagedFile, What: "Algún informe no encaja.",
		Why: "No es como el programa lo escribió, se contradice, o comparte datos con otro.", Try: "Mira la lista: nombra cada informe y lo que no encaja."}
}

// ReportRead is over a report that is read in the program.
const ReportRead = "Tu informe"

// ReportLine is a line of a report as it is read in the program.
type ReportLine struct {
	Heading bool
	Words   string
}

// ReportLines are a page that Markdown made without its marks and its data, which are
// for whoever verifies.
func ReportLines(page string) (lines []ReportLine) {
	page, _, _ = lastCut(page, "## Datos del informe")
	for _, line := range strings.Split(page, "\n") {
		line = strings.TrimSpace(line)
		words := strings.TrimSpace(strings.TrimLeft(line, "#"))
		if words == "" || strings.HasPrefix(line, "|---") {
			continue
		}
		heading := words != line
		if cells, isRow := strings.CutPrefix(words, "| "); isRow {
			words = strings.Join(strings.Split(strings.TrimRight(cells, " |"), " | "), " · ")
		}
		lines = append(lines, ReportLine{heading, Sanitize(unescape.ReplaceAllString(words, "$1"))})
	}
	return lines
}

// unescape takes away the strokes that a mark is written with.
var unescape = regexp.MustCompile(`\\([\\|*<#\x60\[_])`)
