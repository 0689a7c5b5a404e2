package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
)

const (
	// SecretParameter is the query parameter that may carry the secret.
	SecretParameter = "token"
	// minSecret is the shortest secret that is accepted.
	minSecret = 16
	// defaultCallbackTimeout is how long a handler has by default.
	defaultCallbackTimeout = 10 * time.Second
)

// CallbackFunc handles one callback. Nil answers 200; an error answers 500, or
// as it says when it has HTTPStatus and Public, so that the vendor may try
// again. The context ends when the client goes away or after
// CallbackConfig.Timeout.
//
// Be quick: hand the callback over and return. Nothing is filtered out here:
// a vendor that tries again sends the same callback twice, and which fields
// would tell is not documented, so a handler must be able to see a callback
// more than once.
type CallbackFunc func(ctx context.Context, c Callback) error

// CallbackConfig sets up a CallbackReceiver. At least one handler is needed.
type CallbackConfig struct {
	// Answer handles the answers to V2 messages. Nil: its path is 404.
	Answer CallbackFunc
	// FollowUp handles follow-up messages. Nil: its path is 404.
	FollowUp CallbackFunc
	// Emergency handles emergency notifications. Nil: its path is 404.
	Emergency CallbackFunc
	// Message handles what passed through a channel of MAIA, see
	// Callback.MAIAMessage. Nil: its path is 404.
	Message CallbackFunc
	// MessageSecrets are the secrets of the channels whose messages come here,
	// the old ones too while they are exchanged. A call that none of them
	// signed is 401 and reaches nobody, in ModeObserve too. Nil: signatures
	// are not verified, which is for receivers behind one that does.
	MessageSecrets []string
	// Event handles the events of MAIA's Webhook Center, see
	// Callback.MAIAEvent. Nil: its path is 404.
	Event CallbackFunc
	// EventSecrets are those of the Webhook Center's webhooks, as
	// MessageSecrets.
	EventSecrets []string
	// Secret must come with every call when it is set: as the last segment of
	// the path or as the query parameter "token"; see URL. Without it the call
	// is 404, as if there were nothing. At least 16 characters of those that
	// need no escaping in a path. MAAX signs nothing, so this is all
	// that tells its calls from others.
	Secret string
	// Mode is ModeObserve by default: a payload that is merely inferred is
	// never a reason to turn a callback away. ModeEnforce answers 400 to
	// findings of error severity.
	Mode Mode
	// MaxBodyBytes is the largest body taken; a larger one is 413. Default 1
	// MiB (1 << 20).
	MaxBodyBytes int
	// Timeout is the time a handler has. Default 10 seconds.
	Timeout time.Duration
	// BasePath is put in front of the contract's paths, such as "/hooks".
	// Default none.
	BasePath string
	// Contract of the callbacks. Default the embedded callbacks.yaml.
	Contract *contract.Contract
	// OnResult is told of every call that reached a callback's path with the
	// right secret; nil for nobody.
	OnResult OnResult
	// Logger gets one error per handler that failed, without the callback's
	// contents. Default slog.Default().
	Logger *slog.Logger
}

// withDefaults checks the configuration and returns it with every zero field
// set.
func (c CallbackConfig) withDefaults() (CallbackConfig, error) {
	var err error
	if c.Mode, err = c.Mode.check(ModeObserve); err != nil {
		return c, err
	}
	if c.MaxBodyBytes, err = bodyLimit(c.MaxBodyBytes); err != nil {
		return c, err
	}
	if c.Secret != "" && (len(c.Secret) < minSecret || !plain(c.Secret)) {
		return c, fmt.Errorf("secret: use at least %d letters, digits, '-', '_' or '.'", minSecret)
	}
	if err := errors.Join(
		checkMAIASecrets("Message", c.MessageSecrets, c.Message),
		checkMAIASecrets("Event", c.EventSecrets, c.Event),
	); err != nil {
		return c, err
	}
	if c.Timeout < 0 {
		return c, fmt.Errorf("timeout %v: negative; leave it 0 for %v", c.Timeout, defaultCallbackTimeout)
	}
	if c.Timeout == 0 {
		c.Timeout = defaultCallbackTimeout
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Contract == nil {
		c.Contract, err = contract.Load(api.FS, "callbacks.yaml", contract.Config{MaxBodyBytes: c.MaxBodyBytes})
		if err != nil {
			return c, err
		}
	}
	c.BasePath = strings.TrimSuffix(c.BasePath, "/")
	return c, nil
}
