// Package evidence holds what was seen on the wire: the Exchange and its
// JSON-lines form, a recording.
//
// A Recorder takes exchanges from the path of the traffic, never holds it,
// redacts them and hands them to its keepers; Lines is the keeper that writes
// a recording. A Reader reads one back, a Checker checks its exchanges again,
// a Tally groups their findings and counts what they were found among.
//
//	lines := evidence.NewLines(file)
//	recorder, err := evidence.NewRecorder(evidence.RecorderConfig{
//		Keepers:  []evidence.Keeper{lines},
//		Redactor: evidence.Redactor{Contracts: contracts},
//	})
//	...
//	stats, err := recorder.Close(ctx)
//
// Nothing reaches a keeper before it is redacted: credentials, query values
// and the bodies' data are replaced, a body that no contract can walk is kept
// as its length and digest alone. Findings are those made before, so that
// nothing is lost by it.
//
// The package knows no database and no HTTP server.
package evidence
