package delta

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strconv"
	"time"

	"autoloaderlab/engine/failure"

	"github.com/google/uuid"
)

// ConcurrentDelete is the class of a commit that lost a race to one that
// removed a file which it wanted to remove too.
const ConcurrentDelete failure.Class = "DELTA_CONCURRENT_DELETE_DELETE"

// EngineInfo is how we sign commits.
const EngineInfo = "autoloaderlab"

// Transaction is what one commit says.
//
// Base is the snapshot it was decided on, nil when it creates the table. The
// commit refuses a Base that is not fresh enough to tell what happened since.
type Transaction struct {
	Base        *Snapshot
	Operation   string            // as in DESCRIBE HISTORY
	Parameters  Values            // as Delta writes them: most are strings of JSON
	Metrics     Values            // numbers as strings
	Tags        map[string]string // the lab's own record
	Protocol    *Protocol         // nil: as it is; for a new table NewTableProtocol
	Metadata    *Metadata         // nil: as it is; a new table must have one
	Txns        []Txn             // one an application at most
	Adds        []Add
	Removes     []Remove
	BlindAppend bool // it adds files without having looked at any
}

// Outcome is how a commit ended.
//
// Existing is the first of the transaction's Txns that the table has already, in
// the same or a later version of its application. Then nothing was written and
// Version is the one in which it was found (or the base's). A transaction of
// many Txns may be there in part only: its caller plans again on a new snapshot.
//
// LogCheckpoint is why the log checkpoint that was due could not be written.
// That is no harm to the table; the next one makes up for it.
type Outcome struct {
	Version       Version
	Existing      *Txn
	LogCheckpoint error
}

// CreateTable is Spark's version 0 of a table without rows.
func CreateTable(m Metadata) Transaction {
	return Transaction{
		Operation: "CREATE TABLE",
		Parameters: Values{
			{"partitionBy", "[]"},
			{"clusterBy", "[]"},
			{"description", nil},
			{"isManaged", "true"},
			{"properties", "{}"},
		},
		Metadata:    &m,
		BlindAppend: true,
	}
}

// NewMetadata describes a new table of these columns under an id of its own.
func NewMetadata(schema Schema, created time.Time) Metadata {
	return Metadata{ID: uuid.NewString(), SchemaString: schema.String(), CreatedTime: created.UnixMilli()}
}

// StreamingUpdate is Spark's commit of micro-batch epoch of a query in append
// mode. A batch without rows has no adds.
func StreamingUpdate(base *Snapshot, queryID string, epoch int64, adds []Add, at time.Time) Transaction {
	var rows, sizeBytes int64
	for _, add := range adds {
		inFile, _ := add.Rows()
		rows += inFile
		sizeBytes += add.SizeBytes
	}
	return Transaction{
		Base:      base,
		Operation: "STREAMING UPDATE",
		Parameters: Values{
			{"outputMode", "Append"},
			{"queryId", queryID},
			{"epochId", strconv.FormatInt(epoch, 10)},
		},
		Metrics: Values{
			{"numRemovedFiles", "0"},
			{"numAddedFiles", strconv.Itoa(len(adds))},
			{"numOutputRows", strconv.FormatInt(rows, 10)},
			{"numOutputBytes", strconv.FormatInt(sizeBytes, 10)},
		},
		Txns:        []Txn{{AppID: queryID, Version: epoch, LastUpdated: at.UnixMilli()}},
		Adds:        adds,
		BlindAppend: true,
	}
}

// Commit makes tx the table's next version, or tells that it is there already.
//
// It tries the version after the base, and the next one for as long as others
// were faster and did not disturb us (Spark, ConflictChecker). Failures:
// TableExists when tx creates a table and there is one (its creator may have
// meant the same: load it and see); ConcurrentTxn, MetadataChanged,
// ProtocolChanged and ConcurrentDelete when a faster commit disturbs;
// TableNotFound or LogGap when the base's table is no longer there; and
// UnsupportedWrite when the table wants what we cannot do. After each of these
// nothing of tx is in the table.
func (l *Log) Commit(ctx context.Context, tx Transaction) (Outcome, error) {
	if tx.Base != nil {
		if known := tx.knownTo(tx.Base.txns); known != nil {
			return Outcome{Version: tx.Base.Version, Existing: known}, nil
		}
	}
	if err := l.admit(tx); err != nil {
		return Outcome{}, err
	}
	txnID := uuid.NewString()
	text, err := tx.lines(txnID, l.now())
	if err != nil {
		return Outcome{}, failure.Wrap(failure.Internal, "commit to", l.dir, err)
	}
	for v := tx.first(); ; v++ {
		won, winner, err := l.attempt(ctx, v, text, tx, txnID)
		if err != nil {
			return Outcome{}, err
		}
		if won {
			return Outcome{Version: v, LogCheckpoint: l.checkpointIfDue(ctx, v, tx.metadata())}, nil
		}
		known, err := tx.against(winner, l.dir)
		if err != nil || known != nil {
			return Outcome{Version: v, Existing: known}, err
		}
	}
}

