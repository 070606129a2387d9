//go:build unix && !linux

package child

import (
	"os"
	"os/exec"
	"syscall"
)

// lowerBy is how much nicer than ours the child is.
const lowerBy = 10

// startBelow starts the child at a lower priority, which here belongs to the
// whole process.
func startBelow(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, cmd.Process.Pid, lowerBy)
	return nil
}

const interruptKills = false

func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }
