package refserver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-contracts/parley/gen/maaxv1"
	"github.com/parley-contracts/parley/gen/maaxv2"
	"github.com/parley-contracts/parley/refserver"
	"github.com/parley-contracts/parley/server"
)

// childKey is the API key of the server that is killed.
const childKey = "key-of-the-child"

// serveUntilKilled is the child process: a server on loopback that says where
// it listens. It ends by itself only when its parent is gone.
func serveUntilKilled(database string, stdout io.Writer) int {
	srv, err := refserver.New(refserver.Config{
		Database: database, Seed: childSeed(), MAIA: childMAIA(), Generator: echo,
		AnswerDelay: refserver.None, UnsafeAllowPrivate: true,
		// Enough attempts that nothing is exhausted while a tenth fails.
		Retries: append([]time.Duration{0}, slices.Repeat([]time.Duration{20 * time.Millisecond}, 20)...),
		Logger:  slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := srv.Start(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Fprintf(stdout, "http://%s\n", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the parent
		os.Exit(1)
	}()
	fmt.Fprintln(os.Stderr, server.HTTPServer(srv).Serve(listener))
	return 1
}

// child is one run of the server process.
type child struct {
	cmd *exec.Cmd
	URL string
}

func startChild(t *testing.T, database string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-child-database="+database)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil { // held open until this process ends
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("start of the child: %v", err)
	}
	return &child{cmd: cmd, URL: strings.TrimSpace(line)}
}

// kill ends the process as the power cord would.
func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.cmd.Wait() // "signal: killed"
}

// ledger holds what the server accepted: message ids by text.
type ledger struct {
	mu       sync.Mutex
	accepted map[string]int64
	// growth gets a value for every message; the test reads it until the
	// kill.
	growth chan struct{}
}

// add books a message that was accepted.
func (l *ledger) add(text string, id int64) {
	l.mu.Lock()
	l.accepted[text] = id
	l.mu.Unlock()
	l.growth <- struct{}{}
}

// wait waits for one more message.
func (l *ledger) wait(t *testing.T) {
	t.Helper()
	select {
	case <-l.growth:
	case <-time.After(time.Minute):
		t.Fatal("no message accepted within a minute")
	}
}

// load sends messages from several prospects until the server is gone. A
// message without an answer to its call may be stored or not; only those with
// one are in the ledger.
func (l *ledger) load(t *testing.T, url string, round int, rec *receiver) *sync.WaitGroup {
	t.Helper()
	const prospects = 6
	var wg sync.WaitGroup
	for p := range prospects {
		client, err := maaxv2.NewClientWithResponses(url, maaxv2.WithRequestEditorFn(withKey(childKey)))
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for n := 0; ; n++ {
				text := fmt.Sprintf("round %d prospect %d message %d", round, p, n)
				request := sales(text, fmt.Sprintf("p%d@example.com", p), rec)
				request.OutputFormat = new(maaxv2.OutgoingMessageRequestOutputFormatPlainText)
				sent, err := client.CreateOutgoingMessageWithResponse(context.Background(), request)
				if err != nil {
					return // killed
				}
				if sent.JSON200 == nil {
					t.Errorf("send: got %s: %s", sent.Status(), sent.Body)
					return
				}
				l.add(text, sent.JSON200.IncomingMessageID)
			}
		})
	}
	return &wg
}

func TestKilledServerKeepsWhatItAccepted(t *testing.T) {
	t.Parallel()
	const rounds = 5
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	rec := newReceiver(t, func(n int, _ receipt) int {
		if n%10 == 3 {
			return http.StatusTooManyRequests
		}
		return http.StatusOK
	})
	database := filepath.Join(t.TempDir(), "killed.db")
	books := &ledger{accepted: map[string]int64{}, growth: make(chan struct{}, 10_000)}
	for round := range rounds {
		c := startChild(t, database)
		senders := books.load(t, c.URL, round, rec)
		for range 5 + random.IntN(60) {
			books.wait(t)
		}
		// Somewhere between two messages: the moment is the subject here.
		<-time.After(time.Duration(random.IntN(20_000)) * time.Microsecond)
		c.kill(t)
		senders.Wait()
	}
	restarted := time.Now()
	last := startChild(t, database)
	delivered := map[int64]string{}
	poll(t, "delivery of every accepted message", func() bool {
		delivered = rec.deliveries(t)
		for _, id := range books.accepted {
			if delivered[id] == "" {
				return false
			}
		}
		return true
	})
	t.Logf("%d accepted, %d callbacks, all delivered %v after the last start",
		len(books.accepted), len(rec.wait(t, 0)), time.Since(restarted).Round(time.Millisecond))
	checkHistories(t, last.URL, books.accepted, rec)
}

// deliveries are the acknowledged callbacks: the delivery id by message. One
// message under two ids is what must never happen.
func (rec *receiver) deliveries(t *testing.T) map[int64]string {
	t.Helper()
	ids := map[int64]string{}
	for n, r := range rec.wait(t, 0) {
		message := int64(r.Body["incoming_message_id"].(float64))
		if known, ok := ids[message]; ok && known != r.DeliveryID && known != "" {
			t.Fatalf("message %d: delivered as %s and as %s", message, known, r.DeliveryID)
		}
		if rec.status(n, r) == http.StatusOK || ids[message] != "" {
			ids[message] = r.DeliveryID
		}
	}
	return ids
}

// checkHistories reads every conversation: each accepted message is in it once,
// with one answer, and the answers first arrived in the order of the history.
func checkHistories(t *testing.T, url string, accepted map[string]int64, rec *receiver) {
	t.Helper()
	client, err := maaxv1.NewClientWithResponses(url, maaxv1.WithRequestEditorFn(withKey(childKey)))
	if err != nil {
		t.Fatal(err)
	}
	arrived := map[int64][]int64{} // by conversation, in order of first arrival
	for _, r := range rec.wait(t, 0) {
		conversation, message := int64(r.Body["conversation_id"].(float64)), int64(r.Body["incoming_message_id"].(float64))
		if !slices.Contains(arrived[conversation], message) {
			arrived[conversation] = append(arrived[conversation], message)
		}
	}
	questions, answers := map[string]int{}, map[int64]int{}
	for conversation, order := range arrived {
		history, err := client.GetConversationsHistoryWithResponse(t.Context(), &maaxv1.GetConversationsHistoryParams{ConversationID: conversation})
		if err != nil || history.JSON200 == nil {
			t.Fatalf("history of conversation %d: %v %s", conversation, err, history.Body)
		}
		var answered []int64
		for _, m := range history.JSON200.MessagesInConversation {
			fields := m.(map[string]any)
			if fields["sender"] == "prospect" {
				questions[fields["text"].(string)]++
				continue
			}
			id := int64(fields["in_reply_to"].(float64))
			answers[id]++
			answered = append(answered, id)
		}
		if !slices.Equal(order, answered[:min(len(order), len(answered))]) {
			t.Errorf("conversation %d: callbacks first arrived in another order than the answers were made", conversation)
		}
	}
	for text, id := range accepted {
		if questions[text] != 1 || answers[id] != 1 {
			t.Errorf("message %d %q: got %d times stored and %d answers, want one of each", id, text, questions[text], answers[id])
		}
	}
}
