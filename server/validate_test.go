package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
	maaxv2 "github.com/parley-contracts/parley/gen/maaxv2/ginserver"
	"github.com/parley-contracts/parley/server"
)

// TestValidateRefuses sends what a generated server alone would take.
func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	with := func(old, replacement string) string {
		if !strings.Contains(goodSend, old) {
			t.Fatalf("the good body has no %s", old)
		}
		return strings.Replace(goodSend, old, replacement, 1)
	}
	tests := []struct {
		name   string
		call   call
		status int
		rule   contract.Rule // one of the findings; empty for none at all
		allow  string
	}{
		{name: "empty object", call: call{method: "POST", target: pathSend, body: `{}`},
			status: 400, rule: contract.RuleRequired},
		{name: "no body", call: call{method: "POST", target: pathSend},
			status: 400, rule: contract.RuleBodyMissing},
		{name: "no content type", call: call{method: "POST", target: pathSend, body: goodSend, header: http.Header{"Content-Type": nil}},
			status: 400, rule: contract.RuleContentTypeMissing},
		{name: "wrong content type", call: call{method: "POST", target: pathSend, body: goodSend, header: http.Header{"Content-Type": {"text/plain"}}},
			status: 400, rule: contract.RuleContentTypeUnknown},
		{name: "garbage after the value", call: call{method: "POST", target: pathSend, body: goodSend + "secret-garbage"},
			status: 400, rule: contract.RuleJSONTrailingBytes},
		{name: "not JSON", call: call{method: "POST", target: pathSend, body: `{"message_content":secret-word}`},
			status: 400, rule: contract.RuleJSONSyntax},
		{name: "member twice", call: call{method: "POST", target: pathSend, body: with(`"ai_id":12`, `"ai_id":12,"ai_id":77`)},
			status: 400, rule: contract.RuleJSONDuplicateName},
		{name: "case twin", call: call{method: "POST", target: pathSend, body: with(`"ai_id":12`, `"ai_id":12,"AI_ID":77`)},
			status: 400, rule: contract.RuleJSONCaseTwin},
		{name: "required member in the wrong case", call: call{method: "POST", target: pathSend, body: with(`"ai_id"`, `"AI_ID"`)},
			status: 400, rule: contract.RuleRequired},
		{name: "value not in the enum", call: call{method: "POST", target: pathSend, body: with(`"sms"`, `"secret-fax"`)},
			status: 400, rule: contract.RuleEnum},
		{name: "wrong type", call: call{method: "POST", target: pathSend, body: with(`12`, `"secret-12"`)},
			status: 400, rule: contract.RuleType},
		{name: "wrong method", call: call{method: "GET", target: pathSend},
			status: 405, rule: contract.RuleMethodUnknown, allow: "POST"},
		{name: "history by another method", call: call{method: "POST", target: pathHist + "?conversation_id=1"},
			status: 405, rule: contract.RuleMethodUnknown, allow: "GET"},
		{name: "unknown path", call: call{method: "GET", target: "/api/v3/secret"},
			status: 404, rule: contract.RulePathUnknown},
		{name: "no trailing slash", call: call{method: "POST", target: strings.TrimSuffix(pathSend, "/"), body: goodSend},
			status: 404, rule: contract.RulePathTrailingSlash},
		{name: "repeated parameter", call: call{method: "GET", target: pathHist + "?conversation_id=1&conversation_id=2"},
			status: 400, rule: contract.RuleParameterRepeated},
		{name: "parameter not an integer", call: call{method: "GET", target: pathHist + "?conversation_id=secret"},
			status: 400, rule: contract.RuleType},
		{name: "path parameter not an integer", call: call{method: "POST", target: "/api/v2/conversations/secret/"},
			status: 400, rule: contract.RuleType},
		{name: "wrong key before a wrong body", call: call{method: "POST", target: pathSend, body: `{}`, header: http.Header{"2hd-Api-Key": {"secret-key"}}},
			status: 401},
		{name: "no key", call: call{method: "POST", target: pathSend, body: goodSend, header: http.Header{"2hd-Api-Key": nil}},
			status: 401},
		{name: "too large", call: call{method: "POST", target: pathSend, body: `"` + strings.Repeat("secret", 1000) + `"`},
			status: 413, rule: contract.RuleBodyTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, func(c *server.Config, _ *gin.Engine) { c.MaxBodyBytes = 2000 })
			s.handlers.send = func(context.Context, maaxv2.CreateOutgoingMessageRequestObject) (maaxv2.CreateOutgoingMessageResponseObject, error) {
				t.Error("the handler was called")
				return nil, errors.New("called")
			}
			a := s.do(t, tt.call)
			if a.status != tt.status {
				t.Errorf("status = %d, want %d; body %s", a.status, tt.status, a.body)
			}
			if got := a.header.Get("Allow"); got != tt.allow {
				t.Errorf("Allow = %q, want %q", got, tt.allow)
			}
			var body map[string]string
			if err := json.Unmarshal([]byte(a.body), &body); err != nil || body["error"] == "" || len(body) != 1 {
				t.Errorf("body = %s, want one member, error", a.body)
			}
			if strings.Contains(a.body, "secret") || strings.Contains(s.log.String(), "secret") {
				t.Errorf("a value of the request got out: answer %s, log %s", a.body, s.log)
			}
			o := s.only(t)
			if !o.Refused || o.Status != tt.status || o.Direction != contract.DirectionRequest || o.Result.Account == "" {
				t.Errorf("outcome = %+v, want a refusal with status %d", o, tt.status)
			}
			if tt.rule != "" && !hasRule(o.Result.Findings, tt.rule) {
				t.Errorf("findings = %v, want %s among them", o.Result.Findings, tt.rule)
			}
			if tt.rule == "" && len(o.Result.Findings) > 0 {
				t.Errorf("findings = %v, want none before the check", o.Result.Findings)
			}
		})
	}
}

