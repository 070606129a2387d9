package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"autoloaderlab/ui/text"
)

// guard runs do. A panic becomes a failure whose details are in a file, so that
// no student meets a stack trace.
func (p *program) guard(do func() error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = text.Crashed(p.writeLog(reason, debug.Stack()))
		}
	}()
	return do()
}

// writeLog keeps a panic's details in the lab's folder, or among the temporary
// files when that cannot be written, and gives the file's path.
func (p *program) writeLog(reason any, stack []byte) string {
	now := time.Now()
	details := fmt.Appendf(nil, "%s\n%s\n%q\n\n%v\n\n%s", now.Format(time.RFC3339), versionLine(), argumentsForLog(os.Args), reason, stack)
	name := "lab-" + now.Format("20060102-150405.000") + ".log"
	folders := []string{filepath.Join(os.TempDir(), "autoloaderlab")}
	if dir, err := p.folder(); err == nil {
		folders = append([]string{filepath.Join(dir, "errores")}, folders...)
	}
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		if os.MkdirAll(folder, 0o755) == nil && os.WriteFile(path, details, 0o644) == nil {
			return path
		}
	}
	return ""
}

// argumentsForLog are the program's without the database that was asked for: a
// password may be in it.
func argumentsForLog(args []string) []string {
	shown := make([]string, len(args))
	for i, arg := range args {
		switch {
		case strings.HasPrefix(arg, "--dsn="):
			arg = "--dsn=…"
		case i > 0 && args[i-1] == "--dsn":
			arg = "…"
		}
		shown[i] = text.HideSecrets(arg)
	}
	return shown
}
