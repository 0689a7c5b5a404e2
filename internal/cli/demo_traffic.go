package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/client/maax"
	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/evidence"
)

// expectation is a finding that the sample traffic must give.
type expectation struct {
	rule      contract.Rule
	direction contract.Direction
	location  string
}

// wrongCall is a call of the sample traffic that breaks the contract.
type wrongCall struct {
	title   string
	method  string
	target  string
	body    string
	noKey   bool
	expects []expectation
}

// request says that a finding is expected in the request.
func request(rule contract.Rule, location string) expectation {
	return expectation{rule, contract.DirectionRequest, location}
}

// wrongCalls are mistakes that integrators make, with what must be found.
var wrongCalls = []wrongCall{
	{
		title: "V1: a platform that does not exist", method: http.MethodPost, target: "/api/initiate_answer_generation/",
		body:    `{"message_content":"Hello","platform":"fax","service_type":"customer_support_automation"}`,
		expects: []expectation{request(contract.RuleEnum, "body /platform")},
	},
	{
		title: "V1: no trailing slash", method: http.MethodPost, target: "/api/create-conversation",
		body:    `{"prospect_id":1}`,
		expects: []expectation{request(contract.RulePathTrailingSlash, "path")},
	},
	{
		title: "V1: the history with POST", method: http.MethodPost, target: "/api/get_conversations_history/?conversation_id=1",
		expects: []expectation{request(contract.RuleMethodUnknown, "method")},
	},
	{
		title: "V1: no key", method: http.MethodGet, noKey: true,
		target:  "/api/retrieve_answer/?service_type=customer_support_automation&incoming_message_id=1",
		expects: []expectation{request(contract.RuleSecurityMissing, "header 2hd-api-key")},
	},
	{
		title: "V1: an id that is no number, and the other one forgotten", method: http.MethodGet,
		target: "/api/retrieve_answer/?incoming_message_id=first",
		expects: []expectation{
			request(contract.RuleParameterMissing, "query service_type"),
			request(contract.RuleType, "query incoming_message_id"),
		},
	},
	{
		title: "V2: six mistakes in one body", method: http.MethodPost, target: "/api/v2/outgoing-messages/",
		body: `{"message_content":"","platform":"sms","ai_id":"12","service_type":"sales_automation",` +
			`"prospect_info":{"first_name":"Ada"},"send_response_url":"not a url","mesage":"?"}`,
		expects: []expectation{
			request(contract.RuleRequired, "body"),
			request(contract.RuleType, "body /ai_id"),
			request(contract.RulePropertyUndeclared, "body /mesage"),
			request(contract.RuleMinLength, "body /message_content"),
			request(contract.RuleAnyOf, "body /prospect_info"),
			request(contract.RuleFormat, "body /send_response_url"),
		},
	},
	{
		title: "V2: JSON that is cut short", method: http.MethodPost, target: "/api/v2/outgoing-messages/",
		body:    `{"message_content":"Hello","platfo`,
		expects: []expectation{request(contract.RuleJSONSyntax, "body")},
	},
}

// play sends the sample traffic: first what is right, with the typed client,
// then the mistakes. It returns what was expected, and why it stopped early.
func (s *stage) play(ctx context.Context) (played performance) {
	client, err := maax.New(maax.Config{
		BaseURL: s.proxy, APIKey: s.refserver.DevelopmentKey(),
		FirstPoll: 100 * time.Millisecond, PollInterval: 100 * time.Millisecond, UserAgent: "parley-demo",
	})
	if err != nil {
		return performance{err: err}
	}
	defer client.Close()
	steps := []func(context.Context, *maax.Client) error{s.playV1, s.playV2}
	for _, step := range steps {
		if err := step(ctx, client); err != nil {
			return performance{err: err}
		}
	}
	for _, w := range wrongCalls {
		s.title(w.title)
		if err := s.wrong(ctx, w); err != nil {
			return performance{err: err}
		}
		played.expected = append(played.expected, w.expects...)
	}
	return played
}

