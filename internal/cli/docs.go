package cli

import (
	"fmt"
	"net/http"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/register"
	"github.com/parley-contracts/parley/viewer"
)

// docsPath is where an admin listener serves the reference pages.
const docsPath = "/docs/"

// withDocs serves the reference pages of the embedded contracts beside the
// admin pages.
func withDocs(admin http.Handler) (http.Handler, error) {
	entries, err := loadRegister()
	if err != nil {
		return nil, err
	}
	docs, err := viewer.Handler(viewer.Config{FS: api.FS, Contracts: append(embedded(), callbacksName), Register: entries})
	if err != nil {
		return nil, failed(fmt.Errorf("reference pages: %w", err), "")
	}
	mux := http.NewServeMux()
	mux.Handle("/", admin)
	mux.Handle(docsPath, http.StripPrefix(docsPath[:len(docsPath)-1], docs))
	return mux, nil
}

// loadRegister loads the embedded register.
func loadRegister() (*register.Register, error) {
	r, err := register.Load(api.FS)
	if err != nil {
		return nil, failed(err, "")
	}
	return r, nil
}
