package refserver_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver"
)

func TestMAIAOneSessionForConcurrentFirstMessages(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database string) {
		srv := startMAIA(t, refserver.Config{Database: database}, nil)
		const messages = 20
		var made atomic.Int64
		var wg sync.WaitGroup
		for i := range messages {
			wg.Go(func() {
				got := srv.call("POST", "/messages", m{"fromChannelIdentifier": "shop", "sessionId": "s", "content": fmt.Sprint(i)})
				if got.Status != http.StatusAccepted {
					t.Errorf("send: got %d %v", got.Status, got.Body)
				}
				if got.Body["isNewSession"] == true {
					made.Add(1)
				}
			})
		}
		wg.Wait()
		poll(t, "all answers", func() bool { return finished(srv.session("s")) })
		got := srv.session("s")
		if made.Load() != 1 || len(got.Messages) != 2*messages || len(got.Records) != 1 {
			t.Errorf("got %d new sessions, %d messages and %d records, want 1, %d and 1", made.Load(), len(got.Messages), len(got.Records), 2*messages)
		}
		for i, message := range got.Messages {
			if message.Seq != int64(i+1) {
				t.Errorf("message %d: got place %d", i, message.Seq)
			}
		}
	})
}

func TestMAIAOddSessionIDs(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	for id, path := range map[string]string{
		"a/b": "a%2Fb", "ä ö": "%C3%A4%20%C3%B6", "100%": "100%25", "a+b": "a+b", "?#": "%3F%23", "messages": "messages",
	} {
		srv.send(id, "hello", nil)
		if got := srv.want(200, "PATCH", "/sessions/"+path+"/ai-paused", m{"aiPaused": true}); got["sessionId"] != id {
			t.Errorf("session %q: got %v", id, got)
		}
	}
}

func TestMAIALogsKeepSecrets(t *testing.T) {
	t.Parallel()
	logs := &logBuffer{}
	srv := startMAIA(t, refserver.Config{Logger: logs.logger()}, nil)
	srv.send("s", "confidential", m{"externalUserId": "ada@example.com", "sessionName": "Lovelace"})
	srv.rec.wait(t, "shop", 1)
	poll(t, "all lines", func() bool {
		got := logs.String()
		return strings.Contains(got, "kind=answer-session") && strings.Contains(got, "kind=deliver-webhook") && strings.Contains(got, "msg=attempt")
	})
	for _, secret := range []string{"confidential", "ada@example.com", "Lovelace", srv.token, webhookSecret, "key=1"} {
		if strings.Contains(logs.String(), secret) {
			t.Errorf("logs hold %q:\n%s", secret, logs)
		}
	}
}

// BenchmarkMAIAAccept is messages of MAIA accepted by 16 callers over HTTP in
// 500 sessions, stored with fsync, while their answers are made and delivered.
func BenchmarkMAIAAccept(b *testing.B) {
	srv := benchMAIA(b, nil)
	var n atomic.Int64
	b.SetParallelism(8) // per CPU
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			got := srv.call("POST", "/messages", m{
				"fromChannelIdentifier": "shop", "sessionId": fmt.Sprint("s", n.Add(1)%500), "content": "hello",
			})
			if got.Status != http.StatusAccepted {
				b.Errorf("send: got %d", got.Status)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accepted/s")
}

// BenchmarkMAIAAnswerDelivered is the time from sending a message to its webhook
// on an idle server, without an answer delay.
func BenchmarkMAIAAnswerDelivered(b *testing.B) {
	arrived := make(chan struct{}, 1)
	srv := benchMAIA(b, func(_ int, w webhook) int {
		if w.Name == "shop" {
			arrived <- struct{}{}
		}
		return http.StatusOK
	})
	var times []time.Duration
	b.ResetTimer()
	for b.Loop() {
		sent := time.Now()
		srv.send("s", "hello", nil)
		<-arrived
		times = append(times, time.Since(sent))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}

// benchMAIA is a server on a disk, without limits, whose responses are not held
// against the contract.
func benchMAIA(b *testing.B, status func(int, webhook) int) *maiaServer {
	b.Helper()
	rec := newMAIAReceiver(b, status)
	srv := startMAIA(b, refserver.Config{
		Database: filepath.Join(b.TempDir(), "bench.db"), Seed: &refserver.Seed{MAIA: onlyMessages(rec)},
		MAIA: refserver.MAIAConfig{RequestsPerMinute: -1, RequestsPerHour: -1},
	}, rec)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	b.Cleanup(transport.CloseIdleConnections)
	srv.http = &http.Client{Transport: transport}
	return srv
}
