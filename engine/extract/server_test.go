//go:build postgres && unix

package extract

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/fixtures"
)

// These tests need a PostgreSQL in whose databases they may do as they like:
// LAB_TEST_DSN is its superuser's. Without one they fail.

// server is the superuser's DSN for one of the server's databases.
func server(t testing.TB, database string, change func(*url.URL)) DSN {
	t.Helper()
	text := os.Getenv("LAB_TEST_DSN")
	if text == "" {
		t.Fatal("LAB_TEST_DSN is not set: .ci/postgres/run sets it")
	}
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + database
	if change != nil {
		change(u)
	}
	dsn, err := ParseDSN(u.String())
	if err != nil {
		t.Fatal(err)
	}
	return dsn
}

// fresh is an empty database of the test's own.
func fresh(t testing.TB, statements ...string) (dsn DSN, name string) {
	t.Helper()
	admin := enter(t, server(t, "postgres", nil))
	name = fmt.Sprintf("t%d", time.Now().UnixNano())
	must(t, admin.exec(context.Background(), "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'"))
	dsn = server(t, name, nil)
	run(t, dsn, statements...)
	return dsn, name
}

func enter(t testing.TB, dsn DSN) *Database {
	t.Helper()
	database, err := Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	return database
}

func run(t testing.TB, dsn DSN, statements ...string) {
	t.Helper()
	database, err := Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	for _, statement := range statements {
		if err := database.exec(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func extractDay(t testing.TB, dsn DSN, date string) (string, int64) {
	t.Helper()
	var out bytes.Buffer
	rows, err := enter(t, dsn).Extract(context.Background(), day(t, date), &out)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), rows
}

func days() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, day := range fixtures.Days() {
			if data, _ := fixtures.CSV(day.Date); !yield(data) {
				return
			}
		}
	}
}

// hostile are settings that change how values look, and are not ours to change.
const hostile = `ALTER DATABASE %[1]s SET DateStyle = 'German, DMY';
ALTER DATABASE %[1]s SET TimeZone = 'Asia/Tokyo';
ALTER DATABASE %[1]s SET client_encoding = 'LATIN1';
ALTER DATABASE %[1]s SET extra_float_digits = -5;
ALTER DATABASE %[1]s SET default_transaction_read_only = on`

func TestEveryDayOfASeededDatabaseIsTheBundledFile(t *testing.T) {
	dsn, name := fresh(t)
	rows, err := enter(t, dsn).Seed(context.Background(), fixtures.Schema(), days(), false)
	if err != nil || rows != 2693 {
		t.Fatalf("seeded %d rows, %v", rows, err)
	}
	for _, settings := range []string{"", fmt.Sprintf(hostile, name)} {
		if settings != "" {
			run(t, dsn, strings.Split(settings, ";")...)
		}
		for _, want := range fixtures.Days() {
			data, _ := fixtures.CSV(want.Date)
			if got, rows := extractDay(t, dsn, want.Date); got != string(data) || int(rows) != want.Rows {
				t.Errorf("%s: got %d rows, want %d; the same bytes: %t", want.Date, rows, want.Rows, got == string(data))
			}
		}
		if _, rows := extractDay(t, dsn, "2025-03-09"); rows != 0 {
			t.Errorf("2025-03-09: got %d rows", rows)
		}
	}
}

func TestSeedingIsAllOrNothingAndNeverReplacesByItself(t *testing.T) {
	dsn, _ := fresh(t)
	ctx := context.Background()
	broken := func(yield func([]byte) bool) { _ = yield([]byte("no,such,file\n1\n")) }
	if _, err := enter(t, dsn).Seed(ctx, fixtures.Schema(), broken, false); !failure.Is(err, failure.SourceFailed) {
		t.Errorf("a day that is none: got %v", err)
	}
	if _, there, err := enter(t, dsn).Rows(ctx); there || err != nil {
		t.Errorf("half seeded: %t, %v", there, err)
	}
	if _, err := enter(t, dsn).Seed(ctx, fixtures.Schema(), days(), false); err != nil {
		t.Fatal(err)
	}
	database := enter(t, dsn)
	if _, err := database.Seed(ctx, fixtures.Schema(), days(), false); !failure.Is(err, failure.SourceTableExists) {
		t.Errorf("twice: got %v", err)
	}
	if rows, err := database.Seed(ctx, fixtures.Schema(), days(), true); err != nil || rows != 2693 {
		t.Errorf("replacing, on the connection that just failed: got %d, %v", rows, err)
	}
}

