package checkpoint

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/storage"
	"autoloaderlab/engine/stream"
)

const (
	compactSuffix = ".compact"
	// defaultCompactInterval: every tenth entry holds all before it (Spark,
	// spark.sql.streaming.fileSource.log.compactInterval).
	defaultCompactInterval = 10
	// Entries that a compaction replaced stay for a while, for readers that list
	// late (Spark, fileSource.log.cleanupDelay, and minBatchesToRetain).
	cleanupDelay = 10 * time.Minute
	keptEntries  = 100
)

// SourceLog is sources/0: all files that the source has seen, and in which entry
// (Spark, FileStreamSourceLog and CompactibleFileStreamLog).
//
// Of a long log it keeps the paths, packed, and reads the rest again when it is
// asked for: that is rare, and then mostly of the newest entries.
type SourceLog struct {
	log      Log
	now      func() time.Time
	seen     *pathSet
	entries  map[stream.Offset]bool // which have a line, wherever it stands
	files    []logFile              // that hold the lines, in order
	latest   stream.Offset
	compacts []stream.Offset // numbers of the .compact entries on disk, ascending
	last     span            // what Between found last, or Append wrote
}

// logFile is a file of the log, and from which entry to which its lines are.
type logFile struct {
	name        string
	first, last stream.Offset
}

// span is the files of the entries from < K <= to.
type span struct {
	from, to stream.Offset
	files    []SeenFile
}

