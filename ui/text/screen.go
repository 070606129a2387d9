package text

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
)

// The cycle of an experiment, by the phase's name in a lesson.
var PhaseNames = map[string]string{
	"lee": "Lee", "predice": "Predice", "ejecuta": "Ejecuta",
	"observa": "Observa", "explica": "Explica", "transfiere": "Transfiere",
}

// The notebook's words.
const (
	CellNotRun     = "sin ejecutar"
	CellRun        = "ejecutada"
	CellStale      = "obsoleta: el disco cambió"
	CellCut        = "interrumpida"
	YourPrediction = "tu predicción"
	YourAnswer     = "tu respuesta"
	WriteWhy       = "escribe por qué lo crees (opcional)"
	WhyPrompt      = "porque"
	SentencePrompt = "tu frase:"
	WriteSentence  = "escribe tu frase, con tus palabras"
	DontKnow       = "no lo sé"
	WhyHeading     = "Por qué"
	AfterCells     = "Ejecuta todas las celdas y aquí saldrán el porqué y las pruebas."
	EvidenceTitle  = "Pruebas"
	BeforeColumn   = "antes"
	BeforeDropping = "antes de borrar"
	NowColumn      = "ahora"
	Predicted      = "predicho"
	InDatabricks   = "En Databricks"
	ToKnowMore     = "Para saber más"
	YourTurn       = "Tu turno"
	WatchIt        = "Ponla en marcha"
	HintTitle      = "Pista"
	LabsTurn       = "Una demostración: tú la pones en marcha"
	HalfTurn       = "A medias: termina tú"
	AloneTurn      = "Ahora tú"
	ReviewTitle    = "Antes de empezar, recuerda"
	AheadTitle     = "Antes de empezar, ¿qué crees?"
	PredictFirst   = "Primero predice: la carga se abre cuando anotes tu respuesta.\n" + NoMarks
	ActAfter       = "Primero predice: lo demás se abre cuando anotes tu respuesta.\n" + NoMarks
	NoMarks        = "«No lo sé» también cuenta, y nadie te pone nota."
	OpenerKey      = "o"
	Whole          = "entera"
	WholeCell      = "celda entera"
	OpensLater     = "luego " + OpenerKey
	WholeText      = "leer"
	AllOptions     = "todas"
	OpenRow        = "enter abre"
	CloseRow       = "enter cierra"
)

// CellTitle names a cell: «celda 9 · SQL».
func CellTitle(number int, language string) string {
	title := languages[language]
	if title == "" {
		title = language
	}
	if number <= 0 {
		return "celda · " + title
	}
	return "celda " + strconv.Itoa(number) + " · " + title
}

var languages = map[string]string{"sql": "SQL", "pyspark": "PySpark", "python": "Python", "shell": "terminal"}

// HiddenLines says how much of a cell is folded away.
func HiddenLines(n int) string { return "… " + Count(int64(n), "línea", "líneas") }

// YourIdea heads the answer to the option that was chosen.
func YourIdea(option string) string { return "Tu idea: " + quote(option) }

// OwnReason is what the student wrote beside the answer.
func OwnReason(own string, sentence bool) string {
	if sentence {
		return "Tu frase: " + quote(own)
	}
	return "Tu porqué: " + quote(own)
}

// HintLevel heads a hint: there are three, each telling more.
func HintLevel(level, levels int) string {
	return HintTitle + " " + strconv.Itoa(level) + " de " + strconv.Itoa(levels)
}

// MoreBelow says how many lines a scrolled view hides.
func MoreBelow(n int) string { return "↓ " + Count(int64(n), "línea más", "líneas más") }

// MoreAbove says how many are above it.
func MoreAbove(n int) string { return "↑ " + Count(int64(n), "línea arriba", "líneas arriba") }

// Clock is a time of day, to the minute.
func Clock(t time.Time) string { return t.Format("15:04") }

// The frame around every screen.
const (
	CourseTitle    = "Auto Loader, el laboratorio"
	LessonWord     = "Lección"
	FreeLab        = "Laboratorio libre"
	StepWord       = "paso"
	ReviewWord     = "repaso"
	LessonsWord    = "lecciones"
	StudentWord    = "alumno"
	DayWord        = "día"
	ProfessorWord  = "profesor"
	SourceWord     = "origen"
	CheckpointWord = "checkpoint"
	TableWord      = "tabla"
	NotYet         = "no existe todavía"
	NotThere       = "no existe"
	TooSmall       = "La ventana es demasiado pequeña"
	SizeNow        = "ahora"
	SizeNeeded     = "mínimo"
	Enlarge        = "Agrándala: todo sigue donde estaba."
	OrUse          = "O usa"
	NotebookTab    = "cuaderno"
	NewestPlan     = "El plan del último lote"
	OthersByTab    = "tab abre los demás archivos"
	DiskTab        = "disco"
	HelpLabel      = "ayuda"
	LeaveLabel     = "salir"
	Reading        = "Leyendo el disco…"
)

