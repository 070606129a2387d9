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
	DiskNothingHappened     = "Aún no ha pasado nada en el disco."
	DiskNoBatch             = "sin lote"
	DiskPausedSuffix        = ", en pausa"
	DiskTitle               = "El disco"
	DiskNotYetThere         = notYet
	DiskNoLongerThere       = "ya no existe"
	DiskNoCheckpointVariant = "esta variante no tiene"
	DiskMemoryInTable       = "la memoria está en la ■ tabla"
	DiskMemoryNowhere       = "nadie recuerda los archivos"
)

// The labels in front of a memory's details, at most eight letters.
const (
	DiskLabelQuery   = "consulta"
	DiskLabelBatch   = "lote"
	DiskLabelSchema  = "esquema"
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
	DiskLegendKept    = "intacto"
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

// DiskTrashCount counts the trash: what is of this pipeline, and of all where there is
// more.
func DiskTrashCount(own, all int64) string {
	if own == all {
		return Number(all)
	}
	return Number(own) + " de aquí, " + Number(all) + " en total"
}

// DiskTrashedOf is a table or a checkpoint in the trash that is another student's.
func DiskTrashedOf(table bool, student string) string {
	what := "checkpoint"
	if table {
		what = "tabla"
	}
	return what + " de " + Sanitize(student)
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
	DiskDidConfirm  = "confirmado"
	DiskDidTrash    = "a la papelera"
	DiskDidGoAlong  = "con su tabla"
	DiskDidReturn   = "ha vuelto"
	DiskDidLand     = "llegó"
	DiskDidLeave    = "se fue"
	DiskDidChange   = "cambió"
	DiskWasThere    = "ya estaba"
	DiskDropTable   = "DROP TABLE"
	DiskUndropTable = "UNDROP TABLE"
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

// DiskMoreColumns, DiskMoreLines and DiskMoreRows stand for what a file has beyond
// what is shown of it.
func DiskMoreColumns(n int64) string {
	return "y " + Count(n, "columna más que no cabe", "columnas más que no caben")
}

// DiskMoreLines counts lines that are not explained.
func DiskMoreLines(n int64) string {
	return "y " + Count(n, "línea más como estas", "líneas más como estas")
}

// DiskCutFile says that only the beginning of a big file was read.
func DiskCutFile(read, size int64) string {
	return "Aquí se lee solo el principio: " + Bytes(read) + " de " + Bytes(size) + "."
}

// DiskAbout is at the right of an opened file's title.
func DiskAbout(lines, size int64) string {
	return Count(lines, "línea", "líneas") + ", " + Bytes(size)
}

// DiskAboutRows is that of a file of rows.
func DiskAboutRows(rows, size int64) string { return Rows(rows) + ", " + Bytes(size) }

// The last sentence of every explanation: what one would see in Databricks.
const (
	DbxSource      = "En Databricks el archivo estaría en un volumen, sobre el almacenamiento de la nube. Por dentro sería igual."
	DbxMetadata    = "En Databricks verías lo mismo: una línea con el id."
	DbxSources     = "En Databricks sources/0 es un RocksDB que no se puede leer. Esta es la forma del Spark de código abierto, y guarda lo mismo: qué archivos se vieron."
	DbxOffsets     = "En Databricks la última línea tiene otros campos, y sources/0 es un RocksDB que no se puede leer."
	DbxCommits     = "En Databricks verías lo mismo."
	DbxSchemas     = "En Databricks la carpeta _schemas existe, pero nadie documenta qué lleva dentro: esta forma es una reconstrucción del laboratorio."
	DbxDelta       = "En Databricks verías lo mismo: el formato Delta es público."
	DbxLogParquet  = "En Databricks verías lo mismo, y quizá con más columnas: el formato Delta es público."
	DbxData        = "En Databricks verías un Parquet igual de legible, con otro nombre y comprimido casi siempre con snappy o zstd."
	DbxTrash       = "En Databricks no hay esta carpeta: UNDROP TABLE recupera una tabla administrada durante 7 días, y un checkpoint borrado no vuelve."
	DbxDamaged     = "En Databricks un archivo así tampoco se podría leer."
	DbxOther       = "En Databricks tampoco lo leería nadie: Auto Loader y Delta solo miran los nombres que conocen."
	DiskFormatV1   = "La primera versión del formato de este archivo."
	DiskField1     = "formato"
	DiskReadFailed = "No se puede abrir."
)

// DiskSource explains a source file.
func DiskSource(gzip bool) string {
	if gzip {
		return "Un archivo de origen comprimido con gzip: la carga lo lee entero, de principio a fin."
	}
	return "Un archivo de origen: lo que dejó aquí la extracción."
}

// The notes of a source file.
const (
	DiskFieldHeader   = "cabecera"
	DiskFieldRows     = "filas"
	DiskFieldIdentity = "identidad"
	DiskFieldMemory   = "memoria"
	DiskIdentity      = "Para Auto Loader es su ruta, no su contenido: si le cambias el nombre, es otro archivo; si solo cambia por dentro, sigue siendo el mismo."
	DiskUnseen        = "Nadie lo tiene anotado: para la próxima carga es nuevo."
	DiskSeenByTable   = "La ■ tabla lo tiene anotado: no se carga otra vez."
)

// DiskHeader tells how many columns the first line names.
func DiskHeader(columns int64) string {
	return "Los nombres de " + Count(columns, "columna", "columnas") + ". No es una fila."
}

// DiskEmptySource is a source file without a line.
const DiskEmptySource = "Está vacío: ni siquiera tiene cabecera. La carga lo anota y no saca ninguna fila de él."

// DiskRowsAre tells how the rows are read.
func DiskRowsAre(rows int64) string {
	return Number(rows) + " en total. Auto Loader lee todas las columnas como texto (STRING) mientras nadie pida otra cosa."
}

// DiskSeenIn names the entry of the source log that has a file.
func DiskSeenIn(entry int64) string {
	return "◆ sources/0/" + strconv.FormatInt(entry, 10) + " lo tiene anotado: no se carga otra vez."
}

// Checkpoint files.
const (
	DiskMetadata   = "La identidad de la consulta: nace con el checkpoint y se pierde con él."
	DiskMetadataID = "El nombre de la consulta para toda su vida. La ■ tabla lo guarda como appId, y así sabe qué lotes suyos ya tiene."
	DiskSeenPath   = "El archivo, con su ruta completa. La ruta es toda su identidad: si está en esta lista, no se vuelve a cargar."
	DiskSeenSize   = "Lo que medía al verlo. Si después crece, lo añadido no se lee."
	DiskSeenKnown  = "Solo se tomó nota de él: no se carga (includeExistingFiles era false)."
	DiskWatermark  = "Siempre 0: esta consulta no usa marcas de agua."
	DiskConf       = "Ajustes de Spark que el lote debe respetar si se repite. Aquí ninguno."
	DiskPartitions = "Columnas de partición: ninguna, los archivos no están en carpetas clave=valor."
)

// DiskSources explains an entry of the source log.
func DiskSources(entry, files int64) string {
	return "Lo que se vio de nuevo en un listado del origen: " + Files(files) + ". Es la entrada " + Number(entry) + " de la lista de archivos vistos."
}

// DiskSourcesCompact explains an entry that holds all before it.
func DiskSourcesCompact(entry, files int64) string {
	return "La lista de archivos vistos, entera, hasta la entrada " + Number(entry) + ": " + Files(files) + ". Cada diez entradas se escribe una así, para no leer diez archivos."
}

// DiskSeenTime is a file's time of modification, or of its listing.
func DiskSeenTime(when string) string {
	return "Cuándo se modificó por última vez: " + when + "."
}

// DiskDiscoveredAt is when a file was listed.
func DiskDiscoveredAt(when string) string { return "Cuándo lo encontró el listado: " + when + "." }

// DiskSeenEntry explains batchId, which is no batch.
func DiskSeenEntry(entry int64, same bool) string {
	if !same {
		return "La entrada en la que apareció, la " + Number(entry) + ". Pese a su nombre, no es el lote."
	}
	return "El número de esta entrada. Pese a su nombre, no es el lote: si fuera otro, Spark perdería la línea sin avisar."
}

// DiskSeenSizeOf is a size with its consequence.
func DiskSeenSizeOf(size int64) string { return Bytes(size) + ". " + DiskSeenSize }

// DiskOffsets explains a plan.
func DiskOffsets(batch int64) string {
	return "El plan del lote " + Number(batch) + ", escrito antes de leer una sola fila: si la carga muere, el lote se repite con exactamente estos archivos."
}

// DiskBatchTime explains batchTimestampMs.
func DiskBatchTime(when string) string {
	return "La hora del lote, del reloj del laboratorio: " + when + ". De aquí sale fecha_carga, también si el lote se repite."
}

// DiskLogOffset explains the range of a batch; files are those that are known to be
// in it, nil when the range is not known.
func DiskLogOffset(batch, entry int64, files []string) string {
	sentence := "El lote " + Number(batch) + " llega hasta la entrada " + Number(entry) + " de ◆ sources/0"
	switch {
	case len(files) == 0:
		return sentence + "."
	case len(files) == 1:
		return sentence + ": solo ● " + files[0] + "."
	case len(files) <= 4:
		return sentence + ": ● " + strings.Join(files[:len(files)-1], ", ● ") + " y ● " + files[len(files)-1] + "."
	default:
		return sentence + ": " + Files(int64(len(files))) + ", de ● " + files[0] + " a ● " + files[len(files)-1] + "."
	}
}

// DiskCommits explains a commit of the stream.
func DiskCommits(batch int64) string {
	return "El lote " + Number(batch) + " está terminado. Lo que cuenta es que este archivo exista: sin él, la próxima carga repite el lote."
}

// DiskSchema explains a version of the inferred schema.
func DiskSchema(version, columns int64) string {
	return "El esquema que dedujo Auto Loader, versión " + Number(version) + ": " + Count(columns, "columna", "columnas") + ". Una columna nueva en el origen crearía la versión " + Number(version+1) + "."
}

// DiskSchemaColumns explains dataSchemaJson.
const DiskSchemaColumns = "Las columnas, todas STRING, y al final _rescued_data, que recoge lo que no cabe en ninguna."

// DiskFolder tells what a folder is for, by the name that the tree shows; "" when
// there is nothing to tell.
func DiskFolder(label string) string {
	name, _, _ := strings.Cut(label, "/")
	switch name {
	case "sources":
		return "La lista de archivos vistos. Cada listado del origen que encuentra algo nuevo añade una entrada, antes de que nadie lea los archivos."
	case "offsets":
		return "Los planes. offsets/N promete el lote N antes de empezarlo, y dice hasta qué entrada de ◆ sources/0 llega."
	case "commits":
		return "Los lotes terminados. Si está offsets/N y falta commits/N, la próxima carga repite el lote N con los mismos archivos."
	case "_schemas":
		return "Las versiones del esquema que dedujo Auto Loader. Una columna nueva añade una versión."
	case "extraccion":
		return "Lo que recuerda la extracción: qué días de PostgreSQL ya están en el ● origen."
	case "resultados":
		return "Los resultados de la consola SQL que guardaste con ctrl+s."
	case "apartados":
		return "Los archivos que quitaste del ● origen, cada uno en su carpeta numerada."
	case "bloqueos":
		return "Los cerrojos que impiden que dos cargas trabajen a la vez con lo mismo."
	case "cache":
		return "Cuentas hechas que no hay que repetir. Se puede borrar sin perder nada."
	case "_delta_log":
		return "El log de la ■ tabla: un archivo por versión. La tabla es lo que diga el log; un Parquet que el log no nombra no cuenta."
	default:
		return ""
	}
}

// DiskTrashFolder tells what an entry of the trash is.
const DiskTrashFolder = "Lo que borraste, entero. Deshacer lo devuelve a su sitio tal como estaba; lo último que se borró vuelve primero."

// Delta log.
const (
	DiskLastCheckpoint  = "Una pista para quien abre la tabla: dónde está el resumen más reciente del log. Si se pierde, no pasa nada."
	DiskLastVersion     = "La versión que resume: hay que leer su .checkpoint.parquet y solo los .json posteriores."
	DiskLastSize        = "Cuántas acciones tiene el resumen."
	DiskLogCheckpoint   = "No tiene nada que ver con el ◆ checkpoint del stream: es solo un atajo para no leer todas las versiones."
	DiskQueryKnown      = "La consulta que recuerda ◆ metadata."
	DiskQueryOther      = "Otra consulta, distinta de la que hay ahora en ◆ metadata: su checkpoint ya no está."
	DiskQueryAlone      = "La consulta que escribió. Su checkpoint ya no está."
	DiskEpoch           = "El lote, con el nombre que le da Delta."
	DiskOutputRows      = "Las filas que añade esta versión: "
	DiskTagRange        = "Nota del laboratorio: qué entradas de ◆ sources/0 trae este commit."
	DiskTxnVersion      = "Es el lote, no la versión de la tabla. Si el mismo lote llega otra vez, la tabla responde «ya está» y no escribe nada: de aquí sale el exactly-once."
	DiskTxnFile         = "COPY INTO anota aquí cada archivo cargado: esta es su memoria, y vive en la ■ tabla."
	DiskTableID         = "El id de esta tabla. Una tabla borrada y creada otra vez tiene otro, aunque se llame igual."
	DiskSchemaString    = "Las columnas y sus tipos, como texto JSON: "
	DiskPartitionedBy   = "Ninguna: los datos no están partidos en carpetas."
	DiskCreatedTime     = "Cuándo se creó la tabla: "
	DiskReaderVersion   = "Lo que debe saber quien la lee. 1 es lo mínimo: la lee cualquiera."
	DiskWriterVersion   = "Lo que debe saber quien la escribe."
	DiskRemove          = "Ese Parquet sale de la ■ tabla. El archivo sigue en el disco para quien lea una versión anterior."
	DiskOtherAction     = "Una acción que este laboratorio no escribe; la puso otro programa."
	DiskNoRecords       = "Sin estadísticas: no se sabe cuántas filas tiene sin abrirlo."
	DiskCreated         = "El nacimiento de la tabla: sus columnas y ni una fila."
	DiskOperationStream = "Quién escribió: un stream, no una persona."
)

// DiskVersionOf tells what a version of the table is: the batch that wrote it, if any.
func DiskVersionOf(version, batch int64, operation string) string {
	head := "La versión " + Number(version) + " de la tabla"
	switch {
	case batch >= 0:
		return head + ": lo que añadió el lote " + Number(batch) + "."
	case operation == "":
		return head + "."
	default:
		return head + ", escrita por " + operation + "."
	}
}

// DiskOperation tells what an operation of DESCRIBE HISTORY means.
func DiskOperation(operation string) string {
	switch operation {
	case "STREAMING UPDATE":
		return DiskOperationStream
	case "CREATE TABLE":
		return "La tabla nace aquí, vacía. El stream la crea antes de su primer lote."
	case "COPY INTO":
		return "Quién escribió: COPY INTO, sin checkpoint."
	case "WRITE":
		return "Quién escribió: una carga suelta, sin memoria de lo ya cargado."
	default:
		return "Qué se hizo."
	}
}

// DiskTxn quotes what the table says of a query.
func DiskTxn(batch int64) string {
	return "«De esta consulta ya tengo hasta el lote " + Number(batch) + "»."
}

// DiskAdd is what an add does.
const DiskAdd = "Ese Parquet entra en la ■ tabla."

// DiskAddRows tells the rows of an add; file is the only source file that they come
// from, or "".
func DiskAddRows(rows int64, file string) string {
	if file == "" {
		return Rows(rows) + "."
	}
	return Rows(rows) + ": las de ● " + file + "."
}

// DiskLogSummary explains a log checkpoint.
func DiskLogSummary(version, actions int64) string {
	return "Todo lo que suman las versiones 0 a " + Number(version) + ", en un solo Parquet: " + Count(actions, "acción", "acciones") + ". " + DiskLogCheckpoint
}

// DiskLogColumn tells what a log checkpoint has in a column: one action a row, in the
// column of its name.
func DiskLogColumn(name string) string {
	switch name {
	case "txn":
		return "Hasta qué lote tiene la tabla de cada consulta."
	case "add":
		return "Los Parquet que forman la ■ tabla en esa versión."
	case "remove":
		return "Los Parquet que salieron y aún se conservan en el disco."
	case "metaData":
		return "El id de la tabla y sus columnas."
	case "protocol":
		return "Lo que debe saber quien la lee y quien la escribe."
	default:
		return DiskOtherAction
	}
}

// Parquet files.
const (
	DiskParquetSchema = "columnas"
	DiskParquetGroups = "tandas"
	DiskParquetStats  = "estadísticas"
	DiskNobodyNames   = "Un Parquet que la última versión de la tabla no nombra: ocupa sitio, y quien lee la tabla hoy no lo lee. Lo dejó una carga que murió antes de confirmar la tabla, o lo usa solo una versión anterior."
	DiskColumnsAre    = "Cada columna está junta y comprimida: leer una no obliga a leer las demás."
	DiskGroupsAre     = "El archivo se corta en «row groups», tandas de filas que se leen por separado."
	DiskStatsAre      = "No están en el Parquet: las guarda el log, y con ellas una consulta sabe qué archivos saltarse sin abrirlos."
	DiskParquetBroken = "No es un Parquet entero: está dañado, a medias o es otra cosa. La tabla no lo puede leer."
	DiskGridColumn    = "columna"
	DiskGridType      = "tipo"
	DiskGridCodec     = "compresión"
	DiskGridMin       = "mínimo"
	DiskGridMax       = "máximo"
	DiskGridNulls     = "nulos"
	DiskGridGroup     = "tanda"
	DiskGridRows      = "filas"
	DiskGridSize      = "tamaño"
)

// DiskData explains a data file by the version that brought it in; version is
// negative when that is too long ago to be told.
func DiskData(rows, version int64) string {
	head := DiskDataRows(rows) + " "
	if version < 0 {
		return head + "La última versión de la ■ tabla lo nombra."
	}
	return head + "Entró en la ■ tabla con la versión " + Number(version) + "."
}

// DiskDataRows is what a data file is.
func DiskDataRows(rows int64) string {
	if rows == 1 {
		return "Datos: 1 fila, guardada por columnas."
	}
	return "Datos: " + Rows(rows) + ", guardadas por columnas."
}

// The trash.
const (
	DiskTrashTitle   = "papelera"
	DiskTrashRecord  = "La ficha de algo borrado: de dónde era, para que deshacer lo devuelva a su sitio."
	DiskInTrash      = "Está en la papelera: ya no cuenta, hasta que lo deshagas."
	DiskTrashKind    = "Qué era."
	DiskTrashName    = "Su nombre, como lo escribes tú."
	DiskTrashOrigin  = "La carpeta en la que estaba, dentro del laboratorio."
	DiskTrashWhen    = "Cuándo se borró: "
	DiskTrashedTable = "tabla borrada"
	DiskTrashedOther = "checkpoint borrado"
	DiskReplaced     = "apartado al deshacer"
)

// Files that are none of ours, or damaged.
const (
	DiskForeign       = "Este archivo no lo escribió el laboratorio, y ni el stream ni la tabla lo miran."
	DiskDamagedSeen   = "Se esperaba la línea «v1» y después el contenido. Así no se puede leer: la carga que lo necesite se detendrá aquí y lo dirá, sin tocar nada."
	DiskDamagedCommit = "Por dentro está dañado. El laboratorio solo mira que exista; un Spark se detendría aquí."
	DiskDamagedLine   = "Esta línea no es JSON entero."
	DiskDamagedLog    = "Una línea de esta versión no se entiende: quien necesite leerla se detendrá aquí y lo dirá."
	DiskEmptyFile     = "Está vacío."
	DiskBinary        = "No es texto; se muestran sus bytes."
)

// DiskChecksumOf explains a checksum by the file beside it.
func DiskChecksumOf(name string) string {
	return "La suma de comprobación de " + quote(name) + ", que Spark deja al lado de lo que escribe. Si no concuerda, Spark se niega a leer el archivo; quien lo cambie debe quitarla antes."
}

// Files that readers of a folder do not look at.
const (
	DiskTemporary = "Un archivo a medio escribir: un programa que murió lo dejó así. Nadie lo lee, y la próxima vez que el laboratorio escriba en esta carpeta lo barre."
	DiskHidden    = "Su nombre empieza por un punto: ni Auto Loader ni Delta miran esos nombres."
)

// DiskUnnamed marks a data file that the table's newest version does not name.
const DiskUnnamed = "sin nombrar"

// DiskLinesLeft counts the lines that are not shown.
func DiskLinesLeft(n int64) string { return "y " + Count(n, "línea más", "líneas más") }

// What the lab keeps beside the memories.
const (
	DiskOwnTitle   = "el laboratorio"
	DbxOwn         = "En Databricks no existe: es del laboratorio, no de Auto Loader ni de Delta."
	DiskSetAside   = "Un archivo que no se podía leer. El laboratorio lo apartó con este nombre y empezó otro; aquí queda por si quieres mirarlo."
	DiskLock       = "Un cerrojo. Mientras una carga lo tiene, otra no puede trabajar con el mismo checkpoint o la misma tabla. Si la carga muere, el sistema lo suelta."
	DiskResult     = "Un resultado de la consola SQL, entero, como lo guardaste con ctrl+s. Una celda vacía es NULL; dos comillas son el texto vacío."
	DiskMovedAway  = "Un archivo que quitaste del origen. Aquí nadie lo busca; si su ruta ya estaba anotada, el checkpoint la sigue recordando."
	DiskChangedDay = "Un día de la fuente tal como quedó al cambiarla: la próxima extracción de ese día da esto."
	DiskReport     = "Un informe tuyo, en Markdown."
	DiskNotOurs    = "Está en la carpeta del laboratorio, pero el laboratorio no lo usa."
)

// DiskOwn explains the lab's own files by their names.
var DiskOwn = map[string]string{
	"lab.json":               "Lo que el laboratorio sabe de sí mismo: dónde está, qué día es en él y los widgets del cuaderno.",
	"progreso.json":          "Por dónde vas en las lecciones: predicciones, respuestas y pistas. «lab reiniciar» no lo toca.",
	"consola.json":           "Las sentencias que ejecutaste en la consola SQL, de la más antigua a la última.",
	"leccion.json":           "Cómo empezó esta lección: con esto sabe qué cambiaste tú después.",
	"cache/filas.json":       "Las filas contadas de cada archivo de origen, para no contarlas otra vez. Si se pierde, se vuelven a contar.",
	"extraccion/cursor.json": "El cursor de la extracción: hasta qué día se trajo cada tabla de PostgreSQL. No es el checkpoint: este recuerda días de la fuente; aquel, archivos del origen.",
}

// DiskOwnFields explain the members of the lab's own files.
var DiskOwnFields = map[string]map[string]string{
	"lab.json": {
		"raiz": "La carpeta en la que está. Si la mueves o la copias, el laboratorio lo nota aquí y corrige sus rutas.", "raices_anteriores": "Donde estuvo antes.",
		"dia": "El día simulado.", "widgets": "Los parámetros del cuaderno, como están ahora.",
	},
	"cursor.json":  {"extraidos": "Los días que ya llegaron, por carpeta del origen."},
	"consola.json": {"sentencias": "La última se recupera con la flecha hacia arriba."},
}

// DiskVanished says that a file is no longer there.
const DiskVanished = "Ya no está en el disco."

// What the explorer says of itself.
const (
	KeyEnter       = "enter"
	KeyArrows      = "↑↓"
	KeyCopy        = "y"
	KeyPages       = "av pág"
	KeyEsc         = "esc"
	DiskKeyOpen    = "abrir"
	DiskKeyFold    = "plegar"
	DiskKeyUnfold  = "desplegar"
	DiskKeyMove    = "mover"
	DiskKeyScroll  = "desplazar"
	DiskKeyRaw     = "texto tal cual"
	DiskKeyExplain = "explicado"
	DiskKeyCopy    = "copiar la ruta"
	DiskKeyBack    = "volver"
	DiskLooking    = "Mirando el disco…"
	DiskOpening    = "Abriendo…"
	DiskPickFile   = "Elige un archivo para ver qué dice y qué significa."
)
