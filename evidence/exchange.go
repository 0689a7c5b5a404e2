package evidence

import (
	"net/http"
	"time"

	"github.com/parley-contracts/parley/contract"
)

// Exchange is one request and its response as seen on the wire, with what was
// found in them.
type Exchange struct {
	// ID is unique in a recording: time-ordered, made by the recorder.
	ID string `json:"id"`
	// Time is when the request arrived.
	Time time.Time `json:"time"`
	// Duration is from the request's arrival to the response's last byte.
	Duration time.Duration `json:"duration_ns"`
	// Cause is the ID of the exchange that led to this one, such as the
	// request whose callback this is; empty when it is not known.
	Cause string `json:"cause,omitempty"`
	// Contract is the name of the contract that matched, empty for none.
	Contract string `json:"contract,omitempty"`
	// Operation is the operationId that matched, empty for none.
	Operation string `json:"operation,omitempty"`
	// Callback says that the vendor made the request.
	Callback bool `json:"callback,omitempty"`
	// Request as it arrived.
	Request Message `json:"request"`
	// Response as it was passed on; nil when there was none, see Failure.
	Response *Message `json:"response,omitempty"`
	// Failure says why there was no response, such as "upstream reset the
	// connection"; never with values of the messages.
	Failure string `json:"failure,omitempty"`
	// Findings made before redaction.
	Findings []contract.Finding `json:"findings,omitempty"`
}

// Message is one message of an exchange.
type Message struct {
	// Method and Target of a request; empty in a response.
	Method string `json:"method,omitempty"`
	Target string `json:"target,omitempty"`
	// Status of a response; 0 in a request.
	Status int `json:"status,omitempty"`
	// Header fields; credentials redacted in a recording.
	Header http.Header `json:"header,omitempty"`
	// Body as text; in a recording redacted JSON only. Empty when there was
	// none or when it was not kept, see BodyBytes.
	Body string `json:"body,omitempty"`
	// BodyBytes is the body's length on the wire.
	BodyBytes int64 `json:"body_bytes"`
	// BodySHA256 is the hex digest of a body that is not kept as text.
	BodySHA256 string `json:"body_sha256,omitempty"`
	// Redacted are the JSON Pointers of the values that were replaced in Body.
	Redacted []string `json:"redacted,omitempty"`
	// Account says how the message was accounted for by the check.
	Account contract.Account `json:"account"`
}
