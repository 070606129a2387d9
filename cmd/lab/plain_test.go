//go:build unix

package main

import (
	"regexp"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// Plain mode in a terminal is lines as they come: no sequence that moves, clears
// or colours, nothing drawn, and no line that the terminal has to break.
func TestPlainModeInATerminalIsPlain(t *testing.T) {
	term := inTerminal(t, labProgram(t), t.TempDir(), 40, 24, "--plano")
	term.until("«continuar» o «salir».")
	for _, typed := range []struct{ line, shows string }{
		{"4", "Elige del 1 al 3."}, {"1", "cuando quieras."}, {"", "no lo sé"}, {"2", "Paso hecho."}, {"", "contar las filas"},
		{"borrar-tabla", "[s/N]"}, {"s", "papelera"}, {"deshacer", "versión 2"}, {"salir", "Hasta pronto."},
	} {
		term.press(typed.line + "\r")
		term.until(typed.shows)
	}
	if status := term.ends(); status.ExitStatus() != 0 {
		t.Errorf("it ended with %d", status.ExitStatus())
	}
	written := term.written()
	if written != ansi.Strip(written) {
		t.Errorf("a sequence was written: %q", written)
	}
	if drawn := regexp.MustCompile(`[\x{2500}-\x{28ff}●◆■]`).FindString(written); drawn != "" {
		t.Errorf("drawn: %q", drawn)
	}
}
