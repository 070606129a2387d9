package text_test

import (
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/text"
)

// plain shows U+00A0 as _.
func plain(s string) string { return strings.ReplaceAll(s, text.Space, "_") }

func TestNumbersAreWrittenAsInSpanish(t *testing.T) {
	for got, want := range map[string]string{
		text.Number(0):                          "0",
		text.Number(552):                        "552",
		text.Number(1250):                       "1_250",
		text.Number(-1234567):                   "−1_234_567",
		text.Decimal(1250.25, 1):                "1_250,2",
		text.Percent(68, 100):                   "68_%",
		text.Percent(999, 1000):                 "99_%",
		text.Percent(5, 5):                      "100_%",
		text.Percent(0, 0):                      "100_%",
		text.Bytes(999):                         "999_B",
		text.Bytes(13200):                       "13,2_kB",
		text.Bytes(999_950):                     "1,0_MB",
		text.Bytes(1 << 62):                     "4,6_EB",
		text.Rows(1):                            "1 fila",
		text.Rows(1250):                         "1_250 filas",
		text.Files(0):                           "0 archivos",
		text.Batches(2):                         "2 lotes",
		text.Duration(41 * time.Millisecond):    "41_ms",
		text.Duration(3200 * time.Millisecond):  "3,2_s",
		text.Duration(125 * time.Second):        "2_min 5_s",
		text.Day(time.Unix(0, 0).UTC()):         "1970-01-01",
		text.ShortID("1a2b3c4d-5e6f-0000-0000"): "1a2b3c4d",
	} {
		if plain(got) != want {
			t.Errorf("got %q, want %q", plain(got), want)
		}
	}
}

