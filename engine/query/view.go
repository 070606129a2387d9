package query

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"autoloaderlab/engine/delta"
	"autoloaderlab/engine/failure"
)

// maxPartitions is how many partitions of a foreign table one statement reads:
// each is a SELECT of its own, and DuckDB's planner nests them.
const maxPartitions = 1000

// tableView is a table at one version, as DuckDB must show it.
type tableView struct {
	name    TableName
	schema  string // where the view stands: the table's schema, or «schema@v3» for time travel
	columns []column
	groups  []fileGroup
}

// column is one of a table's, with its type in both tongues.
type column struct {
	name  string
	duck  string // DuckDB's type
	spark string // Spark's, as DESCRIBE TABLE prints it
}

// fileGroup is the data files of one partition. An unpartitioned table has one
// group or, when it is empty, none.
type fileGroup struct {
	values []partitionValue
	files  []string // absolute paths, not escaped
}

// partitionValue is a column that stands in the log and not in the files.
type partitionValue struct {
	column column
	text   *string // nil: NULL
}

// newTableView turns a snapshot into what DuckDB must show. Data files outside
// root, and partitions of types that a SQL literal cannot write, are
// failure.UnsupportedFeature.
func newTableView(name TableName, schema string, snapshot *delta.Snapshot, root string) (tableView, error) {
	columns, err := columnsOf(name, snapshot)
	if err != nil {
		return tableView{}, err
	}
	view := tableView{name: name, schema: schema, columns: columns}
	at := map[string]int{}
	for _, add := range snapshot.Files() {
		values, err := partitionValues(name, columns, snapshot.Metadata.PartitionColumns, add)
		if err != nil {
			return tableView{}, err
		}
		path := snapshot.AbsPath(add)
		if rel, err := filepath.Rel(root, path); err != nil || !filepath.IsLocal(rel) {
			return tableView{}, unsupported(name, "a data file outside the lab's folder: "+path)
		}
		key := partitionKey(values)
		if _, known := at[key]; !known {
			at[key] = len(view.groups)
			view.groups = append(view.groups, fileGroup{values: values})
		}
		group := &view.groups[at[key]]
		group.files = append(group.files, path)
	}
	if len(view.groups) > maxPartitions {
		return tableView{}, unsupported(name, fmt.Sprintf("more than %d partitions", maxPartitions))
	}
	return view, nil
}

func unsupported(name TableName, feature string) error {
	return failure.New(failure.UnsupportedFeature, "read", name.String()).Naming(feature)
}

func columnsOf(name TableName, snapshot *delta.Snapshot) ([]column, error) {
	schema, err := snapshot.Schema()
	if err != nil {
		return nil, err
	}
	if len(schema.Fields) == 0 {
		return nil, unsupported(name, "a table without columns")
	}
	var columns []column
	for _, field := range schema.Fields {
		duck, spark, err := translateType(field.Type)
		if err != nil {
			return nil, unsupported(name, "column "+field.Name+": "+err.Error())
		}
		columns = append(columns, column{field.Name, duck, spark})
	}
	return columns, nil
}

// partitionValues finds the values of an add for the table's partition columns
// (Delta protocol, «Partition Value Serialization»): the empty string is NULL.
func partitionValues(name TableName, columns []column, by []string, add delta.Add) ([]partitionValue, error) {
	var values []partitionValue
	for _, partition := range by {
		c, found := findColumn(columns, partition)
		if !found {
			return nil, unsupported(name, "partition column "+partition+", which the schema lacks")
		}
		if c.duck == "BLOB" || strings.Contains(c.spark, "<") {
			return nil, unsupported(name, "partition column "+partition+" of type "+c.spark)
		}
		text, there := add.PartitionValues[partition]
		if !there {
			return nil, unsupported(name, "a data file without a value for partition column "+partition)
		}
		if text != nil && *text == "" {
			text = nil
		}
		values = append(values, partitionValue{c, text})
	}
	return values, nil
}

func findColumn(columns []column, name string) (column, bool) {
	for _, c := range columns {
		if strings.EqualFold(c.name, name) {
			return c, true
		}
	}
	return column{}, false
}

func partitionKey(values []partitionValue) string {
	var key strings.Builder
	for _, v := range values {
		key.WriteString(v.literal())
		key.WriteByte(',')
	}
	return key.String()
}

func (v partitionValue) literal() string {
	if v.text == nil {
		return "CAST(NULL AS " + v.column.duck + ")"
	}
	return "CAST(" + quoteText(*v.text) + " AS " + v.column.duck + ")"
}

// definition is the CREATE VIEW. Three layers make it exact:
//
//	SELECT CAST("id" AS BIGINT) AS "id", …        only the schema's columns, in its order and types
//	FROM (SELECT CAST(NULL AS BIGINT) AS "id", …  every column, also those that no file has yet,
//	      WHERE false                             and a table without files
//	      UNION ALL BY NAME
//	      SELECT * FROM read_parquet([…]))        the rows; a column that a file lacks is NULL
func (v tableView) definition() string {
	var outer, empty []string
	for _, c := range v.columns {
		outer = append(outer, "CAST("+quoteName(c.name)+" AS "+c.duck+") AS "+quoteName(c.name))
		empty = append(empty, "CAST(NULL AS "+c.duck+") AS "+quoteName(c.name))
	}
	var sql strings.Builder
	fmt.Fprintf(&sql, "CREATE VIEW %s.%s.%s AS SELECT %s FROM (SELECT %s WHERE false",
		quoteName(v.name.Catalog), quoteName(v.schema), quoteName(v.name.Table), strings.Join(outer, ", "), strings.Join(empty, ", "))
	for _, group := range v.groups {
		sql.WriteString(" UNION ALL BY NAME SELECT *")
		for _, value := range group.values {
			sql.WriteString(", " + value.literal() + " AS " + quoteName(value.column.name))
		}
		sql.WriteString(" FROM read_parquet(" + listOf(group.files, escapeGlob) + ", union_by_name=true, hive_partitioning=false)")
	}
	sql.WriteString(")")
	return sql.String()
}

