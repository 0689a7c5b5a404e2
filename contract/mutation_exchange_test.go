package contract_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
)

// exchange is one message in parts, so that one of them can be broken.
type exchange struct {
	// name says which message it is: "request", "response 200", "callback".
	name        string
	method      string
	template    string
	path        map[string]string
	query       url.Values
	header      http.Header
	contentType string
	body        any
	hasBody     bool
	status      int
}

// clone is a copy of which any part may be changed.
func (e exchange) clone() exchange {
	e.path, e.query, e.header = maps.Clone(e.path), maps.Clone(e.query), e.header.Clone()
	e.body = deepCopy(e.body)
	return e
}

func deepCopy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, item := range v {
			out[k] = deepCopy(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = deepCopy(item)
		}
		return out
	default:
		return v
	}
}

// target is the request target.
func (e exchange) target() string {
	target := e.template
	for name, value := range e.path {
		escaped := url.PathEscape(value)
		if strings.Contains(value, "/") { // a path of its own, as x-wildcard has it
			escaped = value
		}
		target = strings.ReplaceAll(target, "{"+name+"}", escaped)
	}
	if len(e.query) > 0 {
		target += "?" + e.query.Encode()
	}
	return target
}

// mutated is one document whose facts are broken.
type mutated struct {
	t    testing.TB
	name string
	// contract says nothing of what is not declared, strict does.
	contract, strict *contract.Contract
	doc              *openapi3.T
	score            *score
}

func newMutated(t testing.TB, name string, s *score) *mutated {
	t.Helper()
	c, err := contract.Load(api.FS, name, contract.Config{MaxBodyBytes: 64 << 20, Undeclared: contract.SeverityOff})
	if err != nil {
		t.Fatal(err)
	}
	strict, err := contract.Load(api.FS, name, contract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) { return api.FS.ReadFile(location.Path) }
	doc, err := loader.LoadFromURI(&url.URL{Path: name})
	if err != nil {
		t.Fatal(err)
	}
	return &mutated{t: t, name: c.Name(), contract: c, strict: strict, doc: doc, score: s}
}

// operationUnderTest is one operation or callback with how its messages are
// checked.
type operationUnderTest struct {
	*mutated
	id       string
	template string
	source   *openapi3.Operation
	params   openapi3.Parameters
	callback bool
}

// breakAll breaks everything that the document says.
func (m *mutated) breakAll() {
	for _, template := range slices.Sorted(maps.Keys(m.doc.Paths.Map())) {
		item := m.doc.Paths.Value(template)
		for method, op := range item.Operations() {
			u := &operationUnderTest{mutated: m, id: op.OperationID, template: template, source: op, params: slices.Concat(item.Parameters, op.Parameters)}
			u.callback = m.name == "callbacks"
			u.breakOperation(method)
			for _, name := range slices.Sorted(maps.Keys(op.Callbacks)) {
				for _, expression := range slices.Sorted(maps.Keys(op.Callbacks[name].Value.Map())) {
					inner := op.Callbacks[name].Value.Value(expression)
					for method, call := range inner.Operations() {
						c := &operationUnderTest{mutated: m, id: call.OperationID, template: "/", source: call, params: slices.Concat(inner.Parameters, call.Parameters), callback: true}
						c.breakOperation(method)
					}
				}
			}
		}
	}
}

// check gives the message to the contract.
func (u *operationUnderTest) check(e exchange) contract.Result {
	var body []byte
	if e.hasBody {
		var err error
		if body, err = encodeExactly(e.body); err != nil {
			u.t.Fatal(err)
		}
	}
	header := e.header.Clone()
	if e.contentType != "" {
		header.Set("Content-Type", e.contentType)
	}
	request := &contract.Request{Method: e.method, Target: e.target(), Header: header, Body: body}
	response := &contract.Response{Status: e.status, Header: header, Body: body}
	switch {
	case e.status != 0 && u.callback:
		return u.contract.CheckCallbackResponse(u.id, response)
	case e.status != 0:
		return u.contract.CheckResponse(u.contract.Operation(u.id), response)
	case u.callback:
		return u.contract.CheckCallback(u.id, request)
	default:
		return u.contract.CheckRequest(request)
	}
}

// fact is the name of a fact of a message.
func (u *operationUnderTest) fact(e exchange, at contract.Location, what string) string {
	return fmt.Sprintf("%s %s %s: %s %s", u.name, u.id, e.name, at, what)
}

