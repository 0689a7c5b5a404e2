package server

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/parley-contracts/parley/contract"
)

// The operationIds of the callbacks of MAAX.
const (
	OperationMAAXAnswer    = "maaxAnswer"
	OperationMAAXFollowUp  = "maaxFollowUp"
	OperationMAAXEmergency = "maaxEmergencyNotification"
)

// Encoding says how the fields of a callback were sent.
type Encoding string

// The encodings that are understood.
const (
	// EncodingNone is a callback whose fields could not be read.
	EncodingNone Encoding = ""
	// EncodingJSON is a JSON object in the body.
	EncodingJSON Encoding = "json"
	// EncodingForm is an HTML form in the body.
	EncodingForm Encoding = "form"
	// EncodingQuery is a call without a body whose fields are in the query.
	EncodingQuery Encoding = "query"
)

// Callback is a call that the vendor made. Its maps and slices belong to the
// handler.
type Callback struct {
	// Operation is the operationId, one of the OperationMAAX and
	// OperationMAIA constants.
	Operation string
	// Method of the call. The contract says POST, which is inferred.
	Method string
	// Header as received.
	Header http.Header
	// Query is the query of the URL without the secret. What the integrator
	// put into the URL it gave to the vendor comes back here, which is the
	// one way to tie an answer to its message that needs no field of the
	// vendor.
	Query url.Values
	// Body is the whole body, byte for byte.
	Body []byte
	// Encoding says where Fields were read from.
	Encoding Encoding
	// Fields are the decoded members, numbers as json.Number, a form field
	// that is repeated as []any. Nil when there are none to read, see Body.
	Fields map[string]any
	// Findings of the check against the contract. An inferred fact that does
	// not hold is a warning, and news: the contract does not know better.
	Findings []contract.Finding
	// RequestID is the id of the call, also in the log and in the answer.
	RequestID string
}

// Text is the text for or about the prospect and the name of the field it was
// found in. MAIA documents the field of a message; see MAIAMessage for the
// others. MAAX documents none, so the names that the contract holds for
// candidates are tried in its order; ok is false when there is none that holds
// a string.
func (c *Callback) Text() (text, name string, ok bool) {
	for _, name := range textCandidates(c.Operation) {
		if s, isString := c.Fields[name].(string); isString {
			return s, name, true
		}
	}
	return "", "", false
}

// ConversationID is the conversation's id and the name of the field it was
// found in, as Text. A number is given in its digits as sent; ok is false when
// the field is neither a number nor a string with something in it.
func (c *Callback) ConversationID() (id, name string, ok bool) { return c.id("conversation_id") }

// IncomingMessageID is the id of the message that is answered, as
// ConversationID.
func (c *Callback) IncomingMessageID() (id, name string, ok bool) { return c.id("incoming_message_id") }

// ProspectID is the prospect's id, as ConversationID.
func (c *Callback) ProspectID() (id, name string, ok bool) { return c.id("prospect_id") }

func (c *Callback) id(name string) (string, string, bool) {
	switch v := c.Fields[name].(type) {
	case json.Number:
		return v.String(), name, true
	case string:
		if v != "" {
			return v, name, true
		}
	}
	return "", "", false
}

// textCandidates are the names of x-candidates in the callbacks contract that
// may hold the text, in its order.
func textCandidates(operation string) []string {
	switch operation {
	case OperationMAAXAnswer:
		return []string{"answer", "response", "message_content", "message"}
	case OperationMAAXFollowUp:
		return []string{"message", "message_content", "answer", "response"}
	case OperationMAAXEmergency:
		return []string{"message_content", "message"}
	case OperationMAIAMessage:
		return []string{"response"}
	default:
		return nil
	}
}
