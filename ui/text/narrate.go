package text

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"time"

	"autoloaderlab/engine/progress"
)

// Narrate tells a milestone of a load in one line. It is empty for what is no
// milestone: bars and the end have their own words.
func Narrate(s progress.Stamped) string {
	switch e := s.Event.(type) {
	case progress.Listed:
		return listed(e)
	case progress.Discovered:
		return inBatch(s, fmt.Sprintf("descubierto: %s (%s) en el registro de archivos.", Files(int64(e.Files)), Bytes(e.Bytes)))
	case progress.Planned:
		return inBatch(s, fmt.Sprintf("planeado: «offsets/%s» nombra %s (%s).", batchOf(s), Files(int64(e.Files)), Bytes(e.Bytes)))
	case progress.Written:
		return inBatch(s, fmt.Sprintf("escrito: %s (%s) en %s.", Rows(e.Rows), Bytes(e.Bytes), quote(lastPart(e.Path))))
	case progress.TableCommitted:
		return inBatch(s, fmt.Sprintf("tabla confirmada: es la versión %s.", Number(e.Version)))
	case progress.AlreadyInTable:
		return inBatch(s, fmt.Sprintf("ya en la tabla: su txn es %s y no se escribe nada%s.", Number(e.TxnVersion), unloaded(e.UnloadedFiles)))
	case progress.Confirmed:
		return inBatch(s, fmt.Sprintf("confirmado: «commits/%s» está en el disco.", batchOf(s)))
	default:
		return ""
	}
}

func listed(e progress.Listed) string {
	known := "el registro conocía " + Number(int64(e.SeenFiles))
	if e.NewFiles == 0 {
		return "Origen: ningún archivo nuevo; " + known + "."
	}
	return fmt.Sprintf("Origen: %s (%s); %s.", Count(int64(e.NewFiles), "archivo nuevo", "archivos nuevos"), Bytes(e.Bytes), known)
}

func inBatch(s progress.Stamped, sentence string) string {
	again := ""
	if s.Replayed {
		again = " (retomado)"
	}
	return "Lote " + batchOf(s) + again + ", " + sentence
}

func batchOf(s progress.Stamped) string {
	if s.Batch == nil {
		return "único"
	}
	return Number(*s.Batch)
}

func unloaded(files *int) string {
	switch {
	case files == nil:
		return "; esa versión no dice qué archivos cargó"
	case *files == 0:
		return "; todos sus archivos están cargados"
	default:
		return "; " + Files(int64(*files)) + " sin cargar"
	}
}

// lastPart is a path's name, whichever way its slashes lean.
func lastPart(p string) string { return path.Base(filepath.ToSlash(p)) }

// Warning is what a person should know though the load goes on.
func Warning(w progress.Warned) string {
	things := quoteAll(w.Things)
	if len(w.Things) == 0 {
		things = "uno o más archivos"
	}
	switch w.Class {
	case progress.RowsLost:
		return fmt.Sprintf("%s de este lote no %s a la tabla: el lote llevaba el número de otro que la tabla ya tiene, y se dio por cargado. "+
			"Esas filas no llegarán solas: copia los archivos con otro nombre en el origen, o borra el checkpoint y la tabla y carga de nuevo.",
			Files(w.Count), agree(w.Count, "llegó", "llegaron"))
	case progress.HeaderLooksWrong:
		return "La primera línea de " + things + " parece de datos y no de nombres, y Auto Loader la ha tomado por la cabecera. " +
			"Si el archivo no tiene cabecera, añádela, o carga con «--opcion header=false»."
	case progress.TailLost:
		return fmt.Sprintf("Algo siguió creciendo después de hacer la lista: %s. Se cargó lo que había entonces y %s sin leer. "+
			"Un archivo del origen debe llegar entero y no cambiar después.",
			things, Count(w.Count, "byte quedó", "bytes quedaron"))
	case progress.CorruptSkipped:
		return "No se pudo leer y se ha saltado " + things + ", porque lo pide «ignoreCorruptFiles». Las filas que no se pudieron leer no están en la tabla."
	case progress.MissingSkipped:
		return "Ya no estaba y se ha saltado " + things + ", porque lo pide «ignoreMissingFiles». Sus filas no están en la tabla."
	case progress.LogCheckpointLost:
		return "No se pudo escribir el checkpoint del log de Delta (no el de la carga). La tabla está completa; solo tardará más en abrirse."
	default:
		return "El motor avisa de algo que este programa no sabe explicar: " + quote(w.Class) + "."
	}
}

