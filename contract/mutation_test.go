package contract_test

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract"
)

const mutationWaivers = "testdata/mutation-waivers.txt"

// place is where a finding is expected, and what of. What lacks a member is the
// object: the message names the member.
type place struct {
	rule contract.Rule
	at   contract.Location
	name string
}

func (p place) is(f contract.Finding) bool {
	return f.Rule == p.rule && f.Location == p.at && strings.Contains(f.Message, p.name)
}

// breach is one fact of a contract and the ways in which it was broken, each of
// which breaks that fact and, at least one of them, nothing else.
type breach struct {
	// want is the finding; several where the fact is part of an anyOf or
	// oneOf, which may then be named instead.
	want []place
	// exact says that one way gave this finding and no other.
	exact bool
	// silent counts the ways that gave no finding at all, others holds what was
	// found besides in the last one that was not exact.
	silent int
	others string
}

// score is what became of all facts, by name.
type score struct {
	facts map[string]*breach
	// permitted are the facts of branches that another branch stands in for, so
	// that they are none of the message.
	permitted map[string]bool
	// unreached are facts of parts that an example lacks and that no sample can
	// be made of: another example must have them.
	unreached []string
	problems  []string
}

// try records one way to break a fact.
func (s *score) try(name string, want []place, r contract.Result) {
	b := s.facts[name]
	if b == nil {
		b = &breach{want: want}
		s.facts[name] = b
	}
	if len(r.Findings) == 0 {
		b.silent++
		return
	}
	if len(r.Findings) == 1 && slices.ContainsFunc(want, func(p place) bool { return p.is(r.Findings[0]) }) {
		b.exact = true
		return
	}
	var found []string
	for _, f := range r.Findings {
		found = append(found, fmt.Sprintf("%s %s", f.Rule, f.Location))
	}
	b.others = strings.Join(found, ", ")
}

// problem records that the test itself could not do what it should.
func (s *score) problem(format string, args ...any) {
	if p := fmt.Sprintf(format, args...); !slices.Contains(s.problems, p) {
		s.problems = append(s.problems, p)
	}
}

// TestMutationScore breaks every fact of every operation and callback of the
// project's contracts, one at a time, in a valid exchange that is made of the
// document's examples, and expects exactly the finding about that fact. What is
// not found must be listed, with its reason, in testdata/mutation-waivers.txt,
// and what is listed must not be found.
func TestMutationScore(t *testing.T) {
	t.Parallel()
	s := &score{facts: map[string]*breach{}, permitted: map[string]bool{}}
	for _, name := range []string{"openapi-v1.yaml", "openapi-v2.yaml", "openapi-maia.yaml", "callbacks.yaml"} {
		before := len(s.facts)
		newMutated(t, name, s).breakAll()
		t.Logf("%s: %d facts", name, len(s.facts)-before)
	}
	for _, p := range s.problems {
		t.Error(p)
	}
	for _, name := range s.unreached {
		reached := slices.AppendSeq(slices.Collect(maps.Keys(s.facts)), maps.Keys(s.permitted))
		if !slices.ContainsFunc(reached, func(fact string) bool { return strings.HasPrefix(fact, name) }) {
			t.Errorf("%s: no example has it", name)
		}
	}
	waivers := readWaivers(t)
	found, waived := 0, 0
	for _, name := range slices.Sorted(maps.Keys(s.facts)) {
		b := s.facts[name]
		killed := b.exact && b.silent == 0
		switch {
		case killed:
			found++
			if waivers[name] != "" {
				t.Errorf("%s: waived, but found", name)
			}
		case waivers[name] != "":
			waived++
		case b.silent > 0:
			t.Errorf("%s: broken %d times without a finding, want %v", name, b.silent, b.want)
		case b.others == "":
			t.Errorf("%s: the test knows no way to break it", name)
		default:
			t.Errorf("%s: found %s, want %v alone", name, b.others, b.want)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(waivers)) {
		if s.facts[name] == nil {
			t.Errorf("%s: waived, but no such fact is broken", name)
		}
	}
	t.Logf("mutation score: %d of %d facts found, %d waived; %d facts of branches are optional", found, len(s.facts)-waived, waived, len(s.permitted))
	if len(s.facts) < 2000 {
		t.Errorf("%d facts were broken, want at least 2000", len(s.facts))
	}
}

// readWaivers reads the accepted gaps, "fact | reason" each.
func readWaivers(t *testing.T) map[string]string {
	t.Helper()
	file, err := os.Open(mutationWaivers)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	out := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, reason, ok := strings.Cut(line, " | ")
		if !ok || reason == "" {
			t.Errorf("%s: %q has no reason", mutationWaivers, line)
			continue
		}
		out[name] = reason
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
