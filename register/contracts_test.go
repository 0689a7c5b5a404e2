package register_test

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// contracts are the documents that the register speaks of.
var contracts = []string{"openapi-v1.yaml", "openapi-v2.yaml", "openapi-maia.yaml", "callbacks.yaml", "common.yaml"}

// readYAML reads a file beside the contracts as plain values.
func readYAML(t testing.TB, name string) any {
	t.Helper()
	data, err := os.ReadFile("../api/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := yaml.Unmarshal(data, &value); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return value
}

// registered lists the register ids named at or below a value.
func registered(value any) []string {
	var ids []string
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			if name == "register" {
				for _, id := range member.([]any) {
					ids = append(ids, id.(string))
				}
				continue
			}
			ids = append(ids, registered(member)...)
		}
	case []any:
		for _, element := range v {
			ids = append(ids, registered(element)...)
		}
	}
	return ids
}

// follow returns the values along a JSON Pointer, the document first.
func follow(document any, pointer string) ([]any, bool) {
	path := []any{document}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		var next any
		switch v := path[len(path)-1].(type) {
		case map[string]any:
			var ok bool
			if next, ok = v[token]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			next = v[i]
		default:
			return nil, false
		}
		path = append(path, next)
	}
	return path, true
}

// Every id in a contract is in the register.
func TestContractsNameOnlyKnownEntries(t *testing.T) {
	t.Parallel()
	r := load(t)
	for _, name := range contracts {
		ids := registered(readYAML(t, name))
		if len(ids) == 0 {
			t.Errorf("%s: names no entry", name)
		}
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			if r.Entry(id) == nil {
				t.Errorf("%s: names %s, which is not in the register", name, id)
			}
		}
	}
}

// Every pointer resolves, and what it leads to names the entry in turn.
func TestEntriesPointAtFactsThatNameThem(t *testing.T) {
	t.Parallel()
	documents := map[string]any{}
	for _, name := range contracts {
		documents[name] = readYAML(t, name)
	}
	r := load(t)
	for _, entry := range r.Entries() {
		for _, place := range entry.Pointers {
			file, pointer, _ := strings.Cut(place, "#")
			path, ok := follow(documents[file], pointer)
			if !ok {
				t.Errorf("%s: %s leads to nothing", entry.ID, place)
				continue
			}
			named := registered(path[len(path)-1])
			for _, value := range path {
				if object, ok := value.(map[string]any); ok {
					named = append(named, registered(object["x-evidence"])...)
				}
			}
			if !slices.Contains(named, entry.ID) {
				t.Errorf("%s: nothing at or around %s names it", entry.ID, place)
			}
		}
	}
}

// Every operation of an entry is one of a contract the entry names, or of the
// callbacks that belong to it.
func TestEntriesNameOperationsThatExist(t *testing.T) {
	t.Parallel()
	operations := map[string]bool{}
	for _, name := range contracts {
		paths, _ := readYAML(t, name).(map[string]any)["paths"].(map[string]any)
		for _, item := range paths {
			for _, operation := range item.(map[string]any) {
				if o, ok := operation.(map[string]any); ok && o["operationId"] != nil {
					operations[o["operationId"].(string)] = true
				}
			}
		}
	}
	r := load(t)
	for _, entry := range r.Entries() {
		for _, id := range entry.Operations {
			if !operations[id] {
				t.Errorf("%s: no contract has the operation %s", entry.ID, id)
			}
		}
		for _, name := range entry.Contracts {
			if !slices.Contains(contracts, name+".yaml") {
				t.Errorf("%s: there is no contract %s", entry.ID, name)
			}
		}
	}
}

// schema compiles the layout of the register.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open("../api/register.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("register.schema.json", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("register.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func TestSchema(t *testing.T) {
	t.Parallel()
	compiled := schema(t)
	plain := func() map[string]any {
		data, err := json.Marshal(readYAML(t, "register.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		return value.(map[string]any)
	}
	if err := compiled.Validate(plain()); err != nil {
		t.Fatalf("the register does not fit its schema: %v", err)
	}
	first := func(register map[string]any) map[string]any {
		return register["entries"].([]any)[0].(map[string]any)
	}
	reading := func(register map[string]any) map[string]any {
		return first(register)["readings"].([]any)[0].(map[string]any)
	}
	for name, spoil := range map[string]func(map[string]any){
		"no entries":              func(r map[string]any) { r["entries"] = []any{} },
		"unknown member":          func(r map[string]any) { first(r)["remark"] = "x" },
		"no question":             func(r map[string]any) { delete(first(r), "question") },
		"nothing taken":           func(r map[string]any) { delete(reading(r), "taken"); delete(reading(r), "why") },
		"taken without why":       func(r map[string]any) { delete(reading(r), "why") },
		"taken with overlay":      func(r map[string]any) { reading(r)["overlay"] = "readings/A-01-a.yaml" },
		"probe yet unsettleable":  func(r map[string]any) { first(r)["unsettleable"] = "x" },
		"pointer without a file":  func(r map[string]any) { first(r)["pointers"] = []any{"#/paths"} },
		"contract that is not":    func(r map[string]any) { first(r)["contracts"] = []any{"openapi-v3"} },
		"probe that says nothing": func(r map[string]any) { reading(r)["probe"] = map[string]any{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			register := plain()
			spoil(register)
			if compiled.Validate(register) == nil {
				t.Error("it fits the schema")
			}
		})
	}
}