// allowed are the names under which DuckDB opens the view's files: as patterns
// when it looks for them, as they are when it reads.
func (v tableView) allowed() []string {
	var paths []string
	for _, group := range v.groups {
		for _, file := range group.files {
			paths = append(paths, file)
			if pattern := escapeGlob(file); pattern != file {
				paths = append(paths, pattern)
			}
		}
	}
	return paths
}

// escapeGlob makes a path a pattern that only it matches: read_parquet takes
// every name for a pattern.
func escapeGlob(path string) string { return globs.Replace(path) }

var globs = strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]")

func listOf(paths []string, as func(string) string) string {
	var list strings.Builder
	list.WriteByte('[')
	for i, path := range paths {
		if i > 0 {
			list.WriteByte(',')
		}
		list.WriteString(quoteText(as(path)))
	}
	list.WriteByte(']')
	return list.String()
}

// primitives are Delta's types (Delta protocol, «Primitive Types») in DuckDB's and in Spark's tongue.
var primitives = map[string][2]string{
	"string":        {"VARCHAR", "string"},
	"long":          {"BIGINT", "bigint"},
	"integer":       {"INTEGER", "int"},
	"short":         {"SMALLINT", "smallint"},
	"byte":          {"TINYINT", "tinyint"},
	"float":         {"FLOAT", "float"},
	"double":        {"DOUBLE", "double"},
	"boolean":       {"BOOLEAN", "boolean"},
	"binary":        {"BLOB", "binary"},
	"date":          {"DATE", "date"},
	"timestamp":     {"TIMESTAMPTZ", "timestamp"},
	"timestamp_ntz": {"TIMESTAMP", "timestamp_ntz"},
}

// nestedType is the JSON of a type that is not primitive.
type nestedType struct {
	Type        string          `json:"type"`
	ElementType json.RawMessage `json:"elementType"`
	KeyType     json.RawMessage `json:"keyType"`
	ValueType   json.RawMessage `json:"valueType"`
	Fields      []delta.Field   `json:"fields"`
}

// maxTypeDepth is how deep a foreign table's types may be nested: taking them
// apart costs the square of it, and DuckDB follows to some hundreds.
const maxTypeDepth = 100

// translateType says a type of a schemaString in DuckDB's words and in Spark's.
func translateType(raw json.RawMessage) (duck, spark string, err error) {
	return translateNested(raw, maxTypeDepth)
}

// translateNested follows a type for so many levels more.
func translateNested(raw json.RawMessage, levels int) (duck, spark string, err error) {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return translatePrimitive(name)
	}
	if levels == 0 {
		return "", "", fmt.Errorf("a type nested more than %d levels deep", maxTypeDepth)
	}
	var nested nestedType
	if err := json.Unmarshal(raw, &nested); err != nil {
		return "", "", fmt.Errorf("type %s", raw)
	}
	switch nested.Type {
	case "array":
		duck, spark, err = translateNested(nested.ElementType, levels-1)
		return duck + "[]", "array<" + spark + ">", err
	case "map":
		keyDuck, keySpark, keyErr := translateNested(nested.KeyType, levels-1)
		duck, spark, err = translateNested(nested.ValueType, levels-1)
		if err == nil {
			err = keyErr
		}
		return "MAP(" + keyDuck + ", " + duck + ")", "map<" + keySpark + "," + spark + ">", err
	case "struct":
		return translateStruct(nested.Fields, levels-1)
	default:
		return "", "", fmt.Errorf("type %q", nested.Type)
	}
}

func translateStruct(fields []delta.Field, levels int) (duck, spark string, err error) {
	var ducks, sparks []string
	for _, field := range fields {
		duck, spark, err := translateNested(field.Type, levels)
		if err != nil {
			return "", "", err
		}
		ducks = append(ducks, quoteName(field.Name)+" "+duck)
		sparks = append(sparks, field.Name+":"+spark)
	}
	if len(ducks) == 0 {
		return "", "", fmt.Errorf("an empty struct")
	}
	return "STRUCT(" + strings.Join(ducks, ", ") + ")", "struct<" + strings.Join(sparks, ",") + ">", nil
}

func translatePrimitive(name string) (duck, spark string, err error) {
	if names, known := primitives[name]; known {
		return names[0], names[1], nil
	}
	var precision, scale int
	if n, _ := fmt.Sscanf(name, "decimal(%d,%d)", &precision, &scale); n == 2 && precision > 0 && precision <= 38 && scale >= 0 && scale <= precision {
		return fmt.Sprintf("DECIMAL(%d,%d)", precision, scale), fmt.Sprintf("decimal(%d,%d)", precision, scale), nil
	}
	if name == "decimal" {
		return "DECIMAL(10,0)", "decimal(10,0)", nil
	}
	return "", "", fmt.Errorf("type %q", name)
}
