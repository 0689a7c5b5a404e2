package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"strings"
	"testing"
)

// newChecker returns a function that type-checks one file of Go, which is much
// quicker than building it. The listing names the compiled form of each package
// that the file may import.
func newChecker(t *testing.T, listing string) func(code string) error {
	t.Helper()
	compiled := map[string]string{}
	for line := range strings.Lines(listing) {
		name, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		compiled[name] = file
	}
	files := token.NewFileSet()
	configuration := types.Config{
		Importer: importer.ForCompiler(files, "gc", func(name string) (io.ReadCloser, error) {
			if compiled[name] == "" {
				return nil, fmt.Errorf("package %s: not listed", name)
			}
			return os.Open(compiled[name])
		}),
	}
	return func(code string) error {
		file, err := parser.ParseFile(files, "code.go", code, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		_, err = configuration.Check("p", files, []*ast.File{file}, nil)
		return err
	}
}
