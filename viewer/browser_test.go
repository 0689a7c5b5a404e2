//go:build browser

package viewer

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/register"
)

// browserTime is how long one page may take, the start of the browser included.
const browserTime = 2 * time.Minute

// TestInABrowser loads every page in headless Chromium and looks at what it
// renders. It needs chromium on the PATH and is run with -tags browser.
func TestInABrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is not installed; on Debian: apt-get install chromium")
	}
	srv, failures := startWatched(t)
	for _, page := range []struct {
		name string
		want []string
	}{
		{"", []string{`href="openapi-v2#tag/Outgoing-messages/operation/createOutgoingMessage"`, "Send a customer's message"}},
		{"register", []string{`id="a-09"`, "(taken)"}},
		{"openapi-v1", []string{"Fetch the answer to a message", "documented", "register#a-37", `id="tag/Conversations/operation/retrieveAnswer"`}},
		{"openapi-v2", []string{"Send a customer's message", "inferred", "register#a-09", `id="tag/Outgoing-messages/operation/createOutgoingMessage"`, "The answer to a message sent with V2"}},
		{"openapi-maia", []string{"Pause or resume the AI in a session", "documented", "register#b-16", `id="tag/Messages/operation/sendMessage"`}},
		{"callbacks", []string{"A message passed through a channel", "inferred", "register#b-25", `id="tag/MAIA/operation/maiaMessage"`}},
	} {
		t.Run("page "+page.name, func(t *testing.T) {
			dom := dump(t, chromium, srv.URL+"/docs/"+page.name)
			for _, want := range page.want {
				if !strings.Contains(dom, want) {
					t.Errorf("the page does not show %q", want)
				}
			}
			if strings.Contains(dom, `id="reference"`) && !strings.Contains(dom, `data-shown="true"`) {
				t.Error("the viewer did not finish")
			}
			if alert := regexp.MustCompile(`<p id="failure"[^>]*>([^<]+)<`).FindStringSubmatch(dom); alert != nil {
				t.Errorf("the page says: %s", alert[1])
			}
		})
	}
	if got := failures(); len(got) > 0 {
		t.Errorf("failed to load: %s", strings.Join(got, ", "))
	}
}

// startWatched is the server of the other tests that also remembers what it
// answered with an error.
func startWatched(t *testing.T) (*httptest.Server, func() []string) {
	t.Helper()
	r, err := register.Load(api.FS)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := Handler(Config{FS: api.FS, Contracts: contracts, Register: r})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var failed []string
	mounted := http.StripPrefix("/docs", docs)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		mounted.ServeHTTP(seen, r)
		if seen.status >= http.StatusBadRequest {
			mu.Lock()
			defer mu.Unlock()
			failed = append(failed, r.URL.Path)
		}
	}))
	t.Cleanup(srv.Close)
	return srv, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return failed
	}
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// dump loads the page and returns its elements once all scripts have run.
// Whatever the browser reports on its console as failed fails the test.
func dump(t *testing.T, chromium, url string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), browserTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--enable-logging=stderr", "--user-data-dir="+t.TempDir(), "--virtual-time-budget=30000",
		"--dump-dom", url)
	cmd.WaitDelay = 10 * time.Second
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	if err := cmd.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, talk.String())
	}
	for line := range strings.Lines(talk.String()) {
		if strings.Contains(line, "CONSOLE") && regexp.MustCompile(`Refused|Failed|Uncaught|violates|\bError\b`).MatchString(line) {
			t.Errorf("the browser says: %s", line)
		}
	}
	return out.String()
}
