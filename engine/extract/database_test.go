package extract

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"autoloaderlab/engine/failure"
)

func TestWhatAServerRefusesHasItsClass(t *testing.T) {
	for _, c := range []struct {
		code, message string
		class         failure.Class
		thing         string
		names         []string
	}{
		{"28P01", `password authentication failed for user "ana"`, failure.AuthenticationFailed, "db:5432", nil},
		{"28000", `no pg_hba.conf entry`, failure.AuthenticationFailed, "db:5432", nil},
		{"3D000", `database "x" does not exist`, failure.DatabaseNotFound, "db:5432", nil},
		{"42P01", `relation does not exist`, failure.SourceTableNotFound, "public.account_premium_features", nil},
		{"42703", `column "feature_id" does not exist`, failure.SourceTableNotFound, "public.account_premium_features", []string{"feature_id"}},
		{"42P07", `relation already exists`, failure.SourceTableExists, "public.account_premium_features", nil},
		{"42501", `permission denied`, failure.SourceDenied, "public.account_premium_features", nil},
		{"53300", `too many clients`, failure.ConnectionFailed, "db:5432", nil},
		{"57P01", `terminating connection`, failure.ConnectionFailed, "db:5432", nil},
		{"57014", `statement timeout`, failure.SourceFailed, "db:5432", nil},
		{"42846", `cannot cast`, failure.SourceFailed, "db:5432", nil},
	} {
		cause := fmt.Errorf("copy: %w", &pgconn.PgError{Severity: "ERROR", Code: c.code, Message: c.message})
		err := classify(context.Background(), "query", "db:5432", cause)
		var got *failure.Error
		if !errors.As(err, &got) || got.Class != c.class || got.Thing != c.thing || got.Hint != c.code || fmt.Sprint(got.Names) != fmt.Sprint(c.names) {
			t.Errorf("%s: got %+v, want %+v", c.code, got, c)
		}
	}
}

func TestWhyThereIsNoConnectionIsTold(t *testing.T) {
	for want, cause := range map[reason]error{
		noServer: &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
		noName:   &net.DNSError{Err: "no such host", Name: "nada"},
		noAnswer: context.DeadlineExceeded,
		noTLS:    errors.New("tls error: server refused TLS connection"),
		noMore:   errors.New("unexpected EOF"),
	} {
		err := classify(context.Background(), "connect to", "db:5432", cause)
		var got *failure.Error
		if !errors.As(err, &got) || got.Class != failure.ConnectionFailed || got.Hint != string(want) {
			t.Errorf("%v: got %+v, want %s", cause, got, want)
		}
	}
}

func TestAClassedErrorKeepsItsClassAndACancelledOneIsCancelled(t *testing.T) {
	full := failure.New(failure.DiskFull, "land", "/x")
	if got := classify(context.Background(), "query", "db", fmt.Errorf("copy: %w", full)); !failure.Is(got, failure.DiskFull) {
		t.Errorf("got %v", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got := classify(ctx, "query", "db", &pgconn.PgError{Code: "57014"}); !failure.Is(got, failure.Cancelled) {
		t.Errorf("got %v", got)
	}
}

// An error of pgx's own type carries the configuration: printed by somebody with
// %+v, it would show the password.
func TestAFailedConnectionDoesNotCarryThePassword(t *testing.T) {
	quiet(t)
	dsn, err := ParseDSN("postgres://ana:s3creto@" + nobody(t) + "/x?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Connect(context.Background(), dsn)
	var refused *failure.Error
	if !errors.As(err, &refused) || refused.Class != failure.ConnectionFailed || refused.Hint != string(noServer) {
		t.Fatalf("got %v", err)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if shown := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(shown, "s3creto") {
			t.Errorf("shows its password: %s", shown)
		}
		var carries *pgconn.ConnectError
		if errors.As(e, &carries) {
			t.Errorf("carries the configuration: %T", e)
		}
	}
}

// nobody is an address of this machine where nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}

func TestASilentServerIsLeftAtOnceWhenCancelled(t *testing.T) {
	quiet(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0") // accepts, by the system, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	dsn, err := ParseDSN("postgres://ana@" + listener.Addr().String() + "/x?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := Connect(ctx, dsn); !failure.Is(err, failure.Cancelled) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestInstallationsAreFoundNewestFirstAndOldOnesLeft(t *testing.T) {
	root := t.TempDir()
	install := func(dir, version string) string {
		dir = filepath.Join(root, dir)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"initdb", "postgres"} {
			script := "#!/bin/sh\necho '" + name + " (PostgreSQL) " + version + "'\n"
			if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	onPath := install("path", "14.2")
	nine, seventeen, beta := install("9/bin", "9.6.1"), install("17/bin", "17.0"), install("18/bin", "18beta1")
	links := filepath.Join(root, "links")
	if err := os.Mkdir(links, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"initdb", "postgres"} {
		if err := os.Symlink(filepath.Join(seventeen, name), filepath.Join(links, name)); err != nil {
			t.Fatal(err)
		}
	}
	half := filepath.Join(root, "19", "bin")
	if err := os.MkdirAll(half, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "postgres"), nil, 0o755); err != nil {
		t.Fatal(err)
	}

	got := FindBinaries(strings.Join([]string{"relative", "", onPath, filepath.Join(root, "none")}, string(os.PathListSeparator)),
		[]string{filepath.Join(root, "*", "bin"), links})
	want := []Binaries{{onPath, 14}, {beta, 18}, {seventeen, 17}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v (and not %s, too old)", got, want, nine)
	}
}

func TestASocketFitsOnlyInAShortAndPlainPath(t *testing.T) {
	for dir, want := range map[string]bool{
		"/home/ana/.local/share/autoloaderlab/postgres/socket": true,
		"/" + strings.Repeat("x", 88):                          true,
		"/" + strings.Repeat("x", 89):                          false,
		"/home/ana/mi lab/socket":                              false,
		"/home/a,b/socket":                                     false,
		"/home/peña/socket":                                    false,
	} {
		if got := fitsSocket(dir); got != want {
			t.Errorf("%s: got %t, want %t", dir, got, want)
		}
	}
}
