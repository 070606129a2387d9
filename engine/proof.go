package engine

import (
	"context"
	"strings"

	"autoloaderlab/engine/catalog"
	"autoloaderlab/engine/failure"
)

// Proof is what the table's own log says about the table and who wrote to it.
type Proof struct {
	TableID   string // of the table's metadata: another table has another
	Queries   int    // different streaming queries that have a txn in it
	Txn       int64  // the batch of queryID's txn, or -1
	Operation string // the newest version's
}

// Proof reads the table's log. queryID is a streaming query's, or empty. A table
// that is not there proves nothing: the zero Proof, with Txn -1.
func (p *Pipeline) Proof(ctx context.Context, queryID string) (Proof, error) {
	proof := Proof{Txn: -1}
	snapshot, err := p.log().Latest(ctx)
	if failure.Is(err, failure.TableNotFound) {
		return proof, nil
	}
	if err != nil {
		return proof, err
	}
	proof.TableID = snapshot.Metadata.ID
	for app := range snapshot.Txns() {
		if !strings.HasPrefix(app, "copy-into:") {
			proof.Queries++
		}
	}
	if version, ok := snapshot.TxnVersion(queryID); ok && queryID != "" {
		proof.Txn = version
	}
	history, err := p.History(ctx)
	if err != nil || len(history) == 0 {
		return proof, err
	}
	proof.Operation = history[0].Operation
	return proof, nil
}

// Trash counts what was deleted and can come back.
type Trash struct{ Tables, Checkpoints int }

// Trash looks into the lab's trash.
func (l *Lab) Trash() (Trash, error) {
	entries, err := l.catalog.Trash()
	if err != nil {
		return Trash{}, err
	}
	var trash Trash
	for _, entry := range entries {
		switch entry.Kind {
		case catalog.KindTable:
			trash.Tables++
		case catalog.KindCheckpoint:
			trash.Checkpoints++
		}
	}
	return trash, nil
}
