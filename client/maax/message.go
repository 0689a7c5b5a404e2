package maax

import (
	"github.com/parley-contracts/parley/client/internal/wire"
	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/gen/maaxv2"
)

// Platform is where the integration will deliver the answer.
type Platform string

// The platforms.
const (
	PlatformWebsite Platform = Platform(common.PlatformWebsite)
	PlatformEmail   Platform = Platform(common.PlatformEmail)
	PlatformSMS     Platform = Platform(common.PlatformSms)
)

// ServiceType is which of the vendor's services answers.
type ServiceType string

// The service types.
const (
	ServiceSupport ServiceType = ServiceType(common.ServiceTypeCustomerSupportAutomation)
	ServiceSales   ServiceType = ServiceType(common.ServiceTypeSalesAutomation)
)

// Format is the form of an answer. V1 and V2 have opposite defaults and names
// for it; the client sends what each of them needs.
type Format int

// The formats.
const (
	FormatText Format = iota
	FormatHTML
)

// Message is one message of a customer.
type Message struct {
	// Content is the message's text; needed.
	Content string
	// Platform is needed.
	Platform Platform
	// ServiceType is needed in V1: it must be given again when the answer is
	// fetched. V2 has ServiceSales only, which may be left out.
	ServiceType ServiceType
	// AIID is the Sales AI that answers, from the vendor's dashboard: needed
	// for ServiceSales, 0 for none.
	AIID int64
	// ProspectID names a known prospect, 0 for none.
	ProspectID int64
	// Prospect describes who is asking; needed in V2, nil for none. In V1 it
	// needs a contact that V1 knows, which Intercom is not.
	Prospect *Prospect
	// ConversationID is the conversation the message belongs to. With 0 the
	// vendor takes the latest one with the prospect, else a new one.
	ConversationID int64
	// Format of the answer; the zero value asks for plain text.
	Format Format
}

// OutgoingMessage is a Message whose answer is called back.
type OutgoingMessage struct {
	Message
	// AnswerURL is where the vendor sends the answer. Nothing in the callback
	// is documented to name the message it answers: put a key of your own into
	// the query.
	AnswerURL string
	// FollowUpURL is where the vendor sends a follow-up message; needed, too.
	FollowUpURL string
}

// fault says which rule a message breaks that both versions have, or "".
func (m Message) fault() string {
	switch {
	case m.Content == "":
		return "Content is empty: give the text of the message"
	case !common.Platform(m.Platform).Valid():
		return "Platform is none of website, email and sms"
	case m.Format != FormatText && m.Format != FormatHTML:
		return "Format is neither FormatText nor FormatHTML"
	default:
		return idFault(m.AIID, m.ProspectID, m.ConversationID)
	}
}

func idFault(ai, prospect, conversation int64) string {
	switch {
	case ai < 0:
		return "AIID is negative: leave it 0 for none"
	case prospect < 0:
		return "ProspectID is negative: leave it 0 for none"
	case conversation < 0:
		return "ConversationID is negative: leave it 0 for none"
	default:
		return ""
	}
}

// v1 is the generated form for V1, or the error of a message that breaks one
// of its rules.
func (m Message) v1() (maaxv1.InitiateAnswerGenerationRequest, *Error) {
	none := maaxv1.InitiateAnswerGenerationRequest{}
	fault := m.fault()
	switch {
	case fault != "":
	case !common.ServiceType(m.ServiceType).Valid():
		fault = "ServiceType is neither ServiceSupport nor ServiceSales"
	case m.ServiceType == ServiceSales && m.AIID == 0:
		fault = "AIID is 0: a sales message names the Sales AI that answers"
	case m.Prospect != nil:
		fault = m.Prospect.fault(false)
	}
	if fault != "" {
		return none, invalid(opInitiate, "%s", fault)
	}
	prospect, err := m.Prospect.wire()
	if err != nil {
		return none, invalid(opInitiate, "Prospect.Phone cannot be sent")
	}
	request := maaxv1.InitiateAnswerGenerationRequest{
		MessageContent: m.Content,
		Platform:       common.Platform(m.Platform),
		ServiceType:    wire.Optional(common.ServiceType(m.ServiceType)),
		ProspectID:     wire.Optional(m.ProspectID),
		ProspectInfo:   prospect,
		ConversationID: wire.Optional(m.ConversationID),
	}
	if m.AIID != 0 {
		request.AIID.Set(m.AIID)
	}
	if m.Format == FormatHTML {
		request.OutputFormat = wire.Optional(maaxv1.InitiateAnswerGenerationRequestOutputFormatHTML)
	}
	return request, nil
}

// v2 is the generated form for V2, or the error of a message that breaks one
// of its rules.
func (m OutgoingMessage) v2() (maaxv2.OutgoingMessageRequest, *Error) {
	none := maaxv2.OutgoingMessageRequest{}
	fault := m.fault()
	switch {
	case fault != "":
	case m.ServiceType != "" && m.ServiceType != ServiceSales:
		fault = "ServiceType is not ServiceSales: V2 has no other"
	case m.AIID == 0:
		fault = "AIID is 0: V2 needs the Sales AI that answers"
	case m.Prospect == nil:
		fault = "Prospect is nil: V2 needs it, also beside ProspectID"
	default:
		fault = firstOf(m.Prospect.fault(true), urlFault("AnswerURL", m.AnswerURL), urlFault("FollowUpURL", m.FollowUpURL))
	}
	if fault != "" {
		return none, invalid(opSend, "%s", fault)
	}
	prospect, err := m.Prospect.wire()
	if err != nil {
		return none, invalid(opSend, "Prospect.Phone cannot be sent")
	}
	request := maaxv2.OutgoingMessageRequest{
		MessageContent:  m.Content,
		Platform:        common.Platform(m.Platform),
		AIID:            m.AIID,
		ServiceType:     maaxv2.OutgoingMessageRequestServiceTypeSalesAutomation,
		ProspectID:      wire.Optional(m.ProspectID),
		ProspectInfo:    *prospect,
		ConversationID:  wire.Optional(m.ConversationID),
		SendResponseURL: m.AnswerURL,
		FollowupURL:     m.FollowUpURL,
	}
	if m.Format == FormatText {
		request.OutputFormat = wire.Optional(maaxv2.OutgoingMessageRequestOutputFormatPlainText)
	}
	return request, nil
}
