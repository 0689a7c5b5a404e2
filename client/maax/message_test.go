package maax

import (
	"errors"
	"strings"
	"testing"
)

func TestMessageRules(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers(`200 {"incoming_message_id":1}`))
	c := newTestClient(t, v.URL, Config{})
	const noContact = "Prospect has no contact: give Email, Phone, Instagram or Facebook"
	for _, tc := range []struct {
		name   string
		change func(*Message)
		want   string
	}{
		{"as it is", func(*Message) {}, ""},
		{"no content", func(m *Message) { m.Content = "" }, "Content is empty: give the text of the message"},
		{"no platform", func(m *Message) { m.Platform = "" }, "Platform is none of website, email and sms"},
		{"unknown platform", func(m *Message) { m.Platform = "fax" }, "Platform is none of website, email and sms"},
		{"no service", func(m *Message) { m.ServiceType = "" }, "ServiceType is neither ServiceSupport nor ServiceSales"},
		{"sales without AI", func(m *Message) { m.ServiceType = ServiceSales }, "AIID is 0: a sales message names the Sales AI that answers"},
		{"sales with AI", func(m *Message) { m.ServiceType, m.AIID = ServiceSales, 12 }, ""},
		{"support with AI", func(m *Message) { m.AIID = 12 }, ""},
		{"negative AI", func(m *Message) { m.AIID = -1 }, "AIID is negative: leave it 0 for none"},
		{"negative prospect", func(m *Message) { m.ProspectID = -1 }, "ProspectID is negative: leave it 0 for none"},
		{"negative conversation", func(m *Message) { m.ConversationID = -1 }, "ConversationID is negative: leave it 0 for none"},
		{"unknown format", func(m *Message) { m.Format = 7 }, "Format is neither FormatText nor FormatHTML"},
		{"known prospect", func(m *Message) { m.Prospect, m.ProspectID = nil, 9107 }, ""},
		{"no prospect", func(m *Message) { m.Prospect = nil }, ""},
		{"no first name", func(m *Message) { m.Prospect.FirstName = "" }, "Prospect.FirstName is empty: it is needed to describe a prospect"},
		{"no contact", func(m *Message) { m.Prospect = &Prospect{FirstName: "Ada", LastName: "Lovelace"} }, noContact},
		{"Intercom is none", func(m *Message) { m.Prospect = &Prospect{FirstName: "Ada", Intercom: "ada"} }, noContact},
		{"phone", func(m *Message) { m.Prospect = &Prospect{FirstName: "Ada", Phone: "1"} }, ""},
		{"Instagram", func(m *Message) { m.Prospect = &Prospect{FirstName: "Ada", Instagram: "ada"} }, ""},
		{"Facebook", func(m *Message) { m.Prospect = &Prospect{FirstName: "Ada", Facebook: "ada"} }, ""},
	} {
		m := message()
		tc.change(&m)
		_, err := c.Initiate(t.Context(), m)
		checkFault(t, v, tc.name, opInitiate, err, tc.want)
		if tc.want != "" {
			_, err := c.SendAndWait(t.Context(), m)
			checkFault(t, v, tc.name+", waiting", opInitiate, err, tc.want)
		}
	}
}