// Of is «de 7», behind the number that is reached.
func Of(total int) string { return "de " + strconv.Itoa(total) }

// Size is a window's: «40 × 12».
func Size(w, h int) string { return strconv.Itoa(w) + " × " + strconv.Itoa(h) }

// FilesUnit, SeenUnit and RowsUnit are units behind a number that stands alone.
func FilesUnit(n int64) string { return agree(n, "archivo", "archivos") }

// SeenUnit counts files that the checkpoint has seen.
func SeenUnit(n int64) string { return agree(n, "visto", "vistos") }

// RowsUnit counts rows.
func RowsUnit(n int64) string { return agree(n, "fila", "filas") }

// BatchNumber names a batch: «lote 1».
func BatchNumber(n int64) string { return "lote " + Number(n) }

// Home.
const (
	Continue          = "continuar"
	BeginLesson       = "empezar"
	Revisit           = "repasar"
	OpenFreeLab       = "abrir"
	MakeReport        = "escribir el informe"
	ChooseLesson      = "elegir lección"
	ChooseByNumber    = "ir a esa lección"
	Choose            = "elegir"
	FreeLabLabel      = "laboratorio libre"
	ReportLabel       = "informe"
	SQLLabel          = "consola SQL"
	ContinueWhere     = "Continúa donde lo dejaste"
	BeginHere         = "Empieza por aquí"
	NextLesson        = "La siguiente lección"
	ContinueWord      = "Continúa:"
	BeginWord         = "Empieza:"
	LessonColumn      = "lección"
	MinutesColumn     = "min"
	StepsColumn       = "pasos"
	FreeLabAbout      = "tu carpeta, con todo permitido"
	ReportTitle       = "Informe"
	ReportAbout       = "tus predicciones y respuestas"
	NothingBreaks     = "Nada se rompe para siempre: z deshace y R reinicia una lección."
	LessonNotThere    = "Esta lección todavía no está en este laboratorio"
	YouWillKnow       = "Al terminar sabrás"
	DiskOfTheLab      = "El disco del laboratorio libre"
	YourWay           = "Tu recorrido"
	LessonsDone       = "lecciones hechas"
	PredictionsMade   = "predicciones"
	RightOnes         = "acertadas"
	QuestionsAnswered = "preguntas respondidas"
	TimeSpent         = "tiempo"
	SourceTitle       = "Archivos de origen"
	CheckpointTitle   = "Checkpoint del stream"
	TableTitle        = "Tabla Delta"
	StateDone         = "hecha"
	OpeningLesson     = "Preparando la lección…"
	OpeningLab        = "Abriendo el laboratorio…"
	WritingReport     = "Escribiendo el informe…"
)

// LessonTitle names a lesson with its number.
func LessonTitle(number int, title string) string {
	return LessonWord + " " + strconv.Itoa(number) + ", " + title
}

// Minutes is what a lesson takes.
func Minutes(n int) string { return strconv.Itoa(n) + " min" }

// MinutesLeft is what a lesson that is not begun takes.
func MinutesLeft(n int) string { return Minutes(n) }

// MinutesRemain is what is left of a lesson that is begun.
func MinutesRemain(n int) string {
	if n == 1 {
		return "queda 1 min"
	}
	return "quedan " + Minutes(n)
}

// WhereYouAre says at which step of a lesson one is, and in which phase.
func WhereYouAre(step, steps int, phase string) string {
	at := StepWord + " " + strconv.Itoa(step) + " " + Of(steps)
	if phase == "" {
		return at
	}
	return at + ": " + phase
}

// StateBegun, StateFresh tell how far a lesson is.
func StateBegun(step, steps int) string {
	return "en curso, " + strconv.Itoa(step) + " " + Of(steps) + " pasos"
}

// StateFresh tells of a lesson that is not begun.
func StateFresh(steps int) string { return "sin empezar, " + Count(int64(steps), "paso", "pasos") }

// ReportWritten tells where the report is.
func ReportWritten(path string) string { return "Informe escrito: " + Sanitize(path) }

