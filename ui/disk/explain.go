package disk

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"autoloaderlab/engine"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// Opened is a file with all that is needed to explain it.
type Opened struct {
	Memory Memory
	Gone   bool   // it lies in the trash
	Name   string // below the memory's folder, with slashes: "offsets/1"
	// Bytes is the file, or its beginning when SizeBytes is more.
	Bytes     []byte
	SizeBytes int64
	// Footer is a Parquet file's; nil when it is damaged, or no Parquet.
	Footer *engine.ParquetFooter
	// Rows is a source file's, -1 when nobody counted them.
	Rows    int64
	Seen    bool   // a source file that the memory of loaded files has
	Table   string // the source table's name, which file names begin with
	Records engine.Records
	// Problem is why the file could not be read, "" when it could.
	Problem string
}

const (
	headRows    = 8 // rows shown of a data file
	sourceLines = 5 // rows shown of a source file
	mostLines   = 8 // lines of one kind shown of a log
)

// Explain says what a file is and what is in it. Any bytes are fine: what is damaged
// or foreign is said to be so.
func Explain(o Opened) Explanation {
	e := Explanation{Memory: o.Memory, Gone: o.Gone, Title: clean(o.Name)}
	o.Records = o.recordsFor()
	e.About = text.DiskAbout(int64(countLines(o.Bytes)), o.SizeBytes)
	switch {
	case o.Problem != "":
		e.Lead, e.About = clean(o.Problem), ""
	case strings.HasPrefix(path.Base(o.Name), "."):
		o.explainHidden(&e)
	case o.Memory == Own:
		o.explainOwn(&e)
	case o.Memory == Origin:
		o.explainSource(&e)
	case o.Gone && path.Base(o.Name) == "entrada.json":
		o.explainTrash(&e)
	case o.Memory == Checkpoint:
		o.explainCheckpoint(&e)
	default:
		o.explainTable(&e)
	}
	if o.Gone && o.Problem == "" && e.Databricks != text.DbxTrash {
		e.Lead = text.DiskInTrash + " " + e.Lead
	}
	if o.SizeBytes > int64(len(o.Bytes)) && o.Footer == nil && o.Problem == "" && len(e.Parts) > 0 {
		e.Parts = append(e.Parts, Part{More: text.DiskCutFile(int64(len(o.Bytes)), o.SizeBytes)})
	}
	return e
}

// recordsFor leaves out the records that are of another checkpoint or table than the
// one in the trash.
func (o Opened) recordsFor() engine.Records {
	switch {
	case o.Gone && o.Memory == Checkpoint:
		return engine.Records{}
	case o.Gone:
		return engine.Records{QueryID: o.Records.QueryID, Seen: o.Records.Seen}
	default:
		return o.Records
	}
}

func countLines(data []byte) int {
	n := bytes.Count(data, []byte("\n"))
	if len(data) > 0 && data[len(data)-1] != '\n' {
		n++
	}
	return n
}

// lines are a text file's, without the empty one at the end.
func lines(data []byte) []string {
	if len(data) == 0 {
		return nil
	}
	all := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i := range all {
		all[i] = strings.TrimSuffix(all[i], "\r")
	}
	return all
}

// written is a line of a file as it is, breakable everywhere it has a comma.
func written(line string) [][]span {
	var atoms [][]span
	const enough = 4 << 10
	if len(line) > enough {
		line = strings.ToValidUTF8(line[:enough], "") + style.Ellipsis
	}
	for _, piece := range strings.SplitAfter(clean(line), ",") {
		atoms = append(atoms, []span{{text: piece}})
	}
	return atoms
}

// --- the origin ---

func (o Opened) explainSource(e *Explanation) {
	gzip := strings.HasSuffix(strings.ToLower(o.Name), ".gz")
	e.Lead, e.Databricks = text.DiskSource(gzip), text.DbxSource
	if o.Rows >= 0 {
		e.About = text.DiskAboutRows(o.Rows, o.SizeBytes)
	}
	memory := Note{text.DiskFieldMemory, text.DiskUnseen}
	if o.Seen {
		memory.Text = text.DiskSeenByTable
	}
	for _, seen := range o.Records.Seen {
		if seen.Name == o.Name {
			memory.Text = text.DiskSeenIn(seen.Entry)
		}
	}
	about := Part{Notes: []Note{{text.DiskFieldIdentity, text.DiskIdentity}, memory}}
	all := lines(o.Bytes)
	switch {
	case gzip:
		e.Parts = []Part{about}
		return
	case o.SizeBytes == 0:
		e.Lead = text.DiskEmptySource
		e.Parts = []Part{about}
		return
	case !looksLikeText(o.Bytes):
		e.Parts = []Part{{More: text.DiskBinary}, about}
		return
	}
	header := Part{Number: 1, Atoms: written(all[0]), Notes: []Note{{text.DiskFieldHeader, text.DiskHeader(int64(cells(all[0])))}}}
	e.Parts = []Part{header}
	for i, line := range all[1:min(len(all), sourceLines+1)] {
		e.Parts = append(e.Parts, Part{Number: i + 2, Atoms: written(line), Tight: i > 0})
	}
	if o.Rows >= 0 {
		last := &e.Parts[len(e.Parts)-1]
		last.Notes = append(last.Notes, Note{text.DiskFieldRows, text.DiskRowsAre(o.Rows)})
	}
	e.Parts = append(e.Parts, about)
}

func cells(line string) int {
	record, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return strings.Count(line, ",") + 1
	}
	return len(record)
}

func looksLikeText(data []byte) bool {
	head := data[:min(len(data), 4<<10)]
	if bytes.IndexByte(head, 0) >= 0 || bytes.HasPrefix(head, []byte("PAR1")) {
		return false
	}
	bad := 0
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		if r == utf8.RuneError && size == 1 {
			bad++
		}
		head = head[size:]
	}
	return bad < 64
}

// --- the checkpoint ---

func (o Opened) explainCheckpoint(e *Explanation) {
	folder, name := path.Split(o.Name)
	number, err := strconv.ParseInt(strings.TrimSuffix(name, ".compact"), 10, 64)
	numbered := err == nil && number >= 0
	switch {
	case o.Name == "metadata":
		o.explainMetadata(e)
	case folder == "sources/0/" && numbered:
		o.explainSeen(e, number, strings.HasSuffix(name, ".compact"))
	case folder == "offsets/" && numbered:
		o.explainOffsets(e, number)
	case folder == "commits/" && numbered:
		o.explainCommits(e, number)
	case folder == "_schemas/" && numbered:
		o.explainSchema(e, number)
	default:
		o.explainForeign(e)
	}
}

func (o Opened) explainForeign(e *Explanation) {
	e.Lead, e.Databricks = text.DiskForeign, text.DbxOther
	o.asItIs(e)
}

// asItIs adds the file's first lines, or its first bytes.
func (o Opened) asItIs(e *Explanation) {
	switch {
	case o.SizeBytes == 0:
		e.Lead += " " + text.DiskEmptyFile
		return
	case !looksLikeText(o.Bytes):
		e.Lead += " " + text.DiskBinary
		e.Parts = append(e.Parts, hexParts(o.Bytes[:min(len(o.Bytes), 256)])...)
		return
	}
	all := lines(o.Bytes)
	for i, line := range all[:min(len(all), mostLines)] {
		e.Parts = append(e.Parts, Part{Number: i + 1, Atoms: written(line), Tight: i > 0})
	}
	if more := len(all) - mostLines; more > 0 {
		e.Parts = append(e.Parts, Part{More: text.DiskLinesLeft(int64(more)), Tight: true})
	}
}

