package refserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/client/maia"
	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// maiaContracts loads the documents once for all tests.
var maiaContracts = sync.OnceValues(func() (map[string]*contract.Contract, error) {
	loaded := map[string]*contract.Contract{}
	for _, name := range []string{"openapi-maia.yaml", "callbacks.yaml"} {
		c, err := contract.Load(api.FS, name, contract.Config{})
		if err != nil {
			return nil, err
		}
		loaded[name] = c
	}
	return loaded, nil
})

// checkingMAIA is a transport that holds every response against the contract.
type checkingMAIA struct {
	t testing.TB
	// seen counts the responses of operations.
	seen atomic.Int64
}

func (c *checkingMAIA) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	loaded, err := maiaContracts()
	if err != nil {
		c.t.Error(err)
		return res, nil
	}
	ct := loaded["openapi-maia.yaml"]
	target := r.URL.RequestURI()
	if rest, ok := strings.CutPrefix(target, "/attachments/"); ok {
		target = "/attachments/" + strings.ReplaceAll(rest, "/", "%2F")
	}
	m := ct.Match(r.Method, target)
	if m.Operation == nil {
		return res, nil
	}
	c.seen.Add(1)
	result := ct.CheckResponse(m.Operation, &contract.Response{Status: res.StatusCode, Header: res.Header, Body: body})
	for _, f := range result.Findings {
		c.t.Errorf("response of %s: %s at %s: %s", m.Operation.ID, f.Rule, f.Location, f.Message)
	}
	return res, nil
}

// The ids of the setup that the tests use.
const (
	agentA, agentB, agentForeign, agentAsleep = "agent-a", "agent-b", "agent-foreign", "agent-asleep"
	kanbanA, kanbanB, kanbanC                 = "kanban-a", "kanban-b", "kanban-c"
	// webhookSecret signs all webhooks but those of the subscription "sales".
	webhookSecret, salesSecret = "secret of the webhooks", "secret of the sales webhook"
)

// maiaSetup has a channel that tells of answers alone, one that forwards, and a
// phone that does; a subscription to all events and one to those on board B.
func maiaSetup(rec *maiaReceiver) *refserver.MAIASetup {
	channel := func(id string, kind domain.ChannelType, forward bool) domain.Channel {
		return domain.Channel{
			ID: "channel-" + id, Identifier: id, Type: kind, DefaultAgentID: agentA,
			AllowedAgentIDs:    []string{agentB, agentAsleep},
			AgentKanbanConfigs: []domain.AgentKanban{{AgentID: agentA, KanbanID: kanbanA}, {AgentID: agentB, KanbanID: kanbanB}},
			WebhookURL:         rec.URL + "/channel/" + id + "?key=1", WebhookSecret: webhookSecret, ForwardIncoming: forward,
		}
	}
	board := func(id string, order int) domain.Kanban {
		return domain.Kanban{
			ID: id, Name: "Board " + id, Slug: id, Order: order, IsDefault: id == kanbanA,
			CreatedAt: time.Unix(1, 0), UpdatedAt: time.Unix(2, 0),
			Statuses: []domain.KanbanStatus{{Value: "new", Label: "New", Color: "#fff"}, {Value: "done"}},
			Fields:   []domain.KanbanField{{ID: "field-1", Name: "Budget", Type: "currency"}},
		}
	}
	return &refserver.MAIASetup{
		Agents:   []domain.Agent{{ID: agentA, Name: "A"}, {ID: agentB}, {ID: agentForeign}, {ID: agentAsleep, Inactive: true}},
		Kanbans:  []domain.Kanban{board(kanbanC, 2), board(kanbanA, 0), board(kanbanB, 1)},
		Channels: []domain.Channel{channel("shop", "api", false), channel("forward", "api", true), channel("phone", "whatsapp_no", true)},
		Webhooks: []domain.Webhook{
			{ID: "all", URL: rec.URL + "/center/all", Secret: webhookSecret, EventTypes: []domain.SessionEventKind{
				domain.RecordCreated, domain.RecordFieldUpdated, domain.RecordDeleted, domain.AIPause,
			}},
			{ID: "sales", URL: rec.URL + "/center/sales", Secret: salesSecret, KanbanFilter: []string{kanbanB},
				EventTypes: []domain.SessionEventKind{domain.RecordCreated, domain.AIPause}},
		},
	}
}

// webhook is one webhook as it arrived.
type webhook struct {
	// Name is the last segment of its URL.
	Name       string
	DeliveryID string
	Raw        []byte
	Body       map[string]any
}

// maiaReceiver is an integration that takes webhooks. It verifies their
// signatures over the bytes as they came and holds them against the contract.
type maiaReceiver struct {
	URL string
	t   testing.TB

	mu       sync.Mutex
	webhooks []webhook
	// status answers the n-th webhook, from 0; nil is 200.
	status func(n int, w webhook) int
}

func newMAIAReceiver(t testing.TB, status func(n int, w webhook) int) *maiaReceiver {
	t.Helper()
	rec := &maiaReceiver{t: t, status: status}
	ts := httptest.NewServer(rec)
	t.Cleanup(ts.Close)
	rec.URL = ts.URL
	return rec
}

func (rec *maiaReceiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	kind, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	got := webhook{Name: name, DeliveryID: r.Header.Get("Webhook-Id"), Raw: raw}
	if err != nil || !ok || json.Unmarshal(raw, &got.Body) != nil {
		rec.t.Errorf("webhook %s: not read: %v", r.URL.Path, err)
		return
	}
	rec.check(r, kind, name, raw)
	rec.mu.Lock()
	n := len(rec.webhooks)
	rec.webhooks = append(rec.webhooks, got)
	rec.mu.Unlock()
	if rec.status != nil {
		w.WriteHeader(rec.status(n, got))
	}
}

