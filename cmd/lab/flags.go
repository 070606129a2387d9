package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"autoloaderlab/engine"
	"autoloaderlab/ui/text"
)

// open opens the lab of this run; a folder that is not there is prepared. All
// that can be wrong about the command has been looked at before.
func (p *program) open(ctx context.Context) (*engine.Lab, error) {
	dir, err := p.folder()
	if err != nil {
		return nil, err
	}
	return engine.Open(ctx, engine.Config{Dir: dir})
}

// folder is --dir, or LAB_DIR, or a folder among the user's data.
func (p *program) folder() (string, error) {
	for _, dir := range []string{p.dir, p.getenv("LAB_DIR")} {
		if dir != "" {
			return filepath.Abs(dir)
		}
	}
	data := p.dataFolder()
	if data == "" {
		return "", text.NoFolder()
	}
	return filepath.Join(data, "autoloaderlab"), nil
}

// dataFolder is where programs keep a user's data: XDG's on Linux and the like.
func (p *program) dataFolder() string {
	home := p.getenv("HOME")
	if home == "" {
		home, _ = os.UserHomeDir()
	}
	switch {
	case runtime.GOOS == "windows":
		return p.getenv("LOCALAPPDATA")
	case filepath.IsAbs(p.getenv("XDG_DATA_HOME")): // a relative one is to be ignored
		return p.getenv("XDG_DATA_HOME")
	case home == "":
		return ""
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support")
	default:
		return filepath.Join(home, ".local", "share")
	}
}

// parameters are the notebook's widgets and the variant, as flags.
type parameters struct {
	widgets engine.Widgets
	variant string
}

// widgetFlags are the flags of a command that speaks of table, checkpoint or landing.
func widgetFlags(cmd *cobra.Command) *parameters {
	w := &parameters{}
	flags := cmd.Flags()
	flags.StringVar(&w.widgets.Student, "alumno", "", "")
	flags.StringVar(&w.widgets.Catalog, "catalogo", "", "")
	flags.StringVar(&w.widgets.LandingVolume, "volumen-landing", "", "")
	flags.StringVar(&w.widgets.BronzeVolume, "volumen-bronce", "", "")
	flags.StringVar(&w.widgets.Table, "tabla", "", "")
	before(cmd, w.check)
	return w
}

// variantFlag is for commands to which it matters where the checkpoint is.
func (w *parameters) variantFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.variant, "variante", "", "")
	before(cmd, func(cmd *cobra.Command) error {
		if !cmd.Flags().Changed("variante") {
			return nil
		}
		if _, err := engine.ParseVariant(w.variant); err != nil || w.variant == "" {
			names := make([]string, len(engine.Variants))
			for i, v := range engine.Variants {
				names[i] = string(v)
			}
			return text.BadChoice("--variante", w.variant, names, cmd.CommandPath())
		}
		return nil
	})
}

// before adds a check that runs before the command, and so before anything is on disk.
func before(cmd *cobra.Command, check func(*cobra.Command) error) {
	earlier := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if earlier != nil {
			if err := earlier(cmd, args); err != nil {
				return err
			}
		}
		return check(cmd)
	}
}

// check refuses widgets that make no names. An empty one is refused too, but for
// the bronze volume, whose empty value the notebook itself has.
func (w *parameters) check(cmd *cobra.Command) error {
	if err := notEmpty(cmd, "alumno", "catalogo", "volumen-landing", "tabla"); err != nil {
		return err
	}
	return engine.CheckWidgets(w.widgets)
}

// notEmpty refuses flags that were given without anything in them.
func notEmpty(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if f := cmd.Flags().Lookup(name); f.Changed && f.Value.String() == "" {
			return text.FlagNeedsValue("--"+name, cmd.CommandPath())
		}
	}
	return nil
}

// pipeline opens the lab and fills in the notebook's parameters.
func (p *program) pipeline(ctx context.Context, w *parameters) (*engine.Lab, *engine.Pipeline, error) {
	variant, err := engine.ParseVariant(w.variant)
	if err != nil {
		return nil, nil, err
	}
	lab, err := p.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	pipeline, err := lab.Pipeline(w.widgets, variant)
	return lab, pipeline, err
}

// choice is a flag whose value is one of a few; the first is its default.
func choice(cmd *cobra.Command, name string, choices ...string) *string {
	value := cmd.Flags().String(name, "", "")
	before(cmd, func(cmd *cobra.Command) error {
		if !cmd.Flags().Changed(name) {
			*value = choices[0]
			return nil
		}
		if *value == "" || !slices.Contains(choices, *value) {
			return text.BadChoice("--"+name, *value, slices.DeleteFunc(slices.Clone(choices), func(c string) bool { return c == "" }), cmd.CommandPath())
		}
		return nil
	})
	return value
}

// date is a flag for a day, YYYY-MM-DD.
func date(cmd *cobra.Command, name string) *string {
	value := cmd.Flags().String(name, "", "")
	before(cmd, func(cmd *cobra.Command) error {
		if !cmd.Flags().Changed(name) {
			return nil
		}
		if _, err := time.Parse(time.DateOnly, *value); err != nil {
			return text.BadDate("--"+name, *value)
		}
		return nil
	})
	return value
}

// options are reader and writer options, clave=valor, in their order.
type option = struct{ Key, Value string }

func optionsFlag(cmd *cobra.Command) *[]option {
	pairs := cmd.Flags().StringArray("opcion", nil, "")
	parsed := &[]option{}
	before(cmd, func(*cobra.Command) error {
		for _, pair := range *pairs {
			key, value, found := strings.Cut(pair, "=")
			if key = strings.TrimSpace(key); !found || key == "" {
				return text.BadOption(pair)
			}
			*parsed = append(*parsed, option{key, value})
		}
		return nil
	})
	return parsed
}
