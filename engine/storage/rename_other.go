//go:build !linux

package storage

// renameNoReplace has no other road here than the link that failed.
func renameNoReplace(_, _ string, linkErr error) error { return linkErr }
