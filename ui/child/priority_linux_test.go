package child_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"autoloaderlab/engine/progress"
)

// priority tells its nice and its pid, and waits for a line.
func priority() int {
	stat, _ := os.ReadFile("/proc/self/stat")
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	tell(progress.Warned{Class: fields[16], Message: fmt.Sprint(os.Getpid())})
	tell(progress.Paused{Seam: progress.AfterPlan})
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	return end(progress.Terminated)
}

func init() { scenes["priority"] = priority }

func TestTheChildIsNicerThanWeAndInASessionOfItsOwn(t *testing.T) {
	ours, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours = 20 - ours // the system call gives 20 − nice
	l := start(t, context.Background(), "priority", progress.AfterPlan)
	got := until(t, l, "aviso").(progress.Warned)
	if want := fmt.Sprint(min(ours+10, 19)); got.Class != want && ours == 0 {
		t.Errorf("got nice %s, want %s", got.Class, want)
	}
	var pid int
	if _, err := fmt.Sscan(got.Message, &pid); err != nil {
		t.Fatal(err)
	}
	if session, err := unix.Getsid(pid); session != pid {
		t.Errorf("got session %d, %v; want its own, %d", session, err, pid)
	}
	if group, err := os.ReadFile(fmt.Sprintf("/proc/%d/autogroup", pid)); err == nil && !strings.HasSuffix(strings.TrimSpace(string(group)), "nice 10") {
		t.Errorf("got the group %q, want nice 10", group)
	}
	until(t, l, "pausa")
	l.Continue()
	drain(l)
	if now, _ := syscall.Getpriority(syscall.PRIO_PROCESS, 0); 20-now != ours {
		t.Errorf("we became %d, were %d", 20-now, ours)
	}
}
