package manage_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/parley-contracts/parley/gen/management"
	"github.com/parley-contracts/parley/refserver"
)

func TestClockIsTold(t *testing.T) {
	t.Parallel()
	start := time.Date(2030, 5, 6, 7, 8, 9, 0, time.UTC)
	d := open(t, refserver.Config{Clock: refserver.NewVirtualClock(start)})
	advanced := must(d.AdvanceClockWithResponse(t.Context(), management.ClockAdvance{Seconds: 1.5}))(t)
	wantStatus(t, advanced.HTTPResponse, advanced.Body, http.StatusOK)
	read := must(d.GetClockWithResponse(t.Context()))(t)
	wantStatus(t, read.HTTPResponse, read.Body, http.StatusOK)
	want := start.Add(1500 * time.Millisecond)
	for _, got := range []management.Clock{*advanced.JSON200, *read.JSON200} {
		if !got.Now.Equal(want) || got.Kind != management.ClockKindVirtual {
			t.Errorf("got %+v, want a virtual clock at %v", got, want)
		}
	}
}

func TestSystemClockCannotBeAdvanced(t *testing.T) {
	t.Parallel()
	srv, err := refserver.New(refserver.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Close() })
	handler, err := srv.Management(refserver.ManageConfig{Token: token})
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, serve(t, handler), token)
	advanced := must(c.AdvanceClockWithResponse(t.Context(), management.ClockAdvance{Seconds: 1}))(t)
	wantStatus(t, advanced.HTTPResponse, advanced.Body, http.StatusConflict)
	read := must(c.GetClockWithResponse(t.Context()))(t)
	wantStatus(t, read.HTTPResponse, read.Body, http.StatusOK)
	if read.JSON200.Kind != management.ClockKindSystem {
		t.Errorf("got kind %s, want system", read.JSON200.Kind)
	}
}

func TestShortTokensAreRefused(t *testing.T) {
	t.Parallel()
	d := open(t, refserver.Config{})
	if _, err := d.Management(refserver.ManageConfig{Token: "short"}); err == nil {
		t.Error("got no error")
	}
}

// The pages about jobs take the token as a password too, but not from pages of
// others.
func TestJobPages(t *testing.T) {
	t.Parallel()
	d := open(t, refserver.Config{})
	for name, call := range map[string]struct {
		method, path string
		prepare      func(*http.Request)
		want         int
	}{
		"nobody":         {http.MethodGet, "/jobs/", func(*http.Request) {}, http.StatusUnauthorized},
		"wrong password": {http.MethodGet, "/jobs/", func(r *http.Request) { r.SetBasicAuth("a", token+"x") }, http.StatusUnauthorized},
		"wrong token":    {http.MethodGet, "/jobs/", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, http.StatusUnauthorized},
		"browser":        {http.MethodGet, "/jobs/", func(r *http.Request) { r.SetBasicAuth("a", token) }, http.StatusOK},
		"program": {http.MethodGet, "/jobs/api/states", func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+token)
		}, http.StatusOK},
		"another site": {http.MethodPut, "/jobs/api/queues/answer/pause", func(r *http.Request) {
			r.SetBasicAuth("a", token)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		}, http.StatusForbidden},
		"password for the operations": {http.MethodGet, "/accounts", func(r *http.Request) { r.SetBasicAuth("a", token) }, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler, err := d.Management(refserver.ManageConfig{Token: token})
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), call.method, call.path, nil)
			call.prepare(r)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != call.want {
				t.Errorf("got status %d, want %d", w.Code, call.want)
			}
		})
	}
}
