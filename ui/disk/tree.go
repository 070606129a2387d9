package disk

import (
	"cmp"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// row is a line of the tree.
type row struct {
	kind   rowKind
	memory Memory
	gone   bool   // below the trash
	there  bool   // of a title: the memory is on disk
	path   string // absolute; of rest, its folder's
	name   string // of a file, below the memory's folder: what Explain goes by
	label  string
	right  string
	depth  int
	open   bool // of a folder
}

type rowKind int

const (
	blankRow rowKind = iota
	titleRow
	folderRow
	fileRow
	restRow // «… 92 más»: the files of a long folder that are not listed
	emptyRow
)

// selectable rows can have the cursor.
func (r row) selectable() bool { return r.kind == folderRow || r.kind == fileRow || r.kind == restRow }

const (
	listedFiles = 8 // files of a folder that are listed without asking
	newestFiles = 6 // of a longer one, at its end
)

// tree is all the rows for a disk; unfolded says what a person did to the folders.
type tree struct {
	unfolded map[string]bool
	table    string
	named    map[string]engine.AddedBy
	rows     []row
	files    int
}

// newTree makes the rows. named are the table's data files that its newest version
// names; nil when that is not known.
func newTree(disk engine.Disk, table string, named map[string]engine.AddedBy, unfolded map[string]bool) tree {
	t := tree{unfolded: unfolded, table: table, named: named}
	t.section(Origin, disk.Source, "landing/"+filepath.Base(disk.Source.Path))
	inner := filepath.Base(filepath.Dir(disk.Checkpoint.Path)) + "/" + filepath.Base(disk.Checkpoint.Path)
	t.section(Checkpoint, disk.Checkpoint, inner)
	t.section(Table, disk.Table, filepath.Base(disk.Table.Path))
	t.trash(disk)
	if len(disk.Own.Files) > 0 {
		t.section(Own, disk.Own, text.DiskOwnTitle)
	}
	return t
}

func (t *tree) section(memory Memory, folder engine.Folder, label string) {
	if len(t.rows) > 0 {
		t.rows = append(t.rows, row{})
	}
	count := CountFiles(folder)
	if memory != Own {
		t.files += count
	}
	right := text.Number(int64(count))
	t.rows = append(t.rows, row{kind: titleRow, memory: memory, there: count > 0, path: folder.Path, label: label, right: right})
	if count == 0 {
		t.rows = append(t.rows, row{kind: emptyRow, memory: memory, label: text.DiskNotYetThere, depth: 1})
		return
	}
	t.below(memory, false, folder, "", 1)
}

// trash is the lab's: what is of this pipeline is counted apart, as the panel counts it.
func (t *tree) trash(disk engine.Disk) {
	entries := disk.Trash
	if len(entries) == 0 {
		return
	}
	own := func(e engine.Trashed) bool { return e.Origin == disk.Table.Path || e.Origin == disk.Checkpoint.Path }
	count := 0
	for _, entry := range entries {
		if own(entry) {
			count++
		}
	}
	t.rows = append(t.rows, row{}, row{
		kind: titleRow, memory: Table, gone: true, label: text.DiskTrashTitle, right: text.DiskTrashCount(int64(count), int64(len(entries))),
	})
	for _, entry := range entries {
		memory, what := Table, text.DiskTrashedTable
		switch {
		case strings.Contains(filepath.ToSlash(entry.Origin), "/_checkpoint"):
			memory, what = Checkpoint, text.DiskTrashedOther
		case entry.Kind != "tabla":
			what = text.DiskReplaced
		}
		if student := whose(entry.Origin); student != "" && !own(entry) {
			what = text.DiskTrashedOf(memory == Table, student)
		}
		open := t.unfolded[entry.TrashPath]
		t.rows = append(t.rows, row{
			kind: folderRow, memory: memory, gone: true, path: entry.TrashPath, open: open, depth: 1,
			label: what + " " + entry.At.Local().Format(time.TimeOnly), right: text.Files(int64(CountFiles(entry.Folder))),
		})
		if open {
			t.below(memory, true, content(entry.Folder), "", 2)
		}
	}
}

// ownerInPath is the student that a table's or a checkpoint's folder names.
var ownerInPath = regexp.MustCompile(`/(?:datavision|_checkpoint)_([^/]+)`)

func whose(origin string) string {
	if found := ownerInPath.FindStringSubmatch(filepath.ToSlash(origin)); found != nil {
		return found[1]
	}
	return ""
}

// content puts what was deleted where its own folder was: below the entry itself.
func content(folder engine.Folder) engine.Folder {
	for i, inner := range folder.Folders {
		if filepath.Base(inner.Path) == "contenido" {
			folder.Files = append(slices.Clone(folder.Files), inner.Files...)
			for j := range inner.Files {
				at := len(folder.Files) - len(inner.Files) + j
				folder.Files[at].Name = "contenido/" + inner.Files[j].Name
			}
			folder.Folders = append(slices.Delete(slices.Clone(folder.Folders), i, i+1), inner.Folders...)
			return folder
		}
	}
	return folder
}

// below lists a folder's content: folders first where a person would look first (the
// log), files in the order of their numbers.
func (t *tree) below(memory Memory, gone bool, folder engine.Folder, prefix string, depth int) {
	files := slices.Clone(folder.Files)
	slices.SortFunc(files, func(a, b engine.DiskFile) int {
		return cmp.Or(cmp.Compare(hiddenRank(a.Name), hiddenRank(b.Name)), natural(a.Name, b.Name))
	})
	folders := slices.Clone(folder.Folders)
	slices.SortFunc(folders, func(a, b engine.Folder) int {
		return cmp.Or(cmp.Compare(folderRank(a.Path), folderRank(b.Path)), natural(a.Path, b.Path))
	})
	filesFirst := memory == Checkpoint || memory == Own
	if filesFirst {
		t.list(memory, gone, folder.Path, files, prefix, depth)
	}
	for _, inner := range folders {
		t.folder(memory, gone, inner, prefix, depth)
	}
	if !filesFirst {
		t.list(memory, gone, folder.Path, files, prefix, depth)
	}
}

// hiddenRank puts half-written files and checksums behind the others.
func hiddenRank(name string) int {
	if strings.HasPrefix(path.Base(name), ".") {
		return 1
	}
	return 0
}

// folderRank is the order in which a checkpoint's folders are written, and what the
// lab keeps for its student comes before what it keeps for itself.
func folderRank(dir string) int {
	order := []string{"sources", "offsets", "commits", "_schemas", "_delta_log", "resultados", "apartados", "extraccion", "cache"}
	if i := slices.Index(order, filepath.Base(dir)); i >= 0 {
		return i
	}
	return len(order)
}

func (t *tree) folder(memory Memory, gone bool, folder engine.Folder, prefix string, depth int) {
	label := filepath.Base(folder.Path) + "/"
	for len(folder.Files) == 0 && len(folder.Folders) == 1 { // sources/0/
		folder = folder.Folders[0]
		label += filepath.Base(folder.Path) + "/"
	}
	open, told := t.unfolded[folder.Path]
	if !told {
		open = !gone && depth == 1 && (strings.HasPrefix(label, "sources/") || label == "offsets/" || label == "_delta_log/")
	}
	of := row{kind: folderRow, memory: memory, gone: gone, path: folder.Path, label: label, depth: depth, open: open}
	if !open {
		of.label += " " + style.Ellipsis
		of.right = text.Files(int64(CountFiles(folder)))
	}
	t.rows = append(t.rows, of)
	if open {
		t.below(memory, gone, folder, prefix+label, depth+1)
	}
}

// list lists files; of a long list the newest.
func (t *tree) list(memory Memory, gone bool, dir string, files []engine.DiskFile, prefix string, depth int) {
	hidden := 0
	if len(files) > listedFiles && !t.unfolded[restOf(dir)] {
		hidden = len(files) - newestFiles
		t.rows = append(t.rows, row{kind: restRow, memory: memory, gone: gone, path: restOf(dir), label: text.DiskMoreFiles(int64(hidden)), depth: depth})
	}
	for _, file := range files[hidden:] {
		of := row{
			kind: fileRow, memory: memory, gone: gone, path: filepath.Join(dir, filepath.FromSlash(file.Name)), name: prefix + path.Base(file.Name),
			label: path.Base(file.Name), right: text.Bytes(file.SizeBytes), depth: depth,
		}
		if t.orphan(of) {
			of.right = text.DiskUnnamed
		}
		t.rows = append(t.rows, of)
	}
}

// orphan tells whether a row is a data file that the table's newest version does
// not name.
func (t *tree) orphan(r row) bool {
	_, named := t.named[r.name]
	return r.memory == Table && !r.gone && t.named != nil && !named && isData(r.name)
}

// isData tells whether a file below the table's folder is one of data, by its name.
func isData(name string) bool {
	base := path.Base(name)
	return strings.HasSuffix(base, ".parquet") && !strings.HasPrefix(name, "_delta_log/") && !strings.HasPrefix(base, "_") && !strings.HasPrefix(base, ".")
}

// restOf is the key under which a long folder's other files are unfolded.
func restOf(dir string) string { return filepath.Join(dir, style.Ellipsis) }

// CountFiles counts a folder's files, with those of the folders below it.
func CountFiles(folder engine.Folder) int {
	n := len(folder.Files)
	for _, inner := range folder.Folders {
		n += CountFiles(inner)
	}
	return n
}

// natural compares names with numbers by their numbers: 2, 10, 10.compact.
func natural(a, b string) int {
	numberA, restA := splitNumber(a)
	numberB, restB := splitNumber(b)
	if numberA >= 0 && numberB >= 0 {
		return cmp.Or(cmp.Compare(numberA, numberB), cmp.Compare(restA, restB))
	}
	return cmp.Compare(a, b)
}

func splitNumber(name string) (number int64, rest string) {
	digits := name[:len(name)-len(strings.TrimLeft(name, "0123456789"))]
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return -1, name
	}
	return number, name[len(digits):]
}

