package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/parley-contracts/parley/client/maax"
	"github.com/parley-contracts/parley/gen/maaxv2"
)

// vendor serves what handle returns as JSON, and 401 without the key.
func vendor(t *testing.T, handle func(r *http.Request) (status int, body string)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, body := http.StatusUnauthorized, `{"error": "Invalid API key"}`
		if r.Header.Get("2hd-api-key") == "secret" {
			status, body = handle(r)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAsk(t *testing.T) {
	t.Parallel()
	polls := 0
	url := vendor(t, func(r *http.Request) (int, string) {
		if r.Method == http.MethodPost {
			return http.StatusOK, `{"incoming_message_id": 48213}`
		}
		if polls++; polls == 1 {
			return http.StatusOK, `{"answer": null}`
		}
		return http.StatusOK, `{"answer": "Open Settings."}`
	})
	config := maax.Config{
		BaseURL: url,
		APIKey:  "secret",
		Sleep:   func(context.Context, time.Duration) error { return nil },
	}
	got, err := ask(t.Context(), config, "Hello?")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Open Settings."; got != want || polls != 2 {
		t.Errorf("answer: got %q after %d polls, want %q after 2", got, polls, want)
	}
	config.APIKey = "wrong"
	if _, err := ask(t.Context(), config, "Hello?"); err == nil {
		t.Error("got no error for a wrong key")
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	url := vendor(t, func(r *http.Request) (int, string) {
		var message maaxv2.OutgoingMessageRequest
		if r.URL.Path != "/api/v2/outgoing-messages/" || json.NewDecoder(r.Body).Decode(&message) != nil || message.MessageContent != "Hello?" {
			return http.StatusBadRequest, `{}`
		}
		return http.StatusOK, `{"incoming_message_id": 48213}`
	})
	got, err := send(t.Context(), url, "secret", "Hello?")
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(48213); got != want {
		t.Errorf("id: got %d, want %d", got, want)
	}
	if _, err := send(t.Context(), url, "wrong", "Hello?"); err == nil {
		t.Error("got no error for a refused message")
	}
}
