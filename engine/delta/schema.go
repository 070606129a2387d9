package delta

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"autoloaderlab/engine/failure"

	"github.com/apache/arrow/go/v17/arrow"
)

// Schema is a table's columns, as the schemaString of its metaData has them
// (Delta protocol, «Schema Serialization Format»).
type Schema struct{ Fields []Field }

// Field is a column, or a member of a struct.
type Field struct {
	Name     string                     `json:"name"`
	Type     json.RawMessage            `json:"type"` // "string" with its quotes, or an object for a nested type
	Nullable bool                       `json:"nullable"`
	Metadata map[string]json.RawMessage `json:"metadata"`
}

// structType is the JSON around a schema's fields.
type structType struct {
	Type   string  `json:"type"`
	Fields []Field `json:"fields"`
}

// invalidNameCharacters are those that Delta refuses in a column's name
// (Spark, SchemaUtils.checkFieldNames).
const invalidNameCharacters = " ,;{}()\n\t="

// NewField is a nullable column of a primitive type by its name in Delta.
func NewField(name, primitive string) Field {
	return Field{Name: name, Type: json.RawMessage(`"` + primitive + `"`), Nullable: true}
}

// Primitive is the type's name in Delta ("string", "long", "date"), or "" for a nested one.
func (f Field) Primitive() string {
	var name string
	if json.Unmarshal(f.Type, &name) != nil {
		return ""
	}
	return name
}

// ParseSchema reads a schemaString.
func ParseSchema(text string) (Schema, error) {
	var parsed structType
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		return Schema{}, fmt.Errorf("schemaString: %w", err)
	}
	if parsed.Type != "struct" {
		return Schema{}, errors.New("schemaString: not a struct")
	}
	return Schema{parsed.Fields}, nil
}

// SchemaOf is the schema of a table for records of an arrow schema. Every
// column is nullable.
func SchemaOf(columns *arrow.Schema) (Schema, error) {
	var schema Schema
	for _, column := range columns.Fields() {
		primitive, err := primitiveOf(column.Type)
		if err != nil {
			return Schema{}, failure.New(failure.Internal, "make a table with column", column.Name).Because(err)
		}
		schema.Fields = append(schema.Fields, NewField(column.Name, primitive))
	}
	return schema, nil
}

// primitiveOf names an arrow type as Delta does (Delta protocol, «Primitive Types»).
func primitiveOf(t arrow.DataType) (string, error) {
	switch t := t.(type) {
	case *arrow.StringType:
		return "string", nil
	case *arrow.Int64Type:
		return "long", nil
	case *arrow.Float64Type:
		return "double", nil
	case *arrow.BooleanType:
		return "boolean", nil
	case *arrow.Date32Type:
		return "date", nil
	case *arrow.TimestampType:
		if t.Unit == arrow.Microsecond && t.TimeZone == "UTC" {
			return "timestamp", nil
		}
	}
	return "", fmt.Errorf("no column holds %s", t)
}

// String is the schemaString, as Spark writes it.
func (s Schema) String() string {
	written := structType{Type: "struct", Fields: slices.Clone(s.Fields)}
	if written.Fields == nil {
		written.Fields = []Field{}
	}
	for i := range written.Fields {
		if written.Fields[i].Metadata == nil {
			written.Fields[i].Metadata = map[string]json.RawMessage{}
		}
	}
	text, err := marshal(written)
	if err != nil {
		// Only a Type or Metadata that is not JSON comes here, and those are parsed or ours.
		return ""
	}
	return string(text)
}

// CheckNames refuses names that Spark refuses: with characters that Parquet's
// tools stumble over, and those that differ only by case.
func (s Schema) CheckNames() error {
	var invalid, repeated []string
	seen := map[string]bool{}
	for _, field := range s.Fields {
		if strings.ContainsAny(field.Name, invalidNameCharacters) {
			invalid = append(invalid, field.Name)
		}
		folded := strings.ToLower(field.Name)
		if seen[folded] {
			repeated = append(repeated, field.Name)
		}
		seen[folded] = true
	}
	switch {
	case len(invalid) > 0:
		return failure.New(failure.InvalidColumnName, "check", "the table's columns").Naming(invalid...)
	case len(repeated) > 0:
		return failure.New(failure.DuplicateColumn, "check", "the table's columns").Naming(repeated...)
	}
	return nil
}
