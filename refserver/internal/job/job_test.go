package job_test

import (
	"bytes"
	stdcmp "cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/job"
	"github.com/parley-contracts/parley/refserver/internal/outbound"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sender answers attempts by a script: the n-th attempt gets the n-th result,
// and all after the script are delivered.
type sender struct {
	mu     sync.Mutex
	script []outbound.Attempt
	sent   []outbound.Request
}

func (s *sender) Post(_ context.Context, r outbound.Request) outbound.Attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, r)
	if n := len(s.sent); n <= len(s.script) {
		return s.script[n-1]
	}
	return outbound.Attempt{Outcome: outbound.OutcomeDelivered, Status: 200}
}

// ids are the delivery ids of the attempts.
func (s *sender) ids() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, r := range s.sent {
		ids = append(ids, r.Header.Get("Webhook-Id"))
	}
	return ids
}

type payloads struct{}

func (payloads) Answer(_, reply domain.Message, _ domain.Conversation) ([]byte, error) {
	return []byte(reply.Text), nil
}

func (payloads) FollowUp(_, followUp domain.Message, _ domain.Conversation) ([]byte, error) {
	return []byte(followUp.Text), nil
}

func (payloads) Emergency(domain.Message, domain.Conversation, domain.EmergencyReason) ([]byte, error) {
	return []byte("emergency"), nil
}

type clock struct{}

func (clock) Now() time.Time { return time.Now() }

type generator func(context.Context, domain.Inquiry) (domain.Answer, error)

func (g generator) Generate(ctx context.Context, q domain.Inquiry) (domain.Answer, error) {
	return g(ctx, q)
}

var known = generator(func(context.Context, domain.Inquiry) (domain.Answer, error) {
	return domain.Answer{Text: "That.", Confidence: 1}, nil
})

