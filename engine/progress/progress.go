// Package progress names what happened while a load ran, as events in the past
// tense. The engine tells them; the command prints them as JSON lines, the
// interface draws them, and a test reads them. It is a leaf: it knows no other
// room.
//
// The JSON keys and event names are the command's contract and are Spanish.
package progress

import (
	"bytes"
	"encoding/json"
	"time"
)

// Event is one thing that happened. Its Go type says what; its fields are its JSON.
type Event interface {
	// Name is the value of the JSON key "evento".
	Name() string
}

// Listed: the source folder was listed, once a run.
type Listed struct {
	SeenFiles int   `json:"archivos_vistos"` // known to the source log before this listing
	NewFiles  int   `json:"archivos_nuevos"`
	Bytes     int64 `json:"bytes"` // of the new files
}

// Discovered: the source log holds the batch's files. Entry is the last entry
// that the batch reaches: sources/0/K is on disk.
type Discovered struct {
	Files int   `json:"archivos"`
	Bytes int64 `json:"bytes"`
	Entry int64 `json:"entrada"`
	// PlannedBefore: an earlier run has written the batch's plan.
	PlannedBefore bool `json:"ya_planeado,omitempty"`
}

// Planned: the batch has its number and range (offsets/N is on disk).
type Planned struct {
	Files int   `json:"archivos"`
	Bytes int64 `json:"bytes"`
}

// Advanced: reading goes on; a few times a second at most, for bars and rates,
// and then once more when all is read.
type Advanced struct {
	BytesRead  int64 `json:"bytes_leidos"`
	BytesTotal int64 `json:"bytes_total"`
	Rows       int64 `json:"filas"`
	FilesRead  int   `json:"archivos_leidos"`
	FilesTotal int   `json:"archivos_total"`
	// Files are the batch's, in its order; none when there are more than
	// MaxFilesTold.
	Files []FileRead `json:"por_archivo,omitempty"`
}

// FileRead is how far one file has been read. Name is its last part.
type FileRead struct {
	Name       string `json:"archivo"`
	BytesRead  int64  `json:"bytes_leidos"`
	BytesTotal int64  `json:"bytes_total"`
	Rows       int64  `json:"filas"`
}

// MaxFilesTold is up to how many files Advanced tells each by itself.
const MaxFilesTold = 50

// Written: one data file is on disk; nobody refers to it yet.
type Written struct {
	Path  string `json:"ruta"`
	Rows  int64  `json:"filas"`
	Bytes int64  `json:"bytes"`
}

// TableCommitted: one version of the table's log names the batch's data files.
type TableCommitted struct {
	Version int64 `json:"version"`
}

// AlreadyInTable: the table has a txn of this query that is not older than the
// batch, so nothing was written. UnloadedFiles counts the batch's files that no
// commit of this table records; nil when that cannot be known.
type AlreadyInTable struct {
	TxnVersion    int64 `json:"txn_version"`
	UnloadedFiles *int  `json:"archivos_sin_cargar"`
}

// Confirmed: commits/N is on disk.
type Confirmed struct{}

// Paused: the run stands at a seam where it was asked to, until it is told to go
// on. It comes after the seam's own events, of which there may be several or none.
type Paused struct {
	Seam Seam `json:"costura"`
}

// Warned: something the student should know though the run goes on. Class is one
// of the warnings below; Things lists what it is about; Count is its number.
type Warned struct {
	Class   string   `json:"clase"`
	Message string   `json:"mensaje"` // in Spanish, filled in by whoever prints it
	Things  []string `json:"cosas,omitempty"`
	Count   int64    `json:"cuenta,omitempty"`
}

// The warnings.
const (
	RowsLost          = "FILAS_SIN_CARGAR"             // Count files were taken for loaded and never were
	HeaderLooksWrong  = "CABECERA_SOSPECHOSA"          // Things: files whose first line looks like data
	TailLost          = "COLA_SIN_LEER"                // Things: files that grew after the listing; Count bytes were left
	CorruptSkipped    = "ARCHIVO_DAÑADO_SALTADO"       // Things: files passed over by ignoreCorruptFiles
	MissingSkipped    = "ARCHIVO_DESAPARECIDO_SALTADO" // Things: files passed over by ignoreMissingFiles
	LogCheckpointLost = "CHECKPOINT_DEL_LOG_SIN_ESCRIBIR"
)

