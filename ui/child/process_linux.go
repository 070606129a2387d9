package child

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// lowerBy is how much nicer than ours the child is.
const lowerBy = 10

// startBelow starts the child at a lower priority. On Linux a priority belongs
// to a thread and is inherited: a thread of ours lowers its own, starts the
// child, and ends, because it could not raise it again.
func startBelow(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, lowerBy)
		started <- cmd.Start()
	}()
	return <-started
}

const interruptKills = false

func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }
