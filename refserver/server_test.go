package refserver_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-contracts/parley/gen/common"
	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
)

func TestNewRefusesBadConfigurations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config refserver.Config
		want   string
	}{
		{"no attempts", refserver.Config{Retries: []time.Duration{}}, "retries: empty"},
		{"negative wait", refserver.Config{Retries: []time.Duration{0, -1}}, "wait 2 is negative"},
		{"negative delay", refserver.Config{AnswerDelay: -2}, "answer delay"},
		{"negative follow-up delay", refserver.Config{FollowUpDelay: -2}, "follow-up delay"},
		{"much jitter", refserver.Config{RetryJitter: 1.5}, "retry jitter"},
		{"high threshold", refserver.Config{AnswerThreshold: 2}, "answer threshold"},
		{"negative workers", refserver.Config{Workers: -1}, "workers"},
		{"no entries", refserver.Config{Knowledge: []byte("text without a heading")}, "knowledge base"},
		{"missing folder", refserver.Config{Database: filepath.Join(t.TempDir(), "no", "such.db")}, "no such file"},
		{"bad emergency URL", refserver.Config{Seed: &refserver.Seed{EmergencyURL: "mailto:x"}}, "emergency URL"},
		{"private emergency URL", refserver.Config{Seed: &refserver.Seed{EmergencyURL: "http://127.0.0.1/"}}, "emergency URL"},
		{"little randomness", refserver.Config{Seed: &refserver.Seed{}, Random: strings.NewReader("x")}, "randomness"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv, err := refserver.New(tc.config)
			if err == nil {
				_ = srv.Close()
				t.Fatalf("got no error, want one about %q", tc.want)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %q, want %q in it", err, tc.want)
			}
		})
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv, err := refserver.New(refserver.Config{Database: database})
		if err != nil {
			t.Fatal(err)
		}
		if err := srv.Ready(t.Context()); err == nil {
			t.Error("before Start: got ready")
		}
		if srv.DevelopmentKey() != "" {
			t.Error("without a seed: got a development key")
		}
		if err := srv.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := srv.Ready(t.Context()); err != nil {
			t.Errorf("after Start: %v", err)
		}
		if err := srv.Close(); err != nil {
			t.Fatal(err)
		}
		if err := srv.Ready(t.Context()); err == nil {
			t.Error("after Close: got ready")
		}
		if err := srv.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
	})
}

// TestRestart is an orderly stop between accepting and answering.
func TestRestart(t *testing.T) {
	t.Parallel()
	for _, database := range storetest.Databases(t) {
		t.Run(database.Name, func(t *testing.T) {
			t.Parallel()
			testRestart(t, database.Fresh(t))
		})
	}
}

func testRestart(t *testing.T, database string) {
	rec := newReceiver(t, nil)
	config := refserver.Config{
		Database: database, Seed: &refserver.Seed{Key: "kept"},
		Generator: echo, AnswerDelay: refserver.None, UnsafeAllowPrivate: true,
		Logger: (&logBuffer{}).logger(),
	}
	srv, err := refserver.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(srv)
	r := &running{Server: srv, URL: ts.URL}
	id := sendV2(t, r.v2(t, "kept"), sales("hello", "ada@example.com", rec)) // not started: stays unanswered
	ts.Close()
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, config)
	if got := rec.wait(t, 1)[0].Body["incoming_message_id"]; got != float64(id) {
		t.Errorf("callback after the restart: got message %v, want %d", got, id)
	}
	fetch(t, again.v1(t, "kept"), id, common.ServiceTypeSalesAutomation)
}

func TestSQLiteHasOneNode(t *testing.T) {
	t.Parallel()
	config := refserver.Config{Database: filepath.Join(t.TempDir(), "one.db")}
	srv := start(t, config)
	if _, err := refserver.New(config); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("second server on the database: got %v, want it in use", err)
	}
	if err := srv.Ready(t.Context()); err != nil {
		t.Errorf("the first: %v", err)
	}
}

func TestSeedWithoutKeyReplacesIt(t *testing.T) {
	t.Parallel()
	for _, database := range storetest.Databases(t) {
		t.Run(database.Name, func(t *testing.T) {
			t.Parallel()
			testSeedWithoutKeyReplacesIt(t, database.Fresh(t))
		})
	}
}

func testSeedWithoutKeyReplacesIt(t *testing.T, database string) {
	var keys []string
	for range 2 {
		srv, err := refserver.New(refserver.Config{Database: database, Seed: &refserver.Seed{}})
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, srv.DevelopmentKey())
		if err := srv.Close(); err != nil {
			t.Fatal(err)
		}
	}
	srv := start(t, refserver.Config{Database: database, Seed: &refserver.Seed{Key: keys[1]}})
	if status, _ := call(t, "POST", srv.URL+"/api/create-conversation/", keys[1], `{"prospect_id":99}`); status != http.StatusBadRequest {
		t.Errorf("latest key: got %d, want it accepted and the prospect refused with 400", status)
	}
	if status, _ := call(t, "POST", srv.URL+"/api/create-conversation/", keys[0], `{"prospect_id":99}`); status != http.StatusUnauthorized {
		t.Errorf("key before: got %d, want 401", status)
	}
}

