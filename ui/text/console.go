package text

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// The words of the SQL console.
const (
	ConsoleTitle      = "Consulta"
	ConsoleRunning    = "Ejecutando…"
	ConsoleCancelling = "Cancelando…"
	ConsoleChanged    = "Hecho"
	ConsoleFailed     = "No se ejecutó"
	ConsoleStopped    = "Cancelada"
	ConsoleNoRows     = "El resultado no tiene filas."
	ConsoleEmpty      = "Escribe una sentencia SQL y pulsa ctrl+r. Las tablas se llaman como en el cuaderno."
	ConsoleGiven      = "ctrl+r ejecuta esta consulta; si escribes otra, ocupa su lugar. Las tablas se llaman como en el cuaderno."
	ConsoleWhy        = "Por qué:"
	ConsoleTry        = "Prueba:"
	ConsoleRowTitle   = "Fila"
	ConsoleNoNames    = "Todavía no hay ninguna tabla: la crea la primera carga."
)

// ConsoleExamples are statements to begin with; the table's name goes where %s stands.
var ConsoleExamples = []string{"SELECT count(*) FROM %s", "DESCRIBE HISTORY %s", "SELECT * FROM %s VERSION AS OF 0", "SHOW TABLES"}

// The keys of the console.
const (
	ConsoleRun        = "ejecutar"
	ConsoleCancel     = "cancelar"
	ConsoleHistory    = "historial"
	ConsoleToResult   = "resultado"
	ConsoleToEditor   = "consulta"
	ConsoleComplete   = "completar"
	ConsoleExample    = "ejemplo"
	ConsoleClear      = "vaciar"
	ConsoleSave       = "guardar CSV"
	ConsoleCopy       = "copiar valor"
	ConsoleCopyShort  = "copiar"
	ConsoleRowShort   = "fila"
	ConsoleScroll     = "mover"
	ConsoleWholeRow   = "fila entera"
	ConsoleBackToRows = "todas las filas"
)

// ConsoleTook is «en 9 ms».
func ConsoleTook(d time.Duration) string { return "en " + Duration(d) }

// ConsoleVersion is «versión 2 de la tabla».
func ConsoleVersion(version int64) string { return "versión " + Number(version) + " de la tabla" }

// ConsoleShowing says which part of a result is on the screen. first and last
// count from 1.
func ConsoleShowing(first, last, rows, firstColumn, lastColumn, columns int) string {
	part := "mostrando " + span(first, last) + " de " + Rows(int64(rows))
	if rows == 0 {
		part = Rows(0)
	}
	shown := lastColumn - firstColumn + 1
	if shown >= columns {
		return part + ", " + Number(int64(columns)) + " de " + Count(int64(columns), "columna", "columnas")
	}
	return part + ", " + agree(int64(shown), "columna ", "columnas ") + span(firstColumn, lastColumn) + " de " + Number(int64(columns))
}

func span(first, last int) string {
	if first >= last {
		return Number(int64(last))
	}
	return Number(int64(first)) + "–" + Number(int64(last))
}

// ConsoleCut says that values on the screen are longer than their column.
func ConsoleCut(n int) string {
	return Count(int64(n), "valor cortado", "valores cortados") + " con «…»: enter muestra la fila entera"
}

// ConsoleCastHint says why numbers stand at the left, and how to add them up.
func ConsoleCastHint(column string) string {
	return fmt.Sprintf("Los números van a la izquierda porque son texto (STRING). Para sumar: sum(CAST(%s AS DECIMAL(10,2)))", Sanitize(column))
}

// ConsoleCastShort is the same for narrow windows.
func ConsoleCastShort(column string) string {
	return fmt.Sprintf("Son texto (STRING). Para sumar: sum(CAST(%s AS DECIMAL(10,2)))", Sanitize(column))
}

// What stands before the offers, and between two.
const (
	ConsoleOffersLead = "tab completa: "
	ConsoleOffersGap  = "   "
)

// ConsoleOffers lists what tab would write.
func ConsoleOffers(names []string) string {
	return ConsoleOffersLead + strings.Join(names, ConsoleOffersGap)
}

// ConsoleSaved says where a result went, the longest wording first.
func ConsoleSaved(rows int, path string) []string {
	all := Rows(int64(rows))
	short := filepath.Join(filepath.Base(filepath.Dir(path)), filepath.Base(path))
	return []string{
		"El resultado entero, " + all + ", está en " + quote(path) + ".",
		all + " en " + quote(short) + ", en la carpeta del laboratorio.",
		all + " en " + quote(short),
		"Guardado: " + quote(filepath.Base(path)),
	}
}

// ConsoleRow is «Fila 3 de 602».
func ConsoleRow(n, of int) string {
	return ConsoleRowTitle + " " + Number(int64(n)) + " de " + Number(int64(of))
}
