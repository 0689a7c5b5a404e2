// Package manage is the management of the reference server on the wire: the
// handlers of api/management.yaml, the check of their token, and the journal of
// what the vendors' operations received. It turns wire into domain terms and
// back; it does not know how the server is put together.
package manage
