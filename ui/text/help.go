package text

import "strings"

// Command is the help of one command.
type Command struct {
	Name    string
	Use     string // the line after «Uso:»
	Short   string // in the list of commands; no final stop
	Long    string
	Example string
}

// Commands by name; "" is the program itself.
var Commands = map[string]Command{
	"": {
		Use:   "lab [orden] [opciones]",
		Short: "Laboratorio de carga incremental",
		Long: "Un laboratorio para aprender carga incremental con Auto Loader, Structured\n" +
			"Streaming y Delta. Todo ocurre de verdad, en una carpeta de tu equipo que\n" +
			"puedes mirar, romper y devolver al principio.",
		Example: "lab cargar\nlab contar\nlab avanzar-dia\nlab cargar\nlab historial",
	},
	"cargar": {
		Use:   "lab cargar [opciones]",
		Short: "Ejecuta la carga del cuaderno",
		Long: "Busca archivos nuevos en el origen y los carga en la tabla, lote a lote, como\n" +
			"lo hace Auto Loader con «availableNow». El resumen sale por la salida normal\n" +
			"y la narración por la de errores.\n\n" +
			"Variantes: cuaderno, checkpoint-en-tabla, copy-into y sin-checkpoint.\n" +
			"Costuras: descubierto, planeado, escrito y tabla_confirmada.",
		Example: "lab cargar\nlab cargar --opcion cloudFiles.maxFilesPerTrigger=1\nlab cargar --variante checkpoint-en-tabla\nlab cargar --json --pausa-en planeado",
	},
	"contar": {
		Use:     "lab contar [opciones]",
		Short:   "Cuenta las filas de la tabla",
		Long:    "Ejecuta el «SELECT count(*)» del cuaderno sobre la tabla.",
		Example: "lab contar\nlab contar --alumno ana",
	},
	"sql": {
		Use:   "lab sql SENTENCIA [opciones]",
		Short: "Ejecuta una sentencia SQL sobre las tablas",
		Long: "Consulta las tablas con su nombre de tres partes. También entiende DROP TABLE,\n" +
			"UNDROP TABLE, DESCRIBE HISTORY, DESCRIBE DETAIL, SHOW TABLES, VERSION AS OF y\n" +
			"cloud_files_state.",
		Example: "lab sql \"SELECT count(*) FROM bronce_dev.datavision_bruno.account_premium_features\"\nlab sql \"SHOW TABLES\" --formato json",
	},
	"extraer": {
		Use:   "lab extraer [opciones]",
		Short: "Extrae un día de la fuente y lo deja en el origen",
		Long: "Escribe en el origen las filas de un día, en un archivo entero. Repetir el\nmismo día deja un solo archivo con los mismos bytes.\n\n" +
			"Las filas salen de la base de datos de «--dsn» o LAB_DSN; si no hay, del\nPostgreSQL del laboratorio si está en marcha; y si no, de los datos incluidos.",
		Example: "lab extraer\nlab extraer --fecha 2025-03-07\nlab extraer --dsn postgresql://ana@localhost/pruebas",
	},
	"avanzar-dia": {
		Use:     "lab avanzar-dia [opciones]",
		Short:   "Pasa un día: llega su extracción al origen",
		Long:    "El día simulado avanza uno y la extracción del día que acaba llega al origen.",
		Example: "lab avanzar-dia && lab cargar",
	},
	"traer": {
		Use:     "lab traer ARCHIVO… [opciones]",
		Short:   "Deja en el origen archivos CSV tuyos",
		Long:    "Copia cada archivo, entero y con su hora, a la carpeta de origen.",
		Example: "lab traer ~/datos/mis_compras.csv",
	},
	"borrar-tabla": {
		Use:     "lab borrar-tabla [opciones]",
		Short:   "Borra la tabla; antes pregunta",
		Long:    "Es el DROP TABLE del cuaderno. La tabla va a la papelera: «lab deshacer» la\ndevuelve.",
		Example: "lab borrar-tabla\nlab borrar-tabla --si",
	},
	"borrar-checkpoint": {
		Use:     "lab borrar-checkpoint [opciones]",
		Short:   "Borra el checkpoint; antes pregunta",
		Long:    "Olvida qué archivos están cargados. El checkpoint va a la papelera: «lab\ndeshacer» lo devuelve.",
		Example: "lab borrar-checkpoint\nlab borrar-checkpoint --si",
	},
	"deshacer": {
		Use:     "lab deshacer [opciones]",
		Short:   "Deshace la última eliminación",
		Long:    "Devuelve a su sitio lo último que se borró. Lo que haya ahora en ese sitio va\nantes a la papelera.",
		Example: "lab deshacer",
	},
	"reiniciar": {
		Use:     "lab reiniciar [opciones]",
		Short:   "Devuelve el laboratorio al principio; antes pregunta",
		Long:    "Deja el laboratorio como recién preparado. Conserva tu progreso en las\nlecciones, salvo con «--todo».",
		Example: "lab reiniciar\nlab reiniciar --si --todo",
	},
	"estado": {
		Use:     "lab estado [opciones]",
		Short:   "Muestra las tres memorias: origen, checkpoint y tabla",
		Long:    "Dice qué hay en el origen, qué recuerda el checkpoint y qué tiene la tabla.",
		Example: "lab estado\nlab estado --json",
	},
	"historial": {
		Use:     "lab historial [opciones]",
		Short:   "Muestra las versiones de la tabla",
		Long:    "Es el DESCRIBE HISTORY de la tabla, de la versión más nueva a la más vieja.",
		Example: "lab historial",
	},
	"lecciones": {
		Use:     "lab lecciones [opciones]",
		Short:   "Lista las lecciones y por dónde vas",
		Long:    "Dice cuántos pasos has hecho de cada lección. Con «--resolver» la juega sola,\npor su solución: en una carpeta aparte, o en la de «--dir» si la das.",
		Example: "lab lecciones\nlab lecciones --resolver experimento-1",
	},
	"informe": {
		Use:     "lab informe [opciones]",
		Short:   "Escribe tu informe, o verifica los entregados",
		Long:    "Escribe en Markdown tus predicciones, lo que pasó, las cuentas y las respuestas\ncon sus pruebas. Con «--verificar» repite la historia y dice qué no encaja, en\nuna tabla de la clase.",
		Example: "lab informe --nombre Ana > informe.md\nlab informe --verificar entregas/",
	},
	"progreso": {
		Use:   "lab progreso ACCIÓN [ARCHIVO] [opciones]",
		Short: "Lleva tu progreso a otra carpeta o a otro equipo",
		Long: "Acciones:\n" +
			"  exportar          escribe tu progreso en la salida, para guardarlo\n" +
			"  importar ARCHIVO  lo pone en esta carpeta; lo que había queda apartado\n\n" +
			"Cada lección se prepara otra vez, hasta su paso, cuando la abras.",
		Example: "lab progreso exportar > progreso-ana.json\nlab progreso importar progreso-ana.json",
	},
	"notas": {
		Use:     "lab notas [LECCIÓN] [opciones]",
		Short:   "Notas para quien da la clase",
		Long:    "Muestra las notas de una lección, o de la que está abierta, y del paso en que\nva: respuestas, ideas equivocadas y solución. Con «--seguir» cambian con la\nlección, desde otra terminal.",
		Example: "lab notas --seguir\nlab notas experimento-1",
	},
	"validar": {
		Use:     "lab validar [opciones]",
		Short:   "Busca errores en los archivos de las lecciones",
		Long:    "Comprueba que las lecciones están completas y bien escritas.",
		Example: "lab validar",
	},
	"ruta": {
		Use:     "lab ruta [opciones]",
		Short:   "Dice en qué carpeta está el laboratorio",
		Long:    "Escribe la carpeta del laboratorio, entera, en una línea.",
		Example: "cd \"$(lab ruta)\"",
	},
	"doctor": {
		Use:     "lab doctor [opciones]",
		Short:   "Comprueba si este equipo puede ejecutar el laboratorio",
		Long:    "Prueba la carpeta, el disco y DuckDB, y dice qué falla.",
		Example: "lab doctor",
	},
	"postgres": {
		Use:   "lab postgres ACCIÓN [opciones]",
		Short: "Un PostgreSQL de verdad del que extraer",
		Long: "Acciones:\n" +
			"  iniciar          crea y arranca el PostgreSQL del laboratorio, con sus datos\n" +
			"  parar            lo para; hasta entonces, los días se extraen de él\n" +
			"  estado           dice si está en marcha y cómo entrar con «psql»\n" +
			"  sembrar          pone los datos del laboratorio, con su tabla, en una base\n" +
			"                   de datos vacía; en la propia, los devuelve al principio\n" +
			"  insertar-tardia  añade una fila de un día ya extraído y cambia otra: lo que\n" +
			"                   un cursor no ve\n\n" +
			"Con «--dsn» o LAB_DSN, estado, sembrar e insertar-tardia trabajan con esa base\n" +
			"de datos. Necesita PostgreSQL 12 o posterior; sin él, los días salen de los\n" +
			"datos incluidos, y en ellos cae también la fila tardía.",
		Example: "lab postgres iniciar\nlab avanzar-dia\nlab postgres insertar-tardia\nlab postgres sembrar --dsn postgresql://ana@localhost/pruebas\nlab postgres parar",
	},
	"ayuda": {
		Use:     "lab ayuda [orden]",
		Short:   "Muestra la ayuda de una orden",
		Long:    "Muestra cómo se usa una orden; lo mismo que escribirla con «--help».",
		Example: "lab ayuda cargar",
	},
}

