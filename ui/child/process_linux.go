package child

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
)

// lowerBy is how much nicer than ours the child is.
const lowerBy = 10

// startBelow starts the child at a lower priority. On Linux a priority belongs
// to a thread and is inherited: a thread of ours lowers its own, starts the
// child, and ends, because it could not raise it again.
//
// Where the kernel groups threads by session (autogroup) that counts only within
// a group, and the groups of a terminal and of its programs share evenly. So the
// child has a session of its own, and its group is nicer too: else the terminal
// and the kernel's own threads that carry our keys and frames would wait for it.
func startBelow(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, lowerBy)
		started <- cmd.Start()
	}()
	if err := <-started; err != nil {
		return err
	}
	group := "/proc/" + strconv.Itoa(cmd.Process.Pid) + "/autogroup" // not there in every kernel
	_ = os.WriteFile(group, []byte(strconv.Itoa(lowerBy)), 0)
	return nil
}

const interruptKills = false

func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }
