package autoloader

import (
	"context"
	"slices"

	"autoloaderlab/engine/checkpoint"
	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/schema"
)

// Sample infers a schema from the headers of the files that were modified last,
// as many as Auto Loader samples at most. No file at all, or none with a line,
// is failure.EmptyDirectory.
func (s *Source) Sample(ctx context.Context) ([]string, error) {
	var newest sample
	if err := s.look(ctx, &newest); err != nil {
		return nil, err
	}
	var headers [][]string
	for _, sampled := range newest.files() {
		file, err := sourceFileOf(sampled)
		if err != nil {
			return nil, err
		}
		header, err := s.header(file)
		switch {
		case s.passOver(file, err):
		case err != nil:
			return nil, err
		case header != nil:
			s.doubt(file, header)
			headers = append(headers, header)
		}
	}
	if len(headers) == 0 {
		return nil, failure.New(failure.EmptyDirectory, "infer the schema", s.Folder)
	}
	return schema.Infer(headers...), nil
}

// sampledFiles is how many files inference looks at (Databricks,
// schemaInference.sampleSize.numFiles).
const sampledFiles = 1000

// sample is the newest of the files that it was offered. A nil one takes none.
type sample struct{ offered []checkpoint.SeenFile }

func (s *sample) offer(file checkpoint.SeenFile) {
	if s == nil {
		return
	}
	if s.offered = append(s.offered, file); len(s.offered) == 2*sampledFiles {
		s.offered = append(s.offered[:0], s.files()...)
	}
}

// files are in the order of loading, so that the oldest one's spelling and order
// of columns come first.
func (s *sample) files() []checkpoint.SeenFile {
	slices.SortFunc(s.offered, byAge)
	return s.offered[max(0, len(s.offered)-sampledFiles):]
}