// attempt tries to be version v. If another was faster it returns the winner.
//
// A disk that reports an error may have kept the file all the same. What is
// under the name then tells: a version with our txnId is ours.
func (l *Log) attempt(ctx context.Context, v Version, text []byte, tx Transaction, txnID string) (won bool, winner Commit, err error) {
	op := "commit version " + v.String()
	if err := cancelled(ctx, op); err != nil {
		return false, Commit{}, err
	}
	putErr := fs.ErrExist
	if tx.Base == nil || v > tx.Base.seen {
		putErr = l.put(v, text)
	}
	if putErr == nil {
		return true, Commit{}, nil
	}
	// From here on the answer is on disk, whoever has lost patience meanwhile.
	winner, readErr := l.Read(context.WithoutCancel(ctx), v)
	switch {
	case readErr == nil && winner.Info.TxnID == txnID:
		return true, Commit{}, nil
	case !errors.Is(putErr, fs.ErrExist):
		return false, Commit{}, failure.Disk(op, l.path(commitName(v)), putErr)
	case failure.Is(readErr, failure.VersionNotFound):
		return false, Commit{}, failure.New(failure.LogGap, op, l.path(commitName(v))).Because(readErr)
	case tx.Base == nil && readErr == nil:
		return false, Commit{}, l.tableExists()
	}
	return false, winner, readErr
}

// admit refuses a transaction that must not even be tried.
func (l *Log) admit(tx Transaction) error {
	if tx.Base == nil {
		// Cleanup may have taken version 0 of a table that is there.
		switch _, err := l.list(); {
		case err == nil:
			return l.tableExists()
		case !failure.Is(err, failure.TableNotFound):
			return err
		case tx.Metadata == nil:
			return failure.New(failure.Internal, "create", l.dir).Because(errors.New("a new table without metaData"))
		}
	}
	if tx.Metadata != nil {
		schema, err := ParseSchema(tx.Metadata.SchemaString)
		if err != nil {
			return failure.Wrap(failure.Internal, "commit to", l.dir, err)
		}
		if err := schema.CheckNames(); err != nil {
			return err
		}
	}
	if err := tx.repeats(); err != nil {
		return failure.Wrap(failure.Internal, "commit to", l.dir, err)
	}
	missing, err := unwritable(tx.protocol(), tx.metadata(), tx)
	if err == nil && len(missing) > 0 {
		err = failure.New(failure.UnsupportedWrite, "commit to", l.dir).Naming(missing...)
	}
	return err
}

func (l *Log) tableExists() error {
	return failure.New(failure.TableExists, "create", l.dir)
}

// repeats refuses what a commit may say only once (Delta protocol, «Actions»).
func (tx Transaction) repeats() error {
	seen := map[[2]string]bool{}
	once := func(kind, name string) error {
		key := [2]string{kind, name}
		if seen[key] {
			return fmt.Errorf("%s %s twice in one commit", kind, name)
		}
		seen[key] = true
		return nil
	}
	for _, txn := range tx.Txns {
		if err := once("txn", txn.AppID); err != nil {
			return err
		}
	}
	for _, add := range tx.Adds {
		if err := once("add", pathKey(add.Path)); err != nil {
			return err
		}
	}
	for _, remove := range tx.Removes {
		if err := once("remove", pathKey(remove.Path)); err != nil {
			return err
		}
	}
	return nil
}

// knownTo is the first of our txns that is among newest, as it is there, or nil.
func (tx Transaction) knownTo(newest map[string]Txn) *Txn {
	for _, ours := range tx.Txns {
		if theirs, there := newest[ours.AppID]; there && theirs.Version >= ours.Version {
			return &theirs
		}
	}
	return nil
}

