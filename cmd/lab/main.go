// Command lab runs the laboratory: a real incremental load in a folder of one's
// own. It wires the engine to the terminal and decides nothing itself.
//
//	main.go       starts, listens to signals, gives the exit code
//	run.go        one run: the command tree, its errors, its exit code
//	output.go     where it writes; a reader that went away stops nothing
//	flags.go      what the commands have in common
//	load.go       cargar: events out, seams, ctrl+c
//	read.go       contar, sql, estado, historial, ruta
//	land.go       extraer, avanzar-dia, traer
//	postgres.go   postgres: the lab's own server, and databases that a DSN names
//	delete.go     borrar-tabla, borrar-checkpoint, deshacer, reiniciar
//	lessons.go    lecciones, validar, notas, and the lessons as plain text
//	report.go     informe
//	doctor.go     doctor, --version
//	crash.go      a defect of ours, told in Spanish
//
// Results go to standard output, narration to standard error. The exit code is
// 0 when it is done, 1 when it failed or was cancelled, 2 for wrong use, when
// nothing was done.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv, listen())) }

// listen takes over the signals that ask us to stop. A broken pipe does not: a
// load whose reader went away goes on to its end.
func listen() <-chan os.Signal {
	signal.Ignore(syscall.SIGPIPE)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	return signals
}
