package ledger_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/internal/ledger"
	"github.com/parley-contracts/parley/register"
)

// TestTheBooksBalance is the ledger of the contracts that come with the program:
// a hole is closed, or waived in waivers.yaml with a reason.
func TestTheBooksBalance(t *testing.T) {
	t.Parallel()
	books, err := ledger.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Balance(books)
	if err != nil {
		t.Fatal(err)
	}
	for _, hole := range l.Holes {
		t.Errorf("hole: %s", hole)
	}
	for name, got := range map[string]int{
		"operations": len(l.Operations), "fields": l.Fields, "evidence": l.Evidence, "entries": l.Entries, "expressions": l.Expressions,
	} {
		if got == 0 {
			t.Errorf("got no %s: the ledger looks at the wrong things", name)
		}
	}
}

// good is a contract without a hole. Each case of TestHolesAreFound breaks it.
const good = `openapi: 3.0.3
info:
  title: Good
  version: 1.0.0
  x-known-gaps: [{what: more, register: [T-01]}]
paths:
  /orders/{id}:
    post:
      operationId: placeOrder
      x-evidence: {grade: documented, source: {page: Orders}, register: [T-01]}
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}, x-evidence: {grade: documented, source: {page: Orders}}}
        - {name: kind, in: query, schema: {type: string, enum: [fast]}, x-evidence: {grade: documented, source: {page: Orders}}}
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Order'}
            example: {url: 'https://example.com', lines: [{sku: a}]}
      responses:
        '200':
          description: placed
          headers: {X-Left: {schema: {type: integer}, x-evidence: {grade: documented, source: {page: Orders}}}}
          content: {application/json: {schema: {type: object}, example: {}}}
        '400':
          description: refused
          content: {application/json: {schema: {type: object}, examples: {one: {value: {}}}}}
      callbacks:
        shipped:
          '{$request.body#/url}?kind={$request.query.kind}': {$ref: 'called.yaml#/paths/~1shipped'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Order:
      type: object
      allOf: [{$ref: '#/components/schemas/Base'}]
      properties:
        url: {type: string, x-evidence: {grade: documented, source: {page: Orders}}}
        note: {type: string, x-evidence: {grade: inferred, source: {page: Orders}}}
    Base:
      properties:
        lines: {type: array, items: {type: object, properties: {sku: {type: string, x-evidence: {grade: documented, source: {page: Orders}}}}}}
`

// called is the contract of the callback.
const called = `openapi: 3.0.3
paths:
  /shipped:
    post:
      operationId: orderShipped
      x-evidence: {grade: inferred, source: {page: Orders}}
      requestBody: {content: {application/json: {schema: {type: object}, example: {}}}}
      responses: {'204': {description: taken}}
`

const entries = `version: 1
entries:
  - id: T-01
    contracts: [good]
    operations: [placeOrder]
    pointers: ['good.yaml#/paths/~1orders~1{id}/post/responses/400']
    question: Really?
    unsettleable: It is made up.
    settled_by: nothing
    readings: [{id: a, taken: true, text: 'yes', why: so}, {id: b, text: 'no', overlay: readings/T-01-b.yaml}]
`

// files are the documents of a case.
func files() map[string]string {
	return map[string]string{"good.yaml": good, "called.yaml": called, "register.yaml": entries, "readings/T-01-b.yaml": "x: y"}
}

