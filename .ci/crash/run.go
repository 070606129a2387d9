package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// event is what we need of a line of `lab cargar --json`.
type event struct {
	Name    string  `json:"evento"`
	State   string  `json:"estado"`
	QueryID *string `json:"consulta_id"`
	Batches int     `json:"lotes"`
	Error   *struct {
		Class string `json:"clase"`
	} `json:"error"`
}

// aim says when to kill a run. The zero aim lets it live.
type aim struct {
	event phase         // when this event was read…
	times int           // …for the times-th time; without an event, when it started…
	after time.Duration // …or this long after that
	seam  bool          // hold the run at the event's seam
}

// hold is how long a run is left at its seam, to be there for certain.
const hold = 2 * time.Millisecond

// stuck is how long no run takes.
const stuck = 30 * time.Second

// ended is how a run ended.
type ended struct {
	killed bool
	last   phase // the last event told
	before phase // the one before it
	fin    event // the zero event when the run did not get so far
	took   time.Duration
	said   string // on its standard error, and its exit
}

// load runs `lab cargar --json` and kills it as aimed.
func load(program string, a aim, args ...string) (ended, error) {
	args = append([]string{"cargar", "--json"}, args...)
	if a.seam {
		args = append(args, "--pausa-en", seamOf(a.event))
	}
	command := exec.Command(program, args...)
	var narration strings.Builder
	command.Stderr = &narration
	out, err := command.StdoutPipe()
	if err != nil {
		return ended{}, err
	}
	if a.seam {
		in, err := command.StdinPipe()
		if err != nil {
			return ended{}, err
		}
		defer in.Close()
		if _, err := io.WriteString(in, strings.Repeat("\n", a.times-1)); err != nil {
			return ended{}, err
		}
	}
	began := time.Now()
	if err := command.Start(); err != nil {
		return ended{}, err
	}
	kill := func() { _ = command.Process.Kill() } // it may be over
	if a.event == "" && a.after > 0 {
		defer time.AfterFunc(a.after, kill).Stop()
	}
	defer time.AfterFunc(stuck, kill).Stop()
	end := follow(out, a, kill)
	failure := command.Wait()
	if end.took = time.Since(began); end.took > stuck {
		return end, fmt.Errorf("a run got stuck after %s", end.last)
	}
	end.killed = command.ProcessState.ExitCode() < 0
	end.said = fmt.Sprint(failure, " ", narration.String())
	return end, nil
}

// follow reads the events until the process is no more.
func follow(out io.Reader, a aim, kill func()) (end ended) {
	end.last, end.before = starting, starting
	seen := 0
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return end
		}
		var e event
		if json.Unmarshal(line, &e) != nil || e.Name == "avance" || e.Name == "aviso" {
			continue
		}
		end.before, end.last = end.last, phase(e.Name)
		if e.Name == "fin" {
			end.fin = e
		}
		if end.last == a.event || a.seam && seamOf(end.last) == seamOf(a.event) {
			seen++
		}
		switch {
		case a.event == "" || seen != a.times:
		case a.after > 0:
			defer time.AfterFunc(a.after, kill).Stop()
			seen++ // only once
		default:
			if a.seam {
				time.Sleep(hold)
			}
			kill()
		}
	}
}

// seamOf is the pause that follows an event.
func seamOf(p phase) string {
	if p == "ya_en_tabla" {
		return "tabla_confirmada"
	}
	return string(p)
}

// hasSeam tells whether a run can be held after an event.
func hasSeam(p phase) bool { return p != starting && p != "listado" && p != "confirmado" }
