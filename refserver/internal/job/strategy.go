package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// followUpDelay is the silence after which the prospect of a question is
// followed up, 0 for never: that of the Sales AI that the question names, where
// the account has set one, else the server's.
func (q *Queue) followUpDelay(ctx context.Context, r store.Reader, question domain.Message) (time.Duration, error) {
	if question.AIID == nil {
		return q.FollowUpDelay, nil
	}
	ai, err := r.SalesAI(ctx, question.AccountID, *question.AIID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return q.FollowUpDelay, nil
	case err != nil:
		return 0, fmt.Errorf("read Sales AI %d: %w", *question.AIID, err)
	case ai.FollowUpDelay == nil:
		return q.FollowUpDelay, nil
	}
	return *ai.FollowUpDelay, nil
}
