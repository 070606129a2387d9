package delta

import (
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"autoloaderlab/engine/failure"
)

// LogDir is the folder of a table that holds its log.
const LogDir = "_delta_log"

const (
	lastCheckpointName = "_last_checkpoint"
	commitSuffix       = ".json"
	checkpointSuffix   = ".checkpoint.parquet"
	versionDigits      = 20
	partDigits         = 10
)

// Version numbers a state of a table. The first is 0 and there are no gaps.
type Version int64

// String gives the plain number.
func (v Version) String() string { return strconv.FormatInt(int64(v), 10) }

func commitName(v Version) string     { return fmt.Sprintf("%020d", int64(v)) + commitSuffix }
func checkpointName(v Version) string { return fmt.Sprintf("%020d", int64(v)) + checkpointSuffix }

// twinName is where Hadoop's local file system keeps the checksum of a file.
// Spark refuses to read a file that does not match its twin.
func twinName(name string) string { return "." + name + ".crc" }

type logKind int

const (
	commitFile logKind = iota
	classicCheckpoint
	multiPartCheckpoint
	uuidCheckpoint // a V2 checkpoint under a name of its own
)

// logName is what the name of a file in the log says.
type logName struct {
	kind        logKind
	version     Version
	part, parts int // of a multi-part checkpoint, from 1
}

// parseLogName reads a file name. ok is false for every name that readers must
// ignore: temporary files, checksums, other programs' files.
func parseLogName(name string) (n logName, ok bool) {
	if len(name) <= versionDigits {
		return logName{}, false
	}
	version, ok := parseDigits(name[:versionDigits])
	if !ok {
		return logName{}, false
	}
	n.version = Version(version)
	switch rest := name[versionDigits:]; {
	case rest == commitSuffix:
		return n, true
	case rest == checkpointSuffix:
		n.kind = classicCheckpoint
		return n, true
	case strings.HasPrefix(rest, ".checkpoint."):
		return parseCheckpointName(n, strings.Split(rest[len(".checkpoint."):], "."))
	}
	return logName{}, false
}

// parseCheckpointName reads what follows "checkpoint.": PART.PARTS.parquet or UUID.{json,parquet}.
func parseCheckpointName(n logName, rest []string) (logName, bool) {
	switch {
	case len(rest) == 3 && rest[2] == "parquet" && len(rest[0]) == partDigits && len(rest[1]) == partDigits:
		part, ok1 := parseDigits(rest[0])
		parts, ok2 := parseDigits(rest[1])
		n.kind, n.part, n.parts = multiPartCheckpoint, int(part), int(parts)
		return n, ok1 && ok2 && part >= 1 && part <= parts
	case len(rest) == 2 && len(rest[0]) == 36 && (rest[1] == "json" || rest[1] == "parquet"):
		n.kind = uuidCheckpoint
		return n, true
	}
	return logName{}, false
}

// parseDigits is strconv without signs, and without numbers that do not fit.
func parseDigits(s string) (int64, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// encodePath turns a path relative to the table, with slashes, into the URI
// reference that an add holds (Delta protocol, «Add File and Remove File»).
func encodePath(rel string) string {
	escaped := (&url.URL{Path: rel}).EscapedPath()
	// A colon in the first segment would be taken for the end of a scheme.
	first, rest, more := strings.Cut(escaped, "/")
	first = strings.ReplaceAll(first, ":", "%3A")
	if !more {
		return first
	}
	return first + "/" + rest
}

// decodePath turns an action's path into one with slashes: relative to the
// table, or absolute when it begins with one, or a URI of another scheme as it
// is. Some writers do not encode; what cannot be decoded is taken literally.
func decodePath(uri string) string {
	if scheme := uriScheme(uri); scheme != "" {
		if !strings.EqualFold(scheme, "file") {
			return uri
		}
		uri = trimAuthority(uri[len("file:"):])
	}
	decoded, err := url.PathUnescape(uri)
	if err != nil {
		decoded = uri
	}
	return decoded
}

// uriScheme is what stands before "://", or "file" for the short form "file:/".
func uriScheme(uri string) string {
	scheme, rest, found := strings.Cut(uri, ":")
	if !found || strings.ContainsFunc(scheme, notInScheme) {
		return ""
	}
	if strings.HasPrefix(rest, "//") || strings.EqualFold(scheme, "file") && strings.HasPrefix(rest, "/") {
		return scheme
	}
	return ""
}

func notInScheme(r rune) bool {
	return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("+-.", r)
}

// trimAuthority leaves /path of ///path, //host/path and /path.
func trimAuthority(rest string) string {
	if !strings.HasPrefix(rest, "//") {
		return rest
	}
	if slash := strings.IndexByte(rest[2:], '/'); slash >= 0 {
		return rest[2+slash:]
	}
	return "/"
}

// pathKey is the same for two spellings of one file: encoded or not, absolute
// with or without a scheme.
func pathKey(uri string) string {
	decoded := decodePath(uri)
	if strings.HasPrefix(decoded, "/") {
		return path.Clean(decoded)
	}
	return decoded
}

// AbsPath tells where the file of an add of the table in dir is on this
// machine. A URI of a scheme other than file comes back as it is.
func AbsPath(dir string, add Add) string {
	if scheme := uriScheme(add.Path); scheme != "" && !strings.EqualFold(scheme, "file") {
		return add.Path
	}
	decoded := decodePath(add.Path)
	switch {
	case hasDrive(decoded):
		return filepath.FromSlash(decoded[1:])
	case strings.HasPrefix(decoded, "/"):
		return filepath.FromSlash(path.Clean(decoded))
	}
	return filepath.Join(dir, filepath.FromSlash(decoded))
}

// hasDrive tells whether an absolute path is a Windows one: file:///C:/x.
func hasDrive(p string) bool {
	return filepath.Separator == '\\' && len(p) > 2 && p[0] == '/' && p[2] == ':'
}

// relativePath is the encoded path of a file below dir. Delta allows absolute
// paths, but a table that has them cannot be moved.
func relativePath(dir, file string) (string, error) {
	rel, err := filepath.Rel(dir, file)
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return "", failure.New(failure.Internal, "add", file).Because(fmt.Errorf("it is not below the table %s", dir))
	}
	return encodePath(filepath.ToSlash(rel)), nil
}