// explainHidden explains what readers of a folder do not look at.
func (o Opened) explainHidden(e *Explanation) {
	e.Databricks = text.DbxOther
	switch name := path.Base(o.Name); {
	case strings.HasSuffix(name, ".crc"):
		e.Lead = text.DiskChecksumOf(clean(strings.TrimSuffix(strings.TrimPrefix(name, "."), ".crc")))
	case strings.HasSuffix(name, ".tmp"):
		e.Lead = text.DiskTemporary
	default:
		e.Lead = text.DiskHidden
	}
	o.asItIs(e)
}

func (o Opened) explainMetadata(e *Explanation) {
	e.Lead, e.Databricks = text.DiskMetadata, text.DbxMetadata
	n, err := parseJSON(o.Bytes)
	if err != nil || n.at("id").String() == "" {
		o.damaged(e, text.DiskDamagedLine)
		return
	}
	e.Parts = []Part{{Number: 1, Atoms: o.json(n, nil, false), Notes: []Note{{"id", text.DiskMetadataID}}}}
}

// damaged shows what there is, and says that it is no good.
func (o Opened) damaged(e *Explanation, why string) {
	e.Databricks = text.DbxDamaged
	e.Lead = strings.TrimSpace(e.Lead + " " + why)
	e.Parts = nil
	if o.SizeBytes == 0 {
		e.Lead = text.DiskEmptyFile + " " + why
		return
	}
	o.asItIs(e)
}

// entryLines are the lines of a numbered file after its version line.
func (o Opened) entryLines(e *Explanation) ([]string, bool) {
	all := lines(o.Bytes)
	if len(all) == 0 || all[0] != "v1" {
		o.damaged(e, text.DiskDamagedSeen)
		return nil, false
	}
	e.Parts = []Part{{Number: 1, Atoms: written("v1"), Notes: []Note{{text.DiskField1, text.DiskFormatV1}}}}
	return all[1:], true
}

func (o Opened) explainSeen(e *Explanation, entry int64, compact bool) {
	e.Databricks = text.DbxSources
	all, ok := o.entryLines(e)
	if !ok {
		return
	}
	files := int64(len(all))
	e.Lead = text.DiskSources(entry, files)
	if compact {
		e.Lead = text.DiskSourcesCompact(entry, files)
	}
	for i, line := range all[:min(len(all), mostLines)] {
		n, err := parseJSON([]byte(line))
		if err != nil || n.at("path").String() == "" {
			e.Parts = append(e.Parts, Part{Number: i + 2, Atoms: written(line), Notes: []Note{{"", text.DiskDamagedLine}}})
			continue
		}
		part := Part{Number: i + 2, Atoms: o.json(n, nil, false), Tight: i > 1}
		if i == 0 {
			part.Notes = seenNotes(n, entry)
		}
		e.Parts = append(e.Parts, part)
	}
	if more := len(all) - mostLines; more > 0 {
		e.Parts = append(e.Parts, Part{More: text.DiskMoreLines(int64(more)), Tight: true})
	}
}

func seenNotes(n node, entry int64) []Note {
	notes := []Note{{"path", text.DiskSeenPath}}
	if when, ok := millis(n.at("timestamp")); ok {
		notes = append(notes, Note{"timestamp", text.DiskSeenTime(when)})
	}
	if batch, ok := integer(n.at("batchId")); ok {
		notes = append(notes, Note{"batchId", text.DiskSeenEntry(batch, batch == entry)})
	}
	if size, ok := integer(n.at("size")); ok {
		notes = append(notes, Note{"size", text.DiskSeenSizeOf(size)})
	}
	if when, ok := millis(n.at("discovered")); ok {
		notes = append(notes, Note{"discovered", text.DiskDiscoveredAt(when)})
	}
	if n.has("known") {
		notes = append(notes, Note{"known", text.DiskSeenKnown})
	}
	return notes
}

