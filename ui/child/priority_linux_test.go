package child_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"autoloaderlab/engine/progress"
)

func init() {
	scenes["priority"] = func() int {
		stat, _ := os.ReadFile("/proc/self/stat")
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
		tell(progress.Warned{Class: fields[16], Message: fmt.Sprint(syscall.Getpgrp() == os.Getpid())})
		return end(progress.Terminated)
	}
}

func TestTheChildIsNicerThanWeAndInAGroupOfItsOwn(t *testing.T) {
	ours, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours = 20 - ours // the system call gives 20 − nice
	l := start(t, context.Background(), "priority")
	got := until(t, l, "aviso").(progress.Warned)
	drain(l)
	if want := fmt.Sprint(min(ours+10, 19)); got.Class != want && ours == 0 || got.Message != "true" {
		t.Errorf("got nice %s, leader %s; want %s", got.Class, got.Message, want)
	}
	if now, _ := syscall.Getpriority(syscall.PRIO_PROCESS, 0); 20-now != ours {
		t.Errorf("we became %d, were %d", 20-now, ours)
	}
}
