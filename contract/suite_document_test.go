package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

const (
	suiteBase   = "http://suite.invalid/root.json"
	suiteRemote = "http://localhost:1234/"
)

// Where schemas stand within schemas.
var (
	schemaKeywords     = []string{"not", "items", "additionalProperties", "contains", "propertyNames", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties"}
	schemaListKeywords = []string{"allOf", "anyOf", "oneOf", "prefixItems"}
	schemaMapKeywords  = []string{"properties", "patternProperties", "dependentSchemas"}
)

// suiteBuild turns one schema into a document. What a schema refers to, by
// pointer, id or anchor, becomes a component, since an OpenAPI document has no
// other place for it.
type suiteBuild struct {
	draft      string
	resources  map[string]any
	bases      map[uintptr]string
	names      map[uintptr]string
	components map[string]any
	// bools are the names of the components of boolean schemas.
	bools map[bool]string
}

// suiteRemotes reads the documents that the suite's schemas refer to.
func suiteRemotes(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	root := filepath.Join(suiteDir, "remotes")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		v, err := decodeExactly(data)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		out[suiteRemote+filepath.ToSlash(name)] = v
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("no documents below %s: %v", root, err)
	}
	return out
}

// suiteDocument is a document whose one operation has the schema for the
// bodies of its request and of its response.
func suiteDocument(draft string, schema json.RawMessage, remotes map[string]any) ([]byte, error) {
	v, err := decodeExactly(schema)
	if err != nil {
		return nil, err
	}
	b := &suiteBuild{
		draft: draft, resources: map[string]any{suiteBase: v}, bases: map[uintptr]string{}, names: map[uintptr]string{},
		components: map[string]any{}, bools: map[bool]string{},
	}
	maps.Copy(b.resources, remotes)
	b.index(v, suiteBase)
	for uri, remote := range remotes {
		b.index(remote, uri)
	}
	root, err := b.component(v)
	if err != nil {
		return nil, err
	}
	return caseDocument(suiteDialects[draft], root, b.components)
}

// caseDocument is the document of one component.
func caseDocument(version, root string, components map[string]any) ([]byte, error) {
	content := map[string]any{"application/json": map[string]any{"schema": map[string]any{"$ref": componentRef(root)}}}
	return encodeExactly(map[string]any{
		"openapi": version,
		"info":    map[string]any{"title": "case", "version": "1"},
		"paths": map[string]any{"/case": map[string]any{"post": map[string]any{
			"operationId": "case",
			"requestBody": map[string]any{"required": true, "content": content},
			"responses":   map[string]any{"200": map[string]any{"description": "ok", "content": content}},
		}}},
		"components": map[string]any{"schemas": components},
	})
}

func componentRef(name string) string { return "#/components/schemas/" + name }

// decodeExactly keeps numbers as they are written.
func decodeExactly(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

func encodeExactly(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(out.Bytes()), err
}

func (b *suiteBuild) idKeyword() string {
	if b.draft == "draft4" {
		return "id"
	}
	return "$id"
}

// index notes the base of every schema, and what can be named by id or anchor.
// What stands in keywords that are not known names nothing.
func (b *suiteBuild) index(v any, base string) {
	raw, ok := v.(map[string]any)
	if !ok {
		return
	}
	if id, ok := raw[b.idKeyword()].(string); ok && (b.draft != "draft4" || raw["$ref"] == nil) {
		base = resolveURI(base, id)
		b.resources[strings.TrimSuffix(base, "#")] = v
	}
	for _, key := range []string{"$anchor", "$dynamicAnchor"} {
		if anchor, ok := raw[key].(string); ok {
			b.resources[resolveURI(base, "#"+anchor)] = v
		}
	}
	b.bases[identity(raw)] = base
	for _, key := range append(schemaKeywords, "contentSchema", "additionalItems") {
		b.index(raw[key], base)
	}
	for _, key := range append(schemaListKeywords, "items") {
		list, _ := raw[key].([]any)
		for _, item := range list {
			b.index(item, base)
		}
	}
	for _, key := range append(schemaMapKeywords, "$defs", "definitions", "dependencies") {
		m, _ := raw[key].(map[string]any)
		for _, item := range m {
			b.index(item, base)
		}
	}
}

// base is that of a schema, the whole document's for one in a keyword that is
// not known.
func (b *suiteBuild) base(raw map[string]any) string {
	if base, ok := b.bases[identity(raw)]; ok {
		return base
	}
	return suiteBase
}

func identity(m map[string]any) uintptr { return reflect.ValueOf(m).Pointer() }

func resolveURI(base, ref string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ref
	}
	r, err := url.Parse(ref)
	if err != nil {
		return ref
	}
	return u.ResolveReference(r).String()
}

