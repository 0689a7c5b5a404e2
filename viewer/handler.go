package viewer

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/parley-contracts/parley/register"
)

// Config says what is shown.
type Config struct {
	// FS holds the documents; required. It is read by Handler alone.
	FS fs.FS
	// Contracts are the names of the documents that get a page, without the
	// extension .yaml, in the order of the index; at least one. What they refer
	// to by relative references is served too.
	Contracts []string
	// Register holds the entries that the documents name; nil for none, and
	// then there is no register page and entries are named without a link.
	Register *register.Register
}

// Handler returns the pages, to be mounted below any path that ends in a slash
// with the help of http.StripPrefix. Everything is read and made up front: the
// handler is immutable, safe for concurrent use and cannot fail later. The
// error names the document that cannot be read or parsed.
func Handler(config Config) (http.Handler, error) {
	if config.FS == nil || len(config.Contracts) == 0 {
		return nil, errors.New("viewer: no documents: set FS and Contracts")
	}
	docs, err := readDocuments(config.FS, config.Contracts)
	if err != nil {
		return nil, fmt.Errorf("viewer: %w", err)
	}
	assets, err := makeAssets(config, docs)
	if err != nil {
		return nil, fmt.Errorf("viewer: %w", err)
	}
	mux := http.NewServeMux()
	for _, a := range assets {
		mux.Handle("GET "+a.path, a)
	}
	return guarded(mux), nil
}

// policy lets a page load from its own origin only. Redoc sets inline styles
// and searches in a worker that it makes from a blob; nothing else is allowed.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; " +
	"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guarded sets the headers that keep a page to itself.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}
