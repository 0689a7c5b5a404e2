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
	// lock file is kept beside it. Or it is the postgres:// URL of a PostgreSQL
	// database, from version 15 on, that any number of nodes may share. Empty
	// means a temporary SQLite database that Close removes.
	Database string
	// Blobs is where uploaded files are kept. The zero value is a temporary
	// folder.
	Blobs BlobConfig
	// Seed makes a development account with an API key and a token. Nil makes
	// none.
	Seed *Seed
	// Fixtures are accounts to have at the start, in YAML:
	//
	//	accounts:
	//	  - name: Acme
	//	    emergency_url: https://hooks.example.com/emergency
	//	    keys: [{label: ci, key: a-key-for-tests}]
	//	    ais:
	//	      - {id: 12, name: Mara, product: Evening course, goal: A call, strategy: {follow_up_delay: 15m}}
	//	    knowledge:
	//	      - {title: Price of the course, text: It costs 100 euros., ai_id: 12}
	//	    maia: {token: a-token-for-tests, setup: {agents: [{id: agent-1, name: Mara}]}}
	//
	// What is stored under the same name, key or id is brought to what they
	// say, what they do not name stays. A field that is not known is an error,
	// which names its line.
	Fixtures []byte
	// MAIA is what is of MAIA alone.
	MAIA MAIAConfig
	// Generator answers questions. Nil means Chat or, without it, retrieval
	// from the account's knowledge or else from Knowledge and Documents.
	Generator Generator
	// Chat has a language model write the answers.
	Chat ChatConfig
	// Knowledge is the knowledge base as Markdown: every heading "## " with
	// the text below it is one entry.
	Knowledge []byte
	// Documents are files of the knowledge base beside it. Without any
	// Knowledge and Documents there is a built-in knowledge base, of a training
	// company that does not exist.
	Documents []Document
	// PDFCommand reads the PDFs among the Documents: a command and its
	// arguments, run once per file, that calls ServePDF with its standard input
	// and output. Empty reads them in this process, which is for files that can
	// be trusted: one made to do harm can exhaust its memory.
	PDFCommand []string
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
	// Location is where the times are meant that prospects ask to be written
	// to, such as "tomorrow at 5". Default UTC.
	Location *time.Location
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
	// the system's. See NewVirtualClock for one that Server.Advance moves.
	Clock Clock
	// JournalLimit is how many exchanges the journal of the management keeps.
	// Default 10,000.
	JournalLimit int
	// Random makes keys, ids and jitter; a predictable one is for tests.
	// Reads are serialised. Default is crypto/rand.
	Random io.Reader

	// image is the database that a temporary one begins as; nil for an empty
	// one.
	image []byte
	// pollInterval is how often jobs are looked for; 0 for the queue's default.
	pollInterval time.Duration
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
	// Token is the account's API token of MAIA. Empty makes a new one at every
	// start and revokes the one before; see Server.DevelopmentToken.
	Token string
	// MAIA is what the account has set up. Nil leaves it as it is, and means
	// BuiltInMAIASetup at the first start.
	MAIA *MAIASetup
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

// withDefaults returns the configuration with every zero field set.
func (c Config) withDefaults() Config {
	c.AnswerDelay = orDefault(c.AnswerDelay, 2*time.Second)
	c.AnswerTimeout = cmp.Or(c.AnswerTimeout, time.Minute)
	c.StopTimeout = orDefault(c.StopTimeout, 10*time.Second)
	c.Workers = cmp.Or(c.Workers, 32)
	c.JournalLimit = cmp.Or(c.JournalLimit, 10_000)
	c.MAIA = c.MAIA.withDefaults()
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
		return errThreshold(c.AnswerThreshold)
	case c.JournalLimit < 0:
		return fmt.Errorf("journal limit %d: negative", c.JournalLimit)
	case c.Generator != nil && c.Chat.BaseURL != "":
		return errors.New("generator and chat: both set; choose one")
	case c.Workers < 0:
		return fmt.Errorf("workers %d: negative", c.Workers)
	}
	return c.MAIA.check()
}