// find is what a reference points to.
func (b *suiteBuild) find(base, ref string) (any, error) {
	full := resolveURI(base, ref)
	if v, ok := b.resources[full]; ok {
		return v, nil
	}
	uri, fragment, _ := strings.Cut(full, "#")
	v, ok := b.resources[uri]
	if !ok {
		return nil, fmt.Errorf("reference %q is not resolved", ref)
	}
	fragment, err := url.PathUnescape(fragment)
	if err != nil || fragment == "" {
		return v, err
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(fragment, "/"), "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		switch at := v.(type) {
		case map[string]any:
			v, ok = at[token]
		case []any:
			i, err := strconv.Atoi(token)
			if ok = err == nil && i >= 0 && i < len(at); ok {
				v = at[i]
			}
		default:
			ok = false
		}
		if !ok {
			return nil, fmt.Errorf("reference %q is not resolved", ref)
		}
	}
	return v, nil
}

// component makes a component of a schema and returns its name.
func (b *suiteBuild) component(v any) (string, error) {
	name := fmt.Sprintf("S%d", len(b.components))
	switch v := v.(type) {
	case bool:
		if b.bools[v] == "" {
			b.bools[v] = name
			b.components[name] = v
		}
		return b.bools[v], nil
	case map[string]any:
		if known, ok := b.names[identity(v)]; ok {
			return known, nil
		}
		b.names[identity(v)] = name
		b.components[name] = nil // takes the name
		schema, err := b.rewrite(v)
		b.components[name] = schema
		return name, err
	default:
		return "", fmt.Errorf("%T is no schema", v)
	}
}

// rewrite is a schema with its references led to components.
func (b *suiteBuild) rewrite(v any) (any, error) {
	raw, ok := v.(map[string]any)
	if !ok {
		return v, nil
	}
	out := maps.Clone(raw)
	for _, key := range []string{"$defs", "definitions", "contentSchema", "$anchor", b.idKeyword()} {
		delete(out, key)
	}
	if b.draft == "draft4" {
		asOpenAPI30(out)
	}
	if ref, ok := raw["$ref"].(string); ok {
		target, err := b.find(b.base(raw), ref)
		if err != nil {
			return nil, err
		}
		name, err := b.component(target)
		if err != nil {
			return nil, err
		}
		out["$ref"] = componentRef(name)
	}
	return out, b.rewriteParts(out)
}

// asOpenAPI30 writes a schema the way OpenAPI 3.0 wants it, without changing
// what it means: it has no $comment, ignores what stands beside $ref, and
// demands items beside the type array.
func asOpenAPI30(out map[string]any) {
	delete(out, "$comment")
	if _, ok := out["$ref"].(string); ok {
		maps.DeleteFunc(out, func(key string, _ any) bool { return key != "$ref" })
	}
	if out["type"] == "array" && out["items"] == nil {
		out["items"] = map[string]any{}
	}
}

func (b *suiteBuild) rewriteParts(out map[string]any) (err error) {
	for _, key := range append(schemaKeywords, "additionalItems") {
		if part, ok := out[key]; ok && err == nil {
			out[key], err = b.rewrite(part)
		}
	}
	for _, key := range append(schemaListKeywords, "items") {
		list, ok := out[key].([]any)
		if !ok {
			continue
		}
		parts := make([]any, len(list))
		for i, part := range list {
			if err == nil {
				parts[i], err = b.rewrite(part)
			}
		}
		out[key] = parts
	}
	for _, key := range append(schemaMapKeywords, "dependencies") {
		m, ok := out[key].(map[string]any)
		if !ok {
			continue
		}
		parts := map[string]any{}
		for name, part := range m {
			if err == nil {
				parts[name], err = b.rewrite(part)
			}
		}
		out[key] = parts
	}
	return err
}
