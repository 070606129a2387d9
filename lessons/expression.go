package lessons

import (
	"fmt"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Words are how numbers are told; the interface has them.
type Words struct {
	Number func(int64) string                     // 1 250
	Bytes  func(int64) string                     // 13,2 kB
	Count  func(n int64, one, many string) string // 1 fila, 552 filas
	Short  func(id string) string                 // as much of an id as a person compares
}

// functions are what expressions may call.
//
//	filas(n) archivos(n) lotes(n) filas_nuevas(n)   «1 fila», «552 filas»
//	cuenta(n, "uno", "varios")                      any other noun
//	numero(n) bytes(n) corto(id)
func (w Words) functions() map[string]any {
	counting := func(one, many string) func(int) string {
		return func(n int) string { return w.count(n, one, many) }
	}
	return map[string]any{
		"filas":    counting("fila", "filas"),
		"archivos": counting("archivo", "archivos"),
		"lotes":    counting("lote", "lotes"),
		"cuenta":   w.count,
		"numero":   func(n int) string { return w.number(n) },
		"bytes":    func(n int) string { return w.orPlain(w.Bytes, n) },
		"corto": func(id string) string {
			if w.Short == nil {
				return id
			}
			return w.Short(id)
		},
	}
}

func (w Words) count(n int, one, many string) string {
	if w.Count != nil {
		return w.Count(int64(n), one, many)
	}
	if n == 1 {
		return "1 " + one
	}
	return w.number(n) + " " + many
}

func (w Words) number(n int) string { return w.orPlain(w.Number, n) }

func (w Words) orPlain(f func(int64) string, n int) string {
	if f == nil {
		return fmt.Sprint(n)
	}
	return f(int64(n))
}

// cache keeps compiled expressions. Looking at them from several goroutines is fine.
type cache struct{ programs sync.Map }

// compile checks an expression against the facts' names and types.
func (l *Lesson) compile(source string) (*vm.Program, error) {
	if known, ok := l.programs.programs.Load(source); ok {
		return known.(*vm.Program), nil
	}
	program, err := expr.Compile(source, expr.Env(l.schema()))
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("expresión «%s»: %s", source, first)
	}
	l.programs.programs.Store(source, program)
	return program, nil
}

// Eval evaluates an expression: int, float64, bool or string.
func (l *Lesson) Eval(source string, m Moment, words Words) (any, error) {
	program, err := l.compile(source)
	if err != nil {
		return nil, err
	}
	value, err := expr.Run(program, l.environment(m, words))
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("expresión «%s»: %s", source, first)
	}
	return value, nil
}

// Holds evaluates an expression that is true or not.
func (l *Lesson) Holds(source string, m Moment) (bool, error) {
	value, err := l.Eval(source, m, Words{})
	if err != nil {
		return false, err
	}
	holds, ok := value.(bool)
	if !ok {
		return false, fmt.Errorf("expresión «%s»: no es verdadera ni falsa", source)
	}
	return holds, nil
}

// Text fills in a template: each {{expression}} gives way to its value.
func (l *Lesson) Text(template string, m Moment, words Words) (string, error) {
	var out strings.Builder
	err := pieces(template, func(plain string) { out.WriteString(plain) }, func(source string) error {
		value, err := l.Eval(source, m, words)
		if err != nil {
			return err
		}
		out.WriteString(words.Show(value))
		return nil
	})
	return out.String(), err
}

// Show writes a value for a person.
func (w Words) Show(value any) string {
	switch value := value.(type) {
	case int:
		return w.number(value)
	case bool:
		if value {
			return "sí"
		}
		return "no"
	default:
		return fmt.Sprint(value)
	}
}

// pieces takes a template apart.
func pieces(template string, plain func(string), expression func(string) error) error {
	for {
		before, rest, found := strings.Cut(template, "{{")
		plain(before)
		if !found {
			return nil
		}
		source, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return fmt.Errorf("plantilla sin cerrar: «{{%s»", rest)
		}
		if err := expression(strings.TrimSpace(source)); err != nil {
			return err
		}
		template = after
	}
}

// checkTemplate compiles every expression of a template.
func (l *Lesson) checkTemplate(template string) error {
	return pieces(template, func(string) {}, func(source string) error {
		_, err := l.compile(source)
		return err
	})
}
