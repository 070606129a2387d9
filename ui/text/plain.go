package text

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"autoloaderlab/engine/progress"
)

// Plain mode's words. Nothing is told by position, colour or sign alone: a
// screen reader reads it as it stands.
const (
	PlainMode     = "Laboratorio de Auto Loader en modo plano: solo texto, sin pantalla completa."
	PlainCommands = "Escribe «ayuda» para ver las órdenes y «salir» para terminar."
	PlainChoose   = "Escribe el número de una lección, «continuar» o «salir»."
	PlainGoodbye  = "Tu progreso está guardado. Hasta pronto."
	PlainWait     = "Preparo la lección."
	PlainReview   = "Antes de empezar, recuerda"
	PlainAgain    = "Vuelve una pregunta que se te resistió"
	PlainLearn    = "Al terminar sabrás:"
	PlainNext     = "Paso hecho. Escribe «siguiente» para seguir."
	PlainRead     = "Cuando lo hayas leído, escribe «siguiente»."
	PlainFinished = "Escribe «lecciones» para ver la lista."
	PlainDemo     = "Este paso lo hace el laboratorio. Escribe «ejecutar» para verlo."
	PlainOnce     = "No entiendo esa orden. Escribe «ayuda» para ver las que hay."
	PlainKept     = "No se ha borrado nada."
	PlainNoChoice = "Aquí no hay nada que elegir. Escribe «siguiente» para seguir."
	PlainNoHint   = "Este paso no tiene pistas."
	PlainNoCell   = "En este paso no hay ninguna celda con ese número."
	PlainRestart  = "La lección empieza otra vez, con su laboratorio recién preparado."
	PlainAskAgain = "¿Empezar la lección otra vez? Su laboratorio se prepara de nuevo. [s/N]"
	PlainWhy      = "Detrás del número puedes escribir por qué lo crees."
	PlainRight    = "Acertaste."
	PlainMoreHint = "Escribe «pista» otra vez para ver otra más clara."
	PlainDone     = "Hecho:"
)

// PlainHelp lists plain mode's commands.
const PlainHelp = `Órdenes
  un número: elige una opción, o la acción que lleva ese número
  siguiente: pasa al paso siguiente; basta con una línea vacía
  anterior: vuelve a mirar el paso anterior
  repetir: muestra otra vez el paso
  estado: muestra las tres memorias
  historial: muestra las versiones de la tabla
  ejecutar: ejecuta la carga, o lo que el paso espera
  pista: da una pista; otra vez, una más clara
  deshacer: devuelve lo último que se borró
  reiniciar: empieza la lección otra vez
  celda N: ejecuta la celda N del paso, si el paso la permite
  sql SENTENCIA: consulta las tablas de la lección
  responde N TEXTO: anota con tus palabras la respuesta a la pregunta N del cuaderno
  responde N: lo mismo en varias líneas; una línea vacía la termina
  respuesta N: muestra la respuesta del laboratorio a la pregunta N, con su prueba
  lecciones: vuelve a la lista
  salir: termina; tu progreso queda guardado
También se entienden las acciones por su nombre, como «cargar» o «borrar-tabla».
`

// PlainLesson is one line of the list of lessons. passed and steps count steps.
func PlainLesson(number int, title string, minutes, passed, steps int, state string) string {
	about := Count(int64(minutes), "minuto", "minutos")
	switch state {
	case "hecha":
		about += ", hecha"
	case "en-curso":
		about += ", en curso: " + Number(int64(passed)) + " de " + Count(int64(steps), "paso", "pasos")
	}
	return Number(int64(number)) + ". " + title + " (" + about + ")"
}

// PlainTitle heads a lesson.
func PlainTitle(number int, title string) string {
	return "Lección " + Number(int64(number)) + ". " + title
}

// PlainStep heads a step.
func PlainStep(index, steps int, phase, title string) string {
	head := "Paso " + Number(int64(index)) + " de " + Number(int64(steps))
	if name := phases[phase]; name != "" {
		head += ", " + name
	}
	return head + ". " + title
}

var phases = map[string]string{
	"predice": "predice", "ejecuta": "ejecuta", "observa": "observa", "explica": "explica", "transfiere": "transfiere",
}

// PlainCell heads a cell of the notebook.
func PlainCell(number int, language, state string) string {
	if name := languages[language]; name != "" {
		language = name
	}
	head := "Celda " + Number(int64(number)) + ", " + language
	if state != "" {
		head += ", " + state
	}
	return head + ":"
}

// PlainRunnable says how a cell is run.
func PlainRunnable(number int) string {
	n := Number(int64(number))
	return "Puedes ejecutar la celda " + n + ": escribe «celda " + n + "»."
}