// OpenSourceLog reads the log in dir, which need not exist. A gap or a line that
// does not parse is an error: files would be loaded twice or never.
func OpenSourceLog(store storage.Store, dir string, now func() time.Time) (*SourceLog, error) {
	s := &SourceLog{log: NewLog(store, dir), now: now, latest: stream.NoOffset, entries: map[stream.Offset]bool{}}
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	s.seen = newPathSet(s.expected(names))
	for _, name := range names {
		if err := s.load(name); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// names decides which files to read: the newest compacted entry and all plain
// ones after it, in order.
func (s *SourceLog) names() ([]string, error) {
	all, err := s.log.names()
	if err != nil {
		return nil, err
	}
	var plain []stream.Offset
	for _, name := range all {
		compacted, isCompact := strings.CutSuffix(name, compactSuffix)
		if n, ok := number(compacted); ok && isCompact {
			s.compacts = append(s.compacts, stream.Offset(n))
		} else if ok {
			plain = append(plain, stream.Offset(n))
		}
	}
	slices.Sort(s.compacts)
	slices.Sort(plain)
	return s.chain(plain)
}

func (s *SourceLog) chain(plain []stream.Offset) (names []string, err error) {
	if len(s.compacts) > 0 {
		s.latest = s.compacts[len(s.compacts)-1]
		names = append(names, compactName(s.latest))
	}
	for _, n := range plain {
		if n <= s.latest {
			continue
		}
		if n != s.latest+1 {
			return nil, s.incomplete(s.latest + 1)
		}
		names = append(names, strconv.FormatInt(int64(n), 10))
		s.latest = n
	}
	return names, nil
}

func (s *SourceLog) incomplete(k stream.Offset) error {
	return failure.New(failure.SourceLogIncomplete, "read the source log", filepath.Join(s.log.dir, strconv.FormatInt(int64(k), 10)))
}

func compactName(k stream.Offset) string { return strconv.FormatInt(int64(k), 10) + compactSuffix }

// bytesPerLine is about what a line of Spark's takes; ours are longer.
const bytesPerLine = 128

// expected guesses how many lines the files hold, so that the set need not grow.
func (s *SourceLog) expected(names []string) (lines int) {
	for _, name := range names {
		if info, err := s.log.store.Stat(filepath.Join(s.log.dir, name)); err == nil {
			lines += int(info.SizeBytes / bytesPerLine)
		}
	}
	return lines
}

// load reads one file of the log.
func (s *SourceLog) load(name string) error {
	file := logFile{name: name, first: math.MaxInt64, last: stream.NoOffset}
	var page struct {
		uris    [pageSize][]byte
		timesMs [pageSize]int64
	}
	n := 0
	for line, err := range s.lines(name) {
		if err != nil {
			return err
		}
		if line.Batch != file.last {
			file.first, file.last = min(file.first, line.Batch), max(file.last, line.Batch)
			s.entries[line.Batch] = true
		}
		page.uris[n], page.timesMs[n] = append(page.uris[n][:0], line.uri...), line.TimestampMs
		if n++; n == pageSize {
			s.seen.add(page.uris[:], page.timesMs[:])
			n = 0
		}
	}
	s.seen.add(page.uris[:n], page.timesMs[:n])
	s.files = append(s.files, file)
	return nil
}

// lines are those of one file of the log. A line is valid until the next.
func (s *SourceLog) lines(name string) iter.Seq2[seenLine, error] {
	path := filepath.Join(s.log.dir, name)
	return func(yield func(seenLine, error) bool) {
		file, err := s.log.store.Open(path)
		if err != nil {
			yield(seenLine{}, failure.Disk("read", path, err))
			return
		}
		defer func() { _ = file.Close() }() // it was only read
		text := bufio.NewScanner(file)
		text.Buffer(make([]byte, readBytes), math.MaxInt)
		text.Split(cutLine)
		text.Scan()
		if err := text.Err(); err == nil && text.Text() != version {
			yield(seenLine{}, damaged(path, fmt.Errorf("its first line is %.20q, not %q", text.Text(), version)))
			return
		}
		for text.Scan() {
			if len(text.Bytes()) == 0 {
				continue
			}
			line, err := parseLine(text.Bytes())
			if err != nil {
				yield(line, damaged(path, err))
				return
			}
			if !yield(line, nil) {
				return
			}
		}
		if err := text.Err(); err != nil {
			yield(seenLine{}, failure.Disk("read", path, err))
		}
	}
}

// readBytes is how much of a file of the log is read at a time.
const readBytes = 256 << 10

// cutLine is a bufio.SplitFunc. Unlike bufio.ScanLines it takes nothing but the
// line break away.
func cutLine(data []byte, atEnd bool) (advance int, line []byte, err error) {
	if end := bytes.IndexByte(data, '\n'); end >= 0 {
		return end + 1, data[:end], nil
	}
	if atEnd && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// Latest is the highest entry, stream.NoOffset when there is none.
func (s *SourceLog) Latest() stream.Offset { return s.latest }

// Len is how many files the log has seen.
func (s *SourceLog) Len() int { return s.seen.count }

// Seen appends what the log knows of the file of each URI. It is at its best with
// some hundreds of them.
func (s *SourceLog) Seen(uris [][]byte, to []Sighting) []Sighting { return s.seen.find(uris, to) }

// Check tells whether the log reaches as far as a range does.
func (s *SourceLog) Check(from, to stream.Offset) error {
	if s.latest < to {
		return s.incomplete(s.latest + 1)
	}
	for k := from + 1; k <= to; k++ {
		if !s.entries[k] {
			return s.incomplete(k)
		}
	}
	return nil
}

// Between returns the files of the entries from < K <= to, in order.
func (s *SourceLog) Between(from, to stream.Offset) ([]SeenFile, error) {
	if from == s.last.from && to == s.last.to {
		return s.last.files, nil
	}
	found := span{from: from, to: to}
	for _, file := range s.files {
		if file.last <= from || file.first > to {
			continue
		}
		for line, err := range s.lines(file.name) {
			if err != nil {
				return nil, err
			}
			if from < line.Batch && line.Batch <= to {
				found.files = append(found.files, line.file())
			}
		}
	}
	slices.SortStableFunc(found.files, func(a, b SeenFile) int { return cmp.Compare(a.Batch, b.Batch) })
	s.last = found
	return found.files, nil
}

// All returns every file the log has seen, in order of entries.
func (s *SourceLog) All() ([]SeenFile, error) { return s.Between(stream.NoOffset, s.latest) }

// Append writes the next entry. Its number becomes the files' Batch: Spark loses
// in silence the lines of an entry that bear another one.
func (s *SourceLog) Append(files []SeenFile) error {
	k := s.latest + 1
	entry := logFile{strconv.FormatInt(int64(k), 10), k, k}
	var replaced []logFile
	compact := (k+1)%stream.Offset(s.interval()) == 0
	if compact {
		entry.name, replaced = compactName(k), s.files
	}
	for i := range files {
		files[i].Batch = k
	}
	err := s.log.add(entry.name, func(path string) error { return s.write(path, replaced, files) })
	if err != nil {
		return err
	}
	s.take(k, files)
	for _, file := range replaced {
		entry.first, entry.last = min(entry.first, file.first), max(entry.last, file.last)
	}
	s.files = append(s.files[len(replaced):], entry)
	if compact {
		s.compacts = append(s.compacts, k)
		return s.clean()
	}
	return nil
}

func (s *SourceLog) take(k stream.Offset, files []SeenFile) {
	s.latest, s.last = k, span{k - 1, k, files}
	for _, file := range files {
		s.seen.add([][]byte{[]byte(file.URI)}, []int64{file.TimestampMs})
		s.entries[k] = true
	}
}

// write makes one file of the log: the lines of those that it replaces, byte for
// byte, so that fields which others wrote stay; and then the new ones.
func (s *SourceLog) write(path string, replaced []logFile, files []SeenFile) error {
	entry, err := s.log.store.Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = entry.Abort() }()
	to := bufio.NewWriterSize(entry, readBytes)
	_, _ = to.WriteString(version) // to keeps its first error until Flush
	for _, file := range replaced {
		if err := s.copyLines(to, file.name); err != nil {
			return err
		}
	}
	var line []byte
	for _, file := range files {
		line = file.appendTo(append(line[:0], '\n'))
		_, _ = to.Write(line)
	}
	if err := to.Flush(); err != nil {
		return err
	}
	return entry.Commit()
}

// copyLines copies what stands between a file's version and the line breaks at
// its end.
func (s *SourceLog) copyLines(to io.Writer, name string) (err error) {
	file, err := s.log.store.Open(filepath.Join(s.log.dir, name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	end := file.Info().SizeBytes
	for last := []byte{'\n'}; end > int64(len(version)); end-- {
		if _, err := file.ReadAt(last, end-1); err != nil || last[0] != '\n' {
			break
		}
	}
	_, err = io.Copy(to, io.NewSectionReader(file, int64(len(version)), end-int64(len(version))))
	return err
}

// interval derives how often entries are compacted, from what is on disk, so
// that a checkpoint keeps the interval it was begun with.
func (s *SourceLog) interval() int64 {
	switch n := len(s.compacts); n {
	case 0:
		return defaultCompactInterval
	case 1:
		return deriveInterval(int64(s.compacts[0]) + 1)
	default:
		return int64(s.compacts[n-1] - s.compacts[n-2])
	}
}

// deriveInterval is Spark's CompactibleFileStreamLog.deriveCompactInterval for a
// log whose only compacted entry is the one that makes it `entries` long: the
// default where that can be, else the smallest fitting divisor above it.
func deriveInterval(entries int64) int64 {
	if entries <= defaultCompactInterval {
		return entries
	}
	for divisor := int64(defaultCompactInterval); divisor <= entries/2; divisor++ {
		if entries%divisor == 0 {
			return divisor
		}
	}
	return entries
}

// clean removes plain and compacted entries that a compacted one has replaced
// for long enough (Spark, CompactibleFileStreamLog.deleteExpiredLog).
func (s *SourceLog) clean() error {
	keep := stream.NoOffset
	for _, k := range s.compacts {
		if k <= s.latest-keptEntries {
			keep = k
		}
	}
	names, err := s.log.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		n, ok := number(strings.TrimSuffix(name, compactSuffix))
		if !ok || stream.Offset(n) >= keep || !s.old(name) {
			continue
		}
		if err := s.log.remove(name); err != nil {
			return err
		}
	}
	s.compacts = slices.DeleteFunc(s.compacts, func(k stream.Offset) bool {
		there, err := storage.Exists(s.log.store, filepath.Join(s.log.dir, compactName(k)))
		return err == nil && !there
	})
	return nil
}

func (s *SourceLog) old(name string) bool {
	info, err := s.log.store.Stat(filepath.Join(s.log.dir, name))
	return err == nil && s.now().Sub(info.ModTime) > cleanupDelay
}