// Order is how the help lists the commands.
var Order = []string{
	"cargar", "contar", "sql", "estado", "historial",
	"avanzar-dia", "extraer", "traer", "postgres",
	"borrar-tabla", "borrar-checkpoint", "deshacer", "reiniciar",
	"lecciones", "progreso", "informe", "notas", "validar", "ruta", "doctor", "ayuda",
}

// Flag is the help of one flag: its value's name (empty for a switch) and what it does.
type Flag struct{ Value, About string }

// Flags by name.
var Flags = map[string]Flag{
	"dir":             {"CARPETA", "carpeta del laboratorio (o la variable LAB_DIR)"},
	"json":            {"", "escribe el resultado en JSON, para programas"},
	"help":            {"", "muestra esta ayuda"},
	"version":         {"", "escribe la versión"},
	"seguir":          {"", "no termina: cambia cuando cambia la lección"},
	"nombre":          {"NOMBRE", "tu nombre, para el informe; queda guardado"},
	"verificar":       {"RUTA", "un informe, o la carpeta en la que están"},
	"resolver":        {"LECCIÓN", "juega esa lección por su propia solución"},
	"plano":           {"", "sin pantalla completa, solo texto"},
	"tema":            {"TEMA", "auto, oscuro, claro, contraste[-claro] o sin-color"},
	"sin-animacion":   {"", "sin movimiento: la pantalla cambia una vez por segundo"},
	"profesor":        {"", "para una clase: votos y respuestas ocultas"},
	"alumno":          {"NOMBRE", "widget «alumno»"},
	"catalogo":        {"NOMBRE", "widget «catalogo»"},
	"volumen-landing": {"VOLUMEN", "widget «volumen_landing»; o file:///carpeta"},
	"volumen-bronce":  {"VOLUMEN", "widget «volumen_bronce»"},
	"tabla":           {"NOMBRE", "widget «tabla»"},
	"variante":        {"VARIANTE", "dónde vive la memoria (ver «lab ayuda cargar»)"},
	"opcion":          {"CLAVE=VALOR", "opción de lectura o escritura; se repite"},
	"progreso":        {"ARCHIVO", "progreso de cada lote, como lo cuenta Spark"},
	"pausa-en":        {"COSTURA", "se detiene ahí, en cada lote, hasta una línea"},
	"si":              {"", "no pregunta"},
	"todo":            {"", "borra también el progreso de las lecciones"},
	"fecha":           {"AAAA-MM-DD", "día; si falta, el de ayer"},
	"dsn":             {"URL", "base de datos de origen (o la variable LAB_DSN)"},
	"formato":         {"FORMATO", "tabla, csv o json"},
}

