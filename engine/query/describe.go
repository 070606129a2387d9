package query

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
)

// describeHistory answers with Spark's columns (delta-spark, DeltaHistory), newest first.
func (r *runner) describeHistory(ctx context.Context, name TableName, limit int64) (*Result, error) {
	history, err := r.world.Log(name).History(ctx)
	if err != nil {
		return nil, nameTable(err, name, r.world.Dir(name))
	}
	if limit >= 0 && limit < int64(len(history)) {
		history = history[:limit]
	}
	result := &Result{Columns: []Column{
		{"version", "BIGINT"}, {"timestamp", "TIMESTAMP"}, {"userId", "STRING"}, {"userName", "STRING"},
		{"operation", "STRING"}, {"operationParameters", "MAP<STRING, STRING>"},
		{"job", "STRUCT<jobId: STRING, jobName: STRING, jobRunId: STRING, runId: STRING, jobOwnerId: STRING, triggerType: STRING>"},
		{"notebook", "STRUCT<notebookId: STRING>"}, {"clusterId", "STRING"}, {"readVersion", "BIGINT"},
		{"isolationLevel", "STRING"}, {"isBlindAppend", "BOOLEAN"}, {"operationMetrics", "MAP<STRING, STRING>"},
		{"userMetadata", "STRING"}, {"engineInfo", "STRING"},
	}, Rows: [][]any{}}
	for _, entry := range history {
		result.Rows = append(result.Rows, historyRow(entry))
	}
	return result, nil
}

func historyRow(e delta.HistoryEntry) []any {
	var readVersion any
	if e.ReadVersion != nil {
		readVersion = int64(*e.ReadVersion)
	}
	return []any{
		int64(e.Version), e.Timestamp, orNull(e.UserID), orNull(e.UserName),
		e.Operation, object(e.OperationParameters),
		members(e.Job), members(e.Notebook), orNull(e.ClusterID), readVersion,
		orNull(e.IsolationLevel), orNull(e.IsBlindAppend), object(e.OperationMetrics),
		orNull(e.UserMetadata), orNull(e.EngineInfo),
	}
}