// bench is a queue over a store with one conversation.
type bench struct {
	*job.Queue
	store        *store.Store
	conversation domain.Conversation
	logs         *buffer
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// onEach runs a test on every database.
func onEach(t *testing.T, test func(*testing.T, storetest.Database)) {
	t.Helper()
	for _, database := range storetest.Databases(t) {
		t.Run(database.Name, func(t *testing.T) {
			t.Parallel()
			test(t, database)
		})
	}
}

func newBench(t *testing.T, database storetest.Database, config job.Config) *bench {
	t.Helper()
	s := storetest.Open(t, database.Fresh(t))
	var err error
	b := &bench{store: s, logs: &buffer{}}
	config.Store, config.Payloads, config.Clock, config.Random = s, payloads{}, clock{}, rand.Reader
	config.Logger = slog.New(slog.NewTextHandler(b.logs, nil))
	config.AnswerTimeout, config.Workers = time.Minute, stdcmp.Or(config.Workers, 8)
	if config.Schedule == nil {
		config.Schedule = domain.Schedule{0, time.Millisecond, time.Millisecond}
	}
	if config.Generator == nil {
		config.Generator = known
	}
	if b.Queue, err = job.New(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := b.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	b.write(t, func(tx *store.Tx) error {
		account, err := tx.InsertAccount(t.Context(), domain.Account{EmergencyURL: "http://emergency.example"}, time.Now())
		if err != nil {
			return err
		}
		prospect, err := tx.InsertProspect(t.Context(), account.ID, domain.ProspectDetails{}, time.Now())
		if err != nil {
			return err
		}
		b.conversation, err = tx.InsertConversation(t.Context(), account.ID, prospect.ID, time.Now())
		return err
	})
	return b
}

func (b *bench) write(t *testing.T, fn func(*store.Tx) error) {
	t.Helper()
	if err := b.store.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// ask stores a question with its job, due after the delay.
func (b *bench) ask(t *testing.T, text string, delay time.Duration) domain.Message {
	t.Helper()
	var question domain.Message
	b.write(t, func(tx *store.Tx) (err error) {
		question, err = tx.InsertMessage(t.Context(), domain.Message{
			AccountID: b.conversation.AccountID, ConversationID: b.conversation.ID, Kind: domain.Question,
			Text: text, Format: domain.Plain,
			SendResponseURL: "http://answer.example/?token=hidden", FollowupURL: "http://follow.example",
		}, time.Now())
		if err != nil {
			return err
		}
		return b.GenerateAnswer(t.Context(), tx, question, time.Now().Add(delay))
	})
	return question
}

func (b *bench) start(t *testing.T) {
	t.Helper()
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// poll waits for background work that has no signal.
func poll(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

// settled waits until the delivery of the message's answer has ended.
func (b *bench) settled(t *testing.T, question domain.Message) (domain.Delivery, []domain.Attempt) {
	t.Helper()
	var d domain.Delivery
	poll(t, "end of the delivery", func() bool {
		reply, err := b.store.ReplyTo(t.Context(), question.ID, domain.Reply)
		if err != nil {
			return false
		}
		deliveries, err := b.store.DeliveriesOfMessage(t.Context(), reply.ID)
		if err != nil || len(deliveries) != 1 {
			t.Fatalf("deliveries of the answer: got %d, %v, want 1", len(deliveries), err)
		}
		d = deliveries[0]
		return d.State != domain.Pending
	})
	attempts, err := b.store.Attempts(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	return d, attempts
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		retry := outbound.Attempt{Outcome: outbound.OutcomeRetry, Status: 500, Reason: "status 500"}
		refused := outbound.Attempt{Outcome: outbound.OutcomeRefused, Status: 410, Reason: "gone"}
		deferred := outbound.Attempt{Outcome: outbound.OutcomeDeferred, Reason: "circuit open", RetryAfter: time.Millisecond}
		for name, tc := range map[string]struct {
			script   []outbound.Attempt
			state    domain.DeliveryState
			outcomes []domain.AttemptOutcome
		}{
			"delivered at once":       {nil, domain.Delivered, []domain.AttemptOutcome{"delivered"}},
			"delivered after a retry": {[]outbound.Attempt{retry}, domain.Delivered, []domain.AttemptOutcome{"retry", "delivered"}},
			"delivered at last":       {[]outbound.Attempt{retry, retry}, domain.Delivered, []domain.AttemptOutcome{"retry", "retry", "delivered"}},
			"exhausted":               {[]outbound.Attempt{retry, retry, retry}, domain.Exhausted, []domain.AttemptOutcome{"retry", "retry", "retry"}},
			"refused":                 {[]outbound.Attempt{refused}, domain.Refused, []domain.AttemptOutcome{"refused"}},
			"refused after a retry":   {[]outbound.Attempt{retry, refused}, domain.Refused, []domain.AttemptOutcome{"retry", "refused"}},
			"deferred does not count": {[]outbound.Attempt{deferred}, domain.Delivered, []domain.AttemptOutcome{"delivered"}},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := &sender{script: tc.script}
				b := newBench(t, database, job.Config{Sender: s})
				question := b.ask(t, "What?", 0)
				b.start(t)
				d, attempts := b.settled(t, question)
				var outcomes []domain.AttemptOutcome
				for i, a := range attempts {
					outcomes = append(outcomes, a.Outcome)
					if a.Number != i+1 {
						t.Errorf("attempt %d: got number %d", i+1, a.Number)
					}
				}
				if diff := cmp.Diff(tc.outcomes, outcomes); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s", diff)
				}
				if d.State != tc.state || d.Attempts != len(tc.outcomes) {
					t.Errorf("delivery: got %s after %d attempts, want %s", d.State, d.Attempts, tc.state)
				}
				for _, id := range s.ids() {
					if id != d.PublicID {
						t.Errorf("attempt under id %q, want %q", id, d.PublicID)
					}
				}
			})
		}
	})
}

func TestChainGoesOnAfterEveryEnd(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		for name, first := range map[string]outbound.Attempt{
			"delivered": {Outcome: outbound.OutcomeDelivered, Status: 200},
			"refused":   {Outcome: outbound.OutcomeRefused, Status: 410},
			"exhausted": {Outcome: outbound.OutcomeRetry, Status: 500},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := &sender{script: []outbound.Attempt{first}}
				b := newBench(t, database, job.Config{Sender: s, Schedule: domain.Schedule{0}})
				one, two := b.ask(t, "one", 0), b.ask(t, "two", 0)
				b.start(t)
				d1, _ := b.settled(t, one)
				d2, _ := b.settled(t, two)
				want := []string{d1.PublicID, d2.PublicID}
				if d2.ID < d1.ID { // answers are made concurrently
					want = []string{d2.PublicID, d1.PublicID}
				}
				if diff := cmp.Diff(want, s.ids()); diff != "" {
					t.Errorf("attempts (-want +got):\n%s", diff)
				}
			})
		}
	})
}

func TestGeneratorFailuresEndInHandOver(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		for name, fail := range map[string]generator{
			"error": func(context.Context, domain.Inquiry) (domain.Answer, error) {
				return domain.Answer{Text: "not this"}, errors.New("model is down")
			},
			"panic": func(context.Context, domain.Inquiry) (domain.Answer, error) { panic("bug") },
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := &sender{}
				b := newBench(t, database, job.Config{Sender: s, Generator: fail})
				question := b.ask(t, "What?", 0)
				// As if it had failed four times before: the fifth is the last.
				storetest.Exec(t, b.store, "UPDATE river_job SET attempt = 4")
				b.start(t)
				b.settled(t, question)
				reply, err := b.store.ReplyTo(t.Context(), question.ID, domain.Reply)
				if err != nil || reply.Text != domain.HandOver {
					t.Errorf("answer: got %q, %v, want the hand-over", reply.Text, err)
				}
				poll(t, "answer and emergency notification", func() bool { return len(s.ids()) == 2 })
			})
		}
	})
}

