package maia

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryOperationHasAMethod compares the directives of the methods with the
// contract, in both directions.
func TestEveryOperationHasAMethod(t *testing.T) {
	t.Parallel()
	var want []string
	document, err := os.ReadFile(filepath.Join("..", "..", "api", "openapi-maia.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range regexp.MustCompile(`(?m)^\s+operationId: (\w+)$`).FindAllSubmatch(document, -1) {
		want = append(want, string(match[1]))
	}
	var got []string
	for _, file := range sources(t) {
		for _, declaration := range file.Decls {
			method, ok := declaration.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Doc == nil {
				continue
			}
			for _, line := range method.Doc.List {
				if id, ok := strings.CutPrefix(line.Text, "//contract:operation "); ok {
					got = append(got, id)
				}
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	got = slices.Compact(got) // Send, Echo and Transfer are one operation
	if len(want) == 0 {
		t.Fatal("no operation found in the contract")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations (-contract +methods):\n%s", diff)
	}
}

// TestImports holds the package near the standard library.
func TestImports(t *testing.T) {
	t.Parallel()
	for name, file := range sources(t) {
		for _, spec := range file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			own, ours := strings.CutPrefix(path, "github.com/parley-contracts/parley/")
			if strings.Contains(path, ".") && !(ours && (strings.HasPrefix(own, "gen/") || strings.HasPrefix(own, "client/internal/"))) {
				t.Errorf("%s imports %s: only gen, client/internal and the standard library are allowed", name, path)
			}
		}
	}
}

// sources are the package's files without tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]*ast.File)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = file
	}
	return files
}
