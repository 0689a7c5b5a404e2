// Package contract checks HTTP messages against an OpenAPI document.
//
// A Contract is one loaded document. It finds the operation that a call
// belongs to, checks the request, the response or a callback against it, and
// answers with a Result: the operation, how the message was accounted for, and
// every Finding. Disagreement with the contract is a value, never an error.
//
//	c, err := contract.Load(api.FS, "openapi-v2.yaml", contract.Config{})
//	...
//	res := c.CheckRequest(&contract.Request{Method: "POST", Target: "/api/v2/outgoing-messages/", Header: h, Body: body})
//	for _, f := range res.Findings {
//		fmt.Println(f)
//	}
//
// When a document is loaded, its operations are compiled. A message that breaks
// nothing is recognised in one pass over its bytes, without allocating; only for
// one that does are the findings gathered. What of an operation cannot be
// compiled is checked by kin-openapi, which Operation.Fallback tells.
//
// Apart from Transport, which sends what it is given, the package uses no
// network. It writes no log and keeps no state between calls; a Contract may be
// used by any number of goroutines at once. It knows nothing of HTTP servers or
// proxies: those are its callers (packages server, proxy, evidence), which all
// see the same findings for the same exchange.
package contract
