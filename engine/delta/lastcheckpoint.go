package delta

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// lastCheckpoint is the hint to the newest checkpoint (Delta protocol, «Last
// Checkpoint File»). We write it for others: a listing tells us the same and
// cannot be stale.
type lastCheckpoint struct {
	Version       Version `json:"version"`
	Size          int     `json:"size"` // actions in it
	SizeInBytes   int     `json:"sizeInBytes"`
	NumOfAddFiles int     `json:"numOfAddFiles"`
	Checksum      string  `json:"checksum,omitempty"`
}

func (c lastCheckpoint) encode() ([]byte, error) {
	text, err := marshal(c)
	if err != nil {
		return nil, err
	}
	if c.Checksum, err = checksum(text); err != nil {
		return nil, err
	}
	return marshal(c)
}

// checksum is the MD5 of a JSON object's canonical form, its own member
// "checksum" left out (Delta protocol, «JSON checksum»):
//
//	{"size":5,"a":{"b":["x y"]}}  →  "a"+"b"+0="x%20y","size"=5
func checksum(text []byte) (string, error) {
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	var object map[string]any
	if err := in.Decode(&object); err != nil {
		return "", err
	}
	delete(object, "checksum")
	leaves := canonicalLeaves(nil, "", object)
	slices.Sort(leaves)
	sum := md5.Sum([]byte(strings.Join(leaves, ",")))
	return hex.EncodeToString(sum[:]), nil
}

func canonicalLeaves(leaves []string, path string, value any) []string {
	below := func(key string) string {
		if path == "" {
			return key
		}
		return path + "+" + key
	}
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			leaves = canonicalLeaves(leaves, below(canonicalText(key)), inner)
		}
		return leaves
	case []any:
		for i, inner := range value {
			leaves = canonicalLeaves(leaves, below(strconv.Itoa(i)), inner)
		}
		return leaves
	case string:
		return append(leaves, path+"="+canonicalText(value))
	case nil:
		return append(leaves, path+"=null")
	default: // a number as it was written, or a bool
		return append(leaves, fmt.Sprintf("%s=%v", path, value))
	}
}

// canonicalText percent-encodes all but RFC 3986's unreserved characters.
func canonicalText(s string) string {
	out := []byte{'"'}
	for _, b := range []byte(s) {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', strings.IndexByte("-._~", b) >= 0:
			out = append(out, b)
		default:
			out = fmt.Appendf(out, "%%%02X", b)
		}
	}
	return string(append(out, '"'))
}
