package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// epoch is a time with milliseconds, which is what the store keeps.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

// Test runs the suite on one kind of database; each case gets one of its own.
func Test(t *testing.T, database Database) {
	for name, test := range map[string]func(*testing.T, string){
		"delivery states":       testDeliveryStates,
		"attempt recorded once": testAttemptIsRecordedOnce,
		"head of chain":         testHeadOfChain,
		"messages":              testMessagesRoundTrip,
		"all or nothing":        testWriteIsAllOrNothing,
		"prospects":             testMatchProspect,
		"keys":                  testKeys,
		"reopening":             testReopen,
		"newer schema":          testNewerSchema,
		"side by side":          testSideBySide,
		"locks":                 testLocks,
		"gone":                  testGone,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, database.Fresh(t))
		})
	}
}

func write(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// fixture is one account with one conversation.
type fixture struct {
	account      domain.Account
	prospect     domain.Prospect
	conversation domain.Conversation
}

func populate(t *testing.T, s *store.Store) fixture {
	t.Helper()
	var f fixture
	ctx := t.Context()
	write(t, s, func(tx *store.Tx) (err error) {
		if f.account, err = tx.InsertAccount(ctx, domain.Account{Name: "a", EmergencyURL: "http://example.com"}, epoch); err != nil {
			return err
		}
		details := domain.ProspectDetails{FirstName: "Ada", Email: "Ada@example.com", Phone: "+1 2"}
		if f.prospect, err = tx.InsertProspect(ctx, f.account.ID, details, epoch); err != nil {
			return err
		}
		f.conversation, err = tx.InsertConversation(ctx, f.account.ID, f.prospect.ID, epoch)
		return err
	})
	return f
}

func (f fixture) question(text string) domain.Message {
	return domain.Message{
		AccountID: f.account.ID, ConversationID: f.conversation.ID, Kind: domain.Question, Text: text,
		ServiceType: domain.Sales, Platform: "sms", AIID: new(int64(12)), Format: domain.HTML,
		SendResponseURL: "http://example.com/a", FollowupURL: "http://example.com/f",
	}
}

func testMessagesRoundTrip(t *testing.T, database string) {
	s := Open(t, database)
	f := populate(t, s)
	ctx := t.Context()
	var question, reply domain.Message
	write(t, s, func(tx *store.Tx) (err error) {
		if question, err = tx.InsertMessage(ctx, f.question("What?"), epoch); err != nil {
			return err
		}
		answer := domain.Answer{Text: "That.", Confidence: 0.75, Source: "book"}
		reply, err = tx.InsertMessage(ctx, question.Answered(domain.Reply, answer.Text, answer), epoch.Add(time.Second))
		return err
	})
	want := f.question("What?")
	want.ID, want.Seq, want.CreatedAt = question.ID, 1, epoch
	if diff := cmp.Diff(want, question); diff != "" {
		t.Errorf("question (-want +got):\n%s", diff)
	}
	if reply.Seq != 2 || reply.Text != "<p>That.</p>" || reply.Confidence != 0.75 || *reply.ReplyTo != question.ID {
		t.Errorf("answer: got %+v", reply)
	}
	got, err := s.Messages(ctx, f.conversation.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]domain.Message{question, reply}, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	err = s.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.InsertMessage(ctx, question.Answered(domain.Reply, "again", domain.Answer{}), epoch)
		return err
	})
	if err == nil || store.Unavailable(err) {
		t.Errorf("second answer: got %v, want an error that no retry can help", err)
	}
}

func testWriteIsAllOrNothing(t *testing.T, database string) {
	s := Open(t, database)
	f := populate(t, s)
	broken := errors.New("broken")
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.InsertMessage(t.Context(), f.question("lost"), epoch); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("write: got %v, want %v", err, broken)
	}
	got, err := s.Messages(t.Context(), f.conversation.ID)
	if err != nil || len(got) != 0 {
		t.Errorf("messages after a rollback: got %v, %v, want none", got, err)
	}
}

func testMatchProspect(t *testing.T, database string) {
	s := Open(t, database)
	f := populate(t, s)
	ctx := t.Context()
	for _, tc := range []struct {
		name, email, phone string
		account            int64
		found              bool
	}{
		{"by e-mail", " ada@EXAMPLE.com", "", f.account.ID, true},
		{"by phone", "new@example.com", "0012", f.account.ID, true},
		{"by nothing", "", "", f.account.ID, false},
		{"by another", "new@example.com", "34", f.account.ID, false},
		{"in another account", "ada@example.com", "+12", f.account.ID + 1, false},
	} {
		got, err := s.MatchProspect(ctx, tc.account, tc.email, tc.phone)
		if tc.found && (err != nil || got.ID != f.prospect.ID) {
			t.Errorf("%s: got %v, %v, want prospect %d", tc.name, got.ID, err, f.prospect.ID)
		}
		if !tc.found && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: got %v, %v, want not found", tc.name, got.ID, err)
		}
	}
}

