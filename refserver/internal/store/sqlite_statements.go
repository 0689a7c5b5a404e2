package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// statements keeps the generated queries prepared on one pool: parsing them
// again each time was a fifth of the processor time of an accepted message.
// Their number is that of the queries, so nothing is ever dropped.
type statements struct {
	db *sql.DB

	mu       sync.Mutex
	prepared map[string]*sql.Stmt
	// missing holds queries that ran unprepared because preparing them inside
	// a transaction would wait for the very connection it holds.
	missing map[string]struct{}
}

func newStatements(db *sql.DB) *statements {
	return &statements{db: db, prepared: map[string]*sql.Stmt{}, missing: map[string]struct{}{}}
}

// lookup returns the prepared query, nil when there is none yet; it is then
// noted for prepareMissing.
func (s *statements) lookup(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	stmt := s.prepared[query]
	if stmt == nil {
		s.missing[query] = struct{}{}
	}
	return stmt
}

// prepareMissing prepares what lookup did not find. Call it outside of
// transactions.
func (s *statements) prepareMissing(ctx context.Context) error {
	s.mu.Lock()
	var queries []string
	for query := range s.missing {
		queries = append(queries, query)
	}
	clear(s.missing)
	s.mu.Unlock()
	for _, query := range queries {
		if _, err := s.prepare(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// prepare prepares a query and keeps it. When another goroutine was faster its
// statement is returned.
func (s *statements) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	stmt, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare statement: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.prepared[query]; kept != nil {
		_ = stmt.Close() // was never used
		return kept, nil
	}
	s.prepared[query] = stmt
	return stmt, nil
}
