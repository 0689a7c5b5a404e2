package job

import (
	"cmp"
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

// generateWorker answers one question.
type generateWorker struct {
	river.WorkerDefaults[generateArgs]
	queue *Queue
}

// Work asks the generator and stores the answer with all that follows from it.
// When the generator fails at the last attempt the prospect is handed over, so
// that no question stays without an answer.
func (w *generateWorker) Work(ctx context.Context, job *river.Job[generateArgs]) (err error) {
	q := w.queue
	line := q.jobLine(job.JobRow, slog.Int64("message_id", job.Args.MessageID))
	defer func() { line.end(ctx, err) }()

	question, err := q.Store.MessageByID(ctx, job.Args.MessageID)
	if err != nil {
		return fmt.Errorf("read question %d: %w", job.Args.MessageID, err)
	}
	line.add(slog.Int64("conversation_id", question.ConversationID))
	human := intent.HumanWanted(question.Text)
	var answer domain.Answer
	// Whatever the generator knows, it is no person and has no calendar.
	if !human && !q.wish(question).Only {
		answer, err = q.ask(ctx, domain.Inquiry{
			AccountID: question.AccountID, ConversationID: question.ConversationID, MessageID: question.ID,
			AIID: question.AIID, ServiceType: question.ServiceType, Platform: question.Platform, Text: question.Text,
		})
	}
	if err != nil {
		line.add(slog.Bool("generator_failed", true))
		if ctx.Err() != nil || job.Attempt < job.MaxAttempts {
			return fmt.Errorf("generate answer to message %d: %w", question.ID, err)
		}
		answer = domain.Answer{}
	}
	line.add(slog.Bool("known", answer.Known()), slog.Float64("confidence", answer.Confidence))
	text, reason := q.reply(question, answer, human)
	return q.Store.Write(ctx, func(tx *store.Tx) error {
		if err := w.store(ctx, tx, question, answer, text, reason); err != nil {
			return err
		}
		return q.engine.complete(ctx, tx, job.JobRow)
	})
}

// ask turns a panic of the generator into an error, so that it counts as a
// failed attempt like any other.
func (q *Queue) ask(ctx context.Context, inquiry domain.Inquiry) (answer domain.Answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, q.AnswerTimeout)
	defer cancel()
	defer func() {
		if recover() != nil {
			err = errors.New("the generator panicked")
		}
	}()
	return q.Generator.Generate(ctx, inquiry)
}

// reply returns what the prospect is told and why a human is needed, empty for
// no need. A wish to be followed up, or not, is granted by the server itself
// when the generator had nothing to say.
func (q *Queue) reply(question domain.Message, answer domain.Answer, human bool) (string, domain.EmergencyReason) {
	if human {
		return domain.HumanHandOver, domain.HumanRequested
	}
	if answer.Known() {
		return answer.Text, ""
	}
	switch wish := q.wish(question); wish.Wish {
	case intent.Wanted:
		return domain.FollowUpPromise(wish.At.In(cmp.Or(q.Location, time.UTC))), ""
	case intent.Unwanted:
		return domain.FollowUpRefused, ""
	}
	return domain.HandOver, domain.NoConfidentAnswer
}

// store writes the answer, its event, its delivery and what else it leads to.
func (w *generateWorker) store(ctx context.Context, tx *store.Tx, question domain.Message, answer domain.Answer, text string, reason domain.EmergencyReason) error {
	q := w.queue
	if err := tx.LockConversation(ctx, question.ConversationID); err != nil {
		return fmt.Errorf("lock conversation %d: %w", question.ConversationID, err)
	}
	switch _, err := tx.ReplyTo(ctx, question.ID, domain.Reply); {
	case err == nil:
		return nil // An earlier run of this job got as far as this.
	case !errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("look for the answer to message %d: %w", question.ID, err)
	}
	conversation, err := tx.ConversationByID(ctx, question.ConversationID)
	if err != nil {
		return fmt.Errorf("read conversation %d: %w", question.ConversationID, err)
	}
	now := q.Clock.Now()
	reply, err := tx.InsertMessage(ctx, question.Answered(domain.Reply, text, answer), now)
	if err != nil {
		return err
	}
	event, err := tx.InsertEvent(ctx, domain.MessageAnswered, reply, now)
	if err != nil {
		return err
	}
	if question.SendResponseURL != "" {
		body, err := q.Payloads.Answer(question, reply, conversation)
		if err != nil {
			return fmt.Errorf("write answer callback: %w", err)
		}
		if err := q.deliver(ctx, tx, event, domain.ChainProspect, question.SendResponseURL, body, now); err != nil {
			return err
		}
	}
	if reason != "" {
		if err := q.raiseEmergency(ctx, tx, question, conversation, reason, now); err != nil {
			return err
		}
	}
	return q.planFollowUp(ctx, tx, question, now)
}

// raiseEmergency records that a human is needed and, when the account wants to
// hear of it, delivers a notification.
func (q *Queue) raiseEmergency(ctx context.Context, tx *store.Tx, question domain.Message, conversation domain.Conversation, reason domain.EmergencyReason, now time.Time) error {
	event, err := tx.InsertEvent(ctx, domain.EmergencyRaised, question, now)
	if err != nil {
		return err
	}
	account, err := tx.AccountByID(ctx, question.AccountID)
	if err != nil {
		return fmt.Errorf("read account %d: %w", question.AccountID, err)
	}
	if account.EmergencyURL == "" {
		return nil
	}
	body, err := q.Payloads.Emergency(question, conversation, reason)
	if err != nil {
		return fmt.Errorf("write emergency callback: %w", err)
	}
	return q.deliver(ctx, tx, event, domain.ChainEmergency, account.EmergencyURL, body, now)
}
