package text

import "autoloaderlab/engine/failure"

// sourceExplanations are those of the way to a source database, and of the lab's
// own PostgreSQL.
var sourceExplanations = map[failure.Class]explanation{
	failure.ConnectionFailed: func(c circumstances) Message {
		return Message{
			What: "No hay conexión con la base de datos" + c.after(" en ") + ".",
			Why:  whyNoConnection(c.Hint),
			Try:  "Comprueba la dirección y que el servidor esté en marcha, y repite la orden; no ha cambiado nada.",
		}
	},
	failure.AuthenticationFailed: func(c circumstances) Message {
		return Message{
			What: "La base de datos" + c.after(" en ") + " no deja entrar.",
			Why:  "El usuario o la contraseña no son válidos, o no se permite entrar desde este equipo.",
			Try:  "Corrige el usuario y la contraseña en «--dsn» o LAB_DSN, y repite la orden.",
		}
	},
	failure.DatabaseNotFound: func(c circumstances) Message {
		return Message{
			What: "El servidor" + c.after(" ") + " no tiene esa base de datos.",
			Why:  "El nombre que lleva «--dsn» o LAB_DSN no es el de ninguna de las suyas.",
			Try:  "Corrige el nombre y repite la orden.",
		}
	},
	failure.SourceTableNotFound: func(c circumstances) Message {
		if len(c.Names) > 0 {
			return Message{
				What: "A la tabla " + c.thing("de origen") + " le falta " + c.columns() + ".",
				Why:  "La extracción lee siempre las mismas cinco columnas.",
				Try:  "Comprueba las columnas de la tabla y que sea la base de datos que querías.",
			}
		}
		return Message{
			What: "La base de datos no tiene la tabla " + c.thing("de origen") + ".",
			Why:  "Nadie la ha creado en ella todavía, o es otra base de datos.",
			Try:  "Comprueba que «--dsn» o LAB_DSN lleven a la base de datos que querías.",
		}
	},
	failure.SourceTableExists: func(c circumstances) Message {
		return Message{
			What: "La base de datos ya tiene la tabla " + c.thing("de origen") + ".",
			Why:  "El laboratorio no sustituye una tabla sin que se lo pidan.",
			Try:  "Usa otra base de datos, o pide que la sustituya si ya no la necesitas.",
		}
	},
	failure.SourceNotSeeded: func(c circumstances) Message {
		return Message{
			What: "La tabla " + c.thing("de origen") + " no es del laboratorio.",
			Why:  "No lleva su marca, y el laboratorio no cambia tablas que no creó.",
			Try:  "Usa otra base de datos, o el PostgreSQL propio del laboratorio.",
		}
	},
	failure.SourceDenied: func(c circumstances) Message {
		return Message{
			What: "El usuario no tiene permiso sobre la tabla " + c.thing("de origen") + ".",
			Why:  "Para extraer hace falta poder leerla, y para llenarla, poder escribir en ella.",
			Try:  "Pide el permiso a quien administra la base de datos, o entra con otro usuario.",
		}
	},
	failure.SourceFailed: func(c circumstances) Message {
		m := Message{
			What: "La base de datos" + c.after(" en ") + " rechazó la consulta.",
			Why:  "El servidor no ha dicho más.",
			Try:  "Mira el registro del servidor y repite la orden.",
		}
		if c.Hint != "" {
			m.Why = "El servidor respondió con el código SQLSTATE " + quote(c.Hint) + "."
		}
		return m
	},
	failure.PostgresNotInstalled: func(circumstances) Message {
		return Message{
			What: "En este equipo no está PostgreSQL.",
			Why:  "Para tener un servidor propio, el laboratorio usa los programas «initdb» y «postgres», y no los encuentra.",
			Try:  "Instala PostgreSQL, o sigue con los datos incluidos, que dan los mismos archivos.",
		}
	},
	failure.PostgresNotRunning: func(circumstances) Message {
		return Message{
			What: "El PostgreSQL del laboratorio está parado.",
			Why:  "La orden lo necesita, y no se arranca sin que se lo pidan.",
			Try:  "Arráncalo y repite la orden.",
		}
	},
	failure.ClusterFailed: func(c circumstances) Message {
		return Message{
			What: "El PostgreSQL del laboratorio no arranca.",
			Why:  "El servidor se detuvo al empezar" + c.after("; lo cuenta en ") + ".",
			Try:  "Lee ese registro, o sigue con los datos incluidos, que dan los mismos archivos.",
		}
	},
}

// whyNoConnection reads the reason that the extraction gives.
func whyNoConnection(reason string) string {
	switch reason {
	case "refused":
		return "Nadie atiende en esa dirección."
	case "name":
		return "Ningún equipo se llama así."
	case "timeout":
		return "El servidor no respondió a tiempo."
	case "tls":
		return "El servidor y el laboratorio no aceptan el mismo cifrado."
	default:
		return "El servidor estaba ahí y dejó de responder, o no admite más conexiones."
	}
}
