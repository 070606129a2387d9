//go:build !unix

package extract

import (
	"errors"
	"io/fs"
	"os/exec"
)

// Elsewhere the lab runs no cluster: FindBinaries finds none.
var errNoCluster = errors.New("no cluster on this system")

type account struct {
	name     string
	uid, gid int
	drop     bool
}

func runner(string) (account, error)        { return account{}, errNoCluster }
func (a account) become(*exec.Cmd)          {}
func detach(*exec.Cmd)                      {}
func (a account) mayEnter(fs.FileInfo) bool { return false }
func (a account) owns(fs.FileInfo) bool     { return false }
func isAlive(int) bool                      { return false }
func stopFast(int) error                    { return errNoCluster }
func stopNow(int) error                     { return errNoCluster }
