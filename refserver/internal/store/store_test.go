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

	"github.com/parley-contracts/parley/refserver/internal/domain"
	"github.com/parley-contracts/parley/refserver/internal/store"
	"github.com/parley-contracts/parley/refserver/internal/store/storetest"
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

func TestStore(t *testing.T) {
	t.Parallel()
	for _, database := range storetest.Databases(t) {
		t.Run(database.Name, func(t *testing.T) {
			t.Parallel()
			storetest.Test(t, database)
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

func TestKeysAreHashed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.db")
	s := open(t, path)
	f := populate(t, s)
	ctx := t.Context()
	const key = "ref_0123456789-the-key-itself"
	write(t, s, func(tx *store.Tx) error { return tx.InsertKey(ctx, f.account.ID, key, "dev", epoch) })
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), key) {
			t.Errorf("the database file%s holds the key", suffix)
		}
	}
}

func TestOneProcessAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "odd name?#%20.db")
	s := open(t, path)
	if _, err := store.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("open a second time: got %v, want it in use", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
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
