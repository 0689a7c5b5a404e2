package job

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/intent"
	"github.com/parley-contracts/parley/refserver/internal/outbound"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// Generator answers one question. An error is tried again.
type Generator interface {
	Generate(ctx context.Context, inquiry domain.Inquiry) (domain.Answer, error)
}

// Sender makes one HTTP attempt.
type Sender interface {
	Post(ctx context.Context, r outbound.Request) outbound.Attempt
}

// Payloads writes the bodies of callbacks, in the vendor's format.
type Payloads interface {
	Answer(question, reply domain.Message, conversation domain.Conversation) ([]byte, error)
	FollowUp(question, followUp domain.Message, conversation domain.Conversation) ([]byte, error)
	Emergency(question domain.Message, conversation domain.Conversation, reason domain.EmergencyReason) ([]byte, error)
}

// Config is what a Queue works with. All fields are needed but those whose
// zero value is described.
type Config struct {
	Store     *store.Store
	Generator Generator
	Sender    Sender
	Payloads  Payloads
	// Sessions, Webhooks and WebhookSchedule stand for Payloads, Sender and
	// Schedule in the jobs of MAIA; they are needed when there are such.
	Sessions        Sessions
	Webhooks        Sender
	WebhookSchedule domain.Schedule
	Clock           Clock
	// Random is read concurrently.
	Random io.Reader
	Logger *slog.Logger
	// Schedule holds the waits before the attempts of a delivery.
	Schedule domain.Schedule
	// Jitter is the share, 0 to 1, by which waits vary either way.
	Jitter float64
	// AnswerTimeout bounds one question to the generator.
	AnswerTimeout time.Duration
	// FollowUpDelay is the silence after which a prospect is followed up; 0
	// for no follow-ups.
	FollowUpDelay time.Duration
	// Location is where times are meant that messages ask for, such as
	// "tomorrow at 5"; nil for UTC.
	Location *time.Location
	// Workers is the number of jobs of each queue that run at once.
	Workers int
	// PollInterval is how often jobs that are due are looked for where nothing
	// announces them; at least 1 ms. 0 means 100 ms.
	PollInterval time.Duration
	// ClockVirtual says that Clock does not tell the system's time, so that
	// nothing is judged stuck by its age: River's rescuer compares the times
	// that it stored by Clock with the system's.
	ClockVirtual bool
}

// rescueAfter is the age at which a running job is taken for stuck. The default
// is an hour. A node that is alive ends its jobs within the time-out, so anything
// older belongs to nobody.
func (c Config) rescueAfter() time.Duration {
	if c.ClockVirtual {
		const century = 100 * 365 * 24 * time.Hour
		return century
	}
	return c.AnswerTimeout + 90*time.Second
}

// Queue inserts jobs and runs them between Start and Stop.
type Queue struct {
	Config
	engine  engine
	wishes  *intent.Reader
	started atomic.Bool
}

// New prepares the queue's tables and makes a Queue that does not run yet. On
// SQLite, where no other process can be alive, it takes over the jobs that a dead
// one left running; on PostgreSQL the nodes that run do so, within 10 seconds.
func New(ctx context.Context, config Config) (*Queue, error) {
	config.PollInterval = cmp.Or(config.PollInterval, 100*time.Millisecond)
	q := &Queue{Config: config, wishes: intent.NewReader(config.Location)}
	workers := river.NewWorkers()
	river.AddWorker(workers, &generateWorker{queue: q})
	river.AddWorker(workers, &followUpWorker{queue: q})
	river.AddWorker(workers, &deliverWorker{queue: q})
	river.AddWorker(workers, &answerSessionWorker{queue: q})
	river.AddWorker(workers, &webhookWorker{queue: q})
	engine, err := newEngine(ctx, config.Store, &river.Config{
		FetchCooldown:        min(20*time.Millisecond, config.PollInterval),
		FetchPollInterval:    config.PollInterval,
		JobTimeout:           config.AnswerTimeout + 30*time.Second,
		RescueStuckJobsAfter: config.rescueAfter(),
		Logger:               slog.New(quietHandler{config.Logger.Handler()}),
		Queues: map[string]river.QueueConfig{
			queueAnswer:  {MaxWorkers: config.Workers},
			queueDeliver: {MaxWorkers: config.Workers},
		},
		Workers: workers,
		Test:    river.TestConfig{Time: riverClock{config.Clock}},
	})
	if err != nil {
		return nil, fmt.Errorf("open job queue: %w", err)
	}
	q.engine = engine
	return q, nil
}

// Start runs jobs until Stop. It returns when they have begun.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.engine.start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	q.started.Store(true)
	return nil
}

// Started reports whether jobs run.
func (q *Queue) Started() bool { return q.started.Load() }

// Stop waits for running jobs until ctx is done, then cancels them; what did
// not end runs again after the next start. Without Start it does nothing.
func (q *Queue) Stop(ctx context.Context) error {
	if !q.started.Swap(false) {
		return nil
	}
	return q.engine.stop(ctx)
}

// GenerateAnswer has the question answered at the time given, in tx.
func (q *Queue) GenerateAnswer(ctx context.Context, tx *store.Tx, question domain.Message, at time.Time) error {
	return q.engine.insert(ctx, tx, generateArgs{MessageID: question.ID}, q.Clock.Now(), at)
}

// finish completes a job that has nothing to do.
func (q *Queue) finish(ctx context.Context, row *rivertype.JobRow) error {
	return q.Store.Write(ctx, func(tx *store.Tx) error { return q.engine.complete(ctx, tx, row) })
}

// riverClock is a Clock in River's terms.
type riverClock struct{ Clock }

// NowOrNil gives every time that River stores, where it would otherwise take
// the database's: with a clock of ours the two could differ.
func (c riverClock) NowOrNil() *time.Time {
	now := c.Now()
	return &now
}

// quietHandler keeps River's own lines below a warning out of the log: each
// job already has one.
type quietHandler struct{ slog.Handler }

// Enabled is true from warnings on.
func (h quietHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the limit.
func (h quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quietHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the limit.
func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.Handler.WithGroup(name)}
}