func TestInstantsAreWrittenInUTCAndADayIsUTCs(t *testing.T) {
	dsn, name := fresh(t,
		`CREATE TABLE public.account_premium_features (account_feature_id int, account_id int, feature_id int, purchase_date timestamptz, amount_paid double precision)`,
		`INSERT INTO public.account_premium_features VALUES
			(1, 1, 1, '2025-03-06 00:00:00+00', 0.1), (2, 1, 1, '2025-03-06 23:59:59.123456+00', 1e20),
			(3, 1, 1, '2025-03-06 23:30:00-05', 'NaN'), (4, 1, 1, '2025-03-06 01:00:00+09', 'Infinity'), (5, 1, 1, 'infinity', 0.3)`)
	run(t, dsn, "ALTER DATABASE "+name+" SET TimeZone = 'America/Lima'", "ALTER DATABASE "+name+" SET extra_float_digits = 0")
	got, rows := extractDay(t, dsn, "2025-03-06")
	want := header + "1,1,1,2025-03-06 00:00:00+00,0.1\n2,1,1,2025-03-06 23:59:59.123456+00,1e+20\n"
	if got != want || rows != 2 {
		t.Errorf("got %q, %d rows, want %q", got, rows, want)
	}
}

func TestNullIsNotTheEmptyTextAndQuotesAndLineBreaksAreRight(t *testing.T) {
	dsn, _ := fresh(t,
		`CREATE TABLE public.account_premium_features (account_feature_id int, account_id text, feature_id text, purchase_date timestamp, amount_paid text)`,
		`INSERT INTO public.account_premium_features VALUES
			(1, NULL, '', '2025-03-06', 'a,b'), (2, 'say "hi"', E'two\nlines', '2025-03-06', E'cr\rlf\r\n'), (3, 'ñ目🙂', ' ', '2025-03-06', E'\\N'), (4, E'\\.', 'NULL', '2025-03-06', '''')`)
	got, rows := extractDay(t, dsn, "2025-03-06")
	want := header + "1,,\"\",2025-03-06 00:00:00,\"a,b\"\n" +
		"2,\"say \"\"hi\"\"\",\"two\nlines\",2025-03-06 00:00:00,\"cr\rlf\r\n\"\n" +
		"3,ñ目🙂, ,2025-03-06 00:00:00,\\N\n" +
		"4,\\.,NULL,2025-03-06 00:00:00,'\n"
	if got != want || rows != 4 {
		t.Errorf("got %q, %d rows\nwant %q", got, rows, want)
	}
	if records, err := csv.NewReader(strings.NewReader(got)).ReadAll(); err != nil || len(records) != 5 || records[2][2] != "two\nlines" {
		t.Errorf("another reader sees %q, %v", records, err)
	}
}

func TestWhatTheServerRefusesIsToldByItsClass(t *testing.T) {
	const table = "CREATE TABLE public.account_premium_features "
	dsn, name := fresh(t)
	run(t, dsn, "CREATE ROLE lector_"+name+" LOGIN PASSWORD 'x'")
	as := func(user, password string) func(*url.URL) {
		return func(u *url.URL) { u.User = url.UserPassword(user, password) }
	}
	check := func(what string, want failure.Class, dsn DSN) {
		t.Helper()
		database, err := Connect(context.Background(), dsn)
		if err == nil {
			defer database.Close()
			_, err = database.Extract(context.Background(), day(t, "2025-03-06"), io.Discard)
		}
		if !failure.Is(err, want) {
			t.Errorf("%s: got %v, want %s", what, err, want)
		}
	}
	check("no table", failure.SourceTableNotFound, dsn)
	check("no database", failure.DatabaseNotFound, server(t, "nada", nil))
	check("a wrong password", failure.AuthenticationFailed, server(t, name, as("lector_"+name, "y")))
	check("an unknown user", failure.AuthenticationFailed, server(t, name, as("nadie", "y")))
	run(t, dsn, table+"(account_feature_id int, account_id int, purchase_date timestamp, amount_paid int)")
	check("no column", failure.SourceTableNotFound, dsn)
	run(t, dsn, "ALTER TABLE public.account_premium_features ADD feature_id int")
	check("no privilege", failure.SourceDenied, server(t, name, as("lector_"+name, "x")))
	run(t, dsn, "ALTER TABLE public.account_premium_features ALTER purchase_date TYPE int USING 1")
	check("a cursor that is no date", failure.SourceFailed, dsn)
}