func TestWhatATerminalWouldObeyIsSpelledOut(t *testing.T) {
	for in, want := range map[string]string{
		"año «x» 目录 🙂":         "año «x» 目录 🙂",
		"a\x1b[31mb":           `a\x1b[31mb`,
		"l1\nl2\r\t":           `l1\nl2\r\t`,
		"\u202edrawkcab\u2066": `\u202edrawkcab\u2066`,
		"caf\xe9":              `caf\xe9`,
		"\x7f\u0085\u009b2J":   `\x7f\u0085\u009b2J`,
		"a\u200bb\ufeff":       `a\u200bb\ufeff`,
		"\u2028\U000e0041":     `\u2028\U000e0041`,
		"�":                    "�",
	} {
		if got := text.Sanitize(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func FuzzSanitizeLeavesNothingATerminalObeys(f *testing.F) {
	for _, seed := range []string{"", "\x1b[2J", "\xff\xfe", "\u202e", "a\nb", "🙂"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := text.Sanitize(s)
		if text.Sanitize(got) != got {
			t.Errorf("%q: got %q, which is not safe yet", s, got)
		}
	})
}

func TestWidthsAreThoseOfATerminal(t *testing.T) {
	for s, want := range map[string]int{"": 0, "añó": 3, "an\u0303o": 3, "目录": 4, "🙂": 2, "1\u00a0250": 5, "─": 1} {
		if got := text.Width(s); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
}

func TestATableKeepsItsColumnsWhateverTheLetters(t *testing.T) {
	got := text.Table(
		[]text.Column{{Title: "nombre", Kind: "STRING"}, {Title: "n", Kind: "BIGINT", Numbers: true}},
		[][]text.Cell{
			{{Text: "目录"}, {Text: "1"}},
			{{Null: true}, {Text: "23"}},
			{{Text: ""}, {Null: true}},
			{{Text: "NULL"}, {Text: "4"}},
			{{Text: "a\x1bb"}, {Text: "5"}},
		})
	want := "" +
		"nombre       n\n" +
		"STRING  BIGINT\n" +
		"------  ------\n" +
		"目录         1\n" +
		"NULL        23\n" +
		"''        NULL\n" +
		"'NULL'       4\n" +
		`a\x1bb       5` + "\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestATableCutsNothingAndShowsItsHeadWithoutRows(t *testing.T) {
	long := strings.Repeat("x", 5000)
	if got := text.Table([]text.Column{{Title: "a"}}, [][]text.Cell{{{Text: long}}}); !strings.Contains(got, long) {
		t.Error("a long value was cut")
	}
	if got, want := text.Table([]text.Column{{Title: "a"}, {Title: "b"}}, nil), "a  b\n-  -\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEachMilestoneIsOneSpanishLine(t *testing.T) {
	batch, lost, none := int64(1), 3, 0
	for _, c := range []struct {
		event progress.Event
		want  string
	}{
		{progress.Listed{SeenFiles: 3, NewFiles: 1, Bytes: 1804}, "Origen: 1 archivo nuevo (1,8_kB); el registro conocía 3."},
		{progress.Listed{SeenFiles: 3}, "Origen: ningún archivo nuevo; el registro conocía 3."},
		{progress.Discovered{Files: 1, Bytes: 1804}, "Lote 1 (retomado), descubierto: 1 archivo (1,8_kB) en el registro de archivos."},
		{progress.Planned{Files: 2, Bytes: 10}, "Lote 1 (retomado), planeado: «offsets/1» nombra 2 archivos (10_B)."},
		{progress.Written{Path: "/a/part-0.parquet", Rows: 50, Bytes: 900}, "Lote 1 (retomado), escrito: 50 filas (900_B) en «part-0.parquet»."},
		{progress.TableCommitted{Version: 2}, "Lote 1 (retomado), tabla confirmada: es la versión 2."},
		{progress.AlreadyInTable{TxnVersion: 1}, "Lote 1 (retomado), ya en la tabla: su txn es 1 y no se escribe nada; esa versión no dice qué archivos cargó."},
		{progress.AlreadyInTable{TxnVersion: 1, UnloadedFiles: &none}, "Lote 1 (retomado), ya en la tabla: su txn es 1 y no se escribe nada; todos sus archivos están cargados."},
		{progress.AlreadyInTable{TxnVersion: 1, UnloadedFiles: &lost}, "Lote 1 (retomado), ya en la tabla: su txn es 1 y no se escribe nada; 3 archivos sin cargar."},
		{progress.Confirmed{}, "Lote 1 (retomado), confirmado: «commits/1» está en el disco."},
		{progress.Advanced{}, ""},
		{progress.Finished{}, ""},
	} {
		got := text.Narrate(progress.Stamped{Batch: &batch, Replayed: true, Event: c.event})
		if plain(got) != c.want {
			t.Errorf("got %q, want %q", plain(got), c.want)
		}
		if got != "" {
			for _, fault := range faultsOf(got) {
				t.Errorf("%s: %q", fault, got)
			}
		}
	}
}

func TestEveryWarningHasItsOwnWords(t *testing.T) {
	unknown := text.Warning(progress.Warned{Class: "x"})
	for _, class := range []string{progress.RowsLost, progress.HeaderLooksWrong, progress.TailLost,
		progress.CorruptSkipped, progress.MissingSkipped, progress.LogCheckpointLost} {
		for _, w := range []progress.Warned{{Class: class, Things: []string{"a.csv"}, Count: 1}, {Class: class, Count: 2}} {
			got := text.Warning(w)
			if got == unknown || strings.Contains(got, class) {
				t.Errorf("%s has no words: %q", class, got)
			}
			for _, fault := range typography(got) {
				t.Errorf("%s: %s: %q", class, fault, got)
			}
		}
	}
}

func TestTheSummaryTellsTheRunAndRepeatsItsWarnings(t *testing.T) {
	version, id := int64(1), "1a2b3c4d-0000"
	f := progress.Finished{State: progress.Terminated, QueryID: &id, Batches: 1, NewFiles: 3, RowsWritten: 1552, TableVersion: &version, DurationMs: 41}
	got := plain(text.Summary(f, "a.b.c", []string{"Cuidado."}))
	want := "Carga terminada: 1 lote, 3 archivos nuevos y 1_552 filas escritas en «a.b.c».\n" +
		"Versión 1 de la tabla, consulta 1a2b3c4d, 41_ms.\n" +
		"\n1 aviso que no debes pasar por alto:\n  ¡AVISO! Cuidado.\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got = plain(text.Summary(progress.Finished{State: progress.Terminated, DurationMs: 2}, "a.b.c", nil))
	if want := "Nada nuevo que cargar en la tabla «a.b.c».\n2_ms.\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTheBarFitsWhateverTheWidth(t *testing.T) {
	a := progress.Advanced{BytesRead: 680_000, BytesTotal: 1_000_000, Rows: 1250}
	if got, want := plain(text.Bar(a, 60)), "[===================          ]  68_%  680,0_kB  1_250 filas"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for width := range 120 {
		if got := text.Width(text.Bar(a, width)); got > width {
			t.Errorf("width %d: got %d cells", width, got)
		}
	}
}

func TestOnlyAYesIsAYes(t *testing.T) {
	for answer, want := range map[string]bool{"s\n": true, "Sí": true, " si ": true, "": false, "n": false, "y": false, "sss": false} {
		if got := text.Yes(answer); got != want {
			t.Errorf("%q: got %t, want %t", answer, got, want)
		}
	}
}

func TestAQuestionNamesTheFolderWhatIsLostAndWhatIsNot(t *testing.T) {
	rows := int64(1552)
	got := plain(text.AskDropTable("a.b.c", "/lab/catalogs/a/b/c", &rows, true, "/lab/cp").String())
	for _, want := range []string{"«a.b.c»", "/lab/catalogs/a/b/c", "Se pierde: la tabla, con 1_552 filas", "Se pierde: el checkpoint que está dentro",
		"No se toca: los archivos del origen", "No se toca: el checkpoint, que está en /lab/cp", "¿Borrar la tabla? [s/N] "} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	if got := text.AskReset("/lab", true).String(); strings.Contains(got, "No se toca: tu progreso") || !strings.Contains(got, "«--todo»") {
		t.Errorf("got %q, want the progress among what is lost", got)
	}
}
