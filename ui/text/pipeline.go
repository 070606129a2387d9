package text

import (
	"fmt"
	"strings"
	"time"

	"autoloaderlab/engine/progress"
)

// LoadRooms are the six rooms of a load, in a batch's order.
var LoadRooms = [6]string{"origen", "descubrir", "planear", "escribir", "tabla", "confirmar"}

// The words of a load that runs, pauses or has ended.
const (
	LoadLooking      = "Mirando"
	LoadTheSource    = "el origen"
	LoadLoading      = "Cargando"
	LoadReplaying    = "Repitiendo"
	LoadIntoTable    = "en la tabla"
	LoadWaits        = "espera"
	LoadDone         = "hecho"
	LoadSpared       = "ya está"
	LoadUnused       = "no usa"
	LoadNone         = "nada"
	LoadCreated      = "vacía"
	LoadCut          = "aquí"
	LoadRowsRead     = "filas leídas"
	LoadPerSecond    = "por segundo"
	LoadTime         = "tiempo"
	LoadLeft         = "falta, aprox."
	LoadFileColumn   = "archivo"
	LoadRowsColumn   = "filas"
	LoadReadColumn   = "leído"
	LoadUnchanged    = "Para quien consulta la tabla no ha cambiado nada: los Parquet ya escritos no los nombra nadie hasta que se encienda «tabla»."
	LoadPaused       = "En pausa"
	LoadReallyStops  = "El motor está detenido de verdad. Esto hay ahora en el disco:"
	LoadThere        = "está"
	LoadMissing      = "falta"
	LoadUnsure       = "por ver"
	LoadWhatIfKilled = "¿Y si lo matas aquí?"
	LoadSure         = "¿Seguro? Mátalo y míralo: es una muerte de verdad (SIGKILL)."

	LoadFinishedTitle  = "Carga terminada"
	LoadLostTitle      = "Carga terminada, y faltan filas"
	LoadNothingTitle   = "Nada nuevo"
	LoadFailedTitle    = "La carga falló"
	LoadCancelledTitle = "Carga cancelada"
	LoadKilledTitle    = "Matado"
	LoadDiedTitle      = "El motor murió"
	LoadWarningTitle   = "¡AVISO!"
	LoadWhy            = "Por qué:"
	LoadTry            = "Prueba:"
	LoadLeftOnDisk     = "Esto quedó en el disco:"
	LoadDied           = "La muerte fue de verdad: nadie ordenó nada después. Esto quedó en el disco:"
	LoadCancelledText  = "Se detuvo sin dejar nada a medias: ningún archivo está cortado y ninguna fila está a medias."
	LoadNothingStarted = "No había empezado ningún lote: en el disco no cambió nada que la próxima carga no sepa leer."
	LoadWhatNext       = "Qué hará la próxima carga"
	LoadDiedAdvice     = "Vuelve a cargar: la próxima carga mira el disco y sigue desde lo que está entero."
	LoadTableKept      = "La ■" + Space + "tabla no ha cambiado."
)

// The keys of a running load.
const (
	LoadSpaceKey    = "espacio"
	LoadGoOnShort   = "seguir"
	LoadKillHere    = "matar aquí"
	LoadKillNow     = "matar ahora"
	LoadKillShort   = "matar"
	LoadFinish      = "sin más pausas"
	LoadFinishShort = "al final"
	LoadCancelLong  = "cancelar sin dejar nada a medias"
	LoadCancel      = "cancelar"
	LoadCancelShort = "cancelar"
	LoadStep        = "paso a paso"
)

// LoadGoOn is the key that leaves a seam.
func LoadGoOn(room string) string { return "seguir hasta «" + room + "»" }

// LoadBatch is «el lote 2».
func LoadBatch(n int64) string { return "el lote " + Number(n) }

// LoadSince is «desde 12:10:41».
func LoadSince(t time.Time) string { return "desde " + t.Format(time.TimeOnly) }

// LoadBetween is «entre «escribir» y «tabla»».
func LoadBetween(before, after string) string { return "entre «" + before + "» y «" + after + "»" }

