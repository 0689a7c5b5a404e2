// Package refserver is the reference server: it plays the vendor of the MAAX
// contracts, so that an integration can be built and tested without one. It
// answers all operations, generates answers from a knowledge base, and delivers
// callbacks with retries. What it accepts it has stored: a killed process
// answers and delivers after its next start.
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
// # What it plays
//
// An id that was never given out is 400, one of another company 403. A prospect
// without an id is the one with the same e-mail address or else phone number,
// else a new one, and what prospect_info says overrides what is stored. A
// message without a service type is a sales message when it names an AI, else a
// support message. A question without a confident answer is answered with a
// hand-over to a colleague, and the account's emergency URL is told. A silent
// prospect is followed up once, see Config.FollowUpDelay.
//
// It is not a mock with canned answers, and it does not claim to be the
// vendor: where the documentation is silent it plays the reading that the
// register picks.
package refserver
