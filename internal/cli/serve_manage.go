package cli

import (
	"crypto/rand"
	"fmt"
	"os"

	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/server"
)

// manageFlags are about those who look after a reference server.
type manageFlags struct {
	Manage          string `default:"" help:"Address of the management: accounts, keys, knowledge, the clock, what was received and delivered, and web pages about jobs at /jobs; empty for none." placeholder:"ADDRESS"`
	ManageTokenFile string `default:"" help:"File with the management token, handled like --key-file. Needed when others can reach the address." placeholder:"FILE"`
	Fixtures        string `default:"" help:"YAML file with accounts, keys, Sales AIs, knowledge and setups of MAIA to have at the start." placeholder:"FILE"`
	Clock           string `default:"system" enum:"system,virtual" help:"system, or virtual for a clock that the management can move ahead (default ${default})." placeholder:"KIND"`
}

// configure puts the flags into a configuration.
func (f manageFlags) configure(config *refserver.Config) error {
	if f.Clock == "virtual" {
		config.Clock = refserver.NewRunningClock()
	}
	if f.Fixtures == "" {
		return nil
	}
	document, err := os.ReadFile(f.Fixtures)
	if err != nil {
		return failed(fmt.Errorf("read fixtures: %w", err), "name a YAML file with --fixtures, or leave it out")
	}
	config.Fixtures = document
	return nil
}

// start serves the management, when it is wanted.
func (f manageFlags) start(group *serving, to console, srv *refserver.Server) error {
	if f.Manage == "" {
		return nil
	}
	l, err := listen(f.Manage)
	if err != nil {
		return err
	}
	token, err := f.token(to, loopback(l))
	if err == nil {
		handler, made := srv.Management(refserver.ManageConfig{Token: token})
		if made == nil {
			group.start(l, server.HTTPServer(handler))
			to.say("management on http://%s, jobs on http://%s/jobs", l.Addr(), l.Addr())
			return nil
		}
		err = failed(made, "")
	}
	_ = l.Close() // the error that there is matters more
	return err
}

// token is the one in the file, or a new one: written to the file, or shown
// when nobody else could use it.
func (f manageFlags) token(to console, local bool) (string, error) {
	token, err := readSecret(f.ManageTokenFile, "token", "--manage-token-file")
	if err != nil || token != "" {
		return token, err
	}
	token = rand.Text()
	switch {
	case f.ManageTokenFile != "":
		if err := os.WriteFile(f.ManageTokenFile, []byte(token+"\n"), 0o600); err != nil {
			return "", failed(fmt.Errorf("write management token: %w", err), "name a file that can be written with --manage-token-file")
		}
	case local:
		to.say("management token: %s", token)
	default:
		return "", misused(fmt.Errorf("management on %s: others can reach it, and no token file is named", f.Manage),
			"name a --manage-token-file, or a loopback address")
	}
	return token, nil
}