func (o Opened) explainOffsets(e *Explanation, batch int64) {
	e.Lead, e.Databricks = text.DiskOffsets(batch), text.DbxOffsets
	all, ok := o.entryLines(e)
	if !ok {
		return
	}
	if len(all) < 2 {
		o.damaged(e, text.DiskDamagedSeen)
		return
	}
	for i, line := range all {
		n, err := parseJSON([]byte(line))
		part := Part{Number: i + 2, Atoms: written(line)}
		switch {
		case err != nil:
			part.Notes = []Note{{"", text.DiskDamagedLine}}
		case n.has("batchTimestampMs"):
			part.Atoms = o.json(n, nil, false)
			part.Notes = []Note{{"batchWatermarkMs", text.DiskWatermark}}
			if when, ok := millis(n.at("batchTimestampMs")); ok {
				part.Notes = []Note{{"batchTimestampMs", text.DiskBatchTime(when)}}
			}
			if len(n.at("conf").members) == 0 && n.has("conf") {
				part.Notes = append(part.Notes, Note{"conf", text.DiskConf})
			}
		case n.has("logOffset"):
			if entry, ok := integer(n.at("logOffset")); ok {
				part.Notes = []Note{{"logOffset", text.DiskLogOffset(batch, entry, o.filesOf(batch, entry))}}
			}
		}
		e.Parts = append(e.Parts, part)
		if i == mostLines {
			break
		}
	}
}

// filesOf names the files of a batch that goes up to an entry of the source log; none
// when the plan before it is not known.
func (o Opened) filesOf(batch, to int64) []string {
	from := int64(-1)
	if batch > 0 {
		before, ok := o.Records.Plans[batch-1]
		if !ok {
			return nil
		}
		from = before
	}
	return o.filesBetween(from, to)
}

func (o Opened) filesBetween(from, to int64) []string {
	var names []string
	for _, seen := range o.Records.Seen {
		if seen.Entry > from && seen.Entry <= to {
			names = append(names, o.sourceName(seen.Name))
		}
	}
	return names
}

// sourceName is a source file's name in running text.
func (o Opened) sourceName(name string) string {
	name = clean(name)
	if rest, found := strings.CutPrefix(name, o.Table+"_"); found && o.Table != "" && rest != "" {
		name = style.Ellipsis + "_" + rest
	}
	return strings.ReplaceAll(name, " ", text.Space)
}

func (o Opened) explainCommits(e *Explanation, batch int64) {
	e.Lead, e.Databricks = text.DiskCommits(batch), text.DbxCommits
	if !bytes.HasPrefix(o.Bytes, []byte("v1\n")) {
		o.damaged(e, text.DiskDamagedCommit)
		return
	}
	all, _ := o.entryLines(e)
	for i, line := range all {
		part := Part{Number: i + 2, Atoms: written(line)}
		if n, err := parseJSON([]byte(line)); err != nil {
			part.Notes = []Note{{"", text.DiskDamagedLine}}
		} else if n.has("nextBatchWatermarkMs") {
			part.Notes = []Note{{"nextBatchWatermarkMs", text.DiskWatermark}}
		}
		e.Parts = append(e.Parts, part)
		if i == mostLines {
			break
		}
	}
}

func (o Opened) explainSchema(e *Explanation, version int64) {
	e.Databricks = text.DbxSchemas
	all, ok := o.entryLines(e)
	if !ok {
		return
	}
	n, err := parseJSON([]byte(strings.Join(all, "\n")))
	if err != nil {
		o.damaged(e, text.DiskDamagedLine)
		return
	}
	fields := n.at("dataSchemaJson", "fields").items
	e.Lead = text.DiskSchema(version, int64(len(fields)))
	part := Part{Number: 2, Atoms: o.json(n, keepOnly("dataSchemaJson.type", "partitionSchemaJson.type"), false)}
	if n.has("dataSchemaJson") {
		part.Notes = append(part.Notes, Note{"dataSchemaJson", text.DiskSchemaColumns})
	}
	if len(n.at("partitionSchemaJson", "fields").items) == 0 && n.has("partitionSchemaJson") {
		part.Notes = append(part.Notes, Note{"partitionSchemaJson", text.DiskPartitions})
	}
	e.Parts = append(e.Parts, part)
	if len(fields) > 0 {
		e.Parts = append(e.Parts, Part{Grid: fieldGrid(fields)})
	}
}

