package manage_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
)

const token = "a-token-for-tests"

// document is loaded once for all tests.
var document = sync.OnceValues(func() (*contract.Contract, error) {
	return contract.Load(api.FS, "management.yaml", contract.Config{MaxBodyBytes: 8 << 20})
})

// double is a reference server with its management, both on loopback.
type double struct {
	*refserver.Server
	*management.ClientWithResponses
	URL       string
	ManageURL string
}

func open(t *testing.T, config refserver.Config) *double {
	t.Helper()
	config.Logger = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
	srv := refserver.Double(t, config)
	handler, err := srv.Management(refserver.ManageConfig{Token: token})
	if err != nil {
		t.Fatal(err)
	}
	d := &double{Server: srv, URL: serve(t, srv), ManageURL: serve(t, handler)}
	d.ClientWithResponses = client(t, d.ManageURL, token)
	return d
}

// onEach runs a test on every database.
func onEach(t *testing.T, test func(t *testing.T, open func(refserver.Config) *double)) {
	t.Helper()
	for _, database := range storetest.Databases(t) {
		t.Run(database.Name, func(t *testing.T) {
			t.Parallel()
			test(t, func(config refserver.Config) *double {
				if database.Name != "SQLite" { // There a temporary one does not wait for the disk.
					config.Database = database.Fresh(t)
				}
				return open(t, config)
			})
		})
	}
}

func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	ts := httptest.NewServer(handler)
	t.Cleanup(ts.Close)
	return ts.URL
}

// client is a generated one that holds every response against the contract.
func client(t *testing.T, url, token string) *management.ClientWithResponses {
	t.Helper()
	c, err := management.NewClientWithResponses(url,
		management.WithHTTPClient(&http.Client{Transport: checking{t}, Timeout: time.Minute}),
		management.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+token)
			return nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// checking is a transport that reports responses that break the contract.
type checking struct{ t testing.TB }

func (c checking) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(strings.NewReader(string(body)))
	d, err := document()
	if err != nil {
		c.t.Error(err)
		return response, nil
	}
	m := d.Match(r.Method, r.URL.RequestURI())
	result := d.CheckResponse(m.Operation, &contract.Response{Status: response.StatusCode, Header: response.Header, Body: body})
	for _, f := range result.Findings {
		c.t.Errorf("response of %s: %s at %s: %s", m.Operation.ID, f.Rule, f.Location, f.Message)
	}
	return response, nil
}

// must fails the test when a call could not be made.
func must[T any](result T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
}

// wantStatus fails the test at another status.
func wantStatus(t *testing.T, response *http.Response, body []byte, want int) {
	t.Helper()
	if response.StatusCode != want {
		t.Fatalf("%s %s: got %d %s, want %d", response.Request.Method, response.Request.URL.Path, response.StatusCode, body, want)
	}
}

// ask sends a question of MAAX V2 with callbacks to a receiver and waits until
// it is dealt with.
func (d *double) ask(t *testing.T, key, receiver, text string) {
	t.Helper()
	body := `{"message_content": "` + text + `", "platform": "sms", "ai_id": 12, "service_type": "sales_automation",
		"prospect_info": {"first_name": "Ada", "email": "ada@example.com"}, "output_format": "plain_text",
		"send_response_url": "` + receiver + `/answer?secret=s", "followup_url": "` + receiver + `/follow-up"}`
	status := d.post(t, key, "/api/v2/outgoing-messages/", body)
	if status != http.StatusOK {
		t.Fatalf("question: got status %d, want 200", status)
	}
	if err := d.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (d *double) post(t *testing.T, key, path, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("2hd-api-key", key)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

// receiver takes callbacks and remembers them.
type receiver struct {
	URL string

	mu     sync.Mutex
	status int
	got    []arrival
}

type arrival struct {
	Path string
	ID   string
	Body string
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{status: http.StatusOK}
	r.URL = serve(t, http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, arrival{request.URL.Path, request.Header.Get("Webhook-Id"), string(body)})
		w.WriteHeader(r.status)
	}))
	return r
}

func (r *receiver) answerWith(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (r *receiver) arrivals() []arrival {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]arrival(nil), r.got...)
}
