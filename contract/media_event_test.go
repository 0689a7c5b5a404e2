package contract_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

func TestEventStreams(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{MaxBodyBytes: 1000})
	big := strings.Repeat("x", 1001)
	for _, tc := range []struct {
		name        string
		status      int
		contentType string
		body        string
		want        []string
		account     contract.Account
		events      int
	}{
		{"server-sent", 200, "text/event-stream", "data: {\"n\":1}\n\ndata: {\"n\":\"a\"}\n\n:ping\n\ndata: {}\r\n\r\n", []string{"schema-type body /1/n", "schema-required body /2"}, contract.AccountValidated, 3},
		{"data on two lines", 200, "text/event-stream", "data: {\"n\"\ndata: :1}\n\n", nil, contract.AccountValidated, 1},
		{"no JSON", 200, "text/event-stream", "data: oops\n\n", []string{"json-syntax body /0"}, contract.AccountUndecodable, 1},
		{"cut off", 200, "text/event-stream", "data: {\"n\":1}\n\ndata: {\"n\":1}\n", []string{"body-encoding body /1"}, contract.AccountUndecodable, 2},
		{"text", 201, "text/event-stream; charset=utf-8", "data: abcd\n\ndata: abcde\n\n", []string{"schema-max-length body /1"}, contract.AccountValidated, 2},
		{"text that is not UTF-8", 201, "text/event-stream", "data: \xff\n\n", []string{"body-encoding body /0"}, contract.AccountUndecodable, 1},
		{"another charset", 201, "text/event-stream; charset=utf-16", "data: a\n\n", []string{"body-encoding body"}, contract.AccountValidated, 1},
		{"fields", 202, "text/event-stream", "event: added\nid: 1\nretry: 10\ndata: {\"n\":1}\n\n", nil, contract.AccountValidated, 1},
		{"faults in fields", 202, "text/event-stream", "event: other\nid: 12345\nretry: 2000\ndata: {\"n\":\"a\"}\n\ndata: {\"n\":1}\n\nevent: added\ndata: x\n\n", []string{
			"schema-type body /0/data/n", "schema-enum body /0/event", "schema-max-length body /0/id", "schema-maximum body /0/retry",
			"schema-required body /1", "json-syntax body /2/data",
		}, contract.AccountValidated, 3},
		{"lines", 200, "application/x-ndjson", "{\"n\":1}\n\n{\"n\":\"a\"}\n{\"n\":2}", []string{"schema-type body /1/n"}, contract.AccountValidated, 3},
		{"lines of anything", 200, "application/jsonl", "{\"n\":1}\n[]\n{", []string{"json-syntax body /2"}, contract.AccountUndecodable, 3},
		{"a line too long", 200, "application/x-ndjson", "{\"n\":1}\n\"" + big + "\"\n{\"n\":\"a\"}\n", nil, contract.AccountTooLarge, 3},
		{"sequence", 200, "application/json-seq", "\x1e{\"n\":1}\n\x1e{\"n\":\"a\"}\n", []string{"schema-type body /1/n"}, contract.AccountValidated, 2},
		{"sequence with text before it", 200, "application/json-seq", "x\x1e{\"n\":1}\n", []string{"body-encoding body"}, contract.AccountUndecodable, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e, ok := c.StreamResponse(c.Operation("events"), tc.status, tc.contentType)
			if !ok {
				t.Fatal("no checker")
			}
			var told []contract.Finding
			e.OnFinding(func(f contract.Finding) { told = append(told, f) })
			for i := range len(tc.body) { // in the smallest pieces
				if n, err := e.Write([]byte(tc.body[i : i+1])); n != 1 || err != nil {
					t.Fatalf("Write = %d, %v", n, err)
				}
			}
			r := e.Close()
			if tc.account != contract.AccountTooLarge {
				if diff := cmp.Diff(tc.want, summary(r)); diff != "" {
					t.Errorf("findings (-want +got):\n%s", diff)
				}
			}
			if r.Account != tc.account || e.Events() != tc.events {
				t.Errorf("account %s with %d events, want %s with %d", r.Account, e.Events(), tc.account, tc.events)
			}
			if len(told) != len(r.Findings) {
				t.Errorf("told of %d findings, want %d", len(told), len(r.Findings))
			}
			if len(tc.body) > 1000 {
				return
			}
			whole := c.CheckResponse(c.Operation("events"), &contract.Response{Status: tc.status, Header: header("Content-Type", tc.contentType), Body: []byte(tc.body)})
			if diff := cmp.Diff(r.Findings, whole.Findings); diff != "" || whole.Account != r.Account {
				t.Errorf("as a whole: account %s, findings (-streamed +whole):\n%s", whole.Account, diff)
			}
		})
	}
}