// Failure is an error as a program reads it: its class and the Spanish sentences.
// Message ends with Why.
type Failure struct {
	Class   string `json:"clase"`
	Message string `json:"mensaje"`
	Why     string `json:"por_que"`
	ToDo    string `json:"que_hacer"`
}

// Run states, as a streaming query's.
const (
	Terminated = "TERMINADA"
	Cancelled  = "CANCELADA"
	Failed     = "FALLIDA"
)

// Finished is always the last event. Pointers are null where there is nothing
// to tell: no checkpoint, no table.
type Finished struct {
	State        string   `json:"estado"`
	QueryID      *string  `json:"consulta_id"`
	RunID        string   `json:"ejecucion_id"`
	Batches      int      `json:"lotes"`
	NewFiles     int      `json:"archivos_nuevos"`
	NotedFiles   int      `json:"archivos_apuntados"` // taken note of and not read (includeExistingFiles=false)
	RowsWritten  int64    `json:"filas_escritas"`
	FastChunks   int64    `json:"trozos_rapidos"` // of text, cut many lines at once
	ExactChunks  int64    `json:"trozos_exactos"` // which needed the exact parser
	TableVersion *int64   `json:"version_tabla"`
	DurationMs   int64    `json:"duracion_ms"`
	Error        *Failure `json:"error"`
}

// Name implements Event.
func (Listed) Name() string         { return "listado" }
func (Discovered) Name() string     { return "descubierto" }
func (Planned) Name() string        { return "planeado" }
func (Advanced) Name() string       { return "avance" }
func (Written) Name() string        { return "escrito" }
func (TableCommitted) Name() string { return "tabla_confirmada" }
func (AlreadyInTable) Name() string { return "ya_en_tabla" }
func (Confirmed) Name() string      { return "confirmado" }
func (Paused) Name() string         { return "pausa" }
func (Warned) Name() string         { return "aviso" }
func (Finished) Name() string       { return "fin" }

// Stamped is an event with its circumstances.
type Stamped struct {
	At       time.Time
	Batch    *int64 // nil when it belongs to none
	Replayed bool   // the batch, or a part of it, was begun by an earlier run
	Event    Event
}

// MarshalJSON puts "evento", "hora", "lote" and "repetido" before the event's
// own fields, on one line.
func (s Stamped) MarshalJSON() ([]byte, error) {
	head, err := json.Marshal(struct {
		Event    string `json:"evento"`
		At       string `json:"hora"`
		Batch    *int64 `json:"lote,omitempty"`
		Replayed bool   `json:"repetido,omitempty"`
	}{s.Event.Name(), s.At.Format("2006-01-02T15:04:05.000Z07:00"), s.Batch, s.Replayed})
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(s.Event)
	if err != nil || string(body) == "{}" {
		return head, err
	}
	return append(append(bytes.TrimSuffix(head, []byte("}")), ','), body[1:]...), nil
}

// Seam is one of the four places between two of a batch's writes where the run
// can be stopped and killed on purpose.
type Seam string

// The seams, each named after the write that has just been made.
const (
	AfterDiscovery   Seam = "descubierto"
	AfterPlan        Seam = "planeado"
	AfterData        Seam = "escrito"
	AfterTableCommit Seam = "tabla_confirmada"
)

// Seams lists them in a batch's order.
var Seams = []Seam{AfterDiscovery, AfterPlan, AfterData, AfterTableCommit}

// Listener is told what happens. Its methods may be called from several
// goroutines but never two at a time, and the engine waits for them: a Listener
// that blocks at a seam holds the run there.
type Listener interface {
	// Happened receives each event in order.
	Happened(Stamped)
	// Reached is called at each seam, after its event. An error ends the run as if cancelled there.
	Reached(Seam) error
}

// Nobody listens.
type Nobody struct{}

// Happened does nothing.
func (Nobody) Happened(Stamped) {}

// Reached goes on.
func (Nobody) Reached(Seam) error { return nil }
