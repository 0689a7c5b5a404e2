package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-contracts/parley/contract"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	shop := load(t, "shop.yaml", contract.Config{})
	for _, tc := range []struct {
		method, target, operation string
		rule                      contract.Rule
		params                    []string
		allowed                   []string
	}{
		{"POST", "/things/", "createThing", "", nil, nil},
		{"POST", "/things/?x=/y", "createThing", "", nil, nil},
		{"POST", "http://h.example:8080/things/?x", "createThing", "", nil, nil},
		{"POST", "HTTPS://u@h/things", "createThing", contract.RulePathTrailingSlash, nil, nil},
		{"GET", "/things/a%2Fb", "getThing", "", []string{"id=a%2Fb"}, nil},
		{"GET", "/open/a.b.c", "openThing", "", []string{"a=a.b", "b=c"}, nil},
		{"DELETE", "/things/1", "", contract.RuleMethodUnknown, nil, []string{"GET"}},
		{"HEAD", "/things/1", "", contract.RuleMethodUnknown, nil, []string{"GET"}},
		{"GET", "/things", "", contract.RulePathUnknown, nil, nil},
		{"GET", "http://h.example", "", contract.RulePathUnknown, nil, nil},
		{"GET", "http://h.example?x", "", contract.RulePathUnknown, nil, nil},
		{"GET", "/../things/1", "", contract.RulePathUnknown, nil, nil},
		{"GET", "//things/1", "", contract.RulePathUnknown, nil, nil},
		{"OPTIONS", "*", "", contract.RuleTargetInvalid, nil, nil},
		{"CONNECT", "h.example:443", "", contract.RuleTargetInvalid, nil, nil},
		{"GET", "ftp://h/things/1", "", contract.RuleTargetInvalid, nil, nil},
		{"GET", "http:///things/1", "", contract.RuleTargetInvalid, nil, nil},
		{"GET", "things/1", "", contract.RuleTargetInvalid, nil, nil},
		{"GET", "/things/%", "", contract.RuleTargetInvalid, nil, nil},
		{"GET", "/things/1#x", "", contract.RuleTargetInvalid, nil, nil},
		{"GET", "/things/\x00", "", contract.RuleTargetInvalid, nil, nil},
	} {
		m := shop.Match(tc.method, tc.target)
		operation := ""
		if m.Operation != nil {
			operation = m.Operation.ID
		}
		if operation != tc.operation || m.Rule != tc.rule {
			t.Errorf("Match(%s %s) = %q %q, want %q %q", tc.method, tc.target, operation, m.Rule, tc.operation, tc.rule)
		}
		var params []string
		for name, text := range m.Params.All() {
			params = append(params, name+"="+text)
		}
		if diff := cmp.Diff(tc.params, params); diff != "" {
			t.Errorf("Match(%s %s) params (-want +got):\n%s", tc.method, tc.target, diff)
		}
		if diff := cmp.Diff(tc.allowed, m.Allowed); diff != "" {
			t.Errorf("Match(%s %s) allowed (-want +got):\n%s", tc.method, tc.target, diff)
		}
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	shop := load(t, "shop.yaml", contract.Config{})
	for target, want := range map[string]float64{"/things/": 0, "/things": 0, "/nothing": 0} {
		if got := testing.AllocsPerRun(100, func() { shop.Match("POST", target) }); got != want {
			t.Errorf("Match(POST %s) allocates %v times, want %v", target, got, want)
		}
	}
	if got := testing.AllocsPerRun(100, func() { shop.Match("GET", "/open/a.b") }); got != 0 {
		t.Errorf("Match with two parameters allocates %v times, want 0", got)
	}
}
