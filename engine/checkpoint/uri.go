package checkpoint

import (
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
	return string(AppendURI([]byte("file://"), filepath.ToSlash(path)))
}

// AppendURI encodes one more piece of a path, with slashes, and appends it to the
// URI of what comes before it.
func AppendURI(uri []byte, piece string) []byte {
	for len(piece) > 0 {
		kept := 0
		for kept < len(piece) && keptASCII[piece[kept]] {
			kept++
		}
		uri, piece = append(uri, piece[:kept]...), piece[kept:]
		if len(piece) > 0 {
			r, size := utf8.DecodeRuneInString(piece)
			uri, piece = appendRune(uri, r, piece[:size]), piece[size:]
		}
	}
	return uri
}

func appendRune(uri []byte, r rune, bytes string) []byte {
	if keeps(r) && (r != utf8.RuneError || len(bytes) > 1) {
		return append(uri, bytes...)
	}
	for i := range len(bytes) {
		uri = fmt.Appendf(uri, "%%%02X", bytes[i])
	}
	return uri
}

func keeps(r rune) bool {
	if r < utf8.RuneSelf {
		return keptASCII[r]
	}
	return !unicode.IsControl(r) && !unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp)
}

var keptASCII = func() (kept [256]bool) {
	for _, b := range []byte("+&',;~=@$!*()-_./:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
		kept[b] = true
	}
	return kept
}()

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
