package refserver

import "database/sql"

// WriterDB is the connection that writes.
func (s *Server) WriterDB() *sql.DB { return s.store.SQLite() }
