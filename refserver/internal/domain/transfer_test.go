package domain_test

import (
	"testing"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

// TestDestination is every case of the table that messages move sessions by.
func TestDestination(t *testing.T) {
	t.Parallel()
	setup := domain.Setup{Kanbans: []domain.Kanban{{ID: "ka", IsDefault: true}, {ID: "kb"}, {ID: "kc"}}}
	channel := domain.Channel{
		DefaultAgentID: "a", AllowedAgentIDs: []string{"b", "boardless"},
		AgentKanbanConfigs: []domain.AgentKanban{{AgentID: "a", KanbanID: "ka"}, {AgentID: "b", KanbanID: "kb"}},
	}
	type place = domain.Place
	for _, tc := range []struct {
		name             string
		at, wanted, want place
		code             domain.Code
	}{
		{name: "neither", at: place{"b", "kc"}, want: place{"b", "kc"}},
		{name: "agent", at: place{"a", "ka"}, wanted: place{AgentID: "b"}, want: place{"b", "kb"}},
		{name: "agent as it is", at: place{"b", "kc"}, wanted: place{AgentID: "b"}, want: place{"b", "kc"}},
		{name: "agent without a board", at: place{"b", "kc"}, wanted: place{AgentID: "boardless"}, want: place{"boardless", "kc"}},
		{name: "board", at: place{"b", "kb"}, wanted: place{KanbanID: "kc"}, want: place{"a", "kc"}},
		{name: "board as it is", at: place{"b", "kb"}, wanted: place{KanbanID: "kb"}, want: place{"b", "kb"}},
		{name: "both", at: place{"a", "ka"}, wanted: place{"b", "kc"}, want: place{"b", "kc"}},
		{name: "both, agent as it is", at: place{"b", "ka"}, wanted: place{"b", "kc"}, want: place{"b", "kc"}},
		{name: "both as they are", at: place{"b", "kc"}, wanted: place{"b", "kc"}, want: place{"b", "kc"}},
		{name: "new, neither", want: place{"a", "ka"}},
		{name: "new, agent", wanted: place{AgentID: "b"}, want: place{"b", "kb"}},
		{name: "new, agent without a board", wanted: place{AgentID: "boardless"}, want: place{"boardless", "ka"}},
		{name: "new, board", wanted: place{KanbanID: "kc"}, want: place{"a", "kc"}},
		{name: "new, both", wanted: place{"b", "kc"}, want: place{"b", "kc"}},
		{name: "agent not allowed", at: place{"a", "ka"}, wanted: place{AgentID: "x"}, code: domain.CodeInvalid},
		{name: "new, agent not allowed", wanted: place{"x", "kb"}, code: domain.CodeInvalid},
		{name: "unknown board", at: place{"a", "ka"}, wanted: place{KanbanID: "x"}, code: domain.CodeNotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := channel.Destination(setup, tc.at, tc.wanted)
			if domain.ErrorCode(err) != tc.code || got != tc.want {
				t.Errorf("got %+v, %v, want %+v with code %q", got, err, tc.want, tc.code)
			}
		})
	}
	if got, err := (domain.Channel{DefaultAgentID: "a"}).Destination(domain.Setup{}, place{}, place{}); err != nil || got != (place{AgentID: "a"}) {
		t.Errorf("account without boards: got %+v, %v, want the agent on none", got, err)
	}
}
