// Package proxy stands between an integration and its vendor, passes on what
// both say and checks it against contracts.
//
//	p, err := proxy.New(proxy.Config{
//		Upstream: vendor, Contracts: contracts, Options: proxy.Options{Sink: recorder},
//	})
//	...
//	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
//
// A Proxy forwards calls to the vendor; an Ingress takes the vendor's callbacks
// and forwards them to the integration. In observe mode, the default, nothing
// is changed, held or refused, whatever the check finds: method, request
// target, headers, body, status and trailers arrive as they were sent. In
// enforce mode a call that breaks the contract is answered here, and so is an
// answer of the vendor that does.
//
// It is no gateway: it does not balance, authenticate or cache. It sends a
// request again only when a kept connection ended without an answer, and only
// GET, HEAD, OPTIONS and TRACE. Upstream connections are HTTP/1.1.
package proxy
