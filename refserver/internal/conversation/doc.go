// Package conversation is what the MAAX operations do, in domain terms: accept
// a message, create a conversation, read an answer or a history. Each operation
// applies the rules of package domain and writes what follows in one
// transaction. It knows no wire format; V1 and V2 share it.
package conversation
