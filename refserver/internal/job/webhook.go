package job

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/outbound"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// DeliverWebhook stores a delivery under a new public id and, when it is the
// first of its chain that waits, its job. The caller holds the session's lock.
func (q *Queue) DeliverWebhook(ctx context.Context, tx *store.Tx, d domain.Delivery, now time.Time) error {
	var err error
	if d.PublicID, err = domain.NewDeliveryID(q.Random); err != nil {
		return err
	}
	if d, err = tx.InsertWebhook(ctx, d, now); err != nil {
		return err
	}
	return q.enqueue(ctx, tx, sessionBook{q}, d, now)
}

// webhookWorker makes one attempt of one webhook's delivery.
type webhookWorker struct {
	river.WorkerDefaults[webhookArgs]
	queue *Queue
}

// Work makes the attempt.
func (w *webhookWorker) Work(ctx context.Context, job *river.Job[webhookArgs]) error {
	return w.queue.attempt(ctx, job.JobRow, sessionBook{w.queue}, job.Args.DeliveryID)
}

// sessionBook holds the webhooks of MAIA.
type sessionBook struct{ *Queue }

func (b sessionBook) read(ctx context.Context, id int64) (domain.Delivery, error) {
	return b.Store.WebhookByID(ctx, id)
}

func (sessionBook) lock(ctx context.Context, tx *store.Tx, d domain.Delivery) error {
	return tx.LockSession(ctx, d.SessionID)
}

func (sessionBook) head(ctx context.Context, tx *store.Tx, d domain.Delivery) (domain.Delivery, error) {
	return tx.HeadOfWebhooks(ctx, d.SessionID, d.Chain)
}

func (sessionBook) record(ctx context.Context, tx *store.Tx, d domain.Delivery, a domain.Attempt, state domain.DeliveryState, nextAt, now time.Time) (bool, error) {
	return tx.RecordWebhookAttempt(ctx, d, a, state, nextAt, now)
}

func (sessionBook) args(id int64) river.JobArgs { return webhookArgs{DeliveryID: id} }

func (b sessionBook) sender() Sender { return b.Webhooks }

// header carries the time of the attempt, which the signature does not cover.
func (sessionBook) header(d domain.Delivery, now time.Time) http.Header {
	return http.Header{
		"Content-Type":     {"application/json"},
		"Webhook-Id":       {d.PublicID},
		"X-Maia-Signature": {d.Signature},
		"X-Maia-Timestamp": {strconv.FormatInt(now.Unix(), 10)},
	}
}

func (sessionBook) outcome(result outbound.Attempt) domain.AttemptOutcome {
	return domain.WebhookOutcome(result.Status, domain.AttemptOutcome(result.Outcome))
}

func (b sessionBook) schedule() domain.Schedule { return b.WebhookSchedule }

// jitter is none: the waits are stated to the second.
func (sessionBook) jitter() float64 { return 0 }
