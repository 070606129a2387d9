package main

import (
	"runtime"
	"runtime/debug"
	"strings"

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
		fd, isTerminal := terminalOf(p.out.to)
		columns, lines := size(fd)
		theme, _ := style.Detect(p.getenv("LAB_TEMA"), p.getenv)
		checkup.Tests = append([]engine.Probe{
			{Name: text.CheckVersion, OK: true, Detail: version()},
			{Name: text.CheckTerminal, OK: true, Detail: text.Terminal(isTerminal, columns, lines, p.getenv("TERM"))},
			{Name: text.CheckColours, OK: true, Detail: text.Colours(theme.Look().String(), p.getenv("COLORTERM"))},
		}, checkup.Tests...)
		checks := make([]text.Check, len(checkup.Tests))
		for i := range checkup.Tests {
			test := &checkup.Tests[i]
			if test.Err != nil {
				m := text.Explain(test.Err)
				test.Detail = string(m.Class) + ": " + m.What + " " + m.Why
			}
			checks[i] = text.Check{Name: test.Name, OK: test.OK, Detail: test.Detail}
		}
		p.answer(checkup, strings.TrimSuffix(text.Checkup(checkup.OK, checks), "\n"))
		if !checkup.OK {
			p.told = true
			return text.Unfit()
		}
		return nil
	})
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
