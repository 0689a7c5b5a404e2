package maax

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestProxySeesNoKey is not parallel because it sets the environment.
func TestProxySeesNoKey(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://proxy.example:3128")
	t.Setenv("HTTPS_PROXY", "http://proxy.example:3128")
	t.Setenv("NO_PROXY", "")
	for target, want := range map[string]string{
		"http://vendor.example/":  "",
		"https://vendor.example/": "http://proxy.example:3128",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		if err != nil {
			t.Fatal(err)
		}
		u, err := proxy(r)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if u != nil {
			got = u.String()
		}
		if got != want {
			t.Errorf("proxy for %s: got %q, want %q", target, got, want)
		}
	}
}

// TestUntrustedCertificate fails after the dial and before the request.
func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request arrived")
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	_, err := newTestClient(t, server.URL, Config{}).Send(t.Context(), outgoing())
	var certificate *tls.CertificateVerificationError
	if e := asError(t, err); e.RequestSent || e.Wire() || !errors.As(err, &certificate) {
		t.Errorf("got %v, sent %t, want an untrusted certificate before anything was sent", err, e.RequestSent)
	}
}
