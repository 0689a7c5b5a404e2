// Package maiaapi speaks the wire format of MAIA: it turns requests into calls of
// package session and results into responses, writes the bodies of webhooks, and
// keeps the rate limits. Rules about sessions do not belong here.
//
// Where the documentation is open it plays the readings that the register picks:
// the boards answer an exhausted rate limit with 403 and all else with 429, every
// response to a known caller carries the rate-limit headers, reports are answered
// with 200, a message has a direction only where incoming messages are forwarded.
package maiaapi