// PlainVersion is one version of a table's history. What it does not have is empty.
func PlainVersion(version int64, operation, query, batch, rows string) string {
	line := "  Versión " + Number(version) + ": " + Sanitize(operation)
	if query != "" {
		line += ", consulta " + ShortID(query) + ", lote " + Sanitize(batch)
	}
	if n, err := strconv.ParseInt(rows, 10, 64); err == nil {
		line += ", " + Rows(n)
	}
	return line
}

// Gist is a name without what people leave out or add when they type it.
func Gist(name string) string {
	var words []string
	for _, word := range strings.Fields(strings.ToLower(name)) {
		switch word {
		case "el", "la", "los", "las", "un", "una", "dejar":
		default:
			words = append(words, word)
		}
	}
	return strings.Trim(strings.Join(words, " "), ".«» ")
}

// VerbNamed is the action, without more words, that a gist names.
func VerbNamed(gist string) (verb string, ok bool) {
	for verb, name := range actionNames {
		switch verb {
		case "sql", "archivo", "traer", "tardia", "extraer":
			continue
		}
		if gist == Gist(name) || gist == strings.ReplaceAll(verb, "-", " ") {
			return verb, true
		}
	}
	return "", false
}

// PlainOption is one option of a question.
func PlainOption(number int, value, text string) string {
	if value != "" {
		text = value + ", " + text
	}
	return "  " + Number(int64(number)) + ") " + text
}

// PlainPick asks for one of several options.
func PlainPick(options int) string {
	return "Elige del 1 al " + Number(int64(options)) + "."
}

// PlainNoted confirms a prediction.
func PlainNoted(option string) string { return "Anotado: " + quote(option) + "." }

// PlainActions heads what can be done in a step.
const PlainActions = "Puedes:"

// PlainAction is one action that can be done. what tells its particulars, and
// killAt the seam where a load is killed; either may be empty.
func PlainAction(number int, verb, what, killAt string) string {
	line := "  " + Number(int64(number)) + ") " + ActionName(verb)
	if args := strings.Fields(what); verb == "archivo" && len(args) > 1 {
		line = "  " + Number(int64(number)) + ") " + lowerFirst(fileDeed(args))
		what = ""
	}
	if what != "" {
		line += " (" + Sanitize(what) + ")"
	}
	if killAt != "" {
		line += " y matarla " + killedWhen(killAt)
	}
	return line
}

func lowerFirst(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToLower(s[:size]) + s[size:]
}

// killedWhen tells a seam by what had just been done there.
func killedWhen(seam string) string {
	if when, ok := seamWhen[seam]; ok {
		return when
	}
	return "en «" + Sanitize(seam) + "»"
}

var seamWhen = map[string]string{
	"descubierto":      "justo después de apuntar los archivos",
	"planeado":         "justo después de planear el lote",
	"escrito":          "justo después de escribir los datos, antes de darlos por buenos",
	"tabla_confirmada": "justo después de escribir en la tabla, antes de confirmar el lote",
}

// PlainJudged puts a prediction beside what happened.
func PlainJudged(predicted, value, result string, right, dontKnow bool) string {
	if value != "" {
		predicted = value + ", " + predicted
	}
	switch {
	case dontKnow && result == "":
		return "Dijiste que no lo sabías."
	case dontKnow:
		return "Dijiste que no lo sabías. Ha salido " + result + "."
	case right && result == "":
		return PlainRight + " Respondiste: " + quote(predicted) + "."
	case right:
		return PlainRight + " Predijiste " + quote(predicted) + " y ha salido " + result + "."
	case result == "":
		return "No era esa. Respondiste: " + quote(predicted) + "."
	default:
		return "Predijiste " + quote(predicted) + ". Ha salido " + result + "."
	}
}

// PlainCompared is one fact of a comparison: what was predicted (or empty), what
// was before, and what is now.
func PlainCompared(label, predicted, before, now string) string {
	line := "  " + label + ": antes " + orNothing(before) + ", ahora " + orNothing(now)
	if predicted != "" {
		line += ", predicho " + predicted
	}
	return line
}

// PlainEvidence is one fact, before and now.
func PlainEvidence(label, before, now string, same bool) string {
	if same {
		return "  " + label + ": " + orNothing(now) + ", igual que antes"
	}
	return "  " + label + ": antes " + orNothing(before) + ", ahora " + orNothing(now)
}

func orNothing(value string) string {
	if value == "" {
		return "nada"
	}
	return value
}

// PlainCompare and PlainProofs head the two lists.
const (
	PlainCompare  = "Comparación:"
	PlainProofs   = "Pruebas:"
	PlainReason   = "Por qué:"
	PlainThere    = "En Databricks:"
	PlainMore     = "Para saber más:"
	PlainNotebook = "Preguntas del cuaderno:"
	PlainSQL      = "Prueba:"
	PlainOwn      = "Con tus palabras:"
	PlainAnswer   = "Con los números de tu disco:"
	PlainOwnWords = "Anotado con tus palabras."
	PlainTell     = "Escribe tu respuesta, en las líneas que quieras. Una línea vacía la termina."
	PlainHowToAsk = "Respóndelas con tus palabras: «responde 1» y tu respuesta. Después verás la del laboratorio, con su prueba; sin responder la muestra «respuesta 1»."
	PlainYourHint = "Pista:"
	PlainIdea     = "La idea que había detrás:"
	PlainItWas    = "Lo que pasó:"
)

