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
