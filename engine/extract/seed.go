package extract

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"autoloaderlab/engine/failure"
)

// mark is the comment that Seed leaves on the table. InsertLate changes rows, and
// only where they are the lab's own inventions.
const mark = "autoloaderlab: datos inventados"

// Seed creates the source table in a database and fills it with CSV files, all
// or nothing. A table of that name that is there already is
// failure.SourceTableExists, unless replace says to throw it away.
func (d *Database) Seed(ctx context.Context, schema string, days iter.Seq[[]byte], replace bool) (rows int64, err error) {
	begin := "BEGIN; SET LOCAL client_encoding = 'UTF8'; SET LOCAL DateStyle = 'ISO, YMD';"
	if replace {
		begin += "DROP TABLE IF EXISTS public." + Table + ";"
	}
	defer func() {
		if err != nil { // it does not need to arrive: an open transaction ends with its connection
			_ = d.exec(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	if err := d.exec(ctx, begin+schema+"; COMMENT ON TABLE public."+Table+" IS '"+mark+"'"); err != nil {
		return 0, err
	}
	for day := range days {
		err := d.do(ctx, func(ctx context.Context) error {
			tag, err := d.conn.CopyFrom(ctx, bytes.NewReader(day), "COPY public."+Table+" FROM STDIN WITH (FORMAT csv, HEADER)")
			rows += tag.RowsAffected()
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return rows, d.exec(ctx, "COMMIT")
}

// Rows counts the source table's rows; ok is false when there is no such table.
func (d *Database) Rows(ctx context.Context) (rows string, ok bool, err error) {
	found, err := d.query(ctx, "SELECT count(*) FROM public."+Table)
	if failure.Is(err, failure.SourceTableNotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	return *found[0][0], true, nil
}

// Late is what InsertLate did. Values are as PostgreSQL writes them.
type Late struct {
	Row     Purchase
	Changed *Change // nil for a day that had no row with an amount
}

// Purchase is the row that came late.
type Purchase struct{ ID, PurchaseDate, AmountPaid string }

// Change is a row whose amount is another now.
type Change struct{ ID, Before, After string }

// InsertLate does what a cursor cannot see: a row with a purchase_date of that
// day is inserted, and the day's first amount raised by one. Tables that Seed did
// not make are left alone: failure.SourceNotSeeded.
func (d *Database) InsertLate(ctx context.Context, day Date) (late Late, err error) {
	if err := d.isSeeded(ctx); err != nil {
		return late, err
	}
	if err := d.exec(ctx, "BEGIN; SET LOCAL DateStyle = 'ISO, YMD'; LOCK TABLE public."+Table+" IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		return late, err
	}
	defer func() {
		if err != nil {
			_ = d.exec(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	changed, err := d.query(ctx, `UPDATE public.`+Table+` SET amount_paid = amount_paid + 1
		WHERE account_feature_id = (SELECT min(account_feature_id) FROM public.`+Table+`
			WHERE purchase_date::date = $1::date AND amount_paid IS NOT NULL)
		RETURNING account_feature_id, amount_paid - 1, amount_paid`, day.String())
	if err != nil {
		return late, err
	}
	if len(changed) == 1 {
		late.Changed = &Change{*changed[0][0], *changed[0][1], *changed[0][2]}
	}
	inserted, err := d.query(ctx, `INSERT INTO public.`+Table+` (account_feature_id, account_id, feature_id, purchase_date, amount_paid)
		SELECT coalesce(max(account_feature_id), 0) + 1, 7, 3, $1::date + time '23:59:58', 9.99 FROM public.`+Table+`
		RETURNING account_feature_id, purchase_date, amount_paid`, day.String())
	if err != nil {
		return late, err
	}
	late.Row = Purchase{*inserted[0][0], *inserted[0][1], *inserted[0][2]}
	return late, d.exec(ctx, "COMMIT")
}

func (d *Database) isSeeded(ctx context.Context) error {
	found, err := d.query(ctx, "SELECT to_regclass('public."+Table+"'), obj_description(to_regclass('public."+Table+"'), 'pg_class')")
	if err != nil {
		return err
	}
	table, comment := found[0][0], found[0][1]
	switch {
	case table == nil:
		return failure.New(failure.SourceTableNotFound, "look for", "public."+Table)
	case comment == nil || *comment != mark:
		return failure.New(failure.SourceNotSeeded, "change", "public."+Table).Because(fmt.Errorf("it is not marked %q", mark))
	}
	return nil
}
