package extract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

// Cluster is a PostgreSQL of the lab's own, which nobody else can enter: it
// listens on a unix socket in a folder of its owner's, on no port.
//
//	<home>/cluster.json     what the lab knows of it
//	<place>/data            the cluster; data.*.tmp while initdb is at work
//	<place>/socket          where it listens, if the path is short enough
//	<place>/postgres.log    what it said since its last start
//
// place is home, unless we are root and the unprivileged user who runs the server
// in our place cannot reach home: then it is a folder of its own in /var/tmp.
//
// A Cluster does not lock: its caller sees to it that one process at a time
// starts, stops or removes it.
type Cluster struct {
	store   storage.Store
	home    string
	folders []string // where to look for programs, beside the PATH
	known   knowledge
}

// knowledge is cluster.json. It is written before a folder or a server is made,
// so that one which a killed process left can be found.
type knowledge struct {
	Home   string `json:"raiz"`             // home when it was written: tells a copy from the original
	Place  string `json:"lugar,omitempty"`  // when it is not home
	Socket string `json:"socket,omitempty"` // the socket's folder, when it is not in place
	User   string `json:"usuario"`          // who runs the server
	Kept   bool   `json:"iniciado"`         // a person started it and will stop it
}

// The database that a cluster serves, and its only user.
const (
	clusterDatabase = "datavision"
	clusterUser     = "lab"
)

// OpenCluster looks at what there is in home. It starts nothing.
func OpenCluster(store storage.Store, home string) (*Cluster, error) {
	c := &Cluster{store: store, home: home, folders: binaryFolders}
	data, err := store.ReadFile(c.knowledgePath())
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, failure.Disk("read", c.knowledgePath(), err)
	}
	if err := json.Unmarshal(data, &c.known); err != nil {
		return nil, failure.New(failure.DamagedFile, "read", c.knowledgePath()).Because(err)
	}
	if c.isCopy() {
		c.known = knowledge{}
	}
	return c, nil
}

// isCopy tells whether cluster.json speaks of folders that belong to another lab:
// ours was copied from it, and it is still there.
func (c *Cluster) isCopy() bool {
	if c.known.Home == c.home || c.known.Place == "" && c.known.Socket == "" {
		return false
	}
	there, err := storage.Exists(c.store, filepath.Join(c.known.Home, filepath.Base(c.knowledgePath())))
	return err != nil || there
}

func (c *Cluster) knowledgePath() string { return filepath.Join(c.home, "cluster.json") }

func (c *Cluster) remember() error {
	data, err := json.MarshalIndent(c.known, "", "  ")
	if err != nil {
		return err
	}
	return failure.Disk("write", c.knowledgePath(), c.store.Put(c.knowledgePath(), append(data, '\n')))
}

// Place is the folder that holds the cluster.
func (c *Cluster) Place() string {
	if c.known.Place != "" {
		return c.known.Place
	}
	return c.home
}

// User is who runs the server; empty before there is one.
func (c *Cluster) User() string { return c.known.User }

// Log is the file with what the server said.
func (c *Cluster) Log() string { return filepath.Join(c.Place(), "postgres.log") }

func (c *Cluster) data() string { return filepath.Join(c.Place(), "data") }

func (c *Cluster) pidFile() string { return filepath.Join(c.data(), "postmaster.pid") }

func (c *Cluster) socket() string {
	if c.known.Socket != "" {
		return c.known.Socket
	}
	return filepath.Join(c.Place(), "socket")
}

// Exists tells whether there is a cluster, running or not.
func (c *Cluster) Exists() bool {
	_, err := os.Stat(filepath.Join(c.data(), "PG_VERSION"))
	return err == nil
}

// Kept tells whether a person started the server, so that only a person stops it.
func (c *Cluster) Kept() bool { return c.known.Kept }

// Keep notes that it is to run until somebody stops it, or that it is not.
func (c *Cluster) Keep(kept bool) error {
	if c.known.Kept == kept {
		return nil
	}
	c.known.Kept = kept
	return c.remember()
}

// Installed lists the PostgreSQL installations that could run it.
func (c *Cluster) Installed() []Binaries { return FindBinaries(os.Getenv("PATH"), c.folders) }

// DSN enters the cluster's database.
func (c *Cluster) DSN() (DSN, error) { return c.dsn(clusterDatabase) }

func (c *Cluster) dsn(database string) (DSN, error) {
	config, err := pgconn.ParseConfig("host=/ sslmode=disable connect_timeout=5")
	if err != nil {
		return DSN{}, failure.New(failure.WrongUse, "read dsn", "").Because(errors.New("a PG… variable makes no sense"))
	}
	config.Host, config.Port = c.socket(), 5432
	config.User, config.Password, config.Database = clusterUser, "", database
	config.RuntimeParams, config.Fallbacks = map[string]string{}, nil
	return DSN{config}, nil
}

