package disk

import (
	"path"
	"strconv"
	"strings"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

func (o Opened) explainTable(e *Explanation) {
	folder, name := path.Split(o.Name)
	number, extension, _ := strings.Cut(name, ".")
	version, err := strconv.ParseInt(number, 10, 64)
	inLog := folder == "_delta_log/"
	switch {
	case inLog && name == "_last_checkpoint":
		o.explainLastCheckpoint(e)
	case inLog && err == nil && extension == "json":
		o.explainVersion(e, version)
	case inLog && err == nil && strings.HasPrefix(extension, "checkpoint") && strings.HasSuffix(name, ".parquet"):
		o.explainLogCheckpoint(e, version)
	case strings.HasSuffix(name, ".parquet") && !strings.HasPrefix(name, "_"):
		o.explainData(e)
	default:
		o.explainForeign(e)
	}
}

func (o Opened) explainLastCheckpoint(e *Explanation) {
	e.Lead, e.Databricks = text.DiskLastCheckpoint, text.DbxDelta
	n, err := parseJSON(o.Bytes)
	if err != nil {
		o.damaged(e, text.DiskDamagedLine)
		return
	}
	e.Parts = []Part{{Number: 1, Atoms: o.json(n, keepOnly("version", "size", "sizeInBytes", "numOfAddFiles", "parts"), false), Notes: []Note{
		{"version", text.DiskLastVersion}, {"size", text.DiskLastSize},
	}}}
}

// explainVersion explains each action of a commit. A line that does not parse makes
// the whole version unreadable, to the lab as to everybody.
func (o Opened) explainVersion(e *Explanation, version int64) {
	e.Databricks = text.DbxDelta
	var actions []node
	all := lines(o.Bytes)
	for i, line := range all {
		if strings.TrimSpace(line) == "" {
			continue
		}
		n, err := parseJSON([]byte(line))
		if err != nil && i == len(all)-1 && o.SizeBytes > int64(len(o.Bytes)) {
			break // the beginning of a big file ends inside a line
		}
		if err != nil || n.kind != objectKind {
			e.Lead = text.DiskVersionOf(version, -1, "")
			o.damaged(e, text.DiskDamagedLog)
			return
		}
		actions = append(actions, n)
	}
	if len(actions) == 0 {
		e.Lead = text.DiskVersionOf(version, -1, "")
		o.damaged(e, text.DiskDamagedLog)
		return
	}
	e.Lead = o.leadOfVersion(version, actions)
	shown := map[string]int{}
	hidden := 0
	for i, n := range actions {
		name := ""
		if len(n.members) > 0 {
			name = n.members[0].name
		}
		if shown[name]++; shown[name] > mostLines {
			hidden++
			continue
		}
		keep, notes := o.action(name, n, actions)
		if shown[name] > 1 {
			notes = notes[:min(len(notes), 0)]
		}
		e.Parts = append(e.Parts, Part{Number: i + 1, Atoms: o.json(n, keep, true), Notes: notes, Tight: shown[name] > 2})
	}
	if hidden > 0 {
		e.Parts = append(e.Parts, Part{More: text.DiskMoreLines(int64(hidden)), Tight: true})
	}
}

func (o Opened) leadOfVersion(version int64, actions []node) string {
	operation := find(actions, "commitInfo").at("operation").String()
	if txn := find(actions, "txn"); operation == "STREAMING UPDATE" {
		if batch, ok := integer(txn.at("version")); ok {
			return text.DiskVersionOf(version, batch, operation)
		}
	}
	if operation == "CREATE TABLE" {
		return text.DiskVersionOf(version, -1, "") + " " + text.DiskCreated
	}
	return text.DiskVersionOf(version, -1, operation)
}

// find is the first action of a name.
func find(actions []node, name string) node {
	for _, action := range actions {
		if action.has(name) {
			return action.at(name)
		}
	}
	return node{}
}

// action says which fields of an action are shown, and what they mean.
func (o Opened) action(name string, n node, all []node) (keep map[string]bool, notes []Note) {
	of := n.at(name)
	switch name {
	case "commitInfo":
		return o.commitInfo(of)
	case "txn":
		return o.txn(of)
	case "add":
		return o.add(of, all)
	case "remove":
		return keepOnly("remove.path", "remove.deletionTimestamp", "remove.dataChange"), []Note{{"remove", text.DiskRemove}}
	case "metaData":
		return o.metaData(of)
	case "protocol":
		return nil, []Note{{"minReaderVersion", text.DiskReaderVersion}, {"minWriterVersion", text.DiskWriterVersion}}
	default:
		return nil, []Note{{clean(name), text.DiskOtherAction}}
	}
}

func (o Opened) commitInfo(of node) (keep map[string]bool, notes []Note) {
	keep = keepOnly("commitInfo.operation", "commitInfo.operationParameters.queryId", "commitInfo.operationParameters.epochId",
		"commitInfo.operationMetrics.numOutputRows", "commitInfo.tags", "commitInfo.readVersion")
	notes = []Note{{"operation", text.DiskOperation(of.at("operation").String())}}
	if id := of.at("operationParameters", "queryId"); id.scalar != "" {
		notes = append(notes, Note{"queryId", o.whose(id.scalar)})
	}
	if of.at("operationParameters", "epochId").scalar != "" {
		notes = append(notes, Note{"epochId", text.DiskEpoch})
	}
	if rows, ok := integer(of.at("operationMetrics", "numOutputRows")); ok {
		notes = append(notes, Note{"numOutputRows", text.DiskOutputRows + text.Number(rows) + "."})
	}
	if of.has("tags") {
		notes = append(notes, Note{"tags", text.DiskTagRange})
	}
	return keep, notes
}

// whose tells whether a query is the one of the checkpoint.
func (o Opened) whose(id string) string {
	switch o.Records.QueryID {
	case id:
		return text.DiskQueryKnown
	case "":
		return text.DiskQueryAlone
	default:
		return text.DiskQueryOther
	}
}

// copyPrefix begins the appId with which COPY INTO remembers a file.
const copyPrefix = "copy-into:"

func (o Opened) txn(of node) (keep map[string]bool, notes []Note) {
	keep = keepOnly("txn.appId", "txn.version")
	if strings.HasPrefix(of.at("appId").scalar, copyPrefix) {
		return keep, []Note{{"txn", text.DiskTxnFile}}
	}
	if batch, ok := integer(of.at("version")); ok {
		notes = []Note{{"txn", text.DiskTxn(batch)}}
	}
	notes = append(notes, Note{"appId", o.whose(of.at("appId").scalar)})
	return keep, append(notes, Note{"version", text.DiskTxnVersion})
}

func (o Opened) add(of node, all []node) (keep map[string]bool, notes []Note) {
	keep = keepOnly("add.path", "add.size", "add.dataChange", "add.stats.numRecords")
	notes = []Note{{"add", text.DiskAdd}}
	rows, ok := integer(of.at("stats", "numRecords"))
	if !ok {
		return keep, append(notes, Note{"stats", text.DiskNoRecords})
	}
	return keep, append(notes, Note{"numRecords", text.DiskAddRows(rows, o.onlySource(all))})
}

// onlySource is the one source file whose rows a commit brings, by the range of the
// source log that it records; "" when there are several or it is not known.
func (o Opened) onlySource(all []node) string {
	tags := find(all, "commitInfo").at("tags")
	from, known := integer(tags.at("sourceLogFrom"))
	to, knownTo := integer(tags.at("sourceLogTo"))
	mine := find(all, "txn").at("appId").scalar == o.Records.QueryID
	if files := o.filesBetween(from, to); known && knownTo && mine && len(files) == 1 {
		return files[0]
	}
	return ""
}

func (o Opened) metaData(of node) (keep map[string]bool, notes []Note) {
	keep = keepOnly("metaData.id", "metaData.schemaString.type", "metaData.partitionColumns")
	notes = []Note{{"id", text.DiskTableID}}
	var columns []string
	for _, field := range of.at("schemaString", "fields").items {
		kind := field.at("type").String()
		if kind == "" {
			kind = field.at("type", "type").String()
		}
		columns = append(columns, field.at("name").String()+" "+kind)
	}
	if len(columns) > 0 {
		notes = append(notes, Note{"schemaString", text.DiskSchemaString + strings.Join(columns, ", ") + "."})
	}
	if len(of.at("partitionColumns").items) == 0 && of.has("partitionColumns") {
		notes = append(notes, Note{"partitionColumns", text.DiskPartitionedBy})
	}
	if when, ok := millis(of.at("createdTime")); ok {
		keep["metaData.createdTime"] = true
		notes = append(notes, Note{"createdTime", text.DiskCreatedTime + when + "."})
	}
	return keep, notes
}

func (o Opened) explainLogCheckpoint(e *Explanation, version int64) {
	e.Databricks = text.DbxLogParquet
	if o.Footer == nil {
		o.damaged(e, text.DiskParquetBroken)
		return
	}
	e.Lead = text.DiskLogSummary(version, o.Footer.Rows)
	e.About = text.DiskAboutRows(o.Footer.Rows, o.SizeBytes)
	var notes []Note
	for i, name := range o.Footer.Names {
		if i == 2*mostLines {
			break
		}
		notes = append(notes, Note{clean(name), text.DiskLogColumn(name)})
	}
	e.Parts = []Part{{Notes: notes}, o.parquetGroups()}
}

func (o Opened) explainData(e *Explanation) {
	e.Databricks = text.DbxData
	if o.Footer == nil {
		o.damaged(e, text.DiskParquetBroken)
		return
	}
	e.About = text.DiskAboutRows(o.Footer.Rows, o.SizeBytes)
	added, named := o.Records.Adds[o.Name]
	switch {
	case named:
		e.Lead = text.DiskData(o.Footer.Rows, added.Version)
	case o.Gone, o.Records.Adds == nil:
		e.Lead = text.DiskDataRows(o.Footer.Rows)
	default:
		e.Lead = text.DiskNobodyNames
	}
	e.Parts = append(e.Parts, o.parquetHead())
	e.Parts = append(e.Parts, o.parquetColumns(), o.parquetGroups())
	if stats, err := parseJSON([]byte(added.Stats)); named && err == nil {
		e.Parts = append(e.Parts, Part{
			Notes: []Note{{text.DiskParquetStats, text.DiskStatsAre}}, Grid: statsGrid(stats, o.Footer.Names),
		})
	}
}

func (o Opened) parquetColumns() Part {
	grid := &Grid{Columns: []GridColumn{{Name: text.DiskGridColumn}, {Name: text.DiskGridType}, {Name: text.DiskGridCodec}}}
	for i, column := range o.Footer.Columns {
		if i == 3*mostLines {
			break
		}
		grid.Rows = append(grid.Rows, []string{clean(column.Path), clean(column.Type), strings.ToLower(clean(column.Codec))})
	}
	part := Part{Notes: []Note{{text.DiskParquetSchema, text.DiskColumnsAre}}, Grid: grid}
	if more := len(o.Footer.Columns) - len(grid.Rows); more > 0 {
		part.More = text.DiskMoreLines(int64(more))
	}
	return part
}

func (o Opened) parquetGroups() Part {
	grid := &Grid{Columns: []GridColumn{{text.DiskGridGroup, true}, {text.DiskGridRows, true}, {text.DiskGridSize, true}}}
	for i, group := range o.Footer.Groups {
		if i == mostLines {
			break
		}
		grid.Rows = append(grid.Rows, []string{strconv.Itoa(i), text.Number(group.Rows), text.Bytes(max(group.SizeBytes, 0))})
	}
	part := Part{Notes: []Note{{text.DiskParquetGroups, text.DiskGroupsAre}}, Grid: grid}
	if more := len(o.Footer.Groups) - len(grid.Rows); more > 0 {
		part.More = text.DiskMoreLines(int64(more))
	}
	return part
}

func (o Opened) parquetHead() Part {
	grid := &Grid{}
	for _, name := range o.Footer.Names {
		grid.Columns = append(grid.Columns, GridColumn{Name: clean(name)})
	}
	for _, row := range o.Footer.Head {
		values := make([]string, len(row))
		for i, value := range row {
			values[i] = null
			if value != nil {
				values[i] = clean(cutText(*value, 60))
			}
		}
		grid.Rows = append(grid.Rows, values)
	}
	return Part{Grid: grid}
}

// cutText bounds a value that may be megabytes long.
func cutText(s string, n int) string {
	runes := 0
	for i := range s {
		if runes == n {
			return s[:i] + style.Ellipsis
		}
		runes++
	}
	return s
}

// statsGrid is an add's statistics, a row a column.
func statsGrid(stats node, names []string) *Grid {
	grid := &Grid{Columns: []GridColumn{{Name: text.DiskGridColumn}, {Name: text.DiskGridMin}, {Name: text.DiskGridMax}, {text.DiskGridNulls, true}}}
	for i, name := range names {
		if i == 3*mostLines {
			break
		}
		value := func(of string) string {
			n := stats.at(of, name)
			if n.kind == scalarKind && (n.scalar == "" || n.scalar == "null") {
				return "–"
			}
			return cutText(n.String(), 30)
		}
		nulls := "–"
		if count, ok := integer(stats.at("nullCount", name)); ok {
			nulls = text.Number(count)
		}
		grid.Rows = append(grid.Rows, []string{clean(name), value("minValues"), value("maxValues"), nulls})
	}
	return grid
}

func (o Opened) explainTrash(e *Explanation) {
	e.Lead, e.Databricks = text.DiskTrashRecord, text.DbxTrash
	n, err := parseJSON(o.Bytes)
	if err != nil {
		o.damaged(e, text.DiskDamagedLine)
		return
	}
	part := Part{Number: 1, Atoms: o.json(n, nil, false), Notes: []Note{
		{"clase", text.DiskTrashKind}, {"nombre", text.DiskTrashName}, {"origen", text.DiskTrashOrigin},
	}}
	if when := n.at("hora").String(); len(when) >= 19 {
		part.Notes = append(part.Notes, Note{"hora", text.DiskTrashWhen + strings.Replace(when[:19], "T", " ", 1) + " UTC."})
	}
	e.Parts = []Part{part}
}
