package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/parley-contracts/parley/contract"
)

// maxBody is the largest body of the cases, with room.
const maxBody = 8 << 20

// document is one OpenAPI document as both engines have it.
type document struct {
	// all collects up to 20 findings, first one.
	all, first *contract.Contract
	router     routers.Router
}

func loadDocument(path string) (*document, error) {
	d := &document{}
	var err error
	if d.all, err = contract.LoadFile(path, contract.Config{MaxBodyBytes: maxBody, MaxFindings: 20}); err != nil {
		return nil, err
	}
	if d.first, err = contract.LoadFile(path, contract.Config{MaxBodyBytes: maxBody, MaxFindings: 1}); err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	d.router, err = gorillamux.NewRouter(doc)
	return d, err
}

// corpus is what the cases are made of.
type corpus struct {
	folder    string
	documents map[string]*document
}

func loadCorpus(folder string) (*corpus, error) {
	k := &corpus{folder: folder, documents: map[string]*document{}}
	for _, name := range []string{"convai", "hard"} {
		d, err := loadDocument(filepath.Join(folder, name+".yaml"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		k.documents[name] = d
	}
	return k, nil
}

// body reads a body of the corpus.
func (k *corpus) body(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(k.folder, "bodies", name+".json"))
}
