// Package query answers SQL about the lab's tables. It is the only room that
// knows DuckDB.
//
// DuckDB reads Parquet files and knows nothing of Delta, so every statement
// takes three steps. Which tables does it name, and at which versions? Which
// files are these tables, by their logs? Show them to an empty DuckDB under the
// names that they have in the notebook, and let it answer:
//
//	SELECT … FROM bronce_dev.datavision_bruno.account_premium_features VERSION AS OF 1
//	   │ parse: statement, references
//	   ▼
//	World ──▶ delta.Snapshot ──▶ tableView ──▶ CREATE VIEW bronce_dev."datavision_bruno@v1".account_premium_features
//	                                                AS … read_parquet(['…', '…'])
//	   ┌──────────────────────────────────────────────────┘
//	   ▼
//	session: a DuckDB in memory for this one statement ──▶ Result
//
// What a statement may do is decided twice, by our parser and by DuckDB's: it
// reads the data files of the tables that it names, and nothing else on the
// disk. Only DROP TABLE and UNDROP TABLE change anything, and World does that.
//
// The session's time zone is UTC. Columns of one name are told apart as DuckDB
// does in a subquery: a, a_1.
package query

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
)

// TableName is a table's three names, as in Unity Catalog.
type TableName struct{ Catalog, Schema, Table string }

// String is catalog.schema.table.
func (n TableName) String() string { return n.Catalog + "." + n.Schema + "." + n.Table }

// is compares names as Spark and DuckDB do, without regard to case.
func (n TableName) is(parts []string) bool {
	return strings.EqualFold(n.Catalog, parts[0]) && strings.EqualFold(n.Schema, parts[1]) && strings.EqualFold(n.Table, parts[2])
}

// World is what a statement can see and do.
type World interface {
	// Tables lists the tables that there are.
	Tables(ctx context.Context) ([]TableName, error)
	// Log is the log of a table of that list.
	Log(name TableName) *delta.Log
	// Dir is the table's folder.
	Dir(name TableName) string
	// Drop puts a table away; existed is false when there was none.
	Drop(ctx context.Context, name TableName) (existed bool, err error)
	// Undrop brings a dropped table back; failure.TableExists when its name is
	// taken, failure.TableNotFound when none was dropped.
	Undrop(ctx context.Context, name TableName) error
	// FileStates is what a checkpoint knows of its source files. The path is
	// as the statement says it.
	FileStates(ctx context.Context, checkpoint string) ([]FileState, error)
	// Checkpoint is the path of the checkpoint of the stream that loads a table.
	Checkpoint(ctx context.Context, name TableName) (string, error)
}

// Run executes one statement. root is the folder that holds every data file.
func Run(ctx context.Context, world World, root, sql string) (*Result, error) {
	s, err := parse(sql)
	if err != nil {
		return nil, err
	}
	r := runner{world: world, root: root}
	result, err := r.run(ctx, s)
	if err != nil && ctx.Err() != nil {
		return nil, failure.New(failure.Cancelled, "run", excerpt(sql)).Because(ctx.Err())
	}
	return result, err
}

// Count runs the notebook's SELECT count(*) over a table.
func Count(ctx context.Context, world World, root string, name TableName) (int64, error) {
	from := quoteName(name.Catalog) + "." + quoteName(name.Schema) + "." + quoteName(name.Table)
	result, err := Run(ctx, world, root, "SELECT count(*) FROM "+from)
	if err != nil {
		return 0, err
	}
	count, ok := result.Rows[0][0].(int64)
	if !ok {
		return 0, failure.New(failure.Internal, "count", name.String())
	}
	return count, nil
}

// runner executes a statement once.
type runner struct {
	world  World
	root   string
	tables []TableName // filled by find
	asked  bool
}