func orNull[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// members is a JSON object as a struct; anything else is NULL.
func members(raw json.RawMessage) any {
	var values delta.Values
	if len(raw) == 0 || values.UnmarshalJSON(raw) != nil {
		return nil
	}
	return object(values.Texts())
}

// object is a map of strings; nil is NULL.
func object(values delta.Values) any {
	if values == nil {
		return nil
	}
	all := Object{}
	for _, value := range values {
		all = append(all, Member{value.Name, value.Value})
	}
	return all
}

// describeDetail answers with Spark's columns (delta-spark, DescribeDeltaDetailCommand).
func (r *runner) describeDetail(ctx context.Context, name TableName) (*Result, error) {
	s, err := r.snapshot(ctx, name, nil)
	if err != nil {
		return nil, err
	}
	var created any
	if s.Metadata.CreatedTime > 0 {
		created = time.UnixMilli(s.Metadata.CreatedTime).UTC()
	}
	properties := Object{}
	for _, key := range sortedKeys(s.Metadata.Configuration) {
		properties = append(properties, Member{key, s.Metadata.Configuration[key]})
	}
	return &Result{
		Columns: []Column{
			{"format", "STRING"}, {"id", "STRING"}, {"name", "STRING"}, {"description", "STRING"}, {"location", "STRING"},
			{"createdAt", "TIMESTAMP"}, {"lastModified", "TIMESTAMP"}, {"partitionColumns", "ARRAY<STRING>"},
			{"numFiles", "BIGINT"}, {"sizeInBytes", "BIGINT"}, {"properties", "MAP<STRING, STRING>"},
			{"minReaderVersion", "INT"}, {"minWriterVersion", "INT"}, {"tableFeatures", "ARRAY<STRING>"},
		},
		Rows: [][]any{{
			"delta", s.Metadata.ID, name.String(), textOrNull(s.Metadata.Description), r.world.Dir(name),
			created, s.Timestamp, list(s.Metadata.PartitionColumns),
			int64(len(s.Files())), s.SizeBytes(), properties,
			int64(s.Protocol.MinReaderVersion), int64(s.Protocol.MinWriterVersion), list(tableFeatures(s.Protocol)),
		}},
	}, nil
}

// tableFeatures are the protocol's features by name, also those that the older
// version numbers imply (Delta protocol, «Table Features»).
func tableFeatures(p delta.Protocol) []string {
	features := append(slices.Clone(p.ReaderFeatures), p.WriterFeatures...)
	impliedBy := []struct {
		writer   int
		features []string
	}{
		{2, []string{"appendOnly", "invariants"}},
		{3, []string{"checkConstraints"}},
		{4, []string{"changeDataFeed", "generatedColumns"}},
		{5, []string{"columnMapping"}},
		{6, []string{"identityColumns"}},
	}
	for _, implied := range impliedBy {
		if p.MinWriterVersion < 7 && p.MinWriterVersion >= implied.writer {
			features = append(features, implied.features...)
		}
	}
	slices.Sort(features)
	return slices.Compact(features)
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func list(values []string) []any {
	all := []any{}
	for _, value := range values {
		all = append(all, value)
	}
	return all
}

// describedColumns are those of Spark's DESCRIBE TABLE and DESCRIBE QUERY.
var describedColumns = []Column{{"col_name", "STRING"}, {"data_type", "STRING"}, {"comment", "STRING"}}

// describeTable lists the columns and, as Spark does, the partitioning below them.
func (r *runner) describeTable(ctx context.Context, name TableName) (*Result, error) {
	s, err := r.snapshot(ctx, name, nil)
	if err != nil {
		return nil, err
	}
	schema, err := s.Schema()
	if err != nil {
		return nil, err
	}
	result := &Result{Columns: describedColumns, Rows: [][]any{}}
	rows := map[string][]any{}
	for _, field := range schema.Fields {
		_, spark, err := translateType(field.Type)
		if err != nil {
			spark = string(field.Type)
		}
		row := []any{field.Name, spark, comment(field)}
		rows[field.Name] = row
		result.Rows = append(result.Rows, row)
	}
	if len(s.Metadata.PartitionColumns) == 0 {
		return result, nil
	}
	result.Rows = append(result.Rows, []any{"# Partition Information", "", ""}, []any{"# col_name", "data_type", "comment"})
	for _, partition := range s.Metadata.PartitionColumns {
		if row, there := rows[partition]; there {
			result.Rows = append(result.Rows, row)
		}
	}
	return result, nil
}

func comment(field delta.Field) any {
	var text string
	if json.Unmarshal(field.Metadata["comment"], &text) != nil {
		return nil
	}
	return text
}

func describeColumns(columns []Column) *Result {
	result := &Result{Columns: describedColumns, Rows: [][]any{}}
	for _, column := range columns {
		result.Rows = append(result.Rows, []any{column.Name, strings.ToLower(column.Type), nil})
	}
	return result
}

// showTables lists the tables of one schema, or of all, with Spark's columns.
// The schema is catalog.schema; a schema's name alone finds it in any catalog.
func (r *runner) showTables(ctx context.Context, in []string) (*Result, error) {
	if len(in) > 2 {
		return nil, failure.New(failure.ParseSyntax, "parse", strings.Join(in, ".")).Hinting(strings.Join(in, "."))
	}
	if err := r.list(ctx); err != nil {
		return nil, err
	}
	result := &Result{
		Columns: []Column{{"database", "STRING"}, {"tableName", "STRING"}, {"isTemporary", "BOOLEAN"}},
		Rows:    [][]any{},
	}
	for _, name := range r.tables {
		if isInSchema(name, in) {
			result.Rows = append(result.Rows, []any{name.Schema, name.Table, false})
		}
	}
	return result, nil
}

func isInSchema(name TableName, in []string) bool {
	switch len(in) {
	case 0:
		return true
	case 1:
		return strings.EqualFold(name.Schema, in[0])
	default:
		return strings.EqualFold(name.Catalog, in[0]) && strings.EqualFold(name.Schema, in[1])
	}
}
