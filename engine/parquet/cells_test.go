package parquet

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"autoloaderlab/engine/storage"

	"github.com/apache/arrow/go/v17/arrow"
	"pgregory.net/rapid"
)

func TestThePageOfAscendingValuesKnowsItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.StringMatching(`[ab\x00]{0,20}`), rapid.StringMatching(`2025-0[12]-[0-9]{2} [0-9]{2}`))
		texts := rapid.SliceOfN(value, 1, 20).Draw(t, "values")
		if rapid.Bool().Draw(t, "sorted") {
			slices.Sort(texts)
		}
		var c cells
		for _, text := range texts {
			c.append([]byte(text))
		}
		var s deltaStrings
		s.add(&c)
		if s.ascended != slices.IsSorted(texts) {
			t.Fatalf("%q: ascended %v", texts, s.ascended)
		}
	})
}

// The shares may be less than values have in common, but what they and the rests
// add up to must be the values.
func TestStemsAndRestsAreTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(
			rapid.StringMatching(`[ab]{0,20}`),
			rapid.StringMatching(`2025-[01][0-9] [0-9]{2}`),
			rapid.StringMatching(`más de dieciséis bytes en común [0-9]{0,3}`),
			rapid.StringN(0, 40, -1),
		)
		var s deltaStems
		var want, got []string
		for _, batch := range rapid.SliceOfN(rapid.SliceOfN(value, 0, 12), 1, 4).Draw(t, "batches") {
			var c cells
			for _, text := range batch {
				c.append([]byte(text))
			}
			s.add(&c)
			want = append(want, batch...)
		}
		last, rest := "", string(s.suffixes)
		for i, shared := range s.shared {
			last = last[:shared] + rest[:s.more[i]]
			rest = rest[s.more[i]:]
			got = append(got, last)
		}
		if !slices.Equal(got, want) || rest != "" {
			t.Fatalf("got %q and %q left over, want %q", got, rest, want)
		}
	})
}

func TestADictionaryNumbersTextsAsTheyCome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.StringMatching(`[ab\x00]{0,9}`), rapid.StringMatching(`[0-9]{1,4}\.[0-9]{2}`))
		var d dictionary
		d.forget()
		want, numbers := map[string]uint32{}, []uint32{}
		for _, batch := range rapid.SliceOfN(rapid.SliceOfN(value, 0, 200), 1, 4).Draw(t, "batches") {
			var c cells
			for _, text := range batch {
				c.append([]byte(text))
				if _, met := want[text]; !met {
					want[text] = uint32(len(want))
				}
				numbers = append(numbers, want[text])
			}
			d.add(&c)
		}
		if !slices.Equal(d.numbers, numbers) {
			t.Fatalf("got %d, want %d", d.numbers, numbers)
		}
		for text, number := range want {
			if got := string(d.entries.at(int(number))); got != text {
				t.Errorf("entry %d is %q, not %q", number, got, text)
			}
		}
	})
}

// What a file was made with serves the next one: nothing of the first may be seen in it.
func TestAFileIsTheSameWhateverWasWrittenBefore(t *testing.T) {
	small, _ := purchaseRecords(1, 100)
	large, _ := purchaseRecords(3, 50_000)
	store := storage.NewMemory(nil)
	one, err := NewWriters(store, purchases)
	if err != nil {
		t.Fatal(err)
	}
	for i, records := range [][]arrow.Record{large, small, large, small} {
		own, err := NewWriters(store, purchases)
		if err != nil {
			t.Fatal(err)
		}
		got, want := writeWith(t, one, fmt.Sprintf("/t/%d", i), records), writeWith(t, own, fmt.Sprintf("/own/%d", i), records)
		if !reflect.DeepEqual(got.Columns, want.Columns) || got.Rows != want.Rows {
			t.Errorf("file %d: %+v, not %+v", i, got, want)
		}
		gotBytes, wantBytes := must(store.ReadFile(got.Path)), must(store.ReadFile(want.Path))
		if !bytes.Equal(gotBytes, wantBytes) {
			t.Errorf("file %d has other bytes", i)
		}
	}
}

func writeWith(t *testing.T, writers *Writers, path string, records []arrow.Record) DataFile {
	t.Helper()
	w, err := writers.Begin(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records {
		if err := w.Write(record); err != nil {
			t.Fatal(err)
		}
	}
	file, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func must(data []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return data
}
