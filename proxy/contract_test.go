package proxy

import (
	"slices"
	"testing"

	"github.com/parley-contracts/parley/contract"
)

// load loads a contract of testdata.
func load(t testing.TB, name string) *contract.Contract {
	t.Helper()
	c, err := contract.LoadFile("testdata/"+name, contract.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// vendor is the set of contracts of the tests' vendor.
func vendor(t testing.TB) contract.Set { return contract.Set{load(t, "vendor.yaml")} }

// rules are the rules of findings, sorted.
func rules(findings []contract.Finding) []contract.Rule {
	var out []contract.Rule
	for _, f := range findings {
		out = append(out, f.Rule)
	}
	slices.Sort(out)
	return out
}

const (
	goodBody = `{"text":"hello","email":"a@example.com","channel":"sms"}`
	badBody  = `{"text":"","email":"a@example.com","extra":1}`
)

// send is a call of sendMessage with its credential.
func send(body string) []byte {
	return message{
		Start:  "POST /messages/ HTTP/1.1",
		Fields: []field{{"Host", "vendor.example"}, {"Content-Type", "application/json"}, {"X-Vendor-Pass", "secret-pass"}},
		Body:   []byte(body),
	}.bytes()
}
