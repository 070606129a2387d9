package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"autoloaderlab/engine"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// doctorCommand tells whether this machine can run the lab. A folder that cannot
// even be opened is one of its findings.
func (p *program) doctorCommand() *cobra.Command {
	return p.command("doctor", func(cmd *cobra.Command, _ []string) error {
		checkup := engine.Checkup{}
		lab, err := p.open(cmd.Context())
		if err == nil {
			checkup = lab.Doctor(cmd.Context())
		} else {
			checkup.Tests = []engine.Probe{{Name: engine.ProbeFolder, Err: err}}
		}
		_, isTerminal := terminalOf(p.out.to)
		columns, lines := p.terminalSize()
		theme, _ := style.Detect(p.getenv("LAB_TEMA"), p.getenv)
		checkup.Tests = append([]engine.Probe{
			{Name: text.CheckVersion, OK: true, Detail: version()},
			{Name: text.CheckTerminal, OK: true, Detail: text.Terminal(isTerminal, columns, lines, p.getenv("TERM"))},
			{Name: text.CheckColours, OK: true, Detail: text.Colours(theme.Look().String(), p.getenv("COLORTERM"))},
		}, checkup.Tests...)
		if lab != nil {
			checkup.Tests = append(checkup.Tests, p.probePostgres(cmd.Context(), lab))
		}
		checks := make([]text.Check, len(checkup.Tests))
		for i := range checkup.Tests {
			test := &checkup.Tests[i]
			if test.Err != nil {
				m := text.Explain(test.Err)
				test.Detail = string(m.Class) + ": " + m.What + " " + m.Why
			}
			checks[i] = text.Check{Name: test.Name, OK: test.OK, Detail: test.Detail, Note: test.Name == text.CheckPostgres}
		}
		p.answer(checkup, strings.TrimSuffix(text.Checkup(checkup.OK, checks), "\n"))
		if !checkup.OK {
			p.told = true
			return text.Unfit()
		}
		return nil
	})
}

// terminalSize is that of the terminal the program was started in, 0 × 0 where there is
// none.
func (p *program) terminalSize() (columns, lines int) {
	for _, stream := range []any{p.out.to, p.err.to, p.in} {
		if fd, ok := terminalOf(stream); ok {
			return size(fd)
		}
	}
	return 0, 0
}

// answerSoon is how long a database may take to tell that it is there.
const answerSoon = 2 * time.Second

// probePostgres looks for a database to extract from. None is needed, so that
// whatever it finds is fine.
func (p *program) probePostgres(ctx context.Context, lab *engine.Lab) engine.Probe {
	ctx, cancel := context.WithTimeout(ctx, answerSoon)
	defer cancel()
	probe := engine.Probe{Name: text.CheckPostgres, OK: true}
	written := p.getenv("LAB_DSN")
	asked, dsn, err := written != "", engine.DSN{}, error(nil)
	if asked {
		dsn, err = engine.ParseDSN(written)
	}
	var found engine.PostgresStatus
	if err == nil {
		found, err = lab.PostgresStatus(ctx, dsn)
	}
	if err != nil {
		probe.Detail = text.PostgresUnreachable(asked, text.Explain(err))
		return probe
	}
	probe.Detail = text.PostgresFound(asked, found.Running, valueOf(found.DSN), valueOf(found.Version), valueOf(found.Installed))
	return probe
}

// valueOf is a text that may be missing.
func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// release is set by the linker: -ldflags "-X main.release=1.0.0".
var release string

// version is the release, or what the build says about itself.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return text.Unreleased
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return text.Unreleased + "-" + setting.Value[:12]
		}
	}
	return text.Unreleased
}

func versionLine() string {
	return text.Version(version(), runtime.GOOS+"/"+runtime.GOARCH+", "+runtime.Version())
}

func versionJSON() any { return map[string]string{"version": version()} }
