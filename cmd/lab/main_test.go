package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lab": main})
}

// TestStories plays every story of testdata/script in a lab of its own. Helper
// commands, beside testscript's:
//
//	filas N [flags…]             «lab contar» answers N
//	codigo N lab ARGS…           the command ends with this exit code
//	campo PATH VALUE             the last line of stdout is JSON with this field (a.b.0.c); VALUE is JSON or plain text
//	guarda VAR PATH              keep such a field in an environment variable
//	igual A B                    two words are the same
//	evento NAME [KEY VALUE]…     one of stdout's lines is this event
//	eventos NAME…                stdout's lines are these events, but for «avance», «aviso» and «pausa»
//	foto NAME DIR                remember every file below a folder
//	intacto NAME DIR             the folder is as it was then
//	vacia DIR                    leave a folder with nothing in it
//	agrega FILE TEXT             append text (\n is a line break) to a file
//	gzip FROM TO [BYTES]         pack a file; only that many bytes of it
//	grande FILE BYTES            a source file with one row of that size
//	pausado SEAM[:EVENT] [flags…] start a load and wait until it stands at the seam, whose event is EVENT
//	sigue                        let it go on to its end; its output is stdout
//	mata                         kill it there
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setUp,
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"filas": rows, "codigo": exitCode, "campo": field, "guarda": keep, "igual": same, "evento": event, "eventos": events,
			"foto": photo, "intacto": untouched, "vacia": empty, "agrega": appendTo, "gzip": pack, "grande": big,
			"pausado": paused, "sigue": goOn, "mata": kill,
		},
	})
}

type storyKey struct{}

// story is what a script remembers.
type story struct {
	photos map[string]string
	load   *exec.Cmd
	in     interface{ Close() error }
	out    *bytes.Buffer
	read   chan struct{} // closed when out is complete
}

func setUp(env *testscript.Env) error {
	lab := filepath.Join(env.WorkDir, "lab")
	env.Setenv("LAB_DIR", lab)
	env.Setenv("LAB_DSN", "")
	env.Setenv("XDG_DATA_HOME", "")
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("GORACE", "atexit_sleep_ms=0") // else the race detector makes every command last a second
	env.Setenv("ORIGEN", lab+"/Volumes/landing_dev/postgres_datavision/landing-volume-postgres-datavision/account_premium_features")
	env.Setenv("CHECKPOINT", lab+"/Volumes/bronce_dev/datavision/bronce-volume-datavision/_checkpoint_bruno/account_premium_features")
	env.Setenv("TABLA", lab+"/catalogs/bronce_dev/datavision_bruno/account_premium_features")
	env.Setenv("LOG", lab+"/catalogs/bronce_dev/datavision_bruno/account_premium_features/_delta_log")
	env.Setenv("NOMBRE", "bronce_dev.datavision_bruno.account_premium_features")
	fixtures, err := filepath.Abs("../../fixtures")
	if err != nil {
		return err
	}
	env.Setenv("FIXTURES", fixtures)
	s := &story{photos: map[string]string{}}
	env.Values[storyKey{}] = s
	env.Defer(s.stop)
	return nil
}

func storyOf(ts *testscript.TestScript) *story { return ts.Value(storyKey{}).(*story) }

func refuse(ts *testscript.TestScript, neg bool) {
	if neg {
		ts.Fatalf("cannot be negated")
	}
}

// verdict fails when what was found is not what was wanted.
func verdict(ts *testscript.TestScript, neg, found bool, format string, args ...any) {
	if found == neg {
		ts.Fatalf(format, args...)
	}
}

