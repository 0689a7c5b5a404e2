// Package clock has the clock that a test moves: hours of silence or of retries
// pass in the milliseconds that the work in them takes.
package clock
