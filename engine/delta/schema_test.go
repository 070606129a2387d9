package delta

import (
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

func TestSchemaOfRecords(t *testing.T) {
	columns := arrow.NewSchema([]arrow.Field{
		{Name: "s", Type: arrow.BinaryTypes.String},
		{Name: "d", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		{Name: "l", Type: arrow.PrimitiveTypes.Int64},
		{Name: "f", Type: arrow.PrimitiveTypes.Float64},
		{Name: "b", Type: arrow.FixedWidthTypes.Boolean},
		{Name: "t", Type: arrow.FixedWidthTypes.Timestamp_us},
	}, nil)
	schema, err := SchemaOf(columns)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"string", "date", "long", "double", "boolean", "timestamp"} {
		if f := schema.Fields[i]; f.Primitive() != want || !f.Nullable || f.Name != columns.Field(i).Name {
			t.Errorf("got %+v, want %s", f, want)
		}
	}
	for _, refused := range []arrow.DataType{arrow.FixedWidthTypes.Timestamp_ns, &arrow.TimestampType{Unit: arrow.Microsecond}, arrow.PrimitiveTypes.Uint8, arrow.ListOf(textType)} {
		if _, err := SchemaOf(arrow.NewSchema([]arrow.Field{{Name: "x", Type: refused}}, nil)); err == nil {
			t.Errorf("%s became a column", refused)
		}
	}
}

func TestSchemaStringsKeepWhatTheyHold(t *testing.T) {
	for _, text := range []string{
		`{"type":"struct","fields":[]}`,
		`{"type":"struct","fields":[{"name":"a<b>","type":{"type":"array","elementType":"decimal(10,2)","containsNull":true},"nullable":false,"metadata":{"comment":"ü & <x>"}}]}`,
	} {
		schema, err := ParseSchema(text)
		if err != nil || schema.String() != text {
			t.Errorf("got %s %v, want %s", schema, err, text)
		}
	}
	for _, text := range []string{``, `{`, `[]`, `{"type":"array"}`, `{"type":"struct","fields":{}}`} {
		if schema, err := ParseSchema(text); err == nil {
			t.Errorf("%s: got %v", text, schema)
		}
	}
}