func TestOutgoingRules(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers(`200 {"incoming_message_id":1}`))
	c := newTestClient(t, v.URL, Config{})
	for _, tc := range []struct {
		name   string
		change func(*OutgoingMessage)
		want   string
	}{
		{"as it is", func(*OutgoingMessage) {}, ""},
		{"no content", func(m *OutgoingMessage) { m.Content = "" }, "Content is empty: give the text of the message"},
		{"support", func(m *OutgoingMessage) { m.ServiceType = ServiceSupport }, "ServiceType is not ServiceSales: V2 has no other"},
		{"no AI", func(m *OutgoingMessage) { m.AIID = 0 }, "AIID is 0: V2 needs the Sales AI that answers"},
		{"no prospect", func(m *OutgoingMessage) { m.Prospect, m.ProspectID = nil, 9107 }, "Prospect is nil: V2 needs it, also beside ProspectID"},
		{"no first name", func(m *OutgoingMessage) { m.Prospect.FirstName = "" }, "Prospect.FirstName is empty: it is needed to describe a prospect"},
		{"no contact", func(m *OutgoingMessage) { m.Prospect = &Prospect{FirstName: "Ada", LastName: "Lovelace"} }, "Prospect has no contact: give Email, Phone, Instagram, Facebook or Intercom"},
		{"Intercom", func(m *OutgoingMessage) { m.Prospect = &Prospect{FirstName: "Ada", Intercom: "ada"} }, ""},
		{"no answer URL", func(m *OutgoingMessage) { m.AnswerURL = "" }, "AnswerURL is empty: V2 calls it"},
		{"relative answer URL", func(m *OutgoingMessage) { m.AnswerURL = "/hidden" }, "AnswerURL is not an absolute http or https URL"},
		{"broken answer URL", func(m *OutgoingMessage) { m.AnswerURL = "https://hidden:port/" }, "AnswerURL is not an absolute http or https URL"},
		{"no follow-up URL", func(m *OutgoingMessage) { m.FollowUpURL = "" }, "FollowUpURL is empty: V2 calls it"},
		{"follow-up by mail", func(m *OutgoingMessage) { m.FollowUpURL = "mailto:ada@example.com" }, "FollowUpURL is not an absolute http or https URL"},
	} {
		m := outgoing()
		tc.change(&m)
		_, err := c.Send(t.Context(), m)
		checkFault(t, v, tc.name, opSend, err, tc.want)
	}
}

func TestOtherRules(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers(`200 {"conversation_id":1,"messages_in_conversation":[]}`))
	c := newTestClient(t, v.URL, Config{})
	ctx := t.Context()
	for _, tc := range []struct {
		name         string
		conversation Conversation
		want         string
	}{
		{"neither", Conversation{}, "neither ProspectID nor Prospect is given: name or describe the prospect"},
		{"negative", Conversation{ProspectID: -1}, "ProspectID is negative: leave it 0 for none"},
		{"no contact", Conversation{ProspectID: 1, Prospect: &Prospect{FirstName: "Ada"}}, "Prospect has no contact: give Email, Phone, Instagram or Facebook"},
		{"known", Conversation{ProspectID: 1}, ""},
		{"described", Conversation{Prospect: &Prospect{FirstName: "Ada", Phone: "1"}}, ""},
	} {
		_, err := c.CreateConversation(ctx, tc.conversation)
		checkFault(t, v, tc.name, opCreate, err, tc.want)
	}
	const notPositive = "the conversation id is not positive: give the one that the vendor returned"
	_, err := c.History(ctx, 0, "")
	checkFault(t, v, "no id", opHistory, err, notPositive)
	_, err = c.HistoryV2(ctx, -1)
	checkFault(t, v, "no id", opHistoryV2, err, notPositive)
	_, err = c.History(ctx, 1, "other")
	checkFault(t, v, "service", opHistory, err, "the service type is neither ServiceSupport nor ServiceSales: leave it empty for any")
	_, _, err = c.RetrieveAnswer(ctx, 1, "")
	checkFault(t, v, "service", opRetrieve, err, "the service type is neither ServiceSupport nor ServiceSales")
}

// checkFault wants no error for "", else the fault and that nothing was sent.
func checkFault(t *testing.T, v *vendor, name string, op operation, err error, want string) {
	t.Helper()
	sent := len(v.seen())
	v.mu.Lock()
	v.calls = nil
	v.mu.Unlock()
	if want == "" {
		if err != nil || sent != 1 {
			t.Errorf("%s: got %v, %d calls, want one", name, err, sent)
		}
		return
	}
	e := asError(t, err)
	if err.Error() != "maax: "+string(op)+": "+want || !errors.Is(err, ErrInvalid) || e.Wire() || e.RequestSent || e.Temporary() || sent != 0 {
		t.Errorf("%s: got %q (sent %t, %d calls), want %q unsent", name, err, e.RequestSent, sent, want)
	}
	if strings.Contains(err.Error(), "hidden") {
		t.Errorf("%s: the error quotes the value: %v", name, err)
	}
}
