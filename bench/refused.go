package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/server"
)

// refused are requests that break the contract. They are compared with the
// accepted request of the same operation, and with what a middleware on
// kin-openapi does: check and put the error's text into its answer.
func (k *corpus) refused() ([]benchCase, error) {
	var out []benchCase
	for _, c := range []refusal{
		{"refused: enum", "v2-invalid-enum", "v2-valid", v2Path, 0.25, 5, 8},
		{"refused: required missing", "v2-invalid-missing", "v2-valid", v2Path, 0.25, 26, 8},
		{"refused: anyOf", "v2-invalid-anyof", "v2-valid", v2Path, 0.15, 15, 23},
		{"refused: forbidden property", "v2-invalid-extra", "v2-valid", v2Path, 0.22, 26, 8},
		{"refused: nested type", "maia-invalid-nested", "maia-valid", maiaPath, 0.25, 5, 8},
	} {
		body, err := k.body(c.body)
		if err != nil {
			return nil, err
		}
		valid, err := k.body(c.valid)
		if err != nil {
			return nil, err
		}
		cases, err := k.refusal(c, body, valid)
		if err != nil {
			return nil, err
		}
		out = append(out, cases...)
	}
	worst, err := k.manyFaults()
	return append(out, worst), err
}

// refusal is one such request, with its floors: of the accepted request's time,
// of kin-openapi's, which depends on how much of the schema its error shows, and
// of allocations.
type refusal struct {
	name, body, valid, target string
	accepted, kin, allocs     float64
}

// refusal compares one such request: its first finding as a problem body, and
// all of its findings.
func (k *corpus) refusal(c refusal, body, valid []byte) ([]benchCase, error) {
	name, target := c.name, c.target
	d := k.documents["convai"]
	theirs, err := kinRequest(d.router, target, body)
	if err != nil {
		return nil, err
	}
	bad, good := ourRequest(target, body), ourRequest(target, valid)
	accepted := func() bool { return len(d.all.CheckRequest(good).Findings) == 0 }
	return []benchCase{
		{name: name + ", first finding", size: len(body), allocs: 8, allocsFloor: c.allocs, field: []contestant{
			{name: "contract.CheckRequest, problem body", work: func() bool { return problem(d.first.CheckRequest(bad)) > 0 }},
			{name: "the accepted request", work: accepted, goal: 0.5, floor: c.accepted},
			{name: "kin filter, error text", goal: 30, floor: c.kin, work: func() bool {
				err := theirs()
				return err != nil && err.Error() != ""
			}},
		}},
		{name: name + ", all findings", size: len(body), allocs: -1, field: []contestant{
			{name: "contract.CheckRequest", work: func() bool { return len(d.all.CheckRequest(bad).Findings) > 0 }},
			{name: "the accepted request", work: accepted, goal: 0.25},
		}},
	}, nil
}

// problem makes the body of a refusal and returns its length.
func problem(r contract.Result) int {
	if !r.Blocking() {
		return 0
	}
	body, err := json.Marshal(server.Problem{
		Type: "about:blank", Title: http.StatusText(http.StatusBadRequest), Status: http.StatusBadRequest,
		Detail: "the request breaks the contract", Findings: r.Findings,
	})
	if err != nil {
		return 0
	}
	return len(body)
}

// manyFaults is a batch in which every message breaks the contract, so that
// the cap of 20 findings is reached.
func (k *corpus) manyFaults() (benchCase, error) {
	d := k.documents["convai"]
	valid := importBatch(92)
	good := ourRequest(importPath, valid)
	bad := ourRequest(importPath, []byte(strings.ReplaceAll(string(valid), `"role":"user"`, `"role":"owner"`)))
	if r := d.all.CheckRequest(bad); len(r.Findings) != 20 || !r.Capped {
		return benchCase{}, fmt.Errorf("%d findings of 92 faults, capped %v, want 20", len(r.Findings), r.Capped)
	}
	return benchCase{name: "refused: 92 faults in 10 KB, 20 findings", size: len(bad.Body), allocs: -1, field: []contestant{
		{name: "contract.CheckRequest", work: func() bool { return len(d.all.CheckRequest(bad).Findings) == 20 }},
		{name: "the accepted request", work: func() bool { return len(d.all.CheckRequest(good).Findings) == 0 }, goal: 0.25},
	}}, nil
}
