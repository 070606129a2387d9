package main

import (
	"errors"
	"io"
	"os"
	"sync"
	"syscall"

	"golang.org/x/term"
)

// output is standard output or error. The signal's goroutine and the command
// may write at the same time. After a failure it swallows everything, so that no
// command stops half done because nobody reads it any more.
type output struct {
	mu  sync.Mutex
	to  io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		_, o.err = o.to.Write(p)
	}
	return len(p), nil
}

// failed tells whether something could not be written; a reader that went away
// on purpose (head, a pager) is no failure.
func (o *output) failed() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err != nil && !errors.Is(o.err, syscall.EPIPE) && !errors.Is(o.err, os.ErrClosed) && !errors.Is(o.err, io.ErrClosedPipe)
}

// terminalOf is the terminal behind a stream.
func terminalOf(stream any) (fd int, ok bool) {
	file, ok := stream.(*os.File)
	if !ok {
		return 0, false
	}
	fd = int(file.Fd())
	return fd, term.IsTerminal(fd)
}

// size is the terminal's, or what a terminal has by custom.
func size(fd int) (columns, lines int) {
	columns, lines, err := term.GetSize(fd)
	if err != nil || columns <= 0 || lines <= 0 {
		return 80, 24
	}
	return columns, lines
}