func testKeys(t *testing.T, database string) {
	s := Open(t, database)
	f := populate(t, s)
	ctx := t.Context()
	const key = "ref_0123456789-the-key-itself"
	write(t, s, func(tx *store.Tx) error { return tx.InsertKey(ctx, f.account.ID, key, "dev", epoch) })
	if got, err := s.AccountByKey(ctx, key); err != nil || got != f.account {
		t.Errorf("account by key: got %+v, %v, want %+v", got, err, f.account)
	}
	err := s.Write(ctx, func(tx *store.Tx) error { return tx.InsertKey(ctx, f.account.ID, key, "dev", epoch) })
	if err == nil || store.Unavailable(err) {
		t.Errorf("the key again: got %v, want an error that no retry can help", err)
	}
	write(t, s, func(tx *store.Tx) error {
		n, err := tx.RevokeKeys(ctx, f.account.ID, "dev", epoch)
		if n != 1 {
			t.Errorf("revoked: got %d keys, want 1", n)
		}
		return err
	})
	if _, err := s.AccountByKey(ctx, key); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("account by a revoked key: got %v, want not found", err)
	}
}

func testReopen(t *testing.T, database string) {
	s := Open(t, database)
	f := populate(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := Open(t, database)
	if got, err := again.ProspectByID(t.Context(), f.prospect.ID); err != nil || got != f.prospect {
		t.Errorf("prospect after reopening: got %+v, %v, want %+v", got, err, f.prospect)
	}
	if err := again.Ready(t.Context(), epoch); err != nil {
		t.Errorf("ready: %v", err)
	}
}

func testNewerSchema(t *testing.T, database string) {
	s := Open(t, database)
	Exec(t, s, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999999, true)")
	if err := s.Ready(t.Context(), epoch); err == nil {
		t.Error("ready with another schema: got no error")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), database); err == nil || !strings.Contains(err.Error(), "newer release") {
		t.Errorf("open: got %v, want a hint at a newer release", err)
	}
}

// sideBySide calls fn from many goroutines at once, each with its number.
func sideBySide(t *testing.T, fn func(int) error) int {
	t.Helper()
	const n = 20
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return n
}

// testSideBySide is many messages of one conversation at once.
func testSideBySide(t *testing.T, database string) {
	s := Open(t, database)
	f := populate(t, s)
	n := sideBySide(t, func(i int) error {
		return s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.InsertMessage(t.Context(), f.question(fmt.Sprint(i)), epoch)
			return err
		})
	})
	messages, err := s.Messages(t.Context(), f.conversation.ID)
	if err != nil {
		t.Fatal(err)
	}
	var seqs, want []int64
	for _, m := range messages {
		seqs = append(seqs, m.Seq)
		want = append(want, int64(len(seqs)))
	}
	if len(messages) != n || !slices.Equal(seqs, want) {
		t.Errorf("sequence numbers: got %v, want 1 to %d", seqs, n)
	}
}

// testLocks counts in a field that every transaction reads before it writes it:
// without the lock some would overwrite each other.
func testLocks(t *testing.T, database string) {
	s := Open(t, database)
	f := populate(t, s)
	ctx := t.Context()
	for name, lock := range map[string]func(*store.Tx) error{
		"account":      func(tx *store.Tx) error { return tx.LockAccount(ctx, f.account.ID) },
		"conversation": func(tx *store.Tx) error { return tx.LockConversation(ctx, f.conversation.ID) },
	} {
		write(t, s, func(tx *store.Tx) error { return tx.SetEmergencyURL(ctx, f.account.ID, "") })
		n := sideBySide(t, func(int) error {
			return s.Write(ctx, func(tx *store.Tx) error {
				if err := lock(tx); err != nil {
					return err
				}
				account, err := tx.AccountByID(ctx, f.account.ID)
				if err != nil {
					return err
				}
				return tx.SetEmergencyURL(ctx, f.account.ID, account.EmergencyURL+"x")
			})
		})
		account, err := s.AccountByID(ctx, f.account.ID)
		if err != nil || len(account.EmergencyURL) != n {
			t.Errorf("lock of the %s: got %d of %d changes, %v", name, len(account.EmergencyURL), n, err)
		}
	}
	err := s.Write(ctx, func(tx *store.Tx) error { return tx.LockConversation(ctx, 999) })
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("lock of nothing: got %v, want not found", err)
	}
}

// testGone is a caller who went away.
func testGone(t *testing.T, database string) {
	s := Open(t, database)
	f := populate(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.InsertMessage(ctx, f.question("lost"), epoch); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if !store.Unavailable(err) {
		t.Errorf("write of a caller who went away: got %v, want it unavailable", err)
	}
	if got, err := s.Messages(t.Context(), f.conversation.ID); err != nil || len(got) != 0 {
		t.Errorf("messages: got %v, %v, want none", got, err)
	}
	if err := s.Ready(t.Context(), epoch); err != nil {
		t.Errorf("ready: %v", err)
	}
}