// playV1 sends a message, waits for its answer and reads the history.
func (s *stage) playV1(ctx context.Context, client *maax.Client) error {
	s.title("V1: a question, polled until its answer is ready")
	ada := &maax.Prospect{FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.com"}
	answer, err := client.SendAndWait(ctx, maax.Message{
		Content: "How do I reset my password?", Platform: maax.PlatformEmail, ServiceType: maax.ServiceSupport, Prospect: ada,
	})
	if err != nil {
		return fmt.Errorf("V1 question: %w", err)
	}
	s.tell("answer: %s", answer.Text)
	s.title("V1: a new conversation and its history")
	id, err := client.CreateConversation(ctx, maax.Conversation{Prospect: ada})
	if err != nil {
		return fmt.Errorf("V1 conversation: %w", err)
	}
	history, err := client.History(ctx, id, "")
	if err != nil {
		return fmt.Errorf("V1 history: %w", err)
	}
	s.tell("conversation %d has %s", id, count(int64(len(history.Messages)), "message"))
	return nil
}

// playV2 sends a message, waits for the callback and reads the history.
func (s *stage) playV2(ctx context.Context, client *maax.Client) error {
	s.title("V2: a question, answered by a callback")
	id, err := client.Send(ctx, maax.OutgoingMessage{
		Message: maax.Message{
			Content: "What does a course cost?", Platform: maax.PlatformSMS, ServiceType: maax.ServiceSales, AIID: 1,
			Prospect: &maax.Prospect{FirstName: "Grace", Phone: "+15550101"},
		},
		AnswerURL:   s.receiver + "/maax/answer?message=demo",
		FollowUpURL: s.receiver + "/maax/follow-up",
	})
	if err != nil {
		return fmt.Errorf("V2 question: %w", err)
	}
	s.tell("message %d accepted", id)
	select {
	case c := <-s.callbacks:
		text, field, _ := c.Text()
		s.tell("callback for message=%s, field %q: %s", c.Query.Get("message"), field, text)
		s.title("V2: the history of its conversation")
		return s.historyV2(ctx, client, c.ConversationID)
	case <-ctx.Done():
		return errors.New("V2 question: no callback came")
	}
}

// historyV2 reads the history of the conversation that a callback names.
func (s *stage) historyV2(ctx context.Context, client *maax.Client, named func() (string, string, bool)) error {
	text, _, ok := named()
	if !ok {
		return errors.New("V2 history: the callback named no conversation")
	}
	var id int64
	if _, err := fmt.Sscan(text, &id); err != nil {
		return fmt.Errorf("V2 history: conversation id: %w", err)
	}
	history, err := client.HistoryV2(ctx, id)
	if err != nil {
		return fmt.Errorf("V2 history: %w", err)
	}
	s.tell("conversation %d has %s", id, count(int64(len(history.Messages)), "message"))
	return nil
}

// wrong sends a call that the typed client would not let through.
func (s *stage) wrong(ctx context.Context, w wrongCall) error {
	req, err := http.NewRequestWithContext(ctx, w.method, s.proxy+w.target, bytes.NewReader([]byte(w.body)))
	if err != nil {
		return fmt.Errorf("%s: %w", w.title, err)
	}
	if w.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if !w.noKey {
		req.Header.Set("2hd-api-key", s.refserver.DevelopmentKey())
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("%s: %w", w.title, err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)); err != nil {
		return fmt.Errorf("%s: %w", w.title, err)
	}
	s.tell("the reference server answers %d", res.StatusCode)
	return s.heard(ctx)
}

// heard waits until the proxy has handed on the exchange, and prints it.
func (s *stage) heard(ctx context.Context) error {
	select {
	case x := <-s.lines:
		s.print(x)
		return nil
	case <-ctx.Done():
		return errors.New("the proxy did not hand on an exchange")
	}
}

// title begins a step, after what was found in the one before.
func (s *stage) title(title string) {
	s.drain()
	fmt.Fprintf(s.to.out, "\n-- %s\n", title)
}

// tell prints what happened in a step.
func (s *stage) tell(format string, args ...any) { fmt.Fprintf(s.to.out, "   "+format+"\n", args...) }

// drain prints the exchanges that wait.
func (s *stage) drain() {
	for {
		select {
		case x := <-s.lines:
			s.print(x)
		default:
			return
		}
	}
}

// print prints the findings of an exchange.
func (s *stage) print(x evidence.Exchange) {
	for _, f := range x.Findings {
		s.tell("%s", f)
	}
}
