package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
)

// epoch is a time with milliseconds, which is what the store keeps.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.OpenSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Errorf("close: %v", err)
		}
	})
	return s
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

func TestMessagesRoundTrip(t *testing.T) {
	t.Parallel()
	s := open(t, "")
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

func TestWriteIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := open(t, "")
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

func TestMatchProspect(t *testing.T) {
	t.Parallel()
	s := open(t, "")
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

func TestKeysAreHashedAndRevoked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.db")
	s := open(t, path)
	f := populate(t, s)
	ctx := t.Context()
	const key = "ref_0123456789-the-key-itself"
	write(t, s, func(tx *store.Tx) error { return tx.InsertKey(ctx, f.account.ID, key, "dev", epoch) })
	if got, err := s.AccountByKey(ctx, key); err != nil || got != f.account {
		t.Errorf("account by key: got %+v, %v, want %+v", got, err, f.account)
	}
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), key) {
			t.Errorf("the database file%s holds the key", suffix)
		}
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

func TestReopen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "odd name?#%20.db")
	s := open(t, path)
	f := populate(t, s)
	if _, err := store.OpenSQLite(t.Context(), path); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("open a second time: got %v, want it in use", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if got, err := again.ProspectByID(t.Context(), f.prospect.ID); err != nil || got != f.prospect {
		t.Errorf("prospect after reopening: got %+v, %v, want %+v", got, err, f.prospect)
	}
	if err := again.Ready(t.Context(), epoch); err != nil {
		t.Errorf("ready: %v", err)
	}
}

func TestOpenRefusesNewerSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "newer.db")
	s := open(t, path)
	if _, err := s.SQLite().ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999999, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context(), epoch); err == nil {
		t.Error("ready with another schema: got no error")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenSQLite(t.Context(), path); err == nil || !strings.Contains(err.Error(), "newer release") {
		t.Errorf("open: got %v, want a hint at a newer release", err)
	}
}

func TestOpenRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenSQLite(t.Context(), path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("open: got %v, want an error that names the file", err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	if err := s.ReaderExec(t.Context(), "DELETE FROM accounts"); err == nil {
		t.Error("write through a reading connection: got no error")
	}
}

// TestDiskFull limits the file as a full disk would.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	f := populate(t, s)
	ctx := t.Context()
	pages := func(n int) {
		t.Helper()
		var got int
		if err := s.SQLite().QueryRowContext(ctx, "PRAGMA max_page_count("+strconv.Itoa(n)+")").Scan(&got); err != nil {
			t.Fatal(err)
		}
	}
	pages(1) // SQLite takes this as "no more than there are".
	stored, text := 0, strings.Repeat("x", 1000)
	var err error
	for err == nil {
		err = s.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.InsertMessage(ctx, f.question(text), epoch)
			return err
		})
		if err == nil {
			stored++
		}
	}
	if !store.Unavailable(err) {
		t.Fatalf("write to a full disk: got %v, want it unavailable", err)
	}
	got, err := s.Messages(ctx, f.conversation.ID)
	if err != nil || len(got) != stored {
		t.Errorf("messages: got %d, %v, want the %d that were accepted", len(got), err, stored)
	}
	if last := len(got); last > 0 && got[last-1].Seq != int64(last) {
		t.Errorf("last message: got seq %d, want %d", got[last-1].Seq, last)
	}
	pages(1 << 20)
	if err := s.Ready(ctx, epoch); err != nil {
		t.Errorf("ready when there is room again: %v", err)
	}
	write(t, s, func(tx *store.Tx) error {
		_, err := tx.InsertMessage(ctx, f.question(text), epoch)
		return err
	})
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err  error
		want bool
	}{
		"nothing":   {nil, false},
		"deadline":  {context.DeadlineExceeded, true},
		"not found": {store.ErrNotFound, false},
		"a rule":    {domain.ErrUnauthorized, false},
	} {
		if got := store.Unavailable(tc.err); got != tc.want {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
}
