package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// SeenFile is one line of the source log. The fields after Batch are ours:
// Spark ignores them.
type SeenFile struct {
	// URI is the file's path as Java's URI writes it (see EncodeURI). It is the
	// file's whole identity.
	URI string `json:"path"`
	// TimestampMs is the file's modification time.
	TimestampMs int64 `json:"timestamp"`
	// Batch is the number of the entry that holds the line first.
	Batch stream.Offset `json:"batchId"`
	// SizeBytes is what was there at listing: a replay reads no more. Nil in Spark's lines.
	SizeBytes *int64 `json:"size,omitempty"`
	// DiscoveredMs is when the file was listed.
	DiscoveredMs int64 `json:"discovered,omitempty"`
	// Known: only taken note of, never to be loaded (includeExistingFiles=false).
	Known bool `json:"known,omitempty"`
}

// SourceLog is sources/0: all files that the source has seen, and in which entry
// (Spark, FileStreamSourceLog and CompactibleFileStreamLog).
type SourceLog struct {
	log      Log
	now      func() time.Time
	seen     map[string]int64             // URI → TimestampMs
	entries  map[stream.Offset][]SeenFile // by the entry that holds the lines first
	latest   stream.Offset
	compacts []stream.Offset // numbers of the .compact entries on disk, ascending
}

// OpenSourceLog reads the log in dir, which need not exist. A gap or a line that
// does not parse is an error: files would be loaded twice or never.
func OpenSourceLog(store storage.Store, dir string, now func() time.Time) (*SourceLog, error) {
	s := &SourceLog{
		log: NewLog(store, dir), now: now, latest: stream.NoOffset,
		seen: map[string]int64{}, entries: map[stream.Offset][]SeenFile{},
	}
	names, err := s.names()
	if err != nil {
		return nil, err
	}
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

// load reads one file of the log. A million lines must take less than a
// directory walk, so the one shape that we and Spark write is parsed by hand.
func (s *SourceLog) load(name string) error {
	path := filepath.Join(s.log.dir, name)
	data, err := s.log.store.ReadFile(path)
	if err != nil {
		return failure.Disk("read", path, err)
	}
	head, body, _ := bytes.Cut(data, []byte("\n"))
	if string(head) != version {
		return damaged(path, fmt.Errorf("its first line is %.20q, not %q", head, version))
	}
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		file, err := parseSeenFile(line)
		if err != nil {
			return damaged(path, err)
		}
		s.take(file)
	}
	return nil
}

func (s *SourceLog) take(file SeenFile) {
	s.seen[file.URI] = max(s.seen[file.URI], file.TimestampMs)
	s.entries[file.Batch] = append(s.entries[file.Batch], file)
}

func parseSeenFile(line []byte) (SeenFile, error) {
	if file, ok := parseQuickly(line); ok {
		return file, nil
	}
	var file SeenFile
	if err := json.Unmarshal(line, &file); err != nil {
		return file, err
	}
	if file.URI == "" || file.Batch < 0 {
		return file, fmt.Errorf("a line without path or batchId: %.60q", line)
	}
	return file, nil
}

// parseQuickly reads {"path":"…","timestamp":1,"batchId":2 and what we add, when
// the path needs no unescaping; ok is false for every other shape.
func parseQuickly(line []byte) (file SeenFile, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte(`{"path":"`))
	if !ok {
		return file, false
	}
	end := bytes.IndexByte(rest, '"')
	if end <= 0 || bytes.IndexByte(rest[:end], '\\') >= 0 {
		return file, false
	}
	file.URI, rest = string(rest[:end]), rest[end:]
	if file.TimestampMs, rest, ok = cutNumber(rest, `","timestamp":`); !ok {
		return file, false
	}
	batch, rest, ok := cutNumber(rest, `,"batchId":`)
	if !ok {
		return file, false
	}
	file.Batch = stream.Offset(batch)
	if size, after, has := cutNumber(rest, `,"size":`); has {
		file.SizeBytes, rest = &size, after
	}
	if at, after, has := cutNumber(rest, `,"discovered":`); has {
		file.DiscoveredMs, rest = at, after
	}
	if after, has := bytes.CutPrefix(rest, []byte(`,"known":true`)); has {
		file.Known, rest = true, after
	}
	return file, string(rest) == "}"
}

