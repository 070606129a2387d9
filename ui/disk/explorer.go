package disk

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"autoloaderlab/engine"
	"autoloaderlab/engine/failure"
	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// Binding is a key and what it does now, for the footer.
type Binding struct{ Key, Does string }

// Explorer shows the lab's files as a tree and explains the one under the cursor.
//
//	View and Key  belong to the program's loop and never wait
//	Load          reads the disk; a command calls it whenever Stale says so
//
// Its methods may be called from any goroutine.
type Explorer struct {
	lab      *engine.Lab
	pipeline *engine.Pipeline

	mu        sync.Mutex
	fresh     bool // the tree is as the disk was when somebody last asked
	disk      engine.Disk
	records   engine.Records
	landed    map[string]engine.SourceFile // by name
	tree      tree
	unfolded  map[string]bool
	cursor    string // path of the row under the cursor
	top       int    // first row of the tree on the screen
	opened    *Opened
	openedAt  string // its path
	explained Explanation
	raw       bool
	inside    bool // in a narrow window: the file has the screen
	scroll    int
	narrow    bool
	pages     int // rows of the file that were last shown
	over      int // rows of the file that do not fit
	problem   string
}

// New returns an explorer that has not looked yet.
func New(lab *engine.Lab, pipeline *engine.Pipeline) *Explorer {
	return &Explorer{lab: lab, pipeline: pipeline, unfolded: map[string]bool{}}
}

// Invalidate tells that the disk may have changed: the next Load looks again.
func (e *Explorer) Invalidate() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fresh, e.openedAt = false, ""
}

// Stale tells whether there is something for Load to do.
func (e *Explorer) Stale() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stale()
}

func (e *Explorer) stale() bool {
	if !e.fresh {
		return true
	}
	at, found := e.at()
	return found && e.tree.rows[at].kind == fileRow && e.openedAt != e.cursor
}

// Path is the file or folder under the cursor, "" when there is none.
func (e *Explorer) Path() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.TrimSuffix(e.cursor, string(filepath.Separator)+style.Ellipsis)
}

// Open puts the cursor on a file, wherever it is, and unfolds what is above it.
func (e *Explorer) Open(path string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cursor, e.scroll, e.inside = path, 0, true
	for dir := filepath.Dir(path); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		e.unfolded[dir], e.unfolded[restOf(dir)] = true, true
	}
	e.rebuild()
}

// Load reads what Stale asks for: the tree, the file under the cursor, or both. An
// error is about the tree; what is wrong with a file is told in its place.
func (e *Explorer) Load(ctx context.Context) error {
	e.mu.Lock()
	fresh := e.fresh
	e.mu.Unlock()
	if !fresh {
		if err := e.loadTree(ctx); err != nil {
			return err
		}
	}
	e.mu.Lock()
	at, found := e.at()
	if !found || e.tree.rows[at].kind != fileRow || e.openedAt == e.cursor {
		e.mu.Unlock()
		return nil
	}
	wanted, records, landed := e.tree.rows[at], e.records, e.landed
	e.mu.Unlock()

	opened := e.open(wanted, records, landed)
	explained := Explain(opened)

	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cursor == wanted.path { // else the cursor has moved on, and another Load comes
		e.opened, e.openedAt, e.explained, e.scroll = &opened, wanted.path, explained, 0
	}
	return nil
}

