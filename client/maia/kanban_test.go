package maia

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// pages answers with three pages, the second of them empty.
func pages(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Query().Get("nextToken") {
	case "":
		fmt.Fprint(w, `{"items":[{"id":"k1","name":"Sales","slug":"sales","description":"New","isDefault":true,"order":1.5,"createdAt":1704067200000,`+
			`"updatedAt":1704067200001,"statuses":[{"value":"new","label":"New","color":"#3366ff"}],"fields":[{"id":"f1","name":"Budget","type":"currency",`+
			`"description":"Yearly","order":2,"isSystem":true}],"ownerId":"u"},{"id":"k2","name":"B","slug":null}],"nextToken":"a+b/c="}`)
	case "a+b/c=":
		fmt.Fprint(w, `{"items":[],"nextToken":"d"}`)
	case "d":
		fmt.Fprint(w, `{"items":[{"id":"k3","name":"C"}],"nextToken":null}`)
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
}

func TestKanbansOverPages(t *testing.T) {
	t.Parallel()
	v := newVendor(t, pages)
	list := newTestClient(t, v.URL, Config{}).Kanbans(t.Context(), KanbanFilter{PageSize: 2, Accessible: true})
	if len(v.seen()) != 0 {
		t.Error("a call was made before the range")
	}
	var got []Kanban
	for k, err := range list {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, k)
	}
	want := []Kanban{{
		ID: "k1", Name: "Sales", Slug: "sales", Description: "New", Default: true, Order: 1.5,
		Created: time.UnixMilli(1704067200000).UTC(), Updated: time.UnixMilli(1704067200001).UTC(),
		Statuses: []KanbanStatus{{"new", "New", "#3366ff"}},
		Fields:   []KanbanField{{"f1", "Budget", "currency", "Yearly", 2, true}},
	}, {ID: "k2", Name: "B"}, {ID: "k3", Name: "C"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kanbans (-want +got):\n%s", diff)
	}
	var uris []string
	for _, call := range v.seen() {
		uris = append(uris, call.URI)
	}
	if diff := cmp.Diff([]string{
		"/kanbans?limit=2&accessible=true",
		"/kanbans?limit=2&nextToken=a%2Bb%2Fc%3D&accessible=true",
		"/kanbans?limit=2&nextToken=d&accessible=true",
	}, uris); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	for k, err := range list {
		if k.ID != "k1" || err != nil {
			t.Errorf("anew: got %v, %v", k, err)
		}
		break
	}
	if got := len(v.seen()); got != 4 {
		t.Errorf("got %d calls, want 4: a list that is left asks for no more pages", got)
	}
}

func TestKanbansEndWithAnError(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		boards  int
		want    error
	}{
		"token that returns": {answers(`200 {"items":[{"id":"k"}],"nextToken":"a"}`), 1, ErrMalformed},
		"token of a circle":  {answers(`200 {"items":[{"id":"k"}],"nextToken":"a"}`, `200 {"items":[{"id":"k"}],"nextToken":"b"}`, `200 {"items":[],"nextToken":"a"}`), 2, ErrMalformed},
		"second page fails":  {answers(`200 {"items":[{"id":"k"}],"nextToken":"a"}`, `429 {}`), 1, ErrRateLimited},
		"first page fails":   {answers(`429 {}`), 0, ErrRateLimited},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			boards, failures := 0, 0
			for k, err := range newTestClient(t, newVendor(t, tc.handler).URL, Config{}).Kanbans(t.Context(), KanbanFilter{}) {
				if err == nil {
					boards++
					continue
				}
				failures++
				if !errors.Is(err, tc.want) || k.ID != "" {
					t.Errorf("got %v, %v, want %v", k, err, tc.want)
				}
			}
			if boards != tc.boards || failures != 1 {
				t.Errorf("got %d boards, %d errors, want %d and 1", boards, failures, tc.boards)
			}
		})
	}
}

func TestConnections(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answers(`200 {"items":[{"id":"conn_1","name":"Shop","connectionType":"whatsapp_custom_app","businessAccountId":"100","tokenStatus":"active",`+
		`"phoneNumbers":[{"id":"4","displayPhoneNumber":"+1 555 0100","verifiedName":"Shop","qualityRating":"GREEN"}],"webhookUrl":"https://w.example","createdAt":"2024-01-01T00:00:00Z"},{"id":"conn_2"}]}`))
	got, err := newTestClient(t, v.URL, Config{}).Connections(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	want := []Connection{{
		ID: "conn_1", Name: "Shop", Type: ConnectionWhatsApp, BusinessAccountID: "100", TokenStatus: "active",
		PhoneNumbers: []PhoneNumber{{"4", "+1 555 0100", "Shop", "GREEN"}},
		WebhookURL:   "https://w.example", Created: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
	}, {ID: "conn_2"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("connections (-want +got):\n%s", diff)
	}
	if uri := v.seen()[0].URI; uri != "/connections" {
		t.Errorf("got %s, want no query", uri)
	}
}
