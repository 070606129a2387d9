package extract

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"pgregory.net/rapid"
)

// quiet takes the variables away that fill in what a DSN leaves out.
func quiet(t *testing.T) {
	for _, name := range []string{"PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSERVICE", "PGSSLMODE", "PGOPTIONS", "PGCONNECT_TIMEOUT"} {
		t.Setenv(name, "")
	}
}

func TestADSNShowsUserServerAndDatabaseOnly(t *testing.T) {
	quiet(t)
	for text, want := range map[string]string{
		"postgresql://ana:s3creto@db.local:5433/ventas":                            "postgresql://ana@db.local:5433/ventas",
		"postgres://ana:s3creto@db.local/ventas?application_name=s3creto":          "postgresql://ana@db.local:5432/ventas",
		"postgres://ana:%2F%3F%40s3creto@db.local/ventas":                          "postgresql://ana@db.local:5432/ventas",
		"host=db.local port=6000 user=ana password=s3creto dbname=ventas":          "postgresql://ana@db.local:6000/ventas",
		"host=/run/pg user=ana password='s3 creto' dbname=ventas":                  "postgresql://ana@/ventas?host=%2Frun%2Fpg",
		"postgres://ana@[::1]:5433/ventas?password=s3creto":                        "postgresql://ana@[::1]:5433/ventas",
		"postgres://ana:s3creto@a:1,b:2/ventas?sslmode=disable&connect_timeout=60": "postgresql://ana@a:1/ventas",
	} {
		dsn, err := ParseDSN(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := dsn.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		for _, shown := range everyForm(dsn) {
			if strings.Contains(shown, "creto") {
				t.Errorf("%s shows its password: %s", text, shown)
			}
		}
	}
}

// everyForm prints a DSN in the ways that programs print values.
func everyForm(dsn DSN) []string {
	inside := struct{ D DSN }{dsn}
	asJSON, _ := json.Marshal(inside)
	return []string{dsn.String(), fmt.Sprint(dsn), fmt.Sprintf("%v %+v %#v %s %q", dsn, dsn, dsn, dsn, dsn),
		fmt.Sprintf("%+v %#v", inside, inside), fmt.Sprintf("%+v %#v", &inside, &inside), string(asJSON)}
}

func TestATextThatIsNoDSNIsNotRepeated(t *testing.T) {
	quiet(t)
	for _, text := range []string{
		"s3creto", "postgres://ana:s3creto@host:port/x", "postgres://ana:s3cr/eto@host/x", "postgres://ana:s3cr?eto@host/x",
		"postgres://ana:s3cr#eto@host/x", "postgres://ana:s3creto%@host/x", "host=a password=s3creto word", "postgres://ana:s3creto@h/x?sslmode=s3creto",
		"mysql://ana:s3creto@h/x", "host=a port=s3creto",
	} {
		dsn, err := ParseDSN(text)
		if !failure.Is(err, failure.WrongUse) || !dsn.IsZero() {
			t.Errorf("%s: got %v, %v", text, dsn, err)
		} else if said := fmt.Sprintf("%v %+v", err, err); strings.Contains(said, "s3cr") || strings.Contains(said, "eto") {
			t.Errorf("%s: the error repeats it: %s", text, said)
		}
	}
}

func TestNoPasswordIsEverShown(t *testing.T) {
	quiet(t)
	rapid.Check(t, func(t *rapid.T) {
		// A marker that no escape changes, with hard characters around it.
		hard := rapid.StringOfN(rapid.SampledFrom([]rune("ab1:/?#@%'\\ =&ñ")), 0, 6, -1)
		password := hard.Draw(t, "before") + "XYZZY" + hard.Draw(t, "after")
		text := rapid.SampledFrom([]string{
			"postgres://ana:" + password + "@db/x",
			"postgres://ana:" + url.QueryEscape(password) + "@db/x",
			"host=db user=ana password=" + password + " dbname=x",
			"host=db user=ana password='" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(password) + "' dbname=x",
		}).Draw(t, "dsn")
		dsn, err := ParseDSN(text)
		if err != nil {
			if strings.Contains(err.Error(), "XYZZY") {
				t.Fatalf("%s: %v", text, err)
			}
			return
		}
		for _, shown := range everyForm(dsn) {
			if strings.Contains(shown, "XYZZY") {
				t.Fatalf("%s is shown as %s", text, shown)
			}
		}
	})
}

func TestAServerThatIsSilentIsNotWaitedForLong(t *testing.T) {
	quiet(t)
	for text, want := range map[string]time.Duration{
		"host=db": connectTimeout, "host=db connect_timeout=60": time.Minute, "postgres://db/x?connect_timeout=3": 3 * time.Second,
	} {
		dsn, err := ParseDSN(text)
		if err != nil || dsn.config.ConnectTimeout != want {
			t.Errorf("%s: got %v, %v, want %v", text, dsn.config.ConnectTimeout, err, want)
		}
	}
}

func FuzzParseDSNNeverPanics(f *testing.F) {
	for _, seed := range []string{"", "postgres://", "host=", "postgres://u:p@h/d?x=y", "host='a", "\x00", "postgres://[::1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "service") || strings.Contains(text, "ssl") || strings.Contains(text, "passfile") {
			t.Skip("reads files")
		}
		if dsn, err := ParseDSN(text); err == nil {
			_ = dsn.String() + dsn.Address()
		}
	})
}