func (e *Explorer) loadTree(ctx context.Context) error {
	disk, err := e.pipeline.Disk(ctx)
	if err != nil {
		return e.fail(err)
	}
	records := e.pipeline.Records(ctx)
	landed := map[string]engine.SourceFile{}
	files, err := e.pipeline.SourceFiles(ctx)
	if err != nil && ctx.Err() != nil {
		return e.fail(err)
	}
	for _, file := range files { // a damaged checkpoint spoils no counts
		landed[file.Name] = file
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.disk, e.records, e.landed, e.fresh, e.problem = disk, records, landed, true, ""
	e.rebuild()
	return nil
}

func (e *Explorer) fail(err error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fresh, e.problem = true, text.DiskReadFailed
	return err
}

// rebuild makes the tree again, and finds a place for the cursor.
func (e *Explorer) rebuild() {
	e.tree = newTree(e.disk, e.pipeline.Widgets().Table, e.records.Adds, e.unfolded)
	if _, found := e.at(); found {
		return
	}
	e.cursor = ""
	for _, row := range e.tree.rows {
		if row.kind == fileRow || row.selectable() && e.cursor == "" {
			if e.cursor = row.path; row.kind == fileRow {
				return
			}
		}
	}
}

// at is the row under the cursor.
func (e *Explorer) at() (int, bool) {
	for i, row := range e.tree.rows {
		if row.selectable() && row.path == e.cursor {
			return i, true
		}
	}
	return 0, false
}

const (
	headBytes = 256 << 10 // read of a file to explain it
	rawHex    = 4 << 10   // bytes shown of a file that is no text
)

// open reads a file as far as it is shown.
func (e *Explorer) open(of row, records engine.Records, landed map[string]engine.SourceFile) Opened {
	opened := Opened{
		Memory: of.memory, Gone: of.gone, Name: of.name, Rows: -1,
		Table: e.pipeline.Widgets().Table, Records: records,
	}
	if of.memory == Origin {
		if file, known := landed[of.name]; known {
			opened.Rows, opened.Seen = file.Rows, file.Seen
		}
	}
	var err error
	opened.Bytes, opened.SizeBytes, err = e.lab.Head(of.path, headBytes)
	if failure.Is(err, failure.FileVanished) {
		opened.Problem = text.DiskVanished
		return opened
	}
	if err != nil {
		opened.Problem = text.DiskReadFailed
		return opened
	}
	if strings.HasSuffix(of.name, ".parquet") {
		if footer, err := e.lab.Footer(of.path, headRows); err == nil {
			opened.Footer = &footer
		}
	}
	return opened
}

// Key takes a key as Bubble Tea names it; handled is false for one that means nothing
// here.
func (e *Explorer) Key(key string) (handled bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.narrow && e.inside {
		switch key {
		case "up", "k":
			return e.scrollBy(-1)
		case "down", "j":
			return e.scrollBy(1)
		case "home", "g":
			return e.scrollBy(-e.scroll)
		case "end", "G":
			return e.scrollBy(e.over)
		case "esc", "left", "h":
			e.inside = false
			return true
		}
	}
	switch key {
	case "up", "k":
		return e.move(-1)
	case "down", "j":
		return e.move(1)
	case "home":
		return e.move(-len(e.tree.rows))
	case "end":
		return e.move(len(e.tree.rows))
	case "pgup":
		return e.scrollBy(-max(e.pages-1, 1))
	case "pgdown":
		return e.scrollBy(max(e.pages-1, 1))
	case "left", "h":
		return e.fold(false)
	case "right", "l":
		return e.fold(true)
	case "r":
		if e.opened == nil {
			return false
		}
		e.raw, e.scroll = !e.raw, 0
		return true
	case "enter":
		return e.enter()
	}
	return false
}

// Click takes a click at a place of the last frame: a file of the tree is opened, a
// folder opened or closed.
func (e *Explorer) Click(x, y int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.top + y - treeHead
	if !e.onTree(x) || y < treeHead || i >= len(e.tree.rows) || !e.tree.rows[i].selectable() {
		return
	}
	again := e.cursor == e.tree.rows[i].path
	e.cursor, e.scroll = e.tree.rows[i].path, 0
	if e.narrow || again || e.tree.rows[i].kind != fileRow {
		e.enter()
	}
}

// Wheel scrolls what is under it: the tree, by its cursor, or the file.
func (e *Explorer) Wheel(x, by int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.onTree(x) {
		e.move(by)
	} else {
		e.scrollBy(by)
	}
}

// onTree tells whether a column belongs to the tree and not to the file.
func (e *Explorer) onTree(x int) bool {
	return e.narrow && !e.inside || !e.narrow && x < treeWidth
}

func (e *Explorer) scrollBy(n int) bool {
	e.scroll = max(min(e.scroll+n, e.over), 0)
	return true
}

// move goes n rows that can have the cursor up or down, or as far as there are some.
func (e *Explorer) move(n int) bool {
	at, found := e.at()
	if !found {
		return false
	}
	step := 1
	if n < 0 {
		step = -1
	}
	for i := at + step; i >= 0 && i < len(e.tree.rows) && n != 0; i += step {
		if e.tree.rows[i].selectable() {
			e.cursor = e.tree.rows[i].path
			n -= step
		}
	}
	e.scroll = 0
	return true
}

// fold opens or closes the folder under the cursor; closing a file goes to its folder.
func (e *Explorer) fold(open bool) bool {
	at, found := e.at()
	if !found {
		return false
	}
	switch row := e.tree.rows[at]; {
	case row.kind == folderRow && row.open != open, row.kind == restRow && open:
		e.unfolded[row.path] = open
		e.rebuild()
		return true
	case row.kind != titleRow && !open:
		for i := at - 1; i >= 0; i-- {
			if above := e.tree.rows[i]; above.kind == folderRow && above.depth < row.depth {
				e.cursor = above.path
				return true
			}
		}
	}
	return true
}

// enter unfolds a folder, opens a file, or shows an open one the other way.
func (e *Explorer) enter() bool {
	at, found := e.at()
	if !found {
		return false
	}
	row := e.tree.rows[at]
	switch {
	case row.kind == restRow:
		next := at + 1
		e.unfolded[row.path] = true
		if next < len(e.tree.rows) {
			e.cursor = e.tree.rows[next].path
		}
		e.rebuild()
	case row.kind == folderRow:
		e.unfolded[row.path] = !row.open
		e.rebuild()
	case e.narrow && !e.inside:
		e.inside, e.scroll = true, 0
	default:
		e.raw, e.scroll = !e.raw, 0
	}
	return true
}

// Footer lists the keys that mean something now, the main one first.
func (e *Explorer) Footer() []Binding {
	e.mu.Lock()
	defer e.mu.Unlock()
	at, found := e.at()
	if !found {
		return []Binding{{text.KeyEsc, text.DiskKeyBack}}
	}
	other := text.DiskKeyRaw
	if e.raw {
		other = text.DiskKeyExplain
	}
	row := e.tree.rows[at]
	var keys []Binding
	switch {
	case row.kind == folderRow && row.open:
		keys = append(keys, Binding{text.KeyEnter, text.DiskKeyFold})
	case row.kind == folderRow || row.kind == restRow:
		keys = append(keys, Binding{text.KeyEnter, text.DiskKeyUnfold})
	case e.narrow && !e.inside:
		keys = append(keys, Binding{text.KeyEnter, text.DiskKeyOpen})
	default:
		keys = append(keys, Binding{text.KeyEnter, other})
	}
	if e.narrow && e.inside {
		keys = append(keys, Binding{text.KeyArrows, text.DiskKeyScroll})
	} else {
		keys = append(keys, Binding{text.KeyArrows, text.DiskKeyMove})
		if !e.narrow && e.over > 0 {
			keys = append(keys, Binding{text.KeyPages, text.DiskKeyScroll})
		}
	}
	return append(keys, Binding{text.KeyCopy, text.DiskKeyCopy}, Binding{text.KeyEsc, text.DiskKeyBack})
}

const (
	treeHead    = 2 // rows above the tree
	treeWidth   = 42
	gutter      = 5   // a rule with two columns at either side
	fileWidth   = 150 // more is of no use to a file
	sideBySide  = 100
	contextRows = 3 // rows that stay in sight below the cursor
	thumbRoom   = 2 // columns at the right of what is long, for the mark of where one is
)

// View draws the explorer in exactly w columns and h rows: tree and file side by side
// where there is room, else the one that has the screen.
func (e *Explorer) View(w, h int, t style.Theme) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.narrow = w < sideBySide
	switch {
	case w <= 0 || h <= 0:
		return ""
	case !e.narrow:
		rule := t.Fit(repeat(t.Mark(style.Line, style.Vertical)+"  ", h), gutter-thumbRoom, h)
		return style.Beside(e.treeView(t, treeWidth+thumbRoom, h), rule, e.fileView(t, w-treeWidth-gutter, h))
	case e.inside:
		return e.fileView(t, w, h)
	default:
		return e.treeView(t, w, h)
	}
}

