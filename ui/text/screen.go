package text

import (
	"strconv"
	"strings"
	"time"
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
	CellStale      = "obsoleta"
	YourPrediction = "tu predicción"
	YourAnswer     = "tu respuesta"
	WriteWhy       = "escribe por qué lo crees (opcional)"
	WhyPrompt      = "porque"
	DontKnow       = "no lo sé"
	WhyHeading     = "Por qué"
	EvidenceTitle  = "Pruebas"
	BeforeColumn   = "antes"
	NowColumn      = "ahora"
	Predicted      = "predicho"
	InDatabricks   = "En Databricks"
	ToKnowMore     = "Para saber más"
	YourTurn       = "Tu turno"
	HintTitle      = "Pista"
	LabsTurn       = "Lo hace el laboratorio, y tú miras"
	HalfTurn       = "A medias: termina tú"
	AloneTurn      = "Ahora tú, sin ayuda"
	ReviewTitle    = "Antes de empezar, recuerda"
	PredictFirst   = "Primero predice: la carga se abre cuando anotes tu respuesta.\n«No lo sé» también cuenta, y nadie te pone nota."
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

// HintLevel heads a hint: there are three, each telling more.
func HintLevel(level, levels int) string {
	return HintTitle + " " + strconv.Itoa(level) + " de " + strconv.Itoa(levels)
}

// MoreBelow says how many lines a scrolled view hides.
func MoreBelow(n int) string { return "↓ " + Count(int64(n), "línea más", "líneas más") }

// Clock is a time of day, to the minute.
func Clock(t time.Time) string { return t.Format("15:04") }

// The frame around every screen.
const (
	CourseTitle    = "Auto Loader, el laboratorio"
	LessonWord     = "Lección"
	FreeLab        = "Laboratorio libre"
	StepWord       = "paso"
	LessonsWord    = "lecciones"
	StudentWord    = "alumno"
	DayWord        = "día"
	ProfessorWord  = "profesor"
	SourceWord     = "origen"
	CheckpointWord = "checkpoint"
	TableWord      = "tabla"
	NotYet         = "no existe todavía"
	TooSmall       = "La ventana es demasiado pequeña"
	SizeNow        = "ahora"
	SizeNeeded     = "mínimo"
	Enlarge        = "Agrándala: todo sigue donde estaba."
	OrUse          = "O usa"
	NotebookTab    = "cuaderno"
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
	Continue        = "continuar"
	BeginLesson     = "empezar"
	Revisit         = "repasar"
	OpenFreeLab     = "abrir"
	MakeReport      = "escribir el informe"
	ChooseLesson    = "elegir lección"
	Choose          = "elegir"
	FreeLabLabel    = "laboratorio libre"
	ReportLabel     = "informe"
	SQLLabel        = "consola SQL"
	ContinueWhere   = "Continúa donde lo dejaste"
	BeginHere       = "Empieza por aquí"
	NextLesson      = "La siguiente lección"
	ContinueWord    = "Continúa:"
	BeginWord       = "Empieza:"
	LessonColumn    = "lección"
	MinutesColumn   = "min"
	StepsColumn     = "pasos"
	FreeLabAbout    = "tu carpeta, con todo permitido"
	ReportTitle     = "Informe"
	ReportAbout     = "tus predicciones, cuentas y respuestas"
	NothingBreaks   = "Nada se rompe para siempre: z deshace y R reinicia una lección."
	LessonNotThere  = "Esta lección todavía no está en este laboratorio"
	YouWillKnow     = "Al terminar sabrás"
	DiskOfTheLab    = "El disco de tu laboratorio"
	YourWay         = "Tu recorrido"
	LessonsDone     = "lecciones hechas"
	PredictionsMade = "predicciones"
	TimeSpent       = "tiempo"
	SourceTitle     = "Archivos de origen"
	CheckpointTitle = "Checkpoint del stream"
	TableTitle      = "Tabla Delta"
	StateDone       = "hecha"
	OpeningLesson   = "Preparando la lección…"
	OpeningLab      = "Abriendo el laboratorio…"
	WritingReport   = "Escribiendo el informe…"
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

// StepOf says at which step of a lesson one is.
func StepOf(lesson string, step, steps int) string {
	return lesson + ", paso " + strconv.Itoa(step) + " " + Of(steps)
}

// WhereYouAre says it with the step's phase.
func WhereYouAre(lesson string, step, steps int, phase string) string {
	if phase == "" {
		return StepOf(lesson, step, steps)
	}
	return StepOf(lesson, step, steps) + ": " + phase
}

// StateBegun, StateFresh tell how far a lesson is.
func StateBegun(step, steps int) string {
	return "en curso, " + strconv.Itoa(step) + " " + Of(steps) + " pasos"
}

// StateFresh tells of a lesson that is not begun.
func StateFresh(steps int) string { return "sin empezar, " + Count(int64(steps), "paso", "pasos") }

// RightOnes counts predictions that came true.
func RightOnes(n int) string { return Count(int64(n), "acertada", "acertadas") }

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
	LeaveConsequence  = "La carga se cancela sin dejar nada a medias, y tu progreso está guardado."
	YesLeave          = "Sí, salir"
)

// ThemeLabel says which look there is and that a key changes it.
func ThemeLabel(look string) string { return "cambiar los colores (ahora: " + look + ")" }

// ThemeNow says which look there is now.
func ThemeNow(look string) string { return "Colores: " + look + ". T pasa al siguiente." }

// Help, questions, errors.
const (
	HelpTitle     = "Ayuda"
	HelpRuns      = "enter lo hace"
	GlossaryTitle = "Glosario"
	TroubleTitle  = "Algo no salió"
	WhatHappened  = "Qué pasó"
	WhyItHappened = "Por qué"
	WhatToTry     = "Qué puedes hacer"
	Back          = "volver"
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
	NotebookTitle         = "El cuaderno"
	SaveWhy               = "guardar"
	LeaveWhy              = "dejarlo"
	WhyLabel              = "escribir por qué"
	HintLabel             = "pista"
	UndoLabel             = "deshacer"
	HomeLabel             = "inicio"
	PreviousStep          = "paso anterior"
	NextStep              = "siguiente paso"
	FinishLesson          = "terminar la lección"
	RestartLabel          = "empezar la lección de nuevo"
	ScrollLabel           = "leer más arriba o más abajo"
	CopyLabel             = "copiar la celda"
	ReadOn                = "seguir leyendo"
	RecordPrediction      = "anotar la predicción"
	RecordPredictionShort = "anotar predicción"
	RecordAnswer          = "responder"
	OpenLabel             = "abrir"
	RestartQuestion       = "¿Empezar la lección de nuevo?"
	RestartConsequence    = "El laboratorio de esta lección vuelve al principio. Tus primeras predicciones se guardan para el informe, y tus otras lecciones siguen como están."
	YesRestart            = "Sí, empezar"
	Restarted             = "Lección preparada desde el principio."
	YesDelete             = "Sí, borrar"
)

// Working says what is being done.
func Working(does string) string { return does + "…" }

// DeleteQuestion asks before something is deleted: what is its article and name.
func DeleteQuestion(what string) string { return "¿Borrar " + what + "?" }
