package ledger

import (
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// bodyFields are the schemas of a field in any media type of a body.
func (b *balance) bodyFields(body place, variant, path string) []place {
	content := b.docs.member(body, "content")
	if body.node == nil || content.node == nil {
		return nil
	}
	var found []place
	members(content.node, func(media string, _ *yaml.Node) {
		schema := b.docs.member(content, media, "schema")
		if variant != "" {
			ref := text(b.docs.member(schema, "discriminator", "mapping").node, variant)
			schema = b.docs.target(schema.file, ref)
		}
		found = append(found, b.fields(schema, path)...)
	})
	return found
}

// fields are the schemas that path leads to.
func (b *balance) fields(schema place, path string) []place {
	current := places(schema)
	for step := range strings.SplitSeq(path, ".") {
		name, lists := step, 0
		for strings.HasSuffix(name, "[]") {
			name, lists = strings.TrimSuffix(name, "[]"), lists+1
		}
		var next []place
		for _, p := range current {
			next = append(next, b.property(p, name, map[*yaml.Node]bool{})...)
		}
		for range lists {
			var items []place
			for _, p := range next {
				items = append(items, places(b.docs.member(p, "items"))...)
			}
			next = items
		}
		current = next
	}
	return current
}

// property are the schemas of a property, in the schema itself and in what it
// is composed of.
func (b *balance) property(schema place, name string, seen map[*yaml.Node]bool) []place {
	schema = b.docs.follow(schema)
	if schema.node == nil || seen[schema.node] {
		return nil
	}
	seen[schema.node] = true
	var found []place
	if p := child(schema.node, "properties"); p != nil {
		if own := child(p, name); own != nil {
			found = append(found, place{schema.file, own})
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if list := child(schema.node, keyword); list != nil {
			for _, part := range list.Content {
				found = append(found, b.property(place{schema.file, part}, name, seen)...)
			}
		}
	}
	return found
}

// allows reports whether an enum of the schema names the value.
func (b *balance) allows(schema place, value string, seen map[*yaml.Node]bool) bool {
	schema = b.docs.follow(schema)
	if schema.node == nil || seen[schema.node] {
		return false
	}
	if seen == nil {
		seen = map[*yaml.Node]bool{}
	}
	seen[schema.node] = true
	if list := child(schema.node, "enum"); list != nil {
		for _, v := range list.Content {
			if v.Value == value {
				return true
			}
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if list := child(schema.node, keyword); list != nil {
			for _, part := range list.Content {
				if b.allows(place{schema.file, part}, value, seen) {
					return true
				}
			}
		}
	}
	return false
}

// parameter is a parameter of the operation, or none.
func (b *balance) parameter(op *Operation, in, name string) place {
	list := b.docs.member(op.at, "parameters")
	if list.node == nil {
		return place{}
	}
	for _, n := range list.node.Content {
		p := b.docs.follow(place{list.file, n})
		if p.node == nil || text(p.node, "in") != in {
			continue
		}
		if own := text(p.node, "name"); own == name || (in == "header" && strings.EqualFold(own, name)) {
			return p
		}
	}
	return place{}
}

// requestHeader is where the contract has a header field of the request: as the
// type of its body, as a credential, or as a parameter.
func (b *balance) requestHeader(op *Operation, field string) []place {
	name, value, _ := strings.Cut(field, ": ")
	if strings.EqualFold(name, "Content-Type") {
		return places(b.docs.member(op.at, "requestBody", "content", value))
	}
	schemes := b.docs.member(place{op.at.file, b.docs[op.at.file]}, "components", "securitySchemes")
	var found []place
	members(schemes.node, func(_ string, scheme *yaml.Node) {
		bearer := text(scheme, "type") == "http" && strings.EqualFold(name, "Authorization")
		key := text(scheme, "in") == "header" && strings.EqualFold(text(scheme, "name"), name)
		if bearer || key {
			found = append(found, place{schemes.file, scheme})
		}
	})
	if len(found) == 0 {
		found = places(b.parameter(op, "header", name))
	}
	return found
}