// Groups of the help.
const (
	HereArea       = "Aquí"
	LessonArea     = "La lección"
	EngineArea     = "El motor"
	EverywhereArea = "En todas partes"
)

// What is there on every screen.
const (
	GlossaryLabel     = "glosario"
	ReleaseMouse      = "soltar el ratón, para seleccionar texto"
	CatchMouse        = "usar el ratón aquí"
	MouseOurs         = "El ratón vuelve a servir aquí: pulsa donde quieras."
	MouseYours        = "Ratón suelto: puedes seleccionar texto. m lo recupera."
	LeaveWhileWorking = "¿Salir mientras el motor trabaja?"
	LeaveConsequence  = "La carga se cancela sin dejar nada a medias: los lotes ya confirmados se quedan, y la próxima carga sigue desde ahí. Tu progreso está guardado."
	YesLeave          = "Sí, salir"
	Stopping          = "Deteniendo lo que estaba en marcha… ctrl+c sale sin esperar."
	LeftDead          = "La carga que estaba en marcha se cortó al salir. La próxima retoma el lote que quedó planeado."
)

// LeftLoad says what became of the load that ran when somebody left.
func LeftLoad(f progress.Finished) string {
	if f.State == progress.Terminated {
		return "La carga en marcha llegó a terminar: " + Batches(int64(f.Batches)) + " y " + Count(f.RowsWritten, "fila escrita", "filas escritas") + "."
	}
	kept := "no llegó a la tabla ninguna fila"
	if f.RowsWritten > 0 {
		kept = "en la tabla quedan las " + Number(f.RowsWritten) + " que ya se habían escrito"
	}
	return "La carga en marcha se canceló sin dejar nada a medias: " + kept + ". La próxima sigue desde ahí."
}

// ThemeLabel says which look there is and that a key changes it.
func ThemeLabel(look string) string { return "cambiar los colores (ahora: " + look + ")" }

// ThemeNow says which look there is now.
func ThemeNow(look string) string { return "Colores: " + look + ". T pasa al siguiente." }

// Help, questions, errors.
const (
	HelpTitle     = "Ayuda"
	HelpRuns      = "enter lo hace"
	GlossaryTitle = "Glosario"
	TypeToFind    = "escribe para buscar"
	AllTerms      = "todos los términos"
	NoSuchTerm    = "Ningún término tiene esa palabra."
	TroubleTitle  = "Algo no salió"
	WhatHappened  = "Qué pasó"
	WhyItHappened = "Por qué"
	WhatToTry     = "Qué puedes hacer"
	Back          = "volver"
	BackShort     = "atrás"
	MoveLabel     = "mover"
	DoIt          = "hacerlo"
	NoGoBack      = "No, volver"
	NoGoBackLabel = "no, volver"
	Swap          = "cambiar"
	ThisFolder    = "Esta carpeta, entera"
	IsLost        = "Se pierde"
	IsKept        = "No se toca"
	GoesToTrash   = "Va a la papelera: z lo deshace mientras no la vacíes."
	NothingToCopy = "Aquí no hay nada que copiar."
)

// Copied tells what is on the clipboard now.
func Copied(words string) string {
	line := strings.Join(strings.Fields(words), " ")
	if runes := []rune(line); len(runes) > 40 {
		line = string(runes[:39]) + "…"
	}
	return "Copiado: " + quote(line) + ". Si tu terminal no lo permite, suelta el ratón con m y selecciónalo."
}

// The desk: a lesson, or the free lab.
const (
	NotebookTitle      = "El cuaderno"
	SaveWhy            = "guardar"
	LeaveWhy           = "dejarlo"
	WhyLabel           = "escribir por qué"
	HintLabel          = "pista"
	UndoLabel          = "deshacer"
	HomeLabel          = "inicio"
	PreviousStep       = "paso anterior"
	NextStep           = "siguiente paso"
	FinishLesson       = "terminar la lección"
	RestartLabel       = "empezar la lección de nuevo"
	ScrollLabel        = "leer más arriba o más abajo"
	CopyLabel          = "copiar la celda"
	ReadOn             = "seguir leyendo"
	RecordPrediction   = "anotar la predicción"
	RecordAnswer       = "responder"
	OpenLabel          = "abrir"
	CloseLabel         = "cerrar"
	WholeTextLabel     = "texto entero"
	AllOptionsLabel    = "todas las opciones"
	WholeReasonLabel   = "el porqué entero"
	YourIdeaLabel      = "tu idea"
	InDatabricksLabel  = "en Databricks"
	ToKnowMoreLabel    = "saber más"
	RestartQuestion    = "¿Empezar la lección de nuevo?"
	RestartConsequence = "El laboratorio de esta lección vuelve al principio. Tus primeras predicciones se guardan para el informe, y tus otras lecciones siguen como están."
	YesRestart         = "Sí, empezar"
	Restarted          = "Lección preparada desde el principio."
	YesDelete          = "Sí, borrar"
)

