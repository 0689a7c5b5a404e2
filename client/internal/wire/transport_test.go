package wire

import (
	"net/http"
	"testing"
)

// TestProxySeesNoCredential is not parallel because it sets the environment.
func TestProxySeesNoCredential(t *testing.T) {
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
