package engine

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"path/filepath"
	"strconv"

	"autoloaderlab/engine/extract"
	"autoloaderlab/engine/failure"
	"autoloaderlab/fixtures"
)

// DSN says where a database is. However it is printed, it shows no password.
type DSN = extract.DSN

// ParseDSN reads a connection string; failure.WrongUse if it is none.
func ParseDSN(text string) (DSN, error) { return extract.ParseDSN(text) }

// From is the pipeline with a database that somebody asked for as its source.
// If it fails, that is an error: no other source takes its place.
func (p *Pipeline) From(dsn DSN) *Pipeline {
	asked := *p
	asked.dsn = dsn
	return &asked
}

// source is where a day is extracted from: the database that was asked for, else
// the lab's own server if it runs, else the bundled data.
func (p *Pipeline) source(ctx context.Context) (s extract.Source, origin string, leave func(), err error) {
	database, origin, leave, err := p.lab.database(ctx, p.dsn)
	if failure.Is(err, failure.PostgresNotRunning) {
		return bundled{p.lab}, FromBundled, func() {}, nil
	}
	return database, origin, leave, err
}

// database enters the database that was asked for, or, with a zero DSN, the lab's
// own: failure.PostgresNotRunning when that does not run. leave gives it back.
func (l *Lab) database(ctx context.Context, dsn DSN) (d *extract.Database, origin string, leave func(), err error) {
	if !dsn.IsZero() {
		d, err := extract.Connect(ctx, dsn)
		if err != nil {
			return nil, FromDSN, nil, err
		}
		return d, FromDSN, d.Close, nil
	}
	server, err := l.joinPostgres(ctx)
	if err != nil {
		return nil, FromCluster, nil, err
	}
	own, err := server.cluster.DSN()
	if err == nil {
		d, err = extract.Connect(ctx, own)
	}
	if err != nil {
		return nil, FromCluster, nil, errors.Join(err, server.Release())
	}
	return d, FromCluster, func() { d.Close(); _ = server.Release() }, nil
}

// PostgresStatus is the lab's own server, or a database that a DSN names. What
// does not exist or is not known is null.
type PostgresStatus struct {
	Origin    string  `json:"origen"`    // dsn or cluster
	Running   bool    `json:"en_marcha"` // it answers
	Kept      bool    `json:"iniciado"`  // by «iniciar»: it runs until «parar»
	DSN       *string `json:"dsn"`       // how to enter it, without a password
	Version   *string `json:"version"`   // the server's
	Rows      *int64  `json:"filas"`     // of the source table; null without table
	PID       *int    `json:"pid"`       // the cluster's
	Folder    *string `json:"carpeta"`   // the cluster's
	User      *string `json:"usuario"`   // who runs it
	Log       *string `json:"registro"`  // what it said
	Installed *string `json:"programas"` // where PostgreSQL's programs are
}

// ServerAction is what was done to the lab's own server, and how it is now.
type ServerAction struct {
	Action
	PostgresStatus
}

// PostgresStatus looks at the database of dsn or, if that is zero, at the lab's own
// server. It starts nothing and changes nothing.
func (l *Lab) PostgresStatus(ctx context.Context, dsn DSN) (PostgresStatus, error) {
	if !dsn.IsZero() {
		s := PostgresStatus{Origin: FromDSN}
		return s, s.look(ctx, dsn)
	}
	cluster, err := l.cluster()
	if err != nil {
		return PostgresStatus{}, err
	}
	return clusterStatus(ctx, cluster)
}

func clusterStatus(ctx context.Context, cluster *extract.Cluster) (PostgresStatus, error) {
	s := PostgresStatus{Origin: FromCluster, Kept: cluster.Kept()}
	if installed := cluster.Installed(); len(installed) > 0 {
		s.Installed = &installed[0].Dir
	}
	if cluster.Exists() {
		folder, user, log := cluster.Place(), cluster.User(), cluster.Log()
		s.Folder, s.User, s.Log = &folder, &user, &log
	}
	pid := cluster.PID()
	if pid == 0 {
		s.Kept = false
		return s, nil
	}
	s.PID = &pid
	own, err := cluster.DSN()
	if err != nil {
		return s, err
	}
	err = s.look(ctx, own)
	if failure.Is(err, failure.ConnectionFailed) || failure.Is(err, failure.DatabaseNotFound) {
		err = nil // it is just starting, or stopping
	}
	return s, err
}

// look enters a database and reads what it tells.
func (s *PostgresStatus) look(ctx context.Context, dsn DSN) error {
	database, err := extract.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer database.Close()
	shown, version := dsn.String(), database.Version()
	s.Running, s.DSN, s.Version = true, &shown, &version
	text, ok, err := database.Rows(ctx)
	if err != nil || !ok {
		return err
	}
	rows, err := strconv.ParseInt(text, 10, 64)
	s.Rows = &rows
	return err
}