// FileView draws only the file under the cursor, for a column of its own.
func (e *Explorer) FileView(w, h int, t style.Theme) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if w <= 0 || h <= 0 {
		return ""
	}
	return e.fileView(t, w, h)
}

func repeat(line string, n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = line
	}
	return lines
}

// treeView keeps two columns at the right for the mark of where one is, where the tree
// is longer than the room or a rule follows.
func (e *Explorer) treeView(t style.Theme, w, h int) string {
	head := e.aboveTree(t)
	room := max(h-len(head), 0)
	at, found := e.at()
	e.top = windowed(e.top, at, len(e.tree.rows), room)
	inner, long := w, len(e.tree.rows) > room && room > 2 && w > 2*thumbRoom
	if long || !e.narrow {
		inner = w - thumbRoom
	}
	lines := []string{t.Row(head[0], e.treeCount(t), inner)}
	lines = append(lines, head[1:]...)
	for i := e.top; i < len(e.tree.rows) && i < e.top+room; i++ {
		lines = append(lines, e.tree.rows[i].line(t, inner, e.tree.table, found && i == at))
	}
	if !long {
		return t.Fit(lines, w, h)
	}
	mark := append(make([]string, len(head)), thumb(t, room, len(e.tree.rows), e.top)...)
	return style.Beside(t.Fit(lines, inner+1, h), t.Fit(mark, w-inner-1, h))
}

