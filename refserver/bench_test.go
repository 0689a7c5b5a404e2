package refserver_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-contracts/parley/gen/maaxv2"
	"github.com/parley-contracts/parley/refserver"
)

// BenchmarkAccept is messages accepted by 16 callers over HTTP, stored with
// fsync, while their answers are made and delivered.
func BenchmarkAccept(b *testing.B) {
	rec := newReceiver(b, nil)
	srv := start(b, refserver.Config{Database: filepath.Join(b.TempDir(), "bench.db"), Generator: echo})
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	client, err := maaxv2.NewClientWithResponses(srv.URL, maaxv2.WithRequestEditorFn(withKey(srv.DevelopmentKey())),
		maaxv2.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(transport.CloseIdleConnections)
	var n atomic.Int64
	b.SetParallelism(8) // per CPU
	b.ResetTimer()
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
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accepted/s")
}

// BenchmarkAnswerDelivered is the time from sending a message to its callback
// on an idle server, without an answer delay.
func BenchmarkAnswerDelivered(b *testing.B) {
	arrived := make(chan struct{}, 1)
	rec := newReceiver(b, func(int, receipt) int {
		arrived <- struct{}{}
		return http.StatusOK
	})
	srv := start(b, refserver.Config{Database: filepath.Join(b.TempDir(), "bench.db"), Generator: echo})
	client := srv.v2(b, srv.DevelopmentKey())
	var times []time.Duration
	b.ResetTimer()
	for b.Loop() {
		sent := time.Now()
		sendV2(b, client, sales("hello", "ada@example.com", rec))
		<-arrived
		times = append(times, time.Since(sent))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}
