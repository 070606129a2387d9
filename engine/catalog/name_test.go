package catalog_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"autoloaderlab/engine/catalog"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
)

func TestAnIdentifierIsLettersDigitsAndUnderscores(t *testing.T) {
	for _, value := range []string{"bruno", "Bruno", "account_premium_features", "_x", "9", "josé", "目录", "ñandú_2", strings.Repeat("á", 100)} {
		if err := catalog.Identifier("alumno", value); err != nil {
			t.Errorf("%q: got %v, want it accepted", value, err)
		}
	}
}

func TestWhatIsNoIdentifierIsWrongUseAndNamed(t *testing.T) {
	for name, value := range map[string]string{
		"empty": "", "a way out": "../../etc", "dots": "..", "one dot": ".", "hidden": ".x", "two statements": "a;b",
		"300 characters": strings.Repeat("a", 300), "101 characters": strings.Repeat("a", 101),
		"few characters of many bytes": strings.Repeat("目", 100), "bytes that shrink in lower case": strings.Repeat("\u212a", 100), "bytes that grow in lower case": strings.Repeat("Ⱥ", 100),
		"a space": "a b", "a slash": "a/b", "a backslash": `a\b`, "a quote": "a'b", "a double quote": `a"b`, "a backtick": "a`b",
		"a line break": "a\nb", "an escape": "\x1b[2J", "a NUL": "a\x00b", "a DEL": "a\x7f", "a dot inside": "a.b", "a hyphen": "a-b",
		"broken UTF-8": "a\xff", "an emoji": "a🙂", "text turned around": "a\u202eb", "no width": "a\u200bb",
	} {
		t.Run(name, func(t *testing.T) {
			wrongUse(t, catalog.Identifier("alumno", value), value)
		})
	}
}

func wrongUse(t *testing.T, err error, thing string) {
	t.Helper()
	var known *failure.Error
	if !errors.As(err, &known) || known.Class != failure.WrongUse || known.Thing != thing {
		t.Errorf("got %v, want %s naming %q", err, failure.WrongUse, thing)
	}
}

