package evidence

import (
	"net/http"
	"time"

	"github.com/parley-contracts/parley/contract"
)

// Exchange is one request and its response as seen on the wire, with what was
// found in them. It is a value; whoever is handed one must not change the
// headers and slices inside, which it shares with others.
type Exchange struct {
	// ID is unique in a recording and ordered by time, see IDs. The recorder
	// gives one to an exchange that has none.
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
	// Response as it came from whoever was asked; nil when there was none, see
	// Failure and Blocked. A problem document of the proxy's own is not one.
	Response *Message `json:"response,omitempty"`
	// Failure says why there was no response or why it broke off, such as
	// "upstream reset the connection"; never with values of the messages.
	Failure string `json:"failure,omitempty"`
	// Blocked is the message that the enforce mode refused to pass on; empty
	// when both were passed on.
	Blocked contract.Direction `json:"blocked,omitempty"`
	// Findings made before redaction, those of the request first.
	Findings []contract.Finding `json:"findings,omitempty"`
}

// RequestDirection is the direction of the exchange's request.
func (x *Exchange) RequestDirection() contract.Direction {
	if x.Callback {
		return contract.DirectionCallback
	}
	return contract.DirectionRequest
}

// ResponseDirection is the direction of the exchange's response.
func (x *Exchange) ResponseDirection() contract.Direction {
	if x.Callback {
		return contract.DirectionCallbackResponse
	}
	return contract.DirectionResponse
}

// Message is one message of an exchange.
type Message struct {
	// Method and Target of a request; empty in a response. The target is raw,
	// its query values redacted in a recording.
	Method string `json:"method,omitempty"`
	Target string `json:"target,omitempty"`
	// Status of a response; 0 in a request.
	Status int `json:"status,omitempty"`
	// Header fields; credentials redacted in a recording.
	Header http.Header `json:"header,omitempty"`
	// Body as text; in a recording redacted JSON only. Empty when there was
	// none or when it was not kept, see BodyBytes.
	Body string `json:"body,omitempty"`
	// Decoded says that Body is what the body's Content-Encoding had packed.
	Decoded bool `json:"decoded,omitempty"`
	// BodyBytes is the body's length on the wire, as far as it was seen.
	BodyBytes int64 `json:"body_bytes"`
	// BodySHA256 is the hex digest of a body that is not kept as text; empty
	// for one that was beyond the limit, of which not everything was seen.
	BodySHA256 string `json:"body_sha256,omitempty"`
	// Redacted are the JSON Pointers of the values that were replaced in Body.
	Redacted []string `json:"redacted,omitempty"`
	// RedactedParameters are the query parameters and headers whose values
	// were replaced, written as contract.Location writes them: "query email",
	// "header Authorization".
	RedactedParameters []string `json:"redacted_parameters,omitempty"`
	// Account says how the message was accounted for by the check.
	Account contract.Account `json:"account"`
	// Capped says that there were more findings than the contract's limit.
	Capped bool `json:"capped,omitempty"`
}

// checkHeader is the header that Body can be checked with.
func (m *Message) checkHeader() http.Header {
	if !m.Decoded {
		return m.Header
	}
	h := m.Header.Clone()
	h.Del("Content-Encoding")
	return h
}

// bodyKept reports whether the message's body can be checked again.
func (m *Message) bodyKept() bool { return m.BodyBytes == 0 || m.Body != "" }
