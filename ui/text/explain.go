package text

import (
	"context"
	"errors"
	"strings"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
)

// Message is a failure for a person: what happened, why, what to try, each one
// sentence with its stop.
type Message struct {
	Class          failure.Class
	What, Why, Try string
}

// Error lets a Message, written where the failure is found, travel as an error.
func (m Message) Error() string { return string(m.Class) + ": " + m.What }

// Failure is the message as a program reads it.
func (m Message) Failure() *progress.Failure {
	return &progress.Failure{Class: string(m.Class), Message: m.What + " " + m.Why, Why: m.Why, ToDo: m.Try}
}

// Page is the message on a terminal. The class comes last, to be looked up: what is
// not Spark's, Databricks' or Delta's is no word for a person.
func (m Message) Page() string {
	head, code := "Error: ", ""
	switch m.Class {
	case failure.Cancelled:
		head = "Cancelado: "
	case failure.WrongUse:
	default:
		code = "  Código: " + string(m.Class) + "\n"
	}
	return head + m.What + "\n  Por qué: " + m.Why + "\n  Prueba: " + m.Try + "\n" + code
}

// Explain turns an error into its three sentences. Texts of the engine and of
// the system are English and stay out, but for the cause of a defect and of a
// failing disk.
func Explain(err error) Message {
	var ready Message
	if errors.As(err, &ready) {
		return ready
	}
	var known *failure.Error
	switch {
	case errors.As(err, &known):
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		known = failure.New(failure.Cancelled, "", "")
	default:
		known = failure.New(failure.Internal, "", "").Because(err)
	}
	explain, found := explanations[known.Class]
	if !found {
		explain, found = sourceExplanations[known.Class]
	}
	if !found {
		explain = explanations[failure.Internal]
	}
	m := explain(circumstances{known})
	m.Class = known.Class
	return m
}

// circumstances give the pieces of a failure as they stand in a sentence.
type circumstances struct{ *failure.Error }

// thing is the quoted Thing, or otherwise when it has none.
func (c circumstances) thing(otherwise string) string {
	if name := spanish(c.Thing); name != "" {
		return name
	}
	return otherwise
}

// after is before + the quoted thing, or nothing: «en «x»».
func (c circumstances) after(before string) string {
	if name := spanish(c.Thing); name != "" {
		return before + name
	}
	return ""
}

// names are the quoted Names, or otherwise when there are none.
func (c circumstances) names(otherwise string) string {
	if len(c.Names) == 0 {
		return otherwise
	}
	return quoteAll(c.Names)
}

// columns is «la columna «a»» or «las columnas «a» y «b»».
func (c circumstances) columns() string {
	switch len(c.Names) {
	case 0:
		return "alguna columna"
	case 1:
		return "la columna " + quoteAll(c.Names)
	default:
		return "las columnas " + quoteAll(c.Names)
	}
}

// either is «a» o «b».
func (c circumstances) either() string {
	quoted := make([]string, 0, len(c.Names))
	for _, name := range c.Names[:min(len(c.Names), 3)] {
		quoted = append(quoted, quote(name))
	}
	return strings.Join(quoted, " o ")
}

// number picks the form that agrees with Names.
func (c circumstances) number(one, many string) string {
	if len(c.Names) > 1 {
		return many
	}
	return one
}

// cause quotes what the system said, for a defect and a failing disk.
func (c circumstances) cause(lead string) string {
	text := c.Hint
	if c.Err != nil {
		text = c.Err.Error()
	}
	if text == "" {
		return ""
	}
	return lead + "«" + strings.TrimRight(Sanitize(text), ".") + "»"
}

// duckDB is DuckDB's own sentence about a statement, when there is no place in
// the statement to point at. It is all that is known, so it is quoted.
func (c circumstances) duckDB() string {
	if c.Err == nil {
		return ""
	}
	said, _, _ := strings.Cut(c.Err.Error(), "\n")
	pointsAt := spanish(c.Thing) != "" && !strings.HasSuffix(said, c.Thing)
	if pointsAt || strings.Contains(said, "at or near") {
		return ""
	}
	return strings.TrimRight(said, ".!")
}

