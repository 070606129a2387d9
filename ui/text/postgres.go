package text

import (
	"regexp"
	"strings"

	"autoloaderlab/engine/failure"
)

// sourceExplanations has the classes of a source database and of the lab's own
// PostgreSQL. What the server said stays out, but for its SQLSTATE.
var sourceExplanations = map[failure.Class]explanation{
	failure.ConnectionFailed: func(c circumstances) Message {
		m := Message{
			What: "No hay conexión con PostgreSQL" + c.after(" en ") + ".",
			Why:  "El servidor no está disponible o la conexión se cortó a mitad; un archivo que no llegó entero no aparece.",
			Try:  "Comprueba que el servidor está en marcha, con «lab postgres estado --dsn …», y repite la orden.",
		}
		switch c.Hint {
		case "refused":
			m.Why = "Nadie escucha en esa dirección: el servidor está parado, o el nombre o el puerto son otros."
			m.Try = "Arranca el servidor o corrige el nombre y el puerto del DSN; para usar el del laboratorio, «lab postgres iniciar» y ningún «--dsn»."
		case "name":
			m.Why = "Ese nombre de servidor no existe, o la red no sabe encontrarlo."
			m.Try = "Corrige el servidor en el DSN, que se escribe «postgresql://usuario@servidor:5432/base», y comprueba la red."
		case "timeout":
			m.Why = "El servidor no respondió a tiempo: una red o un cortafuegos no dejan pasar, o la dirección es otra."
			m.Try = "Comprueba la red y el puerto; si el servidor es lento, añade «connect_timeout=60» al DSN."
		case "tls":
			m.Why = "Servidor y laboratorio no se pusieron de acuerdo en el cifrado, o el certificado no vale para ese nombre."
			m.Try = "Revisa «sslmode» y «sslrootcert» en el DSN; en una red de confianza, «sslmode=disable» conecta sin cifrar."
		case "53300":
			m.Why = "El servidor tiene ya todas las conexiones que admite."
			m.Try = "Espera un momento o cierra otras conexiones, y repite la orden."
		case "57P01", "57P02", "57P03":
			m.Why = "El servidor se está parando o arrancando; un archivo que no llegó entero no aparece."
			m.Try = "Espera a que esté en marcha y repite la orden."
		}
		return m
	},
	failure.AuthenticationFailed: func(c circumstances) Message {
		return Message{
			What: "PostgreSQL no deja entrar" + c.after(" en ") + ".",
			Why:  "El usuario o la contraseña no son correctos, o el servidor no admite a ese usuario desde este equipo (su «pg_hba.conf» lo decide).",
			Try:  "Corrige el usuario y la contraseña del DSN, con los signos especiales escritos como %40; mejor aún, guarda la contraseña en «~/.pgpass» o en PGPASSWORD.",
		}
	},
	failure.DatabaseNotFound: func(c circumstances) Message {
		return Message{
			What: "El servidor de PostgreSQL" + c.after(" en ") + " no tiene esa base de datos.",
			Why:  "El nombre que va al final del DSN está mal escrito, o la base de datos todavía no se ha creado.",
			Try:  "Corrige el nombre o créala con «createdb», y llénala con «lab postgres sembrar --dsn …».",
		}
	},
	failure.SourceTableNotFound: func(c circumstances) Message {
		m := Message{
			What: "La base de datos no tiene la tabla " + c.thing("«public.account_premium_features»") + ".",
			Why:  "El script del cuaderno extrae siempre de ella, y en esta base de datos no está.",
			Try:  "Comprueba que el DSN apunta a la base de datos correcta, o crea la tabla con los datos del laboratorio: «lab postgres sembrar».",
		}
		if len(c.Names) > 0 {
			m.What = "La tabla " + c.thing("de la que se extrae") + " no tiene " + c.columns() + "."
			m.Why = "El script del cuaderno pide cinco columnas por su nombre: account_feature_id, account_id, feature_id, purchase_date y amount_paid."
			m.Try = "Añade la columna, crea una vista con esos nombres, o apunta el DSN a otra base de datos."
		}
		return m
	},
	failure.SourceTableExists: func(c circumstances) Message {
		return Message{
			What: "La base de datos ya tiene la tabla " + c.thing("«public.account_premium_features»") + ".",
			Why:  "Sembrar no borra nunca una tabla que ya estaba: podría no ser del laboratorio.",
			Try:  "Úsala como está, siembra en una base de datos vacía, o bórrala tú antes si nadie la necesita.",
		}
	},
	failure.SourceNotSeeded: func(c circumstances) Message {
		return Message{
			What: "La tabla " + c.thing("de esa base de datos") + " no la creó el laboratorio, así que no la cambia.",
			Why:  "«insertar-tardia» añade una fila y cambia otra, y eso solo se hace con datos inventados.",
			Try:  "Usa el PostgreSQL del laboratorio, con «lab postgres iniciar» y ningún «--dsn», o una base de datos vacía sembrada con «lab postgres sembrar --dsn …».",
		}
	},
	failure.SourceDenied: func(c circumstances) Message {
		return Message{
			What: "El usuario de la base de datos no tiene permiso sobre " + c.thing("la tabla") + ".",
			Why:  "Para extraer hace falta SELECT sobre la tabla, y para sembrar, CREATE en el esquema «public».",
			Try:  "Pide ese permiso a quien administra la base de datos, o entra con otro usuario en el DSN.",
		}
	},
	failure.SourceFailed: func(c circumstances) Message {
		m := Message{
			What: "PostgreSQL rechazó la consulta" + c.after(" en ") + ".",
			Why:  "La tabla no es como la espera el script del cuaderno, o el servidor puso un límite; no ha cambiado nada.",
			Try:  "Comprueba que «purchase_date» es una fecha con hora, y prueba la consulta con «psql».",
		}
		switch {
		case c.Hint == "57014":
			m.Why = "El servidor canceló la consulta, seguramente porque pasó el tiempo que permite «statement_timeout»."
			m.Try = "Repite la orden cuando el servidor esté más libre, o pide un límite mayor para tu usuario."
		case c.Hint == "55P03", c.Hint == "40P01":
			m.Why = "Otra conexión tiene bloqueada la tabla."
			m.Try = "Espera a que termine y repite la orden."
		case c.Hint != "":
			m.Why = "El servidor dio el código SQLSTATE " + quote(c.Hint) + "; no ha cambiado nada."
		}
		return m
	},
	failure.PostgresNotInstalled: func(c circumstances) Message {
		m := Message{
			What: "No se encuentra PostgreSQL en este equipo.",
			Why:  "Para tener un servidor propio, el laboratorio necesita sus programas «initdb» y «postgres», de la versión 12 o posterior.",
			Try:  "Instálalo (en Debian o Ubuntu, «apt install postgresql»; en macOS, «brew install postgresql@17»), usa otro con «--dsn», o sigue con los datos incluidos: todo lo demás funciona igual.",
		}
		if len(c.Names) > 0 {
			m.What = "No se encuentra PostgreSQL " + c.names("") + " en este equipo."
			m.Why = "El servidor del laboratorio se creó con esa versión, y una versión no abre los datos de otra."
			m.Try = "Instala esa versión, o empieza de nuevo con «lab reiniciar»."
		}
		return m
	},
	failure.PostgresNotRunning: func(circumstances) Message {
		return Message{
			What: "El PostgreSQL del laboratorio no está en marcha.",
			Why:  "Esta orden trabaja con él, y solo arranca cuando alguien lo pide.",
			Try:  "Arráncalo con «lab postgres iniciar», o di con qué base de datos trabajar con «--dsn».",
		}
	},
	failure.ClusterFailed: func(c circumstances) Message {
		return Message{
			What: "El PostgreSQL del laboratorio no arranca.",
			Why:  "Lo que dijo al intentarlo está en " + c.thing("su registro") + ".",
			Try:  "Lee las últimas líneas de ese archivo; «lab reiniciar» lo crea de nuevo, y sin él los días salen de los datos incluidos.",
		}
	},
}

