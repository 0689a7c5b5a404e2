package register_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/register"
)

// compileOne compiles the small register with another first expression.
func compileOne(t *testing.T, expression string, limits register.Limits) *register.Probes {
	t.Helper()
	r, err := register.Load(only(strings.Replace(small, "response.status == 200", fmt.Sprintf("%q", expression), 1)))
	if err != nil {
		t.Fatal(err)
	}
	probes, err := r.Compile(limits)
	if err != nil {
		t.Fatal(err)
	}
	return probes
}

// first is the vote on A-01=a.
func first(t *testing.T, votes []register.Vote) register.Vote {
	t.Helper()
	for _, v := range votes {
		if v.Reading == "a" {
			return v
		}
	}
	t.Fatalf("no vote on a among %v", votes)
	return register.Vote{}
}

func answered(status int) *register.Exchange {
	return &register.Exchange{Operation: "ask", Response: &register.Response{Status: status}}
}

func TestVote(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, expression string
		exchange         *register.Exchange
		want             register.Outcome
		trouble          register.Trouble
	}{
		{"true", "response.status == 200", answered(200), register.OutcomeSupports, ""},
		{"the other is true", "response.status == 200", answered(201), register.OutcomeRefutes, ""},
		{"neither", "response.status == 200", answered(500), register.OutcomeCannotTell, ""},
		{"both", "response.status > 200", answered(201), register.OutcomeCannotTell, register.TroubleContradiction},
		{"a field is missing", "request.body.name == 'x'", answered(200), register.OutcomeCannotTell, ""},
		{"a type does not fit", "response.status.matches('2..')", answered(200), register.OutcomeCannotTell, ""},
		{"no response", "response.status == 200", &register.Exchange{Operation: "ask"}, register.OutcomeCannotTell, ""},
		{"not a condition after all", "response.status", answered(200), register.OutcomeCannotTell, ""},
		{"a whole number is a fraction's equal", "response.status == 200.0", answered(200), register.OutcomeSupports, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := first(t, compileOne(t, tc.expression, generous).Vote(t.Context(), tc.exchange))
			if got.Outcome != tc.want || got.Trouble != tc.trouble {
				t.Errorf("got %+v, want %s %s", got, tc.want, tc.trouble)
			}
		})
	}
}

