package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/text"
)

// nobody is an environment and signals without anything in them.
func nobody(string) string { return "" }

func inProcess(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(""), &out, &errs, func(name string) string { return env[name] }, nil)
	return code, out.String(), errs.String()
}

func TestVersionIsOneLineAndTouchesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lab")
	code, stdout, stderr := inProcess(t, map[string]string{"LAB_DIR": dir}, "--version")
	if code != 0 || strings.Count(stdout, "\n") != 1 || !strings.HasPrefix(stdout, "lab ") || stderr != "" {
		t.Errorf("got %d, %q, %q", code, stdout, stderr)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("got %v, want no folder", err)
	}
}

// walk visits every command.
func walk(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, inner := range c.Commands() {
		walk(inner, visit)
	}
}

func TestEveryHelpPageIsSpanishAndFits(t *testing.T) {
	english := regexp.MustCompile(`(?i)\b(usage|flags|help for|available|commands?|use "|examples?|global|string|version for|default|the|and)\b`)
	p := &program{out: &output{to: io.Discard}, err: &output{to: io.Discard}, getenv: nobody}
	walk(p.tree(), func(c *cobra.Command) {
		args := append(strings.Fields(c.CommandPath())[1:], "--help")
		code, stdout, stderr := inProcess(t, nil, args...)
		if code != 0 || stderr != "" || !strings.Contains(stdout, "Uso:\n  lab") {
			t.Errorf("%s: got %d, %q, %q", c.CommandPath(), code, stdout, stderr)
		}
		if word := english.FindString(stdout); word != "" {
			t.Errorf("%s: English: %q in %s", c.CommandPath(), word, stdout)
		}
		for line := range strings.Lines(stdout) {
			if width := text.Width(line); width > 80 && !strings.Contains(line, "SELECT") {
				t.Errorf("%s: a line of %d cells: %q", c.CommandPath(), width, line)
			}
		}
	})
}

func TestEveryCommandAndFlagOfTheTreeHasAText(t *testing.T) {
	p := &program{out: &output{to: io.Discard}, err: &output{to: io.Discard}, getenv: nobody}
	root := p.tree()
	root.InitDefaultHelpCmd()
	count := 0
	walk(root, func(c *cobra.Command) {
		name := c.Name()
		if !c.HasParent() {
			name = ""
		}
		count++
		if _, found := text.Commands[name]; !found {
			t.Errorf("%q has no text", name)
		}
		c.InheritedFlags()
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if _, found := text.Flags[f.Name]; !found {
				t.Errorf("%s --%s has no text", name, f.Name)
			}
		})
	})
	if count != len(text.Commands) {
		t.Errorf("got %d commands, the texts tell of %d", count, len(text.Commands))
	}
}

func TestWrongUseIsCode2AndSpanish(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lab")
	for _, line := range []string{
		"carga", "cargar --nada", "cargar -x", "cargar --dir", "cargar --=x", "cargar --json=quizás", "cargar sobra",
		"cargar --variante x", "cargar --variante=", "cargar --pausa-en x", "cargar --pausa-en=", "cargar --progreso=", "cargar --opcion x", "cargar --opcion =x",
		"cargar --alumno a;b", "estado --tabla ../x", "contar --volumen-landing /x", "sql", "sql a b", "sql x --formato xml",
		"sql x --json --formato csv", "traer", "traer a/x.csv b/x.csv", "extraer --fecha 2025-3-6", "extraer --dsn=", "borrar-tabla", "reiniciar --todo", "ayuda nada", "completion",
	} {
		code, stdout, stderr := inProcess(t, map[string]string{"LAB_DIR": dir}, strings.Fields(line)...)
		if code != exitWrong || !strings.Contains(stderr, "Error: ") {
			t.Errorf("%s: got %d, %q", line, code, stderr)
		}
		if isJSON := strings.HasPrefix(stdout, `{"error":{"clase":"WRONG_USE"`); isJSON != strings.Contains(line, "--json") {
			t.Errorf("%s: got %q", line, stdout)
		}
		if strings.Contains(stderr, "unknown") || strings.Contains(stderr, "invalid") {
			t.Errorf("%s: English: %q", line, stderr)
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("got %v, want no folder", err)
	}
}

func TestJSONIsAskedForEvenByWhatCannotBeTakenApart(t *testing.T) {
	for line, want := range map[string]bool{
		"": false, "cargar": false, "--json cargar": true, "cargar --nada --json": true, "cargar --json=false": false, "cargar --json=1": true,
		"cargar --json=x": true, "sql x --formato json": true, "sql x --formato=json": true, "sql x --formato csv": false, "sql -- --json": false,
	} {
		if got := asksForJSON(strings.Fields(line)); got != want {
			t.Errorf("%q: got %t, want %t", line, got, want)
		}
	}
}

func TestAPanicBecomesAMessageAndALog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lab")
	var out, errs bytes.Buffer
	p := &program{out: &output{to: &out}, err: &output{to: &errs}, dir: dir, json: true, getenv: nobody}
	code := p.end(p.guard(func() error { panic("una tubería rota") }))
	if code != exitFailed || !strings.Contains(out.String(), `"clase":"INTERNAL_ERROR"`) || strings.Contains(errs.String(), "goroutine") {
		t.Errorf("got %d, %q, %q", code, out.String(), errs.String())
	}
	logs, err := filepath.Glob(filepath.Join(dir, "errores", "*.log"))
	if err != nil || len(logs) != 1 || !strings.Contains(errs.String(), logs[0]) {
		t.Fatalf("got logs %v, %v, told %q", logs, err, errs.String())
	}
	details, err := os.ReadFile(logs[0])
	if err != nil || !bytes.Contains(details, []byte("una tubería rota")) || !bytes.Contains(details, []byte("goroutine")) {
		t.Errorf("got %s, %v", details, err)
	}
}

