// Package maaxapi speaks the wire formats of MAAX V1 and V2: it turns requests
// into calls of package conversation and results into responses, and writes the
// bodies of callbacks. Rules do not belong here.
//
// Where the documentation is open it plays the readings that the register
// picks: an answer that is not ready is null, the output format defaults to
// plain text in V1 and to HTML in V2, the V2 history is shaped as the V1
// history, conversation ids are numbers.
package maaxapi
