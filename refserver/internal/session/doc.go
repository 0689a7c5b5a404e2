// Package session is what the operations of MAIA do, in domain terms: accept a
// message, transfer a session, pause the AI, link and report on messages, take
// files, tell webhooks. Each operation applies the rules of package domain and
// writes the nouns, their events, deliveries and jobs in one transaction. It
// knows no wire format.
//
// What a person would do in the dashboard of MAIA, such as answering a customer,
// is here too, since webhooks tell of it; no operation leads to it.
package session