// BadDSN is a --dsn or LAB_DSN that nobody can read. It is not repeated: there
// may be a password in it.
func BadDSN() Message {
	return wrong("No se entiende el DSN.",
		"Se escribe «postgresql://usuario@servidor:5432/base», o con palabras: «host=servidor dbname=base user=usuario».",
		"Corrígelo; en una contraseña, los signos «/», «?», «#» y «@» se escriben «%2F», «%3F», «%23» y «%40». También puede estar en «~/.pgpass» o en PGPASSWORD.")
}

// PostgresFound tells what «lab doctor» found of PostgreSQL: the server that LAB_DSN
// names, or the lab's own and the programs for one. Without any, the lab extracts
// from the data that it carries.
func PostgresFound(asked, running bool, dsn, version, programs string) string {
	switch {
	case asked && running:
		return "LAB_DSN responde: PostgreSQL " + Sanitize(version) + ", " + Sanitize(dsn)
	case running:
		return "el del laboratorio está en marcha: PostgreSQL " + Sanitize(version)
	case programs != "":
		return "el del laboratorio está parado; «lab postgres iniciar» lo arranca con los programas de " + Sanitize(programs)
	default:
		return "no hay ninguno en este equipo; no hace falta: los días salen de los datos incluidos"
	}
}

// PostgresUnreachable is a source that does not answer, which nothing but the
// extraction needs. A LAB_DSN is asked for, so no other source takes its place.
func PostgresUnreachable(asked bool, m Message) string {
	if asked {
		return "LAB_DSN no sirve ahora: " + m.What + " " + m.Why + " Sin LAB_DSN, los días salen de los datos incluidos."
	}
	return m.What + " " + m.Why
}

// DSNNotHere is --dsn with an action that concerns the lab's own server alone.
func DSNNotHere(action string) Message {
	return wrong("«lab postgres "+Sanitize(action)+"» no admite «--dsn».",
		"Esa acción es del PostgreSQL del laboratorio, y otro servidor lo arranca y lo para su dueño.",
		"Repite la orden sin «--dsn».")
}