func (r *runner) run(ctx context.Context, s statement) (*Result, error) {
	switch s.kind {
	case selects, explains, describeQuery:
		return r.query(ctx, s)
	case showTables:
		return r.showTables(ctx, s.name)
	case dropTable:
		return r.drop(ctx, s)
	case undropTable:
		return r.undrop(ctx, s.name)
	}
	name, err := r.find(ctx, s.name)
	if err != nil {
		return nil, err
	}
	switch s.kind {
	case describeTable:
		return r.describeTable(ctx, name)
	case describeDetail:
		return r.describeDetail(ctx, name)
	default:
		return r.describeHistory(ctx, name, s.limit)
	}
}

// query lets DuckDB answer.
func (r *runner) query(ctx context.Context, s statement) (*Result, error) {
	views, edits, err := r.resolveTables(ctx, s.query)
	if err != nil {
		return nil, err
	}
	states, stateEdits, err := r.resolveStates(ctx, s.query)
	if err != nil {
		return nil, err
	}
	var allowed []string
	for _, view := range views {
		allowed = append(allowed, view.allowed()...)
	}
	duck, err := openSession(ctx, allowed)
	if err != nil {
		return nil, err
	}
	defer duck.close()
	for _, view := range views {
		if err := duck.show(ctx, view); err != nil {
			return nil, translateView(err, view.name)
		}
	}
	for schema, rows := range states {
		if err := duck.showFileStates(ctx, schema, rows); err != nil {
			return nil, failure.Wrap(failure.Internal, "show", fileStateFunction, err)
		}
	}
	result, err := ask(ctx, duck, s, s.query.rewritten(append(edits, stateEdits...)))
	if err != nil {
		return nil, r.translate(ctx, err, s.query, views)
	}
	return result, nil
}

// ask runs the rewritten text as its statement wants.
func ask(ctx context.Context, duck *session, s statement, sql string) (*Result, error) {
	switch s.kind {
	case explains:
		if err := duck.checkSelect(sql); err != nil {
			return nil, err
		}
		return duck.explain(ctx, s.query.prefix+" "+sql)
	case describeQuery:
		result, err := duck.queryAsIs(ctx, "SELECT * FROM ("+sql+"\n) LIMIT 0")
		if err != nil {
			return nil, err
		}
		return describeColumns(result.Columns), nil
	default:
		return duck.query(ctx, sql)
	}
}

// find is the table that a name of three parts means. Shorter names have no
// schema to be looked for in: failure.TableNotFound, Names the tables whose
// last part they are.
func (r *runner) find(ctx context.Context, parts []string) (TableName, error) {
	if err := r.list(ctx); err != nil {
		return TableName{}, err
	}
	if len(parts) == 3 {
		for _, name := range r.tables {
			if name.is(parts) {
				return name, nil
			}
		}
	}
	return TableName{}, r.tableNotFound(parts)
}

func (r *runner) list(ctx context.Context) error {
	if r.asked {
		return nil
	}
	tables, err := r.world.Tables(ctx)
	r.tables, r.asked = tables, err == nil
	return err
}

func (r *runner) tableNotFound(parts []string) error {
	e := failure.New(failure.TableNotFound, "find table", strings.Join(parts, "."))
	for _, name := range r.tables {
		if strings.EqualFold(name.Table, parts[len(parts)-1]) {
			e = e.Naming(name.String())
		}
	}
	return e
}

