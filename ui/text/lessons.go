package text

import (
	"strings"

	"autoloaderlab/engine/failure"
)

// LessonDontKnow is the last option of every prediction.
const LessonDontKnow = "no lo sé"

// LookAtTheDisk is the first hint when no other fits the state.
const LookAtTheDisk = "Compara lo que pide el paso con las tres memorias: alguna de ellas todavía no está como dice."

// LoadNotEnded is the first hint after a load that did not come to its end.
const LoadNotEnded = "La última carga no llegó al final. Ejecútala otra vez: sigue donde se quedó."

// LessonStrayed warns that the lesson's disk is not what the lesson left.
const LessonStrayed = "Algo cambió el disco de esta lección desde fuera de ella, y lo que cuenta este paso puede no encajar. Empiézala otra vez para seguir su historia."

// JoinSigns keeps a memory's sign and its word on one line.
func JoinSigns(s string) string { return signs.Replace(s) }

var signs = strings.NewReplacer("● ", "●"+Space, "◆ ", "◆"+Space, "■ ", "■"+Space)

// FactLabel is how a table or a row of evidence calls a fact.
func FactLabel(fact string) string {
	if label, ok := factLabels[fact]; ok {
		return label
	}
	return fact
}

// HasFactLabel says whether a fact, or what a question asks for, has a name.
func HasFactLabel(fact string) bool { return factLabels[fact] != "" }

var factLabels = map[string]string{
	"dia":                    "día",
	"fuente.filas":           "ventas en la fuente",
	"origen.archivos":        "archivos de origen",
	"origen.filas":           "filas en el origen",
	"origen.bytes":           "bytes en el origen",
	"checkpoint.existe":      "checkpoint",
	"checkpoint.consulta":    "consulta",
	"checkpoint.planeado":    "último lote",
	"checkpoint.confirmado":  "lote confirmado",
	"checkpoint.vistos":      "archivos vistos",
	"checkpoint.esquema":     "versión del esquema",
	"tabla.existe":           "tabla",
	"tabla.nombre":           "nombre",
	"tabla.id":               "id de la tabla",
	"tabla.version":          "versión",
	"tabla.filas":            "filas",
	"tabla.archivos":         "Parquet",
	"tabla.bytes":            "tamaño",
	"tabla.consultas":        "consultas distintas",
	"tabla.txn":              "txn de la consulta",
	"tabla.ultima":           "última operación",
	"papelera.tablas":        "tablas en la papelera",
	"papelera.checkpoints":   "checkpoints en la papelera",
	"ultimo.lotes":           "lotes de la carga",
	"ultimo.archivos_nuevos": "archivos nuevos",
	"ultimo.filas_escritas":  "filas escritas",
	"ultimo.estado":          "estado de la carga",
	"ultimo.ya_en_tabla":     "lote ya en la tabla",
	"ultimo.matado_en":       "muerta en",
	"ultimo.clase":           "error",

	// What a question asks for that is no fact of its own.
	"checkpoint.vistos - antes.checkpoint.vistos": "archivos nuevos",
	"fuente.filas - tabla.filas":                  "ventas que faltan",
}

// ActionName is what a student calls an action, by its verb.
func ActionName(verb string) string {
	if name, ok := actionNames[verb]; ok {
		return name
	}
	return verb
}

// ActionPhrase is an action with what tells it from others of its verb: its
// options, and the seam where a load is killed.
func ActionPhrase(verb string, options []string, killAt string) string {
	name := ActionName(verb)
	if len(options) > 0 {
		name += " con " + Sanitize(list(options))
	}
	if killAt != "" {
		name += " y matarla " + killedWhen(killAt)
	}
	return name
}

var actionNames = map[string]string{
	"cargar":            "ejecutar la carga",
	"avanzar-dia":       "dejar pasar un día",
	"extraer":           "extraer un día",
	"borrar-tabla":      "borrar la tabla",
	"borrar-checkpoint": "borrar el checkpoint",
	"deshacer":          "deshacer",
	"contar":            "contar las filas",
	"sql":               "ejecutar SQL",
	"archivo":           "cambiar los archivos de origen",
	"traer":             "traer un archivo",
	"tardia":            "registrar una venta tardía en la fuente",
}

// inLesson is what a lesson does not do. It is no failure of anything.
func inLesson(what, why, try string) Message {
	return Message{Class: failure.WrongUse, What: what, Why: why, Try: try}
}

// UnknownLesson is an id or number that no lesson has.
func UnknownLesson(id string) Message {
	return inLesson("No existe la lección "+quote(id)+".",
		"Una lección se nombra por su identificador o por su número.",
		"Mira las que hay con «lab lecciones».")
}

// LessonPredictFirst refuses an action, or the next step, before a prediction.
func LessonPredictFirst() Message {
	return inLesson("Primero predice: esto se abre cuando anotes tu respuesta.",
		"Lo que se predice antes de mirar se recuerda mucho mejor que lo que solo se mira.",
		"Elige una opción; «no lo sé» también cuenta.")
}

// AlreadyPredicted refuses to change a prediction.
func AlreadyPredicted() Message {
	return inLesson("Tu predicción ya está anotada.",
		"Si se pudiera cambiar después, no serviría para comparar.",
		"Sigue adelante, o empieza la lección otra vez para predecir de nuevo.")
}

// NoSuchOption is a number that is no option.
func NoSuchOption(number, options int) Message {
	try := "Elige una de las opciones que se muestran."
	if options > 0 {
		try = "Elige un número del 1 al " + Number(int64(options)) + "."
	}
	return inLesson("No hay ninguna opción "+Number(int64(number))+".", "La pregunta de este paso no la tiene.", try)
}

// NoSuchQuestion is an answer to what the step does not ask.
func NoSuchQuestion() Message {
	return inLesson("El cuaderno no hace esa pregunta en esta lección.", "Cada pregunta se responde en el paso que la hace.",
		"Vuelve al paso que la hace, o mira en el informe cuáles quedan.")
}

// NotThereYet refuses the next step. missing is a whole sentence, or empty.
func NotThereYet(missing string) Message {
	if missing == "" {
		missing = "El paso se da por hecho cuando el disco está como pide."
	}
	return inLesson("Este paso todavía no está hecho.", missing, "Pide una pista si la necesitas: no resta nada.")
}

// NotInThisStep refuses an action that the step does not have.
func NotInThisStep(action string, allowed []string) Message {
	try := "Sigue leyendo; en el laboratorio libre está todo permitido."
	if len(allowed) > 0 {
		try = "Aquí puedes " + list(allowed) + "; en el laboratorio libre está todo permitido."
	}
	return inLesson("En este paso no toca "+action+".",
		"Si cambian varias cosas a la vez, no se sabe cuál de ellas tuvo el efecto.", try)
}

// StepComplete refuses to change what the step has just shown.
func StepComplete() Message {
	return inLesson("Este paso ya está hecho.",
		"Lo que sigue explica el disco tal como está ahora; si cambiara, dejaría de ser verdad.",
		"Sigue adelante. Para repetirlo a tu aire está el laboratorio libre.")
}

// LookingBack refuses actions in a step that was passed.
func LookingBack() Message {
	return inLesson("Este paso ya está hecho y se muestra como quedó.",
		"Si cambiara ahora, ya no explicaría lo que pasó después.",
		"Vuelve al paso en el que estabas, o empieza la lección otra vez.")
}

// CannotKill is a kill where loads run in the same process.
func CannotKill() Message {
	return inLesson("Aquí no se puede matar la carga.",
		"La carga se ejecuta dentro de este mismo programa, y morirían los dos.",
		"Abre la lección con «lab» o con «lab --plano».")
}

// WhichFile is an action on files without a file.
func WhichFile() Message {
	return inLesson("Falta decir con qué archivo.",
		"La acción necesita el nombre de un archivo de la carpeta de origen.",
		"Escribe el nombre tal como aparece en el origen.")
}

