package refserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// childToken is the API token of the server that is killed.
const childToken = "token-of-the-child"

// childSeed is the account of the server that is killed.
func childSeed() *refserver.Seed { return &refserver.Seed{Key: childKey, Token: childToken} }

// childMAIA has enough attempts that nothing is exhausted while a tenth fails.
func childMAIA() refserver.MAIAConfig {
	return refserver.MAIAConfig{
		Retries:           append([]time.Duration{0}, slices.Repeat([]time.Duration{20 * time.Millisecond}, 20)...),
		RequestsPerMinute: -1, RequestsPerHour: -1,
	}
}

// maiaBooks holds what the server accepted, by session.
type maiaBooks struct {
	mu       sync.Mutex
	accepted map[string][]string
	growth   chan struct{}
}

func (b *maiaBooks) add(session, text string) {
	b.mu.Lock()
	b.accepted[session] = append(b.accepted[session], text)
	b.mu.Unlock()
	b.growth <- struct{}{}
}

// load sends messages in several sessions until the server is gone. A message
// without a response may be stored or not; only those with one are in the books.
// Every fifth message moves its session to the other agent and board.
func (b *maiaBooks) load(t *testing.T, url string, round int) *sync.WaitGroup {
	t.Helper()
	const sessions = 5
	var wg sync.WaitGroup
	for n := range sessions {
		session := fmt.Sprintf("session %d", n)
		wg.Go(func() {
			for i := 0; ; i++ {
				text := fmt.Sprintf("%s round %d message %d", session, round, i)
				body := m{"fromChannelIdentifier": "shop", "sessionId": session, "content": text}
				if i%5 == 4 {
					body["agentId"] = []string{agentB, agentA}[i/5%2]
				}
				status, err := post(url, body)
				if err != nil {
					return // killed
				}
				if status != http.StatusAccepted {
					t.Errorf("send: got %d", status)
					return
				}
				b.add(session, text)
			}
		})
	}
	return &wg
}

