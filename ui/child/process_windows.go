package child

import (
	"os"
	"os/exec"
	"syscall"
)

// startBelow starts the child. A process group of its own keeps ctrl+c from it.
func startBelow(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	return cmd.Start()
}

const interruptKills = true

// interrupt ends the child: Windows has no signal that it could heed. What a
// load leaves when it is killed, the next one completes.
func interrupt(p *os.Process) error { return p.Kill() }