// NoSuchExample is a bundled example that is not there.
func NoSuchExample(name string) Message {
	return inLesson("No hay ningún archivo de ejemplo "+quote(name)+".",
		"Los ejemplos que trae el laboratorio tienen otros nombres.",
		"Elige uno de los que nombra la lección.")
}

// ProgressSetAside tells where a progress file went that could not be used.
func ProgressSetAside(path string) string {
	return "El archivo de progreso estaba dañado o es de una versión más nueva del laboratorio. Lo he apartado, sin cambiarlo, como «" + Sanitize(path) + "», y empiezo uno nuevo."
}

// NoProgress is a file that cannot be imported.
func NoProgress(path string, newer bool) Message {
	why := "No es un progreso de este laboratorio, o está dañado."
	if newer {
		why = "Lo escribió una versión más nueva del laboratorio."
	}
	return inLesson("No se puede importar "+quote(path)+".", why, "Da un archivo hecho con «lab progreso exportar». Tu progreso sigue como estaba.")
}

// ProgressImported tells where what stood there before is now.
func ProgressImported(aside []string) string {
	said := "Progreso importado. Cada lección se prepara hasta su paso cuando la abras."
	for _, path := range aside {
		said += "\nLo que había está en «" + Sanitize(path) + "»."
	}
	return said
}

// SolvedStep is one step of a lesson that was played by its own solution.
func SolvedStep(number int, title string, faults []string) string {
	line := "Paso " + Number(int64(number)) + ", " + title + ": "
	if len(faults) == 0 {
		return line + "bien"
	}
	return line + strings.Join(faults, "; ")
}

// Linted sums the linter up.
func Linted(lessons, problems int) string {
	read := Count(int64(lessons), "lección leída", "lecciones leídas")
	if problems == 0 {
		return read + ", sin ningún problema."
	}
	return read + ", con " + Count(int64(problems), "problema", "problemas") + "."
}

// LessonWrong is a lesson that its own solution does not solve.
func LessonWrong(id string) Message {
	return Message{Class: failure.Internal, What: "La lección " + quote(id) + " no se resuelve con su propia solución.",
		Why: "Lo que dice y lo que hace el motor no coinciden.", Try: "Corrige el archivo de la lección en los pasos que se nombran."}
}

// LessonsWrong is a linter that found something.
func LessonsWrong() Message {
	return Message{Class: failure.Internal, What: "Hay lecciones mal escritas.",
		Why: "El validador ha encontrado los problemas de la lista.", Try: "Corrige los archivos que nombra y vuelve a validar."}
}

// NoTempFolder is a machine without room for temporary files.
func NoTempFolder() Message {
	return Message{Class: failure.Storage, What: "No se puede crear una carpeta temporal.",
		Why: "La lección se resuelve en una carpeta aparte, y el sistema no la da.", Try: "Da una carpeta con «--dir»."}
}

// LessonLine is a lesson in a list.
type LessonLine struct {
	Number        int
	Title         string
	Minutes       int
	Passed, Steps int
	State         string
}

// LessonTable lists the lessons with the home screen's marks.
func LessonTable(lessons []LessonLine) string {
	columns := []Column{{Title: " "}, {Title: "nº", Numbers: true}, {Title: LessonColumn}, {Title: MinutesColumn, Numbers: true}, {Title: StepsColumn, Numbers: true}, {Title: "estado"}}
	var rows [][]Cell
	for _, l := range lessons {
		mark, state := "·", "sin empezar"
		switch l.State {
		case "hecha":
			mark, state = "✓", "hecha"
		case "en-curso":
			mark, state = "›", "en curso"
		}
		var row []Cell
		for _, value := range []string{mark, Number(int64(l.Number)), l.Title, Number(int64(l.Minutes)), Number(int64(l.Passed)) + " de " + Number(int64(l.Steps)), state} {
			row = append(row, Cell{Text: value})
		}
		rows = append(rows, row)
	}
	return Table(columns, rows)
}

// OfAnotherCheckpoint is a count of files seen, as many as the checkpoint before knew.
func OfAnotherCheckpoint(count string) string { return count + ", otro" }
