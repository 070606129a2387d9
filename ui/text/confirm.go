package text

import "strings"

// Question is what has to be known before something is deleted.
type Question struct {
	Title  string   // what is going to happen, with the exact name
	Folder string   // the folder that moves or goes
	Lost   []string // what is lost
	Kept   []string // what is not
	Ask    string
}

// String is the question on a terminal; the answer goes behind it. No is the default.
func (q Question) String() string {
	var out strings.Builder
	out.WriteString(q.Title + "\n  Carpeta: " + Sanitize(q.Folder) + "\n")
	for _, line := range q.Lost {
		out.WriteString("  Se pierde: " + line + "\n")
	}
	for _, line := range q.Kept {
		out.WriteString("  No se toca: " + line + "\n")
	}
	out.WriteString(q.Ask + " [s/N] ")
	return out.String()
}

// Yes tells whether an answer says so; anything else is no.
func Yes(answer string) bool {
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "s", "si", "sí":
		return true
	}
	return false
}

// AskDropTable asks before a table goes to the trash. rows is nil when nobody
// knows; inside says that a checkpoint lives in the table's folder, and checkpoint
// is the folder of one that lives elsewhere, or empty.
func AskDropTable(table, folder string, rows *int64, inside bool, checkpoint string) Question {
	with := "sus filas"
	if rows != nil {
		with = Rows(*rows)
	}
	q := Question{
		Title:  "Vas a borrar la tabla " + quote(table) + ".",
		Folder: folder,
		Lost:   []string{"la tabla, con " + with + " y su historial; va a la papelera y «lab deshacer» la devuelve."},
		Kept:   []string{"los archivos del origen."},
		Ask:    "¿Borrar la tabla?",
	}
	if inside {
		q.Lost = append(q.Lost, "el checkpoint que está dentro de la carpeta de la tabla.")
	}
	if checkpoint != "" {
		q.Kept = append(q.Kept, "el checkpoint, que está en "+Sanitize(checkpoint)+".")
	}
	return q
}

// AskDeleteCheckpoint asks before a checkpoint goes to the trash. table is empty
// when there is none.
func AskDeleteCheckpoint(folder, table string, files *int64) Question {
	lost := "la memoria de qué archivos están cargados; va a la papelera y «lab deshacer» la devuelve."
	if files != nil {
		lost = "la memoria de " + Files(*files) + " del origen; va a la papelera y «lab deshacer» la devuelve."
	}
	kept := []string{"los archivos del origen."}
	if table != "" {
		kept = append(kept, "la tabla "+quote(table)+" y sus filas.")
	}
	return Question{Title: "Vas a borrar el checkpoint.", Folder: folder, Lost: []string{lost}, Kept: kept, Ask: "¿Borrar el checkpoint?"}
}

// AskReset asks before the whole lab goes back to its start.
func AskReset(folder string, everything bool) Question {
	q := Question{
		Title:  "Vas a devolver el laboratorio al principio.",
		Folder: folder,
		Lost: []string{
			"todas las tablas y todos los checkpoints del laboratorio.",
			"los días que avanzaste, los archivos que trajiste y la papelera: «lab deshacer» no los devuelve.",
		},
		Kept: []string{"tu progreso en las lecciones.", "las carpetas que no son del laboratorio («file:///…»)."},
		Ask:  "¿Volver al principio?",
	}
	if everything {
		q.Lost = append(q.Lost, "tu progreso en las lecciones, por «--todo».")
		q.Kept = q.Kept[1:]
	}
	return q
}
