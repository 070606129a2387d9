package lessons

import (
	"fmt"
	"slices"
	"strings"
)

// Verb is what an action does.
type Verb string

// The verbs.
const (
	VerbLoad             Verb = "cargar"
	VerbNextDay          Verb = "avanzar-dia"
	VerbExtract          Verb = "extraer"
	VerbDropTable        Verb = "borrar-tabla"
	VerbDeleteCheckpoint Verb = "borrar-checkpoint"
	VerbUndo             Verb = "deshacer"
	VerbCount            Verb = "contar"
	VerbSQL              Verb = "sql"
	VerbFile             Verb = "archivo"
	VerbBring            Verb = "traer"
	VerbLate             Verb = "tardia"
)

// What VerbFile does, the first of its Args.
const (
	FileCopy      = "copiar"
	FileRename    = "renombrar"
	FileOverwrite = "sobrescribir"
	FileAppend    = "anexar"
	FileRemove    = "quitar"
)

// Seams are where a load may be killed.
var Seams = []string{"descubierto", "planeado", "escrito", "tabla_confirmada"}

// Action is one thing that a student, or the lab for them, does.
//
//	cargar [--variante V] [--opcion K=V]… [, matar en COSTURA]
//	avanzar-dia   extraer FECHA   contar   sql SENTENCIA   traer ARCHIVO
//	tardia FECHA  the source gets a purchase of that day, and another changes
//	borrar-tabla  borrar-checkpoint  deshacer
//	archivo copiar A B | renombrar A B | sobrescribir A | anexar A | quitar A
//	con ALUMNO/VARIANTE/TABLA: ACCIÓN
//
// In a step's list of what is allowed, sql, archivo, extraer and traer without
// what follows them stand for all of their kind.
type Action struct {
	Verb    Verb
	Args    []string // of extraer, archivo, traer and tardia; of sql the statement
	Variant string   // of cargar
	Options []string // of cargar, clave=valor
	KillAt  string   // of cargar: the seam
	On      *Target  // nil: the step's own pipeline
}

// ParseAction reads an action.
func ParseAction(text string) (Action, error) {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "con "); ok {
		return parseOn(text, rest)
	}
	word, rest, _ := strings.Cut(text, " ")
	word, comma := strings.CutSuffix(word, ",")
	if comma {
		rest = ", " + rest
	}
	action := Action{Verb: Verb(word)}
	rest = strings.TrimSpace(rest)
	switch action.Verb {
	case VerbLoad:
		return parseLoad(text, rest)
	case VerbSQL:
		if rest != "" {
			action.Args = []string{rest}
		}
		return action, nil
	case VerbFile:
		action.Args = strings.Fields(rest)
		return action, checkFile(text, action.Args)
	case VerbExtract, VerbBring, VerbLate:
		action.Args = strings.Fields(rest)
		return action, most(text, action.Args, 1)
	case VerbNextDay, VerbDropTable, VerbDeleteCheckpoint, VerbUndo, VerbCount:
		return action, most(text, strings.Fields(rest), 0)
	default:
		return Action{}, fmt.Errorf("acción desconocida: «%s»", text)
	}
}

func parseOn(text, rest string) (Action, error) {
	place, inner, ok := strings.Cut(rest, ":")
	parts := strings.Split(strings.TrimSpace(place), "/")
	if !ok || len(parts) != 3 {
		return Action{}, fmt.Errorf("se escribe «con ALUMNO/VARIANTE/TABLA: ACCIÓN»: «%s»", text)
	}
	action, err := ParseAction(inner)
	if err != nil {
		return Action{}, err
	}
	on := Target{parts[0], parts[1], parts[2]}.normal()
	action.On = &on
	return action, nil
}

func parseLoad(text, rest string) (Action, error) {
	action := Action{Verb: VerbLoad}
	flags, kill, killed := strings.Cut(rest, ",")
	if killed {
		seam, ok := strings.CutPrefix(strings.TrimSpace(kill), "matar en ")
		if !ok || !slices.Contains(Seams, seam) {
			return Action{}, fmt.Errorf("se escribe «cargar, matar en %s»: «%s»", strings.Join(Seams, "|"), text)
		}
		action.KillAt = seam
	}
	words := strings.Fields(flags)
	for len(words) > 0 {
		if len(words) == 1 {
			return Action{}, fmt.Errorf("a «%s» le falta su valor: «%s»", words[0], text)
		}
		switch words[0] {
		case "--variante":
			action.Variant = words[1]
		case "--opcion":
			if !strings.Contains(words[1], "=") {
				return Action{}, fmt.Errorf("una opción se escribe clave=valor: «%s»", text)
			}
			action.Options = append(action.Options, words[1])
		default:
			return Action{}, fmt.Errorf("opción desconocida: «%s»", text)
		}
		words = words[2:]
	}
	return action, nil
}

func checkFile(text string, args []string) error {
	if len(args) == 0 {
		return nil
	}
	want := map[string]int{FileCopy: 3, FileRename: 3, FileOverwrite: 2, FileAppend: 2, FileRemove: 2}[args[0]]
	if len(args) != want && len(args) != 1 || want == 0 {
		return fmt.Errorf("acción de archivo mal escrita: «%s»", text)
	}
	return nil
}

func most(text string, args []string, n int) error {
	if len(args) > n {
		return fmt.Errorf("sobra «%s» en «%s»", args[n], text)
	}
	return nil
}

// String writes the action as ParseAction reads it.
func (a Action) String() string {
	words := append([]string{string(a.Verb)}, a.Args...)
	if a.Variant != "" {
		words = append(words, "--variante", a.Variant)
	}
	for _, option := range a.Options {
		words = append(words, "--opcion", option)
	}
	text := strings.Join(words, " ")
	if a.KillAt != "" {
		text += ", matar en " + a.KillAt
	}
	if a.On != nil {
		on := a.On.Full()
		text = fmt.Sprintf("con %s/%s/%s: %s", on.Student, on.Variant, on.Table, text)
	}
	return text
}

// Full fills in what is the notebook's own.
func (t Target) Full() Target {
	or := func(value, otherwise string) string {
		if value == "" {
			return otherwise
		}
		return value
	}
	return Target{or(t.Student, defaultStudent), or(t.Variant, defaultVariant), or(t.Table, defaultTable)}
}

// Covers tells whether doing b is doing what a allows. An a without arguments
// covers all of its kind.
func (a Action) Covers(b Action) bool {
	if a.Verb != b.Verb || a.Variant != b.Variant || a.KillAt != b.KillAt || !slices.Equal(a.Options, b.Options) {
		return false
	}
	if (a.On == nil) != (b.On == nil) || a.On != nil && *a.On != *b.On {
		return false
	}
	return len(a.Args) <= len(b.Args) && slices.Equal(a.Args, b.Args[:len(a.Args)])
}