// UnknownAction is a word that is none of those a command takes.
func UnknownAction(command, word string, words []string) Message {
	return wrong("La orden "+quote(command)+" no conoce la acción "+quote(word)+".",
		"Sus acciones son "+quoteAll(words)+".",
		"Escribe una de ellas; «"+command+" --help» las explica.")
}

// Server is the lab's own PostgreSQL, or one that a DSN names, as plain values.
type Server struct {
	DSN, Version, Folder, User, Log string
	Own, Running, Kept              bool
	Rows                            *int64
	Installed                       string // where the programs are; empty when there are none
}

// String tells how the server is.
func (s Server) String() string {
	var lines []string
	add := func(label, value string) {
		if value != "" {
			lines = append(lines, "  "+label+strings.Repeat(" ", 11-Width(label))+Sanitize(value))
		}
	}
	switch {
	case !s.Own:
		lines = append(lines, "La base de datos responde.")
	case s.Running && s.Kept:
		lines = append(lines, "El PostgreSQL del laboratorio está en marcha, hasta «lab postgres parar».")
	case s.Running:
		lines = append(lines, "El PostgreSQL del laboratorio está en marcha; lo para quien lo arrancó.")
	case s.Installed == "":
		lines = append(lines, "No hay PostgreSQL en este equipo: los días salen de los datos incluidos.")
	default:
		lines = append(lines, "El PostgreSQL del laboratorio está parado; arranca con «lab postgres iniciar».")
	}
	add("DSN", s.DSN)
	add("Versión", s.Version)
	if s.Rows != nil {
		add("Tabla", "public.account_premium_features, "+Rows(*s.Rows))
	} else if s.Running || !s.Own {
		add("Tabla", "no tiene; la crea «lab postgres sembrar»")
	}
	add("Carpeta", s.Folder)
	add("Usuario", s.User)
	add("Registro", s.Log)
	add("Programas", s.Installed)
	return strings.Join(lines, "\n")
}

// What the actions of «lab postgres» say.
const (
	ServerStarted = "PostgreSQL en marcha, con los datos del laboratorio."
	ServerStopped = "PostgreSQL parado."
	ServerWasOff  = "El PostgreSQL del laboratorio no estaba en marcha."
)

// Seeded tells how many rows were put into which database.
func Seeded(rows int64, origin string) string {
	return "Sembradas " + Rows(rows) + " " + inDatabase(origin) + "."
}

func inDatabase(origin string) string {
	switch origin {
	case "dsn":
		return "en tu base de datos"
	case "incluido":
		return "en los datos incluidos"
	}
	return "en la base de datos del laboratorio"
}

// Late tells of a row that came late and of one that changed. before and after
// are empty when the day had no row to change.
func Late(day, lateID, lateDate, changedID, before, after, origin string) string {
	lines := []string{"Cambios " + inDatabase(origin) + " en el día " + Sanitize(day) + ":",
		"  fila tardía " + Sanitize(lateID) + ", comprada " + Sanitize(lateDate)}
	if changedID != "" {
		lines = append(lines, "  fila "+Sanitize(changedID)+": amount_paid era "+Sanitize(before)+" y ahora es "+Sanitize(after))
	}
	return strings.Join(append(lines,
		"Si ese día ya se extrajo, el cursor no vuelve a él: ni la fila ni el cambio llegan a la tabla."), "\n")
}

// LateRow tells in one sentence of a purchase that the source got late.
func LateRow(day, id string) string {
	return "La fuente tiene la venta " + Sanitize(id) + ", fechada el " + Sanitize(day) + ", y cambió el importe de otra de ese día."
}

// CursorMoved tells what a day meant for the cursor; empty when it is the next one.
func CursorMoved(again, written, landed bool, skipped int64, firstSkipped, lastSkipped string) string {
	var told []string
	switch {
	case again && written:
		told = append(told, "Ese día ya se había extraído, y el archivo no era ya el mismo: ahora es el nuevo, con el mismo nombre, y si ya estaba cargado Auto Loader no lo vuelve a leer.")
	case again && landed:
		told = append(told, "Ese día ya se había extraído: el archivo sigue igual.")
	}
	switch {
	case again: // told when it happened
	case skipped == 1:
		told = append(told, "El cursor saltó un día sin extraerlo: "+Sanitize(firstSkipped)+".")
	case skipped > 1:
		told = append(told, "El cursor saltó "+Number(skipped)+" días sin extraerlos, de "+Sanitize(firstSkipped)+" a "+Sanitize(lastSkipped)+".")
	}
	return strings.Join(told, " ")
}

// The passwords of connection strings: postgresql://user:secret@host, password=secret.
var (
	secretInURL  = regexp.MustCompile(`(://[^/@:\s]*:)\S*@`)
	secretInWord = regexp.MustCompile(`((?i:password)\s*=\s*)(?:'(?:[^'\\]|\\.)*'?|\S+)`)
)

// HideSecrets takes the passwords out of a text that may hold a connection
// string, typed where none belongs.
func HideSecrets(s string) string {
	return secretInWord.ReplaceAllString(secretInURL.ReplaceAllString(s, "${1}…@"), "${1}…")
}