// LoadInside is where a load that was not at a seam was.
func LoadInside(room string) string { return "mientras trabajaba en «" + room + "»" }

// LoadSeam is «costura 3 de 4».
func LoadSeam(n, of int) string { return fmt.Sprintf("costura %d de %d", n, of) }

// LoadAmount is «171,2», «250,0» and «MB»: both in the unit of the second.
func LoadAmount(read, total int64) (done, all, unit string) {
	last := strings.LastIndex(Bytes(total), Space)
	all, unit = Bytes(total)[:last], Bytes(total)[last+len(Space):]
	size, places := float64(read), 0
	for _, u := range []string{"B", "kB", "MB", "GB", "TB", "PB", "EB"} {
		if u == unit {
			break
		}
		size, places = size/1000, 1
	}
	return Decimal(size, places), all, unit
}

// LoadSeconds is «2,1» and «s», or a longer time and its unit.
func LoadSeconds(d time.Duration) (amount, unit string) {
	switch {
	case d < time.Second:
		return Number(d.Milliseconds()), "ms"
	case d < 10*time.Minute:
		return Decimal(d.Seconds(), 1), "s"
	default:
		return Decimal(d.Minutes(), 1), "min"
	}
}

// LoadStand is where a load stands, for the sentences that tell what it means.
type LoadStand struct {
	Seam        progress.Seam // the last that it has passed; "" before the first
	Inside      bool          // it was stopped after that seam, in the middle of a write
	Batch       int64
	Entry       int64 // of sources/0
	Files       int
	Version     int64 // the table's
	Rows        int64 // the table's, below 0 when nobody knows
	WrittenRows int64
	DataFiles   int
	Planned     bool // an earlier run had planned the batch
	Already     bool // the table had the batch before this run
	Remembers   bool // copy-into: the table's log remembers the files
	Forgets     bool // sin-checkpoint: nobody does
}

func (s LoadStand) offset() string { return "◆" + Space + "offsets/" + digits(s.Batch) }
func (s LoadStand) commit() string { return "◆" + Space + "commits/" + digits(s.Batch) }
func digits(n int64) string        { return fmt.Sprint(n) }

const theTable = "La ■" + Space + "tabla"

func (s LoadStand) files() string {
	return agree(int64(s.Files), "el mismo archivo", "los mismos "+Number(int64(s.Files))+" archivos")
}

// kept says that the table keeps what it has.
func (s LoadStand) kept() string {
	switch {
	case s.Rows < 0:
		return theTable + " se queda como estaba, sin ninguna fila a medias."
	case s.Rows == 0:
		return theTable + " se queda vacía, sin ninguna fila a medias."
	case s.Rows == 1:
		return theTable + " se queda con su única fila."
	}
	return theTable + " se queda con sus " + Rows(s.Rows) + ", ninguna a medias."
}

// repeats says what the next run does with a plan that is not confirmed.
func (s LoadStand) repeats() string {
	return "La próxima carga encuentra " + s.offset() + " sin su " + s.commit() + ": repite " + LoadBatch(s.Batch) + " con " + s.files()
}

// LoadConsequence tells, in paragraphs, what it means that a load ends where it
// stands: what the table has, and what the next load does.
func LoadConsequence(s LoadStand) []string {
	switch {
	case s.Remembers || s.Forgets:
		return s.withoutCheckpoint()
	case s.Seam == "":
		return []string{LoadNothingStarted}
	case s.Inside && s.Seam == progress.AfterData:
		return []string{
			"La versión " + Number(s.Version+1) + " de la ■" + Space + "tabla está entera o no está: un archivo aparece de una vez.",
			s.repeats() + ", y si la tabla ya tiene su txn, no escribe nada.",
		}
	}
	switch s.Seam {
	case progress.AfterDiscovery:
		return s.discovered()
	case progress.AfterPlan:
		return s.planned()
	case progress.AfterData:
		return []string{s.kept() + s.orphans(), s.repeats() + " y " + agree(int64(s.Files), "lo", "los") + " escribe de nuevo."}
	default:
		first := theTable + " ya tiene " + agree(s.WrittenRows, "la fila nueva", "las "+Number(s.WrittenRows)+" filas nuevas") + " en su versión " + Number(s.Version) + ": quien consulta las ve."
		if s.Already {
			first = theTable + " no cambia: ya tenía este lote."
		}
		return []string{first, "La próxima carga encuentra " + s.offset() + " sin su " + s.commit() + " y repite el lote, pero la tabla recuerda su txn y responde «ya está»: ninguna fila se duplica."}
	}
}

