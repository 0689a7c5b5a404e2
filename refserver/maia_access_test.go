package refserver_test

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/client/maia"
	"github.com/parley-contracts/parley/refserver"
)

func TestMAIATokens(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := startMAIA(t, refserver.Config{Database: database}, nil)
		old := srv.token
		refused := func(token, want string) {
			t.Helper()
			srv.token = token
			for _, call := range []struct{ method, path string }{
				{"POST", "/messages"}, {"POST", "/messages/upload"}, {"GET", "/attachments/x"}, {"GET", "/kanbans"},
				{"GET", "/connections"}, {"GET", "/channels/x/templates/search"}, {"PATCH", "/sessions/s/ai-paused"},
				{"POST", "/sessions/s/messages/status"}, {"POST", "/sessions/s/messages/reactions"}, {"POST", "/sessions/s/messages/m/link"},
			} {
				got := srv.want(http.StatusUnauthorized, call.method, call.path, nil)
				if diff := cmp.Diff(m{"error": "Unauthorized", "message": want}, got); diff != "" {
					t.Errorf("%s %s (-want +got):\n%s", call.method, call.path, diff)
				}
			}
		}
		refused("", "Invalid or missing API token")
		refused("wrong", "Invalid or missing API token")
		refused(srv.DevelopmentKey(), "Invalid or missing API token")
		renewed, err := srv.dashboard.NewToken(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		refused(old, "Token revoked")
		srv.token = renewed
		srv.want(http.StatusOK, "GET", "/kanbans", nil)
		if err := srv.dashboard.RevokeToken(t.Context()); err != nil {
			t.Fatal(err)
		}
		refused(renewed, "Token revoked")
		if _, err := srv.Dashboard(t.Context(), renewed); err == nil {
			t.Error("dashboard of a revoked token: got no error")
		}
	})
}

func TestMAIAAccountsDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	srv.answered("s", "p")
	foreign, err := srv.CreateMAIAAccount(t.Context(), "foreign", refserver.MAIASetup{})
	if err != nil {
		t.Fatal(err)
	}
	srv.token = foreign
	srv.want(404, "PATCH", "/sessions/s/ai-paused", m{"aiPaused": true})
	srv.want(404, "POST", "/sessions/s/messages/status", m{"providerMsgId": "p", "status": "read"})
	srv.want(404, "POST", "/messages", m{"fromChannelIdentifier": "shop", "content": "x"})
	srv.want(403, "GET", "/channels/channel-phone/templates/search", nil)
	if got := srv.want(200, "GET", "/kanbans", nil); len(got["items"].([]any)) != 0 {
		t.Errorf("boards of an account without any: got %v", got)
	}
	own, err := srv.CreateMAIAAccount(t.Context(), "same", *maiaSetup(srv.rec))
	if err != nil {
		t.Fatal(err)
	}
	srv.token = own
	if sent := srv.send("s", "hello", nil); sent["isNewSession"] != true {
		t.Errorf("the same sessionId in another account: got %v, want a new session", sent)
	}
	srv.want(200, "GET", "/channels/channel-phone/templates/search", nil)
}