// aboveTree is its title, and why there is none.
func (e *Explorer) aboveTree(t style.Theme) []string {
	head := []string{t.Title(text.DiskTitle), ""}
	switch {
	case e.problem != "":
		return append(head, t.Text(style.Bad, e.problem))
	case len(e.tree.rows) == 0:
		return append(head, t.Text(style.Dim, text.DiskLooking))
	}
	return head
}

func (e *Explorer) treeCount(t style.Theme) string {
	if e.tree.files == 0 {
		return ""
	}
	return t.Text(style.Dim, text.Files(int64(e.tree.files)))
}

// windowed moves a window of room rows over total so that at is in it, with its title
// when it is near the top.
func windowed(top, at, total, room int) int {
	if at < 3 {
		at = 0
	}
	top = min(top, at)
	if below := min(contextRows, room/3); at+below >= top+room {
		top = at + below - room + 1
	}
	return max(min(top, total-room), 0)
}

func (e *Explorer) fileView(t style.Theme, w, h int) string {
	w = max(w, 1)
	if e.opened == nil || e.openedAt != e.cursor {
		e.over, e.pages = 0, h
		return t.Fit(e.instead(t, w), w, h)
	}
	inner := min(w, fileWidth)
	head := []string{e.explained.title(t, inner), ""}
	room := max(h-len(head), 0)
	body := e.body(t, inner, room)
	if len(body) > room && inner > thumbRoom {
		body = e.body(t, inner-thumbRoom, room)
	}
	e.over, e.pages = max(len(body)-room, 0), room
	e.scroll = max(min(e.scroll, e.over), 0)
	shown := body[min(e.scroll, len(body)):]
	if e.over == 0 || room < 3 || w <= 2*thumbRoom {
		return t.Fit(append(head, shown...), w, h)
	}
	return t.Fit(head, w, len(head)) + "\n" + style.Beside(t.Fit(shown, w-1, room), t.Fit(thumb(t, room, len(body), e.scroll), 1, room))
}