func (rec *maiaReceiver) check(r *http.Request, kind, name string, raw []byte) {
	secret := webhookSecret
	if name == "sales" {
		secret = salesSecret
	}
	if err := maia.VerifySignature(raw, r.Header.Get(maia.SignatureHeader), secret); err != nil {
		rec.t.Errorf("webhook %s: %v", name, err)
	}
	if err := maia.VerifySignature(append(raw, ' '), r.Header.Get(maia.SignatureHeader), secret); err == nil {
		rec.t.Errorf("webhook %s: the signature holds for another body", name)
	}
	if r.Header.Get("X-Maia-Timestamp") == "" {
		rec.t.Errorf("webhook %s: no X-Maia-Timestamp", name)
	}
	loaded, err := maiaContracts()
	if err != nil {
		rec.t.Error(err)
		return
	}
	operation := map[string]string{"channel": "maiaMessage", "center": "maiaWebhookEvent"}[kind]
	result := loaded["callbacks.yaml"].CheckCallback(operation, &contract.Request{
		Method: r.Method, Target: r.URL.RequestURI(), Header: r.Header, Body: raw,
	})
	for _, f := range result.Findings {
		if f.Rule != contract.RulePropertyUndeclared { // ai_pause and crm_record_deleted declare next to nothing
			rec.t.Errorf("webhook %s: %s at %s: %s", name, f.Rule, f.Location, f.Message)
		}
	}
}

// of are the webhooks that have arrived under one name.
func (rec *maiaReceiver) of(name string) []webhook {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	var got []webhook
	for _, w := range rec.webhooks {
		if w.Name == name {
			got = append(got, w)
		}
	}
	return got
}

// wait waits for n webhooks under one name and returns them.
func (rec *maiaReceiver) wait(t testing.TB, name string, n int) []webhook {
	t.Helper()
	var got []webhook
	poll(t, fmt.Sprintf("%d webhooks of %s", n, name), func() bool {
		got = rec.of(name)
		return len(got) >= n
	})
	return got
}

// maiaServer is a started server with the setup of the tests.
type maiaServer struct {
	*running
	t         testing.TB
	token     string
	http      *http.Client
	dashboard *refserver.Dashboard
	rec       *maiaReceiver
}

// startMAIA runs a server whose webhooks go to rec, nil for one that takes all.
func startMAIA(t testing.TB, config refserver.Config, rec *maiaReceiver) *maiaServer {
	t.Helper()
	if rec == nil {
		rec = newMAIAReceiver(t, nil)
	}
	if config.Seed == nil {
		config.Seed = &refserver.Seed{}
	}
	if config.Seed.MAIA == nil {
		config.Seed.MAIA = maiaSetup(rec)
	}
	if config.Generator == nil {
		config.Generator = echo
	}
	if config.MAIA.Retries == nil {
		config.MAIA.Retries = []time.Duration{0, 10 * time.Millisecond, 20 * time.Millisecond, 40 * time.Millisecond}
	}
	srv := start(t, config)
	dashboard, err := srv.Dashboard(t.Context(), srv.DevelopmentToken())
	if err != nil {
		t.Fatal(err)
	}
	return &maiaServer{
		running: srv, t: t, token: srv.DevelopmentToken(), dashboard: dashboard, rec: rec,
		http: &http.Client{Transport: &checkingMAIA{t: t}},
	}
}

// reply is a response.
type reply struct {
	Status int
	Header http.Header
	Body   map[string]any
}

// call makes one call; body is marshalled unless it is nil or a string.
func (s *maiaServer) call(method, path string, body any) reply {
	s.t.Helper()
	var raw io.Reader = http.NoBody
	switch body := body.(type) {
	case nil:
	case string:
		raw = strings.NewReader(body)
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		raw = bytes.NewReader(encoded)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, raw)
	if err != nil {
		s.t.Fatal(err)
	}
	if raw != http.NoBody {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	res, err := s.http.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	got := reply{Status: res.StatusCode, Header: res.Header}
	if err := json.NewDecoder(res.Body).Decode(&got.Body); err != nil {
		s.t.Fatalf("%s %s: %s without a JSON object: %v", method, path, res.Status, err)
	}
	return got
}

// want makes a call that must have the status, and returns its body.
func (s *maiaServer) want(status int, method, path string, body any) map[string]any {
	s.t.Helper()
	got := s.call(method, path, body)
	if got.Status != status {
		s.t.Fatalf("%s %s: got %d %v, want %d", method, path, got.Status, got.Body, status)
	}
	if status >= 400 {
		if got.Body["error"] != http.StatusText(status) || got.Body["message"] == "" {
			s.t.Errorf("%s %s: got error body %v, want error %q and a message", method, path, got.Body, http.StatusText(status))
		}
	}
	return got.Body
}

// m is a body.
type m = map[string]any

// send sends a message on the channel "shop", with the members of extra.
func (s *maiaServer) send(sessionID, text string, extra m) m {
	s.t.Helper()
	body := m{"fromChannelIdentifier": "shop", "sessionId": sessionID, "content": text}
	for name, value := range extra {
		body[name] = value
	}
	return s.want(http.StatusAccepted, "POST", "/messages", body)
}

// session reads a session.
func (s *maiaServer) session(id string) refserver.MAIASession {
	s.t.Helper()
	got, err := s.dashboard.Session(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

// history is who wrote what in a session.
func (s *maiaServer) history(id string) []string {
	s.t.Helper()
	var lines []string
	for _, m := range s.session(id).Messages {
		lines = append(lines, string(m.Author)+": "+m.Text)
	}
	return lines
}
