package refserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/refserver/internal/answer"
	"github.com/parley-contracts/parley/refserver/internal/chat"
	"github.com/parley-contracts/parley/refserver/internal/conversation"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/job"
	"github.com/parley-contracts/parley/refserver/internal/maaxapi"
	"github.com/parley-contracts/parley/refserver/internal/manage"
	"github.com/parley-contracts/parley/refserver/internal/outbound"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// openTimeout bounds New: migrating and taking over jobs.
const openTimeout = 5 * time.Minute

// Server is a reference server. It is an http.Handler; answers and callbacks
// are made between Start and Close. Its methods may be called concurrently.
type Server struct {
	config   Config
	store    *store.Store
	blobs    *blobs
	queue    *job.Queue
	outbound *outbound.Client
	chat     *chat.Client // nil without a language model
	handler  http.Handler
	maia     maia
	devKey   string
	closing  sync.Once
	// supervision is for those who look after the server.
	supervision supervision
}

// New opens the database, brings its schema up to date, takes over the jobs of
// a process that was killed, and seeds. It fails when the configuration does
// not make sense, when another process uses the SQLite file, when PostgreSQL
// cannot be reached, and when the database is of a newer release. Close the
// Server.
//
// Requests may be served before Start; what they cause waits for it.
func New(config Config) (_ *Server, err error) {
	config = config.withDefaults()
	if err := config.check(); err != nil {
		return nil, fmt.Errorf("refserver: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), openTimeout)
	defer cancel()
	s := &Server{config: config}
	defer func() {
		if err != nil {
			err = fmt.Errorf("refserver: %w", errors.Join(err, s.Close()))
		}
	}()
	var base *retrieval
	if config.Generator == nil {
		if base, err = newRetrieval(ctx, config); err != nil {
			return nil, err
		}
	}
	if s.store, err = config.openStore(ctx); err != nil {
		return nil, err
	}
	if config.Generator == nil {
		if err = s.openGenerator(base); err != nil {
			return nil, err
		}
	}
	s.openSupervision()
	if s.blobs, err = openBlobs(ctx, config.Blobs, config.Clock); err != nil {
		return nil, err
	}
	if err = s.openMAIA(); err != nil {
		return nil, err
	}
	if err = s.openJobs(ctx); err != nil {
		return nil, err
	}
	// Nodes that start together must not make two development accounts.
	if err = s.store.Alone(ctx, func() error { return s.populate(ctx) }); err != nil {
		return nil, err
	}
	if s.handler, err = s.newHandler(); err != nil {
		return nil, err
	}
	if err = s.mountMAIA(); err != nil {
		return nil, err
	}
	return s, nil
}

// openGenerator answers from the account's knowledge, or else from base: by
// retrieval, or by a language model when there is one.
func (s *Server) openGenerator(base *retrieval) error {
	accounts := newAccountKnowledge(s.store.Reader, s.config.AnswerThreshold, base)
	s.config.Generator = accounts
	if s.config.Chat.BaseURL == "" {
		return nil
	}
	model, err := newChatGenerator(s.config, func(ctx context.Context, question Question) (*answer.Retriever, error) {
		own, err := accounts.retriever(ctx, question)
		if err != nil {
			return nil, fmt.Errorf("read knowledge of account %d: %w", question.AccountID, err)
		}
		return cmp.Or(own, base.retriever), nil
	})
	if err != nil {
		return err
	}
	s.config.Generator, s.chat = model, model.client
	return nil
}

// openJobs makes the client for deliveries and the job queue.
func (s *Server) openJobs(ctx context.Context) (err error) {
	s.outbound, err = outbound.New(outbound.Config{
		AllowPrivate:   s.config.UnsafeAllowPrivate,
		Timeout:        s.config.DeliveryTimeout,
		UserAgent:      "parley-refserver",
		PerDestination: s.perDestination(),
		Now:            s.config.Clock.Now,
	})
	if err != nil {
		return err
	}
	s.queue, err = job.New(ctx, job.Config{
		Store: s.store, Generator: s.config.Generator, Sender: s.outbound, Payloads: maaxapi.Payloads{},
		Clock: s.config.Clock, Random: s.config.Random, Logger: s.config.Logger,
		Schedule: domain.Schedule(s.config.Retries), Jitter: s.config.RetryJitter,
		AnswerTimeout: s.config.AnswerTimeout, FollowUpDelay: s.config.FollowUpDelay, Location: s.config.Location,
		Sessions: s.maia.service, Webhooks: s.maia.webhooks, WebhookSchedule: domain.Schedule(s.config.MAIA.Retries),
		Workers: s.config.Workers, PollInterval: s.config.pollInterval, ClockVirtual: s.clockIsVirtual(),
	})
	s.maia.service.Queue = s.queue
	return err
}

// newHandler puts the operations behind the check of the contracts.
func (s *Server) newHandler() (http.Handler, error) {
	var contracts contract.Set
	for _, name := range []string{"openapi-v1.yaml", "openapi-v2.yaml"} {
		c, err := loadContract(name, s.config.MaxBodyBytes)
		if err != nil {
			return nil, err
		}
		contracts = append(contracts, c)
	}
	validate, err := server.Validate(server.Config{
		Contracts: contracts, Shape: server.MAAXErrors,
		MaxBodyBytes: s.config.MaxBodyBytes, Authenticate: maaxapi.Authenticate(notedAccounts{s.store}), OnResult: manage.OnResult,
	})
	if err != nil {
		return nil, err
	}
	engine := server.NewEngine(server.EngineConfig{Shape: server.MAAXErrors, Logger: s.config.Logger, LogExchanges: true})
	engine.Use(validate)
	return engine, s.mount(engine)
}

func (s *Server) mount(engine *gin.Engine) error {
	service := &conversation.Service{
		Store: s.store, Queue: s.queue, URLs: s.outbound, Clock: s.config.Clock, AnswerDelay: s.config.AnswerDelay,
	}
	config := server.MountConfig{Shape: server.MAAXErrors, Logger: s.config.Logger}
	return errors.Join(
		server.MountMAAXV1(engine, &maaxapi.V1{Service: service}, config),
		server.MountMAAXV2(engine, &maaxapi.V2{Service: service}, config),
	)
}

// Start runs the jobs until Close. The context is only for the values it
// carries; its end stops nothing. Call it once.
func (s *Server) Start(ctx context.Context) error { return s.queue.Start(ctx) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.supervision.recorded.ServeHTTP(w, r)
}

// serve answers one request, as what it asks for does.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if s.blobs.serves(r) {
		s.blobs.handler.ServeHTTP(w, r)
		return
	}
	if s.maia.serves(r) {
		s.maia.ServeHTTP(w, r)
		return
	}
	s.handler.ServeHTTP(w, r.WithContext(maaxapi.WithCaller(r.Context())))
}