func agree(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// WarningLine makes a warning stand out among the narration.
func WarningLine(message string) string { return "\n¡AVISO! " + message + "\n" }

// Summary is a finished load in a few lines. where is the table's name.
func Summary(f progress.Finished, table string, warnings []string) string {
	var out strings.Builder
	switch {
	case f.State != progress.Terminated:
		out.WriteString("Carga sin terminar: " + done(f, table) + ".\n")
	case f.Batches == 0 && f.RowsWritten == 0:
		out.WriteString("Nada nuevo que cargar en la tabla " + quote(table) + ".\n")
	default:
		out.WriteString("Carga terminada: " + done(f, table) + ".\n")
	}
	details := []string{}
	if f.TableVersion != nil {
		details = append(details, "versión "+Number(*f.TableVersion)+" de la tabla")
	}
	if f.QueryID != nil {
		details = append(details, "consulta "+ShortID(*f.QueryID))
	}
	details = append(details, Duration(time.Duration(f.DurationMs)*time.Millisecond))
	out.WriteString(sentence(strings.Join(details, ", ")) + "\n")
	if len(warnings) > 0 {
		out.WriteString("\n" + Count(int64(len(warnings)), "aviso", "avisos") + " que no debes pasar por alto:\n")
		for _, w := range warnings {
			out.WriteString("  ¡AVISO! " + w + "\n")
		}
	}
	return out.String()
}

func done(f progress.Finished, table string) string {
	if onlyNoted(f) {
		return whatRan(f) + ", sin cambios en " + quote(table)
	}
	return whatRan(f) + " en " + quote(table)
}

// onlyNoted says that the run read nothing: it took note of what was there.
func onlyNoted(f progress.Finished) bool { return f.NotedFiles > 0 && f.RowsWritten == 0 }

func whatRan(f progress.Finished) string {
	if onlyNoted(f) {
		return Batches(int64(f.Batches)) + ", " + noted(int64(f.NotedFiles))
	}
	files, rows := Count(int64(f.NewFiles), "archivo nuevo", "archivos nuevos"), Count(f.RowsWritten, "fila escrita", "filas escritas")
	if f.QueryID == nil { // no stream: it has no batches
		return files + " y " + rows
	}
	return fmt.Sprintf("%s, %s y %s", Batches(int64(f.Batches)), files, rows)
}

// noted counts files that a load took note of and did not read.
func noted(files int64) string {
	return Count(files, "archivo apuntado", "archivos apuntados") + ", 0 leídos"
}

// sentence starts with a capital and ends with a stop.
func sentence(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):] + "."
	}
	return s
}

// Bar is a load's progress in at most width cells: «[======    ] 68 %  3,2 MB  1 250 filas».
func Bar(a progress.Advanced, width int) string {
	tail := fmt.Sprintf("%s  %s  %s", Percent(a.BytesRead, a.BytesTotal), Bytes(a.BytesRead), Rows(a.Rows))
	room := min(width-Width(tail)-4, 40)
	if room < 5 {
		return fit(tail, width)
	}
	full := room
	if a.BytesTotal > 0 && a.BytesRead < a.BytesTotal {
		full = int(float64(room) * float64(a.BytesRead) / float64(a.BytesTotal))
	}
	return "[" + strings.Repeat("=", full) + strings.Repeat(" ", room-full) + "]  " + tail
}

// fit leaves out what does not fit; a bar is drawn again and again.
func fit(s string, width int) string {
	cells := 0
	for i, r := range s {
		if cells += runeWidth(r); cells > width {
			return s[:i]
		}
	}
	return s
}

// Paused says that a load stands at a seam.
func Paused(seam progress.Seam) string {
	return "En pausa después de «" + string(seam) + "»: pulsa Intro para seguir."
}

// Interrupted says that the first ctrl+c was heard.
const Interrupted = "Interrupción recibida: termino la escritura en curso. Otra ctrl+c sale al momento."
