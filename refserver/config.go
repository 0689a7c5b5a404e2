package refserver

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// None switches off a duration whose zero value means a default.
const None time.Duration = -1

// Config sets up a Server. The zero value is a server on a temporary database
// with nobody who could call it; give it a Seed.
type Config struct {
	// Database is the path of the SQLite file, made when there is none; a
	// lock file is kept beside it. Empty means a temporary database that
	// Close removes.
	Database string
	// Seed makes a development account with an API key. Nil makes none.
	Seed *Seed
	// Generator answers questions. Nil means retrieval from Knowledge.
	Generator Generator
	// Knowledge is the knowledge base as Markdown: every heading "## " with
	// the text below it is one entry. Empty means the built-in one, of a
	// training company that does not exist.
	Knowledge []byte
	// AnswerThreshold is the score, over 0 up to 1, from which an entry
	// counts as the answer. Default 0.22.
	AnswerThreshold float64
	// AnswerDelay holds every answer back. Default 2 s; None for none.
	AnswerDelay time.Duration
	// AnswerTimeout bounds one call of the generator. Default 60 s.
	AnswerTimeout time.Duration
	// FollowUpDelay is the silence after which a prospect is followed up at
	// the followup_url of the last message, once. Default 0: never.
	FollowUpDelay time.Duration
	// Retries holds the waits before the attempts of a delivery: the first
	// counts from the event, the others from the end of the attempt before.
	// Its length is the number of attempts. Default 0, 5 s, 30 s, 2 min,
	// 10 min. The deliveries of a conversation wait for the one before them,
	// so a long schedule holds up its answers.
	Retries []time.Duration
	// RetryJitter is the share, up to 1, by which waits vary either way.
	// Default 0.2; negative for none.
	RetryJitter float64
	// DeliveryTimeout bounds one attempt. Default 15 s.
	DeliveryTimeout time.Duration
	// UnsafeAllowPrivate lets callbacks go to loopback and private addresses,
	// for development. Without it everybody with a key could have the server
	// call into the network it runs in.
	UnsafeAllowPrivate bool
	// Workers is the number of jobs of each kind, answers and deliveries,
	// that run at once. Default 32.
	Workers int
	// MaxBodyBytes is the largest request body. Default 1 MiB.
	MaxBodyBytes int
	// StopTimeout is how long Close waits for running jobs before it cancels
	// them. Default 10 s; None for not at all.
	StopTimeout time.Duration
	// Logger gets a line per exchange, attempt and job, without bodies, keys
	// or the queries of URLs. Default slog.Default().
	Logger *slog.Logger
	// Clock tells the time that is stored and that jobs wait for. Default is
	// the system's.
	Clock Clock
	// Random makes keys, ids and jitter; a predictable one is for tests.
	// Reads are serialised. Default is crypto/rand.
	Random io.Reader
}

// Clock tells the time. It must be safe for concurrent use.
type Clock interface{ Now() time.Time }

// Seed is the development account.
type Seed struct {
	// Key is the account's API key. Empty makes a new one at every start and
	// ends the one before; see Server.DevelopmentKey.
	Key string
	// EmergencyURL is told when a question has no confident answer. Empty
	// for nobody.
	EmergencyURL string
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

// withDefaults returns the configuration with every zero field set.
func (c Config) withDefaults() Config {
	c.AnswerDelay = orDefault(c.AnswerDelay, 2*time.Second)
	c.AnswerTimeout = cmp.Or(c.AnswerTimeout, time.Minute)
	c.StopTimeout = orDefault(c.StopTimeout, 10*time.Second)
	c.Workers = cmp.Or(c.Workers, 32)
	if c.Retries == nil {
		c.Retries = domain.DefaultSchedule()
	}
	switch {
	case c.RetryJitter == 0:
		c.RetryJitter = 0.2
	case c.RetryJitter < 0:
		c.RetryJitter = 0
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = systemClock{}
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	c.Random = &lockedReader{reader: c.Random}
	return c
}

// orDefault is d, fallback for 0 and 0 for None.
func orDefault(d, fallback time.Duration) time.Duration {
	switch d {
	case 0:
		return fallback
	case None:
		return 0
	}
	return d
}

// check reports what is wrong with a configuration that has its defaults.
func (c Config) check() error {
	if len(c.Retries) == 0 {
		return errors.New("retries: empty; leave it nil for the default, one wait of 0 for a single attempt")
	}
	for i, wait := range c.Retries {
		if wait < 0 {
			return fmt.Errorf("retries: wait %d is negative", i+1)
		}
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"answer delay", c.AnswerDelay}, {"answer timeout", c.AnswerTimeout},
		{"follow-up delay", c.FollowUpDelay}, {"delivery timeout", c.DeliveryTimeout}, {"stop timeout", c.StopTimeout},
	} {
		if d.value < 0 {
			return fmt.Errorf("%s %v: negative; refserver.None switches a delay off", d.name, d.value)
		}
	}
	switch {
	case c.RetryJitter > 1:
		return fmt.Errorf("retry jitter %v: over 1", c.RetryJitter)
	case c.AnswerThreshold < 0 || c.AnswerThreshold > 1:
		return fmt.Errorf("answer threshold %v: not from 0 to 1", c.AnswerThreshold)
	case c.Workers < 0:
		return fmt.Errorf("workers %d: negative", c.Workers)
	}
	return nil
}