// slow is a table whose one row takes a minute to come.
var slow = []string{
	`CREATE FUNCTION wait(double precision) RETURNS timestamp LANGUAGE sql VOLATILE AS 'SELECT timestamp ''2025-03-06'' FROM pg_sleep($1)'`,
	`CREATE VIEW public.account_premium_features AS SELECT 1 AS account_feature_id, 1 AS account_id, 1 AS feature_id, wait(60) AS purchase_date, 1 AS amount_paid`,
}

func TestAHangingQueryIsCancelledOnTheServer(t *testing.T) {
	dsn, name := fresh(t, slow...)
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	store := storage.NewMemory(nil)
	database := enter(t, dsn)
	began := time.Now()
	_, err := Land(ctx, store, landedFile, day(t, "2025-03-06"), database)
	if took := time.Since(began); !failure.Is(err, failure.Cancelled) || took > 3*time.Second {
		t.Errorf("got %v after %v", err, took)
	}
	if got := names(t, store); got != "" {
		t.Errorf("left behind: %s", got)
	}
	found, err := enter(t, dsn).query(context.Background(),
		"SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND pid <> pg_backend_pid()", name)
	if err != nil || *found[0][0] != "0" {
		t.Errorf("queries still running: %v, %v", found, err)
	}
}

func TestAConnectionThatIsCutLeavesNoFile(t *testing.T) {
	dsn, name := fresh(t)
	run(t, dsn, fixtures.Schema(), `INSERT INTO public.account_premium_features
		SELECT n, 1, 1, timestamp '2025-03-06', 1 FROM generate_series(1, 300000) n`)
	store := storage.NewMemory(nil)
	cut := cutting{enter(t, dsn), func() {
		run(t, server(t, "postgres", nil), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+name+"'")
	}}
	_, err := Land(context.Background(), store, landedFile, day(t, "2025-03-06"), cut)
	if !failure.Is(err, failure.ConnectionFailed) || names(t, store) != "" {
		t.Errorf("got %v; files %q", err, names(t, store))
	}
}

// cutting is a source that does something when its first bytes arrive.
type cutting struct {
	Source
	cut func()
}

func (c cutting) Extract(ctx context.Context, day Date, to io.Writer) (int64, error) {
	return c.Source.Extract(ctx, day, &onFirst{to, c.cut})
}

type onFirst struct {
	io.Writer
	do func()
}

func (w *onFirst) Write(p []byte) (int, error) {
	if w.do != nil {
		w.do()
		w.do = nil
	}
	return w.Writer.Write(p)
}