// orphans says what becomes of data files that no version names.
func (s LoadStand) orphans() string {
	switch {
	case s.DataFiles == 0:
		return ""
	case s.DataFiles == 1:
		return " El Parquet queda huérfano: ocupa sitio y nadie lo lee."
	}
	return " Los " + Number(int64(s.DataFiles)) + " Parquet quedan huérfanos: ocupan sitio y nadie los lee."
}

func (s LoadStand) discovered() []string {
	if s.Planned {
		return []string{s.kept(), s.repeats() + ". La tabla dirá si ya lo tiene."}
	}
	knows := agree(int64(s.Files), "el archivo, pero ningún lote lo tiene", "los archivos, pero ningún lote los tiene")
	with := agree(int64(s.Files), "el archivo", "los archivos")
	return []string{
		s.kept() + " El checkpoint ya conoce " + knows + " todavía.",
		"La próxima carga encuentra ◆" + Space + "sources/0/" + digits(s.Entry) + " sin plan: no anota otra vez " + with + ", y planea " + LoadBatch(s.Batch) + " con " + agree(int64(s.Files), "él", "ellos") + ".",
	}
}

func (s LoadStand) planned() []string {
	switch {
	case s.Inside:
		return []string{s.kept() + " Puede quedar algún Parquet huérfano: ocupa sitio y nadie lo lee.", s.repeats() + "."}
	case s.Planned:
		return []string{s.kept(), s.repeats() + ". La tabla dirá si ya lo tiene."}
	default:
		return []string{s.kept() + " De este lote no hay nada escrito.", s.repeats() + "."}
	}
}

func (s LoadStand) withoutCheckpoint() []string {
	next := "La próxima carga no encuentra " + agree(int64(s.Files), "el archivo", "los archivos") + " en el log de la tabla y " + agree(int64(s.Files), "lo", "los") + " lee de nuevo."
	if s.Forgets {
		next = "La próxima carga lo lee todo otra vez: nadie recuerda nada."
	}
	if s.Seam != progress.AfterTableCommit {
		return []string{s.kept() + " Si queda algún Parquet es huérfano: ocupa sitio y nadie lo lee.", next}
	}
	first := theTable + " ya tiene " + agree(s.WrittenRows, "la fila nueva", "las "+Number(s.WrittenRows)+" filas nuevas") + " en su versión " + Number(s.Version) + "."
	if s.Forgets {
		return []string{first, "Nadie recuerda qué se cargó: la próxima carga añade las mismas filas otra vez."}
	}
	return []string{first, "La misma versión recuerda los archivos y tiene sus filas: la próxima carga no repite ninguno."}
}

// What each file of a batch means, when it is there and when it is not.
var (
	LoadNoData      = "todavía no hay datos"
	LoadDataSpared  = "el lote no escribe nada"
	LoadDataMaybe   = "quizá a medias, sin nombrar"
	LoadAskTable    = "lo dirá el txn de la tabla"
	LoadWholeOrNot  = "entero o nada"
	LoadNoTableYet  = "la tabla no existe todavía"
	LoadConfirmed   = "el lote está confirmado"
	LoadUnconfirmed = "el lote no está confirmado"
)

// LoadNoted says that the source log names the batch's files.
func LoadNoted(files int, news bool) string {
	word := ""
	if news {
		word = agree(int64(files), " nuevo", " nuevos")
	}
	return agree(int64(files), "el archivo"+word+" está anotado", Number(int64(files))+" archivos"+word+" anotados")
}

