package store

import "context"

// ReaderExec runs a statement on a connection that only reads.
func (s *Store) ReaderExec(ctx context.Context, statement string) error {
	_, err := s.engine.(*sqliteEngine).reader.ExecContext(ctx, statement)
	return err
}
