// Package jsonscan looks at JSON text in one pass, without building a tree, for
// what a decoder would pass over in silence: bytes after the value, nesting
// beyond a limit, members given twice, members that differ only in case, bytes
// that are not UTF-8, and halves of surrogate pairs.
package jsonscan
