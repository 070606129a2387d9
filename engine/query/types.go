package query

import (
	"slices"
	"strings"
)

// duckType is the type of a result, parsed from the driver's text
// («STRUCT("a" INTEGER, "b" DATE[])»), because the driver gives structs as maps
// and dates as instants: the type knows the order and the kind.
type duckType struct {
	name   string     // "INTEGER", "DECIMAL(10,2)", "LIST", "STRUCT", "MAP"…
	fields []string   // names of a struct's members
	inner  []duckType // element; members; key and value
}

// parseDuckType reads the driver's text. What it does not know becomes a name
// without parts.
func parseDuckType(s string) duckType {
	t, rest := readDuckType(s)
	if rest != "" {
		return duckType{name: s}
	}
	return t
}

// readDuckType reads one type from the front of s.
func readDuckType(s string) (t duckType, rest string) {
	switch {
	case strings.HasPrefix(s, "STRUCT("):
		t, rest = readMembers("STRUCT", s[len("STRUCT("):])
	case strings.HasPrefix(s, "UNION("):
		t, rest = readMembers("UNION", s[len("UNION("):])
	case strings.HasPrefix(s, "MAP("):
		key, more := readDuckType(s[len("MAP("):])
		value, more := readDuckType(strings.TrimPrefix(more, ", "))
		t, rest = duckType{name: "MAP", inner: []duckType{key, value}}, strings.TrimPrefix(more, ")")
	case strings.HasPrefix(s, "DECIMAL("):
		end := strings.IndexByte(s, ')') + 1
		t, rest = duckType{name: s[:end]}, s[end:]
	default:
		end := strings.IndexAny(s+",", ",)[")
		t, rest = duckType{name: s[:end]}, s[end:]
	}
	for strings.HasPrefix(rest, "[") {
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			return t, rest
		}
		t, rest = duckType{name: "LIST", inner: []duckType{t}}, rest[end+1:]
	}
	return t, rest
}

// readMembers reads «"a" INTEGER, "b" DATE)».
func readMembers(name, s string) (t duckType, rest string) {
	t.name = name
	for strings.HasPrefix(s, `"`) {
		var field strings.Builder
		i := 1
		for i < len(s) && (s[i] != '"' || strings.HasPrefix(s[i:], `""`)) {
			if s[i] == '"' {
				i++
			}
			field.WriteByte(s[i])
			i++
		}
		var member duckType
		member, s = readDuckType(strings.TrimPrefix(s[min(i+1, len(s)):], " "))
		t.fields = append(t.fields, field.String())
		t.inner = append(t.inner, member)
		s = strings.TrimPrefix(s, ", ")
	}
	return t, strings.TrimPrefix(s, ")")
}

// needsText tells whether the driver cannot hand out a value of the type as it
// is (it lacks the type, or would push numbers through float64): DuckDB then
// gives its text.
func (t duckType) needsText() bool {
	switch t.name {
	case "JSON", "BIT", "UHUGEINT", "BIGNUM", "INVALID", "ANY", "", "UNION":
		return true
	case "MAP":
		if key := t.part(0); key.inner != nil || key.name == "BLOB" {
			return true
		}
	case "STRUCT":
		// row(1, 2) has members without names, which the driver's map cannot tell apart.
		if names := slices.Sorted(slices.Values(t.fields)); len(slices.Compact(names)) < len(t.fields) {
			return true
		}
	}
	for _, inner := range t.inner {
		if inner.needsText() {
			return true
		}
	}
	return false
}

// sparkNames are Spark's for DuckDB's types. What has no counterpart is printed as text.
var sparkNames = map[string]string{
	"BOOLEAN": "BOOLEAN", "TINYINT": "TINYINT", "SMALLINT": "SMALLINT", "INTEGER": "INT", "BIGINT": "BIGINT",
	"UTINYINT": "SMALLINT", "USMALLINT": "INT", "UINTEGER": "BIGINT", "UBIGINT": "DECIMAL(20,0)",
	"HUGEINT": "DECIMAL(38,0)", "UHUGEINT": "DECIMAL(38,0)", "BIGNUM": "DECIMAL(38,0)",
	"FLOAT": "FLOAT", "DOUBLE": "DOUBLE", "BLOB": "BINARY", "DATE": "DATE",
	"TIMESTAMPTZ": "TIMESTAMP", "TIMESTAMP": "TIMESTAMP_NTZ", "TIMESTAMP_S": "TIMESTAMP_NTZ",
	"TIMESTAMP_MS": "TIMESTAMP_NTZ", "TIMESTAMP_NS": "TIMESTAMP_NTZ", "INTERVAL": "INTERVAL",
}

// spark is the type's name in Spark SQL.
func (t duckType) spark() string {
	switch {
	case strings.HasPrefix(t.name, "DECIMAL("):
		return t.name
	case t.needsText() && t.inner != nil:
		return "STRING"
	case t.name == "LIST":
		return "ARRAY<" + t.part(0).spark() + ">"
	case t.name == "MAP":
		return "MAP<" + t.part(0).spark() + ", " + t.part(1).spark() + ">"
	case t.name == "STRUCT":
		var members []string
		for i, field := range t.fields {
			members = append(members, field+": "+t.inner[i].spark())
		}
		return "STRUCT<" + strings.Join(members, ", ") + ">"
	}
	if name, known := sparkNames[t.name]; known {
		return name
	}
	return "STRING"
}
