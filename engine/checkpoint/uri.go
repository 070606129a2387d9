package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// EncodeURI writes an absolute path as Hadoop does, through Java's URI. It must
// be the same to the letter, or Spark takes the file for a new one and loads it
// twice. ASCII keeps what a URI's path may hold; beyond ASCII only controls and
// Unicode spaces are encoded (java.net.URI, «other» characters).
func EncodeURI(path string) string {
	var uri strings.Builder
	uri.Grow(len(path) + len("file://"))
	uri.WriteString("file://")
	for rest := filepath.ToSlash(path); len(rest) > 0; {
		r, size := utf8.DecodeRuneInString(rest)
		if keeps(r) && (r != utf8.RuneError || size > 1) {
			uri.WriteString(rest[:size])
		} else {
			for _, b := range []byte(rest[:size]) {
				fmt.Fprintf(&uri, "%%%02X", b)
			}
		}
		rest = rest[size:]
	}
	return uri.String()
}

func keeps(r rune) bool {
	switch {
	case r >= 0x80:
		return !unicode.IsControl(r) && !unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp)
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z':
		return true
	default:
		return strings.ContainsRune("+&',;~=@$!*()-_./:", r)
	}
}

// DecodeURI is the local path of a URI as EncodeURI, Spark or Hadoop write it.
func DecodeURI(uri string) (string, error) {
	path, ok := strings.CutPrefix(uri, "file:")
	if !ok {
		return "", fmt.Errorf("not a local file: %.80q", uri)
	}
	path, err := url.PathUnescape("/" + strings.TrimLeft(path, "/"))
	if err != nil {
		return "", err
	}
	return filepath.FromSlash(path), nil
}

// plainJSON quotes text as Jackson does: without escaping what HTML would mind.
func plainJSON(text string) []byte {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // text never fails
	return bytes.TrimRight(quoted.Bytes(), "\n")
}
