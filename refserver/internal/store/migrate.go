package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql
var migrations embed.FS

// folders holds the migrations of each kind of database.
var folders = map[goose.Dialect]string{
	goose.DialectSQLite3:  "migrations/sqlite",
	goose.DialectPostgres: "migrations/postgres",
}

// migrate brings the schema up to date and returns its version. The caller sees
// to it that nobody else does so at the same time.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB) (int64, error) {
	files, err := fs.Sub(migrations, folders[dialect])
	if err != nil {
		return 0, err
	}
	provider, err := goose.NewProvider(dialect, db, files)
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	sources := provider.ListSources()
	want := sources[len(sources)-1].Version
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if have > want {
		return 0, fmt.Errorf("schema version is %d and this program knows %d; use a newer release", have, want)
	}
	if _, err := provider.Up(ctx); err != nil {
		return 0, fmt.Errorf("migrate from schema version %d to %d: %w", have, want, err)
	}
	return want, nil
}