func hasRule(findings []contract.Finding, rule contract.Rule) bool {
	for _, f := range findings {
		if f.Rule == rule {
			return true
		}
	}
	return false
}

func TestValidatePasses(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	var got maaxv2.CreateOutgoingMessageRequestObject
	s.handlers.send = func(_ context.Context, r maaxv2.CreateOutgoingMessageRequestObject) (maaxv2.CreateOutgoingMessageResponseObject, error) {
		got = r
		return maaxv2.CreateOutgoingMessage200JSONResponse{IncomingMessageID: 5}, nil
	}
	a := s.do(t, call{method: "POST", target: pathSend, body: goodSend})
	if a.status != http.StatusOK || strings.TrimSpace(a.body) != `{"incoming_message_id":5}` {
		t.Fatalf("answer = %d %s", a.status, a.body)
	}
	if got.Body == nil || got.Body.AIID != 12 || got.Body.MessageContent != "What does the course cost?" {
		t.Errorf("handler got %+v", got.Body)
	}
	if o := s.only(t); o.Refused || o.Result.Account != contract.AccountValidated || o.Contract.Name() != "openapi-v2" || o.RequestID == "" {
		t.Errorf("outcome = %+v", o)
	}
}

// TestValidateRefusesOtherSpellings sends optional members in the wrong case
// alone, which encoding/json would bind.
func TestValidateRefusesOtherSpellings(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	s.handlers.send = func(context.Context, maaxv2.CreateOutgoingMessageRequestObject) (maaxv2.CreateOutgoingMessageResponseObject, error) {
		t.Error("the handler was called")
		return maaxv2.CreateOutgoingMessage200JSONResponse{IncomingMessageID: 5}, nil
	}
	body := strings.NewReplacer(`"output_format"`, `"OUTPUT_FORMAT"`, `"first_name"`, `"EMAIL":"a@example.com","first_name"`).Replace(goodSend)
	if a := s.do(t, call{method: "POST", target: pathSend, body: body}); a.status != http.StatusBadRequest {
		t.Fatalf("answer = %d %s", a.status, a.body)
	}
	for _, f := range s.only(t).Result.Findings {
		if f.Rule != contract.RuleJSONCaseTwin {
			t.Errorf("finding = %v, want rule %s", f, contract.RuleJSONCaseTwin)
		}
	}
}

// newEcho starts an engine that checks requests and answers the bodies of those
// that pass. It returns its URL and the outcomes so far.
func newEcho(tb testing.TB, config server.Config, routes ...string) (*service, func() []server.Outcome) {
	tb.Helper()
	s := &service{log: &lockedBuffer{}}
	engine := server.NewEngine(server.EngineConfig{Logger: slog.New(slog.NewTextHandler(s.log, nil))})
	if config.Contracts == nil {
		config.Contracts = loadContracts(tb, contract.Config{})
	}
	config.OnResult = func(_ context.Context, o server.Outcome) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.outcomes = append(s.outcomes, o)
	}
	validate, err := server.Validate(config)
	if err != nil {
		tb.Fatal(err)
	}
	engine.Use(validate)
	for _, route := range routes {
		engine.POST(route, func(c *gin.Context) {
			// To its end first: net/http drops the rest once the answer begins.
			body, err := io.ReadAll(c.Request.Body)
			if err != nil {
				tb.Errorf("read the body: %v", err)
			}
			c.Data(http.StatusOK, "application/octet-stream", body)
		})
	}
	s.Server = httptest.NewServer(engine)
	tb.Cleanup(s.Close)
	return s, func() []server.Outcome {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.Clone(s.outcomes)
	}
}

