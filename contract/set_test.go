package contract_test

import (
	"testing"
	"testing/fstest"

	"github.com/parley-contracts/parley/contract"
)

func pathDoc(path, method, id string) []byte {
	return []byte(head + "paths:\n  " + path + ": {" + method + ": {operationId: " + id + ", responses: {'200': {description: y}}}}\n")
}

func TestSet(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{"a.yaml": {Data: pathDoc("/x/", "get", "a")}, "b.yaml": {Data: pathDoc("/x", "get", "b")}, "c.yaml": {Data: pathDoc("/y", "post", "c")}}
	var set contract.Set
	for _, name := range []string{"a.yaml", "b.yaml", "c.yaml"} {
		c, err := contract.Load(fsys, name, contract.Config{})
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, c)
	}
	for _, tc := range []struct {
		method, target, contract, operation string
		rule                                contract.Rule
	}{
		{"GET", "/x/", "a", "a", ""},
		{"GET", "/x", "b", "b", ""},
		{"POST", "/y", "c", "c", ""},
		{"POST", "/y/", "c", "c", contract.RulePathTrailingSlash},
		{"GET", "/y", "c", "", contract.RuleMethodUnknown},
		{"PUT", "/x", "b", "", contract.RuleMethodUnknown},
		{"GET", "/z", "", "", contract.RulePathUnknown},
		{"GET", "*", "", "", contract.RuleTargetInvalid},
	} {
		c, m := set.Match(tc.method, tc.target)
		name, operation := "", ""
		if c != nil {
			name = c.Name()
		}
		if m.Operation != nil {
			operation = m.Operation.ID
		}
		if name != tc.contract || operation != tc.operation || m.Rule != tc.rule {
			t.Errorf("Match(%s %s) = %q %q %q, want %q %q %q", tc.method, tc.target, name, operation, m.Rule, tc.contract, tc.operation, tc.rule)
		}
		checked, r := set.CheckRequest(&contract.Request{Method: tc.method, Target: tc.target})
		if checked != c || (len(r.Findings) == 0) != (tc.rule == "") || r.Account == "" {
			t.Errorf("CheckRequest(%s %s) = %v, %+v", tc.method, tc.target, checked, r)
		}
	}
	if c, r := (contract.Set{}).CheckRequest(&contract.Request{Method: "GET", Target: "/"}); c != nil || r.Account != contract.AccountUnmatched {
		t.Errorf("empty set: %v, %+v", c, r)
	}
}
