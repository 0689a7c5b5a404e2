// Package ledger keeps the books of the contracts as wholes: that every
// operation has its source, grade, examples, client and server method, that
// every field the vendors document is in a contract and the other way round,
// that register and contracts name each other, and that callbacks lead to URLs
// that requests really carry. What is missing is a hole; a hole that is accepted
// has a waiver with a reason, and a waiver without its hole is a hole itself.
//
//	books, err := ledger.Embedded()
//	if err != nil { ... }
//	l, err := ledger.Balance(books)
//	if err != nil { ... }
//	for _, hole := range l.Holes { ... }
//
// It looks at documents only, never at traffic.
package ledger
