// Package expand undoes the content codings of HTTP, within limits: what a
// message expands to is as much a part of it as what was sent, and a few bytes
// may stand for many.
//
//	r := expand.NewReader(body, expand.Codings(header["Content-Encoding"]), 1<<20)
//
// It knows gzip and deflate, the latter with the zlib header that the standard
// asks for and without it, as some send it.
package expand