func TestFindingsComeBeforeTheNextEvent(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{})
	e, ok := c.StreamResponse(c.Operation("events"), 200, "text/event-stream")
	if !ok {
		t.Fatal("no checker")
	}
	var told []string
	e.OnFinding(func(f contract.Finding) { told = append(told, f.Location.Pointer) })
	for i, want := range [][]string{nil, {"/1/n"}, {"/1/n"}} {
		text := `{"n":1}`
		if i == 1 {
			text = `{"n":"a"}`
		}
		fmt.Fprintf(e, "data: %s\n\n", text)
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("after event %d (-want +got):\n%s", i+1, diff)
		}
	}
	if r := e.Abort(); r.Account != contract.AccountValidated || len(r.Findings) != 1 {
		t.Errorf("result %+v, want one finding, validated", r)
	}
	if again := e.Close(); len(again.Findings) != 1 {
		t.Errorf("closed again: %d findings", len(again.Findings))
	}
}

func TestEventsAreBounded(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{MaxBodyBytes: 1000})
	for name, body := range map[string]string{
		"one endless line":  "data: " + strings.Repeat("x", 1<<20),
		"many data lines":   strings.Repeat("data: xxxxxxxxx\n", 1<<16) + "\n",
		"an endless name":   "event: " + strings.Repeat("x", 1<<20) + "\ndata: {\"n\":1}\n\n",
		"endless and ended": "data: " + strings.Repeat("x", 1<<20) + "\n\ndata: {\"n\":1}\n\n",
	} {
		e, ok := c.StreamResponse(c.Operation("events"), 200, "text/event-stream")
		if !ok {
			t.Fatal("no checker")
		}
		fmt.Fprint(e, body)
		r := e.Close()
		if r.Account != contract.AccountTooLarge {
			t.Errorf("%s: account %s, findings %v, want too-large", name, r.Account, r.Findings)
		}
	}
	e, _ := c.StreamResponse(c.Operation("events"), 200, "text/event-stream")
	fmt.Fprint(e, ":"+strings.Repeat("x", 1<<20)+"\n\n")
	if r := e.Close(); r.Account != contract.AccountValidated || len(r.Findings) > 0 {
		t.Errorf("a long comment is %s with %v", r.Account, r.Findings)
	}
}

func TestStreamResponseRefuses(t *testing.T) {
	t.Parallel()
	c := load(t, "media.yaml", contract.Config{})
	other := load(t, "shop.yaml", contract.Config{})
	for name, ask := range map[string]func() (*contract.EventChecker, bool){
		"no operation": func() (*contract.EventChecker, bool) { return c.StreamResponse(nil, 200, "text/event-stream") },
		"another contract's": func() (*contract.EventChecker, bool) {
			return c.StreamResponse(other.Operation("getThing"), 200, "text/event-stream")
		},
		"undeclared status": func() (*contract.EventChecker, bool) {
			return c.StreamResponse(c.Operation("events"), 500, "text/event-stream")
		},
		"no stream": func() (*contract.EventChecker, bool) {
			return c.StreamResponse(c.Operation("events"), 203, "application/json")
		},
		"undeclared type": func() (*contract.EventChecker, bool) {
			return c.StreamResponse(c.Operation("events"), 200, "text/html")
		},
		"no type": func() (*contract.EventChecker, bool) { return c.StreamResponse(c.Operation("events"), 200, "") },
	} {
		if e, ok := ask(); ok || e != nil {
			t.Errorf("%s: got a checker", name)
		}
	}
}

func TestItemSchemas(t *testing.T) {
	t.Parallel()
	const rest = `paths:
  /e:
    get:
      operationId: e
      responses:
        '200':
          description: y
          content: {application/jsonl: {MEMBER: {$ref: 'sub.yaml#/Item'}, example: {x-itemSchema: kept}}}
`
	for _, version := range []string{"3.0.3", "3.1.0"} {
		for _, member := range []string{"itemSchema", "x-itemSchema"} {
			text := "openapi: " + version + "\ninfo: {title: t, version: '1'}\n" + strings.Replace(rest, "MEMBER", member, 1)
			c, err := contract.Load(fstest.MapFS{
				"doc.yaml": {Data: []byte(text)},
				"sub.yaml": {Data: []byte("Item:\n  type: object\n  properties:\n    n: {type: integer}\n")},
			}, "doc.yaml", contract.Config{})
			if err != nil {
				t.Fatalf("%s %s: %v", version, member, err)
			}
			r := c.CheckResponse(c.Operation("e"), &contract.Response{Status: 200, Header: header("Content-Type", "application/jsonl"), Body: []byte("{\"n\":1}\n{\"n\":\"a\"}\n")})
			if diff := cmp.Diff([]string{"schema-type body /1/n"}, summary(r)); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", version, member, diff)
			}
			if got := r.Findings[0].Position.String(); got != "sub.yaml:4" {
				t.Errorf("%s %s: position %s, want sub.yaml:4", version, member, got)
			}
		}
	}
	broken := "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n" + strings.Replace(rest, "MEMBER: {$ref: 'sub.yaml#/Item'}", "x-itemSchema: {type: nothing}", 1)
	if _, err := contract.Load(fstest.MapFS{"doc.yaml": {Data: []byte(broken)}}, "doc.yaml", contract.Config{}); err == nil {
		t.Error("an item schema of an unknown type was loaded")
	}
}
