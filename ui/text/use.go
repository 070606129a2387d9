package text

import (
	"strings"

	"autoloaderlab/engine/failure"
)

// wrong is wrong use of the command: exit code 2, nothing done.
func wrong(what, why, try string) Message {
	return Message{Class: failure.WrongUse, What: what, Why: why, Try: try}
}

// wrongValue explains a widget or another value that the engine refused. Op is
// "check <what>", and only that word is used.
func wrongValue(c circumstances) Message {
	if c.Op == "read dsn" {
		return BadDSN()
	}
	if c.Op == "change day" {
		return wrong(
			"En los datos incluidos no hay ningún día "+c.thing("así")+".",
			"Es el calendario inventado del laboratorio, y va del "+strings.Join(c.Names, " al ")+".",
			"Da una fecha de ese calendario, o trabaja con una base de datos tuya con «--dsn».")
	}
	if strings.HasSuffix(c.Op, "volume") {
		return wrong(
			c.thing("El valor vacío")+" no es un volumen.",
			"Un volumen se escribe «/Volumes/catalogo/esquema/volumen», con letras, números, guiones y guiones bajos en cada parte.",
			"Corrige el valor; el volumen de landing también puede ser una carpeta propia, escrita «file:///carpeta/absoluta».")
	}
	return wrong(
		c.thing("El valor vacío")+" no sirve como nombre.",
		"Los nombres acaban siendo carpetas y nombres de SQL, y llevan de 1 a 100 letras, números y guiones bajos, nada más.",
		"Corrige el valor y repite la orden; no ha cambiado nada.")
}

// UnknownCommand is a first word that is no command; similar ones are offered.
func UnknownCommand(name string, similar []string) Message {
	m := wrong("No existe la orden "+quote(name)+".",
		"Es una palabra que el laboratorio no conoce.",
		"Mira las órdenes que hay con «lab --help».")
	if len(similar) > 0 {
		m.Try = "Quizá querías «lab " + strings.Join(similar, "» o «lab ") + "»."
	}
	return m
}

// UnknownFlag is a flag that the command does not have.
func UnknownFlag(flag, command string) Message {
	return wrong("La orden "+quote(command)+" no tiene la opción "+quote(flag)+".",
		"Está mal escrita o pertenece a otra orden.",
		"Mira sus opciones con «"+command+" --help».")
}

// FlagNeedsValue is a flag without the value that has to follow.
func FlagNeedsValue(flag, command string) Message {
	return wrong("A la opción "+quote(flag)+" le falta su valor.",
		"Detrás del nombre va un espacio o un signo igual y el valor.",
		"Complétala; «"+command+" --help» dice qué valores admite.")
}

// BadFlagValue is a value that does not fit its flag. why is a whole sentence.
func BadFlagValue(flag, value, why, command string) Message {
	if why == "" {
		why = "No es uno de los valores que admite."
	}
	return wrong("La opción "+quote(flag)+" no admite el valor "+quote(value)+".", why,
		"Corrige el valor; «"+command+" --help» dice cuáles admite.")
}

// BadFlag is a flag that cannot be taken apart.
func BadFlag(flag, command string) Message {
	return wrong("No se entiende la opción "+quote(flag)+".",
		"Una opción se escribe «--nombre valor» o «--nombre=valor».",
		"Mira cómo se escribe con «"+command+" --help».")
}

// BadChoice is a value that is none of a few.
func BadChoice(flag, value string, choices []string, command string) Message {
	return BadFlagValue(flag, value, "Admite "+quoteAll(choices)+".", command)
}

// BadOption is an «--opcion» that is not clave=valor.
func BadOption(value string) Message {
	return wrong("No se entiende «--opcion "+Sanitize(HideSecrets(value))+"».",
		"Una opción de lectura o escritura se escribe con su nombre, un signo igual y su valor.",
		"Escribe, por ejemplo, «--opcion cloudFiles.maxFilesPerTrigger=1».")
}

// BadDate is a date that is none.
func BadDate(flag, value string) Message {
	return wrong("La opción "+quote(flag)+" no admite el valor "+quote(value)+".",
		"Una fecha se escribe como año, mes y día.",
		"Escribe, por ejemplo, «"+flag+" 2025-03-06».")
}

// TooManyArguments are words that the command does not take.
func TooManyArguments(command, argument string) Message {
	return wrong("A la orden "+quote(command)+" le sobra "+quote(argument)+".",
		"No lleva más palabras que sus opciones.",
		"Quítala, o mira cómo se usa con «"+command+" --help».")
}

// TooFewArguments is a command without what it is about.
func TooFewArguments(command, missing string) Message {
	return wrong("A la orden "+quote(command)+" le falta "+missing+".",
		"Sin eso no tiene nada que hacer.",
		"Mira cómo se usa con «"+command+" --help».")
}

// SameName are two files that would land as one.
func SameName(command, name string) Message {
	return wrong("La orden "+quote(command)+" recibe dos archivos que se llaman "+quote(name)+".",
		"En el origen tendrían el mismo nombre, y uno taparía al otro.",
		"Cambia el nombre de uno de ellos y repite la orden.")
}

// NeedsYes is a destructive command that has nobody to ask.
func NeedsYes(command string) Message {
	return wrong("La orden "+quote(command)+" no ha hecho nada.",
		"Borra cosas y antes pregunta, pero aquí no hay una terminal donde preguntar.",
		"Si estás de acuerdo, repítela con «--si».")
}

// NoFolder is a computer that does not tell where a user's data live.
func NoFolder() Message {
	return wrong("No se sabe dónde poner la carpeta del laboratorio.",
		"El sistema no dice cuál es tu carpeta personal.",
		"Elige una con «--dir CARPETA» o con LAB_DIR.")
}

// NotConfirmed is a question answered with no.
func NotConfirmed() Message {
	return Message{Class: failure.Cancelled,
		What: "No se ha hecho nada.",
		Why:  "La respuesta no fue «s».",
		Try:  "Repite la orden y responde «s» si quieres seguir.",
	}
}

// Crashed is a defect that stopped the program. log is where its details are; it may be empty.
func Crashed(log string) Message {
	m := Message{Class: failure.Internal,
		What: "El laboratorio tropezó con un error suyo y tuvo que parar.",
		Why:  "Es un defecto del programa, no algo que hayas hecho mal; lo escrito en el disco queda consistente.",
		Try:  "Repite la orden y, si vuelve a ocurrir, avisa a quien mantiene el laboratorio.",
	}
	if log != "" {
		m.Try = "Repite la orden y, si vuelve a ocurrir, avisa a quien mantiene el laboratorio con el archivo " + quote(log) + "."
	}
	return m
}

// OutputFailed is a standard output that does not take what is written, as a full disk.
func OutputFailed() Message {
	return Message{Class: failure.Storage,
		What: "No se pudo escribir el resultado.",
		Why:  "La salida a la que va no admite más datos, aunque la orden se completó.",
		Try:  "Comprueba el espacio libre del destino y pide otra vez el resultado.",
	}
}

// Unfit is a machine on which «lab doctor» found something wrong.
func Unfit() Message {
	return Message{Class: failure.Storage,
		What: "Este equipo no puede ejecutar el laboratorio tal como está.",
		Why:  "Al menos una de las pruebas ha fallado.",
		Try:  "Corrige lo que dicen las pruebas que fallan y repite «lab doctor».",
	}
}
