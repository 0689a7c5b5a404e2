package refserver_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/gen/maaxv2"
	"github.com/parley-contracts/parley/refserver"
)

// wednesday is when the stories of this file begin.
var wednesday = time.Date(2026, 3, 4, 10, 30, 15, 0, time.UTC)

// story is a server on a clock that stands still, with an integration that
// notes when callbacks arrive.
type story struct {
	*running
	t    *testing.T
	rec  *receiver
	seen int
}

func tell(t *testing.T, config refserver.Config) *story {
	t.Helper()
	s := &story{t: t, rec: newReceiver(t, nil)}
	config.Clock = refserver.NewVirtualClock(wednesday)
	config.RetryJitter = -1
	config.Seed = &refserver.Seed{EmergencyURL: s.rec.URL + "/emergency"}
	if config.Logger == nil {
		logs := &logBuffer{}
		config.Logger = logs.logger()
		t.Cleanup(func() {
			if t.Failed() {
				t.Log(logs)
			}
		})
	}
	s.running = start(t, config)
	return s
}

// says sends a V2 message and waits for what it leads to at once.
func (s *story) says(text string) int64 {
	s.t.Helper()
	id := sendV2(s.t, s.v2(s.t, s.DevelopmentKey()), sales(text, "ada@example.com", s.rec))
	s.settle()
	return id
}

func (s *story) settle() {
	s.t.Helper()
	if err := s.Settle(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) pass(d time.Duration) {
	s.t.Helper()
	if err := s.Advance(s.t.Context(), d); err != nil {
		s.t.Fatal(err)
	}
}

// told are the callbacks since the last look, as "path: text".
func (s *story) told() []string {
	s.rec.mu.Lock()
	defer s.rec.mu.Unlock()
	var out []string
	for _, r := range s.rec.receipts[s.seen:] {
		text := ""
		for _, name := range []string{"answer", "message", "reason"} {
			if v, ok := r.Body[name]; ok {
				text = v.(string)
			}
		}
		out = append(out, r.Path+": "+text)
	}
	s.seen = len(s.rec.receipts)
	return out
}

func (s *story) wants(what string, want ...string) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.told()); diff != "" {
		s.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const (
	echoed     = "/answer: <p>&lt;b&gt;%s&lt;/b&gt;</p><p>Bye</p>"
	afterPause = "/follow-up: <p>Did that answer your question? We are happy to help with anything else.</p>"
	asAsked    = "/follow-up: <p>You asked us to write to you again. How can we help?</p>"
	handOver   = "/answer: <p>Thank you for your question. A colleague will come back to you about it.</p>"
	emergency  = "/emergency: no confident answer"
)

func answered(text string) string { return fmt.Sprintf(echoed, text) }

func TestFollowUpAfterSilence(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		s := tell(t, refserver.Config{Database: database, Generator: echo, FollowUpDelay: 15 * time.Minute})
		s.says("hello")
		s.pass(15*time.Minute - time.Second)
		s.wants("before the delay is over", answered("hello"))
		s.pass(time.Second)
		s.wants("after the delay", afterPause)
		s.pass(48 * time.Hour)
		s.wants("once only")
	})
}

func TestReplyCancelsFollowUp(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		s := tell(t, refserver.Config{Database: database, Generator: echo, FollowUpDelay: 15 * time.Minute})
		s.says("hello")
		s.pass(10 * time.Minute)
		s.says("still here")
		s.wants("two answers", answered("hello"), answered("still here"))
		s.pass(15*time.Minute - time.Second)
		s.wants("the delay counts from the reply")
		s.pass(time.Second)
		s.wants("after the reply's delay", afterPause)
		// A reply through V1, which has no follow-up, ends the silence too.
		s.says("again")
		v1 := s.v1(t, s.DevelopmentKey())
		send(t, v1, support("by e-mail", "ada@example.com"))
		s.settle()
		s.wants("V2's answer alone is delivered", answered("again"))
		s.pass(24 * time.Hour)
		s.wants("no follow-up after V1")
	})
}

func TestRequestedFollowUp(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text, promise string
		wait          time.Duration
		location      *time.Location
	}{
		"tomorrow at 5":    {"Please message me tomorrow at 5", "Thursday, 5 March 2026, at 17:00 (UTC)", 30*time.Hour + 29*time.Minute + 45*time.Second, nil},
		"in two hours":     {"Remind me in two hours", "Wednesday, 4 March 2026, at 12:30 (UTC)", 2 * time.Hour, nil},
		"elsewhere":        {"Message me at 8 pm", "Wednesday, 4 March 2026, at 20:00 (EAST)", 29*time.Minute + 45*time.Second, time.FixedZone("EAST", 9*60*60)},
		"at no given time": {"Please message me later", "Thursday, 5 March 2026, at 10:30 (UTC)", 24 * time.Hour, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, database string) {
				// However close a passage comes ("the exam takes two hours"), it
				// is not what was asked for; and nobody is alarmed.
				s := tell(t, refserver.Config{Database: database, FollowUpDelay: 15 * time.Minute, Location: tc.location})
				s.says(tc.text)
				s.wants("promise", "/answer: <p>We will write to you again on "+tc.promise+".</p>")
				s.pass(tc.wait - time.Second)
				s.wants("before its time")
				s.pass(time.Second)
				s.wants("at its time", asAsked)
				s.pass(72 * time.Hour)
				s.wants("once only")
			})
		})
	}
}

