package refserver

import (
	"bytes"
	"cmp"
	"context"
	_ "embed" // the built-in setup
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	yaml "github.com/oasdiff/yaml3"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/maiaapi"
	"github.com/parley-contracts/parley/refserver/internal/manage"
	"github.com/parley-contracts/parley/refserver/internal/outbound"
	"github.com/parley-contracts/parley/refserver/internal/session"
	"github.com/parley-contracts/parley/server"
)

// MAIAConfig sets up what is of MAIA alone. The zero value is what its
// documentation says.
type MAIAConfig struct {
	// RequestsPerMinute and RequestsPerHour are what an account may do.
	// Default 120 and 3000; negative for no limit. They are counted in memory,
	// by each node for itself.
	RequestsPerMinute int
	RequestsPerHour   int
	// Retries holds the waits before the attempts of a webhook; see
	// Config.Retries. They do not vary. Default 0, 1 s, 2 s, 4 s.
	Retries []time.Duration
	// WebhookTimeout bounds one attempt. Default 10 s.
	WebhookTimeout time.Duration
	// UploadTTL is how long an upload URL is valid, from a second to seven
	// days. Default 15 min.
	UploadTTL time.Duration
	// DownloadTTL is how long a download URL is valid, those in webhooks too.
	// Default 1 h.
	DownloadTTL time.Duration
}

// MAIASetup is what an account of MAIA has set up in the vendor's dashboard:
// agents, boards, channels, connections, templates and webhooks.
type MAIASetup = domain.Setup

//go:embed seed/maia.yaml
var builtInSetup []byte

// ParseMAIASetup reads a setup in YAML; BuiltInMAIASetup is an example of one. A
// member that no setup has is an error.
func ParseMAIASetup(document []byte) (MAIASetup, error) {
	var setup MAIASetup
	decoder := yaml.NewDecoder(bytes.NewReader(document))
	decoder.KnownFields(true)
	if err := decoder.Decode(&setup); err != nil {
		return MAIASetup{}, fmt.Errorf("read MAIA setup: %w", err)
	}
	return setup, nil
}

// BuiltInMAIASetup is the setup of the development account: a shop with two
// agents, two boards and a channel "shop-support". It has no webhooks, so its
// answers go nowhere until one is set.
func BuiltInMAIASetup() MAIASetup {
	setup, err := ParseMAIASetup(builtInSetup)
	if err != nil { // Cannot be: New reads it too, so no test would pass.
		return MAIASetup{}
	}
	return setup
}

// withDefaults returns the configuration with every zero field set.
func (c MAIAConfig) withDefaults() MAIAConfig {
	c.RequestsPerMinute = max(cmp.Or(c.RequestsPerMinute, 120), 0)
	c.RequestsPerHour = max(cmp.Or(c.RequestsPerHour, 3000), 0)
	if c.Retries == nil {
		c.Retries = domain.WebhookSchedule()
	}
	c.WebhookTimeout = cmp.Or(c.WebhookTimeout, 10*time.Second)
	c.UploadTTL = cmp.Or(c.UploadTTL, 15*time.Minute)
	c.DownloadTTL = cmp.Or(c.DownloadTTL, time.Hour)
	return c
}

// check reports what is wrong with a configuration that has its defaults.
func (c MAIAConfig) check() error {
	if len(c.Retries) == 0 {
		return errors.New("MAIA retries: empty; leave it nil for the default, one wait of 0 for a single attempt")
	}
	for i, wait := range c.Retries {
		if wait < 0 {
			return fmt.Errorf("MAIA retries: wait %d is negative", i+1)
		}
	}
	if c.WebhookTimeout < 0 {
		return fmt.Errorf("webhook timeout %v: negative", c.WebhookTimeout)
	}
	const week = 7 * 24 * time.Hour
	for name, ttl := range map[string]time.Duration{"upload": c.UploadTTL, "download": c.DownloadTTL} {
		if ttl < time.Second || ttl > week {
			return fmt.Errorf("validity of %s URLs %v: not from 1s to %v", name, ttl, week)
		}
	}
	return nil
}