func cutNumber(text []byte, prefix string) (n int64, rest []byte, ok bool) {
	rest, ok = bytes.CutPrefix(text, []byte(prefix))
	if !ok {
		return 0, text, false
	}
	digits := 0
	for digits < len(rest) && digits < 18 && rest[digits] >= '0' && rest[digits] <= '9' {
		n = n*10 + int64(rest[digits]-'0')
		digits++
	}
	return n, rest[digits:], digits > 0
}

// Latest is the highest entry, stream.NoOffset when there is none.
func (s *SourceLog) Latest() stream.Offset { return s.latest }

// Len is how many files the log has seen.
func (s *SourceLog) Len() int { return len(s.seen) }

// Seen tells whether a file is known, and with which modification time.
func (s *SourceLog) Seen(uri string) (timestampMs int64, ok bool) {
	timestampMs, ok = s.seen[uri]
	return timestampMs, ok
}

// Check tells whether the log reaches as far as a range does.
func (s *SourceLog) Check(from, to stream.Offset) error {
	if s.latest < to {
		return s.incomplete(s.latest + 1)
	}
	for k := from + 1; k <= to; k++ {
		if len(s.entries[k]) == 0 {
			return s.incomplete(k)
		}
	}
	return nil
}

// Between returns the files of the entries from < K <= to, in order.
func (s *SourceLog) Between(from, to stream.Offset) (files []SeenFile) {
	for k := from + 1; k <= to; k++ {
		files = append(files, s.entries[k]...)
	}
	return files
}

// All returns every file the log has seen, in order of entries.
func (s *SourceLog) All() []SeenFile { return s.Between(stream.NoOffset, s.latest) }

// Append writes the next entry. Its number becomes the files' Batch: Spark loses
// in silence the lines of an entry that bear another one.
func (s *SourceLog) Append(files []SeenFile) error {
	k := s.latest + 1
	var body bytes.Buffer
	body.WriteString(version)
	name := strconv.FormatInt(int64(k), 10)
	compact := (k+1)%stream.Offset(s.interval()) == 0
	if compact {
		name = compactName(k)
		if err := s.copyLines(&body); err != nil {
			return err
		}
	}
	for i := range files {
		files[i].Batch = k
		body.WriteByte('\n')
		writeLine(&body, files[i])
	}
	if err := s.log.add(name, body.Bytes()); err != nil {
		return err
	}
	s.latest = k
	for _, file := range files {
		s.take(file)
	}
	if compact {
		s.compacts = append(s.compacts, k)
		return s.clean()
	}
	return nil
}

// copyLines copies what the log holds so far, byte for byte: fields that others
// wrote stay.
func (s *SourceLog) copyLines(to *bytes.Buffer) error {
	names, err := s.reread()
	if err != nil {
		return err
	}
	for _, name := range names {
		path := filepath.Join(s.log.dir, name)
		data, err := s.log.store.ReadFile(path)
		if err != nil {
			return failure.Disk("read", path, err)
		}
		lines := bytes.TrimRight(bytes.TrimPrefix(data, []byte(version)), "\n")
		to.Write(lines)
	}
	return nil
}

func (s *SourceLog) reread() ([]string, error) {
	again := &SourceLog{log: s.log, latest: stream.NoOffset}
	return again.names()
}

// JSON is the line of the file, in the shape that parseQuickly reads.
func (file SeenFile) JSON() []byte {
	var line bytes.Buffer
	writeLine(&line, file)
	return line.Bytes()
}

func writeLine(to *bytes.Buffer, file SeenFile) {
	fmt.Fprintf(to, `{"path":%s`, plainJSON(file.URI))
	fmt.Fprintf(to, `,"timestamp":%d,"batchId":%d`, file.TimestampMs, file.Batch)
	if file.SizeBytes != nil {
		fmt.Fprintf(to, `,"size":%d`, *file.SizeBytes)
	}
	if file.DiscoveredMs > 0 {
		fmt.Fprintf(to, `,"discovered":%d`, file.DiscoveredMs)
	}
	if file.Known {
		to.WriteString(`,"known":true`)
	}
	to.WriteByte('}')
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
