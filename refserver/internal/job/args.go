package job

import "github.com/riverqueue/river"

// The queues.
const (
	queueAnswer  = "answer"
	queueDeliver = "deliver"
)

// generateArgs asks for the answer to one question. Arguments hold ids alone:
// they are shown to operators and outlive the job.
type generateArgs struct {
	MessageID int64 `json:"message_id"`
}

// Kind names the job.
func (generateArgs) Kind() string { return "generate-answer" }

// InsertOpts sets the queue. After the fifth failure the prospect is handed
// over to a colleague, about six minutes after the first.
func (generateArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueAnswer, MaxAttempts: 5}
}

// followUpArgs asks for the follow-up to one question, if it is still wanted.
type followUpArgs struct {
	MessageID int64 `json:"message_id"`
	// Requested is set when the question asked for it.
	Requested bool `json:"requested,omitempty"`
}

// Kind names the job.
func (followUpArgs) Kind() string { return "follow-up" }

// InsertOpts sets the queue.
func (followUpArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: queueAnswer} }

// deliverArgs asks for the next attempt of one delivery.
type deliverArgs struct {
	DeliveryID int64 `json:"delivery_id"`
}

// Kind names the job.
func (deliverArgs) Kind() string { return "deliver" }

// InsertOpts sets the queue.
func (deliverArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: queueDeliver} }

// answerSessionArgs asks for the agent's answer to one message of a session.
type answerSessionArgs struct {
	MessageID int64 `json:"message_id"`
}

// Kind names the job.
func (answerSessionArgs) Kind() string { return "answer-session" }

// InsertOpts sets the queue. After the fifth failure the message stays without
// an answer, of which MAIA tells nobody.
func (answerSessionArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueAnswer, MaxAttempts: 5}
}

// webhookArgs asks for the next attempt of one webhook's delivery.
type webhookArgs struct {
	DeliveryID int64 `json:"delivery_id"`
}

// Kind names the job.
func (webhookArgs) Kind() string { return "deliver-webhook" }

// InsertOpts sets the queue.
func (webhookArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: queueDeliver} }
