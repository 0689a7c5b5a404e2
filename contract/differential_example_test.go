package contract_test

import (
	"bytes"
	"context"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/parley-contracts/parley/contract"
)

// exampleCorpus holds the example requests of the project's contracts that have
// a body.
type exampleCorpus []exampleRequest

type exampleRequest struct {
	*operationUnderTest
	exchange
	router routers.Router
}

func newExampleCorpus(t testing.TB) (out exampleCorpus) {
	t.Helper()
	for _, name := range []string{"openapi-v1.yaml", "openapi-v2.yaml", "openapi-maia.yaml", "callbacks.yaml"} {
		m := newMutated(t, name, &score{})
		m.doc.Servers = nil
		router, err := gorillamux.NewRouter(m.doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, template := range slices.Sorted(maps.Keys(m.doc.Paths.Map())) {
			item := m.doc.Paths.Value(template)
			for method, op := range item.Operations() {
				u := &operationUnderTest{mutated: m, id: op.OperationID, template: template, source: op, params: slices.Concat(item.Parameters, op.Parameters)}
				for _, e := range u.requests(method) {
					if e.hasBody {
						out = append(out, exampleRequest{u, e, router})
					}
				}
			}
		}
	}
	return out
}

// mutator changes decoded bodies.
type mutator struct{ *rand.Rand }

// leaf is what a value may become.
func (m mutator) leaf() any {
	leaves := []any{
		"", "x", "customer_support_automation", "https://h.example/x", "+48123456789", "upsert", "image", "2024-01-01T00:00:00Z",
		number("0"), number("1"), number("-1"), number("12.5"), number("1e3"), number("91.0"), number("104857601"),
		true, false, []any{}, map[string]any{}, []any{"x"}, map[string]any{"id": "x"},
	}
	return leaves[m.IntN(len(leaves))]
}

// mutate changes one place in v.
func (m mutator) mutate(v any) any {
	if m.IntN(6) == 0 {
		return m.leaf()
	}
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) == 0 || m.IntN(8) == 0 {
			v[[]string{"extra", "id", "email", "isEcho", "ai_id"}[m.IntN(5)]] = m.leaf()
			return v
		}
		k := keys[m.IntN(len(keys))]
		if m.IntN(4) == 0 {
			delete(v, k)
			return v
		}
		v[k] = m.mutate(v[k])
		return v
	case []any:
		if len(v) == 0 {
			return []any{m.leaf()}
		}
		i := m.IntN(len(v))
		if m.IntN(6) == 0 {
			return append(v[:i:i], v[i+1:]...)
		}
		v[i] = m.mutate(v[i])
		return v
	default:
		return m.leaf()
	}
}

// differ changes one example and compares verdicts with kin-openapi's, which
// asserts neither email nor uri. It reports whether the message was refused.
func (c exampleCorpus) differ(t testing.TB, random *rand.Rand) (refused bool) {
	t.Helper()
	r, m := c[random.IntN(len(c))], mutator{random}
	e := r.exchange.clone()
	for range 1 + m.IntN(3) {
		e.body = m.mutate(e.body)
	}
	body := mustEncode(t, e.body)
	request, err := http.NewRequestWithContext(context.Background(), strings.ToUpper(e.method), e.target(), bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = e.header.Clone()
	request.Header.Set("Content-Type", e.contentType)
	theirs := filter(t, r.router, request)
	var ours []contract.Finding
	result := r.operationUnderTest.check(e)
	for _, f := range result.Findings {
		if f.Rule != contract.RuleFormat || !strings.Contains(f.Message, `"email"`) && !strings.Contains(f.Message, `"uri"`) {
			ours = append(ours, f)
		}
	}
	if len(ours) == 0 != (theirs == nil) && result.Account == contract.AccountValidated {
		t.Errorf("%s %s: findings %v, kin-openapi: %v\nbody: %s", r.name(), r.id, result.Findings, theirs, body)
	}
	return theirs != nil
}

func (r exampleRequest) name() string { return r.mutated.name }

// TestDifferentialExamples compares verdicts on changed examples of the
// project's contracts with kin-openapi's.
func TestDifferentialExamples(t *testing.T) {
	t.Parallel()
	corpus, refused := newExampleCorpus(t), 0
	random := rand.New(rand.NewPCG(1, 2))
	const count = 6000
	for range count {
		if corpus.differ(t, random) {
			refused++
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d changed messages of %d examples, %d refused", count, len(corpus), refused)
	if refused < count/3 || count-refused < count/20 {
		t.Errorf("%d of %d refused, want some of both", refused, count)
	}
}
