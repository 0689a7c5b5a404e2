package contract

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/form"
)

const (
	// maxParts is the most parts of a multipart body that are looked at.
	maxParts = 1000
	// maxPartName is how much of the name of a part is kept.
	maxPartName = 1 << 10
)

// multipartBody checks multipart bodies whose parts are the properties of an
// object.
type multipartBody struct {
	made  *made
	parts map[string]*part
	// other are the parts that are not declared, where the contract says what
	// those are like; else nil.
	other *part
}

// part is what the contract says of a part.
type part struct {
	shape *form.Shape
	// schema of one such part.
	schema *openapi3.SchemaRef
	// file says that the part's octets are no value of the schema.
	file bool
	// array says that the part may be there several times.
	array bool
	// types are the media types and ranges that it may have; nil for those that
	// follow from its schema.
	types   []string
	headers []*parameter
}

func (c *Contract) newMultipartBody(s *site, source *openapi3.MediaType, up *scope, where string, incoming bool) (*multipartBody, error) {
	m := c.newMade(s, where, incoming)
	b := &multipartBody{made: m, parts: make(map[string]*part)}
	if b.made.shape == nil {
		return b, nil
	}
	shapes := c.newShaper()
	for _, v := range c.schemas.applicable(oneSchema(s.schema)) {
		for _, name := range sortedNames(v.Properties) {
			if b.parts[name] == nil {
				b.parts[name] = shapes.part(v.Properties[name])
			}
		}
		if v.AdditionalProperties.Schema != nil && b.other == nil {
			b.other = shapes.part(v.AdditionalProperties.Schema)
		}
	}
	for _, name := range sortedKeys(source.Encoding) {
		p, encoding := b.parts[name], source.Encoding[name]
		if p == nil || encoding == nil {
			continue
		}
		if err := c.encodePart(p, encoding, up, incoming); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// encodePart takes what an encoding object says of a part.
func (c *Contract) encodePart(p *part, encoding *openapi3.Encoding, up *scope, incoming bool) error {
	for name := range strings.SplitSeq(encoding.ContentType, ",") {
		if name = essence(name); name != "" {
			p.types = append(p.types, name)
		}
	}
	if len(p.types) > 0 && !structured(p.shape) {
		p.file = p.file || !slices.ContainsFunc(p.types, func(name string) bool { return isText(name) || name == "*/*" })
	}
	for _, name := range sortedKeys(encoding.Headers) {
		if strings.EqualFold(name, "Content-Type") || encoding.Headers[name].Value == nil {
			continue // OpenAPI ignores it: contentType says it
		}
		source := encoding.Headers[name].Value.Parameter
		source.Name, source.In = name, openapi3.ParameterInHeader
		h, err := c.compileParameter(&source, encoding.Headers[name].Extensions, up, PartHeader, incoming)
		if err != nil {
			return err
		}
		p.headers = append(p.headers, h)
	}
	return nil
}

// part is what a property's schema says of the part.
func (s *shaper) part(ref *openapi3.SchemaRef) *part {
	p := &part{shape: s.shape(ref), schema: ref}
	if p.shape != nil && p.shape.Array && !p.shape.Text {
		p.array = true
		for _, v := range s.schemas.applicable(oneSchema(ref)) {
			if v.Items != nil {
				p.schema, p.shape = v.Items, s.shape(v.Items)
				break
			}
		}
	}
	for _, v := range s.schemas.applicable(oneSchema(p.schema)) {
		named := v.ContentMediaType != "" && !isText(v.ContentMediaType) && v.ContentEncoding == ""
		p.file = p.file || v.Format == "binary" || named
	}
	return p
}

// takes reports whether the contract lets the part have a media type.
func (p *part) takes(name string) bool {
	kind, _, _ := strings.Cut(name, "/")
	return slices.ContainsFunc(p.types, func(t string) bool { return t == "*/*" || t == name || t == kind+"/*" })
}

func (*multipartBody) accepts([]byte) bool { return false }
