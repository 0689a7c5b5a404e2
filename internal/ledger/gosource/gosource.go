// Package gosource reads from Go source which client method calls an operation,
// which generated method serves it and which function of the package server
// mounts a contract. It needs a checkout: programs use what it wrote.
package gosource

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/internal/ledger"
)

// directive marks the client method of an operation.
const directive = "//contract:operation "

// Read reads the methods of the checkout at root.
func Read(root string) (ledger.Methods, error) {
	m := ledger.Methods{Client: map[string][]string{}, Server: map[string]map[string]string{}, Mount: map[string]string{}}
	contracts, err := generated(root)
	if err != nil {
		return m, err
	}
	clients, err := filepath.Glob(filepath.Join(root, "client", "*"))
	if err != nil {
		return m, err
	}
	for _, folder := range clients {
		if err := readClient(folder, m.Client); err != nil {
			return m, err
		}
	}
	for folder, contract := range contracts {
		methods, err := readServer(filepath.Join(root, filepath.FromSlash(folder)), folder)
		if err != nil {
			return m, err
		}
		m.Server[contract] = methods
	}
	return m, readMounts(filepath.Join(root, "server"), contracts, m.Mount)
}

// generation is a go:generate line that writes a Gin server.
var generation = regexp.MustCompile(`(?m)^//go:generate .*cd (gen/\w+/ginserver) .*/api/([\w-]+)\.yaml"$`)

// generated says which contract each generated server is of, by folder, as the
// lines for go generate have it.
func generated(root string) (map[string]string, error) {
	data, err := os.ReadFile(filepath.Join(root, "tools.go"))
	if err != nil {
		return nil, err
	}
	contracts := map[string]string{}
	for _, match := range generation.FindAllSubmatch(data, -1) {
		contracts[string(match[1])] = string(match[2])
	}
	if len(contracts) == 0 {
		return nil, fmt.Errorf("tools.go: no line generates a Gin server")
	}
	return contracts, nil
}

// readClient finds the methods with a directive in a package.
func readClient(folder string, into map[string][]string) error {
	files, err := parse(folder)
	if err != nil {
		return err
	}
	for _, file := range files {
		for _, declaration := range file.Decls {
			method, ok := declaration.(*ast.FuncDecl)
			if !ok || method.Doc == nil {
				continue
			}
			for _, line := range method.Doc.List {
				if id, ok := strings.CutPrefix(line.Text, directive); ok {
					into[id] = append(into[id], file.Name.Name+"."+receiver(method)+method.Name.Name)
				}
			}
		}
	}
	for id := range into {
		slices.Sort(into[id])
	}
	return nil
}

// receiver is the type of a method with a dot, empty for a function.
func receiver(method *ast.FuncDecl) string {
	if method.Recv == nil || len(method.Recv.List) == 0 {
		return ""
	}
	kind := method.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if name, ok := kind.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}

// operationComment is the line of a generated method that names its operation.
var operationComment = regexp.MustCompile(`^// \(([A-Z]+) (/\S*)\)$`)

// readServer finds the methods of the generated StrictServerInterface, by
// method and path.
func readServer(folder, name string) (map[string]string, error) {
	files, err := parse(folder)
	if err != nil {
		return nil, err
	}
	methods := map[string]string{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != "StrictServerInterface" {
				return true
			}
			list, ok := spec.Type.(*ast.InterfaceType)
			if !ok {
				return true
			}
			for _, method := range list.Methods.List {
				if method.Doc == nil || len(method.Names) == 0 {
					continue
				}
				for _, line := range method.Doc.List {
					if match := operationComment.FindStringSubmatch(line.Text); match != nil {
						methods[match[1]+" "+match[2]] = path.Base(path.Dir(name)) + "." + method.Names[0].Name
					}
				}
			}
			return false
		})
	}
	return methods, nil
}

// readMounts finds the functions that register the handlers of a generated
// server.
func readMounts(folder string, contracts map[string]string, into map[string]string) error {
	files, err := parse(folder)
	if err != nil {
		return err
	}
	for _, file := range files {
		imports := map[string]string{}
		for _, spec := range file.Imports {
			for generated, contract := range contracts {
				if strings.HasSuffix(strings.Trim(spec.Path.Value, `"`), "/"+generated) {
					name := "ginserver"
					if spec.Name != nil {
						name = spec.Name.Name
					}
					imports[name] = contract
				}
			}
		}
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || !function.Name.IsExported() {
				continue
			}
			ast.Inspect(function, func(n ast.Node) bool {
				call, ok := n.(*ast.SelectorExpr)
				if !ok || !strings.HasPrefix(call.Sel.Name, "RegisterHandlers") {
					return true
				}
				if pkg, ok := call.X.(*ast.Ident); ok && imports[pkg.Name] != "" {
					into[imports[pkg.Name]] = file.Name.Name + "." + function.Name.Name
				}
				return true
			})
		}
	}
	return nil
}

// parse parses the Go files of a folder without tests, in the order of names. A
// folder without any has none.
func parse(folder string) ([]*ast.File, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}
