package main

import (
	"context"

	"github.com/spf13/cobra"

	"autoloaderlab/engine"
	"autoloaderlab/ui/text"
)

// The actions of «lab postgres».
const (
	startServer = "iniciar"
	stopServer  = "parar"
	showServer  = "estado"
	seedServer  = "sembrar"
	insertLate  = "insertar-tardia"
)

var serverActions = []string{startServer, stopServer, showServer, seedServer, insertLate}

// postgresCommand cares for the lab's own PostgreSQL, or fills one that a DSN names.
func (p *program) postgresCommand() *cobra.Command {
	c := p.command("postgres", nil)
	w := widgetFlags(c)
	day := date(c, "fecha")
	c.Args = func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return text.TooFewArguments(cmd.CommandPath(), "la acción")
		case len(args) > 1:
			return text.TooManyArguments(cmd.CommandPath(), args[1])
		}
		return oneOf(args[0], serverActions, cmd)
	}
	dsn := p.sourceFlag(c)
	before(c, func(cmd *cobra.Command) error {
		action := cmd.Flags().Arg(0)
		if own := action == startServer || action == stopServer; own && cmd.Flags().Changed("dsn") {
			return text.DSNNotHere(action)
		}
		return nil
	})
	c.RunE = func(cmd *cobra.Command, args []string) error {
		lab, pipeline, err := p.pipeline(cmd.Context(), w)
		if err != nil {
			return err
		}
		switch args[0] {
		case startServer:
			return p.startServer(cmd.Context(), lab)
		case stopServer:
			return p.stopServer(cmd.Context(), lab)
		case seedServer:
			return p.seed(cmd.Context(), lab, *dsn)
		case insertLate:
			return p.insertLate(cmd.Context(), pipeline.From(*dsn), *day)
		default:
			return p.showServer(cmd.Context(), lab, *dsn)
		}
	}
	return c
}

// oneOf refuses a word that is none of a command's.
func oneOf(word string, words []string, cmd *cobra.Command) error {
	for _, known := range words {
		if word == known {
			return nil
		}
	}
	return text.UnknownAction(cmd.CommandPath(), word, words)
}

func (p *program) startServer(ctx context.Context, lab *engine.Lab) error {
	done, err := lab.StartPostgres(ctx)
	return p.answerUnless(err, done, text.ServerStarted+"\n"+serverText(done.PostgresStatus).String())
}

func (p *program) stopServer(ctx context.Context, lab *engine.Lab) error {
	done, err := lab.StopPostgres(ctx)
	return p.answerUnless(err, done, text.Acted(text.ServerStopped, text.ServerWasOff, done.Paths))
}

func (p *program) showServer(ctx context.Context, lab *engine.Lab, dsn engine.DSN) error {
	status, err := lab.PostgresStatus(ctx, dsn)
	return p.answerUnless(err, status, serverText(status).String())
}

func (p *program) seed(ctx context.Context, lab *engine.Lab, dsn engine.DSN) error {
	done, err := lab.Seed(ctx, dsn)
	return p.answerUnless(err, done, text.Seeded(done.Rows, done.Origin))
}

func (p *program) insertLate(ctx context.Context, pipeline *engine.Pipeline, day string) error {
	late, err := pipeline.InsertLate(ctx, day)
	changed := engine.Changed{}
	if late.Changed != nil {
		changed = *late.Changed
	}
	return p.answerUnless(err, late, text.Late(late.Day, late.Row.ID.String(), late.Row.PurchaseDate, changed.ID.String(), changed.Before.String(), changed.After.String(), late.Origin))
}

// answerUnless answers, unless there is an error to tell.
func (p *program) answerUnless(err error, value any, words string) error {
	if err == nil {
		p.answer(value, words)
	}
	return err
}

func serverText(s engine.PostgresStatus) text.Server {
	plain := func(value *string) string {
		if value == nil {
			return ""
		}
		return *value
	}
	return text.Server{
		DSN: plain(s.DSN), Version: plain(s.Version), Folder: plain(s.Folder), User: plain(s.User), Log: plain(s.Log),
		Own: s.Origin == engine.FromCluster, Running: s.Running, Kept: s.Kept, Rows: s.Rows, Installed: plain(s.Installed),
	}
}
