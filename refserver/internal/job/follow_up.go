package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/intent"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// wish is what a question says about being followed up, and when it is due,
// which is the same however often it is read.
func (q *Queue) wish(question domain.Message) intent.FollowUp {
	wish := q.wishes.FollowUp(question.Text, question.CreatedAt)
	if wish.Wish == intent.Wanted && question.FollowupURL == "" {
		return intent.FollowUp{} // There is nowhere to send it, as with V1.
	}
	if wish.Wish == intent.Wanted && wish.At.IsZero() {
		wish.At = question.CreatedAt.Add(domain.UnspecifiedFollowUpDelay)
	}
	return wish
}

// planFollowUp schedules the follow-up that a question asks for or, when it
// asks for none, the one after a silence, when those are on and the question
// says where they go.
func (q *Queue) planFollowUp(ctx context.Context, tx *store.Tx, question domain.Message, now time.Time) error {
	switch wish := q.wish(question); {
	case wish.Wish == intent.Wanted:
		return q.engine.insert(ctx, tx, followUpArgs{MessageID: question.ID, Requested: true}, now, wish.At)
	case wish.Wish == intent.Unwanted, question.FollowupURL == "":
		return nil
	}
	delay, err := q.followUpDelay(ctx, tx.Reader, question)
	if err != nil || delay <= 0 {
		return err
	}
	return q.engine.insert(ctx, tx, followUpArgs{MessageID: question.ID}, now, now.Add(delay))
}

// followUpWorker sends a follow-up to a prospect who stayed silent or asked for
// it.
type followUpWorker struct {
	river.WorkerDefaults[followUpArgs]
	queue *Queue
}

// Work makes the follow-up if it is still wanted, which is decided when it
// falls due, under the conversation's lock.
func (w *followUpWorker) Work(ctx context.Context, job *river.Job[followUpArgs]) (err error) {
	q := w.queue
	line := q.jobLine(job.JobRow, slog.Int64("message_id", job.Args.MessageID), slog.Bool("requested", job.Args.Requested))
	defer func() { line.end(ctx, err) }()

	question, err := q.Store.MessageByID(ctx, job.Args.MessageID)
	if err != nil {
		return fmt.Errorf("read question %d: %w", job.Args.MessageID, err)
	}
	line.add(slog.Int64("conversation_id", question.ConversationID))
	return q.Store.Write(ctx, func(tx *store.Tx) error {
		made, err := w.store(ctx, tx, question, job.Args.Requested)
		if err != nil {
			return err
		}
		line.add(slog.Bool("made", made))
		return q.engine.complete(ctx, tx, job.JobRow)
	})
}

func (w *followUpWorker) store(ctx context.Context, tx *store.Tx, question domain.Message, requested bool) (bool, error) {
	q := w.queue
	if err := tx.LockConversation(ctx, question.ConversationID); err != nil {
		return false, fmt.Errorf("lock conversation %d: %w", question.ConversationID, err)
	}
	switch _, err := tx.ReplyTo(ctx, question.ID, domain.FollowUp); {
	case err == nil:
		return false, nil
	case !errors.Is(err, store.ErrNotFound):
		return false, fmt.Errorf("look for the follow-up to message %d: %w", question.ID, err)
	}
	now := q.Clock.Now()
	wanted, err := w.stillWanted(ctx, tx, question, requested, now)
	if err != nil || !wanted {
		return false, err
	}
	conversation, err := tx.ConversationByID(ctx, question.ConversationID)
	if err != nil {
		return false, fmt.Errorf("read conversation %d: %w", question.ConversationID, err)
	}
	text := domain.FollowUpText
	if requested {
		text = domain.RequestedFollowUpText
	}
	followUp, err := tx.InsertMessage(ctx, question.Answered(domain.FollowUp, text, domain.Answer{Confidence: 1}), now)
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

// stillWanted reads what the prospect has said since. A requested follow-up
// stands until a later message asks for another one or for none. One after a
// silence is for the last question alone, and gives way to a requested one that
// is still to come, to any that was made since, and to a prospect who last asked
// for none. Messages of V1 count like those of V2.
func (w *followUpWorker) stillWanted(ctx context.Context, tx *store.Tx, question domain.Message, requested bool, now time.Time) (bool, error) {
	if !requested {
		latest, err := tx.LatestQuestion(ctx, question.ConversationID)
		if err != nil {
			return false, fmt.Errorf("read the latest question of conversation %d: %w", question.ConversationID, err)
		}
		if latest.ID != question.ID {
			return false, nil
		}
	}
	messages, err := tx.Messages(ctx, question.ConversationID)
	if err != nil {
		return false, err
	}
	var last intent.FollowUp
	var lastID int64
	for _, m := range messages {
		switch m.Kind {
		case domain.Question:
			if wish := w.queue.wish(m); wish.Wish != intent.Silent {
				last, lastID = wish, m.ID
			}
		case domain.FollowUp:
			if m.Seq > question.Seq && !requested {
				return false, nil
			}
		}
	}
	if requested {
		return lastID == question.ID, nil
	}
	return last.Wish != intent.Unwanted && (last.Wish != intent.Wanted || !last.At.After(now)), nil
}