// fieldGrid lists the columns of a schema.
func fieldGrid(fields []node) *Grid {
	grid := &Grid{Columns: []GridColumn{{Name: text.DiskGridColumn}, {Name: text.DiskGridType}}}
	for _, field := range fields {
		kind := field.at("type").String()
		if kind == "" {
			kind = field.at("type", "type").String()
		}
		grid.Rows = append(grid.Rows, []string{field.at("name").String(), kind})
	}
	return grid
}

// --- values ---

func integer(n node) (int64, bool) {
	value, err := strconv.ParseInt(n.scalar, 10, 64)
	return value, err == nil
}

// millis writes ms since 1970 as a person reads them.
func millis(n node) (string, bool) {
	ms, ok := integer(n)
	if !ok || ms < 0 || ms > 253402300799999 { // the end of year 9999
		return "", false
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05") + " UTC", true
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}$`)

// json is a value on one line: ids shared with the checkpoint have its hue, data
// files the table's, source files the origin's.
func (o Opened) json(n node, keep map[string]bool, action bool) [][]span {
	p := printer{keep: keep, short: o.shortValue, hue: func(path, value string) style.Role {
		last := path[strings.LastIndexByte(path, '.')+1:]
		switch {
		case uuid.MatchString(value) && value == o.Records.QueryID, o.Memory == Checkpoint && path == "id":
			return style.Checkpoint
		case last == "path" && o.Memory == Table:
			return style.Table
		case last == "path":
			return style.Origin
		default:
			return style.Text
		}
	}}
	path := ""
	p.value(n, path, `"`)
	p.cut()
	if !action && len(p.atoms) > 0 {
		for i := range p.atoms {
			for j := range p.atoms[i] {
				p.atoms[i][j].bold = false
			}
		}
	}
	return p.atoms
}

// shortValue shortens what nobody compares to the end.
func (o Opened) shortValue(path, value string) string {
	last := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case uuid.MatchString(value) && o.Name != "metadata":
		return value[:9] + style.Ellipsis
	case last == "path" && strings.HasPrefix(value, "file:"):
		return "file:///" + style.Ellipsis + "/" + o.sourceName(lastPart(value))
	case last == "path" && strings.HasPrefix(value, "part-") && len(value) > 30:
		return value[:13] + style.Ellipsis + ".parquet"
	case last == "appId" && strings.HasPrefix(value, copyPrefix): // its end names the file
		return copyPrefix + style.Ellipsis + "/" + lastPart(value)
	case style.Width(value) > 60:
		runes := []rune(value)
		return string(runes[:min(len(runes), 48)]) + style.Ellipsis
	default:
		return value
	}
}

// hexParts shows bytes as a hex editor does.
func hexParts(data []byte) []Part {
	var parts []Part
	for _, line := range hexLines(data, 8) {
		parts = append(parts, Part{Atoms: [][]span{{{text: line}}}, Tight: len(parts) > 0})
	}
	return parts
}

func hexLines(data []byte, row int) []string {
	var out []string
	for at := 0; at < len(data); at += row {
		var hex, letters strings.Builder
		for _, b := range data[at:min(at+row, len(data))] {
			fmt.Fprintf(&hex, "%02x ", b)
			if b >= 0x20 && b < 0x7f {
				letters.WriteByte(b)
			} else {
				letters.WriteByte('.')
			}
		}
		out = append(out, fmt.Sprintf("%06x  %-*s %s", at, row*3, hex.String(), letters.String()))
	}
	return out
}
