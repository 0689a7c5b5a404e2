// Package evidence holds what was seen on the wire: the Exchange and its
// JSON-lines form, a recording. It writes and reads recordings, redacts
// messages before they are stored and checks recordings again.
//
// The package knows no database.
package evidence
