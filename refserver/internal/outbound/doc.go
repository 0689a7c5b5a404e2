// Package outbound sends deliveries to URLs that strangers name. It connects
// only where that is harmless, follows no redirect, uses no proxy, bounds time
// and bytes, and reduces what happened to one Attempt.
//
// # What decides the outcome
//
// A 2xx status is a delivery. Everything else is tried again, because receivers
// answer 400, 401 or 404 as well while they are being deployed or configured,
// and the delivery's schedule ends the retries; that is what other senders of
// callbacks do. Refused, and not to be tried again, are only a receiver that
// says 410 (gone for good), a request that cannot be sent, and a destination
// that is not allowed. A redirect is not followed: it counts as a failure that
// is tried again.
//
// # Where it connects
//
// Addresses are checked after name resolution, on the very address being
// dialled, so a name that changes between check and use gains nothing. Without
// Config.AllowPrivate only public unicast addresses pass. Ports 80, 443 and
// from 1024 up pass; the others belong to services that are not receivers,
// such as mail and remote shells.
package outbound