func rows(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(ts.Exec("lab", append([]string{"contar", "--json"}, args[1:]...)...))
	var count struct {
		Rows json.Number `json:"filas"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &count))
	verdict(ts, neg, count.Rows.String() == args[0], "got %s rows, want %s", count.Rows, args[0])
}

func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	verdict(ts, neg, strconv.Itoa(code) == args[0], "got exit code %d, want %s", code, args[0])
}

// lastJSON is the last line of stdout.
func lastJSON(ts *testscript.TestScript) any {
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	return parse(ts, lines[len(lines)-1])
}

func parse(ts *testscript.TestScript, text string) any {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		ts.Fatalf("%q is no JSON: %v", text, err)
	}
	return value
}

// at follows a path such as a.b.0.c.
func at(value any, path string) (any, bool) {
	for _, part := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			inner, found := v[part]
			if !found {
				return nil, false
			}
			value = inner
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// plain is a text as it is, anything else as JSON.
func plain(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func field(ts *testscript.TestScript, neg bool, args []string) {
	value, found := at(lastJSON(ts), args[0])
	if len(args) == 1 {
		verdict(ts, neg, found, "%s: found %t", args[0], found)
		return
	}
	if !found {
		ts.Fatalf("no field %s", args[0])
	}
	verdict(ts, neg, plain(value) == args[1], "%s: got %s, want %s", args[0], plain(value), args[1])
}

func keep(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	value, found := at(lastJSON(ts), args[1])
	if !found {
		ts.Fatalf("no field %s", args[1])
	}
	ts.Setenv(args[0], plain(value))
}

func same(ts *testscript.TestScript, neg bool, args []string) {
	verdict(ts, neg, args[0] == args[1], "%q and %q", args[0], args[1])
}

func told(ts *testscript.TestScript) []any {
	var all []any
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		all = append(all, parse(ts, line))
	}
	return all
}

func event(ts *testscript.TestScript, neg bool, args []string) {
	found := false
	for _, e := range told(ts) {
		fits := true
		for i, path := range append([]string{"evento"}, evens(args[1:])...) {
			want := args[0]
			if i > 0 {
				want = args[2*i]
			}
			value, present := at(e, path)
			fits = fits && present && plain(value) == want
		}
		found = found || fits
	}
	verdict(ts, neg, found, "event %v: found %t", args, found)
}

func evens(words []string) []string {
	var picked []string
	for i := 0; i < len(words); i += 2 {
		picked = append(picked, words[i])
	}
	return picked
}

func events(ts *testscript.TestScript, neg bool, args []string) {
	var names []string
	for _, e := range told(ts) {
		if name, _ := at(e, "evento"); name != "avance" && name != "aviso" && name != "pausa" {
			names = append(names, plain(name))
		}
	}
	got, want := strings.Join(names, " "), strings.Join(args, " ")
	verdict(ts, neg, got == want, "got %s, want %s", got, want)
}

func photo(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	storyOf(ts).photos[args[0]] = develop(ts, ts.MkAbs(args[1]))
}

func untouched(ts *testscript.TestScript, neg bool, args []string) {
	got, want := develop(ts, ts.MkAbs(args[1])), storyOf(ts).photos[args[0]]
	verdict(ts, neg, got == want, "got\n%s\nwant\n%s", got, want)
}

// develop lists every file below dir with a digest of its bytes.
func develop(ts *testscript.TestScript, dir string) string {
	var list strings.Builder
	ts.Check(filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		relative, _ := filepath.Rel(dir, path)
		fmt.Fprintf(&list, "%s %x\n", relative, sha256.Sum256(data))
		return err
	}))
	return list.String()
}

func empty(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	ts.Check(os.RemoveAll(ts.MkAbs(args[0])))
	ts.Check(os.MkdirAll(ts.MkAbs(args[0]), 0o755))
}

func appendTo(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	file, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	ts.Check(err)
	_, err = file.WriteString(strings.ReplaceAll(args[1], `\n`, "\n"))
	ts.Check(err)
	ts.Check(file.Close())
}

func pack(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err = w.Write(data)
	ts.Check(err)
	ts.Check(w.Close())
	if len(args) > 2 {
		size, err := strconv.Atoi(args[2])
		ts.Check(err)
		packed.Truncate(size)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), packed.Bytes(), 0o644))
}

func big(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	const header = "account_feature_id,account_id,feature_id,purchase_date,amount_paid\n"
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(header+"9001,"+strings.Repeat("x", size)+",1,2025-03-06,1.00\n"), 0o644))
}

// paused starts a load whose input stays open and waits for its seam's event.
func paused(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	s := storyOf(ts)
	seam, event, found := strings.Cut(args[0], ":")
	if !found {
		event = seam
	}
	path, err := exec.LookPath("lab")
	ts.Check(err)
	s.load = exec.Command(path, append([]string{"cargar", "--json", "--pausa-en", seam}, args[1:]...)...)
	s.load.Env = []string{"LAB_DIR=" + ts.Getenv("LAB_DIR"), "HOME=" + ts.Getenv("HOME"), "GORACE=" + ts.Getenv("GORACE")}
	in, err := s.load.StdinPipe()
	ts.Check(err)
	out, err := s.load.StdoutPipe()
	ts.Check(err)
	ts.Check(s.load.Start())
	s.in, s.out, s.read = in, &bytes.Buffer{}, make(chan struct{})
	reached := make(chan bool, 1)
	go func() {
		defer close(s.read)
		for lines := bufio.NewReader(out); ; {
			line, err := lines.ReadString('\n')
			s.out.WriteString(line)
			if err != nil {
				reached <- false
				return
			}
			if strings.Contains(line, `"evento":"`+event+`"`) {
				select {
				case reached <- true:
				default:
				}
			}
		}
	}()
	if !<-reached {
		ts.Fatalf("the load never reached %s:\n%s", args[0], s.out)
	}
}

func goOn(ts *testscript.TestScript, neg bool, args []string) {
	s := storyOf(ts)
	ts.Check(s.in.Close())
	err := s.wait()
	_, _ = ts.Stdout().Write(s.out.Bytes())
	verdict(ts, neg, err == nil, "the load ended with %v:\n%s", err, s.out)
}

func kill(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	s := storyOf(ts)
	ts.Check(s.load.Process.Kill())
	_ = s.wait()
}

// wait reads the load's output to its end, then its exit code.
func (s *story) wait() error {
	<-s.read
	err := s.load.Wait()
	s.load = nil
	return err
}

func (s *story) stop() {
	if s.load != nil {
		_ = s.load.Process.Kill()
		_ = s.wait()
	}
}
