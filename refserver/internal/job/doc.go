// Package job does what the reference server does later than the request: it
// generates answers, makes follow-ups and delivers callbacks. The queue is
// River's; this package hides its engine, so that workers are written once.
//
// Jobs are inserted only inside the transaction that makes them necessary, and
// end in the transaction that holds their result. So a killed process loses
// none and repeats at most the work outside the database: the question to the
// generator and the HTTP attempt.
package job
