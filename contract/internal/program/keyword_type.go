package program

import "github.com/getkin/kin-openapi/openapi3"

// typesOf is the set that the type keyword of one schema permits, nullable
// included.
func (c *compilation) typesOf(s *openapi3.Schema) (types, error) {
	if s.Always != nil {
		if *s.Always {
			return tAny, nil
		}
		return 0, nil
	}
	if s.Type == nil {
		return tAny, nil
	}
	var t types
	for _, name := range *s.Type {
		bits := typeNamed(name)
		if bits == 0 {
			return 0, c.unsupported(s, "type", "type "+name+" is not known")
		}
		t |= bits
	}
	if c.nullable(s) {
		t |= tNull
	}
	return t, nil
}

// nullable reports whether the schema lets null pass whatever else it says,
// which is how documents use nullable beside an enum or an allOf.
func (c *compilation) nullable(s *openapi3.Schema) bool {
	return s.Nullable && c.options.Dialect == OpenAPI30
}

// types compiles the type keywords of a conjunction.
func (c *compilation) types(n *node, elems []elem) error {
	n.types = tAny
	for _, e := range elems {
		t, err := c.typesOf(e.s)
		if err != nil {
			return err
		}
		if e.flags&nullPasses != 0 {
			t |= tNull
		}
		n.types &= t
		if t == tAny {
			continue
		}
		fact := typeFact{types: t}
		if e.s.Always != nil {
			fact.fact = c.fact(e.s, "", KindType)
		} else {
			fact.fact = c.fact(e.s, "type", KindType, t.names()...)
			fact.null = c.fact(e.s, "type", KindNull, t.names()...)
		}
		n.typeFacts = append(n.typeFacts, fact)
	}
	return nil
}