// Working says what is being done.
func Working(does string) string { return does + "…" }

// DeleteQuestion asks before something is deleted: what is its article and name.
func DeleteQuestion(what string) string { return "¿Borrar " + what + "?" }

// What is told after something was done.
const (
	GoOn        = "seguir"
	StepReached = "Conseguido"
	DeedDone    = "Hecho."
	UndoneSaid  = "Deshecho: la última eliminación está otra vez en su sitio."
)

// ProgressAside tells that a progress file could not be used.
func ProgressAside(path string) string {
	return "Tu progreso no se pudo leer y quedó apartado en " + Sanitize(path) + "; las lecciones empiezan de nuevo."
}

// ReviewFrom says which lesson a question comes from.
func ReviewFrom(title string) string { return "De " + quote(title) + "." }

// ReviewAhead says so of a lesson that was not begun.
func ReviewAhead(title string) string {
	return "Se ve en " + quote(title) + ", que todavía no has hecho. Responde lo que te parezca."
}

// ReviewVerdict heads the answer to such a question.
func ReviewVerdict(right bool) string {
	if right {
		return "Correcto"
	}
	return "No es eso"
}

// The notebook's own questions, which are answered in the student's words.
const (
	NotebookAsks   = "El cuaderno pregunta"
	Unanswered     = "sin responder"
	AnsweredWord   = "respondida"
	DraftWord      = "borrador"
	AnswerShort    = "responder"
	AnswerLabel    = "responder al cuaderno"
	ChangeAnswer   = "cambiar tu respuesta"
	AnswerAbout    = "Responde con tus palabras y con lo que has visto en tu disco. Al guardarla verás al lado la respuesta del laboratorio, con su prueba."
	SaveAnswer     = "guardar"
	SeeModel       = "no lo sé, ver la respuesta"
	OtherQuestion  = "otra pregunta"
	LeaveAnswer    = "dejarlo en borrador"
	AnswerSaved    = "Respuesta guardada. Debajo está la del laboratorio, con su prueba."
	AnswerRemoved  = "La pregunta queda sin responder."
	DraftSaved     = "Borrador guardado: w lo abre otra vez."
	InYourWords    = "Con tus palabras"
	ByYourDisk     = "Con los números de tu disco"
	AnswerQuestion = "pregunta"
)

// AnsweredOf counts the questions that were answered.
func AnsweredOf(answered, asked int) string {
	return Number(int64(answered)) + Space + "de" + Space + Count(int64(asked), "respondida", "respondidas")
}

// AnswerPlace says which of a step's questions is being answered, and how much room
// is left where it is little.
func AnswerPlace(at, of, left int) string {
	said := AnswerQuestion + Space + strconv.Itoa(at) + Space + "de" + Space + strconv.Itoa(of)
	if left < 500 {
		said += ", caben " + Count(int64(left), "carácter", "caracteres")
	}
	return said
}

// Verdict sets a prediction against what happened: values where there are any.
func Verdict(predicted, result string, right, dontKnow bool) string {
	switch {
	case dontKnow && result == "":
		return "No lo sabías, y ahora lo puedes ver"
	case dontKnow:
		return "No lo sabías. El resultado es " + result + "."
	case predicted == "" && right:
		return "Acertaste"
	case predicted == "" || result == "":
		if right {
			return "Acertaste"
		}
		return "No es eso"
	case right:
		return "Predijiste " + predicted + ", y son " + result + "."
	}
	return "Predijiste " + predicted + ". El resultado es " + result + "."
}

// ChangeWord says a change's sign in a word.
func ChangeWord(sign string) string {
	return map[string]string{"=": "igual", "+": "más", "−": "menos", "≠": "cambió"}[sign]
}