// refusing is an output that takes nothing.
type refusing struct{ err error }

func (r refusing) Write([]byte) (int, error) { return 0, r.err }

func TestAReaderThatWentAwayIsNoFailureAndAFullDiskIs(t *testing.T) {
	for err, want := range map[error]int{syscall.EPIPE: exitDone, io.ErrClosedPipe: exitDone, syscall.ENOSPC: exitFailed} {
		code := run([]string{"--version"}, strings.NewReader(""), refusing{err}, io.Discard, nobody, nil)
		if code != want {
			t.Errorf("%v: got %d, want %d", err, code, want)
		}
	}
}

// watched is an output that says when some text has been written.
type watched struct {
	mu   sync.Mutex
	all  bytes.Buffer
	want string
	seen chan struct{}
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all.Write(p)
	if w.want != "" && strings.Contains(w.all.String(), w.want) {
		close(w.seen)
		w.want = ""
	}
	return len(p), nil
}

func TestCtrlCCancelsAtTheSeamAndTheNextLoadGoesOn(t *testing.T) {
	env := map[string]string{"LAB_DIR": filepath.Join(t.TempDir(), "lab")}
	stdin, keyboard := io.Pipe()
	defer keyboard.Close()
	out, errs := &watched{want: `"evento":"planeado"`, seen: make(chan struct{})}, &watched{}
	signals, code := make(chan os.Signal, 1), make(chan int)
	go func() {
		code <- run([]string{"cargar", "--json", "--pausa-en", "planeado"}, stdin, out, errs, func(name string) string { return env[name] }, signals)
	}()
	<-out.seen
	signals <- os.Interrupt
	if got := <-code; got != exitFailed {
		t.Errorf("got %d, want %d", got, exitFailed)
	}
	last := out.all.String()
	last = last[strings.LastIndex(strings.TrimSpace(last), "\n")+1:]
	if !strings.Contains(last, `"evento":"fin"`) || !strings.Contains(last, `"estado":"CANCELADA"`) || !strings.Contains(last, `"clase":"CANCELLED"`) {
		t.Errorf("got %s", last)
	}
	for _, want := range []string{text.Interrupted, "consistentes"} {
		if !strings.Contains(errs.all.String(), want) {
			t.Errorf("got %q, want %q in it", errs.all.String(), want)
		}
	}
	if got, stdout, _ := inProcess(t, env, "cargar", "--json"); got != 0 || !strings.Contains(stdout, `"filas_escritas":552`) {
		t.Errorf("got %d, %s", got, stdout)
	}
}

func TestALoadThatCannotEvenBeginEndsWithFin(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lab")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	code, stdout, _ := inProcess(t, nil, "cargar", "--json", "--dir", file)
	if code != exitFailed || strings.Count(stdout, "\n") != 1 || !strings.Contains(stdout, `"evento":"fin"`) || !strings.Contains(stdout, `"estado":"FALLIDA"`) {
		t.Errorf("got %d, %s", code, stdout)
	}
}

func TestTheFolderIsTheFlagsThenTheEnvironmentsThenThePlatforms(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the platform's folder is another")
	}
	env := map[string]string{"HOME": "/home/ana"}
	p := &program{getenv: func(name string) string { return env[name] }}
	check := func(want string) {
		t.Helper()
		if got, err := p.folder(); err != nil || got != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	check("/home/ana/.local/share/autoloaderlab")
	env["XDG_DATA_HOME"] = "relative"
	check("/home/ana/.local/share/autoloaderlab")
	env["XDG_DATA_HOME"] = "/datos"
	check("/datos/autoloaderlab")
	env["LAB_DIR"] = "/otra"
	check("/otra")
	p.dir = "/esta"
	check("/esta")
}

func TestTheBarComesLateAndGoesWithoutATrace(t *testing.T) {
	var out bytes.Buffer
	b := &bar{out: &out, width: func() int { return 40 }}
	b.draw(advanced(10)) // began in the year 1: late enough
	b.draw(advanced(20))
	b.erase()
	lines := strings.Split(out.String(), "\r")
	if last := lines[len(lines)-2]; len(lines) != 5 || strings.TrimSpace(last) != "" || text.Width(last) != text.Width(lines[2]) {
		t.Errorf("got %q", lines)
	}
	var none *bar
	none.draw(advanced(1))
	none.erase()
}

func TestExplanationsOfWrongUseKeepTheirClass(t *testing.T) {
	if err := wrongFlag(&cobra.Command{Use: "lab"}, errors.New("x")); !errors.As(err, &text.Message{}) || text.Explain(err).Class != failure.WrongUse {
		t.Errorf("got %v", err)
	}
}

func advanced(n int64) progress.Advanced {
	return progress.Advanced{BytesRead: n, BytesTotal: 100, Rows: n}
}
