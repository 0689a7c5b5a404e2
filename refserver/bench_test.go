package refserver_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-contracts/parley/gen/maaxv2"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
)

// The benchmarks run on every database, with a commit that waits for the disk
// where the database is set up to. Run them with -benchtime of some thousand
// messages, such as 3000x.

// onEachBench runs a benchmark on every database.
func onEachBench(b *testing.B, bench func(b *testing.B, database string)) {
	b.Helper()
	for _, database := range storetest.Databases(b) {
		b.Run(database.Name, func(b *testing.B) { bench(b, database.Fresh(b)) })
	}
}

// benchClient is a client that keeps its connections.
func benchClient(b *testing.B, url, key string) *maaxv2.ClientWithResponses {
	b.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	b.Cleanup(transport.CloseIdleConnections)
	client, err := maaxv2.NewClientWithResponses(url, maaxv2.WithRequestEditorFn(withKey(key)),
		maaxv2.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		b.Fatal(err)
	}
	return client
}

// sink answers callbacks without a look at them and counts them.
func sink(b *testing.B, arrived func()) *receiver {
	b.Helper()
	ts := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived() }))
	b.Cleanup(ts.Close)
	return &receiver{URL: ts.URL, t: b}
}

// sendAll sends b.N messages from 16 callers and 500 prospects.
func sendAll(b *testing.B, client *maaxv2.ClientWithResponses, rec *receiver) {
	b.Helper()
	var n atomic.Int64
	b.SetParallelism(8) // per CPU
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			sent, err := client.CreateOutgoingMessageWithResponse(context.Background(),
				sales("hello", fmt.Sprintf("p%d@example.com", n.Add(1)%500), rec))
			if err != nil || sent.JSON200 == nil {
				b.Errorf("send: %v", err)
				return
			}
		}
	})
}

// BenchmarkAccept is messages accepted over HTTP while their answers are made
// and delivered.
func BenchmarkAccept(b *testing.B) {
	onEachBench(b, func(b *testing.B, database string) {
		srv := start(b, refserver.Config{Database: database, Generator: echo})
		client := benchClient(b, srv.URL, srv.DevelopmentKey())
		rec := sink(b, func() {})
		b.ResetTimer()
		sendAll(b, client, rec)
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accepted/s")
	})
}

// BenchmarkDeliver is messages that wait for a server to start, from its start
// to the last callback: generating, storing and delivering the answer.
func BenchmarkDeliver(b *testing.B) {
	onEachBench(b, func(b *testing.B, database string) {
		config := refserver.Config{
			Database: database, Generator: echo, Seed: &refserver.Seed{}, AnswerDelay: refserver.None,
			UnsafeAllowPrivate: true, Logger: slog.New(slog.DiscardHandler),
		}
		srv, err := refserver.New(config)
		if err != nil {
			b.Fatal(err)
		}
		ts := httptest.NewServer(srv)
		b.Cleanup(func() {
			ts.Close()
			if err := srv.Close(); err != nil {
				b.Error(err)
			}
		})
		var n atomic.Int64
		all := make(chan struct{})
		rec := sink(b, func() {
			if n.Add(1) == int64(b.N) {
				close(all)
			}
		})
		sendAll(b, benchClient(b, ts.URL, srv.DevelopmentKey()), rec)
		b.ResetTimer()
		if err := srv.Start(context.Background()); err != nil {
			b.Fatal(err)
		}
		<-all
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "delivered/s")
	})
}

// BenchmarkAnswerDelivered is the time from sending a message to its callback
// on an idle server, without an answer delay.
func BenchmarkAnswerDelivered(b *testing.B) {
	onEachBench(b, func(b *testing.B, database string) {
		arrived := make(chan struct{}, 1)
		rec := sink(b, func() { arrived <- struct{}{} })
		srv := start(b, refserver.Config{Database: database, Generator: echo})
		client := benchClient(b, srv.URL, srv.DevelopmentKey())
		var times []time.Duration
		b.ResetTimer()
		for b.Loop() {
			sent := time.Now()
			response, err := client.CreateOutgoingMessageWithResponse(context.Background(), sales("hello", "ada@example.com", rec))
			if err != nil || response.JSON200 == nil {
				b.Fatalf("send: %v", err)
			}
			<-arrived
			times = append(times, time.Since(sent))
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
	})
}