func TestVoteStopsAtItsLimits(t *testing.T) {
	t.Parallel()
	const costly = "[1, 2, 3, 4, 5, 6, 7, 8].all(a, [1, 2, 3, 4, 5, 6, 7, 8].all(b, [1, 2, 3, 4, 5, 6, 7, 8].all(c, a + b + c + response.status > 0)))"
	if got := first(t, compileOne(t, costly, generous).Vote(t.Context(), answered(200))); got.Outcome != register.OutcomeSupports {
		t.Errorf("within the limits: got %+v", got)
	}
	got := first(t, compileOne(t, costly, register.Limits{Cost: 100, Time: time.Minute}).Vote(t.Context(), answered(200)))
	if got.Trouble != register.TroubleLimit {
		t.Errorf("cost: got %+v", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if got := first(t, compileOne(t, costly, generous).Vote(ended, answered(200))); got.Trouble != register.TroubleLimit {
		t.Errorf("time: got %+v", got)
	}
}

func TestVoteIsAskedOfEntriesThatConcernTheExchange(t *testing.T) {
	t.Parallel()
	probes := compileOne(t, "response.status == 200", generous)
	anywhere, err := register.Load(only(strings.Replace(small, "    operations: [ask]\n", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	everywhere, err := anywhere.Compile(generous)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name     string
		probes   *register.Probes
		exchange *register.Exchange
		want     int
	}{
		{"its operation", probes, &register.Exchange{Operation: "ask"}, 2},
		{"another operation", probes, &register.Exchange{Operation: "tell"}, 0},
		{"its callback", probes, &register.Exchange{Callback: &register.Callback{Operation: "ask"}}, 2},
		{"both at once", probes, &register.Exchange{Operation: "ask", Callback: &register.Callback{Operation: "ask"}}, 2},
		{"its contract", everywhere, &register.Exchange{Contract: "openapi-v1", Operation: "tell"}, 2},
		{"no contract", everywhere, &register.Exchange{}, 2},
		{"another contract", everywhere, &register.Exchange{Contract: "openapi-v2"}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := tc.probes.Vote(t.Context(), tc.exchange); len(got) != tc.want {
				t.Errorf("got %v, want %d votes", got, tc.want)
			}
		})
	}
}

func TestVoteSeesTheEndOfALongHistory(t *testing.T) {
	t.Parallel()
	x := answered(200)
	for i := range register.MaxHistory + 1 {
		x.History = append(x.History, register.Exchange{Operation: fmt.Sprint(i), History: []register.Exchange{{}}})
	}
	expression := fmt.Sprintf("size(history) == %d && history[0].operation == '1' && !has(history[0].history)", register.MaxHistory)
	if got := first(t, compileOne(t, expression, generous).Vote(t.Context(), x)); got.Outcome != register.OutcomeSupports {
		t.Errorf("got %+v", got)
	}
}

// What an exchange carries is what the package comment says.
func TestVariables(t *testing.T) {
	t.Parallel()
	x := &register.Exchange{
		Contract: "openapi-v1", Operation: "ask",
		Request: &register.Request{
			Method: "POST", Host: "api.example.com", Target: "/a%2Fb/c/?x=1&x=2&y",
			Header: map[string][]string{"Content-Type": {"application/json"}},
			Body:   register.DecodeBody("application/json", []byte(`{"n":1,"f":1.5,"big":9223372036854775808,"list":[1],"nothing":null}`)),
		},
		Response: &register.Response{Status: 202, Delay: 1500 * time.Millisecond},
		Callback: &register.Callback{
			Operation: "answer", Method: "POST", Target: "/hook?k=1", Delay: time.Minute, Status: 200,
			Body: register.DecodeBody("application/x-www-form-urlencoded", []byte("a=1&b=1&b=2")),
		},
		History: []register.Exchange{{Operation: "ask", Age: -2 * time.Second}},
	}
	for _, expression := range []string{
		`operation == "ask"`,
		`request.method == "POST" && request.host == "api.example.com"`,
		`request.path == "/a%2Fb/c/"`,
		`request.path_segments == ["a/b", "c"]`,
		`request.query == {"x": ["1", "2"], "y": [""]}`,
		`request.header["content-type"] == ["application/json"]`,
		`type(request.body.n) == int && type(request.body.f) == double && type(request.body.big) == double`,
		`request.body.list == [1] && request.body.nothing == null`,
		`request.body_type == "json" && request.size == 67`,
		`response.status == 202 && response.delay_seconds == 1.5`,
		`response.body_type == "none" && response.size == 0 && !has(response.body)`,
		`callback.operation == "answer" && callback.path == "/hook" && callback.query.k == ["1"]`,
		`callback.delay_seconds == 60 && callback.status == 200`,
		`callback.body == {"a": "1", "b": ["1", "2"]}`,
		`history[0].age_seconds == -2 && history[0].operation == "ask" && !has(history[0].callback.status)`,
	} {
		if got := first(t, compileOne(t, expression, generous).Vote(t.Context(), x)); got.Outcome != register.OutcomeSupports {
			t.Errorf("%s: got %+v", expression, got)
		}
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	a, b := register.Key{Entry: "A-01", Reading: "a"}, register.Key{Entry: "A-01", Reading: "b"}
	tally := register.Tally{}
	tally.Add([]register.Vote{
		{Entry: "A-01", Reading: "a", Outcome: register.OutcomeSupports},
		{Entry: "A-01", Reading: "b", Outcome: register.OutcomeRefutes},
	})
	more := register.Tally{}
	more.Add([]register.Vote{
		{Entry: "A-01", Reading: "a", Outcome: register.OutcomeCannotTell},
		{Entry: "A-01", Reading: "a", Outcome: register.OutcomeCannotTell, Trouble: register.TroubleLimit},
	})
	tally.Merge(more)
	want := register.Tally{a: {Supports: 1, CannotTell: 2, Trouble: 1}, b: {Refutes: 1}}
	if diff := cmp.Diff(want, tally); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	data, err := json.Marshal(tally)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"A-01=a":{"supports":1,"refutes":0,"cannot_tell":2,"trouble":1},"A-01=b":{"supports":0,"refutes":1,"cannot_tell":0}}`; string(data) != want {
		t.Errorf("got %s, want %s", data, want)
	}
	back := register.Tally{}
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tally, back); diff != "" {
		t.Errorf("back from JSON (-want +got):\n%s", diff)
	}
}

// Many may vote at once on the same probes.
func TestVoteTogether(t *testing.T) {
	t.Parallel()
	probes, err := load(t).Compile(generous)
	if err != nil {
		t.Fatal(err)
	}
	x := &register.Exchange{Operation: "createConversation", Response: &register.Response{Status: 200, Body: register.DecodeBody("application/json", []byte(`{"conversation_id":"7"}`))}}
	want := probes.Vote(t.Context(), x)
	results := make(chan []register.Vote)
	for range 8 {
		go func() { results <- probes.Vote(t.Context(), x) }()
	}
	for range 8 {
		if diff := cmp.Diff(want, <-results); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func BenchmarkVote(b *testing.B) {
	probes, err := load(b).Compile(register.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	x := &register.Exchange{
		Contract: "openapi-v2", Operation: "createOutgoingMessage",
		Request:  &register.Request{Method: "POST", Host: "app.maax.ai", Target: "/api/v2/outgoing-messages/", Body: register.DecodeBody("application/json", []byte(`{"message_content":"What does it cost?","platform":"sms","ai_id":12,"prospect_info":{"first_name":"Ada","phone":"+15550100"},"service_type":"sales_automation","send_response_url":"https://a.example/","followup_url":"https://a.example/"}`))},
		Response: &register.Response{Status: 200, Body: register.DecodeBody("application/json", []byte(`{"incoming_message_id":7}`))},
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(probes.Vote(b.Context(), x)) == 0 {
			b.Fatal("no votes")
		}
	}
}

func ExampleProbes_Vote() {
	r, err := register.Load(only(small))
	if err != nil {
		panic(err)
	}
	probes, err := r.Compile(register.Limits{})
	if err != nil {
		panic(err)
	}
	tally := register.Tally{}
	tally.Add(probes.Vote(context.Background(), answered(201)))
	for _, key := range slices.SortedFunc(maps.Keys(tally), func(a, b register.Key) int { return strings.Compare(a.String(), b.String()) }) {
		fmt.Printf("%s %+v\n", key, tally[key])
	}
	// Output:
	// A-01=a {Supports:0 Refutes:1 CannotTell:0 Trouble:0}
	// A-01=b {Supports:1 Refutes:0 CannotTell:0 Trouble:0}
}
