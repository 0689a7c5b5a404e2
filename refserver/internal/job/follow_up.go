package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// planFollowUp schedules the follow-up to a question, when follow-ups are on
// and the question says where they go.
func (q *Queue) planFollowUp(ctx context.Context, tx *store.Tx, question domain.Message, now time.Time) error {
	if q.FollowUpDelay <= 0 || question.FollowupURL == "" {
		return nil
	}
	return q.engine.insert(ctx, tx, followUpArgs{MessageID: question.ID}, now, now.Add(q.FollowUpDelay))
}

// followUpWorker sends a follow-up to a prospect who stayed silent.
type followUpWorker struct {
	river.WorkerDefaults[followUpArgs]
	queue *Queue
}

// Work makes the follow-up unless the prospect has written since: whether it is
// still wanted is decided when it falls due, under the conversation's lock. So
// of several questions only the last one is followed up, once.
func (w *followUpWorker) Work(ctx context.Context, job *river.Job[followUpArgs]) (err error) {
	q := w.queue
	line := q.jobLine(job.JobRow, slog.Int64("message_id", job.Args.MessageID))
	defer func() { line.end(ctx, err) }()

	question, err := q.Store.MessageByID(ctx, job.Args.MessageID)
	if err != nil {
		return fmt.Errorf("read question %d: %w", job.Args.MessageID, err)
	}
	line.add(slog.Int64("conversation_id", question.ConversationID))
	return q.Store.Write(ctx, func(tx *store.Tx) error {
		made, err := w.store(ctx, tx, question)
		if err != nil {
			return err
		}
		line.add(slog.Bool("made", made))
		return q.engine.complete(ctx, tx, job.JobRow)
	})
}

func (w *followUpWorker) store(ctx context.Context, tx *store.Tx, question domain.Message) (bool, error) {
	q := w.queue
	if err := tx.LockConversation(ctx, question.ConversationID); err != nil {
		return false, fmt.Errorf("lock conversation %d: %w", question.ConversationID, err)
	}
	latest, err := tx.LatestQuestion(ctx, question.ConversationID)
	if err != nil {
		return false, fmt.Errorf("read the latest question of conversation %d: %w", question.ConversationID, err)
	}
	if latest.ID != question.ID {
		return false, nil
	}
	switch _, err := tx.ReplyTo(ctx, question.ID, domain.FollowUp); {
	case err == nil:
		return false, nil
	case !errors.Is(err, store.ErrNotFound):
		return false, fmt.Errorf("look for the follow-up to message %d: %w", question.ID, err)
	}
	conversation, err := tx.ConversationByID(ctx, question.ConversationID)
	if err != nil {
		return false, fmt.Errorf("read conversation %d: %w", question.ConversationID, err)
	}
	now := q.Clock.Now()
	followUp, err := tx.InsertMessage(ctx, question.Answered(domain.FollowUp, domain.FollowUpText, domain.Answer{Confidence: 1}), now)
	if err != nil {
		return false, err
	}
	event, err := tx.InsertEvent(ctx, domain.FollowUpMade, followUp, now)
	if err != nil {
		return false, err
	}
	body, err := q.Payloads.FollowUp(question, followUp, conversation)
	if err != nil {
		return false, fmt.Errorf("write follow-up callback: %w", err)
	}
	return true, q.deliver(ctx, tx, event, domain.ChainProspect, question.FollowupURL, body, now)
}