func TestATableNameIsThreePartsInLowerCase(t *testing.T) {
	got, err := catalog.ParseTableName("Bronce_Dev.datavision_BRUNO.Cuentas")
	want := catalog.TableName{Catalog: "bronce_dev", Schema: "datavision_bruno", Table: "cuentas"}
	if err != nil || got != want || got.String() != "bronce_dev.datavision_bruno.cuentas" {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for s, thing := range map[string]string{
		"": "", "t": "t", "s.t": "s.t", "a.b.c.d": "a.b.c.d", "a..c": "", "a.b.c;d": "c;d", "a.b.../x": "a.b.../x", "a.b. c": " c",
	} {
		_, err := catalog.ParseTableName(s)
		wrongUse(t, err, thing)
	}
}

func TestOneTableHasOneFolderWhateverItsCase(t *testing.T) {
	c := catalog.New(storage.NewMemory(nil), "/lab", nil)
	got := c.TableDir(catalog.TableName{Catalog: "Bronce_Dev", Schema: "S", Table: "T"})
	if want := filepath.FromSlash("/lab/catalogs/bronce_dev/s/t"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestVolumesBecomeFolders(t *testing.T) {
	c := catalog.New(storage.NewMemory(nil), "/lab", nil)
	for _, test := range []struct{ value, text, dir string }{
		{"/Volumes/landing_dev/postgres_datavision/landing-volume-postgres-datavision/",
			"/Volumes/landing_dev/postgres_datavision/landing-volume-postgres-datavision",
			"/lab/Volumes/landing_dev/postgres_datavision/landing-volume-postgres-datavision"},
		{"/Volumes/A/B/C/Deep/v1.2", "/Volumes/a/b/c/Deep/v1.2", "/lab/Volumes/a/b/c/Deep/v1.2"},
		{"/Volumes/a/b/c//", "/Volumes/a/b/c", "/lab/Volumes/a/b/c"},
		{"file:///home/bruno/My files/%41 ñ/", "file:///home/bruno/My files/%41 ñ", "/home/bruno/My files/%41 ñ"},
		{"file:///a/../b/./c", "file:///b/c", "/b/c"},
	} {
		v, err := catalog.ParseLandingVolume(test.value)
		if err != nil || v.String() != test.text || c.VolumeDir(v) != filepath.FromSlash(test.dir) {
			t.Errorf("%s: got %s in %s, %v, want %s in %s", test.value, v, c.VolumeDir(v), err, test.text, test.dir)
		}
		if got, want := v.IsLocal(), strings.HasPrefix(test.value, "file:"); got != want {
			t.Errorf("%s: local: got %v, want %v", test.value, got, want)
		}
	}
}

func TestWhatIsNoVolumeIsWrongUseAndNamed(t *testing.T) {
	for _, value := range []string{
		"", "/", "/Volumes", "/Volumes/", "/Volumes/a/b", "/Volumes/a/b/", "Volumes/a/b/c", "/volumes/a/b/c", "/etc/a/b/c",
		"/Volumes/../../etc", "/Volumes/a/b/..", "/Volumes/a/b/c/..", "/Volumes/a/b/c/../../x", "/Volumes/a/b/c/.x", "/Volumes/a/b/c/x.",
		"/Volumes/a//c", "/Volumes/a/b/c d", "/Volumes/a/b/c;d", "/Volumes/a.b/c/d", "/Volumes/a/b/c\n", "/Volumes/a/b/" + strings.Repeat("c", 300),
		"/Volumes/a/b/c" + strings.Repeat("/abcdefghi", 100), `/Volumes/a/b/c\d`,
		"file://", "file:///a\x00b", "file://host/a", "file:relative", "file://./a", "file:/a", "s3://bucket/a", "/home/bruno",
		"file:///" + strings.Repeat("abcdefghi/", 101),
	} {
		_, err := catalog.ParseLandingVolume(value)
		wrongUse(t, err, value)
	}
	_, err := catalog.ParseVolume("file:///home/bruno")
	wrongUse(t, err, "file:///home/bruno")
}

func TestTheCheckpointIsInTheBronzeVolumeOrInTheTable(t *testing.T) {
	c := catalog.New(storage.NewMemory(nil), "/lab", nil)
	v, err := catalog.ParseVolume("/Volumes/bronce_dev/datavision/bronce-volume-datavision")
	if err != nil {
		t.Fatal(err)
	}
	got := c.CheckpointDir(v, "bruno", "cuentas")
	if want := filepath.FromSlash("/lab/Volumes/bronce_dev/datavision/bronce-volume-datavision/_checkpoint_bruno/cuentas"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got = c.InnerCheckpointDir(catalog.TableName{Catalog: "c", Schema: "s", Table: "t"})
	if want := filepath.FromSlash("/lab/catalogs/c/s/t/_checkpoint"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func isBelow(root, path string) bool {
	rel, err := filepath.Rel(root, path)
	return err == nil && rel != "." && filepath.IsLocal(rel)
}

func FuzzIdentifier(f *testing.F) {
	for _, seed := range []string{"bruno", "..", "../../etc", "a;b", "目录", "a\x00", "CON", "İ", strings.Repeat("Ⱥ", 99)} {
		f.Add(seed)
	}
	c := catalog.New(storage.NewMemory(nil), "/lab", nil)
	f.Fuzz(func(t *testing.T, value string) {
		name := catalog.TableName{Catalog: value, Schema: value, Table: value}
		dir := c.TableDir(name)
		if !isBelow("/lab", dir) {
			t.Fatalf("%q, refused or not, leads to %s", value, dir)
		}
		if catalog.Identifier("x", value) != nil {
			return
		}
		again, err := catalog.ParseTableName(name.String())
		if err != nil || c.TableDir(again) != dir || again.String() != name.String() {
			t.Fatalf("%q: read back as %v, %v", value, again, err)
		}
		if got := strings.Count(dir, string(filepath.Separator)); got != 5 || len(filepath.Base(dir)) > 200 {
			t.Fatalf("%q leads to %s", value, dir)
		}
	})
}

func FuzzParseVolume(f *testing.F) {
	for _, seed := range []string{"/Volumes/a/b/c", "/Volumes/a/b/c/../..", "/Volumes/A-/b/c/d.e/", "file:///a/%2e%2e", "file:///..", "file:", "/Volumes/a/b/\x00"} {
		f.Add(seed)
	}
	c := catalog.New(storage.NewMemory(nil), "/lab", nil)
	f.Fuzz(func(t *testing.T, value string) {
		v, err := catalog.ParseLandingVolume(value)
		if err != nil {
			return
		}
		dir := c.VolumeDir(v, "..", value)
		switch {
		case v.IsLocal() && !filepath.IsAbs(dir):
			t.Fatalf("%q leads to %s", value, dir)
		case !v.IsLocal() && !isBelow("/lab/Volumes", dir):
			t.Fatalf("%q leads to %s", value, dir)
		}
		again, err := catalog.ParseLandingVolume(v.String())
		if err != nil || c.VolumeDir(again) != c.VolumeDir(v) {
			t.Fatalf("%q: %s read back as %s, %v", value, v, again, err)
		}
	})
}
