package register

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// MaxHistory is how many exchanges of a history probes see: the latest ones.
const MaxHistory = 32

// Exchange is what probes are asked about: a request with its response, a
// callback, or a request with its response and one callback that it led to. A
// request that led to several callbacks is asked about once per callback.
type Exchange struct {
	// Contract is the name of the contract that matched, empty for none.
	Contract string
	// Operation is the operationId that the request matched, empty for none.
	Operation string
	// Request is nil when it is not known, as for a callback whose cause is
	// not known.
	Request *Request
	// Response is nil when there was none, or no request.
	Response *Response
	// Callback is nil when there was none so far.
	Callback *Callback
	// Age is only looked at in a history: by how much the request came before
	// the one voted on, negative when after.
	Age time.Duration
	// History holds related exchanges that were seen before this one: of the
	// same conversation, session, prospect, message or cause, oldest first.
	// Only its last MaxHistory are used, and their own histories are not.
	History []Exchange
}

// Request is a request as probes see it.
type Request struct {
	// Method is upper case.
	Method string
	// Host is the host the call went to, with its port if it has one.
	Host string
	// Target is the raw request target: path and, after "?", the query.
	Target string
	// Header as on the wire; probes see lower-case names.
	Header http.Header
	// Body decoded, see DecodeBody.
	Body Body
}

// Response is a response as probes see it.
type Response struct {
	// Status is the status code.
	Status int
	// Header as on the wire; probes see lower-case names.
	Header http.Header
	// Body decoded, see DecodeBody.
	Body Body
	// Delay is from the request's arrival to the response; 0 is not known.
	Delay time.Duration
}

// Callback is a vendor's call as probes see it.
type Callback struct {
	// Operation is the operationId of the callback in its contract.
	Operation string
	// Method is upper case.
	Method string
	// Target is the raw request target as in Request.
	Target string
	// Header as on the wire; probes see lower-case names.
	Header http.Header
	// Body decoded, see DecodeBody.
	Body Body
	// Delay is from the arrival of the request that caused it; 0 is not known.
	Delay time.Duration
	// Status is how the integration acknowledged it; 0 is not known.
	Status int
}

// variables are the exchange's values for the expressions of probes.
func (x *Exchange) variables() map[string]any {
	vars := x.element()
	history := x.History
	if len(history) > MaxHistory {
		history = history[len(history)-MaxHistory:]
	}
	list := make([]any, len(history))
	for i := range history {
		element := history[i].element()
		element["age_seconds"] = history[i].Age.Seconds()
		list[i] = element
	}
	vars["history"] = list
	return vars
}

// element is the exchange without its history. What is not known is absent, so
// that an expression that needs it fails and says nothing.
func (x *Exchange) element() map[string]any {
	request, response, callback := map[string]any{}, map[string]any{}, map[string]any{}
	if r := x.Request; r != nil {
		request["method"] = r.Method
		request["host"] = r.Host
		request["header"] = headers(r.Header)
		target(request, r.Target)
		body(request, &r.Body)
	}
	if r := x.Response; r != nil {
		response["status"] = int64(r.Status)
		response["header"] = headers(r.Header)
		delay(response, r.Delay)
		body(response, &r.Body)
	}
	if c := x.Callback; c != nil {
		callback["operation"] = c.Operation
		callback["method"] = c.Method
		callback["header"] = headers(c.Header)
		target(callback, c.Target)
		delay(callback, c.Delay)
		body(callback, &c.Body)
		if c.Status != 0 {
			callback["status"] = int64(c.Status)
		}
	}
	return map[string]any{"operation": x.Operation, "request": request, "response": response, "callback": callback}
}

// target adds the parts of a request target.
func target(to map[string]any, raw string) {
	path, query, _ := strings.Cut(raw, "?")
	to["path"] = path
	segments := []any{}
	if trimmed := strings.Trim(path, "/"); trimmed != "" {
		for segment := range strings.SplitSeq(trimmed, "/") {
			if decoded, err := url.PathUnescape(segment); err == nil {
				segment = decoded
			}
			segments = append(segments, segment)
		}
	}
	to["path_segments"] = segments
	// A query that does not parse whole keeps the pairs that do.
	values, _ := url.ParseQuery(query)
	to["query"] = lists(values)
}

// body adds what is known of a body.
func body(to map[string]any, b *Body) {
	kind := b.Type
	if kind == "" {
		kind = BodyNone
	}
	to["body_type"] = string(kind)
	to["size"] = b.Size
	if b.Decoded {
		to["body"] = b.Value
	}
}

// delay adds a delay that is known.
func delay(to map[string]any, d time.Duration) {
	if d != 0 {
		to["delay_seconds"] = d.Seconds()
	}
}

// headers maps lower-case names to values.
func headers(h http.Header) map[string]any {
	lower := make(map[string][]string, len(h))
	for name, values := range h {
		name = strings.ToLower(name)
		lower[name] = append(lower[name], values...)
	}
	return lists(lower)
}

// lists makes the lists ones of any value, as those of decoded JSON are.
func lists(values map[string][]string) map[string]any {
	converted := make(map[string]any, len(values))
	for name, list := range values {
		elements := make([]any, len(list))
		for i, element := range list {
			elements[i] = element
		}
		converted[name] = elements
	}
	return converted
}
