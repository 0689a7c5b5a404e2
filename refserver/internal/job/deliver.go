package job

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/outbound"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// deliver stores a delivery of event and, when it is the first of its chain
// that waits, its job. The caller holds the conversation's lock: without it two
// deliveries could both take themselves for the first.
func (q *Queue) deliver(ctx context.Context, tx *store.Tx, event domain.Event, chain domain.Chain, url string, body []byte, now time.Time) error {
	publicID, err := domain.NewDeliveryID(q.Random)
	if err != nil {
		return err
	}
	d, err := tx.InsertDelivery(ctx, domain.Delivery{
		PublicID: publicID, AccountID: event.AccountID, ConversationID: event.ConversationID,
		Chain: chain, EventID: event.ID, URL: url, Body: string(body),
	}, now)
	if err != nil {
		return err
	}
	return q.enqueue(ctx, tx, conversationBook{q}, d, now)
}

// enqueue inserts the job of a new delivery, unless one before it in its chain
// waits: that one will insert the job.
func (q *Queue) enqueue(ctx context.Context, tx *store.Tx, b book, d domain.Delivery, now time.Time) error {
	head, err := b.head(ctx, tx, d)
	if err != nil {
		return fmt.Errorf("read head of chain %s: %w", d.Chain, err)
	}
	if head.ID != d.ID {
		return nil
	}
	return q.engine.insert(ctx, tx, b.args(d.ID), now, now.Add(b.schedule()[0]))
}

// deliverWorker makes one attempt of one delivery.
type deliverWorker struct {
	river.WorkerDefaults[deliverArgs]
	queue *Queue
}

// Work makes the attempt.
func (w *deliverWorker) Work(ctx context.Context, job *river.Job[deliverArgs]) error {
	return w.queue.attempt(ctx, job.JobRow, conversationBook{w.queue}, job.Args.DeliveryID)
}

// attempt makes one attempt of a delivery, then records it and inserts what
// comes next, the next attempt or the next delivery of the chain, in the
// transaction that ends the job. A process killed between the two repeats the
// attempt under the same public id.
func (q *Queue) attempt(ctx context.Context, row *rivertype.JobRow, b book, deliveryID int64) (err error) {
	line := q.jobLine(row, slog.Int64("delivery_id", deliveryID))
	defer func() { line.end(ctx, err) }()

	d, err := b.read(ctx, deliveryID)
	if err != nil {
		return fmt.Errorf("read delivery %d: %w", deliveryID, err)
	}
	line.add(ownerOf(d))
	if d.State != domain.Pending {
		return q.finish(ctx, row)
	}
	startedAt := q.Clock.Now()
	result := b.sender().Post(ctx, outbound.Request{URL: d.URL, Header: b.header(d, startedAt), Body: []byte(d.Body)})
	if ctx.Err() != nil {
		// The stop or the time-out cut it short: it says nothing about the
		// receiver, so it does not count.
		return fmt.Errorf("attempt of delivery %d: %w", d.ID, ctx.Err())
	}
	if result.Outcome == outbound.OutcomeDeferred {
		line.add(slog.String("deferred", result.Reason))
		return river.JobSnooze(max(result.RetryAfter, minSnooze))
	}
	attempt := domain.Attempt{
		DeliveryID: d.ID, Number: d.Attempts + 1, Status: result.Status,
		Outcome: b.outcome(result), Reason: result.Reason,
		StartedAt: startedAt, Duration: result.Duration,
	}
	var state domain.DeliveryState
	err = q.Store.Write(ctx, func(tx *store.Tx) error {
		if state, err = q.record(ctx, tx, b, d, attempt, result.RetryAfter); err != nil {
			return err
		}
		return q.engine.complete(ctx, tx, row)
	})
	q.logAttempt(ctx, d, attempt, state)
	return err
}

// minSnooze keeps a deferral without a time from turning into a busy loop.
const minSnooze = time.Second

// record stores the attempt, moves the delivery on and inserts the next job of
// the chain. It returns the state that the delivery went to, empty when another
// attempt was recorded in the meantime.
func (q *Queue) record(ctx context.Context, tx *store.Tx, b book, d domain.Delivery, attempt domain.Attempt, retryAfter time.Duration) (domain.DeliveryState, error) {
	if err := b.lock(ctx, tx, d); err != nil {
		return "", fmt.Errorf("lock chain of delivery %d: %w", d.ID, err)
	}
	spread, err := q.spread()
	if err != nil {
		return "", err
	}
	state, wait := b.schedule().Next(attempt.Number, attempt.Outcome, retryAfter, b.jitter(), spread)
	now := q.Clock.Now()
	next := now.Add(wait)
	recorded, err := b.record(ctx, tx, d, attempt, state, next, now)
	if err != nil || !recorded {
		return "", err
	}
	if state == domain.Pending {
		return state, q.engine.insert(ctx, tx, b.args(d.ID), now, next)
	}
	head, err := b.head(ctx, tx, d)
	if errors.Is(err, store.ErrNotFound) {
		return state, nil
	}
	if err != nil {
		return "", fmt.Errorf("read head of chain %s: %w", d.Chain, err)
	}
	return state, q.engine.insert(ctx, tx, b.args(head.ID), now, now.Add(b.schedule()[0]))
}

// spread is a random number from 0 up to 1.
func (q *Queue) spread() (float64, error) {
	var raw [8]byte
	if _, err := io.ReadFull(q.Random, raw[:]); err != nil {
		return 0, fmt.Errorf("read randomness for the jitter: %w", err)
	}
	const bits = 53 // as many as a float64 holds exactly
	return float64(binary.LittleEndian.Uint64(raw[:])>>(64-bits)) / (1 << bits), nil
}

// logAttempt writes the attempt's line. A URL is cut at its query, which is
// where integrations keep their secrets.
func (q *Queue) logAttempt(ctx context.Context, d domain.Delivery, a domain.Attempt, state domain.DeliveryState) {
	level := slog.LevelInfo
	if state == domain.Exhausted || state == domain.Refused {
		level = slog.LevelWarn
	}
	q.Logger.LogAttrs(ctx, level, "attempt",
		slog.String("delivery", d.PublicID), slog.Int64("delivery_id", d.ID),
		ownerOf(d), slog.String("chain", string(d.Chain)),
		slog.String("url", publicURL(d.URL)), slog.Int("attempt", a.Number),
		slog.Int("status", a.Status), slog.String("outcome", string(a.Outcome)), slog.String("reason", a.Reason),
		slog.Duration("duration", a.Duration), slog.String("state", string(state)))
}

// ownerOf names the conversation or the session of a delivery in a log.
func ownerOf(d domain.Delivery) slog.Attr {
	if d.SessionID != 0 {
		return slog.Int64("session_row", d.SessionID)
	}
	return slog.Int64("conversation_id", d.ConversationID)
}

// publicURL is raw without its query, fragment and user information.
func publicURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