func TestValidateObserve(t *testing.T) {
	t.Parallel()
	large := `{"prospect_id":` + strings.Repeat(" ", 5000) + `7}`
	tests := []struct {
		name    string
		call    call
		status  int
		rule    contract.Rule
		account contract.Account
	}{
		{"unknown path with a route", call{method: "POST", target: "/own", body: `{} trailing`}, 200, contract.RulePathUnknown, contract.AccountUnmatched},
		{"unknown path", call{method: "POST", target: "/nowhere"}, 404, contract.RulePathUnknown, contract.AccountUnmatched},
		{"large body", call{method: "POST", target: pathMake, body: large}, 200, contract.RuleBodyTooLarge, contract.AccountTooLarge},
		{"no key", call{method: "POST", target: pathMake, body: `{"prospect_id":7}`, header: http.Header{"2hd-Api-Key": nil}}, 200, contract.RuleSecurityMissing, contract.AccountValidated},
		{"wrong type", call{method: "POST", target: pathMake, body: `{"prospect_id":"x"}`}, 200, contract.RuleType, contract.AccountValidated},
		{"not JSON", call{method: "POST", target: pathMake, body: "{\r\n\x00\xff"}, 200, contract.RuleJSONSyntax, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, outcomes := newEcho(t, server.Config{Mode: server.ModeObserve, MaxBodyBytes: 1000}, pathMake, "/own")
			a := s.do(t, tt.call)
			if a.status != tt.status {
				t.Errorf("status = %d, want %d", a.status, tt.status)
			}
			if a.status == http.StatusOK && a.body != tt.call.body {
				t.Errorf("handler read %q, want %q", a.body, tt.call.body)
			}
			got := outcomes()
			if len(got) != 1 || got[0].Refused || !hasRule(got[0].Result.Findings, tt.rule) {
				t.Fatalf("outcomes = %+v, want one that passed with %s", got, tt.rule)
			}
			if tt.account != "" && got[0].Result.Account != tt.account {
				t.Errorf("account = %s, want %s", got[0].Result.Account, tt.account)
			}
		})
	}
}

// TestValidateProblem reads a refusal in the default shape.
func TestValidateProblem(t *testing.T) {
	t.Parallel()
	s, outcomes := newEcho(t, server.Config{}, pathMake)
	a := s.do(t, call{method: "POST", target: pathMake, body: `{"prospect_id":"secret"}`, header: http.Header{"X-Request-Id": {"my-id.7"}}})
	if got := a.header.Get("Content-Type"); a.status != http.StatusBadRequest || got != server.ProblemType {
		t.Fatalf("answer = %d %s", a.status, got)
	}
	var got server.Problem
	if err := json.Unmarshal([]byte(a.body), &got); err != nil {
		t.Fatal(err)
	}
	want := server.Problem{
		Type: "about:blank", Title: "Bad Request", Status: 400,
		Detail: "the request does not keep the contract", Instance: "my-id.7",
		Findings: outcomes()[0].Result.Findings,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problem (-want +got):\n%s", diff)
	}
	if len(got.Findings) == 0 || got.Findings[0].Location.Pointer != "/prospect_id" {
		t.Errorf("findings = %v, want one at /prospect_id", got.Findings)
	}
	if a.header.Get(server.RequestIDHeader) != "my-id.7" {
		t.Errorf("%s = %q", server.RequestIDHeader, a.header.Get(server.RequestIDHeader))
	}
	if strings.Contains(a.body, "secret") {
		t.Errorf("the answer holds a value of the request: %s", a.body)
	}
}

// TestValidatePresence leaves the caller to the contract's own security.
func TestValidatePresence(t *testing.T) {
	t.Parallel()
	s, _ := newEcho(t, server.Config{}, pathMake)
	a := s.do(t, call{method: "POST", target: pathMake, body: `{"prospect_id":"x"}`, header: http.Header{"2hd-Api-Key": nil}})
	var got server.Problem
	if err := json.Unmarshal([]byte(a.body), &got); err != nil {
		t.Fatal(err)
	}
	if a.status != 401 || len(got.Findings) != 1 || got.Findings[0].Rule != contract.RuleSecurityMissing {
		t.Errorf("answer = %d %v, want 401 with the missing credential alone", a.status, got.Findings)
	}
	if a := s.do(t, call{method: "POST", target: pathMake, body: `{"prospect_id":7}`}); a.status != 200 {
		t.Errorf("with any key: %d %s, want 200", a.status, a.body)
	}
}

