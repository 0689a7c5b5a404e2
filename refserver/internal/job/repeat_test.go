package job_test

import (
	"testing"
	"time"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/job"
	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
)

// TestRepeatedJobsChangeNothing runs every job a second time, as after a crash
// in the moment between a commit and its acknowledgement.
func TestRepeatedJobsChangeNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, database storetest.Database) {
		s := &sender{}
		b := newBench(t, database, job.Config{Sender: s, FollowUpDelay: time.Millisecond})
		question := b.ask(t, "What?", 0)
		b.start(t)
		completed := func(want int) func() bool {
			return func() bool {
				var n int
				const query = "SELECT count(*) FROM river_job WHERE state = 'completed'"
				if err := storetest.Scan(t, b.store, query, &n); err != nil {
					t.Fatal(err)
				}
				return n == want
			}
		}
		const jobs = 4 // answer, its delivery, follow-up, its delivery
		poll(t, "all jobs", completed(jobs))
		const again = "UPDATE river_job SET state = 'available', finalized_at = NULL"
		storetest.Exec(t, b.store, again)
		poll(t, "all jobs once more", completed(jobs))
		messages, err := b.store.Messages(t.Context(), question.ConversationID)
		if err != nil {
			t.Fatal(err)
		}
		if len(messages) != 3 || messages[1].Kind != domain.Reply || messages[2].Kind != domain.FollowUp {
			t.Errorf("messages: got %d, want question, answer and follow-up", len(messages))
		}
		if got := len(s.ids()); got != 2 {
			t.Errorf("attempts: got %d, want 2", got)
		}
	})
}