// LoadPlan says whether the batch has its plan.
func LoadPlan(batch int64, there bool) string {
	if there {
		return LoadBatch(batch) + " tiene su plan"
	}
	return LoadBatch(batch) + " no tiene plan"
}

// LoadOrphans are rows of data files that the table does not name, or does.
func LoadOrphans(rows int64, named bool) string {
	if named {
		return Rows(rows) + ", ya de la tabla"
	}
	if rows >= 100_000 { // it has to fit beside the file
		return Rows(rows) + " sin nombrar"
	}
	return Rows(rows) + " que nadie nombra"
}

// LoadVersion says which version the table is at.
func LoadVersion(version int64, new bool) string {
	if new {
		return "la tabla está en la versión " + Number(version)
	}
	if version > 9 { // it has to fit beside the file
		return "sigue en la versión " + Number(version)
	}
	return "la tabla sigue en la versión " + Number(version)
}

// NewOnes counts what was not known before.
func NewOnes(n int64) string { return Count(n, "nuevo", "nuevos") }

// LoadHadTxn says that the table had the batch.
func LoadHadTxn(version int64) string { return "ya tenía el lote: txn " + Number(version) }

// LoadDataFiles names a batch's data files when they are several.
func LoadDataFiles(n int) string { return Number(int64(n)) + " part-….parquet" }

// LoadMoreFiles is the row for files that have no room.
func LoadMoreFiles(n int) string { return "… " + Number(int64(n)) + " más" }

// LoadFilesRead tells of files without a row of their own.
func LoadFilesRead(read, total int) string {
	return Number(int64(read)) + " de " + Files(int64(total))
}

// LoadSummary is a finished load in a few sentences. rows are the table's,
// below 0 when nobody knows; created tells that there was no table before.
func LoadSummary(f progress.Finished, rows int64, created bool) []string {
	first := whatRan(f) + "."
	if f.TableVersion == nil {
		return []string{first}
	}
	second := theTable + " está en la versión " + Number(*f.TableVersion)
	if rows >= 0 {
		second += " y tiene " + Rows(rows)
	}
	second += "."
	if created && *f.TableVersion > 0 {
		second += " La versión 0 la creó vacía."
	}
	return []string{first, second}
}

// LoadAlready says that the last batch was in the table, and so not written.
func LoadAlready(batch int64, e progress.AlreadyInTable) string {
	if e.UnloadedFiles == nil || *e.UnloadedFiles > 0 {
		return "El lote " + Number(batch) + " se dio por cargado: la ■" + Space + "tabla ya tiene el txn " + Number(e.TxnVersion) + " de esta consulta."
	}
	return "El lote " + Number(batch) + " ya estaba en la ■" + Space + "tabla, cuyo txn es " + Number(e.TxnVersion) + ": no se escribió ninguna fila dos veces."
}

// LoadNothing says why a load had nothing to do. Without a checkpoint the
// memory is another. created tells that it made the table, which was not there.
func LoadNothing(seen int, remembers, created bool) string {
	rest := ", y en el disco no cambia nada."
	if created {
		rest = ". La ■" + Space + "tabla no estaba: la carga la creó, vacía, en su versión 0."
	}
	if seen == 0 {
		return "En el origen no hay ningún archivo que cargar" + rest
	}
	who := "El ◆" + Space + "checkpoint"
	if remembers {
		who = "El log de la ■" + Space + "tabla"
	}
	return who + " ya conocía " + agree(int64(seen), "el único archivo", "los "+Number(int64(seen))+" archivos") + " del origen: no hay ningún lote que hacer" + rest
}

// LoadDeath says how a child ended that said nothing. exit is its code, below 0
// when it has none; said is its own last line, if any.
func LoadDeath(exit int, said string) string {
	text := "El proceso de la carga murió de golpe, sin decir por qué."
	if exit >= 0 {
		text = "El proceso de la carga acabó con el código " + Number(int64(exit)) + ", sin decir por qué."
	}
	if said != "" {
		text += " Lo último que escribió: " + quote(said) + "."
	}
	return text
}

// LoadNoStart says that there is no child.
const LoadNoStart = "No se pudo iniciar el proceso de la carga."