// TestFullDatabaseIs503 limits the database as a full disk would.
func TestFullDatabaseIs503(t *testing.T) {
	t.Parallel()
	srv := start(t, refserver.Config{Generator: echo})
	client := srv.v1(t, srv.DevelopmentKey())
	pages := func(n int) {
		t.Helper()
		var got int
		if err := srv.WriterDB().QueryRowContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count(%d)", n)).Scan(&got); err != nil {
			t.Fatal(err)
		}
	}
	pages(1) // no more than there are
	var accepted []int64
	for full := false; !full; {
		sent, err := client.InitiateAnswerGenerationWithResponse(t.Context(), support(strings.Repeat("x", 5000), "ada@example.com"))
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case sent.JSON200 != nil:
			accepted = append(accepted, sent.JSON200.IncomingMessageID)
		case sent.StatusCode() == http.StatusServiceUnavailable:
			full = true
			if sent.JSONDefault == nil || sent.JSONDefault.Error == nil {
				t.Errorf("full: got body %s, want the error shape", sent.Body)
			}
		default:
			t.Fatalf("full: got %s %s, want 503", sent.Status(), sent.Body)
		}
	}
	if err := srv.Ready(t.Context()); err == nil {
		t.Error("ready while full: got no error")
	}
	pages(1 << 20)
	for _, id := range accepted {
		fetch(t, client, id, common.ServiceTypeCustomerSupportAutomation)
	}
	if err := srv.Ready(t.Context()); err != nil {
		t.Errorf("ready with room again: %v", err)
	}
}

func TestOneProspectForConcurrentMessages(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		rec := newReceiver(t, nil)
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		client := srv.v2(t, srv.DevelopmentKey())
		const messages = 20
		var wg sync.WaitGroup
		for i := range messages {
			wg.Go(func() {
				sent, err := client.CreateOutgoingMessageWithResponse(context.Background(), sales(fmt.Sprint(i), "new@example.com", rec))
				if err != nil || sent.JSON200 == nil {
					t.Errorf("send: %v", err)
				}
			})
		}
		wg.Wait()
		for _, r := range rec.wait(t, messages) {
			if r.Body["prospect_id"] != 1.0 || r.Body["conversation_id"] != 1.0 {
				t.Errorf("callback: got prospect %v and conversation %v, want one of each", r.Body["prospect_id"], r.Body["conversation_id"])
			}
		}
	})
}

// jumpingClock is the system's clock and a jump ahead.
type jumpingClock struct{ jump atomic.Int64 }

func (c *jumpingClock) Now() time.Time { return time.Now().Add(time.Duration(c.jump.Load())) }

func TestFollowUpOnAJumpingClock(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		rec := newReceiver(t, nil)
		clock := &jumpingClock{}
		srv := start(t, refserver.Config{Database: database, Generator: echo, FollowUpDelay: 15 * time.Minute, Clock: clock})
		id := sendV2(t, srv.v2(t, srv.DevelopmentKey()), sales("hello", "ada@example.com", rec))
		if got := rec.wait(t, 1)[0].Path; got != "/answer" {
			t.Fatalf("first callback: got %s, want /answer", got)
		}
		clock.jump.Store(int64(15 * time.Minute))
		got := rec.wait(t, 2)[1]
		if got.Path != "/follow-up" || got.Body["incoming_message_id"] != float64(id) || got.Body["message"] == "" {
			t.Errorf("after 15 minutes of silence: got %s %v, want a follow-up to message %d", got.Path, got.Body, id)
		}
	})
}

func TestInfoOverridesDetails(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := start(t, refserver.Config{Database: database, Generator: echo})
		client := srv.v1(t, srv.DevelopmentKey())
		conversation := create(t, client, maaxv1.CreateConversationRequest{ProspectInfo: info("old@example.com")})
		moved := support("I have a new address", "new@example.com")
		moved.ConversationID = &conversation
		send(t, client, moved)
		// The old address is nobody's any more; the new one finds the prospect.
		send(t, client, support("from the old", "old@example.com"))
		send(t, client, support("from the new", "new@example.com"))
		var texts []string
		for _, e := range historyV1(t, client, conversation) {
			if e.Sender == "prospect" {
				texts = append(texts, e.Text)
			}
		}
		if got, want := strings.Join(texts, "; "), "I have a new address; from the new"; got != want {
			t.Errorf("conversation: got %q, want %q", got, want)
		}
	})
}

func TestLogsKeepSecrets(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		rec := newReceiver(t, nil)
		logs := &logBuffer{}
		srv := start(t, refserver.Config{Database: database, Generator: echo, Logger: logs.logger()})
		sendV2(t, srv.v2(t, srv.DevelopmentKey()), sales("confidential", "ada@example.com", rec))
		rec.wait(t, 1)
		poll(t, "all lines", func() bool {
			got := logs.String()
			return strings.Contains(got, "msg=exchange") && strings.Contains(got, "msg=attempt") && strings.Contains(got, "kind=deliver")
		})
		for _, secret := range []string{"confidential", "ada@example.com", srv.DevelopmentKey(), "secret=1"} {
			if strings.Contains(logs.String(), secret) {
				t.Errorf("logs hold %q:\n%s", secret, logs)
			}
		}
	})
}
