package contract

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	yaml "github.com/oasdiff/yaml3"
)

// spot is an element of a document: its node, and the one that begins it, such
// as the name of the member that it is the value of.
type spot struct {
	file        *file
	start, node *yaml.Node
}

// none reports an element that is not there.
func (s spot) none() bool { return s.node == nil }

// member is the value of a member, none without it.
func (s spot) member(name string) spot {
	node := unaliased(s.node)
	if node == nil || node.Kind != yaml.MappingNode {
		return spot{}
	}
	for key, value := range membersOf(node) {
		if key.Value == name {
			return spot{s.file, key, value}
		}
	}
	return spot{}
}

// item is an item of a list, none without it. It begins with its first member.
func (s spot) item(i int) spot {
	node := unaliased(s.node)
	if node == nil || node.Kind != yaml.SequenceNode || i < 0 || i >= len(node.Content) {
		return spot{}
	}
	start := node.Content[i]
	if inner := unaliased(start); inner.Kind == yaml.MappingNode && len(inner.Content) > 0 {
		start = inner.Content[0]
	}
	return spot{s.file, start, node.Content[i]}
}

// maxHops is how many references may lead to one another.
const maxHops = 64

// follow goes where the element's reference leads, if it is one.
func (s *source) follow(at spot) spot {
	for range maxHops {
		value := at.member("$ref")
		if value.none() || value.node.Kind != yaml.ScalarNode {
			return at
		}
		if at = s.target(at.file, value.node.Value); at.none() {
			return at
		}
	}
	return spot{}
}

// target is the element that a reference leads to.
func (s *source) target(from *file, reference string) spot {
	_, fragment, _ := strings.Cut(reference, "#")
	name, err := from.target(ref{value: reference})
	if err != nil || s.files[name] == nil {
		return spot{}
	}
	to := s.files[name]
	at := spot{to, to.root, to.root}
	if !strings.HasPrefix(fragment, "/") {
		return at
	}
	if decoded, err := url.PathUnescape(fragment); err == nil {
		fragment = decoded
	}
	for _, token := range splitPointer(fragment) {
		at = s.follow(at)
		if i, err := strconv.Atoi(token); err == nil && unaliased(at.node).Kind == yaml.SequenceNode {
			at = at.item(i)
		} else {
			at = at.member(token)
		}
		if at.none() {
			return at
		}
	}
	return at
}

// placer tells the elements of a resolved document where they stand.
type placer struct {
	source *source
	// nodes are those of schemas, for the numbers as they are written.
	nodes map[*openapi3.Schema]*yaml.Node
}

func originAt(at spot) *openapi3.Origin {
	made := &struct {
		origin openapi3.Origin
		key    openapi3.Location
	}{key: openapi3.Location{File: at.file.name, Line: at.start.Line}}
	made.origin.Key = &made.key
	return &made.origin
}

// schema places a schema and all below it.
func (p *placer) schema(ref *openapi3.SchemaRef, at spot) {
	if ref == nil || at.none() {
		return
	}
	v := ref.Value
	if ref.Ref != "" && ref.Origin == nil {
		ref.Origin = originAt(at)
	}
	if v == nil || v.Origin != nil {
		return
	}
	if at = p.source.follow(at); at.none() {
		return
	}
	v.Origin = originAt(at)
	node := unaliased(at.node)
	if node.Kind != yaml.MappingNode {
		return
	}
	p.nodes[v] = node
	p.keywords(v, at.file, node)
	p.below(v, at)
}

// keywords notes the lines of a schema's keywords.
func (p *placer) keywords(v *openapi3.Schema, f *file, node *yaml.Node) {
	fields := make(openapi3.FieldLocations, 0, 4)
	for name, value := range membersOf(node) {
		switch name.Value {
		case "description", "title", "example", "examples", "default", "deprecated", extEvidence, extSensitive:
			continue
		case "required":
			items := unaliased(value)
			lines := make([]openapi3.Location, 0, len(items.Content))
			for _, item := range items.Content {
				lines = append(lines, openapi3.Location{File: f.name, Line: item.Line, Name: item.Value})
			}
			v.Origin.Sequences = map[string][]openapi3.Location{"required": lines}
		}
		fields = append(fields, openapi3.Location{File: f.name, Line: name.Line, Name: name.Value})
	}
	v.Origin.Fields = fields
}

// below places the schemas within a schema.
func (p *placer) below(v *openapi3.Schema, at spot) {
	for name, refs := range map[string]openapi3.SchemaRefs{"allOf": v.AllOf, "anyOf": v.AnyOf, "oneOf": v.OneOf, "prefixItems": v.PrefixItems} {
		if len(refs) == 0 {
			continue
		}
		list := at.member(name)
		for i, ref := range refs {
			p.schema(ref, list.item(i))
		}
	}
	named := func(name string, schemas openapi3.Schemas) {
		if len(schemas) > 0 {
			p.schemas(schemas, at.member(name))
		}
	}
	named("properties", v.Properties)
	named("patternProperties", v.PatternProperties)
	named("dependentSchemas", v.DependentSchemas)
	named("$defs", v.Defs)
	one := func(name string, ref *openapi3.SchemaRef) {
		if ref != nil {
			p.schema(ref, at.member(name))
		}
	}
	one("not", v.Not)
	one("items", v.Items)
	one("additionalProperties", v.AdditionalProperties.Schema)
	one("contains", v.Contains)
	one("propertyNames", v.PropertyNames)
	one("if", v.If)
	one("then", v.Then)
	one("else", v.Else)
	one("unevaluatedItems", v.UnevaluatedItems.Schema)
	one("unevaluatedProperties", v.UnevaluatedProperties.Schema)
	one("contentSchema", v.ContentSchema)
}

// schemas places schemas that have names.
func (p *placer) schemas(schemas openapi3.Schemas, at spot) {
	node := unaliased(at.node)
	if node == nil || node.Kind != yaml.MappingNode {
		return
	}
	for name, value := range membersOf(node) {
		p.schema(schemas[name.Value], spot{at.file, name, value})
	}
}

// literal is the text of a number as the document has it, empty where it is not
// one that JSON would have.
func (p *placer) literal(v *openapi3.Schema, keyword string) string {
	node := p.nodes[v]
	if node == nil {
		return ""
	}
	value := unaliased(child(node, keyword))
	if value == nil || value.Kind != yaml.ScalarNode || !isNumber(value.Value) {
		return ""
	}
	if tag := value.ShortTag(); tag != "!!int" && tag != "!!float" {
		return ""
	}
	return value.Value
}