// readyTimeout bounds Ready.
const readyTimeout = time.Second

// errNotStarted is why a server that was not started is not ready.
var errNotStarted = errors.New("jobs do not run: the server was not started or is closing")

// Ready reports why requests should not be sent here, nil when they may: the
// database answers within a second, has the expected schema and takes writes,
// and jobs run.
func (s *Server) Ready(ctx context.Context) error {
	if !s.queue.Started() {
		return errNotStarted
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	return s.store.Ready(ctx, s.config.Clock.Now())
}

// Close ends the jobs, waiting for those that run up to the stop timeout, and
// closes the database. What was not finished goes on at the next start. Stop
// serving requests first. A second call does nothing.
func (s *Server) Close() (err error) {
	s.closing.Do(func() { err = s.close() })
	return err
}

func (s *Server) close() error {
	var errs []error
	if s.queue != nil {
		ctx, cancel := context.WithTimeout(context.Background(), s.config.StopTimeout)
		defer cancel()
		errs = append(errs, s.queue.Stop(ctx))
	}
	if s.outbound != nil {
		s.outbound.Close()
	}
	if s.chat != nil {
		s.chat.Close()
	}
	if s.maia.webhooks != nil {
		s.maia.webhooks.Close()
	}
	if s.blobs != nil {
		errs = append(errs, s.blobs.Close())
	}
	s.closeSupervision()
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}