// Deed names an action for a person: what the key or the button does.
func Deed(verb string, args []string, variant string, options []string, killAt string) string {
	if verb == "archivo" && len(args) > 1 {
		return fileDeed(args)
	}
	name := deeds[verb]
	if name == "" {
		name = verb
	}
	switch {
	case verb == "sql":
		return "Ejecutar la consulta"
	case verb == "tardia" || verb == "extraer" && len(args) > 0:
		name = dayDeeds[verb]
	}
	for _, arg := range args {
		name += " " + Sanitize(arg)
	}
	if variant != "" {
		name += ", variante " + variant
	}
	for _, option := range options {
		name += " " + withOption(option)
	}
	if killAt != "" {
		name += " y matarla a mitad"
	}
	return name
}

var dayDeeds = map[string]string{"tardia": "Registrar una venta tardía del", "extraer": "Extraer el"}

// withOption says in words what an option of the load changes.
func withOption(option string) string {
	if words, known := optionWords[option]; known {
		return words
	}
	return "con " + Sanitize(option)
}

var optionWords = map[string]string{"cloudFiles.includeExistingFiles=false": "sin los archivos que ya están"}

// ShortOf is an action's name where there is less room; empty: its verb's.
func ShortOf(verb string, args, options []string, killAt string) string {
	switch {
	case verb == "archivo" && len(args) > 0:
		return shortFileDeeds[args[0]]
	case killAt != "":
		return "ejecutar y matar"
	case verb == "cargar" && len(options) > 0:
		return "ejecutar con la opción"
	}
	return shortDeeds[verb]
}

var shortFileDeeds = map[string]string{
	"copiar": "copiar archivo", "renombrar": "cambiar nombre", "sobrescribir": "cambiar archivo", "anexar": "añadir fila", "quitar": "quitar archivo",
}

var shortDeeds = map[string]string{"extraer": "extraer", "tardia": "venta tardía", "traer": "traer archivo", "deshacer": "deshacer", "sql": "consulta"}

// fileDeed is what hands do to a file: the deed, the file and, of two, the new one.
func fileDeed(args []string) string {
	switch args[0] {
	case "copiar":
		return "Copiar " + theFile(args[1]) + " como " + Sanitize(args[len(args)-1])
	case "renombrar":
		return "Llamar " + Sanitize(args[len(args)-1]) + a(theFile(args[1]))
	case "sobrescribir":
		return "Poner a cero los importes" + of(theFile(args[1]))
	case "anexar":
		return "Añadir una fila" + a(theFile(args[1]))
	}
	return "Quitar " + theFile(args[1])
}

// theFile names a source file: by its day where its name ends in one.
func theFile(name string) string {
	stem := strings.TrimSuffix(name, ".csv")
	if at := len(stem) - len("2025-03-06"); at > 0 && strings.HasPrefix(name, "account_premium_features_") {
		if _, err := time.Parse(time.DateOnly, stem[at:]); err == nil {
			return "el archivo del " + stem[at:]
		}
	}
	return Sanitize(name)
}

// a and of join a preposition to what may begin with an article.
func a(what string) string { return contracted(" a ", what) }

func of(what string) string { return contracted(" de ", what) }

func contracted(preposition, what string) string {
	if rest, found := strings.CutPrefix(what, "el "); found {
		return strings.TrimRight(preposition, " ") + "l " + rest
	}
	return preposition + what
}

// What the engine's actions are called on a button.
const (
	DoLoad       = "Ejecutar la carga"
	DoCount      = "Contar filas"
	DoDrop       = "Borrar tabla"
	DoCheckpoint = "Borrar checkpoint"
	DoNextDay    = "Pasa un día"
	DoFiles      = "Tocar los archivos"
	DoWidgets    = "Cambiar los widgets"
)

// DoCell runs a cell of the notebook.
func DoCell(number int) string { return "Ejecutar la celda " + Number(int64(number)) }

// OutputRest tells what of an answer is not shown; empty when all is.
func OutputRest(rows, columns int) string {
	var parts []string
	if rows > 0 {
		parts = append(parts, Count(int64(rows), "fila más", "filas más"))
	}
	if columns > 0 {
		parts = append(parts, Count(int64(columns), "columna más", "columnas más"))
	}
	if len(parts) == 0 {
		return ""
	}
	return "… " + strings.Join(parts, " y ") + ", en la consola SQL"
}

var deeds = map[string]string{
	"cargar": DoLoad, "contar": DoCount, "borrar-tabla": DoDrop, "borrar-checkpoint": DoCheckpoint, "avanzar-dia": DoNextDay,
	"extraer": "Extraer", "deshacer": "Deshacer lo último", "sql": "Ejecutar", "archivo": "Archivos:", "traer": "Traer", "tardia": "Venta tardía en la fuente:",
}

