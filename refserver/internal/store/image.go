package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Image returns a copy of an SQLite database as the bytes of a file, for
// OpenImage.
func (s *Store) Image(ctx context.Context) (_ []byte, err error) {
	e, ok := s.engine.(*sqliteEngine)
	if !ok {
		return nil, errors.New("copy database: only an SQLite database can be copied")
	}
	dir, err := os.MkdirTemp("", "refserver-image-*")
	if err != nil {
		return nil, fmt.Errorf("copy database: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "image.db")
	if _, err := e.writer.ExecContext(ctx, "VACUUM INTO $1", path); err != nil {
		return nil, fmt.Errorf("copy database: %w", err)
	}
	image, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("copy database: %w", err)
	}
	return image, nil
}

// OpenImage is OpenSQLite for a temporary database that begins as a copy:
// applying the migrations anew takes several times as long.
func OpenImage(ctx context.Context, image []byte) (*Store, error) {
	return openSQLite(ctx, "", image)
}