func post(url string, body m) (int, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequest(http.MethodPost, url+"/messages", bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+childToken)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

// TestKilledServerKeepsMAIA kills the server under load, several times. What it
// accepted is there, answered and delivered once per answer; every transfer has
// its system message, its record and its event.
func TestKilledServerKeepsMAIA(t *testing.T) {
	t.Parallel()
	const rounds = 3
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	rec := newMAIAReceiver(t, func(n int, _ webhook) int {
		if n%10 == 3 {
			return http.StatusTooManyRequests
		}
		return http.StatusOK
	})
	database := filepath.Join(t.TempDir(), "killed.db")
	prepareMAIA(t, database, rec)
	books := &maiaBooks{accepted: map[string][]string{}, growth: make(chan struct{}, 10_000)}
	for round := range rounds {
		c := startChild(t, database)
		senders := books.load(t, c.URL, round)
		for range 5 + random.IntN(30) {
			select {
			case <-books.growth:
			case <-time.After(time.Minute):
				t.Fatal("no message accepted within a minute")
			}
		}
		// Somewhere between two messages: the moment is the subject here.
		<-time.After(time.Duration(random.IntN(20_000)) * time.Microsecond)
		c.kill(t)
		senders.Wait()
	}
	restarted := time.Now()
	srv := reopenMAIA(t, database)
	poll(t, "end of all jobs", srv.idle)
	accepted := 0
	for session, texts := range books.accepted {
		accepted += len(texts)
		checkKilledSession(t, srv.session(session), texts, rec)
	}
	t.Logf("%d accepted, %d webhooks, all delivered %v after the last start",
		accepted, len(rec.of("shop"))+len(rec.of("all"))+len(rec.of("sales")), time.Since(restarted).Round(time.Millisecond))
}

// idle reports whether no job is left, on SQLite.
func (s *maiaServer) idle() bool {
	s.t.Helper()
	var left int
	const query = "SELECT count(*) FROM river_job WHERE state <> 'completed'"
	if err := s.WriterDB().QueryRowContext(s.t.Context(), query).Scan(&left); err != nil {
		s.t.Fatal(err)
	}
	return left == 0
}

// prepareMAIA makes the account that the children serve.
func prepareMAIA(t *testing.T, database string, rec *maiaReceiver) {
	t.Helper()
	srv, err := refserver.New(refserver.Config{
		Database: database, UnsafeAllowPrivate: true, Logger: slog.New(slog.DiscardHandler),
		Seed: &refserver.Seed{Key: childKey, Token: childToken, MAIA: maiaSetup(rec)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
}

// reopenMAIA serves what the children left, in this process.
func reopenMAIA(t *testing.T, database string) *maiaServer {
	t.Helper()
	srv := start(t, refserver.Config{
		Database: database, Generator: echo, Seed: childSeed(), MAIA: childMAIA(),
	})
	dashboard, err := srv.Dashboard(t.Context(), childToken)
	if err != nil {
		t.Fatal(err)
	}
	return &maiaServer{running: srv, t: t, token: childToken, dashboard: dashboard}
}

// finished reports whether every message of an active agent has its answer and
// every delivery its end.
func finished(s refserver.MAIASession) bool {
	answered := map[int64]bool{}
	for _, m := range s.Messages {
		if m.ReplyTo != nil {
			answered[*m.ReplyTo] = true
		}
	}
	for _, m := range s.Messages {
		if m.Author == domain.Customer && !answered[m.ID] {
			return false
		}
	}
	return settled(s.Deliveries)
}

// checkKilledSession holds a session against what was accepted into it.
func checkKilledSession(t *testing.T, s refserver.MAIASession, accepted []string, rec *maiaReceiver) {
	t.Helper()
	var stored, answers []string
	transfers := 0
	for _, m := range s.Messages {
		switch m.Author {
		case domain.Customer:
			stored = append(stored, m.Text)
		case domain.AgentAuthor:
			answers = append(answers, m.PublicID)
		case domain.System:
			transfers++
		}
	}
	for _, text := range accepted {
		if n := count(stored, text); n != 1 {
			t.Errorf("%q: stored %d times, want once", text, n)
		}
	}
	if len(answers) != len(stored) {
		t.Errorf("session %s: got %d answers to %d messages", s.Session.PublicID, len(answers), len(stored))
	}
	if len(s.Records) != transfers+1 {
		t.Errorf("session %s: got %d records after %d transfers", s.Session.PublicID, len(s.Records), transfers)
	}
	if !finished(s) {
		t.Errorf("session %s: has messages without an answer, or deliveries that wait", s.Session.PublicID)
	}
	for _, d := range s.Deliveries {
		if d.State != domain.Delivered {
			t.Errorf("delivery %s: got %s, want delivered", d.PublicID, d.State)
		}
	}
	checkArrivals(t, s, answers, rec)
}

// checkArrivals wants every answer to have arrived under one delivery id, for
// the first time in the order of the history, and an event for every record.
func checkArrivals(t *testing.T, s refserver.MAIASession, answers []string, rec *maiaReceiver) {
	t.Helper()
	ids, order := map[string]string{}, []string(nil)
	for _, w := range rec.of("shop") {
		if w.Body["sessionId"] != s.Session.PublicID {
			continue
		}
		message := w.Body["messageId"].(string)
		if known := ids[message]; known == "" {
			order = append(order, message)
		} else if known != w.DeliveryID {
			t.Errorf("message %s: delivered as %s and as %s", message, known, w.DeliveryID)
		}
		ids[message] = w.DeliveryID
	}
	if !slices.Equal(order, answers) {
		t.Errorf("session %s: %d answers arrived in another order than the %d of the history", s.Session.PublicID, len(order), len(answers))
	}
	records := map[string]bool{}
	for _, w := range rec.of("all") {
		if w.Body["sessionId"] == s.Session.PublicID {
			records[w.Body["recordId"].(string)] = true
		}
	}
	if len(records) != len(s.Records) {
		t.Errorf("session %s: got events of %d records, want %d", s.Session.PublicID, len(records), len(s.Records))
	}
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}
