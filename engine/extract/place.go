package extract

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// A server's folders belong to the account that runs it, with a mode that lets
// nobody else in; what the server writes there is its own affair. So they are
// made here and not through a storage.Store.

// socketFile is the name that PostgreSQL gives its socket on the default port.
const socketFile = ".s.PGSQL.5432"

// socketPathBytes is the longest path of a unix socket on every system (macOS: 104 with its final zero).
const socketPathBytes = 103

// tame are the paths that may stand in unix_socket_directories without quotes.
var tame = regexp.MustCompile(`^[A-Za-z0-9/_.-]+$`)

// fitsSocket tells whether a server can listen in a folder.
func fitsSocket(dir string) bool {
	return len(filepath.Join(dir, socketFile)) <= socketPathBytes && tame.MatchString(dir)
}

// canReach tells whether the account can pass through dir and all folders above.
// Our own account made them.
func (a account) canReach(dir string) bool {
	for a.drop {
		info, err := os.Stat(dir)
		if err != nil || !a.mayEnter(info) {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
	return true
}

// ownFolder makes a folder that only the account may enter. One that is there
// must be the account's already: in a folder that everybody may write to, it
// could be somebody else's.
func (a account) ownFolder(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, os.ErrExist) {
		info, err := os.Lstat(dir)
		if err != nil {
			return err
		}
		if !info.IsDir() || !a.owns(info) {
			return fmt.Errorf("%s does not belong to %s", dir, a.name)
		}
		return nil
	}
	if err != nil {
		return err
	}
	return a.own(dir)
}

// temporaryPrefix begins the name of every folder that newFolder makes.
const temporaryPrefix = "autoloaderlab-"

// newFolder makes a folder of the account's among the temporary ones, where every
// user can reach it. kept is for what has to outlive a restart of the machine.
func (a account) newFolder(kept bool) (string, error) {
	for _, parent := range temporaryFolders(kept) {
		if !a.canReach(parent) {
			continue
		}
		dir, err := os.MkdirTemp(parent, temporaryPrefix)
		if err != nil {
			continue
		}
		return dir, a.own(dir)
	}
	return "", fmt.Errorf("no folder that %s can reach", a.name)
}

func temporaryFolders(kept bool) []string {
	switch {
	case runtime.GOOS == "windows":
		return []string{os.TempDir()}
	case kept:
		return []string{"/var/tmp", "/tmp", os.TempDir()}
	default:
		return []string{"/tmp", os.TempDir()}
	}
}

func (a account) own(dir string) error {
	if !a.drop {
		return nil
	}
	return os.Lchown(dir, a.uid, a.gid)
}

// logFile makes the server's log, new with every start. If we are root, the
// folder is another user's, who must not make us write elsewhere by a link.
func (a account) logFile(path string) (*os.File, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil || !a.drop {
		return file, err
	}
	if err := file.Chown(a.uid, a.gid); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// isTemporary tells a folder that newFolder made from any other, whatever a file
// says about it.
func isTemporary(dir string) bool {
	return strings.HasPrefix(filepath.Base(dir), temporaryPrefix) &&
		slices.Contains(append(temporaryFolders(true), temporaryFolders(false)...), filepath.Dir(dir))
}
