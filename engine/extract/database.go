package extract

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"autoloaderlab/engine/failure"
)

// Table is the source table, in the schema public.
const Table = "account_premium_features"

// Columns are those that the notebook's script selects.
var Columns = []string{"account_feature_id", "account_id", "feature_id", "purchase_date", "amount_paid"}

// Database is a connection to a PostgreSQL, 12 or later. One goroutine at a time.
type Database struct {
	conn    *pgconn.PgConn
	address string
}

// Connect enters a database. What can go wrong has a class: ConnectionFailed,
// AuthenticationFailed, DatabaseNotFound.
func Connect(ctx context.Context, dsn DSN) (*Database, error) {
	conn, err := pgconn.ConnectConfig(ctx, dsn.config)
	if err != nil {
		return nil, classify(ctx, "connect to", dsn.Address(), err)
	}
	return &Database{conn, dsn.Address()}, nil
}

// leaveTime is how long we wait for a server to answer a cancellation or a
// farewell before the connection is cut.
const leaveTime = 3 * time.Second

// Close ends the connection.
func (d *Database) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	_ = d.conn.Close(ctx) // a server that does not answer is left all the same
	select {
	case <-d.conn.CleanupDone():
	case <-ctx.Done():
	}
}

// Version is the server's, as it tells it.
func (d *Database) Version() string { return d.conn.ParameterStatus("server_version") }

// exact makes values look the same whatever the server's settings: dates in
// ISO, instants in UTC as the script's clock, text in UTF-8, floats with all
// their digits. It holds for one transaction, so that it is safe behind a pool,
// and the transaction cannot write.
const exact = `BEGIN READ ONLY;
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL IntervalStyle = 'postgres';
SET LOCAL TimeZone = 'UTC';
SET LOCAL client_encoding = 'UTF8';
SET LOCAL extra_float_digits = 1;
SET LOCAL bytea_output = 'hex'`

// copyDay is the notebook's query in an order that is always the same. CSV as
// COPY writes it tells NULL (nothing) from the empty text (""), and quotes what
// holds a quote, a comma or a line break.
func copyDay(day Date) string {
	return "COPY (SELECT " + strings.Join(Columns, ", ") +
		" FROM public." + Table +
		" WHERE purchase_date::date = DATE '" + day.String() + "'" +
		" ORDER BY purchase_date, account_feature_id" +
		") TO STDOUT WITH (FORMAT csv, HEADER)"
}

// Extract implements Source. Rows pass one by one; none is kept.
func (d *Database) Extract(ctx context.Context, day Date, to io.Writer) (rows int64, err error) {
	if err := d.exec(ctx, exact); err != nil {
		return 0, err
	}
	err = d.do(ctx, func(ctx context.Context) error {
		tag, err := d.conn.CopyTo(ctx, to, copyDay(day))
		rows = tag.RowsAffected()
		return err
	})
	if err != nil {
		return 0, err
	}
	return rows, d.exec(ctx, "COMMIT")
}

// exec runs statements that have no parameters and whose rows do not matter.
func (d *Database) exec(ctx context.Context, sql string) error {
	return d.do(ctx, func(ctx context.Context) error {
		_, err := d.conn.Exec(ctx, sql).ReadAll()
		return err
	})
}

// query runs one statement and gives its rows as text; NULL is nil.
func (d *Database) query(ctx context.Context, sql string, values ...string) (rows [][]*string, err error) {
	parameters := make([][]byte, len(values))
	for i, value := range values {
		parameters[i] = []byte(value)
	}
	err = d.do(ctx, func(ctx context.Context) error {
		result := d.conn.ExecParams(ctx, sql, parameters, nil, nil, nil).Read()
		for _, cells := range result.Rows {
			row := make([]*string, len(cells))
			for i, cell := range cells {
				if cell != nil {
					text := string(cell)
					row[i] = &text
				}
			}
			rows = append(rows, row)
		}
		return result.Err
	})
	return rows, err
}

