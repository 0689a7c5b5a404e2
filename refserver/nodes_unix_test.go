//go:build unix

package refserver_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-contracts/parley/gen/maaxv2"
)

// fleet is several nodes on one database, and those who send to them.
type fleet struct {
	database string
	books    *ledger
	rec      *receiver

	mu    sync.Mutex
	nodes []*child

	// refused counts calls that were not answered with 200: by a dead node, or
	// for want of a database.
	refused atomic.Int64
}

// startNode adds a node.
func (f *fleet) startNode(t *testing.T) {
	t.Helper()
	node := startChild(t, f.database)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.nodes = append(f.nodes, node)
}

// killNode ends one of the nodes.
func (f *fleet) killNode(t *testing.T, i int) {
	t.Helper()
	f.mu.Lock()
	node := f.nodes[i]
	f.nodes = append(f.nodes[:i:i], f.nodes[i+1:]...)
	f.mu.Unlock()
	node.kill(t)
}

// url is the address of one of the nodes, empty when there is none.
func (f *fleet) url(n int) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.nodes) == 0 {
		return ""
	}
	return f.nodes[n%len(f.nodes)].URL
}

// send sends messages of one prospect to all nodes in turn until ctx ends. A
// call without an answer may have been accepted or not: only what was answered
// with 200 counts. A node that lives must say 503 when it cannot accept.
func (f *fleet) send(ctx context.Context, t *testing.T, prospect int) {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	pause := time.NewTicker(5 * time.Millisecond)
	defer pause.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		client, err := maaxv2.NewClientWithResponses(f.url(prospect+n), maaxv2.WithRequestEditorFn(withKey(childKey)),
			maaxv2.WithHTTPClient(&http.Client{Transport: transport, Timeout: 20 * time.Second}))
		if err != nil {
			t.Error(err)
			return
		}
		text := fmt.Sprintf("prospect %d message %d", prospect, n)
		request := sales(text, fmt.Sprintf("p%d@example.com", prospect), f.rec)
		request.OutputFormat = new(maaxv2.OutgoingMessageRequestOutputFormatPlainText)
		// Not ctx: a call that has begun shall end.
		sent, err := client.CreateOutgoingMessageWithResponse(context.WithoutCancel(ctx), request)
		switch {
		case err != nil:
			f.refused.Add(1)
		case sent.JSON200 != nil:
			f.books.add(text, sent.JSON200.IncomingMessageID)
		case sent.StatusCode() == http.StatusServiceUnavailable:
			f.refused.Add(1)
		default:
			t.Errorf("send: got %s: %s", sent.Status(), sent.Body)
		}
	}
}

// TestKilledNodesAndDatabase kills nodes one by one, the database, and in the
// end all nodes at once, while messages come in at every node. Each message that
// was accepted must be stored once, answered once, and delivered, under one
// delivery id and in order.
func TestKilledNodesAndDatabase(t *testing.T) {
	t.Parallel()
	postgres, ok := newCluster(t)
	if !ok {
		return
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	f := &fleet{
		database: postgres.URL,
		books:    &ledger{accepted: map[string]int64{}, growth: make(chan struct{}, 100_000)},
		rec: newReceiver(t, func(n int, _ receipt) int {
			if n%10 == 3 {
				return http.StatusTooManyRequests
			}
			return http.StatusOK
		}),
	}
	const nodes, prospects, kills = 3, 6, 4
	for range nodes {
		f.startNode(t)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var senders sync.WaitGroup
	for p := range prospects {
		senders.Go(func() { f.send(ctx, t, p) })
	}
	accept := func(n int) {
		t.Helper()
		for range n {
			f.books.wait(t)
		}
	}
	for i := range kills {
		accept(30 + random.IntN(60))
		if i == kills/2 {
			postgres.kill(t)
			postgres.start(t)
			accept(30)
		}
		f.killNode(t, random.IntN(nodes))
		f.startNode(t)
	}
	accept(30 + random.IntN(60))
	cancel()
	for range nodes {
		f.killNode(t, 0)
	}
	senders.Wait()
	restarted := time.Now()
	f.startNode(t)
	poll(t, "delivery of every accepted message", func() bool {
		delivered := f.rec.deliveries(t)
		for _, id := range f.books.accepted {
			if delivered[id] == "" {
				return false
			}
		}
		return true
	})
	t.Logf("%d accepted, %d refused, %d callbacks, all delivered %v after the last start",
		len(f.books.accepted), f.refused.Load(), len(f.rec.wait(t, 0)), time.Since(restarted).Round(time.Millisecond))
	checkHistories(t, f.url(0), f.books.accepted, f.rec)
}
