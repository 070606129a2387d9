package extract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"pgregory.net/rapid"
)

// told is a source that gives text in pieces and then err.
type told struct {
	text  string
	piece int
	rows  int64
	err   error
}

func (s told) Extract(_ context.Context, _ Date, to io.Writer) (int64, error) {
	for rest := s.text; rest != ""; {
		n := min(max(s.piece, 1), len(rest))
		if _, err := io.WriteString(to, rest[:n]); err != nil {
			return 0, err
		}
		rest = rest[n:]
	}
	return s.rows, s.err
}

const (
	landingDir = "/landing"
	landedFile = landingDir + "/account_premium_features_2025-03-06.csv"
	header     = "account_feature_id,account_id,feature_id,purchase_date,amount_paid\n"
)

func day(t testing.TB, text string) Date {
	t.Helper()
	day, err := ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func land(t *testing.T, store storage.Store, source Source) (Landed, error) {
	t.Helper()
	return Land(context.Background(), store, landedFile, day(t, "2025-03-06"), source)
}

// names lists the landing folder, temporary files included.
func names(t *testing.T, store storage.Store) string {
	t.Helper()
	entries, err := store.List(landingDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name)
	}
	return strings.Join(all, " ")
}

func TestADayLandsWhole(t *testing.T) {
	store := storage.NewMemory(nil)
	got, err := land(t, store, told{text: header + "1,2,3,4,5\n", rows: 1})
	if want := (Landed{1, true}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if data, _ := store.ReadFile(landedFile); string(data) != header+"1,2,3,4,5\n" {
		t.Errorf("got %q", data)
	}
}

func TestTheSameBytesLeaveTheFileUntouched(t *testing.T) {
	store := storage.NewMemory(nil)
	text := header + strings.Repeat("1,2,3,4,5\n", 100_000)
	long := time.Date(2025, 3, 6, 0, 0, 0, 0, time.UTC)
	if err := store.Put(landedFile, []byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := store.SetModTime(landedFile, long); err != nil {
		t.Fatal(err)
	}
	for _, piece := range []int{7, 1 << 20} {
		got, err := land(t, store, told{text: text, piece: piece, rows: 100_000})
		if want := (Landed{100_000, false}); err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
	if info, _ := store.Stat(landedFile); !info.ModTime.Equal(long) {
		t.Errorf("modified at %v, want %v", info.ModTime, long)
	}
	if got := names(t, store); strings.Contains(got, storage.TempSuffix) {
		t.Errorf("a temporary file is left: %s", got)
	}
}

func TestOtherBytesReplaceTheFile(t *testing.T) {
	for name, present := range map[string]string{
		"longer": header + "1\n2\n", "shorter": header, "of the same length": header + "2\n", "empty": "",
	} {
		store := storage.NewMemory(nil)
		if err := store.Put(landedFile, []byte(present)); err != nil {
			t.Fatal(err)
		}
		got, err := land(t, store, told{text: header + "1\n", rows: 1})
		data, _ := store.ReadFile(landedFile)
		if err != nil || !got.Written || string(data) != header+"1\n" {
			t.Errorf("%s: got %+v, %v, %q", name, got, err, data)
		}
	}
}

func TestADayWithoutRowsLeavesNoFile(t *testing.T) {
	for name, text := range map[string]string{"a header": header, "nothing": ""} {
		store := storage.NewMemory(nil)
		got, err := land(t, store, told{text: text})
		if err != nil || got != (Landed{}) || names(t, store) != "" {
			t.Errorf("%s: got %+v, %v, files %q", name, got, err, names(t, store))
		}
	}
}

func TestASourceThatBreaksOffLeavesWhatWasThere(t *testing.T) {
	broken := failure.New(failure.ConnectionFailed, "query", "x")
	for _, present := range []string{"", "yesterday's\n"} {
		store := storage.NewMemory(nil)
		if present != "" {
			if err := store.Put(landedFile, []byte(present)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := land(t, store, told{text: header + strings.Repeat("1\n", 1<<20), rows: 7, err: broken})
		if !failure.Is(err, failure.ConnectionFailed) {
			t.Errorf("got %v", err)
		}
		data, _ := store.ReadFile(landedFile)
		if string(data) != present || strings.Contains(names(t, store), storage.TempSuffix) {
			t.Errorf("got %q, want %q; files %s", data, present, names(t, store))
		}
	}
}

func TestAWriteThatFailsLeavesTheFileWholeOrAbsent(t *testing.T) {
	text := header + strings.Repeat("1\n", 1<<20)
	for _, fault := range storage.Faults {
		store := storage.NewFaulty(storage.NewMemory(nil), func(int, storage.Write) storage.Fault { return fault })
		_, err := land(t, store, told{text: text, rows: 1 << 20})
		if want := failure.DiskFull; fault == storage.DiskFull && !failure.Is(err, want) || err == nil {
			t.Errorf("%s: got %v", fault, err)
		}
		if data, err := store.ReadFile(landedFile); err == nil && string(data) != text {
			t.Errorf("%s: a file of %d bytes", fault, len(data))
		}
	}
}

func TestWhatLandsIsWhatTheSourceGaveWhateverWasThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.StringOfN(rapid.SampledFrom([]rune("ab,\n\"")), 0, 40, -1)
		before, given := small.Draw(t, "before"), small.Draw(t, "given")
		store := storage.NewMemory(nil)
		if err := store.Put(landedFile, []byte(before)); err != nil {
			t.Fatal(err)
		}
		day, _ := ParseDate("2025-03-06")
		source := told{text: given, piece: rapid.IntRange(1, 9).Draw(t, "piece"), rows: 1}
		got, err := Land(context.Background(), store, landedFile, day, source)
		after, _ := store.ReadFile(landedFile)
		if err != nil || string(after) != given || got.Written == (before == given) {
			t.Fatalf("got %q, %+v, %v", after, got, err)
		}
	})
}

func TestADateIsADayOfTheCalendarAndNothingElse(t *testing.T) {
	for _, text := range []string{"", "2025-3-6", "2025-02-30", "2025-03-06'", "2025-03-06 ", "ayer", "'; DROP TABLE x; --", "20250306", "2025-03-06T00:00:00Z"} {
		if got, err := ParseDate(text); !failure.Is(err, failure.WrongUse) || got != (Date{}) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	if got, err := ParseDate("2025-03-06"); err != nil || got.String() != "2025-03-06" {
		t.Errorf("got %v, %v", got, err)
	}
}

func FuzzADateThatIsTakenIsTenDigitsAndDashes(f *testing.F) {
	for _, seed := range []string{"2025-03-06", "0000-01-01", "2025-03-06'--", "٢٠٢٥-٠٣-٠٦"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		date, err := ParseDate(text)
		if err != nil {
			return
		}
		if got := date.String(); got != text || len(got) != 10 || strings.Trim(got, "0123456789-") != "" {
			t.Errorf("%q: got %q", text, got)
		}
	})
}

func TestTheQueryIsTheNotebooksInAnOrder(t *testing.T) {
	got := copyDay(day(t, "2025-03-06"))
	want := "COPY (SELECT account_feature_id, account_id, feature_id, purchase_date, amount_paid" +
		" FROM public.account_premium_features" +
		" WHERE purchase_date::date = DATE '2025-03-06'" +
		" ORDER BY purchase_date, account_feature_id) TO STDOUT WITH (FORMAT csv, HEADER)"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLandKeepsLittleInMemory(t *testing.T) {
	store := storage.NewLocal()
	path := t.TempDir() + "/big.csv"
	source := endless{rows: 300_000}
	for i := 0; i < 2; i++ { // the second time there is a file to compare with
		allocated := testing.AllocsPerRun(1, func() {
			if _, err := Land(context.Background(), store, path, day(t, "2025-03-06"), source); err != nil {
				t.Fatal(err)
			}
		})
		if allocated > 1000 {
			t.Errorf("run %d: %v allocations for %d rows", i, allocated, source.rows)
		}
	}
}

// endless gives many rows without keeping any.
type endless struct{ rows int64 }

func (s endless) Extract(_ context.Context, _ Date, to io.Writer) (int64, error) {
	row := bytes.Repeat([]byte("7"), 40)
	row = append(row, '\n')
	for i := int64(0); i < s.rows; i++ {
		if _, err := to.Write(row); err != nil {
			return 0, err
		}
	}
	return s.rows, nil
}