func TestValidateAuthenticate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		err    error
		status int
		detail string
	}{
		{"accepted", nil, 200, ""},
		{"forbidden", fmt.Errorf("look up: %w", server.Forbidden("not yours")), 403, "not yours"},
		{"broken", errors.New("secret dsn"), 401, "the credentials are not valid"},
		{"nonsense status", &server.Error{Status: 42, Message: "odd"}, 500, "odd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body := `{"prospect_id":7}`
			s, outcomes := newEcho(t, server.Config{Authenticate: func(_ context.Context, in server.AuthInput) error {
				if in.Operation.ID != "createConversation" || string(in.Body) != body {
					return fmt.Errorf("got %s %s", in.Operation.ID, in.Body)
				}
				return tt.err
			}}, pathMake)
			// No key: with Authenticate that is for it to judge.
			a := s.do(t, call{method: "POST", target: pathMake, body: body, header: http.Header{"2hd-Api-Key": nil}})
			if a.status != tt.status {
				t.Errorf("status = %d, want %d", a.status, tt.status)
			}
			if tt.detail != "" && !strings.Contains(a.body, tt.detail) || strings.Contains(a.body, "dsn") {
				t.Errorf("body = %s, want %q alone", a.body, tt.detail)
			}
			if o := outcomes(); len(o) != 1 || o[0].Refused != (tt.err != nil) || o[0].Contract == nil {
				t.Errorf("outcomes = %+v", o)
			}
		})
	}
}

// TestValidateContractLimit has a contract that checks less than the middleware
// takes: what was not checked must not pass.
func TestValidateContractLimit(t *testing.T) {
	t.Parallel()
	s, _ := newEcho(t, server.Config{Contracts: loadContracts(t, contract.Config{MaxBodyBytes: 10})}, pathMake)
	if a := s.do(t, call{method: "POST", target: pathMake, body: `{"prospect_id":7}`}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("status = %d, want 413", a.status)
	}
}

// TestValidateChunked sends a body of unknown length, at the limit and beyond.
func TestValidateChunked(t *testing.T) {
	t.Parallel()
	s, _ := newEcho(t, server.Config{MaxBodyBytes: 17}, pathMake)
	for body, want := range map[string]int{`{"prospect_id":7}`: 200, `{"prospect_id":77}`: 413} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+pathMake, io.MultiReader(strings.NewReader(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("2hd-Api-Key", goodKey)
		if a := send(t, req); a.status != want {
			t.Errorf("%s: %d, want %d", body, a.status, want)
		}
	}
}

// TestValidateBrokenOff ends a body before its end.
func TestValidateBrokenOff(t *testing.T) {
	t.Parallel()
	for _, mode := range []server.Mode{server.ModeEnforce, server.ModeObserve} {
		s, outcomes := newEcho(t, server.Config{Mode: mode}, pathMake)
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, err = io.WriteString(conn, "POST "+pathMake+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+
			"2hd-api-key: k\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"pr\r\nnot a chunk\r\n")
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if o := outcomes(); resp.StatusCode != 400 || len(o) != 1 || !o[0].Refused || o[0].Result.Account != contract.AccountUndecodable {
			t.Errorf("%s: status %d, outcomes %+v, want 400 and one refusal", mode, resp.StatusCode, o)
		}
	}
}

func TestValidateOwnRoutes(t *testing.T) {
	t.Parallel()
	for pass, want := range map[bool]int{true: 200, false: 404} {
		s, outcomes := newEcho(t, server.Config{PassUnmatched: pass}, "/own")
		if a := s.do(t, call{method: "POST", target: "/own", body: "x"}); a.status != want {
			t.Errorf("PassUnmatched %v: %d, want %d", pass, a.status, want)
		}
		if a := s.do(t, call{method: "POST", target: "/other", body: "x"}); a.status != 404 {
			t.Errorf("PassUnmatched %v, no route: %d, want 404", pass, a.status)
		}
		if n := len(outcomes()); n != 2 {
			t.Errorf("PassUnmatched %v: %d outcomes, want 2", pass, n)
		}
	}
}

func TestValidateBasePath(t *testing.T) {
	t.Parallel()
	s := newService(t, func(c *server.Config, _ *gin.Engine) { c.BasePath = "/vendor/" })
	for target, want := range map[string]int{
		"/vendor" + pathSend: 200, pathSend: 404, "/vendors" + pathSend: 404, "/vendor": 404,
	} {
		if a := s.do(t, call{method: "POST", target: target, body: goodSend}); a.status != want {
			t.Errorf("%s: %d %s, want %d", target, a.status, a.body, want)
		}
	}
}

func TestValidateConfig(t *testing.T) {
	t.Parallel()
	good := loadContracts(t, contract.Config{})
	for want, config := range map[string]server.Config{
		"none given":      {},
		"number 1 is nil": {Contracts: contract.Set{good[0], nil}},
		`mode "loud"`:     {Contracts: good, Mode: "loud"},
		"body limit -1":   {Contracts: good, MaxBodyBytes: -1},
	} {
		if _, err := server.Validate(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Validate = %v, want %q in it", err, want)
		}
	}
}