// instead is what stands in a file's place: what the folder under the cursor is for.
func (e *Explorer) instead(t style.Theme, w int) []string {
	width := min(w, proseWidth)
	at, found := e.at()
	switch {
	case e.stale():
		return prose(t, style.Dim, text.DiskOpening, width, "")
	case found && e.tree.rows[at].kind == folderRow:
		row := e.tree.rows[at]
		about := text.DiskFolder(row.label)
		if row.gone && row.depth == 1 {
			about = text.DiskTrashFolder
		}
		title := t.Mark(row.memory.role(), row.memory.sign(!row.gone)) + " " + t.Bold(style.Strong, clean(strings.TrimSuffix(row.label, " "+style.Ellipsis)))
		if about != "" {
			return append([]string{title, ""}, prose(t, style.Text, about, width, "")...)
		}
	}
	return prose(t, style.Dim, text.DiskPickFile, width, "")
}

// body is what is below the file's title: the last sentence at the bottom where there
// is room for all, else behind the rest.
func (e *Explorer) body(t style.Theme, w, room int) []string {
	if e.raw {
		return rawLines(t, *e.opened, w)
	}
	body, foot := e.explained.lines(t, w), e.explained.databricks(t, w)
	if len(foot) == 0 {
		return body
	}
	blank := max(room-len(body)-len(foot), 2)
	return append(append(body, make([]string, blank)...), foot...)
}

// thumb marks which part of total lines the room shows, from top on: a column of its own.
func thumb(t style.Theme, room, total, top int) []string {
	column := make([]string, room)
	size := max(room*room/total, 1)
	at := (room - size) * top / (total - room)
	for i := at; i < at+size; i++ {
		column[i] = t.Mark(style.Dim, style.Thumb)
	}
	return column
}

// title is the file's name with its memory's sign.
func (e Explanation) title(t style.Theme, w int) string {
	sign := t.Mark(e.Memory.role(), e.Memory.sign(!e.Gone))
	about := t.Text(style.Dim, e.About)
	return t.Row(sign+" "+t.Bold(style.Strong, pathName(t, e.Title, "", w-3-style.Width(about))), about, w)
}

// rawLines is the file as it is: text with its line numbers, anything else as bytes.
func rawLines(t style.Theme, o Opened, w int) []string {
	if o.Problem != "" {
		return prose(t, style.Text, clean(o.Problem), w, "")
	}
	if !looksLikeText(o.Bytes) {
		var out []string
		for _, line := range hexLines(o.Bytes[:min(len(o.Bytes), rawHex)], hexRow(w)) {
			out = append(out, t.Text(style.Text, line))
		}
		return append(out, rawCut(t, min(int64(len(o.Bytes)), rawHex), o.SizeBytes, w)...)
	}
	all := lines(o.Bytes)
	digits := len(strconv.Itoa(len(all)))
	room := max(w-digits-2, 1)
	var out []string
	for i, line := range all {
		number := strconv.Itoa(i + 1)
		head := t.Text(style.Dim, strings.Repeat(" ", digits-len(number))+number) + "  "
		for _, piece := range rawPieces(text.Sanitize(line), room) {
			out = append(out, head+t.Text(style.Text, piece))
			head = strings.Repeat(" ", digits+2)
		}
	}
	return append(out, rawCut(t, int64(len(o.Bytes)), o.SizeBytes, w)...)
}

// rawPieces cuts a long line of a file where a reader would: behind a comma, else
// behind a space, a slash…, when that leaves no short piece.
func rawPieces(line string, room int) []string {
	var out []string
	for style.Width(line) > room {
		at := len(pieces(line, room, room)[0])
		for _, marks := range []string{",;", " /:{[&|", "-_."} {
			if last := strings.LastIndexAny(line[:at], marks) + 1; last > at/3 {
				at = last
				break
			}
		}
		out = append(out, line[:at])
		line = line[at:]
	}
	return append(out, line)
}

// hexRow is how many bytes a line of w columns shows.
func hexRow(w int) int {
	const full = len("000000  ") + 16*3 + 1 + 16
	if w >= full {
		return 16
	}
	return 8
}

func rawCut(t style.Theme, read, size int64, w int) []string {
	if read >= size {
		return nil
	}
	return append([]string{""}, prose(t, style.Dim, text.DiskCutFile(read, size), min(w, proseWidth), "")...)
}
