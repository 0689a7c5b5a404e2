// Package store keeps the nouns of the reference server in a database: an SQLite
// file, which one process has to itself, or PostgreSQL, which any number of nodes
// may share. The queries are generated once, for PostgreSQL, into package gen; on
// SQLite they run unchanged through the adapter in sqlite_adapter.go.
//
// All writing goes through Store.Write, which is one transaction. On SQLite
// there is one connection for it, shared with the job queue: database/sql hands
// it out in turn, where several connections would fight over SQLite's lock.
// Reading uses connections of its own that cannot write. On PostgreSQL
// transactions run side by side, so whoever writes what depends on what he read
// first takes a lock, LockAccount or LockConversation.
//
// What every database must do is the suite in package storetest.
package store
