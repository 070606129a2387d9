package text

import (
	"strconv"
	"strings"
)

// The memories' names, long and short, and their units.
const (
	DiskMemoriesTitle       = "Las tres memorias"
	DiskOriginName          = "Archivos de origen"
	DiskOriginShort         = "Origen"
	DiskCheckpointName      = "Checkpoint del stream"
	DiskCheckpointShort     = "Checkpoint"
	DiskTableName           = "Tabla Delta"
	DiskOperationsTitle     = "Qué pasó en el disco"
	DiskNothingHappened     = "Nada todavía en esta pantalla."
	DiskNoBatch             = "sin lote"
	DiskPausedSuffix        = ", en pausa"
	DiskTitle               = "El disco"
	DiskNotYetThere         = notYet
	DiskNoLongerThere       = "ya no existe"
	DiskNoCheckpointVariant = "esta variante no tiene"
	DiskMemoryInTable       = "la memoria está en la ■ tabla"
	DiskMemoryNowhere       = "nadie recuerda los archivos"
	DiskEmptyLanding        = "ningún archivo"
	DiskNotDiscovered       = "todavía ninguno"
)

// The labels in front of a memory's details, at most eight letters.
const (
	DiskLabelQuery   = "consulta"
	DiskLabelBatch   = "lote"
	DiskLabelSchema  = "esquema"
	DiskLabelPlace   = "lugar"
	DiskLabelVersion = "versión"
	DiskLabelData    = "datos"
	DiskLabelSize    = "tamaño"
	DiskLabelTrash   = "papelera"
)

// What became of a file or a memory since the step before, after its sign.
const (
	DiskWordNew       = "nuevo"
	DiskWordSeen      = "visto"
	DiskWordAllSeen   = "vistos"
	DiskWordUnseen    = "sin ver"
	DiskWordChanged   = "cambió"
	DiskWordGone      = "quitado"
	DiskWordOther     = "otra"
	DiskLegendNew     = "nuevo"
	DiskLegendLess    = "menos"
	DiskLegendSame    = "igual"
	DiskLegendAllSame = "igual que antes"
	DiskLegendLost    = "se pierde"
	DiskLegendKept    = "no se toca"
	DiskLegendGoes    = "se va"
	DiskLegendStays   = "queda"
)

// DiskOriginUnit, SeenUnit and RowsUnit are the nouns behind a memory's count.
func DiskOriginUnit(n int64) string { return plural(n, "archivo", "archivos") }

// DiskSeenUnit counts files that the checkpoint has seen.
func DiskSeenUnit(n int64) string { return plural(n, "visto", "vistos") }

// DiskRowsUnit counts rows.
func DiskRowsUnit(n int64) string { return plural(n, "fila", "filas") }

func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// DiskMoreFiles stands for the files that are not shown.
func DiskMoreFiles(n int64) string { return "… " + Number(n) + " más" }

// DiskNewFiles counts the hidden files that are new.
func DiskNewFiles(n int64) string { return Number(n) + " " + plural(n, "nuevo", "nuevos") }

// DiskBatchState tells how far the stream is: planned and confirmed are batch numbers,
// negative where there is none. short leaves out what can be.
func DiskBatchState(planned, confirmed int64, short bool) string {
	switch {
	case planned < 0 && confirmed < 0:
		return "ninguno todavía"
	case planned < 0:
		return Number(confirmed) + " sin plan"
	case planned == confirmed:
		return Number(confirmed) + ", confirmado"
	case short || confirmed < 0:
		return Number(planned) + ", sin confirmar"
	default:
		return Number(planned) + " planeado, " + Number(confirmed) + " confirmado"
	}
}

// DiskSchemaState is the version of the inferred schema.
func DiskSchemaState(version int64) string { return "versión " + Number(version) }

// DiskNoSchema says that nothing was inferred yet.
const DiskNoSchema = "ninguno todavía"

// DiskBefore notes what a value was.
func DiskBefore(n int64) string { return "antes " + Number(n) }

// DiskDataFiles counts the table's Parquet files; unnamed are those that no version names.
func DiskDataFiles(named, unnamed int64) string {
	if unnamed > 0 {
		return Files(named) + ", " + Number(unnamed) + " sin nombrar"
	}
	return Files(named) + " Parquet"
}

// DiskDataFilesShort is DiskDataFiles in fewer words.
func DiskDataFilesShort(named, unnamed int64) string {
	if unnamed > 0 {
		return Number(named) + " y " + Number(unnamed) + " sin nombrar"
	}
	return Files(named)
}

// DiskTrash counts what lies in the trash.
func DiskTrash(tables, checkpoints int64) string {
	var parts []string
	if tables > 0 {
		parts = append(parts, Count(tables, "tabla", "tablas"))
	}
	if checkpoints > 0 {
		parts = append(parts, Count(checkpoints, "checkpoint", "checkpoints"))
	}
	return strings.Join(parts, ", ")
}

// DiskLineOrigin, LineCheckpoint and LineTable are the memories in one line; short
// leaves out the memory's name, which its sign tells.
func DiskLineOrigin(files int64, short bool) string {
	return named("origen", short, Files(files))
}

// DiskLineCheckpoint tells files seen and the newest batch; batch is negative when there
// is none.
func DiskLineCheckpoint(exists bool, seen, batch int64, short bool) string {
	if !exists {
		return named("checkpoint", short, "no existe")
	}
	count := Count(seen, "visto", "vistos")
	if batch >= 0 {
		count += ", lote " + Number(batch)
	}
	return named("checkpoint", short, count)
}

// DiskLineTable tells the table's rows.
func DiskLineTable(exists bool, rows int64, short bool) string {
	if !exists {
		return named("tabla", short, "no existe")
	}
	return named("tabla", short, Rows(rows))
}

func named(name string, short bool, what string) string {
	if short {
		return what
	}
	return name + " " + what
}

// What an operation on disk did, at the right edge of its line.
const (
	DiskDidDiscover = "descubierto"
	DiskDidPlan     = "planeado"
	DiskDidWrite    = "escrito"
	DiskDidConfirm  = "confirmado"
	DiskDidTrash    = "a la papelera"
	DiskDidReturn   = "ha vuelto"
	DiskDidLand     = "llegó"
	DiskDidLeave    = "se fue"
	DiskDidChange   = "cambió"
	DiskWasThere    = "ya estaba"
	DiskDropTable   = "DROP TABLE"
	DiskEverything  = "todo el laboratorio"
	DiskDidReset    = "al principio"
	DiskLoadFailed  = "la carga"
	DiskDidFail     = "falló"
	DiskDidCancel   = "cancelada"
	DiskCheckpoint  = "checkpoint"
	DiskLoadKilled  = "el motor"
	DiskDidKill     = "muerto"
)

// DiskCommittedBy tells what a version of the table brought: data files or none, and the
// batch that it remembers; batch is negative when no stream wrote it.
func DiskCommittedBy(version, files, batch int64) string {
	switch {
	case batch < 0:
		return DiskSchemaState(version)
	case files == 0:
		return "txn " + Number(batch)
	default:
		return "add, txn " + Number(batch)
	}
}

// DiskBatchTitle names a batch at the head of the list of operations.
func DiskBatchTitle(batch int64, paused bool) string {
	title := "lote " + Number(batch)
	if paused {
		title += DiskPausedSuffix
	}
	return title
}

// DiskAlreadyIn says that the table has a batch's txn.
func DiskAlreadyIn(txn int64) string { return "txn " + strconv.FormatInt(txn, 10) + " " + DiskWasThere }
