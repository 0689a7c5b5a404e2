package refserver_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/client/maia"
	"github.com/parley-contracts/parley/refserver"
)

func TestMAIAKanbans(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	var ids []any
	path, pages := "/kanbans?limit=2&accessible=true", 0
	for path != "" {
		got := srv.want(200, "GET", path, nil)
		for _, item := range got["items"].([]any) {
			ids = append(ids, item.(m)["id"])
		}
		path = ""
		if next, ok := got["nextToken"].(string); ok {
			path = "/kanbans?limit=2&nextToken=" + url.QueryEscape(next)
		}
		pages++
	}
	if diff := cmp.Diff([]any{kanbanA, kanbanB, kanbanC}, ids); diff != "" || pages != 2 {
		t.Errorf("boards on %d pages (-want +got):\n%s", pages, diff)
	}
	whole := srv.want(200, "GET", "/kanbans", nil)
	want := m{
		"id": kanbanA, "name": "Board kanban-a", "slug": kanbanA, "description": "", "isDefault": true, "order": 0.0,
		"createdAt": 1000.0, "updatedAt": 2000.0,
		"statuses": []any{m{"value": "new", "label": "New", "color": "#fff"}, m{"value": "done", "label": "", "color": ""}},
		"fields":   []any{m{"id": "field-1", "name": "Budget", "type": "currency", "description": "", "order": 0.0, "isSystem": false}},
	}
	if diff := cmp.Diff(want, whole["items"].([]any)[0]); diff != "" {
		t.Errorf("first board (-want +got):\n%s", diff)
	}
	if _, ok := whole["nextToken"]; ok || len(whole["items"].([]any)) != 3 {
		t.Errorf("one page for all: got %v", whole)
	}
}

func TestMAIAConnectionsAndTemplates(t *testing.T) {
	t.Parallel()
	srv := start(t, refserver.Config{Generator: echo}) // the built-in setup
	s := &maiaServer{running: srv, t: t, token: srv.DevelopmentToken(), http: &http.Client{Transport: &checkingMAIA{t: t}}}
	for query, want := range map[string]int{"": 1, "?type=whatsapp_custom_app": 1, "?type=other": 0} {
		if got := len(s.want(200, "GET", "/connections"+query, nil)["items"].([]any)); got != want {
			t.Errorf("connections%s: got %d, want %d", query, got, want)
		}
	}
	for _, tc := range []struct {
		query string
		names []any
		total float64
	}{
		{"", []any{"welcome", "order_shipped", "order_delayed"}, 3},
		{"?q=ORDER", []any{"order_shipped", "order_delayed"}, 2},
		{"?query=order+sorry", []any{"order_delayed"}, 1},
		{"?status=pending", []any{"winter_sale"}, 1},
		{"?pageSize=2", []any{"welcome", "order_shipped"}, 3},
		{"?pageSize=2&page=2", []any{"order_delayed"}, 3},
		{"?pageSize=2&page=3&whatever=1", []any{}, 3},
		{"?q=nothing", []any{}, 0},
	} {
		got := s.want(200, "GET", "/channels/7a8b9c0d-1e2f-4304-a516-b728c93ad04e/templates/search"+tc.query, nil)
		names := []any{}
		for _, item := range got["items"].([]any) {
			names = append(names, item.(m)["name"])
		}
		if diff := cmp.Diff(tc.names, names); diff != "" || got["total"] != tc.total {
			t.Errorf("templates%s: total %v, names (-want +got):\n%s", tc.query, got["total"], diff)
		}
	}
	var boards []string
	for board, err := range s.client().Kanbans(t.Context(), maia.KanbanFilter{PageSize: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		boards = append(boards, board.Name)
	}
	if diff := cmp.Diff([]string{"Support", "Sales"}, boards); diff != "" {
		t.Errorf("boards by the client (-want +got):\n%s", diff)
	}
}
