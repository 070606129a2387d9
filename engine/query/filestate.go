package query

import (
	"database/sql/driver"
	"strings"
	"time"
)

// FileState is one row of cloud_files_state: what Auto Loader knows of a source
// file (Databricks, «cloud_files_state table-valued function»). A nil or zero
// optional value is NULL.
type FileState struct {
	Path           string
	SizeBytes      int64
	CreateTime     time.Time // of the file
	DiscoveryTime  time.Time // when a listing found it
	ProcessedTime  time.Time // when the batch that holds it ran last; zero: not yet
	CommitTime     time.Time // when that batch was confirmed; zero: not yet
	ArchiveTime    time.Time // when cleanSource put it away; zero: it did not
	ArchiveMode    string    // MOVE or DELETE; "": none
	MoveLocation   string    // "": none
	SourceID       string    // "0" for a query with one source
	FlowName       string    // of a pipeline; "": none
	IngestionState string    // PROCESSING, INGESTED, SKIPPED_CORRUPTED, SKIPPED_MISSING; "": NULL
}

const fileStateFunction = "cloud_files_state"

// fileStateColumns are Databricks' names, types and order.
const fileStateColumns = `path VARCHAR, size BIGINT, create_time TIMESTAMPTZ, discovery_time TIMESTAMPTZ, ` +
	`processed_time TIMESTAMPTZ, commit_time TIMESTAMPTZ, archive_time TIMESTAMPTZ, archive_mode VARCHAR, ` +
	`move_location VARCHAR, source_id VARCHAR, flow_name VARCHAR, ingestion_state VARCHAR`

func fileStateTable(schema string) string {
	return ownCatalog + "." + quoteName(schema) + "." + fileStateFunction
}

func (f FileState) values() []driver.Value {
	return []driver.Value{
		f.Path, f.SizeBytes, instantOrNull(f.CreateTime), instantOrNull(f.DiscoveryTime),
		instantOrNull(f.ProcessedTime), instantOrNull(f.CommitTime), instantOrNull(f.ArchiveTime), textOrNull(f.ArchiveMode),
		textOrNull(f.MoveLocation), f.SourceID, textOrNull(f.FlowName), textOrNull(f.IngestionState),
	}
}

func instantOrNull(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func textOrNull(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

// checkpointOf is the checkpoint in an argument that names one of its sources:
// '<checkpoint>/sources/0'. The lab's queries have one source.
func checkpointOf(argument string) string {
	return strings.TrimSuffix(strings.TrimRight(argument, "/"), "/sources/0")
}
