package lessons

import (
	"reflect"
	"strings"

	"github.com/expr-lang/expr/types"
)

// Facts are what is on disk of one pipeline, and what its last load told. The
// names in expressions are the tags: tabla.filas. What is not there is -1, 0 or
// empty.
type Facts struct {
	Day        string          `expr:"dia" json:"dia"`
	Database   DatabaseFacts   `expr:"fuente" json:"fuente"`
	Source     SourceFacts     `expr:"origen" json:"origen"`
	Checkpoint CheckpointFacts `expr:"checkpoint" json:"checkpoint"`
	Table      TableFacts      `expr:"tabla" json:"tabla"`
	Trash      TrashFacts      `expr:"papelera" json:"papelera"`
	Last       LastFacts       `expr:"ultimo" json:"ultimo"`
}

// DatabaseFacts are those of the bundled source, from which days are extracted.
type DatabaseFacts struct {
	Rows int `expr:"filas" json:"filas"` // of the days that are over
}

// SourceFacts are the landing folder's.
type SourceFacts struct {
	Files int `expr:"archivos" json:"archivos"`
	Rows  int `expr:"filas" json:"filas"`
	Bytes int `expr:"bytes" json:"bytes"`
}

// CheckpointFacts are the stream's.
type CheckpointFacts struct {
	Exists    bool   `expr:"existe" json:"existe"`
	Query     string `expr:"consulta" json:"consulta"`     // the query's id
	Planned   int    `expr:"planeado" json:"planeado"`     // the newest offsets/N, or -1
	Confirmed int    `expr:"confirmado" json:"confirmado"` // the newest commits/N, or -1
	Seen      int    `expr:"vistos" json:"vistos"`         // files in the source log
	Schema    int    `expr:"esquema" json:"esquema"`       // its version, or -1
}

// TableFacts are the Delta table's.
type TableFacts struct {
	Exists  bool   `expr:"existe" json:"existe"`
	Name    string `expr:"nombre" json:"nombre"`
	ID      string `expr:"id" json:"id"`
	Version int    `expr:"version" json:"version"` // or -1
	Rows    int    `expr:"filas" json:"filas"`     // as its log records them
	Files   int    `expr:"archivos" json:"archivos"`
	Bytes   int    `expr:"bytes" json:"bytes"`
	Queries int    `expr:"consultas" json:"consultas"` // different queries that ever wrote to it
	Txn     int    `expr:"txn" json:"txn"`             // the checkpoint's query's, or -1
	Newest  string `expr:"ultima" json:"ultima"`       // the newest operation in its history
}

// TrashFacts count what was deleted and can come back.
type TrashFacts struct {
	Tables      int `expr:"tablas" json:"tablas"`
	Checkpoints int `expr:"checkpoints" json:"checkpoints"`
}

// LastFacts are those of the last load in this lesson.
type LastFacts struct {
	Batches  int    `expr:"lotes" json:"lotes"`
	NewFiles int    `expr:"archivos_nuevos" json:"archivos_nuevos"`
	Rows     int    `expr:"filas_escritas" json:"filas_escritas"`
	State    string `expr:"estado" json:"estado"` // TERMINADA, FALLIDA, CANCELADA, MATADA; empty before the first
	InTable  bool   `expr:"ya_en_tabla" json:"ya_en_tabla"`
	KilledAt string `expr:"matado_en" json:"matado_en"` // the seam, or empty
	Class    string `expr:"clase" json:"clase"`         // of its error
}

// Nothing is what the facts are when there is nothing at all.
func Nothing() Facts {
	return Facts{
		Checkpoint: CheckpointFacts{Planned: -1, Confirmed: -1, Schema: -1},
		Table:      TableFacts{Version: -1, Txn: -1},
	}
}

// World is the facts of all of a lesson's pipelines at one moment.
type World map[Target]Facts

// Moment is when an expression is looked at: from which pipeline, what is now,
// what was before, and what was when the lesson began.
type Moment struct {
	On                 Target
	Now, Before, Start World
}

// FactNames lists every name that may stand alone, sorted as declared.
func FactNames() []string {
	var names []string
	eachFact(reflect.TypeFor[Facts](), "", func(name string) { names = append(names, name) })
	return names
}

func eachFact(t reflect.Type, prefix string, do func(string)) {
	for i := range t.NumField() {
		field := t.Field(i)
		name := prefix + field.Tag.Get("expr")
		if field.Type.Kind() == reflect.Struct {
			eachFact(field.Type, name+".", do)
			continue
		}
		do(name)
	}
}

// Fact finds a value by its name: int, bool or string; nil when there is no
// such fact.
func (f Facts) Fact(name string) any {
	value := reflect.ValueOf(f)
	for part := range strings.SplitSeq(name, ".") {
		if value.Kind() != reflect.Struct {
			return nil
		}
		field, ok := fieldOf(value.Type(), part)
		if !ok {
			return nil
		}
		value = value.Field(field)
	}
	if value.Kind() == reflect.Struct {
		return nil
	}
	return value.Interface()
}

func fieldOf(t reflect.Type, tag string) (int, bool) {
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("expr") == tag {
			return i, true
		}
	}
	return 0, false
}

// The names of moments in expressions.
const (
	beforeName = "antes"
	startName  = "inicio"
)

// values are the facts of one moment as an expression sees them.
func (f Facts) values() map[string]any {
	return map[string]any{
		"dia": f.Day, "fuente": f.Database, "origen": f.Source, "checkpoint": f.Checkpoint,
		"tabla": f.Table, "papelera": f.Trash, "ultimo": f.Last,
	}
}

func factTypes() types.Map {
	return types.Map{
		"dia": types.String, "fuente": types.TypeOf(DatabaseFacts{}), "origen": types.TypeOf(SourceFacts{}), "checkpoint": types.TypeOf(CheckpointFacts{}),
		"tabla": types.TypeOf(TableFacts{}), "papelera": types.TypeOf(TrashFacts{}), "ultimo": types.TypeOf(LastFacts{}),
	}
}

// at is a World as an expression sees it: the pipeline's own facts, and each
// flow's under its name.
func (l *Lesson) at(w World, on Target) map[string]any {
	values := factsOf(w, on).values()
	for _, flow := range l.Flows {
		values[flow.Name] = factsOf(w, flow.Target).values()
	}
	return values
}

func factsOf(w World, on Target) Facts {
	if facts, ok := w[on]; ok {
		return facts
	}
	return Nothing()
}

// environment is what an expression may name, with its values.
func (l *Lesson) environment(m Moment, words Words) map[string]any {
	env := l.at(m.Now, m.On)
	env[beforeName] = l.at(m.Before, m.On)
	env[startName] = l.at(m.Start, m.On)
	for name, f := range words.functions() {
		env[name] = f
	}
	return env
}

// schema is what an expression may name, with its types.
func (l *Lesson) schema() types.Map {
	moment := func() types.Map {
		m := factTypes()
		for _, flow := range l.Flows {
			m[flow.Name] = factTypes()
		}
		return m
	}
	env := moment()
	env[beforeName], env[startName] = moment(), moment()
	for name, f := range (Words{}).functions() {
		env[name] = types.TypeOf(f)
	}
	return env
}
