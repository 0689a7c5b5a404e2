package evidence

import (
	"net/http"
	"testing"
	"time"

	"github.com/parley-contracts/parley/contract"
)

// deadline bounds every wait of these tests; none waits for it to pass.
const deadline = 20 * time.Second

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

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

// live is an exchange of sendMessage, checked as traffic is.
func live(t testing.TB, contracts contract.Set, target, requestBody, responseBody string) Exchange {
	t.Helper()
	x := Exchange{
		ID: "01", Time: start,
		Request: Message{
			Method: "POST", Target: target, Body: requestBody, BodyBytes: int64(len(requestBody)),
			Header: http.Header{"Content-Type": {"application/json"}, "X-Vendor-Pass": {"open sesame"}, "Cookie": {"a=b"}},
		},
		Response: &Message{
			Status: 200, Body: responseBody, BodyBytes: int64(len(responseBody)),
			Header: http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"session=s3cret"}},
		},
	}
	return Checker{Contracts: contracts}.Recheck(x)
}
