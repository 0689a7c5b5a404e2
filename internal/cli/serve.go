package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/parley-contracts/parley/proxy"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/server"
)

// serveCommand runs the reference server.
type serveCommand struct {
	Listen        string        `default:"127.0.0.1:8085" help:"Address to listen on." placeholder:"ADDRESS"`
	Admin         string        `default:"" help:"Address of health, readiness and reference pages; empty for none." placeholder:"ADDRESS"`
	DB            string        `name:"db" default:"" help:"SQLite file, made when there is none. Default: a temporary one that ends with the command." placeholder:"FILE"`
	Answers       string        `default:"" help:"Knowledge base in Markdown: a heading '## ' and its text for each entry. Default: that of a made-up training company." placeholder:"FILE"`
	AnswerDelay   time.Duration `default:"2s" help:"How long every answer is held back." placeholder:"DURATION"`
	FollowUpAfter time.Duration `default:"0" help:"Silence after which a prospect is followed up; 0 for never." placeholder:"DURATION"`
	EmergencyURL  string        `default:"" help:"URL told when a question has no confident answer." placeholder:"URL"`
	PortFile      string        `default:"" help:"File to write the port to once requests are served." placeholder:"FILE"`
	KeyFile       string        `default:"" help:"File to write the development account's API key to, readable by its owner only." placeholder:"FILE"`
	Verbose       bool          `short:"v" help:"Log each exchange, attempt and job to stderr."`

	UnsafeAllowPrivateCallbacks bool `help:"Let callbacks go to loopback and private addresses, as development on one machine needs."`
}

// Run serves until the context ends.
func (c serveCommand) Run(ctx context.Context, to console) error {
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	srv, err := c.open(to, loopback(l))
	if err != nil {
		return err
	}
	err = c.serve(ctx, to, srv, l)
	if closed := srv.Close(); closed != nil && err == nil {
		err = failed(fmt.Errorf("close: %w", closed), "nothing that was accepted is lost: it goes on at the next start with the same --db")
	}
	return err
}

// open makes the server. The development account is seeded only where its key
// can be told: on a loopback listener, or in a file that was asked for.
func (c serveCommand) open(to console, local bool) (*refserver.Server, error) {
	config := refserver.Config{
		Database: c.DB, AnswerDelay: orNone(c.AnswerDelay), FollowUpDelay: c.FollowUpAfter,
		UnsafeAllowPrivate: c.UnsafeAllowPrivateCallbacks, Logger: slog.New(slog.DiscardHandler),
	}
	if c.Verbose {
		config.Logger = slog.New(slog.NewTextHandler(to.err, nil))
	}
	if c.Answers != "" {
		knowledge, err := os.ReadFile(c.Answers)
		if err != nil {
			return nil, failed(fmt.Errorf("read knowledge base: %w", err), "name a Markdown file with --answers, or leave it out")
		}
		config.Knowledge = knowledge
	}
	if local || c.KeyFile != "" {
		config.Seed = &refserver.Seed{EmergencyURL: c.EmergencyURL}
	}
	srv, err := refserver.New(config)
	if err != nil {
		return nil, failed(err, "")
	}
	return srv, nil
}

// serve starts jobs and listeners and waits.
func (c serveCommand) serve(ctx context.Context, to console, srv *refserver.Server, l net.Listener) error {
	if err := srv.Start(ctx); err != nil {
		return failed(fmt.Errorf("start jobs: %w", err), "")
	}
	group := newServing()
	defer group.stop()
	group.start(l, server.HTTPServer(srv))
	if err := startAdmin(group, to, c.Admin, proxy.AdminConfig{
		Ready: map[string]func(context.Context) error{"reference server": srv.Ready},
	}); err != nil {
		return err
	}
	to.say("reference server on http://%s: MAAX V1 and V2; for development only", l.Addr())
	switch key := srv.DevelopmentKey(); {
	case c.KeyFile != "":
		if err := os.WriteFile(c.KeyFile, []byte(key+"\n"), 0o600); err != nil {
			return failed(fmt.Errorf("write key: %w", err), "name a file that can be written with --key-file")
		}
	case key == "":
		to.say("hint: this address can be reached by others, so no development account was made; name a --key-file to get one")
	default:
		to.say("send the header 2hd-api-key: %s", key)
	}
	if err := writePort(c.PortFile, l); err != nil {
		return err
	}
	return group.wait(ctx)
}

// writePort tells other programs the port, whole or not at all.
func writePort(file string, l net.Listener) error {
	if file == "" {
		return nil
	}
	a, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return failed(fmt.Errorf("port file: %s has no port", l.Addr()), "")
	}
	draft := file + ".tmp"
	if err := os.WriteFile(draft, []byte(strconv.Itoa(a.Port)+"\n"), 0o600); err != nil {
		return failed(fmt.Errorf("write port: %w", err), "name a file that can be written with --port-file")
	}
	if err := os.Rename(draft, file); err != nil {
		return failed(fmt.Errorf("write port: %w", err), "")
	}
	return nil
}

// orNone tells the reference server that a duration of 0 is meant.
func orNone(d time.Duration) time.Duration {
	if d == 0 {
		return refserver.None
	}
	return d
}