// KilledAt tells that a load was killed.
func KilledAt(seam string) string {
	if seam == "" {
		return "Carga matada con SIGKILL. Mira lo que quedó en el disco."
	}
	return "Carga matada con SIGKILL en «" + seam + "». Mira lo que quedó en el disco."
}

// Answered counts the rows of a query.
func Answered(rows int) string { return "La consulta dio " + Rows(int64(rows)) + "." }

// DayPassed tells the new day, and whether the one that ended left a file.
func DayPassed(day string, landed bool) string {
	if !landed {
		return "Pasó un día: ahora es " + day + ". El que acabó no tuvo ventas, y no llegó ningún archivo."
	}
	return "Pasó un día: ahora es " + day + ", y las ventas del que acabó están en el origen."
}

// What an action has nothing to act on for.
const (
	LacksTable      = "no hay tabla"
	LacksCheckpoint = "no hay checkpoint"
	LacksDeletion   = "nada que deshacer"
)

// OpensTable says what a deed waits for that needs the table: deleted tells that there
// was one, load that a load can make one now.
func OpensTable(deleted, load bool) string {
	if deleted {
		return "La tabla está borrada" + firstLoad(load)
	}
	return "Todavía no hay tabla" + firstLoad(load)
}

// OpensCheckpoint says it of a deed that needs the checkpoint.
func OpensCheckpoint(deleted, load bool) string {
	if deleted {
		return "El checkpoint está borrado" + firstLoad(load)
	}
	return "Todavía no hay checkpoint" + firstLoad(load)
}

func firstLoad(load bool) string {
	if load {
		return ": ejecuta primero la carga (e)."
	}
	return "."
}

// TimesOf is «1 de 2».
func TimesOf(done, of int) string { return strconv.Itoa(done) + " " + Of(of) }

// FromFailure is the message of a load's last event.
func FromFailure(f progress.Failure) Message {
	return Message{Class: failure.Class(f.Class), What: f.Message, Try: f.ToDo}
}

// A confirmation's lines.
const (
	TheTable            = "la ■ tabla Delta"
	TheCheckpointAsked  = "el ◆ checkpoint del stream"
	TheSourceFiles      = "los archivos de origen"
	TheCheckpoint       = "el checkpoint del stream"
	TheCheckpointInside = "el checkpoint, que está dentro de la tabla"
	TheSchema           = "el esquema inferido (_schemas)"
)

// TheTableWith is the table with its rows.
func TheTableWith(rows int64) string { return "la tabla, con " + Rows(rows) }

// ItsHistory is the table's history.
func ItsHistory(version int64) string {
	if version < 0 {
		return "su historial"
	}
	return "su historial, hasta la versión " + Number(version)
}

// TheListOf is the source log.
func TheListOf(files int64) string {
	return "la lista de " + Count(files, "archivo ya visto", "archivos ya vistos")
}

// TheQuery is the query and its last batch.
func TheQuery(id string, batch int64) string {
	if batch < 0 {
		return "la consulta " + id
	}
	return "la consulta " + id + " y su " + BatchNumber(batch)
}

// TheTableAt is the table at its version.
func TheTableAt(version int64) string { return "la tabla Delta, versión " + Number(version) }

// Seen counts files that were seen.
func Seen(n int64) string { return Count(n, "visto", "vistos") }

// The free lab.
const (
	FreeTitle = "Tu carpeta, con todo permitido"
	FreeText  = "Ejecuta las celdas, borra, deshaz y mira qué cambia en el disco. Nada de lo que hagas aquí toca tus lecciones."
)

// StepwiseLabel says what v changes.
func StepwiseLabel(on bool) string {
	if on {
		return "sin pausas"
	}
	return "paso a paso"
}

// StepwiseNow says how the next load runs.
func StepwiseNow(on bool) string {
	if on {
		return "Paso a paso: la próxima carga se detiene en cada costura. v lo quita."
	}
	return "La próxima carga va de corrido."
}

// NotYetNext says why there is no next step yet.
func NotYetNext(asks bool) string {
	if asks {
		return "Primero responde: elige una opción y pulsa enter."
	}
	return "El siguiente paso se abre cuando este esté hecho. h te da una pista."
}

// NotYetLoaded says why there is no next step while a load goes on, or waits.
func NotYetLoaded(waits bool) string {
	if waits {
		return "La carga espera aquí: " + LoadSpaceKey + " o enter la sigue, y f la lleva al final."
	}
	return "La carga está en marcha: el siguiente paso viene después."
}

