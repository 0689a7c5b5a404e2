// Package wire is what the clients of all vendors have in common: calls that
// go to one host with the vendor's credential, are bounded in time and bytes,
// are repeated only where that is safe, and end in a Reply or in a Failure
// that keeps what the vendor said. Each client has an error type of its own
// and makes it from a Failure.
package wire
