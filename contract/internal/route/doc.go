// Package route finds the path template and the method that a call belongs to.
//
// It works on the raw path: percent-encoding is left alone, so an encoded
// slash stays inside its segment. Literal segments beat templates, with
// backtracking; the cost of a look-up depends on the path's segments and not on
// the number of routes.
package route
