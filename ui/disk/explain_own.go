package disk

import (
	"path"
	"strings"

	"autoloaderlab/ui/text"
)

// ownJSON bounds the files of the lab's own that are shown whole.
const ownJSON = 2 << 10

// explainOwn explains what the lab keeps for itself and for its student.
func (o Opened) explainOwn(e *Explanation) {
	e.Databricks = text.DbxOwn
	var notes []Note
	switch folder, name := path.Split(o.Name); {
	case strings.Contains(name, ".apartado-"):
		e.Lead = text.DiskSetAside
	case folder == "bloqueos/":
		e.Lead = text.DiskLock
	case folder == "resultados/":
		e.Lead = text.DiskResult
	case strings.HasPrefix(folder, "apartados/"):
		e.Lead = text.DiskMovedAway
	case folder == "extraccion/fuente/":
		e.Lead = text.DiskChangedDay
	case strings.HasSuffix(name, ".md"):
		e.Lead = text.DiskReport
	default:
		var known bool
		if e.Lead, known = text.DiskOwn[o.Name]; !known {
			e.Lead = text.DiskNotOurs
		}
	}
	n, err := parseJSON(o.Bytes)
	if err != nil || n.kind != objectKind || o.SizeBytes > ownJSON {
		o.asItIs(e)
		return
	}
	for _, m := range n.members {
		if means, known := text.DiskOwnFields[path.Base(o.Name)][m.name]; known {
			notes = append(notes, Note{m.name, means})
		}
	}
	e.Parts = []Part{{Number: 1, Atoms: o.json(n, nil, true), Notes: notes}}
}
