package job_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/job"
	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
)

// dead makes the database look as a process leaves it that is killed while it
// runs its jobs and leads.
func dead(t *testing.T, b *bench, database storetest.Database) {
	t.Helper()
	if database.Name == "SQLite" {
		storetest.Exec(t, b.store, "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = datetime('now', 'subsec')")
		storetest.Exec(t, b.store, "INSERT INTO river_leader (elected_at, expires_at, leader_id) VALUES (datetime('now'), datetime('now', '+1 hour'), 'dead')")
		return
	}
	storetest.Exec(t, b.store, "INSERT INTO nodes (id, started_at, seen_at) VALUES ('dead', now(), now() - interval '7 seconds')")
	storetest.Exec(t, b.store, "UPDATE river_job SET state = 'running', attempt = 2, attempted_at = now(), attempted_by = '{other,dead}'")
	storetest.Exec(t, b.store, "INSERT INTO river_leader (elected_at, expires_at, leader_id) VALUES (now(), now() + interval '1 hour', 'dead')")
}

// TestTakeOver is a process that died with its job running. On PostgreSQL its
// lease has a second to go when the other node starts.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		b := newBench(t, database, job.Config{Sender: &sender{}})
		question := b.ask(t, "What?", 0)
		dead(t, b, database)
		var err error
		if b.Queue, err = job.New(t.Context(), b.Config); err != nil {
			t.Fatal(err)
		}
		b.start(t)
		b.settled(t, question)
		var leader string
		poll(t, "a new leader", func() bool {
			return storetest.Scan(t, b.store, "SELECT leader_id FROM river_leader", &leader) == nil
		})
		if leader == "dead" {
			t.Error("leader: got the dead process, want the new one")
		}
	})
}

// TestNodesShareJobs is two nodes on one database: what one accepts the other
// may do, and what one was doing when its lease ended the other does again.
func TestNodesShareJobs(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		if database.Name == "SQLite" {
			return // has one node
		}
		asked, release := make(chan string, 2), make(chan struct{})
		node := func(name string) generator {
			return func(ctx context.Context, _ domain.Inquiry) (domain.Answer, error) {
				asked <- name
				if name == "first" {
					select {
					case <-release:
					case <-ctx.Done():
					}
				}
				return domain.Answer{Text: name, Confidence: 1}, ctx.Err()
			}
		}
		sent := &sender{}
		// One worker, so that the first node cannot take its own job over.
		first := newBench(t, database, job.Config{Sender: sent, Generator: node("first"), Workers: 1})
		question := first.ask(t, "What?", 0)
		first.start(t)
		<-asked
		second := first.Config
		second.Generator = node("second")
		queue, err := job.New(t.Context(), second)
		if err != nil {
			t.Fatal(err)
		}
		if err := queue.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer queue.Stop(context.Background())
		// The first node looks dead to the second, which is what a node that
		// was suspended looks like.
		storetest.Exec(t, first.store, "UPDATE river_job SET attempted_by = '{gone}'")
		if got := <-asked; got != "second" {
			t.Errorf("taken over by the %s node, want the second", got)
		}
		d, _ := first.settled(t, question)
		close(release) // the first wakes up and finishes too
		poll(t, "end of the job of the first node", func() bool {
			return strings.Count(first.logs.String(), "kind=generate-answer") == 2
		})
		messages, err := first.store.Messages(t.Context(), question.ConversationID)
		if err != nil || len(messages) != 2 || messages[1].Text != "second" {
			t.Errorf("messages: got %d, %v, want the question and the second node's answer", len(messages), err)
		}
		if got := sent.ids(); len(got) != 1 || got[0] != d.PublicID {
			t.Errorf("attempts: got %v, want one of %s", got, d.PublicID)
		}
	})
}

// TestStoppedNodeIsForgotten: an orderly stop leaves nobody to wait for.
func TestStoppedNodeIsForgotten(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		if database.Name == "SQLite" {
			return // has no leases
		}
		b := newBench(t, database, job.Config{Sender: &sender{}})
		count := func() (n int) {
			t.Helper()
			if err := storetest.Scan(t, b.store, "SELECT count(*) FROM nodes", &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		b.start(t)
		if got := count(); got != 1 {
			t.Errorf("nodes after the start: got %d, want 1", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := b.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		if got := count(); got != 0 {
			t.Errorf("nodes after the stop: got %d, want 0", got)
		}
	})
}
