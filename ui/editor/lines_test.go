package editor

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestLinesHaveRoom(t *testing.T) {
	for w := 8; w < 40; w++ {
		for _, row := range Lines("la carga empezó en el lote 0 y procesó todo como si fuera nuevo", w) {
			if ansi.StringWidth(row) > w {
				t.Errorf("%q has more than %d columns", row, w)
			}
		}
	}
}
