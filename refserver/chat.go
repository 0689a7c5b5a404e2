package refserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/answer"
	"github.com/parley-contracts/parley/refserver/internal/chat"
)

// ChatConfig has answers written by a language model behind an
// OpenAI-compatible chat-completions endpoint, from the passages of the
// knowledge base that fit the question best. The zero value has none.
//
// The questions of prospects and the passages are sent there. They are never
// logged, and neither is the key or what the endpoint says in its errors.
type ChatConfig struct {
	// BaseURL is the address below which /chat/completions is, such as
	// "https://api.example/v1". Empty means no model.
	BaseURL string
	// Model is its name; needed with BaseURL.
	Model string
	// Key is sent as bearer token; empty for none.
	Key string
	// Timeout bounds one attempt. Default 20 s. Config.AnswerTimeout bounds
	// all attempts and the waits between them.
	Timeout time.Duration
	// Attempts is how often a question is sent at most. Default 3. What can
	// end better is repeated: time-outs, lost connections, cut and malformed
	// responses, 429 and 5xx, after 0.5 s, 1 s and so on, or after the
	// Retry-After of the response when that is longer but not over 20 s.
	Attempts int
	// Stream asks for the answer in pieces. The prospect gets it whole.
	Stream bool
	// MaxResponseBytes bounds one response. Default 1 MiB.
	MaxResponseBytes int64
	// Fallback says who answers when the model cannot be asked.
	Fallback Fallback
	// Transport sends the requests. Nil means a direct one, without a proxy.
	Transport http.RoundTripper
}

// Fallback is who answers in place of a language model that failed.
type Fallback string

// The fallbacks.
const (
	// FallbackRetrieval answers with the passage that fits best when it
	// reaches the threshold. It is the default, also as the empty string.
	FallbackRetrieval Fallback = "retrieval"
	// FallbackHuman tells the prospect that a colleague will answer and
	// notifies the account's emergency URL.
	FallbackHuman Fallback = "human"
)

// chatPassages is how many passages the model is given.
const chatPassages = 5

// library finds the knowledge that a question may be answered from.
type library func(context.Context, Question) (*answer.Retriever, error)

// chatGenerator has a model answer.
type chatGenerator struct {
	client   *chat.Client
	library  library
	fallback Fallback
	logger   *slog.Logger
}

func newChatGenerator(config Config, knowledge library) (*chatGenerator, error) {
	c := config.Chat
	switch c.Fallback {
	case "", FallbackRetrieval, FallbackHuman:
	default:
		return nil, fmt.Errorf("chat fallback %q: want %q or %q", c.Fallback, FallbackRetrieval, FallbackHuman)
	}
	client, err := chat.New(chat.Config{
		BaseURL: c.BaseURL, Model: c.Model, Key: c.Key, Timeout: c.Timeout, Attempts: c.Attempts,
		Stream: c.Stream, MaxResponseBytes: c.MaxResponseBytes, Transport: c.Transport, Now: config.Clock.Now,
	})
	if err != nil {
		return nil, err
	}
	return &chatGenerator{client: client, library: knowledge, fallback: c.Fallback, logger: config.Logger}, nil
}

// Generate asks the model. The confidence of its answer is the score of the best
// passage that it was given; its word that it does not know counts whatever the
// score.
func (g *chatGenerator) Generate(ctx context.Context, question Question) (Answer, error) {
	retriever, err := g.library(ctx, question)
	if err != nil {
		return Answer{}, err
	}
	matches := retriever.Search(question.Text, chatPassages)
	passages := make([]chat.Passage, len(matches))
	source := []string{"model " + g.client.Model()}
	confidence := 0.0
	for i, m := range matches {
		passages[i] = chat.Passage{Title: m.Title, Text: m.Text}
		source = append(source, m.Title)
		confidence = max(confidence, m.Score)
	}
	text, err := g.client.Ask(ctx, question.Text, passages)
	if err == nil {
		return Answer{Text: text, Confidence: confidence, Source: strings.Join(source, "; ")}, nil
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return Answer{}, err // The server stops; the next start asks again.
	}
	g.logger.LogAttrs(ctx, slog.LevelWarn, "chat completions failed",
		slog.Int64("message_id", question.MessageID), slog.String("error", err.Error()), slog.String("fallback", string(g.fallback)))
	if g.fallback == FallbackHuman {
		return Answer{}, nil
	}
	return (&retrieval{retriever}).Generate(ctx, question)
}