// clean reports whether a message that should be valid is.
func (u *operationUnderTest) clean(e exchange, what string) bool {
	r := u.check(e)
	if len(r.Findings) > 0 || r.Account != contract.AccountValidated {
		u.score.problem("%s %s %s %s is not valid: %s %v", u.name, u.id, e.name, what, r.Account, r.Findings)
		return false
	}
	return true
}

// breakOperation breaks the requests and the responses of an operation.
func (u *operationUnderTest) breakOperation(method string) {
	for _, e := range u.requests(method) {
		if u.clean(e, "of the examples") {
			u.breakRequest(e)
		}
	}
	responses := u.source.Responses.Map()
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		for _, e := range u.answers(status, responses[status].Value) {
			if u.clean(e, "of the examples") {
				u.breakResponse(e, responses[status].Value)
			}
		}
	}
	if responses["default"] == nil {
		e := exchange{name: "response", status: 599, header: http.Header{}}
		at := contract.Location{In: contract.PartStatus}
		u.score.try(u.fact(e, at, "responses"), []place{{rule: contract.RuleStatusUndeclared, at: at}}, u.check(e))
	}
}

// requests are valid requests of an operation, one for each example of a body.
func (u *operationUnderTest) requests(method string) []exchange {
	e := exchange{name: "request", method: method, template: u.template, path: map[string]string{}, query: url.Values{}, header: http.Header{}}
	if u.callback {
		e.name = "callback"
	}
	for _, p := range u.params {
		value := exampleOf(p.Value)
		switch p.Value.In {
		case "path":
			e.path[p.Value.Name] = textOf(value)
		case "query":
			if members, ok := value.(map[string]any); ok {
				for name, member := range members {
					e.query.Set(name, textOf(member))
				}
				continue
			}
			e.query.Set(p.Value.Name, textOf(value))
		case "header":
			e.header.Set(p.Value.Name, textOf(value))
		}
	}
	for _, c := range u.credentials() {
		e.header.Set(c.name, c.value)
	}
	if u.source.RequestBody == nil {
		return []exchange{e}
	}
	return u.bodies(e, u.source.RequestBody.Value.Content)
}

type testCredential struct{ name, value string }

// credentials are those of the first way to authenticate.
func (u *operationUnderTest) credentials() (out []testCredential) {
	requirements := u.doc.Security
	if u.source.Security != nil {
		requirements = *u.source.Security
	}
	if len(requirements) == 0 {
		return nil
	}
	for name := range requirements[0] {
		switch scheme := u.doc.Components.SecuritySchemes[name].Value; {
		case scheme.Type == "http":
			out = append(out, testCredential{"Authorization", "Bearer token"})
		case scheme.Type == "apiKey" && scheme.In == "header":
			out = append(out, testCredential{scheme.Name, "key"})
		default:
			u.score.problem("%s: security scheme %s is of a kind that the test does not know", u.name, name)
		}
	}
	return out
}

// answers are valid responses of a status, one for each example.
func (u *operationUnderTest) answers(status string, source *openapi3.Response) []exchange {
	e := exchange{name: "response " + status, header: http.Header{}}
	switch {
	case status == "default":
		e.status = 599
	case strings.HasSuffix(status, "XX"):
		e.status, _ = strconv.Atoi(status[:1] + "99")
	default:
		e.status, _ = strconv.Atoi(status)
	}
	for name, h := range source.Headers {
		e.header.Set(name, textOf(exampleOf(&h.Value.Parameter)))
	}
	if len(source.Content) == 0 {
		return []exchange{e}
	}
	return u.bodies(e, source.Content)
}

// bodies are the message with each example of each media type.
func (u *operationUnderTest) bodies(e exchange, content openapi3.Content) (out []exchange) {
	for _, mediaType := range slices.Sorted(maps.Keys(content)) {
		media := content[mediaType]
		examples := []any{}
		if media.Example != nil {
			examples = append(examples, media.Example)
		}
		for _, name := range slices.Sorted(maps.Keys(media.Examples)) {
			examples = append(examples, media.Examples[name].Value.Value)
		}
		if len(examples) == 0 {
			u.score.problem("%s %s %s %s has no example", u.name, u.id, e.name, mediaType)
		}
		for _, example := range examples {
			with := e.clone()
			with.contentType, with.body, with.hasBody = mediaType, normal(u.t, example), true
			out = append(out, with)
		}
	}
	return out
}

// normal is a value as it is read from JSON, numbers as they are written.
func normal(t testing.TB, v any) any {
	t.Helper()
	text, err := encodeExactly(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := decodeExactly(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
