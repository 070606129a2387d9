package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/fixtures"
)

const (
	diskBytes = 2 << 20
	pageBytes = 4 << 10
	maxPages  = 64 // more room than a small load takes
)

// alone marks the process that has a view of the mounts for itself.
const alone = "LAB_CRASH_ALONE"

// ownMounts runs the program again with a view of the mounts of its own, where
// it may mount a disk (as root, or in a user namespace), and ends with it.
func ownMounts() {
	if os.Getenv(alone) != "" {
		if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
			fatal(err)
		}
		return
	}
	again := exec.Command("/proc/self/exe", os.Args[1:]...)
	again.Env = append(os.Environ(), alone+"=1")
	again.Stdout, again.Stderr = os.Stdout, os.Stderr
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		again.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		again.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		again.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	err := again.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		notChecked(err)
		os.Exit(0)
	}
	os.Exit(again.ProcessState.ExitCode())
}

// notChecked says it where nobody can take it for a success.
func notChecked(err error) {
	fmt.Printf("NOT CHECKED: no disk could be mounted, so nothing is known about a full one: %v\n", err)
}

// fillDisk loads into a folder that is a small disk of its own, with room for
// no page, one page, two… until the load fits: so every write meets a full disk
// in its turn. First in a folder that must be prepared, then for one more file.
func fillDisk(program, root string, r *results) {
	dir := filepath.Join(root, "small")
	for _, v := range variants {
		for _, fresh := range []bool{true, false} {
			err := pageByPage(program, dir, v, fresh, r)
			if errors.Is(err, errMount) {
				notChecked(err)
				return
			}
			r.check(v.name+" on a full disk", err)
		}
	}
	r.check("more data than the disk holds", onSmallDisk(dir, func() error { return tooMuch(program, root, dir) }))
}

func pageByPage(program, dir string, v variant, fresh bool, r *results) error {
	for pages := range maxPages {
		fits := false
		err := onSmallDisk(dir, func() (err error) {
			fits, err = fullAt(program, dir, v, pages, fresh)
			return err
		})
		switch {
		case err != nil:
			return fmt.Errorf("%d pages left: %w", pages, err)
		case fits && pages == 0:
			return errors.New("the disk was not full")
		case fits:
			fmt.Printf("%s: %d loads met a full disk, each with a page more than the one before (in a folder to be prepared: %v)\n", v.name, pages, fresh)
			return nil
		}
		r.check("a full disk", nil)
	}
	return errors.New("no load fitted")
}

var errMount = errors.New("a small disk cannot be mounted")

func onSmallDisk(dir string, do func() error) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", diskBytes)); err != nil {
		return fmt.Errorf("%w: %w", errMount, err)
	}
	return errors.Join(do(), syscall.Unmount(dir, 0))
}

// fullAt leaves some pages free and loads. With room again the load completes.
func fullAt(program, disk string, v variant, pages int, fresh bool) (fits bool, err error) {
	s, err := newSmall(program, disk, v)
	if err != nil {
		return false, err
	}
	if !fresh {
		if err := errors.Join(s.begin(), s.source.landRows(s.random, 100)); err != nil {
			return false, err
		}
	}
	ballast := filepath.Join(disk, "ballast")
	if err := fillBut(disk, ballast, pages); err != nil {
		return false, err
	}
	if fits, err = s.meetsFullDisk(); err != nil {
		return false, err
	}
	if err := os.Remove(ballast); err != nil {
		return false, err
	}
	if fresh {
		return fits, s.begin()
	}
	return fits, s.completes()
}

// tooMuch lands more than the disk holds, outside of it.
func tooMuch(program, root, disk string) error {
	s, err := newSmall(program, disk, variants[0])
	if err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	landing := filepath.Join(root, "landing")
	s.source.dir = filepath.Join(landing, fixtures.Table)
	s.args = append(s.args, "--volumen-landing", "file://"+landing)
	if err := os.MkdirAll(s.source.dir, 0o755); err != nil {
		return err
	}
	for range 8 {
		if err := s.source.landRows(s.random, 50_000); err != nil {
			return err
		}
	}
	fits, err := s.meetsFullDisk()
	if err != nil || fits {
		return fmt.Errorf("it fitted: %v, %w", fits, err)
	}
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", 32*diskBytes)); err != nil {
		return err
	}
	return s.completes()
}

// small is a lab on a small disk.
type small struct {
	program, dir string
	args         []string
	random       *rand.Rand
	source       *source
	reader       *reader
}

func newSmall(program, disk string, v variant) (*small, error) {
	dir := filepath.Join(disk, "lab")
	places, err := placesOf(dir, v)
	if err != nil {
		return nil, err
	}
	source := newSource(places.source)
	return &small{
		program: program, args: []string{"--dir", dir, "--variante", v.name},
		dir: dir, random: rand.New(rand.NewPCG(1, 1)), source: source, reader: newReader(places.table, source),
	}, nil
}

// begin has the folder prepared and loads its bundled files.
func (s *small) begin() error {
	if _, err := engine.Open(context.Background(), engine.Config{Dir: s.dir}); err != nil {
		return err
	}
	return errors.Join(s.source.takeBundled(), s.completes())
}

// meetsFullDisk loads. If the load does not fit it says that the disk is full,
// and the table is what it was, unless only the note of its success did not fit.
func (s *small) meetsFullDisk() (fits bool, err error) {
	before := s.reader.files()
	end, err := load(s.program, aim{}, s.args...)
	if err != nil {
		return false, err
	}
	if end.fin.State == "TERMINADA" {
		return true, nil
	}
	if end.fin.Error == nil || end.fin.Error.Class != string(failure.DiskFull) {
		return false, fmt.Errorf("the run ended %q after %s: %s", end.fin.State, end.last, end.said)
	}
	if before == 0 { // nothing was there, and its rows are not learned yet
		return false, nil
	}
	if err := s.reader.look(); err != nil {
		return false, err
	}
	if after := s.reader.files(); after != before && end.before != "tabla_confirmada" {
		return false, fmt.Errorf("%d source files in the table, %d before, though the run failed after %s", after, before, end.before)
	}
	return false, nil
}

// completes loads with room.
func (s *small) completes() error {
	end, err := load(s.program, aim{}, s.args...)
	if err != nil {
		return err
	}
	if end.fin.State != "TERMINADA" {
		return fmt.Errorf("with room, the run ended %q after %s: %s", end.fin.State, end.before, end.said)
	}
	return errors.Join(s.reader.complete(), nothingTemporary(s.dir))
}

// fillBut writes a file that leaves so many pages of its disk free.
func fillBut(disk, ballast string, pages int) error {
	var room syscall.Statfs_t
	if err := syscall.Statfs(disk, &room); err != nil {
		return err
	}
	free := int64(room.Bfree)*room.Bsize - int64(pages)*pageBytes
	return os.WriteFile(ballast, make([]byte, max(0, free)), 0o644)
}
