package main

import (
	"bytes"
	"fmt"
	"strings"
)

const (
	v2Path     = "POST /api/v2/outgoing-messages/"
	maiaPath   = "POST /messages"
	importPath = "POST /sessions/s1/messages/import"
)

// loadCases sets up all cases, in the order of the table.
func loadCases(folder string) ([]benchCase, error) {
	k, err := loadCorpus(folder)
	if err != nil {
		return nil, err
	}
	var out []benchCase
	for _, part := range []func() ([]benchCase, error){
		k.accepted, k.peers, k.arrays, k.shapes, k.responses, k.refused, routing, k.whole,
	} {
		cases, err := part()
		if err != nil {
			return nil, err
		}
		out = append(out, cases...)
	}
	return out, nil
}

// accepted are valid requests of the contracts.
func (k *corpus) accepted() ([]benchCase, error) {
	var out []benchCase
	for _, c := range []struct {
		name, body, target string
		goal, floor        float64
	}{
		{"V2 POST", "v2-valid", v2Path, 10, 0},
		{"MAIA POST nested", "maia-valid", maiaPath, 10, 0},
		{"MAIA PATCH ai-paused", "paused-valid", "PATCH /sessions/550e8400-e29b-41d4-a716-446655440000/ai-paused", 25, 11},
		{"GET 3 query parameters", "", "GET /api/get_conversations_history/?conversation_id=4410277&service_type=sales_automation&limit=50", 8, 4},
	} {
		var body []byte
		if c.body != "" {
			var err error
			if body, err = k.body(c.body); err != nil {
				return nil, err
			}
		}
		one, err := k.request(c.name, "convai", c.target, body, c.goal, c.floor)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// request is a valid request against kin-openapi's filter.
func (k *corpus) request(name, document, target string, body []byte, goal, floor float64) (benchCase, error) {
	d := k.documents[document]
	theirs, err := kinRequest(d.router, target, body)
	if err != nil {
		return benchCase{}, err
	}
	request := ourRequest(target, body)
	ours := func() bool { return len(d.all.CheckRequest(request).Findings) == 0 }
	return benchCase{name: name, size: len(body), field: []contestant{
		{name: "contract.CheckRequest", work: ours},
		{name: "kin filter, gorillamux", work: func() bool { return theirs() == nil }, goal: goal, floor: floor},
	}}, nil
}

// arrays are the same message from 1 KB to 1 MB.
func (k *corpus) arrays() ([]benchCase, error) {
	var out []benchCase
	for _, c := range []struct {
		name  string
		count int
	}{{"array 1 KB", 9}, {"array 10 KB", 92}, {"array 100 KB", 920}, {"array 1 MB", 9200}} {
		one, err := k.request(c.name, "convai", importPath, importBatch(c.count), 10, 0)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// importBatch makes a batch of so many messages.
func importBatch(count int) []byte {
	var out strings.Builder
	out.WriteString(`{"messages":[`)
	for i := range count {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `{"id":%d,"role":"user","content":"Message number %d: yes, the evening cohort still has places.","timestamp":%d}`,
			4410000+i, i, 1704067200000+i*1000)
	}
	out.WriteString(`]}`)
	return []byte(out.String())
}

// shapes are schemas that are harder than a plain object.
func (k *corpus) shapes() ([]benchCase, error) {
	var out []benchCase
	for _, c := range []struct {
		name, body, target string
		goal               float64
	}{
		{"oneOf with discriminator", "hard-disc", "POST /disc", 12},
		{"oneOf without", "hard-disc", "POST /oneof", 12},
		{"allOf of two", "hard-allof", "POST /allof", 8},
		{"recursion", "hard-tree", "POST /tree", 12},
	} {
		body, err := k.body(c.body)
		if err != nil {
			return nil, err
		}
		one, err := k.request(c.name, "hard", c.target, body, c.goal, 0)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// responses is the answer to a V2 message.
func (k *corpus) responses() ([]benchCase, error) {
	body, err := k.body("resp-v2")
	if err != nil {
		return nil, err
	}
	// What the contract does not declare is a warning of ours.
	body = bytes.Replace(body, []byte(`,"note":"answer is sent to your endpoint"`), nil, 1)
	d := k.documents["convai"]
	theirs, err := kinResponse(d.router, v2Path, body)
	if err != nil {
		return nil, err
	}
	response, operation := ourResponse(body), d.all.Operation("createOutgoingMessage")
	return []benchCase{{name: "response", size: len(body), field: []contestant{
		{name: "contract.CheckResponse", work: func() bool { return len(d.all.CheckResponse(operation, response).Findings) == 0 }},
		{name: "kin filter", work: func() bool { return theirs() == nil }, goal: 15, floor: 7},
	}}}, nil
}