// PlainQuestion is one of the notebook's questions in a list.
func PlainQuestion(n int, question string, answered, draft bool) string {
	state := Unanswered
	switch {
	case answered:
		state = AnsweredWord
	case draft:
		state = Unanswered + ", con un borrador"
	}
	return Number(int64(n)) + ") " + question + " " + upperFirst(state) + "."
}

func upperFirst(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}

// PlainProofRow is one row of what a proof answered.
func (p Proof) PlainProofRow(row []string) string {
	var cells []string
	for i, value := range row {
		cells = append(cells, p.Columns[i]+": "+value)
	}
	return "  " + strings.Join(cells, "; ")
}

// PlainCounted answers «contar».
func PlainCounted(rows int64) string { return "La tabla tiene " + Rows(rows) + "." }

// PlainNewDay tells of a day that passed.
func PlainNewDay(day string) string { return "Ahora es " + Sanitize(day) + "." }

// PlainPaths tells what an action did.
func PlainPaths(verb string, any bool) string {
	if !any {
		return "Nada que hacer: " + ActionName(verb) + " no ha cambiado ningún archivo."
	}
	return PlainDone + " " + ActionName(verb) + "."
}

// PlainKilled tells that a load was killed.
func PlainKilled(seam string) string {
	return "La carga murió " + killedWhen(seam) + "."
}

// PlainLoaded sums a load up.
func PlainLoaded(f progress.Finished) string {
	batches, newFiles, rows := int64(f.Batches), int64(f.NewFiles), f.RowsWritten
	if onlyNoted(f) {
		return "La carga terminó bien: " + whatRan(f) + "."
	}
	if batches == 0 {
		return "La carga terminó bien, sin nada nuevo: " + Batches(0) + "."
	}
	if newFiles == 0 && rows > 0 {
		return "La carga terminó bien: retomó lo que otra había dejado a medias, " + Batches(batches) + " con " + Rows(rows) + "."
	}
	return "La carga terminó bien: " + Batches(batches) + ", " + Count(newFiles, "archivo nuevo", "archivos nuevos") + ", " + Rows(rows) + "."
}

// PlainMemories is the three memories in three lines.
func PlainMemories(source, checkpoint, table string) string {
	return "  Origen: " + source + "\n  Checkpoint: " + checkpoint + "\n  Tabla: " + table
}

// PlainSource, PlainCheckpoint and PlainTable tell one memory each.
func PlainSource(files, rows int64) string { return Files(files) + ", " + Rows(rows) }

// PlainCheckpoint tells the stream's memory. Batches are -1 when there is none.
func PlainCheckpoint(exists bool, query string, confirmed, seen int64) string {
	if !exists {
		return notYet
	}
	line := Count(seen, "archivo visto", "archivos vistos") + ", consulta " + ShortID(query)
	if confirmed >= 0 {
		line += ", lote " + Number(confirmed) + " confirmado"
	}
	return line
}

// PlainTable tells the Delta table. The version is -1 when nobody can read it.
func PlainTable(exists bool, version, rows, files int64) string {
	switch {
	case !exists:
		return notYet
	case version < 0:
		return "está, pero no se puede leer"
	}
	return Rows(rows) + ", versión " + Number(version) + ", " + Count(files, "archivo Parquet", "archivos Parquet")
}

// Plain takes a lesson's marks out of its prose: `code` and the memories' signs.
func Plain(prose string) string { return marks.Replace(prose) }

var marks = strings.NewReplacer("`", "", "●"+Space, "", "◆"+Space, "", "■"+Space, "", "● ", "", "◆ ", "", "■ ", "")

// Wrap breaks prose into lines of at most columns, at ordinary spaces. A blank
// line ends a paragraph.
func Wrap(prose string, columns int) string {
	var out strings.Builder
	for i, paragraph := range strings.Split(strings.TrimSpace(prose), "\n\n") {
		if i > 0 {
			out.WriteString("\n\n")
		}
		line := 0
		for _, word := range strings.Split(strings.Join(strings.Split(strings.TrimSpace(paragraph), "\n"), " "), " ") {
			cells := Width(word)
			switch {
			case line == 0:
			case line+1+cells > columns:
				out.WriteByte('\n')
				line = 0
			default:
				out.WriteByte(' ')
				line++
			}
			out.WriteString(word)
			line += cells
		}
	}
	return out.String()
}