// The explorer, the console.
const (
	DiskPlace      = "el disco"
	OpenFiles      = "abrir los archivos"
	OpenProof      = "abrir la prueba"
	TableGone      = "Tabla borrada: está en la papelera y z la devuelve."
	CheckpointGone = "Checkpoint borrado: está en la papelera y z lo devuelve."
)

// Files, widgets, a day: what is asked for in a form.
const (
	NextField          = "siguiente"
	DoItNow            = "hacerlo"
	FilesTitle         = "Archivos de origen"
	WhichFileLabel     = "archivo"
	NewNameLabel       = "nombre nuevo"
	PathLabel          = "ruta del CSV"
	FileBring          = "Traer un CSV tuyo"
	FileBringAbout     = "Una copia de tu archivo llega entera al origen. El tuyo se queda donde está."
	FileCopy           = "Copiar"
	FileCopyAbout      = "El mismo contenido con otro nombre. ¿Será un archivo nuevo para la carga?"
	FileRename         = "Renombrar"
	FileRenameAbout    = "El mismo archivo con otro nombre. ¿Lo reconocerá el checkpoint?"
	FileOverwrite      = "Sobrescribir"
	FileOverwriteAbout = "El mismo nombre con otro contenido: como si el origen corrigiera ese día."
	FileAppend         = "Añadir una fila"
	FileAppendAbout    = "El archivo crece por el final, con una fila más."
	FileRemove         = "Quitar"
	FileRemoveAbout    = "El archivo se va del origen a la carpeta apartados/ del laboratorio."
	OtherFile          = "otro archivo"
	BadSourceName      = "Ese nombre no sirve: no puede estar vacío, tener barras ni empezar por un punto."
	SourceNameTaken    = "Ya hay un archivo con ese nombre. Elige otro."
	WidgetsTitle       = "Widgets del cuaderno"
	WidgetsAbout       = "Los parámetros de la carga. Con otro alumno o con otra tabla trabajas sobre otra tabla y otro checkpoint; los de antes siguen en su sitio."
	UseWidgets         = "usarlos"
	WidgetsSet         = "Widgets puestos: las tres memorias son ahora las suyas."
	ExtractDay         = "Extraer un día"
	ExtractAbout       = "El día que pide la extracción a la columna purchase_date."
	DayLabel           = "día, como 2025-03-06"
)

// NoSuchSource says that the source folder has no file of that name.
func NoSuchSource(name string) string {
	return "En el origen no hay ningún archivo " + quote(name) + ". Escribe uno de los que hay."
}

// CopyName proposes a name for a copy.
func CopyName(name string) string { return longerName(name, "_copia") }

// OtherName proposes a name for a file that is renamed.
func OtherName(name string) string { return longerName(name, "_renombrado") }

func longerName(name, by string) string {
	if stem, ok := strings.CutSuffix(name, ".csv"); ok {
		return stem + by + ".csv"
	}
	return name + by
}

// Shorter is what a footer's entry does in fewer words, for where there is less room.
func Shorter(does string) string {
	if short, known := shorter[does]; known {
		return short
	}
	return does
}

var shorter = map[string]string{
	ChooseLesson: Choose, FreeLabLabel: "libre", SQLLabel: "SQL", MakeReport: "escribirlo",
	RecordPrediction: "anotar predicción", RecordAnswer: "anotar", ReadOn: "seguir", NextStep: "siguiente", FinishLesson: "terminar",
	OpenProof: OpenLabel, OpenFiles: OpenLabel, LessonsWord: BackShort, HomeLabel: BackShort, Back: BackShort,
	WholeCell: "celda", WholeTextLabel: "texto", AllOptionsLabel: "opciones", WholeReasonLabel: "porqué", InDatabricksLabel: "Databricks", ToKnowMoreLabel: "más", AnswerLabel: AnswerShort, ChangeAnswer: "cambiar", SeeModel: "ver respuesta", GoToNextLesson: "siguiente", LeaveAnswer: "borrador", OtherQuestion: "otra",
	AddVote: "votar", VoteAgain: "otro", TakeVote: "quitar", RecordRoom: "anotar", GoToStep: "ir",
}

// ShortMainDeed is what Enter does, where there is less room.
var ShortMainDeed = map[string]string{
	"cargar": "ejecutar", "celda": "ejecutar la celda", "contar": "contar", "borrar-tabla": "borrar tabla", "borrar-checkpoint": "borrar checkpoint", "avanzar-dia": "pasar un día",
}

