//go:build unix

package extract

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is who runs the cluster. PostgreSQL refuses to run as root, so root
// gives its place to an unprivileged user.
type account struct {
	name     string
	uid, gid int
	drop     bool // we are another user and must become this one
}

// unprivileged are the users that root becomes, the first that there is.
var unprivileged = []string{"postgres", "nobody"}

// runner finds out who runs the cluster in a data folder: we, or, if we are root,
// the folder's owner; for a folder that is not there yet, an unprivileged user.
func runner(data string) (account, error) {
	if os.Geteuid() != 0 {
		return account{nameOf(os.Geteuid()), os.Geteuid(), os.Getegid(), false}, nil
	}
	if info, err := os.Stat(data); err == nil {
		if owner, ok := info.Sys().(*syscall.Stat_t); ok && owner.Uid != 0 {
			return account{nameOf(int(owner.Uid)), int(owner.Uid), int(owner.Gid), true}, nil
		}
	}
	for _, name := range unprivileged {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(found.Uid)
		gid, err := strconv.Atoi(found.Gid)
		if err == nil && uid > 0 {
			return account{name, uid, gid, true}, nil
		}
	}
	return account{}, errors.New("root has no unprivileged user to become")
}

func nameOf(uid int) string {
	if found, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return found.Username
	}
	return strconv.Itoa(uid)
}

// become makes a command run as the account.
func (a account) become(cmd *exec.Cmd) {
	if a.drop {
		if cmd.SysProcAttr == nil {
			cmd.SysProcAttr = &syscall.SysProcAttr{}
		}
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
}

// detach keeps a command alive when its terminal goes: ctrl+c is not for it.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// mayEnter tells whether the account can pass through a folder.
func (a account) mayEnter(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok || !info.IsDir():
		return false
	case int(owner.Uid) == a.uid:
		return info.Mode()&0o100 != 0
	case int(owner.Gid) == a.gid:
		return info.Mode()&0o010 != 0
	default:
		return info.Mode()&0o001 != 0
	}
}

// owns tells whether a file is the account's.
func (a account) owns(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == a.uid
}

// isAlive tells whether a process is there.
func isAlive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// The two ways to end a server: cutting its clients off, and at once.
func stopFast(pid int) error { return syscall.Kill(pid, syscall.SIGINT) }
func stopNow(pid int) error  { return syscall.Kill(pid, syscall.SIGQUIT) }
