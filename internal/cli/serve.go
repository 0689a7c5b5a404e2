package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/parley-contracts/parley/proxy"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/server"
)

// serveCommand runs the reference server.
type serveCommand struct {
	Listen        string        `default:"127.0.0.1:8085" help:"Address to listen on (default ${default})." placeholder:"ADDRESS"`
	Admin         string        `default:"" help:"Address of health, readiness and reference pages; empty for none." placeholder:"ADDRESS"`
	DB            string        `name:"db" default:"" env:"PARLEY_DB" help:"SQLite file, made when there is none, or the postgres:// URL of a database that several nodes may share. Default: a temporary file that ends with the command." placeholder:"FILE|URL"`
	Blobs         string        `default:"" help:"Folder for uploaded files, made when there is none, or s3://BUCKET[/PREFIX], whose keys are taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Default: a temporary folder that ends with the command." placeholder:"FOLDER|URL"`
	BlobsURL      string        `name:"blobs-url" default:"" help:"Address under which clients reach /blobs of this server, for presigned URLs of a folder. Default: the address that they called." placeholder:"URL"`
	S3Endpoint    string        `name:"s3-endpoint" default:"https://s3.amazonaws.com" env:"AWS_ENDPOINT_URL" help:"Address of the S3-compatible store (default ${default})." placeholder:"URL"`
	S3Region      string        `name:"s3-region" default:"us-east-1" env:"AWS_REGION" help:"Region of the S3-compatible store (default ${default})." placeholder:"NAME"`
	Answers       []string      `sep:"none" help:"File of the knowledge base: text, Markdown, HTML or PDF, whose headings start entries; may be repeated. Default: that of a made-up training company." placeholder:"FILE"`
	Threshold     float64       `name:"answer-threshold" default:"0" help:"Confidence, over 0 up to 1, from which a passage counts as the answer; 'parley answers report' shows what it does. 0 for the default." placeholder:"SCORE"`
	Chat          chatFlags     `embed:"" prefix:"chat-"`
	AnswerDelay   time.Duration `default:"2s" help:"How long every answer is held back (default ${default})." placeholder:"DURATION"`
	TimeZone      string        `default:"UTC" help:"Where times are meant that prospects ask to be written to, such as 'tomorrow at 5' (default ${default})." placeholder:"NAME"`
	FollowUpAfter time.Duration `default:"0" help:"Silence after which a prospect is followed up; 0 for never (default ${default})." placeholder:"DURATION"`
	EmergencyURL  string        `default:"" help:"URL told when a question has no confident answer." placeholder:"URL"`
	PortFile      string        `default:"" help:"File to write the port to once requests are served." placeholder:"FILE"`
	KeyFile       string        `default:"" help:"File with the development account's API key: read when it exists, so that nodes and restarts can share one, else written, readable by its owner only." placeholder:"FILE"`
	TokenFile     string        `default:"" help:"File with the development account's API token of MAIA, handled like --key-file." placeholder:"FILE"`
	MAIA          string        `name:"maia" default:"" help:"YAML file with what the development account has set up in MAIA: agents, boards, channels, webhooks. Default: a made-up shop, at the first start." placeholder:"FILE"`
	Verbose       bool          `short:"v" help:"Log each exchange, attempt and job to stderr."`

	manageFlags `embed:""`

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
		Blobs: refserver.BlobConfig{
			Location: c.Blobs, BaseURL: c.BlobsURL, Endpoint: c.S3Endpoint, Region: c.S3Region,
			AccessKey: os.Getenv("AWS_ACCESS_KEY_ID"), SecretKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		},
	}
	if c.Verbose {
		config.Logger = slog.New(slog.NewTextHandler(to.err, nil))
	}
	if err := c.answering(&config); err != nil {
		return nil, err
	}
	if local || c.KeyFile != "" {
		key, err := readSecret(c.KeyFile, "key", "--key-file")
		if err != nil {
			return nil, err
		}
		config.Seed = &refserver.Seed{Key: key, EmergencyURL: c.EmergencyURL}
		if err := c.seedMAIA(config.Seed); err != nil {
			return nil, err
		}
	}
	if err := c.configure(&config); err != nil {
		return nil, err
	}
	srv, err := refserver.New(config)
	if err != nil {
		return nil, failed(err, "")
	}
	return srv, nil
}

// minKeyBytes keeps a file with something else from opening an account.
const minKeyBytes = 16

// readSecret reads the development key or token; empty when there is no file
// yet.
func readSecret(file, what, flag string) (string, error) {
	if file == "" {
		return "", nil
	}
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", failed(fmt.Errorf("read %s: %w", what, err), "name a file that can be read and written with "+flag)
	}
	secret := strings.TrimSpace(string(raw))
	if len(secret) < minKeyBytes || strings.ContainsFunc(secret, unicode.IsSpace) {
		return "", failed(fmt.Errorf("read %s: %s does not hold a %s of at least %d characters", what, file, what, minKeyBytes),
			"remove the file to have a new "+what+" made")
	}
	return secret, nil
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
	if err := c.start(group, to, srv); err != nil {
		return err
	}
	to.say("reference server on http://%s: MAAX V1 and V2, MAIA; for development only", l.Addr())
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
	// Being told to end while still starting is no failure.
	if err := c.tellMAIA(ctx, to, srv); err != nil && ctx.Err() == nil {
		return err
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