// ShortDeed are the engine's actions in narrow footers.
var ShortDeed = map[string]string{
	"cargar": "ejecutar", "celda": "celda", "contar": "contar", "borrar-tabla": "tabla", "borrar-checkpoint": "checkpoint", "avanzar-dia": "día", "archivos": "archivos", "widgets": "widgets",
}

// A class.
const (
	AddVote      = "sumar un voto"
	TakeVote     = "quitar el último"
	RecordRoom   = "anotar lo más votado"
	Reveal       = "revelar"
	GoToStep     = "ir a un paso"
	GoToTitle    = "Ir a un paso"
	GoThere      = "ir"
	GoToAbout    = "El laboratorio de la lección se prepara hasta ahí con sus propias soluciones."
	HiddenAnswer = "respuesta oculta: r la muestra"
	VoteAgain    = "otro igual"
	AnswerHidden = "Respuesta oculta: r la muestra."
)

// VotesWord is the unit of votes.
func VotesWord(n int) string { return agree(int64(n), "voto", "votos") }

// VoteFirst says how a vote begins.
func VoteFirst(options int) string {
	return "Pulsa el número de la opción que alguien vota, del 1 al " + strconv.Itoa(options) + "; + suma otro a la misma."
}

// RevealOrHide is what r does to a vote's answer.
func RevealOrHide(revealed bool) string {
	if revealed {
		return "ocultar"
	}
	return Reveal
}

// RightAnswerIs tells a room which option is right.
func RightAnswerIs(option int) string { return "la correcta es la " + strconv.Itoa(option) }

// NoSuchStep refuses a step that the lesson does not have.
func NoSuchStep(steps int) string { return "Los pasos van del 1 al " + strconv.Itoa(steps) + "." }

// RoomRecorded tells which option stands as the class's.
func RoomRecorded(option int) string {
	return "Anotada la opción " + strconv.Itoa(option) + ", la más votada."
}

// VotesAsWhy keeps a vote where a student writes why.
func VotesAsWhy(votes []int) string {
	parts := make([]string, len(votes))
	for i, n := range votes {
		parts[i] = strconv.Itoa(n)
	}
	return "Votos de la clase: " + strings.Join(parts, ", ")
}

// The end of a lesson.
const (
	LessonFinished    = "Lección terminada"
	NowYouKnow        = "Ahora sabes"
	YourPredictions   = "Tus predicciones"
	NotebookQuestions = "Preguntas del cuaderno"
	QuestionsWait     = "Las que faltan te esperan en su paso: p vuelve atrás y w responde. El informe dirá «sin responder»."
	WhatComesNext     = "Qué sigue"
	NothingNext       = "Era la última lección. Te quedan el informe, con lo que predijiste y lo que viste, y el laboratorio libre, con todo permitido."
	GoToNextLesson    = "siguiente lección"
)

// RightOf counts the predictions that came true.
func RightOf(right, made int) string {
	return Number(int64(right)) + Space + "de" + Space + Count(int64(made), "acertada", "acertadas")
}

// PredictionOutcome sets a prediction against its result, in one sentence.
func PredictionOutcome(p ReportPrediction) string {
	said, came := p.Value, p.Result
	if said == "" {
		said = quote(p.Predicted)
	}
	if strings.ContainsFunc(came, unicode.IsLetter) {
		came = quote(came)
	}
	switch {
	case !p.Settled:
		return "Predijiste " + said + ", todavía sin resultado."
	case p.Right:
		return "Predijiste " + said + ", y así fue."
	case p.DontKnow:
		return "No lo sabías, y ahora lo has visto: " + came + "."
	}
	return "Predijiste " + said + ", y fue " + came + "."
}

// LessonOver tells that a lesson is done.
func LessonOver(title string) string { return "Lección terminada: " + Sanitize(title) + "." }

// ByKeys is advice on what to try, with the interface's keys in the place of commands.
func ByKeys(advice string) string { return byKeys.Replace(advice) }

// ByKeysOutside is ByKeys where letters are text, so that one has to leave first.
func ByKeysOutside(advice string) string {
	if keys := ByKeys(advice); keys != advice {
		return "Sal con esc: " + lowerFirst(keys)
	}
	return advice
}

var byKeys = strings.NewReplacer(
	"«lab cargar»", "la tecla e", "«lab deshacer»", "la tecla z", "«lab avanzar-dia»", "la tecla d",
	"«lab borrar-tabla»", "la tecla t", "«lab borrar-checkpoint»", "la tecla b", "«lab traer»", "la tecla a",
)
