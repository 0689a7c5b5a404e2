package cli_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-contracts/parley/internal/cli"
)

// output is a buffer that a command writes while a test reads it.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// find waits for a match of the pattern and returns its first group.
func (o *output) find(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-tick.C {
		if m := re.FindStringSubmatch(o.String()); m != nil {
			return m[len(m)-1]
		}
	}
	t.Fatalf("no %q in:\n%s", pattern, o.String())
	return ""
}

// command is a command that runs in the background.
type command struct {
	out, err output
	stop     context.CancelFunc
	code     chan int
}

// start runs parley until the test or stop ends it.
func start(t *testing.T, args ...string) *command {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	c := &command{stop: cancel, code: make(chan int, 1)}
	go func() { c.code <- cli.Run(ctx, args, &c.out, &c.err) }()
	t.Cleanup(cancel)
	return c
}

// end stops the command and returns its exit code.
func (c *command) end(t *testing.T) int {
	t.Helper()
	c.stop()
	select {
	case code := <-c.code:
		return code
	case <-time.After(30 * time.Second):
		t.Fatal("the command did not end")
		return -1
	}
}

// post sends JSON and returns the status.
func post(t *testing.T, url, key, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("2hd-api-key", key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}

const secretText = "Do you ship to the moon"

// TestProxyRecordsAndCheckFindsTheSame runs the reference server behind the
// proxy, breaks the contract, and checks the recording again: the findings are
// the same, and the recording holds neither key nor text.
func TestProxyRecordsAndCheckFindsTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key, recording := filepath.Join(dir, "key"), filepath.Join(dir, "traffic.jsonl")
	vendor := start(t, "serve", "--listen", "127.0.0.1:0", "--key-file", key, "--port-file", filepath.Join(dir, "port"))
	upstream := vendor.err.find(t, `reference server on (http://[0-9.]+:[0-9]+)`)
	p := start(t, "proxy", "--upstream", upstream, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--record", recording, "--fail-on", "error")
	base := p.err.find(t, `proxy on (http://[0-9.]+:[0-9]+)`)
	admin := p.err.find(t, `admin on (http://[0-9.]+:[0-9]+)`)
	secret := strings.TrimSpace(readFile(t, key))

	path := "/api/initiate_answer_generation/"
	if got := post(t, base+path, secret, `{"message_content":"`+secretText+`","platform":"email","service_type":"customer_support_automation","prospect_info":{"first_name":"Ada","last_name":"","email":"ada@example.com"}}`); got != http.StatusOK {
		t.Errorf("right call: status %d, want 200", got)
	}
	if got := post(t, base+path, secret, `{"message_content":"`+secretText+`","platform":"fax"}`); got != http.StatusBadRequest {
		t.Errorf("wrong call: status %d, want 400", got)
	}
	p.out.find(t, `(error schema-enum initiateAnswerGeneration request body /platform .* \(common\.yaml:\d+\))`)
	for _, page := range []string{"/healthz", "/readyz", "/metrics"} {
		if got := get(t, admin+page); got != http.StatusOK {
			t.Errorf("%s: status %d, want 200", page, got)
		}
	}
	if got := p.end(t); got != cli.ExitFindings {
		t.Errorf("proxy ended with %d, want %d:\n%s", got, cli.ExitFindings, p.err.String())
	}
	kept := readFile(t, recording)
	for _, leak := range []string{secret, secretText} {
		if strings.Contains(kept+p.out.String()+p.err.String(), leak) {
			t.Errorf("recording or output holds %q", leak)
		}
	}
	if got := strings.Count(kept, "\n"); got != 2 {
		t.Errorf("recording has %d lines, want 2", got)
	}

	var out, errs output
	if got := cli.Run(t.Context(), []string{"check", recording}, &out, &errs); got != cli.ExitFindings {
		t.Errorf("check ended with %d, want %d: %s", got, cli.ExitFindings, errs.String())
	}
	if got, want := findingLines(out.String()), findingLines(p.out.String()); got != want {
		t.Errorf("check finds\n%s\nbut the proxy found\n%s", got, want)
	}
}

// TestProxyEnforces refuses a wrong call before the upstream sees it.
func TestProxyEnforces(t *testing.T) {
	t.Parallel()
	reached := make(chan struct{}, 8)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached <- struct{}{}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"incoming_message_id":1}`)
	}))
	defer upstream.Close()
	p := start(t, "proxy", "--upstream", upstream.URL, "--listen", "127.0.0.1:0", "--admin", "", "--mode", "enforce", "--format", "json")
	base := p.err.find(t, `proxy on (http://[0-9.]+:[0-9]+)`)
	if got := post(t, base+"/api/initiate_answer_generation/", "k", `{"platform":"fax"}`); got != http.StatusBadRequest {
		t.Errorf("wrong call: status %d, want 400", got)
	}
	if len(reached) != 0 {
		t.Error("a refused call reached the upstream")
	}
	if got := post(t, base+"/api/initiate_answer_generation/", "k", `{"message_content":"Hi","platform":"sms","service_type":"customer_support_automation"}`); got != http.StatusOK {
		t.Errorf("right call: status %d, want 200", got)
	}
	if got := p.end(t); got != cli.ExitClean {
		t.Errorf("ended with %d, want %d: --fail-on is never by default", got, cli.ExitClean)
	}
	p.out.find(t, `("rule":"schema-required")`)
	p.out.find(t, `("summary":\{"exchanges":2,)`)
}

// TestListenChecksAndForwards takes a callback, prints it without its values
// and hands it on.
func TestListenChecksAndForwards(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	integration := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.URL.RequestURI() + " " + string(body)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer integration.Close()
	l := start(t, "listen", "--listen", "127.0.0.1:0", "--forward-to", integration.URL)
	base := l.err.find(t, `maaxAnswer on (http://[0-9.]+:[0-9]+)`)
	if status := post(t, base+"/maax/answer?message=7", "", `{"answer":"`+secretText+`","conversation_id":7}`); status != http.StatusAccepted {
		t.Errorf("callback answered with %d, want the integration's 202", status)
	}
	if want, has := `/maax/answer?message=7 {"answer":"`+secretText+`","conversation_id":7}`, <-got; has != want {
		t.Errorf("integration got %s, want %s", has, want)
	}
	l.out.find(t, `(maaxAnswer POST /maax/answer -> 202, \d+ bytes, fields: answer string, conversation_id number)`)
	if strings.Contains(l.out.String(), secretText) {
		t.Error("the output holds the text of the callback")
	}
	if code := l.end(t); code != cli.ExitClean {
		t.Errorf("ended with %d, want 0", code)
	}
}

// TestDemo runs the whole demo: it compares the findings itself.
func TestDemo(t *testing.T) {
	t.Parallel()
	var out, errs output
	if got := cli.Run(t.Context(), []string{"demo"}, &out, &errs); got != cli.ExitClean {
		t.Errorf("demo ended with %d:\n%s%s", got, out.String(), errs.String())
	}
}

// get returns the status of a GET.
func get(t *testing.T, url string) int {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// findingLines are the lines that are findings.
func findingLines(text string) string {
	return strings.Join(regexp.MustCompile(`(?m)^(error|warning) .*$`).FindAllString(text, -1), "\n")
}