// maia is the part of a Server that plays MAIA.
type maia struct {
	service  *session.Service
	webhooks *outbound.Client
	handler  http.Handler
	// segments are those that the paths of its operations begin with.
	segments map[string]bool
	token    string
}

// openMAIA makes what the jobs of MAIA need; the service lacks its queue.
func (s *Server) openMAIA() (err error) {
	config := s.config.MAIA
	s.maia.service = &session.Service{
		Store: s.store, Files: s.blobs, Payloads: maiaapi.Payloads{}, Clock: s.config.Clock, Random: s.config.Random,
		AnswerDelay: s.config.AnswerDelay, UploadTTL: config.UploadTTL, DownloadTTL: config.DownloadTTL,
	}
	s.maia.webhooks, err = outbound.New(outbound.Config{
		AllowPrivate:   s.config.UnsafeAllowPrivate,
		Timeout:        config.WebhookTimeout,
		UserAgent:      "parley-refserver",
		PerDestination: s.perDestination(),
		Now:            s.config.Clock.Now,
	})
	return err
}

// mountMAIA puts the operations of MAIA behind the check of their contract, in
// an engine of their own: callers and errors are not those of MAAX.
func (s *Server) mountMAIA() error {
	c, err := loadContract("openapi-maia.yaml", s.config.MaxBodyBytes)
	if err != nil {
		return err
	}
	limiter := maiaapi.NewLimiter(s.config.MAIA.RequestsPerMinute, s.config.MAIA.RequestsPerHour, s.config.Clock)
	validate, err := server.Validate(server.Config{
		Contracts: contract.Set{c}, Shape: server.MAIAErrors,
		MaxBodyBytes: s.config.MaxBodyBytes, Authenticate: maiaapi.Authenticate(notedAccounts{s.store}, limiter), OnResult: manage.OnResult,
	})
	if err != nil {
		return err
	}
	engine := server.NewEngine(server.EngineConfig{Shape: server.MAIAErrors, Logger: s.config.Logger, LogExchanges: true})
	engine.Use(validate)
	s.maia.handler = engine
	s.maia.segments = map[string]bool{}
	for _, op := range c.Operations() {
		s.maia.segments[firstSegment(op.Path)] = true
	}
	return server.MountMAIA(engine, &maiaapi.API{Service: s.maia.service}, server.MountConfig{
		Shape: server.MAIAErrors, Logger: s.config.Logger,
	})
}

// serves reports whether the request is for an operation of MAIA, or might be
// but for a slip in its path.
func (m *maia) serves(r *http.Request) bool { return m.segments[firstSegment(r.URL.Path)] }

func firstSegment(path string) string {
	segment, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return segment
}

// ServeHTTP answers one request.
func (m *maia) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.handler.ServeHTTP(w, maiaapi.WithCaller(w, r))
}

// checkWebhookURL refuses what webhooks may not be sent to: they want HTTPS,
// but for development on one machine.
func (s *Server) checkWebhookURL(raw string) error {
	if err := s.maia.webhooks.CheckURL(raw); err != nil {
		return err
	}
	if u, err := url.Parse(raw); err == nil && u.Scheme != "https" && !s.config.UnsafeAllowPrivate {
		return errors.New("url is not https, which webhooks need")
	}
	return nil
}

// accountByToken is the account of a token that is in force.
func (s *Server) accountByToken(ctx context.Context, token string) (domain.Account, error) {
	account, revoked, err := s.store.AccountByToken(ctx, token)
	if err == nil && revoked {
		err = domain.ErrRevokedToken
	}
	if err != nil {
		return domain.Account{}, fmt.Errorf("account of the token: %w", err)
	}
	return account, nil
}