// against decides what a faster commit means for us: nothing (nil, nil), our
// work is done already (its txn), or we must not go on.
func (tx Transaction) against(winner Commit, dir string) (*Txn, error) {
	disturbed := func(class failure.Class, name string) error {
		return failure.New(class, "commit after version "+winner.Version.String()+" of", dir).Naming(name)
	}
	// Our own txn first: whatever else the winner did, the batch is in.
	theirs := map[string]Txn{}
	for _, txn := range winner.Txns {
		theirs[txn.AppID] = txn
	}
	if known := tx.knownTo(theirs); known != nil {
		return known, nil
	}
	for _, ours := range tx.Txns {
		if _, older := theirs[ours.AppID]; older {
			return nil, disturbed(failure.ConcurrentTxn, ours.AppID)
		}
	}
	if winner.Protocol != nil && (tx.Protocol != nil || !reflect.DeepEqual(*winner.Protocol, tx.Base.Protocol)) {
		return nil, disturbed(failure.ProtocolChanged, "protocol")
	}
	if winner.Metadata != nil && (tx.Metadata != nil || changes(tx.Base.Metadata, *winner.Metadata)) {
		return nil, disturbed(failure.MetadataChanged, "metaData")
	}
	if path := bothRemove(tx.Removes, winner.Removes); path != "" {
		return nil, disturbed(ConcurrentDelete, path)
	}
	return nil, nil
}

// changes tells whether new metadata matters to someone who planned on the old.
func changes(old, new Metadata) bool {
	return old.ID != new.ID ||
		old.SchemaString != new.SchemaString ||
		!reflect.DeepEqual(old.complete().PartitionColumns, new.complete().PartitionColumns) ||
		!reflect.DeepEqual(old.complete().Configuration, new.complete().Configuration)
}

// bothRemove is a path that is among both, or "".
func bothRemove(ours, theirs []Remove) string {
	removed := map[string]bool{}
	for _, remove := range theirs {
		removed[pathKey(remove.Path)] = true
	}
	for _, remove := range ours {
		if removed[pathKey(remove.Path)] {
			return remove.Path
		}
	}
	return ""
}

// first is the version to try first.
func (tx Transaction) first() Version {
	if tx.Base == nil {
		return 0
	}
	return tx.Base.Version + 1
}

// protocol is the table's after the commit.
func (tx Transaction) protocol() Protocol {
	switch {
	case tx.Protocol != nil:
		return *tx.Protocol
	case tx.Base != nil:
		return tx.Base.Protocol
	}
	return NewTableProtocol()
}

// metadata is the table's after the commit.
func (tx Transaction) metadata() Metadata {
	if tx.Metadata != nil {
		return tx.Metadata.complete()
	}
	return tx.Base.Metadata
}

// complete fills what other readers insist on.
func (m Metadata) complete() Metadata {
	if m.Format.Provider == "" {
		m.Format.Provider = "parquet"
	}
	if m.Format.Options == nil {
		m.Format.Options = map[string]string{}
	}
	if m.PartitionColumns == nil {
		m.PartitionColumns = []string{}
	}
	if m.Configuration == nil {
		m.Configuration = map[string]string{}
	}
	return m
}

// lines writes the version's file, actions in Spark's order.
func (tx Transaction) lines(txnID string, at time.Time) ([]byte, error) {
	info, err := tx.info(txnID, at)
	if err != nil {
		return nil, err
	}
	lines := []line{{CommitInfo: info}}
	if tx.Metadata != nil {
		metadata := tx.Metadata.complete()
		lines = append(lines, line{Metadata: &metadata})
	}
	if tx.Protocol != nil || tx.Base == nil {
		protocol := tx.protocol()
		lines = append(lines, line{Protocol: &protocol})
	}
	for i := range tx.Txns {
		lines = append(lines, line{Txn: &tx.Txns[i]})
	}
	for _, add := range tx.Adds {
		if add.PartitionValues == nil {
			add.PartitionValues = map[string]*string{}
		}
		lines = append(lines, line{Add: &add})
	}
	for i := range tx.Removes {
		lines = append(lines, line{Remove: &tx.Removes[i]})
	}
	return encodeLines(lines)
}

func (tx Transaction) info(txnID string, at time.Time) ([]byte, error) {
	info := writtenInfo{
		Timestamp:           at.UnixMilli(),
		Operation:           tx.Operation,
		OperationParameters: append(Values{}, tx.Parameters...),
		IsolationLevel:      "Serializable",
		IsBlindAppend:       tx.BlindAppend,
		OperationMetrics:    append(Values{}, tx.Metrics...),
		Tags:                tx.Tags,
		EngineInfo:          EngineInfo,
		TxnID:               txnID,
	}
	if tx.Base != nil {
		info.ReadVersion = &tx.Base.Version
	}
	return marshal(info)
}
