package ui

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// fileMenu is what a student's hands can do with the source files, in the free lab.
func (d *desk) fileMenu() tea.Cmd {
	row := func(key, does string, open func() *form) entry {
		return entry{binding: binding{key, []string{key}}, does: does, run: func(string) tea.Cmd { return d.m.open(open()) }}
	}
	one := func(key, verb, does, about string) entry {
		return row(key, does, func() *form { return d.fileForm(verb, does, about, false) })
	}
	two := func(key, verb, does, about string) entry {
		return row(key, does, func() *form { return d.fileForm(verb, does, about, true) })
	}
	return d.m.choose(text.FilesTitle, []entry{
		row("1", text.FileBring, d.bringForm),
		two("2", lessons.FileCopy, text.FileCopy, text.FileCopyAbout),
		two("3", lessons.FileRename, text.FileRename, text.FileRenameAbout),
		one("4", lessons.FileOverwrite, text.FileOverwrite, text.FileOverwriteAbout),
		one("5", lessons.FileAppend, text.FileAppend, text.FileAppendAbout),
		one("6", lessons.FileRemove, text.FileRemove, text.FileRemoveAbout),
	})
}

// fileForm asks which file, and for its new name where there is one.
func (d *desk) fileForm(verb, does, about string, renames bool) *form {
	names := d.sourceNames()
	newest := ""
	if len(names) > 0 {
		newest = names[len(names)-1]
	}
	labels, values := []string{text.WhichFileLabel}, []string{newest}
	propose := text.CopyName
	if verb == lessons.FileRename {
		propose = text.OtherName
	}
	if renames {
		labels, values = append(labels, text.NewNameLabel), append(values, propose(newest))
	}
	f := newForm(d.m, does, about, text.DoItNow, labels, values, func(v []string) tea.Cmd {
		return d.do(Deed{Words: string(lessons.VerbFile) + " " + verb, Args: append([]string{verb}, v...), Does: does})
	})
	f.choices, f.propose = names, propose
	f.check = func(v []string) (int, string) { return checkNames(names, v) }
	return f
}

// sourceNames are the files of the source folder itself, in their order.
func (d *desk) sourceNames() []string {
	var names []string
	for _, file := range d.sight.Inventory.Files {
		if !strings.Contains(file.Name, "/") {
			names = append(names, file.Name)
		}
	}
	return names
}

// checkNames says what is wrong with a file and its new name, if there is one.
func checkNames(there, v []string) (at int, why string) {
	switch {
	case v[0] == "":
		return 0, text.WhichFile().What
	case !slices.Contains(there, v[0]):
		return 0, text.NoSuchSource(v[0])
	case len(v) == 1:
		return 0, ""
	case v[1] == "" || strings.HasPrefix(v[1], ".") || strings.ContainsAny(v[1], `/\`):
		return 1, text.BadSourceName
	case slices.Contains(there, v[1]):
		return 1, text.SourceNameTaken
	}
	return 0, ""
}

// bringForm asks for a file of the student's own.
func (d *desk) bringForm() *form {
	f := newForm(d.m, text.FileBring, text.FileBringAbout, text.DoItNow, []string{text.PathLabel}, []string{""}, func(v []string) tea.Cmd { return d.bring(v[0]) })
	f.check = func(v []string) (int, string) {
		if v[0] == "" {
			return 0, text.WhichFile().What
		}
		return 0, ""
	}
	return f
}

func (d *desk) bring(path string) tea.Cmd {
	return d.do(Deed{Words: string(lessons.VerbBring) + " " + path, Does: text.FileBring})
}

// widgetForm changes the notebook's parameters of the free lab.
func (d *desk) widgetForm() tea.Cmd {
	keeper, ok := d.d.(interface {
		Widgets(ctx context.Context, w engine.Widgets) error
	})
	if !ok {
		return nil
	}
	w := d.sight.Widgets
	f := newForm(d.m, text.WidgetsTitle, text.WidgetsAbout, text.UseWidgets,
		[]string{"alumno", "catalogo", "volumen_landing", "volumen_bronce", "tabla"},
		[]string{w.Student, w.Catalog, w.LandingVolume, w.BronzeVolume, w.Table},
		func(v []string) tea.Cmd {
			d.sql = nil // its names are the old ones
			return d.look(true, func(ctx context.Context) (string, error) {
				return text.WidgetsSet, keeper.Widgets(ctx, widgetsOf(v))
			})
		})
	f.check = checkWidgets
	return d.m.open(f)
}

// widgetsOf reads the form's answers, in its order.
func widgetsOf(v []string) engine.Widgets {
	return engine.Widgets{Student: v[0], Catalog: v[1], LandingVolume: v[2], BronzeVolume: v[3], Table: v[4]}
}

// checkWidgets finds the first widget that is no good, each by itself: what is empty
// is the lab's own.
func checkWidgets(v []string) (at int, why string) {
	for i := range v {
		alone := make([]string, len(v))
		alone[i] = v[i]
		if err := engine.CheckWidgets(widgetsOf(alone)); err != nil {
			m := text.Explain(err)
			return i, m.What + " " + m.Why
		}
	}
	return 0, ""
}

// askFirst opens the form of a deed that lacks a word: the day to extract.
func (d *desk) askFirst(deed Deed) tea.Cmd {
	return d.m.open(newForm(d.m, deed.Does, deed.About, text.DoItNow, []string{deed.Ask}, []string{deed.Guess}, func(v []string) tea.Cmd {
		full := deed
		full.Words, full.Ask = strings.TrimSpace(deed.Words+" "+v[0]), ""
		return d.do(full)
	}))
}
