package checkpoint

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The set says what a map of strings says, whatever is put in and asked for.
func TestThePathSetIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		uri := rapid.OneOf(
			rapid.StringMatching(`file:///[ab]{0,3}/?[abc]{0,3}`), // many of them twice
			rapid.String(),
			rapid.Map(rapid.IntRange(0, 2*blockBytes), func(n int) string { return strings.Repeat("x", n) }),
		)
		want := map[string]int64{}
		set := newPathSet(rapid.IntRange(0, 5000).Draw(t, "expected"))
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			var uris [][]byte
			var timesMs []int64
			for _, uri := range rapid.SliceOfN(uri, 0, 2*pageSize).Draw(t, "uris") {
				at := rapid.Int64().Draw(t, "time")
				if before, ok := want[uri]; !ok || at > before {
					want[uri] = at
				}
				uris, timesMs = append(uris, []byte(uri)), append(timesMs, at)
			}
			set.add(uris, timesMs)
		}
		if set.count != len(want) {
			t.Fatalf("it has %d, want %d", set.count, len(want))
		}
		asked := rapid.SliceOf(uri).Draw(t, "asked")
		for uri := range want {
			asked = append(asked, uri)
		}
		for _, uri := range asked {
			at, ok := want[uri]
			if got := set.find([][]byte{[]byte(uri)}, nil)[0]; got != (Sighting{ok, at}) {
				t.Fatalf("%.40q: got %+v, want %v, %d", uri, got, ok, at)
			}
		}
	})
}

// Two paths of one hash are two paths: taken for known, a new file would be lost.
func TestAHashAloneMakesNoPathKnown(t *testing.T) {
	set := newPathSet(0)
	of := func(i int) key { return key{true, uint64(i % 2), fmt.Append(nil, i/2), 42} }
	for i := range 200 {
		if got := set.get(of(i)); got.Seen {
			t.Fatalf("%d is known before it was put", i)
		}
		set.put(of(i), int64(i))
	}
	for i := range 200 {
		if got, want := set.get(of(i)), (Sighting{true, int64(i)}); got != want {
			t.Errorf("%d: got %+v, want %+v", i, got, want)
		}
	}
}

func TestThePathSetGrows(t *testing.T) {
	set := newPathSet(0)
	var uris [][]byte
	for i := range 10_000 {
		uris = append(uris, fmt.Appendf(nil, "file:///%d/%d", i%7, i))
	}
	set.add(uris, make([]int64, len(uris)))
	for i, got := range set.find(uris, nil) {
		if !got.Seen {
			t.Fatalf("%s is lost", uris[i])
		}
	}
	if set.count != len(uris) || set.full(set.count) {
		t.Errorf("it has %d in %d slots", set.count, len(set.slots))
	}
}