// line draws a row in w columns; focused is the one with the cursor.
func (r row) line(t style.Theme, w int, table string, focused bool) string {
	if focused {
		t = t.On(style.Selected)
	}
	right := ""
	if r.right != "" {
		right = t.Text(style.Dim, r.right)
	}
	room := w - style.Width(right) - 1
	switch r.kind {
	case blankRow:
		return t.Fill(w)
	case titleRow:
		of := r.memory.role()
		if r.gone {
			of = style.Dim // the trash is of all memories
		}
		return t.Row(t.Mark(of, r.memory.sign(r.there))+t.Fill(1)+t.Bold(of, t.Cut(clean(r.label), room-2)), right, w)
	}
	guide := strings.Repeat(t.Mark(style.Line, style.Vertical)+t.Fill(1), r.depth)
	if focused {
		guide = t.Mark(style.Accent, style.Focus) + t.Fill(r.depth*2-1)
	}
	label := clean(r.label)
	role := style.Text
	switch r.kind {
	case fileRow:
		label = pathName(t, label, table, room-r.depth*2)
	case restRow, emptyRow:
		role = style.Dim
	}
	if r.gone && r.depth == 1 {
		guide += t.Mark(r.memory.role(), r.memory.sign(false)) + t.Fill(1)
	}
	painted := t.Text(role, label)
	if focused {
		painted = t.Bold(style.Strong, label)
	}
	return t.Row(guide+painted, right, w)
}
