package refserver_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/refserver"
)

const fixtures = `
accounts:
  - name: Acme
    emergency_url: http://127.0.0.1:9/emergency
    keys:
      - {label: ci, key: a-key-for-tests}
    ais:
      - {id: 12, name: Mara, product: Evening course, goal: A call, strategy: {follow_up_delay: 1h30m}}
    knowledge:
      - {title: How heavy is the zeppelin, text: It weighs nine tons., ai_id: 12}
    maia:
      token: a-token-for-tests
      setup:
        agents: [{id: agent-1, name: Mara}]
  - name: Other
`

// Fixtures can be applied again and again, and what they say wins.
func TestFixturesAreApplied(t *testing.T) {
	t.Parallel()
	c := newCallbackPaths(t)
	database := filepath.Join(t.TempDir(), "parley.db")
	for _, text := range []string{"nine tons", "ten tons"} {
		document := strings.Replace(fixtures, "nine tons", text, 1)
		srv, err := refserver.NewDouble(refserver.Config{Database: database, Fixtures: []byte(document)})
		if err != nil {
			t.Fatal(err)
		}
		sendQuestion(t, srv, "a-key-for-tests", c.URL, "How heavy is the zeppelin?")
		if err := srv.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := c.lastBody(); !strings.Contains(got, text) {
			t.Errorf("got answer %q, want %q in it", got, text)
		}
		if _, err := srv.Dashboard(t.Context(), "a-token-for-tests"); err != nil {
			t.Errorf("token: %v", err)
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestFixturesAreReadStrictly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ document, want string }{
		"unknown field":      {"accounts:\n  - name: A\n    kees: []\n", `fixtures: line 3: field "kees" is not known here`},
		"wrong type":         {"accounts:\n  - name: A\n    ais:\n      - {id: first, name: Mara}\n", "fixtures: line 4: a value of type str where a number is wanted"},
		"list as text":       {"accounts:\n  - name: []\n", "fixtures: line 2: a value of type seq where text is wanted"},
		"not YAML":           {"accounts: [\n", "fixtures: line"},
		"no name":            {"accounts:\n  - emergency_url: http://127.0.0.1/\n", "fixtures: line 2: accounts[0].name: missing or empty"},
		"name twice":         {"accounts:\n  - name: A\n  - name: A\n", "fixtures: line 3: accounts[1].name: another account has this name"},
		"short key":          {"accounts:\n  - name: A\n    keys:\n      - label: x\n        key: short\n", "fixtures: line 5: accounts[0].keys[0].key: shorter than 8 characters"},
		"bad URL":            {"accounts:\n  - name: A\n    emergency_url: ftp://x\n", "fixtures: line 3: accounts[0].emergency_url: "},
		"bad duration":       {"accounts:\n  - name: A\n    ais:\n      - {id: 1, name: M, strategy: {follow_up_delay: soon}}\n", "fixtures: line 4: accounts[0].ais[0].strategy.follow_up_delay: not a duration"},
		"id twice":           {"accounts:\n  - name: A\n    ais:\n      - {id: 1, name: M}\n      - {id: 1, name: N}\n", "fixtures: line 5: accounts[0].ais[1].id: another Sales AI"},
		"AI that is nowhere": {"accounts:\n  - name: A\n    knowledge:\n      - {title: a, text: b, ai_id: 3}\n", "fixtures: line 4: accounts[0].knowledge[0].ai_id: the account has no"},
		"setup":              {"accounts:\n  - name: A\n    maia:\n      setup:\n        agents: [{name: x}]\n", "fixtures: line 5: accounts[0].maia.setup: agent without an id"},
		"two documents":      {"accounts: []\n---\naccounts: []\n", "fixtures: more than one document"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, err := refserver.New(refserver.Config{Fixtures: []byte(test.document), Logger: slog.New(slog.DiscardHandler), UnsafeAllowPrivate: true})
			if err == nil {
				_ = srv.Close()
				t.Fatal("got no error")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %q, want %q in it", err, test.want)
			}
			if strings.Contains(err.Error(), "short\n") || strings.Contains(err.Error(), "soon") {
				t.Errorf("got %q, want no value in it", err)
			}
		})
	}
}