func TestMAIARateLimits(t *testing.T) {
	t.Parallel()
	clock := newManualClock(time.Date(2026, 2, 3, 4, 59, 30, 0, time.UTC))
	srv := startMAIA(t, refserver.Config{Clock: clock, MAIA: refserver.MAIAConfig{RequestsPerMinute: 3, RequestsPerHour: 5}}, nil)
	minute, hour := time.Date(2026, 2, 3, 5, 0, 0, 0, time.UTC), time.Date(2026, 2, 3, 5, 0, 0, 0, time.UTC)
	call := func(method, path string, status, limit, remaining int, reset time.Time) {
		t.Helper()
		got := srv.call(method, path, map[string]any{"POST": m{}}[method])
		if got.Status != status {
			t.Fatalf("%s: got %d %v, want %d", path, got.Status, got.Body, status)
		}
		want := []string{strconv.Itoa(limit), strconv.Itoa(remaining), strconv.FormatInt(reset.Unix(), 10)}
		have := []string{got.Header.Get("X-RateLimit-Limit"), got.Header.Get("X-RateLimit-Remaining"), got.Header.Get("X-RateLimit-Reset")}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s: limit, remaining, reset (-want +got):\n%s", path, diff)
		}
		if status == http.StatusTooManyRequests && got.Body["message"] != "Rate limit exceeded" {
			t.Errorf("%s: got %v", path, got.Body)
		}
	}
	call("GET", "/kanbans", 200, 3, 2, minute)
	call("GET", "/attachments/none", 404, 3, 1, minute) // errors count and tell too
	call("POST", "/messages", 400, 3, 0, minute)
	call("POST", "/messages", 429, 3, 0, minute)
	call("GET", "/connections", 429, 3, 0, minute)
	call("GET", "/kanbans", 403, 3, 0, minute) // as the page about boards says
	if got := srv.call("GET", "/attachments/"+"x", nil); got.Status != 429 {
		t.Errorf("limited: got %d, want 429", got.Status)
	}

	// The limit is the account's, whatever the token.
	renewed, err := srv.dashboard.NewToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	srv.token = renewed
	call("GET", "/connections", 429, 3, 0, minute)
	foreign, err := srv.CreateMAIAAccount(t.Context(), "foreign", refserver.MAIASetup{})
	if err != nil {
		t.Fatal(err)
	}
	srv.token = foreign
	call("GET", "/kanbans", 200, 3, 2, minute)
	srv.token = renewed

	clock.advance(30 * time.Second) // the next minute, and the next hour
	minute, hour = minute.Add(time.Minute), hour.Add(time.Hour)
	for remaining := 2; remaining >= 0; remaining-- {
		call("GET", "/connections", 200, 3, remaining, minute)
	}
	clock.advance(time.Minute)
	// Two are left of the hour, which is less than the minute has.
	call("GET", "/connections", 200, 5, 1, hour)
	call("GET", "/connections", 200, 5, 0, hour)
	call("GET", "/connections", 429, 5, 0, hour)
	clock.advance(58 * time.Minute)
	call("GET", "/connections", 429, 5, 0, hour)
	clock.advance(time.Minute)
	call("GET", "/connections", 200, 3, 2, hour.Add(time.Minute))
}

func TestMAIADefaultLimitsAndTheClient(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{Clock: newManualClock(time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC))}, nil)
	client := srv.client()
	for range 120 {
		if _, err := client.Connections(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
	}
	limit := client.RateLimit()
	if !limit.Known || limit.Limit != 120 || limit.Remaining != 0 {
		t.Errorf("after 120 calls: got %+v, want 0 of 120 left", limit)
	}
	if _, err := client.Connections(t.Context(), ""); !errors.Is(err, maia.ErrRateLimited) {
		t.Errorf("call 121: got %v, want ErrRateLimited", err)
	}
}

func TestMAIAWithoutLimits(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{MAIA: refserver.MAIAConfig{RequestsPerMinute: -1, RequestsPerHour: -1}}, nil)
	for range 130 {
		if got := srv.call("GET", "/connections", nil); got.Status != 200 || got.Header.Get("X-RateLimit-Limit") != "" {
			t.Fatalf("got %d with a limit of %q, want none", got.Status, got.Header.Get("X-RateLimit-Limit"))
		}
	}
}

func TestMAIAConfigIsChecked(t *testing.T) {
	t.Parallel()
	for _, config := range []refserver.MAIAConfig{
		{Retries: []time.Duration{}}, {Retries: []time.Duration{-1}}, {WebhookTimeout: -1}, {UploadTTL: -1}, {DownloadTTL: 8 * 24 * time.Hour},
	} {
		if srv, err := refserver.New(refserver.Config{MAIA: config}); err == nil {
			_ = srv.Close()
			t.Errorf("%+v: got no error", config)
		}
	}
}
