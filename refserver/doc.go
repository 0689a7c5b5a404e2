// Package refserver is the reference server: it plays the vendors of MAAX and of
// MAIA, so that an integration can be built and tested without one. It answers
// all operations of their contracts, generates answers from a knowledge base, and
// delivers callbacks and webhooks with retries. What it accepts it has stored: a
// killed process answers and delivers after its next start.
//
//	srv, err := refserver.New(refserver.Config{Seed: &refserver.Seed{}})
//	...
//	err = srv.Start(ctx)
//	...
//	defer srv.Close()
//	ts := httptest.NewServer(srv)
//	// Call ts.URL with the key srv.DevelopmentKey().
//
// # What happens to a message
//
// Gin takes the request, server.Validate checks its key and the contract, the
// generated binding hands it to maaxapi, which turns it into domain terms.
// Package conversation applies the rules of package domain and, in one
// transaction of package store, finds or makes the prospect and the
// conversation and writes the message, its event and the job that answers it.
// Only then is the request answered. Later package job asks the Generator and
// writes, again in one transaction, the answer, its event, the delivery of a V2
// message with its job, and the end of its own job. A delivery goes from pending
// to delivered, exhausted or refused; the deliveries of one conversation arrive
// in the order of its answers. A delivery arrives at least once; each of its
// attempts carries the same id in the header Webhook-Id.
//
// # Several nodes
//
// On a PostgreSQL database any number of servers may run: every one takes every
// request and does every job. A server that is killed loses its jobs to the
// others within about ten seconds; an attempt that was under way is then made
// again, under its id. Uploaded files need an S3-compatible store, or a folder
// that all see. On SQLite there is one server, and its next start takes over.
//
// # What it plays
//
// An id that was never given out is 400, one of another company 403. A prospect
// without an id is the one with the same e-mail address or else phone number,
// else a new one, and what prospect_info says overrides what is stored. A
// message without a service type is a sales message when it names an AI, else a
// support message.
//
// Answers are passages of the account's knowledge base, or of Config.Knowledge
// and Config.Documents where it has none, or are written from them by a language
// model, see ChatConfig. A question without a confident answer, and a prospect
// who asks for a person, is answered with a hand-over to a colleague, and the
// account's emergency URL is told why.
//
// A silent prospect is followed up once, after the delay of the Sales AI's
// strategy or Config.FollowUpDelay; any message of the prospect cancels that. One
// who asks for it, as in "message me tomorrow at 5", is followed up at that time,
// see Config.Location, or after a day where none is named: in place of follow-ups
// after a silence, and until a later message asks for another time or for none.
// These wishes are read from English phrases, see package intent.
//
// # MAIA
//
// The operations of MAIA are served beside those of MAAX, with a token of their
// own, see Server.DevelopmentToken, and rate limits, see MAIAConfig. What its
// dashboard would hold is a MAIASetup, and what a person does there is a
// Dashboard. A message goes the same way as one of MAAX, by packages maiaapi and
// session; its answer, and each event that a subscription wants, becomes a
// delivery that is signed and tried again on a time-out, 429 or 5xx. Deliveries
// to one URL keep the order of their session.
//
// A message makes its session, which starts on a board with a record there. One
// that names an agent or a board moves the session, see domain.Channel: the
// history gets a system message and another board a new record. An echo is stored
// and neither answered nor told of, and moves no session. One message has one
// answer: answers are not split, nor messages gathered. Messages that come while
// the AI is paused are not answered later. A generator that fails leaves a message
// of MAIA without an answer, of which nobody is told.
//
// Its contract does not have the paths of CRM records, of sending a template and
// of administration, so these are not served.
//
// It is not a mock with canned answers, and it does not claim to be the
// vendor: where the documentation is silent it plays the reading that the
// register picks.
package refserver
