package ui

import "autoloaderlab/ui/text"

// binding is one thing a key can mean: the keys as the terminal sends them, and the
// name by which the footer calls them.
type binding struct {
	name string
	keys []string
}

// The one map of keys.  A key means the same on every screen; which of them can be
// used now is what the screen's entries say.  A load that runs has keys of its own:
// pipeline.Actions.
var (
	keyEnter  = binding{"enter", []string{"enter"}}
	keyEscape = binding{"esc", []string{"esc"}}
	keyTab    = binding{"tab", []string{"tab", "shift+tab"}}
	keyHelp   = binding{"?", []string{"?", "f1"}}
	keyLeave  = binding{"q", []string{"q"}}

	keyGlossary = binding{"g", []string{"g"}}
	keySQL      = binding{"s", []string{"s"}}
	keyCopy     = binding{"y", []string{"y"}}
	keyMouse    = binding{"m", []string{"m"}}
	keyUndo     = binding{"z", []string{"z"}}
	keyTheme    = binding{"T", []string{"T"}}

	keyNext     = binding{"n", []string{"n"}}
	keyPrevious = binding{"p", []string{"p"}}
	keyWhy      = binding{"w", []string{"w"}}
	keyAnswer   = keyWhy // where nothing is predicted: the notebook's questions
	keyHint     = binding{"h", []string{"h"}}
	keyRestart  = binding{"R", []string{"R"}}

	keyRun        = binding{"e", []string{"e"}}
	keyCount      = binding{"c", []string{"c"}}
	keyDrop       = binding{"t", []string{"t"}}
	keyCheckpoint = binding{"b", []string{"b"}}
	keyDay        = binding{"d", []string{"d"}}
	keyFiles      = binding{"a", []string{"a"}}
	keyStepwise   = binding{"v", []string{"v"}}
	keyOpen       = binding{text.OpenerKey, []string{text.OpenerKey}}

	keyFree    = binding{"l", []string{"l"}}
	keyReport  = binding{"i", []string{"i"}}
	keyWidgets = binding{"u", []string{"u"}}

	keyReveal = binding{"r", []string{"r"}}
	keyAgain  = binding{"+", []string{"+"}}
	keyGo     = binding{":", []string{":"}}

	keyYes  = binding{"s", []string{"s"}}
	keySwap = binding{"←→", []string{"left", "right", "tab", "shift+tab"}}

	keyUpDown = binding{"↑↓", []string{"up", "down"}}
	keyPage   = binding{"re pág", []string{"pgup", "pgdown"}}

	// In a text field letters are text: only these are keys.
	fieldHelp  = binding{"f1", []string{"f1"}}
	fieldLeave = binding{"ctrl+c", []string{"ctrl+c"}}
	fieldSave  = binding{"ctrl+s", []string{"ctrl+s"}}
	fieldOpen  = binding{"ctrl+o", []string{"ctrl+o"}}
)

// footerRank is the order in which keys fall out of a footer that has no room for all:
// the highest first. What stands on the page too goes before what stands nowhere else.
var footerRank = map[string]int{
	keyEnter.name: 1, keyEscape.name: 1, "x": 1, keyTab.name: 1, "ctrl+r": 1, fieldSave.name: 1,
	keyWhy.name: 2, keyDrop.name: 2, keyCheckpoint.name: 2, keySQL.name: 2, keyFree.name: 2, keyReport.name: 2,
	keyReveal.name: 2, keyAgain.name: 2,
	keyOpen.name: ordinary + 1, keyGo.name: ordinary + 1,
	keyCount.name: ordinary + 1, keyDay.name: ordinary + 1, keyFiles.name: ordinary + 1, keyWidgets.name: ordinary + 1,
	keyUpDown.name: ordinary + 1, keyPage.name: ordinary + 1,
}

// ordinary is the rank of every other key.
const ordinary = 3

// digits is the binding of the options' numbers.
func digits(n int) binding {
	b := binding{name: "1"}
	if n > 1 {
		b.name = "1–" + string(rune('0'+min(n, 9)))
	}
	for i := range min(n, 9) {
		b.keys = append(b.keys, string(rune('1'+i)))
	}
	return b
}

func (b binding) has(key string) bool {
	for _, k := range b.keys {
		if k == key {
			return true
		}
	}
	return false
}