func TestADiskThatFailsIsNotTheServersFault(t *testing.T) {
	dsn, _ := fresh(t)
	if _, err := enter(t, dsn).Seed(context.Background(), fixtures.Schema(), days(), false); err != nil {
		t.Fatal(err)
	}
	full := failure.New(failure.DiskFull, "land", "/x")
	_, err := enter(t, dsn).Extract(context.Background(), day(t, "2025-03-06"), failing{full})
	if !failure.Is(err, failure.DiskFull) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (w failing) Write([]byte) (int, error) { return 0, w.err }

func TestALateRowAndAChangeAreInTheDayAndOnlyWhereTheLabSeeded(t *testing.T) {
	dsn, _ := fresh(t)
	ctx := context.Background()
	database := enter(t, dsn)
	if _, err := database.InsertLate(ctx, day(t, "2025-03-06")); !failure.Is(err, failure.SourceTableNotFound) {
		t.Errorf("no table: got %v", err)
	}
	if _, err := database.Seed(ctx, fixtures.Schema(), days(), false); err != nil {
		t.Fatal(err)
	}
	before, rows := extractDay(t, dsn, "2025-03-06")
	late, err := database.InsertLate(ctx, day(t, "2025-03-06"))
	if err != nil || late.Row.ID != "2694" || late.Row.PurchaseDate != "2025-03-06 23:59:58" || late.Changed == nil {
		t.Fatalf("got %+v, %v", late, err)
	}
	after, more := extractDay(t, dsn, "2025-03-06")
	if more != rows+1 || !strings.Contains(after, "\n2694,") || !strings.Contains(after, late.Changed.After) || after == before {
		t.Errorf("got %d rows, want %d", more, rows+1)
	}
	if late, err := database.InsertLate(ctx, day(t, "2025-03-09")); err != nil || late.Changed != nil || late.Row.ID != "2695" {
		t.Errorf("a day without rows: got %+v, %v", late, err)
	}
	run(t, dsn, "COMMENT ON TABLE public.account_premium_features IS NULL")
	if _, err := database.InsertLate(ctx, day(t, "2025-03-06")); !failure.Is(err, failure.SourceNotSeeded) {
		t.Errorf("somebody's table: got %v", err)
	}
	if rows, _, err := database.Rows(ctx); err != nil || rows != "2695" {
		t.Errorf("got %s rows, %v", rows, err)
	}
}

// cluster is one in a folder of its own, stopped with the test.
func cluster(t *testing.T, home string) *Cluster {
	t.Helper()
	c, err := OpenCluster(storage.NewLocal(), home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Leave(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestAClusterStartsAnswersAndStops(t *testing.T) {
	ctx := context.Background()
	home := filepath.Join(t.TempDir(), "postgres")
	c := cluster(t, home)
	for round := range 2 { // the second with the cluster there
		must(t, c.Start(ctx))
		must(t, c.Start(ctx)) // runs already
		pid := c.PID()
		dsn, err := c.DSN()
		must(t, err)
		database, err := Connect(ctx, dsn)
		must(t, err)
		if _, err := database.Seed(ctx, fixtures.Schema(), days(), true); err != nil || pid == 0 {
			t.Errorf("round %d: %v, process %d", round, err, pid)
		}
		database.Close()
		if info, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); err == nil && info.Sys().(*syscall.Stat_t).Uid == 0 {
			t.Error("the server runs as root")
		}
		again, err := OpenCluster(storage.NewLocal(), home)
		if err != nil || again.PID() != pid {
			t.Errorf("another process sees %v, %v", again, err)
		}
		must(t, c.Stop(ctx))
		must(t, c.Stop(ctx))
		if c.PID() != 0 || !c.Exists() {
			t.Errorf("stopped: process %d, there %t", c.PID(), c.Exists())
		}
	}
}

func TestAClusterThatIsCancelledWhileItStartsLeavesNoServer(t *testing.T) {
	c := cluster(t, filepath.Join(t.TempDir(), "postgres"))
	for _, after := range []time.Duration{0, 100 * time.Millisecond, 500 * time.Millisecond, 900 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), after)
		err := c.Start(ctx)
		cancel()
		if err == nil { // it was quicker
			must(t, c.Stop(context.Background()))
		} else if !failure.Is(err, failure.Cancelled) || c.PID() != 0 {
			t.Errorf("after %v: got %v, process %d", after, err, c.PID())
		}
	}
	must(t, c.Start(context.Background()))
}

func TestAPathThatNoSocketFitsInIsNoObstacle(t *testing.T) {
	for _, dir := range []string{strings.Repeat("largo", 30), "con espacios, 'comillas' y $signos"} {
		c := cluster(t, filepath.Join(t.TempDir(), dir, "postgres"))
		must(t, c.Start(context.Background()))
		if !fitsSocket(c.socket()) || c.PID() == 0 {
			t.Errorf("%s: listens in %s", dir, c.socket())
		}
	}
}

func TestWithoutProgramsThereIsNoCluster(t *testing.T) {
	t.Setenv("PATH", "")
	c := cluster(t, filepath.Join(t.TempDir(), "postgres"))
	c.folders = nil
	if err := c.Start(context.Background()); !failure.Is(err, failure.PostgresNotInstalled) {
		t.Errorf("got %v", err)
	}
}

func TestAServerOfAVersionThatIsNotInstalledIsNamed(t *testing.T) {
	c := cluster(t, filepath.Join(t.TempDir(), "postgres"))
	must(t, os.MkdirAll(c.data(), 0o700))
	must(t, os.WriteFile(filepath.Join(c.data(), "PG_VERSION"), []byte("11\n"), 0o600))
	var got *failure.Error
	if err := c.Start(context.Background()); !errors.As(err, &got) || got.Class != failure.PostgresNotInstalled || fmt.Sprint(got.Names) != "[11]" {
		t.Errorf("got %v", err)
	}
}
