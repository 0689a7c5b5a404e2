package cli_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestAdminListenersServeTheReferencePages starts every command that has an
// admin listener.
func TestAdminListenersServeTheReferencePages(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"serve", "--listen", "127.0.0.1:0"},
		{"proxy", "--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1"},
		{"listen", "--listen", "127.0.0.1:0"},
	} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			c := start(t, append(args, "--admin", "127.0.0.1:0")...)
			admin := c.err.find(t, `admin on (http://[0-9.]+:[0-9]+): /healthz /readyz.* /docs/\n`)
			for path, want := range map[string]string{
				"/docs":             "MAAX AI V2",
				"/docs/openapi-v2":  `data-document="openapi-v2.yaml"`,
				"/docs/register":    `id="a-09"`,
				"/docs/common.yaml": "register#",
				"/healthz":          `"ok"`,
			} {
				if got := fetch(t, admin+path); !strings.Contains(got, want) {
					t.Errorf("%s lacks %q", path, want)
				}
			}
			if code := c.end(t); code != 0 {
				t.Errorf("got exit code %d, want 0", code)
			}
		})
	}
}

// fetch returns the body of a page that is there.
func fetch(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Errorf("GET %s: got status %d, want 200", url, res.StatusCode)
	}
	return string(body)
}