// do runs work on the connection. When ctx ends, the server is asked to cancel
// what it does; only if it does not answer in time is the connection cut. Work
// gets a context without end, lest pgx cuts first and leaves the query running.
func (d *Database) do(ctx context.Context, work func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return classify(ctx, "query", d.address, err)
	}
	cancelled := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(cancelled)
		_ = d.conn.Conn().SetDeadline(time.Now().Add(leaveTime))
		asking, done := context.WithTimeout(context.Background(), leaveTime)
		defer done()
		_ = d.conn.CancelRequest(asking) // the deadline holds in any case
	})
	err := work(context.WithoutCancel(ctx))
	if !stop() {
		<-cancelled
		if err == nil { // it was quicker than the cancellation
			err = ctx.Err()
		}
	}
	return classify(ctx, "query", d.address, err)
}

// classify gives an error of PostgreSQL or of the way to it its class. Texts of
// the server stay out of what people read; its SQLSTATE is the Hint.
func classify(ctx context.Context, op, address string, err error) error {
	var known *failure.Error
	var told *pgconn.PgError
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case ctx.Err() != nil:
		return failure.New(failure.Cancelled, op, address).Because(ctx.Err())
	case errors.As(err, &told):
		return (&failure.Error{Class: classOf(told.Code), Op: op, Thing: thingOf(told, address), Hint: told.Code, Err: plain{err}}).
			Naming(missingColumn(told)...)
	default:
		return failure.New(failure.ConnectionFailed, op, address).Hinting(string(reasonOf(err))).Because(plain{err})
	}
}

// plain is an error of pgx's reduced to its text: its own type carries the
// configuration, password included.
type plain struct{ err error }

func (p plain) Error() string { return p.err.Error() }

// classOf reads a SQLSTATE (PostgreSQL, «PostgreSQL Error Codes»).
func classOf(code string) failure.Class {
	switch code {
	case "3D000": // invalid_catalog_name
		return failure.DatabaseNotFound
	case "42P01", "3F000", "42703": // undefined table, schema, column
		return failure.SourceTableNotFound
	case "42P07": // duplicate_table
		return failure.SourceTableExists
	case "42501": // insufficient_privilege
		return failure.SourceDenied
	case "53300", "57P01", "57P02", "57P03": // too many connections; going down or coming up
		return failure.ConnectionFailed
	}
	switch {
	case strings.HasPrefix(code, "28"): // invalid authorization
		return failure.AuthenticationFailed
	case strings.HasPrefix(code, "08"): // connection exception
		return failure.ConnectionFailed
	}
	return failure.SourceFailed
}

// thingOf is the table for what concerns it, and the server otherwise.
func thingOf(told *pgconn.PgError, address string) string {
	switch classOf(told.Code) {
	case failure.SourceTableNotFound, failure.SourceTableExists, failure.SourceDenied:
		return "public." + Table
	}
	return address
}

// missingColumn finds which of our columns the server does not know.
func missingColumn(told *pgconn.PgError) []string {
	if told.Code != "42703" {
		return nil
	}
	for _, column := range Columns {
		if strings.Contains(told.Message, `"`+column+`"`) {
			return []string{column}
		}
	}
	return nil
}

// reason says why there is no connection, for the interface to explain.
type reason string

const (
	noServer reason = "refused" // nobody listens there
	noName   reason = "name"    // no such host
	noAnswer reason = "timeout" // nothing came back
	noTLS    reason = "tls"     // no encryption that both accept
	noMore   reason = "closed"  // it was there and went away
)

func reasonOf(err error) reason {
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return noName
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, os.ErrNotExist):
		return noServer
	case pgconn.Timeout(err), errors.Is(err, context.DeadlineExceeded), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return noAnswer
	case strings.Contains(err.Error(), "tls"):
		return noTLS
	default:
		return noMore
	}
}
