package refserver_test

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
)

// contracts loads the documents once for all tests.
var contracts = sync.OnceValues(func() (contract.Set, error) {
	var set contract.Set
	for _, name := range []string{"openapi-v1.yaml", "openapi-v2.yaml", "callbacks.yaml"} {
		c, err := contract.Load(api.FS, name, contract.Config{})
		if err != nil {
			return nil, err
		}
		set = append(set, c)
	}
	return set, nil
})

// checking is a transport that holds every response against the contracts.
type checking struct{ t testing.TB }

func (c checking) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	set, err := contracts()
	if err != nil {
		c.t.Error(err)
		return res, nil
	}
	matched, m := set.Match(r.Method, r.URL.RequestURI())
	if m.Operation == nil {
		return res, nil
	}
	result := matched.CheckResponse(m.Operation, &contract.Response{Status: res.StatusCode, Header: res.Header, Body: body})
	for _, f := range result.Findings {
		c.t.Errorf("response of %s: %s at %s: %s", m.Operation.ID, f.Rule, f.Location, f.Message)
	}
	return res, nil
}

// checkCallback holds a callback against the contract.
func checkCallback(t testing.TB, r *http.Request, body []byte) {
	set, err := contracts()
	if err != nil {
		t.Error(err)
		return
	}
	operations := map[string]string{
		"/answer": "maaxAnswer", "/follow-up": "maaxFollowUp", "/emergency": "maaxEmergencyNotification",
	}
	result := set[2].CheckCallback(operations[r.URL.Path], &contract.Request{
		Method: r.Method, Target: r.URL.RequestURI(), Header: r.Header, Body: body,
	})
	for _, f := range result.Findings {
		if f.Rule != contract.RulePropertyUndeclared { // no field of a callback is declared
			t.Errorf("callback to %s: %s at %s: %s", r.URL.Path, f.Rule, f.Location, f.Message)
		}
	}
}
