package program_test

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
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// suiteResolver turns raw schemas of the suite into resolved ones, which in a
// document is the loader's work.
type suiteResolver struct {
	draft   string
	remotes map[string]any
}

const (
	suiteBase  = "http://suite.invalid/root.json"
	remoteBase = "http://localhost:1234/"
)

func newSuiteResolver(t *testing.T, draft string) *suiteResolver {
	t.Helper()
	s := &suiteResolver{draft: draft, remotes: map[string]any{}}
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
		s.remotes[remoteBase+filepath.ToSlash(name)] = v
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// suiteBuild is the work on one schema of the suite.
type suiteBuild struct {
	*suiteResolver
	resources map[string]any
	bases     map[uintptr]string
	built     map[uintptr]*openapi3.Schema
	literals  literals
	// chasing counts references that lead to references.
	chasing int
}

// decodeExactly keeps numbers as they are written.
func decodeExactly(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

// schema resolves one schema of the suite. literals are the numbers of each
// schema as they are written.
func (s *suiteResolver) schema(raw json.RawMessage) (ref *openapi3.SchemaRef, literals literals, err error) {
	v, err := decodeExactly(raw)
	if err != nil {
		return nil, nil, err
	}
	b := &suiteBuild{
		suiteResolver: s, resources: map[string]any{}, bases: map[uintptr]string{},
		built: map[uintptr]*openapi3.Schema{}, literals: map[*openapi3.Schema]map[string]string{},
	}
	b.index(v, suiteBase)
	b.resources[suiteBase] = v
	for uri, remote := range s.remotes {
		b.resources[uri] = remote
		b.index(remote, uri)
	}
	value, err := b.build(v)
	return &openapi3.SchemaRef{Value: value}, b.literals, err
}

// literals are the numbers of schemas by keyword.
type literals map[*openapi3.Schema]map[string]string

func (l literals) text(s *openapi3.Schema, keyword string) string { return l[s][keyword] }

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
		base = resolve(base, id)
		b.resources[strings.TrimSuffix(base, "#")] = v
	}
	for _, key := range []string{"$anchor", "$dynamicAnchor"} {
		if anchor, ok := raw[key].(string); ok {
			b.resources[resolve(base, "#"+anchor)] = v
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

func resolve(base, ref string) string {
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
	full := resolve(base, ref)
	if v, ok := b.resources[full]; ok {
		return v, nil
	}
	uri, fragment, _ := strings.Cut(full, "#")
	v, ok := b.resources[uri]
	if !ok {
		return nil, fmt.Errorf("reference %q is not resolved", ref)
	}
	fragment, err := url.PathUnescape(fragment)
	if err != nil {
		return nil, err
	}
	if fragment == "" {
		return v, nil
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(fragment, "/"), "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		switch at := v.(type) {
		case map[string]any:
			v, ok = at[token]
		case []any:
			var i int
			_, err := fmt.Sscan(token, &i)
			if ok = err == nil && i < len(at); ok {
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

// Where schemas stand within schemas.
var (
	schemaKeywords     = []string{"not", "items", "additionalProperties", "contains", "propertyNames", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties"}
	schemaListKeywords = []string{"allOf", "anyOf", "oneOf", "prefixItems"}
	schemaMapKeywords  = []string{"properties", "patternProperties", "dependentSchemas"}
)

// build makes the schema of a raw one, its parts replaced by references that
// are then resolved.
func (b *suiteBuild) build(v any) (*openapi3.Schema, error) {
	if always, ok := v.(bool); ok {
		return &openapi3.Schema{Always: &always}, nil
	}
	raw, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%T is no schema", v)
	}
	if s, ok := b.built[identity(raw)]; ok {
		return s, nil
	}
	shallow := maps.Clone(raw)
	var parts []any
	hide := func(part any) any {
		if _, ok := part.(map[string]any); !ok {
			if _, ok := part.(bool); !ok {
				return part
			}
		}
		parts = append(parts, part)
		return map[string]any{"$ref": fmt.Sprintf("#/%d", len(parts)-1)}
	}
	for _, key := range schemaKeywords {
		if part, ok := shallow[key]; ok {
			shallow[key] = hide(part)
		}
	}
	for _, key := range schemaListKeywords {
		if list, ok := shallow[key].([]any); ok {
			hidden := make([]any, len(list))
			for i, part := range list {
				hidden[i] = hide(part)
			}
			shallow[key] = hidden
		}
	}
	for _, key := range schemaMapKeywords {
		if m, ok := shallow[key].(map[string]any); ok {
			hidden := map[string]any{}
			for name, part := range m {
				hidden[name] = hide(part)
			}
			shallow[key] = hidden
		}
	}
	for _, key := range []string{"$defs", "definitions", "contentSchema"} {
		delete(shallow, key)
	}
	if ref, ok := shallow["$ref"].(string); ok {
		target, err := b.find(b.base(raw), ref)
		if err != nil {
			return nil, err
		}
		if b.draft == "draft4" || len(shallow) == 1 {
			if b.chasing++; b.chasing > 50 {
				return nil, fmt.Errorf("reference %q leads to itself", ref)
			}
			return b.build(target)
		}
		delete(shallow, "$ref")
		list, _ := shallow["allOf"].([]any)
		shallow["allOf"] = append([]any{hide(target)}, list...)
	}
	b.chasing = 0
	s := &openapi3.Schema{}
	b.built[identity(raw)] = s
	return s, b.fill(s, shallow, parts)
}

// fill decodes a schema whose parts are hidden and brings them back.
func (b *suiteBuild) fill(s *openapi3.Schema, shallow map[string]any, parts []any) error {
	text, err := json.Marshal(shallow)
	if err != nil {
		return err
	}
	var decoded openapi3.SchemaRef
	if err := json.Unmarshal(text, &decoded); err != nil {
		return err
	}
	*s = *decoded.Value
	b.literals[s] = map[string]string{}
	for key, v := range shallow {
		if n, ok := v.(json.Number); ok {
			b.literals[s][key] = n.String()
		}
	}
	if v, ok := shallow["const"]; ok && v == nil {
		// The loader keeps the place of each keyword.
		s.Origin = &openapi3.Origin{Fields: openapi3.FieldLocations{{Name: "const"}}}
	}
	for _, ref := range partsOf(s) {
		if ref == nil || ref.Value != nil {
			continue
		}
		var i int
		if _, err := fmt.Sscanf(ref.Ref, "#/%d", &i); err != nil {
			return err
		}
		if ref.Value, err = b.build(parts[i]); err != nil {
			return err
		}
	}
	return nil
}

// partsOf are the references of a schema.
func partsOf(s *openapi3.Schema) []*openapi3.SchemaRef {
	out := []*openapi3.SchemaRef{
		s.Not, s.Items, s.Contains, s.PropertyNames, s.If, s.Then, s.Else,
		s.AdditionalProperties.Schema, s.UnevaluatedItems.Schema, s.UnevaluatedProperties.Schema,
	}
	for _, list := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf, s.PrefixItems} {
		out = append(out, list...)
	}
	for _, m := range []openapi3.Schemas{s.Properties, s.PatternProperties, s.DependentSchemas} {
		for _, ref := range m {
			out = append(out, ref)
		}
	}
	return out
}