// HelpFlag is one line of a command's flags.
type HelpFlag struct{ Name, Short string }

// Help is the whole page of a command.
func Help(c Command, commands []string, flags []HelpFlag) string {
	var out strings.Builder
	out.WriteString(c.Long + "\n\nUso:\n  " + c.Use + "\n")
	if len(commands) > 0 {
		out.WriteString("\nÓrdenes:\n")
		rows := make([][2]string, len(commands))
		for i, name := range commands {
			rows[i] = [2]string{name, Commands[name].Short}
		}
		pairs(&out, rows)
	}
	out.WriteString("\nOpciones:\n")
	rows := make([][2]string, len(flags))
	for i, f := range flags {
		rows[i] = [2]string{f.head(), Flags[f.Name].About}
	}
	pairs(&out, rows)
	out.WriteString("\nEjemplos:\n  " + strings.ReplaceAll(c.Example, "\n", "\n  ") + "\n")
	if len(commands) > 0 {
		out.WriteString("\nLa ayuda de una orden: «lab ayuda cargar».\n")
	}
	return out.String()
}

func (f HelpFlag) head() string {
	head := "    --" + f.Name
	if f.Short != "" {
		head = "-" + f.Short + ", --" + f.Name
	}
	if value := Flags[f.Name].Value; value != "" {
		head += " " + value
	}
	return head
}

func pairs(out *strings.Builder, rows [][2]string) {
	left := 0
	for _, row := range rows {
		left = max(left, Width(row[0]))
	}
	for _, row := range rows {
		out.WriteString("  " + row[0] + strings.Repeat(" ", left-Width(row[0])+2) + row[1] + "\n")
	}
}
