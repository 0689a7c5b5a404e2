package evidence

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/parley-contracts/parley/contract"
)

// TestRecheckFindsWhatWasFoundLive is the promise of a recording: redacted,
// written, read and checked again, an exchange has the findings and accounts
// it had live.
func TestRecheckFindsWhatWasFoundLive(t *testing.T) {
	t.Parallel()
	contracts := vendor(t)
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, label) }
		var members []string
		for _, member := range []struct {
			name   string
			values []string
		}{
			{"text", []string{`""`, `"hello"`, `"` + strings.Repeat("long ", 20) + `"`, `5`, `null`}},
			{"email", []string{`"jane@doe.example"`, `"no address"`, `true`}},
			{"age", []string{`17`, `18`, `1.5`, `"old"`}},
			{"channel", []string{`"sms"`, `"pigeon"`, `[]`}},
			{"tags", []string{`[]`, `["a","a"]`, `["a","b"]`, `["toolong"]`, `["a","b","c","d"]`}},
			{"person", []string{`{}`, `{"first":"Jim"}`, `{"first":"James"}`, `{"last":"Doe"}`, `{"last":"doe"}`, `{"first":"James","last":"doe"}`}},
			{"extra", []string{`{"deep":[1,2]}`, `"x"`}},
			{"Text", []string{`"twin"`}},
		} {
			if rapid.Bool().Draw(rt, member.name) {
				members = append(members, fmt.Sprintf("%q: %s", member.name, pick(member.name+" value", member.values...)))
			}
		}
		body := pick("body", "{"+strings.Join(members, ", ")+"}", "{"+strings.Join(members, ", ")+"}", "{"+strings.Join(members, ", ")+"}",
			`{"text":"a","text":"b","email":"jane@doe.example"}`, `{"text":"a"} trailing`, `[1]`, `{`, ``)
		target := pick("target", "/messages/", "/messages", "/messages/?mode=live", "/messages/?mode=odd", "/messages/?contact=x&page=11",
			"/messages/?page=ten&other=1", "/messages/?contact=%zz", "/unknown?a=b")
		x := live(t, contracts, target, body, pick("response", `{"ok":true}`, `{"ok":1,"id":"much too long"}`, `{}`, `nope`, ``))
		x.Request.Header.Set("X-Trace-Token", pick("token", "abc", "abcdefgh"))
		if rapid.Bool().Draw(rt, "no credential") {
			x.Request.Header.Del("X-Vendor-Pass")
		}
		if rapid.Bool().Draw(rt, "odd status") {
			x.Response.Status = 418
		}
		x = Checker{Contracts: contracts}.Recheck(x) // nothing is redacted yet: this is the live check
		redacted := Redactor{Contracts: contracts}.Redact(x)
		got := Checker{Contracts: contracts}.Recheck(redacted)
		if diff := cmp.Diff(got.Findings, x.Findings); diff != "" {
			rt.Fatalf("findings of %s %s (-got +want):\n%s\nredacted: %s", target, body, diff, redacted.Request.Body)
		}
		if got.Request.Account != x.Request.Account || got.Response.Account != x.Response.Account ||
			got.Operation != x.Operation || got.Contract != x.Contract {
			rt.Fatalf("of %s %s: got %s %s %s, want %s %s %s", target, body,
				got.Operation, got.Request.Account, got.Response.Account, x.Operation, x.Request.Account, x.Response.Account)
		}
	})
}

// TestRecheckSeesWhatChangedInTheContract shows that a recheck is a check: what
// redaction left is judged by the contracts given, not by what was recorded.
func TestRecheckSeesWhatChangedInTheContract(t *testing.T) {
	t.Parallel()
	contracts := vendor(t)
	x := Redactor{Contracts: contracts}.Redact(live(t, contracts, "/messages/", `{"text":"x","email":"not one","extra":1}`, `{"ok":true}`))
	if len(x.Findings) != 2 {
		t.Fatalf("findings are %v, want an undeclared property and an address", x.Findings)
	}
	quiet, err := contract.LoadFile("testdata/vendor.yaml", contract.Config{Undeclared: contract.SeverityOff})
	if err != nil {
		t.Fatal(err)
	}
	got := Checker{Contracts: contract.Set{quiet}}.Recheck(x).Findings
	if len(got) != 1 || got[0].Rule != contract.RuleFormat {
		t.Errorf("findings are %v, want the address alone, which cannot be judged again", got)
	}
	if got := (Checker{}).Recheck(x); got.Request.Account != contract.AccountUnmatched || got.Operation != "" {
		t.Errorf("without contracts got %+v, want an unmatched exchange", got)
	}
}

func TestRecheckOfBodiesThatWereNotKept(t *testing.T) {
	t.Parallel()
	contracts := vendor(t)
	found := contract.Finding{Rule: contract.RuleJSONSyntax, Severity: contract.SeverityError, Direction: contract.DirectionRequest, Operation: "sendMessage", Location: contract.Location{In: contract.PartBody}}
	x := Exchange{
		Contract: "vendor", Operation: "sendMessage",
		Request: Message{
			Method: "POST", Target: "/messages/", Header: http.Header{"Content-Type": {"application/json"}, "X-Vendor-Pass": {Mask}},
			BodyBytes: 9, BodySHA256: "00", Account: contract.AccountUndecodable,
		},
		Findings: []contract.Finding{found},
	}
	got := Checker{Contracts: contracts}.Recheck(x)
	if diff := cmp.Diff(got.Findings, x.Findings); diff != "" {
		t.Errorf("findings (-got +want):\n%s", diff)
	}
	if got.Request.Account != contract.AccountUndecodable {
		t.Errorf("account is %s, want undecodable", got.Request.Account)
	}
}

func TestRecheckOfCallbacks(t *testing.T) {
	t.Parallel()
	callbacks := load(t, "callbacks.yaml")
	x := Exchange{
		Callback: true, Operation: "reply",
		Request:  Message{Method: "POST", Target: "/anywhere", Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"answer":5}`, BodyBytes: 12},
		Response: &Message{Status: 200, Header: http.Header{}},
	}
	got := Checker{Callbacks: callbacks}.Recheck(x)
	if len(got.Findings) != 1 || got.Findings[0].Direction != contract.DirectionCallback || got.Contract != "callbacks" {
		t.Errorf("got %+v, want one finding of the callback", got)
	}
	redacted := Redactor{Callbacks: callbacks}.Redact(got)
	if again := (Checker{Callbacks: callbacks}).Recheck(redacted); !cmp.Equal(again.Findings, got.Findings) {
		t.Errorf("findings after redaction:\n%s", cmp.Diff(again.Findings, got.Findings))
	}
}
