package engine

import (
	"cmp"
	"path/filepath"

	"autoloaderlab/engine/catalog"
	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
	"autoloaderlab/fixtures"
)

// Widgets are the notebook's parameters, as a student types them. Where they are
// an argument, an empty one means the lab's own.
type Widgets struct {
	Student       string `json:"alumno"`
	Catalog       string `json:"catalogo"`
	LandingVolume string `json:"volumen_landing"`
	BronzeVolume  string `json:"volumen_bronce"`
	Table         string `json:"tabla"`
}

// defaultWidgets are the notebook's. An empty bronze volume is built from the catalog.
var defaultWidgets = Widgets{
	Student:       "bruno",
	Catalog:       "bronce_dev",
	LandingVolume: "/Volumes/landing_dev/postgres_datavision/landing-volume-postgres-datavision/",
	BronzeVolume:  "",
	Table:         fixtures.Table,
}

// or fills in what w leaves empty.
func (w Widgets) or(other Widgets) Widgets {
	return Widgets{
		cmp.Or(w.Student, other.Student), cmp.Or(w.Catalog, other.Catalog),
		cmp.Or(w.LandingVolume, other.LandingVolume), cmp.Or(w.BronzeVolume, other.BronzeVolume),
		cmp.Or(w.Table, other.Table),
	}
}

// Variant says where the memory of loaded files lives.
type Variant string

// The variants.
const (
	Notebook          Variant = "cuaderno"            // in the bronze volume, as the notebook has it
	CheckpointInTable Variant = "checkpoint-en-tabla" // in the table's own folder
	CopyInto          Variant = "copy-into"           // in the table's own log
	NoCheckpoint      Variant = "sin-checkpoint"      // nowhere
)

// Variants lists them.
var Variants = []Variant{Notebook, CheckpointInTable, CopyInto, NoCheckpoint}

// ParseVariant reads a variant's name; empty is the notebook's.
func ParseVariant(name string) (Variant, error) {
	for _, variant := range Variants {
		if string(variant) == cmp.Or(name, string(Notebook)) {
			return variant, nil
		}
	}
	return "", failure.New(failure.WrongUse, "read variant", name)
}

// streams tells whether the variant has a checkpoint.
func (v Variant) streams() bool { return v == Notebook || v == CheckpointInTable }

// Pipeline is the notebook with its parameters filled in: one source folder, one
// checkpoint, one table.
type Pipeline struct {
	lab     *Lab
	widgets Widgets
	variant Variant
	table   catalog.TableName
	landing catalog.Volume
	bronze  catalog.Volume
	dsn     DSN // the database to extract from, when one was asked for
}

// Pipeline checks the parameters. What makes no name or leaves the lab's folder
// is failure.WrongUse.
func (l *Lab) Pipeline(w Widgets, v Variant) (*Pipeline, error) {
	return NewPipeline(l, w.or(l.state.Widgets), v)
}

// CheckWidgets checks parameters without a lab: nothing on disk is touched.
func CheckWidgets(w Widgets) error {
	_, err := NewPipeline(nil, w.or(defaultWidgets), Notebook)
	return err
}

// NewPipeline resolves complete widgets.
func NewPipeline(l *Lab, w Widgets, v Variant) (*Pipeline, error) {
	if err := catalog.Identifier("alumno", w.Student); err != nil {
		return nil, err
	}
	p := &Pipeline{lab: l, widgets: w, variant: v}
	var err error
	if p.table, err = catalog.NewTableName(w.Catalog, "datavision_"+w.Student, w.Table); err != nil {
		return nil, err
	}
	if p.landing, err = catalog.ParseLandingVolume(w.LandingVolume); err != nil {
		return nil, err
	}
	p.widgets.BronzeVolume = cmp.Or(w.BronzeVolume, "/Volumes/"+w.Catalog+"/datavision/bronce-volume-datavision")
	p.bronze, err = catalog.ParseVolume(p.widgets.BronzeVolume)
	return p, err
}

// Table is the target's full name.
func (p *Pipeline) Table() catalog.TableName { return p.table }

// Widgets are the parameters, complete.
func (p *Pipeline) Widgets() Widgets { return p.widgets }

// sourceDir is where the source files are: <volumen_landing>/<tabla>/.
func (p *Pipeline) sourceDir() string {
	return p.lab.catalog.VolumeDir(p.landing, p.widgets.Table)
}

// sourceName is the source folder as the student writes it.
func (p *Pipeline) sourceName() string { return p.landing.String() + "/" + p.widgets.Table }

func (p *Pipeline) tableDir() string { return p.lab.catalog.TableDir(p.table) }

// CheckpointDir is where the checkpoint is, or would be.
func (p *Pipeline) CheckpointDir() string {
	if p.variant == CheckpointInTable {
		return p.lab.catalog.InnerCheckpointDir(p.table)
	}
	return p.lab.catalog.CheckpointDir(p.bronze, p.widgets.Student, p.widgets.Table)
}

// TableDir is where the table is, or would be.
func (p *Pipeline) TableDir() string { return p.tableDir() }

// SourceDir is where the source files are.
func (p *Pipeline) SourceDir() string { return p.sourceDir() }

func (p *Pipeline) checkpoint() checkpoint.Folder {
	return checkpoint.Open(p.lab.store, p.CheckpointDir())
}

func (p *Pipeline) log() *delta.Log { return delta.NewLog(p.lab.store, p.tableDir(), p.lab.now) }

// volumePath writes a file under the source folder as the student would: without
// the lab's own folder in it.
func (p *Pipeline) volumePath(path string) string {
	rest, err := filepath.Rel(p.sourceDir(), path)
	if err != nil {
		return path
	}
	return p.sourceName() + "/" + filepath.ToSlash(rest)
}
