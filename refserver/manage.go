package refserver

import (
	"context"
	"net/http"
	"sync"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/job"
	"github.com/parley-contracts/parley/refserver/internal/manage"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/server"
)

// ManageConfig sets up the management.
type ManageConfig struct {
	// Token opens the management, as a Bearer token for programs, and as the
	// password for browsers that look at jobs. At least 16 characters; only
	// its hash is kept.
	Token string
}

const (
	// jobsPath is where the pages about jobs are.
	jobsPath = "/jobs"
	// manageBodyBytes is the largest request to the management: uploads of
	// text are in them.
	manageBodyBytes = 8 << 20
)

// Management returns the handler of the management: the operations of
// api/management.yaml, and web pages about the jobs at /jobs. Whoever has the
// token can do everything, so serve it on a listener of its own. Stop serving
// before Close.
func (s *Server) Management(config ManageConfig) (http.Handler, error) {
	token, err := manage.NewToken(config.Token)
	if err != nil {
		return nil, err
	}
	operations, err := s.manageHandler(token)
	if err != nil {
		return nil, err
	}
	pages, err := s.jobPages()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", operations)
	mux.Handle(jobsPath, token.Pages(pages))
	mux.Handle(jobsPath+"/", token.Pages(pages))
	return mux, nil
}

func (s *Server) manageHandler(token manage.Token) (http.Handler, error) {
	c, err := loadContract(management, manageBodyBytes)
	if err != nil {
		return nil, err
	}
	validate, err := server.Validate(server.Config{
		Contracts: contract.Set{c}, MaxBodyBytes: manageBodyBytes, Authenticate: token.Authenticate,
	})
	if err != nil {
		return nil, err
	}
	handlers := &manage.API{
		Store: s.store, Replayer: s.queue, URLs: s.outbound, Clock: s.config.Clock, Random: s.config.Random,
		Journal: s.supervision.journal,
	}
	if s.clockIsVirtual() {
		handlers.Advance = s.Advance
	}
	engine := server.NewEngine(server.EngineConfig{Logger: s.config.Logger, LogExchanges: true})
	engine.Use(validate)
	return engine, server.MountManagement(engine, handlers, server.MountConfig{Logger: s.config.Logger})
}

// jobPages starts the queue's own pages, which run until Close.
func (s *Server) jobPages() (job.Dashboard, error) {
	pages, err := s.queue.Dashboard(jobsPath)
	if err != nil {
		return nil, err
	}
	return pages, pages.Start(s.supervision.background)
}

// supervision is what serves those who look after a Server.
type supervision struct {
	journal *manage.Journal
	// recorded is Server.serve with the journal around it.
	recorded http.Handler
	// background ends with Close.
	background context.Context //nolint:containedctx // ends with the server, not with a request
	stop       context.CancelFunc
	// advancing is held while time passes.
	advancing sync.Mutex
}

// openSupervision needs the store only.
func (s *Server) openSupervision() {
	v := &s.supervision
	v.journal = manage.NewJournal(s.store, s.config.Clock, s.config.Logger, s.config.JournalLimit)
	v.recorded = v.journal.Record(http.HandlerFunc(s.serve))
	v.background, v.stop = context.WithCancel(context.Background())
}

func (s *Server) closeSupervision() {
	if s.supervision.journal == nil {
		return
	}
	s.supervision.stop()
	s.supervision.journal.Close()
}

// openStore opens the database that the configuration names.
func (c Config) openStore(ctx context.Context) (*store.Store, error) {
	if c.Database == "" && c.image != nil {
		return store.OpenImage(ctx, c.image)
	}
	return store.Open(ctx, c.Database)
}

// notedAccounts finds accounts and notes them for the journal.
type notedAccounts struct{ *store.Store }

// AccountByKey finds an account of MAAX.
func (a notedAccounts) AccountByKey(ctx context.Context, key string) (domain.Account, error) {
	account, err := a.Store.AccountByKey(ctx, key)
	if err == nil {
		manage.NoteAccount(ctx, account.ID)
	}
	return account, err
}

// AccountByToken finds an account of MAIA.
func (a notedAccounts) AccountByToken(ctx context.Context, token string) (domain.Account, bool, error) {
	account, revoked, err := a.Store.AccountByToken(ctx, token)
	if err == nil {
		manage.NoteAccount(ctx, account.ID)
	}
	return account, revoked, err
}