// spanish quotes a name. A few of the engine's are no names but English words.
func spanish(name string) string {
	switch name {
	case "", "the table", "the table's columns", "the batch's files", "schemaString", "the statement", "a data file", "record":
		return ""
	case "end of the statement":
		return "el final de la sentencia"
	case "; (one statement at a time)":
		return "«;», porque aquí se ejecuta una sentencia cada vez"
	case "? (a parameter without a value)":
		return "«?», un parámetro sin valor"
	}
	return quote(name)
}

// duckDBKinds say what DuckDB refuses, by the kind that it gives to its sentence.
var duckDBKinds = map[string]string{
	"Binder":          "Se entiende cada parte, pero juntas no significan nada: una función, una columna o una cláusula está donde no puede estar.",
	"Invalid Input":   "Una función recibe un valor que no le sirve, como un formato de fecha o una expresión regular mal escritos.",
	"Not implemented": "Pide una parte de SQL que DuckDB no tiene, aunque Spark la tenga.",
	"Constraint":      "Rompe una condición que los datos tienen que cumplir.",
	"Catalog":         "Nombra algo que no existe, o que ya existe con otro significado.",
}

type explanation func(circumstances) Message

// explanations has every class of the engine, but for those in postgres.go.
var explanations = map[failure.Class]explanation{
	failure.EmptyDirectory: func(c circumstances) Message {
		return Message{
			What: "No hay ningún archivo de datos" + c.after(" en ") + " del que deducir el esquema.",
			Why:  "En su primera ejecución, Auto Loader lee archivos de la carpeta de origen para conocer las columnas, y está vacía.",
			Try:  "Deja algún archivo en el origen con «lab avanzar-dia», «lab extraer» o «lab traer», y vuelve a cargar.",
		}
	},
	failure.UnknownField: func(c circumstances) Message {
		if c.Hint == "failOnNewColumns" {
			return Message{
				What: "Un archivo trae " + c.columns() + c.number(", que no está en el esquema guardado.", ", que no están en el esquema guardado."),
				Why:  "Con el modo «failOnNewColumns», Auto Loader se detiene y no cambia el esquema: el plan del lote queda pendiente.",
				Try:  "Retira el archivo, o vuelve a cargar con «--opcion cloudFiles.schemaEvolutionMode=addNewColumns».",
			}
		}
		return Message{
			What: "Un archivo trae " + c.columns() + c.number(", que no está en el esquema guardado.", ", que no están en el esquema guardado."),
			Why:  "Con el modo «addNewColumns», Auto Loader anota el esquema nuevo en «_schemas» y se detiene sin cargar nada: el plan del lote queda pendiente" + c.after(" por ") + ".",
			Try:  "Vuelve a cargar con «--opcion mergeSchema=true», para que la tabla también acepte la columna nueva.",
		}
	},
	failure.MetadataMismatch: func(c circumstances) Message {
		if c.Hint == "type" {
			return Message{
				What: "Los datos traen " + c.columns() + " con un tipo distinto del que tiene en la tabla.",
				Why:  "Delta guarda un solo tipo por columna, y «mergeSchema» añade columnas pero no cambia tipos.",
				Try:  "Carga en otra tabla con «--tabla», o borra esta con «lab borrar-tabla» si ya no la necesitas.",
			}
		}
		return Message{
			What: "Los datos traen " + c.columns() + c.number(", que la tabla no tiene.", ", que la tabla no tiene."),
			Why:  "Delta no cambia las columnas de una tabla" + c.after(", aquí ") + ", si no se le pide: así un error en un archivo no la deforma.",
			Try:  "Vuelve a cargar con «--opcion mergeSchema=true»: se cargan los mismos archivos y las filas viejas quedan con NULL en la columna nueva.",
		}
	},
	failure.InvalidColumnName: func(c circumstances) Message {
		return Message{
			What: "Delta no acepta " + c.number("el nombre de columna ", "los nombres de columna ") + c.names("que trae el archivo") + ".",
			Why:  "Un nombre de columna no puede llevar espacios, tabuladores, saltos de línea ni los signos , ; { } ( ) =, salvo en tablas con «column mapping».",
			Try:  "Corrige la línea de cabecera del archivo, o añádela si le falta, y vuelve a cargar; no se ha escrito nada.",
		}
	},
	failure.DuplicateColumn: func(c circumstances) Message {
		return Message{
			What: "La cabecera repite " + c.columns() + c.after(" en ") + ".",
			Why:  "Dos columnas con el mismo nombre no se pueden distinguir, tampoco si solo cambian las mayúsculas.",
			Try:  "Da a cada columna un nombre propio en la línea de cabecera y vuelve a cargar.",
		}
	},
	failure.TableNotFound: func(c circumstances) Message {
		if c.Hint == "dropped" {
			return Message{
				What: "La tabla " + c.thing("pedida") + " no existe.",
				Why:  "Se borró, está en la papelera, y ninguna carga la ha creado de nuevo.",
				Try:  "Créala con «lab cargar», o recupérala con «lab deshacer» o con «UNDROP TABLE».",
			}
		}
		try := "Créala con «lab cargar», o recupérala con «lab deshacer» si la borraste."
		if len(c.Names) > 0 {
			try = "Comprueba el nombre; " + c.number("existe ", "existen ") + quoteAll(c.Names) + "."
		}
		return Message{
			What: "La tabla " + c.thing("pedida") + " no existe.",
			Why:  "Todavía no se ha creado, se borró, o el nombre pertenece a otro alumno u otro catálogo.",
			Try:  try,
		}
	},
	failure.TableExists: func(c circumstances) Message {
		return Message{
			What: "Ya existe una tabla con el nombre " + c.thing("pedido") + ".",
			Why:  "«UNDROP TABLE» devuelve la tabla borrada a su nombre, y ese nombre está ocupado por otra.",
			Try:  "Usa «lab deshacer», que aparta antes la que hay ahora, o bórrala con «lab borrar-tabla».",
		}
	},
	failure.ConcurrentStream: func(c circumstances) Message {
		return Message{
			What: "Ya existe la entrada " + c.thing("del checkpoint") + " que esta carga iba a escribir.",
			Why:  "Otra carga usa el mismo checkpoint, o alguien quitó una parte de él y sus números ya no cuadran: una entrada no se sobrescribe nunca.",
			Try:  "Comprueba que no haya otra carga en marcha y mira el checkpoint con «lab estado»; si le faltan archivos, devuélvelos o empieza de nuevo con «lab borrar-checkpoint».",
		}
	},
	failure.ConcurrentTxn: func(c circumstances) Message {
		return Message{
			What: "Otra carga confirmó el mismo lote en la tabla" + c.after(" ") + " mientras esta trabajaba.",
			Why:  "Las dos usan la misma consulta, y Delta solo admite un «txn» por consulta y lote.",
			Try:  "Espera a que termine la otra y vuelve a cargar: ninguna fila se duplica.",
		}
	},
	failure.MetadataChanged: func(c circumstances) Message {
		return Message{
			What: "El esquema de la tabla" + c.after(" ") + " cambió mientras se cargaba.",
			Why:  "Otro escritor confirmó antes una versión con otras columnas, y los datos de este lote se prepararon para las anteriores.",
			Try:  "Vuelve a cargar: el mismo lote se prepara para el esquema nuevo.",
		}
	},
	failure.ProtocolChanged: func(c circumstances) Message {
		return Message{
			What: "El protocolo de la tabla" + c.after(" ") + " cambió mientras se cargaba.",
			Why:  "Otro escritor confirmó antes una versión que exige otras funciones de Delta.",
			Try:  "Vuelve a cargar: si el laboratorio conoce esas funciones, sigue adelante.",
		}
	},
	failure.UnsupportedFeature: func(c circumstances) Message {
		return Message{
			What: "El laboratorio no puede leer la tabla" + c.after(" ") + ".",
			Why:  "Usa " + c.number("una función de Delta que aquí falta: ", "funciones de Delta que aquí faltan: ") + c.names("desconocida") + ".",
			Try:  "Léela con Databricks o Spark, o trabaja con otra tabla.",
		}
	},
	failure.UnsupportedWrite: func(c circumstances) Message {
		return Message{
			What: "El laboratorio no puede escribir en " + c.thing("la tabla") + ".",
			Why:  "Hace falta " + c.number("algo que el escritor no conoce: ", "lo que el escritor no conoce: ") + c.names("una función de Delta o un tipo de dato") + ".",
			Try:  "Usa otra tabla con «--tabla», o quita de esta lo que la hace especial.",
		}
	},
	failure.LogGap: func(c circumstances) Message {
		return Message{
			What: "Falta una versión en el log de la tabla: " + c.thing("hay un hueco en «_delta_log»") + ".",
			Why:  "Una tabla es la suma de todas sus versiones, y sin una de ellas no se sabe qué filas tiene.",
			Try:  "Devuelve el archivo que falta a «_delta_log», o borra la tabla con «lab borrar-tabla» y cárgala otra vez.",
		}
	},
	failure.StateRecovery: func(c circumstances) Message {
		return Message{
			What: "El log de la tabla está incompleto" + c.after(" en ") + ".",
			Why:  "Ninguna de sus versiones dice " + c.names("qué protocolo y qué esquema tiene") + ".",
			Try:  "Devuelve los archivos que falten a «_delta_log», o borra la tabla con «lab borrar-tabla» y cárgala otra vez.",
		}
	},
	failure.VersionNotFound: func(c circumstances) Message {
		try := "Mira qué versiones hay con «lab historial»."
		if first, last, found := strings.Cut(c.Hint, ".."); found {
			try = "Pide una versión de la " + Sanitize(first) + " a la " + Sanitize(last) + ", o mira cuáles hay con «lab historial»."
		}
		return Message{
			What: "La versión pedida no está en el log de la tabla" + c.after(" ") + ".",
			Why:  "Una tabla solo conserva las versiones que se han escrito y no se han limpiado.",
			Try:  try,
		}
	},
	failure.TimestampNotFound: func(c circumstances) Message {
		return Message{
			What: "La tabla" + c.after(" ") + " no tiene ninguna versión de ese momento.",
			Why:  "El momento pedido es anterior a su primera versión o posterior a la última.",
			Try:  "Mira las horas de cada versión con «lab historial».",
		}
	},
	failure.MalformedCSV: func(c circumstances) Message {
		return Message{
			What: "Una fila de " + c.thing("un archivo") + " no se puede leer como CSV.",
			Why:  "Con «mode=FAILFAST» basta una fila mal formada para detener la carga, y una fila de más de 512 MiB la detiene siempre.",
			Try:  "Corrige la fila, o quita «mode=FAILFAST» para que los valores que no encajan vayan a «_rescued_data».",
		}
	},
	failure.CannotRead: func(c circumstances) Message {
		if c.Op == "bring" {
			return Message{
				What: "No se puede traer " + c.thing("un archivo") + ".",
				Why:  "No es un archivo corriente, o no hay permiso para leerlo.",
				Try:  "Comprueba qué es y sus permisos, y repite la orden.",
			}
		}
		return Message{
			What: "No se pudo leer " + c.thing("un archivo de datos") + ".",
			Why:  "El archivo está cortado o dañado, o no hay permiso para abrirlo; la tabla no ha cambiado y el plan del lote sigue en pie.",
			Try:  "Repara el archivo y vuelve a cargar, o sáltalo con «--opcion ignoreCorruptFiles=true».",
		}
	},
	failure.FileVanished: func(c circumstances) Message {
		switch c.Op {
		case "bring":
			return Message{
				What: "No existe el archivo " + c.thing("pedido") + ".",
				Why:  "El nombre está mal escrito, o el archivo está en otra carpeta.",
				Try:  "Comprueba la ruta y repite la orden; no se ha traído ningún archivo.",
			}
		case "read checkpoint":
			return Message{
				What: "No hay ningún checkpoint en " + c.thing("esa carpeta") + ".",
				Why:  "La carga todavía no lo ha creado, se borró, o la ruta es otra.",
				Try:  "Mira dónde está con «lab estado».",
			}
		}
		return Message{
			What: "El archivo " + c.thing("de datos") + " ya no está.",
			Why:  "Estaba al hacer la lista y desapareció antes de leerlo; la tabla no ha cambiado y el plan del lote sigue en pie.",
			Try:  "Devuelve el archivo a su sitio y vuelve a cargar, o continúa sin él con «--opcion ignoreMissingFiles=true».",
		}
	},
	failure.UnknownOption: func(c circumstances) Message {
		return Message{
			What: "Nadie conoce la opción " + c.thing(c.names("pedida")) + ".",
			Why:  "No es una opción de Auto Loader, del lector de CSV ni del escritor de Delta, y una opción mal escrita nunca se pasa por alto.",
			Try:  "Comprueba el nombre en la documentación de Databricks, por ejemplo «cloudFiles.maxFilesPerTrigger» o «mergeSchema».",
		}
	},
	failure.InvalidOption: func(c circumstances) Message {
		value, accepted := "", ""
		if len(c.Names) > 0 {
			value, accepted = quoteAll(c.Names), c.Hint
		} else if c.Hint != "" {
			value = quote(c.Hint)
		}
		m := Message{
			What: "La opción " + c.thing("indicada") + " no admite el valor " + value + ".",
			Why:  "Cada opción tiene sus valores, los mismos que en Databricks.",
			Try:  "Corrige el valor y vuelve a cargar; no ha cambiado nada.",
		}
		if value == "" {
			m.What = "La opción " + c.thing("indicada") + " tiene un valor que no se admite."
		}
		if accepted != "" {
			m.Try = "Escribe un valor como estos: " + quote(accepted) + "."
		}
		return m
	},
	failure.UnsupportedOption: func(c circumstances) Message {
		m := Message{
			What: "La opción " + c.thing("pedida") + " existe en Databricks, pero el laboratorio todavía no la tiene.",
			Why:  "Antes que fingir que la aplica, el laboratorio la rechaza por su nombre.",
			Try:  "Quita la opción y vuelve a cargar; no ha cambiado nada.",
		}
		if len(c.Names) > 0 && c.Names[0] != c.Thing {
			m.What = "El laboratorio todavía no tiene el valor " + quote(c.Names[0]) + " de la opción " + c.thing("pedida") + ", que existe en Databricks."
			if c.Hint != "" {
				m.Try = "Quita la opción o escribe su único valor disponible, " + quote(c.Hint) + "."
			}
		}
		return m
	},
	failure.DatatypeMismatch: func(c circumstances) Message {
		m := Message{
			What: "La operación" + c.after(" ") + " no admite el tipo de " + c.names("uno de los valores") + ".",
			Why:  "Auto Loader deja las columnas de un CSV como STRING si no se le pide otra cosa; Spark las convierte por su cuenta y DuckDB, que responde aquí, no.",
			Try:  "Convierte el valor, por ejemplo con «CAST(… AS DECIMAL(10,2))».",
		}
		switch {
		case c.Hint == "TRY_CAST":
			m.What = "Un valor no se puede convertir al tipo pedido."
			m.Why = "No todos los textos son un número o una fecha, y «CAST» se detiene en el primero que no lo es."
			m.Try = "Usa «TRY_CAST», que da NULL donde el valor no se puede convertir."
		case c.Hint != "":
			m.Try = "Convierte el valor así: " + quote(c.Hint) + "."
		}
		return m
	},
	failure.ParseSyntax: func(c circumstances) Message {
		if said := c.duckDB(); said != "" {
			why, known := duckDBKinds[c.Hint]
			if !known {
				why = "Alguna parte de ella no la admite."
			}
			return Message{
				What: "DuckDB, que responde aquí, no puede ejecutar la sentencia.", Why: why,
				Try: "Ve parte por parte, hasta dar con la que no admite. DuckDB lo dice así, en inglés: " + quote(said) + ".",
			}
		}
		return Message{
			What: "No se entiende la sentencia SQL" + strings.Replace(c.after(" cerca de "), " de el ", " del ", 1) + ".",
			Why:  "Falta o sobra algo ahí, o esa forma no existe en el SQL de la consola.",
			Try:  "Revisa comas, comillas y paréntesis, y escribe una sola sentencia, por ejemplo «SELECT count(*) FROM catalogo.esquema.tabla».",
		}
	},
	failure.UnresolvedColumn: func(c circumstances) Message {
		m := Message{
			What: "Ninguna tabla de la sentencia tiene la columna " + c.thing("pedida") + ".",
			Why:  "El nombre está mal escrito, o la columna pertenece a otra tabla.",
			Try:  "Mira las columnas con «DESCRIBE» y el nombre de la tabla.",
		}
		switch {
		case c.Hint != "":
			m.Why = "Entre comillas dobles va un nombre de columna; en Spark sería un texto."
			m.Try = "Si es un texto, escríbelo con comillas simples, así: " + quote(c.Hint) + "."
		case len(c.Names) > 0:
			m.Try = "Quizá querías " + c.either() + "."
		}
		return m
	},
	failure.UnresolvedRoutine: func(c circumstances) Message {
		m := Message{
			What: "La función " + c.thing("pedida") + " no existe en esta consola.",
			Why:  "El nombre está mal escrito, o es una función de Spark que DuckDB no tiene.",
			Try:  "Busca la función equivalente de DuckDB, o quítala de la sentencia.",
		}
		switch {
		case c.Hint != "":
			m.Why = "Es de Spark; DuckDB, que responde aquí, lo escribe de otra forma."
			m.Try = "Escríbelo así: " + quote(c.Hint) + "."
		case len(c.Names) > 0:
			m.Try = "Quizá querías " + c.either() + "."
		}
		return m
	},
	failure.MissingAggregation: func(c circumstances) Message {
		return Message{
			What: "La columna " + c.thing("pedida") + " está junto a una función de agregación y no está en «GROUP BY».",
			Why:  "«count», «sum» y las demás dan un valor por grupo de filas, y dentro de un grupo esa columna puede tener muchos.",
			Try:  "Agrupa por ella, «GROUP BY " + strings.Trim(c.thing("la columna"), "«»") + "», o quítala de «SELECT».",
		}
	},
	failure.InvalidWhere: func(circumstances) Message {
		return Message{
			What: "Una función de agregación, como «count», no puede estar en «WHERE».",
			Why:  "«WHERE» elige filas una por una, antes de que haya grupos que contar.",
			Try:  "Pon esa condición en «HAVING», detrás de «GROUP BY».",
		}
	},
	failure.NestedAggregate: func(circumstances) Message {
		return Message{
			What: "Una función de agregación no puede estar dentro de otra.",
			Why:  "La de fuera necesita filas, y la de dentro ya las ha reducido a un valor.",
			Try:  "Calcula la de dentro en una subconsulta: «SELECT max(n) FROM (SELECT count(*) AS n FROM … GROUP BY …)».",
		}
	},
	failure.AmbiguousReference: func(c circumstances) Message {
		m := Message{
			What: "La columna " + c.thing("pedida") + " está en más de una tabla de la sentencia.",
			Why:  "Sin el nombre de la tabla no se sabe cuál de ellas es.",
			Try:  "Escribe delante la tabla o su alias.",
		}
		if len(c.Names) > 0 {
			m.Try = "Escribe " + c.either() + "."
		}
		return m
	},
	failure.TooManySubqueryRows: func(circumstances) Message {
		return Message{
			What: "Una subconsulta ha dado más de una fila donde va un solo valor.",
			Why:  "Entre paréntesis, en el lugar de un valor, cabe una fila y una columna.",
			Try:  "Añádele «LIMIT 1», resúmela con «max(…)», o compárala con «IN».",
		}
	},
	failure.ColumnsMismatch: func(circumstances) Message {
		return Message{
			What: "Las consultas unidas no tienen el mismo número de columnas.",
			Why:  "«UNION», «EXCEPT» e «INTERSECT» ponen las filas de una debajo de las de la otra, columna por columna.",
			Try:  "Iguala las columnas de los dos «SELECT».",
		}
	},
	failure.ArithmeticOverflow: func(circumstances) Message {
		return Message{
			What: "El resultado es un número demasiado grande para su tipo.",
			Why:  "Un BIGINT llega hasta 9223372036854775807, y los demás enteros no llegan a tanto.",
			Try:  "Calcula con un tipo mayor: «CAST(… AS DECIMAL(38,0))» o «CAST(… AS DOUBLE)».",
		}
	},
	failure.StatementNotAllowed: func(c circumstances) Message {
		if c.Op == "read" || c.Op == "read checkpoint" {
			return Message{
				What: "La consola no lee " + c.thing("archivos sueltos") + ".",
				Why:  "Aquí se consultan las tablas del laboratorio; los archivos entran en ellas con «lab cargar», y lo de fuera no se toca.",
				Try:  "Pon el nombre de una tabla, como los que da «SHOW TABLES».",
			}
		}
		return Message{
			What: "La consola no ejecuta " + c.thing("esta sentencia") + ".",
			Why:  "Aquí se consulta y se borran tablas; las filas entran solo por «lab cargar», y nada se lee ni se escribe fuera de las tablas del laboratorio.",
			Try:  "Usa SELECT, SHOW, DESCRIBE, EXPLAIN, DROP TABLE o UNDROP TABLE.",
		}
	},
	failure.SourceLogIncomplete: func(c circumstances) Message {
		return Message{
			What: "Al registro de archivos del checkpoint le faltan entradas" + c.after(", desde ") + ".",
			Why:  "«offsets» promete lotes cuyos archivos ya no constan en «sources/0», y sin esa lista no se sabe qué está cargado: adivinarlo duplicaría o perdería filas.",
			Try:  "Devuelve los archivos que faltan a «sources/0», o empieza de nuevo con «lab borrar-checkpoint» sabiendo que se carga otra vez todo lo que hay en el origen.",
		}
	},
	failure.OffsetLogIncomplete: func(c circumstances) Message {
		return Message{
			What: "Falta " + c.thing("una entrada de «offsets»") + " en el checkpoint.",
			Why:  "Un lote empieza donde acaba el anterior, y sin el plan anterior no se sabe dónde empieza este.",
			Try:  "Devuelve el archivo que falta, o empieza de nuevo con «lab borrar-checkpoint» sabiendo que se carga otra vez todo lo que hay en el origen.",
		}
	},
	failure.DamagedFile: func(c circumstances) Message {
		return Message{
			What: "El archivo " + c.thing("de un registro") + " está dañado.",
			Why:  "Está vacío, cortado o cambiado a mano, y lo que falta no se puede adivinar; no se ha tocado nada.",
			Try:  "Devuelve el archivo original, o deshaz el cambio que lo dañó, y repite la orden.",
		}
	},
	failure.Busy: func(c circumstances) Message {
		return Message{
			What: "Otra orden está usando " + c.thing("el mismo checkpoint o la misma tabla") + ".",
			Why:  "Dos cargas sobre el mismo checkpoint se estorbarían, y borrar lo que otra usa también.",
			Try:  "Espera a que termine la otra, o ciérrala, y repite la orden; no ha cambiado nada.",
		}
	},
	failure.DiskFull: func(c circumstances) Message {
		return Message{
			What: "No queda espacio en el disco" + c.after(" para ") + ".",
			Why:  "Un archivo aparece entero o no aparece, así que lo que no cupo no existe y la tabla no ha cambiado.",
			Try:  "Libera espacio y repite la orden: sigue donde quedó.",
		}
	},
	failure.NoPermission: func(c circumstances) Message {
		return Message{
			What: "No hay permiso para usar " + c.thing("la carpeta del laboratorio") + ".",
			Why:  "El sistema no deja leer o escribir ahí a tu usuario, o el disco es de solo lectura.",
			Try:  "Cambia los permisos, o elige otra carpeta con «--dir» o LAB_DIR.",
		}
	},
	failure.Storage: func(c circumstances) Message {
		m := Message{
			What: "Falló el disco al trabajar con " + c.thing("la carpeta del laboratorio") + ".",
			Why:  "El sistema no ha dicho la causa.",
			Try:  "Comprueba el disco y la carpeta con «lab doctor» y repite la orden.",
		}
		if cause := c.cause("El sistema respondió: "); cause != "" {
			m.Why = cause + "."
		}
		return m
	},
	failure.ResultTooLarge: func(circumstances) Message {
		return Message{
			What: "La consulta pide más filas o más memoria de la que hay para ella.",
			Why:  "El laboratorio guarda el resultado entero antes de mostrarlo, y pone un límite para que el equipo no se quede sin memoria.",
			Try:  "Añade «LIMIT 1000», un filtro o un resumen con «GROUP BY», y vuelve a ejecutar.",
		}
	},
	failure.WrongUse: func(c circumstances) Message {
		return wrongValue(c)
	},
	failure.Cancelled: func(circumstances) Message {
		return Message{
			What: "La orden se canceló antes de terminar.",
			Why:  "Llegó una interrupción (ctrl+c) y el laboratorio paró entre dos escrituras: archivos, tabla y checkpoint quedan consistentes.",
			Try:  "Repite la orden cuando quieras: continúa donde quedó, sin perder ni duplicar filas.",
		}
	},
	failure.Internal: func(c circumstances) Message {
		m := Message{
			What: "El laboratorio tropezó con un error suyo" + c.after(" en ") + ".",
			Why:  "Es un defecto del programa, no algo que hayas hecho mal.",
			Try:  "Repite la orden y, si vuelve a ocurrir, avisa a quien mantiene el laboratorio con este texto.",
		}
		if cause := c.cause(": "); cause != "" {
			m.Why = "Es un defecto del programa, no algo que hayas hecho mal" + cause + "."
		}
		return m
	},
}