// The lab's own server is started, stopped and removed under the lock of its
// folder. Who uses it holds the lock «en-uso», shared: a server that nobody wants
// kept, and that nobody uses, was left behind by a killed process.

func (l *Lab) postgresDir() string { return l.path("postgres") }

func (l *Lab) inUse() string { return filepath.Join(l.postgresDir(), "en-uso") }

func (l *Lab) cluster() (*extract.Cluster, error) {
	return extract.OpenCluster(l.store, l.postgresDir())
}

// withPostgres runs work on the cluster, one process at a time.
func (l *Lab) withPostgres(ctx context.Context, work func(*extract.Cluster) error) error {
	lock, err := l.waitFor(ctx, l.postgresDir())
	if err != nil {
		return err
	}
	defer lock.release()
	cluster, err := l.cluster()
	if err != nil {
		return err
	}
	return work(cluster)
}

// unlessUsed runs work if nobody uses the server; false if somebody does.
func (l *Lab) unlessUsed(work func() error) (done bool, err error) {
	lock, err := l.lockFile(l.inUse())
	if err != nil {
		return false, err
	}
	if ok, err := lock.TryLock(); err != nil || !ok {
		if err != nil {
			return false, failure.Disk("lock", l.inUse(), err)
		}
		return false, nil
	}
	defer func() { _ = lock.Unlock() }()
	return true, work()
}

// StartPostgres starts the lab's own server, with the lab's data in it. It runs
// until StopPostgres. A server that runs already is kept from now on.
func (l *Lab) StartPostgres(ctx context.Context) (ServerAction, error) {
	result := ServerAction{Action: done("postgres iniciar")}
	err := l.withPostgres(ctx, func(cluster *extract.Cluster) error {
		if err := start(ctx, cluster); err != nil {
			return err
		}
		if err := cluster.Keep(true); err != nil {
			return err
		}
		result.Paths = []string{cluster.Place()}
		var err error
		result.PostgresStatus, err = clusterStatus(ctx, cluster)
		return err
	})
	return result, err
}

// start starts the server and, if it has no table yet, seeds it.
func start(ctx context.Context, cluster *extract.Cluster) error {
	if err := cluster.Start(ctx); err != nil {
		return err
	}
	own, err := cluster.DSN()
	if err != nil {
		return err
	}
	database, err := extract.Connect(ctx, own)
	if err != nil {
		return err
	}
	defer database.Close()
	_, err = database.Seed(ctx, fixtures.Schema(), bundledDays(), false)
	if failure.Is(err, failure.SourceTableExists) {
		return nil
	}
	return err
}

// bundledDays gives the source's days newest first, so that no order in an
// extract comes from the order of loading.
func bundledDays() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		days := fixtures.Days()
		for i := len(days) - 1; i >= 0; i-- {
			if data, _ := fixtures.CSV(days[i].Date); !yield(data) {
				return
			}
		}
	}
}

// StopPostgres stops the lab's own server. One that does not run is no error, one
// that somebody extracts from is failure.Busy.
func (l *Lab) StopPostgres(ctx context.Context) (ServerAction, error) {
	result := ServerAction{Action: done("postgres parar")}
	err := l.withPostgres(ctx, func(cluster *extract.Cluster) error {
		if cluster.PID() != 0 {
			result.Paths = []string{cluster.Place()}
		}
		stopped, err := l.unlessUsed(func() error { return cluster.Stop(ctx) })
		if err == nil && !stopped {
			err = failure.New(failure.Busy, "stop", cluster.Place())
		}
		if err != nil {
			return err
		}
		result.PostgresStatus, err = clusterStatus(ctx, cluster)
		return err
	})
	return result, err
}

// leavePostgres stops the lab's own server, so that its folder may be removed.
func (l *Lab) leavePostgres(ctx context.Context) error {
	return l.withPostgres(ctx, func(cluster *extract.Cluster) error {
		left, err := l.unlessUsed(func() error { return cluster.Leave(ctx) })
		if err == nil && !left {
			err = failure.New(failure.Busy, "remove", cluster.Place())
		}
		return err
	})
}

// Postgres is the lab's own server while somebody uses it.
type Postgres struct {
	lab     *Lab
	cluster *extract.Cluster
	using   locks
}

// BorrowPostgres starts the lab's own server for the time until Release, unless
// it runs already. A process that is killed meanwhile leaves it running: whoever
// comes next stops it, or takes it over.
func (l *Lab) BorrowPostgres(ctx context.Context) (*Postgres, error) {
	return l.usePostgres(ctx, func(cluster *extract.Cluster) error { return start(ctx, cluster) })
}

