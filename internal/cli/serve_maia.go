package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/parley-contracts/parley/refserver"
)

// seedMAIA completes the development account for MAIA: its token, when nodes or
// restarts share one, and its setup.
func (c serveCommand) seedMAIA(seed *refserver.Seed) error {
	token, err := readSecret(c.TokenFile, "token", "--token-file")
	if err != nil {
		return err
	}
	seed.Token = token
	if c.MAIA == "" {
		return nil
	}
	document, err := os.ReadFile(c.MAIA)
	if err != nil {
		return failed(fmt.Errorf("read MAIA setup: %w", err), "name a YAML file with --maia, or leave it out")
	}
	setup, err := refserver.ParseMAIASetup(document)
	if err != nil {
		return failed(err, "see refserver/seed/maia.yaml for an example")
	}
	seed.MAIA = &setup
	return nil
}

// tellMAIA tells the token, in its file or on the terminal, and the channels.
func (c serveCommand) tellMAIA(ctx context.Context, to console, srv *refserver.Server) error {
	token := srv.DevelopmentToken()
	if token == "" {
		return nil
	}
	if c.TokenFile != "" {
		if err := os.WriteFile(c.TokenFile, []byte(token+"\n"), 0o600); err != nil {
			return failed(fmt.Errorf("write token: %w", err), "name a file that can be written with --token-file")
		}
	} else if c.KeyFile == "" {
		to.say("for MAIA send the header Authorization: Bearer %s", token)
	}
	dashboard, err := srv.Dashboard(ctx, token)
	if err != nil {
		return failed(err, "")
	}
	setup, err := dashboard.Setup(ctx)
	if err != nil {
		return failed(err, "")
	}
	var channels []string
	for _, channel := range setup.Channels {
		channels = append(channels, fmt.Sprintf("%s (%s)", channel.Identifier, channel.Type))
	}
	to.say("channels of MAIA: %s", strings.Join(channels, ", "))
	return nil
}
