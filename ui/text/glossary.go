package text

import "strings"

// Term is a word of the trade and what it means.
type Term struct{ Name, Means string }

// Glossary explains each term in one or two lines. Delta's own checkpoint and the
// stream's have the same name and nothing else in common: they are always named apart.
// The terms stand in their Spanish order.
var Glossary = []Term{
	{"Auto Loader", "La fuente «cloudFiles» de Databricks: encuentra los archivos nuevos de una carpeta y los entrega a un stream."},
	{"Checkpoint del log de Delta", "Un resumen del ■ log de una tabla, para abrirla más rápido. No recuerda archivos de origen: solo comparte el nombre."},
	{"Checkpoint del stream", "La carpeta ◆ donde el stream recuerda qué archivos vio, qué lotes planeó y cuáles confirmó. Es la memoria de lo cargado."},
	{"Commit log", "Las notas ◆ commits/N: el lote N terminó del todo."},
	{"Cursor", "La columna que dice hasta dónde se extrajo ya; en el cuaderno, «purchase_date»."},
	{"Exactly-once", "Cada fila entra una vez y solo una, aunque la carga muera a mitad y se repita."},
	{"Landing", "El volumen ● donde la extracción deja los archivos de origen."},
	{"Log de Delta", "La carpeta ■ _delta_log: una nota JSON por versión, con los archivos que entran y los que salen."},
	{"Micro-batch o lote", "Un grupo de archivos nuevos que se carga como una unidad, con su número."},
	{"Offset log", "Las notas ◆ offsets/N: el plan del lote N, escrito antes de leer nada."},
	{"Papelera", "Donde este laboratorio guarda lo que borras, para poder deshacerlo."},
	{"Parquet", "El formato de los archivos de datos ■ de la tabla: por columnas, comprimido."},
	{"Rescued data", "La columna «_rescued_data»: lo que no encajó en el esquema, guardado en vez de perdido."},
	{"Structured Streaming", "El motor de Spark que trata lo que va llegando como una tabla que crece, lote a lote."},
	{"Trigger availableNow", "Carga todo lo que hay ahora y termina: no se queda esperando."},
	{"txn", "Una nota del ■ log: de esta consulta ya tengo hasta este lote. Por ella un lote repetido no se escribe dos veces."},
	{"Versión", "Cada estado de la tabla: cada nota del log hace una nueva, y las anteriores se pueden leer."},
	{"Volumen", "Una carpeta con nombre en Unity Catalog: /Volumes/catálogo/esquema/volumen."},
	{"Widget", "Un parámetro del cuaderno: alumno, catálogo, volúmenes y tabla."},
}

// Terms are the glossary's terms that a word is in, those that have it in their name
// first. Accents and capitals do not matter; no word is in all of them.
func Terms(word string) []Term {
	word = folded(strings.TrimSpace(word))
	var named, explained []Term
	for _, term := range Glossary {
		switch {
		case strings.Contains(folded(term.Name), word):
			named = append(named, term)
		case strings.Contains(folded(term.Means), word):
			explained = append(explained, term)
		}
	}
	return append(named, explained...)
}

// folded is a text without accents and capitals, for comparing. The ñ is a letter of
// its own.
func folded(s string) string {
	return strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u").Replace(strings.ToLower(s))
}
