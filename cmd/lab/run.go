package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"autoloaderlab/engine/failure"
	"autoloaderlab/engine/progress"
	"autoloaderlab/ui/text"
)

// program is one run of the command and what it was started with.
type program struct {
	in       io.Reader
	out, err *output
	getenv   func(string) string
	dir      string // --dir
	json     bool   // --json, or a result asked for as JSON
	told     bool   // the failure is on standard output already
}

// run is the whole program: args without its name, and the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string, signals <-chan os.Signal) int {
	p := &program{in: stdin, out: &output{to: stdout}, err: &output{to: stderr}, getenv: getenv, json: asksForJSON(args)}
	ctx, stop := p.heed(signals)
	defer stop()
	err := p.guard(func() error {
		root := p.tree()
		root.SetArgs(append([]string{}, args...))
		return root.ExecuteContext(ctx)
	})
	return p.end(err)
}

// heed gives a context that the first signal cancels; the second ends the
// program on the spot.
func (p *program) heed(signals <-chan os.Signal) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-signals:
			fmt.Fprint(p.err, "\n"+text.Interrupted+"\n")
			cancel()
		case <-over:
			return
		}
		select {
		case <-signals:
			os.Exit(exitFailed)
		case <-over:
		}
	}()
	return ctx, func() {
		close(over)
		<-done
		cancel()
	}
}

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitWrong  = 2
)

// end tells a failure and gives the exit code.
func (p *program) end(err error) int {
	if err == nil && p.out.failed() {
		err, p.told = text.OutputFailed(), true
	}
	if err == nil {
		return exitDone
	}
	m := text.Explain(err)
	if p.json && !p.told {
		p.print(struct {
			Error *progress.Failure `json:"error"`
		}{m.Failure()})
	}
	fmt.Fprint(p.err, m.Page())
	if m.Class == failure.WrongUse {
		return exitWrong
	}
	return exitFailed
}

// print writes a value as one line of JSON in one write.
func (p *program) print(value any) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // a value of ours that is no JSON
	}
	_, _ = p.out.Write(line.Bytes())
}

// answer writes a result: the value for programs, the words for people.
func (p *program) answer(value any, words string) {
	if p.json {
		p.print(value)
		return
	}
	fmt.Fprintln(p.out, words)
}

// asksForJSON looks for --json among the words, so that a command that cannot
// even be taken apart fails in JSON.
func asksForJSON(args []string) bool {
	for i, arg := range args {
		switch {
		case arg == "--":
			return false
		case arg == "--json", arg == "--formato=json":
			return true
		case arg == "--formato" && i+1 < len(args) && args[i+1] == "json":
			return true
		case strings.HasPrefix(arg, "--json="):
			on, err := strconv.ParseBool(strings.TrimPrefix(arg, "--json="))
			return on || err != nil
		}
	}
	return false
}

// tree is the command tree.
func (p *program) tree() *cobra.Command {
	cobra.MousetrapHelpText = "" // Windows: started from the explorer, it runs
	var looks *appearance
	root := p.command("", func(cmd *cobra.Command, _ []string) error {
		if version, _ := cmd.Flags().GetBool("version"); version {
			p.answer(versionJSON(), versionLine())
			return nil
		}
		if p.wantsPlain(cmd) {
			return p.plain(cmd.Context())
		}
		return p.interactive(cmd.Context(), *looks, cmd.CommandPath())
	})
	looks = appearanceFlags(root)
	root.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		cmd.SuggestionsMinimumDistance = 2
		return text.UnknownCommand(args[0], cmd.SuggestionsFor(args[0]))
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetFlagErrorFunc(wrongFlag)
	root.SetHelpFunc(p.help)
	root.SetUsageFunc(func(cmd *cobra.Command) error { p.help(cmd, nil); return nil })
	root.SetHelpCommand(p.helpCommand(root))
	global := root.PersistentFlags()
	global.StringVar(&p.dir, "dir", "", "")
	global.Bool("json", false, "")
	global.BoolP("help", "h", false, "")
	root.Flags().Bool("version", false, "")
	root.Flags().Bool("plano", false, "")
	root.SetGlobalNormalizationFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "plain" {
			name = "plano"
		}
		return pflag.NormalizedName(name)
	})
	root.AddCommand(
		p.loadCommand(), p.countCommand(), p.sqlCommand(), p.statusCommand(), p.historyCommand(),
		p.nextDayCommand(), p.extractCommand(), p.bringCommand(), p.postgresCommand(),
		p.dropTableCommand(), p.deleteCheckpointCommand(), p.undoCommand(), p.resetCommand(),
		p.lessonsCommand(), p.progressCommand(), p.lintCommand(), p.reportCommand(), p.notesCommand(),
		p.whereCommand(), p.doctorCommand(),
	)
	return root
}

// command makes a command that takes no words of its own, with its texts.
func (p *program) command(name string, do func(*cobra.Command, []string) error) *cobra.Command {
	c := &cobra.Command{Use: name, RunE: do, Args: noArguments, DisableFlagsInUseLine: true}
	if name == "" {
		c.Use = "lab"
	}
	return c
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return text.TooManyArguments(cmd.CommandPath(), args[0])
	}
	return nil
}

func (p *program) help(cmd *cobra.Command, _ []string) {
	name, order := "", []string(nil)
	if cmd.HasParent() {
		name = cmd.Name()
	} else {
		order = text.Order
	}
	cmd.InheritedFlags() // brings the global ones into Flags
	var flags []text.HelpFlag
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			flags = append(flags, text.HelpFlag{Name: f.Name, Short: f.Shorthand})
		}
	})
	fmt.Fprint(p.out, text.Help(text.Commands[name], order, flags))
}

func (p *program) helpCommand(root *cobra.Command) *cobra.Command {
	c := p.command("ayuda", func(cmd *cobra.Command, args []string) error {
		found := root
		if len(args) > 0 {
			var rest []string
			var err error
			if found, rest, err = root.Find(args); err != nil || found == root || len(rest) > 0 {
				return text.UnknownCommand(strings.Join(args, " "), root.SuggestionsFor(args[0]))
			}
		}
		p.help(found, nil)
		return nil
	})
	c.Aliases = []string{"help"}
	c.Args = cobra.ArbitraryArgs
	return c
}

// wrongFlag puts what pflag refuses into our own words.
func wrongFlag(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
		ready   text.Message
	)
	path := cmd.CommandPath()
	switch {
	case errors.As(err, &ready):
		return ready
	case errors.As(err, &unknown):
		return text.UnknownFlag(dashed(unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames()), path)
	case errors.As(err, &missing):
		return text.FlagNeedsValue("--"+missing.GetFlag().Name, path)
	case errors.As(err, &invalid):
		return text.BadFlagValue("--"+invalid.GetFlag().Name, invalid.GetValue(), "", path)
	case errors.As(err, &syntax):
		return text.BadFlag(syntax.GetSpecifiedFlag(), path)
	case errors.Is(err, pflag.ErrHelp):
		return err
	default:
		return text.BadFlag(path, path)
	}
}

func dashed(name, shorts string) string {
	if shorts != "" {
		return "-" + name
	}
	return "--" + name
}
