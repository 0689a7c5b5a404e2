package contract

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/contract/internal/form"
)

// shaper makes the shapes of schemas. It is used while a document is loaded.
type shaper struct {
	schemas *schemas
	made    map[*openapi3.Schema]*form.Shape
}

func (c *Contract) newShaper() *shaper {
	return &shaper{schemas: c.schemas, made: make(map[*openapi3.Schema]*form.Shape)}
}

// shape says what a value of a schema may be: what the schema and its
// alternatives let it be, together.
func (s *shaper) shape(ref *openapi3.SchemaRef) *form.Shape {
	if ref == nil || ref.Value == nil {
		return nil
	}
	if shape := s.made[ref.Value]; shape != nil {
		return shape
	}
	t := typesOf(ref.Value)
	shape := &form.Shape{
		Text: t.text, Number: t.number || t.integer, Boolean: t.boolean, Array: t.array, Object: t.object,
		Members: make(map[string]*form.Shape),
	}
	s.made[ref.Value] = shape
	for _, v := range s.schemas.applicable(oneSchema(ref)) {
		s.gather(shape, v)
	}
	if t == anyType && len(shape.Members) > 0 {
		shape.Text, shape.Number, shape.Boolean, shape.Object = false, false, false, true
	}
	return shape
}

// gather adds what one of the schemas of a value says of its parts.
func (s *shaper) gather(shape *form.Shape, v *openapi3.Schema) {
	shape.Null = shape.Null || v.Nullable || v.Type != nil && v.Type.Includes("null")
	for _, name := range sortedNames(v.Properties) {
		if known := shape.Members[name]; known == nil || isAny(known) {
			shape.Members[name] = s.shape(v.Properties[name])
		}
	}
	if shape.Items == nil {
		shape.Items = s.shape(v.Items)
	}
	if shape.Other == nil {
		shape.Other = s.shape(v.AdditionalProperties.Schema)
	}
}

// isAny reports a shape that says nothing.
func isAny(s *form.Shape) bool { return s.Text && s.Number && s.Boolean && !s.Array && !s.Object }

// structured reports a shape that only arrays and objects have.
func structured(s *form.Shape) bool {
	return s != nil && (s.Array || s.Object) && !s.Text && !s.Number && !s.Boolean
}
