package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// sqliteAdapter lets the queries generated for pgx run on database/sql: inside
// tx, or each on its own when that is nil. The text of a query needs no change:
// the driver binds $1..$N by their number.
type sqliteAdapter struct {
	statements *statements
	tx         *sql.Tx
}

// stmt returns the query prepared, or nil inside a transaction that was the
// first to use it.
func (a sqliteAdapter) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	stmt := a.statements.lookup(query)
	switch {
	case stmt == nil && a.tx == nil:
		return a.statements.prepare(ctx, query)
	case stmt == nil || a.tx == nil:
		return stmt, nil
	}
	return a.tx.StmtContext(ctx, stmt), nil
}

// Exec runs a statement.
func (a sqliteAdapter) Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error) {
	stmt, err := a.stmt(ctx, query)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	var result sql.Result
	if stmt != nil {
		result, err = stmt.ExecContext(ctx, args...)
	} else {
		result, err = a.tx.ExecContext(ctx, query, args...)
	}
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	return pgconn.NewCommandTag(fmt.Sprintf("EXEC %d", n)), nil
}

// Query runs a query of several rows.
func (a sqliteAdapter) Query(ctx context.Context, query string, args ...any) (pgx.Rows, error) {
	rows, err := a.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return &sqliteRows{rows: rows}, nil
}

func (a sqliteAdapter) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := a.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return a.tx.QueryContext(ctx, query, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRow runs a query of one row.
func (a sqliteAdapter) QueryRow(ctx context.Context, query string, args ...any) pgx.Row {
	stmt, err := a.stmt(ctx, query)
	switch {
	case err != nil:
		return failedRow{err}
	case stmt == nil:
		return a.tx.QueryRowContext(ctx, query, args...)
	}
	return stmt.QueryRowContext(ctx, args...)
}

// failedRow is a row whose query could not run.
type failedRow struct{ err error }

// Scan returns why.
func (r failedRow) Scan(...any) error { return r.err }

// sqliteRows offers the part of pgx.Rows that generated code uses. The nil
// interface is embedded, not listed, because pgx adds methods to it between
// minor versions.
type sqliteRows struct {
	pgx.Rows
	rows *sql.Rows
	err  error
}

func (r *sqliteRows) Next() bool             { return r.rows.Next() }
func (r *sqliteRows) Scan(dest ...any) error { return r.rows.Scan(dest...) }

// Close keeps the error of closing for Err: pgx.Rows has no other place for it.
func (r *sqliteRows) Close() { r.err = r.rows.Close() }

func (r *sqliteRows) Err() error {
	if err := r.rows.Err(); err != nil {
		return err
	}
	return r.err
}
