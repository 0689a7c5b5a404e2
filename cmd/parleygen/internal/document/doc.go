// Package document prepares a contract for generators: it reads the embedded
// documents, joins the ones a contract refers to into one, applies readings of
// the register to it and takes out what only clutters generated types.
//
// It works on YAML nodes and not on a loaded OpenAPI model, so that the order,
// the names and the extensions of the hand-written documents survive. It
// neither validates documents nor reads anything but the file system it is
// given.
package document
