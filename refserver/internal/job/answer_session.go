package job

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// Sessions is what answering a message of MAIA needs to know and does.
type Sessions interface {
	Inquiry(ctx context.Context, messageID int64) (domain.Inquiry, error)
	// Reply stores the answer, if it is still wanted, and calls done in the
	// same transaction.
	Reply(ctx context.Context, messageID int64, answer domain.Answer, done func(*store.Tx) error) (made bool, err error)
}

// AnswerSession has the message answered at the time given, in tx.
func (q *Queue) AnswerSession(ctx context.Context, tx *store.Tx, messageID int64, at time.Time) error {
	return q.engine.insert(ctx, tx, answerSessionArgs{MessageID: messageID}, q.Clock.Now(), at)
}

// answerSessionWorker has an agent answer one message.
type answerSessionWorker struct {
	river.WorkerDefaults[answerSessionArgs]
	queue *Queue
}

// Work asks the generator and stores the answer with all that follows from it.
// A generator that fails to the last attempt leaves the message without one.
func (w *answerSessionWorker) Work(ctx context.Context, job *river.Job[answerSessionArgs]) (err error) {
	q := w.queue
	line := q.jobLine(job.JobRow, slog.Int64("message_row", job.Args.MessageID))
	defer func() { line.end(ctx, err) }()

	inquiry, err := q.Sessions.Inquiry(ctx, job.Args.MessageID)
	if err != nil {
		return fmt.Errorf("read message %d: %w", job.Args.MessageID, err)
	}
	answer, err := q.ask(ctx, inquiry)
	if err != nil {
		line.add(slog.Bool("generator_failed", true))
		return fmt.Errorf("generate answer to message %d: %w", job.Args.MessageID, err)
	}
	line.add(slog.Bool("known", answer.Known()), slog.Float64("confidence", answer.Confidence))
	made, err := q.Sessions.Reply(ctx, job.Args.MessageID, answer, func(tx *store.Tx) error {
		return q.engine.complete(ctx, tx, job.JobRow)
	})
	line.add(slog.Bool("made", made))
	return err
}
