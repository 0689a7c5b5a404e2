// Package event splits a stream into its events while it passes: server-sent
// events, JSON lines and JSON text sequences (RFC 7464). It holds no more than
// one event, and no more of that than a limit.
//
//	s := event.NewSplitter(event.Lines, 1<<20, func(e event.Event) { ... })
//	s.Write(chunk) // in whatever pieces the stream comes
//	s.Close()
package event
