package job

import (
	"context"
	"net/http"
	"time"

	"github.com/riverqueue/river"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/outbound"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// book is where the deliveries of one vendor are kept, and its rules for them.
type book interface {
	read(ctx context.Context, id int64) (domain.Delivery, error)
	// lock holds everybody off who makes or moves deliveries of d's chain.
	lock(ctx context.Context, tx *store.Tx, d domain.Delivery) error
	// head is the oldest pending delivery of d's chain.
	head(ctx context.Context, tx *store.Tx, d domain.Delivery) (domain.Delivery, error)
	// record is store.Tx.RecordAttempt.
	record(ctx context.Context, tx *store.Tx, d domain.Delivery, a domain.Attempt, state domain.DeliveryState, nextAt, now time.Time) (bool, error)
	// args are those of the job that makes the next attempt.
	args(id int64) river.JobArgs

	sender() Sender
	header(d domain.Delivery, now time.Time) http.Header
	outcome(result outbound.Attempt) domain.AttemptOutcome
	schedule() domain.Schedule
	jitter() float64
}

// conversationBook holds the callbacks of MAAX.
type conversationBook struct{ *Queue }

func (b conversationBook) read(ctx context.Context, id int64) (domain.Delivery, error) {
	return b.Store.DeliveryByID(ctx, id)
}

func (conversationBook) lock(ctx context.Context, tx *store.Tx, d domain.Delivery) error {
	return tx.LockConversation(ctx, d.ConversationID)
}

func (conversationBook) head(ctx context.Context, tx *store.Tx, d domain.Delivery) (domain.Delivery, error) {
	return tx.HeadOfChain(ctx, d.ConversationID, d.Chain)
}

func (conversationBook) record(ctx context.Context, tx *store.Tx, d domain.Delivery, a domain.Attempt, state domain.DeliveryState, nextAt, now time.Time) (bool, error) {
	return tx.RecordAttempt(ctx, d, a, state, nextAt, now)
}

func (conversationBook) args(id int64) river.JobArgs { return deliverArgs{DeliveryID: id} }

func (b conversationBook) sender() Sender { return b.Sender }

func (conversationBook) header(d domain.Delivery, _ time.Time) http.Header {
	return http.Header{"Content-Type": {"application/json"}, "Webhook-Id": {d.PublicID}}
}

func (conversationBook) outcome(result outbound.Attempt) domain.AttemptOutcome {
	return domain.AttemptOutcome(result.Outcome)
}

func (b conversationBook) schedule() domain.Schedule { return b.Schedule }
func (b conversationBook) jitter() float64           { return b.Jitter }
