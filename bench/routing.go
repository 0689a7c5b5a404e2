package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing/fstest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/parley-contracts/parley/contract"
)

// manyOperations is how many operations a large document has.
const manyOperations = 1221

// generated is a document with the given number of operations, three to a
// path, each with parameters, a body and responses of its own, and the targets
// that reach them, "METHOD path" each.
func generated(operations int) (text string, targets []string) {
	var paths, schemas strings.Builder
	for i := 0; i < operations; i += 3 {
		name := fmt.Sprintf("resource-%d", i/3)
		template := []string{
			"/accounts/{account}/" + name, "/accounts/{account}/" + name + "/{id}", "/organisations/{organisation}/teams/{team}/" + name + "/{id}/state",
		}[i/3%3]
		fmt.Fprintf(&paths, "  %s:\n    parameters:\n", template)
		concrete := template
		for _, p := range []string{"account", "id", "organisation", "team"} {
			if strings.Contains(template, "{"+p+"}") {
				fmt.Fprintf(&paths, "      - {name: %s, in: path, required: true, schema: {type: string, maxLength: 64}}\n", p)
				concrete = strings.ReplaceAll(concrete, "{"+p+"}", fmt.Sprintf("%s-%d", p, i))
			}
		}
		for j, method := range []string{"get", "put", "delete"}[:min(3, operations-i)] {
			fmt.Fprintf(&paths, "    %s:\n      operationId: op%d\n      parameters: [{name: page, in: query, schema: {type: integer, minimum: 1}}]\n", method, i+j)
			if method == "put" {
				fmt.Fprintf(&paths, "      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/R%d'}}}}\n", i/3)
			}
			fmt.Fprintf(&paths, "      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/R%d'}}}}}\n", i/3)
			targets = append(targets, strings.ToUpper(method)+" "+concrete)
		}
		resource(&schemas, i/3)
	}
	return "openapi: 3.0.3\ninfo: {title: generated, version: '1'}\nservers: [{url: /}]\npaths:\n" + paths.String() +
		"components:\n  schemas:\n" + schemas.String(), targets
}

// resource is a schema of a dozen properties that refers to another.
func resource(out *strings.Builder, i int) {
	fmt.Fprintf(out, "    R%d:\n      type: object\n      required: [id, name]\n      properties:\n", i)
	fmt.Fprintf(out, "        id: {type: integer, format: int64}\n        name: {type: string, minLength: 1, maxLength: 100}\n")
	for j := range 8 {
		fmt.Fprintf(out, "        field_%d_%d: {type: string, maxLength: %d, description: A property of the resource.}\n", i, j, 100+j)
	}
	fmt.Fprintf(out, "        state: {type: string, enum: [open, closed, state-%d]}\n", i)
	fmt.Fprintf(out, "        tags: {type: array, maxItems: 100, items: {type: string}}\n")
	if i > 0 {
		fmt.Fprintf(out, "        parent: {$ref: '#/components/schemas/R%d'}\n", i/2)
	}
}

// routes are ways to find an operation, one target after the other.
type routes struct{ ours, gorilla func() bool }

// router sets up both for a document of so many operations. suffix is put
// behind each target, to make it one that no operation has.
func router(operations int, suffix string) (routes, error) {
	text, targets := generated(operations)
	c, err := contract.Load(fstest.MapFS{"generated.yaml": {Data: []byte(text)}}, "generated.yaml", contract.Config{})
	if err != nil {
		return routes{}, err
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		return routes{}, err
	}
	mux, err := gorillamux.NewRouter(doc)
	if err != nil {
		return routes{}, err
	}
	var methods, paths []string
	var requests []*http.Request
	for _, target := range targets {
		request, err := httpRequest(target + suffix)
		if err != nil {
			return routes{}, err
		}
		method, path, _ := strings.Cut(target+suffix, " ")
		methods, paths, requests = append(methods, method), append(paths, path), append(requests, request)
	}
	hit, i, j := suffix == "", 0, 0
	return routes{
		ours: func() bool {
			i = (i + 1) % len(paths)
			return (c.Match(methods[i], paths[i]).Operation != nil) == hit
		},
		gorilla: func() bool {
			j = (j + 1) % len(requests)
			_, _, err := mux.FindRoute(requests[j])
			return (err == nil) == hit
		},
	}, nil
}

// routing finds operations among few and among many.
func routing() ([]benchCase, error) {
	few, err := router(10, "")
	if err != nil {
		return nil, err
	}
	hits, err := router(manyOperations, "")
	if err != nil {
		return nil, err
	}
	misses, err := router(manyOperations, "/no/such/path")
	if err != nil {
		return nil, err
	}
	return []benchCase{
		{name: "routing, 1221 operations, hits", field: []contestant{
			{name: "contract.Match", work: hits.ours},
			{name: "contract.Match, 10 operations", work: few.ours, goal: 0.5},
			{name: "gorillamux", work: hits.gorilla, goal: 100},
		}},
		{name: "routing, 1221 operations, misses", field: []contestant{
			{name: "contract.Match", work: misses.ours},
			{name: "contract.Match, hits", work: hits.ours, goal: 1, floor: 0.7},
			{name: "gorillamux", work: misses.gorilla, goal: 100},
		}},
	}, nil
}
