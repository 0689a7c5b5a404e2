package server_test

import (
	"encoding/json"
	"testing"

	"github.com/parley-contracts/parley/contract"
	"github.com/parley-contracts/parley/server"
)

func TestProblemIsThatOfEncodingJSON(t *testing.T) {
	t.Parallel()
	for _, p := range []server.Problem{
		{Findings: []contract.Finding{}},
		{Type: "about:blank", Title: "T", Status: 400, Detail: `a "quoted" <é>` + "\x7f", Instance: "id", Findings: []contract.Finding{{Rule: "r", Message: "m"}, {Grade: "g"}}},
	} {
		want, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(p.AppendJSON(nil)); got != string(want) {
			t.Errorf("AppendJSON:\n got %s\nwant %s", got, want)
		}
	}
}