func TestGeneratorIsAskedAgain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		var mu sync.Mutex
		calls := 0
		b := newBench(t, database, job.Config{Sender: &sender{}, Generator: generator(func(context.Context, domain.Inquiry) (domain.Answer, error) {
			mu.Lock()
			defer mu.Unlock()
			if calls++; calls == 1 {
				return domain.Answer{}, errors.New("busy")
			}
			return domain.Answer{Text: "That.", Confidence: 1}, nil
		})})
		question := b.ask(t, "What?", 0)
		b.start(t)
		b.settled(t, question)
		if reply, err := b.store.ReplyTo(t.Context(), question.ID, domain.Reply); err != nil || reply.Text != "That." {
			t.Errorf("answer: got %q, %v, want the second call's", reply.Text, err)
		}
	})
}

func TestDelayedAnswer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		b := newBench(t, database, job.Config{Sender: &sender{}})
		due := time.Now().Add(300 * time.Millisecond)
		question := b.ask(t, "What?", 300*time.Millisecond)
		b.start(t)
		b.settled(t, question)
		reply, err := b.store.ReplyTo(t.Context(), question.ID, domain.Reply)
		if err != nil {
			t.Fatal(err)
		}
		if early := due.Sub(reply.CreatedAt); early > 5*time.Millisecond { // times are kept in milliseconds
			t.Errorf("answered %v before it was due", early)
		}
	})
}

// TestNearJobsDoNotWaitForTheScheduler: a job that falls due before River's
// scheduler looks again must be available already; a later one must not, or
// workers would pass it over for hours.
func TestNearJobsDoNotWaitForTheScheduler(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		for want, delay := range map[string]time.Duration{"available": 4 * time.Second, "scheduled": time.Hour} {
			b := newBench(t, database, job.Config{Sender: &sender{}})
			b.ask(t, "What?", delay)
			var state string
			if err := storetest.Scan(t, b.store, "SELECT state FROM river_job", &state); err != nil {
				t.Fatal(err)
			}
			if state != want {
				t.Errorf("job due in %v: got %s, want %s", delay, state, want)
			}
		}
	})
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		s := &sender{}
		b := newBench(t, database, job.Config{Sender: s, FollowUpDelay: 50 * time.Millisecond})
		first, second := b.ask(t, "one", 0), b.ask(t, "two", 0)
		b.start(t)
		poll(t, "follow-up", func() bool {
			_, err := b.store.ReplyTo(t.Context(), second.ID, domain.FollowUp)
			return err == nil
		})
		poll(t, "both follow-up jobs", func() bool { return strings.Count(b.logs.String(), "kind=follow-up") == 2 })
		if _, err := b.store.ReplyTo(t.Context(), first.ID, domain.FollowUp); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("follow-up to a message that was not the last: got %v, want none", err)
		}
		poll(t, "two answers and a follow-up", func() bool { return len(s.ids()) == 3 })
		s.mu.Lock()
		defer s.mu.Unlock()
		if last := s.sent[2]; last.URL != "http://follow.example" || string(last.Body) != domain.FollowUpText {
			t.Errorf("last callback: got %s to %s", last.Body, last.URL)
		}
	})
}

func TestStopReturnsTheJob(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		asked := make(chan struct{}, 2)
		b := newBench(t, database, job.Config{Sender: &sender{}, Generator: generator(func(ctx context.Context, _ domain.Inquiry) (domain.Answer, error) {
			asked <- struct{}{}
			<-ctx.Done()
			return domain.Answer{}, ctx.Err()
		})})
		b.ask(t, "What?", 0)
		b.start(t)
		<-asked
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // no patience
		if err := b.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		var state string
		if err := storetest.Scan(t, b.store, "SELECT state FROM river_job", &state); err != nil {
			t.Fatal(err)
		}
		if state != "available" {
			t.Errorf("job after the stop: got %s, want available", state)
		}
	})
}

func TestLogsKeepSecrets(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		b := newBench(t, database, job.Config{Sender: &sender{}})
		b.start(t)
		b.settled(t, b.ask(t, "confidential", 0))
		poll(t, "lines", func() bool { return strings.Contains(b.logs.String(), "msg=attempt") })
		got := b.logs.String()
		for _, secret := range []string{"confidential", "That.", "hidden"} {
			if strings.Contains(got, secret) {
				t.Errorf("logs hold %q:\n%s", secret, got)
			}
		}
		for _, want := range []string{"msg=job", "kind=generate-answer", "url=http://answer.example/ ", "outcome=delivered", "state=delivered"} {
			if !strings.Contains(got, want) {
				t.Errorf("logs lack %q:\n%s", want, got)
			}
		}
	})
}
