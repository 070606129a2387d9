package delta

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"autoloaderlab/engine/failure"
)

// Table features by their names in the protocol.
const (
	featureAppendOnly        = "appendOnly"
	featureInvariants        = "invariants"
	featureCheckConstraints  = "checkConstraints"
	featureChangeData        = "changeDataFeed"
	featureGeneratedColumns  = "generatedColumns"
	featureIdentityColumns   = "identityColumns"
	featureColumnMapping     = "columnMapping"
	featureColumnDefaults    = "allowColumnDefaults"
	featureDeletionVectors   = "deletionVectors"
	featureTimestampNtz      = "timestampNtz"
	featureV2Checkpoint      = "v2Checkpoint"
	featureVacuumCheck       = "vacuumProtocolCheck"
	partitionedTable         = "partitioned table" // no feature, but nothing we can append to
	newestReaderVersion      = 3
	newestWriterVersion      = 7
	featureListReaderVersion = 3
	featureListWriterVersion = 7
)

// readableFeatures ask nothing of a reader that sees the table as a list of
// Parquet files. Column mapping counts where its mode is none.
var readableFeatures = []string{featureAppendOnly, featureInvariants, featureTimestampNtz, featureVacuumCheck, featureColumnMapping}

// writableFeatures ask nothing of a writer that only adds files, as long as the
// table does not use them; usedFeatures tells whether it does.
var writableFeatures = []string{
	featureAppendOnly, featureInvariants, featureCheckConstraints, featureChangeData, featureGeneratedColumns,
	featureIdentityColumns, featureColumnMapping, featureColumnDefaults, featureTimestampNtz, featureVacuumCheck,
}

// unreadable names what a table asks of its readers and we do not have
// (Delta protocol, «Table Features»).
func unreadable(p Protocol, m Metadata, files []Add) []string {
	if p.MinReaderVersion > newestReaderVersion {
		return []string{fmt.Sprintf("minReaderVersion=%d", p.MinReaderVersion)}
	}
	var missing []string
	if p.MinReaderVersion == featureListReaderVersion {
		missing = without(p.ReaderFeatures, readableFeatures)
	}
	if m.mapsColumns() {
		missing = append(missing, featureColumnMapping)
	}
	if slices.ContainsFunc(files, hasDeletionVector) {
		missing = append(missing, featureDeletionVectors)
	}
	return sortedOnce(missing)
}

func hasDeletionVector(a Add) bool {
	return len(a.DeletionVector) > 0 && string(a.DeletionVector) != "null"
}

// unwritable names what a table asks of the writer of tx and we do not have.
func unwritable(p Protocol, m Metadata, tx Transaction) ([]string, error) {
	if p.MinWriterVersion > newestWriterVersion {
		return []string{fmt.Sprintf("minWriterVersion=%d", p.MinWriterVersion)}, nil
	}
	missing := unreadable(p, m, nil)
	if p.MinWriterVersion == featureListWriterVersion {
		missing = append(missing, without(p.WriterFeatures, writableFeatures)...)
	}
	if m.Configuration["delta.appendOnly"] == "true" && slices.ContainsFunc(tx.Removes, func(r Remove) bool { return r.DataChange }) {
		missing = append(missing, featureAppendOnly)
	}
	if len(tx.Adds) > 0 {
		used, err := usedFeatures(m)
		if err != nil {
			return nil, err
		}
		missing = append(missing, used...)
	}
	return sortedOnce(missing), nil
}

// usedFeatures names what a table wants done with its new rows and we do not do.
func usedFeatures(m Metadata) ([]string, error) {
	schema, err := ParseSchema(m.SchemaString)
	if err != nil {
		return nil, failure.New(failure.DamagedFile, "read", "schemaString").Because(err)
	}
	used := schema.usedFeatures()
	if len(m.PartitionColumns) > 0 {
		used = append(used, partitionedTable)
	}
	if m.Configuration["delta.enableChangeDataFeed"] == "true" {
		used = append(used, featureChangeData)
	}
	for key := range m.Configuration {
		if strings.HasPrefix(key, "delta.constraints.") {
			used = append(used, featureCheckConstraints)
		}
	}
	return used, nil
}

// usedFeatures looks at the fields, nested ones too. A column that may not be
// null is an invariant like any other.
func (s Schema) usedFeatures() []string {
	var used []string
	for _, field := range s.Fields {
		if !field.Nullable {
			used = append(used, featureInvariants)
		}
		for key := range field.Metadata {
			switch {
			case key == "delta.invariants":
				used = append(used, featureInvariants)
			case key == "delta.generationExpression":
				used = append(used, featureGeneratedColumns)
			case strings.HasPrefix(key, "delta.identity."):
				used = append(used, featureIdentityColumns)
			}
		}
		used = append(used, nestedSchema(field.Type).usedFeatures()...)
	}
	return used
}

// nestedSchema gives the fields of a struct, or of the structs in an array or map.
func nestedSchema(typeJSON json.RawMessage) Schema {
	var nested struct {
		Fields      []Field         `json:"fields"`
		ElementType json.RawMessage `json:"elementType"`
		KeyType     json.RawMessage `json:"keyType"`
		ValueType   json.RawMessage `json:"valueType"`
	}
	if json.Unmarshal(typeJSON, &nested) != nil {
		return Schema{} // a primitive type is a string
	}
	fields := nested.Fields
	for _, inner := range []json.RawMessage{nested.ElementType, nested.KeyType, nested.ValueType} {
		if inner != nil {
			fields = append(fields, nestedSchema(inner).Fields...)
		}
	}
	return Schema{Fields: fields}
}

// mapsColumns tells whether files and statistics use other names than the schema.
func (m Metadata) mapsColumns() bool {
	mode := m.Configuration["delta.columnMapping.mode"]
	return mode != "" && mode != "none"
}

func (m Metadata) hasInCommitTimestamps() bool {
	return m.Configuration["delta.enableInCommitTimestamps"] == "true"
}

func without(features, known []string) []string {
	return slices.DeleteFunc(slices.Clone(features), func(f string) bool { return slices.Contains(known, f) })
}

func sortedOnce(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
