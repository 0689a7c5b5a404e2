// Package scan reads the lexical parts of JSON from bytes: white space,
// strings, numbers, and whole values to step over.
//
// The functions take the bytes and an index and answer with the index behind
// what they read, so that a caller can walk a message without building
// anything. None of them allocates, except AppendUnescaped when its
// destination is too small.
package scan