// PID is the running server's; 0 when none runs.
func (c *Cluster) PID() int {
	text, err := os.ReadFile(c.pidFile())
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 0 || !isAlive(pid) || !c.isOurs(pid) {
		return 0
	}
	return pid
}

// isOurs tells our server from a process that got its number after the machine
// was switched off: a server stands in its data folder. Where the system does not
// show that, somebody must answer on our socket.
func (c *Cluster) isOurs(pid int) bool {
	process := filepath.Join("/proc", strconv.Itoa(pid))
	if stands, err := os.Stat(filepath.Join(process, "cwd")); err == nil {
		data, err := os.Stat(c.data())
		return err == nil && os.SameFile(stands, data)
	}
	if showsProcesses() {
		return false // another user's process, or none
	}
	return c.answers()
}

func showsProcesses() bool {
	_, err := os.Stat("/proc/self/cwd")
	return err == nil
}

// Start makes the cluster if there is none, and starts its server if it does not
// run. With ctx it gives up, and leaves no server behind.
func (c *Cluster) Start(ctx context.Context) error {
	if c.PID() != 0 {
		if c.createDatabase(ctx) == nil { // whoever started it may have got no further
			return nil
		}
		if err := ctx.Err(); err != nil {
			return failure.New(failure.Cancelled, "start", c.Place()).Because(err)
		}
		// It does not answer: its socket is gone with a folder that was cleaned, or
		// it is still starting for somebody who was killed.
		if err := c.Stop(ctx); err != nil {
			return err
		}
	}
	if err := c.forgetKept(); err != nil { // the machine was switched off
		return err
	}
	who, err := runner(c.data())
	if err != nil {
		return c.failed("choose a user", err)
	}
	binaries, err := c.choose()
	if err != nil {
		return err
	}
	if err := c.settle(who); err != nil {
		return err
	}
	if err := c.initialise(ctx, who, binaries); err != nil {
		return err
	}
	return c.serve(ctx, who, binaries)
}

// choose picks an installation: the version that made the cluster, or the first.
func (c *Cluster) choose() (Binaries, error) {
	installed := c.Installed()
	made, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if err != nil {
		if len(installed) == 0 {
			return Binaries{}, failure.New(failure.PostgresNotInstalled, "look for", "initdb")
		}
		return installed[0], nil
	}
	major := strings.TrimSpace(string(made))
	for _, binaries := range installed {
		if strconv.Itoa(binaries.Major) == major {
			return binaries, nil
		}
	}
	return Binaries{}, failure.New(failure.PostgresNotInstalled, "look for", "postgres").Naming(major)
}

// settle finds folders that the account can reach and makes them its own.
func (c *Cluster) settle(who account) error {
	if there, err := storage.Exists(c.store, c.knowledgePath()); err != nil || !there {
		if err := c.remember(); err != nil { // makes home, too
			return err
		}
	}
	before := c.known
	c.known.Home, c.known.User = c.home, who.name
	var err error
	if c.known.Place != "" && who.ownFolder(c.known.Place) != nil || c.known.Place == "" && !who.canReach(c.home) {
		if c.known.Place, err = who.newFolder(true); err != nil {
			return c.failed("make a folder", err)
		}
	}
	if !fitsSocket(c.socket()) || c.known.Socket != "" && who.ownFolder(c.known.Socket) != nil {
		c.known.Socket = ""
		if !fitsSocket(c.socket()) {
			if c.known.Socket, err = who.newFolder(false); err != nil {
				return c.failed("make a folder", err)
			}
		}
	}
	if err := who.ownFolder(c.socket()); err != nil {
		return c.failed("make a folder", err)
	}
	if c.known == before {
		return nil
	}
	return c.remember()
}

// initialise runs initdb beside the cluster's place and moves the result there:
// a cluster is there whole or not at all.
func (c *Cluster) initialise(ctx context.Context, who account, binaries Binaries) error {
	if c.Exists() {
		return nil
	}
	if err := c.sweep(); err != nil {
		return c.failed("remove", err)
	}
	temp := c.data() + "." + strconv.Itoa(os.Getpid()) + storage.TempSuffix
	if err := who.ownFolder(temp); err != nil {
		return c.failed("make a folder", err)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(binaries.Dir, "initdb"), "-D", temp, "-U", clusterUser, "--auth=trust", "--encoding=UTF8", "--locale=C")
	var said bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = temp, environment(), &said, &said
	who.become(cmd)
	if err := cmd.Run(); err != nil {
		_ = os.RemoveAll(temp)
		if ctx.Err() != nil {
			return failure.New(failure.Cancelled, "initdb", c.Place()).Because(ctx.Err())
		}
		if file, logErr := who.logFile(c.Log()); logErr == nil {
			_, _ = file.Write(said.Bytes())
			_ = file.Close()
		}
		return c.failed("initdb", fmt.Errorf("%w: %s", err, said.String()))
	}
	return c.failed("move", os.Rename(temp, c.data()))
}

