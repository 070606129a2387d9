package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"autoloaderlab/engine/stream"
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

// JSON is the line of the file, in the shape that scanLine reads.
func (file SeenFile) JSON() []byte { return file.appendTo(nil) }

func (file SeenFile) appendTo(line []byte) []byte {
	line = appendQuoted(append(line, `{"path":`...), file.URI)
	line = strconv.AppendInt(append(line, `,"timestamp":`...), file.TimestampMs, 10)
	line = strconv.AppendInt(append(line, `,"batchId":`...), int64(file.Batch), 10)
	if file.SizeBytes != nil {
		line = strconv.AppendInt(append(line, `,"size":`...), *file.SizeBytes, 10)
	}
	if file.DiscoveredMs > 0 {
		line = strconv.AppendInt(append(line, `,"discovered":`...), file.DiscoveredMs, 10)
	}
	if file.Known {
		line = append(line, `,"known":true`...)
	}
	return append(line, '}')
}

// appendQuoted quotes text as Jackson does: without escaping what HTML would mind.
func appendQuoted(to []byte, text string) []byte {
	if plainUntil(text) == len(text) {
		return append(append(append(to, '"'), text...), '"')
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // text never fails
	return append(to, bytes.TrimRight(quoted.Bytes(), "\n")...)
}

// seenLine is a SeenFile whose URI is no string yet: of most lines only the set
// of paths takes a copy. uri is valid as long as the line that it was read from.
type seenLine struct {
	SeenFile
	uri []byte
}

func (l seenLine) file() SeenFile {
	l.URI = string(l.uri)
	return l.SeenFile
}

// parseLine reads one line. A million of them must take less than a directory
// walk, so the one shape that we and Spark write is read by hand.
func parseLine(line []byte) (seenLine, error) {
	if seen, ok := scanLine(line); ok {
		return seen, nil
	}
	var file SeenFile
	if err := json.Unmarshal(line, &file); err != nil {
		return seenLine{}, err
	}
	if file.URI == "" || file.Batch < 0 {
		return seenLine{}, fmt.Errorf("a line without path or batchId: %.60q", line)
	}
	return seenLine{file, []byte(file.URI)}, nil
}

// scanLine reads {"path":"…","timestamp":1,"batchId":2 and what we add, when
// the path needs no unescaping. Of every other shape ok is false, also of what
// is no JSON: encoding/json decides.
func scanLine(line []byte) (seen seenLine, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte(`{"path":"`))
	if !ok {
		return seen, false
	}
	if seen.uri, rest, ok = cutPath(rest); !ok {
		return seen, false
	}
	if seen.TimestampMs, rest, ok = cutNumber(rest, `","timestamp":`); !ok {
		return seen, false
	}
	batch, rest, ok := cutNumber(rest, `,"batchId":`)
	if !ok {
		return seen, false
	}
	seen.Batch = stream.Offset(batch)
	if size, after, has := cutNumber(rest, `,"size":`); has {
		seen.SizeBytes, rest = &size, after
	}
	if at, after, has := cutNumber(rest, `,"discovered":`); has {
		seen.DiscoveredMs, rest = at, after
	}
	if after, has := bytes.CutPrefix(rest, []byte(`,"known":true`)); has {
		seen.Known, rest = true, after
	}
	return seen, string(rest) == "}"
}

// cutPath takes what stands before the closing quote, if those bytes mean
// themselves: nothing escaped, no control character, good UTF-8.
func cutPath(text []byte) (path, rest []byte, ok bool) {
	end := plainUntil(text)
	for ascii := end; ; {
		if end == len(text) {
			return nil, text, false
		}
		if text[end] == '"' {
			path, rest = text[:end], text[end:]
			return path, rest, end > 0 && (end == ascii || utf8.Valid(path))
		}
		if text[end] < utf8.RuneSelf {
			return nil, text, false
		}
		end++
		end += plainUntil(text[end:])
	}
}

// plainUntil is where the first byte stands that a JSON string would not hold as
// it is, or that is not ASCII.
func plainUntil[T string | []byte](text T) int {
	for i := range len(text) {
		if !plain[text[i]] {
			return i
		}
	}
	return len(text)
}

var plain = func() (plain [256]bool) {
	for b := ' '; b < utf8.RuneSelf; b++ {
		plain[b] = b != '"' && b != '\\'
	}
	return plain
}()

// cutNumber takes prefix and the natural number after it, of up to 18 digits.
func cutNumber(text []byte, prefix string) (n int64, rest []byte, ok bool) {
	if len(text) < len(prefix) || string(text[:len(prefix)]) != prefix {
		return 0, text, false
	}
	digits := text[len(prefix):]
	length := 0
	for length < len(digits) && length < 18 && digits[length] >= '0' && digits[length] <= '9' {
		n = n*10 + int64(digits[length]-'0')
		length++
	}
	if length == 0 || length > 1 && digits[0] == '0' { // no JSON number begins so
		return 0, text, false
	}
	return n, digits[length:], true
}
