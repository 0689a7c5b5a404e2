package domain_test

import (
	"fmt"
	"testing"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

func TestWebhookWants(t *testing.T) {
	t.Parallel()
	w := domain.Webhook{
		EventTypes:   []domain.SessionEventKind{domain.RecordFieldUpdated, domain.AIPause},
		KanbanFilter: []string{"k1", "k2"}, FieldFilter: []string{"f1"},
	}
	for _, tc := range []struct {
		kind          domain.SessionEventKind
		kanban, field string
		want          bool
	}{
		{domain.RecordFieldUpdated, "k2", "f1", true},
		{domain.RecordFieldUpdated, "k3", "f1", false},
		{domain.RecordFieldUpdated, "k2", "f2", false},
		{domain.RecordCreated, "k2", "", false},
		{domain.AIPause, "", "", true}, // has no board that a filter could be about
	} {
		if got := w.Wants(tc.kind, tc.kanban, tc.field); got != tc.want {
			t.Errorf("%s on %q, field %q: got %v, want %v", tc.kind, tc.kanban, tc.field, got, tc.want)
		}
	}
	open := domain.Webhook{EventTypes: []domain.SessionEventKind{domain.RecordCreated}}
	if !open.Wants(domain.RecordCreated, "any", "") || (domain.Webhook{}).Wants(domain.RecordCreated, "any", "") {
		t.Error("without filters: want the types that are named, and none without a name")
	}
}

func TestWebhookOutcome(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]domain.AttemptOutcome{
		0: domain.AttemptRetry, 302: domain.AttemptRefused, 400: domain.AttemptRefused, 408: domain.AttemptRefused,
		429: domain.AttemptRetry, 499: domain.AttemptRefused, 500: domain.AttemptRetry, 599: domain.AttemptRetry,
	} {
		if got := domain.WebhookOutcome(status, domain.AttemptRetry); got != want {
			t.Errorf("status %d: got %s, want %s", status, got, want)
		}
	}
	if got := domain.WebhookOutcome(200, domain.AttemptDelivered); got != domain.AttemptDelivered {
		t.Errorf("status 200: got %s", got)
	}
}

// TestSign is the second test case of RFC 4231.
func TestSign(t *testing.T) {
	t.Parallel()
	const want = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	if got := domain.Sign("Jefe", []byte("what do ya want for nothing?")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestStatusArrows is every arrow of the lifecycle, the forbidden one included.
func TestStatusArrows(t *testing.T) {
	t.Parallel()
	all := []domain.MessageStatus{domain.StatusPending, domain.StatusSent, domain.StatusDelivered, domain.StatusRead, domain.StatusFailed}
	for _, from := range all {
		for _, to := range all {
			t.Run(fmt.Sprintf("%s to %s", from, to), func(t *testing.T) {
				t.Parallel()
				got, err := from.Report(to)
				if to == domain.StatusPending {
					if domain.ErrorCode(err) != domain.CodeInvalid || got != from {
						t.Errorf("got %s, %v, want it refused", got, err)
					}
					return
				}
				if err != nil || got != to {
					t.Errorf("got %s, %v", got, err)
				}
			})
		}
		want := from
		if from == domain.StatusPending {
			want = domain.StatusSent
		}
		if got := from.MarkSent(); got != want {
			t.Errorf("link of a %s message: got %s, want %s", from, got, want)
		}
	}
}