// resolveTables finds the tables that a query names. A name of three parts that
// is no table may be a column of a struct; DuckDB will say.
func (r *runner) resolveTables(ctx context.Context, q queryText) ([]tableView, []edit, error) {
	references, err := q.references()
	if err != nil {
		return nil, nil, err
	}
	var views []tableView
	var edits []edit
	shown := map[string]bool{}
	for _, ref := range references {
		name, err := r.find(ctx, ref.parts[:3])
		if failure.Is(err, failure.TableNotFound) && ref.travel == nil {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		snapshot, err := r.snapshot(ctx, name, ref.travel)
		if err != nil {
			return nil, nil, err
		}
		schema := name.Schema
		if ref.travel != nil {
			schema = fmt.Sprintf("%s@v%d", name.Schema, snapshot.Version)
			edits = append(edits, edit{ref.schema, quoteName(schema)}, edit{ref.clause, ""})
		}
		if key := schema + "\x00" + name.String(); !shown[key] {
			shown[key] = true
			view, err := newTableView(name, schema, snapshot, r.root)
			if err != nil {
				return nil, nil, err
			}
			views = append(views, view)
		}
	}
	return views, edits, nil
}

// snapshot reads the wanted version. Its failures name the table, not its folder.
func (r *runner) snapshot(ctx context.Context, name TableName, when *travel) (*delta.Snapshot, error) {
	log := r.world.Log(name)
	var snapshot *delta.Snapshot
	var err error
	switch {
	case when == nil:
		snapshot, err = log.Latest(ctx)
	case when.version != nil:
		snapshot, err = log.At(ctx, delta.Version(*when.version))
	default:
		snapshot, err = log.AsOf(ctx, *when.timestamp)
	}
	return snapshot, nameTable(err, name, r.world.Dir(name))
}

// nameTable puts the table's name in the place of its folder.
func nameTable(err error, name TableName, dir string) error {
	var known *failure.Error
	if !errors.As(err, &known) || known.Thing != dir {
		return err
	}
	renamed := *known
	renamed.Thing = name.String()
	return &renamed
}

// resolveStates reads the checkpoints that a query asks for, each into a schema
// of its own, so that the table in it keeps the function's name.
func (r *runner) resolveStates(ctx context.Context, q queryText) (map[string][]FileState, []edit, error) {
	calls, err := q.stateCalls()
	if err != nil {
		return nil, nil, err
	}
	states := map[string][]FileState{}
	var edits []edit
	for i, call := range calls {
		checkpoint := checkpointOf(call.checkpoint)
		if call.table != nil {
			name, err := r.find(ctx, call.table)
			if err != nil {
				return nil, nil, err
			}
			if checkpoint, err = r.world.Checkpoint(ctx, name); err != nil {
				return nil, nil, err
			}
		}
		schema := fmt.Sprintf("checkpoint %d", i)
		if states[schema], err = r.world.FileStates(ctx, checkpoint); err != nil {
			return nil, nil, err
		}
		edits = append(edits, edit{call.whole, fileStateTable(schema)})
	}
	return states, edits, nil
}

// drop removes a table through World, under the name that it has there.
func (r *runner) drop(ctx context.Context, s statement) (*Result, error) {
	name, err := r.find(ctx, s.name)
	if failure.Is(err, failure.TableNotFound) && s.ifExists && len(s.name) == 3 {
		return &Result{Changed: true}, nil
	}
	if err != nil {
		return nil, err
	}
	existed, err := r.world.Drop(ctx, name)
	if err == nil && !existed && !s.ifExists {
		err = r.tableNotFound(s.name)
	}
	if err != nil {
		return nil, err
	}
	return &Result{Changed: true}, nil
}

// undrop names a table that is not there, so its name must be one that could be
// a folder's: Unity Catalog's rule for names.
func (r *runner) undrop(ctx context.Context, parts []string) (*Result, error) {
	if len(parts) != 3 {
		return nil, failure.New(failure.TableNotFound, "find table", strings.Join(parts, "."))
	}
	for _, part := range parts {
		if part == "" || len(part) > 255 || strings.ContainsFunc(part, forbiddenInName) {
			return nil, failure.New(failure.TableNotFound, "find table", strings.Join(parts, "."))
		}
	}
	if err := r.world.Undrop(ctx, TableName{parts[0], parts[1], parts[2]}); err != nil {
		return nil, err
	}
	return &Result{Changed: true}, nil
}

func forbiddenInName(c rune) bool {
	return c == '.' || c == ' ' || c == '/' || c == '\\' || c < 0x20 || c == 0x7f
}
