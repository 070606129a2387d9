package ui

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"autoloaderlab/engine"
	"autoloaderlab/lessons"
	"autoloaderlab/ui/text"
)

// fileMenu is what a student's hands can do with the source files, in the free lab.
func (d *desk) fileMenu() tea.Cmd {
	newest := ""
	if files := d.sight.Inventory.Files; len(files) > 0 {
		newest = files[len(files)-1].Name
	}
	row := func(key, does string, run func() tea.Cmd) entry {
		return entry{binding: binding{key, []string{key}}, does: does, run: func(string) tea.Cmd { return run() }}
	}
	one := func(key, verb, does, about string) entry {
		return row(key, does, func() tea.Cmd {
			return d.m.open(newForm(d.m, does, about, text.DoItNow, []string{text.WhichFileLabel}, []string{newest}, func(v []string) tea.Cmd { return d.handle(does, verb, v...) }))
		})
	}
	two := func(key, verb, does, about string) entry {
		return row(key, does, func() tea.Cmd {
			return d.m.open(newForm(d.m, does, about, text.DoItNow, []string{text.WhichFileLabel, text.NewNameLabel},
				[]string{newest, text.CopyName(newest)}, func(v []string) tea.Cmd { return d.handle(does, verb, v...) }))
		})
	}
	return d.m.choose(text.FilesTitle, []entry{
		row("1", text.FileBring, func() tea.Cmd {
			return d.m.open(newForm(d.m, text.FileBring, text.FileBringAbout, text.DoItNow, []string{text.PathLabel}, []string{""}, func(v []string) tea.Cmd { return d.bring(v[0]) }))
		}),
		two("2", lessons.FileCopy, text.FileCopy, text.FileCopyAbout),
		two("3", lessons.FileRename, text.FileRename, text.FileRenameAbout),
		one("4", lessons.FileOverwrite, text.FileOverwrite, text.FileOverwriteAbout),
		one("5", lessons.FileAppend, text.FileAppend, text.FileAppendAbout),
		one("6", lessons.FileRemove, text.FileRemove, text.FileRemoveAbout),
	})
}

func (d *desk) handle(does, verb string, names ...string) tea.Cmd {
	for _, name := range names {
		if name == "" || strings.ContainsAny(name, " \t") {
			return d.m.complain(text.WhichFile())
		}
	}
	return d.do(Deed{Words: string(lessons.VerbFile) + " " + verb + " " + strings.Join(names, " "), Does: does})
}

func (d *desk) bring(path string) tea.Cmd {
	if path == "" {
		return d.m.complain(text.WhichFile())
	}
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
	return d.m.open(newForm(d.m, text.WidgetsTitle, text.WidgetsAbout, text.UseWidgets,
		[]string{"alumno", "catalogo", "volumen_landing", "volumen_bronce", "tabla"},
		[]string{w.Student, w.Catalog, w.LandingVolume, w.BronzeVolume, w.Table},
		func(v []string) tea.Cmd {
			return d.look(true, func(ctx context.Context) (string, error) {
				return text.WidgetsSet, keeper.Widgets(ctx, engine.Widgets{Student: v[0], Catalog: v[1], LandingVolume: v[2], BronzeVolume: v[3], Table: v[4]})
			})
		}))
}

// askFirst opens the form of a deed that lacks a word: the day to extract.
func (d *desk) askFirst(deed Deed) tea.Cmd {
	return d.m.open(newForm(d.m, deed.Does, deed.About, text.DoItNow, []string{deed.Ask}, []string{deed.Guess}, func(v []string) tea.Cmd {
		full := deed
		full.Words, full.Ask = strings.TrimSpace(deed.Words+" "+v[0]), ""
		return d.do(full)
	}))
}