// TestRequestedFollowUpStands: what the prospect says afterwards does not cancel
// it, and it takes the place of those after a silence until it is made.
func TestRequestedFollowUpStands(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		s := tell(t, refserver.Config{Database: database, Generator: echo, FollowUpDelay: 15 * time.Minute})
		s.says("Call me in two hours")
		s.says("Thanks")
		s.wants("promise and answer", "/answer: <p>We will write to you again on Wednesday, 4 March 2026, at 12:30 (UTC).</p>", answered("Thanks"))
		s.pass(2 * time.Hour)
		s.wants("the one that was asked for", asAsked)
		s.says("Hello again")
		s.pass(15 * time.Minute)
		s.wants("silence counts again", answered("Hello again"), afterPause)
	})
}

func TestLastWishCounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		s := tell(t, refserver.Config{Database: database, Generator: echo, FollowUpDelay: 15 * time.Minute})
		s.says("Call me in two hours")
		s.says("Call me in three hours instead")
		s.told()
		s.pass(3*time.Hour - time.Second)
		s.wants("the first wish is replaced")
		s.pass(time.Second)
		s.wants("the second is granted", asAsked)
		s.says("Remind me in two hours")
		s.says("No need to remind me")
		s.says("What does it cost")
		s.told()
		s.pass(72 * time.Hour)
		s.wants("who refuses is left alone")
	})
}

func TestRefusedFollowUpIsAcknowledged(t *testing.T) {
	t.Parallel()
	s := tell(t, refserver.Config{FollowUpDelay: 15 * time.Minute})
	s.says("Please don't message me again")
	s.pass(72 * time.Hour)
	s.wants("acknowledged, nobody alarmed, no follow-up", "/answer: <p>All right, we will not follow up on this.</p>")
}

// TestWishThroughV1: V1 has nowhere to send a follow-up, so a human is asked to.
func TestWishThroughV1(t *testing.T) {
	t.Parallel()
	s := tell(t, refserver.Config{FollowUpDelay: 15 * time.Minute})
	v1 := s.v1(t, s.DevelopmentKey())
	id := send(t, v1, support("Please message me tomorrow at 5", "ada@example.com"))
	s.settle()
	if got, want := fetch(t, v1, id, common.ServiceTypeCustomerSupportAutomation), "Thank you for your question. A colleague will come back to you about it."; got != want {
		t.Errorf("answer: got %q, want %q", got, want)
	}
	s.pass(72 * time.Hour)
	s.wants("emergency alone", emergency)
}

func TestEmergencyWhenNotConfident(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		s := tell(t, refserver.Config{Database: database})
		s.says("Does my dog need a vaccination?")
		got := s.told()
		if diff := cmp.Diff(map[string]bool{handOver: true, emergency: true}, set(got)); diff != "" || len(got) != 2 {
			t.Errorf("callbacks (-want +got):\n%s", diff)
		}
	})
}

// TestHumanIsAskedFor: the generator is not asked, however much it knows.
func TestHumanIsAskedFor(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		s := tell(t, refserver.Config{Database: database, Generator: echo})
		id := s.says("I want to talk to a human")
		want := map[string]bool{
			"/answer: <p>Of course. A colleague will get in touch with you.</p>": true,
			"/emergency: a human was asked for":                                  true,
		}
		got := s.told()
		if diff := cmp.Diff(want, set(got)); diff != "" || len(got) != 2 {
			t.Errorf("callbacks (-want +got):\n%s", diff)
		}
		for _, r := range s.rec.wait(t, 2) {
			if r.Body["incoming_message_id"] != float64(id) {
				t.Errorf("%s: got message %v, want %d", r.Path, r.Body["incoming_message_id"], id)
			}
		}
		// Through V1 as well, where the answer is plain text.
		v1 := s.v1(t, s.DevelopmentKey())
		id = send(t, v1, support("human please", "ada@example.com"))
		s.settle()
		if got, want := fetch(t, v1, id, common.ServiceTypeCustomerSupportAutomation), "Of course. A colleague will get in touch with you."; got != want {
			t.Errorf("answer by V1: got %q, want %q", got, want)
		}
		s.wants("emergency of the V1 message", "/emergency: a human was asked for")
	})
}

func set(texts []string) map[string]bool {
	out := map[string]bool{}
	for _, text := range texts {
		out[text] = true
	}
	return out
}

// TestFormats is each version's default and what each may ask for; a follow-up
// has the format of its question.
func TestFormats(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		s := tell(t, refserver.Config{Database: database, Generator: echo, FollowUpDelay: time.Minute})
		plain := sales("a < b", "ada@example.com", s.rec)
		plain.OutputFormat = new(maaxv2.OutgoingMessageRequestOutputFormatPlainText)
		sendV2(t, s.v2(t, s.DevelopmentKey()), plain)
		s.settle()
		s.pass(time.Minute)
		s.wants("V2 as plain text", "/answer: <b>a < b</b>\n\nBye",
			"/follow-up: Did that answer your question? We are happy to help with anything else.")
		s.says("a < b")
		s.pass(time.Minute)
		s.wants("V2 by default", answered("a &lt; b"), afterPause)
		v1 := s.v1(t, s.DevelopmentKey())
		html := support("a < b", "ada@example.com")
		html.OutputFormat = new(maaxv1.InitiateAnswerGenerationRequestOutputFormatHTML)
		for want, request := range map[string]maaxv1.InitiateAnswerGenerationRequest{
			"<b>a < b</b>\n\nBye":                          support("a < b", "ada@example.com"),
			"<p>&lt;b&gt;a &lt; b&lt;/b&gt;</p><p>Bye</p>": html,
		} {
			id := send(t, v1, request)
			s.settle()
			if got := fetch(t, v1, id, common.ServiceTypeCustomerSupportAutomation); got != want {
				t.Errorf("answer by V1: got %q, want %q", got, want)
			}
		}
	})
}
