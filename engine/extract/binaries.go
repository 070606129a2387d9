package extract

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Where distributions put PostgreSQL's programs: initdb and postgres are often
// not on the PATH, because every version has its own.
var binaryFolders = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                   // PGDG's packages for Red Hat and SUSE
	"/usr/lib/postgresql*/bin",                           // SUSE
	"/usr/libexec/postgresql*",                           // Alpine
	"/usr/bin",                                           // Arch, Fedora
	"/usr/local/pgsql/bin",                               // built by hand
	"/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew on Apple silicon
	"/usr/local/opt/postgresql@*/bin",                    // Homebrew on Intel
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",    // Homebrew on Linux
	"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
	"/opt/local/lib/postgresql*/bin",                     // MacPorts
	"/run/current-system/sw/bin",                         // NixOS
}

// oldestMajor is the first version whose clusters and COPY we rely on.
const oldestMajor = 12

// Binaries are one installation of PostgreSQL.
type Binaries struct {
	Dir   string // holds initdb and postgres
	Major int
}

// FindBinaries lists the installations of 12 or later: the PATH's first, then
// the others, the newest before the older.
func FindBinaries(path string, folders []string) []Binaries {
	var found []Binaries
	if runtime.GOOS == "windows" { // a cluster listens on a unix socket only
		return nil
	}
	for _, dir := range filepath.SplitList(path) {
		found = appendInstallation(found, dir)
	}
	var others []Binaries
	for _, pattern := range folders {
		dirs, _ := filepath.Glob(pattern)
		for _, dir := range dirs {
			others = appendInstallation(others, dir)
		}
	}
	slices.SortStableFunc(others, func(a, b Binaries) int { return b.Major - a.Major })
	for _, other := range others {
		if !slices.Contains(found, other) {
			found = append(found, other)
		}
	}
	return found
}

// appendInstallation adds dir's when both programs are in it. A link is followed
// to where the programs have their libraries and the rest of their version.
func appendInstallation(found []Binaries, dir string) []Binaries {
	if !filepath.IsAbs(dir) {
		return found
	}
	postgres, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		return found
	}
	dir = filepath.Dir(postgres)
	if !isProgram(filepath.Join(dir, "initdb")) || !isProgram(postgres) {
		return found
	}
	major := majorOf(postgres)
	if major < oldestMajor || slices.Contains(found, Binaries{dir, major}) {
		return found
	}
	return append(found, Binaries{dir, major})
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorOf asks the program. 0 is one that does not tell.
func majorOf(postgres string) int {
	out, err := exec.Command(postgres, "--version").Output()
	if err != nil {
		return 0
	}
	told := versionText.FindStringSubmatch(string(out))
	if told == nil {
		return 0
	}
	major, _ := strconv.Atoi(told[1])
	return major
}

// environment is ours without the variables that would turn PostgreSQL's programs
// to another cluster, and without a language that is not installed.
func environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "PG") || strings.HasPrefix(variable, "LC_") || strings.HasPrefix(variable, "LANG") || strings.HasPrefix(variable, "LAB_")
	})
	return append(env, "LC_ALL=C")
}
