package main

import (
	"fmt"
	"os"
	"text/tabwriter"
)

// phase is the last event that a killed run told.
type phase string

// starting is the phase before the first event.
const starting phase = "(none yet)"

// variant is a notebook under test and the phases that its runs have.
type variant struct {
	name    string
	streams bool
	phases  []phase
}

var (
	streaming = []phase{starting, "listado", "descubierto", "planeado", "escrito", "tabla_confirmada", "ya_en_tabla", "confirmado"}
	copying   = []phase{starting, "listado", "escrito", "tabla_confirmada"}
	variants  = []variant{
		{"cuaderno", true, streaming},
		{"checkpoint-en-tabla", true, streaming},
		{"copy-into", false, copying},
	}
)

// tally counts kills.
type tally map[cell]int

type cell struct {
	variant string
	phase   phase
}

func (t tally) sum() (kills int) {
	for _, n := range t {
		kills += n
	}
	return kills
}

// rarest is the phase of a variant that has had the fewest kills, of those that
// an event begins.
func (t tally) rarest(v variant) phase {
	rare := v.phases[1]
	for _, p := range v.phases[1:] {
		if t[cell{v.name, p}] < t[cell{v.name, rare}] {
			rare = p
		}
	}
	return rare
}

// missing are the phases in which no run of any variant was killed.
func (t tally) missing() (phases []phase) {
	for _, p := range streaming {
		kills := 0
		for _, v := range variants {
			kills += t[cell{v.name, p}]
		}
		if kills == 0 {
			phases = append(phases, p)
		}
	}
	return phases
}

// print writes one line a phase, one column a variant.
func (t tally) print() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "killed after\t")
	for _, v := range variants {
		fmt.Fprint(w, v.name, "\t")
	}
	fmt.Fprintln(w, "all\t")
	for _, p := range streaming {
		fmt.Fprint(w, p, "\t")
		all := 0
		for _, v := range variants {
			kills := t[cell{v.name, p}]
			all += kills
			if kills == 0 {
				fmt.Fprint(w, "-\t")
			} else {
				fmt.Fprint(w, kills, "\t")
			}
		}
		fmt.Fprint(w, all, "\t\n")
	}
	_ = w.Flush() // to the standard output
}