// joinPostgres uses the server if it runs, and is failure.PostgresNotRunning if
// not. One that was left behind is stopped: nobody asked for it.
func (l *Lab) joinPostgres(ctx context.Context) (*Postgres, error) {
	cluster, err := l.cluster()
	if err != nil {
		return nil, err
	}
	notRunning := failure.New(failure.PostgresNotRunning, "use", l.postgresDir())
	if cluster.PID() == 0 {
		return nil, notRunning
	}
	return l.usePostgres(ctx, func(cluster *extract.Cluster) error {
		if !cluster.Kept() {
			if _, err := l.unlessUsed(func() error { return cluster.Stop(ctx) }); err != nil {
				return err
			}
		}
		if cluster.PID() == 0 {
			return notRunning
		}
		return nil
	})
}

// usePostgres gets the server ready and notes, before others may touch it, that
// it is in use.
func (l *Lab) usePostgres(ctx context.Context, ready func(*extract.Cluster) error) (*Postgres, error) {
	borrowed := &Postgres{lab: l}
	err := l.withPostgres(ctx, func(cluster *extract.Cluster) error {
		if err := ready(cluster); err != nil {
			return err
		}
		lock, err := l.lockFile(l.inUse())
		if err != nil {
			return err
		}
		if ok, err := lock.TryRLock(); err != nil || !ok {
			return busy(l.inUse(), err)
		}
		borrowed.cluster, borrowed.using = cluster, locks{lock}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return borrowed, nil
}

// Release gives the server back. It stops if nobody wants it kept and nobody else
// uses it.
func (s *Postgres) Release() error {
	ctx := context.Background() // what was started has to end, cancelled or not
	return s.lab.withPostgres(ctx, func(cluster *extract.Cluster) error {
		s.using.release()
		if cluster.Kept() {
			return nil
		}
		_, err := s.lab.unlessUsed(func() error { return cluster.Stop(ctx) })
		return err
	})
}

// Seeded is what Seed did.
type Seeded struct {
	Action
	Rows   int64  `json:"filas"`
	Origin string `json:"origen"`
}

// Seed puts the lab's data into a database that has no such table yet. With a
// zero DSN it is the lab's own, started if it does not run, whose table is put
// back to what it was.
func (l *Lab) Seed(ctx context.Context, dsn DSN) (result Seeded, err error) {
	result = Seeded{Action: done("postgres sembrar")}
	if dsn.IsZero() {
		server, err := l.BorrowPostgres(ctx)
		if err != nil {
			return result, err
		}
		defer func() { err = errors.Join(err, server.Release()) }()
	}
	database, origin, leave, err := l.database(ctx, dsn)
	if err != nil {
		return result, err
	}
	defer leave()
	result.Origin = origin
	result.Rows, err = database.Seed(ctx, fixtures.Schema(), bundledDays(), origin == FromCluster)
	return result, err
}

// Late is what InsertLate did. Changed is null when the day had no amount to change.
type Late struct {
	Action
	Day     string   `json:"fecha"`
	Origin  string   `json:"origen"`
	Row     LateRow  `json:"fila_tardia"`
	Changed *Changed `json:"fila_cambiada"`
}

// LateRow is the row that was inserted. Numbers have PostgreSQL's digits.
type LateRow struct {
	ID           json.Number `json:"account_feature_id"`
	PurchaseDate string      `json:"purchase_date"`
	AmountPaid   json.Number `json:"amount_paid"`
}

// Changed is a row whose amount_paid is another now.
type Changed struct {
	ID     json.Number `json:"account_feature_id"`
	Before json.Number `json:"antes"`
	After  json.Number `json:"despues"`
}

// InsertLate does in the source what a cursor on purchase_date cannot see: a row
// arrives for a day (YYYY-MM-DD; empty: the last one extracted) that is over, and
// another of that day changes. It is done where a day would be extracted from: a
// database whose table Seed made, or the bundled data of this lab.
func (p *Pipeline) InsertLate(ctx context.Context, date string) (Late, error) {
	result := Late{Action: done("postgres insertar-tardia"), Day: date}
	if date == "" {
		cursor, err := p.cursor()
		if err != nil {
			return result, err
		}
		result.Day = cursor.last()
	}
	day, err := extract.ParseDate(result.Day)
	if err != nil {
		return result, err
	}
	late, origin, err := p.insertLate(ctx, day)
	if err != nil {
		return result, err
	}
	result.Origin = origin
	result.Row = LateRow{json.Number(late.Row.ID), late.Row.PurchaseDate, json.Number(late.Row.AmountPaid)}
	if c := late.Changed; c != nil {
		result.Changed = &Changed{json.Number(c.ID), json.Number(c.Before), json.Number(c.After)}
	}
	return result, nil
}

func (p *Pipeline) insertLate(ctx context.Context, day extract.Date) (extract.Late, string, error) {
	database, origin, leave, err := p.lab.database(ctx, p.dsn)
	if failure.Is(err, failure.PostgresNotRunning) {
		late, err := bundled{p.lab}.insertLate(ctx, day.String())
		return late, FromBundled, err
	}
	if err != nil {
		return extract.Late{}, origin, err
	}
	defer leave()
	late, err := database.InsertLate(ctx, day)
	return late, origin, err
}
