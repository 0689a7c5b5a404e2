package chat

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// Client asks one model. It may be used concurrently.
type Client struct {
	config Config
	api    *openai.Client
	close  func()
}

// New makes a Client; its error says which setting is wrong.
func New(config Config) (*Client, error) {
	config = config.withDefaults()
	if err := config.check(); err != nil {
		return nil, err
	}
	settings := openai.DefaultConfig(config.Key)
	settings.BaseURL = config.BaseURL
	client := &http.Client{
		Transport: &watcher{next: config.Transport, limit: config.MaxResponseBytes, now: config.Now},
		// A prompt goes to the address that was configured and to no other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	settings.HTTPClient = client
	c := &Client{config: config, api: openai.NewClientWithConfig(settings), close: func() {}}
	if idle, ok := config.Transport.(interface{ CloseIdleConnections() }); ok {
		c.close = idle.CloseIdleConnections
	}
	return c, nil
}

// Model is the name of the model.
func (c *Client) Model() string { return c.config.Model }

// Close lets go of idle connections.
func (c *Client) Close() { c.close() }

// Ask has the model answer a message from passages. An empty answer says that
// the model does not know. The error is always an *Error.
func (c *Client) Ask(ctx context.Context, message string, passages []Passage) (string, error) {
	request := openai.ChatCompletionRequest{Model: c.config.Model, Messages: prompt(message, passages)}
	wait := c.config.Backoff
	for attempt := 1; ; attempt++ {
		text, failed := c.attempt(ctx, request)
		if failed == nil {
			return answerIn(text), nil
		}
		failed.Attempts = attempt
		pause := max(time.Duration(float64(wait)*(0.8+0.4*c.config.Spread())), failed.retryAfter)
		if attempt == c.config.Attempts || ctx.Err() != nil || !failed.again() || !c.worthWaiting(ctx, pause, failed.retryAfter) {
			return "", failed
		}
		if err := c.config.Sleep(ctx, pause); err != nil {
			failed.cause = err
			return "", failed
		}
		wait *= 2
	}
}

// worthWaiting says whether there is time for another attempt after the pause.
func (c *Client) worthWaiting(ctx context.Context, pause, retryAfter time.Duration) bool {
	if retryAfter > c.config.MaxWait {
		return false
	}
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > pause
}

// attempt sends the question once.
func (c *Client) attempt(ctx context.Context, request openai.ChatCompletionRequest) (string, *Error) {
	var note seen
	limited, cancel := context.WithTimeout(withSeen(ctx, &note), c.config.Timeout)
	defer cancel()
	ask := c.whole
	if c.config.Stream {
		ask = c.streamed
	}
	text, reason, err := ask(limited, request)
	if err != nil {
		return "", failure(err, &note, ctx, limited)
	}
	switch reason {
	case openai.FinishReasonLength:
		return "", failure(&Error{Reason: ReasonLength}, &note, ctx, limited)
	case openai.FinishReasonContentFilter:
		return "", failure(&Error{Reason: ReasonRefused}, &note, ctx, limited)
	}
	return text, nil
}

// whole gets the answer in one piece.
func (c *Client) whole(ctx context.Context, request openai.ChatCompletionRequest) (string, openai.FinishReason, error) {
	response, err := c.api.CreateChatCompletion(ctx, request)
	if err != nil {
		return "", "", err
	}
	if len(response.Choices) == 0 {
		return "", "", &Error{Reason: ReasonMalformed}
	}
	choice := response.Choices[0]
	return choice.Message.Content, choice.FinishReason, nil
}

// streamed puts the answer together. The client library takes the end of the
// connection for the end of the answer; only the model's reason to finish
// tells.
func (c *Client) streamed(ctx context.Context, request openai.ChatCompletionRequest) (string, openai.FinishReason, error) {
	stream, err := c.api.CreateChatCompletionStream(ctx, request)
	if err != nil {
		return "", "", err
	}
	defer stream.Close() //nolint:errcheck // read to its end or given up
	var text strings.Builder
	var reason openai.FinishReason
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			if reason == "" {
				return "", "", &Error{Reason: ReasonCut}
			}
			return text.String(), reason, nil
		}
		if err != nil {
			return "", "", err
		}
		for _, choice := range piece.Choices {
			if choice.Index != 0 {
				continue // there is one answer unless more are asked for
			}
			text.WriteString(choice.Delta.Content)
			if choice.FinishReason != "" && choice.FinishReason != openai.FinishReasonNull {
				reason = choice.FinishReason
			}
		}
	}
}
