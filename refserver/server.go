package refserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/refserver/internal/conversation"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/job"
	"github.com/parley-contracts/parley/refserver/internal/maaxapi"
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
	queue    *job.Queue
	outbound *outbound.Client
	handler  http.Handler
	devKey   string
	closing  sync.Once
}

// New opens the database, brings its schema up to date, takes over the jobs of
// a process that was killed, and seeds. It fails when the configuration does
// not make sense, when another process uses the database, and when the
// database is of a newer release. Close the Server.
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
	if config.Generator == nil {
		if s.config.Generator, err = newRetrieval(config.Knowledge, config.AnswerThreshold); err != nil {
			return nil, err
		}
	}
	if s.store, err = store.OpenSQLite(ctx, config.Database); err != nil {
		return nil, err
	}
	if err = s.openJobs(ctx); err != nil {
		return nil, err
	}
	if err = s.seed(ctx); err != nil {
		return nil, err
	}
	if s.handler, err = s.newHandler(); err != nil {
		return nil, err
	}
	return s, nil
}

// openJobs makes the client for deliveries and the job queue.
func (s *Server) openJobs(ctx context.Context) (err error) {
	s.outbound, err = outbound.New(outbound.Config{
		AllowPrivate:   s.config.UnsafeAllowPrivate,
		Timeout:        s.config.DeliveryTimeout,
		UserAgent:      "parley-refserver",
		PerDestination: &outbound.PerDestination{},
		Now:            s.config.Clock.Now,
	})
	if err != nil {
		return err
	}
	s.queue, err = job.New(ctx, job.Config{
		Store: s.store, Generator: s.config.Generator, Sender: s.outbound, Payloads: maaxapi.Payloads{},
		Clock: s.config.Clock, Random: s.config.Random, Logger: s.config.Logger,
		Schedule: domain.Schedule(s.config.Retries), Jitter: s.config.RetryJitter,
		AnswerTimeout: s.config.AnswerTimeout, FollowUpDelay: s.config.FollowUpDelay,
		Workers: s.config.Workers,
	})
	return err
}

// newHandler puts the operations behind the check of the contracts.
func (s *Server) newHandler() (http.Handler, error) {
	var contracts contract.Set
	for _, name := range []string{"openapi-v1.yaml", "openapi-v2.yaml"} {
		c, err := contract.Load(api.FS, name, contract.Config{MaxBodyBytes: s.config.MaxBodyBytes})
		if err != nil {
			return nil, err
		}
		contracts = append(contracts, c)
	}
	validate, err := server.Validate(server.Config{
		Contracts: contracts, Shape: server.MAAXErrors,
		MaxBodyBytes: s.config.MaxBodyBytes, Authenticate: maaxapi.Authenticate(s.store),
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
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}
