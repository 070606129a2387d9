// Package uitest is what the tests of the interface's rooms share. No part of the
// program enters it.
package uitest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// Update is -update: goldens are written anew, to be looked at before they are kept.
var Update = flag.Bool("update", false, "write the golden files anew")

// escape stands for the escape character in a golden, so that a diff can be read.
const escape = "␛"

// Golden compares a view with the one that was accepted, in testdata/<name>.txt.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name)+".txt")
	got = strings.ReplaceAll(got, "\x1b", escape)
	if *Update {
		write(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if got != string(want) {
		t.Errorf("%s differs from its golden; look at the diff after -update. got\n%s\nwant\n%s", name, readable(got), readable(string(want)))
	}
}

func readable(golden string) string { return ansi.Strip(strings.ReplaceAll(golden, escape, "\x1b")) }

func write(t testing.TB, path, golden string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(golden), 0o644); err != nil {
		t.Fatal(err)
	}
}
