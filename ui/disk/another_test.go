package disk

import (
	"strings"
	"testing"

	"autoloaderlab/ui/style"
)

// As many rows and as many files seen are not the same table and the same checkpoint.
func TestAnotherMemoryWithTheSameCountIsNotTheSame(t *testing.T) {
	before, now := fourDays(), fourDays()
	before.TableID, now.TableID = "fb655ba6", "87973522"
	other := "e3aafcfb-8ca1-4a1e-8e5c-0d4b7b1f9a11"
	now.Status.Checkpoint.QueryID = &other
	m := Remember(now, &before)
	for _, memory := range []Memory{Checkpoint, Table} {
		if got := m.Of[memory].Change.Sign; got != style.Differs {
			t.Errorf("memory %d: got %q, want %q", memory, got, style.Differs)
		}
	}
	if view := m.View(plain, 43, PanelHeight); !strings.Contains(view, "≠ cambió") {
		t.Errorf("no legend of what is another:\n%s", view)
	}
	if same := Remember(before, &before); same.Changed() {
		t.Error("the same memories are told as others")
	}
}