// books are the books of a case.
func books(t *testing.T, documents map[string]string) ledger.Books {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, data := range documents {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	r, err := register.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Books{
		FS: fsys, Contracts: []string{"good", "called"}, Inbound: []string{"called"}, Register: r,
		Fields: []ledger.Group{{
			Contract: "good", Operation: "placeOrder",
			Request: ledger.Fields{
				Headers: []string{"X-Key", "Content-Type: application/json"}, Path: []string{"id"}, Query: []string{"kind"},
				Body: []string{"url", "lines[].sku"}, Values: map[string][]string{"kind": {"fast"}},
			},
			Responses: map[string]ledger.Fields{"2xx": {Headers: []string{"X-Left"}}, "400": {}},
		}},
		Methods: ledger.Methods{
			Client: map[string][]string{"placeOrder": {"shop.Client.Place"}},
			Server: map[string]map[string]string{"good": {"POST /orders/{id}": "good.PlaceOrder"}, "called": {"POST /shipped": "called.OrderShipped"}},
			Mount:  map[string]string{"good": "server.MountGood", "called": "server.MountCalled"},
		},
	}
}

// TestHolesAreFound opens one hole at a time in books that balance. Every kind
// of hole has a case.
func TestHolesAreFound(t *testing.T) {
	t.Parallel()
	const evidence = "x-evidence: {grade: documented, source: {page: Orders}, register: [T-01]}"
	for name, c := range map[string]struct {
		// document, cut and put change one document.
		document, cut, put string
		// change changes the books.
		change func(*ledger.Books)
		want   []string
	}{
		"no hole":   {},
		"no source": {document: "good.yaml", cut: evidence, put: "x-evidence: {grade: documented}", want: []string{"operation-source good placeOrder: x-evidence names no source page"}},
		"no grade":  {document: "good.yaml", cut: evidence, put: "x-evidence: {source: {page: Orders}}", want: []string{"operation-grade good placeOrder: x-evidence has no grade"}},
		"no operationId": {
			document: "called.yaml", cut: "operationId: orderShipped", put: "summary: none",
			want: []string{"operation-id called POST /shipped: give it an operationId of its own"},
		},
		"operationId twice": {
			document: "called.yaml", cut: "orderShipped", put: "placeOrder",
			want: []string{"operation-id called POST /shipped: give it an operationId of its own"},
		},
		"no success": {
			document: "called.yaml", cut: "'204'", put: "'300'", want: []string{"success-missing called orderShipped"},
		},
		"no error":           {change: func(b *ledger.Books) { b.Inbound = nil }, want: []string{"client-method called orderShipped: no client method has the directive //contract:operation orderShipped", "error-missing called orderShipped"}},
		"no request example": {document: "good.yaml", cut: "example: {url: 'https://example.com', lines: [{sku: a}]}", put: "x-none: true", want: []string{"request-example good placeOrder"}},
		"no success example": {document: "good.yaml", cut: "schema: {type: object}, example: {}", put: "schema: {type: object}", want: []string{"success-example good placeOrder 200"}},
		"no error example":   {document: "good.yaml", cut: "{one: {value: {}}}", put: "{}", want: []string{"error-example good placeOrder 400"}},
		"no client method": {
			change: func(b *ledger.Books) { b.Methods.Client = nil },
			want:   []string{"client-method good placeOrder: no client method has the directive //contract:operation placeOrder"},
		},
		"client of nothing": {
			change: func(b *ledger.Books) { b.Methods.Client["dropOrder"] = []string{"shop.Client.Drop"} },
			want:   []string{"client-directive shop.Client.Drop: there is no operation dropOrder"},
		},
		"no server method": {change: func(b *ledger.Books) { b.Methods.Server["called"] = nil }, want: []string{"server-method called orderShipped"}},
		"not mounted":      {change: func(b *ledger.Books) { delete(b.Methods.Mount, "good") }, want: []string{"server-mount good: no function of the package server mounts it"}},
		"field not in the contract": {
			change: func(b *ledger.Books) { b.Fields[0].Request.Body = append(b.Fields[0].Request.Body, "lines[].price") },
			want:   []string{"field-missing good placeOrder request body lines[].price"},
		},
		"header not in the contract": {
			change: func(b *ledger.Books) { b.Fields[0].Request.Headers = []string{"Authorization"} },
			want:   []string{"field-missing good placeOrder request header Authorization"},
		},
		"status not in the contract": {
			change: func(b *ledger.Books) { b.Fields[0].Responses["401"] = ledger.Fields{} },
			want:   []string{"field-missing good placeOrder 401: the contract has no such response"},
		},
		"value not in the contract": {
			document: "good.yaml", cut: "enum: [fast]", put: "enum: [slow]", want: []string{"field-missing good placeOrder request kind = fast: the contract has no such value"},
		},
		"operation not in the contract": {
			change: func(b *ledger.Books) {
				b.Fields = append(b.Fields, ledger.Group{Contract: "called", Operation: "placeOrder"})
			},
			want: []string{"field-missing called placeOrder: the contract has no such operation"},
		},
		"field graded otherwise": {
			change: func(b *ledger.Books) { b.Fields[0].Request.Body = append(b.Fields[0].Request.Body, "note") },
			want:   []string{"field-grade good placeOrder request body note: good.yaml:39 grades it inferred"},
		},
		"field not listed": {
			document: "good.yaml", cut: "note: {type: string, x-evidence: {grade: inferred", put: "note: {type: string, x-evidence: {grade: documented",
			want: []string{"field-unlisted good.yaml#/components/schemas/Order/properties/note: graded documented on page Orders"},
		},
		"parameter and header not listed": {
			change: func(b *ledger.Books) {
				b.Fields[0].Request.Path, b.Fields[0].Responses = nil, map[string]ledger.Fields{}
			},
			want: []string{
				"field-unlisted good.yaml#/paths/~1orders~1{id}/post/parameters/0: graded documented on page Orders",
				"field-unlisted good.yaml#/paths/~1orders~1{id}/post/responses/200/headers/X-Left: graded documented on page Orders",
			},
		},
		"entry does not exist":             {document: "called.yaml", cut: "source: {page: Orders}", put: "source: {page: Orders}, register: [T-02]", want: []string{"register-unknown T-02: named at called.yaml:5"}},
		"entry of a gap does not exist":    {document: "good.yaml", cut: "what: more, register: [T-01]", put: "what: more, register: [T-03]", want: []string{"register-unknown T-03: named at good.yaml:5"}},
		"entry points at nothing":          {document: "register.yaml", cut: "responses/400", put: "responses/404", want: []string{"register-pointer T-01: good.yaml#/paths/~1orders~1{id}/post/responses/404 leads nowhere"}},
		"entry points at no document":      {document: "register.yaml", cut: "good.yaml#", put: "best.yaml#", want: []string{"register-pointer T-01: best.yaml#/paths/~1orders~1{id}/post/responses/400 leads nowhere"}},
		"entry of an unknown operation":    {document: "register.yaml", cut: "[placeOrder]", put: "[dropOrder]", want: []string{"register-pointer T-01: there is no operation dropOrder"}},
		"entry of an unknown contract":     {document: "register.yaml", cut: "[good]", put: "[best]", want: []string{"register-pointer T-01: there is no contract best"}},
		"entry with an overlay that lacks": {document: "register.yaml", cut: "T-01-b.yaml", put: "T-01-b.yaml", change: func(b *ledger.Books) { delete(b.FS.(fstest.MapFS), "readings/T-01-b.yaml") }, want: []string{"register-pointer T-01: there is no overlay readings/T-01-b.yaml"}},
		"entry that no contract names":     {document: "good.yaml", cut: ", register: [T-01]", put: "", want: []string{"register-unlinked T-01: no x-evidence names it"}},
		"expression of no property":        {document: "good.yaml", cut: "body#/url", put: "body#/uri", want: []string{"runtime-expression good placeOrder shipped: the request body has no uri"}},
		"expression of no parameter":       {document: "good.yaml", cut: "request.query.kind", put: "request.query.sort", want: []string{"runtime-expression good placeOrder shipped: the request has no query parameter sort"}},
		"expression of the response":       {document: "good.yaml", cut: "$request.body#/url", put: "$response.body#/url", want: []string{"runtime-expression good placeOrder shipped: {$response.body#/url} is not part of the request's body or parameters"}},
		"callback without an expression":   {document: "good.yaml", cut: "'{$request.body#/url}?kind={$request.query.kind}'", put: "https://example.com", want: []string{"runtime-expression good placeOrder shipped: its URL holds no {$request...} expression"}},
		"stale waiver": {
			change: func(b *ledger.Books) {
				b.Waivers = []ledger.Waiver{{Kind: ledger.KindServerMount, At: "good", Reason: "none"}}
			},
			want: []string{"waiver-stale server-mount good: the hole is closed; remove the waiver"},
		},
		"waived hole": {change: func(b *ledger.Books) {
			b.Methods.Mount = map[string]string{"called": "server.MountCalled"}
			b.Waivers = []ledger.Waiver{{Kind: ledger.KindServerMount, At: "good", Reason: "not yet"}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			documents := files()
			if c.document != "" {
				before := documents[c.document]
				if !strings.Contains(before, c.cut) {
					t.Fatalf("%s does not contain %q", c.document, c.cut)
				}
				documents[c.document] = strings.ReplaceAll(before, c.cut, c.put)
			}
			b := books(t, documents)
			if c.change != nil {
				c.change(&b)
			}
			l, err := ledger.Balance(b)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, hole := range l.Holes {
				got = append(got, hole.String())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("holes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryKindHasACase compares the kinds with the cases above.
func TestEveryKindHasACase(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("hole.go")
	if err != nil {
		t.Fatal(err)
	}
	test, err := os.ReadFile("ledger_test.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := regexp.MustCompile(`Kind\w+ +Kind = "([a-z-]+)"`).FindAllSubmatch(source, -1)
	if len(kinds) < 10 {
		t.Fatalf("got %d kinds: the test looks for the wrong lines", len(kinds))
	}
	for _, kind := range kinds {
		if !strings.Contains(string(test), `"`+string(kind[1])+" ") {
			t.Errorf("no case wants the hole %s", kind[1])
		}
	}
}

// TestInlineCallbacksAreOperations finds a callback that is not declared in a
// contract of its own.
func TestInlineCallbacksAreOperations(t *testing.T) {
	t.Parallel()
	documents := files()
	documents["good.yaml"] = strings.ReplaceAll(good, "{$ref: 'called.yaml#/paths/~1shipped'}", "{post: {operationId: inline, responses: {}}}")
	l, err := ledger.Balance(books(t, documents))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, op := range l.Operations {
		got = append(got, op.Contract+" "+op.ID)
	}
	if diff := cmp.Diff([]string{"good placeOrder", "called orderShipped", "good inline"}, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	if got := l.Operations[2].Inbound; !got {
		t.Error("got an inline callback that is not inbound")
	}
}

// TestBooksThatCannotBeRead are errors, not holes.
func TestBooksThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*ledger.Books)
		want   string
	}{
		"missing":  {func(b *ledger.Books) { b.Contracts = []string{"none"} }, "document none.yaml: open none.yaml: file does not exist"},
		"no YAML":  {func(b *ledger.Books) { b.FS.(fstest.MapFS)["called.yaml"].Data = []byte("[1]") }, "document called.yaml: not an object"},
		"empty":    {func(b *ledger.Books) { b.FS.(fstest.MapFS)["called.yaml"].Data = nil }, "document called.yaml: not an object"},
		"unspoken": {func(b *ledger.Books) { b.Waivers = []ledger.Waiver{{Kind: "x", At: "y"}} }, "waiver x y: it has no reason"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := books(t, files())
			c.change(&b)
			_, err := ledger.Balance(b)
			if err == nil || err.Error() != c.want {
				t.Errorf("got error %v, want %s", err, c.want)
			}
		})
	}
}
