package domain_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

func TestAccess(t *testing.T) {
	t.Parallel()
	mine, other := domain.Account{ID: 1}, domain.Account{ID: 2}
	question := domain.Message{ID: 5, AccountID: 1, Kind: domain.Question, ServiceType: domain.Sales}
	answer := domain.Message{ID: 6, AccountID: 1, Kind: domain.Reply, ServiceType: domain.Sales}
	conversation := domain.Conversation{ID: 7, AccountID: 1, ProspectID: 3}
	mixed := []domain.Message{{ServiceType: domain.CustomerSupport}, question}
	for _, tc := range []struct {
		name string
		err  error
		want domain.Code
	}{
		{"own answer", domain.CheckAnswerAccess(mine, question, domain.Sales), ""},
		{"foreign answer", domain.CheckAnswerAccess(other, question, domain.Sales), domain.CodeForbidden},
		{"other service type", domain.CheckAnswerAccess(mine, question, domain.CustomerSupport), domain.CodeForbidden},
		{"answer as question", domain.CheckAnswerAccess(mine, answer, domain.Sales), domain.CodeInvalid},
		{"own conversation", domain.CheckConversationOwner(mine, conversation), ""},
		{"foreign conversation", domain.CheckConversationOwner(other, conversation), domain.CodeForbidden},
		{"participant", domain.CheckParticipant(conversation, domain.Prospect{ID: 3}), ""},
		{"no participant", domain.CheckParticipant(conversation, domain.Prospect{ID: 4}), domain.CodeInvalid},
		{"own prospect", domain.CheckProspectOwner(mine, domain.Prospect{AccountID: 1}), ""},
		{"foreign prospect", domain.CheckProspectOwner(other, domain.Prospect{AccountID: 1}), domain.CodeForbidden},
		{"history, not asked", domain.CheckHistoryAccess(mixed, ""), ""},
		{"history, one type", domain.CheckHistoryAccess(mixed, domain.Sales), ""},
		{"history, the other", domain.CheckHistoryAccess(mixed, domain.CustomerSupport), ""},
		{"history, neither", domain.CheckHistoryAccess(mixed[:1], domain.Sales), domain.CodeForbidden},
		{"history, empty", domain.CheckHistoryAccess(nil, domain.Sales), ""},
		{"no text", domain.CheckText(" \n"), domain.CodeInvalid},
		{"text", domain.CheckText("x"), ""},
	} {
		if got := domain.ErrorCode(tc.err); got != tc.want || (tc.err == nil) != (tc.want == "") {
			t.Errorf("%s: got %v (%q), want code %q", tc.name, tc.err, got, tc.want)
		}
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	a, err := domain.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b, err := domain.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if a == b || len(a) < 43 {
		t.Errorf("keys: got %q and %q, want two long ones", a, b)
	}
	if domain.HashKey(a) == domain.HashKey(b) || strings.Contains(domain.HashKey(a), a) {
		t.Error("hashes: want different ones that do not hold the key")
	}
	if _, err := domain.NewKey(strings.NewReader("short")); err == nil {
		t.Error("key from too little randomness: got no error")
	}
	if _, err := domain.NewDeliveryID(strings.NewReader("short")); err == nil {
		t.Error("delivery id from too little randomness: got no error")
	}
}
