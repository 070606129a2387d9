package extract

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"autoloaderlab/engine/failure"
)

// connectTimeout ends an attempt to reach a server when neither DSN nor
// environment says how long to wait.
const connectTimeout = 10 * time.Second

// DSN says where a database is and how to enter it. However it is printed, it
// shows user, server and database, and never the password.
type DSN struct{ config *pgconn.Config }

// ParseDSN reads what libpq reads: a URL (postgresql://user@server/database) or
// keywords (host=server dbname=database), with the PG… variables, ~/.pgpass and
// service files for what they leave out. What it cannot read is
// failure.WrongUse, which does not repeat the text: a password may be in it.
func ParseDSN(text string) (DSN, error) {
	refused := failure.New(failure.WrongUse, "read dsn", "")
	if strayAt(text) {
		return DSN{}, refused.Because(errors.New("an @ after the server's name"))
	}
	config, err := parseConfig(text)
	if err != nil || config.Host == "" {
		return DSN{}, refused.Because(errors.New("not a connection string"))
	}
	if config.ConnectTimeout == 0 && !strings.Contains(text, "connect_timeout") {
		config.ConnectTimeout = connectTimeout
	}
	return DSN{config}, nil
}

// parseConfig is pgconn's, which runs past the end of a value that is quoted, not
// closed, and ends in a backslash.
func parseConfig(text string) (config *pgconn.Config, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("a quoted value without an end")
		}
	}()
	return pgconn.ParseConfig(text)
}

// strayAt finds URLs whose password has a / ? or # that was not escaped. The
// rest of the password would pass for a server or a database, and be shown.
func strayAt(text string) bool {
	_, rest, isURL := strings.Cut(text, "://")
	if !isURL {
		return false
	}
	end := strings.IndexAny(rest, "/?#")
	return end >= 0 && strings.Contains(rest[end:], "@")
}

// IsZero tells a DSN that nobody gave.
func (d DSN) IsZero() bool { return d.config == nil }

// Address is the server: host:port, or the socket's folder.
func (d DSN) Address() string {
	if strings.HasPrefix(d.config.Host, "/") {
		return d.config.Host
	}
	return net.JoinHostPort(d.config.Host, strconv.Itoa(int(d.config.Port)))
}

// String is the DSN without its password and its parameters.
func (d DSN) String() string {
	if d.IsZero() {
		return ""
	}
	shown := url.URL{Scheme: "postgresql", User: url.User(d.config.User), Host: d.Address(), Path: "/" + d.config.Database}
	if strings.HasPrefix(d.config.Host, "/") {
		shown.Host = ""
		shown.RawQuery = url.Values{"host": {d.config.Host}}.Encode()
	}
	return shown.String()
}

// GoString keeps %#v from showing what String hides.
func (d DSN) GoString() string { return d.String() }

// MarshalText keeps JSON from showing it.
func (d DSN) MarshalText() ([]byte, error) { return []byte(d.String()), nil }
