package session

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// SetAIPaused pauses or resumes the AI in a session and tells of it, as by. What
// was so before changes nothing, and nobody is told. Messages that came during a
// pause are not answered after it.
func (s *Service) SetAIPaused(ctx context.Context, account domain.Account, sessionID string, paused bool, by string) error {
	setup, err := s.setup(ctx, account)
	if err != nil {
		return err
	}
	err = s.inSession(ctx, account, sessionID, func(tx *store.Tx, session domain.Session, now time.Time) error {
		changed, err := tx.SetAIPaused(ctx, session.ID, paused, now)
		if err != nil || !changed {
			return err
		}
		session.AIPaused = paused
		system := domain.SessionMessage{Author: domain.System, Text: domain.PauseText(paused)}
		message, err := s.insert(ctx, tx, session, system, domain.AIPause, now)
		if err != nil {
			return err
		}
		body, err := s.Payloads.Paused(PauseNotice{Session: session, By: by, At: now})
		if err != nil {
			return fmt.Errorf("write ai_pause webhook: %w", err)
		}
		return s.tellWebhooks(ctx, tx, setup, message.event, subject{}, body, now)
	})
	if err != nil {
		return fmt.Errorf("set AI paused: %w", err)
	}
	return nil
}
