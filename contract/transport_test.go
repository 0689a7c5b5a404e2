package contract_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

type reported struct {
	request, response contract.Result
}

// observe is a client whose exchanges are checked and reported on the channel.
func observe(t *testing.T, base http.RoundTripper, limit int) (*http.Client, <-chan reported) {
	t.Helper()
	reports := make(chan reported, 1)
	return &http.Client{Transport: &contract.Transport{
		Set: contract.Set{load(t, "shop.yaml", contract.Config{})}, Base: base, MaxBodyBytes: limit,
		Report: func(_ *http.Request, request, response contract.Result) { reports <- reported{request, response} },
	}}, reports
}

func post(t *testing.T, client *http.Client, url, body string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = thing("").header
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func TestTransport(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		if _, err := w.Write(bytes.ReplaceAll(body, []byte("small"), []byte("huge"))); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	client, reports := observe(t, nil, 0)
	response := post(t, client, server.URL+"/things/", `{"name":"a","kind":"small"}`)
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(body), `{"name":"a","kind":"huge"}`; got != want {
		t.Errorf("body = %s, want %s", got, want)
	}
	got := <-reports
	if len(got.request.Findings) > 0 || got.request.Account != contract.AccountValidated {
		t.Errorf("request: %+v", got.request)
	}
	if diff := cmp.Diff([]string{"header-missing header Location", "schema-enum body /kind"}, summary(got.response)); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}

	response = post(t, client, server.URL+"/nothing", `{}`)
	_ = response.Body.Close()
	if got := <-reports; got.request.Account != contract.AccountUnmatched || got.response.Account != contract.AccountUnmatched {
		t.Errorf("unmatched: %+v", got)
	}
}

func TestTransportLimitsItsCopy(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if _, err := w.Write(body); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	client, reports := observe(t, nil, 100)
	sent := strings.Repeat("x", 100000)
	body, err := io.ReadAll(post(t, client, server.URL+"/things/", sent).Body)
	if err != nil || string(body) != sent {
		t.Fatalf("%d bytes came back, error %v", len(body), err)
	}
	got := <-reports
	if got.request.Account != contract.AccountTooLarge || got.response.Account != contract.AccountTooLarge {
		t.Errorf("accounts = %s, %s, want too-large twice", got.request.Account, got.response.Account)
	}
}

func TestTransportDoesNotHoldAStreamBack(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		if _, err := io.WriteString(w, "first"); err != nil {
			t.Error(err)
		}
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-release
	}))
	t.Cleanup(server.Close)
	client, reports := observe(t, nil, 0)
	response := post(t, client, server.URL+"/things/", fine)
	first := make([]byte, 5)
	if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != "first" {
		t.Fatalf("read %q, error %v", first, err)
	}
	if len(reports) > 0 {
		t.Error("reported before the stream ended")
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	close(release)
	if got := <-reports; got.response.Account != contract.AccountSampledOut {
		t.Errorf("account of a body closed early = %s", got.response.Account)
	}
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestTransportReportsAFailedRequest(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	client, reports := observe(t, failing{broken}, 0)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://h.example/things/1?limit=1&bare", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(request); !errors.Is(err, broken) {
		t.Errorf("error = %v, want %v", err, broken)
	}
	got := <-reports
	if diff := cmp.Diff([]string{"security-missing header x-key"}, summary(got.request)); diff != "" || got.response.Account != "" {
		t.Errorf("response %+v, request (-want +got):\n%s", got.response, diff)
	}
}

// resending reads a part of a body, then asks for it again, as a transport does
// whose connection was lost.
type resending struct{ t *testing.T }

func (r resending) RoundTrip(request *http.Request) (*http.Response, error) {
	if _, err := io.ReadFull(request.Body, make([]byte, 3)); err != nil {
		r.t.Error(err)
	}
	if err := request.Body.Close(); err != nil {
		r.t.Error(err)
	}
	body, err := request.GetBody()
	if err != nil {
		return nil, err
	}
	sent, err := io.ReadAll(body)
	if err != nil || string(sent) != `{"name":1}` {
		r.t.Errorf("sent %q, error %v", sent, err)
	}
	return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Request: request, ContentLength: 0}, body.Close()
}

func TestTransportFollowsARetry(t *testing.T) {
	t.Parallel()
	client, reports := observe(t, resending{t}, 0)
	post(t, client, "http://h.example/things/", `{"name":1}`)
	got := <-reports
	if diff := cmp.Diff([]string{"schema-type body /name"}, summary(got.request)); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if len(got.response.Findings) > 0 || got.response.Account != contract.AccountValidated {
		t.Errorf("response: %+v", got.response)
	}
}