// sweep removes what a killed initdb left.
func (c *Cluster) sweep() error {
	entries, err := os.ReadDir(c.Place())
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "data.") && strings.HasSuffix(entry.Name(), storage.TempSuffix) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(c.Place(), entry.Name())))
		}
	}
	return err
}

// startTime is how long a server may take until it answers; crash recovery may
// need a while.
const startTime = 60 * time.Second

// serve starts the server, apart from our terminal, and waits until it answers.
func (c *Cluster) serve(ctx context.Context, who account, binaries Binaries) error {
	if err := c.clear(); err != nil {
		return c.failed("remove", err)
	}
	log, err := who.logFile(c.Log())
	if err != nil {
		return c.failed("open", err)
	}
	defer func() { _ = log.Close() }() // the server has its own handle
	cmd := exec.Command(filepath.Join(binaries.Dir, "postgres"), "-D", c.data(),
		"-c", "listen_addresses=", "-c", "port=5432",
		"-c", "unix_socket_directories="+c.socket(), "-c", "unix_socket_permissions=0700",
		"-c", "logging_collector=off", "-c", "log_destination=stderr",
		"-c", "max_connections=20", "-c", "timezone=UTC", "-c", "log_timezone=UTC")
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.data(), environment(), log, log
	detach(cmd)
	who.become(cmd)
	if err := cmd.Start(); err != nil {
		return c.failed("start", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }() // ends with the server, or with us

	waiting, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		err := c.createDatabase(waiting)
		if err == nil {
			tick.Stop()
			return nil
		}
		select {
		case gone := <-ended:
			return c.failed("start", plain{errors.Join(gone, err)})
		case <-waiting.Done():
			_ = stopFast(cmd.Process.Pid)
			<-ended
			if ctx.Err() != nil {
				return failure.New(failure.Cancelled, "start", c.Place()).Because(ctx.Err())
			}
			return c.failed("start", plain{err})
		case <-tick.C:
		}
	}
}

// clear removes the files by which a server would know of another. No other runs
// here, whoever has the numbers in them now: a copied lab brings the original's.
func (c *Cluster) clear() error {
	if !showsProcesses() {
		return nil
	}
	var errs error
	socket := filepath.Join(c.socket(), socketFile)
	for _, file := range []string{c.pidFile(), socket, socket + ".lock"} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = errors.Join(errs, err)
		}
	}
	return errs
}

// createDatabase makes the lab's database unless it is there.
func (c *Cluster) createDatabase(ctx context.Context) error {
	dsn, err := c.dsn("postgres")
	if err != nil {
		return err
	}
	database, err := Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer database.Close()
	found, err := database.query(ctx, "SELECT 1 FROM pg_database WHERE datname = $1", clusterDatabase)
	if err != nil || len(found) == 1 {
		return err
	}
	return database.exec(ctx, "CREATE DATABASE "+clusterDatabase)
}

// answers tells whether somebody listens on our socket.
func (c *Cluster) answers() bool {
	dsn, err := c.dsn("postgres")
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	database, err := Connect(ctx, dsn)
	if err != nil {
		return false
	}
	database.Close()
	return true
}

// stopTime is how long a server may take to write its last checkpoint.
const stopTime = 20 * time.Second

// Stop ends the server; connections to it are cut. One that does not run is no error.
func (c *Cluster) Stop(ctx context.Context) error {
	pid := c.PID()
	if pid == 0 {
		return c.forgetKept()
	}
	if err := stopFast(pid); err != nil && isAlive(pid) {
		return c.failed("stop", err)
	}
	if !c.waitForEnd(ctx) {
		if err := ctx.Err(); err != nil {
			return failure.New(failure.Cancelled, "stop", c.Place()).Because(err)
		}
		_ = stopNow(pid)
		if !c.waitForEnd(ctx) {
			return c.failed("stop", fmt.Errorf("process %d does not end", pid))
		}
	}
	return c.forgetKept()
}

func (c *Cluster) forgetKept() error {
	if !c.known.Kept {
		return nil
	}
	return c.Keep(false)
}

func (c *Cluster) waitForEnd(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for c.PID() != 0 {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}

// Leave stops the server and removes what lies outside home, which its owner may
// remove then.
func (c *Cluster) Leave(ctx context.Context) error {
	if err := c.Stop(ctx); err != nil {
		return err
	}
	for _, outside := range []string{c.known.Socket, c.known.Place} {
		if !isTemporary(outside) {
			continue
		}
		if err := os.RemoveAll(outside); err != nil {
			return c.failed("remove", err)
		}
	}
	return nil
}

func (c *Cluster) failed(op string, err error) error {
	return failure.Wrap(failure.ClusterFailed, op, c.Log(), err)
}
