package text_test

import (
	"errors"
	"strings"
	"testing"

	"autoloaderlab/engine/failure"
	"autoloaderlab/ui/text"
)

func TestThePasswordOfAConnectionStringIsHidden(t *testing.T) {
	for in, want := range map[string]string{
		"postgresql://ana:s3creto@db:5432/x":         "postgresql://ana:…@db:5432/x",
		"postgresql://ana:s3c:re@to/@db/x":           "postgresql://ana:…@db/x",
		"postgresql://ana@db/x":                      "postgresql://ana@db/x",
		"host=db password=s3creto dbname=x":          "host=db password=… dbname=x",
		"host=db PASSWORD = 's3 cr\\'eto' dbname=x":  "host=db PASSWORD = … dbname=x",
		"postgresql://db/x?password=s3creto":         "postgresql://db/x?password=…",
		"file:///Volumes/a@b":                        "file:///Volumes/a@b",
		"account_premium_features_2025-03-06.csv":    "account_premium_features_2025-03-06.csv",
		"--dsn=postgres://ana:s3creto@127.0.0.1/x y": "--dsn=postgres://ana:…@127.0.0.1/x y",
	} {
		if got := text.HideSecrets(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestWrongUseDoesNotRepeatAPassword(t *testing.T) {
	const dsn = "postgresql://ana:s3creto@db/x"
	for _, m := range []text.Message{
		text.UnknownCommand(dsn, nil), text.TooManyArguments("lab extraer", dsn), text.BadOption(dsn), text.BadFlag("--"+dsn, "lab"),
		text.BadFlagValue("--fecha", dsn, "", "lab"), text.BadDate("--fecha", dsn), text.BadDSN(),
		text.UnknownAction("lab postgres", dsn, []string{"iniciar"}), text.Explain(failure.New(failure.WrongUse, "read dsn", dsn)),
	} {
		if all := m.What + m.Why + m.Try; strings.Contains(all, "s3creto") {
			t.Errorf("repeats it: %s", all)
		}
	}
}

// The reasons and SQLSTATEs that the extraction gives as hints ask for different
// things to try.
func TestWhyAConnectionFailsChangesWhatToTry(t *testing.T) {
	tries := map[string]string{}
	for _, hint := range []string{"", "refused", "name", "timeout", "tls", "53300", "57P01"} {
		m := text.Explain(failure.New(failure.ConnectionFailed, "connect to", "db:5432").Hinting(hint).Because(errors.New("dial tcp")))
		for _, sentence := range []string{m.What, m.Why, m.Try} {
			for _, fault := range faultsOf(sentence) {
				t.Errorf("%s: %s: %q", hint, fault, sentence)
			}
		}
		if other, told := tries[m.Try]; told {
			t.Errorf("%q and %q ask for the same: %s", hint, other, m.Try)
		}
		tries[m.Try] = hint
	}
	for _, hint := range []string{"57014", "55P03", "22008"} {
		m := text.Explain(failure.New(failure.SourceFailed, "query", "db:5432").Hinting(hint))
		for _, sentence := range []string{m.What, m.Why, m.Try} {
			for _, fault := range faultsOf(sentence) {
				t.Errorf("%s: %s: %q", hint, fault, sentence)
			}
		}
	}
}

func TestTheCursorIsToldOnlyWhenItIsWorthAWord(t *testing.T) {
	for _, c := range []struct {
		again, written, landed bool
		skipped                int64
		want                   string
	}{
		{false, true, true, 0, ""},
		{false, false, false, 0, ""},
		{true, false, true, 3, "sigue igual"},
		{true, true, true, 0, "no lo vuelve a leer"},
		{false, true, true, 1, "saltó un día sin extraerlo: 2025-03-06"},
		{false, true, true, 2, "de 2025-03-06 a 2025-03-07"},
	} {
		got := text.CursorMoved(c.again, c.written, c.landed, c.skipped, "2025-03-06", "2025-03-07")
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: got %q", c, got)
		}
		for _, fault := range typography(got) {
			t.Errorf("%+v: %s", c, fault)
		}
	}
}

func TestAServerIsTold(t *testing.T) {
	rows := int64(2693)
	for _, c := range []struct {
		server text.Server
		want   []string
	}{
		{text.Server{Own: true}, []string{"No hay PostgreSQL", "datos incluidos"}},
		{text.Server{Own: true, Installed: "/usr/bin"}, []string{"parado", "iniciar"}},
		{text.Server{Own: true, Running: true, Kept: true, Rows: &rows, DSN: "postgresql://lab@/x"}, []string{"hasta «lab postgres parar»", "filas", "postgresql://lab@/x"}},
		{text.Server{Own: true, Running: true}, []string{"quien lo arrancó", "sembrar"}},
		{text.Server{Version: "16.1\x1b[2J"}, []string{"responde", `16.1\x1b[2J`}},
	} {
		got := c.server.String()
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("got %q, want %q in it", got, want)
			}
		}
	}
}
