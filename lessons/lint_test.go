package lessons_test

import (
	"testing"

	"autoloaderlab/lessons"
)

func TestTheBundledLessonsAreClean(t *testing.T) {
	library := lessons.Bundled()
	for _, problem := range library.Lint() {
		t.Error(problem)
	}
	if len(library.Lessons) == 0 || len(library.Ideas) < 10 {
		t.Errorf("%d lessons, %d ideas", len(library.Lessons), len(library.Ideas))
	}
}
