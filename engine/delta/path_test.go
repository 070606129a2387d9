package delta

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLogNames(t *testing.T) {
	const uuid = "6374b053-df23-479b-b2cf-c9c550132b49"
	for name, want := range map[string]logName{
		"00000000000000000012.json":                                     {kind: commitFile, version: 12},
		"00000000000000000010.checkpoint.parquet":                       {kind: classicCheckpoint, version: 10},
		"00000000000000000010.checkpoint.0000000002.0000000003.parquet": {kind: multiPartCheckpoint, version: 10, part: 2, parts: 3},
		"00000000000000000002.checkpoint." + uuid + ".json":             {kind: uuidCheckpoint, version: 2},
		"00000000000000000002.checkpoint." + uuid + ".parquet":          {kind: uuidCheckpoint, version: 2},
		"9223372036854775807.json":                                      {},
		"09223372036854775807.json":                                     {kind: commitFile, version: 9223372036854775807},
	} {
		got, ok := parseLogName(name)
		if got != want || ok == (want == logName{}) {
			t.Errorf("%s: got %+v %v, want %+v", name, got, ok, want)
		}
	}
	if got := commitName(12); got != "00000000000000000012.json" {
		t.Error(got)
	}
	if got := checkpointName(10); got != "00000000000000000010.checkpoint.parquet" {
		t.Error(got)
	}
}

func TestNamesThatReadersIgnore(t *testing.T) {
	for _, name := range []string{
		"", ".json", "foo.json", "_last_checkpoint", "_staged_commits", "_sidecars",
		".00000000000000000001.json.crc", "00000000000000000001.crc", "00000000000000000001.json.tmp",
		".00000000000000000001.json.1f.tmp", "00000000000000000001.json.gz", "0000000000000000001.json",
		"99999999999999999999.json", "-0000000000000000001.json", "+0000000000000000001.json",
		"00000000000000000001.00000000000000000009.compacted.json",
		"00000000000000000010.checkpoint.0000000004.0000000003.parquet",
		"00000000000000000010.checkpoint.0000000000.0000000003.parquet",
		"00000000000000000010.checkpoint.parquet.tmp",
	} {
		if got, ok := parseLogName(name); ok {
			t.Errorf("%q was taken for %+v", name, got)
		}
	}
}

func TestEncodedPaths(t *testing.T) {
	for rel, want := range map[string]string{
		"part-00000-x-c000.snappy.parquet": "part-00000-x-c000.snappy.parquet",
		"p=US%2FEast/f.parquet":            "p=US%252FEast/f.parquet",
		"a b/ü+&=.parquet":                 "a%20b/%C3%BC+&=.parquet",
		"what?#.parquet":                   "what%3F%23.parquet",
		"c:d/e:f":                          "c%3Ad/e:f",
	} {
		if got := encodePath(rel); got != want {
			t.Errorf("%s: got %s, want %s", rel, got, want)
		}
		if got := decodePath(want); got != rel {
			t.Errorf("%s: got %s back, want %s", want, got, rel)
		}
	}
}

func TestAbsolutePathOfAnAdd(t *testing.T) {
	for uri, want := range map[string]string{
		"f.parquet":               "/lab/t/f.parquet",
		"p=1%202/f.parquet":       "/lab/t/p=1 2/f.parquet",
		"raw name%.parquet":       "/lab/t/raw name%.parquet",
		"+.parquet":               "/lab/t/+.parquet",
		"/else/where%20.parquet":  "/else/where .parquet",
		"file:/else/f":            "/else/f",
		"file:///else/f":          "/else/f",
		"file://localhost/else/f": "/else/f",
		"FILE:///else/f":          "/else/f",
		"s3://bucket/f%20":        "s3://bucket/f%20",
		"a:b":                     "/lab/t/a:b",
	} {
		want := filepath.FromSlash(want)
		if strings.HasPrefix(uri, "s3:") {
			want = uri
		}
		if got := AbsPath(filepath.FromSlash("/lab/t"), Add{Path: uri}); got != want {
			t.Errorf("%s: got %s, want %s", uri, got, want)
		}
	}
}

func TestOneFileHasOneKey(t *testing.T) {
	for _, same := range [][]string{
		{"a%20b", "a b"},
		{"/x/y%20z", "file:/x/y%20z", "file:///x/y%20z", "/x//y z"},
	} {
		for _, spelling := range same {
			if got, want := pathKey(spelling), pathKey(same[0]); got != want {
				t.Errorf("%s: got %s, want %s", spelling, got, want)
			}
		}
	}
	if pathKey("x/y") == pathKey("/x/y") {
		t.Error("a path in the table is not one from the root")
	}
}

func TestAddsOutsideTheTableAreRefused(t *testing.T) {
	for _, file := range []string{"/lab/other/f.parquet", "/lab/t", "/lab"} {
		if got, err := relativePath(filepath.FromSlash("/lab/t"), filepath.FromSlash(file)); err == nil {
			t.Errorf("%s: got %s", file, got)
		}
	}
}

func FuzzAddPath(f *testing.F) {
	for _, seed := range []string{"a.parquet", "p=US%2FEast/f", "%", "%zz", "*", "ü 日本", "a:b", "file:x", "?#[]{}", "s3://x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rel string) {
		_ = AbsPath(table, Add{Path: rel})
		_ = pathKey(rel)
		if strings.HasPrefix(rel, "/") || !utf8.ValidString(rel) {
			return
		}
		if got := decodePath(encodePath(rel)); got != rel {
			t.Errorf("%q became %q by way of %q", rel, got, encodePath(rel))
		}
	})
}
