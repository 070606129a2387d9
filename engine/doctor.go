package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"

	"autoloaderlab/engine/query"
	"autoloaderlab/fixtures"
)

// Checkup tells whether this machine can run the lab.
type Checkup struct {
	OK    bool    `json:"ok"`
	Tests []Probe `json:"pruebas"`
}

// Probe is one thing that was tried. Name is stable; Detail is what was seen: a
// value, or the error.
type Probe struct {
	Name   string `json:"nombre"`
	OK     bool   `json:"ok"`
	Detail string `json:"detalle"`
	Err    error  `json:"-"`
}

// The names of the probes.
const (
	ProbeSystem   = "sistema"
	ProbeFolder   = "carpeta"
	ProbeWrite    = "escritura"
	ProbeFixtures = "datos"
	ProbeDuckDB   = "duckdb"
)

// Doctor tries what the lab needs: a folder where files can be put atomically,
// the bundled data, and DuckDB.
func (l *Lab) Doctor(ctx context.Context) Checkup {
	tests := []Probe{
		{Name: ProbeSystem, OK: true, Detail: fmt.Sprintf("%s/%s, %d CPU, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())},
		{Name: ProbeFolder, OK: true, Detail: l.dir},
		l.probeWrite(),
		l.probeFixtures(),
		l.probeDuckDB(ctx),
	}
	all := true
	for _, test := range tests {
		all = all && test.OK
	}
	return Checkup{all, tests}
}

func probed(name, detail string, err error) Probe {
	if err != nil {
		detail = err.Error()
	}
	return Probe{name, err == nil, detail, err}
}

// probeWrite puts, moves and removes a file as the engine does.
func (l *Lab) probeWrite() Probe {
	dir := l.path("cache", "doctor")
	first, second := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	err := l.store.DeleteTree(dir)
	if err == nil {
		err = l.store.PutIfAbsent(first, []byte("1"))
	}
	if err == nil {
		err = l.store.Move(first, second)
	}
	if err == nil {
		err = l.store.DeleteTree(dir)
	}
	return probed(ProbeWrite, dir, err)
}

func (l *Lab) probeFixtures() Probe {
	rows := 0
	for _, day := range fixtures.Days() {
		rows += day.Rows
	}
	return probed(ProbeFixtures, fmt.Sprintf("%s … %s: %d", fixtures.FirstDay, fixtures.LastDay, rows), nil)
}

func (l *Lab) probeDuckDB(ctx context.Context) Probe {
	result, err := query.Run(ctx, world{l}, l.dir, "SELECT version() AS version")
	if err != nil {
		return probed(ProbeDuckDB, "", err)
	}
	version, _ := result.Text(0, 0)
	return probed(ProbeDuckDB, version, nil)
}
