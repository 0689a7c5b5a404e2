package maia

import (
	"context"
	"fmt"
	"net/http"

	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/maia"
)

// PauseAI keeps the AI from answering in a session: messages are stored only.
// It fails with ErrMalformed when the vendor reports success but another
// state.
//
//contract:operation setAIPaused
func (c *Client) PauseAI(ctx context.Context, sessionID string) error {
	return c.setPaused(ctx, sessionID, true)
}

// ResumeAI lets the AI answer in a session again, as PauseAI.
//
//contract:operation setAIPaused
func (c *Client) ResumeAI(ctx context.Context, sessionID string) error {
	return c.setPaused(ctx, sessionID, false)
}

func (c *Client) setPaused(ctx context.Context, sessionID string, paused bool) error {
	if fault := pathFault("the session id", sessionID); fault != "" {
		return invalid(opPause, fault)
	}
	got, failure := c.call(ctx, opPause, func(ctx context.Context) (*http.Response, error) {
		return c.api.SetAIPaused(ctx, sessionID, maia.SetAIPausedRequest{AIPaused: paused})
	})
	if failure != nil {
		return failure
	}
	m, err := wire.ReadMembers(got.Body)
	if err != nil {
		return c.malformed(opPause, got, err)
	}
	now, err := wire.Read[bool](m, "aiPaused")
	if err == nil && now != paused {
		err = fmt.Errorf("%w: aiPaused is %t after it was set to %t", ErrMalformed, now, paused)
	}
	if err != nil {
		return c.malformed(opPause, got, err)
	}
	return nil
}
