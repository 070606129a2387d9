package catalog

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Volume is a folder of files: /Volumes/<catalog>/<schema>/<volume>, or a
// folder in it, or a folder of the computer's own written as file:///abs/folder.
type Volume struct {
	parts []string // below /Volumes; nil when local
	local string   // an absolute folder; empty when it is a volume of the lab
}

// maxVolumeBytes keeps the folder of a volume, and the files in it, clear of the
// 4096 bytes at which Linux ends a path.
const maxVolumeBytes = 1000

const (
	volumePrefix = "/" + volumesFolder + "/"
	localPrefix  = "file://"
)

// ParseVolume reads "/Volumes/<catalog>/<schema>/<volume>[/more…]"; slashes at
// the end are dropped. Every part is as Identifier wants it, or has hyphens in
// it, and below the volume also dots, but not at its ends. The three names are
// folded to lower case like all of Unity Catalog's; what is below them is a path
// of the cloud's storage and keeps its case. A refusal is failure.WrongUse.
func ParseVolume(value string) (Volume, error) {
	v, reason := parseVolume(value)
	return v, refuse("volume", value, reason)
}

func parseVolume(value string) (Volume, error) {
	path, ok := strings.CutPrefix(strings.TrimRight(value, "/"), volumePrefix)
	parts := strings.Split(path, "/")
	switch {
	case len(value) > maxVolumeBytes:
		return Volume{}, fmt.Errorf("it is longer than %d bytes", maxVolumeBytes)
	case !ok || len(parts) < 3:
		return Volume{}, errors.New("it is not /Volumes/<catalog>/<schema>/<volume>")
	}
	for i, part := range parts {
		extra := "-"
		if i >= 3 {
			extra = "-."
		}
		if reason := misnamed(part, extra); reason != nil {
			return Volume{}, fmt.Errorf("part %q: %w", part, reason)
		}
		if i < 3 {
			parts[i] = strings.ToLower(part)
		}
	}
	return Volume{parts: parts}, nil
}

// ParseLandingVolume reads what ParseVolume reads, and also file:///abs/folder,
// which is taken literally: nothing in it is percent-decoded and no link is
// followed; only "." and ".." and doubled slashes are cleaned away.
func ParseLandingVolume(value string) (Volume, error) {
	path, ok := strings.CutPrefix(value, localPrefix)
	if !ok {
		return ParseVolume(value)
	}
	v, reason := parseLocal(path)
	return v, refuse("volume", value, reason)
}

func parseLocal(path string) (Volume, error) {
	switch {
	case len(path) > maxVolumeBytes:
		return Volume{}, fmt.Errorf("it is longer than %d bytes", maxVolumeBytes)
	case strings.ContainsRune(path, 0):
		return Volume{}, errors.New("no path holds a NUL")
	}
	folder := filepath.FromSlash(path)
	if path != "" && filepath.VolumeName(folder[1:]) != "" { // Windows: file:///C:/folder
		folder = folder[1:]
	}
	if !filepath.IsAbs(folder) {
		return Volume{}, errors.New("it is not file:///<absolute folder>")
	}
	return Volume{local: filepath.Clean(folder)}, nil
}

// IsLocal tells whether it is a folder of the computer's own, where the lab
// reads and lands and never deletes.
func (v Volume) IsLocal() bool { return v.local != "" }

// String writes the volume as a student does, without a slash at the end.
func (v Volume) String() string {
	if !v.IsLocal() {
		return volumePrefix + strings.Join(v.parts, "/")
	}
	path := filepath.ToSlash(v.local)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return localPrefix + path
}
