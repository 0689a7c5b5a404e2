package refserver_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/refserver"
)

// TestMAIATransfer moves a session that is with agent A on board A.
func TestMAIATransfer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		wanted m
		agent  string
		kanban string
		// system is the message in the history, empty for no transfer.
		system string
		// record says that board got a new record.
		record bool
	}{
		{"neither", nil, agentA, kanbanA, "", false},
		{"agent", m{"agentId": agentB}, agentB, kanbanB, "Session transferred from agent A to agent agent-b to board Board kanban-b", true},
		{"agent without a board of its own", m{"agentId": agentAsleep}, agentAsleep, kanbanA, "Session transferred from agent A to agent agent-asleep", false},
		{"board", m{"kanbanId": kanbanC}, agentA, kanbanC, "Session transferred to board Board kanban-c", true},
		{"both", m{"agentId": agentB, "kanbanId": kanbanC}, agentB, kanbanC, "Session transferred from agent A to agent agent-b to board Board kanban-c", true},
		{"both, the board as it is", m{"agentId": agentB, "kanbanId": kanbanA}, agentB, kanbanA, "Session transferred from agent A to agent agent-b", false},
		{"to where it is", m{"agentId": agentA, "kanbanId": kanbanA}, agentA, kanbanA, "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := startMAIA(t, refserver.Config{}, nil)
			srv.send("s", "one", m{"sessionName": "Ada", "externalUserId": "u1"})
			srv.rec.wait(t, "shop", 1)
			srv.rec.wait(t, "all", 1)
			if sent := srv.send("s", "two", tc.wanted); sent["isNewSession"] != false {
				t.Errorf("got %v, want the session continued", sent)
			}
			got := srv.session("s")
			if got.Session.AgentID != tc.agent || got.Session.KanbanID != tc.kanban {
				t.Errorf("session: got agent %s on %s, want %s on %s", got.Session.AgentID, got.Session.KanbanID, tc.agent, tc.kanban)
			}
			// The system message stands before the message that caused it.
			want := []string{"customer: one", "agent: <b>one</b>\n\nBye", "system: " + tc.system, "customer: two"}
			if tc.system == "" {
				want = append(want[:2], want[3])
			}
			if diff := cmp.Diff(want, srv.history("s")[:len(want)]); diff != "" {
				t.Errorf("history (-want +got):\n%s", diff)
			}
			checkRecords(t, srv, tc.kanban, tc.record)
			if tc.agent == agentAsleep { // answers nothing
				poll(t, "end of all jobs", srv.idle)
				if diff := cmp.Diff(want, srv.history("s")); diff != "" {
					t.Errorf("history without an answer (-want +got):\n%s", diff)
				}
				return
			}
			if agent := srv.rec.wait(t, "shop", 2)[1].Body["agentId"]; agent != tc.agent {
				t.Errorf("second answer: got agent %v, want %s", agent, tc.agent)
			}
		})
	}
}

// checkRecords wants the session's first record and, when a transfer made one,
// the second with its event.
func checkRecords(t *testing.T, srv *maiaServer, kanban string, made bool) {
	t.Helper()
	records := srv.session("s").Records
	if want := map[bool]int{false: 1, true: 2}[made]; len(records) != want {
		t.Fatalf("records: got %d, want %d", len(records), want)
	}
	if !made {
		if got := len(srv.session("s").Deliveries); got > 3 { // first record and two answers
			t.Errorf("deliveries: got %d, want none about a record", got)
		}
		return
	}
	event := srv.rec.wait(t, "all", 2)[1]
	want := m{
		"eventType": "crm_record_created", "recordId": records[1].PublicID, "kanbanId": kanban, "kanbanName": "Board " + kanban,
		"externalUserId": "u1", "title": "Ada", "status": "new", "customFields": m{}, "assignedUserIds": []any{},
		"createdBy": "api", "createdAt": event.Body["createdAt"], "sessionId": "s",
	}
	if diff := cmp.Diff(want, event.Body); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

// TestMAIABoardAloneResetsTheAgent is the literal reading: the channel's default
// agent takes over, whoever has the session.
func TestMAIABoardAloneResetsTheAgent(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	srv.send("s", "one", m{"agentId": agentB})
	if got := srv.session("s").Session.Place(); got.AgentID != agentB || got.KanbanID != kanbanB {
		t.Fatalf("start: got %+v, want agent B on board B", got)
	}
	srv.send("s", "two", m{"kanbanId": kanbanC})
	if got := srv.session("s").Session.Place(); got.AgentID != agentA || got.KanbanID != kanbanC {
		t.Errorf("after the board alone: got %+v, want agent A on board C", got)
	}
	// Back on a board where it was: a new record each time.
	srv.send("s", "three", m{"agentId": agentB, "kanbanId": kanbanB})
	var boards []string
	for _, r := range srv.session("s").Records {
		boards = append(boards, r.KanbanID)
	}
	if diff := cmp.Diff([]string{kanbanB, kanbanC, kanbanB}, boards); diff != "" {
		t.Errorf("boards of the records (-want +got):\n%s", diff)
	}
}

func TestMAIANewSessionStartsWhereItIsSent(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	for _, tc := range []struct {
		name          string
		wanted        m
		agent, kanban string
	}{
		{"neither", nil, agentA, kanbanA},
		{"agent", m{"agentId": agentB}, agentB, kanbanB},
		{"agent without a board", m{"agentId": agentAsleep}, agentAsleep, kanbanA}, // the account's default
		{"board", m{"kanbanId": kanbanB}, agentA, kanbanB},
		{"both", m{"agentId": agentB, "kanbanId": kanbanC}, agentB, kanbanC},
	} {
		t.Run(tc.name, func(t *testing.T) {
			srv.send(tc.name, "hello", tc.wanted)
			got := srv.session(tc.name)
			if got.Session.AgentID != tc.agent || got.Session.KanbanID != tc.kanban {
				t.Errorf("session: got %+v, want %s on %s", got.Session.Place(), tc.agent, tc.kanban)
			}
			if len(got.Records) != 1 || got.Records[0].KanbanID != tc.kanban {
				t.Errorf("records: got %+v, want one on %s", got.Records, tc.kanban)
			}
		})
	}
}

func TestMAIARefusedTransferChangesNothing(t *testing.T) {
	t.Parallel()
	srv := startMAIA(t, refserver.Config{}, nil)
	srv.send("s", "one", nil)
	before := srv.session("s").Session
	srv.want(http.StatusBadRequest, "POST", "/messages", m{
		"fromChannelIdentifier": "shop", "sessionId": "s", "content": "two", "agentId": agentForeign, "kanbanId": kanbanC,
	})
	after := srv.session("s")
	if diff := cmp.Diff(before, after.Session); diff != "" || len(after.Records) != 1 {
		t.Errorf("session after a refusal: got %d records and (-before +after):\n%s", len(after.Records), diff)
	}
}
